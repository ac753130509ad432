//! Hill-type muscle: normalised curves, and the muscle–tendon path with a rigid tendon.
//!
//! ```text
//! h = l_opt sin α₀          constant height of the fibre
//! w = path − l_slack        fibre along the tendon
//! l = √(w² + h²),  cos α = w / l
//! F = F_max cos α (a f_A(l / l_opt) + f_P(l / l_opt))
//! ```
//!
//! Lengths in m, forces in N, angles in rad, `a` from 0 to 1. `f_A` and `f_P` are the active and passive
//! force–length curves: Millard 2013 ([`millard`]), Thelen 2003 ([`thelen`]) or De Groote–Fregly 2016 ([`degroote`]).
//! Source of the constant-height fibre: Zajac 1989, Crit Rev Biomed Eng 17:359; OpenSim's `MuscleFixedWidthPennationModel`.

pub mod activation;
pub mod bezier;
pub mod class;
pub mod degroote;
mod deprecated;
mod equilibrium;
mod hill;
pub mod millard;
mod pennation;
mod rigid;
mod shared;
mod slopes;
mod state;
mod tendon;
pub mod thelen;
mod velocity;

pub use activation::ActivationDynamics;
pub use bezier::{MuscleError, SmoothCurve};
pub use class::{MuscleClass, MuscleProperties};
pub use hill::HillMuscle;
pub use pennation::Pennation;
pub use rigid::{MuscleParameters, RigidTendon};
pub use shared::SharedCurves;
pub use slopes::VelocitySlopes;
pub use state::MuscleState;
pub use tendon::TendonForceLength;
pub use thelen::ThelenPassive;

use guywire_math::{Function, Real};

/// Shortest fibre length over optimal length for curves that have no least active length; the domain
/// over which De Groote–Fregly's curves were fitted, assumed for Thelen's.
const SHORTEST_WITHOUT_LIMIT: f64 = 0.2;

/// Active force over maximum isometric force, against fibre length over optimal length.
#[derive(Clone, Debug, PartialEq)]
pub enum ActiveForceLength {
    /// Millard 2013; made by [`ActiveForceLength::millard`].
    Millard(SmoothCurve),
    /// Thelen 2003: a Gaussian.
    Thelen {
        /// Width (OpenSim's `KshapeActive`; 0.45 by default).
        gamma: f64,
    },
    /// De Groote–Fregly 2016.
    DeGrooteFregly {
        /// Factor on the width about optimal length; 1 is the source's.
        width_scale: f64,
    },
    /// Any curve; negative values count as zero.
    Spline(Function),
}

impl ActiveForceLength {
    /// Millard's curve of this shape.
    pub fn millard(shape: &millard::ActiveShape) -> Result<Self, MuscleError> {
        shape.curve().map(Self::Millard)
    }

    /// Value and slope at `norm_length`.
    #[inline]
    pub fn value_slope(&self, norm_length: f64) -> (f64, f64) {
        match self {
            Self::Millard(curve) => curve.value_slope(norm_length),
            Self::Thelen { gamma } => thelen::active_force_length(*gamma, norm_length),
            Self::DeGrooteFregly { width_scale } => {
                let (value, slope) = degroote::active_force_length((norm_length - 1.0) / width_scale + 1.0);
                (value, slope / width_scale)
            }
            Self::Spline(curve) => {
                let [value, slope, ..] = curve.taylor(norm_length);
                if value > 0.0 { (value, slope) } else { (0.0, 0.0) }
            }
        }
    }

    /// Value at `norm_length`, with its exact first derivative.
    #[inline]
    pub fn at<T: Real>(&self, norm_length: T) -> T {
        let (value, slope) = self.value_slope(norm_length.value());
        norm_length.chain(value, slope)
    }

    /// The length below which a fibre makes no active force of its own; a rigid tendon holds it there.
    #[inline]
    pub fn shortest(&self) -> f64 {
        match self {
            Self::Millard(curve) => curve.domain().0,
            Self::Thelen { .. } | Self::DeGrooteFregly { .. } | Self::Spline(_) => SHORTEST_WITHOUT_LIMIT,
        }
    }
}

