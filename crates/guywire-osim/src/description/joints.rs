//! Joints, their coordinates and how the coordinates move them.

use super::{Frame, Function, NodeId};
use guywire_math::Vec3;

/// A scalar that moves a joint.
#[derive(Clone, Debug)]
pub struct Coordinate {
    /// Element.
    pub node: NodeId,
    /// Name.
    pub name: String,
    /// rad or m.
    pub default_value: f64,
    /// rad/s or m/s.
    pub default_speed: f64,
    /// rad or m.
    pub range: [f64; 2],
    /// Kept within its range by the inverse kinematics.
    pub clamped: bool,
    /// Kept at its default value.
    pub locked: bool,
    /// Moved by `prescribed_function` of time.
    pub prescribed: bool,
    /// Value (rad, m) as a function of time (s).
    pub prescribed_function: Option<Function>,
    /// Whether constraints may move it when the user sets it.
    pub is_free_to_satisfy_constraints: bool,
}

/// A joint between two frames.
#[derive(Clone, Debug)]
pub struct Joint {
    /// Element.
    pub node: NodeId,
    /// Name.
    pub name: String,
    /// Frame on the parent.
    pub parent: Frame,
    /// Frame on the child.
    pub child: Frame,
    /// Name of that frame in the file, which OpenSim's tools put into names of columns.
    pub child_frame: String,
    /// Coordinates, in the order of the element.
    pub coordinates: Vec<Coordinate>,
    /// What moves how.
    pub kind: JointKind,
}

/// What a coordinate measures; OpenSim's motion type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CoordinateMotion {
    /// An angle: rad, in files in degrees where they say so.
    Rotational,
    /// A distance, m.
    Translational,
    /// Neither: it moves axes by functions only, and files give its values as they are.
    Coupled,
}

impl Joint {
    /// What the joint's coordinate `index` measures. In a custom joint the last axis that it moves with slope
    /// 1 or −1 decides, as in OpenSim.
    pub fn motion(&self, index: usize) -> CoordinateMotion {
        let angles = match &self.kind {
            JointKind::Weld | JointKind::Slider => 0,
            JointKind::Pin | JointKind::Planar => 1,
            JointKind::Universal => 2,
            JointKind::Scapulothoracic { .. } => 4,
            JointKind::Custom(axes) => {
                let Some(coordinate) = self.coordinates.get(index) else {
                    return CoordinateMotion::Coupled;
                };
                let pure = axes.iter().rposition(|axis| {
                    let slope = match &axis.function {
                        Function::Linear(coefficients) => coefficients.first().copied(),
                        _ => None,
                    };
                    axis.coordinates.contains(&coordinate.name) && slope.is_some_and(|s| s.abs() == 1.0)
                });
                return match pure {
                    Some(0..3) => CoordinateMotion::Rotational,
                    Some(_) => CoordinateMotion::Translational,
                    None => CoordinateMotion::Coupled,
                };
            }
            _ => 3,
        };
        if index < angles { CoordinateMotion::Rotational } else { CoordinateMotion::Translational }
    }
}

/// The class of a joint; coordinates are in the order of OpenSim's class.
#[derive(Clone, Debug)]
pub enum JointKind {
    /// No motion.
    Weld,
    /// Rotation about z.
    Pin,
    /// Translation along x.
    Slider,
    /// Rotations about x, then y.
    Universal,
    /// Body-fixed rotations about x, y, z; speeds are the rates.
    Gimbal,
    /// Body-fixed X-Y-Z angles; speeds are the angular velocity in the parent frame.
    Ball,
    /// As a ball joint, and translations along the parent frame's axes.
    Free,
    /// Rotation about z, translations along x, y.
    Planar,
    /// Ball that slides on an ellipsoid.
    Ellipsoid {
        /// Half axes, m.
        radii: Vec3<f64>,
    },
    /// An arc of constant curvature: a piece of spine.
    ConstantCurvature {
        /// Angles about x, z, y at zero, rad.
        neutral_angle: Vec3<f64>,
        /// m.
        length: f64,
    },
    /// The scapula on the thorax (Seth et al. 2016, PLoS ONE 11:e0141028).
    Scapulothoracic {
        /// Half axes of the thorax ellipsoid, m.
        radii: Vec3<f64>,
        /// Origin of the winging axis in the joint frame on the child (x, y), m.
        winging_axis_origin: [f64; 2],
        /// Direction of the winging axis, rad.
        winging_axis_direction: f64,
    },
    /// Six axes: rotations 1 to 3, translations 1 to 3.
    Custom(Box<[TransformAxis; 6]>),
}

/// One axis of a custom joint.
#[derive(Clone, Debug)]
pub struct TransformAxis {
    /// Element.
    pub node: NodeId,
    /// Direction, as in the file.
    pub axis: Vec3<f64>,
    /// Coordinates by name; none or one for most functions.
    pub coordinates: Vec<String>,
    /// Angle (rad) or distance (m).
    pub function: Function,
}
