//! How much to smooth: by the known variance of the data's error, or by generalised cross-validation.
//!
//! With D the divided differences of order m (times m!) and G the Gram matrix of the B-splines of order m:
//!
//! ```text
//! (G + p D W⁻¹ Dᵀ) γ = D y        f = y − p W⁻¹ Dᵀ γ        tr(I − A) = p tr((G + p D W⁻¹ Dᵀ)⁻¹ D W⁻¹ Dᵀ)
//! GCV(p) = (Σ wᵢ (yᵢ − fᵢ)² / n) / (tr(I − A) / n)²
//! E(p)   = Σ wᵢ (yᵢ − fᵢ)² / n − σ² (2 tr(I − A) / n − 1)
//! ```
//!
//! Source: Craven and Wahba 1979, Numer Math 31:377; bands of the inverse after Hutchinson and De Hoog 1985,
//! Numer Math 47:99. The search for p (doubling, then golden section) is Woltring's.

use super::GcvError;

/// What smoothing found.
#[derive(Clone, Debug, PartialEq)]
pub struct Smoothing {
    /// Smoothed values.
    pub values: Vec<f64>,
    /// Smoothing parameter p.
    pub parameter: f64,
    /// Weighted mean squared residual.
    pub mean_squared_residual: f64,
    /// Trace of I − A: degrees of freedom of the residual.
    pub residual_freedom: f64,
}

/// Ends of the search, relative to the first guess, and its width (Woltring's `EPS` and `TOL`).
const EXTREME: f64 = 1e-15;
const WIDTH: f64 = 1e-6;

/// Smooths `y`; `error_variance` positive is used, negative means unknown.
///
/// # Errors
/// When the points do not make a spline.
pub fn smooth(
    degree: usize,
    x: &[f64],
    y: &[f64],
    weights: &[f64],
    error_variance: f64,
) -> Result<Smoothing, GcvError> {
    let problem = Problem::new(degree, x, y, weights)?;
    let cost = |p: f64| -> Result<(f64, Smoothing), GcvError> {
        let found = problem.at(p)?;
        let share = found.residual_freedom / x.len() as f64;
        let residual = found.mean_squared_residual;
        let cost = if error_variance < 0.0 {
            residual / (share * share)
        } else {
            residual - error_variance * (2.0 * share - 1.0)
        };
        Ok((cost, found))
    };
    const GOLDEN: f64 = 1.618_033_983;
    let scale = problem.scale();
    let (mut low, mut high) = (scale, 2.0 * scale);
    let mut cost_high = cost(high)?.0;
    let mut cost_low = cost(low)?.0;
    while cost_low <= cost_high {
        if low <= scale * EXTREME {
            return Ok(cost(low)?.1);
        }
        (high, cost_high) = (low, cost_low);
        low *= 0.5;
        cost_low = cost(low)?.0;
    }
    let mut beyond = 2.0 * high;
    let mut cost_beyond = cost(beyond)?.0;
    while cost_beyond <= cost_high {
        if beyond >= scale / EXTREME {
            return Ok(cost(beyond)?.1);
        }
        cost_high = cost_beyond;
        beyond *= 2.0;
        cost_beyond = cost(beyond)?.0;
    }
    let mut high = beyond;
    let mut step = (high - low) / GOLDEN;
    let (mut inner_low, mut inner_high) = (high - step, low + step);
    let (mut cost_inner_low, mut cost_inner_high) = (cost(inner_low)?.0, cost(inner_high)?.0);
    while (high - low) / (high + low) > WIDTH {
        step /= GOLDEN;
        if cost_inner_low <= cost_inner_high {
            high = inner_high;
            (inner_high, cost_inner_high) = (inner_low, cost_inner_low);
            inner_low = high - step;
            cost_inner_low = cost(inner_low)?.0;
        } else {
            low = inner_low;
            (inner_low, cost_inner_low) = (inner_high, cost_inner_high);
            inner_high = low + step;
            cost_inner_high = cost(inner_high)?.0;
        }
    }
    Ok(cost(0.5 * (low + high))?.1)
}

