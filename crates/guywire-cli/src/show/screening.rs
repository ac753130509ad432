//! What the screening says, as text.

use super::visits;
use guywire::case::Answer;
use guywire::results::{Asked, Level, Reason, Screening, Visits};
use std::fmt::Write;

/// More open questions than these are counted, not listed.
const MOST_OPEN: usize = 12;

/// The whole screening.
pub fn screening(screening: &Screening) -> String {
    let mut out = banner(screening);
    for reason in &screening.reasons {
        out.push_str(&because(reason));
    }
    if let Some(examination) = &screening.examination {
        let note = examination.note.as_ref().map(|note| format!(": {note}")).unwrap_or_default();
        let _ = writeln!(out, "\nExamined by {} on {}{note}", examination.by, examination.on);
    }
    let yes = |asked: &&Asked| asked.answer.is_some_and(|answer| answer != Answer::No);
    let told: Vec<&Asked> = screening.answers.iter().filter(yes).collect();
    if !told.is_empty() {
        out.push_str("\nAnswered otherwise than no\n");
        for asked in told {
            let answer = asked.answer.map_or("", Answer::name);
            let _ = writeln!(out, "- {answer}: {} ({})", asked.question, asked.name);
        }
    }
    let open: Vec<&Asked> = screening.open_questions().collect();
    if !open.is_empty() {
        let _ = writeln!(out, "\nNot asked: {} of {} questions", open.len(), screening.answers.len());
        // Who needs help today needs no list of what else could be asked.
        let most = if screening.result == Level::EmergencyToday { 0 } else { MOST_OPEN };
        for asked in open.iter().take(most) {
            let _ = writeln!(out, "- {} ({})", asked.question, asked.name);
        }
        if open.len() > most && most > 0 {
            let _ = writeln!(out, "- and {} more; `guywire screen` asks them", open.len() - most);
        }
    }
    out.push_str("\nStop and seek help if you notice\n");
    for sign in &screening.safety_net {
        let _ = writeln!(out, "- {sign}");
    }
    let Screening { rules_version, rules_date, rules_status, .. } = screening;
    let _ = writeln!(out, "\nScreening rules {rules_version} of {rules_date}. {rules_status}");
    out
}

/// The result with its notes: what stands on top of everything else.
fn banner(screening: &Screening) -> String {
    let mark = if screening.stops_self_care() { "!!! " } else { "" };
    let mut out = format!("{mark}{}\n{}\n", screening.title, screening.lead);
    for note in &screening.notes {
        let _ = writeln!(out, "Note: {note}");
    }
    out
}

/// Where a person must be examined first.
pub const NOTHING_SHOWN: &str = "Nothing that was computed is shown until a clinician has examined.\n";

/// What stands above what was computed of a person: where the screening leads, with reasons where self-care must stop,
/// then support, and what is unclear about the readings.
pub fn first(screening: &Screening, visits: Option<&Visits>) -> String {
    let (support, hints) = visits.map(|v| (visits::support(v), visits::hints(v))).unwrap_or_default();
    let mut out = banner(screening);
    if screening.stops_self_care() {
        out.extend(screening.reasons.iter().map(because));
    }
    out.push_str("The signs at which to stop and seek help: `guywire screen` lists them.\n");
    for part in [&support, &hints].map(|part| part.trim()) {
        if !part.is_empty() {
            let _ = write!(out, "\n{part}\n");
        }
    }
    out + "\n"
}

fn because(reason: &Reason) -> String {
    let mut out = format!("\n{}: {}\n  {}\n", reason.level.name(), reason.reason, reason.action);
    if reason.unsure {
        out.push_str("  An answer was `unsure`, which does not count as no.\n");
    }
    if reason.lowered_by_examination {
        let _ = writeln!(out, "  Without the recorded examination: {}.", reason.rule_level.name());
    }
    if let Some(suspect) = &reason.suspect {
        let _ = writeln!(out, "  For the clinician: {suspect}.");
    }
    let _ = writeln!(out, "  Rule {}; {} ({})", reason.rule, reason.source, reason.status);
    out
}
