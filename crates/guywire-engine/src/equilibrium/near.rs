//! Where a search starts from when a similar position, or the same one of a similar body, is solved already.
//!
//! Many bodies that differ in a few numbers `θ` are solved from one: the start is led along the lines that the solutions
//! of bodies with one number moved lay out, and the search begins with the curvature found there.
//!
//! ```text
//! x₀(θ) = x* + Σ_k s_k (x_k − x*)        x: pose, compressions, multipliers;  s_k: how far number k is moved
//! ```

use super::Solution;

/// A start of a search.
#[derive(Clone, Debug, PartialEq)]
pub struct Near {
    pub(super) q: Vec<f64>,
    pub(super) compression: Vec<f64>,
    pub(super) multipliers: Vec<f64>,
    pub(super) curvature: Option<Vec<f64>>,
}

impl From<&Solution> for Near {
    fn from(solution: &Solution) -> Self {
        Self {
            q: solution.q.clone(),
            compression: solution.compression.clone(),
            multipliers: solution.multipliers.clone(),
            curvature: None,
        }
    }
}

impl Near {
    /// The start moved by `share` of the way from `here` to `there`; all three of bodies with the same parts.
    pub fn lead(&mut self, share: f64, here: &Solution, there: &Solution) {
        let along = |x: &mut [f64], from: &[f64], to: &[f64]| {
            for ((x, from), to) in x.iter_mut().zip(from).zip(to) {
                *x += share * (to - from);
            }
        };
        along(&mut self.q, &here.q, &there.q);
        along(&mut self.compression, &here.compression, &there.compression);
        along(&mut self.multipliers, &here.multipliers, &there.multipliers);
    }
}