/// The banded matrices of one data set.
struct Problem<'a> {
    m: usize,
    y: &'a [f64],
    weights: &'a [f64],
    /// Row j of D: factors of y[j] … y[j + m].
    differences: Vec<f64>,
    /// Upper bands of G and of D W⁻¹ Dᵀ, m + 1 a row.
    gram: Vec<f64>,
    spread: Vec<f64>,
}

impl<'a> Problem<'a> {
    fn new(degree: usize, x: &[f64], y: &'a [f64], weights: &'a [f64]) -> Result<Self, GcvError> {
        if !matches!(degree, 1 | 3 | 5 | 7) {
            return Err(GcvError::Degree);
        }
        let (m, n) = (degree.div_ceil(2), x.len());
        if n < degree + 1 || y.len() != n || weights.len() != n {
            return Err(GcvError::Count);
        }
        if !x.iter().all(|v| v.is_finite()) || x.windows(2).any(|w| w[1] <= w[0]) {
            return Err(GcvError::Order);
        }
        let usable = |w: &f64| w.is_finite() && *w > 0.0;
        if !y.iter().all(|v| v.is_finite()) || !weights.iter().all(usable) {
            return Err(GcvError::Value);
        }
        let (rows, width) = (n - m, m + 1);
        let mut differences = vec![0.0; rows * width];
        let factorial: f64 = (1..=m).map(|k| k as f64).product();
        for (j, row) in differences.chunks_exact_mut(width).enumerate() {
            for (k, value) in row.iter_mut().enumerate() {
                let others = (0..width).filter(|l| *l != k);
                *value = others.fold(factorial, |product, l| product / (x[j + k] - x[j + l]));
            }
        }
        let mut spread = vec![0.0; rows * width];
        for j in 0..rows {
            for b in 0..width.min(rows - j) {
                spread[j * width + b] = (b..width)
                    .map(|k| {
                        differences[j * width + k] * differences[(j + b) * width + k - b] / weights[j + k]
                    })
                    .sum();
            }
        }
        Ok(Self { m, y, weights, differences, gram: gram(m, x), spread })
    }

    /// The p at which both matrices weigh the same: where the search begins.
    fn scale(&self) -> f64 {
        let size = |band: &[f64]| band.iter().map(|v| v.abs()).sum::<f64>();
        size(&self.gram) / size(&self.spread)
    }

    fn at(&self, p: f64) -> Result<Smoothing, GcvError> {
        let (m, n, width) = (self.m, self.y.len(), self.m + 1);
        let rows = n - m;
        // L D Lᵀ of G + p D W⁻¹ Dᵀ in bands: diagonal first, then the factors below it.
        let mut band: Vec<f64> = self.gram.iter().zip(&self.spread).map(|(g, s)| g + p * s).collect();
        for j in 0..rows {
            let pivot = band[j * width];
            if !(pivot > 0.0 && pivot.is_finite()) {
                return Err(GcvError::Singular);
            }
            for k in 1..width.min(rows - j) {
                let factor = band[j * width + k] / pivot;
                for l in k..width.min(rows - j) {
                    let change = factor * band[j * width + l];
                    band[(j + k) * width + l - k] -= change;
                }
            }
            for k in 1..width {
                band[j * width + k] /= pivot;
            }
        }
        let mut gamma: Vec<f64> = (0..rows)
            .map(|j| (0..width).map(|k| self.differences[j * width + k] * self.y[j + k]).sum())
            .collect();
        for j in 0..rows {
            for k in 1..width.min(rows - j) {
                gamma[j + k] -= band[j * width + k] * gamma[j];
            }
        }
        for j in (0..rows).rev() {
            let above: f64 = (1..width.min(rows - j)).map(|k| band[j * width + k] * gamma[j + k]).sum();
            gamma[j] = gamma[j] / band[j * width] - above;
        }
        // Bands of the inverse, from the last row up.
        let mut inverse = vec![0.0; rows * width];
        let entry = |inverse: &[f64], a: usize, b: usize| inverse[a.min(b) * width + a.abs_diff(b)];
        for j in (0..rows).rev() {
            let reach = width.min(rows - j);
            for b in (0..reach).rev() {
                let below: f64 =
                    (1..reach).map(|k| band[j * width + k] * entry(&inverse, j + k, j + b)).sum();
                let own = if b == 0 { 1.0 / band[j * width] } else { 0.0 };
                inverse[j * width + b] = own - below;
            }
        }
        let product = |j: usize, b: usize| inverse[j * width + b] * self.spread[j * width + b];
        let trace: f64 = (0..rows)
            .map(|j| product(j, 0) + 2.0 * (1..width.min(rows - j)).map(|b| product(j, b)).sum::<f64>())
            .sum();
        let mut values = self.y.to_vec();
        for j in 0..rows {
            for k in 0..width {
                values[j + k] -= p / self.weights[j + k] * self.differences[j * width + k] * gamma[j];
            }
        }
        let residual = |i: usize| self.weights[i] * (self.y[i] - values[i]) * (self.y[i] - values[i]);
        let mean_squared_residual = (0..n).map(residual).sum::<f64>() / n as f64;
        Ok(Smoothing { values, parameter: p, mean_squared_residual, residual_freedom: p * trace })
    }
}

