//! Conditions on the pose and their Jacobian, and the costs of the pose itself.

use crate::Kinematics;
use crate::kinematics::Motion;
use crate::system::System;
use crate::task::{Aim, Condition, Task};
use guywire_math::Vec3;
use guywire_math::linalg::{add_scaled, cholesky, cholesky_solve, dot};
use std::fmt::Write;

/// The conditions `c(q) = 0` of a body's constraints and a task, and their Jacobian, row by row.
#[derive(Clone, Debug, Default)]
pub(crate) struct Conditions {
    pub value: Vec<f64>,
    pub jacobian: Vec<f64>,
    /// How many of them, the first, are the body's constraints.
    pub constraints: usize,
    motion: Vec<Motion<f64>>,
}

impl Conditions {
    /// Values and Jacobian at the pose that `kinematics` is at.
    pub fn update(&mut self, system: &System, task: &Task, kinematics: &Kinematics<f64>, q: &[f64]) {
        let n = q.len();
        self.value.clear();
        self.jacobian.clear();
        for kept in system.constraints.iter().filter(|k| k.constraint.is_positional()) {
            let first = self.jacobian.len();
            kept.constraint.errors(kinematics, 0.0, |error| self.value.push(error));
            self.jacobian.resize(first + kept.constraint.equations() * n, 0.0);
            kept.constraint.add_rows(&system.model, kinematics, &mut self.jacobian[first..]);
        }
        self.constraints = self.value.len();
        let mut motion = std::mem::take(&mut self.motion);
        let mut jacobian_of = |body: usize| {
            motion.clear();
            motion.resize(n, Motion::zero());
            kinematics.add_jacobian(&system.model, body, &mut motion);
            std::mem::take(&mut motion)
        };
        let touching = task.contacts.iter().filter(|c| c.touching).map(|c| {
            let support = &task.supports[c.support];
            Condition::OnPlane {
                body: c.body,
                point: c.center,
                normal: support.normal,
                offset: support.offset + c.radius,
            }
        });
        for condition in task.conditions.iter().cloned().chain(touching) {
            match condition {
                Condition::Degree { degree, value } => {
                    self.value.push(q[degree] - value);
                    self.jacobian.extend((0..n).map(|i| f64::from(u8::from(i == degree))));
                }
                Condition::Ratio { degree, of, factor } => {
                    self.value.push(q[degree] - factor * q[of]);
                    let first = self.jacobian.len();
                    self.jacobian.resize(first + n, 0.0);
                    self.jacobian[first + degree] += 1.0;
                    self.jacobian[first + of] -= factor;
                }
                Condition::OnPlane { body, point, normal, offset } => {
                    let p = kinematics.bodies[body].point(point);
                    self.value.push(normal.dot(p) - offset);
                    self.jacobian.extend(jacobian_of(body).iter().map(|m| normal.dot(m.of_point(p))));
                }
                Condition::Inclination { body, up, angle } => {
                    let e = kinematics.bodies[body].rotation * up;
                    // sin(inclination − angle) times the length in the sagittal plane
                    let across = Vec3::new(libm::cos(angle), -libm::sin(angle), 0.0);
                    self.value.push(across.dot(e));
                    self.jacobian.extend(jacobian_of(body).iter().map(|m| across.dot(m.angular.cross(e))));
                }
            }
        }
        self.motion = motion;
    }

    /// Solves `(C Cᵀ) x = right` in place; false if the conditions contradict each other.
    fn solve_normal(&self, n: usize, right: &mut [f64]) -> bool {
        let m = self.value.len();
        let mut normal = vec![0.0; m * m];
        for i in 0..m {
            for j in 0..=i {
                let both = dot(self.row(i, n), self.row(j, n));
                normal[i * m + j] = both + if i == j { 1e-12 } else { 0.0 };
            }
        }
        if cholesky(&mut normal, m).is_err() {
            return false;
        }
        cholesky_solve(&normal, m, right);
        true
    }

    /// Smallest step that brings the conditions to zero in first order; false if they contradict.
    pub fn correction(&mut self, n: usize, step: &mut [f64]) -> bool {
        let mut multipliers = self.value.clone();
        if !self.solve_normal(n, &mut multipliers) {
            return false;
        }
        step.fill(0.0);
        for (i, mu) in multipliers.iter().enumerate() {
            add_scaled(step, -mu, self.row(i, n));
        }
        true
    }

