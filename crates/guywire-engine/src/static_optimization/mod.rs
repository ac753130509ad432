//! Static optimisation of one frame: which controls of muscles and actuators give the generalised forces that
//! the motion needs, at least cost.
//!
//! ```text
//! minimise    Σ |z_i|^p                          z: activations of muscles, controls of actuators
//! subject to  Σ_i g_ji z_i = τ_j   for every j,   l_i ≤ z_i ≤ u_i
//! ```
//!
//! `g_ji` is the generalised force `j` (N·m or N) of one unit of control `i`: moment arm × strength for a muscle,
//! optimal force for a coordinate actuator. `τ` is what inverse dynamics asks for. The sum runs over actuators as
//! well as muscles, as in OpenSim's `StaticOptimization` (Anderson and Pandy 2001, J Biomech 34:153, with `p = 2`).
//!
//! `p = 2` is a quadratic programme with a diagonal Hessian, solved by the dual Newton method of
//! [`guywire_math::box_qp`] and then once more from its set of unknowns off their bounds alone, so that the
//! numbers do not depend on where the search started. Other exponents above 1 are solved by Newton steps on the
//! cost, each such a quadratic programme (`power`). For `p > 1` the cost is strictly convex: there is one answer.
//!
//! A frame that cannot be met is never a number: the error says which generalised forces are missing and which
//! unknowns act on them.

mod power;
#[cfg(test)]
mod tests;

use guywire_math::linalg::{cholesky, cholesky_solve};
use guywire_math::{BoxQp, BoxQpError, BoxQpSolution};

/// Stiffness with which the equalities are held in each round, cost per (N·m)²; large against the curvature of the
/// cost in any generalised force, so that two rounds leave round-off.
const STIFFNESS: f64 = 1e9;
/// Rounds of the method of multipliers.
const ROUNDS: usize = 3;
/// What may be left of an equality, relative to the largest generalised force asked for (at least 1 N·m or N).
const TOLERANCE: f64 = 1e-7;

/// The exponent of the cost is not a number above 1: the cost would not be strictly convex.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[error("activation exponent {exponent} is not above 1: the cost would have no single least value")]
pub struct ExponentError {
    /// The exponent.
    pub exponent: f64,
}

/// A generalised force that no allowed control supplies.
#[derive(Clone, Debug, PartialEq)]
pub struct Shortfall {
    /// The equality: a degree of freedom, or a combination of them that constraints leave free.
    pub row: usize,
    /// What is missing, N·m or N, positive along the degree of freedom.
    pub missing: f64,
    /// Unknowns that act in the missing direction, the one that could add most first.
    pub suppliers: Vec<Supplier>,
}

/// An unknown that acts in the direction of a shortfall.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Supplier {
    /// Index of the unknown.
    pub index: usize,
    /// What it gives now in the missing direction, N·m or N.
    pub given: f64,
    /// What its bounds would let it add, N·m or N; zero when it already gives all it can.
    pub remaining: f64,
}

/// Why a frame has no answer.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum StaticOptimizationError {
    /// The bounds of the controls do not allow the generalised forces asked for.
    #[error("{} generalised forces cannot be supplied", .shortfalls.len())]
    Infeasible {
        /// The generalised forces that are missing something, the largest first.
        shortfalls: Vec<Shortfall>,
    },
    /// A number of the frame is not finite, or a lower bound lies above its upper bound.
    #[error("unknown {unknown:?} has a number that is not finite or bounds in the wrong order")]
    NotFinite {
        /// The unknown; none when it is the generalised forces.
        unknown: Option<usize>,
    },
    /// The search did not end; a bug or numbers of wildly different size.
    #[error("the search did not end: {what}")]
    Unconverged {
        /// Which search.
        what: &'static str,
    },
}

/// The problem of one frame and its solution, reused from frame to frame without allocation.
#[derive(Clone, Debug)]
pub struct StaticOptimization {
    exponent: f64,
    qp: BoxQp,
    solution: BoxQpSolution,
    controls: Vec<f64>,
    newton: power::Newton,
    hessian: Vec<f64>,
    right: Vec<f64>,
    improper: Option<usize>,
}

