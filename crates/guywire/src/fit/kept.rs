//! A posture that a person keeps, and how what is measured on it answers to every unknown.

use super::FitError;
use super::prediction::{Answer, At};
use crate::body::Body;
use crate::examination::Trial;
use crate::posture::measures::{Reader, measures};
use crate::posture::{Positions, PostureError, settle};
use crate::results::Measures;
use guywire_engine::Kinematics;
use guywire_engine::equilibrium::{Equilibrium, Imbalance, Shift, Solution};
use rayon::prelude::*;

/// Change of a latent for the slope of what is measured on the bones.
const STEP: f64 = 1e-4;

/// Something measured on a posture.
#[derive(Clone, Copy, Debug)]
pub(super) enum Measured<'p> {
    /// A test.
    Test(Trial<'p>),
    /// Anterior pelvic tilt, deg.
    PelvicTilt,
    /// Lumbar lordosis, deg.
    Lordosis,
    /// Compression of L5/S1, N.
    LastDisc,
}

/// A posture and where every unknown moves it.
pub(super) struct Kept<'a> {
    at: &'a At<'a>,
    solution: Solution,
    /// By the latent of each unknown; none where the body does not change.
    shifts: Vec<Option<Shift>>,
}

impl<'a> Kept<'a> {
    /// Finds the posture from one nearby.
    pub fn find(
        at: &'a At<'a>,
        positions: &Positions,
        position: &str,
        near: Option<&Solution>,
    ) -> Result<Self, FitError> {
        let settled = settle(&at.body, positions, position, near)?;
        let sensitivity = Equilibrium::new(&at.body.system, at.body.settings.clone())
            .sensitivity(&settled.task, &settled.solution)
            .map_err(PostureError::from)?;
        let place = positions.get(position).map_err(PostureError::from)?;
        let imbalance = |body: &Body| -> Result<Imbalance, PostureError> {
            let task = positions.task(place, body)?;
            Ok(Equilibrium::new(&body.system, body.settings.clone()).imbalance(&task, &sensitivity)?)
        };
        let shift = |k: usize| -> Result<Option<Shift>, FitError> {
            if !at.moves(k) {
                return Ok(None);
            }
            let by = at.small(k);
            let beside = imbalance(&at.moved(k, by)?)?;
            Ok(Some(sensitivity.shift(&beside.slope(sensitivity.left(), by))))
        };
        let shifts = (0..at.changed.len()).into_par_iter().map(shift).collect::<Result<_, FitError>>()?;
        Ok(Self { at, solution: settled.solution, shifts })
    }

    /// A measure and its slopes by the latents.
    pub fn measure(&self, what: Measured<'_>) -> Result<Answer, FitError> {
        let value = |body: &Body, q: &[f64]| -> Result<f64, FitError> {
            Ok(match what {
                Measured::Test(trial) => trial.read(body, q, false)?,
                Measured::PelvicTilt => of_pose(body, q)?.pelvic_tilt_deg,
                Measured::Lordosis => of_pose(body, q)?.lumbar_lordosis_deg,
                Measured::LastDisc => f64::NAN,
            })
        };
        let slope = |k: usize| -> Result<f64, FitError> {
            let Some(shift) = &self.shifts[k] else { return Ok(0.0) };
            if matches!(what, Measured::LastDisc) {
                return Ok(shift.compression.first().copied().unwrap_or(f64::NAN));
            }
            // Tissue moves the bones; incidence is a change of the bones themselves too.
            let own = &self.at.body;
            let (up, down, half) = match &self.at.changed[k] {
                Some(changed) => (&changed.up, &changed.down, changed.half),
                None => (own, own, STEP),
            };
            let beside = |body: &Body, by: f64| -> Result<f64, FitError> {
                let moved = self.solution.q.iter().zip(&shift.q).map(|(q, shift)| q + by * shift);
                value(body, &moved.collect::<Vec<f64>>())
            };
            Ok((beside(up, half)? - beside(down, -half)?) / (2.0 * half))
        };
        let here = match what {
            Measured::LastDisc => self.solution.compression.first().copied().unwrap_or(f64::NAN),
            _ => value(&self.at.body, &self.solution.q)?,
        };
        let slopes = (0..self.shifts.len()).map(slope).collect::<Result<_, FitError>>()?;
        Ok((here, slopes))
    }
}

fn of_pose(body: &Body, q: &[f64]) -> Result<Measures, FitError> {
    let mut kinematics = Kinematics::new(&body.system.model);
    kinematics.update(&body.system.model, q);
    Ok(measures(&Reader::new(body, &kinematics, false))?.0)
}
