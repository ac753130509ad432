//! Exercises in the terminal.

use super::examination::sided;
use super::range::{between, whose, with};
use crate::json;
use crate::table::{Align, Table, fixed};
use guywire::exercise::{Kind, Library, Ranked, Sides};
use guywire::results::{
    ExerciseCondition, ExerciseMoment, ExerciseMuscle, ExerciseRank, ExerciseResult, LeftOutExercise, Spread,
};
use serde::Serialize;
use std::fmt::Write;

/// Muscles of the table besides those that the exercise is meant for.
const MOST_MUSCLES: usize = 10;
/// Below this share of its greatest force a muscle neither stretches nor works, in words.
const WORTH_A_ROW: f64 = 0.02;
/// Below this moment, N·m, nothing is told of a joint.
const WORTH_A_MOMENT: f64 = 2.0;

/// An exercise of the library.
#[derive(Serialize)]
struct Listed<'e> {
    exercise: &'e str,
    title: &'e str,
    kind: &'static str,
    sides: Sides,
    target: &'e [String],
    dose: String,
}

/// Every exercise, or those of one kind.
pub fn exercises(library: &Library, kind: Option<Kind>, as_json: bool) -> anyhow::Result<String> {
    let list: Vec<Listed<'_>> = library
        .all()
        .iter()
        .filter(|e| kind.is_none_or(|kind| e.kind == kind))
        .map(|e| Listed {
            exercise: &e.name,
            title: &e.title,
            kind: e.kind.name(),
            sides: e.sides,
            target: &e.target,
            dose: e.dose.in_words(),
        })
        .collect();
    if as_json {
        return Ok(json::rows(&list)?);
    }
    let left = Align::Left;
    let mut table = Table::new(&[("exercise", left), ("kind", left), ("meant for", left), ("dose", left)]);
    for e in list {
        table.row([e.exercise.to_owned(), e.kind.to_owned(), e.target.join(", "), e.dose]);
    }
    Ok(table.to_string())
}

/// One exercise; of one that the answers speak against only why.
pub fn exercise(name: &str, told: &ExerciseResult, hidden: bool) -> String {
    let mut out = format!("{name}: {}\n", sided(&told.title, told.side));
    for condition in told.excluded_by() {
        let _ = writeln!(out, "!!! Not for {name}: {}", condition.text);
    }
    if hidden {
        return out + "Nothing of it is shown; `guywire exercise --list` names others.\n";
    }
    let _ = writeln!(out, "\n{}", told.how);
    if let Some(cue) = &told.cue {
        let _ = writeln!(out, "{cue}.{}", if told.cued { "" } else { " Here it is done without this." });
    }
    if told.clinician_only {
        let _ = writeln!(out, "Only a clinician does this, never the person.");
    }
    let _ = writeln!(out, "{}\nLoad: {}\nSource of the dose: {}", told.dose, told.load, told.dose_source);
    if let Some(missing) = &told.not_computed {
        let _ = writeln!(out, "Not computed: {missing}");
    }
    out += &muscles(told);
    out += &discs(told);
    out += &moments(told);
    if !told.conditions.is_empty() {
        let _ = writeln!(out, "\nWhat speaks against it");
        for condition in &told.conditions {
            let _ = writeln!(out, "- {} ({})", condition.text, found(condition));
        }
    }
    let _ = writeln!(out, "\nStop");
    for rule in told.stop_rules.iter().chain(&told.general) {
        let _ = writeln!(out, "- {rule}");
    }
    if let Some(note) = &told.note {
        let _ = writeln!(out, "\nNote: {note}");
    }
    out
}

fn muscles(told: &ExerciseResult) -> String {
    let mut others = 0;
    let worth = |m: &&ExerciseMuscle| m.passive_share.max(m.activation) >= WORTH_A_ROW;
    let rows = told.muscles.iter().filter(worth).filter(|m| {
        others += usize::from(!m.is_target);
        m.is_target || others <= MOST_MUSCLES
    });
    let right = Align::Right;
    let mut table = Table::new(&[
        ("muscle", Align::Left),
        ("", Align::Left),
        ("longer [%]", right),
        ("tension [N]", right),
        ("work [%]", right),
    ]);
    for m in rows {
        let of = |value: f64, field: &str, scale: f64| {
            with(value, told.range_of_muscle(m, field), |v| fixed(scale * v, 0))
        };
        table.row([
            format!("{}.{}", m.muscle, m.side.name()),
            if m.is_target { "meant".to_owned() } else { String::new() },
            of(m.strain_percent, "strain_percent", 1.0),
            of(m.passive_force_n, "passive_force_n", 1.0),
            of(m.activation, "activation", 100.0),
        ]);
    }
    let whose = whose("In brackets", told.spread.as_ref());
    format!(
        "\n{table}longer: fibres against standing; tension: passive force; work: of full activation\n{whose}"
    )
}

