//! A programme as a file: which exercises, how much, in which weeks, and [weeks spent otherwise](super::WeekChange).
//!
//! ```toml
//! start = 2026-03-02     # the day on which week 1 begins, if it has one
//!
//! [[exercise]]
//! name = "strap_hamstring"
//! side = "left"          # both, one after the other, where nothing is said
//! dose = 0.5             # where in the range of its dose: 0 the least, 1 the most
//! from_week = 1
//! until_week = 8         # to the end where nothing is said
//! changed_on = "2026-03-16"     # written by `guywire diary`: the last day of the dose before
//! ```

use super::{PlanError, WeekChange};
use crate::body::{Body, Group};
use crate::case::{Date, PainLimit};
use crate::exercise::{Dose, Effect, Exercise, ExerciseError, Library, Sides, Way, solve};
use crate::forecast::Session;
use crate::posture::Positions;
use crate::results::{PlanResult, PlannedExercise};
use crate::side::Side;
use crate::study::{MEASURES, Place};
use crate::week::{Activities, Moment};
use serde::{Deserialize, Serialize};

/// Minutes of a session that go by before and after: assumed.
const MINUTES_OF_SETTING_UP: f64 = 1.0;

/// An exercise, how much of it, and when.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Prescription {
    /// The exercise's name.
    pub name: String,
    /// The side that does it; both where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub side: Option<Side>,
    /// Where in the range of its dose: 0 the least, 1 the most.
    #[serde(default = "middle")]
    pub dose: f64,
    /// First week, from 1.
    #[serde(default = "first")]
    pub from_week: usize,
    /// Last week; to the end where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until_week: Option<usize>,
    /// The last day of the dose before, where a diary changed it: what was written until then speaks of another dose.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changed_on: Option<Date>,
}

/// A file of them.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Programme {
    /// The day on which its first week begins.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start: Option<Date>,
    /// What is done.
    #[serde(rename = "exercise")]
    pub exercises: Vec<Prescription>,
    /// Weeks that are spent otherwise.
    #[serde(rename = "week", skip_serializing_if = "Vec::is_empty")]
    pub weeks: Vec<WeekChange>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    start: Option<toml::Spanned<Day>>,
    #[serde(default)]
    exercise: Vec<toml::Spanned<Prescription>>,
    #[serde(default)]
    week: Vec<toml::Spanned<WeekChange>>,
}

/// A date as TOML has it, or in quotes.
#[derive(Deserialize)]
#[serde(untagged)]
enum Day {
    Own(toml::value::Datetime),
    Quoted(String),
}

impl Day {
    fn text(&self) -> String {
        match self {
            Self::Own(day) => day.to_string(),
            Self::Quoted(text) => text.clone(),
        }
    }
}

const fn middle() -> f64 {
    0.5
}

pub(super) const fn first() -> usize {
    1
}

impl Programme {
    /// Reads a file of prescriptions and of weeks spent otherwise.
    ///
    /// # Errors
    /// When the file is not what it should be: the line, and what was expected.
    pub fn from_text(text: &str, library: &Library) -> Result<Self, PlanError> {
        let line = |at: usize| 1 + text.as_bytes().iter().take(at).filter(|b| **b == b'\n').count();
        let refuse = |at: usize, why: String| PlanError::File { line: line(at), why };
        let file: File = toml::from_str(text)
            .map_err(|e| refuse(e.span().map_or(0, |s| s.start), e.message().to_owned()))?;
        let mut exercises = Vec::new();
        for spanned in file.exercise {
            let at = spanned.span().start;
            let given = spanned.into_inner();
            let exercise = library.get(&given.name).map_err(|e| refuse(at, e.to_string()))?;
            if !(0.0..=1.0).contains(&given.dose) {
                let range = exercise.dose.in_words();
                let why =
                    format!("`dose` is {}, expected a place in the range of {range}: 0 to 1", given.dose);
                return Err(refuse(at, why));
            }
            if given.from_week == 0 || given.until_week.is_some_and(|until| until < given.from_week) {
                return Err(refuse(at, "expected weeks from 1, the last not before the first".to_owned()));
            }
            if exercise.sides == Sides::Both && given.side.is_some() {
                return Err(refuse(at, format!("`{}` is done by both sides at once: no `side`", given.name)));
            }
            exercises.push(given);
        }
        let activities = Activities::read()?;
        let mut weeks: Vec<WeekChange> = Vec::new();
        for spanned in file.week {
            let at = spanned.span().start;
            let change = WeekChange { line: line(at), ..spanned.into_inner() };
            if let Some(why) = change.problem(&activities, &weeks) {
                return Err(refuse(at, why));
            }
            weeks.push(change);
        }
        let day = file.start.map(|day| {
            let text = day.get_ref().text();
            text.parse().map_err(|e| refuse(day.span().start, format!("`start` is `{text}`: {e}")))
        });
        Ok(Self { start: day.transpose()?, exercises, weeks })
    }