    /// Multipliers `μ` that leave the least of `gradient + Cᵀ μ`.
    pub fn multipliers(&self, gradient: &[f64]) -> Vec<f64> {
        let n = gradient.len();
        let mut right: Vec<f64> = (0..self.value.len()).map(|i| -dot(self.row(i, n), gradient)).collect();
        if !self.solve_normal(n, &mut right) {
            right.fill(0.0);
        }
        right
    }

    /// Row `i` of the Jacobian.
    pub fn row(&self, i: usize, n: usize) -> &[f64] {
        &self.jacobian[i * n..(i + 1) * n]
    }

    /// The condition that is violated most, in words.
    pub fn worst(&self, system: &System, task: &Task) -> String {
        let of = |best: usize, i: usize| if self.value[i].abs() > self.value[best].abs() { i } else { best };
        let mut index = (0..self.value.len()).fold(0, of);
        for kept in system.constraints.iter().filter(|k| k.constraint.is_positional()) {
            let equations = kept.constraint.equations();
            if index < equations {
                return format!("constraint `{}`", kept.name);
            }
            index -= equations;
        }
        let body = |b: usize| &system.model.bodies()[b].name;
        let mut words = String::new();
        let _ = match task.conditions.get(index) {
            Some(Condition::Degree { degree, value }) => {
                let name = &system.model.degree_coordinate(*degree).name;
                write!(words, "`{name}` = {value:.4} (rad or m)")
            }
            Some(Condition::Ratio { degree, .. }) => {
                write!(words, "the share of `{}`", system.model.degree_coordinate(*degree).name)
            }
            Some(Condition::OnPlane { body: b, .. }) => {
                write!(words, "where a point of `{}` shall be", body(*b))
            }
            Some(Condition::Inclination { body: b, .. }) => {
                write!(words, "the inclination of `{}`", body(*b))
            }
            None => {
                let touching = task.contacts.iter().filter(|c| c.touching).nth(index - task.conditions.len());
                match touching {
                    Some(c) => write!(
                        words,
                        "the contact of `{}` with the {}",
                        body(c.body),
                        task.supports[c.support].name
                    ),
                    None => write!(words, "none"),
                }
            }
        };
        words
    }

    /// Largest violation.
    pub fn violation(&self) -> f64 {
        self.value.iter().fold(0.0, |m, v| m.max(v.abs()))
    }
}

/// Cost of a pose's aims; adds its gradient and its Gauss–Newton Hessian where they are wanted. `motion` is
/// scratch memory.
pub(crate) fn aims(
    system: &System,
    task: &Task,
    kinematics: &Kinematics<f64>,
    motion: &mut Vec<Motion<f64>>,
    mut gradient: Option<&mut [f64]>,
    mut hessian: Option<&mut [f64]>,
) -> f64 {
    let n = system.model.dof();
    let mut cost = 0.0;
    for aim in &task.aims {
        motion.clear();
        motion.resize(n, Motion::zero());
        if gradient.is_some() || hessian.is_some() {
            kinematics.add_jacobian(&system.model, aim.body, motion);
        }
        let mut add = |error: f64, slope: &dyn Fn(&Motion<f64>) -> f64| {
            cost += aim.weight * error * error;
            if let Some(gradient) = gradient.as_deref_mut() {
                for (g, m) in gradient.iter_mut().zip(&*motion) {
                    *g += 2.0 * aim.weight * error * slope(m);
                }
            }
            if let Some(h) = hessian.as_deref_mut() {
                for i in 0..n {
                    let by_i = 2.0 * aim.weight * slope(&motion[i]);
                    for j in 0..n {
                        h[i * n + j] += by_i * slope(&motion[j]);
                    }
                }
            }
        };
        let (up, right) = directions(aim, kinematics);
        if let Some(wanted) = aim.inclination {
            let off = inclination(up) - wanted;
            let error = off - off.clamp(0.0, aim.band);
            let size = up.x * up.x + up.y * up.y;
            add(error, &|m| {
                let change = m.angular.cross(up);
                (change.x * up.y - change.y * up.x) / size
            });
        }
        // The right-hand direction stays level and sideways: no lean, no turn.
        add(right.y, &|m| m.angular.cross(right).y);
        add(right.x, &|m| m.angular.cross(right).x);
    }
    cost
}

fn directions(aim: &Aim, kinematics: &Kinematics<f64>) -> (Vec3<f64>, Vec3<f64>) {
    let rotation = kinematics.bodies[aim.body].rotation;
    (rotation * aim.up, rotation * aim.right)
}

/// Forward inclination of a direction that is vertical when upright, rad in (−π, π].
pub fn inclination(up: Vec3<f64>) -> f64 {
    libm::atan2(up.x, up.y)
}
