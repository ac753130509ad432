//! Forces with a control, and forces on coordinates.

use super::Writer;
use crate::description::{ForceKind, NodeId};

impl<'a> Writer<'a> {
    pub(super) fn forces(&mut self) {
        let objects = self.set("ForceSet");
        for force in &self.description.forces {
            let Some(class) = class(&force.kind) else { continue };
            let node = self.object(objects, class, &force.name);
            self.value(node, "appliesForce", force.applies_force);
            match &force.kind {
                ForceKind::Muscle(muscle) => self.muscle(node, muscle),
                kind => self.force(node, kind),
            }
        }
    }

    pub(super) fn control(&mut self, node: NodeId, [least, greatest]: [f64; 2]) {
        self.value(node, "min_control", least);
        self.value(node, "max_control", greatest);
    }

    fn force(&mut self, node: NodeId, kind: &'a ForceKind) {
        match kind {
            ForceKind::CoordinateActuator { coordinate, optimal_force, control } => {
                self.control(node, *control);
                self.value(node, "coordinate", coordinate.as_str());
                self.value(node, "optimal_force", *optimal_force);
            }
            ForceKind::ActivationCoordinateActuator {
                coordinate,
                optimal_force,
                activation_time_constant,
                default_activation,
                control,
            } => {
                self.control(node, *control);
                self.value(node, "coordinate", coordinate.as_str());
                self.value(node, "optimal_force", *optimal_force);
                self.value(node, "activation_time_constant", *activation_time_constant);
                self.value(node, "default_activation", *default_activation);
            }
            ForceKind::PointActuator {
                point,
                point_is_global,
                direction,
                force_is_global,
                optimal_force,
                control,
            } => {
                self.control(node, *control);
                let body = self.base_name(point.base).to_owned();
                self.value(node, "body", body.as_str());
                self.value(node, "point", point.position);
                self.value(node, "point_is_global", *point_is_global);
                self.value(node, "direction", *direction);
                self.value(node, "force_is_global", *force_is_global);
                self.value(node, "optimal_force", *optimal_force);
            }
            ForceKind::TorqueActuator { body_a, body_b, axis, torque_is_global, optimal_force, control } => {
                self.control(node, *control);
                for (property, base) in [("bodyA", body_a), ("bodyB", body_b)] {
                    let body = self.base_name(*base).to_owned();
                    self.value(node, property, body.as_str());
                }
                self.value(node, "torque_is_global", *torque_is_global);
                self.value(node, "axis", *axis);
                self.value(node, "optimal_force", *optimal_force);
            }
            ForceKind::BodyActuator { body, point, point_is_global, spatial_force_is_global } => {
                let path = self.base_path(*body);
                self.value(node, "socket_body", path.as_str());
                self.value(node, "point", *point);
                self.value(node, "point_is_global", *point_is_global);
                self.value(node, "spatial_force_is_global", *spatial_force_is_global);
            }
            ForceKind::PointToPointActuator { first, second, points_are_global, optimal_force, control } => {
                self.control(node, *control);
                for (letter, point) in [("A", first), ("B", second)] {
                    let body = self.base_name(point.base).to_owned();
                    self.value(node, &format!("body{letter}"), body.as_str());
                    self.value(node, &format!("point{letter}"), point.position);
                }
                self.value(node, "points_are_global", *points_are_global);
                self.value(node, "optimal_force", *optimal_force);
            }
            ForceKind::PathActuator { path, optimal_force, control } => {
                self.control(node, *control);
                self.path(node, path);
                self.value(node, "optimal_force", *optimal_force);
            }
            ForceKind::McKibbenActuator { path, number_of_turns, thread_length, cord_length, control } => {
                self.control(node, *control);
                self.path(node, path);
                self.value(node, "number_of_turns", *number_of_turns);
                self.value(node, "thread_length", *thread_length);
                self.value(node, "cord_length", *cord_length);
            }
            ForceKind::ClutchedPathSpring {
                path,
                stiffness,
                dissipation,
                relaxation_time_constant,
                initial_stretch,
                control,
            } => {
                self.control(node, *control);
                self.path(node, path);
                self.value(node, "stiffness", *stiffness);
                self.value(node, "dissipation", *dissipation);
                self.value(node, "relaxation_time_constant", *relaxation_time_constant);
                self.value(node, "initial_stretch", *initial_stretch);
            }
            ForceKind::CoordinateLimitForce { .. }
            | ForceKind::SpringGeneralizedForce { .. }
            | ForceKind::ExpressionBasedCoordinate { .. } => self.coordinate_force(node, kind),
            ForceKind::PrescribedForce { frame, point_is_global, force_is_global, force, point, torque } => {
                let path = self.frame_path(*frame);
                self.value(node, "socket_frame", path.as_str());
                self.value(node, "pointIsGlobal", *point_is_global);
                self.value(node, "forceIsGlobal", *force_is_global);
                self.function_set(node, "forceFunctions", force);
                self.function_set(node, "pointFunctions", point);
                self.function_set(node, "torqueFunctions", torque);
            }
            kind => {
                self.elastic(node, kind);
                self.contact_force(node, kind);
            }
        }
    }

