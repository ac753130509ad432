//! Forces other than muscles: springs, stops, bushings, ligaments, ideal actuators, contact.
//!
//! A force acts in one of three ways: along a coordinate (N or N·m, positive along it), as wrenches on bodies, or as
//! tension along a path. [`Applied`] gathers all three; formulas are generic over [`Real`], so that the search for a
//! posture gets exact derivatives. Laws, signs and units are those of OpenSim 4.6 and Simbody 3.8 (see each module).

mod bushing;
pub mod contact;
mod coordinate;
mod elastic;
pub mod elastic_foundation;
pub mod expression;
pub mod mesh;
mod path_force;
mod point;
mod record;

pub use bushing::{Bushing, BushingLaw, deflection};
pub use coordinate::{CoordinateLaw, CoordinateLimit};
pub use elastic::{Elastic, ElasticMemory};
pub use expression::{Expression, ExpressionError};
pub use path_force::PathLaw;
pub use point::{PointLaw, Prescribed, Sole};

use crate::kinematics::Motion;
use contact::{HuntCrossley, SmoothSphereHalfSpace};
use elastic_foundation::ElasticFoundation;
use guywire_math::{Pose, Real, Vec3, Wrench};

/// A frame fixed to a body of the engine's model (0 is ground).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Site {
    /// Index of the body.
    pub body: usize,
    /// Pose in the body frame.
    pub offset: Pose<f64>,
}

/// A point fixed to a body of the engine's model (0 is ground).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// Index of the body.
    pub body: usize,
    /// In the body frame, m.
    pub position: Vec3<f64>,
}

/// What a force may depend on, at one moment.
#[derive(Clone, Copy, Debug)]
pub struct Moment<'a, T> {
    /// s.
    pub time: f64,
    /// Values of all coordinates of the model, rad or m.
    pub coordinates: &'a [T],
    /// Their speeds as OpenSim counts them: rates, but for ball and free joints components of angular velocity.
    pub speeds: &'a [T],
    /// Poses of the bodies in ground.
    pub bodies: &'a [Pose<T>],
    /// Velocities of the bodies, taken at the ground origin.
    pub velocities: &'a [Motion<T>],
    /// Lengths of the paths, m.
    pub path_lengths: &'a [T],
    /// Their lengthening speeds, m/s.
    pub path_speeds: &'a [T],
    /// Controls of the actuators.
    pub controls: &'a [f64],
    /// States of the forces that have one.
    pub states: &'a [f64],
}

/// What forces do; reused from moment to moment.
#[derive(Clone, Debug)]
pub struct Applied<T> {
    /// Along each coordinate of the model, N or N·m; as [`Moment::speeds`] counts.
    pub coordinates: Vec<T>,
    /// On each body, about the ground origin.
    pub bodies: Vec<Wrench<T>>,
    /// Along each path, N; positive shortens it.
    pub tensions: Vec<T>,
}

impl<T: Real> Applied<T> {
    /// Nothing, for a model with so many coordinates, bodies (with ground) and paths.
    pub fn new(coordinates: usize, bodies: usize, paths: usize) -> Self {
        Self {
            coordinates: vec![T::zero(); coordinates],
            bodies: vec![Wrench::zero(); bodies],
            tensions: vec![T::zero(); paths],
        }
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        self.coordinates.fill(T::zero());
        self.bodies.fill(Wrench::zero());
        self.tensions.fill(T::zero());
    }

    /// A force through a point in ground on one body, and its opposite on another.
    #[inline]
    fn pair(&mut self, [first, second]: [usize; 2], point: Vec3<T>, force: Vec3<T>) {
        let wrench = Wrench::at(point, force);
        self.bodies[first] += wrench;
        self.bodies[second] += -wrench;
    }
}

/// A force of any class but muscles.
#[derive(Clone, Debug)]
pub struct Force {
    /// Name.
    pub name: String,
    /// Where the caller has it from, for messages.
    pub source: usize,
    /// Whether it is switched on; [`Force::apply`] does not ask.
    pub applies: bool,
    /// What it does.
    pub law: ForceLaw,
}

/// Where a force acts, and its law.
#[derive(Clone, Debug)]
pub enum ForceLaw {
    /// Along a coordinate.
    Coordinate {
        /// Index of the coordinate.
        coordinate: usize,
        /// The law.
        law: CoordinateLaw,
    },
    /// Between two frames.
    Bushing(Box<Bushing>),
    /// Along a path.
    Path {
        /// Index of the path.
        path: usize,
        /// The law.
        law: PathLaw,
    },
    /// At points of bodies.
    Point(Box<PointLaw>),
    /// Contact of spheres and half spaces.
    HuntCrossley(Box<HuntCrossley>),
    /// Contact of a sphere and a half space that is smooth everywhere.
    SmoothSphereHalfSpace(Box<SmoothSphereHalfSpace>),
    /// Contact of meshes.
    ElasticFoundation(Box<ElasticFoundation>),
}

