//! Clinical tests on a body: what an examiner would read.
//!
//! A test is a protocol (`data/examination.toml`): how the body lies, what is held, what may move and what ends it. A
//! *relaxed* test leaves muscles at their tone and lets what is free come to rest against a moment or gravity
//! ([`Equilibrium::rest`]); a *posture* is a position that the person keeps; *strength* is the largest moment that the
//! muscles can make there.

mod endurance;
mod pose;
mod protocol;
mod read;
mod response;
mod strength;

pub use protocol::{Felt, Protocol, Protocols};
pub use response::{Changed, Response, response};

use crate::body::{Body, BodyError};
use crate::case::TestVocabulary;
use crate::posture::{self, Positions, PostureError, Settled};
use crate::results::{PositionResult, TestReading};
use crate::side::Side;
use guywire_engine::equilibrium::{Equilibrium, EquilibriumError, Solution};
use protocol::Method;

/// Why a test has no reading.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ExaminationError {
    /// The table of protocols is not what it should be.
    #[error("data/examination.toml: {0}")]
    File(String),
    /// A test that nobody knows how to do on the body.
    #[error("`{name}` cannot be simulated; `guywire test --list` names the tests that can")]
    UnknownTest {
        /// The name asked for.
        name: String,
    },
    /// A way of doing a test that it does not have.
    #[error("`{test}` has no protocol `{name}`, but {}", known.join(", "))]
    UnknownProtocol {
        /// The test.
        test: String,
        /// The name asked for.
        name: String,
        /// Its protocols.
        known: Vec<String>,
    },
    /// The body lacks something.
    #[error(transparent)]
    Body(#[from] BodyError),
    /// It does not come to rest.
    #[error(transparent)]
    Equilibrium(#[from] EquilibriumError),
    /// The position has no posture.
    #[error(transparent)]
    Posture(#[from] PostureError),
}

/// What a test of a posture reads at a pose; the pose of a standing person.
///
/// # Errors
/// When the body lacks a part.
pub(crate) fn read_standing(
    protocol: &Protocol,
    body: &Body,
    q: &[f64],
    side: Side,
) -> Result<f64, ExaminationError> {
    match protocol.method() {
        Some(Method::Posture { read, .. }) => Ok(read::reading(read, body, q, false, side)? + protocol.plus),
        _ => Ok(f64::NAN),
    }
}

/// A test on a side of a body.
#[derive(Clone, Copy, Debug)]
pub struct Examined<'e> {
    /// The positions.
    pub positions: &'e Positions,
    /// What is read, and in which sign.
    pub test: &'e TestVocabulary,
    /// How it is done.
    pub protocol: &'e Protocol,
    /// Which side; none where the test has none.
    pub side: Option<Side>,
}

impl Examined<'_> {
    /// Does the test on a body and on the same body with reference tissue: what is read, and both poses at its end for
    /// drawing.
    ///
    /// # Errors
    /// When the body lacks a part, or a pose is not found.
    pub fn result(
        &self,
        body: &Body,
        reference: &Body,
    ) -> Result<(TestReading, PositionResult), ExaminationError> {
        // As in a study: the person's posture is looked for from that of the same body with reference tissue.
        let (reference_reading, near) = self.reading(reference, 1.0, None)?;
        let (reading, settled) = self.reading(body, 1.0, Some(&near.solution))?;
        let (person, reference) = (settled.describe(body, 0.0)?, near.describe(reference, 0.0)?);
        let Self { test, protocol, side, .. } = *self;
        let told = TestReading {
            test: test.name.clone(),
            title: test.title.clone(),
            side,
            protocols: protocol.names.clone(),
            done: protocol.title.clone(),
            reading,
            unit: test.unit.clone(),
            convention: test.convention.clone(),
            sem: test.sem,
            reference_reading,
            certificate: person.posture.certificate.clone(),
        };
        let drawn = PositionResult {
            position: test.name.clone(),
            title: test.title.clone(),
            description: protocol.title.clone(),
            person,
            reference,
            causes: Vec::new(),
            spread: None,
        };
        Ok((told, drawn))
    }

    /// What is read, and the pose at the end. `tolerance` is a factor on the moment of the examiner's hand; a posture that the
    /// person keeps is looked for from `near`, that of a similar person.
    ///
    /// # Errors
    /// When the body lacks a part, or a pose is not found.
    pub(crate) fn reading(
        &self,
        body: &Body,
        tolerance: f64,
        near: Option<&Solution>,
    ) -> Result<(f64, Settled), ExaminationError> {
        let protocol = self.protocol;
        let side = self.side.unwrap_or(Side::Right);
        match protocol.method() {
            Some(Method::Posture { position, read }) => {
                let settled = posture::settle(body, self.positions, position, near)?;
                let read = read::reading(read, body, &settled.solution.q, settled.is_lying(), side)?;
                Ok((read + protocol.plus, settled))
            }
            method => {
                let (task, hands) = pose::task(protocol, body, side, tolerance)?;
                let rest = Equilibrium::new(&body.system, body.settings.clone()).rest(&task, &hands)?;
                let reading = match method {
                    Some(Method::Strength { degree, sense, reached }) => {
                        let degree = pose::named(degree, side);
                        strength::largest_moment(body, &rest, &degree, (sense, reached))?
                    }
                    Some(Method::Endurance { degree, sense, reached, holding }) => {
                        endurance::holding_time(body, (&task, &rest), degree, (sense, reached), holding)?
                    }
                    Some(Method::Relaxed(read)) => {
                        let settled = Settled::on_a_table(task, rest.solution);
                        let read = read::reading(read, body, &settled.solution.q, settled.is_lying(), side)?;
                        return Ok((read, settled));
                    }
                    Some(Method::Posture { .. }) | None => f64::NAN,
                };
                Ok((reading, Settled::on_a_table(task, rest.solution)))
            }
        }
    }
}
