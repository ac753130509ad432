//! Equations `A x = b` that may depend on each other: least-norm solutions, projections, multipliers.
//!
//! Rows are taken one after another, the one with the largest part left first (Gram–Schmidt with row
//! pivoting and reorthogonalisation, Golub & Van Loan 2013, Matrix Computations, 5.4):
//!
//! ```text
//! P A = L Q,   Q Qᵀ = 1,   x = Qᵀ L⁻¹ P b
//! ```

/// An orthonormal basis of the rows of a matrix. Reused without allocation once it has grown.
#[derive(Clone, Debug, Default)]
pub struct RowSpace {
    columns: usize,
    /// Basis vectors, row by row; then what is left of the rows not yet taken.
    q: Vec<f64>,
    /// Of every taken row its components along the basis, row by row, as wide as there are rows.
    l: Vec<f64>,
    /// Which row was taken when; the dependent ones come last.
    order: Vec<usize>,
    rank: usize,
    scratch: Vec<f64>,
}

impl RowSpace {
    /// Splits the rows (each `columns` long) of `a`. A row counts as dependent when less is left of it than
    /// `tolerance` of its own length, or `floor` of the longest row.
    pub fn update(&mut self, a: &[f64], columns: usize, tolerance: f64, floor: f64) {
        let rows = a.len().checked_div(columns).unwrap_or(0);
        self.columns = columns;
        self.q.clear();
        self.q.extend_from_slice(a);
        self.l.clear();
        self.l.resize(rows * rows, 0.0);
        self.order.clear();
        self.order.extend(0..rows);
        self.rank = 0;
        let square = |row: &[f64]| row.iter().map(|v| v * v).sum::<f64>();
        // Squared lengths of the given rows, and of what is left of them.
        self.scratch.clear();
        self.scratch.extend(a.chunks_exact(columns.max(1)).map(square));
        let least = tolerance * tolerance;
        let longest = self.scratch.iter().fold(0.0_f64, |m, v| m.max(*v));
        let floor = floor * floor * longest;
        while self.rank < rows.min(columns) {
            let k = self.rank;
            // What is left relative to the row itself, so that units of rows do not matter.
            let mut best = (k, least);
            for i in k..rows {
                let whole = self.scratch[self.order[i]];
                let left = square(&self.q[i * columns..(i + 1) * columns]);
                if left > floor && left > best.1 * whole {
                    best = (i, left / whole);
                }
            }
            if best.1 <= least {
                break;
            }
            self.swap(k, best.0);
            let size = libm::sqrt(square(&self.q[k * columns..(k + 1) * columns]));
            let (head, tail) = self.q.split_at_mut((k + 1) * columns);
            let (basis, unit) = head.split_at_mut(k * columns);
            unit.iter_mut().for_each(|v| *v /= size);
            self.l[k * rows + k] = size;
            // Once more against the basis: one pass leaves round-off along it.
            for (j, earlier) in basis.chunks_exact(columns).enumerate() {
                let dot: f64 = earlier.iter().zip(&*unit).map(|(a, b)| a * b).sum();
                unit.iter_mut().zip(earlier).for_each(|(u, e)| *u -= dot * e);
                self.l[k * rows + j] += dot * size;
            }
            for (i, row) in tail.chunks_exact_mut(columns).enumerate() {
                let dot: f64 = row.iter().zip(&*unit).map(|(a, b)| a * b).sum();
                row.iter_mut().zip(&*unit).for_each(|(r, u)| *r -= dot * u);
                self.l[(k + 1 + i) * rows + k] = dot;
            }
            self.rank += 1;
        }
    }

    fn swap(&mut self, a: usize, b: usize) {
        if a == b {
            return;
        }
        let (columns, rows) = (self.columns, self.order.len());
        self.order.swap(a, b);
        let (head, tail) = self.q.split_at_mut(b * columns);
        head[a * columns..(a + 1) * columns].swap_with_slice(&mut tail[..columns]);
        for j in 0..rows {
            self.l.swap(a * rows + j, b * rows + j);
        }
    }

    /// Number of independent rows.
    pub fn rank(&self) -> usize {
        self.rank
    }

    /// The independent rows of the matrix, by index.
    pub fn independent(&self) -> &[usize] {
        &self.order[..self.rank]
    }

    /// Orthonormal basis of the rows, row by row.
    pub fn basis(&self) -> &[f64] {
        &self.q[..self.rank * self.columns]
    }

    /// Writes an orthonormal basis of what is orthogonal to all rows, row by row. Every next one is the part of a
    /// unit vector that is not yet spanned, of the unit vector of which most is left.
    pub fn null_space(&mut self, out: &mut Vec<f64>) {
        let n = self.columns;
        out.clear();
        self.scratch.clear();
        self.scratch.resize(n, 1.0);
        for row in self.q[..self.rank * n].chunks_exact(n.max(1)) {
            self.scratch.iter_mut().zip(row).for_each(|(left, r)| *left -= r * r);
        }
        for _ in self.rank..n {
            let (mut best, mut most) = (0, f64::NEG_INFINITY);
            for (i, &left) in self.scratch.iter().enumerate() {
                if left > most {
                    (best, most) = (i, left);
                }
            }
            let start = out.len();
            out.resize(start + n, 0.0);
            let (before, new) = out.split_at_mut(start);
            new[best] = 1.0;
            for _ in 0..2 {
                for row in self.q[..self.rank * n].chunks_exact(n).chain(before.chunks_exact(n)) {
                    let dot: f64 = row.iter().zip(&*new).map(|(a, b)| a * b).sum();
                    new.iter_mut().zip(row).for_each(|(x, r)| *x -= dot * r);
                }
            }
            let size = libm::sqrt(new.iter().map(|v| v * v).sum());
            for (left, x) in self.scratch.iter_mut().zip(new) {
                *x /= size;
                *left -= *x * *x;
            }
            self.scratch[best] = f64::NEG_INFINITY;
        }
    }

