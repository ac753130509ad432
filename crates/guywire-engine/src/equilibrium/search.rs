//! The search for the pose.

use super::balance::{AtPose, Layout, Scratch};
use super::conditions::Conditions;
use super::near::Near;
use super::newton::{Point, newton_step, update_hessian};
use super::{Equilibrium, EquilibriumError, Solution};
use crate::Kinematics;
use crate::path::Route;
use crate::system::System;
use crate::task::Task;
use guywire_math::{Dual, Real, Vec3, Wrench};

/// Derivatives taken at once when the whole matrix ∂b/∂q is wanted.
pub(super) const LANES: usize = 8;
/// Largest step of a turning degree of freedom, rad, and of a sliding one, m.
const MAX_TURN: f64 = 0.12;

/// Cost beyond which a pose counts as lost: the balance is violated, not merely dear.
const LOST: f64 = 1e3;

/// How much more stiffly the balance is held where it was not met.
const STIFFER: [f64; 2] = [1e2, 1e4];

/// What the quadratic model may still promise, over `1 + cost`, at a solution.
pub(super) const CONVERGED: f64 = 1e-6;

/// Memory of a search.
pub(super) struct Memory {
    pub dual: Scratch<Dual<1>>,
    pub lanes: Scratch<Dual<LANES>>,
    conditions: Conditions,
    /// The Hessian that the first descent starts with, if a neighbour's is known.
    curvature: Option<Vec<f64>>,
}

impl Memory {
    pub fn new(system: &System) -> Self {
        Self {
            dual: Scratch::new(system),
            lanes: Scratch::new(system),
            conditions: Conditions::default(),
            curvature: None,
        }
    }
}

