//! A position as data: what touches what, what is held, what pulls, and what the person tries to do.
//! It says nothing about the pose itself beyond that; the pose is solved.

use guywire_math::Vec3;

/// A point (or ball) of a body that may press on a plane.
#[derive(Clone, Debug)]
pub struct Contact {
    /// Which support it belongs to (index into [`Task::supports`]).
    pub support: usize,
    /// Body that touches.
    pub body: usize,
    /// Centre of the ball in the body frame, m.
    pub center: Vec3<f64>,
    /// Radius of the ball; 0 for a point. The ball rolls; friction acts through its centre, as soft
    /// tissue passes it on, so that the force has a potential.
    pub radius: f64,
    /// Friction coefficient.
    pub friction: f64,
    /// Whether the point must touch the plane (a geometric condition on the pose) or lies on something
    /// that gives way, so that it may carry load at any height.
    pub touching: bool,
}

/// A flat support.
#[derive(Clone, Debug)]
pub struct Support {
    /// Name, such as `floor`.
    pub name: String,
    /// Unit normal towards the body, in ground.
    pub normal: Vec3<f64>,
    /// The plane is `normal · p = offset`, m.
    pub offset: f64,
}

/// A force that does not depend on the person's effort.
#[derive(Clone, Debug)]
pub enum Load {
    /// A constant force in ground on a point of a body, N.
    Force {
        /// Name, such as `20 kg in the hands`.
        name: String,
        /// Body.
        body: usize,
        /// Point in the body frame, m.
        point: Vec3<f64>,
        /// Force in ground, N.
        force: Vec3<f64>,
    },
    /// Two points pushed apart along their line, as abdominal pressure does, N.
    Push {
        /// Name.
        name: String,
        /// First body and point.
        from: (usize, Vec3<f64>),
        /// Second body and point.
        to: (usize, Vec3<f64>),
        /// Force, N.
        force: f64,
    },
}

/// A condition that the pose meets exactly.
#[derive(Clone, Debug)]
pub enum Condition {
    /// A degree of freedom has a value.
    Degree {
        /// Index in `q`.
        degree: usize,
        /// Value, rad or m.
        value: f64,
    },
    /// A degree of freedom is so many times another: a back that bends evenly. Nothing but muscles and tissue
    /// holds either of them.
    Ratio {
        /// Index in `q`.
        degree: usize,
        /// Index in `q` of the other.
        of: usize,
        /// How many times.
        factor: f64,
    },
    /// A point of a body lies on the plane `normal · p = offset`.
    OnPlane {
        /// Body.
        body: usize,
        /// Point in the body frame, m.
        point: Vec3<f64>,
        /// Unit normal in ground.
        normal: Vec3<f64>,
        /// Offset, m.
        offset: f64,
    },
    /// A body leans forward by an angle in the sagittal plane.
    Inclination {
        /// Body.
        body: usize,
        /// Direction in the body frame that points up when the body is upright.
        up: Vec3<f64>,
        /// Forward inclination, rad.
        angle: f64,
    },
}

/// A body that the person keeps near an orientation.
#[derive(Clone, Debug)]
pub struct Aim {
    /// Body.
    pub body: usize,
    /// Direction in the body frame that points up when the body is upright.
    pub up: Vec3<f64>,
    /// Direction in the body frame that points to the right.
    pub right: Vec3<f64>,
    /// Wanted forward inclination, rad; none leaves it free.
    pub inclination: Option<f64>,
    /// Forward inclination beyond the wanted that costs nothing, rad.
    pub band: f64,
    /// Cost per rad².
    pub weight: f64,
}

/// A position.
#[derive(Clone, Debug)]
pub struct Task {
    /// Name, for messages.
    pub name: String,
    /// Gravity in ground, m/s².
    pub gravity: Vec3<f64>,
    /// Supports.
    pub supports: Vec<Support>,
    /// Possible contacts.
    pub contacts: Vec<Contact>,
    /// Loads.
    pub loads: Vec<Load>,
    /// Conditions on the pose.
    pub conditions: Vec<Condition>,
    /// Aims.
    pub aims: Vec<Aim>,
    /// Pose to start from.
    pub start: Vec<f64>,
}
