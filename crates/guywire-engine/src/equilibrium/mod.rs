//! Postures in which gravity, contacts, muscles and passive tissue balance, chosen by least effort.
//!
//! ```text
//! minimise    effort Σ V_m ((a_m + κ p_m)² + 2 ε a_m) / Σ V  +  Σ (τ/price)²  +  aims  +  ½ W ‖ρ‖²
//! subject to  b(q, a, λ, τ) + Jᵀμ + ρ = 0,   floor ≤ a ≤ ceiling,   λ in friction pyramids,   c(q) = 0
//! p_m = F_passive / max(F_active(l), floor · F_max)
//! ```
//!
//! `μ` are the forces of the body's own constraints (closed loops, coupled coordinates), which cost nothing and
//! therefore drop out of the balance with the directions that they hold (`loops.rs`); their equations are among `c`.
//! `τ` are the moments of passive tissue that have a price, and of ideal actuators within their limits.
//!
//! At a fixed pose this is a convex programme ([`guywire_math::BoxQp`]): that is static optimisation. The
//! pose is found around it: the gradient of its optimal value is exact (envelope theorem and dual
//! numbers), the Hessian starts from the Gauss–Newton form
//!
//! ```text
//! H = Bᵀ S⁻¹ B,   B = ∂b/∂q,   S = A_F W_F⁻¹ A_Fᵀ + 1/W
//! ```
//!
//! and is improved by damped BFGS updates (Powell 1978); steps stay on `c(q) = 0` by projection.
//! A spinal segment's stiffness depends on its compression, which is carried over from the last step and
//! has settled when the search ends.

mod balance;
mod certify;
mod compliance;
mod conditions;
mod hand;
mod independent;
mod loops;
mod near;
mod newton;
mod objective;
mod relaxed;
mod search;
mod sensitivity;

pub(crate) use balance::for_each_load;
pub use compliance::{Compliance, Rest, Unrest};
pub use conditions::inclination;
pub use hand::{Hand, Stop};
pub use near::Near;
pub use sensitivity::{Imbalance, Sensitivity, Shift};

use crate::kinematics::Motion;
use crate::path::Unsettled;
use crate::system::System;
use crate::task::Task;
use balance::{AtPose, contact_force};
use guywire_math::{BoxQpError, BoxQpSolution, Vec3};

/// What the search weighs, and when it stops.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Cost of the volume-weighted mean of squared activation.
    pub effort: f64,
    /// `κ`: price of passive muscle tension against the same force made actively.
    pub strain_price: f64,
    /// The force that could be made actively is taken as at least this share of maximal force.
    pub strain_price_floor: f64,
    /// `ε`: part of the effort that grows linearly with activation: a muscle costs from the first twitch.
    pub linear_effort: f64,
    /// Cost of a contact edge's squared force in body weights: shares load between contacts.
    pub contact_price: f64,
    /// `W`: stiffness with which the balance is held during the search, per (N·m)² or N².
    pub balance_stiffness: f64,
    /// Largest unbalanced moment of a solution, N·m.
    pub tolerance_moment: f64,
    /// Largest unbalanced force of a solution, N.
    pub tolerance_force: f64,
    /// What a step may still promise of the cost, over `1 + cost`, when the search ends: [`Settings::EXACT`], or more for
    /// one of many similar bodies. The balance is held alike.
    pub tolerance_cost: f64,
    /// Largest difference between the compression that a segment was stiffened by and the one that results, N.
    pub tolerance_compression: f64,
    /// Whether a search that stops short is led round with the balance held softly, and one that lacks balance is sought
    /// again with it held more stiffly. Without, a body that cannot be balanced is given up in a fraction of the time.
    pub detours: bool,
    /// Most steps of the search.
    pub max_iterations: usize,
}

impl Settings {
    /// `tolerance_cost` of a search to the last digits.
    pub const EXACT: f64 = 1e-12;
}

/// An equilibrium.
#[derive(Clone, Debug)]
pub struct Solution {
    /// The pose.
    pub q: Vec<f64>,
    /// Activation of every muscle.
    pub activation: Vec<f64>,
    /// Active force of every muscle along its tendon, N.
    pub active_force: Vec<f64>,
    /// Passive force of every muscle along its tendon, N.
    pub passive_force: Vec<f64>,
    /// Fibre length over optimal fibre length of every muscle.
    pub norm_fiber_length: Vec<f64>,
    /// Moment or force of every ideal actuator, N·m or N.
    pub actuator_force: Vec<f64>,
    /// Force along every equation of the constraints, one after the other (the multipliers `μ`).
    pub constraint_force: Vec<f64>,
    /// Force of every contact in ground, N.
    pub contact_force: Vec<guywire_math::Vec3<f64>>,
    /// Compression of every level, N.
    pub compression: Vec<f64>,
    /// Multipliers of the balance: a warm start.
    pub multipliers: Vec<f64>,
    /// Optimal cost.
    pub cost: f64,
    /// Largest unbalanced moment, N·m.
    pub residual_moment: f64,
    /// Largest unbalanced force, N.
    pub residual_force: f64,
    /// Largest violation of the conditions on the pose, m or rad.
    pub condition_violation: f64,
    /// Residual of the optimality conditions: the gradient that the conditions do not carry, in the norm of
    /// the inverse Hessian and squared, over `1 + cost`: twice the share of the cost that could still be saved.
    pub kkt_residual: f64,
    /// Steps of the search.
    pub iterations: usize,
}

