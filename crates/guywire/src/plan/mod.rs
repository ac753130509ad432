//! From goals to what to do: the least weekly time that reaches them.
//!
//! ```text
//! goals ─▶ library without what speaks against it ─▶ what each does alone ─▶ cheapest mixtures
//!      ─▶ followed with the bodies that the tests allow ─▶ plan, or the nearest goals within reach
//! ```
//!
//! What exercises do together is first taken as the sum of what each does alone; the mixtures that promise enough are then
//! followed, the cheapest first, until one reaches the goals with the probability asked for. Only what was followed is told.

mod compare;
mod diary;
mod goal;
mod judged;
mod of_case;
mod prescription;
mod search;
mod week_change;

pub use goal::{Aim, Goal};
pub use of_case::{left_out, speaks_against, swaps, to_ask};
pub use prescription::{Doer, DoneOnce, Prescription, Programme};
pub use week_change::WeekChange;

use crate::body::BodyError;
use crate::case::PainLimit;
use crate::exercise::{ExerciseError, Library};
use crate::forecast::{Followed, ForecastError};
use crate::results::{LeftOutExercise, PlanResult};
use crate::study::Progress;
use crate::week::{Schedule, WeekError};

/// Most exercises of a plan: more are not done (assumed; adherence falls with their number, recalled).
pub const MOST_EXERCISES: usize = 4;

/// Why there is no plan.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PlanError {
    /// Nothing to plan for.
    #[error("a plan needs a goal, such as `thomas.left>=0`")]
    NoGoal,
    /// A goal that is none.
    #[error("goal `{text}`: {why}")]
    Goal {
        /// As it was written.
        text: String,
        /// What is wrong with it.
        why: String,
    },
    /// Two goals that exclude each other.
    #[error("the goals `{one}` and `{other}` exclude each other")]
    Contradiction {
        /// One.
        one: String,
        /// The other.
        other: String,
    },
    /// A probability that is none.
    #[error("a probability is more than 0 and less than 1, not {0}")]
    Probability(f64),
    /// The file of a programme is not what it should be.
    #[error("line {line}: {why}")]
    File {
        /// Its line.
        line: usize,
        /// What is wrong there.
        why: String,
    },
    /// No exercise is left.
    #[error("no exercise of the library is left for this person: {}", reasons(left_out))]
    NothingLeft {
        /// Why each was left out.
        left_out: Vec<LeftOutExercise>,
    },
    /// A body cannot do an exercise.
    #[error("{exercise}: {why}")]
    Undoable {
        /// The exercise.
        exercise: String,
        /// Why.
        why: Box<ExerciseError>,
    },
    /// The library, or an exercise that it does not have.
    #[error(transparent)]
    Exercise(#[from] ExerciseError),
    /// A person cannot be followed.
    #[error(transparent)]
    Forecast(#[from] ForecastError),
    /// A week has no solution.
    #[error(transparent)]
    Week(#[from] WeekError),
    /// The body lacks something.
    #[error(transparent)]
    Body(#[from] BodyError),
}

/// Every reason once.
fn reasons(left_out: &[LeftOutExercise]) -> String {
    let mut list: Vec<&str> = Vec::new();
    for left in left_out {
        if !list.contains(&left.why.as_str()) {
            list.push(&left.why);
        }
    }
    list.join("; ")
}

/// What a plan is asked for.
#[derive(Clone, Copy)]
pub struct Wanted<'w> {
    /// What shall be reached, all of it.
    pub goals: &'w [Goal],
    /// In how many weeks.
    pub weeks: usize,
    /// With which probability.
    pub probability: f64,
    /// Share of the sessions that are done.
    pub adherence: f64,
    /// Most minutes a week.
    pub most_minutes: f64,
    /// The library.
    pub library: &'w Library,
    /// Exercises that are not for this person, and why.
    pub left_out: &'w [LeftOutExercise],
    /// Poses that hurt.
    pub painful: &'w [PainLimit],
    /// What there is to exercise with, where that is known.
    pub equipment: Option<&'w [String]>,
    /// What of each exercise nobody asked about, by its name.
    pub to_ask: &'w (dyn Fn(&str) -> Vec<String> + Sync),
    /// What hours of the person's week could be spent with instead.
    pub swaps: &'w [Swap],
}

/// An hour a week of one activity instead of another.
#[derive(Clone, Debug)]
pub struct Swap {
    /// What is done less, in words.
    pub instead_of: String,
    /// What is done more, in words.
    pub activity: String,
    /// How many hours were moved.
    pub hours: f64,
    /// The week then.
    pub week: Schedule,
}

/// Plans for a person.
///
/// # Errors
/// When goals are none or exclude each other, no exercise is left, or the person cannot be followed.
pub fn plan(
    person: &Followed<'_>,
    doer: Doer<'_>,
    wanted: Wanted<'_>,
    progress: Progress<'_>,
) -> Result<PlanResult, PlanError> {
    if wanted.goals.is_empty() {
        return Err(PlanError::NoGoal);
    }
    if !(wanted.probability > 0.0 && wanted.probability < 1.0) {
        return Err(PlanError::Probability(wanted.probability));
    }
    let numbers = person.numbers();
    let found = wanted.goals.iter().map(|goal| goal.find(&numbers)).collect::<Result<Vec<_>, _>>()?;
    if let Some((one, other)) = goal::contradiction(wanted.goals, &found) {
        return Err(PlanError::Contradiction { one: one.text.clone(), other: other.text.clone() });
    }
    let search = search::Search::new(person, doer, wanted, found, progress)?;
    let chosen = search.chosen(progress)?;
    compare::told(&search, &chosen, progress)
}
