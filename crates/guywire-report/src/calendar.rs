//! A plan as an iCalendar (RFC 5545): sessions spread over the week, and days on which to measure again.
//!
//! All are days without an hour: when somebody exercises is theirs to choose. The same plan and first day give the same bytes;
//! `DTSTAMP` is the first day, because no clock is read.

use crate::handout::{after, sessions};
use crate::words;
use guywire::case::Date;
use guywire::results::{PlanResult, PlannedExercise};
use std::fmt::Write;

/// Most octets of a line (RFC 5545, 3.1).
const OCTETS: usize = 75;
const DAYS: usize = 7;
/// 1 January 1970 was a Thursday.
const WEEKDAYS: [&str; DAYS] = ["TH", "FR", "SA", "SU", "MO", "TU", "WE"];
const PRODUCT: &str = concat!("-//guywire//", env!("CARGO_PKG_VERSION"), "//EN");

/// Text as a value: backslash, semicolon, comma and line break are escaped, other control characters left out (3.3.11).
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '\\' | ';' | ',' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

/// A content line, folded between characters, with its line break.
fn line(out: &mut String, content: &str) {
    let mut octets = 0;
    for c in content.chars() {
        if octets + c.len_utf8() > OCTETS {
            out.push_str("\r\n ");
            octets = 1;
        }
        out.push(c);
        octets += c.len_utf8();
    }
    out.push_str("\r\n");
}

/// A day as the format writes it.
fn day(date: Date) -> String {
    date.to_string().replace('-', "")
}

fn weekday(date: Date) -> &'static str {
    // From 0 to 6.
    WEEKDAYS[date.days().rem_euclid(DAYS as i64) as usize]
}

