//! What the model says to a question.

use super::population::Population;
use super::predict::{Members, Prediction};
use super::scenarios::{Scenario, Solved};
use crate::body::{Body, BodyError, degree};
use crate::case::Setting;
use crate::results::{DiscLoad, Posture};
use crate::study::Found;
use guywire_engine::Kinematics;

/// The level whose pressure is compared.
const PRESSURE_LEVEL: &str = "L4/L5";
/// Share of the highest activation in a bend below which a muscle counts as silent.
const SILENT: f64 = 0.1;

/// One person's answers.
pub(super) struct Answers<'s> {
    pub solved: &'s Solved,
    pub population: &'s Population,
    pub person: Option<&'s str>,
}

impl Answers<'_> {
    /// The number, or why there is none.
    pub fn to(&self, question: &Prediction) -> Result<f64, String> {
        Ok(match question {
            Prediction::PassiveHipMoment { hip_deg, knee_deg } => {
                self.passive("hip_flexion", *hip_deg, *knee_deg).map_err(|e| e.to_string())?
            }
            Prediction::PassiveKneeMoment { hip_deg, knee_deg } => {
                self.passive("knee_angle", *hip_deg, *knee_deg).map_err(|e| e.to_string())?
            }
            Prediction::Measure { position, field } => field(&self.posture(position)?.measures),
            Prediction::Difference { position, from, field } => {
                field(&self.posture(position)?.measures) - field(&self.posture(from)?.measures)
            }
            Prediction::Pressure { position } => self.disc(position, PRESSURE_LEVEL)?.pressure_mpa,
            Prediction::PressureRatio { position } => {
                self.disc(position, PRESSURE_LEVEL)?.pressure_mpa
                    / self.disc("standing", PRESSURE_LEVEL)?.pressure_mpa
            }
            Prediction::Compression { position, level } => self.disc(position, level)?.compression_n,
            Prediction::CompressionRatio { position, from, level } => {
                self.disc(position, level)?.compression_n / self.disc(from, level)?.compression_n
            }
            Prediction::RiseShare { from, at, to, level } => {
                let c = |position: &str| self.disc(position, level).map(|d| d.compression_n);
                (c(at)? - c(from)?) / (c(to)? - c(from)?)
            }
            Prediction::HipForceBw { position, side } => {
                let hip = self.posture(position)?.hips.iter().find(|h| h.side == *side);
                hip.ok_or("there is no such hip")?.contact_force_bw
            }
            Prediction::LumbarShare { from, to } => {
                let (from, to) = (&self.posture(from)?.measures, &self.posture(to)?.measures);
                let lumbar = to.lumbar_flexion_deg - from.lumbar_flexion_deg;
                let left = to.hip_flexion_left_deg - from.hip_flexion_left_deg;
                let right = to.hip_flexion_right_deg - from.hip_flexion_right_deg;
                lumbar / (lumbar + 0.5 * (left + right))
            }
            Prediction::Silence { group, field } => {
                field(&silent(self.solved.bends(self.person)?, group, self.body())?.measures)
            }
            Prediction::GroupActivation { group, position } => {
                activation(self.posture(position)?, group, self.body())
            }
            Prediction::TissueEffect { change, position, field } => {
                let with = self.find(position, Some(change))?;
                field(&with.solved.posture.measures) - field(&self.posture(position)?.measures)
            }
            Prediction::StrengthShare { group, of, level, position } => {
                let q = &self.find(position, None)?.settled.solution.q;
                let moment = |members: &Members| extension_moment(self.body(), members, level, q);
                moment(group).map_err(|e| e.to_string())? / moment(of).map_err(|e| e.to_string())?
            }
            Prediction::PeakHipForceBw { .. } => return Err("nobody did it".to_owned()),
            Prediction::Lengthening { .. } => return Err("nobody was stretched".to_owned()),
            Prediction::Course(_) => return Err("nobody followed the course".to_owned()),
            Prediction::Known(answer) => answer.clone()?,
            Prediction::MeanReading { test } => self.population.of_test(test)?.mean,
            Prediction::SpreadOfReading { test } => self.population.of_test(test)?.sd,
            Prediction::MeanOfMeasure { position, field } => {
                self.population.of_measure(position, *field)?.mean
            }
            Prediction::SpreadOfMeasure { position, field } => {
                self.population.of_measure(position, *field)?.sd
            }
            Prediction::StrengthCompression { group, level, position } => {
                strength_compression(self.body(), self.find(position, None)?, group, level)?
            }
        })
    }

    fn body(&self) -> &Body {
        self.solved.body(self.person, None)
    }

    fn find(&self, position: &str, change: Option<&Setting>) -> Result<&Found, String> {
        let person = self.person.map(str::to_owned);
        self.solved.find(&Scenario { person, position: position.to_owned(), change: change.cloned() })
    }

    fn posture(&self, position: &str) -> Result<&Posture, String> {
        Ok(&self.find(position, None)?.solved.posture)
    }

    fn disc(&self, position: &str, level: &str) -> Result<&DiscLoad, String> {
        disc(self.posture(position)?, level)
    }

    /// Passive moment of one leg on a coordinate, N·m, with relaxed muscles; the rest of the body as in the
    /// reference pose.
    fn passive(&self, coordinate: &str, hip_deg: f64, knee_deg: f64) -> Result<f64, BodyError> {
        let system = &self.body().system;
        let mut q = system.model.default_pose();
        for side in ['r', 'l'] {
            q[degree(&system.model, &format!("hip_flexion_{side}"))?] = hip_deg.to_radians();
            q[degree(&system.model, &format!("knee_angle_{side}"))?] = knee_deg.to_radians();
        }
        // The compression of the spine does not reach the leg.
        let force = system.passive_forces(&q, &vec![0.0; system.levels.len()]);
        Ok(force[degree(&system.model, &format!("{coordinate}_r"))?])
    }
}

