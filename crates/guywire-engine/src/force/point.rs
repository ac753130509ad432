//! Forces at points of bodies: springs and actuators between two points, actuators on a body, prescribed forces.

use super::expression::Expression;
use super::{Applied, Moment, Point, Site};
use guywire_math::{Function, Real, Vec3, Wrench};

/// A force at points of bodies.
#[derive(Clone, Debug)]
pub enum PointLaw {
    /// `PointToPointSpring`; it pulls and pushes.
    Spring {
        /// Ends.
        ends: [Point; 2],
        /// N/m.
        stiffness: f64,
        /// m.
        rest_length: f64,
    },
    /// `ExpressionBasedPointToPointForce`: tension by distance `d` and its rate `ddot`.
    Formula {
        /// Ends.
        ends: [Point; 2],
        /// N.
        tension: Expression,
    },
    /// `PointToPointActuator`: positive control pushes the points apart.
    Actuator {
        /// Ends.
        ends: [Point; 2],
        /// Whether the positions are in ground.
        points_are_global: bool,
        /// Index of its control.
        control: usize,
        /// N at control 1.
        optimal_force: f64,
    },
    /// `PointActuator`.
    Push {
        /// Where.
        point: Point,
        /// Whether the position is in ground.
        point_is_global: bool,
        /// Unit direction.
        direction: Vec3<f64>,
        /// Whether the direction is in ground.
        force_is_global: bool,
        /// Index of its control.
        control: usize,
        /// N at control 1.
        optimal_force: f64,
    },
    /// `TorqueActuator`: on the first body, and the opposite on the second.
    Torque {
        /// Bodies.
        bodies: [usize; 2],
        /// Unit axis.
        axis: Vec3<f64>,
        /// Whether the axis is in ground, not in the first body.
        torque_is_global: bool,
        /// Index of its control.
        control: usize,
        /// N·m at control 1.
        optimal_force: f64,
    },
    /// `BodyActuator`: torque (N·m) and force (N) are six controls.
    Body {
        /// Where the force acts.
        point: Point,
        /// Whether the position is in ground.
        point_is_global: bool,
        /// Whether torque and force are in ground.
        spatial_force_is_global: bool,
        /// Index of its first control.
        control: usize,
    },
    /// `PrescribedForce`.
    Prescribed(Prescribed),
    /// `MeyerFregly2016Force`.
    Sole(Sole),
}

/// A point of a foot's sole that presses on the ground's plane y = 0, smoothly also where it does not touch:
///
/// ```text
/// y = 0.7 tanh((p_y − y₀)/0.7)         f(y) = −s (v y − c ln cosh((y + h)/c)),   s = (k − k_l)/2, v = (k + k_l)/(k − k_l)
/// F_y = (f(y) − f(y_max)) (1 − d ẏ)    friction F_y (μ tanh(u/u_l) + μ_v u) against the slip u
/// ```
///
/// Source: Meyer et al. 2016, Front Bioeng Biotechnol 4:77, with the constants of OpenSim 4.6.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sole {
    /// Where.
    pub point: Point,
    /// N/m.
    pub stiffness: f64,
    /// s/m.
    pub dissipation: f64,
    /// Height at which the spring rests, m.
    pub resting_height: f64,
    /// Coefficient.
    pub dynamic_friction: f64,
    /// s/m.
    pub viscous_friction: f64,
    /// Slip at which dynamic friction is nearly there, m/s.
    pub latch_velocity: f64,
}

// Of `MeyerFregly2016Force` in OpenSim 4.6: stiffness without contact (N/m), place and width of the transition (m), height
// without force (m), slip below which friction fades (m/s), height that is not exceeded (m).
const LOW_STIFFNESS: f64 = 1e-1;
const TRANSITION: f64 = 1e-3;
const WIDTH: f64 = 1e-3;
const NO_FORCE: f64 = 1e-2;
const LEAST_SLIP: f64 = 1e-4;
const HIGHEST: f64 = 0.7;

/// `ln cosh x` without overflow.
fn ln_cosh<T: Real>(x: T) -> T {
    let size = x.value().abs();
    let value = size + libm::log1p(libm::exp(-2.0 * size)) - core::f64::consts::LN_2;
    x.chain(value, libm::tanh(x.value()))
}

fn tanh<T: Real>(x: T) -> T {
    let t = libm::tanh(x.value());
    x.chain(t, 1.0 - t * t)
}

impl Sole {
    /// Force on the point in ground, N.
    fn force<T: Real>(&self, at: Vec3<T>, velocity: Vec3<T>) -> Vec3<T> {
        let [s, v] = [
            0.5 * (self.stiffness - LOW_STIFFNESS),
            (self.stiffness + LOW_STIFFNESS) / (self.stiffness - LOW_STIFFNESS),
        ];
        let spring = |y: T| (y * v - ln_cosh((y + TRANSITION) * (1.0 / WIDTH)) * WIDTH) * -s;
        let height = tanh((at.y - self.resting_height) * (1.0 / HIGHEST)) * HIGHEST;
        let up = (spring(height) - spring(T::lift(NO_FORCE))) * (-velocity.y * self.dissipation + 1.0);
        let sliding = velocity.x * velocity.x + velocity.z * velocity.z;
        if sliding.value() == 0.0 {
            return Vec3::new(T::zero(), up, T::zero());
        }
        let slip = sliding.sqrt();
        let grip =
            tanh(slip * (1.0 / self.latch_velocity)) * self.dynamic_friction + slip * self.viscous_friction;
        let share = -(up * grip) / (slip + LEAST_SLIP);
        Vec3::new(velocity.x * share, up, velocity.z * share)
    }
}

