//! Reads `[[week]]`: what the person does, and for how long.
//!
//! ```toml
//! [[week]]
//! activity = "sitting_relaxed"
//! hours = 38
//!
//! [[week]]
//! activity = "stairs_up"
//! repetitions = 200             # steps
//! lead = "left"                 # the leg that always goes first; without it the legs take turns
//! ```
//!
//! Entries of one activity add up. All together have at most the hours of a week; what is not told is not known.

use super::error::CaseError;
use super::quantity::{HOURS, REPETITIONS};
use super::reader::{Key, Reader, Value, entries, owned, place, shown};
use super::sections::Sections;
use super::vocabulary::nearest;
use super::{ActivityName, Counted, Habit};
use crate::side::Side;
use std::ops::Range;
use toml::de::{DeTable, DeValue};

pub(super) const WEEK_FIELDS: [&str; 4] = ["activity", "hours", "repetitions", "lead"];
const WEEK: &str = "`[[week]]`";
const SECTIONS: Sections =
    Sections { field: "week", list: "a list of activities", one: "a section `[[week]]`", each: "activity" };

/// By how much hours may be above those of a week: rounding of what was told.
const ROUNDING: f64 = 1e-6;
const SECONDS: f64 = 3600.0;

impl<'v> Reader<'v> {
    pub(super) fn week(&mut self, key: &Key<'_>, value: &Value<'_>) -> Option<Vec<Habit>> {
        let mut first = None;
        let each = self.sections(&SECTIONS, (key, value), |reader, section, table| {
            first.get_or_insert_with(|| section.clone());
            reader.habit(section, table)
        });
        let week: Option<Vec<Habit>> = each?.into_iter().collect();
        let hours: f64 = week.iter().flatten().map(|habit| habit.hours).sum();
        if hours > HOURS.high + ROUNDING {
            let span = first.unwrap_or_else(|| key.span());
            self.errors.push(CaseError::TooManyHours { hours, limit: HOURS.high, span });
            return None;
        }
        week
    }

    fn habit(&mut self, section: Range<usize>, table: &DeTable<'_>) -> Option<Habit> {
        let problems = self.errors.len();
        let (mut activity, mut lead) = (None, None);
        let (mut hours, mut repetitions) = (None, None);
        for (key, value) in entries(table) {
            match key.get_ref().as_ref() {
                "activity" => activity = self.habit_named(key, value),
                "hours" => hours = Some((key, self.number("hours", &HOURS, key, value))),
                "repetitions" => {
                    repetitions = Some((key, self.number("repetitions", &REPETITIONS, key, value)));
                }
                "lead" => lead = Some((key, self.lead(key, value))),
                _ => self.unknown_field(key, WEEK, &WEEK_FIELDS),
            }
        }
        let missing =
            |field, example| CaseError::Missing { field, section: WEEK, example, span: section.clone() };
        if !table.iter().any(|(key, _)| key.get_ref() == "activity") {
            self.errors.push(missing("activity", "activity = \"sitting_relaxed\""));
        }
        if hours.is_none() && repetitions.is_none() {
            let counted = activity.map(|a: &ActivityName| a.counted);
            self.errors.push(match counted {
                Some(Counted::Repetitions { .. }) => missing("repetitions", "repetitions = 200"),
                _ => missing("hours", "hours = 38"),
            });
        }
        let activity = activity?;
        let seconds = match activity.counted {
            Counted::Repetitions { seconds } => Some(seconds),
            Counted::Hours => None,
        };
        let refuse = |key: &Key<'_>, why| CaseError::NotOfActivity {
            field: shown(key.get_ref()),
            activity: activity.name.clone(),
            why,
            span: key.span(),
        };
        if let (Some((key, _)), None) = (&repetitions, seconds) {
            self.errors.push(refuse(key, "it is told in `hours`"));
        }
        if let (Some((key, _)), Some(_)) = (&hours, &repetitions) {
            self.errors.push(refuse(key, "it is told in hours or in repetitions, not in both"));
        }
        if let Some((key, _)) = lead.as_ref().filter(|_| !activity.leads) {
            self.errors.push(refuse(key, "no leg of it goes first"));
        }
        if self.errors.len() > problems {
            return None;
        }
        let repetitions = repetitions.and_then(|(_, number)| number);
        let told = hours.and_then(|(_, hours)| hours);
        let hours = told.or_else(|| Some(repetitions? * seconds? / SECONDS))?;
        Some(Habit {
            activity: activity.name.clone(),
            hours,
            repetitions,
            lead: lead.and_then(|(_, side)| side),
            line: self.text[..section.start.min(self.text.len())].matches('\n').count() + 1,
            span: section,
        })
    }

    fn habit_named(&mut self, key: &Key<'_>, value: &Value<'_>) -> Option<&'v ActivityName> {
        let DeValue::String(name) = value.get_ref() else {
            return self.wrong_type("activity", "a name in quotes", key, value, None);
        };
        let known = &self.vocabulary.activities;
        let found = known.iter().find(|activity| activity.name == name.as_ref());
        if found.is_none() {
            let valid: Vec<&str> = known.iter().map(|activity| activity.name.as_str()).collect();
            self.errors.push(CaseError::UnknownActivity {
                name: shown(name),
                nearest: nearest(name, valid.iter().copied()).map(str::to_owned),
                valid: owned(&valid),
                span: place(key, value),
            });
        }
        found
    }

    fn lead(&mut self, key: &Key<'_>, value: &Value<'_>) -> Option<Side> {
        let choices = Side::BOTH.map(|side| (side.name(), side));
        let meant = |word: &str| match word {
            "l" => Some("left"),
            "r" => Some("right"),
            _ => None,
        };
        self.choice("lead", "\"left\" or \"right\"", &choices, meant, (key, value))
    }
}
