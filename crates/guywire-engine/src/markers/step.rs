//! One bounded, damped Newton step.
//!
//! ```text
//! (H + λ D) d = −g   over the degrees of freedom that are free,   l ≤ q + d ≤ u
//! ```
//!
//! `D` is the diagonal of the Gauss–Newton matrix, so that the damping knows no units. A step that would
//! cross a bound ends on it and the others are solved again; a degree of freedom that lies on a bound and is
//! pulled outwards is not free.

use super::normal::Normal;
use guywire_math::linalg::{cholesky, cholesky_solve};

/// Damping below which a step counts as undamped.
pub(super) const NO_DAMPING: f64 = 1e-9;

/// Least pivot of the matrix scaled to a unit diagonal; below it the matrix counts as singular.
/// Rounding of a 40-row factorisation is 1e-14.
const LEAST_PIVOT: f64 = 1e-12;

/// Longest step, rad or m: beyond it the quadratic model says nothing.
const LONGEST_STEP: f64 = 1.0;

/// A step and the memory to find it.
#[derive(Clone, Debug)]
pub(super) struct BoundedStep {
    pub(super) lower: Vec<f64>,
    pub(super) upper: Vec<f64>,
    /// The step.
    pub(super) change: Vec<f64>,
    free: Vec<usize>,
    scale: Vec<f64>,
    matrix: Vec<f64>,
    right: Vec<f64>,
}

impl BoundedStep {
    pub(super) fn new(n: usize) -> Self {
        Self {
            lower: vec![f64::NEG_INFINITY; n],
            upper: vec![f64::INFINITY; n],
            change: vec![0.0; n],
            free: Vec::with_capacity(n),
            scale: vec![0.0; n],
            matrix: vec![0.0; n * n],
            right: vec![0.0; n],
        }
    }

    /// Finds the step; returns the decrease of the cost that it promises and the damping that it took.
    pub(super) fn solve(
        &mut self,
        normal: &Normal,
        determined: &[bool],
        q: &[f64],
        mut damping: f64,
    ) -> (f64, f64) {
        let n = q.len();
        self.set_scale(normal);
        // Second-order terms as long as they leave a valley to walk down; the sum of squares alone always does.
        let mut second = true;
        'damped: loop {
            self.set_free(normal, determined, q);
            self.change.fill(0.0);
            loop {
                let m = self.free.len();
                if m == 0 {
                    break;
                }
                for (a, &i) in self.free.iter().enumerate() {
                    let mut right = -normal.gradient[i];
                    for j in 0..n {
                        if self.change[j] != 0.0 {
                            right -= entry(normal, i, j, second) * self.change[j];
                        }
                    }
                    self.right[a] = right * self.scale[i];
                    for (b, &j) in self.free[..=a].iter().enumerate() {
                        self.matrix[a * m + b] = entry(normal, i, j, second) * self.scale[i] * self.scale[j];
                    }
                    self.matrix[a * m + a] += damping;
                }
                let sound = cholesky(&mut self.matrix[..m * m], m).is_ok()
                    && (0..m).all(|a| self.matrix[a * m + a] * self.matrix[a * m + a] > LEAST_PIVOT);
                if !sound {
                    if second {
                        second = false;
                    } else {
                        damping = f64::max(10.0 * damping, 1e-10);
                    }
                    continue 'damped;
                }
                cholesky_solve(&self.matrix[..m * m], m, &mut self.right[..m]);
                // Those that would cross a bound end on it; the rest again.
                let mut crossed = false;
                for a in (0..m).rev() {
                    let i = self.free[a];
                    let to = q[i] + self.right[a] * self.scale[i];
                    if to < self.lower[i] || to > self.upper[i] {
                        self.change[i] = to.clamp(self.lower[i], self.upper[i]) - q[i];
                        self.free.remove(a);
                        crossed = true;
                    }
                }
                if !crossed {
                    for (a, &i) in self.free.iter().enumerate() {
                        self.change[i] = self.right[a] * self.scale[i];
                    }
                    break;
                }
            }
            break;
        }
        let longest = self.change.iter().fold(0.0, |most, d| f64::max(most, d.abs()));
        if longest > LONGEST_STEP {
            self.change.iter_mut().for_each(|d| *d *= LONGEST_STEP / longest);
        }
        let mut predicted = 0.0;
        for i in 0..n {
            let mut curved = 0.0;
            for j in 0..n {
                curved += entry(normal, i, j, second) * self.change[j];
            }
            predicted -= self.change[i] * (normal.gradient[i] + 0.5 * curved);
        }
        (f64::max(predicted, 0.0), damping)
    }

    /// Diagonal of the inverse of the curvature: infinite for what is not determined, zero on a bound.
    pub(super) fn inverse_diagonal(&mut self, normal: &Normal, determined: &[bool], q: &[f64]) -> Vec<f64> {
        self.set_scale(normal);
        self.set_free(normal, determined, q);
        let m = self.free.len();
        let mut out: Vec<f64> = determined.iter().map(|d| if *d { 0.0 } else { f64::INFINITY }).collect();
        for (a, &i) in self.free.iter().enumerate() {
            for (b, &j) in self.free[..=a].iter().enumerate() {
                self.matrix[a * m + b] = entry(normal, i, j, true) * self.scale[i] * self.scale[j];
            }
        }
        let sound = cholesky(&mut self.matrix[..m * m], m).is_ok();
        for a in 0..m {
            let i = self.free[a];
            if !sound {
                out[i] = f64::INFINITY;
                continue;
            }
            self.right[..m].fill(0.0);
            self.right[a] = 1.0;
            cholesky_solve(&self.matrix[..m * m], m, &mut self.right[..m]);
            out[i] = self.right[a] * self.scale[i] * self.scale[i];
        }
        out
    }

    fn set_scale(&mut self, normal: &Normal) {
        let n = self.scale.len();
        let largest = (0..n).fold(0.0, |most, i| f64::max(most, normal.gauss[i * n + i]));
        for (i, scale) in self.scale.iter_mut().enumerate() {
            // The floor keeps a coordinate at a standstill of its function (slope zero) finite.
            let diagonal = f64::max(normal.gauss[i * n + i], 1e-12 * largest + f64::MIN_POSITIVE);
            *scale = 1.0 / libm::sqrt(diagonal);
        }
    }

    fn set_free(&mut self, normal: &Normal, determined: &[bool], q: &[f64]) {
        self.free.clear();
        for i in 0..q.len() {
            let down = q[i] <= self.lower[i] && normal.gradient[i] >= 0.0;
            let up = q[i] >= self.upper[i] && normal.gradient[i] <= 0.0;
            if determined[i] && !down && !up && self.lower[i] < self.upper[i] {
                self.free.push(i);
            }
        }
    }
}

#[inline]
fn entry(normal: &Normal, i: usize, j: usize, second: bool) -> f64 {
    let n = normal.gradient.len();
    let at = i.max(j) * n + i.min(j);
    if second { normal.gauss[at] + normal.second[at] } else { normal.gauss[at] }
}