impl StaticOptimization {
    /// A cost with this exponent (OpenSim's `activation_exponent`; 2 there by default).
    ///
    /// # Errors
    /// When the exponent is not a finite number above 1.
    pub fn new(exponent: f64) -> Result<Self, ExponentError> {
        if !(exponent > 1.0 && exponent.is_finite()) {
            return Err(ExponentError { exponent });
        }
        Ok(Self {
            exponent,
            qp: BoxQp::default(),
            solution: BoxQpSolution::default(),
            controls: Vec::new(),
            newton: power::Newton::default(),
            hessian: Vec::new(),
            right: Vec::new(),
            improper: None,
        })
    }

    /// Starts a new frame with these generalised forces to supply (N·m or N). Keeps the memory and, as the start of
    /// the search, the last frame's multipliers.
    pub fn begin(&mut self, required: &[f64]) {
        self.qp.clear(required.len(), STIFFNESS);
        for (constant, tau) in self.qp.constant.iter_mut().zip(required) {
            *constant = -tau;
        }
        self.improper = None;
    }

    /// Forgets the last frame: the next search starts cold.
    pub fn forget(&mut self) {
        self.solution.nu.clear();
    }

    /// Adds an unknown between `lower` and `upper` (infinite for none) that gives `gain` N·m or N of generalised
    /// force `row` per unit, for every `(row, gain)`.
    pub fn push(&mut self, gains: impl IntoIterator<Item = (usize, f64)>, lower: f64, upper: f64) {
        let unknown = self.qp.weight.len();
        let mut proper = lower <= upper && lower < f64::INFINITY && upper > f64::NEG_INFINITY;
        for (row, gain) in gains {
            proper &= gain.is_finite() && row < self.qp.rows;
            if gain != 0.0 && row < self.qp.rows {
                self.qp.index.push(row);
                self.qp.value.push(gain);
            }
        }
        if !proper {
            self.improper.get_or_insert(unknown);
        }
        self.qp.push(2.0, 0.0, lower, upper);
    }

    /// Solves the frame; the answer is in [`StaticOptimization::controls`].
    ///
    /// # Errors
    /// When the generalised forces cannot be supplied, or a number is not finite.
    pub fn solve(&mut self) -> Result<(), StaticOptimizationError> {
        if self.improper.is_some() {
            return Err(StaticOptimizationError::NotFinite { unknown: self.improper });
        }
        self.qp.solve(&mut self.solution, ROUNDS).map_err(|error| match error {
            BoxQpError::NotFinite => StaticOptimizationError::NotFinite { unknown: None },
            BoxQpError::Unconverged { .. } => {
                StaticOptimizationError::Unconverged { what: "quadratic programme" }
            }
        })?;
        let scale = self.qp.constant.iter().fold(1.0f64, |m, b| m.max(b.abs()));
        if self.solution.residual.iter().any(|r| r.abs() > TOLERANCE * scale) {
            let shortfalls = self.shortfalls(TOLERANCE * scale);
            return Err(StaticOptimizationError::Infeasible { shortfalls });
        }
        self.controls.clear();
        self.controls.extend_from_slice(&self.solution.z);
        self.settle(TOLERANCE * scale);
        if self.exponent != 2.0 {
            self.newton.minimise(self.exponent, &mut self.qp, &mut self.solution, &mut self.controls)?;
            self.close();
        }
        Ok(())
    }

    /// The solution: one control an unknown, in the order they were pushed.
    pub fn controls(&self) -> &[f64] {
        &self.controls
    }

    /// Cost of the solution, `Σ |z|^p`.
    pub fn cost(&self) -> f64 {
        power::cost(self.exponent, &self.controls)
    }

    /// What is left of an equality, N·m or N: what is required less what the controls give.
    pub fn residual(&self, row: usize) -> f64 {
        let mut left = -self.qp.constant[row];
        for (i, z) in self.controls.iter().enumerate() {
            for k in self.qp.start[i]..self.qp.start[i + 1] {
                if self.qp.index[k] == row {
                    left -= self.qp.value[k] * z;
                }
            }
        }
        left
    }

