//! What the tests of a person would read with a state of their tissue, and how that changes with it.

use super::unknowns::Unknowns;
use super::{FitError, Subject};
use crate::body::Body;
use crate::case::{Property, Setting};
use crate::examination::{Protocol, Response, response};
use crate::posture::{Positions, settle};
use crate::side::Side;
use guywire_engine::equilibrium::Solution;
use guywire_math::Dual;
use rayon::prelude::*;

/// A test to be predicted.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'p> {
    /// How it is done.
    pub protocol: &'p Protocol,
    /// On which side.
    pub side: Side,
}

/// Readings at a state of tissue.
#[derive(Clone, Debug)]
pub struct Prediction {
    /// One a test.
    pub readings: Vec<f64>,
    /// By the standard scores of the unknowns, test by test.
    pub slopes: Vec<Vec<f64>>,
}

/// Readings of `asked` at standard scores.
pub fn predict(
    subject: &Subject<'_>,
    unknowns: &Unknowns,
    asked: &[Asked<'_>],
    scores: &[f64],
) -> Result<Prediction, FitError> {
    let values = unknowns.values(scores);
    let body = subject.body(&unknowns.tissue(&values))?;
    let tolerance = unknowns.tolerance(&values);
    let covered: Vec<Vec<usize>> =
        unknowns.list.iter().map(|u| subject.covered(&body, u.setting.as_ref())).collect();
    let found: Vec<(f64, Vec<f64>)> = asked
        .par_iter()
        .map(|test| {
            let found = response(&body, test.protocol, test.side, tolerance)?;
            let Some(found) = found else {
                return Err(FitError::NotFitted { test: test.protocol.test.clone() });
            };
            let by_logs: Vec<f64> = unknowns
                .list
                .iter()
                .zip(&covered)
                .zip(&values)
                .map(|((unknown, muscles), value)| match &unknown.setting {
                    None => found.by_hand,
                    Some(setting) => muscles.iter().map(|&m| by_log(&body, &found, m, setting, *value)).sum(),
                })
                .collect();
            Ok((found.reading, unknowns.by_scores(&by_logs)))
        })
        .collect::<Result<_, FitError>>()?;
    let (readings, slopes) = found.into_iter().unzip();
    Ok(Prediction { readings, slopes })
}

/// Slope of a reading by the logarithm of one property of one muscle, exact: the pose answers to tensions alone.
///
/// The force of a muscle with a rigid tendon depends on `(L − slack) / optimal length`, so a longer fibre is a shorter path:
/// `∂T/∂ln l₀ = −(L − slack) ∂T/∂L`.
fn by_log(body: &Body, at: &Response, m: usize, setting: &Setting, value: f64) -> f64 {
    let muscle = &body.system.muscles[m];
    let (length, activation) = (at.path_length[m], at.activation[m]);
    let state = muscle.parameters.rigid_tendon(Dual::<1>::variable(length, 0));
    let tension = state.active_multiplier * activation + state.passive_force;
    let change = match setting.property {
        Property::Length => -(length - muscle.parameters.tendon_slack_length) * tension.slope[0],
        Property::Strength => tension.value,
        Property::Stiffness => state.passive_force.value,
        // Tone is the floor of activation.
        Property::Tone if activation <= muscle.floor => value * state.active_multiplier.value,
        Property::Tone | Property::ExtensionRangeDeg | Property::NeutralLordosisDeg => 0.0,
    };
    at.by_tension[m] * change
}

/// A standing posture as numbers that matter to a person, and how they change with the unknowns (differences of solves).
pub struct Standing {
    /// Pelvic tilt (deg), lordosis (deg), compression of L5/S1 (N).
    pub values: [f64; 3],
    /// By the standard scores.
    pub slopes: [Vec<f64>; 3],
}

/// Names of [`Standing::values`].
pub const STANDING: [&str; 3] = ["pelvic_tilt_deg", "lumbar_lordosis_deg", "L5/S1 compression_n"];

/// Step of a standard score.
const STEP: f64 = 0.25;

/// How the person stands at standard scores.
pub fn standing(
    subject: &Subject<'_>,
    unknowns: &Unknowns,
    positions: &Positions,
    scores: &[f64],
) -> Result<Standing, FitError> {
    let at = |scores: &[f64], near: Option<&Solution>| -> Result<([f64; 3], Solution), FitError> {
        let body = subject.body(&unknowns.tissue(&unknowns.values(scores)))?;
        let settled = settle(&body, positions, "standing", near)?;
        let posture = settled.describe(&body, 0.0)?.posture;
        let last = posture.discs.last().map_or(f64::NAN, |disc| disc.compression_n);
        let measures = &posture.measures;
        Ok(([measures.pelvic_tilt_deg, measures.lumbar_lordosis_deg, last], settled.solution))
    };
    let (values, here) = at(scores, None)?;
    let changes: Vec<[f64; 3]> = (0..unknowns.len())
        .into_par_iter()
        .map(|k| {
            let beside = |by: f64| {
                let mut moved = scores.to_vec();
                moved[k] += by;
                at(&moved, Some(&here)).map(|found| found.0)
            };
            let (up, down) = (beside(STEP)?, beside(-STEP)?);
            Ok(core::array::from_fn(|i| (up[i] - down[i]) / (2.0 * STEP)))
        })
        .collect::<Result<_, FitError>>()?;
    let slopes = core::array::from_fn(|i| changes.iter().map(|c| c[i]).collect());
    Ok(Standing { values, slopes })
}
