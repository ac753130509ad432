//! One step of the search: a quadratic model on the conditions' null space, and its update.

use super::conditions::Conditions;
use guywire_math::linalg::{add_scaled, cholesky, cholesky_solve, dot, row_and_null_space};

/// A pose and the value of the search's objective there.
pub(super) struct Point {
    pub q: Vec<f64>,
    pub value: f64,
    pub gradient: Vec<f64>,
    pub conditions: Conditions,
    /// Multipliers of the balance there.
    pub nu: Vec<f64>,
    /// Compression of every level that results there, N.
    pub compression: Vec<f64>,
}

/// Step that minimises the quadratic model within the conditions, and its share of the gradient.
pub(super) fn newton_step(hessian: &[f64], here: &Point) -> Option<Vec<f64>> {
    let n = here.gradient.len();
    let bases = row_and_null_space(&here.conditions.jacobian, n);
    let free: Vec<&[f64]> = bases.rows.chunks_exact(n).skip(bases.rank).collect();
    let f = free.len();
    let mut turned = vec![0.0; f * n];
    for (row, z) in turned.chunks_exact_mut(n).zip(&free) {
        for (along, z) in hessian.chunks_exact(n).zip(*z) {
            add_scaled(row, *z, along);
        }
    }
    let mut reduced = vec![0.0; f * f];
    for i in 0..f {
        for j in 0..=i {
            reduced[i * f + j] = dot(free[i], &turned[j * n..(j + 1) * n]);
        }
    }
    let plain = reduced.clone();
    let mut lift = 0.0;
    while cholesky(&mut reduced, f).is_err() {
        lift = if lift == 0.0 { 1e-9 } else { lift * 10.0 };
        if lift > 1e6 {
            return None;
        }
        reduced.copy_from_slice(&plain);
        for i in 0..f {
            reduced[i * (f + 1)] += lift * (1.0 + plain[i * (f + 1)].abs());
        }
    }
    let mut along: Vec<f64> = free.iter().map(|z| -dot(z, &here.gradient)).collect();
    cholesky_solve(&reduced, f, &mut along);
    let mut step = vec![0.0; n];
    for (z, a) in free.iter().zip(&along) {
        add_scaled(&mut step, *a, z);
    }
    step.iter().all(|s| s.is_finite()).then_some(step)
}

/// Powell's damped BFGS update with the gradients of the Lagrangian.
pub(super) fn update_hessian(hessian: &mut [f64], before: &Point, after: &Point) {
    let n = before.q.len();
    let s: Vec<f64> = after.q.iter().zip(&before.q).map(|(a, b)| a - b).collect();
    let mut y: Vec<f64> = after.gradient.iter().zip(&before.gradient).map(|(a, b)| a - b).collect();
    for (i, mu) in before.conditions.multipliers(&before.gradient).iter().enumerate() {
        let rows = after.conditions.row(i, n).iter().zip(before.conditions.row(i, n));
        for (y, (a, b)) in y.iter_mut().zip(rows) {
            *y += mu * (a - b);
        }
    }
    let hs: Vec<f64> = hessian.chunks_exact(n).map(|row| dot(row, &s)).collect();
    let shs = dot(&s, &hs);
    let sy = dot(&s, &y);
    if shs <= 0.0 || !sy.is_finite() {
        return;
    }
    let damp = if sy < 0.2 * shs { 0.8 * shs / (shs - sy) } else { 1.0 };
    for (y, h) in y.iter_mut().zip(&hs) {
        *y = damp * *y + (1.0 - damp) * h;
    }
    let sy = dot(&s, &y);
    if sy <= 1e-14 * shs {
        return;
    }
    for ((row, y_i), hs_i) in hessian.chunks_exact_mut(n).zip(&y).zip(&hs) {
        add_scaled(row, y_i / sy, &y);
        add_scaled(row, -hs_i / shs, &hs);
    }
}
