//! B-splines with natural ends: one factorisation serves every column of a table.

use super::GcvError;

/// Highest order (degree plus one).
const ORDER: usize = 8;

/// The splines of one degree on one set of abscissae.
#[derive(Clone, Debug, PartialEq)]
pub struct SplineBasis {
    half_order: usize,
    x: Vec<f64>,
    /// Knots with the first and last repeated.
    knots: Vec<f64>,
    equations: BandLu,
    /// Continuation beyond both ends: rows of derivatives 0 … 3 of the basis there.
    ends: [Local; 2],
}

/// The basis functions that are not zero at a point: their values and first three derivatives.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Local {
    first: usize,
    count: usize,
    derivatives: [[f64; ORDER]; 4],
}

impl Local {
    /// Derivative `order` (0 to 3) of the spline with these coefficients.
    #[inline]
    pub fn derivative(&self, order: usize, coefficients: &[f64]) -> f64 {
        let here = &coefficients[self.first..self.first + self.count];
        here.iter().zip(&self.derivatives[order]).map(|(c, b)| c * b).sum()
    }

    /// Value and first three derivatives of the spline with these coefficients.
    pub fn taylor(&self, coefficients: &[f64]) -> [f64; 4] {
        [0, 1, 2, 3].map(|order| self.derivative(order, coefficients))
    }
}

impl SplineBasis {
    /// Splines of degree 1, 3, 5 or 7 with their knots at `x`.
    ///
    /// # Errors
    /// When the degree or the abscissae cannot be.
    pub fn new(degree: usize, x: &[f64]) -> Result<Self, GcvError> {
        if !matches!(degree, 1 | 3 | 5 | 7) {
            return Err(GcvError::Degree);
        }
        let (n, m, order) = (x.len(), degree.div_ceil(2), degree + 1);
        if n < order {
            return Err(GcvError::Count);
        }
        if !x.iter().all(|v| v.is_finite()) || x.windows(2).any(|w| w[1] <= w[0]) {
            return Err(GcvError::Order);
        }
        let mut knots = vec![x[0]; degree];
        knots.extend_from_slice(x);
        knots.extend(std::iter::repeat_n(x[n - 1], degree));
        let unknowns = n + degree - 1;
        let nowhere = Local { first: 0, count: order, derivatives: [[0.0; ORDER]; 4] };
        let mut basis =
            Self { half_order: m, x: x.to_vec(), knots, equations: BandLu::default(), ends: [nowhere; 2] };

        let mut matrix = BandMatrix::new(unknowns, m - 1);
        let (mut left, mut right) = ([[0.0; ORDER]; ORDER], [[0.0; ORDER]; ORDER]);
        basis.derivatives(0, x[0], degree, &mut left);
        basis.derivatives(n - 2, x[n - 1], degree, &mut right);
        for k in 0..order {
            matrix.set(0, k, left[0][k]);
            matrix.set(unknowns - 1, n - 2 + k, right[0][k]);
        }
        for r in 1..m {
            // Natural ends; rows scaled, because derivatives grow with the inverse power of the spacing.
            let size = |row: &[f64; ORDER]| row.iter().fold(0.0, |a: f64, b| a.max(b.abs()));
            let (l, t) = (left[m - 1 + r], right[m - 1 + r]);
            for k in 0..order {
                matrix.set(r, k, l[k] / size(&l));
                matrix.set(unknowns - 1 - r, n - 2 + k, t[k] / size(&t));
            }
        }
        let mut here = [[0.0; ORDER]; ORDER];
        for (i, &at) in x.iter().enumerate().take(n - 1).skip(1) {
            basis.derivatives(i, at, 0, &mut here);
            for (k, value) in here[0].iter().enumerate().take(order) {
                matrix.set(i + m - 1, i + k, *value);
            }
        }
        basis.equations = matrix.factor()?;
        for (end, (interval, row)) in [(0, (0, left)), (1, (n - 2, right))] {
            let mut local = nowhere;
            local.first = interval;
            for (to, from) in local.derivatives.iter_mut().zip(&row).take(m) {
                *to = *from;
            }
            basis.ends[end] = local;
        }
        Ok(basis)
    }

