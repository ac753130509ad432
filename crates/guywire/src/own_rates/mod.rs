//! How fast and how far this person's own tissue follows, from what later visits read after what was done.
//!
//! ```text
//! readings of all visits ─▶ fit ─▶ body of the first visit, errors ─┐
//! week, [[done]] ─▶ exposures, week by week ───────────────────────┼─▶ rates z: N(0, 1) before, N(ẑ, Σ) after
//! rates z ─▶ laws of adaptation ─▶ tissue of every visit ─▶ F(z) ──┘
//!
//! minimise  (r − F(z) − m)ᵀ S⁻¹ (r − F(z) − m) + |z|²          Σ = (Jᵀ S⁻¹ J + 1)⁻¹,  J = ∂F/∂z there
//! ```
//!
//! `r`: readings, `m` and `S`: where they are expected beside `F`, and how surely ([`fit::again`](crate::fit::again)). So a
//! change that error or untold drift explains teaches next to nothing, and of a rate that nothing done asks for nothing is learned.
//! [`between`]: `F` and its slopes. A change that no likely rate explains is [told](unexplained()).
//!
//! Page: `docs/adaptation.md`.

pub mod between;
mod unexplained;

pub use between::{Between, Lived};
pub use unexplained::{Unexplained, unexplained};

use crate::adaptation::{KnownRates, RatesError};
use crate::body::{BodyError, ReferenceBody};
use crate::case::Case;
use crate::examination::ExaminationError;
use crate::exercise::{ExerciseError, Library};
use crate::fit::again::ReadingsAgain;
use crate::fit::posterior::{Observed, Posterior, fit_believed};
use crate::fit::prediction::Prediction;
use crate::fit::{FitError, Fitted};
use crate::plan::PlanError;
use crate::posture::PostureError;
use crate::week::WeekError;
use guywire_math::linalg::{NotPositiveDefinite, cholesky};

/// Why a person's own rates are not found.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OwnRatesError {
    /// The rates are not found, or a test has no reading.
    #[error(transparent)]
    Fit(#[from] FitError),
    /// The body cannot do what was done.
    #[error(transparent)]
    Done(#[from] PlanError),
    /// The library has no such exercise.
    #[error(transparent)]
    Exercise(#[from] ExerciseError),
    /// The week has no solution.
    #[error(transparent)]
    Week(#[from] WeekError),
    /// The table of rates is not what it should be.
    #[error(transparent)]
    Rates(#[from] RatesError),
    /// The body lacks something.
    #[error(transparent)]
    Body(#[from] BodyError),
    /// A table of positions is not what it should be.
    #[error(transparent)]
    Posture(#[from] PostureError),
    /// A test cannot be simulated.
    #[error(transparent)]
    Examination(#[from] ExaminationError),
    /// A covariance is none, by rounding.
    #[error("the errors of the readings have no covariance: row {0}")]
    Covariance(usize),
}

impl From<NotPositiveDefinite> for OwnRatesError {
    fn from(problem: NotPositiveDefinite) -> Self {
        Self::Covariance(problem.row)
    }
}

/// What is known of the rates of a case's person; of everybody's, where no later visit tells of them. And the changes that rates do
/// not explain.
///
/// # Errors
/// When the body cannot do what was done, or the rates are not found.
pub fn of_case(
    reference: &ReferenceBody,
    case: &Case,
    fitted: &Fitted,
) -> Result<(KnownRates, Vec<Unexplained>), OwnRatesError> {
    let known = KnownRates::read()?;
    let Some(again) = &fitted.again else { return Ok((known, Vec::new())) };
    let library = Library::read()?;
    let between = Between::of_case(reference, case, (again, &known), &library)?;
    let usual = between.predict(&vec![0.0; known.list().len()])?;
    let unexplained = unexplained(again, &usual);
    let found = find(again, &usual, &|scores| between.predict(scores))?;
    let rates = match found {
        Some(found) => known.sharpened(found.scores, found.covariance)?,
        None => known,
    };
    Ok((rates, unexplained))
}

/// The most probable standard scores of the rates and their covariance, from what `predict` says that the body of the first visit
/// would read with them; `usual`: with those that half of all people stay below. None where no reading answers to any.
///
/// # Errors
/// When a prediction fails, or the search does not end.
pub fn find(
    again: &ReadingsAgain,
    usual: &Prediction,
    predict: &dyn Fn(&[f64]) -> Result<Prediction, FitError>,
) -> Result<Option<Posterior>, OwnRatesError> {
    let n = again.readings.len();
    let rates = usual.slopes.first().map_or(0, Vec::len);
    if usual.slopes.iter().flatten().all(|slope| *slope == 0.0) {
        return Ok(None);
    }
    // Readings whose errors go together, as ones of independent errors of 1.
    let mut root = again.covariance.clone();
    cholesky(&mut root, n)?;
    let whitened = |values: &[f64]| {
        let mut out: Vec<f64> = Vec::with_capacity(n);
        for i in 0..n {
            let known: f64 = root[i * n..i * n + i].iter().zip(&out).map(|(l, x)| l * x).sum();
            out.push((values[i] - known) / root[i * n + i]);
        }
        out
    };
    let beside: Vec<f64> = again.readings.iter().zip(&again.offset).map(|(r, m)| r.read - m).collect();
    let observed: Vec<Observed> =
        whitened(&beside).into_iter().map(|read| Observed { read, error: 1.0 }).collect();
    let predict = |scores: &[f64]| -> Result<Prediction, FitError> {
        let Prediction { readings, slopes } = predict(scores)?;
        let columns: Vec<Vec<f64>> =
            (0..rates).map(|k| whitened(&slopes.iter().map(|row| row[k]).collect::<Vec<f64>>())).collect();
        let slopes = (0..n).map(|i| columns.iter().map(|column| column[i]).collect()).collect();
        Ok(Prediction { readings: whitened(&readings), slopes })
    };
    Ok(Some(fit_believed(&observed, rates, &predict)?))
}
