//! Costs with an exponent other than 2: steps on `Σ |z|^p`, each a quadratic programme.
//!
//! ```text
//! d = argmin  Σ p |z|^(p−1) sgn(z) d + ½ w d²     with z + d within the bounds, A d = 0
//! w = p (p − 1) |z|^(p−2)     p > 2: Newton
//! w = p |z|^(p−2)             p < 2: a parabola above the cost everywhere, touching it at z
//! ```
//!
//! Newton's own parabola lies below the cost for `p < 2` and would step across zero for ever; the one above it is
//! iteratively reweighted least squares (Lawson 1961), which never raises the cost. Every iterate meets the
//! equalities, because it lies on the line between two points that do. A step is halved until the cost falls enough
//! (Armijo 1966). Curvatures are kept within a range: near `z = 0` they vanish (`p > 2`) or grow without bound
//! (`p < 2`), where the cost hardly depends on `z` at all.

use super::StaticOptimizationError;
use guywire_math::{BoxQp, BoxQpSolution};

/// Greatest ratio between the curvatures of two unknowns in a Newton step; round-off of the equalities grows with it.
const NEWTON_RANGE: f64 = 1e7;
/// The same in a reweighted step, where large curvatures soften the equalities.
const REWEIGHTED_RANGE: f64 = 1e6;
/// Most steps. The slowest convergence shrinks errors by `1 − 1/(p−1)` (a zero at the answer, `p > 2`) or `2 − p`.
const MOST_STEPS: usize = 500;
/// The expected fall of the cost, relative to it, at which the search ends.
const CONVERGED: f64 = 1e-18;
/// The expected fall, relative to the cost, below which round-off hides whether the cost fell.
const HIDDEN: f64 = 1e-13;
/// The expected fall, relative to the cost, at which the search may end because the cost hardly falls any more.
const STALLED: f64 = 1e-8;
/// What hardly falling is, relative to the cost.
const STILL: f64 = 1e-12;
/// After this many such steps in a row.
const MOST_STALLED: usize = 20;

/// `|z|^p` summed.
pub(super) fn cost(p: f64, z: &[f64]) -> f64 {
    if p == 2.0 {
        return z.iter().map(|v| v * v).sum();
    }
    z.iter().map(|v| libm::pow(v.abs(), p)).sum()
}

/// Memory of the search.
#[derive(Clone, Debug, Default)]
pub(super) struct Newton {
    trial: Vec<f64>,
}

impl Newton {
    /// Moves `z`, which meets the equalities and bounds of `qp`, to the least cost.
    pub(super) fn minimise(
        &mut self,
        p: f64,
        qp: &mut BoxQp,
        solution: &mut BoxQpSolution,
        z: &mut [f64],
    ) -> Result<(), StaticOptimizationError> {
        let unconverged = StaticOptimizationError::Unconverged { what: "cost with this exponent" };
        self.trial.clear();
        self.trial.resize(z.len(), 0.0);
        let (mut value, mut stalled) = (cost(p, z), 0);
        for _ in 0..MOST_STEPS {
            if !quadratic_model(p, qp, z) {
                // Nothing costs anything: every control is zero.
                return Ok(());
            }
            if qp.solve(solution, super::ROUNDS).is_err() {
                return Err(unconverged);
            }
            let slope: f64 = z
                .iter()
                .zip(&solution.z)
                .map(|(&from, to)| p * libm::pow(from.abs(), p - 1.0) * from.signum() * (to - from))
                .sum();
            if slope.is_nan() {
                return Err(unconverged);
            }
            if -slope <= CONVERGED * value {
                return Ok(());
            }
            let before = value;
            let mut length = 1.0;
            loop {
                for (i, (trial, &from)) in self.trial.iter_mut().zip(&*z).enumerate() {
                    // Between two points within the bounds; the clamp is for round-off.
                    *trial = (from + length * (solution.z[i] - from)).clamp(qp.lower[i], qp.upper[i]);
                }
                let reached = cost(p, &self.trial);
                if reached <= value + 1e-4 * length * slope || -slope <= HIDDEN * value {
                    z.copy_from_slice(&self.trial);
                    value = reached;
                    break;
                }
                length *= 0.5;
                if length < 1e-12 {
                    // No step lowers the cost any more: this is as exact as the numbers allow.
                    return Ok(());
                }
            }
            // Unknowns near zero can swing at a level that the cost does not see.
            let still = -slope <= STALLED * value && before - value <= STILL * value;
            stalled = if still { stalled + 1 } else { 0 };
            if stalled == MOST_STALLED {
                return Ok(());
            }
        }
        Err(unconverged)
    }
}

/// Puts the parabola of the cost at `z` into the programme, as a function of the new `z`; false if the cost is flat.
fn quadratic_model(p: f64, qp: &mut BoxQp, z: &[f64]) -> bool {
    let factor = if p > 2.0 { p * (p - 1.0) } else { p };
    let curvature = |v: f64| factor * libm::pow(v.abs(), p - 2.0);
    let bounded = |w: f64| if w.is_finite() { w } else { 0.0 };
    let most = z.iter().fold(0.0f64, |m, &v| m.max(bounded(curvature(v))));
    // For p < 2 the smallest curvature belongs to the largest unknowns, which are the ones that matter.
    let least = z.iter().fold(f64::INFINITY, |m, &v| m.min(curvature(v)));
    let (low, high) = if p > 2.0 { (most / NEWTON_RANGE, most) } else { (least, least * REWEIGHTED_RANGE) };
    // The programme's equalities are held with a fixed stiffness, which wants curvatures of order one.
    let unit = if p > 2.0 { high } else { low };
    if !(unit > 0.0 && unit.is_finite()) {
        return false;
    }
    for (i, &v) in z.iter().enumerate() {
        qp.weight[i] = curvature(v).clamp(low, high) / unit;
        qp.linear[i] = p * libm::pow(v.abs(), p - 1.0) * v.signum() / unit - qp.weight[i] * v;
    }
    true
}