    /// Factors `A_F A_Fᵀ` over the unknowns off their bounds and puts `τ − A_B z_B − keep A_F z_F` into `right`, solved;
    /// false where that set does not determine it.
    fn solve_off_bounds(&mut self, keep: f64) -> bool {
        let (n, qp) = (self.qp.rows, &self.qp);
        self.hessian.resize(n * n, 0.0);
        self.hessian.fill(0.0);
        self.right.clear();
        self.right.extend(qp.constant.iter().map(|c| -c));
        for (i, &z) in self.controls.iter().enumerate() {
            let entries = qp.start[i]..qp.start[i + 1];
            let off = off_bounds(qp, i, z);
            for k in entries.clone() {
                self.right[qp.index[k]] -= qp.value[k] * if off { keep * z } else { z };
                for l in entries.clone().filter(|&l| off && qp.index[l] <= qp.index[k]) {
                    self.hessian[qp.index[k] * n + qp.index[l]] += qp.value[k] * qp.value[l];
                }
            }
        }
        if cholesky(&mut self.hessian, n).is_err() {
            return false;
        }
        cholesky_solve(&self.hessian, n, &mut self.right);
        true
    }

    /// `A_Fᵀ ν` of one unknown.
    fn pull(&self, i: usize) -> f64 {
        let qp = &self.qp;
        (qp.start[i]..qp.start[i + 1]).map(|k| qp.value[k] * self.right[qp.index[k]]).sum()
    }

    /// The quadratic programme's answer from its set of unknowns off their bounds alone: `A_F A_Fᵀ ν = τ − A_B z_B`,
    /// `z_F = A_Fᵀ ν`. Leaves the search's own answer where that set does not determine it.
    fn settle(&mut self, tolerance: f64) {
        if !self.solve_off_bounds(0.0) {
            return;
        }
        // Round-off of a badly conditioned set must not push an unknown over its bound or away from the answer.
        let close = |i: usize, z: f64| {
            let new = self.pull(i);
            (new - z).abs() <= tolerance * (1.0 + z.abs())
                && new >= self.qp.lower[i]
                && new <= self.qp.upper[i]
        };
        let off = |i: usize| off_bounds(&self.qp, i, self.controls[i]);
        if (0..self.controls.len()).all(|i| !off(i) || close(i, self.controls[i])) {
            for i in 0..self.controls.len() {
                if off_bounds(&self.qp, i, self.controls[i]) {
                    self.controls[i] = self.pull(i);
                }
            }
        }
    }

    /// Removes what round-off of many steps left of the equalities, by the least change of the unknowns off their bounds.
    fn close(&mut self) {
        if !self.solve_off_bounds(1.0) {
            return;
        }
        for i in 0..self.controls.len() {
            let z = self.controls[i];
            if off_bounds(&self.qp, i, z) {
                self.controls[i] = (z + self.pull(i)).clamp(self.qp.lower[i], self.qp.upper[i]);
            }
        }
    }

    /// What is missing beyond `tolerance`, and who acts on it.
    fn shortfalls(&self, tolerance: f64) -> Vec<Shortfall> {
        let (qp, s) = (&self.qp, &self.solution);
        let mut found: Vec<Shortfall> = Vec::new();
        for (row, residual) in s.residual.iter().enumerate() {
            // ρ closes A z + b + ρ = 0 with b = −τ, so it is what the controls do not give.
            if residual.abs() <= tolerance {
                continue;
            }
            let direction = residual.signum();
            let mut suppliers: Vec<Supplier> = (0..s.z.len())
                .flat_map(|i| {
                    (qp.start[i]..qp.start[i + 1]).filter(|&k| qp.index[k] == row).map(move |k| (i, k))
                })
                .map(|(index, k)| {
                    let gain = qp.value[k] * direction;
                    let room =
                        if gain > 0.0 { qp.upper[index] - s.z[index] } else { s.z[index] - qp.lower[index] };
                    Supplier { index, given: gain * s.z[index], remaining: gain.abs() * room.max(0.0) }
                })
                .filter(|supplier| supplier.given > 0.0 || supplier.remaining > 0.0)
                .collect();
            suppliers.sort_by(|a, b| {
                (b.remaining, b.given)
                    .partial_cmp(&(a.remaining, a.given))
                    .unwrap_or(std::cmp::Ordering::Equal)
            });
            found.push(Shortfall { row, missing: *residual, suppliers });
        }
        found.sort_by(|a, b| b.missing.abs().total_cmp(&a.missing.abs()));
        found
    }
}

fn off_bounds(qp: &BoxQp, i: usize, z: f64) -> bool {
    z > qp.lower[i] && z < qp.upper[i]
}
