//! A relaxed body in somebody's hands: gravity and passive tissue alone balance.
//!
//! Nobody chooses least effort here: every muscle stays at its floor, and a table, a strap or an examiner's hands
//! carry whatever the conditions of the position ask of them. What is left is a potential `E(q)`, least under the
//! conditions:
//!
//! ```text
//! b(q) + h + Cᵀ(q) μ = 0,   c(q) = 0          b = −∂E/∂q,   h: moments of the hands
//! ```
//!
//! Newton's method solves it, with `∂b/∂q` from dual numbers over the degrees that are not held. A step is damped
//! until it goes down, and halved while the force at its end pushes back harder than that at its start pushed on. The
//! stiffness costs many times the force: in a search that starts near a rest that of an earlier pose serves while its steps
//! leave a tenth of what is unbalanced, and no pose is at rest before its own is known. The solution is a place of rest,
//! not of balance on edge: the last stiffness on the conditions is positive.

use super::balance::Scratch;
use super::compliance::{Compliance, Rest};
use super::conditions::Conditions;
use super::hand::Hand;
use super::{Equilibrium, EquilibriumError, Solution};
use crate::path::MomentArms;
use crate::system::System;
use crate::task::{Condition, Task};
use guywire_math::linalg::{cholesky, lu, lu_solve};
use guywire_math::{Dual, Real, Vec3, Wrench};

/// Most steps.
const MAX_STEPS: usize = 100;
/// Longest step of a degree, rad or m.
const LONGEST: f64 = 0.3;
/// Least step, as a share of the wanted one.
const LEAST: f64 = 1e-3;
/// Damping that a stiffness gets which is not positive, N·m/rad, and how it grows.
const DAMPING: f64 = 1.0;
const MORE_DAMPING: f64 = 10.0;
/// Most times that it grows.
const DAMPINGS: usize = 12;
/// Stiffness that stands for a condition where it is asked whether all others are positive, N·m/rad.
const HELD: f64 = 1e7;
/// What a step may leave of what is unbalanced while the stiffness of an earlier pose serves.
const SERVES: f64 = 0.1;
/// Largest unbalanced moment (N·m) or force (N), and largest violation of a condition (rad or m).
const BALANCED: f64 = 1e-8;
const MET: f64 = 1e-10;

/// Memory of one search.
pub(super) struct Search {
    pub q: Vec<f64>,
    /// Degrees that nothing holds.
    free: Vec<usize>,
    /// Muscles at their floors, no contact, no actuator.
    held: Vec<f64>,
    stiffening: Vec<f64>,
    /// Muscles that can move what is free: the others say nothing.
    pub asked: Vec<bool>,
    lanes: Lanes,
    pub conditions: Conditions,
    /// Force along every condition, from the last step.
    multipliers: Vec<f64>,
    /// Stiffness over the free degrees; nothing before the first.
    stiffness: Vec<f64>,
    matrix: Vec<f64>,
    pivots: Vec<usize>,
    step: Vec<f64>,
}

/// Degrees that one evaluation differentiates by, at most.
const MANY: usize = 8;
/// The same for few degrees: most tests leave one degree free, or four.
const FEW: usize = 4;

/// Memory for derivatives by one degree, by few and by many, each made when it is first asked for.
#[derive(Default)]
struct Lanes {
    one: Option<Scratch<Dual<1>>>,
    few: Option<Scratch<Dual<FEW>>>,
    many: Option<Scratch<Dual<MANY>>>,
}

