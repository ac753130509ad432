//! The values of a whole report and of the validation.

use super::{Ensemble, Screening, Solved, Spread};
use serde::{Deserialize, Serialize};

/// One position in the report: the person beside the same person with reference tissue.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PositionResult {
    /// Name on the command line.
    pub position: String,
    /// Name in words, such as `Standing`.
    pub title: String,
    /// What the position is, in one sentence.
    pub description: String,
    /// The person.
    pub person: Solved,
    /// The same body with every tissue setting at its reference value.
    pub reference: Solved,
    /// What each tissue setting does to this position.
    pub causes: Vec<Cause>,
    /// What reciprocal inhibition, a hypothesis, does to the person; empty where it is off.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reciprocal_inhibition: Vec<Contrast>,
    /// How far the numbers spread over the bodies that the tests allow; none where nothing was fitted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spread: Option<Spread>,
}

/// A number of a posture with a hypothesis and without it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Contrast {
    /// Machine name, such as `pelvic_tilt_deg`, `discs.L5/S1.compression_n`, `force.hamstrings.left_n`.
    pub quantity: String,
    /// In words, such as `pelvic tilt`, `force in the left hamstrings`.
    pub label: String,
    /// `deg`, `N`, `MPa` or `mm`.
    pub unit: String,
    /// With the hypothesis.
    pub with: f64,
    /// The same body without it.
    pub without: f64,
}

/// A position without an equilibrium: no number of it is told.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Unsolved {
    /// The position's name on the command line.
    pub position: String,
    /// Its name in the report.
    pub title: String,
    /// With what tissue, in words.
    pub tissue: String,
    /// What stands in the way: the joint, the missing moment, the muscles that could supply it.
    pub problem: String,
}

/// What one tissue setting does in one position, found by solving the position again.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Cause {
    /// The setting as in the case file, such as `hip_flexors.left.length = 0.9`.
    pub setting: String,
    /// The setting in plain words, such as `hip flexors 10 % shorter (left)`.
    pub label: String,
    /// Its effect on each quantity.
    pub effects: Vec<Effect>,
}

/// The effect of one setting on one quantity.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Effect {
    /// Machine name, such as `pelvic_tilt_deg`, `discs.L5/S1.compression_n`, `force.hamstrings.left_n`.
    pub quantity: String,
    /// In words, such as `pelvic tilt`, `force in the left hamstrings`.
    pub label: String,
    /// `deg`, `N`, `MPa` or `mm`.
    pub unit: String,
    /// Value with reference tissue.
    pub reference: f64,
    /// Value of the person with all settings.
    pub person: f64,
    /// Change when this setting alone is added to the reference.
    pub alone: f64,
    /// Change that goes away when this setting alone is taken from the person.
    pub removed: f64,
    /// Ends of the 90 % interval of `alone`, for a setting that tests were fitted for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alone90: Option<[f64; 2]>,
}

/// How far one input's error moves one result.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Uncertainty {
    /// The result, in words.
    pub quantity: String,
    /// Unit of the spread.
    pub unit: String,
    /// The value.
    pub value: f64,
    /// Lower end of the 90 % interval.
    pub low90: f64,
    /// Upper end of the 90 % interval.
    pub high90: f64,
    /// What the interval comes from, in words.
    pub because: String,
}

/// A normal range of a measure, with its source.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct NormalRange {
    /// The field of [`Measures`](super::Measures).
    pub measure: String,
    /// The measure in words.
    pub label: String,
    /// Position it was measured in.
    pub position: String,
    /// Mean.
    pub mean: f64,
    /// Standard deviation.
    pub sd: f64,
    /// Unit.
    pub unit: String,
    /// Who measured it.
    pub source: String,
}

/// One row of the validation against measured people.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ValidationRow {
    /// Identifier, as in the measurement table.
    pub id: String,
    /// What was measured.
    pub quantity: String,
    /// In what condition.
    pub condition: String,
    /// Unit.
    pub unit: String,
    /// Measured value.
    pub measured: f64,
    /// Lower end of what counts as inside.
    pub low: f64,
    /// Upper end of what counts as inside.
    pub high: f64,
    /// Where the interval comes from (`±2 SD`, `range`, `assumed ±25 %`).
    pub spread: String,
    /// Who measured it.
    pub source: String,
    /// What the model gives.
    pub predicted: f64,
    /// Predicted minus measured.
    pub difference: f64,
    /// Whether the prediction lies between `low` and `high`.
    pub inside: bool,
    /// Whether the repository promises that it does.
    pub required: bool,
    /// `calibrate`: a parameter was fitted to it; `validate`: it was predicted.
    pub used_for: String,
    /// What we think the cause of a miss is.
    pub note: String,
}

/// Another model than the built-in body.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ModelInfo {
    /// What it is called.
    pub name: String,
    /// Mass of all its bodies.
    pub mass_kg: f64,
    /// What was assumed about it, approximated or left out.
    pub caveats: Vec<String>,
}

/// The whole report as one value: what `guywire report` writes as JSON and draws as HTML.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Results {
    /// Version of this layout.
    pub schema: u32,
    /// Version of the engine.
    pub engine_version: String,
    /// The person, as read; none where another model than the built-in body was solved.
    #[serde(default)]
    pub person: Option<crate::case::Person>,
    /// The model, where it is not the built-in body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<ModelInfo>,
    /// What must be known before anything else; none for a model without a person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub screening: Option<Screening>,
    /// Every tissue setting in plain words.
    pub settings: Vec<String>,
    /// What the reader must know before anything else.
    pub warnings: Vec<String>,
    /// What was found on several days; none for a case without visits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visits: Option<super::Visits>,
    /// The tissue behind the readings of all visits; none for a case without readings that can be fitted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fit: Option<super::FitResult>,
    /// What every hour of the person's week does, if it was told: of the same body as the positions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub week: Option<super::WeekResult>,
    /// What the coming weeks bring, if it was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outlook: Option<super::Outlook>,
    /// The bodies that the tests allow, over which every position's `spread` is taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ensemble: Option<Ensemble>,
    /// Every position of the case that was solved.
    pub positions: Vec<PositionResult>,
    /// The positions that were not, and why.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unsolved: Vec<Unsolved>,
    /// Normal ranges of the measures.
    pub normal_ranges: Vec<NormalRange>,
    /// How sure the main numbers are.
    pub uncertainty: Vec<Uncertainty>,
    /// What the model leaves out, in plain words.
    pub limits: Vec<String>,
}
