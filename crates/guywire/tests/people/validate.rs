//! The comparison with measured people computes, row by row.

use guywire::body::ReferenceBody;
use guywire::results::ValidationRow;
use guywire::validate;
use std::sync::LazyLock;

static ROWS: LazyLock<Vec<ValidationRow>> = LazyLock::new(|| {
    let reference = ReferenceBody::adult().unwrap();
    validate::run(&reference, &|_, _, _| {}).unwrap_or_else(|e| panic!("{e}"))
});

#[test]
fn at_least_25_rows_have_a_number() {
    for row in ROWS.iter() {
        println!(
            "{:28} {:>9.3}  [{:8.3}, {:8.3}] {:4} {:7} {}",
            row.id,
            row.predicted,
            row.low,
            row.high,
            row.unit,
            if row.inside { "inside" } else { "outside" },
            row.note
        );
    }
    let computed = ROWS.iter().filter(|r| r.predicted.is_finite()).count();
    assert!(computed >= 25, "{computed} of {} rows", ROWS.len());
}

#[test]
fn verdicts_follow_from_the_numbers() {
    for row in ROWS.iter() {
        assert_eq!(row.inside, row.low <= row.predicted && row.predicted <= row.high, "{}", row.id);
        assert!(row.predicted.is_nan() || row.difference == row.predicted - row.measured, "{}", row.id);
        assert!(row.predicted.is_finite() || !row.note.is_empty(), "{} does not say why", row.id);
        assert!(!row.source.is_empty(), "{}", row.id);
    }
}

#[test]
fn required_rows_are_inside() {
    for row in ROWS.iter().filter(|r| r.required) {
        assert!(row.inside, "{}: {} is not in [{}, {}]", row.id, row.predicted, row.low, row.high);
    }
}

/// Moments of passive legs do not depend on an equilibrium: they always have a number.
#[test]
fn passive_moments_have_numbers() {
    let passive: Vec<_> = ROWS.iter().filter(|r| r.id.starts_with("passive_")).collect();
    assert!(passive.len() >= 10);
    assert!(passive.iter().all(|r| r.predicted.is_finite()));
}
