//! Small dense systems, solved in place without allocation.

use crate::Real;

/// Why a factorisation stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotPositiveDefinite {
    /// The row whose pivot is not positive.
    pub row: usize,
}

/// Sums that [`dot`] keeps apart.
const LANES: usize = 4;

/// Scalar product. Several sums run side by side: one alone would wait for each addition to end before the next.
pub fn dot(a: &[f64], b: &[f64]) -> f64 {
    let n = a.len().min(b.len());
    let (a, b) = (a[..n].chunks_exact(LANES), b[..n].chunks_exact(LANES));
    let rest: f64 = a.remainder().iter().zip(b.remainder()).map(|(x, y)| x * y).sum();
    let mut sums = [0.0; LANES];
    for (x, y) in a.zip(b) {
        for ((sum, x), y) in sums.iter_mut().zip(x).zip(y) {
            *sum += x * y;
        }
    }
    (sums[0] + sums[2]) + (sums[1] + sums[3]) + rest
}

/// Adds `factor · x` to `y`.
#[inline]
pub fn add_scaled(y: &mut [f64], factor: f64, x: &[f64]) {
    for (y, x) in y.iter_mut().zip(x) {
        *y += factor * x;
    }
}

/// Factors the symmetric positive definite `n`×`n` matrix `a` (row by row, lower half read) in
/// place as `L Lᵀ`; the upper half becomes `Lᵀ`.
///
/// # Errors
/// When a pivot is not positive; `a` is then partly overwritten.
pub fn cholesky(a: &mut [f64], n: usize) -> Result<(), NotPositiveDefinite> {
    // Rows of the upper half are changed from left to right: nothing waits for a sum, and all memory is in order.
    for j in 0..n {
        for i in j + 1..n {
            a[j * n + i] = a[i * n + j];
        }
    }
    for j in 0..n {
        let (above, below) = a.split_at_mut((j + 1) * n);
        let row = &mut above[j * n..];
        let pivot = row[j];
        if pivot.is_nan() || pivot <= 0.0 {
            return Err(NotPositiveDefinite { row: j });
        }
        let root = libm::sqrt(pivot);
        row[j] = root;
        row[j + 1..].iter_mut().for_each(|v| *v /= root);
        for (i, row_i) in (j + 1..).zip(below.chunks_exact_mut(n)) {
            let factor = row[i];
            row_i[j] = factor;
            // Chains of few joints leave zeros.
            if factor != 0.0 {
                add_scaled(&mut row_i[i..], -factor, &row[i..]);
            }
        }
    }
    Ok(())
}

/// Solves `L Lᵀ x = b` in place, with `l` from [`cholesky`].
pub fn cholesky_solve(l: &[f64], n: usize, b: &mut [f64]) {
    for (i, row) in l.chunks_exact(n.max(1)).take(n).enumerate() {
        let (known, rest) = b.split_at_mut(i + 1);
        known[i] /= row[i];
        add_scaled(rest, -known[i], &row[i + 1..]);
    }
    for (i, row) in l.chunks_exact(n.max(1)).take(n).enumerate().rev() {
        let (rest, known) = b.split_at_mut(i);
        known[0] /= row[i];
        add_scaled(rest, -known[0], &row[..i]);
    }
}

/// No pivot of a column is other than zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Singular {
    /// The column.
    pub column: usize,
}

/// Factors the `n`×`n` matrix `a` (row by row) in place as `P L U`, with partial pivoting; `pivots` is overwritten
/// with the row exchanged for each row.
///
/// # Errors
/// When a column has no pivot; `a` is then partly overwritten.
pub fn lu(a: &mut [f64], n: usize, pivots: &mut Vec<usize>) -> Result<(), Singular> {
    pivots.clear();
    for j in 0..n {
        let mut best = j;
        for i in j + 1..n {
            if a[i * n + j].abs() > a[best * n + j].abs() {
                best = i;
            }
        }
        let pivot = a[best * n + j];
        if pivot == 0.0 || !pivot.is_finite() {
            return Err(Singular { column: j });
        }
        pivots.push(best);
        for k in 0..n {
            a.swap(j * n + k, best * n + k);
        }
        for i in j + 1..n {
            let factor = a[i * n + j] / pivot;
            a[i * n + j] = factor;
            for k in j + 1..n {
                a[i * n + k] -= factor * a[j * n + k];
            }
        }
    }
    Ok(())
}

/// Solves `P L U x = b` in place, with `a` and `pivots` from [`lu`].
pub fn lu_solve<T: Real>(a: &[f64], n: usize, pivots: &[usize], b: &mut [T]) {
    for (j, &other) in pivots.iter().enumerate() {
        b.swap(j, other);
    }
    for i in 0..n {
        for k in 0..i {
            let known = b[k] * a[i * n + k];
            b[i] -= known;
        }
    }
    for i in (0..n).rev() {
        for k in i + 1..n {
            let known = b[k] * a[i * n + k];
            b[i] -= known;
        }
        b[i] = b[i] / a[i * n + i];
    }
}

/// Sign of the determinant, with `a` and `pivots` from [`lu`].
pub fn lu_sign(a: &[f64], n: usize, pivots: &[usize]) -> f64 {
    let exchanges = pivots.iter().enumerate().filter(|(j, other)| j != *other).count();
    let pivots: f64 = (0..n).map(|i| a[i * n + i].signum()).product();
    if exchanges % 2 == 0 { pivots } else { -pivots }
}

