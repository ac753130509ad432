//! What the tests of a person would read with a state of their tissue, and how that changes with it.

use super::FitError;
use super::course::Course;
use super::kept::{Kept, Measured};
use super::unknowns::{State, Unknown, Unknowns, What};
use crate::body::{Body, BodyError, Frame, ReferenceBody};
use crate::case::{Person, Property};
use crate::examination::{Changed, Felt, Protocol, Response, Trial};
use crate::posture::{Positions, settle};
use crate::side::Side;
use guywire_engine::Muscle;
use guywire_engine::equilibrium::Solution;
use guywire_engine::muscle::MuscleParameters;
use guywire_math::Dual;
use rayon::prelude::*;
use std::collections::BTreeMap;

/// A change of an unknown for a slope, as a share of its spread: small beside any curvature, large beside rounding.
const SMALL: f64 = 1e-3;

/// What an examiner does alike whenever they do a test, on either side and on any day: how they find landmarks, how hard
/// they push.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Habit {
    /// Which of the habits of the [`Course`].
    pub which: usize,
    /// Standard deviation between examiners of what it adds to a reading, in the unit of the test.
    pub spread: f64,
}

/// A test to be predicted.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'p> {
    /// How it is done.
    pub protocol: &'p Protocol,
    /// On which side.
    pub side: Side,
    /// At which visit.
    pub visit: usize,
    /// What its examiner always adds, if that is told apart from chance.
    pub habit: Option<Habit>,
}

impl<'p> Asked<'p> {
    /// What the examiner's habit adds to the reading, and by which score with which slope.
    fn habitual(&self, course: &Course, scores: &[f64]) -> Option<(f64, (usize, f64))> {
        let Habit { which, spread } = self.habit?;
        let score = course.habit(which);
        Some((spread * scores[score], (score, spread)))
    }

    /// The test as it is done on a person who lets it go so far.
    fn trial(&self, state: &State) -> Trial<'p> {
        Trial { protocol: self.protocol, side: self.side, tolerance: state.tolerance }
    }
}

/// Readings at a state of tissue.
#[derive(Clone, Debug)]
pub struct Prediction {
    /// One a test.
    pub readings: Vec<f64>,
    /// By the independent scores of the course, test by test.
    pub slopes: Vec<Vec<f64>>,
}

/// Predicts readings of a person over their visits.
#[derive(Debug)]
pub struct Predictor<'a> {
    reference: &'a ReferenceBody,
    person: &'a Person,
    unknowns: &'a Unknowns,
    positions: &'a Positions,
    /// A posture of the person before any test, from which others are found.
    near: BTreeMap<String, Solution>,
}

/// A person on a day.
pub(super) struct At<'a> {
    reference: &'a ReferenceBody,
    person: &'a Person,
    unknowns: &'a Unknowns,
    frame: Frame<'a>,
    latents: Vec<f64>,
    pub state: State,
    pub body: Body,
    /// The body with an unknown changed, where readings answer to more than the tensions of muscles.
    pub changed: Vec<Option<Changed>>,
}

impl<'a> At<'a> {
    /// With the standard scores of the day.
    fn new(
        (reference, person): (&'a ReferenceBody, &'a Person),
        unknowns: &'a Unknowns,
        scores: &[f64],
    ) -> Result<Self, BodyError> {
        let latents = unknowns.latents(scores);
        let state = unknowns.state(&latents);
        let frame = reference.frame(&state.person(person))?;
        let body = frame.with(&state.tissue)?;
        let mut at = Self { reference, person, unknowns, frame, latents, state, body, changed: Vec::new() };
        let whole = |(k, unknown): (usize, &Unknown)| match unknown.what {
            What::Tissue(_) if unknown.is_of_muscles() => Ok(None),
            What::Tissue(_) | What::PelvicIncidence => at.beside(k).map(Some),
            What::Tolerance | What::Landmarks | What::Skin => Ok(None),
        };
        at.changed = unknowns.list.iter().enumerate().map(whole).collect::<Result<_, BodyError>>()?;
        Ok(at)
    }

