//! What an exported body says otherwise than the body.

use guywire::body::export::{ExportNote, Treatment};
use std::fmt::Write;

/// The notes, those of one kind together.
pub fn export(notes: &[ExportNote]) -> String {
    let mut out = String::new();
    let kinds = [
        (Treatment::LeftOut, "Left out: OpenSim has no class for it"),
        (Treatment::Approximated, "Approximated: OpenSim's class is near, not equal"),
    ];
    for (kind, title) in kinds {
        let mut reasons: Vec<(&str, Vec<&str>)> = Vec::new();
        for note in notes.iter().filter(|n| n.treatment == kind) {
            match reasons.iter_mut().find(|(why, _)| *why == note.why) {
                Some((_, parts)) => parts.push(&note.part),
                None => reasons.push((&note.why, vec![&note.part])),
            }
        }
        if reasons.is_empty() {
            continue;
        }
        let _ = writeln!(out, "{title}");
        for (why, parts) in reasons {
            let shown = parts.iter().take(4).copied().collect::<Vec<_>>().join(", ");
            let more = parts.len().saturating_sub(4);
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            let _ = writeln!(out, "  {shown}{more}: {why}");
        }
    }
    out
}
