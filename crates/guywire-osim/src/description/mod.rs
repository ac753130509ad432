//! An OpenSim model as typed values, one type an OpenSim class, in document version 40600.
//!
//! Units are SI and radians, frames are resolved to (body, offset), names are what OpenSim calls things.
//! Every part keeps the [`NodeId`] of its element, so that messages can point at the line and edits (scaling)
//! can change the document that is written again.

mod constraints;
mod contact;
mod forces;
mod functions;
mod joints;
mod muscles;
mod paths;

pub use constraints::{Constraint, ConstraintKind};
pub use contact::{ContactGeometry, ContactParameters, ContactShape, SmoothContact};
pub use forces::{Force, ForceKind};
pub use functions::Function;
pub use joints::{Coordinate, CoordinateMotion, Joint, JointKind, TransformAxis};
pub use muscles::{FiberStart, Muscle, MuscleKind};
pub use paths::{
    GeometryPath, PathFunctions, PathPoint, PathPointKind, PathWrap, Quadrant, WrapMethod, WrapObject,
    WrapShape,
};

use guywire_math::{Pose, Vec3};

/// An element of an [`crate::xml::Document`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub u32);

/// Index of a body in [`Description::bodies`]; ground has no index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Base {
    /// The ground.
    Ground,
    /// A body.
    Body(usize),
}

/// A frame fixed to a body or to ground, all `PhysicalOffsetFrame`s in between multiplied out.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Frame {
    /// What carries it.
    pub base: Base,
    /// Pose in the frame of the base, `X_BF`.
    pub offset: Pose<f64>,
}

/// A point fixed to a body or to ground.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Station {
    /// What carries it.
    pub base: Base,
    /// Position in the frame of the base, m.
    pub position: Vec3<f64>,
}

/// A whole model.
#[derive(Clone, Debug)]
pub struct Description {
    /// Name of the model.
    pub name: String,
    /// Acceleration of free fall in ground, m/s².
    pub gravity: Vec3<f64>,
    /// Bodies but ground, in the order of the BodySet.
    pub bodies: Vec<Body>,
    /// Joints, in the order of the JointSet.
    pub joints: Vec<Joint>,
    /// Constraints, in the order of the ConstraintSet.
    pub constraints: Vec<Constraint>,
    /// Forces, muscles and actuators, in the order of the ForceSet.
    pub forces: Vec<Force>,
    /// Markers.
    pub markers: Vec<Marker>,
    /// Contact geometry.
    pub contact_geometry: Vec<ContactGeometry>,
    /// Controllers with prescribed signals.
    pub controllers: Vec<Controller>,
}

/// A rigid body.
#[derive(Clone, Debug)]
pub struct Body {
    /// Element.
    pub node: NodeId,
    /// Name.
    pub name: String,
    /// kg.
    pub mass: f64,
    /// Centre of mass in the body frame, m.
    pub mass_center: Vec3<f64>,
    /// Inertia about the centre of mass in body axes: xx, yy, zz, xy, xz, yz, kg·m².
    pub inertia: [f64; 6],
    /// Attached meshes and shapes, for drawing.
    pub geometry: Vec<Geometry>,
}

/// A mesh by reference.
#[derive(Clone, Debug)]
pub struct Geometry {
    /// Where it hangs.
    pub frame: Frame,
    /// Mesh file.
    pub file: String,
    /// Scale factors.
    pub scale: Vec3<f64>,
}

/// A marker.
#[derive(Clone, Debug)]
pub struct Marker {
    /// Element.
    pub node: NodeId,
    /// Name.
    pub name: String,
    /// Where.
    pub station: Station,
    /// Whether marker placement leaves it where it is.
    pub fixed: bool,
}

/// A controller that prescribes controls.
#[derive(Clone, Debug)]
pub struct Controller {
    /// Element.
    pub node: NodeId,
    /// Name.
    pub name: String,
    /// Whether it is on.
    pub enabled: bool,
    /// Actuator name and its control by time.
    pub controls: Vec<(String, Function)>,
    /// File of more controls, for actuators that have none above; its name as written.
    pub controls_file: Option<String>,
    /// How the file's rows are joined: 0 by steps, else by splines of this degree.
    pub interpolation_degree: usize,
}
