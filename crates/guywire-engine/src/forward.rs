//! Forward dynamics: how a model moves under controls, with activation dynamics and elastic tendons.
//!
//! ```text
//! state    q, q̇, activations, fibre lengths, states of other forces
//! q̈ = M⁻¹ (forces − h)      ȧ = activation dynamics(u(t), a)      l̇ from the balance of fibre and tendon
//! ```
//!
//! An elastic tendon pulls its fibre back within milliseconds, which would limit an explicit integrator to steps of
//! that length. The fibre's own rate is `l̇ = v(l, L(q), a)`: the implicit method of [`guywire_math::ode`] is told its
//! derivatives by `l`, path length `L` and `a`, and steps as far as the motion of the body allows.

use crate::constraint::{AssemblyError, MotionError};
use crate::force::Force;
use crate::mechanism::{AtMoment, Mechanism};
use crate::muscle::MuscleError;
use crate::path::Unsettled;
use crate::speeds::GimbalLock;
use guywire_math::ode::Ode;
use guywire_math::{Pose, Wrench};

/// What an accepted step may leave of position constraints, m or rad, before the pose is corrected.
const CONSTRAINT_ERROR: f64 = 1e-9;

/// Why a model cannot move on.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ForwardError {
    /// A muscle's fibre and tendon have no state.
    #[error("muscle {muscle} has no state: {cause}")]
    Muscle {
        /// Index of the muscle.
        muscle: usize,
        /// Why.
        cause: MuscleError,
    },
    /// The line of a path is not found.
    #[error(transparent)]
    Path(#[from] Unsettled),
    /// Angles at gimbal lock, where speeds give no rates.
    #[error(transparent)]
    GimbalLock(#[from] GimbalLock),
    /// The accelerations are not determined.
    #[error(transparent)]
    Motion(#[from] MotionError),
    /// The constraints cannot be kept.
    #[error(transparent)]
    Assembly(#[from] AssemblyError),
}

/// What drives a model from outside.
pub trait Drive {
    /// Writes the controls at a time (s).
    fn controls(&self, time: f64, controls: &mut [f64]);
    /// Adds wrenches on bodies (ground origin and axes) at a time; `bodies` are their poses.
    fn loads(&self, _time: f64, _bodies: &[Pose<f64>], _wrenches: &mut [Wrench<f64>]) {}
}

/// Where the parts of the state are.
#[derive(Clone, Debug)]
pub struct StateLayout {
    /// Degrees of freedom.
    pub dof: usize,
    /// For every muscle, where its activation is; none where activation is excitation.
    pub activation: Vec<Option<usize>>,
    /// For every muscle, where its fibre length is; none for rigid tendons.
    pub fiber: Vec<Option<usize>>,
    /// Where the states of other forces begin.
    pub forces: usize,
    /// Number of states.
    pub len: usize,
}

impl StateLayout {
    /// Of a mechanism: values, rates, activations, fibre lengths, other states.
    pub fn of(mechanism: &Mechanism) -> Self {
        let dof = mechanism.model.dof();
        let mut len = 2 * dof;
        let mut next = |there: bool| {
            len += usize::from(there);
            there.then_some(len - 1)
        };
        let muscles = &mechanism.muscles;
        let activation = muscles.iter().map(|m| next(m.has_activation_state())).collect();
        let fiber = muscles.iter().map(|m| next(!m.is_rigid())).collect();
        let forces = len;
        let len = forces + mechanism.forces.iter().filter(|f| f.state().is_some()).count();
        Self { dof, activation, fiber, forces, len }
    }
}

/// A mechanism in motion: the equations that an [`Integrator`](guywire_math::ode::Integrator) advances.
#[derive(Debug)]
pub struct Forward<'m, D> {
    mechanism: &'m Mechanism,
    drive: D,
    layout: StateLayout,
    moment: AtMoment,
    controls: Vec<f64>,
    /// Lengthening rate of every fibre at the last rates.
    fiber_rates: Vec<f64>,
    /// Of every muscle, the derivatives of the fibre's rate by path length and activation at the last linearisation,
    /// and the moment arms there.
    by_path: Vec<f64>,
    by_activation: Vec<f64>,
    arms: Vec<f64>,
    /// Every degree of freedom may move to keep the constraints.
    ease: Vec<f64>,
}

impl<'m, D: Drive> Forward<'m, D> {
    /// The equations of a mechanism under a drive.
    pub fn new(mechanism: &'m Mechanism, drive: D) -> Self {
        let moment = AtMoment::new(mechanism);
        let muscles = mechanism.muscles.len();
        Self {
            layout: StateLayout::of(mechanism),
            drive,
            controls: vec![0.0; mechanism.controls],
            fiber_rates: vec![0.0; muscles],
            by_path: vec![0.0; muscles],
            by_activation: vec![0.0; muscles],
            arms: vec![0.0; moment.arms.values.len()],
            ease: vec![1.0; mechanism.model.dof()],
            moment,
            mechanism,
        }
    }

    /// What drives it; after a change the integrator must be restarted.
    pub fn drive_mut(&mut self) -> &mut D {
        &mut self.drive
    }

    /// Where the parts of the state are.
    pub fn layout(&self) -> &StateLayout {
        &self.layout
    }

    /// The size of every state, for the integrator's error: 1 rad or m, 1 rad/s or m/s, activation 1, optimal fibre length.
    pub fn scale(&self) -> Vec<f64> {
        let mut scale = vec![1.0; self.layout.len];
        for (muscle, fiber) in self.mechanism.muscles.iter().zip(&self.layout.fiber) {
            if let Some(i) = fiber {
                scale[*i] = muscle.properties().optimal_fiber_length;
            }
        }
        scale
    }

    /// A state at pose `q` with rates `qd` and these activations: constraints kept, fibres in static equilibrium.
    ///
    /// # Errors
    /// When the constraints cannot be kept or a fibre has no equilibrium.
    pub fn start(
        &mut self,
        time: f64,
        q: &[f64],
        qd: &[f64],
        activations: &[f64],
    ) -> Result<Vec<f64>, ForwardError> {
        let mut state = vec![0.0; self.layout.len];
        let (dof, mechanism) = (self.layout.dof, self.mechanism);
        state[..dof].copy_from_slice(q);
        state[dof..2 * dof].copy_from_slice(qd);
        self.settle(time, &mut state)?;
        self.moment.move_to(mechanism, &state[..dof], &state[dof..2 * dof])?;
        for (m, muscle) in mechanism.muscles.iter().enumerate() {
            if let Some(i) = self.layout.activation[m] {
                state[i] = muscle.activation_dynamics().clamp(activations[m]);
            }
            if let Some(i) = self.layout.fiber[m] {
                let (length, speed) = (self.moment.arms.lengths[m], self.moment.path_speeds[m]);
                state[i] = muscle.initial_fiber_length(activations[m], length, speed);
            }
        }
        for (k, initial) in mechanism.forces.iter().filter_map(Force::state) {
            state[self.layout.forces + k] = initial;
        }
        Ok(state)
    }

    /// Poses, muscle states and everything else at a state, for reports.
    ///
    /// # Errors
    /// When a muscle has no state there.
    pub fn at(&mut self, time: f64, state: &[f64]) -> Result<&AtMoment, ForwardError> {
        self.drive.controls(time, &mut self.controls);
        self.act(time, state)?;
        Ok(&self.moment)
    }

    /// As [`Forward::at`], with the accelerations that all that acts there makes.
    ///
    /// # Errors
    /// When a muscle has no state there, or the accelerations are not determined.
    pub fn accelerations(&mut self, time: f64, state: &[f64], qdd: &mut [f64]) -> Result<(), ForwardError> {
        let (mechanism, dof) = (self.mechanism, self.layout.dof);
        self.at(time, state)?;
        let (q, qd) = (&state[..dof], &state[dof..2 * dof]);
        Ok(self.moment.accelerations(mechanism, time, q, qd, qdd)?)
    }

    /// Where everything is, as of the state last looked at.
    pub fn moment(&self) -> &AtMoment {
        &self.moment
    }

    /// What moves.
    pub fn mechanism(&self) -> &'m Mechanism {
        self.mechanism
    }

    /// Controls at the time last looked at.
    pub fn controls(&self) -> &[f64] {
        &self.controls
    }

    /// Activation of a muscle at a state.
    pub fn activation(&self, muscle: usize, state: &[f64]) -> f64 {
        self.layout.activation[muscle].map_or_else(|| self.controls[muscle], |i| state[i])
    }

    /// Moves to a state and gathers all that acts there.
    fn act(&mut self, time: f64, state: &[f64]) -> Result<(), ForwardError> {
        let (mechanism, dof) = (self.mechanism, self.layout.dof);
        self.moment.move_to(mechanism, &state[..dof], &state[dof..2 * dof])?;
        self.moment.act(mechanism, time, &self.controls, &state[self.layout.forces..], |_, _| true);
        for (m, muscle) in mechanism.muscles.iter().enumerate() {
            let activation = self.activation(m, state);
            let (length, speed) = (self.moment.arms.lengths[m], self.moment.path_speeds[m]);
            let fiber = match self.layout.fiber[m] {
                Some(i) => muscle.state(activation, state[i], length, speed),
                None => muscle.rigid(activation, length, speed),
            };
            let fiber = fiber.map_err(|cause| ForwardError::Muscle { muscle: m, cause })?;
            if mechanism.muscle_applies[m] {
                self.moment.applied.tensions[m] += fiber.tendon_force;
            }
            self.fiber_rates[m] = fiber.fiber_velocity;
        }
        let AtMoment { kinematics, applied, .. } = &mut self.moment;
        self.drive.loads(time, &kinematics.bodies, &mut applied.bodies);
        Ok(())
    }
}

impl<D: Drive> Ode for Forward<'_, D> {
    type Error = ForwardError;

    fn rates(&mut self, time: f64, state: &[f64], rates: &mut [f64]) -> Result<(), ForwardError> {
        let (mechanism, dof) = (self.mechanism, self.layout.dof);
        self.drive.controls(time, &mut self.controls);
        self.act(time, state)?;
        let (positions, rest) = rates.split_at_mut(dof);
        positions.copy_from_slice(&state[dof..2 * dof]);
        let (q, qd) = (&state[..dof], &state[dof..2 * dof]);
        self.moment.accelerations(mechanism, time, q, qd, &mut rest[..dof])?;
        for (m, muscle) in mechanism.muscles.iter().enumerate() {
            if let Some(i) = self.layout.activation[m] {
                rates[i] = muscle.activation_rate(self.controls[m], state[i]);
            }
            if let Some(i) = self.layout.fiber[m] {
                rates[i] = self.fiber_rates[m];
            }
        }
        let own = self.layout.forces;
        self.moment.state_rates(mechanism, time, &self.controls, &state[own..], &mut rates[own..]);
        Ok(())
    }

    fn linearize(&mut self, _: f64, state: &[f64], diagonal: &mut [f64]) -> Result<(), ForwardError> {
        diagonal.fill(0.0);
        self.arms.copy_from_slice(&self.moment.arms.values);
        for (m, muscle) in self.mechanism.muscles.iter().enumerate() {
            let Some(i) = self.layout.fiber[m] else { continue };
            let (activation, length) = (self.activation(m, state), self.moment.arms.lengths[m]);
            let (_, slopes) = muscle
                .state_and_slopes(activation, state[i], length, self.moment.path_speeds[m])
                .map_err(|cause| ForwardError::Muscle { muscle: m, cause })?;
            diagonal[i] = slopes.by_fiber_length.min(0.0);
            self.by_path[m] = slopes.by_path_length;
            self.by_activation[m] = slopes.by_activation;
        }
        Ok(())
    }

    fn couple(&mut self, change: &[f64], out: &mut [f64]) {
        out.fill(0.0);
        for (m, fiber) in self.layout.fiber.iter().enumerate() {
            let Some(i) = *fiber else { continue };
            let row = self.mechanism.paths.row(m);
            let columns = &self.mechanism.paths.columns()[row.clone()];
            let length: f64 =
                -columns.iter().zip(&self.arms[row]).map(|(&k, arm)| arm * change[k]).sum::<f64>();
            let activation = self.layout.activation[m].map_or(0.0, |k| change[k]);
            out[i] = self.by_path[m] * length + self.by_activation[m] * activation;
        }
    }

    fn settle(&mut self, time: f64, state: &mut [f64]) -> Result<bool, ForwardError> {
        let (constraints, dof) = (&self.mechanism.constraints, self.layout.dof);
        if constraints.is_empty() {
            return Ok(false);
        }
        let model = &self.mechanism.model;
        let (q, rest) = state.split_at_mut(dof);
        let (solver, kinematics) = self.moment.solver();
        solver.assemble(model, constraints, time, &self.ease, CONSTRAINT_ERROR, kinematics, q)?;
        solver.project_rates(model, constraints, time, kinematics, &mut rest[..dof]);
        Ok(true)
    }
}
