//! Muscles.

use super::Writer;
use crate::description::{MillardProperties, Muscle, MuscleKind, NodeId};

/// Class of a muscle.
pub(super) fn class(kind: &MuscleKind) -> &str {
    match kind {
        MuscleKind::Thelen2003 { .. } => "Thelen2003Muscle",
        MuscleKind::Millard2012(_) => "Millard2012EquilibriumMuscle",
        MuscleKind::DeGrooteFregly2016 { .. } => "DeGrooteFregly2016Muscle",
        MuscleKind::RigidTendon { .. } => "RigidTendonMuscle",
        MuscleKind::Classic { schutte: true, .. } => "Schutte1993Muscle_Deprecated",
        MuscleKind::Classic { schutte: false, .. } => "Delp1990Muscle_Deprecated",
        MuscleKind::Thelen2003Deprecated { .. } => "Thelen2003Muscle_Deprecated",
        MuscleKind::PathOnly { class } => class,
    }
}

impl<'a> Writer<'a> {
    pub(super) fn muscle(&mut self, node: NodeId, muscle: &'a Muscle) {
        self.control(node, muscle.control);
        self.path(node, &muscle.path);
        self.numbers(
            node,
            &[
                ("max_isometric_force", muscle.max_isometric_force),
                ("optimal_fiber_length", muscle.optimal_fiber_length),
                ("tendon_slack_length", muscle.tendon_slack_length),
                ("pennation_angle_at_optimal", muscle.pennation_angle_at_optimal),
                ("max_contraction_velocity", muscle.max_contraction_velocity),
            ],
        );
        self.value(node, "ignore_tendon_compliance", muscle.ignore_tendon_compliance);
        self.value(node, "ignore_activation_dynamics", muscle.ignore_activation_dynamics);
        match &muscle.kind {
            MuscleKind::Thelen2003 { .. } | MuscleKind::Thelen2003Deprecated { .. } => {
                self.thelen(node, &muscle.kind);
            }
            MuscleKind::Millard2012(properties) => self.millard(node, properties),
            MuscleKind::DeGrooteFregly2016 { .. } => self.de_groote(node, &muscle.kind),
            MuscleKind::RigidTendon { active, passive, velocity } => {
                self.named_function(node, "active_force_length_curve", active);
                self.named_function(node, "passive_force_length_curve", passive);
                self.named_function(node, "force_velocity_curve", velocity);
            }
            MuscleKind::Classic { .. } => self.classic(node, &muscle.kind),
            MuscleKind::PathOnly { .. } => {}
        }
    }

    fn numbers(&mut self, node: NodeId, properties: &[(&str, f64)]) {
        for &(property, value) in properties {
            self.value(node, property, value);
        }
    }

