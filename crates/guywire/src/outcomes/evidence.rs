//! The rules and figures of `data/evidence/outcomes.toml`.

use crate::case::TestKind;
use crate::results::Better;
use serde::Deserialize;

/// An outcome measure: how it is scored and what a change of it means.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Measure {
    /// Name as in the case file.
    pub name: String,
    /// Name in words.
    pub title: String,
    /// Lowest and highest score.
    pub scale: [f64; 2],
    /// Which way is better.
    pub better: Better,
    /// How it is scored.
    pub rule: String,
    /// Who says so.
    pub rule_source: String,
    /// What is done about missing items.
    pub missing: String,
    /// Most items that may be missing.
    pub most_missing: Option<u8>,
    /// Smallest change of one person that is no error.
    pub mdc: f64,
    /// Where it comes from.
    pub mdc_source: String,
    /// The same where the score is a mean of fewer than three.
    pub mdc_few: Option<f64>,
    /// Where it comes from.
    pub mdc_few_source: Option<String>,
    /// Smallest improvement that people call one.
    pub important: Option<f64>,
    /// Where it comes from.
    pub important_source: Option<String>,
    /// Two answers closer than this say too little.
    pub days: i64,
    /// Where that comes from.
    pub days_source: String,
    /// Whose it is, where that must be shown.
    pub owner: Option<String>,
}

/// How long a change of a kind of test takes.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Waiting {
    /// The kind.
    pub kind: TestKind,
    /// In words.
    pub words: String,
    /// Days before which a difference is no change of tissue.
    pub days: i64,
    /// Who says so.
    pub source: String,
}

/// The file.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Evidence {
    /// Every outcome measure.
    #[serde(rename = "measure")]
    pub measures: Vec<Measure>,
    /// Every kind of test.
    pub waiting: Vec<Waiting>,
}

/// The built-in figures cannot be used.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("data/evidence/outcomes.toml: {0}")]
pub struct OutcomesError(String);

impl Evidence {
    /// Reads the built-in figures.
    ///
    /// # Errors
    /// When the file is not as its head says.
    pub fn read() -> Result<Evidence, OutcomesError> {
        let text = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/evidence/outcomes.toml"));
        toml::from_str(text).map_err(|error| OutcomesError(error.to_string()))
    }

    /// The measure of this name.
    ///
    /// # Errors
    /// When there is none.
    pub fn measure(&self, name: &str) -> Result<&Measure, OutcomesError> {
        let found = self.measures.iter().find(|measure| measure.name == name);
        found.ok_or_else(|| OutcomesError(format!("no measure `{name}`")))
    }

    /// How long tests of this kind take to change.
    ///
    /// # Errors
    /// When nothing is said of it.
    pub fn waiting(&self, kind: TestKind) -> Result<&Waiting, OutcomesError> {
        let found = self.waiting.iter().find(|waiting| waiting.kind == kind);
        found.ok_or_else(|| OutcomesError(format!("no waiting time for `{}`", kind.name())))
    }
}
