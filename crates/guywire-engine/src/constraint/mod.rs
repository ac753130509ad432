//! Constraints between coordinates and bodies: how far a pose misses them, and how that changes.
//!
//! Every equation has a velocity form `Σ V_b · W_b = 0`, with a wrench `W_b(q)` on each body that it touches,
//! or `Σ gᵢ ċᵢ = 0` over coordinates; positional ones are its integral:
//!
//! | constraint | position error | wrenches |
//! | --- | --- | --- |
//! | coordinate | `f(c…) − c` | |
//! | weld | `x₁·y₂, y₁·z₂, z₁·x₂, p₂ − p₁` | moments `±x₁ × y₂` …, forces through both points |
//! | point | `p₂ − p₁` | forces through both points |
//! | distance | `(|p₂ − p₁|² − d²) / 2` | forces along the line between the points |
//! | point in plane | `n·(p − o) − h` | a force along `n` through `p`, and back on the plane's body |
//! | point on line | the same for two normals of the line | |
//! | right angle | `a₁·b₂` | moments `±a₁ × b₂` |
//! | no slip | none: velocities only | forces along `n` through the point |
//!
//! so that the rows of the Jacobian are the generalised forces of these wrenches. What an equation adds to the
//! second derivative, `J̇ q̇`, is the exact directional derivative of the velocity form (dual numbers).
//!
//! Source: the classes are OpenSim's; Simbody 3.7 theory manual for the forms of weld, rod and no-slip
//! constraints. Which equation of an equivalent set is used does not change what is allowed.

mod solve;

pub use solve::{AssemblyError, ConstraintSolver, MotionError};

use crate::joint::Law;
use crate::kinematics::{Kinematics, Motion};
use crate::model::Model;
use guywire_math::{Function, Pose, Real, Vec3, Wrench};

/// A point of a body.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BodyPoint {
    /// Index of the body.
    pub body: usize,
    /// Position in the frame of the body, m.
    pub position: Vec3<f64>,
}

/// A direction fixed to a body.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BodyDirection {
    /// Index of the body.
    pub body: usize,
    /// Unit direction in the frame of the body.
    pub direction: Vec3<f64>,
}

/// A frame fixed to a body.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BodyFrame {
    /// Index of the body.
    pub body: usize,
    /// Pose in the frame of the body.
    pub pose: Pose<f64>,
}

/// A constraint.
#[derive(Clone, Debug)]
pub enum Constraint {
    /// A coordinate is a function of others, or a constant.
    Coordinate {
        /// The coordinate (index into [`Model::coordinates`]).
        coordinate: usize,
        /// Its value, rad or m.
        law: Law,
    },
    /// A coordinate is a function of time, s.
    Prescribed {
        /// The coordinate (index into [`Model::coordinates`]).
        coordinate: usize,
        /// Its value, rad or m.
        function: Function,
    },
    /// Two frames coincide.
    Weld(BodyFrame, BodyFrame),
    /// Two points coincide.
    Point(BodyPoint, BodyPoint),
    /// Two points keep their distance, m.
    Distance(BodyPoint, BodyPoint, f64),
    /// A point stays at a height (m) above the origin of another body along a direction of that body.
    Plane {
        /// Normal of the plane.
        normal: BodyDirection,
        /// Height over the origin of the normal's body, m.
        height: f64,
        /// The point.
        point: BodyPoint,
    },
    /// A point stays on a line of another body.
    Line {
        /// A point of the line.
        line: BodyPoint,
        /// Two unit normals of the line in the frame of its body.
        normals: [Vec3<f64>; 2],
        /// The point.
        point: BodyPoint,
    },
    /// Two directions stay perpendicular.
    RightAngle(BodyDirection, BodyDirection),
    /// At a point of one body, another body has no velocity against it along a direction of the first.
    NoSlip {
        /// The point.
        at: BodyPoint,
        /// Direction in the frame of the point's body.
        direction: Vec3<f64>,
        /// The other body.
        other: usize,
    },
}

/// Value of a constraint's equation and its first two time derivatives where that depends on time alone.
pub(crate) type Course = [f64; 3];

impl Constraint {
    /// Number of equations on velocities.
    pub fn equations(&self) -> usize {
        match self {
            Self::Weld(..) => 6,
            Self::Point(..) => 3,
            Self::Line { .. } => 2,
            _ => 1,
        }
    }

    /// Whether it restricts poses, not only velocities.
    pub fn is_positional(&self) -> bool {
        !matches!(self, Self::NoSlip { .. })
    }

