//! Constraints.

use super::{Base, Frame, Function, NodeId, Station};
use guywire_math::Vec3;

/// A constraint between coordinates or frames.
#[derive(Clone, Debug)]
pub struct Constraint {
    /// Element.
    pub node: NodeId,
    /// Name.
    pub name: String,
    /// Whether it is on.
    pub enforced: bool,
    /// Its class.
    pub kind: ConstraintKind,
}

/// The class of a constraint.
#[derive(Clone, Debug)]
pub enum ConstraintKind {
    /// `dependent = scale · function(independent…)`.
    CoordinateCoupler {
        /// Names.
        independent: Vec<String>,
        /// Name.
        dependent: String,
        /// Of the independent coordinates.
        function: Function,
        /// Factor of the function.
        scale: f64,
    },
    /// Two frames coincide.
    Weld {
        /// First frame.
        first: Frame,
        /// Second frame.
        second: Frame,
    },
    /// Two points coincide.
    Point {
        /// First point.
        first: Station,
        /// Second point.
        second: Station,
    },
    /// Two points keep their distance.
    ConstantDistance {
        /// First point.
        first: Station,
        /// Second point.
        second: Station,
        /// m.
        distance: f64,
    },
    /// A point of a follower body stays on a line of another.
    PointOnLine {
        /// A point of the line.
        line: Station,
        /// Direction of the line in the frame of its base.
        direction: Vec3<f64>,
        /// The point.
        follower: Station,
    },
    /// A body rolls on another without slipping (OpenSim's `RollingOnSurfaceConstraint`).
    ///
    /// OpenSim asks for four things: the rolling body's origin lies in the plane; its z axis stays
    /// perpendicular to the surface body's x axis; at the surface body's origin the two bodies do not slip
    /// along the surface body's x and z axes.
    RollingOnSurface {
        /// The body that rolls.
        rolling: Base,
        /// The body with the surface.
        surface: Base,
        /// Normal of the plane in the frame of the surface's body.
        normal: Vec3<f64>,
        /// Height of the plane above that frame's origin along the normal, m.
        height: f64,
    },
}
