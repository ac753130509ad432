//! What a diary says of the doses of a programme.

use crate::case::Date;
use serde::{Deserialize, Serialize};

/// What `guywire diary --json` prints.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DiaryResult {
    /// How many entries there are.
    pub entries: usize,
    /// Why everything stops; then there are no exercises.
    pub stop: Vec<DiaryReason>,
    /// The exercises of the programme, in its order.
    pub exercises: Vec<DoseDecision>,
    /// Entries about exercises that the programme does not have.
    pub elsewhere: Vec<EntryPlace>,
    /// The rules in words.
    pub rules: Vec<String>,
}

/// Where an entry stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryPlace {
    /// Its day.
    pub date: Date,
    /// Its line in the case file, from 1.
    pub line: usize,
}

/// Why everything stops.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DiaryReason {
    /// In words.
    pub why: String,
    /// The entry that says so.
    pub entry: EntryPlace,
}

/// What becomes of a dose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs, reason = "the names say it")]
pub enum DoseAction {
    Raise,
    Hold,
    Lower,
    Stop,
}

impl DoseAction {
    /// In results and tables.
    pub const fn name(self) -> &'static str {
        match self {
            DoseAction::Raise => "raise",
            DoseAction::Hold => "hold",
            DoseAction::Lower => "lower",
            DoseAction::Stop => "stop",
        }
    }
}

/// What becomes of an exercise of a programme.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DoseDecision {
    /// Its name.
    pub exercise: String,
    /// In words.
    pub title: String,
    /// `left`, `right` or `both`.
    pub side: String,
    /// What becomes of it.
    pub action: DoseAction,
    /// Why.
    pub why: String,
    /// The entries that it rests on.
    pub entries: Vec<EntryPlace>,
    /// Day of the last entry about it.
    pub until: Option<Date>,
    /// How much it was, in words.
    pub dose_now: String,
    /// Where in its range that is.
    pub dose_share_now: f64,
    /// How much it is from now on; nothing where it stops.
    pub dose_next: Option<String>,
    /// Where in its range that is.
    pub dose_share_next: Option<f64>,
}
