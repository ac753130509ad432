//! From readings of clinical tests to the state of a person's tissue, with its uncertainty.
//!
//! [`unknowns`]: what is looked for, and what is believed beforehand. [`course`]: how it changes between visits.
//! [`prediction`]: what the tests would read.
//! [`posterior`]: the most probable state, its spread, and readings that do not fit the others. [`again`]: readings of later
//! visits beside the body of the first, from which a person's rates are told. [`of_case`]: all of it for a
//! case, with people drawn from what its readings leave possible.

pub mod again;
pub mod course;
mod fitted;
mod kept;
pub mod posterior;
pub mod prediction;
mod readings;
mod told;
pub mod unknowns;

pub use crate::study::Member;
pub use fitted::{Fitted, of_case};

use crate::body::BodyError;
use crate::case::Date;
use crate::examination::ExaminationError;
use crate::posture::PostureError;
use crate::results::LeftOut;

/// Why there is no fit.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FitError {
    /// The table of priors is not what it should be.
    #[error("data/evidence/priors.toml: {0}")]
    Priors(String),
    /// The body lacks something.
    #[error(transparent)]
    Body(#[from] BodyError),
    /// A test has no reading.
    #[error(transparent)]
    Examination(#[from] ExaminationError),
    /// The person does not stand.
    #[error(transparent)]
    Posture(#[from] PostureError),
    /// A test that says nothing of the unknowns.
    #[error("`{test}` is not fitted")]
    NotFitted {
        /// The test.
        test: String,
    },
    /// Nothing to fit.
    #[error(
        "no visit has a reading: there is nothing to fit; readings stand in `[[visit.test]]` below a `[[visit]]`"
    )]
    NoReadings,
    /// Nothing among the readings that tells of tissue.
    #[error("of the readings of {date} none can be fitted: {}", reasons(.left_out))]
    NoneUsed {
        /// The last visit with readings.
        date: Date,
        /// Its readings.
        left_out: Vec<LeftOut>,
    },
    /// The search did not end.
    #[error("the fit did not converge in {iterations} steps")]
    Unconverged {
        /// Steps taken.
        iterations: usize,
    },
}

/// Why each reading was left out.
fn reasons(left_out: &[LeftOut]) -> String {
    let why = |left: &LeftOut| {
        let side = left.side.map(|side| format!(" {}", side.name())).unwrap_or_default();
        format!("`{}`{side}: {}", left.name, left.why)
    };
    left_out.iter().map(why).collect::<Vec<_>>().join("; ")
}
