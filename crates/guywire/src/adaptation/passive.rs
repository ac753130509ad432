//! Passive stiffness and resting tone: what little is known of them.
//!
//! ```text
//! slack   τ dz/dt = gain S − z                           S asked for by felt stretch, as for tolerance
//! tone    τ dt/dt = gain max(0, A − A_usual) − t          a hypothesis, off unless asked for
//! ```
//!
//! Stretching for weeks takes a little of the passive stiffness of muscle, −0.38 standard deviations between people (Warneke et
//! al. 2024), while the reviews of whole joints find next to none (Freitas et al. 2018): the rate is wide. Nobody measured what
//! weeks of lasting work do to resting activation.

use super::course::after_a_week;
use super::exposure::Bout;
use super::rates::{Rate, Rates};
use super::state::{MuscleState, Usual, WEEK_HOURS};
use super::tolerance::asked;

/// Most stiffness that can be lost or won, a share: assumed.
const MOST: f64 = 0.5;

/// One muscle's passive stiffness after a week.
pub(super) fn stiffness(now: &mut MuscleState, usual: &Usual, bouts: &[Bout], rates: &Rates) {
    let asked = asked(bouts, rates) - asked(&usual.done, rates);
    let target = (rates[Rate::StiffnessGain] * asked).clamp(-MOST, MOST);
    now.slack = after_a_week(now.slack, target, rates[Rate::StiffnessWeeks]);
}

/// One muscle's resting tone after a week.
pub(super) fn tone(now: &mut MuscleState, usual: &Usual, bouts: &[Bout], rates: &Rates) {
    let more: f64 = bouts.iter().map(|b| b.hours / WEEK_HOURS * (b.activation - usual.activation)).sum();
    let target = (rates[Rate::ToneGain] * more.max(0.0)).min(1.0);
    now.tone = after_a_week(now.tone, target, rates[Rate::ToneWeeks]);
}
