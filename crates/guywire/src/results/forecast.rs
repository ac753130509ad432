//! What weeks make of a person: bands over the bodies that their tests allow and over what is not known of the rates.

use super::OwnRate;
use crate::case::Date;
use serde::{Deserialize, Serialize};

/// A forecast: what `guywire forecast --json` prints.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ForecastResult {
    /// Weeks from now; 0 is now.
    pub weeks: Vec<usize>,
    /// The day that week 0 ends and week 1 begins, where the programme says so.
    pub start: Option<Date>,
    /// What is done beside the week as it is, or otherwise, in words; nothing if empty.
    pub programme: Vec<String>,
    /// First and last week in which each of it is done, counted from 1.
    pub programme_weeks: Vec<[usize; 2]>,
    /// How many of it, the last, are weeks that are spent otherwise.
    #[serde(default)]
    pub other_weeks: usize,
    /// Share of the sessions that are done.
    pub adherence: f64,
    /// Bodies with a course: the bands are theirs.
    pub members: usize,
    /// Bodies without one, because a position or test had no solution.
    pub lost: usize,
    /// What they were drawn with: the same seed gives the same bands.
    pub seed: u64,
    /// Every mechanism, and whether it works.
    pub mechanisms: Vec<MechanismState>,
    /// Everything that is followed.
    pub series: Vec<Series>,
    /// What later visits say of this person's rates; empty where they say nothing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rates: Vec<OwnRate>,
    /// What is not known, in words.
    pub limits: Vec<String>,
}

impl ForecastResult {
    /// Weeks that are spent otherwise than the week as it is: first and last, and how.
    pub fn spent_otherwise(&self) -> impl Iterator<Item = (&[usize; 2], &str)> {
        let first = self.programme.len().saturating_sub(self.other_weeks);
        self.programme_weeks.iter().zip(self.programme.iter().map(String::as_str)).skip(first)
    }

    /// A series by its name.
    pub fn of(&self, quantity: &str) -> Option<&Series> {
        self.series.iter().find(|s| s.quantity == quantity)
    }
}

/// Whether a mechanism of adaptation works.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MechanismState {
    /// Its name.
    pub name: String,
    /// Whether it works.
    pub on: bool,
}

/// What a series is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the names say it")]
pub enum SeriesKind {
    Tissue,
    Test,
    Difference,
    Posture,
    Disc,
}

/// A number over the weeks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Series {
    /// Name, such as `thomas_hip_extension.left`, `difference.thomas_hip_extension` (left less right), `standing.pelvic_tilt_deg`, `length.hamstrings.left`.
    pub quantity: String,
    /// In words.
    pub label: String,
    /// What it is of.
    pub kind: SeriesKind,
    /// Unit; empty for a factor on what it is now.
    pub unit: String,
    /// One in twenty lies below, week by week.
    pub low90: Vec<f64>,
    /// Half lie below.
    pub median: Vec<f64>,
    /// One in twenty lies above.
    pub high90: Vec<f64>,
    /// The change from now to the end, of each body by itself: what the course does, without how sure one is of today.
    pub change: Change90,
    /// What each mechanism carried of the most probable body's change at the end, at the middle of all rates; only of tests,
    /// postures and discs.
    pub carried: Vec<Carried>,
}

/// How far a number moves.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Change90 {
    /// One in twenty changes less.
    pub low90: f64,
    /// Half change less.
    pub median: f64,
    /// One in twenty changes more.
    pub high90: f64,
}

/// What a mechanism carried.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Carried {
    /// The mechanism.
    pub mechanism: String,
    /// What the number loses without it.
    pub by: f64,
}