fn disc<'p>(posture: &'p Posture, level: &str) -> Result<&'p DiscLoad, String> {
    posture.discs.iter().find(|d| d.level == level).ok_or_else(|| format!("there is no disc `{level}`"))
}

/// Mean activation of both sides, weighted by greatest force.
fn activation(posture: &Posture, members: &Members, body: &Body) -> f64 {
    let (mut sum, mut weights) = (0.0, 0.0);
    for (state, info) in posture.muscles.iter().zip(&body.muscles) {
        if members.contains(&info.key) {
            sum += state.activation * info.max_isometric_force_n;
            weights += info.max_isometric_force_n;
        }
    }
    sum / weights
}

/// The shallowest bend from which on the group stays silent.
fn silent<'p>(bends: &'p [Posture], members: &Members, body: &Body) -> Result<&'p Posture, String> {
    let activations: Vec<f64> = bends.iter().map(|p| activation(p, members, body)).collect();
    let highest = activations.iter().copied().fold(0.0, f64::max);
    let from = activations.iter().rposition(|a| *a >= SILENT * highest).map_or(0, |last| last + 1);
    bends.get(from).ok_or_else(|| {
        let deepest = activations.last().copied().unwrap_or(0.0) / highest * 100.0;
        format!("never silent: {deepest:.0} % of its highest activation is left in the deepest bend")
    })
}

/// Extension moment of muscles at full isometric force about a level, N·m.
fn extension_moment(body: &Body, members: &Members, level: &str, q: &[f64]) -> Result<f64, BodyError> {
    let system = &body.system;
    // The flexion–extension coordinate extends positively.
    let extension = degree(&system.model, &format!("{}_FE", level.replace('/', "_")))?;
    let mut kinematics = Kinematics::new(&system.model);
    kinematics.update(&system.model, q);
    let mut arms = system.paths.moment_arms();
    system.paths.update(&system.model, &kinematics, &mut arms)?;
    let mut moment = 0.0;
    for (m, info) in body.muscles.iter().enumerate().filter(|(_, i)| members.contains(&i.key)) {
        for k in system.paths.row(m).filter(|&k| system.paths.columns()[k] == extension) {
            moment += arms.values[k] * info.max_isometric_force_n;
        }
    }
    Ok(moment)
}

/// Compression of a disc by muscles at full isometric force alone, N.
fn strength_compression(body: &Body, found: &Found, members: &Members, level: &str) -> Result<f64, String> {
    let mut pulling = found.settled.clone();
    let solution = &mut pulling.solution;
    solution.passive_force.fill(0.0);
    for (force, info) in solution.active_force.iter_mut().zip(&body.muscles) {
        *force = if members.contains(&info.key) { info.max_isometric_force_n } else { 0.0 };
    }
    let posture = pulling.describe(body, 0.0).map_err(|e| e.to_string())?.posture;
    let own = |source: &str| source.rsplit_once('.').is_some_and(|(key, _)| members.iter().any(|m| m == key));
    let shares = disc(&posture, level)?.contributions.iter().filter(|c| own(&c.source));
    Ok(shares.map(|c| c.compression_n).sum())
}
