//! Contact geometry, contact forces and controllers.

use super::Writer;
use crate::description::{ContactParameters, ContactShape, ForceKind, Function, NodeId};

impl Writer<'_> {
    pub(super) fn contact_geometry(&mut self) {
        let objects = self.set("ContactGeometrySet");
        for geometry in &self.description.contact_geometry {
            let class = match geometry.shape {
                ContactShape::Sphere { .. } => "ContactSphere",
                ContactShape::HalfSpace => "ContactHalfSpace",
                ContactShape::Mesh { .. } => "ContactMesh",
            };
            let node = self.object(objects, class, &geometry.name);
            let path = self.base_path(geometry.frame.base);
            self.value(node, "socket_frame", path.as_str());
            self.pose(node, &geometry.frame.offset, "location", "orientation");
            match &geometry.shape {
                ContactShape::Sphere { radius } => self.value(node, "radius", *radius),
                ContactShape::HalfSpace => {}
                ContactShape::Mesh { file, .. } => self.value(node, "filename", file.as_str()),
            }
        }
    }

    pub(super) fn contact_force(&mut self, node: NodeId, kind: &ForceKind) {
        match kind {
            ForceKind::HuntCrossley { parameters, transition_velocity } => {
                self.contact_parameters(node, "HuntCrossleyForce", parameters);
                self.value(node, "transition_velocity", *transition_velocity);
            }
            ForceKind::ElasticFoundation { parameters, transition_velocity } => {
                self.contact_parameters(node, "ElasticFoundationForce", parameters);
                self.value(node, "transition_velocity", *transition_velocity);
            }
            ForceKind::MeyerFregly2016 {
                station,
                stiffness,
                dissipation,
                spring_resting_length,
                dynamic_friction,
                viscous_friction,
                latch_velocity,
            } => {
                let components = self.child_or_new(node, "components");
                let point = self.object(components, "Station", "station");
                let base = self.base_path(station.base);
                self.value(point, "socket_parent_frame", base.as_str());
                self.value(point, "location", station.position);
                self.value(node, "socket_station", "station");
                self.value(node, "stiffness", *stiffness);
                self.value(node, "dissipation", *dissipation);
                self.value(node, "spring_resting_length", *spring_resting_length);
                self.value(node, "dynamic_friction", *dynamic_friction);
                self.value(node, "viscous_friction", *viscous_friction);
                self.value(node, "latch_velocity", *latch_velocity);
            }
            ForceKind::SmoothSphereHalfSpace { sphere, half_space, properties } => {
                for (socket, name) in [("socket_sphere", sphere), ("socket_half_space", half_space)] {
                    self.value(node, socket, format!("/contactgeometryset/{name}").as_str());
                }
                for (property, value) in [
                    ("stiffness", properties.stiffness),
                    ("dissipation", properties.dissipation),
                    ("static_friction", properties.static_friction),
                    ("dynamic_friction", properties.dynamic_friction),
                    ("viscous_friction", properties.viscous_friction),
                    ("transition_velocity", properties.transition_velocity),
                    ("constant_contact_force", properties.constant_contact_force),
                    ("hertz_smoothing", properties.hertz_smoothing),
                    ("hunt_crossley_smoothing", properties.hunt_crossley_smoothing),
                ] {
                    self.value(node, property, value);
                }
            }
            _ => {}
        }
    }

    fn contact_parameters(&mut self, node: NodeId, class: &str, parameters: &[ContactParameters]) {
        let set = self.object(node, &format!("{class}::ContactParametersSet"), "contact_parameters");
        let objects = self.document.append(set, "objects");
        for entry in parameters {
            let node = self.document.append(objects, &format!("{class}::ContactParameters"));
            self.value(node, "geometry", entry.geometry.join(" ").as_str());
            self.value(node, "stiffness", entry.stiffness);
            self.value(node, "dissipation", entry.dissipation);
            self.value(node, "static_friction", entry.static_friction);
            self.value(node, "dynamic_friction", entry.dynamic_friction);
            self.value(node, "viscous_friction", entry.viscous_friction);
        }
    }

    pub(super) fn controllers(&mut self) {
        let objects = self.set("ControllerSet");
        for controller in &self.description.controllers {
            let node = self.object(objects, "PrescribedController", &controller.name);
            self.value(node, "enabled", controller.enabled);
            let paths: Vec<String> =
                controller.controls.iter().map(|(actuator, _)| format!("/forceset/{actuator}")).collect();
            self.value(node, "socket_actuators", paths.join(" ").as_str());
            let functions: Vec<Function> =
                controller.controls.iter().map(|(_, function)| function.clone()).collect();
            self.function_set(node, "ControlFunctions", &functions);
            if let Some(file) = &controller.controls_file {
                self.value(node, "controls_file", file.as_str());
                self.value(node, "interpolation_method", controller.interpolation_degree as f64);
            }
        }
    }
}