impl Equilibrium<'_> {
    /// Where a relaxed body comes to rest, looked for from where a similar one did; from the task's own start where that
    /// leads nowhere.
    ///
    /// # Errors
    /// As [`Equilibrium::rest`].
    pub fn rest_from(
        &mut self,
        task: &Task,
        hands: &[Hand],
        near: &Solution,
    ) -> Result<Rest, EquilibriumError> {
        let from = Task { start: near.q.clone(), ..task.clone() };
        self.rest_at_end(&from, hands, true).or_else(|_| self.rest(task, hands))
    }

    /// Where a relaxed body comes to rest. Contacts of the task are not asked: what touches is held by a condition.
    ///
    /// # Errors
    /// When the conditions cannot be met, or the search does not come to rest.
    pub fn rest(&mut self, task: &Task, hands: &[Hand]) -> Result<Rest, EquilibriumError> {
        self.rest_at_end(task, hands, false)
    }

    /// The same from a start that is near a rest, or is not.
    fn rest_at_end(&mut self, task: &Task, hands: &[Hand], near: bool) -> Result<Rest, EquilibriumError> {
        let n = self.system.model.dof();
        if task.start.len() != n {
            return Err(EquilibriumError::WrongStart {
                task: task.name.clone(),
                found: task.start.len(),
                expected: n,
            });
        }
        let task = &Task { contacts: Vec::new(), ..task.clone() };
        let mut search = self.held(task);
        self.at.scratch.asked = Some(search.asked.clone());
        let found = self.come_to_rest((task, hands), near, &mut search);
        self.at.scratch.asked = None;
        let (solution, arms) = found?;
        let rows = search.rows();
        let Search { free, multipliers, matrix, pivots, .. } = search;
        Ok(Rest {
            solution,
            arms,
            compliance: Compliance { degrees: n, free, rows, multipliers, matrix, pivots },
        })
    }

    fn come_to_rest(
        &mut self,
        (task, hands): (&Task, &[Hand]),
        near: bool,
        search: &mut Search,
    ) -> Result<(Solution, MomentArms<f64>), EquilibriumError> {
        let system = self.system;
        let mut unbalanced = f64::INFINITY;
        let mut force = self.pull(task, hands, search);
        for iteration in 0..MAX_STEPS {
            search.conditions.update(system, task, &self.at.scratch.kinematics, &search.q);
            let violation = search.violation();
            let rows = search.rows();
            let before = unbalanced;
            let serves = near && iteration > 0 && search.solve(&rows, &force, 0.0) && {
                unbalanced = search.unbalanced(&rows, &force);
                unbalanced < SERVES * before
            };
            if !serves {
                search.stiffen(self, task, hands);
                let mut damping = 0.0;
                let mut goes_down = false;
                for _ in 0..DAMPINGS {
                    if search.solve(&rows, &force, damping) {
                        goes_down = true;
                        break;
                    }
                    damping = if damping == 0.0 { DAMPING } else { damping * MORE_DAMPING };
                }
                if !goes_down || search.step.iter().any(|s| !s.is_finite()) {
                    break;
                }
                unbalanced = search.unbalanced(&rows, &force);
                if unbalanced < BALANCED && violation < MET && damping == 0.0 {
                    search.keep_multipliers(&rows);
                    return self.at_rest(task, search, iteration, unbalanced, violation);
                }
            }
            search.keep_multipliers(&rows);
            force = self.walk(task, hands, search, &force);
        }
        search.conditions.update(system, task, &self.at.scratch.kinematics, &search.q);
        if search.violation() > 1e-6 {
            return Err(EquilibriumError::Unreachable {
                task: task.name.clone(),
                worst: search.conditions.worst(system, task),
                violation: search.violation(),
            });
        }
        Err(EquilibriumError::Unconverged {
            task: task.name.clone(),
            iterations: MAX_STEPS,
            kkt_residual: unbalanced,
        })
    }

    pub(super) fn held(&self, task: &Task) -> Search {
        let (system, n) = (self.system, self.system.model.dof());
        let mut q = task.start.clone();
        let mut held = vec![false; n];
        for condition in &task.conditions {
            if let Condition::Degree { degree, value } = *condition {
                q[degree] = value;
                held[degree] = true;
            }
        }
        let equations: usize = system.constraints.iter().map(|k| k.constraint.equations()).sum();
        let mut forces: Vec<f64> = system.muscles.iter().map(|m| m.floor).collect();
        forces.resize(forces.len() + system.actuators.len() + equations, 0.0);
        let crosses = |m: usize| system.paths.row(m).any(|k| !held[system.paths.columns()[k]]);
        Search {
            q,
            asked: (0..system.muscles.len()).map(crosses).collect(),
            free: (0..n).filter(|&i| !held[i]).collect(),
            held: forces,
            // Somebody who lies presses the levels of the spine little.
            stiffening: vec![system.preload.factor(0.0); system.levels.len()],
            lanes: Lanes::default(),
            conditions: Conditions::default(),
            multipliers: Vec::new(),
            stiffness: Vec::new(),
            matrix: Vec::new(),
            pivots: Vec::new(),
            step: Vec::new(),
        }
    }

    /// The force along every degree, N·m or N.
    pub(super) fn pull(&mut self, task: &Task, hands: &[Hand], search: &Search) -> Vec<f64> {
        let scratch = &mut self.at.scratch;
        scratch.balance(self.system, task, &search.q, &search.held, &search.stiffening);
        let mut force = scratch.force.clone();
        for hand in hands {
            force[hand.degree] += hand.force(search.q[hand.degree]).0;
        }
        force
    }

    /// Takes the step, as much of it as goes down; the force at its end.
    fn walk(&mut self, task: &Task, hands: &[Hand], search: &mut Search, force: &[f64]) -> Vec<f64> {
        let from = search.q.clone();
        let free = search.free.len();
        let longest = search.step[..free].iter().fold(0.0_f64, |m, s| m.max(s.abs()));
        let mut share = if longest > LONGEST { LONGEST / longest } else { 1.0 };
        let power = |force: &[f64], search: &Search| -> f64 {
            search.free.iter().zip(&search.step).map(|(&i, s)| force[i] * s).sum()
        };
        let before = power(force, search);
        loop {
            for (k, &i) in search.free.iter().enumerate() {
                search.q[i] = from[i] + share * search.step[k];
            }
            let behind = self.pull(task, hands, search);
            if share < LEAST || before <= 0.0 || power(&behind, search) > -0.5 * before {
                return behind;
            }
            share *= 0.5;
        }
    }

    fn at_rest(
        &self,
        task: &Task,
        search: &Search,
        iterations: usize,
        unbalanced: f64,
        violation: f64,
    ) -> Result<(Solution, MomentArms<f64>), EquilibriumError> {
        let system = self.system;
        let mut arms = system.paths.moment_arms();
        let kinematics = &self.at.scratch.kinematics;
        system.paths.update(&system.model, kinematics, &mut arms).map_err(|lost| self.lost(task, lost))?;
        let states: Vec<_> = system
            .muscles
            .iter()
            .zip(&arms.lengths)
            .map(|(muscle, &length)| (muscle.floor, muscle.parameters.rigid_tendon(length)))
            .collect();
        let equations = search.held.len() - system.muscles.len() - system.actuators.len();
        let solution = Solution {
            q: search.q.clone(),
            activation: states.iter().map(|s| s.0).collect(),
            active_force: states.iter().map(|(floor, at)| floor * at.active_multiplier).collect(),
            passive_force: states.iter().map(|s| s.1.passive_force).collect(),
            norm_fiber_length: states.iter().map(|s| s.1.norm_fiber_length).collect(),
            actuator_force: vec![0.0; system.actuators.len()],
            constraint_force: vec![0.0; equations],
            contact_force: vec![Vec3::zero(); task.contacts.len()],
            compression: vec![0.0; system.levels.len()],
            multipliers: vec![0.0; system.model.dof()],
            cost: 0.0,
            residual_moment: unbalanced,
            residual_force: unbalanced,
            condition_violation: violation,
            kkt_residual: unbalanced,
            iterations,
        };
        Ok((solution, arms))
    }
}