    /// The file again.
    pub fn to_text(&self) -> String {
        toml::to_string(self).unwrap_or_default()
    }

    /// What its weeks bring.
    ///
    /// # Errors
    /// When the body cannot do an exercise.
    pub fn sessions(&self, doer: Doer<'_>, library: &Library) -> Result<Vec<Session>, PlanError> {
        let mut sessions = Vec::new();
        for given in &self.exercises {
            let weeks = (given.from_week, given.until_week.unwrap_or(usize::MAX));
            for done in doer.done(library.get(&given.name)?, given.side)? {
                sessions.push(done.session(doer, given.dose, weeks));
            }
        }
        Ok(sessions)
    }

    /// Why each of its exercises hurts by now, in their order; nothing of one that does not, or that the body cannot do.
    ///
    /// # Errors
    /// When the library has no such exercise, or an effect has no solution.
    pub fn hurting(
        &self,
        doer: Doer<'_>,
        library: &Library,
        painful: &[PainLimit],
    ) -> Result<Vec<Option<String>>, PlanError> {
        let why = |given: &Prescription| match doer.done(library.get(&given.name)?, given.side) {
            Ok(done) => Ok(done.iter().find_map(|once| once.hurts(painful))),
            Err(PlanError::Undoable { .. }) => Ok(None),
            Err(problem) => Err(problem),
        };
        self.exercises.iter().map(why).collect()
    }
}

impl PlanResult {
    /// The exercises as a programme for a forecast.
    pub fn programme(&self) -> Programme {
        let of = |planned: &PlannedExercise| Prescription {
            name: planned.exercise.clone(),
            side: Side::BOTH.into_iter().find(|side| side.name() == planned.side),
            dose: planned.dose_share,
            from_week: 1,
            until_week: Some(self.weeks),
            changed_on: None,
        };
        Programme { exercises: self.exercises.iter().map(of).collect(), ..Programme::default() }
    }
}

/// Who does exercises.
#[derive(Clone, Copy)]
pub struct Doer<'d> {
    /// The body.
    pub body: &'d Body,
    /// The groups of its muscles.
    pub groups: &'d [Group],
    /// The positions.
    pub positions: &'d Positions,
    /// Where what depends on the body is kept.
    pub place: Place<'d>,
}

/// An exercise as one side of the body does it.
#[derive(Clone, Debug)]
pub struct DoneOnce<'e> {
    effect: Effect<'e>,
    /// The measures of every phase, in the order of [`MEASURES`].
    measures: Vec<Vec<f64>>,
}

