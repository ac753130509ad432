//! Clinical tests, simulated, and the fit of a person's tissue to tests as read.

use super::{Certificate, Quantiles, Side, Spread};
use serde::{Deserialize, Serialize};

/// What an examiner would read: what `guywire test --json` prints.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TestReading {
    /// Name, as in `data/tests.toml`.
    pub test: String,
    /// Name in words.
    pub title: String,
    /// The tested side; none for a test without sides.
    pub side: Option<Side>,
    /// Names of the way in which it was done.
    pub protocols: Vec<String>,
    /// What was done, in one sentence.
    pub done: String,
    /// What is read.
    pub reading: f64,
    /// Unit of the reading.
    pub unit: String,
    /// What the number is and which way is more.
    pub convention: String,
    /// Standard error of measurement between examiners, in the unit.
    pub sem: f64,
    /// What the same body with reference tissue reads.
    pub reference_reading: f64,
    /// Where `reading` lies over the bodies that the person may have.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spread: Option<Spread>,
    /// Proof that the pose is one of rest or of balance.
    pub certificate: Certificate,
}

impl TestReading {
    /// Where the reading lies.
    pub fn range(&self) -> Option<&Quantiles> {
        self.spread.as_ref()?.of(READING)
    }
}

/// The name of a reading among the numbers of a test.
pub(crate) const READING: &str = "reading";

/// What tests say of a person's tissue: what `guywire fit --json` prints.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct FitResult {
    /// The day of the last readings, of which everything but `tests` and `changes` tells, as `2026-03-02`.
    pub visit: String,
    /// Every unknown of the tissue.
    pub parameters: Vec<FittedParameter>,
    /// Every reading beside what the fitted body would read.
    pub tests: Vec<FittedTest>,
    /// Readings that were not used, and why.
    pub left_out: Vec<LeftOut>,
    /// How tissue changed from the first visit with readings to the last; empty for a single one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<FittedChange>,
    /// What these tests cannot tell apart or say nothing of.
    pub unidentifiable: Vec<Unidentifiable>,
    /// How the fitted body stands.
    pub standing: Vec<FittedOutput>,
    /// What to measure next, the most telling first.
    pub next_tests: Vec<NextTest>,
    /// Whether no further test would tell much.
    pub enough: bool,
    /// Steps of the search.
    pub iterations: usize,
}

/// How an unknown changed between the first visit and the last.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct FittedChange {
    /// As in [`FittedParameter`].
    pub name: String,
    /// Whether the change is a factor (1 is none); else it is in the unknown's unit (0 is none).
    pub factor: bool,
    /// The most probable change.
    pub change: f64,
    /// 90 % interval, lower end.
    pub low90: f64,
    /// Upper end.
    pub high90: f64,
    /// Whether the interval leaves out that nothing changed.
    pub real: bool,
}

/// An unknown with its interval.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the names say it")]
pub struct FittedParameter {
    pub name: String,
    /// `factor` of the reference body, `activation` of tone, `deg`.
    pub unit: String,
    /// Whether the tests say something of it.
    pub told: bool,
    pub mean: f64,
    pub low90: f64,
    pub high90: f64,
    pub prior_mean: f64,
    pub prior_sd: f64,
}

/// A reading beside its prediction.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct FittedTest {
    /// The day, as `2026-03-02`.
    pub visit: String,
    /// Name, as in `data/tests.toml`.
    pub name: String,
    /// The tested side.
    pub side: Option<Side>,
    /// What was read: the mean of the repeats.
    pub read: f64,
    /// What this examiner would read on the fitted body.
    pub predicted: f64,
    /// Standard error of the reading, what its examiner always does and what is not known of its protocol included.
    pub sem: f64,
    /// Unit of all three.
    pub unit: String,
    /// Whether it does not fit the others and was left out.
    pub distrusted: bool,
}

/// A reading that was not used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the names say it")]
pub struct LeftOut {
    pub name: String,
    pub side: Option<Side>,
    pub why: String,
}

/// Unknowns that these tests cannot tell apart.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Unidentifiable {
    /// Their names.
    pub parameters: Vec<String>,
    /// In words.
    pub why: String,
}

/// A number of the standing body with its interval.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the names say it")]
pub struct FittedOutput {
    pub name: String,
    pub mean: f64,
    pub low90: f64,
    pub high90: f64,
}

/// A test that would tell more.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct NextTest {
    /// Name, as in `data/tests.toml`.
    pub name: String,
    /// The side.
    pub side: Option<Side>,
    /// Share of the variance that is left in how the body stands and is loaded which it would take away, 0 to 1.
    pub reduction: f64,
}