    fn thelen(&mut self, node: NodeId, kind: &MuscleKind) {
        match *kind {
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
            } => self.numbers(
                node,
                &[
                    ("FmaxTendonStrain", strain_at_one_tendon),
                    ("FmaxMuscleStrain", strain_at_one_muscle),
                    ("KshapeActive", shape_active),
                    ("KshapePassive", shape_passive),
                    ("Af", af),
                    ("Flen", flen),
                    ("fv_linear_extrap_threshold", fv_linear_extrap_threshold),
                    ("activation_time_constant", activation_time_constant),
                    ("deactivation_time_constant", deactivation_time_constant),
                    ("minimum_activation", minimum_activation),
                    ("default_activation", default_activation),
                    ("default_fiber_length", default_fiber_length),
                    ("maximum_pennation_angle", maximum_pennation_angle),
                ],
            ),
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
            } => self.numbers(
                node,
                &[
                    ("activation_time_constant", activation_time_constant),
                    ("deactivation_time_constant", deactivation_time_constant),
                    ("Vmax", vmax),
                    ("Vmax0", vmax0),
                    ("FmaxTendonStrain", strain_at_one_tendon),
                    ("FmaxMuscleStrain", strain_at_one_muscle),
                    ("KshapeActive", shape_active),
                    ("KshapePassive", shape_passive),
                    ("damping", damping),
                    ("Af", af),
                    ("Flen", flen),
                ],
            ),
            _ => {}
        }
    }

    fn de_groote(&mut self, node: NodeId, kind: &MuscleKind) {
        let MuscleKind::DeGrooteFregly2016 {
            activation_time_constant,
            deactivation_time_constant,
            default_activation,
            active_force_width_scale,
            fiber_damping,
            passive_fiber_strain_at_one_norm_force,
            tendon_strain_at_one_norm_force,
            ignore_passive_fiber_force,
            implicit_tendon,
            activation_dynamics_smoothing,
            default_normalized_tendon_force,
        } = *kind
        else {
            return;
        };
        self.numbers(
            node,
            &[
                ("activation_time_constant", activation_time_constant),
                ("deactivation_time_constant", deactivation_time_constant),
                ("default_activation", default_activation),
                ("active_force_width_scale", active_force_width_scale),
                ("fiber_damping", fiber_damping),
                ("passive_fiber_strain_at_one_norm_force", passive_fiber_strain_at_one_norm_force),
                ("tendon_strain_at_one_norm_force", tendon_strain_at_one_norm_force),
                ("activation_dynamics_smoothing", activation_dynamics_smoothing),
                ("default_normalized_tendon_force", default_normalized_tendon_force),
            ],
        );
        self.value(node, "ignore_passive_fiber_force", ignore_passive_fiber_force);
        let mode = if implicit_tendon { "implicit" } else { "explicit" };
        self.value(node, "tendon_compliance_dynamics_mode", mode);
    }

    fn classic(&mut self, node: NodeId, kind: &MuscleKind) {
        let MuscleKind::Classic {
            schutte,
            time_scale,
            activation,
            damping,
            mass,
            tendon,
            active,
            passive,
            velocity,
        } = kind
        else {
            return;
        };
        self.numbers(
            node,
            &[("time_scale", *time_scale), ("activation1", activation[0]), ("activation2", activation[1])],
        );
        match schutte {
            true => self.value(node, "damping", *damping),
            false => self.value(node, "mass", *mass),
        }
        self.named_function(node, "tendon_force_length_curve", tendon);
        self.named_function(node, "active_force_length_curve", active);
        if let Some(passive) = passive {
            self.named_function(node, "passive_force_length_curve", passive);
        }
        if let Some(velocity) = velocity {
            self.named_function(node, "force_velocity_curve", velocity);
        }
    }

    fn millard(&mut self, node: NodeId, muscle: &MillardProperties) {
        self.numbers(
            node,
            &[
                ("fiber_damping", muscle.fiber_damping),
                ("default_activation", muscle.default_activation),
                ("default_fiber_length", muscle.default_fiber_length),
                ("activation_time_constant", muscle.activation_time_constant),
                ("deactivation_time_constant", muscle.deactivation_time_constant),
                ("minimum_activation", muscle.minimum_activation),
                ("maximum_pennation_angle", muscle.maximum_pennation_angle),
            ],
        );
        let active = &muscle.active;
        self.curve(
            node,
            "ActiveForceLengthCurve",
            &[
                ("min_norm_active_fiber_length", active.min_norm_active_fiber_length),
                ("transition_norm_fiber_length", active.transition_norm_fiber_length),
                ("max_norm_active_fiber_length", active.max_norm_active_fiber_length),
                ("shallow_ascending_slope", active.shallow_ascending_slope),
                ("minimum_value", active.minimum_value),
            ],
        );
        let velocity = &muscle.velocity;
        self.curve(
            node,
            "ForceVelocityCurve",
            &[
                ("concentric_slope_at_vmax", velocity.concentric_slope_at_vmax),
                ("concentric_slope_near_vmax", velocity.concentric_slope_near_vmax),
                ("isometric_slope", velocity.isometric_slope),
                ("eccentric_slope_at_vmax", velocity.eccentric_slope_at_vmax),
                ("eccentric_slope_near_vmax", velocity.eccentric_slope_near_vmax),
                ("max_eccentric_velocity_force_multiplier", velocity.max_eccentric_velocity_force_multiplier),
                ("concentric_curviness", velocity.concentric_curviness),
                ("eccentric_curviness", velocity.eccentric_curviness),
            ],
        );
        let passive = &muscle.passive;
        self.curve(
            node,
            "FiberForceLengthCurve",
            &[
                ("strain_at_zero_force", passive.strain_at_zero_force),
                ("strain_at_one_norm_force", passive.strain_at_one_norm_force),
                ("stiffness_at_low_force", passive.stiffness_at_low_force),
                ("stiffness_at_one_norm_force", passive.stiffness_at_one_norm_force),
                ("curviness", passive.curviness),
            ],
        );
        let tendon = &muscle.tendon;
        self.curve(
            node,
            "TendonForceLengthCurve",
            &[
                ("strain_at_one_norm_force", tendon.strain_at_one_norm_force),
                ("stiffness_at_one_norm_force", tendon.stiffness_at_one_norm_force),
                ("norm_force_at_toe_end", tendon.norm_force_at_toe_end),
                ("curviness", tendon.curviness),
            ],
        );
    }

    fn curve(&mut self, muscle: NodeId, class: &str, properties: &[(&str, f64)]) {
        let node = self.object(muscle, class, class);
        self.numbers(node, properties);
    }
}
