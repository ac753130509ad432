//! Small dense symmetric systems, solved in place without allocation.

/// Why a factorisation stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotPositiveDefinite {
    /// The row whose pivot is not positive.
    pub row: usize,
}

/// Factors the symmetric positive definite `n`×`n` matrix `a` (row by row, lower half read) in
/// place as `L Lᵀ`.
///
/// # Errors
/// When a pivot is not positive; `a` is then partly overwritten.
pub fn cholesky(a: &mut [f64], n: usize) -> Result<(), NotPositiveDefinite> {
    for j in 0..n {
        let (above, row_j) = a.split_at_mut(j * n);
        let (row_j, below) = row_j.split_at_mut(n);
        let _ = above;
        let pivot = row_j[j] - row_j[..j].iter().map(|v| v * v).sum::<f64>();
        if !(pivot > 0.0) {
            return Err(NotPositiveDefinite { row: j });
        }
        let root = libm::sqrt(pivot);
        row_j[j] = root;
        for row_i in below.chunks_exact_mut(n) {
            let dot: f64 = row_i[..j].iter().zip(&row_j[..j]).map(|(x, y)| x * y).sum();
            row_i[j] = (row_i[j] - dot) / root;
        }
    }
    Ok(())
}

/// Solves `L Lᵀ x = b` in place, with `l` from [`cholesky`].
pub fn cholesky_solve(l: &[f64], n: usize, b: &mut [f64]) {
    for i in 0..n {
        let dot: f64 = l[i * n..i * n + i].iter().zip(&b[..i]).map(|(x, y)| x * y).sum();
        b[i] = (b[i] - dot) / l[i * n + i];
    }
    for i in (0..n).rev() {
        let mut rest = b[i];
        for k in i + 1..n {
            rest -= l[k * n + i] * b[k];
        }
        b[i] = rest / l[i * n + i];
    }
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
                a[i * n + j] = (0..n).map(|k| g[i * n + k] * g[j * n + k]).sum::<f64>() + f64::from(u8::from(i == j));
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
}