impl Search {
    fn violation(&self) -> f64 {
        self.conditions.value.iter().fold(0.0, |m: f64, v| m.max(v.abs()))
    }

    /// `−∂(b + h + Cᵀμ)/∂q` over the free degrees, with the multipliers of the last step.
    fn stiffen(&mut self, equilibrium: &Equilibrium<'_>, task: &Task, hands: &[Hand]) {
        let system = equilibrium.system;
        let size = self.free.len();
        self.stiffness.clear();
        self.stiffness.resize(size * size, 0.0);
        let constraints = self.conditions.constraints;
        let mut forces = self.held.clone();
        if self.multipliers.len() == self.conditions.value.len() {
            // Every constraint of the body that a posture keeps is one of place.
            let first = forces.len() - constraints;
            forces[first..].copy_from_slice(&self.multipliers[..constraints]);
        }
        let multipliers = self.multipliers.get(constraints..).unwrap_or(&[]);
        let (q, free, asked, stiffening) = (&self.q, &self.free, &self.asked, &self.stiffening);
        let posed = Posed { system, task, q, free, asked, forces: &forces, stiffening, multipliers };
        for (block, degrees) in self.free.chunks(MANY).enumerate() {
            let columns = (block * MANY, degrees);
            match degrees.len() {
                1 => posed.stiffness(&mut self.lanes.one, columns, &mut self.stiffness),
                2..=FEW => posed.stiffness(&mut self.lanes.few, columns, &mut self.stiffness),
                _ => posed.stiffness(&mut self.lanes.many, columns, &mut self.stiffness),
            }
        }
        for hand in hands {
            if let Some(k) = self.free.iter().position(|&i| i == hand.degree) {
                self.stiffness[k * (size + 1)] -= hand.force(self.q[hand.degree]).1;
            }
        }
    }