/// The shape of a passive force–length curve.
#[derive(Clone, Debug, PartialEq)]
pub enum PassiveCurve {
    /// Millard 2013.
    Millard(SmoothCurve),
    /// Thelen 2003.
    Thelen(ThelenPassive),
    /// De Groote–Fregly 2016.
    DeGrooteFregly {
        /// Fibre strain at one normalised force.
        strain_at_one_norm_force: f64,
    },
    /// Any curve, held between two values.
    Spline {
        /// The curve.
        curve: Function,
        /// Its least and greatest value.
        range: [f64; 2],
    },
    /// The exponential of OpenSim's `Schutte1993Muscle_Deprecated`.
    Schutte,
    /// The exponential of OpenSim's `Thelen2003Muscle_Deprecated`, straight beyond one normalised force.
    ThelenDeprecated {
        /// KshapePassive.
        shape: f64,
        /// FmaxMuscleStrain.
        strain_at_one_norm_force: f64,
    },
    /// No passive force.
    Slack,
}

/// Passive force over maximum isometric force, against fibre length over optimal length.
///
/// The curve can be read off a fibre that is longer or stiffer than the one it was measured on:
///
/// ```text
/// f_P(l) = scale · curve(l / stretch)
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct PassiveForceLength {
    /// The curve of the reference fibre.
    pub curve: PassiveCurve,
    /// 1 + shift: every length of the curve times this (1 in the reference; above 1, the force starts later).
    pub stretch: f64,
    /// Every force of the curve times this (1 in the reference).
    pub scale: f64,
}

impl From<PassiveCurve> for PassiveForceLength {
    fn from(curve: PassiveCurve) -> Self {
        Self { curve, stretch: 1.0, scale: 1.0 }
    }
}

impl PassiveForceLength {
    /// Millard's curve of this shape.
    pub fn millard(shape: &millard::PassiveShape) -> Result<Self, MuscleError> {
        Ok(PassiveCurve::Millard(shape.curve()?).into())
    }

    /// Thelen's curve with this exponential shape and fibre strain at one normalised force.
    pub fn thelen(shape: f64, strain_at_one_norm_force: f64) -> Result<Self, MuscleError> {
        Ok(PassiveCurve::Thelen(ThelenPassive::new(shape, strain_at_one_norm_force)?).into())
    }

    /// Value and slope at `norm_length`.
    #[inline]
    pub fn value_slope(&self, norm_length: f64) -> (f64, f64) {
        let read_at = norm_length / self.stretch;
        let (value, slope) = match &self.curve {
            PassiveCurve::Millard(curve) => curve.value_slope(read_at),
            PassiveCurve::Thelen(curve) => curve.value_slope(read_at),
            PassiveCurve::DeGrooteFregly { strain_at_one_norm_force } => {
                degroote::passive_force_length(*strain_at_one_norm_force, read_at)
            }
            PassiveCurve::Spline { curve, range: [least, most] } => {
                let [value, slope, ..] = curve.taylor(read_at);
                if value < *least {
                    (*least, 0.0)
                } else if value > *most {
                    (*most, 0.0)
                } else {
                    (value, slope)
                }
            }
            PassiveCurve::Schutte => deprecated::schutte_passive(read_at),
            PassiveCurve::ThelenDeprecated { shape, strain_at_one_norm_force } => {
                deprecated::thelen_passive(*shape, *strain_at_one_norm_force, read_at)
            }
            PassiveCurve::Slack => (0.0, 0.0),
        };
        (self.scale * value, self.scale / self.stretch * slope)
    }

    /// Value at `norm_length`, with its exact first derivative.
    #[inline]
    pub fn at<T: Real>(&self, norm_length: T) -> T {
        let (value, slope) = self.value_slope(norm_length.value());
        norm_length.chain(value, slope)
    }
}

#[cfg(test)]
mod tests;
