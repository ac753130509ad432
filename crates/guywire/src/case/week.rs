//! A person's week as told: activities with hours or repetitions.

use crate::side::Side;
use std::ops::Range;

/// An activity that a case file may name.
#[derive(Clone, Debug, PartialEq)]
pub struct ActivityName {
    /// Its name.
    pub name: String,
    /// How it is counted.
    pub counted: Counted,
    /// Whether one leg may go first.
    pub leads: bool,
}

/// How an activity is counted in a week.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Counted {
    /// In hours.
    Hours,
    /// In repetitions.
    Repetitions {
        /// How long one takes, s.
        seconds: f64,
    },
}

/// Something that a person does every week.
#[derive(Clone, Debug, PartialEq)]
pub struct Habit {
    /// The activity, by its name in [`ActivityName`].
    pub activity: String,
    /// Hours a week.
    pub hours: f64,
    /// Times a week, where it was counted so.
    pub repetitions: Option<f64>,
    /// The leg that goes first, where one does.
    pub lead: Option<Side>,
    /// Where it stands, in bytes of the case's text.
    pub span: Range<usize>,
    /// Its line, from 1.
    pub line: usize,
}