    /// The conditions that say something of the free degrees.
    fn rows(&self) -> Vec<usize> {
        let n = self.q.len();
        let speaks = |&k: &usize| self.free.iter().any(|&i| self.conditions.row(k, n)[i] != 0.0);
        (0..self.conditions.value.len()).filter(speaks).collect()
    }

    /// Solves for the step and the multipliers; false where the step would not go down.
    fn solve(&mut self, rows: &[usize], force: &[f64], damping: f64) -> bool {
        if !self.is_stiff(rows, damping) {
            return false;
        }
        let (free, n) = (self.free.len(), self.q.len());
        let size = free + rows.len();
        self.matrix.clear();
        self.matrix.resize(size * size, 0.0);
        for i in 0..free {
            for j in 0..free {
                self.matrix[i * size + j] = self.stiffness[i * free + j];
            }
            self.matrix[i * size + i] += damping;
        }
        self.step.clear();
        self.step.extend(self.free.iter().map(|&i| force[i]));
        for (k, &row) in rows.iter().enumerate() {
            for (i, &degree) in self.free.iter().enumerate() {
                let slope = self.conditions.row(row, n)[degree];
                self.matrix[i * size + free + k] = -slope;
                self.matrix[(free + k) * size + i] = slope;
            }
            self.step.push(-self.conditions.value[row]);
        }
        if lu(&mut self.matrix, size, &mut self.pivots).is_err() {
            return false;
        }
        lu_solve(&self.matrix, size, &self.pivots, &mut self.step);
        true
    }

    /// Whether every way that the conditions leave is resisted: `K + ρ CᵀC` is positive for a great `ρ` exactly if `K`
    /// is so on the conditions (Finsler's lemma).
    fn is_stiff(&self, rows: &[usize], damping: f64) -> bool {
        let (free, n) = (self.free.len(), self.q.len());
        let mut whole = self.stiffness.clone();
        for i in 0..free {
            whole[i * free + i] += damping;
            for j in 0..free {
                let own = |&row: &usize| {
                    let slopes = self.conditions.row(row, n);
                    slopes[self.free[i]] * slopes[self.free[j]]
                };
                whole[i * free + j] += HELD * rows.iter().map(own).sum::<f64>();
            }
        }
        cholesky(&mut whole, free).is_ok()
    }

