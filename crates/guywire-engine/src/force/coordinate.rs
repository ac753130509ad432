//! Forces along a coordinate.
//!
//! ```text
//! stop      −k₊ s₊ (q − q₊) + k₋ s₋ (q₋ − q) − c (s₊ + s₋) q̇
//! spring    −k (q − q₀) − c q̇
//! actuator  u · F_opt
//! ```
//!
//! `s₊`, `s₋` are smooth steps from 0 at the limit to 1 at `transition` beyond it (OpenSim's `CoordinateLimitForce`).

use super::expression::Expression;
use super::{Moment, smooth_step};
use guywire_math::Real;

/// A stop at either end of the range; rad or m, N·m or N.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CoordinateLimit {
    /// Greatest free value.
    pub upper_limit: f64,
    /// Stiffness above it.
    pub upper_stiffness: f64,
    /// Least free value.
    pub lower_limit: f64,
    /// Stiffness below it.
    pub lower_stiffness: f64,
    /// Damping beyond either.
    pub damping: f64,
    /// Over which distance stiffness and damping rise.
    pub transition: f64,
}

/// How a force depends on its coordinate.
#[derive(Clone, Debug)]
pub enum CoordinateLaw {
    /// `CoordinateLimitForce`.
    Limit(CoordinateLimit),
    /// `SpringGeneralizedForce`.
    Spring {
        /// Stiffness.
        stiffness: f64,
        /// rad or m.
        rest: f64,
        /// Viscosity.
        viscosity: f64,
    },
    /// `ExpressionBasedCoordinateForce`: of `q` and `qdot`.
    Formula(Expression),
    /// `CoordinateActuator`.
    Actuator {
        /// Index of its control.
        control: usize,
        /// N or N·m at control 1.
        optimal_force: f64,
    },
    /// `ActivationCoordinateActuator`: the control is followed with a delay.
    Activated {
        /// Index of its control.
        control: usize,
        /// N or N·m at activation 1.
        optimal_force: f64,
        /// Index of its activation among the states.
        state: usize,
        /// Initial activation.
        initial: f64,
        /// s.
        time_constant: f64,
    },
}

impl CoordinateLaw {
    /// Force along the coordinate at value `q` and speed `u`.
    #[inline]
    pub(super) fn at<T: Real>(&self, q: T, u: T, moment: &Moment<'_, T>) -> T {
        match self {
            Self::Limit(limit) => limit.at(q, u),
            Self::Spring { stiffness, rest, viscosity } => -((q - *rest) * *stiffness + u * *viscosity),
            Self::Formula(expression) => expression.at(&[q, u]),
            Self::Actuator { control, optimal_force } => T::lift(moment.controls[*control] * optimal_force),
            Self::Activated { optimal_force, state, .. } => T::lift(moment.states[*state] * optimal_force),
        }
    }

    pub(super) fn is_passive(&self) -> bool {
        matches!(self, Self::Limit(_) | Self::Spring { .. } | Self::Formula(_))
    }
}

impl CoordinateLimit {
    /// Force at value `q` and speed `u`.
    ///
    /// Departs from OpenSim where a stiffness is zero: OpenSim's damping is then not a number, here that limit has none.
    #[inline]
    pub fn at<T: Real>(&self, q: T, u: T) -> T {
        let mut force = T::zero();
        let mut beyond = |past: T, stiffness: f64, sign: f64| {
            if past.value() <= 0.0 || stiffness == 0.0 {
                return;
            }
            let share = if self.transition > 0.0 { smooth_step(past / self.transition) } else { T::one() };
            force -= share * (past * (stiffness * sign) + u * self.damping);
        };
        beyond(q - self.upper_limit, self.upper_stiffness, 1.0);
        beyond(-q + self.lower_limit, self.lower_stiffness, -1.0);
        force
    }
}
