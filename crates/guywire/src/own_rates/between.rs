//! What tests would read on every day if tissue followed what was done with given rates, and how that changes with them.
//!
//! The body is at home in its week from the first visit on, or from the first day of what was done if that is earlier. Every week
//! brings it what was done on its days, as the body of the first visit does it; a visit within a week finds the tissue on the line
//! between its beginning and its end. Slopes by rates:
//!
//! ```text
//! ∂F/∂z = Σ_m ∂F/∂ln x_m · ∂ln x_m/∂z + ∂F/∂ln t · Σ_m f_m ∂y_m/∂z / Σ_m f_m
//! ```
//!
//! with `x` fibre length, strength and stiffness of muscle `m`, exact at the rest of the test; `t` the factor on the examiner's
//! moment, `y` tolerance and `f` passive force; the last factors by differences of the weekly laws, which cost no equilibrium.

use super::OwnRatesError;
use crate::adaptation::{Exposure, Growing, KnownRates, Mechanisms, Rates, State, step};
use crate::body::{Body, Frame, ReferenceBody};
use crate::case::{Case, DoneExercise, Property, Tissue};
use crate::examination::{Protocol, Protocols, Trial};
use crate::exercise::Library;
use crate::fit::FitError;
use crate::fit::again::{ReadAgain, ReadingsAgain};
use crate::fit::prediction::{Prediction, by_log};
use crate::forecast::{LONGEST, Session};
use crate::plan::Doer;
use crate::posture::{Positions, PostureError};
use crate::study::{Member, NoShelf, Place};
use crate::week::{Activities, Response, Schedule};
use rayon::prelude::*;

/// Days of a week.
const WEEK: i64 = 7;
/// Change of a standard score for slopes of the weekly laws.
const STEP: f64 = 1e-3;
/// Properties of muscles that the laws change and tests answer to.
const PROPERTIES: [Property; 3] = [Property::Length, Property::Strength, Property::Stiffness];

/// What a person lived through, day by day.
pub struct Lived {
    /// The first day, as days of [`Date`](crate::case::Date).
    start: i64,
    /// What the weeks as they are bring.
    habit: Exposure,
    /// What was done beside, with its first and last day and how much of it was done.
    done: Vec<(Session, [i64; 2], f64)>,
}

impl Lived {
    /// The week as it is, and what was done beside it in how large a share of its sessions from a first to a last day.
    pub fn new(start: i64, habit: Exposure, done: Vec<(Session, [i64; 2], f64)>) -> Self {
        Self { start, habit, done }
    }

    /// Share of every session that was done in a week, from 0.
    fn shares(&self, week: usize) -> Vec<f64> {
        let first = self.start + WEEK * week as i64;
        let share = |(_, [from, until], adherence): &(Session, [i64; 2], f64)| {
            let days = (first + WEEK).min(until + 1) - first.max(*from);
            days.max(0) as f64 / WEEK as f64 * adherence
        };
        self.done.iter().map(share).collect()
    }

    /// What a week brings a body with these muscles.
    fn week(&self, shares: &[f64], body: &Body) -> Exposure {
        let mut exposure = self.habit.clone();
        for ((session, ..), share) in self.done.iter().zip(shares) {
            if *share > 0.0 {
                exposure.add(&session.on(&body.system.muscles, *share));
            }
        }
        exposure
    }
}

/// The body of the first visit, what it lived through, and what is read of it.
pub struct Between<'a> {
    known: &'a KnownRates,
    positions: Positions,
    protocols: Protocols,
    frame: Frame<'a>,
    first: Member,
    body: Body,
    /// The days of the visits, from the first day lived through.
    days: Vec<usize>,
    readings: &'a [ReadAgain],
    /// What the weeks bring that the body is at home in.
    habit: Exposure,
    /// Exposures that differ, and which of them every week has.
    exposures: Vec<Exposure>,
    weeks: Vec<usize>,
}

