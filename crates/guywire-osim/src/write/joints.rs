//! Joints, coordinates and constraints.

use guywire_math::Pose;

use super::Writer;
use crate::description::{
    ConstraintKind, Coordinate, CoordinateMotion, Frame, JointKind, NodeId, Station, TransformAxis,
};

/// One side of a joint.
struct Side<'a> {
    name: &'static str,
    frame: Frame,
    /// Name that the frame has in files.
    label: &'a str,
}

impl Writer<'_> {
    pub(super) fn joints(&mut self) {
        let objects = self.set("JointSet");
        for joint in &self.description.joints {
            let node = self.object(objects, class(&joint.kind), &joint.name);
            let parent = Side { name: "parent", frame: joint.parent, label: "" };
            let child = Side { name: "child", frame: joint.child, label: &joint.child_frame };
            let mut labels = [self.frame_label(&parent), self.frame_label(&child)];
            if labels[0] == labels[1] {
                labels[0] = labels[0].take().map(|label| format!("{label}_parent"));
            }
            for (side, label) in [&parent, &child].into_iter().zip(&labels) {
                let path = label.clone().unwrap_or_else(|| self.base_path(side.frame.base));
                self.value(node, &format!("socket_{}_frame", side.name), path.as_str());
            }
            if !joint.coordinates.is_empty() {
                let list = self.document.append(node, "coordinates");
                for coordinate in &joint.coordinates {
                    self.coordinate(list, coordinate);
                }
            }
            for (side, label) in [&parent, &child].into_iter().zip(&labels) {
                let Some(label) = label else { continue };
                let list = self.child_or_new(node, "frames");
                let offset = self.object(list, "PhysicalOffsetFrame", label);
                let path = self.base_path(side.frame.base);
                self.value(offset, "socket_parent", path.as_str());
                self.pose(offset, &side.frame.offset, "translation", "orientation");
            }
            self.joint_kind(node, &joint.kind);
        }
    }

    /// Name of the offset frame of a joint's side; none where the body itself is meant.
    fn frame_label(&self, side: &Side) -> Option<String> {
        let base = self.base_name(side.frame.base);
        if side.label == base && side.frame.offset == Pose::identity() {
            return None;
        }
        // A frame cannot share its name with what stands beside it.
        let is_free = !side.label.is_empty() && side.label != base;
        Some(if is_free { side.label.to_owned() } else { format!("{base}_offset") })
    }

    fn coordinate(&mut self, list: NodeId, coordinate: &Coordinate) {
        let node = self.object(list, "Coordinate", &coordinate.name);
        self.value(node, "default_value", coordinate.default_value);
        self.value(node, "default_speed_value", coordinate.default_speed);
        self.value(node, "range", coordinate.range);
        self.value(node, "clamped", coordinate.clamped);
        self.value(node, "locked", coordinate.locked);
        if let Some(function) = &coordinate.prescribed_function {
            self.function_property(node, "prescribed_function", function);
        }
        self.value(node, "prescribed", coordinate.prescribed);
        self.value(node, "is_free_to_satisfy_constraints", coordinate.is_free_to_satisfy_constraints);
    }

    fn joint_kind(&mut self, node: NodeId, kind: &JointKind) {
        match kind {
            JointKind::Ellipsoid { radii } => self.value(node, "radii_x_y_z", *radii),
            JointKind::ConstantCurvature { neutral_angle, length } => {
                self.value(node, "neutral_angle_x_z_y", *neutral_angle);
                self.value(node, "length", *length);
            }
            JointKind::Scapulothoracic { radii, winging_axis_origin, winging_axis_direction } => {
                self.value(node, "thoracic_ellipsoid_radii_x_y_z", *radii);
                self.value(node, "scapula_winging_axis_origin", *winging_axis_origin);
                self.value(node, "scapula_winging_axis_direction", *winging_axis_direction);
            }
            JointKind::Custom(axes) => {
                let transform = self.document.append(node, "SpatialTransform");
                let names =
                    ["rotation1", "rotation2", "rotation3", "translation1", "translation2", "translation3"];
                for (axis, name) in axes.iter().zip(names) {
                    self.transform_axis(transform, axis, name);
                }
            }
            _ => {}
        }
    }

    fn transform_axis(&mut self, transform: NodeId, axis: &TransformAxis, name: &str) {
        let node = self.object(transform, "TransformAxis", name);
        let names = axis.coordinates.join(" ");
        self.value(node, "coordinates", names.as_str());
        self.value(node, "axis", axis.axis);
        self.named_function(node, "function", &axis.function);
    }

    /// The path of a coordinate.
    pub(super) fn coordinate_path(&self, name: &str) -> String {
        let has = |joint: &&crate::description::Joint| joint.coordinates.iter().any(|c| c.name == name);
        match self.description.joints.iter().find(has) {
            Some(joint) => format!("/jointset/{}/{name}", joint.name),
            None => name.to_owned(),
        }
    }

    /// Whether a coordinate is an angle.
    pub(super) fn is_rotational(&self, name: &str) -> bool {
        self.description.joints.iter().any(|joint| {
            let index = joint.coordinates.iter().position(|coordinate| coordinate.name == name);
            index.is_some_and(|index| joint.motion(index) == CoordinateMotion::Rotational)
        })
    }

    pub(super) fn constraints(&mut self) {
        let objects = self.set("ConstraintSet");
        for constraint in &self.description.constraints {
            let class = match constraint.kind {
                ConstraintKind::CoordinateCoupler { .. } => "CoordinateCouplerConstraint",
                ConstraintKind::Weld { .. } => "WeldConstraint",
                ConstraintKind::Point { .. } => "PointConstraint",
                ConstraintKind::ConstantDistance { .. } => "ConstantDistanceConstraint",
                ConstraintKind::PointOnLine { .. } => "PointOnLineConstraint",
                ConstraintKind::RollingOnSurface { .. } => "RollingOnSurfaceConstraint",
            };
            let node = self.object(objects, class, &constraint.name);
            self.value(node, "isEnforced", constraint.enforced);
            self.constraint_kind(node, &constraint.kind);
        }
    }

    fn constraint_kind(&mut self, node: NodeId, kind: &ConstraintKind) {
        match kind {
            ConstraintKind::CoordinateCoupler { independent, dependent, function, scale } => {
                self.function_property(node, "coupled_coordinates_function", function);
                self.value(node, "independent_coordinate_names", independent.join(" ").as_str());
                self.value(node, "dependent_coordinate_name", dependent.as_str());
                self.value(node, "scale_factor", *scale);
            }
            ConstraintKind::Weld { first, second } => self.two_frames(node, *first, *second),
            ConstraintKind::Point { first, second } => self.two_points(node, first, second),
            ConstraintKind::ConstantDistance { first, second, distance } => {
                self.two_points(node, first, second);
                self.value(node, "constant_distance", *distance);
            }
            ConstraintKind::PointOnLine { line, direction, follower } => {
                self.base_socket(node, "line_body", line);
                self.base_socket(node, "follower_body", follower);
                self.value(node, "line_direction_vec", *direction);
                self.value(node, "point_on_line", line.position);
                self.value(node, "point_on_follower", follower.position);
            }
            ConstraintKind::RollingOnSurface { rolling, surface, normal, height } => {
                let path = self.base_path(*rolling);
                self.value(node, "socket_rolling_body", path.as_str());
                let path = self.base_path(*surface);
                self.value(node, "socket_surface_body", path.as_str());
                self.value(node, "surface_normal", *normal);
                self.value(node, "surface_height", *height);
            }
        }
    }

    pub(super) fn two_frames(&mut self, node: NodeId, first: Frame, second: Frame) {
        for (socket, frame) in [("socket_frame1", first), ("socket_frame2", second)] {
            let path = self.frame_path(frame);
            self.value(node, socket, path.as_str());
        }
    }

    fn two_points(&mut self, node: NodeId, first: &Station, second: &Station) {
        for (side, point) in [("1", first), ("2", second)] {
            self.base_socket(node, &format!("body_{side}"), point);
            self.value(node, &format!("location_body_{side}"), point.position);
        }
    }

    pub(super) fn base_socket(&mut self, node: NodeId, socket: &str, point: &Station) {
        let path = self.base_path(point.base);
        self.value(node, &format!("socket_{socket}"), path.as_str());
    }
}

fn class(kind: &JointKind) -> &'static str {
    match kind {
        JointKind::Weld => "WeldJoint",
        JointKind::Pin => "PinJoint",
        JointKind::Slider => "SliderJoint",
        JointKind::Universal => "UniversalJoint",
        JointKind::Gimbal => "GimbalJoint",
        JointKind::Ball => "BallJoint",
        JointKind::Free => "FreeJoint",
        JointKind::Planar => "PlanarJoint",
        JointKind::Ellipsoid { .. } => "EllipsoidJoint",
        JointKind::ConstantCurvature { .. } => "ConstantCurvatureJoint",
        JointKind::Scapulothoracic { .. } => "ScapulothoracicJoint",
        JointKind::Custom(_) => "CustomJoint",
    }
}