fn discs(told: &ExerciseResult) -> String {
    let right = Align::Right;
    let mut table = Table::new(&[
        ("disc", Align::Left),
        ("compression [N]", right),
        ("of standing [%]", right),
        ("pressure [MPa]", right),
    ]);
    for d in &told.discs {
        let range = |field: &str| told.range_of_disc(d, field);
        table.row([
            d.level.clone(),
            with(d.compression_n, range("compression_n"), |v| fixed(v, 0)),
            with(d.over_standing, range("over_standing"), |v| fixed(100.0 * v, 0)),
            with(d.pressure_mpa, range("pressure_mpa"), |v| fixed(v, 2)),
        ]);
    }
    format!("\n{table}")
}

fn moments(told: &ExerciseResult) -> String {
    let mut out = String::new();
    for (k, phase) in told.phases.iter().enumerate() {
        let worth = phase.moments.iter().filter(|m| m.newton_metre >= WORTH_A_MOMENT);
        let words = |m: &ExerciseMoment| {
            let range = told.range_of_moment(k, m);
            let amount = with(m.newton_metre, range.as_ref(), |v| fixed(v, 0));
            format!("{} {amount} N m", sided(&m.moment, m.side))
        };
        let _ = writeln!(
            out,
            "\n{} ({} % of the time): muscles make",
            phase.title,
            fixed(100.0 * phase.share, 0)
        );
        for moment in worth {
            let _ = writeln!(out, "  {}", words(moment));
        }
    }
    out
}

/// What the answers say of a condition, in words.
fn found(condition: &ExerciseCondition) -> &'static str {
    match condition.found.as_str() {
        "yes" => "the answers say so",
        "heed" => "the answers say so: take care",
        "no" => "answered with no",
        _ => "not asked",
    }
}

/// The library in the order of what it reaches.
pub fn ranks(name: &str, target: &str, found: &Ranked, left_out: &[LeftOutExercise]) -> String {
    let mut out = format!("{name}: what reaches {target}\n");
    for left in left_out {
        let _ = writeln!(out, "Left out: {}: {}", left.exercise, left.why);
    }
    if found.ranked.is_empty() && found.unsolved.is_empty() {
        return out
            + match left_out.is_empty() {
                true => "Nothing that can be ranked: a release presses, and no number says how well.\n",
                false => "Nothing is left.\n",
            };
    }
    for (by_work, head) in
        [(false, "Stretches and positions, by passive force"), (true, "Work, by activation")]
    {
        let rows: Vec<&ExerciseRank> = found.ranked.iter().filter(|r| r.by_activation == by_work).collect();
        if rows.is_empty() {
            continue;
        }
        let right = Align::Right;
        let mut table = Table::new(&[
            ("exercise", Align::Left),
            ("kind", Align::Left),
            ("longer [%]", right),
            ("tension [N]", right),
            ("of greatest [%]", right),
            ("work [%]", right),
            ("disc [N]", right),
            ("", Align::Left),
        ]);
        for r in rows {
            table.row([
                sided(&r.exercise, r.side),
                r.kind.clone(),
                fixed(r.strain_percent, 0),
                fixed(r.passive_force_n, 0),
                fixed(100.0 * r.passive_share, 1),
                fixed(100.0 * r.activation, 0),
                fixed(r.highest_compression_n, 0),
                against(r),
            ]);
            let range = |field: &str, scale: f64, decimals: usize| {
                between(r.range(field), |v| fixed(scale * v, decimals))
            };
            table.row([
                lost(r),
                String::new(),
                range("strain_percent", 1.0, 0),
                range("passive_force_n", 1.0, 0),
                range("passive_share", 100.0, 1),
                range("activation", 100.0, 0),
                range("highest_compression_n", 1.0, 0),
            ]);
        }
        let _ = write!(out, "\n{head}\n{table}");
    }
    for unsolved in &found.unsolved {
        let _ = writeln!(out, "Not ranked: {}: {}", unsolved.exercise, unsolved.problem);
    }
    let solved = found.ranked.iter().filter_map(|r| r.spread.as_ref()).max_by_key(|spread| spread.solved);
    let most = solved.map(|spread| Spread { unsolved: 0, ..spread.clone() });
    out + "\nlonger: fibres against standing; tension: passive force; disc: highest compression of any\n"
        + &whose("Below each number", most.as_ref())
}

/// How many bodies are not in the intervals of a rank.
fn lost(rank: &ExerciseRank) -> String {
    match &rank.spread {
        Some(Spread { unsolved: 0, .. }) => String::new(),
        Some(Spread { solved, unsolved, .. }) => {
            format!("  {unsolved} of {} bodies cannot", solved + unsolved)
        }
        None => "  no other body can".to_owned(),
    }
}

fn against(rank: &ExerciseRank) -> String {
    match &rank.against {
        Some(condition) if condition.excludes() => format!("not: {}", condition.text),
        Some(condition) if condition.found == "heed" => format!("care: {}", condition.text),
        _ => String::new(),
    }
}