/// Upper bands of the Gram matrix of the B-splines of order m with unit integral on `x`, by Gauss–Legendre with
/// m points an interval, which is exact.
fn gram(m: usize, x: &[f64]) -> Vec<f64> {
    let (rows, width) = (x.len() - m, m + 1);
    let mut out = vec![0.0; rows * width];
    let (nodes, gauss): (&[f64], &[f64]) = match m {
        1 => (&[0.0], &[2.0]),
        2 => (&[-0.577_350_269_189_625_8, 0.577_350_269_189_625_8], &[1.0, 1.0]),
        3 => (
            &[-0.774_596_669_241_483_4, 0.0, 0.774_596_669_241_483_4],
            &[0.555_555_555_555_555_6, 0.888_888_888_888_888_8, 0.555_555_555_555_555_6],
        ),
        _ => (
            &[
                -0.861_136_311_594_052_6,
                -0.339_981_043_584_856_26,
                0.339_981_043_584_856_26,
                0.861_136_311_594_052_6,
            ],
            &[
                0.347_854_845_137_453_85,
                0.652_145_154_862_546_1,
                0.652_145_154_862_546_1,
                0.347_854_845_137_453_85,
            ],
        ),
    };
    let mut values = [0.0; 4];
    for (i, pair) in x.windows(2).enumerate() {
        let (middle, half) = (0.5 * (pair[0] + pair[1]), 0.5 * (pair[1] - pair[0]));
        for (node, weight) in nodes.iter().zip(gauss) {
            let at = middle + half * node;
            // B-splines of order m that are not zero here: j = i + 1 − m … i.
            let first = (i + 1).saturating_sub(m);
            let last = i.min(rows.saturating_sub(1));
            if first > last {
                continue;
            }
            for (k, j) in (first..=last).enumerate() {
                values[k] = b_spline(&x[j..=j + m], at) * m as f64 / (x[j + m] - x[j]);
            }
            for a in 0..=last - first {
                for b in a..=last - first {
                    out[(first + a) * width + b - a] += weight * half * values[a] * values[b];
                }
            }
        }
    }
    out
}

/// The B-spline on these knots (order is their number less one), by the recurrence of de Boor.
fn b_spline(knots: &[f64], at: f64) -> f64 {
    let order = knots.len() - 1;
    let mut values = [0.0; 4];
    for (j, pair) in knots.windows(2).enumerate() {
        values[j] = if pair[0] <= at && at < pair[1] { 1.0 } else { 0.0 };
    }
    for k in 2..=order {
        for j in 0..=order - k {
            let (rise, fall) = (knots[j + k - 1] - knots[j], knots[j + k] - knots[j + 1]);
            values[j] = (at - knots[j]) / rise * values[j] + (knots[j + k] - at) / fall * values[j + 1];
        }
    }
    values[0]
}
