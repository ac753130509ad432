//! A quadratic programme with a diagonal Hessian, bounds, and softly held equalities.
//!
//! ```text
//! minimise    Σ ½ wᵢ zᵢ² + cᵢ zᵢ  +  ½ W ‖ρ‖²
//! subject to  A z + b + ρ = 0,   lᵢ ≤ zᵢ ≤ uᵢ
//! ```
//!
//! which is what sharing a load among many muscles comes to: few equalities (degrees of freedom), many
//! bounded unknowns. Its dual is a concave, piecewise quadratic function of as many unknowns as there are
//! equalities,
//!
//! ```text
//! D(ν) = Σ min_z [½ w z² + (c + Aᵀν) z] + νᵀb − ‖ν − ν₀‖² / 2W
//! ```
//!
//! maximised by a semismooth Newton method (Qi and Sun 1993, Math Program 58:353) that ends exactly when
//! the set of unknowns off their bounds stops changing. Moving the centre `ν₀` to the last solution and
//! solving again is the method of multipliers (Rockafellar 1976): it drives ρ to zero where that is
//! possible at all.

use crate::linalg::{add_scaled, cholesky, cholesky_solve, dot};

/// The data of one programme; the columns of `A` are sparse.
#[derive(Clone, Debug, Default)]
pub struct BoxQp {
    /// Number of equalities.
    pub rows: usize,
    /// Positive curvature `w` of every unknown.
    pub weight: Vec<f64>,
    /// Slope `c` of every unknown's cost at zero.
    pub linear: Vec<f64>,
    /// Lower bounds.
    pub lower: Vec<f64>,
    /// Upper bounds.
    pub upper: Vec<f64>,
    /// Where each unknown's entries start in `index` and `value`; one more than there are unknowns.
    pub start: Vec<usize>,
    /// Rows of the entries of `A`, ascending within a column once it is pushed.
    pub index: Vec<usize>,
    /// Values of the entries of `A`.
    pub value: Vec<f64>,
    /// The constant `b`.
    pub constant: Vec<f64>,
    /// Stiffness `W` with which the equalities are held.
    pub stiffness: f64,
}

/// Solution and scratch memory, reused from solve to solve; `nu` is the warm start.
#[derive(Clone, Debug, Default)]
pub struct BoxQpSolution {
    /// The unknowns.
    pub z: Vec<f64>,
    /// The multipliers of the equalities: the cost of one more unit of `b`.
    pub nu: Vec<f64>,
    /// What is left of the equalities, `ρ = −(A z + b)`.
    pub residual: Vec<f64>,
    /// Newton steps taken.
    pub iterations: usize,
    /// Optimal value, ½ W ‖ρ‖² included.
    pub cost: f64,
    center: Vec<f64>,
    gradient: Vec<f64>,
    step: Vec<f64>,
    /// `c + Aᵀν` of every unknown, and `Aᵀ step`.
    pull: Vec<f64>,
    along: Vec<f64>,
    /// Which unknowns are off their bounds, and for which the Hessian stands factored.
    free: Vec<bool>,
    factored: Vec<bool>,
    /// Negative Hessian of the dual (lower half), and its factor.
    bend: Vec<f64>,
    hessian: Vec<f64>,
    /// Unknowns at a trial of the line search.
    trial: Vec<f64>,
}

/// The programme could not be solved.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum BoxQpError {
    /// A number in the data is not finite.
    NotFinite,
    /// The Newton steps did not end; the largest entry of the dual gradient is given.
    Unconverged {
        /// Largest entry of the dual gradient.
        gradient: f64,
    },
}

impl BoxQp {
    /// Forgets all unknowns and equalities, keeping the memory.
    pub fn clear(&mut self, rows: usize, stiffness: f64) {
        self.rows = rows;
        self.stiffness = stiffness;
        for v in [&mut self.weight, &mut self.linear, &mut self.lower, &mut self.upper, &mut self.value] {
            v.clear();
        }
        self.index.clear();
        self.start.clear();
        self.start.push(0);
        self.constant.clear();
        self.constant.resize(rows, 0.0);
    }

    /// Adds an unknown; its column is what has been pushed to `index` and `value` since the last one.
    pub fn push(&mut self, weight: f64, linear: f64, lower: f64, upper: f64) {
        self.sort_column();
        self.weight.push(weight);
        self.linear.push(linear);
        self.lower.push(lower);
        self.upper.push(upper);
        self.start.push(self.index.len());
    }

