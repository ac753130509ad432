//! What a search found, made exact and certified, or an error that says what stands in the way.

use super::balance::Layout;
use super::newton::Point;
use super::search::CONVERGED;
use super::{Equilibrium, EquilibriumError, Solution};
use crate::task::Task;
use guywire_math::Vec3;

/// Share of the squared gap that a muscle must close to be named: assumed.
const MATTERS: f64 = 0.01;

impl Equilibrium<'_> {
    /// Tightens the balance at the pose found, and certifies it.
    pub(super) fn finish(
        &mut self,
        task: &Task,
        here: Point,
        compression: Vec<f64>,
        iterations: usize,
        kkt_residual: f64,
    ) -> Result<Solution, EquilibriumError> {
        let system = self.system;
        if kkt_residual.is_nan() || kkt_residual > CONVERGED.max(self.settings.tolerance_cost) {
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
        let layout = Layout::of(system, task);
        let compression = self.compression(task, &here.q);
        let contact_force: Vec<Vec3<f64>> = self.contact_forces(task, &physical);
        Ok(Solution {
            activation: layout.muscles(&physical).to_vec(),
            actuator_force: layout.actuators(&physical).to_vec(),
            active_force: self.at.muscles.iter().zip(&physical).map(|(m, a)| m.active * a).collect(),
            passive_force: self.at.muscles.iter().map(|m| m.passive).collect(),
            norm_fiber_length: self.at.muscles.iter().map(|m| m.norm_fiber_length).collect(),
            constraint_force: layout.constraints(&physical).to_vec(),
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
        // The muscles at their ceiling that would bring the whole body nearer to balance: what one coordinate lacks can
        // be what a muscle of the next does not give.
        let gap: f64 = self.sharing.residual.iter().map(|r| r * r).sum();
        let mut spent: Vec<(f64, &str)> = Vec::new();
        let mut against = spent.clone();
        for (m, muscle) in system.muscles.iter().enumerate() {
            let row = system.paths.row(m);
            let help: f64 =
                row.map(|k| self.at.arms.values[k] * self.sharing.residual[system.paths.columns()[k]]).sum();
            let hindrance = -help * self.at.muscles[m].passive;
            if hindrance > MATTERS * gap {
                against.push((hindrance, &muscle.name));
            }
            let help = help * self.at.muscles[m].active;
            if help > MATTERS * gap && physical[m] >= muscle.ceiling - 1e-6 {
                spent.push((help, &muscle.name));
            }
        }
        let moments = Layout::of(system, task).actuators(physical);
        for (actuator, moment) in system.actuators.iter().zip(moments) {
            let limit = if residual > 0.0 { actuator.greatest } else { actuator.least };
            if actuator.degree == degree && (limit - moment).abs() < 1e-6 * (1.0 + limit.abs()) {
                spent.push((limit.abs(), &actuator.name));
            }
        }
        let named = |mut list: Vec<(f64, &str)>| {
            list.sort_by(|a, b| b.0.total_cmp(&a.0));
            let names: Vec<String> = list.iter().take(4).map(|s| s.1.to_owned()).collect();
            (!names.is_empty()).then(|| names.join(", "))
        };
        let spent = named(spent).map(|names| format!("fully active already: {names}"));
        let against = named(against).map(|names| format!("stretched and pulling the other way: {names}"));
        let obstacles: Vec<String> = [spent, against].into_iter().flatten().collect();
        let obstacle = if obstacles.is_empty() {
            "no muscle that could supply it is left, or the supports do not carry the weight there".to_owned()
        } else {
            obstacles.join("; ")
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