impl<'a> Between<'a> {
    /// Of a case whose readings of all visits stand beside the body of the first.
    ///
    /// # Errors
    /// When the body has no week or cannot do what was done.
    pub fn of_case(
        reference: &'a ReferenceBody,
        case: &Case,
        (again, known): (&'a ReadingsAgain, &'a KnownRates),
        library: &Library,
    ) -> Result<Self, OwnRatesError> {
        let positions = Positions::read().map_err(PostureError::from)?;
        let first = &again.first;
        let body = reference.scaled_to(&first.person, &first.tissue)?;
        let schedule = Schedule::of(&case.week, &Activities::read()?)?;
        let whose = (reference, &first.person, &first.tissue);
        let habit = Response::of(whose, &positions, &schedule, Vec::new())?;
        let habit = habit.exposure(&body.system.muscles, &[]);
        let groups = reference.groups();
        let place = Place::on(&NoShelf);
        let doer = Doer { body: &body, groups: &groups, positions: &positions, place };
        let on = |date: &crate::case::Date| date.days();
        let ends = again.days.first().map(on).zip(again.days.last().map(on));
        let (begin, last) = ends.ok_or(FitError::NoReadings)?;
        let mut done = Vec::new();
        for DoneExercise { exercise, side, dose, from, until, adherence, .. } in &case.done {
            let days = [from.days(), until.map_or(last, |until| until.days())];
            for once in doer.done(library.get(exercise)?, *side)? {
                done.push((once.session(doer, *dose, (1, usize::MAX)), days, *adherence));
            }
        }
        let from = done.iter().map(|(_, [from, _], _)| *from).min().unwrap_or(begin);
        // What is longer ago than any forecast is long has become of the body what it is.
        let start = from.min(begin).max(last - WEEK * LONGEST as i64);
        Self::new(reference, (again, known), Lived { start, habit, done })
    }

    /// Of readings of all visits beside the body of the first, which lived through something told of that body.
    ///
    /// # Errors
    /// When a table is not what it should be.
    pub fn new(
        reference: &'a ReferenceBody,
        (again, known): (&'a ReadingsAgain, &'a KnownRates),
        lived: Lived,
    ) -> Result<Self, OwnRatesError> {
        let first = again.first.clone();
        let frame = reference.frame(&first.person)?;
        let body = frame.with(&first.tissue)?;
        let since = |date: &crate::case::Date| usize::try_from(date.days() - lived.start).unwrap_or(0);
        let days: Vec<usize> = again.days.iter().map(since).collect();
        let last = days.iter().copied().max().unwrap_or(0);
        let mut shares: Vec<Vec<f64>> = Vec::new();
        let mut weeks = Vec::new();
        for week in 0..last.div_ceil(WEEK as usize) {
            let of_week = lived.shares(week);
            let known = shares.iter().position(|known| *known == of_week);
            weeks.push(known.unwrap_or_else(|| {
                shares.push(of_week);
                shares.len() - 1
            }));
        }
        let exposures = shares.iter().map(|shares| lived.week(shares, &body)).collect();
        Ok(Self {
            known,
            positions: Positions::read().map_err(PostureError::from)?,
            protocols: Protocols::read()?,
            frame,
            first,
            body,
            days,
            readings: &again.readings,
            habit: lived.habit,
            exposures,
            weeks,
        })
    }

    /// The state of the tissue at every visit.
    fn states(&self, rates: &Rates) -> Vec<State> {
        let mut state = State::at_home_in(&self.habit, self.body.muscles.len());
        state.growing = Growing::of(&self.first.person, rates);
        let mut all = vec![state];
        for week in &self.weeks {
            let next = step(&all[all.len() - 1], &self.exposures[*week], rates, Mechanisms::default());
            all.push(next);
        }
        let at = |day: &usize| {
            let (week, rest) = (day / WEEK as usize, day % WEEK as usize);
            match rest {
                0 => all[week].clone(),
                _ => all[week].towards(&all[week + 1], rest as f64 / WEEK as f64),
            }
        };
        self.days.iter().map(at).collect()
    }