    /// Takes out of `x` all that lies along the rows: `x ← x − Qᵀ Q x`.
    pub fn project_out(&self, x: &mut [f64]) {
        for _ in 0..2 {
            for row in self.basis().chunks_exact(self.columns.max(1)) {
                let dot: f64 = row.iter().zip(&*x).map(|(a, b)| a * b).sum();
                x.iter_mut().zip(row).for_each(|(x, r)| *x -= dot * r);
            }
        }
    }

    /// The shortest `x` with `A x = b` in the independent rows; `b` in the order of the matrix.
    pub fn least_norm(&mut self, b: &[f64], x: &mut [f64]) {
        let rows = self.order.len();
        self.scratch.clear();
        for k in 0..self.rank {
            let dot: f64 = self.l[k * rows..k * rows + k].iter().zip(&self.scratch).map(|(l, y)| l * y).sum();
            self.scratch.push((b[self.order[k]] - dot) / self.l[k * rows + k]);
        }
        x.fill(0.0);
        for (row, y) in self.q.chunks_exact(self.columns.max(1)).zip(&self.scratch) {
            x.iter_mut().zip(row).for_each(|(x, r)| *x += y * r);
        }
    }

    /// Multipliers `λ` of the independent rows with `Aᵀ λ = f` as nearly as can be; zero for dependent rows.
    /// In the order of the matrix.
    pub fn multipliers(&mut self, f: &[f64], lambda: &mut [f64]) {
        let (rows, r) = (self.order.len(), self.rank);
        self.scratch.clear();
        for row in self.q[..r * self.columns].chunks_exact(self.columns.max(1)) {
            self.scratch.push(row.iter().zip(f).map(|(a, b)| a * b).sum());
        }
        lambda.fill(0.0);
        for k in (0..r).rev() {
            let mut rest = self.scratch[k];
            for j in k + 1..r {
                rest -= self.l[j * rows + k] * lambda[self.order[j]];
            }
            lambda[self.order[k]] = rest / self.l[k * rows + k];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Five equations in seven unknowns, the fourth a sum of the first two.
    fn equations() -> (Vec<f64>, usize) {
        let n = 7;
        let mut a: Vec<f64> = (0..5 * n).map(|k| libm::sin(0.7 + (k * k) as f64)).collect();
        for j in 0..n {
            a[3 * n + j] = 1e3 * (a[j] - 2.0 * a[n + j]);
        }
        (a, n)
    }

    fn times(a: &[f64], n: usize, x: &[f64]) -> Vec<f64> {
        a.chunks(n).map(|r| r.iter().zip(x).map(|(a, x)| a * x).sum()).collect()
    }

    #[test]
    fn solution_is_exact_and_shortest() {
        let (a, n) = equations();
        let mut space = RowSpace::default();
        space.update(&a, n, 1e-10, 0.0);
        assert_eq!(space.rank(), 4);
        let other: Vec<f64> = (0..n).map(|k| libm::cos(k as f64)).collect();
        let b = times(&a, n, &other);
        let mut x = vec![0.0; n];
        space.least_norm(&b, &mut x);
        for (found, given) in times(&a, n, &x).iter().zip(&b) {
            assert!((found - given).abs() < 1e-12 * (1.0 + given.abs()), "{found} {given}");
        }
        // The shortest solution lies along the rows.
        let mut rest = x.clone();
        space.project_out(&mut rest);
        assert!(rest.iter().all(|v| v.abs() < 1e-14));
        let mut free = other.clone();
        space.project_out(&mut free);
        assert!(times(&a, n, &free).iter().all(|v| v.abs() < 1e-11));
    }

    #[test]
    fn multipliers_recompose_what_lies_along_the_rows() {
        let (a, n) = equations();
        let mut space = RowSpace::default();
        space.update(&a, n, 1e-10, 0.0);
        let f = times(&transposed(&a, n), 5, &[1.0, -2.0, 0.5, 0.001, 3.0]);
        let mut lambda = vec![0.0; 5];
        space.multipliers(&f, &mut lambda);
        let back = times(&transposed(&a, n), 5, &lambda);
        assert!(f.iter().zip(&back).all(|(a, b)| (a - b).abs() < 1e-12));
    }

    fn transposed(a: &[f64], n: usize) -> Vec<f64> {
        (0..n).flat_map(|j| a.iter().skip(j).step_by(n).copied()).collect()
    }

    #[test]
    fn null_space_is_what_the_rows_do_not_see() {
        let (a, n) = equations();
        let (mut space, mut null) = (RowSpace::default(), vec![]);
        space.update(&a, n, 1e-10, 0.0);
        space.null_space(&mut null);
        assert_eq!(null.len(), 3 * n);
        for (i, direction) in null.chunks(n).enumerate() {
            assert!(times(&a, n, direction).iter().all(|v| v.abs() < 1e-11));
            for (j, other) in times(&null, n, direction).into_iter().enumerate() {
                assert!((other - f64::from(u8::from(i == j))).abs() < 1e-14);
            }
        }
    }

    #[test]
    fn nothing_to_solve() {
        let mut space = RowSpace::default();
        space.update(&[], 3, 1e-10, 0.0);
        let mut x = [1.0; 3];
        space.least_norm(&[], &mut x);
        assert_eq!((space.rank(), x), (0, [0.0; 3]));
    }
}