    /// A change of an unknown's latent for slopes.
    pub fn small(&self, k: usize) -> f64 {
        SMALL * self.unknowns.list[k].spread()
    }

    /// The body with an unknown's latent changed.
    pub fn moved(&self, k: usize, by: f64) -> Result<Body, BodyError> {
        let mut latents = self.latents.clone();
        latents[k] += by;
        let state = self.unknowns.state(&latents);
        match self.unknowns.list[k].what {
            What::PelvicIncidence => self.reference.scaled_to(&state.person(self.person), &state.tissue),
            _ => self.frame.with(&state.tissue),
        }
    }

    /// The bodies with a little more and a little less of an unknown.
    fn beside(&self, k: usize) -> Result<Changed, BodyError> {
        let half = self.small(k);
        Ok(Changed { up: self.moved(k, half)?, down: self.moved(k, -half)?, half })
    }

    /// Whether a posture answers to an unknown.
    pub fn moves(&self, k: usize) -> bool {
        self.changed[k].is_some() || self.unknowns.list[k].is_of_muscles()
    }
}

/// A number and its slopes by the latents.
pub(super) type Answer = (f64, Vec<f64>);

impl<'a> Predictor<'a> {
    /// For a person.
    ///
    /// # Errors
    /// When the person without any reading does not stand.
    pub fn new(
        reference: &'a ReferenceBody,
        person: &'a Person,
        unknowns: &'a Unknowns,
        positions: &'a Positions,
    ) -> Result<Self, FitError> {
        let usual = unknowns.state(&unknowns.latents(&vec![0.0; unknowns.len()]));
        let body = reference.scaled_to(&usual.person(person), &usual.tissue)?;
        let standing = settle(&body, positions, STANDING, None)?.solution;
        let near = BTreeMap::from([(STANDING.to_owned(), standing)]);
        Ok(Self { reference, person, unknowns, positions, near })
    }

