//! What weeks have made of every muscle, one number a mechanism, and the body that follows from it.
//!
//! All numbers are changes: 0 is the body that the course began with. What a muscle is then,
//!
//! ```text
//! fibre length   (1 + habit + stretched + eccentric) · exp(−lag)
//! strength       exp(neural + size) · (1 − disuse)
//! stiffness      1 − slack
//! tone           tone, added to the least activation
//! ```
//!
//! goes into a body as settings of single muscles, which combine with those that the person has already
//! ([`Property::combine`]). What a person tolerates is no property of a body: an examination asks for it
//! ([`State::tolerance`]).

use super::exposure::{Bout, Deed, Exposure};
use super::growth::Growing;
use crate::body::MuscleInfo;
use crate::case::{Property, Setting, Target};
use std::sync::Arc;

/// Hours of a week.
pub(super) const WEEK_HOURS: f64 = 168.0;
/// Shortest and longest fibres, over those at the beginning: wide of what casts do (−40 %, +20 %); assumed.
const LENGTHS: [f64; 2] = [0.4, 1.8];

/// What sums of shares of hours may be off by.
const ROUNDING: f64 = 1e-12;

/// One muscle.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct MuscleState {
    /// Change of fibre length by the lengths that the days bring, a share.
    pub habit: f64,
    /// Change of fibre length by stretching, a share.
    pub stretched: f64,
    /// Change of fibre length by eccentric work, a share.
    pub eccentric: f64,
    /// How far fibres are behind growing bones, a logarithm.
    pub lag: f64,
    /// Change of strength by practice, a logarithm.
    pub neural: f64,
    /// Change of strength by muscle grown, a logarithm.
    pub size: f64,
    /// Share of strength lost by disuse.
    pub disuse: f64,
    /// Change of resting activation.
    pub tone: f64,
    /// Share of passive stiffness lost.
    pub slack: f64,
    /// Logarithm of the factor on the moment that is tolerated.
    pub tolerance: f64,
    /// The same for minutes to hours after rolling or stretching; a week begins without.
    pub released: f64,
}

/// What a muscle is used to.
#[derive(Clone, Debug, PartialEq)]
pub struct Usual {
    /// Mean fibre length over the optimal length of the beginning, stretches and eccentric work apart.
    pub length: f64,
    /// Mean activation.
    pub activation: f64,
    /// What is done to it in its week beside living.
    pub(super) done: Vec<Bout>,
}

/// The muscles of a body, in the order of [`Body::muscles`](crate::body::Body).
#[derive(Clone, Debug, PartialEq)]
pub struct State {
    /// What has changed.
    pub muscles: Vec<MuscleState>,
    /// What they were used to when the course began.
    pub usual: Arc<[Usual]>,
    /// Fibre length factors of the body for which exposures are solved, over those of the beginning.
    pub(super) solved: Vec<f64>,
    /// A child's growth; none for adults.
    pub growing: Option<Growing>,
}

/// Which mechanisms work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mechanisms {
    /// Sarcomeres in series.
    pub length: bool,
    /// Strength.
    pub strength: bool,
    /// Resting tone: a hypothesis.
    pub tone: bool,
    /// Passive stiffness.
    pub stiffness: bool,
    /// Stretch tolerance.
    pub tolerance: bool,
    /// What rolling and stretching do for minutes.
    pub release: bool,
    /// Growth of children.
    pub growth: bool,
}

impl Default for Mechanisms {
    /// All that there is evidence for.
    fn default() -> Self {
        Self { tone: false, ..Self::ALL }
    }
}

/// One of the mechanisms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mechanism {
    /// See [`Mechanisms::length`].
    Length,
    /// See [`Mechanisms::strength`].
    Strength,
    /// See [`Mechanisms::tone`].
    Tone,
    /// See [`Mechanisms::stiffness`].
    Stiffness,
    /// See [`Mechanisms::tolerance`].
    Tolerance,
    /// See [`Mechanisms::release`].
    Release,
    /// See [`Mechanisms::growth`].
    Growth,
}

impl Mechanism {
    /// All of them.
    pub const ALL: [Mechanism; 7] = [
        Mechanism::Length,
        Mechanism::Strength,
        Mechanism::Tone,
        Mechanism::Stiffness,
        Mechanism::Tolerance,
        Mechanism::Release,
        Mechanism::Growth,
    ];