impl Equilibrium<'_> {
    /// Solves a position from its own start.
    ///
    /// # Errors
    /// When the position cannot be reached or balanced, or the search does not converge.
    pub fn solve(&mut self, task: &Task) -> Result<Solution, EquilibriumError> {
        // A little over half of body weight is a fair first guess for the spine's compression.
        let guess = 0.6 * self.system.model.mass() * task.gravity.norm();
        let compression = vec![guess; self.system.levels.len()];
        let start = Near { q: task.start.clone(), compression, multipliers: Vec::new(), curvature: None };
        self.solve_near(task, start)
    }

    /// Solves a position from a solution of a similar one.
    ///
    /// # Errors
    /// As [`Equilibrium::solve`].
    pub fn solve_from(&mut self, task: &Task, near: &Solution) -> Result<Solution, EquilibriumError> {
        self.solve_near(task, near.into())
    }

    /// A solution as a start with the curvature of the cost there (Gauss and Newton's), for similar bodies.
    ///
    /// # Errors
    /// When the load cannot be shared there.
    pub fn start_at(&mut self, task: &Task, at: &Solution) -> Result<Near, EquilibriumError> {
        self.sharing.nu.clone_from(&at.multipliers);
        let mut memory = Memory::new(self.system);
        let here = self.evaluate(task, at.q.clone(), &at.compression, &mut memory.dual)?;
        let curvature = self.gauss_newton(task, &here, &at.compression, &mut memory.lanes);
        Ok(Near { curvature: Some(curvature), ..Near::from(at) })
    }

    /// Solves a position from a start.
    ///
    /// # Errors
    /// As [`Equilibrium::solve`].
    pub fn solve_near(&mut self, task: &Task, start: Near) -> Result<Solution, EquilibriumError> {
        let n = self.system.model.dof();
        let Near { mut q, mut compression, multipliers, curvature } = start;
        if q.len() != n {
            return Err(EquilibriumError::WrongStart {
                task: task.name.clone(),
                found: q.len(),
                expected: n,
            });
        }
        self.sharing.nu = multipliers;
        let mut memory = Memory { curvature, ..Memory::new(self.system) };
        let enough = self.settings.tolerance_cost;
        self.project(task, &mut q, &mut memory.conditions)?;
        let mut iterations = 0;
        // A start far from any balance is first led there with the balance held softly.
        for (softness, few) in [(1e-3, 40), (3e-2, 40)] {
            if self.value(task, &q, &compression)? < LOST {
                break;
            }
            let (here, steps) = self.descend_softly(task, q, &mut compression, softness, few, &mut memory)?;
            q = here.q;
            iterations += steps;
        }
        let most = self.settings.max_iterations;
        let (mut here, steps, mut decrement) =
            self.descend(task, q, &mut compression, most, enough, &mut memory)?;
        iterations += steps;
        // Where the steep walls of the balance stop the descent, going round softly leads on.
        for (softness, few) in [(3e-2, 80), (3e-3, 80), (1e-5, 80)] {
            if decrement <= CONVERGED.max(enough) || !self.settings.detours {
                break;
            }
            let (led, steps) =
                self.descend_softly(task, here.q, &mut compression, softness, few, &mut memory)?;
            iterations += steps;
            let (again, steps, left) =
                self.descend(task, led.q, &mut compression, most, enough, &mut memory)?;
            (here, decrement) = (again, left);
            iterations += steps;
        }
        let q = here.q.clone();
        let found = self.finish(task, here, compression.clone(), iterations, decrement);
        if !matches!(found, Err(EquilibriumError::Unbalanced { .. })) || !self.settings.detours {
            return found;
        }
        // What the soft balance gives away can be what is missing at the edge of what supports and muscles carry.
        for stiffer in STIFFER {
            let led =
                self.descend_with(task, q.clone(), &mut compression, (stiffer, most, enough), &mut memory);
            let Ok((here, steps, decrement)) = led else { break };
            iterations += steps;
            let again = self.finish(task, here, compression.clone(), iterations, decrement);
            if again.is_ok() {
                return again;
            }
        }
        found
    }

    /// Descends a few steps with the balance held `softness` times as stiffly.
    fn descend_softly(
        &mut self,
        task: &Task,
        q: Vec<f64>,
        compression: &mut Vec<f64>,
        softness: f64,
        few: usize,
        memory: &mut Memory,
    ) -> Result<(Point, usize), EquilibriumError> {
        let led = self.descend_with(task, q, compression, (softness, few, 1e-3), memory);
        led.map(|(here, steps, _)| (here, steps))
    }

    /// Descends with the balance held `factor` times as stiffly, at most so many steps, until so little is promised.
    fn descend_with(
        &mut self,
        task: &Task,
        q: Vec<f64>,
        compression: &mut Vec<f64>,
        (factor, most, enough): (f64, usize, f64),
        memory: &mut Memory,
    ) -> Result<(Point, usize, f64), EquilibriumError> {
        let stiffness = self.settings.balance_stiffness;
        self.settings.balance_stiffness = factor * stiffness;
        let led = self.descend(task, q, compression, most, enough, memory);
        self.settings.balance_stiffness = stiffness;
        led
    }

    /// Descends from `q` until the quadratic model promises less than `enough` of the cost. Returns the point,
    /// the steps taken and what the model still promised, relative to the cost.
    fn descend(
        &mut self,
        task: &Task,
        q: Vec<f64>,
        compression: &mut Vec<f64>,
        most: usize,
        enough: f64,
        memory: &mut Memory,
    ) -> Result<(Point, usize, f64), EquilibriumError> {
        let mut here = self.evaluate(task, q, compression, &mut memory.dual)?;
        let known = memory.curvature.take();
        let mut fresh = known.is_none();
        let mut hessian =
            known.unwrap_or_else(|| self.gauss_newton(task, &here, compression, &mut memory.lanes));
        let (mut settled, mut decrement) = (0, f64::INFINITY);
        let mut iterations = 0;
        while iterations < most {
            iterations += 1;
            let Some(step) = newton_step(&hessian, &here) else {
                return Err(self.unconverged(task, iterations, decrement));
            };
            let descent: f64 = here.gradient.iter().zip(&step).map(|(g, d)| g * d).sum();
            let longest = step.iter().fold(0.0f64, |m, d| m.max(d.abs()));
            decrement = -descent / (1.0 + here.value.abs());
            // The compression that the segments were stiffened by must be the one that results.
            let both = here.compression.iter().zip(&*compression);
            let drift = both.fold(0.0f64, |m, (a, b)| m.max((a - b).abs()));
            if longest < 1e-7 || decrement < enough {
                settled += 1;
                if drift < self.settings.tolerance_compression || settled > 25 {
                    break;
                }
                compression.clone_from(&here.compression);
                here = self.evaluate(task, here.q, compression, &mut memory.dual)?;
                continue;
            }
            let mut length = (MAX_TURN / longest).min(1.0);
            let mut accepted = None;
            for _ in 0..30 {
                let mut trial: Vec<f64> = here.q.iter().zip(&step).map(|(q, d)| q + length * d).collect();
                if self.project(task, &mut trial, &mut memory.conditions).is_ok() {
                    // A trial whose load cannot be shared is no better than a wall.
                    let value = self.value(task, &trial, compression).unwrap_or(f64::INFINITY);
                    if value <= here.value + 1e-4 * length * descent + 1e-13 * here.value.abs() {
                        accepted = Some((trial, value));
                        break;
                    }
                }
                self.sharing.nu.clone_from(&here.nu);
                length *= if length > 0.1 { 0.5 } else { 0.25 };
            }
            let Some((trial, value)) = accepted else {
                here = self.evaluate(task, here.q, compression, &mut memory.dual)?;
                if fresh {
                    // Not even the Gauss–Newton direction descends: the numbers allow no better.
                    break;
                }
                hessian = self.gauss_newton(task, &here, compression, &mut memory.lanes);
                fresh = true;
                continue;
            };
            let next = self.gradient(task, trial, value, compression, &mut memory.dual);
            update_hessian(&mut hessian, &here, &next);
            fresh = false;
            here = next;
            if drift > 1.0 && longest * length < 0.03 {
                compression.clone_from(&here.compression);
                here = self.evaluate(task, here.q, compression, &mut memory.dual)?;
            }
        }
        Ok((here, iterations, decrement))
    }

    /// Moves `q` onto the conditions by Newton steps of least length.
    fn project(
        &mut self,
        task: &Task,
        q: &mut [f64],
        conditions: &mut Conditions,
    ) -> Result<(), EquilibriumError> {
        let kinematics = &mut self.at.scratch.kinematics;
        let mut step = vec![0.0; q.len()];
        for _ in 0..40 {
            kinematics.update(&self.system.model, q);
            conditions.update(self.system, task, kinematics, q);
            if conditions.violation() < 1e-12 {
                return Ok(());
            }
            if !conditions.correction(q.len(), &mut step) {
                break;
            }
            let longest = step.iter().fold(0.0f64, |m, d| m.max(d.abs()));
            let length = (0.5 / longest).min(1.0);
            for (q, d) in q.iter_mut().zip(&step) {
                *q += length * d;
            }
        }
        if conditions.violation() < 1e-9 {
            return Ok(());
        }
        Err(EquilibriumError::Unreachable {
            task: task.name.clone(),
            worst: conditions.worst(self.system, task),
            violation: conditions.violation(),
        })
    }

    /// Stiffness factor of every level.
    pub(super) fn stiffening(&self, compression: &[f64]) -> Vec<f64> {
        compression.iter().map(|&p| self.system.preload.factor(p)).collect()
    }

    /// Shares the load at `q` and returns the objective without its gradient.
    fn value(&mut self, task: &Task, q: &[f64], compression: &[f64]) -> Result<f64, EquilibriumError> {
        let shared = self.share_load(task, q, compression)?;
        Ok(shared + self.pose_costs(task, q, compression, None, None))
    }

    /// Objective, exact gradient and conditions at `q`.
    pub(super) fn evaluate(
        &mut self,
        task: &Task,
        q: Vec<f64>,
        compression: &[f64],
        dual: &mut Scratch<Dual<1>>,
    ) -> Result<Point, EquilibriumError> {
        let value = self.value(task, &q, compression)?;
        Ok(self.gradient(task, q, value, compression, dual))
    }

    /// Exact gradient and conditions at `q`, where the load has just been shared at the cost `value`.
    fn gradient(
        &mut self,
        task: &Task,
        q: Vec<f64>,
        value: f64,
        compression: &[f64],
        dual: &mut Scratch<Dual<1>>,
    ) -> Point {
        let mut gradient = vec![0.0; q.len()];
        self.pose_costs(task, &q, compression, Some(&mut gradient), None);
        // ∂(ν·b)/∂q is the directional derivative of b along ν (b has a potential).
        let mut physical = Vec::new();
        self.at.physical(self.system, task, &self.sharing.z, &mut physical);
        let moved: Vec<Dual<1>> =
            q.iter().zip(&self.sharing.nu).map(|(&value, &nu)| Dual { value, slope: [nu] }).collect();
        dual.balance(self.system, task, &moved, &physical, &self.stiffening(compression));
        for (g, b) in gradient.iter_mut().zip(&dual.force) {
            *g += b.slope[0];
        }
        let mut conditions = Conditions::default();
        conditions.update(self.system, task, &self.at.scratch.kinematics, &q);
        let compression = level_compression(self.system, &dual.kinematics, &dual.wrenches);
        Point { q, value, gradient, conditions, nu: self.sharing.nu.clone(), compression }
    }

    /// Compression of every level with the loads just shared.
    pub(super) fn compression(&mut self, task: &Task, q: &[f64]) -> Vec<f64> {
        let system = self.system;
        let mut physical = Vec::new();
        self.at.physical(system, task, &self.sharing.z, &mut physical);
        let forces = self.contact_forces(task, &physical);
        let AtPose { scratch, muscles, .. } = &mut self.at;
        scratch.kinematics.update(&system.model, q);
        scratch.passive_wrenches(system, task);
        let Scratch { kinematics, wrenches, .. } = scratch;
        let route = &mut Route::new();
        let tension = |m: usize, _| muscles[m].active * physical[m] + muscles[m].passive;
        system.paths.add_wrenches(kinematics, route, wrenches, tension);
        for (contact, force) in task.contacts.iter().zip(&forces) {
            let center = kinematics.bodies[contact.body].point(contact.center);
            wrenches[contact.body] += Wrench::at(center, *force);
        }
        system.add_constraint_wrenches(kinematics, Layout::of(system, task).constraints(&physical), wrenches);
        level_compression(system, kinematics, wrenches)
    }

    pub(super) fn unconverged(&self, task: &Task, iterations: usize, kkt_residual: f64) -> EquilibriumError {
        EquilibriumError::Unconverged { task: task.name.clone(), iterations, kkt_residual }
    }
}

/// Compression of every level, given all wrenches on the bodies.
fn level_compression<T: Real>(
    system: &System,
    kinematics: &Kinematics<T>,
    wrenches: &[Wrench<T>],
) -> Vec<f64> {
    system
        .levels
        .iter()
        .map(|level| {
            let mut force = Vec3::zero();
            for (body, wrench) in wrenches.iter().enumerate() {
                if system.model.is_in_subtree(body, level.upper) {
                    force += wrench.force;
                }
            }
            -force.dot(kinematics.bodies[level.upper].rotation * level.normal.lift()).value()
        })
        .collect()
}
