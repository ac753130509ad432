//! What was found on a day: readings of clinical tests and what the person says of pain and function.

use super::Date;
use crate::side::Side;
use std::ops::Range;

/// One day's findings.
#[derive(Clone, Debug, PartialEq)]
pub struct Visit {
    /// The day.
    pub date: Date,
    /// Who examined, if told; two readings of one examiner differ by less.
    pub examiner: Option<String>,
    /// The clinical tests, in the order of the file.
    pub readings: Vec<Reading>,
    /// What the person says.
    pub outcomes: Outcomes,
}

/// One clinical test as read.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// The test, by its name in [`TestVocabulary`](super::TestVocabulary).
    pub test: String,
    /// The side, for a test that has sides.
    pub side: Option<Side>,
    /// What was read, one value a repeat, in the test's unit and sign; never empty.
    pub values: Vec<f64>,
    /// The examiner's own standard error of measurement, in the test's unit.
    pub sem: Option<f64>,
    /// How it was done, one of the test's protocols; none if not told.
    pub protocol: Option<String>,
    /// Where it stands, in bytes of the case's text.
    pub span: Range<usize>,
    /// Its line, from 1.
    pub line: usize,
}

impl Reading {
    /// Mean of the repeats.
    pub fn mean(&self) -> f64 {
        self.values.iter().sum::<f64>() / self.values.len().max(1) as f64
    }
}

/// Answers to outcome measures, as given; `outcomes` scores them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outcomes {
    /// Pain, 0 none to 10 worst imaginable.
    pub pain: Option<f64>,
    /// Patient-specific functional scale: the person's own activities, in their order.
    pub patient_specific: Vec<Activity>,
    /// Roland-Morris disability questionnaire.
    pub roland_morris: Option<RolandMorris>,
    /// STarT Back screening tool.
    pub start_back: Option<StartBack>,
    /// Oswestry disability index in per cent; only its total, as its questions may not be copied.
    pub oswestry_percent: Option<f64>,
}

impl Outcomes {
    /// Whether nothing was asked.
    pub fn is_empty(&self) -> bool {
        *self == Outcomes::default()
    }
}

/// An activity that matters to the person.
#[derive(Clone, Debug, PartialEq)]
pub struct Activity {
    /// In the person's words.
    pub activity: String,
    /// 0 unable to 10 as before; none if it was not rated that day.
    pub score: Option<f64>,
}

/// Answers to the 24 statements of the Roland-Morris questionnaire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RolandMorris {
    /// The sum, 0 to 24.
    Total(u8),
    /// The statements by number, in rising order.
    Items {
        /// Those that the person ticked.
        ticked: Vec<u8>,
        /// Those without an answer, where the form asks for yes and no.
        unanswered: Vec<u8>,
    },
}

/// Answers to the nine items of the STarT Back tool, by number, in rising order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StartBack {
    /// Items that count: agreed to, and 9 if the pain is very or extremely bothersome.
    pub agreed: Vec<u8>,
    /// Items without an answer.
    pub unanswered: Vec<u8>,
}

/// What looks like a slip, but may be true: asked, never changed.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// The question, in one sentence.
    pub text: String,
    /// Where it arises, in bytes of the case's text.
    pub span: Range<usize>,
    /// The line, from 1.
    pub line: usize,
}