    /// What the equation adds that depends on time alone: value, rate, second derivative.
    pub(crate) fn course(&self, time: f64) -> Course {
        match self {
            Self::Prescribed { function, .. } => {
                let [value, rate, second, _] = function.taylor(time);
                [value, rate, second]
            }
            _ => [0.0; 3],
        }
    }

    /// The errors in position (m, unitless, or rad) of a positional constraint.
    pub fn errors(&self, kinematics: &Kinematics<f64>, time: f64, mut put: impl FnMut(f64)) {
        let point = |p: &BodyPoint| kinematics.bodies[p.body].point(p.position);
        let turned = |d: &BodyDirection| kinematics.bodies[d.body].rotation * d.direction;
        match self {
            Self::Coordinate { coordinate, law } => {
                put(law.at(&kinematics.coordinates) - kinematics.coordinates[*coordinate]);
            }
            Self::Prescribed { coordinate, .. } => {
                put(self.course(time)[0] - kinematics.coordinates[*coordinate]);
            }
            Self::Weld(first, second) => {
                let [a, b] = [first, second].map(|f| kinematics.bodies[f.body] * f.pose);
                for k in 0..3 {
                    put(a.rotation.column(k).dot(b.rotation.column((k + 1) % 3)));
                }
                (b.position - a.position).to_array().into_iter().for_each(put);
            }
            Self::Point(first, second) => {
                (point(second) - point(first)).to_array().into_iter().for_each(put);
            }
            Self::Distance(first, second, distance) => {
                let apart = point(second) - point(first);
                put(0.5 * (apart.dot(apart) - distance * distance));
            }
            Self::Plane { normal, height, point: follower } => {
                let origin = kinematics.bodies[normal.body].position;
                put(turned(normal).dot(point(follower) - origin) - height);
            }
            Self::Line { line, normals, point: follower } => {
                for normal in normals {
                    let normal = kinematics.bodies[line.body].rotation * *normal;
                    put(normal.dot(point(follower) - point(line)));
                }
            }
            Self::RightAngle(first, second) => put(turned(first).dot(turned(second))),
            Self::NoSlip { .. } => {}
        }
    }

