//! From a body and a position to an equilibrium, and from that to measures, loads and a figure.

mod another;
pub mod measures;
pub mod position;
#[cfg(test)]
mod round_trip;
mod task;

use measures::Reader;
pub use position::{GRAVITY, Position, PositionError, Positions};
pub(crate) use task::abdominal_pressure;

use crate::body::{Body, BodyError};
use crate::loads::{self, Forces};
use crate::results::{
    BodyPose, Certificate, Figure, HeldLoad, LandmarkPoint, MuscleState, Posture, Solved, SupportLoad,
    Surface,
};
use guywire_engine::equilibrium::{Equilibrium, EquilibriumError, Near, Settings, Solution};
use guywire_engine::task::Load;
use guywire_engine::{Kinematics, Task};
use measures::measures;

/// Why a position has no posture.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PostureError {
    /// The position is not what it should be.
    #[error(transparent)]
    Position(#[from] PositionError),
    /// The body lacks something.
    #[error(transparent)]
    Body(#[from] BodyError),
    /// There is no equilibrium, or it was not found.
    #[error(transparent)]
    Equilibrium(#[from] EquilibriumError),
}

/// An equilibrium of a body in a position.
#[derive(Clone, Debug)]
pub struct Settled {
    /// The position as the engine saw it.
    pub task: Task,
    /// The equilibrium.
    pub solution: Solution,
    lying: bool,
    hands_below: f64,
}

/// What may be left of the cost of one of many similar bodies, over `1 + cost`: upright, and lying, which costs little.
/// Against solving each to the last digit, angles moved by less than 0.7° and compressions by less than 13 N
/// (`crates/guywire/tests/people/ensemble.rs`); the balance is held alike.
const ONE_OF_MANY: [f64; 2] = [1e-4, 1e-6];
/// Most steps of its search: those that succeed took 40 at most, and a body that cannot be balanced is not worth more.
const STEPS_OF_MANY: usize = 100;
/// Difference of compression that is left to one of many similar bodies, N: assumed, far below what is shown.
const COMPRESSION_OF_MANY: f64 = 0.2;

/// Where positions of similar bodies start from: a solved posture with the curvature of its cost.
///
/// # Errors
/// When the load cannot be shared there.
pub(crate) fn start_at(body: &Body, settled: &Settled) -> Result<Near, PostureError> {
    Ok(Equilibrium::new(&body.system, body.settings.clone()).start_at(&settled.task, &settled.solution)?)
}

/// How one of many similar bodies is searched for.
pub(crate) fn of_many(body: &Body, lying: bool) -> Settings {
    Settings {
        tolerance_cost: ONE_OF_MANY[usize::from(lying)],
        tolerance_compression: COMPRESSION_OF_MANY,
        detours: false,
        max_iterations: STEPS_OF_MANY,
        ..body.settings.clone()
    }
}

/// Solves a position for one of many similar bodies.
///
/// # Errors
/// As [`settle`].
pub(crate) fn settle_near(
    body: &Body,
    positions: &Positions,
    position: &str,
    near: Near,
) -> Result<Settled, PostureError> {
    let position = positions.get(position)?;
    let task = positions.task(position, body)?;
    let settings = of_many(body, position.lying());
    let solution = Equilibrium::new(&body.system, settings).solve_near(&task, near)?;
    Ok(Settled::in_position(position, task, solution))
}

/// Solves a position for a body, from a solution of a similar body if one is given.
///
/// # Errors
/// When the position does not fit the body or cannot be balanced.
pub fn settle(
    body: &Body,
    positions: &Positions,
    position: &str,
    near: Option<&Solution>,
) -> Result<Settled, PostureError> {
    let position = positions.get(position)?;
    let task = positions.task(position, body)?;
    let mut equilibrium = Equilibrium::new(&body.system, body.settings.clone());
    let solution = match near {
        // A start that turns out to lie too far off is no reason to fail.
        Some(near) => equilibrium.solve_from(&task, near).or_else(|_| equilibrium.solve(&task))?,
        None => equilibrium.solve(&task)?,
    };
    Ok(Settled::in_position(position, task, solution))
}

impl Settled {
    fn in_position(position: &Position, task: Task, solution: Solution) -> Self {
        Self { task, solution, lying: position.lying(), hands_below: position.hands_below() }
    }

    /// Of somebody in the middle of an exercise, lying or upright.
    pub(crate) fn doing(lying: bool, position: &Position, task: Task, solution: Solution) -> Self {
        Self { lying, ..Self::in_position(position, task, solution) }
    }

    /// Of somebody who lies in an examiner's hands.
    pub(crate) fn on_a_table(task: Task, solution: Solution) -> Self {
        Self { task, solution, lying: true, hands_below: 0.0 }
    }

    /// Of somebody who moves.
    pub(crate) fn in_motion(task: Task, solution: Solution) -> Self {
        Self { task, solution, lying: false, hands_below: 0.0 }
    }

    /// Whether the person lies: angles are then read headwards.
    pub(crate) fn is_lying(&self) -> bool {
        self.lying
    }

    /// The posture and its figure; `solve_ms` goes into the certificate.
    ///
    /// # Errors
    /// When the body lacks a landmark that a measure needs.
    pub fn describe(&self, body: &Body, solve_ms: f64) -> Result<Solved, BodyError> {
        let kinematics = self.kinematics(body);
        let posture = self.numbers(body, &kinematics, solve_ms)?;
        Ok(Solved { posture, figure: self.figure(body, &kinematics) })
    }

    /// The posture without its figure.
    ///
    /// # Errors
    /// As [`Settled::describe`].
    pub(crate) fn posture(&self, body: &Body) -> Result<Posture, BodyError> {
        self.numbers(body, &self.kinematics(body), 0.0)
    }

    fn kinematics(&self, body: &Body) -> Kinematics<f64> {
        let mut kinematics = Kinematics::new(&body.system.model);
        kinematics.update(&body.system.model, &self.solution.q);
        kinematics
    }

    fn numbers(
        &self,
        body: &Body,
        kinematics: &Kinematics<f64>,
        solve_ms: f64,
    ) -> Result<Posture, BodyError> {
        let (task, solution) = (&self.task, &self.solution);
        let reader = Reader::new(body, kinematics, self.lying);
        let muscles = body
            .muscles
            .iter()
            .enumerate()
            .map(|(m, info)| MuscleState {
                name: info.name.clone(),
                anatomical: info.key.clone(),
                group: info.group.clone(),
                side: info.side,
                force_n: solution.active_force[m] + solution.passive_force[m],
                passive_force_n: solution.passive_force[m],
                activation: solution.activation[m],
                normalized_fiber_length: solution.norm_fiber_length[m],
            })
            .collect();
        let (measures, mut absent) = measures(&reader)?;
        let forces = Forces::of(body, task, solution, kinematics);
        absent.extend(loads::absent(body));
        Ok(Posture {
            position: task.name.clone(),
            measures,
            muscles,
            discs: forces.discs()?,
            hips: forces.hips()?,
            supports: self.supports(body),
            absent,
            certificate: Certificate {
                max_residual_n: solution.residual_force,
                max_residual_nm: solution.residual_moment,
                kkt_residual: solution.kkt_residual,
                iterations: solution.iterations,
                solve_ms,
            },
        })
    }

    fn supports(&self, body: &Body) -> Vec<SupportLoad> {
        let weight = body.system.model.mass() * self.task.gravity.norm();
        let mut list: Vec<SupportLoad> = Vec::new();
        for (contact, force) in self.task.contacts.iter().zip(&self.solution.contact_force) {
            let support = &self.task.supports[contact.support];
            let carrier = body.part_name(contact.body);
            let side = match carrier.as_bytes() {
                [.., b'_', b'l'] => "left ",
                [.., b'_', b'r'] => "right ",
                _ => "",
            };
            let part = match carrier.split('_').next().unwrap_or_default() {
                "calcn" | "toes" => "foot",
                "femur" => "thigh",
                "tibia" => "calf",
                other => other,
            };
            let name = format!("{side}{part} on the {}", support.name);
            let normal = force.dot(support.normal);
            match list.iter_mut().find(|s| s.support == name) {
                Some(entry) => entry.normal_force_n += normal,
                None => {
                    list.push(SupportLoad { support: name, normal_force_n: normal, share_of_weight: 0.0 })
                }
            }
        }
        for entry in &mut list {
            entry.share_of_weight = entry.normal_force_n / weight;
        }
        list
    }

    /// Geometry is drawn, not computed with: a hundredth of a millimetre is enough.
    fn figure(&self, body: &Body, kinematics: &Kinematics<f64>) -> Figure {
        let model = &body.system.model;
        let below = guywire_math::Vec3::new(0.0, self.hands_below * body.size, 0.0);
        Figure {
            bodies: body
                .drawn_parts(kinematics)
                .into_iter()
                .map(|(name, pose)| BodyPose {
                    body: name.to_owned(),
                    origin_m: drawn(pose.position),
                    rotation: pose.rotation.rows.map(drawn),
                })
                .collect(),
            landmarks: body
                .landmarks
                .iter()
                .map(|l| LandmarkPoint {
                    landmark: l.name.clone(),
                    body: body.part_name(l.body).to_owned(),
                    side: l.side,
                    position_m: drawn(kinematics.bodies[l.body].point(l.position)),
                })
                .collect(),
            muscle_lines: body
                .system
                .paths
                .paths()
                .iter()
                .map(|p| p.polyline(kinematics).into_iter().map(drawn).collect())
                .collect(),
            surfaces: self
                .task
                .supports
                .iter()
                .map(|s| Surface {
                    name: s.name.clone(),
                    point_m: (s.normal * s.offset).to_array(),
                    normal: s.normal.to_array(),
                })
                .collect(),
            leaning: Vec::new(),
            held: self
                .task
                .loads
                .iter()
                .filter_map(|load| match load {
                    Load::Force { name, body, point, force } if name.ends_with("in the hands") => {
                        Some(HeldLoad {
                            mass_kg: force.norm() / GRAVITY,
                            position_m: drawn(kinematics.bodies[*body].point(*point) - below),
                        })
                    }
                    _ => None,
                })
                .collect(),
            centre_of_mass_m: drawn(kinematics.center_of_mass(model)),
        }
    }
}

/// A vector as an array, rounded to 10⁻⁵.
fn drawn(v: guywire_math::Vec3<f64>) -> [f64; 3] {
    v.to_array().map(|x| libm::round(x * 1e5) / 1e5)
}
