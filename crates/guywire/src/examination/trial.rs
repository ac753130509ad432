//! One test on one body: how it comes to rest, and what is read there.

use super::protocol::{Method, Protocol};
use super::{ExaminationError, endurance, pose, read, strength};
use crate::body::Body;
use crate::posture::{self, Positions, Settled};
use crate::side::Side;
use guywire_engine::Task;
use guywire_engine::equilibrium::{Equilibrium, Hand, Rest, Solution};

/// A test done in one way on one side.
#[derive(Clone, Copy, Debug)]
pub struct Trial<'p> {
    /// How it is done.
    pub protocol: &'p Protocol,
    /// On which side; the right one where the test has none.
    pub side: Side,
    /// A factor on the moment of the examiner's hand.
    pub tolerance: f64,
}

/// A body at rest at the end of a test.
pub(super) struct Ended {
    pub task: Task,
    pub hands: Vec<Hand>,
    pub rest: Rest,
}

impl Trial<'_> {
    /// What is read, and the pose at the end, looked for from `near`, that of a similar person.
    ///
    /// # Errors
    /// When the body lacks a part, or a pose is not found.
    pub fn reading(
        &self,
        body: &Body,
        positions: &Positions,
        near: Option<&Solution>,
    ) -> Result<(f64, Settled), ExaminationError> {
        let method = self.protocol.method();
        if let Some(Method::Posture { position, .. }) = method {
            let settled = posture::settle(body, positions, position, near)?;
            return Ok((self.read(body, &settled.solution.q, settled.is_lying())?, settled));
        }
        let Ended { task, rest, .. } = self.rest_from(body, near)?;
        let reading = match method {
            Some(Method::Strength { degree, sense, reached }) => {
                let degree = pose::named(degree, self.side);
                strength::largest_moment(body, &rest, &degree, (sense, reached))?
            }
            Some(Method::Endurance { degree, sense, reached, holding }) => {
                endurance::holding_time(body, (&task, &rest), degree, (sense, reached), holding)?
            }
            Some(Method::Relaxed(_) | Method::Posture { .. }) | None => {
                self.read(body, &rest.solution.q, true)?
            }
        };
        Ok((reading, Settled::on_a_table(task, rest.solution)))
    }

    /// What is read off a pose of the bones; no number for a test of force.
    ///
    /// # Errors
    /// When the body lacks a part.
    pub(crate) fn read(&self, body: &Body, q: &[f64], lying: bool) -> Result<f64, ExaminationError> {
        match self.protocol.method() {
            Some(Method::Posture { read, .. } | Method::Relaxed(read)) => {
                Ok(read::reading(read, body, q, lying, self.side)? + self.protocol.plus)
            }
            _ => Ok(f64::NAN),
        }
    }

    pub(super) fn task(&self, body: &Body) -> Result<(Task, Vec<Hand>), ExaminationError> {
        pose::task(self.protocol, body, self.side, self.tolerance)
    }

    pub(super) fn rest(&self, body: &Body) -> Result<Ended, ExaminationError> {
        self.rest_from(body, None)
    }

    fn rest_from(&self, body: &Body, near: Option<&Solution>) -> Result<Ended, ExaminationError> {
        let (task, hands) = self.task(body)?;
        let mut equilibrium = Equilibrium::new(&body.system, body.settings.clone());
        let rest = match near {
            Some(near) => equilibrium.rest_from(&task, &hands, near)?,
            None => equilibrium.rest(&task, &hands)?,
        };
        Ok(Ended { task, hands, rest })
    }
}
