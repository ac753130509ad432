//! How fast and how far one person's tissue follows, beside what is known of everybody's.

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
