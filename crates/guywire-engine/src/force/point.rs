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
