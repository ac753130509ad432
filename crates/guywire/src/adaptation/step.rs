//! One week: what a state becomes under an exposure.

use super::exposure::Exposure;
use super::rates::Rates;
use super::state::{Mechanisms, State};
use super::{growth, length, passive, strength, tolerance};

/// The state after a week. A mechanism that is off leaves its numbers as they are, to the bit. Hours that the exposure does not
/// speak of are spent as usual, but what it does not say is done is not done: no stretch, no training.
#[must_use]
pub fn step(state: &State, exposure: &Exposure, rates: &Rates, mechanisms: Mechanisms) -> State {
    let mut next = state.clone();
    let longer = state.growing.map_or(0.0, |growing| growing.per_week(rates));
    for (m, now) in next.muscles.iter_mut().enumerate() {
        let bouts = exposure.muscles.get(m).map_or(&[][..], Vec::as_slice);
        let usual = &state.usual[m];
        if mechanisms.length {
            length::week(now, usual, state.solved[m], bouts, rates);
        }
        if mechanisms.strength {
            strength::week(now, usual, bouts, rates);
        }
        if mechanisms.tolerance {
            tolerance::week(now, usual, bouts, rates);
        }
        if mechanisms.stiffness {
            passive::stiffness(now, usual, bouts, rates);
        }
        if mechanisms.tone {
            passive::tone(now, usual, bouts, rates);
        }
        if mechanisms.growth {
            now.lag = growth::lag(now.lag, longer, rates);
        }
        if mechanisms.release {
            now.released = 0.0;
        }
    }
    if mechanisms.growth
        && let Some(growing) = &mut next.growing
    {
        growing.week(rates);
    }
    next
}

/// The state some minutes after a session: as it was, but for what the session releases.
#[must_use]
pub fn after_session(
    state: &State,
    session: &Exposure,
    minutes: f64,
    rates: &Rates,
    mechanisms: Mechanisms,
) -> State {
    let mut next = state.clone();
    if mechanisms.release {
        for (now, bouts) in next.muscles.iter_mut().zip(&session.muscles) {
            now.released = tolerance::released(bouts, minutes, rates);
        }
    }
    next
}
