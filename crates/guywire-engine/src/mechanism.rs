//! A model with all that acts in it, and what that comes to at one moment: what static optimisation, joint reactions
//! and forward dynamics share.
//!
//! ```text
//! M q̈ + h(q, q̇) = Σ r_k T_k + τ_coordinates + Jᵀ F_bodies + Gᵀ λ,      G q̈ + Ġ q̇ = 0
//! ```
//!
//! `r_k` are moment arms and `T_k` tensions of paths, `F_bodies` wrenches on bodies (springs, contact, loads from
//! outside), `λ` the forces of the constraints that the model does not follow by itself.

use crate::constraint::{Constraint, ConstraintSolver, MotionError};
use crate::force::{Applied, Force, Moment};
use crate::muscle::HillMuscle;
use crate::path::{Route, Unsettled};
use crate::{Dynamics, Kinematics, Model, MomentArms, PathSet, Speeds};
use guywire_math::linalg::{cholesky, cholesky_solve};
use guywire_math::{Vec3, Wrench};

/// A model with its muscles, other forces and constraints. Never changes after building.
#[derive(Clone, Debug)]
pub struct Mechanism {
    /// Bodies, joints and coordinates.
    pub model: Model,
    /// Acceleration of free fall in ground, m/s².
    pub gravity: Vec3<f64>,
    /// What the model does not follow by itself.
    pub constraints: Vec<Constraint>,
    /// Which speeds (over all coordinates) are not rates.
    pub speeds: Speeds,
    /// Lines of pull: those of the muscles first, in their order, then those of other forces.
    pub paths: PathSet,
    /// Muscles.
    pub muscles: Vec<HillMuscle>,
    /// Whether each muscle is on.
    pub muscle_applies: Vec<bool>,
    /// Everything else that makes force.
    pub forces: Vec<Force>,
    /// Number of controls: of the muscles, in their order, then of actuators.
    pub controls: usize,
}

/// Where a [`Mechanism`] is and what acts in it; reused from moment to moment without allocation.
#[derive(Clone, Debug)]
pub struct AtMoment {
    /// Poses.
    pub kinematics: Kinematics<f64>,
    /// Velocities.
    pub dynamics: Dynamics<f64>,
    /// Lengths and moment arms of the paths.
    pub arms: MomentArms<f64>,
    /// Lengthening speeds of the paths, m/s.
    pub path_speeds: Vec<f64>,
    /// What acts: along coordinates (as speeds count), on bodies, along paths.
    pub applied: Applied<f64>,
    /// Multipliers of the constraints, as of the last [`AtMoment::accelerations`].
    pub multipliers: Vec<f64>,
    coordinate_speeds: Vec<f64>,
    coordinate_forces: Vec<f64>,
    force: Vec<f64>,
    bias: Vec<f64>,
    still: Vec<f64>,
    mass: Vec<f64>,
    unloaded: Vec<Wrench<f64>>,
    loaded: Vec<Wrench<f64>>,
    solver: ConstraintSolver,
}

impl AtMoment {
    /// Room for a mechanism.
    pub fn new(mechanism: &Mechanism) -> Self {
        let model = &mechanism.model;
        let (n, coordinates, bodies) = (model.dof(), model.coordinates().len(), model.bodies().len());
        Self {
            kinematics: Kinematics::new(model),
            dynamics: Dynamics::new(model, mechanism.gravity),
            arms: mechanism.paths.moment_arms(),
            path_speeds: vec![0.0; mechanism.paths.len()],
            applied: Applied::new(coordinates, bodies, mechanism.paths.len()),
            multipliers: Vec::new(),
            coordinate_speeds: vec![0.0; coordinates],
            coordinate_forces: vec![0.0; coordinates],
            force: vec![0.0; n],
            bias: vec![0.0; n],
            still: vec![0.0; n],
            mass: vec![0.0; n * n],
            unloaded: vec![Wrench::zero(); bodies],
            loaded: vec![Wrench::zero(); bodies],
            solver: ConstraintSolver::new(model),
        }
    }

    /// Moves everything to pose `q` with rates `qd`, and forgets what acted.
    ///
    /// # Errors
    /// When the line of a path over a surface is not found.
    pub fn move_to(&mut self, mechanism: &Mechanism, q: &[f64], qd: &[f64]) -> Result<(), Unsettled> {
        let model = &mechanism.model;
        self.kinematics.update(model, q);
        self.dynamics.update(model, &self.kinematics, qd);
        mechanism.paths.update(model, &self.kinematics, &mut self.arms)?;
        for (path, speed) in self.path_speeds.iter_mut().enumerate() {
            *speed = self.arms.speed(&mechanism.paths, path, qd);
        }
        self.coordinate_speeds.copy_from_slice(self.dynamics.rates());
        mechanism.speeds.from_rates(&self.kinematics.coordinates, &mut self.coordinate_speeds);
        self.applied.clear();
        Ok(())
    }

    /// Adds what those of the chosen forces do that are on, at a time (s), under these controls and states of their own.
    pub fn act(
        &mut self,
        mechanism: &Mechanism,
        time: f64,
        controls: &[f64],
        states: &[f64],
        chosen: impl Fn(usize, &Force) -> bool,
    ) {
        let (moment, applied) = self.moment(time, controls, states);
        for (index, force) in mechanism.forces.iter().enumerate() {
            if force.applies && chosen(index, force) {
                force.apply(&moment, applied);
            }
        }
    }