    fn coordinate_force(&mut self, node: NodeId, kind: &ForceKind) {
        match kind {
            ForceKind::CoordinateLimitForce { coordinate, limit } => {
                // The file is in degrees where the coordinate is an angle.
                let unit = if self.is_rotational(coordinate) { std::f64::consts::PI / 180.0 } else { 1.0 };
                self.value(node, "coordinate", coordinate.as_str());
                self.value(node, "upper_stiffness", limit.upper_stiffness * unit);
                self.value(node, "upper_limit", limit.upper_limit / unit);
                self.value(node, "lower_stiffness", limit.lower_stiffness * unit);
                self.value(node, "lower_limit", limit.lower_limit / unit);
                self.value(node, "damping", limit.damping * unit);
                self.value(node, "transition", limit.transition / unit);
            }
            ForceKind::SpringGeneralizedForce { coordinate, stiffness, rest_length, viscosity } => {
                self.value(node, "coordinate", coordinate.as_str());
                self.value(node, "stiffness", *stiffness);
                self.value(node, "rest_length", *rest_length);
                self.value(node, "viscosity", *viscosity);
            }
            ForceKind::ExpressionBasedCoordinate { coordinate, expression } => {
                self.value(node, "coordinate", coordinate.as_str());
                self.value(node, "expression", expression.as_str());
            }
            _ => {}
        }
    }
}

/// Class of a force; none for what was not understood.
fn class(kind: &ForceKind) -> Option<&str> {
    Some(match kind {
        ForceKind::Muscle(muscle) => super::muscles::class(&muscle.kind),
        ForceKind::CoordinateActuator { .. } => "CoordinateActuator",
        ForceKind::ActivationCoordinateActuator { .. } => "ActivationCoordinateActuator",
        ForceKind::PointActuator { .. } => "PointActuator",
        ForceKind::TorqueActuator { .. } => "TorqueActuator",
        ForceKind::BodyActuator { .. } => "BodyActuator",
        ForceKind::PointToPointActuator { .. } => "PointToPointActuator",
        ForceKind::PathActuator { .. } => "PathActuator",
        ForceKind::ClutchedPathSpring { .. } => "ClutchedPathSpring",
        ForceKind::McKibbenActuator { .. } => "McKibbenActuator",
        ForceKind::MeyerFregly2016 { .. } => "MeyerFregly2016Force",
        ForceKind::PathSpring { .. } => "PathSpring",
        ForceKind::Ligament { .. } => "Ligament",
        ForceKind::BlankevoortLigament { .. } => "Blankevoort1991Ligament",
        ForceKind::CoordinateLimitForce { .. } => "CoordinateLimitForce",
        ForceKind::SpringGeneralizedForce { .. } => "SpringGeneralizedForce",
        ForceKind::PointToPointSpring { .. } => "PointToPointSpring",
        ForceKind::Bushing { .. } => "BushingForce",
        ForceKind::FunctionBasedBushing { .. } => "FunctionBasedBushingForce",
        ForceKind::PrescribedForce { .. } => "PrescribedForce",
        ForceKind::HuntCrossley { .. } => "HuntCrossleyForce",
        ForceKind::ElasticFoundation { .. } => "ElasticFoundationForce",
        ForceKind::SmoothSphereHalfSpace { .. } => "SmoothSphereHalfSpaceForce",
        ForceKind::ExpressionBasedCoordinate { .. } => "ExpressionBasedCoordinateForce",
        ForceKind::ExpressionBasedBushing { .. } => "ExpressionBasedBushingForce",
        ForceKind::ExpressionBasedPointToPoint { .. } => "ExpressionBasedPointToPointForce",
        ForceKind::ExpressionBasedPath { .. } => "ExpressionBasedPathForce",
        ForceKind::Unknown { .. } => return None,
    })
}
