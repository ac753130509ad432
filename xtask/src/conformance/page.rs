//! The outcomes as a page of Markdown.

use super::Outcome;
use super::row::{Bound, Row};
use std::fmt::Write;

/// One table: models by quantities, the worst difference in each field; then every miss with its place.
pub fn of(outcomes: &[Outcome]) -> String {
    let mut quantities: Vec<(&str, Bound)> = Vec::new();
    for row in outcomes.iter().filter_map(|o| o.rows.as_ref().ok()).flatten() {
        if !quantities.iter().any(|(name, _)| *name == row.quantity) {
            quantities.push((row.quantity, row.bound));
        }
    }
    let mut page = String::from(
        "# Conformance\n\nWritten by `cargo xtask conformance`: guywire beside OpenSim 4.6 on public models. A field is the \
         worst difference over all\nposes and entries; **bold** is a miss. Lengths in m, angles and ratios without unit. \
         Tolerances and what they are relative to are\nin `xtask/src/conformance`.\n\n",
    );
    let names =
        |f: &dyn Fn(&(&str, Bound)) -> String| quantities.iter().map(f).collect::<Vec<_>>().join(" | ");
    let _ = writeln!(page, "| model | {} |", names(&|(name, _)| (*name).to_owned()));
    let _ = writeln!(page, "| --- | {} |", names(&|_| "---".to_owned()));
    let _ = writeln!(page, "| *may be* | {} |", names(&|(_, bound)| bound_text(*bound)));
    for outcome in outcomes {
        let field = |row: Option<&Row>| match row {
            None => String::new(),
            Some(row) if row.compared == 0 => "left out".to_owned(),
            Some(row) if row.is_miss() => format!("**{:.1e}**", row.worst),
            Some(row) => format!("{:.1e}", row.worst),
        };
        let fields = match &outcome.rows {
            Ok(rows) => names(&|(name, _)| field(rows.iter().find(|r| r.quantity == *name))),
            Err(_) => names(&|_| "**none**".to_owned()),
        };
        let _ = writeln!(page, "| {} | {fields} |", outcome.name);
    }
    let misses = misses(outcomes);
    if !misses.is_empty() {
        let _ = write!(page, "\n## Misses\n\n{misses}");
    }
    page
}

fn bound_text(bound: Bound) -> String {
    match bound {
        Bound::Within(most) => format!("{most:.0e}"),
        Bound::Shown => "shown".to_owned(),
    }
}

fn misses(outcomes: &[Outcome]) -> String {
    let mut text = String::new();
    for outcome in outcomes {
        match &outcome.rows {
            Err(error) => {
                let _ = writeln!(text, "- {}: {error:#}", outcome.name);
            }
            Ok(rows) => {
                for row in rows.iter().filter(|r| r.is_miss()) {
                    let Row { quantity, worst, place, .. } = row;
                    let _ = writeln!(text, "- {}, {quantity}: {worst:.3e} at {place}", outcome.name);
                }
            }
        }
    }
    text
}