    /// In a word.
    pub const fn name(self) -> &'static str {
        match self {
            Mechanism::Length => "length",
            Mechanism::Strength => "strength",
            Mechanism::Tone => "tone",
            Mechanism::Stiffness => "stiffness",
            Mechanism::Tolerance => "tolerance",
            Mechanism::Release => "release",
            Mechanism::Growth => "growth",
        }
    }
}

impl Mechanisms {
    /// All of them, hypotheses too.
    pub const ALL: Mechanisms = Mechanisms::all(true);
    /// None: every week leaves everything as it was.
    pub const NONE: Mechanisms = Mechanisms::all(false);

    const fn all(on: bool) -> Self {
        Self { length: on, strength: on, tone: on, stiffness: on, tolerance: on, release: on, growth: on }
    }

    /// Whether one of them works.
    pub const fn works(&self, mechanism: Mechanism) -> bool {
        match mechanism {
            Mechanism::Length => self.length,
            Mechanism::Strength => self.strength,
            Mechanism::Tone => self.tone,
            Mechanism::Stiffness => self.stiffness,
            Mechanism::Tolerance => self.tolerance,
            Mechanism::Release => self.release,
            Mechanism::Growth => self.growth,
        }
    }

    /// The same with one of them switched.
    #[must_use]
    pub const fn with(mut self, mechanism: Mechanism, on: bool) -> Self {
        match mechanism {
            Mechanism::Length => self.length = on,
            Mechanism::Strength => self.strength = on,
            Mechanism::Tone => self.tone = on,
            Mechanism::Stiffness => self.stiffness = on,
            Mechanism::Tolerance => self.tolerance = on,
            Mechanism::Release => self.release = on,
            Mechanism::Growth => self.growth = on,
        }
        self
    }
}

impl MuscleState {
    /// The greatest difference of any of its numbers.
    fn distance(&self, other: &Self) -> f64 {
        let all = |m: &Self| {
            let lengths = [m.habit, m.stretched, m.eccentric, m.lag];
            let strengths = [m.neural, m.size, m.disuse];
            let others = [m.tone, m.slack, m.tolerance, m.released];
            lengths.into_iter().chain(strengths).chain(others).collect::<Vec<f64>>()
        };
        all(self).iter().zip(all(other)).fold(0.0, |most, (a, b)| most.max((a - b).abs()))
    }

    /// Part of the way from this to another, number by number.
    fn towards(&self, other: &Self, share: f64) -> Self {
        let at = |a: f64, b: f64| a + share * (b - a);
        Self {
            habit: at(self.habit, other.habit),
            stretched: at(self.stretched, other.stretched),
            eccentric: at(self.eccentric, other.eccentric),
            lag: at(self.lag, other.lag),
            neural: at(self.neural, other.neural),
            size: at(self.size, other.size),
            disuse: at(self.disuse, other.disuse),
            tone: at(self.tone, other.tone),
            slack: at(self.slack, other.slack),
            tolerance: at(self.tolerance, other.tolerance),
            released: at(self.released, other.released),
        }
    }

    /// Fibre length over that of the beginning.
    pub fn length(&self) -> f64 {
        let length = 1.0 + self.habit + self.stretched + self.eccentric;
        (length * libm::exp(-self.lag)).clamp(LENGTHS[0], LENGTHS[1])
    }

    /// Greatest force over that of the beginning.
    pub fn strength(&self) -> f64 {
        libm::exp(self.neural + self.size) * (1.0 - self.disuse)
    }

    /// Passive stiffness over that of the beginning.
    pub fn stiffness(&self) -> f64 {
        1.0 - self.slack
    }

    /// The same muscle without what a mechanism did.
    #[must_use]
    pub fn without(mut self, mechanism: Mechanism) -> Self {
        match mechanism {
            Mechanism::Length => (self.habit, self.stretched, self.eccentric) = (0.0, 0.0, 0.0),
            Mechanism::Strength => (self.neural, self.size, self.disuse) = (0.0, 0.0, 0.0),
            Mechanism::Tone => self.tone = 0.0,
            Mechanism::Stiffness => self.slack = 0.0,
            Mechanism::Tolerance => self.tolerance = 0.0,
            Mechanism::Release => self.released = 0.0,
            Mechanism::Growth => self.lag = 0.0,
        }
        self
    }

    const fn value(&self, property: Property) -> Option<fn(&Self) -> f64> {
        match property {
            Property::Length => Some(Self::length),
            Property::Strength => Some(Self::strength),
            Property::Stiffness => Some(Self::stiffness),
            Property::Tone => Some(|muscle: &Self| muscle.tone),
            Property::ExtensionRangeDeg | Property::NeutralLordosisDeg => None,
        }
    }
}

