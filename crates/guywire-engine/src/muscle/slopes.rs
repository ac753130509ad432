//! Exact slopes of fibre velocity, for integrators that are implicit in the fibre.
//!
//! ```text
//! N = f_T / cos α − f_P,   I = a f_A,   v = V(N, I, a)
//! dv = V_N dN + V_I dI + V_a da
//! ```

use super::bezier::MuscleError;
use super::state::MuscleState;
use super::velocity::Velocity;
use super::{HillMuscle, degroote};

/// Slopes of the fibre velocity of an elastic muscle.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct VelocitySlopes {
    /// By fibre length, 1/s.
    pub by_fiber_length: f64,
    /// By path length, 1/s.
    pub by_path_length: f64,
    /// By activation, m/s.
    pub by_activation: f64,
}

impl HillMuscle {
    /// As [`HillMuscle::state`], with the slopes of the fibre velocity: exact, but for the two deprecated classes whose
    /// velocity is differenced. A fibre that is held at its shortest, or has a rigid tendon, has none.
    ///
    /// # Errors
    /// When a number is not finite.
    pub fn state_and_slopes(
        &self,
        activation: f64,
        fiber_length: f64,
        path_length: f64,
        path_speed: f64,
    ) -> Result<(MuscleState, VelocitySlopes), MuscleError> {
        let s = self.state(activation, fiber_length, path_length, path_speed)?;
        let Some(tendon) = self.tendon.as_ref().filter(|_| !s.clamped && s.cos_pennation > 1e-12) else {
            return Ok((s, VelocitySlopes::default()));
        };
        let p = &self.properties;
        let (optimal, slack) = (p.optimal_fiber_length, p.tendon_slack_length);
        let (active, d_active) = self.active.value_slope(s.norm_fiber_length);
        let (passive, d_passive) = self.passive.value_slope(s.norm_fiber_length);
        let (pull, stiffness) = tendon.value_slope(s.tendon_length / slack);
        let unit = self.velocity.unit(p.max_contraction_velocity, s.activation) * optimal;
        let c = s.cos_pennation;
        let needed = pull / c - passive;
        let isometric = s.activation * active;
        let velocity = s.fiber_velocity / unit;
        let [by_needed, by_isometric, by_activation] =
            self.velocity.slopes([s.activation, active], needed, velocity, s.force_velocity);
        // Along the tendon a fibre lengthens by 1/cos α, and its cosine grows by sin² α/(l cos α).
        let d_cosine = s.sin_pennation * s.sin_pennation / (s.fiber_length * c);
        let needed_by_fiber = -stiffness / (slack * c * c) - pull / (c * c) * d_cosine - d_passive / optimal;
        let isometric_by_fiber = s.activation * d_active / optimal;
        let within = self.activation.clamp(activation) == activation;
        let d_unit = self.velocity.unit_slope() * optimal;
        let slopes = VelocitySlopes {
            by_fiber_length: unit * (by_needed * needed_by_fiber + by_isometric * isometric_by_fiber),
            by_path_length: unit * by_needed * stiffness / (slack * c),
            by_activation: if within {
                unit * (by_isometric * active + by_activation) + d_unit * velocity
            } else {
                0.0
            },
        };
        let finite = [slopes.by_fiber_length, slopes.by_path_length, slopes.by_activation, isometric];
        if finite.iter().all(|v| v.is_finite()) { Ok((s, slopes)) } else { Err(s.not_finite()) }
    }
}

impl Velocity {
    /// How the unit of velocity grows with activation, per optimal fibre length.
    fn unit_slope(&self) -> f64 {
        match self {
            Self::ThelenDeprecated { resting, greatest, .. } => greatest - resting,
            _ => 0.0,
        }
    }

    /// `V_N`, `V_I` and `V_a` at a velocity that makes `needed`, where the active factor is `factor`.
    fn slopes(&self, [activation, active]: [f64; 2], needed: f64, velocity: f64, factor: f64) -> [f64; 3] {
        let isometric = activation * active;
        let of_curve = |slope: f64, damping: f64| {
            let rise = isometric * slope + damping;
            [1.0 / rise, -factor / rise, 0.0]
        };
        match self {
            Self::Millard { inverse, damping, .. } if *damping == 0.0 => {
                let slope = inverse.value_slope(factor).1 / isometric;
                [slope, -factor * slope, 0.0]
            }
            Self::Millard { curve, damping, .. } => of_curve(curve.value_slope(velocity).1, *damping),
            Self::Thelen(law) => {
                let [by_needed, by_isometric, _] = of_curve(law.value_slope(velocity, activation).1, 0.0);
                [by_needed, by_isometric, 0.75 * velocity / (0.25 + 0.75 * activation)]
            }
            Self::DeGrooteFregly { .. } => of_curve(degroote::force_velocity(velocity).1, 0.0),
            Self::Spline(curve) | Self::Delp { curve, .. } => of_curve(curve.taylor(velocity)[1], 0.0),
            Self::Schutte { .. } | Self::ThelenDeprecated { .. } => {
                const STEP: f64 = 1e-6;
                let at = |needed: f64, isometric: f64| self.solve(1.0, isometric, needed).0;
                let by_needed = (at(needed + STEP, isometric) - at(needed - STEP, isometric)) / (2.0 * STEP);
                let h = STEP * isometric;
                let by_isometric = (at(needed, isometric + h) - at(needed, isometric - h)) / (2.0 * h);
                [by_needed, by_isometric, 0.0]
            }
        }
    }
}
