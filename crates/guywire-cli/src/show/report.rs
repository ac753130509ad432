//! The summary that `guywire report` prints.

use super::examination::sided;
use super::visits as show_visits;
use crate::show;
use crate::table::{Align, Table, fixed, signed};
use guywire::results::{FitResult, HipLoad, Posture, Results};
use std::fmt::Write;

/// A column of the table of positions.
struct Column {
    /// What it is, in the sentence above the table.
    what: &'static str,
    head: &'static str,
    decimals: usize,
    of: fn(&Posture) -> f64,
    /// As in the spread of a position.
    quantity: fn(&Posture) -> String,
}

const COLUMNS: [Column; 5] = [
    Column {
        what: "pelvic tilt",
        head: "tilt [°]",
        decimals: 1,
        of: |posture| posture.measures.pelvic_tilt_deg,
        quantity: |_| "pelvic_tilt_deg".to_owned(),
    },
    Column {
        what: "lumbar lordosis",
        head: "lordosis [°]",
        decimals: 1,
        of: |posture| posture.measures.lumbar_lordosis_deg,
        quantity: |_| "lumbar_lordosis_deg".to_owned(),
    },
    Column {
        what: "compression of L5/S1",
        head: "L5/S1 [N]",
        decimals: 0,
        of: |posture| disc(posture, "L5/S1").map_or(f64::NAN, |disc| disc.compression_n),
        quantity: |_| "discs.L5/S1.compression_n".to_owned(),
    },
    Column {
        what: "pressure in L4/L5",
        head: "L4/L5 [MPa]",
        decimals: 2,
        of: |posture| disc(posture, "L4/L5").map_or(f64::NAN, |disc| disc.pressure_mpa),
        quantity: |_| "discs.L4/L5.pressure_mpa".to_owned(),
    },
    Column {
        what: "greater hip force",
        head: "hip [× weight]",
        decimals: 2,
        of: |posture| greater_hip(posture).map_or(f64::NAN, |hip| hip.contact_force_bw),
        quantity: |posture| {
            let side = greater_hip(posture).map_or("", |hip| hip.side.name());
            format!("hips.{side}.contact_force_bw")
        },
    },
];

fn greater_hip(posture: &Posture) -> Option<&HipLoad> {
    posture.hips.iter().max_by(|a, b| a.contact_force_bw.total_cmp(&b.contact_force_bw))
}

/// Effects that the summary names; the report has all.
const MAIN_EFFECTS: [&str; 3] = ["pelvic_tilt_deg", "lumbar_lordosis_deg", "discs.L5/S1.compression_n"];

/// The person, the main numbers of every position beside reference tissue, and the main causes.
pub fn summary(results: &Results) -> String {
    let mut out = match (&results.person, &results.model) {
        (Some(person), _) => format!(
            "{}, {} years, {}, {} cm, {} kg\n",
            person.name,
            person.age,
            person.sex.name(),
            person.height_cm,
            person.mass_kg
        ),
        (None, Some(model)) => {
            let mut text = format!("{}, OpenSim model, {} kg\n", model.name, fixed(model.mass_kg, 1));
            for caveat in &model.caveats {
                let _ = writeln!(text, "  {caveat}");
            }
            text
        }
        (None, None) => String::new(),
    };
    if let Some(visits) = &results.visits {
        out.insert_str(0, &show_visits::support(visits));
    }
    if let Some(screening) = &results.screening {
        out = format!("{}\n{out}", show::screening(screening));
        if !screening.shows_mechanics() {
            if let Some(visits) = &results.visits {
                let _ = writeln!(out, "{}", show_visits::visits(visits));
            }
            out.push_str("Posture and loads are not shown here; with `audience = \"clinician\"` a clinician sees them.\n");
            return out;
        }
    }
    if let Some(fit) = &results.fit {
        let _ =
            writeln!(out, "The body behind the tests of {}; in brackets where nine in ten lie", fit.visit);
    }
    match results.settings.as_slice() {
        [] if results.fit.is_some() => out.push_str("no tissue stands out\n"),
        [] => out.push_str("reference tissue\n"),
        settings => settings.iter().for_each(|setting| {
            let _ = writeln!(out, "- {setting}");
        }),
    }
    if let Some(fit) = &results.fit {
        out.push_str(&tests(fit));
    }
    for warning in &results.warnings {
        let _ = writeln!(out, "\nNote: {warning}");
    }
    if let Some(visits) = &results.visits {
        out.push_str(&show_visits::visits(visits));
    }
    out.push_str(&positions(results));
    out.push_str(&unsolved(results));
    out.push_str(&causes(results));
    out
}

