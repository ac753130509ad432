//! Static equilibrium of fibre and elastic tendon at a path length.
//!
//! ```text
//! (a f_A(l) + f_P(l)) cos α − f_T((path − w)/l_slack) = 0
//! ```
//!
//! The unknown is `w`, the fibre's part along the tendon, because the tendon is linear in it and nothing is
//! singular where the fibre is steep. Newton's steps are kept between a fibre at its shortest and a slack tendon;
//! they start, as OpenSim's, from a tendon stretched by one per cent, so that of several equilibria the same is found.

use super::HillMuscle;
use super::bezier::MuscleError;
use super::hill::Behaviour;
use super::state::MuscleState;
use super::velocity::root;

/// Newton's last step over the optimal fibre length; convergence is quadratic.
const LAST_STEP: f64 = 1e-9;
/// Tendon stretch to start from.
const START: f64 = 1.01;

impl HillMuscle {
    /// The muscle in static equilibrium at a path length: the fibre neither moves nor is off balance, unless it is
    /// held at its shortest. `path_speed` is what the tendon then moves with. A rigid muscle is returned at rest.
    ///
    /// # Errors
    /// When a number is not finite.
    pub fn equilibrium(
        &self,
        activation: f64,
        path_length: f64,
        path_speed: f64,
    ) -> Result<MuscleState, MuscleError> {
        if self.is_rigid() {
            return self.rigid(activation, path_length, 0.0);
        }
        let fiber_length = self.equilibrium_length(activation, path_length);
        let state = self.state(activation, fiber_length, path_length, path_speed)?;
        if self.behaviour == Behaviour::DeGroote || self.behaviour == Behaviour::Deprecated {
            return Ok(self.slack(state, path_length));
        }
        Ok(state)
    }

    /// Fibre length in static equilibrium at a path length, m.
    #[inline]
    pub fn equilibrium_length(&self, activation: f64, path_length: f64) -> f64 {
        let (optimal, slack) = (self.properties.optimal_fiber_length, self.properties.tendon_slack_length);
        if self.is_rigid() {
            return self.pennation.fiber_length(path_length - slack);
        }
        let activation = self.activation.clamp(activation);
        let residual = |along: f64| self.imbalance(activation, along, path_length);
        let (low, high) = (self.least_along, path_length - slack);
        // Even a slack tendon cannot hold the shortest fibre, or the shortest fibre outpulls any tendon.
        if high <= low || residual(low).0 >= 0.0 {
            return self.shortest;
        }
        let along = root(residual, path_length - START * slack, [low, high], LAST_STEP * optimal);
        if along <= low { self.shortest } else { self.pennation.length_for(along) }
    }

    /// By how much a resting fibre outpulls its elastic tendon, over maximum isometric force, and how that grows with
    /// the fibre's part `along` the tendon (per m). A rigid tendon is outpulled by nothing.
    #[inline]
    pub fn imbalance(&self, activation: f64, along: f64, path_length: f64) -> (f64, f64) {
        let Some(tendon) = &self.tendon else {
            return (0.0, 0.0);
        };
        let (optimal, slack) = (self.properties.optimal_fiber_length, self.properties.tendon_slack_length);
        let length = self.pennation.length_for(along);
        let cosine = if length > 0.0 { along / length } else { 1.0 };
        let (active, d_active) = self.active.value_slope(length / optimal);
        let (passive, d_passive) = self.passive.value_slope(length / optimal);
        let (pull, stiffness) = tendon.value_slope((path_length - along) / slack);
        let fiber = activation * active + passive;
        let d_fiber = (activation * d_active + d_passive) / optimal;
        let d_cosine = if length > 0.0 { (1.0 - cosine * cosine) / length } else { 0.0 };
        (fiber * cosine - pull, d_fiber * cosine * cosine + fiber * d_cosine + stiffness / slack)
    }

    /// Classes without a shortest fibre carry nothing on a path shorter than the slack tendon.
    fn slack(&self, mut state: MuscleState, path_length: f64) -> MuscleState {
        if path_length <= self.properties.tendon_slack_length {
            (state.active_fiber_force, state.passive_fiber_force, state.tendon_force) = (0.0, 0.0, 0.0);
            (state.fiber_velocity, state.norm_fiber_velocity) = (0.0, 0.0);
            state.tendon_length = path_length;
            state.clamped = true;
        }
        state
    }
}
