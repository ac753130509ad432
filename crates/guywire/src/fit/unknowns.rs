//! What a fit looks for, and what is believed of it beforehand (`data/evidence/priors.toml`).
//!
//! Every unknown is a positive factor, so its logarithm is taken as normal. The search runs in standard scores `w` with
//! prior `N(0, 1)`; the two sides of a person are alike by a correlation `ρ`:
//!
//! ```text
//! ln left = ln median + σ w₁      ln right = ln median + σ (ρ w₁ + √(1 − ρ²) w₂)
//! ```

use super::FitError;
use crate::case::{Property, Setting, Target, Tissue, Vocabulary};
use crate::side::Side;
use serde::Deserialize;

/// One factor of one side's tissue, or the tolerance.
#[derive(Clone, Debug)]
pub struct Unknown {
    /// What it changes; none for the tolerance.
    pub setting: Option<Setting>,
    /// Its logarithm's mean before any test.
    pub log_mean: f64,
    /// Its logarithm by the standard scores: which, and how much of each.
    pub weights: Vec<(usize, f64)>,
}

/// All unknowns.
#[derive(Clone, Debug)]
pub struct Unknowns {
    /// In the order of the table, left before right, the tolerance last.
    pub list: Vec<Unknown>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(rename = "schema")]
    _schema: u32,
    unknown: Vec<Row>,
    tolerance: Tolerance,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    target: String,
    property: String,
    #[serde(default = "one")]
    median: f64,
    spread: f64,
    alike: f64,
    #[serde(rename = "source")]
    _source: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Tolerance {
    spread: f64,
    #[serde(rename = "source")]
    _source: String,
}

const fn one() -> f64 {
    1.0
}

impl Unknowns {
    /// Those of the built-in table.
    ///
    /// # Errors
    /// When the table is not what it should be.
    pub fn read(vocabulary: &Vocabulary) -> Result<Self, FitError> {
        let text = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/evidence/priors.toml"));
        let file: File = toml::from_str(text).map_err(|e| FitError::Priors(e.to_string()))?;
        let mut list = Vec::new();
        for (k, row) in file.unknown.iter().enumerate() {
            let property = match row.property.as_str() {
                "length" => Property::Length,
                "stiffness" => Property::Stiffness,
                "strength" => Property::Strength,
                "tone" => Property::Tone,
                other => return Err(FitError::Priors(format!("`{other}` is not fitted"))),
            };
            let target = if vocabulary.groups.contains(&row.target) {
                Target::Group(row.target.clone())
            } else if vocabulary.muscles.contains(&row.target) {
                Target::Muscle(row.target.clone())
            } else {
                return Err(FitError::Priors(format!("the body has no `{}`", row.target)));
            };
            for side in [Side::Left, Side::Right] {
                let own = (1.0 - row.alike * row.alike).max(0.0);
                let weights = match side {
                    Side::Left => vec![(2 * k, row.spread)],
                    Side::Right => {
                        vec![(2 * k, row.spread * row.alike), (2 * k + 1, row.spread * libm::sqrt(own))]
                    }
                };
                let setting = Setting { target: target.clone(), side: Some(side), property, value: 1.0 };
                list.push(Unknown { setting: Some(setting), log_mean: libm::log(row.median), weights });
            }
        }
        let weights = vec![(2 * file.unknown.len(), file.tolerance.spread)];
        list.push(Unknown { setting: None, log_mean: 0.0, weights });
        Ok(Self { list })
    }

    /// How many there are, which is also how many standard scores.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Every unknown at standard scores.
    pub fn values(&self, scores: &[f64]) -> Vec<f64> {
        let log = |u: &Unknown| u.log_mean + u.weights.iter().map(|&(k, by)| by * scores[k]).sum::<f64>();
        self.list.iter().map(|u| libm::exp(log(u))).collect()
    }

    /// The state of tissue with these values.
    pub fn tissue(&self, values: &[f64]) -> Tissue {
        let settings = self.list.iter().zip(values);
        let settings = settings.filter_map(|(u, &value)| Some(Setting { value, ..u.setting.clone()? }));
        Tissue { settings: settings.collect(), ..Tissue::default() }
    }

    /// How far the person lets an examiner go.
    pub fn tolerance(&self, values: &[f64]) -> f64 {
        let found = self.list.iter().zip(values).find(|(u, _)| u.setting.is_none());
        found.map_or(1.0, |(_, value)| *value)
    }

    /// Slopes by the standard scores from those by the logarithms.
    pub fn by_scores(&self, by_logs: &[f64]) -> Vec<f64> {
        let mut slopes = vec![0.0; self.len()];
        for (unknown, slope) in self.list.iter().zip(by_logs) {
            for &(k, by) in &unknown.weights {
                slopes[k] += slope * by;
            }
        }
        slopes
    }
}

impl Unknown {
    /// Name, as a setting of a case file is written.
    pub fn name(&self) -> String {
        self.setting.as_ref().map_or_else(|| "tolerance".to_owned(), Setting::path)
    }

    /// Standard deviation of its logarithm before any test.
    pub fn log_sd(&self) -> f64 {
        libm::sqrt(self.weights.iter().map(|(_, by)| by * by).sum())
    }
}
