//! How a body at rest gives way: to small forces, and to small changes of the body itself.
//!
//! ```text
//! [ K  −Cᵀ ] [δq]   [ δb + δCᵀ μ ]
//! [ C    0 ] [δμ] = [    −δc     ]        K = −∂(b + Cᵀμ)/∂q
//! ```

use super::hand::Hand;
use super::{Equilibrium, Solution};
use crate::path::MomentArms;
use crate::task::Task;
use guywire_math::linalg::lu_solve;

/// A relaxed body at rest.
#[derive(Clone, Debug)]
pub struct Rest {
    /// The pose, and the muscles in it; nobody's effort.
    pub solution: Solution,
    /// Lengths and moment arms of all paths there.
    pub arms: MomentArms<f64>,
    /// How it gives way.
    pub compliance: Compliance,
}

/// How a body at rest gives way to small forces, with the conditions kept: exact, by the implicit function theorem.
#[derive(Clone, Debug)]
pub struct Compliance {
    pub(super) degrees: usize,
    /// Degrees that nothing holds.
    pub(super) free: Vec<usize>,
    /// Conditions that say something of them.
    pub(super) rows: Vec<usize>,
    /// What every condition carries.
    pub(super) multipliers: Vec<f64>,
    /// Stiffness and conditions, factored.
    pub(super) matrix: Vec<f64>,
    pub(super) pivots: Vec<usize>,
}

/// What a body does not balance and does not meet at the rest of another one.
#[derive(Clone, Debug)]
pub struct Unrest {
    /// Force along every degree that tissue, hands and conditions leave, N·m or N.
    force: Vec<f64>,
    /// Values of the conditions.
    conditions: Vec<f64>,
}

impl Unrest {
    /// The slope between two whose bodies differ by `width`.
    pub fn slope(&self, below: &Self, width: f64) -> Self {
        Self {
            force: slope_of(&self.force, &below.force, width),
            conditions: slope_of(&self.conditions, &below.conditions, width),
        }
    }
}

/// The slope between two lists of numbers that lie `width` apart.
pub(super) fn slope_of(up: &[f64], down: &[f64], width: f64) -> Vec<f64> {
    up.iter().zip(down).map(|(a, b)| (a - b) / width).collect()
}

impl Compliance {
    /// The degrees of freedom that nothing holds; forces along the others move nothing.
    pub fn free(&self) -> &[usize] {
        &self.free
    }

    /// The change of every degree of freedom for a change of the forces along them (N·m or N), to first order.
    pub fn moved(&self, force: &[f64]) -> Vec<f64> {
        self.solved(force, self.rows.iter().map(|_| 0.0))
    }

    /// Where the rest of a changed body goes, to first order, for a slope of what it does not balance and does not meet.
    pub fn shift(&self, change: &Unrest) -> Vec<f64> {
        self.solved(&change.force, self.rows.iter().map(|&row| -change.conditions[row]))
    }

    fn solved(&self, force: &[f64], conditions: impl Iterator<Item = f64>) -> Vec<f64> {
        let mut step: Vec<f64> = self.free.iter().map(|&i| force[i]).chain(conditions).collect();
        lu_solve(&self.matrix, self.pivots.len(), &self.pivots, &mut step);
        let mut moved = vec![0.0; self.degrees];
        for (&i, s) in self.free.iter().zip(&step) {
            moved[i] = *s;
        }
        moved
    }
}

impl Equilibrium<'_> {
    /// What this body does not balance and does not meet at the rest of another one with the same parts.
    pub fn unrest(&mut self, task: &Task, hands: &[Hand], at: &Rest) -> Unrest {
        let task = &Task { contacts: Vec::new(), ..task.clone() };
        let mut search = self.held(task);
        search.q.clone_from(&at.solution.q);
        self.at.scratch.asked = Some(search.asked.clone());
        let mut force = self.pull(task, hands, &search);
        self.at.scratch.asked = None;
        search.conditions.update(self.system, task, &self.at.scratch.kinematics, &search.q);
        let n = search.q.len();
        for (row, carried) in at.compliance.multipliers.iter().enumerate() {
            for (force, slope) in force.iter_mut().zip(search.conditions.row(row, n)) {
                *force += carried * slope;
            }
        }
        Unrest { force, conditions: search.conditions.value }
    }
}
