//! The coming weeks in a report.

use super::{ExerciseResult, ForecastResult, PositionResult, Side};
use crate::case::Date;
use serde::{Deserialize, Serialize};

/// What the coming weeks bring, and the exercises that are done in them.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Outlook {
    /// Bands over the weeks.
    pub forecast: ForecastResult,
    /// What is done, in the order of the programme.
    pub exercises: Vec<ProgrammeExercise>,
    /// The first day of the first week, if it was said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start: Option<Date>,
}

/// An exercise of a programme, as this person does it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ProgrammeExercise {
    /// The exercise on the side that is drawn.
    pub exercise: ExerciseResult,
    /// The side that does it; none where both do, at once or one after the other.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub side: Option<Side>,
    /// How much, in words.
    pub dose: String,
    /// Sessions a week.
    pub sessions_per_week: f64,
    /// First and last week, counted from 1.
    pub weeks: [usize; 2],
    /// Its poses, one a phase.
    pub poses: Vec<PositionResult>,
}
