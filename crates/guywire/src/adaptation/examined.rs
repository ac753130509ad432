//! What a test reads off a body whose owner has become used to being stretched.

use super::state::{Mechanism, State};
use crate::body::Body;
use crate::examination::{ExaminationError, Trial};
use crate::posture::{Positions, Settled};
use guywire_engine::equilibrium::Solution;

/// What every mechanism that did something carried of a number: what the number loses without it. Mechanisms that work
/// together lose more apart, so what is carried need not add up.
///
/// # Errors
/// The first that the number has.
pub fn carried<E>(
    state: &State,
    number: impl Fn(&State) -> Result<f64, E>,
) -> Result<Vec<(Mechanism, f64)>, E> {
    let all = number(state)?;
    let mut carried = Vec::new();
    for mechanism in Mechanism::ALL {
        let without = state.without(mechanism);
        if without != *state {
            carried.push((mechanism, all - number(&without)?));
        }
    }
    Ok(carried)
}

impl State {
    /// A trial on a body that has this state's settings already. The examiner goes as far as the muscles that pull at the end
    /// allow; their pull is told by the same trial with what was tolerated before.
    ///
    /// # Errors
    /// When the body lacks a part, or a pose is not found.
    pub fn reading(
        &self,
        trial: &Trial<'_>,
        body: &Body,
        positions: &Positions,
        near: Option<&Solution>,
    ) -> Result<(f64, Settled), ExaminationError> {
        let before = trial.reading(body, positions, near)?;
        let factor = self.tolerance(&before.1.solution.passive_force);
        if factor == 1.0 {
            return Ok(before);
        }
        let near = Some(&before.1.solution);
        Trial { tolerance: trial.tolerance * factor, ..*trial }.reading(body, positions, near)
    }
}
