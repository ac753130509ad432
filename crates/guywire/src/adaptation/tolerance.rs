//! Stretch tolerance: how far a person lets an examiner go. It changes what a test reads, not the tissue.
//!
//! Stretching programmes of weeks gain range at the same passive resistance: with a standardised moment six weeks of half an
//! hour a day gained −1° (−3 to 2), at the person's own limit 10° (Ben and Harvey 2010; Weppler and Magnusson 2010). So what
//! they change is the moment at which a person says stop:
//!
//! ```text
//! dose       D = Σ minutes p / (p + p½)
//! asked for  S = 1 − exp(−D / scale), less the same at home
//! tolerance  τ dy/dt = gain S − y         slower back than forth
//! ```
//!
//! `y` is the logarithm of the tolerated moment, `p` the passive force over the greatest active force: what is not pulled on is
//! not felt. Ten minutes a week give nearly all there is (Ingram et al. 2024).
//!
//! *Acute release*: right after rolling or stretching a person tolerates more, and within minutes no more than before:
//!
//! ```text
//! r(t) = gain (1 − exp(−seconds / scale)) exp(−t / τ)
//! ```
//!
//! It leaves nothing behind: weeks begin without it.

use super::course::{after_a_week, saturating};
use super::exposure::{Bout, Deed};
use super::rates::{Rate, Rates};
use super::state::{MuscleState, Usual};

/// One muscle's tolerance after a week.
pub(super) fn week(now: &mut MuscleState, usual: &Usual, bouts: &[Bout], rates: &Rates) {
    let target = rates[Rate::ToleranceGain] * (asked(bouts, rates) - asked(&usual.done, rates));
    let back = target <= now.tolerance;
    let weeks = if back { Rate::ToleranceLossWeeks } else { Rate::ToleranceWeeks };
    now.tolerance = after_a_week(now.tolerance, target, rates[weeks]);
}

/// What felt stretching asks for, a share of what it can.
pub(super) fn asked(bouts: &[Bout], rates: &Rates) -> f64 {
    saturating(felt_minutes(bouts, rates), rates[Rate::ToleranceMinutes])
}

/// Minutes of felt stretch.
fn felt_minutes(bouts: &[Bout], rates: &Rates) -> f64 {
    let stretches = bouts.iter().filter(|bout| bout.deed == Deed::Stretch);
    let felt = stretches.map(|b| {
        let pull = b.passive_force.max(0.0);
        b.hours * 60.0 * pull / (pull + rates[Rate::FeltForce])
    });
    felt.sum()
}

/// What a session leaves of released tolerance some minutes after it.
pub(super) fn released(bouts: &[Bout], minutes: f64, rates: &Rates) -> f64 {
    let seconds = |deed: Deed| -> f64 {
        bouts.iter().filter(|bout| bout.deed == deed).map(|bout| bout.hours * 3600.0).sum()
    };
    let left = |after: Rate| libm::exp(-minutes.max(0.0) / rates[after]);
    let rolled = saturating(seconds(Deed::Release), rates[Rate::ReleaseSeconds]);
    let held = saturating(felt_minutes(bouts, rates) * 60.0, rates[Rate::HoldSeconds]);
    let rolled = rates[Rate::ReleaseGain] * rolled * left(Rate::ReleaseMinutes);
    let held = rates[Rate::HoldGain] * held * left(Rate::HoldMinutes);
    // Both work on the same feeling, and rolling is no better than stretching (Wilke et al. 2020): they do not add up.
    rolled.max(held)
}
