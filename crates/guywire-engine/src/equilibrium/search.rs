//! The search for the pose.

use super::balance::{AtPose, Scratch};
use super::conditions::{Conditions, aims};
use super::{Equilibrium, EquilibriumError, Solution};
use crate::Kinematics;
use crate::task::Task;
use guywire_math::linalg::{cholesky, cholesky_solve, row_and_null_space};
use guywire_math::{Dual, Real, Vec3};

/// Derivatives taken at once when the whole matrix ∂b/∂q is wanted.
const LANES: usize = 8;
/// Largest step of a turning degree of freedom, rad, and of a sliding one, m.
const MAX_TURN: f64 = 0.12;

/// Cost beyond which a pose counts as lost: the balance is violated, not merely dear.
const LOST: f64 = 1e3;

/// Memory of a search.
struct Memory {
    dual: Scratch<Dual<1>>,
    lanes: Scratch<Dual<LANES>>,
    conditions: Conditions,
}

/// A pose and the value of the search's objective there.
struct Point {
    q: Vec<f64>,
    value: f64,
    gradient: Vec<f64>,
    conditions: Conditions,
    /// Multipliers of the balance there.
    nu: Vec<f64>,
}

impl Equilibrium<'_> {
    /// Solves a position from its own start.
    ///
    /// # Errors
    /// When the position cannot be reached or balanced, or the search does not converge.
    pub fn solve(&mut self, task: &Task) -> Result<Solution, EquilibriumError> {
        // Half of body weight is a fair first guess for the spine's compression.
        let guess = 0.6 * self.system.model.mass() * task.gravity.norm();
        self.sharing.nu.clear();
        self.search(task, &task.start, vec![guess; self.system.levels.len()])
    }

    /// Solves a position from a solution of a similar one.
    ///
    /// # Errors
    /// As [`Equilibrium::solve`].
    pub fn solve_from(&mut self, task: &Task, near: &Solution) -> Result<Solution, EquilibriumError> {
        self.sharing.nu.clone_from(&near.multipliers);
        self.search(task, &near.q, near.compression.clone())
    }

    fn search(
        &mut self,
        task: &Task,
        start: &[f64],
        mut compression: Vec<f64>,
    ) -> Result<Solution, EquilibriumError> {
        let n = self.system.model.dof();
        if start.len() != n {
            return Err(EquilibriumError::WrongStart {
                task: task.name.clone(),
                found: start.len(),
                expected: n,
            });
        }
        let mut q = start.to_vec();
        let mut memory = Memory {
            dual: Scratch::new(self.system),
            lanes: Scratch::new(self.system),
            conditions: Conditions::default(),
        };
        self.project(task, &mut q, &mut memory.conditions)?;
        let stiffness = self.settings.balance_stiffness;
        let mut iterations = 0;
        // A start far from any balance is first led there with the balance held softly.
        for (soft, few) in [(1e-3, 40), (3e-2, 40)] {
            if self.value(task, &q, &compression)? < LOST {
                break;
            }
            self.settings.balance_stiffness = soft * stiffness;
            let led = self.descend(task, q.clone(), &mut compression, few, 1e-3, &mut memory);
            self.settings.balance_stiffness = stiffness;
            let (here, steps, _) = led?;
            q = here.q;
            iterations += steps;
        }
        let most = self.settings.max_iterations;
        let (here, steps, decrement) = self.descend(task, q, &mut compression, most, 1e-12, &mut memory)?;
        self.finish(task, here, compression, iterations + steps, decrement)
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
        let mut hessian = self.gauss_newton(task, &here, compression, &mut memory.lanes);
        let (mut fresh, mut settled, mut decrement) = (true, 0, f64::INFINITY);
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
            let now = self.compression(task, &here.q);
            let drift = now.iter().zip(&*compression).fold(0.0f64, |m, (a, b)| m.max((a - b).abs()));
            if longest < 1e-7 || decrement < enough {
                settled += 1;
                if drift < 1e-3 || settled > 25 {
                    break;
                }
                *compression = now;
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
                *compression = self.compression(task, &here.q);
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
        Err(EquilibriumError::Unreachable { task: task.name.clone(), violation: conditions.violation() })
    }

    /// Stiffness factor of every level.
    fn stiffening(&self, compression: &[f64]) -> Vec<f64> {
        compression.iter().map(|&p| self.system.preload.factor(p)).collect()
    }

    /// Shares the load at `q` and returns the objective without its gradient.
    fn value(&mut self, task: &Task, q: &[f64], compression: &[f64]) -> Result<f64, EquilibriumError> {
        let shared = self.share_load(task, q, compression)?;
        let mut unused = vec![0.0; q.len()];
        Ok(shared + self.pose_costs(task, q, compression, &mut unused, None))
    }

    /// Costs that depend on the pose alone; adds their gradient and Gauss–Newton Hessian.
    fn pose_costs(
        &self,
        task: &Task,
        q: &[f64],
        compression: &[f64],
        gradient: &mut [f64],
        mut hessian: Option<&mut [f64]>,
    ) -> f64 {
        let n = q.len();
        let mut cost = aims(self.system, task, &self.at.scratch.kinematics, gradient, hessian.as_deref_mut());
        for passive in &self.system.passives {
            let Some(price) = passive.price else { continue };
            let factor = passive.level.map_or(1.0, |l| self.system.preload.factor(compression[l]));
            let moment = passive.at(Dual::<1>::variable(q[passive.degree], 0), factor);
            cost += (moment.value / price) * (moment.value / price);
            gradient[passive.degree] += 2.0 * moment.value * moment.slope[0] / (price * price);
            if let Some(h) = hessian.as_deref_mut() {
                h[passive.degree * (n + 1)] += 2.0 * moment.slope[0] * moment.slope[0] / (price * price);
            }
        }
        // κ² p² of passive muscle tension, and its product with activation held.
        let total: f64 = self.system.muscles.iter().map(|m| m.volume).sum();
        let kappa = self.settings.strain_price;
        for (m, (muscle, at)) in self.system.muscles.iter().zip(&self.at.muscles).enumerate() {
            let weight = self.settings.effort * muscle.volume / total;
            let p = kappa * at.strain_price;
            cost += weight * p * p;
            let slope = 2.0 * weight * (p + self.sharing.z[m]) * kappa * at.strain_price_slope;
            let curve = 2.0 * weight * (kappa * at.strain_price_slope) * (kappa * at.strain_price_slope);
            let row = self.system.paths.row(m);
            for k in row.clone() {
                let i = self.system.paths.columns()[k];
                // ∂L/∂q = −r
                gradient[i] -= slope * self.at.arms.values[k];
                if let Some(h) = hessian.as_deref_mut() {
                    for l in row.clone() {
                        let j = self.system.paths.columns()[l];
                        h[i * n + j] += curve * self.at.arms.values[k] * self.at.arms.values[l];
                    }
                }
            }
        }
        cost
    }

    /// Objective, exact gradient and conditions at `q`.
    fn evaluate(
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
        self.pose_costs(task, &q, compression, &mut gradient, None);
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
        Point { q, value, gradient, conditions, nu: self.sharing.nu.clone() }
    }

    /// Gauss–Newton Hessian of the objective at the point just evaluated.
    fn gauss_newton(
        &mut self,
        task: &Task,
        here: &Point,
        compression: &[f64],
        lanes: &mut Scratch<Dual<LANES>>,
    ) -> Vec<f64> {
        let n = here.q.len();
        let mut hessian = vec![0.0; n * n];
        let mut unused = vec![0.0; n];
        self.pose_costs(task, &here.q, compression, &mut unused, Some(&mut hessian));
        let mut physical = Vec::new();
        self.at.physical(self.system, task, &self.sharing.z, &mut physical);
        let stiffening = self.stiffening(compression);
        let mut slopes = vec![0.0; n * n];
        for first in (0..n).step_by(LANES) {
            let moved: Vec<Dual<LANES>> = (0..n)
                .map(|i| {
                    if (first..first + LANES).contains(&i) {
                        Dual::variable(here.q[i], i - first)
                    } else {
                        Dual::lift(here.q[i])
                    }
                })
                .collect();
            lanes.balance(self.system, task, &moved, &physical, &stiffening);
            for (j, force) in lanes.force.iter().enumerate() {
                for (lane, slope) in force.slope.iter().enumerate().take(n - first) {
                    slopes[(first + lane) * n + j] = *slope;
                }
            }
        }
        let mut share = vec![0.0; n * n];
        self.at.qp.assemble(&self.sharing.nu, &mut share);
        if cholesky(&mut share, n).is_ok() {
            let mut solved = slopes.clone();
            for column in solved.chunks_exact_mut(n) {
                cholesky_solve(&share, n, column);
            }
            for i in 0..n {
                for j in 0..n {
                    let dot: f64 = (0..n).map(|k| slopes[i * n + k] * solved[j * n + k]).sum();
                    hessian[i * n + j] += dot;
                }
            }
        }
        for i in 0..n {
            hessian[i * (n + 1)] += 1e-3;
        }
        hessian
    }

    /// Compression of every level with the loads just shared.
    fn compression(&mut self, task: &Task, q: &[f64]) -> Vec<f64> {
        let system = self.system;
        let mut physical = Vec::new();
        self.at.physical(system, task, &self.sharing.z, &mut physical);
        let forces = self.contact_forces(task, &physical);
        let AtPose { scratch, muscles, .. } = &mut self.at;
        scratch.kinematics.update(&system.model, q);
        scratch.passive_wrenches(system, task);
        let Scratch { kinematics, wrenches, .. } = scratch;
        system
            .paths
            .add_wrenches(kinematics, wrenches, |m, _| muscles[m].active * physical[m] + muscles[m].passive);
        for (contact, force) in task.contacts.iter().zip(&forces) {
            let center = kinematics.bodies[contact.body].point(contact.center);
            wrenches[contact.body] += guywire_math::Wrench::at(center, *force);
        }
        level_compression(system, kinematics, wrenches)
    }

    fn unconverged(&self, task: &Task, iterations: usize, kkt_residual: f64) -> EquilibriumError {
        EquilibriumError::Unconverged { task: task.name.clone(), iterations, kkt_residual }
    }

    /// Tightens the balance at the pose found, and certifies it.
    fn finish(
        &mut self,
        task: &Task,
        here: Point,
        compression: Vec<f64>,
        iterations: usize,
        kkt_residual: f64,
    ) -> Result<Solution, EquilibriumError> {
        let system = self.system;
        if kkt_residual.is_nan() || kkt_residual > 1e-6 {
            return Err(self.unconverged(task, iterations, kkt_residual));
        }
        self.share_load(task, &here.q, &compression)?;
        let problem = |problem| EquilibriumError::LoadSharing { task: task.name.clone(), problem };
        let tightened = self.at.qp.solve(&mut self.sharing, 6);
        if tightened.is_err() {
            // An impossible balance makes the multipliers grow without end: report the plain one.
            self.sharing.nu.clear();
            self.at.qp.solve(&mut self.sharing, 1).map_err(problem)?;
        }
        let (mut residual_moment, mut residual_force, mut worst) = (0.0f64, 0.0f64, (0.0, 0));
        for (i, r) in self.sharing.residual.iter().enumerate() {
            let turns = system.model.degree_turns(i);
            let (largest, tolerance) = if turns {
                (&mut residual_moment, self.settings.tolerance_moment)
            } else {
                (&mut residual_force, self.settings.tolerance_force)
            };
            *largest = largest.max(r.abs());
            if r.abs() / tolerance > worst.0 {
                worst = (r.abs() / tolerance, i);
            }
        }
        let mut physical = Vec::new();
        self.at.physical(system, task, &self.sharing.z, &mut physical);
        if worst.0 > 1.0 {
            return Err(self.unbalanced(task, worst.1, &physical));
        }
        let count = system.muscles.len();
        let compression = self.compression(task, &here.q);
        let contact_force: Vec<Vec3<f64>> = self.contact_forces(task, &physical);
        Ok(Solution {
            activation: physical[..count].to_vec(),
            active_force: self.at.muscles.iter().zip(&physical).map(|(m, a)| m.active * a).collect(),
            passive_force: self.at.muscles.iter().map(|m| m.passive).collect(),
            norm_fiber_length: self.at.muscles.iter().map(|m| m.norm_fiber_length).collect(),
            contact_force,
            compression,
            multipliers: self.sharing.nu.clone(),
            cost: here.value,
            residual_moment,
            residual_force,
            condition_violation: here.conditions.violation(),
            kkt_residual,
            iterations,
            q: here.q,
        })
    }

    /// Says which coordinate lacks what, and what stands in the way.
    fn unbalanced(&self, task: &Task, degree: usize, physical: &[f64]) -> EquilibriumError {
        let system = self.system;
        let residual = self.sharing.residual[degree];
        let coordinate = system.model.degree_coordinate(degree).name.clone();
        // The muscles that act there in the wanted direction and are at their ceiling.
        let mut spent: Vec<(f64, &str)> = Vec::new();
        for (m, muscle) in system.muscles.iter().enumerate() {
            for k in system.paths.row(m) {
                if system.paths.columns()[k] == degree
                    && self.at.arms.values[k] * residual > 0.0
                    && physical[m] >= muscle.ceiling - 1e-6
                {
                    spent.push((self.at.arms.values[k].abs() * self.at.muscles[m].active, &muscle.name));
                }
            }
        }
        spent.sort_by(|a, b| b.0.total_cmp(&a.0));
        let obstacle = if spent.is_empty() {
            "no muscle that could supply it is left, or the supports do not carry the weight there".to_owned()
        } else {
            let names: Vec<&str> = spent.iter().take(4).map(|s| s.1).collect();
            format!("fully active already: {}", names.join(", "))
        };
        let unit = if system.model.degree_turns(degree) { "N·m" } else { "N" };
        EquilibriumError::Unbalanced {
            task: task.name.clone(),
            coordinate,
            missing: residual.abs(),
            unit,
            obstacle,
        }
    }
}

