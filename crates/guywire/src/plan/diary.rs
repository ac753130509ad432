//! From what a person wrote down to the next dose of every exercise.
//!
//! ```text
//! stop    something new, or pain above `stop_above_pain`, and no examination since: nothing is done before the screening
//! stop    what speaks against the exercise by now, or a step back below its range: this exercise is left out
//! lower   worse the next morning, or sore for more than `lower_above_sore_days`
//! hold    pain above `raise_up_to_pain`; something not written down; too few days or sessions; the end of its range
//! raise   all else
//! ```
//!
//! The rules are asked in this order; the first that holds decides. Those below the first look at the entries of the last
//! `raise_after_days` days before the last entry about an exercise, and only at those of its present dose
//! ([`Prescription::changed_on`]), so that what is asked twice is not answered by two steps. An entry about all exercises counts
//! for each; of several entries of one day about the same, the one that tells of most sessions counts them.

use super::{PlanError, Prescription, Programme};
use crate::case::{Case, Date, DiaryEntry, NextMorning};
use crate::exercise::{Dose, DoseRules, Library};
use crate::results::{DiaryReason, DiaryResult, DoseAction, DoseDecision, EntryPlace};
use crate::side::Side;
use std::collections::BTreeMap;

const DAYS_OF_WEEK: f64 = 7.0;

impl DiaryEntry {
    fn place(&self) -> EntryPlace {
        EntryPlace { date: self.date, line: self.line }
    }

    /// Whether it speaks of sessions and leaves out what a dose must be known to do before it goes up.
    fn leaves_open(&self) -> Vec<&'static str> {
        let told = [
            ("pain_during", self.pain_during.is_some()),
            ("pain_next_morning", self.pain_next_morning.is_some()),
            ("sore_days", self.sore_days.is_some()),
            ("new_sign", self.new_sign.is_some()),
        ];
        let open = told.into_iter().filter(|(_, told)| !told && self.done > 0.0);
        open.map(|(field, _)| field).collect()
    }
}

impl Programme {
    /// What the diary of a case says of every dose. `against` says of each exercise, in their order, why it is not for the
    /// person any more; what is missing there is.
    ///
    /// # Errors
    /// When the programme has an exercise that the library does not have.
    pub fn reviewed(
        &self,
        library: &Library,
        case: &Case,
        against: &[Option<String>],
    ) -> Result<DiaryResult, PlanError> {
        let rules = &library.dose_rules;
        let stop = stops(case, rules);
        let open = if stop.is_empty() { &self.exercises[..] } else { &[] };
        let against = against.iter().map(Option::as_deref).chain(std::iter::repeat(None));
        let each = open.iter().zip(against);
        let exercises = each.map(|(given, against)| decided(given, library, &case.diary, against));
        let known = |entry: &&DiaryEntry| {
            let named = |given: &Prescription| entry.is_about(&given.name, given.side);
            !self.exercises.iter().any(named)
        };
        Ok(DiaryResult {
            entries: case.diary.len(),
            stop,
            exercises: exercises.collect::<Result<_, _>>()?,
            elsewhere: case.diary.iter().filter(known).map(DiaryEntry::place).collect(),
            rules: rules.in_words().into(),
        })
    }

    /// The programme with the doses that were decided, without what stops; nothing where everything does.
    pub fn revised(&self, found: &DiaryResult) -> Option<Self> {
        if !found.stop.is_empty() {
            return None;
        }
        let pairs = self.exercises.iter().zip(&found.exercises);
        let next = pairs.filter_map(|(given, decision)| {
            let dose = decision.dose_share_next?;
            let changed_on = match decision.action {
                DoseAction::Raise | DoseAction::Lower => decision.until,
                DoseAction::Hold | DoseAction::Stop => given.changed_on,
            };
            Some(Prescription { dose, changed_on, ..given.clone() })
        });
        Some(Self { exercises: next.collect(), ..self.clone() })
    }
}

/// What stops everything: what no examination on that day or after has looked at.
fn stops(case: &Case, rules: &DoseRules) -> Vec<DiaryReason> {
    let examined = case.screening.examination.as_ref().map(|examination| examination.on);
    let open = case.diary.iter().filter(|entry| examined.is_none_or(|on| on < entry.date));
    let why = |entry: &DiaryEntry| {
        let during = entry.exercise.as_deref().unwrap_or("the exercises");
        if entry.new_sign == Some(true) {
            return Some("something new, or pain or numbness that moves further down the leg".to_owned());
        }
        let pain = entry.pain_during.filter(|pain| *pain > rules.stop_above_pain)?;
        Some(format!("pain of {pain} of 10 during {during}, above {}", rules.stop_above_pain))
    };
    open.filter_map(|entry| Some(DiaryReason { why: why(entry)?, entry: entry.place() })).collect()
}

/// What is looked at for one exercise.
struct Review<'a> {
    rules: &'a DoseRules,
    dose: &'a Dose,
    share: f64,
    /// The last day of the dose before.
    changed_on: Option<Date>,
    /// Entries of the present dose, in the order of their days.
    entries: Vec<&'a DiaryEntry>,
}

