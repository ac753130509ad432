//! One scene of a week, solved.

use super::{Scene, WeekError, cycle, sole};
use crate::body::Body;
use crate::posture::{Positions, Settled, of_many, settle, settle_near, start_at};
use guywire_engine::Kinematics;
use guywire_engine::equilibrium::{Equilibrium, Near};

/// Solves scenes of bodies.
#[derive(Clone, Copy, Debug)]
pub struct Solver<'p> {
    /// The positions.
    pub positions: &'p Positions,
}

/// A body in a scene: what muscles and discs go through.
#[derive(Clone, Debug, PartialEq)]
pub struct Moment {
    /// Length of every muscle's path, m.
    pub path_length: Vec<f64>,
    /// Fibre length over optimal fibre length of every muscle.
    pub normalized_fiber_length: Vec<f64>,
    /// Activation of every muscle.
    pub activation: Vec<f64>,
    /// Force of every muscle, active and passive, N.
    pub force_n: Vec<f64>,
    /// Passive force of every muscle, N.
    pub passive_force_n: Vec<f64>,
    /// Compression of every disc from below, N.
    pub compression_n: Vec<f64>,
    /// Stress in the posterior annulus of every disc from below, MPa.
    pub posterior_stress_mpa: Vec<f64>,
    /// Pressure in the nucleus of every disc from below, MPa.
    pub pressure_mpa: Vec<f64>,
    /// Contact force of the left and the right hip, N.
    pub hip_force_n: [f64; 2],
    /// Tension along the sole of the left and the right foot, N.
    pub sole_n: [f64; 2],
}

impl Solver<'_> {
    /// Solves a scene from its own start.
    ///
    /// # Errors
    /// When the scene does not fit the body or has no equilibrium.
    pub fn solve(&self, scene: &Scene, body: &Body) -> Result<Settled, WeekError> {
        match scene {
            Scene::Position(name) => {
                settle(body, self.positions, name, None).map_err(|e| WeekError::unsolved(name, e))
            }
            Scene::Phase(name, phase) => {
                let task = cycle::task(name, phase, body, self.positions)?;
                let solution = Equilibrium::new(&body.system, body.settings.clone())
                    .solve(&task)
                    .map_err(|e| WeekError::unbalanced(name, e))?;
                Ok(Settled::in_motion(task, solution))
            }
        }
    }

    /// Solves a scene for one of many similar bodies.
    ///
    /// # Errors
    /// As [`Solver::solve`].
    pub fn solve_near(&self, scene: &Scene, body: &Body, near: Near) -> Result<Settled, WeekError> {
        match scene {
            Scene::Position(name) => {
                settle_near(body, self.positions, name, near).map_err(|e| WeekError::unsolved(name, e))
            }
            Scene::Phase(name, phase) => {
                let task = cycle::task(name, phase, body, self.positions)?;
                let settings = of_many(body, false);
                let solution = Equilibrium::new(&body.system, settings)
                    .solve_near(&task, near)
                    .map_err(|e| WeekError::unbalanced(name, e))?;
                Ok(Settled::in_motion(task, solution))
            }
        }
    }

    /// Where the search for similar bodies starts.
    ///
    /// # Errors
    /// When the load cannot be shared there.
    pub fn start(&self, scene: &Scene, body: &Body, settled: &Settled) -> Result<Near, WeekError> {
        start_at(body, settled).map_err(|e| WeekError::unsolved(scene.name(), e))
    }
}

