//! The week of adults that the reference body is at home in.

use super::exposure::{Deed, Exposure};
use super::rates::KnownRates;
use crate::body::Body;
use crate::posture::{self, Positions, PostureError};
use serde::Deserialize;

/// Hours a week in a position.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Spent {
    /// One of `data/positions.toml`.
    pub position: String,
    /// Hours a week.
    pub hours: f64,
    /// Where the number comes from.
    pub source: String,
}

/// Why a usual week cannot be told.
#[derive(Clone, Debug, thiserror::Error)]
#[error("the usual week: `{position}`: {why}")]
pub struct UsualError {
    /// The position.
    pub position: String,
    /// What is wrong with it.
    pub why: PostureError,
}

impl KnownRates {
    /// What the usual week does to a body, with other hours in some positions if `hours` says so.
    ///
    /// # Errors
    /// When a position has no equilibrium.
    pub fn usual_week(
        &self,
        body: &Body,
        positions: &Positions,
        hours: impl Fn(&Spent) -> f64,
    ) -> Result<Exposure, UsualError> {
        let mut week = Exposure::default();
        for spent in self.usual() {
            let settled = posture::settle(body, positions, &spent.position, None)
                .map_err(|why| UsualError { position: spent.position.clone(), why })?;
            week.add(&Exposure::held(body, &settled.solution, (hours(spent), 0.0), Deed::Habit));
        }
        Ok(week)
    }
}