/// What becomes of it, why, what that rests on, and the place in its range from now on.
type Verdict<'a> = (DoseAction, String, Vec<&'a DiaryEntry>, Option<f64>);

fn decided(
    given: &Prescription,
    library: &Library,
    diary: &[DiaryEntry],
    against: Option<&str>,
) -> Result<DoseDecision, PlanError> {
    let exercise = library.get(&given.name)?;
    let about = diary.iter().filter(|entry| entry.is_about(&given.name, given.side));
    let entries: Vec<&DiaryEntry> =
        about.filter(|entry| given.changed_on.is_none_or(|day| entry.date > day)).collect();
    let until = entries.last().map(|entry| entry.date);
    let (dose, share) = (&exercise.dose, given.dose);
    let review = Review { rules: &library.dose_rules, dose, share, changed_on: given.changed_on, entries };
    let (action, why, entries, next) = match against {
        Some(why) => (DoseAction::Stop, format!("not for this person: {why}"), Vec::new(), None),
        None => review.verdict(),
    };
    Ok(DoseDecision {
        exercise: given.name.clone(),
        title: exercise.title.clone(),
        side: given.side.map_or("both", Side::name).to_owned(),
        action,
        why,
        entries: entries.into_iter().map(DiaryEntry::place).collect(),
        until,
        dose_now: dose.narrowed(share).in_words(),
        dose_share_now: share,
        dose_next: next.map(|share| dose.narrowed(share).in_words()),
        dose_share_next: next,
    })
}

impl<'a> Review<'a> {
    fn hold(&self, why: String, entries: Vec<&'a DiaryEntry>) -> Verdict<'a> {
        (DoseAction::Hold, why, entries, Some(self.share))
    }

    fn verdict(&self) -> Verdict<'a> {
        let rules = self.rules;
        let (Some(first), Some(last)) = (self.entries.first(), self.entries.last()) else {
            return self.hold("nothing is written down of this dose".into(), Vec::new());
        };
        let days = i64::from(rules.raise_after_days);
        let window: Vec<&DiaryEntry> =
            self.entries.iter().copied().filter(|e| e.date.days() > last.date.days() - days).collect();
        let those = |of: &dyn Fn(&DiaryEntry) -> bool| -> Vec<&'a DiaryEntry> {
            window.iter().copied().filter(|entry| of(entry)).collect()
        };
        let worse = those(&|e| e.pain_next_morning == Some(NextMorning::Worse));
        let sore = those(&|e| e.sore_days.is_some_and(|days| days > rules.lower_above_sore_days));
        if !(worse.is_empty() && sore.is_empty()) {
            let (why, entries) = match worse.is_empty() {
                false => ("pain was worse the next morning".to_owned(), worse),
                true => {
                    (format!("a muscle was sore for more than {} days", rules.lower_above_sore_days), sore)
                }
            };
            return match self.dose.stepped(self.share, -rules.step) {
                Some(next) => (DoseAction::Lower, why, entries, Some(next)),
                None => {
                    let why = format!("{why}, and it is at the least of its range: leave it out, and ask");
                    (DoseAction::Stop, why, entries, None)
                }
            };
        }
        let pained = those(&|e| e.pain_during.is_some_and(|pain| pain > rules.raise_up_to_pain));
        if !pained.is_empty() {
            let most = pained.iter().filter_map(|e| e.pain_during).fold(0.0, f64::max);
            return self.hold(format!("pain of {most} of 10 during it"), pained);
        }
        let open = those(&|e| !e.leaves_open().is_empty());
        if !open.is_empty() {
            let mut fields: Vec<&str> = open.iter().flat_map(|e| e.leaves_open()).collect();
            fields.sort_unstable();
            fields.dedup();
            return self.hold(format!("not written down: {}", fields.join(", ")), open);
        }
        let begins = self.changed_on.map_or(first.date.days() - 1, Date::days);
        let told = last.date.days() - begins;
        if told < days {
            return self.hold(format!("{told} of {days} days of this dose are written down"), window);
        }
        let done = by_day(&window, |entry| entry.done);
        let asked = self.dose.narrowed(self.share).per_week[0] * days as f64 / DAYS_OF_WEEK;
        let planned = by_day(&window, |entry| entry.planned.unwrap_or(0.0)).max(asked);
        if done < rules.raise_share_done * planned {
            return self.hold(format!("{done} of {planned} sessions in {days} days"), window);
        }
        match self.dose.stepped(self.share, rules.step) {
            Some(next) => {
                let why = format!(
                    "{done} of {planned} sessions in {days} days, pain never above {} of 10 and no worse the next morning",
                    rules.raise_up_to_pain
                );
                (DoseAction::Raise, why, window, Some(next))
            }
            None => self.hold("it is at the most of its range".into(), window),
        }
    }
}

/// A sum over days, of the entries of one day the greatest.
fn by_day(entries: &[&DiaryEntry], of: impl Fn(&DiaryEntry) -> f64) -> f64 {
    let mut days: BTreeMap<Date, f64> = BTreeMap::new();
    for entry in entries {
        let most = days.entry(entry.date).or_insert(0.0);
        *most = most.max(of(entry));
    }
    days.values().sum()
}
