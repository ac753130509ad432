//! Clinical tests on a body: what an examiner would read.
//!
//! A test is a protocol (`data/examination.toml`): how the body lies, what is held, what may move and what ends it. A
//! *relaxed* test leaves muscles at their tone and lets what is free come to rest against a moment or gravity
//! ([`Equilibrium::rest`]); a *posture* is a position that the person keeps; *strength* is the largest moment that the
//! muscles can make there.
//!
//! [`Equilibrium::rest`]: guywire_engine::equilibrium::Equilibrium::rest

mod endurance;
mod pose;
mod protocol;
mod read;
mod response;
mod strength;
mod trial;

pub(crate) use pose::named;
pub use protocol::{Felt, Protocol, Protocols};
pub use response::{Changed, Response};
pub use trial::Trial;

use crate::body::{Body, BodyError};
use crate::case::TestVocabulary;
use crate::posture::{Positions, PostureError, Settled};
use crate::results::{PositionResult, TestReading};
use crate::side::Side;
use guywire_engine::equilibrium::EquilibriumError;

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
    /// The test, done with a factor on the moment of the examiner's hand.
    pub(crate) fn trial(&self, tolerance: f64) -> Trial<'_> {
        Trial { protocol: self.protocol, side: self.side.unwrap_or(Side::Right), tolerance }
    }

    /// Does the test on a body, with `tolerance` on the moment of the examiner's hand, and on the same body with reference tissue: what
    /// is read, and both poses at its end for drawing.
    ///
    /// # Errors
    /// When the body lacks a part, or a pose is not found.
    pub fn result(
        &self,
        own: (&Body, f64),
        reference: &Body,
    ) -> Result<(TestReading, PositionResult), ExaminationError> {
        self.beside(own, (reference, &self.trial(1.0).reading(reference, self.positions, None)?))
    }

    /// The same where the body with reference tissue has been tested.
    pub(crate) fn beside(
        &self,
        (body, tolerance): (&Body, f64),
        (reference, (reference_reading, near)): (&Body, &(f64, Settled)),
    ) -> Result<(TestReading, PositionResult), ExaminationError> {
        // As in a study: the person's posture is looked for from that of the same body with reference tissue.
        let Self { positions, test, protocol, side } = *self;
        let (reading, settled) = self.trial(tolerance).reading(body, positions, Some(&near.solution))?;
        let (person, reference) = (settled.describe(body, 0.0)?, near.describe(reference, 0.0)?);
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
            reference_reading: *reference_reading,
            spread: None,
            certificate: person.posture.certificate.clone(),
        };
        let drawn = PositionResult {
            position: test.name.clone(),
            title: test.title.clone(),
            description: protocol.title.clone(),
            person,
            reference,
            causes: Vec::new(),
            reciprocal_inhibition: Vec::new(),
            spread: None,
        };
        Ok((told, drawn))
    }
}