impl Force {
    /// Adds what the force does.
    pub fn apply<T: Real>(&self, moment: &Moment<'_, T>, applied: &mut Applied<T>) {
        match &self.law {
            ForceLaw::Coordinate { coordinate: i, law } => {
                applied.coordinates[*i] += law.at(moment.coordinates[*i], moment.speeds[*i], moment);
            }
            ForceLaw::Bushing(bushing) => bushing.apply(moment, applied),
            ForceLaw::Path { path, law } => {
                applied.tensions[*path] +=
                    law.tension(moment.path_lengths[*path], moment.path_speeds[*path], moment);
            }
            ForceLaw::Point(law) => law.apply(moment, applied),
            ForceLaw::HuntCrossley(contact) => contact.apply(moment, applied),
            ForceLaw::SmoothSphereHalfSpace(contact) => contact.apply(moment, applied),
            ForceLaw::ElasticFoundation(contact) => contact.apply(moment, applied),
        }
    }

    /// Whether it acts without any control: a spring, stop, bushing, ligament or prescribed force. Contact and
    /// actuators are not passive. These are the forces of OpenSim's inverse dynamics with actuators excluded.
    pub fn is_passive(&self) -> bool {
        match &self.law {
            ForceLaw::Coordinate { law, .. } => law.is_passive(),
            ForceLaw::Bushing(_) => true,
            ForceLaw::Path { law, .. } => law.is_passive(),
            ForceLaw::Point(law) => law.is_passive(),
            ForceLaw::HuntCrossley(_)
            | ForceLaw::SmoothSphereHalfSpace(_)
            | ForceLaw::ElasticFoundation(_) => false,
        }
    }

    /// Whether it depends on position alone where nothing moves, so that it can act in the search for a posture.
    pub fn is_elastic(&self) -> bool {
        self.is_passive() && !matches!(&self.law, ForceLaw::Point(law) if law.depends_on_time())
    }

    /// Whether it acts in a posture: what is elastic, and contact between bodies; the floor is the position's.
    pub fn acts_at_rest(&self) -> bool {
        match &self.law {
            ForceLaw::HuntCrossley(contact) => contact.bodies().all(|b| b != 0),
            ForceLaw::SmoothSphereHalfSpace(contact) => contact.bodies().all(|b| b != 0),
            _ => self.is_elastic(),
        }
    }

    /// The two bodies that a bushing joins.
    pub fn joined(&self) -> Option<[usize; 2]> {
        match &self.law {
            ForceLaw::Bushing(bushing) => Some([bushing.first.body, bushing.second.body]),
            _ => None,
        }
    }

    /// The state of its own, if it has one: index in [`Moment::states`] and initial value.
    pub fn state(&self) -> Option<(usize, f64)> {
        match &self.law {
            ForceLaw::Coordinate { law: CoordinateLaw::Activated { state, initial, .. }, .. }
            | ForceLaw::Path { law: PathLaw::Clutched { state, initial, .. }, .. } => {
                Some((*state, *initial))
            }
            _ => None,
        }
    }

    /// The force (N or N·m) that one unit of its control makes, if a control drives it.
    pub fn optimal_force(&self) -> Option<f64> {
        match &self.law {
            ForceLaw::Coordinate {
                law:
                    CoordinateLaw::Actuator { optimal_force, .. } | CoordinateLaw::Activated { optimal_force, .. },
                ..
            }
            | ForceLaw::Path { law: PathLaw::Actuator { optimal_force, .. }, .. } => Some(*optimal_force),
            ForceLaw::Point(law) => law.optimal_force(),
            _ => None,
        }
    }

    /// Rate of that state, 1/s or m/s; zero without one.
    pub fn state_rate(&self, moment: &Moment<'_, f64>) -> f64 {
        match &self.law {
            ForceLaw::Coordinate {
                law: CoordinateLaw::Activated { control, state, time_constant, .. },
                ..
            } => (moment.controls[*control] - moment.states[*state]) / time_constant,
            ForceLaw::Path { path, law: PathLaw::Clutched { control, state, relaxation, .. } } => {
                if moment.controls[*control] > 0.0 {
                    moment.path_speeds[*path]
                } else {
                    -moment.states[*state] / relaxation
                }
            }
            _ => 0.0,
        }
    }
}

/// OpenSim's (Simbody's) smooth step from 0 at `x ≤ 0` to 1 at `x ≥ 1`: `x³ (10 − 15 x + 6 x²)`.
#[inline]
pub(crate) fn smooth_step<T: Real>(x: T) -> T {
    if x.value() <= 0.0 {
        T::zero()
    } else if x.value() >= 1.0 {
        T::one()
    } else {
        x * x * x * ((x * 6.0 - 15.0) * x + 10.0)
    }
}

#[cfg(test)]
mod tests;
