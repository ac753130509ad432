//! Curves of Millard, Uchida, Seth and Delp 2013 (OpenSim's `Millard2012EquilibriumMuscle`).
//!
//! Each shape is a set of parameters, named as in OpenSim; `curve` turns it into a [`SmoothCurve`].
//! Lengths are over optimal fibre length or tendon slack length, forces over maximum isometric force,
//! velocities over maximum contraction velocity (lengthening positive).
//!
//! Source: Millard et al. 2013, J Biomech Eng 135:021005; where OpenSim 4.6 differs from the paper (transition
//! length, passive curve with a low-stiffness start, slopes near the greatest velocities) OpenSim is followed,
//! since published models are calibrated with it.

use super::bezier::{Knot, MuscleError, SmoothCurve, between, within};

/// Half the width of the plateau in optimal fibre lengths, by which the limbs' corners are moved apart.
/// OpenSim 4.6; the paper's sarcomere has 0.0259.
const PLATEAU_HALF_WIDTH: f64 = 0.05;
/// Slope halfway up the steep ascending limb over the slope of its chord.
const STEEP_LIMB_FACTOR: f64 = 1.25;

/// Active force against fibre length: five corners from the steep ascending limb to the descending one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ActiveShape {
    /// Length at which the steep ascending limb starts.
    pub min_norm_active_fiber_length: f64,
    /// Length at which the steep ascending limb turns into the shallow one.
    pub transition_norm_fiber_length: f64,
    /// Length at which the descending limb ends.
    pub max_norm_active_fiber_length: f64,
    /// Slope of the shallow ascending limb.
    pub shallow_ascending_slope: f64,
    /// Force at both ends and beyond them.
    pub minimum_value: f64,
}

impl Default for ActiveShape {
    /// OpenSim 4.6 `ActiveForceLengthCurve`.
    fn default() -> Self {
        Self {
            min_norm_active_fiber_length: 0.4441,
            transition_norm_fiber_length: 0.73,
            max_norm_active_fiber_length: 1.8123,
            shallow_ascending_slope: 0.8616,
            minimum_value: 0.1,
        }
    }
}

impl ActiveShape {
    /// The curve of these parameters.
    pub fn curve(&self) -> Result<SmoothCurve, MuscleError> {
        let (start, turn, end) = (
            self.min_norm_active_fiber_length,
            self.transition_norm_fiber_length,
            self.max_norm_active_fiber_length,
        );
        let half = PLATEAU_HALF_WIDTH;
        between("transition_norm_fiber_length", turn, 0.0, 1.0 - half)?;
        within("min_norm_active_fiber_length", start, 0.0, turn - half)?;
        between("max_norm_active_fiber_length", end, 1.0 + 2.0 * half, f64::INFINITY)?;
        within("shallow_ascending_slope", self.shallow_ascending_slope, 0.0, 1.0 / (1.0 - turn))?;
        within("minimum_value", self.minimum_value, 0.0, 1.0)?;

        let shoulder = 1.0 - half;
        let at_turn = 1.0 - self.shallow_ascending_slope * (shoulder - turn);
        let ascent = STEEP_LIMB_FACTOR * at_turn / (turn - start);
        let descent = -1.0 / ((end - half) - (1.0 + half));
        let knots = [
            Knot::new(start, self.minimum_value, 0.0),
            Knot::new(0.5 * (start + turn), 0.5 * at_turn, ascent),
            Knot::new(0.5 * (turn + shoulder), 0.5 * (1.0 + at_turn), self.shallow_ascending_slope),
            Knot::new(1.0, 1.0, 0.0),
            Knot::new(0.5 * (1.0 + half + end), 0.5, descent),
            Knot::new(end, self.minimum_value, 0.0),
        ];
        SmoothCurve::through(&knots, &[1.0; 5])
    }
}

/// Passive force against fibre length.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PassiveShape {
    /// Fibre strain below which there is no passive force.
    pub strain_at_zero_force: f64,
    /// Fibre strain at which the passive force equals the maximum isometric force.
    pub strain_at_one_norm_force: f64,
    /// Slope at the end of the foot of the curve.
    pub stiffness_at_low_force: f64,
    /// Slope at one normalised force and beyond.
    pub stiffness_at_one_norm_force: f64,
    /// How sharply the curve bends, 0 to 1.
    pub curviness: f64,
}

impl Default for PassiveShape {
    /// OpenSim 4.6 `FiberForceLengthCurve`.
    fn default() -> Self {
        Self::with_strains(0.0, 0.7)
    }
}

impl PassiveShape {
    /// The shape that OpenSim gives a curve of which only the two strains are known.
    pub fn with_strains(at_zero_force: f64, at_one_norm_force: f64) -> Self {
        Self {
            strain_at_zero_force: at_zero_force,
            strain_at_one_norm_force: at_one_norm_force,
            stiffness_at_low_force: 0.2,
            stiffness_at_one_norm_force: 2.0 / (at_one_norm_force - at_zero_force),
            curviness: 0.75,
        }
    }