impl Doer<'_> {
    /// An exercise of one side or of both, one after the other; of both at once it is one.
    ///
    /// # Errors
    /// When the body cannot do it.
    pub fn done<'e>(
        &self,
        exercise: &'e Exercise,
        side: Option<Side>,
    ) -> Result<Vec<DoneOnce<'e>>, PlanError> {
        doing(exercise, side).into_iter().map(|side| self.once(exercise, side)).collect()
    }

    /// An exercise as one side does it.
    ///
    /// # Errors
    /// When the body cannot do it.
    pub(super) fn once<'e>(&self, exercise: &'e Exercise, side: Side) -> Result<DoneOnce<'e>, PlanError> {
        let solved = || -> Result<Vec<f64>, PlanError> {
            let done = solve(self.body, self.positions, exercise, Way { side, cued: true })
                .map_err(|e| e.of(&exercise.name))?;
            let effect = done.effect(self.body)?;
            let measured = done.phases.iter().map(|phase| &phase.posture.measures);
            let rows = effect.phases.iter().zip(measured).flat_map(|(moment, measures)| {
                moment.numbers().into_iter().chain(MEASURES.iter().map(|m| (m.of)(measures)))
            });
            Ok(rows.collect())
        };
        let (muscles, discs) = (self.body.muscles.len(), self.body.system.levels.len());
        let of_moment = Moment::width(muscles, discs);
        let width = of_moment + MEASURES.len();
        let place = self.place.at(b"exercise").at(exercise.name.as_bytes()).at(side.name().as_bytes());
        let rows = place.kept(|length| length == width * exercise.phases.len(), solved)?;
        let (mut phases, mut measures) = (Vec::new(), Vec::new());
        for row in rows.chunks_exact(width) {
            let (moment, measured) = row.split_at(of_moment);
            phases.extend(Moment::from_numbers((muscles, discs), moment));
            measures.push(measured.to_vec());
        }
        Ok(DoneOnce { effect: Effect { exercise, side, phases }, measures })
    }
}

/// The sides that do an exercise, one after the other; of both at once it is done for the right one.
pub(super) fn doing(exercise: &Exercise, side: Option<Side>) -> Vec<Side> {
    match (exercise.sides, side) {
        (Sides::Each, None) => Side::BOTH.to_vec(),
        (Sides::Each, Some(side)) => vec![side],
        (Sides::Both, _) => vec![Side::Right],
    }
}

impl ExerciseError {
    fn of(self, exercise: &str) -> PlanError {
        PlanError::Undoable { exercise: exercise.to_owned(), why: Box::new(self) }
    }
}

impl DoneOnce<'_> {
    /// Why it hurts, if a phase goes beyond a bound.
    pub fn hurts(&self, painful: &[PainLimit]) -> Option<String> {
        let passed = |limit: &PainLimit| {
            let k = MEASURES.iter().position(|measure| measure.name == limit.measure)?;
            let most = if limit.above { f64::max } else { f64::min };
            let reached = self.measures.iter().map(|row| row[k]).reduce(most)?;
            let whose = match self.effect.exercise.sides {
                Sides::Each => format!("done by the {} side, ", self.effect.side.name()),
                Sides::Both => String::new(),
            };
            let told = || format!("{whose}it reaches {reached:.0} degrees, and `{}` hurts", limit.text);
            limit.is_passed(reached).then(told)
        };
        painful.iter().find_map(passed)
    }

    /// So much of it, in some weeks.
    pub fn session(&self, doer: Doer<'_>, dose: f64, (from, until): (usize, usize)) -> Session {
        let Effect { exercise, side, phases } = &self.effect;
        let side = match exercise.sides {
            Sides::Each => format!(", {}", side.name()),
            Sides::Both => String::new(),
        };
        let amount = exercise.dose.at(dose);
        Session {
            words: format!("{}{side}: {}", exercise.title, exercise.dose.narrowed(dose).in_words()),
            from,
            until,
            exposure: self.effect.exposure(doer.body, doer.groups, &amount),
            path_lengths: phases.iter().map(|phase| phase.path_length.clone()).collect(),
        }
    }
}

/// Minutes a week of a dose on so many sides, getting into place and out of it included.
pub fn minutes(dose: &Dose, share: f64, sides: usize) -> f64 {
    let amount = dose.at(share);
    60.0 * amount.hours() * sides as f64 + amount.per_week * MINUTES_OF_SETTING_UP
}
