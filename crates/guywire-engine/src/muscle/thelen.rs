//! Curves of Thelen 2003, J Biomech Eng 125:70, with the constants and the two exact numbers of the tendon's
//! toe that OpenSim's `Thelen2003Muscle` uses.
//!
//! ```text
//! active    exp(−(l − 1)² / γ)
//! passive   (exp(k (l − 1) / e) − 1) / (exp(k) − 1)   for l > 1,   else 0
//! tendon    F_toe (exp(3 ε / ε_toe) − 1) / (exp(3) − 1)   for 0 < ε ≤ ε_toe,   then straight
//! velocity  v / (1/4 + 3/4 a) = (F − F_l) / b,   F_l = a f_l
//!           b = F_l + F / A_f                                 shortening
//!           b = (2 + 2/A_f)(F_len F_l − F) / (F_len − 1)      lengthening
//! ```
//!
//! Lengths over optimal fibre length or slack length, forces over maximum isometric force, velocity over
//! maximum contraction velocity, lengthening positive. The slopes of the passive curve (at `l = 1`) and of
//! the tendon (at `ε = 0`) jump.

use super::bezier::{MuscleError, between};

/// Passive force–length curve of a fibre.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ThelenPassive {
    shape: f64,
    strain_at_one_norm_force: f64,
    denominator: f64,
    rounding: f64,
}

impl Default for ThelenPassive {
    /// OpenSim 4.6: shape 5, strain 0.6.
    fn default() -> Self {
        Self { shape: 5.0, strain_at_one_norm_force: 0.6, denominator: libm::expm1(5.0), rounding: 0.0 }
    }
}

impl ThelenPassive {
    /// Exponential `shape` (Thelen's k^PE) and fibre strain at one normalised force (ε₀^M).
    pub fn new(shape: f64, strain_at_one_norm_force: f64) -> Result<Self, MuscleError> {
        between("KshapePassive", shape, 0.0, 100.0)?;
        between("FmaxMuscleStrain", strain_at_one_norm_force, 0.0, f64::INFINITY)?;
        Ok(Self { shape, strain_at_one_norm_force, denominator: libm::expm1(shape), rounding: 0.0 })
    }

    /// The same curve with its corner at optimal length rounded over about `strain`.
    ///
    /// Departs from the source: there the slope jumps at optimal length, and a posture of least effort
    /// then likes to sit exactly on that corner, where no derivative exists. The strain is replaced by
    /// `(s + √(s² + 4 r²))/2`, which differs by `r` at the corner and by `r²/|s|` away from it.
    #[must_use]
    pub fn rounded(self, strain: f64) -> Self {
        Self { rounding: strain, ..self }
    }

    /// Value and slope at `norm_length`.
    #[inline]
    pub fn value_slope(&self, norm_length: f64) -> (f64, f64) {
        let (mut strain, mut along) = (norm_length - 1.0, 1.0);
        if self.rounding > 0.0 {
            let root = libm::sqrt(strain * strain + 4.0 * self.rounding * self.rounding);
            along = 0.5 * (1.0 + strain / root);
            strain = 0.5 * (strain + root);
        } else if strain <= 0.0 {
            return (0.0, 0.0);
        }
        let rate = self.shape / self.strain_at_one_norm_force;
        let rise = libm::expm1(rate * strain);
        (rise / self.denominator, along * rate * (rise + 1.0) / self.denominator)
    }
}

/// Active force–length curve: value and slope at `norm_length` of the Gaussian of width `gamma`.
#[inline]
pub fn active_force_length(gamma: f64, norm_length: f64) -> (f64, f64) {
    let off = norm_length - 1.0;
    let f = libm::exp(-off * off / gamma);
    (f, -2.0 * off / gamma * f)
}

/// Force–length curve of the tendon.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ThelenTendon {
    toe_strain: f64,
    toe_factor: f64,
    stiffness: f64,
}

impl ThelenTendon {
    const TOE_SHAPE: f64 = 3.0;
    const TOE_FORCE: f64 = 0.33;

    /// Tendon with this strain at one normalised force (ε₀^T; 0.04 in OpenSim 4.6, 0.033 in older models).
    pub fn new(strain_at_one_norm_force: f64) -> Result<Self, MuscleError> {
        between("FmaxTendonStrain", strain_at_one_norm_force, 0.0, f64::INFINITY)?;
        // The paper's ε_toe = 0.609 ε₀ and 1.712 / ε₀ are rounded. Exact, from a continuous slope at the toe's end:
        let e3 = libm::exp(Self::TOE_SHAPE);
        let toe_strain = strain_at_one_norm_force * 99.0 * e3 / (166.0 * e3 - 67.0);
        let stiffness = (1.0 - Self::TOE_FORCE) / (strain_at_one_norm_force - toe_strain);
        Ok(Self { toe_strain, toe_factor: Self::TOE_FORCE / (e3 - 1.0), stiffness })
    }

    /// Tendon length over slack length under a positive force.
    #[inline]
    pub(super) fn length_of(&self, force: f64) -> f64 {
        if force > Self::TOE_FORCE {
            1.0 + self.toe_strain + (force - Self::TOE_FORCE) / self.stiffness
        } else {
            1.0 + self.toe_strain / Self::TOE_SHAPE * libm::log1p(force / self.toe_factor)
        }
    }

