use super::*;
use proptest::prelude::*;

/// Many bounded unknowns and free, weak ones in every row, as muscles and reserves.
fn frame(exponent: f64, gains: &[f64], required: &[f64]) -> StaticOptimization {
    let rows = required.len();
    let mut so = StaticOptimization::new(exponent).unwrap();
    fill(&mut so, gains, required, rows);
    so
}

fn fill(so: &mut StaticOptimization, gains: &[f64], required: &[f64], rows: usize) {
    so.begin(required);
    for column in gains.chunks(rows) {
        so.push(column.iter().copied().enumerate(), 0.01, 1.0);
    }
    for row in 0..rows {
        so.push([(row, 1.0)], f64::NEG_INFINITY, f64::INFINITY);
    }
}

/// How far the cost may lie above its least value, by duality: `Σ min_z (|z|^p − s z) + ν·τ` is never above it, for
/// any multipliers; here those that make the free unknowns optimal.
fn gap(so: &StaticOptimization, p: f64, gains: &[f64], required: &[f64]) -> f64 {
    let (z, rows) = (so.controls(), required.len());
    let muscles = gains.len() / rows;
    let nu: Vec<f64> = z[muscles..].iter().map(|&v| p * v.abs().powf(p - 1.0) * v.signum()).collect();
    let least = |s: f64, lower: f64, upper: f64| {
        let best = ((s.abs() / p).powf(1.0 / (p - 1.0)) * s.signum()).clamp(lower, upper);
        best.abs().powf(p) - s * best
    };
    let mut bound: f64 = nu.iter().zip(required).map(|(n, t)| n * t).sum();
    for (column, &zi) in gains.chunks(rows).zip(z) {
        assert!((0.01..=1.0).contains(&zi));
        bound += least(column.iter().zip(&nu).map(|(g, n)| g * n).sum(), 0.01, 1.0);
    }
    bound += nu.iter().map(|&n| least(n, f64::NEG_INFINITY, f64::INFINITY)).sum::<f64>();
    so.cost() - bound
}

/// The least cost when one muscle changes and the free unknowns make up for it.
fn cheapest_neighbour(so: &StaticOptimization, p: f64, gains: &[f64], rows: usize) -> f64 {
    let muscles = gains.len() / rows;
    let mut least = f64::INFINITY;
    for (i, column) in gains.chunks(rows).enumerate() {
        for step in [-0.1, -1e-2, -1e-3, -1e-4, 1e-4, 1e-3, 1e-2, 0.1] {
            let mut z = so.controls().to_vec();
            let new = (z[i] + step).clamp(0.01, 1.0);
            for (row, gain) in column.iter().enumerate() {
                z[muscles + row] -= gain * (new - z[i]);
            }
            z[i] = new;
            least = least.min(power::cost(p, &z));
        }
    }
    least
}

proptest! {
    #[test]
    fn no_allowed_controls_cost_less(
        gains in proptest::collection::vec(-80.0..80.0f64, 5 * 14),
        required in proptest::collection::vec(-150.0..150.0f64, 5),
        exponent in prop_oneof![Just(2.0), Just(3.0), Just(1.5), Just(4.0), 1.2..6.0f64],
    ) {
        let mut so = frame(exponent, &gains, &required);
        so.solve().unwrap();
        for row in 0..5 {
            let most = if exponent == 2.0 { 1e-9 } else { 1e-6 };
            prop_assert!(so.residual(row).abs() < most, "{}", so.residual(row));
        }
        if exponent >= 2.0 {
            let gap = gap(&so, exponent, &gains, &required);
            prop_assert!(gap.abs() < 1e-5 * so.cost(), "p {exponent}: {gap} of {}", so.cost());
        }
        let better = cheapest_neighbour(&so, exponent, &gains, 5);
        prop_assert!(better > so.cost() * (1.0 - 1e-9), "p {exponent}: {better} below {}", so.cost());
    }

    #[test]
    fn where_the_search_starts_does_not_matter(
        gains in proptest::collection::vec(-80.0..80.0f64, 4 * 12),
        first in proptest::collection::vec(-100.0..100.0f64, 4),
        second in proptest::collection::vec(-100.0..100.0f64, 4),
    ) {
        let mut cold = frame(2.0, &gains, &second);
        cold.solve().unwrap();
        let mut warm = frame(2.0, &gains, &first);
        warm.solve().unwrap();
        fill(&mut warm, &gains, &second, 4);
        warm.solve().unwrap();
        prop_assert_eq!(cold.controls(), warm.controls());
    }
}

/// One row, two muscles: by hand, forces share as strengths (p = 2) or as strengths to the power 1/(p−1).
#[test]
fn two_muscles_share_by_hand() {
    for (p, share) in [(2.0, 2.0), (3.0, f64::sqrt(2.0)), (1.5, 4.0)] {
        let mut so = StaticOptimization::new(p).unwrap();
        so.begin(&[30.0]);
        so.push([(0, 40.0)], 0.0, 1.0);
        so.push([(0, 20.0)], 0.0, 1.0);
        so.solve().unwrap();
        let z = so.controls();
        assert!((z[0] / z[1] - share).abs() < 1e-7 * share, "{p}: {z:?}");
        assert!((40.0 * z[0] + 20.0 * z[1] - 30.0).abs() < 1e-10);
    }
}

#[test]
fn an_impossible_frame_names_what_is_missing_and_who_could_help() {
    let mut so = StaticOptimization::new(2.0).unwrap();
    so.begin(&[100.0, -5.0]);
    so.push([(0, 60.0)], 0.01, 1.0);
    so.push([(0, -20.0)], 0.01, 1.0);
    so.push([(0, 15.0), (1, -5.0)], 0.01, 1.0);
    let Err(StaticOptimizationError::Infeasible { shortfalls }) = so.solve() else { panic!() };
    assert_eq!(shortfalls.len(), 1);
    let worst = &shortfalls[0];
    assert_eq!(worst.row, 0);
    assert!((worst.missing - (100.0 - 60.0 + 0.2 - 15.0)).abs() < 1e-6, "{worst:?}");
    assert_eq!(worst.suppliers.iter().map(|s| s.index).collect::<Vec<_>>(), [0, 2]);
    assert!(worst.suppliers.iter().all(|s| s.remaining < 1e-6));
    // Nothing acts on the row at all.
    so.begin(&[0.0, 3.0]);
    so.push([(0, 60.0)], 0.0, 1.0);
    let Err(StaticOptimizationError::Infeasible { shortfalls }) = so.solve() else { panic!() };
    assert_eq!((shortfalls[0].row, shortfalls[0].suppliers.len()), (1, 0));
    assert!((shortfalls[0].missing - 3.0).abs() < 1e-6);
}

#[test]
fn what_is_not_a_problem_is_refused() {
    assert!(StaticOptimization::new(1.0).is_err() && StaticOptimization::new(f64::NAN).is_err());
    let mut so = StaticOptimization::new(2.0).unwrap();
    for (gain, lower, upper) in [(f64::NAN, 0.0, 1.0), (1.0, 1.0, 0.0), (1.0, f64::NAN, 1.0)] {
        so.begin(&[0.5]);
        so.push([(0, 1.0)], 0.0, 1.0);
        so.push([(0, gain)], lower, upper);
        assert_eq!(so.solve(), Err(StaticOptimizationError::NotFinite { unknown: Some(1) }));
    }
    so.begin(&[f64::INFINITY]);
    so.push([(0, 1.0)], 0.0, 1.0);
    assert_eq!(so.solve(), Err(StaticOptimizationError::NotFinite { unknown: None }));
}