    /// Readings of `asked` at independent scores.
    ///
    /// # Errors
    /// When a test or a posture has no solution.
    pub fn predict(
        &self,
        course: &Course,
        asked: &[Asked<'_>],
        scores: &[f64],
    ) -> Result<Prediction, FitError> {
        let days: Vec<Option<Day<'_>>> = (0..course.visits())
            .map(|visit| {
                let of_day = |&i: &usize| asked[i].visit == visit;
                let tests: Vec<usize> = (0..asked.len()).filter(of_day).collect();
                if tests.is_empty() {
                    return Ok(None);
                }
                let at = At::new((self.reference, self.person), self.unknowns, &course.at(visit, scores))?;
                Ok(Some(Day { predictor: self, asked, tests, at }))
            })
            .collect::<Result<_, FitError>>()?;
        let mut jobs: Vec<(&Day<'_>, Job)> = Vec::new();
        for day in days.iter().flatten() {
            jobs.extend(day.jobs().into_iter().map(|job| (day, job)));
        }
        let found: Vec<Vec<(usize, Answer)>> =
            jobs.par_iter().map(|(day, job)| day.answers(job)).collect::<Result<_, FitError>>()?;
        let mut prediction =
            Prediction { readings: vec![f64::NAN; asked.len()], slopes: vec![Vec::new(); asked.len()] };
        for (i, (reading, by_latents)) in found.into_iter().flatten() {
            prediction.readings[i] = reading;
            let by_scores = self.unknowns.by_scores(&by_latents);
            prediction.slopes[i] = course.by_independent(asked[i].visit, &by_scores);
            if let Some((added, (score, slope))) = asked[i].habitual(course, scores) {
                prediction.readings[i] += added;
                prediction.slopes[i][score] = slope;
            }
        }
        Ok(prediction)
    }

    /// Readings of `asked` alone, without their slopes.
    ///
    /// # Errors
    /// As [`Predictor::predict`].
    pub fn readings(
        &self,
        course: &Course,
        asked: &[Asked<'_>],
        scores: &[f64],
    ) -> Result<Vec<f64>, FitError> {
        let day = |visit: usize| -> Result<(State, Body), FitError> {
            let state = self.unknowns.state(&self.unknowns.latents(&course.at(visit, scores)));
            let body = self.reference.scaled_to(&state.person(self.person), &state.tissue)?;
            Ok((state, body))
        };
        let days: Vec<(State, Body)> = (0..course.visits()).map(day).collect::<Result<_, FitError>>()?;
        let read = |asked: &Asked<'_>| {
            let (state, body) = &days[asked.visit];
            let near = asked.protocol.posture().and_then(|position| self.near.get(position));
            let (read, _) = asked.trial(state).reading(body, self.positions, near)?;
            let added = asked.habitual(course, scores).map_or(0.0, |(added, _)| added);
            Ok(read + felt(asked.protocol, state).1 + added)
        };
        asked.par_iter().map(read).collect()
    }

    /// Tilt (deg), lordosis (deg) and compression of L5/S1 (N) of the person standing, at the scores of one day.
    ///
    /// # Errors
    /// When the person does not stand.
    pub fn standing(&self, scores: &[f64]) -> Result<Standing, FitError> {
        let at = At::new((self.reference, self.person), self.unknowns, scores)?;
        let kept = Kept::find(&at, self.positions, STANDING, self.near.get(STANDING))?;
        let answers = [Measured::PelvicTilt, Measured::Lordosis, Measured::LastDisc].map(|m| kept.measure(m));
        let [tilt, lordosis, disc] = answers;
        let (tilt, lordosis, disc) = (tilt?, lordosis?, disc?);
        Ok(Standing {
            values: [tilt.0, lordosis.0, disc.0],
            slopes: [tilt.1, lordosis.1, disc.1].map(|by| self.unknowns.by_scores(&by)),
        })
    }
}

/// A standing posture as numbers that matter to a person, and how they change with the unknowns.
#[derive(Clone, Debug)]
pub struct Standing {
    /// Pelvic tilt (deg), lordosis (deg), compression of L5/S1 (N).
    pub values: [f64; 3],
    /// By the standard scores of the day.
    pub slopes: [Vec<f64>; 3],
}

/// Names of [`Standing::values`].
pub const MEASURED: [&str; 3] = ["pelvic_tilt_deg", "lumbar_lordosis_deg", "L5/S1 compression_n"];

/// The position in which people are looked at.
const STANDING: &str = "standing";

/// The tests of one visit.
struct Day<'d> {
    predictor: &'d Predictor<'d>,
    asked: &'d [Asked<'d>],
    /// Which of them are of this day.
    tests: Vec<usize>,
    at: At<'d>,
}

/// What can be computed by itself.
enum Job {
    /// A test that ends at rest or in an effort.
    Rest(usize),
    /// All tests of a posture.
    Posture(String, Vec<usize>),
}