/// What tells this person's events from another's, FNV-1a of 64 bits (draft-eastlake-fnv): keeps no secret.
fn digest(parts: &[&str]) -> u64 {
    let bytes = parts.iter().flat_map(|part| part.bytes().chain([0]));
    bytes
        .fold(0xcbf2_9ce4_8422_2325, |digest, byte| (digest ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// On which days of a week sessions lie, and how the week repeats. More than seven are several a day.
fn rule(start: Date, sessions: usize, weeks: usize) -> Option<String> {
    if sessions >= DAYS {
        return Some(format!("FREQ=DAILY;COUNT={}", DAYS.checked_mul(weeks)?));
    }
    let days =
        (0..sessions).map(|k| Some(weekday(Date::from_days(start.days() + (k * DAYS / sessions) as i64)?)));
    let days: Vec<&str> = days.collect::<Option<_>>()?;
    Some(format!("FREQ=WEEKLY;BYDAY={};COUNT={}", days.join(","), sessions.checked_mul(weeks)?))
}

/// An all-day event.
struct Event<'e> {
    name: &'e str,
    start: Date,
    /// What it is of, told from every other event of the plan.
    key: String,
    day: Date,
    rule: Option<String>,
    summary: String,
    description: String,
}

impl Event<'_> {
    fn write(&self, out: &mut String) -> Option<()> {
        let (start, next) = (day(self.start), after_days(self.day, 1)?);
        let uid = digest(&[self.name, &start, &self.key]);
        line(out, "BEGIN:VEVENT");
        line(out, &format!("UID:{uid:016x}-{start}@guywire.invalid"));
        line(out, &format!("DTSTAMP:{start}T000000Z"));
        line(out, &format!("DTSTART;VALUE=DATE:{}", day(self.day)));
        line(out, &format!("DTEND;VALUE=DATE:{}", day(next)));
        if let Some(rule) = &self.rule {
            line(out, &format!("RRULE:{rule}"));
        }
        line(out, &format!("SUMMARY:{}", escaped(&self.summary)));
        line(out, &format!("DESCRIPTION:{}", escaped(&self.description)));
        line(out, "CLASS:PRIVATE");
        line(out, "TRANSP:TRANSPARENT");
        line(out, "END:VEVENT");
        Some(())
    }
}

fn after_days(date: Date, days: i64) -> Option<Date> {
    Date::from_days(date.days().checked_add(days)?)
}

fn described(planned: &PlannedExercise) -> String {
    let mut text = format!("{}.", planned.dose);
    let sessions = sessions(planned);
    if sessions > DAYS {
        let _ = write!(text, "\nThat is {} to {} times a day.", sessions / DAYS, sessions.div_ceil(DAYS));
    }
    if !planned.to_ask.is_empty() {
        let _ = write!(text, "\nAsk first: {}.", planned.to_ask.join("; "));
    }
    text + "\nStop if pain goes above 5 of 10, or moves further down the leg."
}

/// The calendar; none where a day would lie after the year 9999.
pub(crate) fn calendar(name: &str, plan: &PlanResult, start: Date) -> Option<String> {
    let mut out = String::new();
    for content in ["BEGIN:VCALENDAR", "VERSION:2.0", &format!("PRODID:{PRODUCT}"), "CALSCALE:GREGORIAN"] {
        line(&mut out, content);
    }
    line(&mut out, &format!("X-WR-CALNAME:{}", escaped(&format!("Exercises of {name}"))));
    let event = |key: String, day: Date, summary: String, description: String| Event {
        name,
        start,
        key,
        day,
        rule: None,
        summary,
        description,
    };
    // The last session must have a date too.
    after(start, plan.weeks)?;
    for planned in &plan.exercises {
        let side = if planned.side == "both" { String::new() } else { format!(", {}", planned.side) };
        let key = format!("{} {}", planned.exercise, planned.side);
        let rule = rule(start, sessions(planned), plan.weeks)?;
        let of = event(key, start, format!("{}{side}", planned.title), described(planned));
        Event { rule: Some(rule), ..of }.write(&mut out)?;
    }
    for test in &plan.retests {
        let [low, median, high] = test.expected;
        let [low, high] = [low, high].map(|value| words::plain(value, &test.unit));
        let expected = format!("Expected: {} ({low} to {high}).", words::amount(median, &test.unit));
        let summary = format!("Measure again: {}", test.label);
        event(format!("again {}", test.quantity), after(start, test.week)?, summary, expected)
            .write(&mut out)?;
    }
    let done =
        "The weeks of this plan are over: measure again, enter the readings as a visit, and plan anew.";
    let end = after(start, plan.weeks)?;
    event("end".to_owned(), end, "End of the plan: measure again".to_owned(), done.to_owned())
        .write(&mut out)?;
    line(&mut out, "END:VCALENDAR");
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_fold_between_characters_at_75_octets() {
        let content = "é".repeat(100);
        let mut out = String::new();
        line(&mut out, &content);
        let parts: Vec<&str> = out.split_terminator("\r\n").collect();
        assert!(parts.len() > 1 && parts.iter().all(|part| part.len() <= OCTETS));
        assert_eq!(out.replace("\r\n ", "").trim_end(), content);
    }

    #[test]
    fn sessions_lie_apart() {
        let monday: Date = "2026-03-02".parse().unwrap();
        let of = |sessions| rule(monday, sessions, 4).unwrap();
        assert_eq!(of(1), "FREQ=WEEKLY;BYDAY=MO;COUNT=4");
        assert_eq!(of(2), "FREQ=WEEKLY;BYDAY=MO,TH;COUNT=8");
        assert_eq!(of(3), "FREQ=WEEKLY;BYDAY=MO,WE,FR;COUNT=12");
        assert_eq!(of(7), "FREQ=DAILY;COUNT=28");
        assert_eq!(of(14), "FREQ=DAILY;COUNT=28");
    }

    #[test]
    fn values_are_escaped() {
        assert_eq!(escaped("a, b; c\\d\r\ne"), "a\\, b\\; c\\\\d\\ne");
    }
}