/// Why there is no solution.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EquilibriumError {
    /// The balance cannot be met.
    #[error("`{task}` cannot be balanced: `{coordinate}` lacks {missing:.3} {unit}; {obstacle}")]
    Unbalanced {
        /// The position.
        task: String,
        /// The coordinate with the largest gap.
        coordinate: String,
        /// What is missing there.
        missing: f64,
        /// `N·m` or `N`.
        unit: &'static str,
        /// What stands in the way.
        obstacle: String,
    },
    /// The search stopped before the optimality conditions held.
    #[error(
        "`{task}` did not converge in {iterations} steps: residual of the optimality conditions {kkt_residual:.1e}"
    )]
    Unconverged {
        /// The position.
        task: String,
        /// Steps taken.
        iterations: usize,
        /// Residual of the optimality conditions.
        kkt_residual: f64,
    },
    /// The conditions on the pose contradict each other or the joints cannot meet them.
    #[error(
        "`{task}`: the joints cannot meet the position's conditions; {violation:.2e} m or rad is left at {worst}"
    )]
    Unreachable {
        /// The position.
        task: String,
        /// The condition that is furthest from being met.
        worst: String,
        /// Largest violation.
        violation: f64,
    },
    /// The line of a muscle over a surface was not found at a pose.
    #[error("`{task}`: the line of `{muscle}` over `{surface}` was not found at a pose")]
    Line {
        /// The position.
        task: String,
        /// The muscle.
        muscle: String,
        /// The surface.
        surface: String,
    },
    /// The load sharing at a pose failed.
    #[error("`{task}`: load sharing failed at a pose ({problem:?})")]
    LoadSharing {
        /// The position.
        task: String,
        /// What failed.
        problem: BoxQpError,
    },
    /// The start is not a pose of this body.
    #[error("`{task}`: the start has {found} values, the body {expected} degrees of freedom")]
    WrongStart {
        /// The position.
        task: String,
        /// Length given.
        found: usize,
        /// Length expected.
        expected: usize,
    },
}

/// Finds postures of a body; reuses its memory from solve to solve.
#[derive(Clone, Debug)]
pub struct Equilibrium<'s> {
    system: &'s System,
    settings: Settings,
    at: AtPose,
    sharing: BoxQpSolution,
    stiffening: Vec<f64>,
    motion: Vec<Motion<f64>>,
}

impl<'s> Equilibrium<'s> {
    /// For a body and a way to weigh effort.
    pub fn new(system: &'s System, settings: Settings) -> Self {
        Self {
            system,
            settings,
            at: AtPose::new(system),
            sharing: BoxQpSolution::default(),
            stiffening: Vec::new(),
            motion: Vec::new(),
        }
    }

    /// Static optimisation at a fixed pose: shares the load and returns its cost. `compression` of the
    /// levels sets the stiffness of the spinal segments.
    ///
    /// # Errors
    /// When the programme cannot be solved.
    pub fn share_load(
        &mut self,
        task: &Task,
        q: &[f64],
        compression: &[f64],
    ) -> Result<f64, EquilibriumError> {
        self.stiffening.clear();
        self.stiffening.extend(compression.iter().map(|&p| self.system.preload.factor(p)));
        let found = self.at.update(self.system, task, &self.settings, q, &self.stiffening);
        found.map_err(|lost| self.lost(task, lost))?;
        let problem = |problem| EquilibriumError::LoadSharing { task: task.name.clone(), problem };
        self.at.qp.solve(&mut self.sharing, 1).map_err(problem)?;
        Ok(self.sharing.cost)
    }

    /// The muscle and the surface whose line was not found.
    fn lost(&self, task: &Task, lost: Unsettled) -> EquilibriumError {
        EquilibriumError::Line {
            task: task.name.clone(),
            muscle: self.system.muscles[lost.path].name.clone(),
            surface: self.system.paths.paths()[lost.path].wraps[lost.wrap].surface.name.clone(),
        }
    }

    /// Lengths and moment arms at a pose: what [`Equilibrium::share_load`] does first, alone.
    ///
    /// # Errors
    /// When the line of a muscle over a surface is not found.
    pub fn moment_arms(&mut self, q: &[f64]) -> Result<&crate::MomentArms<f64>, Unsettled> {
        let kinematics = &mut self.at.scratch.kinematics;
        kinematics.update(&self.system.model, q);
        self.system.paths.update(&self.system.model, kinematics, &mut self.at.arms)?;
        Ok(&self.at.arms)
    }

    fn contact_forces(&self, task: &Task, physical: &[f64]) -> Vec<Vec3<f64>> {
        let along = balance::Layout::of(self.system, task).edges(physical);
        (0..task.contacts.len()).map(|k| contact_force(task, k, along)).collect()
    }
}
