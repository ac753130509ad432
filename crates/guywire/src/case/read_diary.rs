//! Reads `[[diary]]`: what became of the sessions of a plan.
//!
//! ```toml
//! [[diary]]
//! date = 2026-03-09
//! exercise = "strap_hamstring"  # all exercises where none is named
//! side = "left"                 # both where none is named
//! done = 3                      # sessions since the entry before
//! planned = 4                   # what the dose asks for where nothing is said
//! pain_during = 2               # the most, 0 to 10
//! pain_next_morning = "same"    # "better", "same" or "worse" than before the exercise
//! sore_days = 0
//! new_sign = false              # anything that `guywire screen` asks about, or pain that moves further down a leg
//! ```
//!
//! Entries stand in the order of their days. What is absent was not written down.

use super::diary::{DiaryEntry, NextMorning};
use super::error::CaseError;
use super::quantity::{PAIN_DURING, Quantity, SESSIONS_DONE, SESSIONS_PLANNED, SORE_DAYS};
use super::reader::{Key, Reader, Value, entries, owned, place, shown};
use super::sections::Sections;
use super::vocabulary::nearest;
use super::{Date, ExerciseName};
use crate::side::Side;
use std::ops::Range;
use toml::de::{DeTable, DeValue};

pub(super) const DIARY_FIELDS: [&str; 9] = [
    "date",
    "exercise",
    "side",
    "done",
    "planned",
    "pain_during",
    "pain_next_morning",
    "sore_days",
    "new_sign",
];
const DIARY: &str = "`[[diary]]`";
const SECTIONS: Sections =
    Sections { field: "diary", list: "a list of entries", one: "a section `[[diary]]`", each: "entry" };

impl<'v> Reader<'v> {
    pub(super) fn diary(&mut self, key: &Key<'_>, value: &Value<'_>) -> Option<Vec<DiaryEntry>> {
        let each = self.sections(&SECTIONS, (key, value), Self::diary_entry)?;
        let told = each.len();
        let diary: Vec<DiaryEntry> = each.into_iter().flatten().collect();
        self.check_diary(&diary);
        // What is missing was reported where it stands.
        (diary.len() == told).then_some(diary)
    }

    /// Refuses entries that are not in the order of their days, and two of one day about the same.
    fn check_diary(&mut self, diary: &[DiaryEntry]) {
        for (at, entry) in diary.iter().enumerate() {
            let date = entry.date;
            let before = at.checked_sub(1).map(|before| &diary[before]);
            if let Some(earlier) = before.filter(|before| before.date > date) {
                let (span, first) = (entry.span.clone(), earlier.span.clone());
                self.errors.push(CaseError::DiaryOrder { date, earlier: earlier.date, first, span });
                continue;
            }
            let same = |other: &&DiaryEntry| {
                other.date == date && other.exercise == entry.exercise && other.side == entry.side
            };
            if let Some(earlier) = diary[..at].iter().find(same) {
                let (span, first) = (entry.span.clone(), earlier.span.clone());
                let about = entry.exercise.clone().unwrap_or_else(|| "all exercises".to_owned());
                self.errors.push(CaseError::RepeatedEntry { date, about, first, span });
            }
        }
    }

    fn diary_entry(&mut self, section: Range<usize>, table: &DeTable<'_>) -> Option<DiaryEntry> {
        let problems = self.errors.len();
        let (mut date, mut exercise, mut side): (Option<Date>, _, _) = (None, None, None);
        let (mut done, mut planned, mut pain_during) = (None, None, None);
        let (mut next_morning, mut sore_days, mut new_sign) = (None, None, None);
        for (key, value) in entries(table) {
            match key.get_ref().as_ref() {
                "date" => date = self.date(key, value),
                "exercise" => exercise = self.exercise_named(key, value).map(|known| known.name.clone()),
                "side" => side = self.left_or_right(key, value),
                "done" => done = self.count(&SESSIONS_DONE, key, value),
                "planned" => planned = self.count(&SESSIONS_PLANNED, key, value),
                "pain_during" => pain_during = self.number(PAIN_DURING.field, &PAIN_DURING, key, value),
                "pain_next_morning" => next_morning = self.next_morning(key, value),
                "sore_days" => sore_days = self.number(SORE_DAYS.field, &SORE_DAYS, key, value),
                "new_sign" => match value.get_ref() {
                    DeValue::Boolean(told) => new_sign = Some(*told),
                    _ => {
                        self.wrong_type::<bool>("new_sign", "`true` or `false`", key, value, None);
                    }
                },
                _ => self.unknown_field(key, DIARY, &DIARY_FIELDS),
            }
        }
        for (field, example) in [("date", "date = 2026-03-09"), ("done", "done = 3")] {
            if !table.iter().any(|(key, _)| key.get_ref() == field) {
                let span = section.clone();
                self.errors.push(CaseError::Missing { field, section: DIARY, example, span });
            }
        }
        if self.errors.len() > problems {
            return None;
        }
        Some(DiaryEntry {
            date: date?,
            exercise,
            side,
            done: done?,
            planned,
            pain_during,
            pain_next_morning: next_morning,
            sore_days,
            new_sign,
            line: self.text[..section.start.min(self.text.len())].matches('\n').count() + 1,
            span: section,
        })
    }

    /// A whole number in the range of `quantity`.
    fn count(&mut self, quantity: &Quantity, key: &Key<'_>, value: &Value<'_>) -> Option<f64> {
        let number = self.number(quantity.field, quantity, key, value)?;
        if number.fract() == 0.0 {
            return Some(number);
        }
        self.wrong_type(quantity.field, "a whole number of sessions", key, value, None)
    }

    pub(super) fn exercise_named(&mut self, key: &Key<'_>, value: &Value<'_>) -> Option<&'v ExerciseName> {
        let DeValue::String(name) = value.get_ref() else {
            return self.wrong_type("exercise", "a name in quotes", key, value, None);
        };
        let known = &self.vocabulary.exercises;
        let found = known.iter().find(|exercise| exercise.name == name.as_ref());
        if found.is_some() {
            return found;
        }
        let valid: Vec<&str> = known.iter().map(|exercise| exercise.name.as_str()).collect();
        self.errors.push(CaseError::UnknownExercise {
            name: shown(name),
            nearest: nearest(name, valid.iter().copied()).map(str::to_owned),
            valid: owned(&valid),
            span: place(key, value),
        });
        None
    }

    pub(super) fn left_or_right(&mut self, key: &Key<'_>, value: &Value<'_>) -> Option<Side> {
        let choices = Side::BOTH.map(|side| (side.name(), side));
        let meant = |word: &str| match word {
            "l" => Some("left"),
            "r" => Some("right"),
            _ => None,
        };
        self.choice("side", "\"left\" or \"right\"", &choices, meant, (key, value))
    }

    fn next_morning(&mut self, key: &Key<'_>, value: &Value<'_>) -> Option<NextMorning> {
        let choices = NextMorning::ALL.map(|how| (how.name(), how));
        let meant = |word: &str| match word {
            "less" | "gone" | "none" => Some("better"),
            "more" => Some("worse"),
            "unchanged" | "equal" | "as before" => Some("same"),
            _ => None,
        };
        let expected = "\"better\", \"same\" or \"worse\"";
        self.choice("pain_next_morning", expected, &choices, meant, (key, value))
    }
}