    /// Puts the last column's entries into ascending order of their rows, as nearly all come; insertion keeps those.
    fn sort_column(&mut self) {
        let first = self.start.last().copied().unwrap_or(0);
        for last in first + 1..self.index.len() {
            let mut k = last;
            while k > first && self.index[k - 1] > self.index[k] {
                self.index.swap(k - 1, k);
                self.value.swap(k - 1, k);
                k -= 1;
            }
        }
    }

    /// `Aᵀ v`, and what `from` gives for each unknown.
    fn pulls(&self, v: &[f64], from: impl Fn(usize) -> f64, pulls: &mut Vec<f64>) {
        pulls.clear();
        pulls.extend(self.start.windows(2).enumerate().map(|(i, ends)| {
            let entries = ends[0]..ends[1];
            let own = self.index[entries.clone()].iter().zip(&self.value[entries]);
            from(i) + own.map(|(&j, a)| a * v[j]).sum::<f64>()
        }));
    }

    /// The unknown that minimises the Lagrangian under a pull `c + Aᵀν`, and whether it is off its bounds.
    #[inline]
    fn respond(&self, i: usize, pull: f64) -> (f64, bool) {
        let z = -pull / self.weight[i];
        if z <= self.lower[i] {
            (self.lower[i], false)
        } else if z >= self.upper[i] {
            (self.upper[i], false)
        } else {
            (z, true)
        }
    }

    /// Dual value at `ν`, whose pulls stand; fills the unknowns, which of them are free, and the dual gradient
    /// `A z + b − (ν − ν₀)/W`.
    fn dual(&self, s: &mut BoxQpSolution) -> f64 {
        let mut value = 0.0;
        for j in 0..self.rows {
            let off = s.nu[j] - s.center[j];
            s.gradient[j] = self.constant[j] - off / self.stiffness;
            value += s.nu[j] * self.constant[j] - 0.5 * off * off / self.stiffness;
        }
        for (i, &pull) in s.pull.iter().enumerate() {
            let (z, free) = self.respond(i, pull);
            (s.z[i], s.free[i]) = (z, free);
            if z == 0.0 {
                continue;
            }
            for k in self.start[i]..self.start[i + 1] {
                s.gradient[self.index[k]] += self.value[k] * z;
            }
            value += (0.5 * self.weight[i] * z + pull) * z;
        }
        value
    }

    /// Solves from the multipliers in `solution` (zeros if it is new). `rounds` is the number of times the
    /// centre moves: 1 solves the programme as stated, more drive the residual towards zero.
    ///
    /// # Errors
    /// When the data are not finite or the steps do not end.
    pub fn solve(&self, solution: &mut BoxQpSolution, rounds: usize) -> Result<(), BoxQpError> {
        let (n, count) = (self.rows, self.weight.len());
        let finite = |v: &[f64]| v.iter().all(|x| x.is_finite());
        if !(finite(&self.value) && finite(&self.constant) && finite(&self.linear) && finite(&self.weight)) {
            return Err(BoxQpError::NotFinite);
        }
        let s = solution;
        if s.nu.len() != n || !finite(&s.nu) {
            s.nu = vec![0.0; n];
        }
        for v in [&mut s.center, &mut s.gradient, &mut s.step, &mut s.residual] {
            v.clear();
            v.resize(n, 0.0);
        }
        s.z.clear();
        s.z.resize(count, 0.0);
        s.free.clear();
        s.free.resize(count, false);
        // Those of another programme.
        let mut stands = false;
        s.bend.resize(n * n, 0.0);
        s.hessian.resize(n * n, 0.0);
        s.iterations = 0;
        // The dual gradient is a residual of the balance: it ends at round-off of the loads themselves.
        let scale = self.constant.iter().fold(1.0f64, |m, b| m.max(b.abs()));
        for round in 0..rounds {
            if round > 0 {
                s.center.copy_from_slice(&s.nu);
            }
            self.pulls(&s.nu, |i| self.linear[i], &mut s.pull);
            let mut value = self.dual(s);
            let mut ended = false;
            for _ in 0..1000 {
                s.iterations += 1;
                if !stands || s.factored != s.free {
                    stands = self.factor(s, stands);
                    if !stands {
                        break;
                    }
                }
                s.step.copy_from_slice(&s.gradient);
                cholesky_solve(&s.hessian, n, &mut s.step);
                let ascent: f64 = s.step.iter().zip(&s.gradient).map(|(d, g)| d * g).sum();
                // Twice the distance to the optimum, as the quadratic piece at hand sees it.
                let last = ascent < 1e-17 * (1.0 + value.abs());
                let moved = self.line_search(s, ascent, &mut value);
                if last {
                    ended = true;
                    break;
                }
                if !moved {
                    // No step raises the dual any more: this is as exact as the numbers allow.
                    break;
                }
            }
            if !ended {
                self.pulls(&s.nu, |i| self.linear[i], &mut s.pull);
                value = self.dual(s);
                let gradient = s.gradient.iter().fold(0.0f64, |m, g| m.max(g.abs()));
                if gradient.is_nan() || gradient > 1e-6 * scale {
                    return Err(BoxQpError::Unconverged { gradient });
                }
            }
            s.cost = value;
        }
        for j in 0..n {
            // The gradient's vanishing gives ρ = −(A z + b) = −(ν − ν₀)/W up to round-off.
            s.residual[j] = -(s.nu[j] - s.center[j]) / self.stiffness - s.gradient[j];
        }
        Ok(())
    }

