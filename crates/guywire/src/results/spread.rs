//! How far the results spread over the bodies that a person's tests allow.

use super::{BodyPose, LandmarkPoint};
use serde::{Deserialize, Serialize};

/// The bodies that the tests allow, drawn at random.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ensemble {
    /// How many were drawn.
    pub members: usize,
    /// What they were drawn with: the same seed gives the same bodies.
    pub seed: u64,
    /// What was drawn beside the tissue that the fit looks for, in words.
    pub drawn: Vec<String>,
}

/// A position, a week or an exercise solved for every member of the ensemble.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Spread {
    /// Members with an equilibrium: the quantiles are theirs.
    pub solved: usize,
    /// Members without one.
    pub unsolved: usize,
    /// Every number that is shown.
    pub quantities: Vec<Quantiles>,
    /// Members near the ends of an interval, to be drawn.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub outlines: Vec<Outline>,
}

impl Spread {
    /// A quantity by its name.
    pub fn of(&self, quantity: &str) -> Option<&Quantiles> {
        self.quantities.iter().find(|q| q.quantity == quantity)
    }
}

/// Where a number lies over the members.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Quantiles {
    /// Of a position as in [`Effect`](super::Effect): `pelvic_tilt_deg`, `discs.L5/S1.compression_n`, `hips.left.contact_force_n`,
    /// `force.hamstrings.left_n`. Of a week or an exercise where the number stands in its result:
    /// `activities.0.groups.hip_flexors.left.activation`, `muscles.psoas.left.strain_percent`.
    pub quantity: String,
    /// One in twenty lies below.
    pub low90: f64,
    /// Half lie below.
    pub median: f64,
    /// One in twenty lies above.
    pub high90: f64,
}

impl Quantiles {
    /// Where so many times the number lies.
    #[must_use]
    pub fn times(&self, factor: f64) -> Self {
        let [a, b] = [factor * self.low90, factor * self.high90];
        let (quantity, median) = (self.quantity.clone(), factor * self.median);
        Self { quantity, low90: a.min(b), median, high90: a.max(b) }
    }
}

/// How a member near an end of an interval holds itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Outline {
    /// The quantity whose interval it is.
    pub quantity: String,
    /// Its value in this member.
    pub value: f64,
    /// Pose of every body.
    pub bodies: Vec<BodyPose>,
    /// Every bony landmark.
    pub landmarks: Vec<LandmarkPoint>,
}