impl State {
    /// The beginning of a course of somebody whose tissue is at home in a week: that week, repeated, changes nothing.
    ///
    /// For a person whose tests were fitted it is their own week; for the reference body it is the usual week of adults.
    /// Muscles of which the week says nothing are taken as resting at their optimal length. An exposure that fails its
    /// [check](Exposure::check) has no such beginning.
    pub fn at_home_in(week: &Exposure, muscles: usize) -> Self {
        let usual = |m: usize| {
            let bouts = week.muscles.get(m).map_or(&[][..], Vec::as_slice);
            let mean = |counts: fn(Deed) -> bool, of: fn(&Bout) -> f64| {
                let counted = || bouts.iter().filter(|b| counts(b.deed));
                let hours: f64 = counted().map(|b| b.hours).sum();
                (hours > 0.0).then(|| counted().map(|b| b.hours * of(b)).sum::<f64>() / hours)
            };
            Usual {
                length: mean(Deed::is_living, |b| b.normalized_fiber_length).unwrap_or(1.0),
                activation: mean(|_| true, |b| b.activation).unwrap_or(0.0),
                done: bouts.iter().filter(|b| b.deed != Deed::Habit).copied().collect(),
            }
        };
        Self {
            muscles: vec![MuscleState::default(); muscles],
            usual: (0..muscles).map(usual).collect(),
            solved: vec![1.0; muscles],
            growing: None,
        }
    }

    /// Exposures are solved anew from here on, with the body as it is now.
    pub fn solve_anew(&mut self) {
        for (solved, muscle) in self.solved.iter_mut().zip(&self.muscles) {
            *solved = muscle.length();
        }
    }

    /// The state a share of a week after this one, on the line to the one at the week's end.
    #[must_use]
    pub fn towards(&self, end: &State, share: f64) -> Self {
        let muscles = self.muscles.iter().zip(&end.muscles).map(|(a, b)| a.towards(b, share)).collect();
        Self { muscles, ..self.clone() }
    }

    /// Whether nothing has changed but for the rounding of sums.
    pub fn is_as(&self, other: &State) -> bool {
        let still = |(a, b): (&MuscleState, &MuscleState)| a.distance(b) < ROUNDING;
        self.muscles.iter().zip(&other.muscles).all(still)
    }

    /// The same without what a mechanism did: what it carried is what a reading loses by it.
    #[must_use]
    pub fn without(&self, mechanism: Mechanism) -> Self {
        let muscles = self.muscles.iter().map(|m| m.without(mechanism)).collect();
        Self { muscles, ..self.clone() }
    }

    /// Mean of something over the muscles that are asked for, weighted by their greatest force at the beginning; none where none
    /// is.
    pub fn mean(
        &self,
        infos: &[MuscleInfo],
        asked: impl Fn(&MuscleInfo) -> bool,
        of: impl Fn(&MuscleState) -> f64,
    ) -> Option<f64> {
        let (mut sum, mut weights) = (0.0, 0.0);
        for (muscle, info) in self.muscles.iter().zip(infos).filter(|(_, info)| asked(info)) {
            sum += info.max_isometric_force_n * of(muscle);
            weights += info.max_isometric_force_n;
        }
        (weights > 0.0).then(|| sum / weights)
    }

    /// What to add to a person's tissue: nothing where nothing has changed.
    pub fn settings(&self, infos: &[MuscleInfo]) -> Vec<Setting> {
        let mut settings = Vec::new();
        for (muscle, info) in self.muscles.iter().zip(infos) {
            for property in Property::OF_MUSCLES {
                let Some(of) = muscle.value(property) else { continue };
                let value = of(muscle);
                if value != of(&MuscleState::default()) {
                    let target = Target::Muscle(info.name.clone());
                    settings.push(Setting { target, side: Some(info.side), property, value });
                }
            }
        }
        settings
    }

    /// The factor on an examiner's moment at the end of a test, from the passive force of every muscle there: a stretch is felt
    /// in the muscles that pull (assumed).
    pub fn tolerance(&self, passive_force: &[f64]) -> f64 {
        let (mut sum, mut weights) = (0.0, 0.0);
        for (muscle, force) in self.muscles.iter().zip(passive_force) {
            let force = force.max(0.0);
            sum += force * (muscle.tolerance + muscle.released);
            weights += force;
        }
        if weights > 0.0 { libm::exp(sum / weights) } else { 1.0 }
    }
}
