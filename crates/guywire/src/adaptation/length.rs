//! Fibre length: sarcomeres in series.
//!
//! A muscle adds or drops sarcomeres until those it has work at the length they are used to. In casts it goes the whole way:
//! cat soleus held short loses 40 % of them, held long gains 20 %, and both are undone in four weeks (Tabary et al. 1972).
//! Parts of a day are taken as parts of that time (assumed):
//!
//! ```text
//! habit      h* = share Σ (hours / 168) (l − u) / u
//! stretched  s* = share Σ (hours / 168) (1 + weight p) max(0, l − u) / u      less the same at home
//! eccentric  e* = gain (1 − exp(−sets / scale))                              less the same at home
//! τ dx/dt = x* − x    for each
//! ```
//!
//! `l` is the fibre length over the optimal length of the beginning, `u` its mean in the week that the body is at home in, `p`
//! the passive force over the greatest active force. Hours that a week does not speak of are spent as usual. A stretch asks for
//! no shortening of what it leaves short: the hours of it are too few, and nobody measured any. Eccentric work lengthens fibres
//! whatever the length (Geremia et al. 2019: all three heads of the calf).

use super::course::{after_a_week, saturating};
use super::exposure::{Bout, Deed};
use super::rates::{Rate, Rates};
use super::state::{MuscleState, Usual, WEEK_HOURS};
use super::strength::sets;

/// Furthest from the usual length that a target may lie, a share of it: assumed, beyond what casts do.
const FURTHEST: f64 = 0.5;

/// What stretching asks of the fibres, a share.
fn stretched(usual: &Usual, solved: f64, bouts: &[Bout], rates: &Rates) -> f64 {
    let stretches = bouts.iter().filter(|bout| bout.deed == Deed::Stretch);
    let asked = stretches.map(|b| {
        let off = (b.normalized_fiber_length * solved - usual.length) / usual.length;
        b.hours / WEEK_HOURS * (1.0 + rates[Rate::StretchWeight] * b.passive_force) * off.max(0.0)
    });
    asked.sum()
}

/// What eccentric work asks of the fibres, a share of what it can.
fn eccentric(bouts: &[Bout], rates: &Rates) -> f64 {
    let work = bouts.iter().filter(|bout| bout.deed == Deed::Eccentric);
    saturating(work.map(|bout| sets(bout, rates)).sum(), rates[Rate::TrainingSets])
}

/// One muscle's fibres after a week. `solved` is the length factor of the body for which the bouts were solved.
pub(super) fn week(now: &mut MuscleState, usual: &Usual, solved: f64, bouts: &[Bout], rates: &Rates) {
    let living = bouts.iter().filter(|bout| bout.deed.is_living());
    let habit = living
        .map(|b| b.hours / WEEK_HOURS * (b.normalized_fiber_length * solved - usual.length) / usual.length);
    let stretched = stretched(usual, solved, bouts, rates) - stretched(usual, 1.0, &usual.done, rates);
    let eccentric = eccentric(bouts, rates) - eccentric(&usual.done, rates);
    let weeks = rates[Rate::LengthWeeks];
    let reached = |target: f64| (rates[Rate::LengthShare] * target).clamp(-FURTHEST, FURTHEST);
    now.habit = after_a_week(now.habit, reached(habit.sum()), weeks);
    now.stretched = after_a_week(now.stretched, reached(stretched), weeks);
    now.eccentric = after_a_week(now.eccentric, rates[Rate::EccentricGain] * eccentric, weeks);
}