    /// What neither tissue nor conditions carry.
    fn unbalanced(&self, rows: &[usize], force: &[f64]) -> f64 {
        let (free, n) = (self.free.len(), self.q.len());
        let mut worst = 0.0_f64;
        for &degree in &self.free {
            let carried: f64 = rows
                .iter()
                .enumerate()
                .map(|(k, &row)| self.conditions.row(row, n)[degree] * self.step[free + k])
                .sum();
            worst = worst.max((force[degree] + carried).abs());
        }
        worst
    }

    /// What each condition carries, 0 where it says nothing of what is free.
    fn keep_multipliers(&mut self, rows: &[usize]) {
        self.multipliers.clear();
        self.multipliers.resize(self.conditions.value.len(), 0.0);
        for (&row, mu) in rows.iter().zip(&self.step[self.free.len()..]) {
            self.multipliers[row] = *mu;
        }
    }
}

/// A pose with all that acts there.
#[derive(Clone, Copy)]
struct Posed<'p> {
    system: &'p System,
    task: &'p Task,
    q: &'p [f64],
    free: &'p [usize],
    asked: &'p [bool],
    forces: &'p [f64],
    stiffening: &'p [f64],
    multipliers: &'p [f64],
}

impl Posed<'_> {
    /// Puts the columns of some of the free degrees, from `first` on, into the stiffness.
    fn stiffness<const N: usize>(
        self,
        memory: &mut Option<Scratch<Dual<N>>>,
        (first, degrees): (usize, &[usize]),
        stiffness: &mut [f64],
    ) {
        let Self { system, task, q, free, asked, forces, stiffening, multipliers } = self;
        let lanes = memory.get_or_insert_with(|| Scratch::new(system));
        lanes.asked = Some(asked.to_vec());
        let mut moved: Vec<Dual<N>> = q.iter().map(|v| Dual::lift(*v)).collect();
        for (lane, &i) in degrees.iter().enumerate() {
            moved[i] = Dual::variable(q[i], lane);
        }
        lanes.balance(system, task, &moved, forces, stiffening);
        let mut carried = vec![Dual::<N>::zero(); q.len()];
        add_held(task, multipliers, lanes, &system.model, &mut carried);
        for lane in 0..degrees.len() {
            for (row, &j) in free.iter().enumerate() {
                let slope = lanes.force[j].slope[lane] + carried[j].slope[lane];
                stiffness[row * free.len() + first + lane] = -slope;
            }
        }
    }
}

/// Adds the forces along every degree by which the task's conditions on places and inclinations hold the body; those on
/// degrees do not change with the pose.
fn add_held<T: Real>(
    task: &Task,
    multipliers: &[f64],
    at: &mut Scratch<T>,
    model: &crate::Model,
    force: &mut [T],
) {
    at.wrenches.fill(Wrench::zero());
    for (condition, mu) in task.conditions.iter().zip(multipliers) {
        match *condition {
            Condition::OnPlane { body, point, normal, .. } => {
                let place = at.kinematics.bodies[body].point(point.lift());
                at.wrenches[body] += Wrench::at(place, (normal * *mu).lift());
            }
            Condition::Inclination { body, up, angle } => {
                let e = at.kinematics.bodies[body].rotation * up.lift();
                let across = Vec3::new(libm::cos(angle), -libm::sin(angle), 0.0) * *mu;
                at.wrenches[body] += Wrench { force: Vec3::zero(), moment: e.cross(across.lift()) };
            }
            Condition::Degree { .. } | Condition::Ratio { .. } => {}
        }
    }
    at.kinematics.generalized_forces(model, &at.wrenches, force);
}
