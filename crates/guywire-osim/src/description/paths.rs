//! Paths: their points and the surfaces that they wrap over.

use super::{Base, Frame, Function, NodeId};
use guywire_math::{Pose, Vec3};

/// A line of pull.
#[derive(Clone, Debug)]
pub struct GeometryPath {
    /// Element.
    pub node: NodeId,
    /// Points, in order.
    pub points: Vec<PathPoint>,
    /// Surfaces that it may wrap over, in order.
    pub wraps: Vec<PathWrap>,
    /// Of a `FunctionBasedPath`, which has no points.
    pub functions: Option<Box<PathFunctions>>,
}

/// Length and moment arms as functions of coordinates.
#[derive(Clone, Debug)]
pub struct PathFunctions {
    /// Names, in the order of the functions' variables.
    pub coordinates: Vec<String>,
    /// m.
    pub length: Function,
    /// One a coordinate; none where they are the derivatives of the length.
    pub moment_arms: Vec<Function>,
}

/// A point of a path.
#[derive(Clone, Debug)]
pub struct PathPoint {
    /// Element.
    pub node: NodeId,
    /// Name.
    pub name: String,
    /// What carries it.
    pub base: Base,
    /// The parent frame's pose on the base; locations below are in this frame.
    pub frame: Pose<f64>,
    /// Its class.
    pub kind: PathPointKind,
}

/// The class of a path point.
#[derive(Clone, Debug)]
pub enum PathPointKind {
    /// Fixed; m.
    Fixed(Vec3<f64>),
    /// Fixed, and there only while a coordinate lies in a range.
    Conditional {
        /// m.
        location: Vec3<f64>,
        /// Name.
        coordinate: String,
        /// rad or m.
        range: [f64; 2],
    },
    /// Each component a function of a coordinate; m.
    Moving {
        /// Names of the coordinates of x, y, z; a component without one is constant at `function(0)`.
        coordinates: [Option<String>; 3],
        /// Functions of x, y, z.
        functions: Box<[Function; 3]>,
    },
}

/// A surface that a path may wrap over.
#[derive(Clone, Debug)]
pub struct PathWrap {
    /// Element.
    pub node: NodeId,
    /// Index into [`GeometryPath::points`] range over which it acts: first and last point, inclusive.
    pub range: [usize; 2],
    /// OpenSim's `method`: hybrid, midpoint or axial.
    pub method: WrapMethod,
    /// The surface.
    pub surface: WrapObject,
}

/// How OpenSim wraps over an ellipsoid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WrapMethod {
    /// `hybrid`.
    Hybrid,
    /// `midpoint`.
    Midpoint,
    /// `axial`.
    Axial,
}

/// A wrap object.
#[derive(Clone, Debug)]
pub struct WrapObject {
    /// Element.
    pub node: NodeId,
    /// Name.
    pub name: String,
    /// Its frame.
    pub frame: Frame,
    /// On which side a path may pass.
    pub quadrant: Quadrant,
    /// Whether it is on.
    pub active: bool,
    /// Its shape.
    pub shape: WrapShape,
}

/// OpenSim's `quadrant`: the half of a wrap object that paths may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quadrant {
    /// Any.
    All,
    /// `x`, `y`, `z`: 0, 1, 2.
    Positive(usize),
    /// `-x`, `-y`, `-z`: 0, 1, 2.
    Negative(usize),
}

/// The shape of a wrap object, in its own frame; m.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum WrapShape {
    /// About z.
    Cylinder {
        /// Radius.
        radius: f64,
        /// Length.
        length: f64,
    },
    /// A ball.
    Sphere {
        /// Radius.
        radius: f64,
    },
    /// Half axes along x, y, z.
    Ellipsoid {
        /// Half axes.
        radii: Vec3<f64>,
    },
    /// A ring about z; paths pass through its hole.
    Torus {
        /// OpenSim's `inner_radius`.
        inner_radius: f64,
        /// OpenSim's `outer_radius`.
        outer_radius: f64,
    },
}
