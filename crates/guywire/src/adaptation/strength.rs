//! Strength: practice, muscle, and disuse.
//!
//! ```text
//! dose        D = Σ bouts max(0, a − a₀) / (1 − a₀)          sets a week at full effort
//! asked for   S = 1 − exp(−D / scale), less the same at home
//! neural      τₙ dn/dt = gainₙ S − n          fast
//! size        τₛ ds/dt = gainₛ S − s          slow; both are lost more slowly than they are won
//! disuse      τ_d dd/dt = loss max(0, 1 − A/A_usual) − d
//! ```
//!
//! `a` is activation, `A` its mean over the week's hours; hours that the week does not speak of are spent as usual. `n` and `s`
//! are logarithms of strength. What the week at home holds of training is in the strength that somebody begins with: more of it
//! makes stronger, less of it weaker. Novices gain 1.5 to 5 % a week at first, by practice more than by muscle; two weeks off
//! cost the trained less than 5 % (McMaster 2013); two weeks in bed cost a seventh (Marusic 2021).

use super::course::{after_a_week, saturating};
use super::exposure::{Bout, Deed};
use super::rates::{Rate, Rates};
use super::state::{MuscleState, Usual, WEEK_HOURS};

/// The sets at full effort that a bout amounts to.
pub(super) fn sets(bout: &Bout, rates: &Rates) -> f64 {
    let least = rates[Rate::TrainingThreshold].min(0.9);
    match bout.deed {
        Deed::Strengthen | Deed::Eccentric => {
            bout.bouts * ((bout.activation - least) / (1.0 - least)).clamp(0.0, 1.0)
        }
        Deed::Habit | Deed::Stretch | Deed::Release => 0.0,
    }
}

/// What training asks of a muscle, a share of what it can.
fn asked(bouts: &[Bout], rates: &Rates) -> f64 {
    saturating(bouts.iter().map(|bout| sets(bout, rates)).sum(), rates[Rate::TrainingSets])
}

/// One muscle's strength after a week.
pub(super) fn week(now: &mut MuscleState, usual: &Usual, bouts: &[Bout], rates: &Rates) {
    let asked = asked(bouts, rates) - asked(&usual.done, rates);
    let moved = |x: f64, gain: Rate, up: Rate, down: Rate| {
        let target = rates[gain] * asked;
        after_a_week(x, target, rates[if target > x { up } else { down }])
    };
    now.neural = moved(now.neural, Rate::NeuralGain, Rate::NeuralWeeks, Rate::NeuralLossWeeks);
    now.size = moved(now.size, Rate::SizeGain, Rate::SizeWeeks, Rate::SizeLossWeeks);
    let off: f64 = bouts.iter().map(|b| b.hours / WEEK_HOURS * (b.activation - usual.activation)).sum();
    let unused = if usual.activation > 0.0 { (-off / usual.activation).clamp(0.0, 1.0) } else { 0.0 };
    let lost = rates[Rate::DisuseLoss].min(1.0) * unused;
    now.disuse = after_a_week(now.disuse, lost, rates[Rate::DisuseWeeks]);
}