    /// The curve of these parameters.
    pub fn curve(&self) -> Result<SmoothCurve, MuscleError> {
        let (zero, one) = (1.0 + self.strain_at_zero_force, 1.0 + self.strain_at_one_norm_force);
        between("strain_at_zero_force", self.strain_at_zero_force, -1.0, self.strain_at_one_norm_force)?;
        within("strain_at_one_norm_force", self.strain_at_one_norm_force, -1.0, f64::MAX)?;
        let secant = 1.0 / (one - zero);
        between("stiffness_at_one_norm_force", self.stiffness_at_one_norm_force, secant, f64::INFINITY)?;
        between("stiffness_at_low_force", self.stiffness_at_low_force, 0.0, secant)?;
        let foot = (0.1 / self.stiffness_at_one_norm_force).min(0.1 * (one - zero));
        let knots = [
            Knot::new(zero, 0.0, 0.0),
            Knot::new(zero + foot, self.stiffness_at_low_force * 0.5 * foot, self.stiffness_at_low_force),
            Knot::new(one, 1.0, self.stiffness_at_one_norm_force),
        ];
        SmoothCurve::through(&knots, &[self.curviness; 2])
    }
}

/// Tendon force against tendon length: a toe, then a straight line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TendonShape {
    /// Strain at which the tendon carries the maximum isometric force.
    pub strain_at_one_norm_force: f64,
    /// Slope of the straight part.
    pub stiffness_at_one_norm_force: f64,
    /// Force at which the toe ends.
    pub norm_force_at_toe_end: f64,
    /// How sharply the toe bends, 0 to 1.
    pub curviness: f64,
}

impl Default for TendonShape {
    /// OpenSim 4.6 `TendonForceLengthCurve`: 4.9 % strain, measured in vivo by Maganaris and Paul 2002.
    fn default() -> Self {
        Self::with_strain(0.049)
    }
}

impl TendonShape {
    /// The shape that OpenSim gives a tendon of which only the strain is known.
    pub fn with_strain(at_one_norm_force: f64) -> Self {
        Self {
            strain_at_one_norm_force: at_one_norm_force,
            stiffness_at_one_norm_force: 1.375 / at_one_norm_force,
            norm_force_at_toe_end: 2.0 / 3.0,
            curviness: 0.5,
        }
    }

    /// The curve of these parameters.
    pub fn curve(&self) -> Result<SmoothCurve, MuscleError> {
        let (strain, stiffness) = (self.strain_at_one_norm_force, self.stiffness_at_one_norm_force);
        between("strain_at_one_norm_force", strain, 0.0, f64::INFINITY)?;
        between("stiffness_at_one_norm_force", stiffness, 1.0 / strain, f64::INFINITY)?;
        between("norm_force_at_toe_end", self.norm_force_at_toe_end, 0.0, 1.0)?;
        let on_line = |force: f64| 1.0 + strain + (force - 1.0) / stiffness;
        let toe = self.norm_force_at_toe_end;
        // The toe is drawn from a foot a tenth of its length behind the start to half the toe's force on the line.
        let foot = 1.0 + 0.1 * (on_line(toe) - 1.0);
        let slope = 0.5 * toe / (on_line(0.5 * toe) - foot);
        let middle = 0.5 * (on_line(0.5 * toe) - foot);
        let knots = [
            Knot::new(1.0, 0.0, 0.0),
            Knot::new(foot + middle, slope * middle, slope),
            Knot::new(on_line(toe), toe, stiffness),
        ];
        SmoothCurve::through(&knots, &[self.curviness; 2])
    }
}

/// Active force against fibre velocity.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct VelocityShape {
    /// Slope at the greatest shortening velocity and beyond.
    pub concentric_slope_at_vmax: f64,
    /// Slope just before it.
    pub concentric_slope_near_vmax: f64,
    /// Slope at rest.
    pub isometric_slope: f64,
    /// Slope at the greatest lengthening velocity and beyond.
    pub eccentric_slope_at_vmax: f64,
    /// Slope just before it.
    pub eccentric_slope_near_vmax: f64,
    /// Force at the greatest lengthening velocity.
    pub max_eccentric_velocity_force_multiplier: f64,
    /// How sharply the shortening part bends, 0 to 1.
    pub concentric_curviness: f64,
    /// How sharply the lengthening part bends, 0 to 1.
    pub eccentric_curviness: f64,
}

impl Default for VelocityShape {
    /// OpenSim 4.6 `ForceVelocityCurve`.
    fn default() -> Self {
        Self {
            concentric_slope_at_vmax: 0.0,
            concentric_slope_near_vmax: 0.25,
            isometric_slope: 5.0,
            eccentric_slope_at_vmax: 0.0,
            eccentric_slope_near_vmax: 0.15,
            max_eccentric_velocity_force_multiplier: 1.4,
            concentric_curviness: 0.6,
            eccentric_curviness: 0.9,
        }
    }
}