impl Moment {
    /// Reads a solved scene.
    ///
    /// # Errors
    /// When the body lacks a part, or the line of a muscle is not found.
    pub fn of(body: &Body, settled: &Settled) -> Result<Self, WeekError> {
        let posture = settled.posture(body)?;
        let solution = &settled.solution;
        let mut kinematics = Kinematics::new(&body.system.model);
        kinematics.update(&body.system.model, &solution.q);
        let mut arms = body.system.paths.moment_arms();
        body.system
            .paths
            .update(&body.system.model, &kinematics, &mut arms)
            .map_err(|lost| WeekError::Body(lost.into()))?;
        // Postures tell discs from above.
        let discs = || posture.discs.iter().rev();
        let mut hip_force_n = [0.0; 2];
        for (force, hip) in hip_force_n.iter_mut().zip(&posture.hips) {
            *force = hip.contact_force_n;
        }
        Ok(Self {
            path_length: arms.lengths,
            normalized_fiber_length: solution.norm_fiber_length.clone(),
            activation: solution.activation.clone(),
            force_n: solution.active_force.iter().zip(&solution.passive_force).map(|(a, p)| a + p).collect(),
            passive_force_n: solution.passive_force.clone(),
            compression_n: discs().map(|d| d.compression_n).collect(),
            posterior_stress_mpa: discs().map(|d| d.posterior_stress_mpa).collect(),
            pressure_mpa: discs().map(|d| d.pressure_mpa).collect(),
            hip_force_n,
            sole_n: match body.is_built_in() {
                true => sole::tension(body, settled, &kinematics)?,
                false => [f64::NAN; 2],
            },
        })
    }

    /// How many numbers of a body with so many muscles and discs there are.
    pub const fn width(muscles: usize, discs: usize) -> usize {
        5 * muscles + 3 * discs + 4
    }

    /// All of it in one row, to be kept.
    pub fn numbers(&self) -> Vec<f64> {
        let of_muscles = [
            &self.path_length,
            &self.normalized_fiber_length,
            &self.activation,
            &self.force_n,
            &self.passive_force_n,
        ];
        let of_discs = [&self.compression_n, &self.posterior_stress_mpa, &self.pressure_mpa];
        let of_sides = self.hip_force_n.iter().chain(&self.sole_n);
        of_muscles.into_iter().chain(of_discs).flatten().chain(of_sides).copied().collect()
    }

    /// What a row of [`Moment::numbers`] says of a body with so many muscles and discs; nothing where it is none.
    pub fn from_numbers((muscles, discs): (usize, usize), row: &[f64]) -> Option<Self> {
        let (of_muscles, rest) = row.split_at_checked(5 * muscles)?;
        let (of_discs, of_sides) = rest.split_at_checked(3 * discs)?;
        let [left_hip, right_hip, left_sole, right_sole] = <[f64; 4]>::try_from(of_sides).ok()?;
        let of = |all: &[f64], width: usize, k: usize| all[k * width..(k + 1) * width].to_vec();
        Some(Self {
            path_length: of(of_muscles, muscles, 0),
            normalized_fiber_length: of(of_muscles, muscles, 1),
            activation: of(of_muscles, muscles, 2),
            force_n: of(of_muscles, muscles, 3),
            passive_force_n: of(of_muscles, muscles, 4),
            compression_n: of(of_discs, discs, 0),
            posterior_stress_mpa: of(of_discs, discs, 1),
            pressure_mpa: of(of_discs, discs, 2),
            hip_force_n: [left_hip, right_hip],
            sole_n: [left_sole, right_sole],
        })
    }

    /// The slope between two moments of bodies that differ by `width`; only of what is a number of one muscle, disc or hip.
    pub(super) fn slope(&self, below: &Self, width: f64) -> Self {
        let of = |up: &[f64], down: &[f64]| up.iter().zip(down).map(|(a, b)| (a - b) / width).collect();
        let both = |up: [f64; 2], down: [f64; 2]| [0, 1].map(|side| (up[side] - down[side]) / width);
        Self {
            path_length: of(&self.path_length, &below.path_length),
            normalized_fiber_length: of(&self.normalized_fiber_length, &below.normalized_fiber_length),
            activation: of(&self.activation, &below.activation),
            force_n: of(&self.force_n, &below.force_n),
            passive_force_n: of(&self.passive_force_n, &below.passive_force_n),
            compression_n: of(&self.compression_n, &below.compression_n),
            posterior_stress_mpa: of(&self.posterior_stress_mpa, &below.posterior_stress_mpa),
            pressure_mpa: of(&self.pressure_mpa, &below.pressure_mpa),
            hip_force_n: both(self.hip_force_n, below.hip_force_n),
            sole_n: both(self.sole_n, below.sole_n),
        }
    }
}
