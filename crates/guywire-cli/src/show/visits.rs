//! Visits in the terminal: what is said first, and what changed.

use crate::table::{Align, Table, fixed, signed};
use guywire::results::{Change, Visits};
use std::fmt::Write;

/// What comes before any mechanics.
pub fn support(visits: &Visits) -> String {
    let Some(support) = &visits.support else { return String::new() };
    format!(
        "SUPPORT FIRST (STarT Back, {}: {})\n{}\n{}\n\n",
        support.date,
        support.risk.words(),
        support.text,
        support.owner
    )
}

/// First and last of every test and measure, and what the difference is.
pub fn visits(visits: &Visits) -> String {
    let heads = [
        ("visits", Align::Left),
        ("first", Align::Right),
        ("last", Align::Right),
        ("change", Align::Right),
        ("error up to", Align::Right),
        ("which is", Align::Left),
    ];
    let mut table = Table::new(&heads);
    let mut row = |name: String, ends: Option<(f64, f64)>, change: Option<&Change>| {
        let Some((first, last)) = ends else { return };
        let of = |value: Option<f64>, write: fn(f64, usize) -> String| {
            value.map_or_else(|| "–".to_owned(), |value| write(value, 1))
        };
        let label = change.map_or("no two to compare", |change| change.label.words());
        table.row([
            name,
            fixed(first, 1),
            fixed(last, 1),
            of(change.map(|change| change.value), signed),
            of(change.map(|change| change.detectable), fixed),
            label.to_owned(),
        ]);
    };
    for series in &visits.tests {
        let mut name = series.test.clone();
        if let Some(side) = series.side {
            let _ = write!(name, " {}", side.name());
        }
        if let Some(protocol) = &series.protocol {
            let _ = write!(name, ", {protocol}");
        }
        let _ = write!(name, " [{}]", series.unit);
        let ends = series.points.first().zip(series.points.last());
        let change = series.points.last().and_then(|point| point.since_first.as_ref());
        row(name, ends.map(|(first, last)| (first.reading, last.reading)), change);
    }
    for series in &visits.outcomes {
        let scores: Vec<f64> = series.points.iter().filter_map(|point| point.score).collect();
        let change = series.points.iter().rev().find_map(|point| point.since_first.as_ref());
        row(series.outcome.clone(), scores.first().copied().zip(scores.last().copied()), change);
    }
    let dates: Vec<String> = visits.dates.iter().map(ToString::to_string).collect();
    let mut out =
        format!("\nVisits of {}, as read and said; nothing of it is predicted.\n\n{table}", dates.join(", "));
    out.push_str(&hints(visits));
    for owner in &visits.owners {
        let _ = writeln!(out, "{owner}");
    }
    out
}

/// What looks like a slip, and what else must be known about the readings.
pub fn hints(visits: &Visits) -> String {
    let questions = visits.questions.iter().map(|question| format!("\nPlease look again. {question}\n"));
    questions.chain(visits.notes.iter().map(|note| format!("\nNote: {note}\n"))).collect()
}