/// Compression of every level, given all wrenches on the bodies.
pub(crate) fn level_compression(
    system: &crate::System,
    kinematics: &Kinematics<f64>,
    wrenches: &[guywire_math::Wrench<f64>],
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
            -force.dot(kinematics.bodies[level.upper].rotation * level.normal)
        })
        .collect()
}

/// Step that minimises the quadratic model within the conditions, and its share of the gradient.
fn newton_step(hessian: &[f64], here: &Point) -> Option<Vec<f64>> {
    let n = here.gradient.len();
    let bases = row_and_null_space(&here.conditions.jacobian, n);
    let free: Vec<&[f64]> = bases.rows.chunks_exact(n).skip(bases.rank).collect();
    let f = free.len();
    let turned: Vec<f64> = free
        .iter()
        .flat_map(|z| (0..n).map(move |i| (0..n).map(|j| hessian[i * n + j] * z[j]).sum::<f64>()))
        .collect();
    let mut reduced = vec![0.0; f * f];
    for i in 0..f {
        for j in 0..=i {
            reduced[i * f + j] = free[i].iter().zip(&turned[j * n..(j + 1) * n]).map(|(a, b)| a * b).sum();
        }
    }
    let plain = reduced.clone();
    let mut lift = 0.0;
    while cholesky(&mut reduced, f).is_err() {
        lift = if lift == 0.0 { 1e-9 } else { lift * 10.0 };
        if lift > 1e6 {
            return None;
        }
        reduced.copy_from_slice(&plain);
        for i in 0..f {
            reduced[i * (f + 1)] += lift * (1.0 + plain[i * (f + 1)].abs());
        }
    }
    let mut along: Vec<f64> =
        free.iter().map(|z| -z.iter().zip(&here.gradient).map(|(a, b)| a * b).sum::<f64>()).collect();
    cholesky_solve(&reduced, f, &mut along);
    let mut step = vec![0.0; n];
    for (z, a) in free.iter().zip(&along) {
        for (s, z) in step.iter_mut().zip(*z) {
            *s += a * z;
        }
    }
    step.iter().all(|s| s.is_finite()).then_some(step)
}

