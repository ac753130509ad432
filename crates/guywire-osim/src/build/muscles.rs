//! Muscles of a description as engine muscles.

use super::BuildError;
use super::functions::curve;
use crate::description::{Description, Force, ForceKind, Function, Muscle, MuscleKind};
use guywire_engine::muscle::class::{MuscleClass, MuscleProperties};
use guywire_engine::muscle::{HillMuscle, SharedCurves};

/// Activation of classes whose file has none, as OpenSim starts them.
const DEFAULT_ACTIVATION: f64 = 0.05;

/// All muscles, in the order of the ForceSet, also those that apply no force.
pub(super) fn muscles(description: &Description) -> Result<Vec<HillMuscle>, BuildError> {
    let mut curves = SharedCurves::default();
    let muscles = description.forces.iter().filter_map(|force| match &force.kind {
        ForceKind::Muscle(m) => Some(muscle(force, m, &mut curves)),
        _ => None,
    });
    muscles.collect()
}

fn muscle(force: &Force, m: &Muscle, curves: &mut SharedCurves) -> Result<HillMuscle, BuildError> {
    let (class, default_activation, default_fiber_length) = class(force, m)?;
    let properties = MuscleProperties {
        max_isometric_force: m.max_isometric_force,
        optimal_fiber_length: m.optimal_fiber_length,
        tendon_slack_length: m.tendon_slack_length,
        pennation_angle_at_optimal: m.pennation_angle_at_optimal,
        max_contraction_velocity: m.max_contraction_velocity,
        ignore_tendon_compliance: m.ignore_tendon_compliance,
        ignore_activation_dynamics: m.ignore_activation_dynamics,
        control: m.control,
        default_activation,
        default_fiber_length,
    };
    HillMuscle::sharing(properties, class, curves).map_err(|problem| BuildError::Muscle {
        node: force.node,
        muscle: force.name.clone(),
        problem,
    })
}

/// Class, default activation and default fibre length.
fn class(force: &Force, m: &Muscle) -> Result<(MuscleClass, f64, f64), BuildError> {
    let spline = |function: &Function| {
        curve(function).map_err(|problem| BuildError::Function {
            node: force.node,
            owner: force.name.clone(),
            problem,
        })
    };
    let optimal = m.optimal_fiber_length;
    Ok(match &m.kind {
        MuscleKind::Thelen2003 { properties, start } => {
            (MuscleClass::Thelen2003(*properties), start.activation, start.fiber_length)
        }
        MuscleKind::Millard2012 { properties, start } => {
            (MuscleClass::Millard2012(properties.clone()), start.activation, start.fiber_length)
        }
        MuscleKind::DeGrooteFregly2016 { properties, default_activation, .. } => {
            (MuscleClass::DeGrooteFregly2016(*properties), *default_activation, optimal)
        }
        MuscleKind::RigidTendon { active, passive, velocity } => {
            let class = MuscleClass::RigidTendon {
                active: spline(active)?,
                passive: spline(passive)?,
                velocity: spline(velocity)?,
            };
            (class, DEFAULT_ACTIVATION, optimal)
        }
        MuscleKind::Classic {
            schutte,
            time_scale,
            activation,
            damping,
            mass: _,
            tendon,
            active,
            passive,
            velocity,
        } => {
            let (time_scale, activation) = (*time_scale, *activation);
            let (tendon, active) = (spline(tendon)?, spline(active)?);
            let passive = passive.as_ref().map(spline).transpose()?;
            let class = match (schutte, velocity, passive) {
                (false, Some(velocity), Some(passive)) => {
                    let velocity = spline(velocity)?;
                    MuscleClass::Delp1990 { time_scale, activation, tendon, active, passive, velocity }
                }
                (_, _, passive) => {
                    let damping = *damping;
                    MuscleClass::Schutte1993 { time_scale, activation, damping, tendon, active, passive }
                }
            };
            (class, DEFAULT_ACTIVATION, optimal)
        }
        MuscleKind::Thelen2003Deprecated(properties) => {
            (MuscleClass::Thelen2003Deprecated(*properties), DEFAULT_ACTIVATION, optimal)
        }
        MuscleKind::PathOnly { .. } => (MuscleClass::PathOnly, DEFAULT_ACTIVATION, optimal),
    })
}
