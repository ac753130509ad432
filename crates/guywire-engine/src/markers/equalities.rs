//! Constraints that a fitted pose keeps, by the method of multipliers.
//!
//! ```text
//! minimise  E(q) + νᵀc(q) + ½ μ |c(q)|²,   then  ν ← ν + μ c,   until  |c| vanishes
//! ```
//!
//! Each round shortens `c` by about the ratio of the curvature of `E` to `μ` (Hestenes 1969, J Optim Theory Appl
//! 4:303). Redundant equations share a multiplier and do no harm. From frame to frame the multipliers stay, so that
//! one or two rounds do.

use super::normal::Normal;
use crate::constraint::Constraint;
use crate::kinematics::Kinematics;
use crate::model::Model;

/// First weight μ of the squared errors: the curvature of a cost of markers is that of lever arms squared, 0.01 to
/// 1 m² or m²/rad², so that a round gains three digits or more (assumed).
const WEIGHT: f64 = 1e3;

/// Constraints on poses and the memory to keep them.
#[derive(Clone, Debug)]
pub(super) struct Equalities {
    constraints: Vec<Constraint>,
    errors: Vec<f64>,
    rows: Vec<f64>,
    multipliers: Vec<f64>,
    weight: f64,
    last: f64,
}

impl Equalities {
    pub(super) fn new(model: &Model, constraints: Vec<Constraint>) -> Self {
        let constraints: Vec<Constraint> =
            constraints.into_iter().filter(Constraint::is_positional).collect();
        let equations: usize = constraints.iter().map(Constraint::equations).sum();
        Self {
            constraints,
            errors: Vec::with_capacity(equations),
            rows: vec![0.0; equations * model.dof()],
            multipliers: vec![0.0; equations],
            weight: WEIGHT,
            last: f64::INFINITY,
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.constraints.is_empty()
    }

    /// What the errors at a pose add to the cost.
    pub(super) fn evaluate(&mut self, kinematics: &Kinematics<f64>, time: f64) -> f64 {
        self.errors.clear();
        for constraint in &self.constraints {
            constraint.errors(kinematics, time, |e| self.errors.push(e));
        }
        let part = |(c, nu): (&f64, &f64)| nu * c + 0.5 * self.weight * c * c;
        self.errors.iter().zip(&self.multipliers).map(part).sum()
    }

    /// Adds to gradient and curvature at the pose last evaluated.
    pub(super) fn linearise(&mut self, model: &Model, kinematics: &Kinematics<f64>, normal: &mut Normal) {
        let n = model.dof();
        self.fill_rows(model, kinematics);
        for ((row, c), nu) in self.rows.chunks_exact(n.max(1)).zip(&self.errors).zip(&self.multipliers) {
            let force = nu + self.weight * c;
            for (i, a) in row.iter().enumerate().filter(|(_, a)| **a != 0.0) {
                normal.gradient[i] += a * force;
                for (j, b) in row[..=i].iter().enumerate() {
                    normal.gauss[i * n + j] += self.weight * a * b;
                }
            }
        }
    }

    fn fill_rows(&mut self, model: &Model, kinematics: &Kinematics<f64>) {
        let (n, mut start) = (model.dof(), 0);
        self.rows.fill(0.0);
        for constraint in &self.constraints {
            let end = start + constraint.equations() * n;
            constraint.add_rows(model, kinematics, &mut self.rows[start..end]);
            start = end;
        }
    }

    /// Marks the degrees of freedom that the constraints tie to others at a pose.
    pub(super) fn mark(&mut self, model: &Model, kinematics: &Kinematics<f64>, determined: &mut [bool]) {
        let n = model.dof();
        self.fill_rows(model, kinematics);
        for row in self.rows.chunks_exact(n.max(1)) {
            for (mark, a) in determined.iter_mut().zip(row) {
                *mark |= *a != 0.0;
            }
        }
    }

    /// The greatest error at the pose last evaluated, m or rad, and the constraint that has it.
    pub(super) fn worst(&self) -> (f64, usize) {
        let (mut worst, mut equation) = ((0.0, 0), 0);
        for (k, constraint) in self.constraints.iter().enumerate() {
            for error in self.errors.iter().skip(equation).take(constraint.equations()) {
                if error.abs() > worst.0 {
                    worst = (error.abs(), k);
                }
            }
            equation += constraint.equations();
        }
        worst
    }

    /// Starts the rounds of a frame.
    pub(super) fn start(&mut self) {
        (self.weight, self.last) = (WEIGHT, f64::INFINITY);
    }

    /// Ends a round: the multipliers take over what the errors pull with.
    pub(super) fn next_round(&mut self) {
        for (nu, c) in self.multipliers.iter_mut().zip(&self.errors) {
            *nu += self.weight * c;
        }
        let worst = self.worst().0;
        if worst > 0.1 * self.last {
            self.weight *= 10.0;
        }
        self.last = worst;
    }

    /// Forgets the multipliers, after a round that led nowhere.
    pub(super) fn forget(&mut self) {
        self.multipliers.fill(0.0);
    }
}