    /// Shows every force, on or off, with the moment that [`Force::apply`] takes.
    pub fn each_force(
        &mut self,
        mechanism: &Mechanism,
        time: f64,
        controls: &[f64],
        states: &[f64],
        mut look: impl FnMut(&Force, &Moment<'_, f64>),
    ) {
        let (moment, _) = self.moment(time, controls, states);
        mechanism.forces.iter().for_each(|force| look(force, &moment));
    }

    /// Rates of the forces' own states under these controls.
    pub fn state_rates(
        &mut self,
        mechanism: &Mechanism,
        time: f64,
        controls: &[f64],
        states: &[f64],
        out: &mut [f64],
    ) {
        let (moment, _) = self.moment(time, controls, states);
        for force in &mechanism.forces {
            if let Some((state, _)) = force.state() {
                out[state] = force.state_rate(&moment);
            }
        }
    }

    /// What a force may depend on, and where what it does is added.
    fn moment<'a>(
        &'a mut self,
        time: f64,
        controls: &'a [f64],
        states: &'a [f64],
    ) -> (Moment<'a, f64>, &'a mut Applied<f64>) {
        let moment = Moment {
            time,
            coordinates: &self.kinematics.coordinates,
            speeds: &self.coordinate_speeds,
            bodies: &self.kinematics.bodies,
            velocities: self.dynamics.velocities(),
            path_lengths: &self.arms.lengths,
            path_speeds: &self.path_speeds,
            controls,
            states,
        };
        (moment, &mut self.applied)
    }

    /// Speeds of all coordinates, as OpenSim counts them.
    pub fn speeds(&self) -> &[f64] {
        &self.coordinate_speeds
    }

    /// Generalised forces of everything that acts, N·m or N.
    pub fn generalized_forces(&mut self, mechanism: &Mechanism) -> &[f64] {
        let model = &mechanism.model;
        self.force.fill(0.0);
        for (path, &tension) in self.applied.tensions.iter().enumerate() {
            if tension != 0.0 {
                let row = mechanism.paths.row(path);
                for (&i, arm) in mechanism.paths.columns()[row.clone()].iter().zip(&self.arms.values[row]) {
                    self.force[i] += arm * tension;
                }
            }
        }
        self.coordinate_forces.copy_from_slice(&self.applied.coordinates);
        mechanism.speeds.to_rate_forces(&self.kinematics.coordinates, &mut self.coordinate_forces);
        for (coordinate, &force) in self.coordinate_forces.iter().enumerate() {
            if force != 0.0 {
                self.kinematics.to_degrees(model, coordinate, |i, gain| self.force[i] += force * gain);
            }
        }
        if self.applied.bodies.iter().any(|w| *w != Wrench::zero()) {
            self.kinematics.generalized_forces(model, &self.applied.bodies, &mut self.force);
        }
        &self.force
    }

    /// Generalised forces that accelerations `qdd` need against gravity, before anything else acts.
    pub fn needed(&mut self, mechanism: &Mechanism, qdd: &[f64], out: &mut [f64]) {
        self.dynamics.inverse_dynamics(&mechanism.model, &self.kinematics, qdd, &self.unloaded, out);
    }

    /// Accelerations under everything that acts and the constraints. `q` and `qd` are those of the moment.
    ///
    /// # Errors
    /// When some motion moves no mass, or a number is not finite.
    pub fn accelerations(
        &mut self,
        mechanism: &Mechanism,
        time: f64,
        q: &[f64],
        qd: &[f64],
        qdd: &mut [f64],
    ) -> Result<(), MotionError> {
        let model = &mechanism.model;
        let n = model.dof();
        self.generalized_forces(mechanism);
        self.dynamics.inverse_dynamics(model, &self.kinematics, &self.still, &self.unloaded, &mut self.bias);
        for (force, bias) in self.force.iter_mut().zip(&self.bias) {
            *force -= bias;
        }
        self.dynamics.mass_matrix(model, &self.kinematics, &mut self.mass);
        if !mechanism.constraints.is_empty() {
            return self.solver.accelerations(
                model,
                &mechanism.constraints,
                time,
                &self.kinematics,
                q,
                qd,
                &self.mass,
                &self.force,
                qdd,
                &mut self.multipliers,
            );
        }
        cholesky(&mut self.mass, n).map_err(|_| MotionError::NoMass)?;
        qdd.copy_from_slice(&self.force);
        cholesky_solve(&self.mass, n, qdd);
        if qdd.iter().all(|a| a.is_finite()) { Ok(()) } else { Err(MotionError::NotFinite) }
    }

    /// Finds what every joint transmits ([`Dynamics::transmitted`]) at accelerations `qdd` under all that acts,
    /// constraint forces as of the last [`AtMoment::accelerations`]. Tensions act where the paths touch the bodies.
    pub fn transmit(&mut self, mechanism: &Mechanism, qdd: &[f64], route: &mut Route<f64>, tau: &mut [f64]) {
        let Self { kinematics, applied, loaded, multipliers, .. } = self;
        loaded.copy_from_slice(&applied.bodies);
        mechanism.paths.add_wrenches(kinematics, route, loaded, |path, _| applied.tensions[path]);
        let mut first = 0;
        for constraint in &mechanism.constraints {
            let count = constraint.equations();
            if let Some(forces) = multipliers.get(first..first + count) {
                constraint.add_wrenches(kinematics, forces, loaded);
            }
            first += count;
        }
        self.dynamics.inverse_dynamics(&mechanism.model, &self.kinematics, qdd, &self.loaded, tau);
    }

    /// The solver of the constraints, whose memory is shared.
    pub fn solver(&mut self) -> (&mut ConstraintSolver, &mut Kinematics<f64>) {
        (&mut self.solver, &mut self.kinematics)
    }
}
