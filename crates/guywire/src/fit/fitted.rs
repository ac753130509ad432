//! The fit of a case: all its visits together, and the people that the readings leave possible.

use super::FitError;
use super::again::{ReadingsAgain, again};
use super::course::Course;
use super::posterior::{Observed, Posterior, fit};
use super::prediction::{Asked, Predictor, Standing};
use super::readings::{Readings, readings, widen};
use super::told::Told;
use super::unknowns::{Incidence, Unknowns};
use crate::body::ReferenceBody;
use crate::case::{Case, Person};
use crate::examination::Protocols;
use crate::posture::{Positions, PostureError};
use crate::results::FitResult;
use crate::study::{self, Member};
use guywire_math::Random;
use guywire_math::linalg::cholesky;

/// A finished fit.
#[derive(Clone, Debug)]
pub struct Fitted {
    /// What a person is told.
    pub result: FitResult,
    /// The readings beside the body of the first visit, where there are later ones and the case tells what was done.
    pub again: Option<ReadingsAgain>,
    person: Person,
    unknowns: Unknowns,
    course: Course,
    posterior: Posterior,
}

/// Fits a case's person to the readings of all its visits together: tissue changes between visits, bones do not. The
/// settings of `[tissue]` are where beliefs are centred.
///
/// # Errors
/// When no visit has a reading that can be used, or the fit is not found.
pub fn of_case(
    reference: &ReferenceBody,
    case: &Case,
    progress: study::Progress<'_>,
) -> Result<Fitted, FitError> {
    const STEPS: usize = 3;
    let vocabulary = study::vocabulary(reference).map_err(|e| FitError::Priors(e.to_string()))?;
    let protocols = Protocols::read()?;
    let (mut read, open) = readings(case, &protocols, &vocabulary.tests);
    let last = *read.days.last().ok_or(FitError::NoReadings)?;
    if read.used.is_empty() {
        return Err(FitError::NoneUsed { date: last, left_out: read.left_out });
    }
    let incidence = match case.person.pelvic_incidence_deg {
        Some(measured) => Incidence::Measured(measured),
        None => Incidence::Usual(reference.pelvic_incidence_deg()?),
    };
    let unknowns = Unknowns::of(&vocabulary, &case.tissue, incidence)?;
    let positions = Positions::read().map_err(PostureError::from)?;
    let predictor = Predictor::new(reference, &case.person, &unknowns, &positions)?;
    let weeks = unknowns.weeks();
    widen(&mut read, &open, &protocols, (&predictor, &weeks))?;
    progress(1, STEPS, "fit");
    let Readings { days, used, left_out, habits } = read;
    let on: Vec<i64> = days.iter().map(|day| day.days()).collect();
    let course = Course::new(&weeks, &on, habits.len());
    let asked: Vec<Asked<'_>> = used.iter().map(|u| u.asked).collect();
    let observed: Vec<Observed> = used.iter().map(|u| u.observed).collect();
    let posterior = fit(&observed, course.len(), &|scores| predictor.predict(&course, &asked, scores))?;
    progress(2, STEPS, "what to measure next");
    let visit = days.len() - 1;
    let stands: Standing = predictor.standing(&course.at(visit, &posterior.scores))?;
    let told =
        Told { unknowns: &unknowns, course: &course, posterior: &posterior, days: &days, habits: &habits };
    let next_tests = told.next_tests(&predictor, (&protocols, &vocabulary.tests), &stands)?;
    let result = told.result(&used, left_out, &stands, next_tests);
    progress(STEPS, STEPS, "fit");
    let again = match case.done.is_empty() || visit == 0 {
        true => None,
        false => {
            let first = member(&unknowns, &case.person, &course.at(0, &posterior.scores));
            Some(again((&predictor, &unknowns), (&course, &posterior), (&days, &used), first)?)
        }
    };
    Ok(Fitted { result, again, person: case.person.clone(), unknowns, course, posterior })
}

/// A person with the scores of one day.
fn member(unknowns: &Unknowns, person: &Person, scores: &[f64]) -> Member {
    let state = unknowns.state(&unknowns.latents(scores));
    Member { person: state.person(person), tissue: state.tissue, tolerance: state.tolerance }
}

impl Fitted {
    /// The person of given independent scores on the day of the last visit.
    fn at(&self, scores: &[f64]) -> Member {
        member(&self.unknowns, &self.person, &self.course.at(self.course.visits() - 1, scores))
    }

    /// The most probable person.
    pub fn most_probable(&self) -> Member {
        self.at(&self.posterior.scores)
    }

    /// People drawn from the posterior, the same for the same seed; member `k` does not depend on how many are drawn.
    ///
    /// # Errors
    /// When the covariance of the posterior is none, by rounding.
    pub fn members(&self, seed: u64, count: usize) -> Result<Vec<Member>, FitError> {
        let n = self.posterior.scores.len();
        let mut root = self.posterior.covariance.clone();
        cholesky(&mut root, n)
            .map_err(|_| FitError::Unconverged { iterations: self.posterior.iterations })?;
        let member = |k: usize| {
            let mut random = Random::new(seed, k as u64);
            let normal: Vec<f64> = (0..n).map(|_| random.normal()).collect();
            let scores: Vec<f64> = (0..n)
                .map(|i| {
                    let off: f64 = root[i * n..=i * n + i].iter().zip(&normal).map(|(a, b)| a * b).sum();
                    self.posterior.scores[i] + off
                })
                .collect();
            self.at(&scores)
        };
        Ok((0..count).map(member).collect())
    }
}
