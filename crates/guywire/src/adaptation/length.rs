//! Fibre length: sarcomeres in series.
//!
//! A muscle adds or drops sarcomeres until those it has work at the length they are used to. In casts it goes the whole way:
//! cat soleus held short loses 40 % of them, held long gains 20 %, and both are undone in four weeks (Tabary et al. 1972).
//! Parts of a day are taken as parts of that time (assumed):
//!
//! ```text
//! habit      h* = share Σ (hours / 168) (l − u) / u
//! stretched  s* = share Σ (hours / 168) (1 + weight p) max(0, l − u) / u
//! eccentric  e* = gain (1 − exp(−sets / scale))
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

/// One muscle's fibres after a week. `solved` is the length factor of the body for which the bouts were solved.
pub(super) fn week(now: &mut MuscleState, usual: &Usual, solved: f64, bouts: &[Bout], rates: &Rates) {
    let (mut habit, mut stretched, mut eccentric) = (0.0, 0.0, 0.0);
    for bout in bouts {
        let time = bout.hours / WEEK_HOURS;
        let off = (bout.normalized_fiber_length * solved - usual.length) / usual.length;
        match bout.deed {
            Deed::Stretch => {
                stretched += time * (1.0 + rates[Rate::StretchWeight] * bout.passive_force) * off.max(0.0);
            }
            Deed::Eccentric => eccentric += sets(bout, rates),
            Deed::Habit | Deed::Strengthen | Deed::Release => habit += time * off,
        }
    }
    let share = rates[Rate::LengthShare];
    let eccentric = saturating(eccentric, rates[Rate::TrainingSets]);
    let weeks = rates[Rate::LengthWeeks];
    let reached = |target: f64| (share * target).clamp(-FURTHEST, FURTHEST);
    now.habit = after_a_week(now.habit, reached(habit), weeks);
    now.stretched = after_a_week(now.stretched, reached(stretched), weeks);
    now.eccentric = after_a_week(now.eccentric, rates[Rate::EccentricGain] * eccentric, weeks);
}