impl Day<'_> {
    fn jobs(&self) -> Vec<Job> {
        let mut postures: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        let mut jobs = Vec::new();
        for &i in &self.tests {
            match self.asked[i].protocol.posture() {
                Some(position) => postures.entry(position).or_default().push(i),
                None => jobs.push(Job::Rest(i)),
            }
        }
        // The long ones first.
        let postures = postures.into_iter().map(|(position, tests)| Job::Posture(position.to_owned(), tests));
        postures.chain(jobs).collect()
    }

    fn answers(&self, job: &Job) -> Result<Vec<(usize, Answer)>, FitError> {
        match job {
            Job::Rest(i) => Ok(vec![(*i, self.at_rest(&self.asked[*i])?)]),
            Job::Posture(position, tests) => {
                let near = self.predictor.near.get(position);
                let kept = Kept::find(&self.at, self.predictor.positions, position, near)?;
                let of = |&i: &usize| {
                    let asked = self.asked[i];
                    let trial = asked.trial(&self.at.state);
                    let (reading, mut by_latents) = kept.measure(Measured::Test(trial))?;
                    let (what, more) = felt(asked.protocol, &self.at.state);
                    for (unknown, slope) in self.predictor.unknowns.list.iter().zip(&mut by_latents) {
                        *slope += f64::from(u8::from(Some(&unknown.what) == what.as_ref()));
                    }
                    Ok((i, (reading + more, by_latents)))
                };
                tests.iter().map(of).collect()
            }
        }
    }

    fn at_rest(&self, asked: &Asked<'_>) -> Result<Answer, FitError> {
        let At { reference, state, body, changed, .. } = &self.at;
        let unknowns = &self.predictor.unknowns.list;
        let changes: Vec<&Changed> = changed.iter().flatten().collect();
        let found = asked.trial(state).response(body, &changes)?;
        let Some(found) = found else {
            return Err(FitError::NotFitted { test: asked.protocol.test.clone() });
        };
        let mut by_change = found.by_change.iter();
        let slopes = unknowns.iter().enumerate().map(|(k, unknown)| {
            if changed[k].is_some() {
                return by_change.next().copied().unwrap_or(f64::NAN);
            }
            match &unknown.what {
                What::Tolerance => found.by_hand,
                What::Tissue(setting) => {
                    let value = unknown.value(self.at.latents[k]);
                    let muscles = body.muscles.iter().enumerate();
                    let covered = muscles.filter(|(_, info)| reference.covers(setting, info));
                    let usual = self.at.frame.muscles();
                    covered.map(|(m, _)| by_log((body, usual), &found, m, setting.property, value)).sum()
                }
                What::PelvicIncidence | What::Landmarks | What::Skin => 0.0,
            }
        });
        let slopes = slopes.collect();
        Ok((found.reading, slopes))
    }
}

/// What a tool on skin and bony points adds for this person, and which unknown that is.
fn felt(protocol: &Protocol, state: &State) -> (Option<What>, f64) {
    match protocol.felt() {
        Some(felt @ Felt::Landmarks) => (Some(What::Landmarks), state.adds(felt)),
        Some(felt @ Felt::Skin) => (Some(What::Skin), state.adds(felt)),
        None => (None, 0.0),
    }
}

/// Slope of a reading by the logarithm of one property of one muscle, exact: the pose answers to tensions alone. `value` is that
/// of the property, for tone.
///
/// The force of a muscle with a rigid tendon depends on `(L − slack) / optimal length`, so a longer fibre is a shorter path:
/// `∂T/∂ln l₀ = −(L − slack) ∂T/∂L`. Where a hip's range has stretched the passive curve by `1 + x/l₀` of what is `usual`, a
/// longer fibre takes part of that back.
pub(crate) fn by_log(
    (body, usual): (&Body, &[Muscle]),
    at: &Response,
    m: usize,
    property: Property,
    value: f64,
) -> f64 {
    let muscle = &body.system.muscles[m];
    let (length, activation) = (at.path_length[m], at.activation[m]);
    let state = muscle.parameters.rigid_tendon(Dual::<1>::variable(length, 0));
    let tension = state.active_multiplier * activation + state.passive_force;
    let change = match property {
        Property::Length => {
            let stretch = muscle.parameters.passive.stretch;
            let back = -(stretch - usual[m].parameters.passive.stretch) / stretch;
            let further = if back == 0.0 { 0.0 } else { back * by_stretch(&muscle.parameters, length) };
            further - (length - muscle.parameters.tendon_slack_length) * tension.slope[0]
        }
        Property::Strength => tension.value,
        Property::Stiffness => state.passive_force.value,
        // Tone is the floor of activation.
        Property::Tone if activation <= muscle.floor => value * state.active_multiplier.value,
        Property::Tone | Property::ExtensionRangeDeg | Property::NeutralLordosisDeg => 0.0,
    };
    at.by_tension[m] * change
}

/// Slope of the passive force by the logarithm of the passive curve's stretch, N, by a central difference.
fn by_stretch(parameters: &MuscleParameters, length: f64) -> f64 {
    const STEP: f64 = 1e-6;
    let beside = |by: f64| {
        let mut stretched = parameters.clone();
        stretched.passive.stretch *= 1.0 + by;
        stretched.rigid_tendon(length).passive_force
    };
    (beside(STEP) - beside(-STEP)) / (2.0 * STEP)
}
