//! Fibres at an angle: their height above the tendon's line stays constant.
//!
//! ```text
//! h = l_opt sin α₀,   sin α = h / l,   w = l cos α = √(l² − h²)
//! ```
//!
//! `l` is the fibre length, `w` its part along the tendon, `α` the pennation angle; m and rad. A fibre is never
//! steeper than the greatest pennation angle.
//! Source: Zajac 1989, Crit Rev Biomed Eng 17:359; OpenSim's `MuscleFixedWidthPennationModel`.

use super::bezier::{MuscleError, between, within};
use core::f64::consts::FRAC_PI_2;

/// Geometry of pennate fibres.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pennation {
    /// `h`, m.
    height: f64,
    /// Sine and cosine of the greatest angle.
    steepest: (f64, f64),
    /// Fibre length at the greatest angle, m.
    shortest: f64,
    /// Its part along the tendon, m.
    least_along: f64,
}

impl Pennation {
    /// Fibres of `optimal_fiber_length` (m) that stand at `at_optimal` (rad) there and never above `greatest` (rad).
    ///
    /// # Errors
    /// When no such fibre exists.
    pub fn new(optimal_fiber_length: f64, at_optimal: f64, greatest: f64) -> Result<Self, MuscleError> {
        between("optimal_fiber_length", optimal_fiber_length, 0.0, f64::INFINITY)?;
        within("pennation_angle_at_optimal", at_optimal, 0.0, FRAC_PI_2 - 1e-14)?;
        within("maximum_pennation_angle", greatest, 0.0, FRAC_PI_2)?;
        // As in OpenSim an angle within round-off of zero is none.
        let straight = at_optimal <= f64::EPSILON;
        let height = if straight { 0.0 } else { optimal_fiber_length * libm::sin(at_optimal) };
        let steepest = libm::sincos(greatest);
        let shortest = if greatest > 1e-14 { height / steepest.0 } else { 0.01 * optimal_fiber_length };
        Ok(Self { height, steepest, shortest, least_along: shortest * steepest.1 })
    }

    /// Constant height of the fibre, m.
    pub fn height(&self) -> f64 {
        self.height
    }

    /// Fibre length at the greatest angle, m: the shortest that a fibre may be.
    pub fn shortest(&self) -> f64 {
        self.shortest
    }

    /// Sine and cosine of the pennation angle of a fibre of this length.
    #[inline]
    pub fn sin_cos(&self, fiber_length: f64) -> (f64, f64) {
        if self.height == 0.0 {
            return (0.0, 1.0);
        }
        if fiber_length > self.shortest {
            let sine = self.height / fiber_length;
            if sine < self.steepest.0 {
                return (sine, libm::sqrt((1.0 - sine) * (1.0 + sine)));
            }
        }
        self.steepest
    }

    /// Length of the fibre that reaches `along` the tendon; the shortest fibre where none reaches so little.
    #[inline]
    pub fn fiber_length(&self, along: f64) -> f64 {
        if along >= self.least_along { self.length_for(along) } else { self.shortest }
    }

    /// `√(w² + h²)`, whatever the angle.
    #[inline]
    pub fn length_for(&self, along: f64) -> f64 {
        libm::sqrt(along * along + self.height * self.height)
    }

    /// Part along the tendon of a fibre at least `h` long, whatever the angle.
    #[inline]
    pub fn along(&self, fiber_length: f64) -> f64 {
        libm::sqrt(((fiber_length - self.height) * (fiber_length + self.height)).max(0.0))
    }
}