    /// What the tests would read with standard scores of the rates.
    ///
    /// # Errors
    /// When a test has no reading.
    pub fn readings(&self, scores: &[f64]) -> Result<Vec<f64>, FitError> {
        let states = self.states(&self.known.at(scores));
        let bodies = self.bodies(&states)?;
        let read = |again: &ReadAgain| {
            let trial = self.trial(again, self.first.tolerance)?;
            Ok(states[again.visit].reading(&trial, &bodies[again.visit], &self.positions, None)?.0)
        };
        self.readings.par_iter().map(read).collect()
    }

    /// The same with its slopes by the scores.
    ///
    /// # Errors
    /// As [`Between::readings`].
    pub fn predict(&self, scores: &[f64]) -> Result<Prediction, FitError> {
        let states = self.states(&self.known.at(scores));
        let bodies = self.bodies(&states)?;
        let moved: Vec<[Vec<State>; 2]> = (0..scores.len())
            .into_par_iter()
            .map(|k| {
                [STEP, -STEP].map(|by| {
                    let mut scores = scores.to_vec();
                    scores[k] += by;
                    self.states(&self.known.at(&scores))
                })
            })
            .collect();
        let of = |again: &ReadAgain| self.answer(again, (&states[again.visit], &bodies[again.visit]), &moved);
        let found: Vec<(f64, Vec<f64>)> =
            self.readings.par_iter().map(of).collect::<Result<_, FitError>>()?;
        let (readings, slopes) = found.into_iter().unzip();
        Ok(Prediction { readings, slopes })
    }

    fn bodies(&self, states: &[State]) -> Result<Vec<Body>, FitError> {
        let body = |state: &State| {
            let more = state.settings(&self.body.muscles);
            let settings = self.first.tissue.settings.iter().cloned().chain(more).collect();
            Ok(self.frame.with(&Tissue { settings, ..self.first.tissue.clone() })?)
        };
        states.iter().map(body).collect()
    }

    fn protocol(&self, again: &ReadAgain) -> Result<&Protocol, FitError> {
        Ok(self.protocols.get(&again.test, again.protocol.as_deref())?)
    }

    fn trial(&self, again: &ReadAgain, tolerance: f64) -> Result<Trial<'_>, FitError> {
        Ok(Trial { protocol: self.protocol(again)?, side: again.side, tolerance })
    }

    /// A reading and its slopes by all rates.
    fn answer(
        &self,
        again: &ReadAgain,
        (state, body): (&State, &Body),
        moved: &[[Vec<State>; 2]],
    ) -> Result<(f64, Vec<f64>), FitError> {
        let trial = self.trial(again, self.first.tolerance)?;
        let (_, before) = trial.reading(body, &self.positions, None)?;
        let pull: Vec<f64> = before.solution.passive_force.iter().map(|force| force.max(0.0)).collect();
        let all: f64 = pull.iter().sum();
        let tolerance = trial.tolerance * state.tolerance(&pull);
        let found = Trial { tolerance, ..trial }.response(body, &[])?;
        let found = found.ok_or_else(|| FitError::NotFitted { test: again.test.clone() })?;
        let by_muscle: Vec<[f64; 3]> = (0..body.muscles.len())
            .map(|m| {
                PROPERTIES.map(|property| by_log((body, self.frame.muscles()), &found, m, property, 0.0))
            })
            .collect();
        let slope = |[up, down]: &[Vec<State>; 2]| -> f64 {
            let beside = up[again.visit].muscles.iter().zip(&down[again.visit].muscles);
            let parts = beside.zip(&by_muscle).zip(&pull).map(|(((up, down), by), pull)| {
                let factors = [
                    up.length() / down.length(),
                    up.strength() / down.strength(),
                    up.stiffness() / down.stiffness(),
                ];
                let tissue: f64 = factors.iter().zip(by).map(|(factor, by)| by * libm::log(*factor)).sum();
                let felt = if all > 0.0 { pull / all * (up.tolerance - down.tolerance) } else { 0.0 };
                tissue + found.by_hand * felt
            });
            parts.sum::<f64>() / (2.0 * STEP)
        };
        Ok((found.reading, moved.iter().map(slope).collect()))
    }
}
