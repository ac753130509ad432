//! Clinical tests and fits in the terminal.

use super::range::{whose, with};
use crate::json;
use crate::table::{Align, Table, fixed};
use guywire::case::TestVocabulary;
use guywire::examination::Protocols;
use guywire::results::{FitResult, TestReading};
use guywire::side::Side;
use serde::Serialize;
use std::fmt::Write;

/// A test that can be simulated.
#[derive(Serialize)]
struct Listed<'t> {
    test: &'t str,
    title: &'t str,
    sides: bool,
    unit: &'t str,
    sem: f64,
    convention: &'t str,
    protocols: Vec<&'t str>,
}

/// Every test that can be simulated.
pub fn tests(tests: &[TestVocabulary], protocols: &Protocols, as_json: bool) -> anyhow::Result<String> {
    let mut list = Vec::new();
    for test in tests {
        let own = protocols.all().iter().filter(|p| p.test == test.name);
        let names: Vec<&str> = own.flat_map(|p| p.names.iter().map(String::as_str)).collect();
        if !names.is_empty() {
            list.push(Listed {
                test: &test.name,
                title: &test.title,
                sides: test.sides,
                unit: &test.unit,
                sem: test.sem,
                convention: &test.convention,
                protocols: names,
            });
        }
    }
    if as_json {
        return Ok(json::rows(&list)?);
    }
    let mut table = Table::new(&[
        ("test", Align::Left),
        ("sides", Align::Left),
        ("unit", Align::Left),
        ("error", Align::Right),
        ("protocols", Align::Left),
    ]);
    for test in &list {
        let sides = if test.sides { "left, right" } else { "–" };
        table.row([
            test.test.to_owned(),
            sides.to_owned(),
            test.unit.to_owned(),
            fixed(test.sem, 1),
            test.protocols.join(", "),
        ]);
    }
    Ok(format!("{table}\nerror: standard error of measurement between examiners\n"))
}

/// One test.
pub fn test(name: &str, reading: &TestReading) -> String {
    let proof = &reading.certificate;
    format!(
        "{name}, {}: {} {}; error between examiners {}\n\n{}.\nReads: {}.\nWith reference tissue: {} {}.\n{}\
         At rest: largest residual {:.1e} N m, {} steps\n",
        sided(&reading.title, reading.side),
        with(reading.reading, reading.range(), |v| fixed(v, 1)),
        reading.unit,
        fixed(reading.sem, 1),
        reading.done,
        reading.convention,
        fixed(reading.reference_reading, 1),
        reading.unit,
        whose("In brackets", reading.spread.as_ref()),
        proof.max_residual_nm,
        proof.iterations,
    )
}

/// A test by its name and its side.
pub(super) fn sided(name: &str, side: Option<Side>) -> String {
    side.map_or_else(|| name.to_owned(), |side| format!("{name}, {}", side.name()))
}

/// A fit.
pub fn fit(name: &str, fit: &FitResult) -> String {
    let mut out = format!("{name}, tissue on {}, from the tests of all visits\n\n", fit.visit);
    let right = Align::Right;
    let mut table = Table::new(&[
        ("day", Align::Left),
        ("test", Align::Left),
        ("read", right),
        ("fitted", right),
        ("error", right),
        ("unit", Align::Left),
        ("", Align::Left),
    ]);
    for test in &fit.tests {
        table.row([
            test.visit.clone(),
            sided(&test.name, test.side),
            fixed(test.read, 1),
            fixed(test.predicted, 1),
            fixed(test.sem, 1),
            test.unit.clone(),
            if test.distrusted {
                "left out: does not fit the others, read again".to_owned()
            } else {
                String::new()
            },
        ]);
    }
    let _ = writeln!(out, "{table}");
    for left in &fit.left_out {
        let _ = writeln!(out, "Not used: {}: {}", sided(&left.name, left.side), left.why);
    }
    let mut table = Table::new(&[
        ("tissue", Align::Left),
        ("fitted", right),
        ("90 % from", right),
        ("to", right),
        ("before", right),
        ("±", right),
    ]);
    for p in &fit.parameters {
        let decimals = if p.unit == "deg" { 1 } else { 3 };
        let cells = [p.mean, p.low90, p.high90, p.prior_mean, p.prior_sd].map(|v| fixed(v, decimals));
        let [mean, low, high, before, spread] = cells;
        table.row([p.name.clone(), mean, low, high, before, spread]);
    }
    let _ = writeln!(out, "\n{table}");
    let mut table =
        Table::new(&[("standing", Align::Left), ("fitted", right), ("90 % from", right), ("to", right)]);
    for o in &fit.standing {
        table.row([o.name.clone(), fixed(o.mean, 1), fixed(o.low90, 1), fixed(o.high90, 1)]);
    }
    let _ = writeln!(out, "{table}");
    out += &changes(fit);
    for entry in &fit.unidentifiable {
        let _ = writeln!(out, "Note: {}.", entry.why);
    }
    if fit.enough {
        let _ = writeln!(out, "\nNo further test would tell much of how the body stands.");
    } else {
        let _ =
            writeln!(out, "\nWhat to measure next (share of what is unsure in standing that it takes away):");
        for next in &fit.next_tests {
            let share = fixed(100.0 * next.reduction, 0);
            let _ = writeln!(out, "  {}: {share} %", sided(&next.name, next.side));
        }
    }
    out
}

/// What changed between the first visit and the last, beyond what readings can err.
fn changes(fit: &FitResult) -> String {
    let mut out = String::new();
    for c in fit.changes.iter().filter(|c| c.real) {
        let (decimals, before) = if c.factor { (3, "times ") } else { (1, "") };
        let [change, low, high] = [c.change, c.low90, c.high90].map(|v| fixed(v, decimals));
        let _ = writeln!(out, "Changed since the first visit: {} {before}{change} ({low} to {high})", c.name);
    }
    if out.is_empty() && !fit.changes.is_empty() {
        let _ = writeln!(out, "Since the first visit no tissue changed beyond what readings can err.");
    }
    out
}
