//! An exercise on a body: every phase with its posture and its moments.

use super::library::Exercise;
use super::{ExerciseError, pose};
use crate::body::{Body, LEVELS};
use crate::posture::{Positions, Settled, settle};
use crate::results::Posture;
use crate::side::Side;
use guywire_engine::equilibrium::{Equilibrium, EquilibriumError};

/// How it is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Way {
    /// The side that does it: the stretched, working or lower one. Of an exercise of both sides, either.
    pub side: Side,
    /// Whether the person heeds its cues.
    pub cued: bool,
}

/// Fibre lengths of a body's muscles in standing: what a stretch is told against.
#[derive(Clone, Debug, PartialEq)]
pub struct Standing {
    pub(super) norm_fiber_length: Vec<f64>,
}

impl Standing {
    /// Of a body.
    ///
    /// # Errors
    /// When the body does not stand.
    pub fn of(body: &Body, positions: &Positions) -> Result<Self, ExerciseError> {
        let settled = settle(body, positions, "standing", None)?;
        Ok(Self { norm_fiber_length: settled.solution.norm_fiber_length })
    }
}

/// An exercise as a body does it.
#[derive(Clone, Debug)]
pub struct Done<'e> {
    /// The exercise.
    pub exercise: &'e Exercise,
    /// How it was done.
    pub way: Way,
    /// Its phases.
    pub phases: Vec<PhaseDone>,
}

/// A phase as a body does it.
#[derive(Clone, Debug)]
pub struct PhaseDone {
    /// The posture as the engine found it.
    pub settled: Settled,
    /// Its numbers.
    pub posture: Posture,
    /// What muscles make about every degree of freedom, active and passive together, N·m.
    pub(super) moments: Vec<f64>,
}

/// Does an exercise on a body.
///
/// # Errors
/// When a phase cannot be reached or balanced: the error says what the body lacks there.
pub fn solve<'e>(
    body: &Body,
    positions: &Positions,
    exercise: &'e Exercise,
    way: Way,
) -> Result<Done<'e>, ExerciseError> {
    let done = exercise.phases.iter().map(|phase| {
        let settled = pose::settle(body, positions, (&exercise.name, phase), (way.side, way.cued))?;
        let posture = settled.posture(body)?;
        let moments = moments(body, &settled)?;
        Ok(PhaseDone { settled, posture, moments })
    });
    Ok(Done { exercise, way, phases: done.collect::<Result<_, ExerciseError>>()? })
}

/// The moments of all muscles about every degree of freedom.
fn moments(body: &Body, settled: &Settled) -> Result<Vec<f64>, ExerciseError> {
    let system = &body.system;
    let solution = &settled.solution;
    let mut equilibrium = Equilibrium::new(system, body.settings.clone());
    let arms = equilibrium.moment_arms(&solution.q).map_err(|lost| EquilibriumError::Line {
        task: settled.task.name.clone(),
        muscle: system.muscles[lost.path].name.clone(),
        surface: system.paths.paths()[lost.path].wraps[lost.wrap].surface.name.clone(),
    })?;
    let mut moments = vec![0.0; system.model.dof()];
    for m in 0..system.muscles.len() {
        let force = solution.active_force[m] + solution.passive_force[m];
        for k in system.paths.row(m) {
            moments[system.paths.columns()[k]] += arms.values[k] * force;
        }
    }
    Ok(moments)
}

/// Joints of a leg whose moments are told: name of the degree, what a positive and a negative moment is called.
pub(super) const OF_LEGS: [(&str, [&str; 2]); 4] = [
    ("hip_flexion", ["hip flexion", "hip extension"]),
    ("hip_adduction", ["hip adduction", "hip abduction"]),
    ("knee_angle", ["knee flexion", "knee extension"]),
    ("ankle_angle", ["dorsiflexion", "plantarflexion"]),
];

impl PhaseDone {
    /// The moment of all muscles about a degree of freedom, N·m; none for one that the body does not have.
    pub fn moment(&self, body: &Body, degree: &str) -> Option<f64> {
        let role = body.role(degree).ok()?;
        Some(role.sign * self.moments[role.degree?])
    }

    /// The moment that the muscles of the back make about the lowest level, N·m, extension positive.
    pub fn lumbar_extension_nm(&self, body: &Body) -> Option<f64> {
        self.moment(body, &format!("{}_FE", LEVELS[0]))
    }
}
