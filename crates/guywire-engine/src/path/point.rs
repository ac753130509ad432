//! Points of a path: fixed to a body, there only while a coordinate lies in a range, or moved by coordinates.

use crate::Kinematics;
use guywire_math::{Function, Real, Vec3};

/// How far outside its range the coordinate of a conditional point may lie; OpenSim's own number.
const PRESENCE_SLACK: f64 = 1e-5;

/// A point of a path.
#[derive(Clone, Debug)]
pub struct PathPoint {
    /// Index of the body.
    pub body: usize,
    /// Position in the body frame, m; for a moving point the position that its motion is measured from.
    pub position: Vec3<f64>,
    /// When the point is on the path; always if none.
    pub presence: Option<Presence>,
    /// How coordinates move the point: along x, y, z of the body or of other axes.
    pub motion: Vec<Component>,
}

/// A range of a coordinate, its ends included.
#[derive(Clone, Copy, Debug)]
pub struct Presence {
    /// Index of the coordinate (of all coordinates of the model).
    pub coordinate: usize,
    /// rad or m.
    pub range: [f64; 2],
}

/// A displacement of a point along an axis.
#[derive(Clone, Debug)]
pub struct Component {
    /// Direction in the body frame.
    pub axis: Vec3<f64>,
    /// Index of the coordinate (of all coordinates of the model).
    pub coordinate: usize,
    /// Displacement (m) as a function of the coordinate.
    pub function: Function,
    /// The function sees the coordinate clamped to this range, as in OpenSim; rad or m.
    pub range: [f64; 2],
}

impl PathPoint {
    /// A point fixed to a body.
    pub fn fixed(body: usize, position: Vec3<f64>) -> Self {
        Self { body, position, presence: None, motion: Vec::new() }
    }

    /// Whether the point never moves in its body and is always there.
    pub(super) fn is_plain(&self) -> bool {
        self.presence.is_none() && self.motion.is_empty()
    }

    /// Whether the point is on the path at a pose.
    pub fn is_present<T: Real>(&self, kinematics: &Kinematics<T>) -> bool {
        self.presence.is_none_or(|p| {
            let value = kinematics.coordinates[p.coordinate].value();
            value >= p.range[0] - PRESENCE_SLACK && value <= p.range[1] + PRESENCE_SLACK
        })
    }

    /// Position in ground, m.
    #[inline]
    pub fn in_ground<T: Real>(&self, kinematics: &Kinematics<T>) -> Vec3<T> {
        let mut position = self.position.lift();
        for component in &self.motion {
            let x = component.clamped(kinematics.coordinates[component.coordinate]);
            position += component.axis.lift().scaled(component.function.at(x));
        }
        kinematics.bodies[self.body].point(position)
    }
}

impl Component {
    fn clamped<T: Real>(&self, x: T) -> T {
        if x.value() < self.range[0] {
            T::lift(self.range[0])
        } else if x.value() > self.range[1] {
            T::lift(self.range[1])
        } else {
            x
        }
    }

    /// Displacement in m per unit of the coordinate; zero where the coordinate is clamped.
    pub fn slope<T: Real>(&self, kinematics: &Kinematics<T>) -> T {
        let x = kinematics.coordinates[self.coordinate];
        if (self.range[0]..=self.range[1]).contains(&x.value()) {
            self.function.slope_at(x)
        } else {
            T::zero()
        }
    }
}