    /// The abscissae.
    pub fn x(&self) -> &[f64] {
        &self.x
    }

    /// Coefficients of the spline through `y`.
    ///
    /// # Errors
    /// When there are not as many values as abscissae, or one is not finite.
    pub fn interpolate(&self, y: &[f64]) -> Result<Vec<f64>, GcvError> {
        if y.len() != self.x.len() {
            return Err(GcvError::Count);
        }
        if !y.iter().all(|v| v.is_finite()) {
            return Err(GcvError::Value);
        }
        let (m, n) = (self.half_order, y.len());
        let mut right = vec![0.0; n + 2 * (m - 1)];
        right[0] = y[0];
        right[m..m + n - 2].copy_from_slice(&y[1..n - 1]);
        right[n + 2 * m - 3] = y[n - 1];
        self.equations.solve(&mut right);
        Ok(right)
    }

    /// The basis at a point. From the last abscissa on, and before the first, the continuation counts.
    pub fn at(&self, at: f64) -> Local {
        let n = self.x.len();
        if at < self.x[0] {
            return self.beyond(0, at - self.x[0]);
        }
        if at >= self.x[n - 1] {
            return self.beyond(1, at - self.x[n - 1]);
        }
        if at.is_nan() {
            return Local { derivatives: [[f64::NAN; ORDER]; 4], ..self.ends[0] };
        }
        let interval = self.x.partition_point(|&knot| knot <= at) - 1;
        let mut all = [[0.0; ORDER]; ORDER];
        self.derivatives(interval, at, 3, &mut all);
        let derivatives = [all[0], all[1], all[2], all[3]];
        Local { first: interval, count: 2 * self.half_order, derivatives }
    }

    /// The polynomial of degree m − 1 that continues the spline.
    fn beyond(&self, end: usize, step: f64) -> Local {
        let known = &self.ends[end];
        let mut local = Local { derivatives: [[0.0; ORDER]; 4], ..*known };
        for (order, row) in local.derivatives.iter_mut().enumerate() {
            let mut factor = 1.0;
            for (power, source) in known.derivatives[order..].iter().enumerate() {
                row.iter_mut().zip(source).for_each(|(to, from)| *to += factor * from);
                factor *= step / (power + 1) as f64;
            }
        }
        local
    }

    /// Values and the first `most` derivatives of the basis functions that are not zero in `interval`, at a point of it
    /// (Piegl and Tiller 1997, The NURBS Book, algorithm A2.3).
    fn derivatives(&self, interval: usize, at: f64, most: usize, out: &mut [[f64; ORDER]; ORDER]) {
        let degree = 2 * self.half_order - 1;
        let (span, knots) = (interval + degree, &self.knots);
        let mut table = [[0.0; ORDER]; ORDER];
        let (mut left, mut right) = ([0.0; ORDER], [0.0; ORDER]);
        table[0][0] = 1.0;
        for j in 1..=degree {
            left[j] = at - knots[span + 1 - j];
            right[j] = knots[span + j] - at;
            let mut saved = 0.0;
            for r in 0..j {
                table[j][r] = right[r + 1] + left[j - r];
                let part = table[r][j - 1] / table[j][r];
                table[r][j] = saved + right[r + 1] * part;
                saved = left[j - r] * part;
            }
            table[j][j] = saved;
        }
        for (j, row) in table.iter().enumerate().take(degree + 1) {
            out[0][j] = row[degree];
        }
        for r in 0..=degree {
            let mut rows = [[0.0; ORDER]; 2];
            rows[0][0] = 1.0;
            let mut current = 0;
            for k in 1..=most.min(degree) {
                let (old, mut new) = (rows[current], [0.0; ORDER]);
                let mut sum = 0.0;
                let below = degree - k;
                if r >= k {
                    new[0] = old[0] / table[below + 1][r - k];
                    sum = new[0] * table[r - k][below];
                }
                let first = if r + 1 >= k { 1 } else { k - r };
                let last = if r <= below + 1 { k - 1 } else { degree - r };
                for j in first..=last {
                    new[j] = (old[j] - old[j - 1]) / table[below + 1][r + j - k];
                    sum += new[j] * table[r + j - k][below];
                }
                if r <= below {
                    new[k] = -old[k - 1] / table[below + 1][r];
                    sum += new[k] * table[r][below];
                }
                out[k][r] = sum;
                current = 1 - current;
                rows[current] = new;
            }
        }
        let mut factor = degree as f64;
        for (k, row) in out.iter_mut().enumerate().take(degree + 1).skip(1) {
            row.iter_mut().for_each(|value| *value *= factor);
            factor *= (degree - k) as f64;
        }
    }
}

