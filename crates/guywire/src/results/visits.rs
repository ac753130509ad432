//! What was found on several days, and what of it changed. Plotted as found; nothing here is predicted.

use super::Side;
use crate::case::Date;
use serde::{Deserialize, Serialize};

/// The visits of a case.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Visits {
    /// The days.
    pub dates: Vec<Date>,
    /// Said before any mechanics: that support matters more than tissue now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub support: Option<Support>,
    /// What looks like a slip but may be true, each with its line in the case: asked, never changed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub questions: Vec<String>,
    /// What else must be known about the readings, such as their age.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// Clinical tests, in the order of `data/tests.toml`; one series a test, side and protocol.
    pub tests: Vec<TestSeries>,
    /// Outcome measures.
    pub outcomes: Vec<OutcomeSeries>,
    /// Lines that must stand wherever these are shown: owners of questionnaires.
    pub owners: Vec<String>,
}

/// What a high risk of lasting trouble asks for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Support {
    /// When it was found.
    pub date: Date,
    /// The group.
    pub risk: Risk,
    /// What to tell the person.
    pub text: String,
    /// The line of the questionnaire's owner.
    pub owner: String,
}

/// Risk group of the STarT Back tool: of lasting trouble, not of damage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the names say it")]
pub enum Risk {
    Low,
    Medium,
    High,
}

/// One test on one side over the days.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TestSeries {
    /// Name as in the case file.
    pub test: String,
    /// Name in words.
    pub title: String,
    /// The side, for a test that has sides.
    pub side: Option<Side>,
    /// How it was done; none if not told.
    pub protocol: Option<String>,
    /// `deg`, `cm`, `mm`, `N*m` or `s`.
    pub unit: String,
    /// What the number is and which way is more.
    pub convention: String,
    /// The readings in the order of the days.
    pub points: Vec<TestPoint>,
}

/// One day's reading.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TestPoint {
    /// The day.
    pub date: Date,
    /// Who examined, if told.
    pub examiner: Option<String>,
    /// Mean of the repeats.
    pub reading: f64,
    /// The repeats.
    pub repeats: Vec<f64>,
    /// Standard error of measurement: the examiner's own, or that between examiners.
    pub sem: f64,
    /// Against the first day.
    pub since_first: Option<Change>,
    /// Against the day before, where that is not the first.
    pub since_previous: Option<Change>,
}

/// One outcome measure over the days.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OutcomeSeries {
    /// Name as in the case file.
    pub outcome: String,
    /// Name in words.
    pub title: String,
    /// Lowest and highest score.
    pub scale: [f64; 2],
    /// Which way is better.
    pub better: Better,
    /// How it is scored, and by whom.
    pub rule: String,
    /// The scores in the order of the days.
    pub points: Vec<OutcomePoint>,
}

/// Which way a score is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the names say it")]
pub enum Better {
    Lower,
    Higher,
}

/// One day's score.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OutcomePoint {
    /// The day.
    pub date: Date,
    /// The score; none where too much is missing.
    pub score: Option<f64>,
    /// Lowest score that the answers allow.
    pub low: f64,
    /// Highest score that the answers allow.
    pub high: f64,
    /// Items without an answer.
    pub missing: usize,
    /// The risk group, for a measure that has groups.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub risk: Option<Risk>,
    /// What a reader of the score must know.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Against the first score.
    pub since_first: Option<Change>,
    /// Against the score before, where that is not the first.
    pub since_previous: Option<Change>,
}

/// A difference between two days.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// Later minus earlier.
    pub value: f64,
    /// Days between.
    pub days: i64,
    /// Smallest change that is no error.
    pub detectable: f64,
    /// What it is.
    pub label: ChangeLabel,
    /// Why, in words.
    pub because: String,
    /// Where `detectable` comes from.
    pub source: String,
    /// Whether people call such a change an improvement, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub important: Option<bool>,
}

/// Whether a difference is a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeLabel {
    /// More than error explains.
    Real,
    /// No more than error explains.
    WithinError,
    /// The days are too close together to tell.
    TooEarly,
}

impl ChangeLabel {
    /// In words.
    pub const fn words(self) -> &'static str {
        match self {
            ChangeLabel::Real => "real",
            ChangeLabel::WithinError => "within error",
            ChangeLabel::TooEarly => "too early to tell",
        }
    }
}

impl Risk {
    /// In words.
    pub const fn words(self) -> &'static str {
        match self {
            Risk::Low => "low risk",
            Risk::Medium => "medium risk",
            Risk::High => "high risk",
        }
    }
}