impl VelocityShape {
    /// The default with the slopes at the greatest velocities that OpenSim's inverse curve starts from, so
    /// that velocity is a function of force everywhere (OpenSim 4.6 `ForceVelocityInverseCurve`).
    pub fn invertible() -> Self {
        Self { concentric_slope_at_vmax: 0.1, eccentric_slope_at_vmax: 0.1, ..Self::default() }
    }

    fn knots(&self) -> Result<([Knot; 5], [f64; 4]), MuscleError> {
        let most = self.max_eccentric_velocity_force_multiplier;
        between("max_eccentric_velocity_force_multiplier", most, 1.0, f64::INFINITY)?;
        let (near_c, near_e) = (self.concentric_slope_near_vmax, self.eccentric_slope_near_vmax);
        within("concentric_slope_near_vmax", near_c, 0.0, 1.0)?;
        within("eccentric_slope_near_vmax", near_e, 0.0, most - 1.0)?;
        within("concentric_slope_at_vmax", self.concentric_slope_at_vmax, 0.0, near_c)?;
        within("eccentric_slope_at_vmax", self.eccentric_slope_at_vmax, 0.0, near_e)?;
        between("isometric_slope", self.isometric_slope, (most - 1.0).max(1.0), f64::INFINITY)?;
        // The slopes "near" hold a tenth of the greatest velocity before it; the ordinate there follows the mean slope.
        let near = 0.1;
        let knots = [
            Knot::new(-1.0, 0.0, self.concentric_slope_at_vmax),
            Knot::new(near - 1.0, 0.5 * near * (near_c + self.concentric_slope_at_vmax), near_c),
            Knot::new(0.0, 1.0, self.isometric_slope),
            Knot::new(1.0 - near, most - 0.5 * near * (near_e + self.eccentric_slope_at_vmax), near_e),
            Knot::new(1.0, most, self.eccentric_slope_at_vmax),
        ];
        let (c, e) = (self.concentric_curviness, self.eccentric_curviness);
        Ok((knots, [c, c, e, e]))
    }

    /// Force against velocity.
    pub fn curve(&self) -> Result<SmoothCurve, MuscleError> {
        let (knots, curviness) = self.knots()?;
        SmoothCurve::through(&knots, &curviness)
    }

    /// Velocity against force; every slope must be positive.
    pub fn inverse_curve(&self) -> Result<SmoothCurve, MuscleError> {
        let (knots, curviness) = self.knots()?;
        SmoothCurve::inverse_through(&knots, &curviness)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn curves_pass_through_their_defining_points() {
        let active = ActiveShape::default().curve().unwrap();
        for (x, y) in [(0.3, 0.1), (0.4441, 0.1), (1.0, 1.0), (1.8123, 0.1), (2.5, 0.1)] {
            assert!((active.value_slope(x).0 - y).abs() < 1e-14);
        }
        let passive = PassiveShape::default().curve().unwrap();
        assert_eq!(passive.value_slope(0.9), (0.0, 0.0));
        let (f, df) = passive.value_slope(1.7);
        assert!((f - 1.0).abs() < 1e-14 && (df - 2.0 / 0.7).abs() < 1e-12);
        let tendon = TendonShape::default().curve().unwrap();
        assert_eq!(tendon.value_slope(0.99), (0.0, 0.0));
        let (f, df) = tendon.value_slope(1.049);
        assert!((f - 1.0).abs() < 1e-13 && (df - 1.375 / 0.049).abs() < 1e-10);
        let velocity = VelocityShape::default().curve().unwrap();
        for (x, y) in [(-1.5, 0.0), (-1.0, 0.0), (0.0, 1.0), (1.0, 1.4), (2.0, 1.4)] {
            assert!((velocity.value_slope(x).0 - y).abs() < 1e-14);
        }
    }

    #[test]
    fn velocity_of_force_undoes_force_of_velocity() {
        let shape = VelocityShape::invertible();
        let (force, velocity) = (shape.curve().unwrap(), shape.inverse_curve().unwrap());
        for i in -130..=130 {
            let v = f64::from(i) / 100.0;
            assert!((velocity.value_slope(force.value_slope(v).0).0 - v).abs() < 1e-12);
        }
        assert!(VelocityShape::default().inverse_curve().is_err());
    }

    #[test]
    fn impossible_shapes_are_refused() {
        assert!(ActiveShape { transition_norm_fiber_length: 1.2, ..Default::default() }.curve().is_err());
        assert!(ActiveShape { minimum_value: f64::NAN, ..Default::default() }.curve().is_err());
        assert!(PassiveShape::with_strains(0.7, 0.7).curve().is_err());
        assert!(PassiveShape { stiffness_at_one_norm_force: 1.0, ..Default::default() }.curve().is_err());
        assert!(TendonShape::with_strain(-0.01).curve().is_err());
        assert!(VelocityShape { isometric_slope: 0.5, ..Default::default() }.curve().is_err());
    }
}