/// A square matrix with `half` diagonals on either side, and room for pivoting.
struct BandMatrix {
    half: usize,
    width: usize,
    rows: Vec<f64>,
}

impl BandMatrix {
    fn new(n: usize, half: usize) -> Self {
        let width = 3 * half + 1;
        Self { half, width, rows: vec![0.0; n * width] }
    }

    /// Entries outside the band are zero by construction of the basis.
    fn set(&mut self, row: usize, column: usize, value: f64) {
        if column + self.half >= row && column <= row + self.half {
            self.rows[row * self.width + column + self.half - row] = value;
        }
    }

    /// Gauss with row exchanges.
    fn factor(self) -> Result<BandLu, GcvError> {
        let Self { half, width, mut rows } = self;
        let n = rows.len() / width;
        // Row i holds columns i − half …; while eliminating column j every row below is moved to begin at j.
        let mut pivots = vec![0; n];
        let mut multipliers = vec![0.0; n * half];
        let mut window: Vec<Vec<f64>> = Vec::with_capacity(half + 1);
        let fetch = |rows: &[f64], i: usize, begin: usize| -> Vec<f64> {
            // Row i with its first entry at column `begin`.
            let offset = begin as isize - i as isize + half as isize;
            (0..width)
                .map(|k| {
                    let index = offset + k as isize;
                    if (0..width as isize).contains(&index) { rows[i * width + index as usize] } else { 0.0 }
                })
                .collect()
        };
        for i in 0..=half.min(n - 1) {
            window.push(fetch(&rows, i, 0));
        }
        let mut upper = vec![0.0; n * width];
        for j in 0..n {
            let best =
                (0..window.len()).fold(0, |a, b| if window[b][0].abs() > window[a][0].abs() { b } else { a });
            let pivot = window[best][0];
            if !(pivot.is_finite() && pivot.abs() > f64::MIN_POSITIVE) {
                return Err(GcvError::Singular);
            }
            pivots[j] = best;
            window.swap(0, best);
            let top = window.remove(0);
            for (k, row) in window.iter_mut().enumerate() {
                let factor = row[0] / pivot;
                multipliers[j * half + k] = factor;
                for c in 1..width {
                    row[c - 1] = row[c] - factor * top[c];
                }
                row[width - 1] = 0.0;
            }
            upper[j * width..(j + 1) * width].copy_from_slice(&top);
            let next = j + 1 + half;
            if next < n {
                window.push(fetch(&rows, next, j + 1));
            }
        }
        rows.clear();
        Ok(BandLu { half, width, pivots, multipliers, upper })
    }
}

/// Factors of a band matrix.
#[derive(Clone, Debug, Default, PartialEq)]
struct BandLu {
    half: usize,
    width: usize,
    /// Which row of the window was the pivot.
    pivots: Vec<usize>,
    /// Factors of the rows of the window below the pivot.
    multipliers: Vec<f64>,
    /// Rows of the upper factor, each from its diagonal on.
    upper: Vec<f64>,
}

impl BandLu {
    fn solve(&self, b: &mut [f64]) {
        let n = self.pivots.len();
        for j in 0..n {
            let last = (j + self.half).min(n - 1);
            // The window keeps its order: the pivot comes to the front by exchange.
            b.swap(j, j + self.pivots[j]);
            for k in 0..last - j {
                b[j + 1 + k] -= self.multipliers[j * self.half + k] * b[j];
            }
        }
        for j in (0..n).rev() {
            let row = &self.upper[j * self.width..(j + 1) * self.width];
            let mut rest = b[j];
            for (k, value) in row.iter().enumerate().skip(1) {
                if j + k < n {
                    rest -= value * b[j + k];
                }
            }
            b[j] = rest / row[0];
        }
    }
}