    /// Goes along `step` to where the dual's slope has nearly vanished: by regula falsi on the slope, which
    /// only falls (the dual is concave), and by halving its logarithm in between, because its kinks may
    /// lie orders of magnitude apart. False if the slope does not vanish within round-off.
    fn line_search(&self, s: &mut BoxQpSolution, ascent: f64, value: &mut f64) -> bool {
        self.pulls(&s.step, |_| 0.0, &mut s.along);
        let (mut start, mut bend) = (0.0, 0.0);
        for j in 0..self.rows {
            start += s.step[j] * (self.constant[j] - (s.nu[j] - s.center[j]) / self.stiffness);
            bend += s.step[j] * s.step[j] / self.stiffness;
        }
        let (mut low, mut high): ((f64, f64), Option<(f64, f64)>) = ((0.0, ascent), None);
        let mut length = 1.0;
        for trial in 0..200 {
            let slope = start - length * bend + self.slope(s, length);
            if slope.abs() <= 0.2 * ascent || (high.is_none() && slope > 0.0) {
                add_scaled(&mut s.nu, length, &s.step);
                add_scaled(&mut s.pull, length, &s.along);
                *value = self.dual(s);
                return true;
            }
            if slope > 0.0 {
                low = (length, slope);
            } else {
                high = Some((length, slope));
            }
            let (end, fall) = high.unwrap_or((length, slope));
            if end - low.0 <= 1e-15 * end {
                break;
            }
            length = if trial % 2 == 0 {
                low.0 + low.1 / (low.1 - fall) * (end - low.0)
            } else if low.0 > 0.0 {
                libm::sqrt(low.0 * end)
            } else {
                0.01 * end
            };
        }
        false
    }

    /// What the unknowns add to the slope of the dual so far along the step.
    fn slope(&self, s: &mut BoxQpSolution, length: f64) -> f64 {
        let bounds = self.lower.iter().zip(&self.upper).zip(&self.weight);
        let pulls = s.pull.iter().zip(&s.along);
        s.trial.clear();
        s.trial.extend(bounds.zip(pulls).map(|(((&lower, &upper), weight), (pull, along))| {
            let z = -(pull + length * along) / weight;
            // Not `clamp`, which minds what is no number: none is here, and without it this goes two by two.
            let z = if z > lower { z } else { lower };
            if z < upper { z } else { upper }
        }));
        dot(&s.along, &s.trial)
    }

    /// Factors the Hessian over the unknowns off their bounds. Where one stands, what came free is added to it and what
    /// met a bound is taken off; what rounding leaves of that only bends the step, and if too much, all are added anew.
    fn factor(&self, s: &mut BoxQpSolution, stands: bool) -> bool {
        let n = self.rows;
        for anew in [!stands, true] {
            if anew {
                self.assemble(|i| s.free[i], &mut s.bend);
            } else {
                for i in 0..self.weight.len() {
                    if s.free[i] != s.factored[i] {
                        self.add_column(i, if s.free[i] { 1.0 } else { -1.0 }, &mut s.bend);
                    }
                }
            }
            s.factored.clone_from(&s.free);
            s.hessian.copy_from_slice(&s.bend);
            if cholesky(&mut s.hessian, n).is_ok() {
                return true;
            }
        }
        false
    }

    /// Negative Hessian of the dual at multipliers `nu`: `A_F W_F⁻¹ A_Fᵀ + 1/W` over the unknowns off their bounds (lower
    /// half).
    pub fn curvature(&self, nu: &[f64], hessian: &mut [f64]) {
        let mut pulls = Vec::new();
        self.pulls(nu, |i| self.linear[i], &mut pulls);
        self.assemble(|i| self.respond(i, pulls[i]).1, hessian);
    }

    fn assemble(&self, free: impl Fn(usize) -> bool, hessian: &mut [f64]) {
        let n = self.rows;
        hessian.fill(0.0);
        for j in 0..n {
            hessian[j * n + j] = 1.0 / self.stiffness;
        }
        for i in (0..self.weight.len()).filter(|&i| free(i)) {
            self.add_column(i, 1.0, hessian);
        }
    }

