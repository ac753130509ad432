//! Muscles of a description as engine muscles.

use super::BuildError;
use super::functions::curve;
use crate::description::{Description, Force, ForceKind, Function, Muscle, MuscleKind};
use guywire_engine::muscle::HillMuscle;
use guywire_engine::muscle::class::{
    ActivationConstants, DeGrooteFregly2016, Millard2012, MuscleClass, MuscleProperties, Thelen2003,
    Thelen2003Deprecated,
};

/// Activation of classes whose file has none, as OpenSim starts them.
const DEFAULT_ACTIVATION: f64 = 0.05;

/// All muscles, in the order of the ForceSet, also those that apply no force.
pub(super) fn muscles(description: &Description) -> Result<Vec<HillMuscle>, BuildError> {
    // Muscles of a model mostly share their curves.
    let mut built: Vec<HillMuscle> = Vec::new();
    for force in &description.forces {
        if let ForceKind::Muscle(m) = &force.kind {
            let like = built.last();
            let muscle = muscle(force, m, like)?;
            built.push(muscle);
        }
    }
    Ok(built)
}

fn muscle(force: &Force, m: &Muscle, like: Option<&HillMuscle>) -> Result<HillMuscle, BuildError> {
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
    HillMuscle::new_like(properties, class, like).map_err(|problem| BuildError::Muscle {
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
        MuscleKind::Thelen2003 {
            strain_at_one_tendon,
            strain_at_one_muscle,
            shape_active,
            shape_passive,
            af,
            flen,
            fv_linear_extrap_threshold,
            activation_time_constant,
            deactivation_time_constant,
            minimum_activation,
            default_activation,
            default_fiber_length,
            maximum_pennation_angle,
        } => {
            let class = MuscleClass::Thelen2003(Thelen2003 {
                tendon_strain_at_one_norm_force: *strain_at_one_tendon,
                fiber_strain_at_one_norm_force: *strain_at_one_muscle,
                shape_active: *shape_active,
                shape_passive: *shape_passive,
                af: *af,
                flen: *flen,
                fv_linear_extrap_threshold: *fv_linear_extrap_threshold,
                activation: ActivationConstants {
                    activation_time_constant: *activation_time_constant,
                    deactivation_time_constant: *deactivation_time_constant,
                    minimum_activation: *minimum_activation,
                },
                maximum_pennation_angle: *maximum_pennation_angle,
            });
            (class, *default_activation, *default_fiber_length)
        }
        MuscleKind::Millard2012(p) => {
            let class = MuscleClass::Millard2012(Box::new(Millard2012 {
                fiber_damping: p.fiber_damping,
                activation: ActivationConstants {
                    activation_time_constant: p.activation_time_constant,
                    deactivation_time_constant: p.deactivation_time_constant,
                    minimum_activation: p.minimum_activation,
                },
                maximum_pennation_angle: p.maximum_pennation_angle,
                active: p.active,
                passive: p.passive,
                tendon: p.tendon,
                velocity: p.velocity,
            }));
            (class, p.default_activation, p.default_fiber_length)
        }
        MuscleKind::DeGrooteFregly2016 {
            activation_time_constant,
            deactivation_time_constant,
            default_activation,
            active_force_width_scale,
            fiber_damping,
            passive_fiber_strain_at_one_norm_force,
            tendon_strain_at_one_norm_force,
            ignore_passive_fiber_force,
            implicit_tendon: _,
            activation_dynamics_smoothing,
            default_normalized_tendon_force: _,
        } => {
            let class = MuscleClass::DeGrooteFregly2016(DeGrooteFregly2016 {
                activation_time_constant: *activation_time_constant,
                deactivation_time_constant: *deactivation_time_constant,
                activation_dynamics_smoothing: *activation_dynamics_smoothing,
                active_force_width_scale: *active_force_width_scale,
                fiber_damping: *fiber_damping,
                passive_fiber_strain_at_one_norm_force: *passive_fiber_strain_at_one_norm_force,
                tendon_strain_at_one_norm_force: *tendon_strain_at_one_norm_force,
                ignore_passive_fiber_force: *ignore_passive_fiber_force,
            });
            (class, *default_activation, optimal)
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
        MuscleKind::Thelen2003Deprecated {
            activation_time_constant,
            deactivation_time_constant,
            vmax,
            vmax0,
            strain_at_one_tendon,
            strain_at_one_muscle,
            shape_active,
            shape_passive,
            damping,
            af,
            flen,
        } => {
            let class = MuscleClass::Thelen2003Deprecated(Thelen2003Deprecated {
                activation_time_constant: *activation_time_constant,
                deactivation_time_constant: *deactivation_time_constant,
                vmax: *vmax,
                vmax0: *vmax0,
                tendon_strain_at_one_norm_force: *strain_at_one_tendon,
                fiber_strain_at_one_norm_force: *strain_at_one_muscle,
                shape_active: *shape_active,
                shape_passive: *shape_passive,
                damping: *damping,
                af: *af,
                flen: *flen,
            });
            (class, DEFAULT_ACTIVATION, optimal)
        }
        MuscleKind::PathOnly { .. } => (MuscleClass::PathOnly, DEFAULT_ACTIVATION, optimal),
    })
}