    /// Value and slope at tendon length over slack length.
    #[inline]
    pub fn value_slope(&self, norm_length: f64) -> (f64, f64) {
        let strain = norm_length - 1.0;
        if strain <= 0.0 {
            return (0.0, 0.0);
        }
        if strain > self.toe_strain {
            return (self.stiffness * (strain - self.toe_strain) + Self::TOE_FORCE, self.stiffness);
        }
        let rate = Self::TOE_SHAPE / self.toe_strain;
        let rise = libm::expm1(rate * strain);
        (self.toe_factor * rise, self.toe_factor * rate * (rise + 1.0))
    }
}

/// Force–velocity relation, solved for force.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ThelenVelocity {
    af: f64,
    most: f64,
    threshold: f64,
}

impl ThelenVelocity {
    /// Shape factor `af` (Thelen's A_f) and greatest lengthening force `flen` (F_len^M) over isometric force.
    /// OpenSim 4.6 has 0.25 and 1.4. Straight beyond 0.95 of the greatest force, as in OpenSim.
    pub fn new(af: f64, flen: f64) -> Result<Self, MuscleError> {
        Self::with_threshold(af, flen, 0.95)
    }

    /// As [`ThelenVelocity::new`], straight beyond `threshold` of the greatest force (OpenSim's
    /// `fv_linear_extrap_threshold`).
    pub fn with_threshold(af: f64, flen: f64, threshold: f64) -> Result<Self, MuscleError> {
        between("Af", af, 0.0, f64::INFINITY)?;
        between("Flen", flen, 1.0, f64::INFINITY)?;
        between("fv_linear_extrap_threshold", threshold, 1.0 / flen, 1.0)?;
        Ok(Self { af, most: flen, threshold })
    }

    /// Fibre velocity over maximum contraction velocity at which the relation gives `multiplier` times the
    /// isometric force at the present length and activation.
    #[inline]
    pub fn velocity(&self, multiplier: f64, activation: f64) -> f64 {
        let Self { af, most, threshold } = *self;
        let eccentric = (2.0 + 2.0 / af) / (most - 1.0);
        let last = threshold * most;
        let scaled = if multiplier <= 0.0 {
            multiplier * (1.0 + 1.0 / af) - 1.0
        } else if multiplier <= 1.0 {
            (multiplier - 1.0) / (1.0 + multiplier / af)
        } else {
            let held = multiplier.min(last);
            let b = eccentric * (most - held);
            let slope = (1.0 + (held - 1.0) / (most - held)) / b;
            (held - 1.0) / b + slope * (multiplier - held)
        };
        (0.25 + 0.75 * activation) * scaled
    }

    /// Force over isometric force at the present length and activation, and its slope, at fibre velocity
    /// over maximum contraction velocity; `activation` scales the velocity axis.
    pub fn value_slope(&self, norm_velocity: f64, activation: f64) -> (f64, f64) {
        let reach = 0.25 + 0.75 * activation;
        let (f, df) = self.scaled(norm_velocity / reach);
        (f, df / reach)
    }

    fn scaled(&self, v: f64) -> (f64, f64) {
        let Self { af, most, threshold } = *self;
        if v <= -1.0 {
            let slope = 1.0 / (1.0 + 1.0 / af);
            return (slope * (v + 1.0), slope);
        }
        if v <= 0.0 {
            let d = 1.0 - v / af;
            return ((1.0 + v) / d, (1.0 + 1.0 / af) / (d * d));
        }
        let k = (2.0 + 2.0 / af) / (most - 1.0);
        let last = threshold * most;
        let v_last = (last - 1.0) / (k * (most - last));
        let slope = |v: f64| k * (most - 1.0) / ((1.0 + k * v) * (1.0 + k * v));
        if v >= v_last {
            return (last + slope(v_last) * (v - v_last), slope(v_last));
        }
        ((1.0 + v * k * most) / (1.0 + v * k), slope(v))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn curves_pass_through_their_defining_points() {
        assert_eq!(active_force_length(0.45, 1.0), (1.0, -0.0));
        let passive = ThelenPassive::default();
        assert!((passive.value_slope(1.6).0 - 1.0).abs() < 1e-14);
        assert_eq!(passive.value_slope(1.0), (0.0, 0.0));
        let tendon = ThelenTendon::new(0.033).unwrap();
        assert!((tendon.value_slope(1.033).0 - 1.0).abs() < 1e-13);
        // The paper's rounded numbers.
        assert!((tendon.toe_strain / 0.033 - 0.609).abs() < 5e-4, "{}", tendon.toe_strain / 0.033);
        assert!((tendon.stiffness * 0.033 - 1.712).abs() < 2e-3, "{}", tendon.stiffness * 0.033);
        let velocity = ThelenVelocity::new(0.25, 1.4).unwrap();
        assert!(velocity.value_slope(-1.0, 1.0).0.abs() < 1e-15);
        assert_eq!(velocity.value_slope(0.0, 0.5).0, 1.0);
        for i in -40..=60 {
            let multiplier = 0.025 * f64::from(i);
            let back = velocity.value_slope(velocity.velocity(multiplier, 0.3), 0.3).0;
            assert!((back - multiplier).abs() < 1e-12, "{multiplier} {back}");
        }
    }

    #[test]
    fn impossible_shapes_are_refused() {
        assert!(ThelenPassive::new(0.0, 0.6).is_err());
        assert!(ThelenPassive::new(4.0, f64::NAN).is_err());
        assert!(ThelenTendon::new(-1.0).is_err());
        assert!(ThelenVelocity::new(0.25, 1.0).is_err());
    }
}
