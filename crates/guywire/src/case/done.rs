//! What a person did between visits beside their week, as told.

use super::Date;
use crate::side::Side;
use std::ops::Range;

/// An exercise that a case file may name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExerciseName {
    /// Its name.
    pub name: String,
    /// Whether each side does it by itself.
    pub sides: bool,
}

/// An exercise that was done for some time.
#[derive(Clone, Debug, PartialEq)]
pub struct DoneExercise {
    /// The exercise, by its name in [`ExerciseName`].
    pub exercise: String,
    /// The side that did it; both where nothing is told.
    pub side: Option<Side>,
    /// Where in the range of its dose: 0 the least, 1 the most.
    pub dose: f64,
    /// Its first day.
    pub from: Date,
    /// Its last day; to the last visit where nothing is told.
    pub until: Option<Date>,
    /// Share of the sessions that were done.
    pub adherence: f64,
    /// Where it stands, in bytes of the case's text.
    pub span: Range<usize>,
    /// Its line, from 1.
    pub line: usize,
}