/// Readings that were not believed, and what to measure next.
fn tests(fit: &FitResult) -> String {
    let mut out = String::new();
    for test in fit.tests.iter().filter(|test| test.distrusted) {
        let (read, predicted) = (fixed(test.read, 1), fixed(test.predicted, 1));
        let _ = writeln!(
            out,
            "Left out, as it does not fit the others: {} (read {read}, expected {predicted} {}); read it again.",
            sided(&test.name, test.side),
            test.unit
        );
    }
    match fit.next_tests.first() {
        Some(next) if !fit.enough => {
            let share = fixed(100.0 * next.reduction, 0);
            let name = sided(&next.name, next.side);
            let _ =
                writeln!(out, "Measure next: {name} (takes away {share} % of what is unsure in standing)");
        }
        _ => {}
    }
    out
}

/// The main numbers of every position; what no position has is left out.
fn positions(results: &Results) -> String {
    let has = |column: &Column| results.positions.iter().any(|p| (column.of)(&p.person.posture).is_finite());
    let columns: Vec<&Column> = COLUMNS.iter().filter(|column| has(column)).collect();
    let heads: Vec<(&str, Align)> = std::iter::once(("position", Align::Left))
        .chain(columns.iter().map(|column| (column.head, Align::Right)))
        .collect();
    let mut table = Table::new(&heads);
    let changes = !results.settings.is_empty();
    for position in &results.positions {
        let (person, reference) = (&position.person.posture, &position.reference.posture);
        let cell = |column: &&Column| {
            let (own, other) = ((column.of)(person), (column.of)(reference));
            let own_text = fixed(own, column.decimals);
            let spread = position.spread.as_ref().and_then(|spread| spread.of(&(column.quantity)(person)));
            if let Some(range) = spread {
                let [low, high] = [range.low90, range.high90].map(|end| fixed(end, column.decimals));
                format!("{own_text} ({low} to {high})")
            } else if changes {
                format!("{own_text} ({})", signed(own - other, column.decimals))
            } else {
                own_text
            }
        };
        table.row(std::iter::once(position.position.clone()).chain(columns.iter().map(cell)));
    }
    let mut what = columns.iter().map(|column| column.what).collect::<Vec<_>>().join(", ");
    if let Some(first) = what.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    let brackets = if let Some(ensemble) = &results.ensemble {
        &format!(";\nin brackets where nine in ten of {} bodies lie that the tests allow", ensemble.members)
    } else if changes {
        ";\nin brackets the change against reference tissue"
    } else {
        ""
    };
    format!("\n{what}{brackets}.\n\n{table}\n")
}

/// The positions without an equilibrium.
fn unsolved(results: &Results) -> String {
    if results.unsolved.is_empty() {
        return String::new();
    }
    let mut out = String::from("Not solved:\n");
    for unsolved in &results.unsolved {
        let _ = writeln!(out, "- {}, {}: {}", unsolved.position, unsolved.tissue, unsolved.problem);
    }
    out.push('\n');
    out
}

fn disc<'p>(posture: &'p Posture, level: &str) -> Option<&'p guywire::results::DiscLoad> {
    posture.discs.iter().find(|disc| disc.level == level)
}

/// What each setting alone does to the main numbers of the first position.
fn causes(results: &Results) -> String {
    let Some(position) = results.positions.first().filter(|position| !position.causes.is_empty()) else {
        return String::new();
    };
    let mut out = format!("What each setting alone does in {}\n", position.position);
    for cause in &position.causes {
        let main = MAIN_EFFECTS.iter().filter_map(|name| cause.effects.iter().find(|e| e.quantity == *name));
        let effects: Vec<String> = main
            .map(|effect| {
                let decimals = if effect.unit == "N" { 0 } else { 1 };
                let unit = if effect.unit == "deg" { "°".to_owned() } else { format!(" {}", effect.unit) };
                format!("{} {}{unit}", effect.label, signed(effect.alone, decimals))
            })
            .collect();
        let _ = writeln!(out, "- {}: {}", cause.label, effects.join(", "));
    }
    out
}

#[cfg(test)]
mod tests {
    use crate::show::made_up;

    #[test]
    fn a_summary_reads_well() {
        assert_eq!(
            super::summary(&made_up::results()),
            "\
Ada, 35 years, female, 168 cm, 62 kg
- hip flexors 10 % shorter

Note: A sentence to know first.

Pelvic tilt, lumbar lordosis, compression of L5/S1, pressure in L4/L5, greater hip force;
in brackets the change against reference tissue.

  position     tilt [°]  lordosis [°]  L5/S1 [N]  L4/L5 [MPa]  hip [× weight]
  standing  12.0 (+2.5)    55.0 (0.0)    523 (0)  0.45 (0.00)     0.68 (0.00)

What each setting alone does in standing
- hip flexors 10 % shorter: pelvic tilt +2.5°, compression at L5/S1 +98 N
"
        );
    }
}
