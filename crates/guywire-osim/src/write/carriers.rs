//! Bodies, their meshes, frames and wrap objects, and markers.

use guywire_math::Pose;

use super::Writer;
use crate::angles::euler_xyz;
use crate::description::{Base, Frame, NodeId, Quadrant, WrapObject, WrapShape};

impl<'a> Writer<'a> {
    pub(super) fn bodies(&mut self) {
        let objects = self.set("BodySet");
        for body in &self.description.bodies {
            let node = self.object(objects, "Body", &body.name);
            self.value(node, "mass", body.mass);
            self.value(node, "mass_center", body.mass_center);
            self.value(node, "inertia", body.inertia);
            self.bodies.push(node);
        }
        for body in &self.description.bodies {
            for (index, geometry) in body.geometry.iter().enumerate() {
                let carrier = self.frame_node(geometry.frame);
                let list = self.child_or_new(carrier, "attached_geometry");
                let mesh = self.object(list, "Mesh", &format!("{}_mesh_{}", body.name, index + 1));
                self.value(mesh, "socket_frame", "..");
                self.value(mesh, "scale_factors", geometry.scale);
                self.value(mesh, "mesh_file", geometry.file.as_str());
            }
        }
    }

    pub(super) fn markers(&mut self) {
        let objects = self.set("MarkerSet");
        for marker in &self.description.markers {
            let node = self.object(objects, "Marker", &marker.name);
            let path = self.base_path(marker.station.base);
            self.value(node, "socket_parent_frame", path.as_str());
            self.value(node, "location", marker.station.position);
            self.value(node, "fixed", marker.fixed);
        }
    }

    /// The path of a frame, which is made if it is not there.
    pub(super) fn frame_path(&mut self, frame: Frame) -> String {
        if frame.offset == Pose::identity() {
            return self.base_path(frame.base);
        }
        if let Some((_, path)) = self.frames.iter().find(|(known, _)| *known == frame) {
            return path.clone();
        }
        let name = format!("{}_frame_{}", self.base_name(frame.base), self.frames.len() + 1);
        let carrier = self.base_node(frame.base);
        let components = self.child_or_new(carrier, "components");
        let node = self.object(components, "PhysicalOffsetFrame", &name);
        self.value(node, "socket_parent", "..");
        self.pose(node, &frame.offset, "translation", "orientation");
        let path = format!("{}/{name}", self.base_path(frame.base));
        self.frames.push((frame, path.clone()));
        path
    }

    pub(super) fn pose(&mut self, node: NodeId, pose: &Pose<f64>, translation: &str, orientation: &str) {
        self.value(node, translation, pose.position);
        self.value(node, orientation, euler_xyz(&pose.rotation));
    }

    /// The name under which a path finds a wrap object, which is written if it is not there.
    pub(super) fn wrap_name(&mut self, wrap: &'a WrapObject) -> String {
        let same = |known: &WrapObject| {
            known.name == wrap.name
                && known.frame == wrap.frame
                && known.shape == wrap.shape
                && (known.quadrant, known.active) == (wrap.quadrant, wrap.active)
        };
        if let Some((_, name)) = self.wraps.iter().find(|(known, _)| same(known)) {
            return name.clone();
        }
        let mut name = wrap.name.clone();
        let mut count = 0;
        while self.wraps.iter().any(|(_, known)| *known == name) {
            count += 1;
            name = format!("{}_{count}", wrap.name);
        }
        self.wrap_object(wrap, &name);
        self.wraps.push((wrap, name.clone()));
        name
    }

    fn wrap_object(&mut self, wrap: &WrapObject, name: &str) {
        let carrier = self.base_node(wrap.frame.base);
        let set = match self.document.child(carrier, "WrapObjectSet") {
            Some(set) => set,
            None => self.object(carrier, "WrapObjectSet", "wrapobjectset"),
        };
        let objects = self.child_or_new(set, "objects");
        let class = match wrap.shape {
            WrapShape::Cylinder { .. } => "WrapCylinder",
            WrapShape::Sphere { .. } => "WrapSphere",
            WrapShape::Ellipsoid { .. } => "WrapEllipsoid",
            WrapShape::Torus { .. } => "WrapTorus",
        };
        let node = self.object(objects, class, name);
        self.value(node, "active", wrap.active);
        self.pose(node, &wrap.frame.offset, "translation", "xyz_body_rotation");
        let letter = |axis: usize| ["x", "y", "z"].get(axis).copied().unwrap_or("z");
        let quadrant = match wrap.quadrant {
            Quadrant::All => "all".to_owned(),
            Quadrant::Positive(axis) => letter(axis).to_owned(),
            Quadrant::Negative(axis) => format!("-{}", letter(axis)),
        };
        self.value(node, "quadrant", quadrant.as_str());
        match wrap.shape {
            WrapShape::Cylinder { radius, length } => {
                self.value(node, "radius", radius);
                self.value(node, "length", length);
            }
            WrapShape::Sphere { radius } => self.value(node, "radius", radius),
            WrapShape::Ellipsoid { radii } => self.value(node, "dimensions", radii),
            WrapShape::Torus { inner_radius, outer_radius } => {
                self.value(node, "inner_radius", inner_radius);
                self.value(node, "outer_radius", outer_radius);
            }
        }
    }

    fn base_node(&self, base: Base) -> NodeId {
        match base {
            Base::Ground => self.ground,
            Base::Body(index) => self.bodies.get(index).copied().unwrap_or(self.ground),
        }
    }

    /// The element of a frame: the body itself, or an offset frame.
    fn frame_node(&mut self, frame: Frame) -> NodeId {
        let path = self.frame_path(frame);
        let base = self.base_node(frame.base);
        let name = path.rsplit('/').next().unwrap_or_default();
        let components = self.document.child(base, "components");
        let of_name = components.and_then(|components| {
            let mut frames = self.document.children(components);
            frames.find(|&frame| self.document.attribute(frame, "name") == Some(name))
        });
        of_name.unwrap_or(base)
    }

    pub(super) fn child_or_new(&mut self, node: NodeId, name: &str) -> NodeId {
        match self.document.child(node, name) {
            Some(child) => child,
            None => self.document.append(node, name),
        }
    }
}