/// Powell's damped BFGS update with the gradients of the Lagrangian.
fn update_hessian(hessian: &mut [f64], before: &Point, after: &Point) {
    let n = before.q.len();
    let s: Vec<f64> = after.q.iter().zip(&before.q).map(|(a, b)| a - b).collect();
    let mut y: Vec<f64> = after.gradient.iter().zip(&before.gradient).map(|(a, b)| a - b).collect();
    for (i, mu) in before.conditions.multipliers(&before.gradient).iter().enumerate() {
        let rows = after.conditions.row(i, n).iter().zip(before.conditions.row(i, n));
        for (y, (a, b)) in y.iter_mut().zip(rows) {
            *y += mu * (a - b);
        }
    }
    let hs: Vec<f64> = (0..n).map(|i| (0..n).map(|j| hessian[i * n + j] * s[j]).sum()).collect();
    let shs: f64 = s.iter().zip(&hs).map(|(a, b)| a * b).sum();
    let sy: f64 = s.iter().zip(&y).map(|(a, b)| a * b).sum();
    if shs <= 0.0 || !sy.is_finite() {
        return;
    }
    let damp = if sy < 0.2 * shs { 0.8 * shs / (shs - sy) } else { 1.0 };
    for (y, h) in y.iter_mut().zip(&hs) {
        *y = damp * *y + (1.0 - damp) * h;
    }
    let sy: f64 = s.iter().zip(&y).map(|(a, b)| a * b).sum();
    if sy <= 1e-14 * shs {
        return;
    }
    for i in 0..n {
        for j in 0..n {
            hessian[i * n + j] += y[i] * y[j] / sy - hs[i] * hs[j] / shs;
        }
    }
}
