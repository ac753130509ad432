//! How fast and how far tissue follows: one person's, beside what is known of everybody's, and where that comes from.

use serde::{Deserialize, Serialize};

/// A rate of one person, sharpened by later visits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OwnRate {
    /// Its name in `data/adaptation.toml`.
    pub name: String,
    /// What it is, in words.
    pub words: String,
    /// Its unit; 1 is a share.
    pub unit: String,
    /// What half of all people stay below, in the unit.
    pub usual: f64,
    /// Before the visits, over `usual`: one in twenty below, half below, one in twenty above.
    pub prior: [f64; 3],
    /// The same after them.
    pub posterior: [f64; 3],
    /// Share of the variance of its logarithm that the visits took away.
    pub taken: f64,
}

/// What is known of everybody's rate, and where it comes from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RateSource {
    /// Its name in `data/adaptation.toml`.
    pub name: String,
    /// What it is, in words.
    pub words: String,
    /// The mechanism whose law it is part of.
    pub mechanism: String,
    /// Its unit; 1 is a share.
    pub unit: String,
    /// One in twenty below, half below, one in twenty above, in the unit.
    pub range: [f64; 3],
    /// `assumed`, or how it follows from measurements, in words.
    pub source: String,
    /// Where those measurements were published.
    pub published: Vec<String>,
}
