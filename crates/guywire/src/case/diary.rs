//! What a person wrote down about the exercises of a plan.

use super::Date;
use crate::side::Side;
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// An entry of the diary. What is absent was not written down; it is never taken as well.
#[derive(Clone, Debug, PartialEq)]
pub struct DiaryEntry {
    /// Its day.
    pub date: Date,
    /// The exercise, by its name in the library; all of them where none is named.
    pub exercise: Option<String>,
    /// The side that did it, where only one is meant.
    pub side: Option<Side>,
    /// Sessions done since the entry before.
    pub done: f64,
    /// Sessions that were planned for that time, where that is not what the dose asks for.
    pub planned: Option<f64>,
    /// Most pain during the exercise, 0 to 10.
    pub pain_during: Option<f64>,
    /// How the pain was the next morning, against that before the exercise.
    pub pain_next_morning: Option<NextMorning>,
    /// Days for which a muscle stayed sore.
    pub sore_days: Option<f64>,
    /// Pain or numbness that moves further down the leg, or anything new that the screening asks about.
    pub new_sign: Option<bool>,
    /// Where it stands, in bytes of the case's text.
    pub span: Range<usize>,
    /// Its line, from 1.
    pub line: usize,
}

/// How pain was the morning after an exercise, against before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs, reason = "the names say it")]
pub enum NextMorning {
    Better,
    Same,
    Worse,
}

impl NextMorning {
    /// All of them.
    pub const ALL: [NextMorning; 3] = [NextMorning::Better, NextMorning::Same, NextMorning::Worse];

    /// The word in case files.
    pub const fn name(self) -> &'static str {
        match self {
            NextMorning::Better => "better",
            NextMorning::Same => "same",
            NextMorning::Worse => "worse",
        }
    }
}

impl DiaryEntry {
    /// Whether it speaks of an exercise that a side does, or both where none is given.
    pub fn is_about(&self, exercise: &str, side: Option<Side>) -> bool {
        let same_side = self.side.is_none() || side.is_none() || self.side == side;
        self.exercise.as_deref().is_none_or(|own| own == exercise) && same_side
    }
}