/// Orthonormal bases of the row space of a matrix and of its null space, together `n`×`n`: the first
/// [`Bases::rank`] rows span the rows, the others what is orthogonal to all of them.
#[derive(Clone, Debug)]
pub struct Bases {
    /// The basis vectors, row by row.
    pub rows: Vec<f64>,
    /// Dimension of the row space.
    pub rank: usize,
}

/// Splits space into the row space of `matrix` (rows of length `n`) and its null space, by Gram–Schmidt
/// with reorthogonalisation. Rows that depend on earlier ones are passed over.
pub fn row_and_null_space(matrix: &[f64], n: usize) -> Bases {
    let mut rows: Vec<f64> = Vec::with_capacity(n * n);
    let mut rank = 0;
    let mut candidate = vec![0.0; n];
    let mut add = |candidate: &mut [f64], least: f64| -> bool {
        let size = libm::sqrt(dot(candidate, candidate));
        if size == 0.0 {
            return false;
        }
        for _ in 0..2 {
            for row in rows.chunks_exact(n) {
                let along = dot(row, candidate);
                add_scaled(candidate, -along, row);
            }
        }
        let left = libm::sqrt(dot(candidate, candidate));
        if left <= least * size {
            return false;
        }
        rows.extend(candidate.iter().map(|c| c / left));
        true
    };
    for row in matrix.chunks_exact(n) {
        candidate.copy_from_slice(row);
        rank += usize::from(add(&mut candidate, 1e-10));
    }
    // Every unit vector in turn, as long as enough of it is new; a second sweep takes what is left.
    let mut count = rank;
    for least in [0.3, 0.05, 1e-3] {
        for i in 0..n {
            if count == n {
                break;
            }
            candidate.fill(0.0);
            candidate[i] = 1.0;
            count += usize::from(add(&mut candidate, least));
        }
    }
    Bases { rows, rank }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn solution_recomposes() {
        let n = 7;
        let g: Vec<f64> = (0..n * n).map(|k| libm::sin(1.0 + k as f64)).collect();
        let mut a = vec![0.0; n * n];
        for i in 0..n {
            for j in 0..n {
                a[i * n + j] =
                    (0..n).map(|k| g[i * n + k] * g[j * n + k]).sum::<f64>() + f64::from(u8::from(i == j));
            }
        }
        let b: Vec<f64> = (0..n).map(|k| k as f64 - 2.0).collect();
        let (mut l, mut x) = (a.clone(), b.clone());
        cholesky(&mut l, n).unwrap();
        cholesky_solve(&l, n, &mut x);
        for i in 0..n {
            let back: f64 = (0..n).map(|j| a[i * n + j] * x[j]).sum();
            assert!((back - b[i]).abs() < 1e-10);
        }
        assert_eq!(cholesky(&mut [-1.0], 1), Err(NotPositiveDefinite { row: 0 }));
    }

    #[test]
    fn general_solution_recomposes() {
        let n = 6;
        // The first pivot is zero.
        let a: Vec<f64> = (0..n * n).map(|k| libm::sin((k * k) as f64)).collect();
        let b: Vec<f64> = (0..n).map(|k| k as f64 - 2.0).collect();
        let (mut factors, mut x, mut pivots) = (a.clone(), b.clone(), Vec::new());
        lu(&mut factors, n, &mut pivots).unwrap();
        lu_solve(&factors, n, &pivots, &mut x);
        for i in 0..n {
            let back: f64 = (0..n).map(|j| a[i * n + j] * x[j]).sum();
            assert!((back - b[i]).abs() < 1e-12);
        }
        // Two rows exchanged, one pivot below zero.
        let mut b = [0.0, 1.0, 0.0, 0.0, 0.0, 2.0, -3.0, 0.0, 0.0];
        lu(&mut b, 3, &mut pivots).unwrap();
        assert_eq!(lu_sign(&b, 3, &pivots), -1.0);
        assert_eq!(lu(&mut [1.0, 2.0, 2.0, 4.0], 2, &mut pivots), Err(Singular { column: 1 }));
    }

    #[test]
    fn bases_are_orthonormal_and_split_space() {
        let n = 9;
        let mut matrix: Vec<f64> = (0..4 * n).map(|k| libm::sin(0.7 + (k * k) as f64)).collect();
        // A row that depends on the first two.
        let dependent: Vec<f64> = (0..n).map(|j| matrix[j] - 2.0 * matrix[n + j]).collect();
        matrix.extend(dependent);
        let bases = row_and_null_space(&matrix, n);
        assert_eq!((bases.rank, bases.rows.len()), (4, n * n));
        let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(x, y)| x * y).sum::<f64>();
        for (i, a) in bases.rows.chunks(n).enumerate() {
            for (j, b) in bases.rows.chunks(n).enumerate() {
                assert!((dot(a, b) - f64::from(u8::from(i == j))).abs() < 1e-14);
            }
            if i >= bases.rank {
                assert!(matrix.chunks(n).all(|row| dot(row, a).abs() < 1e-13));
            }
        }
    }
}
