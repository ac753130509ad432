//! How activation follows excitation.
//!
//! ```text
//! first order       ȧ = (u − a)/τ,   τ = τ_a (½ + 3/2 a) for u > a,  else τ_d/(½ + 3/2 a)
//! De Groote         ȧ = ((½ + f)/(τ_a z) + (½ − f) z/τ_d) (u − a),   f = ½ tanh(b (u − a)),  z = ½ + 3/2 a
//! Schutte, Delp     ȧ = (u − a)(a₁ u + a₂)/T for u ≥ a,  else (u − a) a₂/T
//! deprecated Thelen ȧ = (u − a)/τ_a for u ≥ a,  else (u − a)/τ_d
//! ```
//!
//! Source of the first: Thelen 2003, J Biomech Eng 125:70, as OpenSim's `MuscleFirstOrderActivationDynamicModel`
//! (activation is not below its minimum). Of the second: De Groote et al. 2009, 2016.

use super::bezier::{MuscleError, between, within};

/// Activation dynamics; times in s, activation and excitation from 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ActivationDynamics {
    /// Thelen 2003 and Millard 2012.
    FirstOrder {
        /// s.
        activation_time_constant: f64,
        /// s.
        deactivation_time_constant: f64,
        /// Least activation.
        minimum_activation: f64,
    },
    /// De Groote–Fregly 2016.
    DeGrooteFregly {
        /// s.
        activation_time_constant: f64,
        /// s.
        deactivation_time_constant: f64,
        /// Steepness `b` of the switch.
        smoothing: f64,
    },
    /// Schutte 1993 and Delp 1990.
    Schutte {
        /// `T`, s.
        time_scale: f64,
        /// `a₁`, `a₂`.
        rates: [f64; 2],
    },
    /// OpenSim's `Thelen2003Muscle_Deprecated`.
    Switched {
        /// s.
        activation_time_constant: f64,
        /// s.
        deactivation_time_constant: f64,
    },
    /// Activation is excitation.
    None,
}

impl ActivationDynamics {
    /// Refuses constants with which activation would not follow excitation.
    ///
    /// # Errors
    /// When a constant is out of its range.
    pub fn validate(&self) -> Result<(), MuscleError> {
        match *self {
            Self::FirstOrder { activation_time_constant, deactivation_time_constant, minimum_activation } => {
                between("activation_time_constant", activation_time_constant, 0.0, f64::INFINITY)?;
                between("deactivation_time_constant", deactivation_time_constant, 0.0, f64::INFINITY)?;
                within("minimum_activation", minimum_activation, 0.0, 1.0)
            }
            Self::DeGrooteFregly { activation_time_constant, deactivation_time_constant, smoothing } => {
                between("activation_time_constant", activation_time_constant, 0.0, f64::INFINITY)?;
                between("deactivation_time_constant", deactivation_time_constant, 0.0, f64::INFINITY)?;
                between("activation_dynamics_smoothing", smoothing, 0.0, f64::INFINITY)
            }
            Self::Schutte { time_scale, rates: [first, second] } => {
                between("time_scale", time_scale, 0.0, f64::INFINITY)?;
                within("activation1", first, 0.0, f64::MAX)?;
                within("activation2", second, 0.0, f64::MAX)
            }
            Self::Switched { activation_time_constant, deactivation_time_constant } => {
                between("activation_time_constant", activation_time_constant, 0.0, f64::INFINITY)?;
                between("deactivation_time_constant", deactivation_time_constant, 0.0, f64::INFINITY)
            }
            Self::None => Ok(()),
        }
    }

    /// The activation that the fibres feel: OpenSim holds it between the least activation and 1 where the class
    /// has a least activation, and takes it as it is elsewhere.
    #[inline]
    pub fn clamp(&self, activation: f64) -> f64 {
        match *self {
            Self::FirstOrder { minimum_activation, .. } => activation.clamp(minimum_activation, 1.0),
            _ => activation,
        }
    }

    /// Rate of activation, 1/s. Zero where activation is excitation.
    #[inline]
    pub fn rate(&self, excitation: f64, activation: f64) -> f64 {
        let activation = self.clamp(activation);
        let lack = excitation - activation;
        match *self {
            Self::FirstOrder { activation_time_constant: rise, deactivation_time_constant: fall, .. } => {
                let z = 0.5 + 1.5 * activation;
                if lack > 0.0 { lack / (rise * z) } else { lack * z / fall }
            }
            Self::DeGrooteFregly {
                activation_time_constant: rise,
                deactivation_time_constant: fall,
                smoothing,
            } => {
                let z = 0.5 + 1.5 * activation;
                let f = 0.5 * libm::tanh(smoothing * lack);
                ((0.5 + f) / (rise * z) + (0.5 - f) * z / fall) * lack
            }
            Self::Schutte { time_scale, rates: [first, second] } => {
                let rate = if lack >= 0.0 { first * excitation + second } else { second };
                lack * rate / time_scale
            }
            Self::Switched { activation_time_constant: rise, deactivation_time_constant: fall } => {
                lack / if lack >= 0.0 { rise } else { fall }
            }
            Self::None => 0.0,
        }
    }
}