/// Force, point and torque by time.
#[derive(Clone, Debug)]
pub struct Prescribed {
    /// What it acts on.
    pub site: Site,
    /// Whether the point is in ground.
    pub point_is_global: bool,
    /// Whether force and torque are in ground.
    pub force_is_global: bool,
    /// N.
    pub force: Option<Box<[Function; 3]>>,
    /// m; the origin of the frame where there is none.
    pub point: Option<Box<[Function; 3]>>,
    /// N·m.
    pub torque: Option<Box<[Function; 3]>>,
}

pub(super) fn at_time<T: Real>(functions: &[Function; 3], time: f64) -> Vec3<T> {
    let [x, y, z] = [0, 1, 2].map(|i: usize| functions[i].at(time));
    Vec3::new(x, y, z).lift()
}

impl PointLaw {
    /// N or N·m per unit of its control, if one drives it.
    pub(super) fn optimal_force(&self) -> Option<f64> {
        match self {
            Self::Actuator { optimal_force, .. }
            | Self::Push { optimal_force, .. }
            | Self::Torque { optimal_force, .. } => Some(*optimal_force),
            _ => None,
        }
    }

    pub(super) fn is_passive(&self) -> bool {
        matches!(self, Self::Spring { .. } | Self::Formula { .. } | Self::Prescribed(_))
    }

    pub(super) fn depends_on_time(&self) -> bool {
        matches!(self, Self::Prescribed(_))
    }

    pub(super) fn apply<T: Real>(&self, moment: &Moment<'_, T>, applied: &mut Applied<T>) {
        let place = |p: &Point, global: bool| {
            if global { p.position.lift() } else { moment.bodies[p.body].point(p.position.lift()) }
        };
        let turned = |body: usize, v: Vec3<T>, global: bool| {
            if global { v } else { moment.bodies[body].rotation * v }
        };
        match self {
            Self::Spring { ends, stiffness, rest_length } => {
                let [a, b] = [0, 1].map(|i: usize| place(&ends[i], false));
                pull(ends, a, b, |d| (d - *rest_length) * *stiffness, applied);
            }
            Self::Formula { ends, tension } => {
                let [a, b] = [0, 1].map(|i: usize| place(&ends[i], false));
                let (va, vb) = (moment.velocities[ends[0].body], moment.velocities[ends[1].body]);
                let apart = (vb.of_point(b) - va.of_point(a)).dot(b - a);
                pull(ends, a, b, |d| tension.at(&[d, apart / d]), applied);
            }
            Self::Actuator { ends, points_are_global, control, optimal_force } => {
                let [a, b] = [0, 1].map(|i: usize| place(&ends[i], *points_are_global));
                let push = -moment.controls[*control] * optimal_force;
                pull(ends, a, b, |_| T::lift(push), applied);
            }
            Self::Push { point, point_is_global, direction, force_is_global, control, optimal_force } => {
                let force = direction.lift().scaled(T::lift(moment.controls[*control] * optimal_force));
                let force = turned(point.body, force, *force_is_global);
                applied.bodies[point.body] += Wrench::at(place(point, *point_is_global), force);
            }
            Self::Torque { bodies, axis, torque_is_global, control, optimal_force } => {
                let torque = axis.lift().scaled(T::lift(moment.controls[*control] * optimal_force));
                let wrench =
                    Wrench { force: Vec3::zero(), moment: turned(bodies[0], torque, *torque_is_global) };
                applied.bodies[bodies[0]] += wrench;
                applied.bodies[bodies[1]] += -wrench;
            }
            Self::Body { point, point_is_global, spatial_force_is_global, control } => {
                let three = |i: usize| {
                    let c = &moment.controls[control + i..control + i + 3];
                    turned(point.body, Vec3::new(c[0], c[1], c[2]).lift(), *spatial_force_is_global)
                };
                let mut wrench = Wrench::at(place(point, *point_is_global), three(3));
                wrench.moment += three(0);
                applied.bodies[point.body] += wrench;
            }
            Self::Sole(sole) => {
                let body = sole.point.body;
                let at = place(&sole.point, false);
                let force = sole.force(at, moment.velocities[body].of_point(at));
                applied.pair([body, 0], at, force);
            }
            Self::Prescribed(p) => {
                let frame = moment.bodies[p.site.body] * p.site.offset.lift();
                let vector = |functions: &[Function; 3]| {
                    let v = at_time(functions, moment.time);
                    if p.force_is_global { v } else { frame.rotation * v }
                };
                let mut wrench = Wrench::zero();
                if let Some(force) = &p.force {
                    let point = match &p.point {
                        Some(point) if p.point_is_global => at_time(point, moment.time),
                        Some(point) => frame.point(at_time(point, moment.time)),
                        None => frame.position,
                    };
                    wrench = Wrench::at(point, vector(force));
                }
                if let Some(torque) = &p.torque {
                    wrench.moment += vector(torque);
                }
                applied.bodies[p.site.body] += wrench;
            }
        }
    }
}

/// Tension between two points in ground; nothing where they coincide and no direction exists.
fn pull<T: Real>(
    ends: &[Point; 2],
    a: Vec3<T>,
    b: Vec3<T>,
    tension: impl FnOnce(T) -> T,
    applied: &mut Applied<T>,
) {
    let distance = (b - a).norm();
    if distance.value() == 0.0 {
        return;
    }
    let force = (b - a).scaled(tension(distance) / distance);
    applied.pair([ends[0].body, ends[1].body], a, force);
}
