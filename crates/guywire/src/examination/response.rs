//! How a reading answers to the tension of every muscle, exactly: what a fit needs.
//!
//! At rest `b(q) + h = 0`, so a small change of tensions moves the pose by `δq = K⁻¹ Rᵀ δT`, and the reading by
//! `∂r/∂q · δq`. One solve with `∂r/∂q` gives the slopes by all muscles:
//!
//! ```text
//! ∂r/∂T_m = R_m · K⁻¹ ∂r/∂q
//! ```

use super::protocol::Method;
use super::read::angle;
use super::trial::{Ended, Trial};
use super::{ExaminationError, pose, strength};
use crate::body::Body;
use guywire_engine::Kinematics;
use guywire_engine::equilibrium::{Equilibrium, Rest, Unrest};
use guywire_math::{Dual, Real};

/// Degrees that one evaluation differentiates by.
const LANES: usize = 8;

/// A body changed a little, up and down.
#[derive(Clone, Debug)]
pub struct Changed {
    /// The change added.
    pub up: Body,
    /// The change taken away.
    pub down: Body,
    /// How large it is.
    pub half: f64,
}

impl Changed {
    /// The slope of something that is computed for both bodies, the second argument being the sign of the change.
    pub fn slope<E>(&self, of: impl Fn(&Body, f64) -> Result<f64, E>) -> Result<f64, E> {
        Ok((of(&self.up, 1.0)? - of(&self.down, -1.0)?) / (2.0 * self.half))
    }
}

/// A reading and its slopes.
#[derive(Clone, Debug)]
pub struct Response {
    /// In the unit of the test.
    pub reading: f64,
    /// By the tension of every muscle, unit per N.
    pub by_tension: Vec<f64>,
    /// By the logarithm of the moment of the examiner's hand.
    pub by_hand: f64,
    /// By every change of the body that was asked for.
    pub by_change: Vec<f64>,
    /// Activation of every muscle at the end.
    pub activation: Vec<f64>,
    /// Length of every path at the end, m.
    pub path_length: Vec<f64>,
}

impl Trial<'_> {
    /// Does a test that ends at rest or in a greatest effort; none for one that the person's own posture decides. `changes` of
    /// the whole body are asked for their slopes too.
    ///
    /// # Errors
    /// When the body lacks a part, or the pose is not found.
    pub fn response(&self, body: &Body, changes: &[&Changed]) -> Result<Option<Response>, ExaminationError> {
        let Self { protocol, side, .. } = *self;
        let system = &body.system;
        let method = protocol.method();
        if matches!(method, None | Some(Method::Posture { .. } | Method::Endurance { .. })) {
            return Ok(None);
        }
        let Ended { hands, rest, .. } = self.rest(body)?;
        let q = &rest.solution.q;
        let mut kinematics = Kinematics::new(&system.model);
        kinematics.update(&system.model, q);
        let arms = &rest.arms;
        let row = |m: usize| system.paths.row(m).map(|k| (system.paths.columns()[k], arms.values[k]));
        let path_length = arms.lengths.clone();
        match method {
            Some(Method::Relaxed(read)) => {
                let mut slopes = vec![0.0; q.len()];
                let mut lanes = Kinematics::<Dual<LANES>>::new(&system.model);
                let mut moved: Vec<Dual<LANES>> = q.iter().map(|v| Dual::lift(*v)).collect();
                for degrees in rest.compliance.free().chunks(LANES) {
                    for (lane, &i) in degrees.iter().enumerate() {
                        moved[i] = Dual::variable(q[i], lane);
                    }
                    lanes.update(&system.model, &moved);
                    let reading = angle(read, body, &lanes, side)?;
                    for (lane, &i) in degrees.iter().enumerate() {
                        slopes[i] = reading.slope[lane];
                        moved[i] = Dual::lift(q[i]);
                    }
                }
                let gives = rest.compliance.moved(&slopes);
                let by_change = changes.iter().map(|changed| {
                    let shift = self.shift(changed, &rest)?;
                    changed.slope(|body, sign| {
                        let moved = q.iter().zip(&shift).map(|(q, by)| q + sign * changed.half * by);
                        let mut kinematics = Kinematics::new(&body.system.model);
                        kinematics.update(&body.system.model, &moved.collect::<Vec<f64>>());
                        Ok(angle(read, body, &kinematics, side)?)
                    })
                });
                let by_change = by_change.collect::<Result<_, ExaminationError>>()?;
                let by_tension = (0..system.muscles.len())
                    .map(|m| row(m).map(|(degree, arm)| arm * gives[degree]).sum())
                    .collect();
                Ok(Some(Response {
                    reading: angle(read, body, &kinematics, side)? + protocol.plus,
                    by_tension,
                    by_hand: hands.iter().map(|hand| gives[hand.degree] * hand.moment).sum(),
                    by_change,
                    activation: rest.solution.activation.clone(),
                    path_length,
                }))
            }
            Some(Method::Strength { degree, sense, reached }) => {
                let degree = pose::named(degree, side);
                let role = body.role(&degree)?;
                let sense = sense * role.sign;
                let along = |m: usize| -> f64 {
                    row(m).filter(|r| Some(r.0) == role.degree).map(|(_, arm)| sense * arm).sum()
                };
                let by_tension: Vec<f64> = (0..system.muscles.len()).map(along).collect();
                let activation = system.muscles.iter().zip(&by_tension);
                let effort = (sense * role.sign, reached);
                let by_change = changes.iter().map(|changed| {
                    changed.slope(|body, _| {
                        let rest = self.rest(body)?.rest;
                        Ok(strength::largest_moment(body, &rest, &degree, effort)?)
                    })
                });
                Ok(Some(Response {
                    reading: strength::largest_moment(body, &rest, &degree, effort)?,
                    by_change: by_change.collect::<Result<_, ExaminationError>>()?,
                    activation: activation
                        .map(|(m, by)| if *by > 0.0 { strength::helping(m, reached) } else { m.floor })
                        .collect(),
                    by_tension,
                    by_hand: 0.0,
                    path_length,
                }))
            }
            _ => Ok(None),
        }
    }

    /// How the rest of a body moves with a change of it, by the implicit function theorem.
    fn shift(&self, changed: &Changed, rest: &Rest) -> Result<Vec<f64>, ExaminationError> {
        let unrest = |body: &Body| -> Result<Unrest, ExaminationError> {
            let (task, hands) = self.task(body)?;
            Ok(Equilibrium::new(&body.system, body.settings.clone()).unrest(&task, &hands, rest))
        };
        let (up, down) = (unrest(&changed.up)?, unrest(&changed.down)?);
        Ok(rest.compliance.shift(&up.slope(&down, 2.0 * changed.half)))
    }
}