    /// Visits the wrench of every equation on every body that it touches, as (equation, body, wrench).
    fn wrenches<T: Real>(&self, kinematics: &Kinematics<T>, mut visit: impl FnMut(usize, usize, Wrench<T>)) {
        let point = |p: &BodyPoint| kinematics.bodies[p.body].point(p.position.lift());
        let rotation = |body: usize| kinematics.bodies[body].rotation;
        let unit = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]].map(Vec3::from_array);
        let mut pair = |k: usize, [first, second]: [usize; 2], on_first: Wrench<T>, on_second: Wrench<T>| {
            visit(k, first, on_first);
            visit(k, second, on_second);
        };
        let moment = |moment: Vec3<T>| Wrench { force: Vec3::zero(), moment };
        match self {
            Self::Coordinate { .. } | Self::Prescribed { .. } => {}
            Self::Weld(first, second) => {
                let bodies = [first.body, second.body];
                let [a, b] = [first, second].map(|f| kinematics.bodies[f.body] * f.pose.lift());
                for k in 0..3 {
                    let cross = a.rotation.column(k).cross(b.rotation.column((k + 1) % 3));
                    pair(k, bodies, moment(cross), moment(-cross));
                }
                for (k, e) in unit.into_iter().enumerate() {
                    pair(3 + k, bodies, Wrench::at(a.position, -e.lift()), Wrench::at(b.position, e.lift()));
                }
            }
            Self::Point(first, second) => {
                let (a, b) = (point(first), point(second));
                for (k, e) in unit.into_iter().enumerate() {
                    pair(k, [first.body, second.body], Wrench::at(a, -e.lift()), Wrench::at(b, e.lift()));
                }
            }
            Self::Distance(first, second, _) => {
                let (a, b) = (point(first), point(second));
                pair(0, [first.body, second.body], Wrench::at(a, a - b), Wrench::at(b, b - a));
            }
            Self::Plane { normal, point: follower, .. } => {
                let (at, along) = (point(follower), rotation(normal.body) * normal.direction.lift());
                pair(0, [normal.body, follower.body], Wrench::at(at, -along), Wrench::at(at, along));
            }
            Self::Line { line, normals, point: follower } => {
                let at = point(follower);
                for (k, normal) in normals.iter().enumerate() {
                    let along = rotation(line.body) * normal.lift();
                    pair(k, [line.body, follower.body], Wrench::at(at, -along), Wrench::at(at, along));
                }
            }
            Self::RightAngle(first, second) => {
                let a = rotation(first.body) * first.direction.lift();
                let cross = a.cross(rotation(second.body) * second.direction.lift());
                pair(0, [first.body, second.body], moment(cross), moment(-cross));
            }
            Self::NoSlip { at, direction, other } => {
                let (place, along) = (point(at), rotation(at.body) * direction.lift());
                pair(0, [at.body, *other], Wrench::at(place, -along), Wrench::at(place, along));
            }
        }
    }

    /// Adds to `bodies` the wrenches of the constraint with these forces along its equations (the multipliers λ of
    /// `M q̈ + h = τ + Jᵀ λ`). Constraints of coordinates act on no body: their forces pass through the joints.
    pub fn add_wrenches<T: Real>(
        &self,
        kinematics: &Kinematics<T>,
        forces: &[f64],
        bodies: &mut [Wrench<T>],
    ) {
        self.wrenches(kinematics, |k, body, wrench| bodies[body] += wrench.scaled(T::lift(forces[k])));
    }

    /// Adds what the constraint does along degrees of freedom and on no body, with this force along its equation:
    /// constraints of coordinates alone.
    pub(crate) fn add_along_degrees<T: Real>(
        &self,
        model: &Model,
        kinematics: &Kinematics<T>,
        forces: &[f64],
        degrees: &mut [T],
    ) {
        let mut add = |coordinate: usize, factor: T| {
            kinematics.to_degrees(model, coordinate, |i, gain| degrees[i] += factor * gain);
        };
        match self {
            Self::Coordinate { coordinate, law } => {
                let force = T::lift(forces[0]);
                for (k, &c) in law.coordinates().iter().enumerate() {
                    add(c, force * law.slope(&kinematics.coordinates, k));
                }
                add(*coordinate, -force);
            }
            Self::Prescribed { coordinate, .. } => add(*coordinate, T::lift(-forces[0])),
            _ => {}
        }
    }

    /// Adds the rows of the Jacobian, each [`Model::dof`] long: the rate of every equation's error per unit rate.
    pub fn add_rows(&self, model: &Model, kinematics: &Kinematics<f64>, rows: &mut [f64]) {
        let n = model.dof();
        let mut add = |coordinate: usize, factor: f64| {
            kinematics.to_degrees(model, coordinate, |i, gain| rows[i] += factor * gain);
        };
        match self {
            Self::Coordinate { coordinate, law } => {
                for (k, &c) in law.coordinates().iter().enumerate() {
                    add(c, law.slope(&kinematics.coordinates, k));
                }
                add(*coordinate, -1.0);
            }
            Self::Prescribed { coordinate, .. } => add(*coordinate, -1.0),
            _ => self.wrenches(kinematics, |k, body, wrench| {
                kinematics.add_power(model, body, &wrench, &mut rows[k * n..(k + 1) * n]);
            }),
        }
    }

    /// The part `J̇ q̇` of every equation's second derivative that does not depend on accelerations.
    ///
    /// `moving` is the pose as it moves along the rates.
    fn drifts(&self, moving: &Kinematics<Dual>, along: &Along<'_>, mut put: impl FnMut(f64)) {
        let Along { velocities, rates, departures } = along;
        match self {
            Self::Coordinate { coordinate, law } => {
                let mut rate = -rates[*coordinate];
                for (k, &c) in law.coordinates().iter().enumerate() {
                    rate += law.slope(&moving.coordinates, k) * rates[c];
                }
                put(rate.slope[0]);
            }
            Self::Prescribed { coordinate, .. } => put(-rates[*coordinate].slope[0]),
            _ => {
                let mut sums = [0.0; 6];
                self.wrenches(moving, |k, body, wrench| {
                    sums[k] += velocities[body].power(&wrench).slope[0];
                    if let Some(departures) = departures {
                        sums[k] += departures[body].power(&wrench).value;
                    }
                });
                sums[..self.equations()].iter().for_each(|s| put(*s));
            }
        }
    }
}

/// How a model moves along its rates.
struct Along<'d> {
    /// Of every body.
    velocities: &'d [Motion<Dual>],
    /// Of every coordinate.
    rates: &'d [Dual],
    /// What Simbody adds to the acceleration of every body.
    departures: Option<&'d [Motion<Dual>]>,
}

/// A number that moves with time.
type Dual = guywire_math::Dual<1>;
