//! What a week does to the tissue: the language in which habits and exercises speak to adaptation.

use super::state::WEEK_HOURS;
use crate::body::Body;
use guywire_engine::equilibrium::Solution;

/// What sums of shares may miss 1 by.
const ROUNDING: f64 = 1.0 + 1e-9;

/// What one muscle goes through while one thing is done.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bout {
    /// Hours a week.
    pub hours: f64,
    /// Times a week that it is begun (a bout of stretching or a set is one; sitting all day is 0: not a dose).
    pub bouts: f64,
    /// Fibre length over optimal fibre length.
    pub normalized_fiber_length: f64,
    /// Activation, 0 to 1.
    pub activation: f64,
    /// Passive force over greatest active force.
    pub passive_force: f64,
    /// What it is done as.
    pub deed: Deed,
}

/// What something is done as: the same length is not the same stimulus.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// Something that the day brings: sitting, walking, sport, sleep.
    Habit,
    /// A stretch that is held.
    Stretch,
    /// Work against a load.
    Strengthen,
    /// Work against a load that lengthens the muscle while it pulls.
    Eccentric,
    /// Rolling, massage, pressure.
    Release,
}

impl Deed {
    /// Whether its length counts as time spent at it: all but what has a law of its own.
    pub(super) const fn is_living(self) -> bool {
        matches!(self, Deed::Habit | Deed::Strengthen | Deed::Release)
    }
}

/// What a week does to every muscle of a body (in the order of [`Body::muscles`](crate::body::Body)), and to every disc.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Exposure {
    /// What every muscle goes through.
    pub muscles: Vec<Vec<Bout>>,
    /// What every disc goes through, from below.
    pub discs: Vec<Vec<DiscBout>>,
}

/// What one disc goes through while one thing is done.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DiscBout {
    /// Hours a week.
    pub hours: f64,
    /// Compression, N.
    pub compression_n: f64,
    /// Stress in the posterior annulus, MPa.
    pub posterior_stress_mpa: f64,
}

/// What is wrong with an exposure.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ExposureError {
    /// A number that nothing in a body can be.
    #[error("muscle {muscle} has {what} {value}")]
    Impossible {
        /// Index of the muscle.
        muscle: usize,
        /// What it is.
        what: &'static str,
        /// Its value.
        value: f64,
    },
    /// More hours than a week has.
    #[error("muscle {muscle} has {hours} hours of a week of 168")]
    TooLong {
        /// Index of the muscle.
        muscle: usize,
        /// Their sum.
        hours: f64,
    },
}

impl Exposure {
    /// Whether the week can be: no number that is none, nothing negative, and no more hours than 168 but for rounding.
    ///
    /// # Errors
    /// The first number that cannot be.
    pub fn check(&self) -> Result<(), ExposureError> {
        for (muscle, bouts) in self.muscles.iter().enumerate() {
            for bout in bouts {
                for (what, value, most) in [
                    ("hours", bout.hours, WEEK_HOURS * ROUNDING),
                    ("bouts", bout.bouts, f64::MAX),
                    ("activation", bout.activation, ROUNDING),
                    ("passive force", bout.passive_force, f64::MAX),
                    ("fibre length", bout.normalized_fiber_length, f64::MAX),
                ] {
                    if !(0.0..=most).contains(&value) {
                        return Err(ExposureError::Impossible { muscle, what, value });
                    }
                }
                if bout.normalized_fiber_length <= 0.0 {
                    let (what, value) = ("fibre length", bout.normalized_fiber_length);
                    return Err(ExposureError::Impossible { muscle, what, value });
                }
            }
            let hours = bouts.iter().map(|b| b.hours).sum::<f64>();
            if hours > WEEK_HOURS * ROUNDING {
                return Err(ExposureError::TooLong { muscle, hours });
            }
        }
        Ok(())
    }

    /// What a body goes through that keeps a pose for some hours a week, begun so many times; nothing for its discs.
    pub fn held(body: &Body, pose: &Solution, (hours, bouts): (f64, f64), deed: Deed) -> Self {
        let one = |(m, muscle): (usize, &guywire_engine::Muscle)| {
            vec![Bout {
                hours,
                bouts,
                normalized_fiber_length: pose.norm_fiber_length[m],
                activation: pose.activation[m],
                passive_force: pose.passive_force[m].max(0.0) / muscle.parameters.max_isometric_force,
                deed,
            }]
        };
        Self { muscles: body.system.muscles.iter().enumerate().map(one).collect(), discs: Vec::new() }
    }

    /// A week of nothing: no time is spent on anything.
    pub fn none(muscles: usize, discs: usize) -> Self {
        Self { muscles: vec![Vec::new(); muscles], discs: vec![Vec::new(); discs] }
    }

    /// Adds what else the week holds, muscle by muscle and disc by disc; what only one of them has is kept.
    pub fn add(&mut self, other: &Exposure) {
        self.muscles.resize_with(self.muscles.len().max(other.muscles.len()), Vec::new);
        self.discs.resize_with(self.discs.len().max(other.discs.len()), Vec::new);
        for (mine, theirs) in self.muscles.iter_mut().zip(&other.muscles) {
            mine.extend_from_slice(theirs);
        }
        for (mine, theirs) in self.discs.iter_mut().zip(&other.discs) {
            mine.extend_from_slice(theirs);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weeks_add_up() {
        let bout = Bout {
            hours: 2.0,
            bouts: 0.0,
            normalized_fiber_length: 1.0,
            activation: 0.1,
            passive_force: 0.0,
            deed: Deed::Habit,
        };
        let disc = DiscBout { hours: 2.0, compression_n: 400.0, posterior_stress_mpa: 0.4 };
        let one = Exposure { muscles: vec![vec![bout], vec![]], discs: vec![vec![disc]] };
        let mut week = Exposure::none(2, 1);
        week.add(&one);
        assert_eq!(week, one);
        week.add(&Exposure { muscles: vec![vec![bout], vec![bout]], discs: vec![vec![disc]] });
        assert_eq!(week.muscles.iter().map(Vec::len).collect::<Vec<_>>(), [2, 1]);
        assert_eq!(week.discs[0].len(), 2);
    }

    #[test]
    fn impossible_weeks_are_refused() {
        let bout = Bout {
            hours: 168.0,
            bouts: 0.0,
            normalized_fiber_length: 1.0,
            activation: 0.1,
            passive_force: 0.0,
            deed: Deed::Habit,
        };
        let check = |bouts: Vec<Bout>| {
            let week = Exposure { muscles: vec![vec![], bouts], discs: vec![] };
            week.check().err().map(|e| e.to_string()).unwrap_or_default()
        };
        assert_eq!(check(vec![bout]), "");
        let longer = Bout { hours: 32.0, ..bout };
        assert_eq!(check(vec![bout, longer]), "muscle 1 has 200 hours of a week of 168");
        assert_eq!(check(vec![Bout { hours: f64::NAN, ..bout }]), "muscle 1 has hours NaN");
        assert_eq!(check(vec![Bout { activation: 1.2, ..bout }]), "muscle 1 has activation 1.2");
        let flat = Bout { normalized_fiber_length: 0.0, ..bout };
        assert_eq!(check(vec![flat]), "muscle 1 has fibre length 0");
    }
}