    /// Adds `sign · a aᵀ / w` of an unknown.
    fn add_column(&self, i: usize, sign: f64, hessian: &mut [f64]) {
        let n = self.rows;
        let entries = self.start[i]..self.start[i + 1];
        let (index, value) = (&self.index[entries.clone()], &self.value[entries]);
        for (k, (&j, v)) in index.iter().zip(value).enumerate() {
            let a = sign * v / self.weight[i];
            let row = &mut hessian[j * n..=j * n + j];
            // Rows ascend: what stands before is in the lower half.
            for (&l, v) in index[..=k].iter().zip(&value[..=k]) {
                row[l] += a * v;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn programme(a: &[f64], b: &[f64], rows: usize) -> BoxQp {
        let mut qp = BoxQp::default();
        qp.clear(rows, 1e4);
        qp.constant.copy_from_slice(b);
        for (i, column) in a.chunks(rows).enumerate() {
            for (j, v) in column.iter().enumerate() {
                qp.index.push(j);
                qp.value.push(*v);
            }
            qp.push(1.0 + 0.1 * i as f64, 0.05 * (i % 3) as f64, 0.0, 1.0);
        }
        qp
    }

    proptest! {
        /// Every solution satisfies the optimality conditions of the programme, written out afresh.
        #[test]
        fn solutions_satisfy_the_optimality_conditions(
            a in proptest::collection::vec(-2.0..2.0f64, 4 * 12),
            b in proptest::collection::vec(-3.0..3.0f64, 4),
        ) {
            let qp = programme(&a, &b, 4);
            let mut s = BoxQpSolution::default();
            qp.solve(&mut s, 1).unwrap();
            for j in 0..4 {
                let sum: f64 = b[j] + (0..12).map(|i| a[4 * i + j] * s.z[i]).sum::<f64>();
                prop_assert!((sum + s.residual[j]).abs() < 1e-8);
                prop_assert!((s.nu[j] + 1e4 * s.residual[j]).abs() < 1e-3 * (1.0 + s.nu[j].abs()));
            }
            for i in 0..12 {
                let slope = qp.weight[i] * s.z[i] + qp.linear[i] + (0..4).map(|j| a[4 * i + j] * s.nu[j]).sum::<f64>();
                prop_assert!(s.z[i] >= 0.0 && s.z[i] <= 1.0);
                if s.z[i] > 0.0 { prop_assert!(slope < 1e-7 * (1.0 + slope.abs())); }
                if s.z[i] < 1.0 { prop_assert!(slope > -1e-7 * (1.0 + slope.abs())); }
            }
            // Cost from the dual equals cost from the primal.
            let primal: f64 = (0..12).map(|i| (0.5 * qp.weight[i] * s.z[i] + qp.linear[i]) * s.z[i]).sum::<f64>()
                + s.residual.iter().map(|r| 0.5e4 * r * r).sum::<f64>();
            prop_assert!((primal - s.cost).abs() < 1e-6 * (1.0 + primal.abs()), "{primal} {}", s.cost);
        }
    }

    #[test]
    fn further_rounds_remove_the_residual_where_possible() {
        let qp = programme(&[1.0, 0.0, 0.0, 1.0, 0.5, 0.5], &[-0.8, -0.4], 2);
        let mut s = BoxQpSolution::default();
        qp.solve(&mut s, 1).unwrap();
        assert!(s.residual.iter().any(|r| r.abs() > 1e-6));
        qp.solve(&mut s, 3).unwrap();
        assert!(s.residual.iter().all(|r| r.abs() < 1e-9), "{:?}", s.residual);
    }

    #[test]
    fn a_programme_without_unknowns_leaves_the_constant() {
        let mut qp = BoxQp::default();
        qp.clear(2, 10.0);
        qp.constant.copy_from_slice(&[0.5, -2.0]);
        let mut s = BoxQpSolution::default();
        qp.solve(&mut s, 1).unwrap();
        assert!(
            (s.residual[0] + 0.5).abs() < 1e-12 && (s.residual[1] - 2.0).abs() < 1e-12,
            "{:?}",
            s.residual
        );
    }

    #[test]
    fn bad_numbers_are_refused() {
        let mut qp = programme(&[1.0, f64::NAN], &[0.0, 0.0], 2);
        assert_eq!(qp.solve(&mut BoxQpSolution::default(), 1), Err(BoxQpError::NotFinite));
        qp.value[1] = 1.0;
        assert_eq!(qp.solve(&mut BoxQpSolution::default(), 1), Ok(()));
    }
}
