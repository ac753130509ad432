//! From a dose to what a week of it does to every muscle and disc.

use super::library::{Dose, Exercise, Kind, Sides};
use super::rank::Target;
use super::solve::Done;
use crate::adaptation::{Bout, Deed, DiscBout, Exposure};
use crate::body::{Body, Group};
use crate::side::Side;
use crate::week::{Moment, WeekError};

/// Seconds of a repetition that is not held: two up, two down (assumed; moderate speed of Garber 2011).
const SECONDS_OF_REPETITION: f64 = 4.0;
const SECONDS_OF_HOUR: f64 = 3600.0;

/// How much of an exercise one side does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Amount {
    /// Seconds of one session.
    pub seconds: f64,
    /// Bouts of one session: holds of a stretch, sets otherwise.
    pub bouts: f64,
    /// Sessions a week.
    pub per_week: f64,
}

impl Dose {
    /// The same with one number instead of every range: 0 is its least, 1 its most. Nobody does half a set, and seconds are
    /// counted whole.
    #[must_use]
    pub fn narrowed(&self, share: f64) -> Self {
        let share = share.clamp(0.0, 1.0);
        let one = |[least, most]: [f64; 2]| [libm::round(least + share * (most - least)); 2];
        let [hold_s, sets, reps] = [self.hold_s, self.sets, self.reps].map(|range| range.map(one));
        let minutes = self.minutes.map(|[least, most]| [least + share * (most - least); 2]);
        Self { hold_s, minutes, sets, reps, per_week: one(self.per_week), source: self.source.clone() }
    }

    /// So much of every range, as [`Dose::narrowed`] has it.
    pub fn at(&self, share: f64) -> Amount {
        let narrowed = self.narrowed(share);
        let of = |range: Option<[f64; 2]>| range.map(|[least, _]| least);
        let sets = of(narrowed.sets).unwrap_or(1.0);
        let once = match (of(narrowed.hold_s), of(narrowed.minutes)) {
            (Some(hold), _) => hold,
            (None, Some(minutes)) => 60.0 * minutes,
            (None, None) => SECONDS_OF_REPETITION,
        };
        let seconds = sets * of(narrowed.reps).unwrap_or(1.0) * once;
        Amount { seconds, bouts: sets, per_week: narrowed.per_week[0] }
    }
}

impl Amount {
    /// Hours of a week.
    pub fn hours(&self) -> f64 {
        self.seconds * self.per_week / SECONDS_OF_HOUR
    }
}

impl Kind {
    /// As what a muscle takes it.
    fn deed(self) -> Deed {
        match self {
            Kind::Release => Deed::Release,
            Kind::Stretch => Deed::Stretch,
            Kind::Strengthen | Kind::Control => Deed::Strengthen,
            Kind::Position | Kind::Activity | Kind::Mobility => Deed::Habit,
        }
    }
}

/// What an exercise does to muscles and discs in each of its phases: all that weeks of it ask for.
#[derive(Clone, Debug)]
pub struct Effect<'e> {
    /// The exercise.
    pub exercise: &'e Exercise,
    /// The side that did it.
    pub side: Side,
    /// Its phases, in their order.
    pub phases: Vec<Moment>,
}

impl<'e> Done<'e> {
    /// What it does to muscles and discs.
    ///
    /// # Errors
    /// When the line of a muscle is not found.
    pub fn effect(&self, body: &Body) -> Result<Effect<'e>, WeekError> {
        let phases = self.phases.iter().map(|phase| Moment::of(body, &phase.settled));
        Ok(Effect { exercise: self.exercise, side: self.way.side, phases: phases.collect::<Result<_, _>>()? })
    }
}

impl Effect<'_> {
    /// What a week of it does. Of an exercise that each side does, the other side's week comes on top.
    ///
    /// A release presses on its targets and leaves all others alone.
    pub fn exposure(&self, body: &Body, groups: &[Group], amount: &Amount) -> Exposure {
        let deed = self.exercise.kind.deed();
        let mut exposure = Exposure::none(body.muscles.len(), body.system.levels.len());
        let meant = |m: usize| {
            let info = &body.muscles[m];
            let of_side = self.exercise.sides == Sides::Both || info.side == self.side;
            of_side && self.exercise.target.iter().any(|name| Target::any(name).covers(groups, info))
        };
        for (of, phase) in self.exercise.phases.iter().zip(&self.phases) {
            let hours = of.share * amount.hours();
            // A set begins once, however many phases it has.
            let bouts = if deed == Deed::Habit { 0.0 } else { of.share * amount.bouts * amount.per_week };
            for (m, bouts_of) in exposure.muscles.iter_mut().enumerate() {
                if deed == Deed::Release && !meant(m) {
                    continue;
                }
                bouts_of.push(Bout {
                    hours,
                    bouts,
                    normalized_fiber_length: phase.normalized_fiber_length[m],
                    activation: phase.activation[m],
                    passive_force: phase.passive_force_n[m] / body.muscles[m].max_isometric_force_n,
                    // What is let down lengthens those that hold it; others hold still.
                    deed: if self.exercise.eccentric && meant(m) { Deed::Eccentric } else { deed },
                });
            }
            for (k, bouts_of) in exposure.discs.iter_mut().enumerate() {
                bouts_of.push(DiscBout {
                    hours,
                    compression_n: phase.compression_n[k],
                    posterior_stress_mpa: phase.posterior_stress_mpa[k],
                });
            }
        }
        exposure
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dose_is_as_long_as_it_says() {
        let dose = Dose {
            hold_s: Some([20.0, 40.0]),
            minutes: None,
            sets: Some([2.0, 4.0]),
            reps: None,
            per_week: [3.0, 7.0],
            source: "acsm2011".into(),
        };
        let amount = dose.at(0.5);
        assert_eq!((amount.seconds, amount.bouts, amount.per_week), (90.0, 3.0, 5.0));
        assert!((amount.hours() - 0.125).abs() < 1e-12);
        let counted = Dose { hold_s: None, reps: Some([10.0, 10.0]), ..dose };
        assert_eq!(counted.at(0.0).seconds, 80.0);
        assert_eq!(counted.at(7.0), counted.at(1.0), "no more than the most");
    }
}
