//! What a diary says of doses, in the terminal.

use crate::table::{Align, Table};
use guywire::results::{DiaryResult, DoseAction, EntryPlace};
use std::fmt::Write;
use std::path::Path;

/// Days of entries, with their lines.
fn places(entries: &[EntryPlace]) -> String {
    let each = entries.iter().map(|entry| format!("{} (line {})", entry.date, entry.line));
    each.collect::<Vec<_>>().join(", ")
}

/// What becomes of every dose.
pub fn diary(name: &str, case: &Path, found: &DiaryResult) -> String {
    let mut out = format!("{name}: the diary, {} entries\n", found.entries);
    if !found.stop.is_empty() {
        out += "\n!!! Stop: no exercises before somebody has looked at it.\n";
        for reason in &found.stop {
            let _ = writeln!(out, "    {}: {}", places(&[reason.entry]), reason.why);
        }
        let _ = writeln!(
            out,
            "    Go through `guywire screen {}` and answer as it is today; an examination on that day or later, recorded in \
             `[screening]`, lifts the stop.",
            case.display()
        );
        return out;
    }
    let left = Align::Left;
    let mut table =
        Table::new(&[("do", left), ("side", left), ("", left), ("until now", left), ("from now on", left)]);
    for of in &found.exercises {
        let next = match (of.action, &of.dose_next) {
            (DoseAction::Hold, _) => "as it is".to_owned(),
            (_, Some(dose)) => dose.clone(),
            (_, None) => "leave it out".to_owned(),
        };
        let title = format!("{} ({})", of.title, of.exercise);
        table.row([title, of.side.clone(), of.action.name().to_owned(), of.dose_now.clone(), next]);
    }
    let _ = writeln!(out, "\n{table}");
    for of in &found.exercises {
        let rests = if of.entries.is_empty() { String::new() } else { format!(" [{}]", places(&of.entries)) };
        let _ = writeln!(out, "{}, {}: {}{rests}", of.exercise, of.action.name(), of.why);
    }
    if found.exercises.iter().any(|of| of.action == DoseAction::Stop) {
        let _ = writeln!(out, "\nAsk about what stops: `guywire screen {}`.", case.display());
    }
    if !found.elsewhere.is_empty() {
        let _ = writeln!(out, "\nAbout exercises that the plan does not have: {}", places(&found.elsewhere));
    }
    out += "\nThe rules\n";
    found.rules.iter().for_each(|rule| {
        let _ = writeln!(out, "  {rule}");
    });
    out
}
