//! One solve, timed.

use crate::body::Body;
use crate::posture::{Positions, PostureError, Settled, settle};
use crate::results::Solved;
use std::time::Instant;

/// A solved position: what the results show of it, and what other searches start from.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    pub solved: Solved,
    pub settled: Settled,
}

/// Solves a position, from a neighbour if one is given.
pub(crate) fn solve(
    body: &Body,
    positions: &Positions,
    position: &str,
    near: Option<&Found>,
) -> Result<Found, PostureError> {
    let start = Instant::now();
    let settled = settle(body, positions, position, near.map(|n| &n.settled.solution))?;
    let solve_ms = start.elapsed().as_secs_f64() * 1e3;
    let solved = settled.describe(body, solve_ms)?;
    Ok(Found { solved, settled })
}
