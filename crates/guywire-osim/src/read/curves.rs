//! Curve parameters of Millard muscles.

use guywire_engine::muscle::millard::{ActiveShape, PassiveShape, TendonShape, VelocityShape};

use super::element::Element;
use super::error::ReadError;
use guywire_engine::muscle::class::Millard2012;

/// Least fibre damping that OpenSim counts as damping (`Millard2012EquilibriumMuscle`).
const LEAST_DAMPING: f64 = 0.001;

impl Element<'_, '_> {
    pub(super) fn active_shape(&self) -> Result<ActiveShape, ReadError> {
        let default = ActiveShape::default();
        let Some(curve) = self.unnamed("ActiveForceLengthCurve") else { return Ok(default) };
        Ok(ActiveShape {
            min_norm_active_fiber_length: curve
                .number("min_norm_active_fiber_length", default.min_norm_active_fiber_length)?,
            transition_norm_fiber_length: curve
                .number("transition_norm_fiber_length", default.transition_norm_fiber_length)?,
            max_norm_active_fiber_length: curve
                .number("max_norm_active_fiber_length", default.max_norm_active_fiber_length)?,
            shallow_ascending_slope: curve
                .number("shallow_ascending_slope", default.shallow_ascending_slope)?,
            minimum_value: curve.number("minimum_value", default.minimum_value)?,
        })
    }

    pub(super) fn passive_shape(&self) -> Result<PassiveShape, ReadError> {
        let default = PassiveShape::default();
        let Some(curve) = self.unnamed("FiberForceLengthCurve") else { return Ok(default) };
        let reference = PassiveShape::with_strains(
            curve.number("strain_at_zero_force", default.strain_at_zero_force)?,
            curve.number("strain_at_one_norm_force", default.strain_at_one_norm_force)?,
        );
        curve.all_or_none(["stiffness_at_low_force", "stiffness_at_one_norm_force", "curviness"])?;
        Ok(PassiveShape {
            stiffness_at_low_force: curve
                .number("stiffness_at_low_force", reference.stiffness_at_low_force)?,
            stiffness_at_one_norm_force: curve
                .number("stiffness_at_one_norm_force", reference.stiffness_at_one_norm_force)?,
            curviness: curve.number("curviness", reference.curviness)?,
            ..reference
        })
    }

    pub(super) fn tendon_shape(&self) -> Result<TendonShape, ReadError> {
        let default = TendonShape::default();
        let Some(curve) = self.unnamed("TendonForceLengthCurve") else { return Ok(default) };
        let strain = curve.number("strain_at_one_norm_force", default.strain_at_one_norm_force)?;
        let reference = TendonShape::with_strain(strain);
        curve.all_or_none(["stiffness_at_one_norm_force", "norm_force_at_toe_end", "curviness"])?;
        Ok(TendonShape {
            stiffness_at_one_norm_force: curve
                .number("stiffness_at_one_norm_force", reference.stiffness_at_one_norm_force)?,
            norm_force_at_toe_end: curve.number("norm_force_at_toe_end", reference.norm_force_at_toe_end)?,
            curviness: curve.number("curviness", reference.curviness)?,
            ..reference
        })
    }

    pub(super) fn velocity_shape(&self) -> Result<VelocityShape, ReadError> {
        let default = VelocityShape::default();
        let Some(curve) = self.unnamed("ForceVelocityCurve") else { return Ok(default) };
        let number = |name: &str, default: f64| curve.number(name, default);
        Ok(VelocityShape {
            concentric_slope_at_vmax: number("concentric_slope_at_vmax", default.concentric_slope_at_vmax)?,
            concentric_slope_near_vmax: number(
                "concentric_slope_near_vmax",
                default.concentric_slope_near_vmax,
            )?,
            isometric_slope: number("isometric_slope", default.isometric_slope)?,
            eccentric_slope_at_vmax: number("eccentric_slope_at_vmax", default.eccentric_slope_at_vmax)?,
            eccentric_slope_near_vmax: number(
                "eccentric_slope_near_vmax",
                default.eccentric_slope_near_vmax,
            )?,
            max_eccentric_velocity_force_multiplier: number(
                "max_eccentric_velocity_force_multiplier",
                default.max_eccentric_velocity_force_multiplier,
            )?,
            concentric_curviness: number("concentric_curviness", default.concentric_curviness)?,
            eccentric_curviness: number("eccentric_curviness", default.eccentric_curviness)?,
        })
    }

    /// Changes that OpenSim makes to a muscle so that its fibre velocity exists: with an elastic tendon and no
    /// damping, the active curve and the ends of the velocity curve stay off zero; else they are zero there.
    pub(super) fn adjust_shapes(&self, muscle: &mut Millard2012) -> Result<(), ReadError> {
        let (active, velocity) = (&mut muscle.active, &mut muscle.velocity);
        let damped = muscle.fiber_damping >= LEAST_DAMPING;
        if damped || self.flag("ignore_tendon_compliance", false)? {
            active.minimum_value = active.minimum_value.min(0.0);
            velocity.concentric_slope_at_vmax = velocity.concentric_slope_at_vmax.min(0.0);
            velocity.eccentric_slope_at_vmax = velocity.eccentric_slope_at_vmax.min(0.0);
            muscle.activation.minimum_activation = muscle.activation.minimum_activation.min(1.0);
        } else {
            active.minimum_value = active.minimum_value.max(0.1);
            let least = |slope: &mut f64, near: f64| *slope = slope.max(near * 0.5);
            least(&mut velocity.concentric_slope_at_vmax, velocity.concentric_slope_near_vmax);
            least(&mut velocity.eccentric_slope_at_vmax, velocity.eccentric_slope_near_vmax);
        }
        Ok(())
    }

    /// OpenSim fits a curve from its strains, or takes all of the other parameters.
    fn all_or_none(&self, optional: [&'static str; 3]) -> Result<(), ReadError> {
        match optional.iter().filter(|property| self.text(property).is_some()).count() {
            0 | 3 => Ok(()),
            _ => Err(self.rule(format!("either all or none of {} are given", optional.join(", ")))),
        }
    }
}
