//! Reads `[[done]]`: exercises that were done between visits.
//!
//! ```toml
//! [[done]]
//! exercise = "strap_hamstring"
//! side = "left"                 # both, one after the other, where nothing is said
//! dose = 0.5                    # where in the range of its dose: 0 the least, 1 the most
//! from = 2026-01-05             # the first day
//! until = 2026-03-01            # the last day; to the last visit where nothing is said
//! adherence = 0.8               # share of the sessions that were done; all where nothing is said
//! ```

use super::error::CaseError;
use super::quantity::{ADHERENCE, DOSE};
use super::reader::{Key, Reader, Value, entries, place};
use super::sections::Sections;
use super::{DoneExercise, ExerciseName};
use std::ops::Range;
use toml::de::DeTable;

pub(super) const DONE_FIELDS: [&str; 6] = ["exercise", "side", "dose", "from", "until", "adherence"];
const DONE: &str = "`[[done]]`";
const SECTIONS: Sections =
    Sections { field: "done", list: "a list of exercises", one: "a section `[[done]]`", each: "exercise" };
/// Of a dose that is not told.
const MIDDLE: f64 = 0.5;

impl<'v> Reader<'v> {
    pub(super) fn done(&mut self, key: &Key<'_>, value: &Value<'_>) -> Option<Vec<DoneExercise>> {
        self.sections(&SECTIONS, (key, value), Self::done_exercise)?.into_iter().collect()
    }

    fn done_exercise(&mut self, section: Range<usize>, table: &DeTable<'_>) -> Option<DoneExercise> {
        let problems = self.errors.len();
        let (mut exercise, mut side): (Option<&ExerciseName>, _) = (None, None);
        let (mut dose, mut adherence) = (Some(MIDDLE), Some(1.0));
        let (mut from, mut until) = (None, None);
        for (key, value) in entries(table) {
            match key.get_ref().as_ref() {
                "exercise" => exercise = self.exercise_named(key, value),
                "side" => side = Some((key, self.left_or_right(key, value))),
                "dose" => dose = self.number("dose", &DOSE, key, value),
                "adherence" => adherence = self.number("adherence", &ADHERENCE, key, value),
                "from" => from = self.day("from", key, value),
                "until" => until = self.day("until", key, value).map(|day| (day, place(key, value))),
                _ => self.unknown_field(key, DONE, &DONE_FIELDS),
            }
        }
        for (field, example) in
            [("exercise", "exercise = \"strap_hamstring\""), ("from", "from = 2026-01-05")]
        {
            if !table.iter().any(|(key, _)| key.get_ref() == field) {
                let span = section.clone();
                self.errors.push(CaseError::Missing { field, section: DONE, example, span });
            }
        }
        if let Some((exercise, (key, _))) = exercise.zip(side).filter(|(exercise, _)| !exercise.sides) {
            self.errors.push(CaseError::NotOfActivity {
                field: "side".to_owned(),
                activity: exercise.name.clone(),
                why: "both sides do it at once",
                span: key.span(),
            });
        }
        if let Some((from, (until, span))) = from.zip(until.clone()).filter(|(from, (until, _))| until < from)
        {
            self.errors.push(CaseError::EndsBefore { from, until, span });
        }
        if self.errors.len() > problems {
            return None;
        }
        Some(DoneExercise {
            exercise: exercise?.name.clone(),
            side: side.and_then(|(_, side)| side),
            dose: dose?,
            from: from?,
            until: until.map(|(day, _)| day),
            adherence: adherence?,
            line: self.text[..section.start.min(self.text.len())].matches('\n').count() + 1,
            span: section,
        })
    }
}
