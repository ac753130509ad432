//! The model against measured people, as text.

use crate::table::{Align, Table, fixed};
use guywire::results::ValidationRow;
use std::fmt::Write;

/// All rows, the count of those inside, and what is thought of those outside.
pub fn validation(rows: &[ValidationRow]) -> String {
    let mut table = Table::new(&[
        ("verdict", Align::Left),
        ("quantity", Align::Left),
        ("condition", Align::Left),
        ("predicted", Align::Right),
        ("measured", Align::Right),
        ("inside is", Align::Right),
        ("unit", Align::Left),
        ("used to", Align::Left),
    ]);
    for row in rows {
        let decimals = decimals(row);
        table.row([
            verdict(row).to_owned(),
            row.quantity.clone(),
            row.condition.clone(),
            fixed(row.predicted, decimals),
            fixed(row.measured, decimals),
            format!("{} to {}", fixed(row.low, decimals), fixed(row.high, decimals)),
            row.unit.clone(),
            row.used_for.clone(),
        ]);
    }
    let mut out = format!("{table}\n");
    for row in rows.iter().filter(|row| !row.inside) {
        let note = if row.note.is_empty() { "no cause is known" } else { &row.note };
        let _ = writeln!(out, "{} ({}, {}): {note}", row.id, row.quantity, row.condition);
    }
    let inside = |rows: &mut dyn Iterator<Item = &ValidationRow>| {
        rows.fold((0, 0), |(inside, all), row| (inside + usize::from(row.inside), all + 1))
    };
    let (all_inside, all) = inside(&mut rows.iter());
    let (required_inside, required) = inside(&mut rows.iter().filter(|row| row.required));
    let _ =
        writeln!(out, "{all_inside} of {all} inside; of the required rows {required_inside} of {required}");
    out
}

fn verdict(row: &ValidationRow) -> &'static str {
    match (row.inside, row.required) {
        (true, _) => "inside",
        (false, true) => "OUTSIDE, required",
        (false, false) => "outside",
    }
}

/// Decimals that show a hundredth of the interval.
fn decimals(row: &ValidationRow) -> usize {
    match (row.high - row.low).abs() {
        width if width >= 50.0 => 0,
        width if width >= 5.0 => 1,
        _ => 2,
    }
}

#[cfg(test)]
mod tests {
    use crate::show::made_up;

    #[test]
    fn a_validation_reads_well() {
        assert_eq!(
            super::validation(&made_up::validation()),
            "  verdict            quantity               condition        predicted  measured     inside is  unit  used to
  inside             lumbar lordosis        standing              52.0      49.0  29.0 to 69.0  deg   calibrate
  OUTSIDE, required  disc pressure (ratio)  sitting_relaxed       1.42      0.90  0.80 to 1.10  1     validate
  outside            hip contact force      standing              0.80      1.10  1.00 to 1.20  BW    validate

sitting (disc pressure (ratio), sitting_relaxed): the model sits too straight
hip (hip contact force, standing): no cause is known
1 of 3 inside; of the required rows 0 of 1
"
        );
    }
}
