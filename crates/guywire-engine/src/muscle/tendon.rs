//! Force–length curves of tendons.

use super::bezier::SmoothCurve;
use super::{degroote, deprecated, thelen::ThelenTendon};
use guywire_math::Function;

/// Tendon force over maximum isometric force, against tendon length over slack length.
#[derive(Clone, Debug, PartialEq)]
pub enum TendonForceLength {
    /// Millard 2013.
    Millard(SmoothCurve),
    /// Thelen 2003.
    Thelen(ThelenTendon),
    /// De Groote–Fregly 2016.
    DeGrooteFregly {
        /// Tendon strain at one normalised force.
        strain_at_one_norm_force: f64,
    },
    /// Any curve of strain; nothing below zero strain.
    Strain(Function),
    /// OpenSim's `Thelen2003Muscle_Deprecated`; it pulls a little at any length.
    ThelenDeprecated {
        /// Tendon strain at one normalised force.
        strain_at_one_norm_force: f64,
    },
}

impl TendonForceLength {
    /// Value and slope at `norm_length`.
    #[inline]
    pub fn value_slope(&self, norm_length: f64) -> (f64, f64) {
        match self {
            Self::Millard(curve) => curve.value_slope(norm_length),
            Self::Thelen(curve) => curve.value_slope(norm_length),
            Self::DeGrooteFregly { strain_at_one_norm_force } => {
                degroote::tendon(*strain_at_one_norm_force, norm_length)
            }
            Self::Strain(curve) => {
                if norm_length < 1.0 {
                    return (0.0, 0.0);
                }
                let [value, slope, ..] = curve.taylor(norm_length - 1.0);
                (value, slope)
            }
            Self::ThelenDeprecated { strain_at_one_norm_force } => {
                deprecated::thelen_tendon(*strain_at_one_norm_force, norm_length)
            }
        }
    }

    /// A length near the one at which the tendon carries `force`, to start a search from; 1 without force.
    #[inline]
    pub(super) fn length_near(&self, force: f64) -> f64 {
        if force <= 0.0 {
            return 1.0;
        }
        match self {
            // Nearly a parabola up to the end of the toe, straight after it.
            Self::Millard(curve) => {
                let end = curve.last();
                if force < end.y {
                    1.0 + (end.x - 1.0) * libm::sqrt(force / end.y)
                } else {
                    end.x + (force - end.y) / end.slope
                }
            }
            Self::Thelen(curve) => curve.length_of(force),
            Self::DeGrooteFregly { strain_at_one_norm_force: strain }
            | Self::ThelenDeprecated { strain_at_one_norm_force: strain } => 1.0 + strain * force.min(1.0),
            Self::Strain(_) => 1.01,
        }
    }
}
