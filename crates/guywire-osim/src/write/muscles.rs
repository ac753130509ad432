//! Muscles.

use super::Writer;
use crate::description::{FiberStart, Muscle, MuscleKind, NodeId};
use guywire_engine::muscle::class::{
    ActivationConstants, DeGrooteFregly2016, Millard2012, Thelen2003, Thelen2003Deprecated,
};

/// Class of a muscle.
pub(super) fn class(kind: &MuscleKind) -> &str {
    match kind {
        MuscleKind::Thelen2003 { .. } => "Thelen2003Muscle",
        MuscleKind::Millard2012 { .. } => "Millard2012EquilibriumMuscle",
        MuscleKind::DeGrooteFregly2016 { .. } => "DeGrooteFregly2016Muscle",
        MuscleKind::RigidTendon { .. } => "RigidTendonMuscle",
        MuscleKind::Classic { schutte: true, .. } => "Schutte1993Muscle_Deprecated",
        MuscleKind::Classic { schutte: false, .. } => "Delp1990Muscle_Deprecated",
        MuscleKind::Thelen2003Deprecated(_) => "Thelen2003Muscle_Deprecated",
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
            MuscleKind::Thelen2003 { properties, start } => self.thelen(node, properties, start),
            MuscleKind::Thelen2003Deprecated(properties) => self.thelen_deprecated(node, properties),
            MuscleKind::Millard2012 { properties, start } => self.millard(node, properties, start),
            MuscleKind::DeGrooteFregly2016 {
                properties,
                default_activation,
                implicit_tendon,
                default_normalized_tendon_force,
            } => {
                self.de_groote(node, properties, [*default_activation, *default_normalized_tendon_force]);
                self.value(node, "ignore_passive_fiber_force", properties.ignore_passive_fiber_force);
                let mode = if *implicit_tendon { "implicit" } else { "explicit" };
                self.value(node, "tendon_compliance_dynamics_mode", mode);
            }
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

    fn thelen(&mut self, node: NodeId, muscle: &Thelen2003, start: &FiberStart) {
        self.numbers(
            node,
            &[
                ("FmaxTendonStrain", muscle.tendon_strain_at_one_norm_force),
                ("FmaxMuscleStrain", muscle.fiber_strain_at_one_norm_force),
                ("KshapeActive", muscle.shape_active),
                ("KshapePassive", muscle.shape_passive),
                ("Af", muscle.af),
                ("Flen", muscle.flen),
                ("fv_linear_extrap_threshold", muscle.fv_linear_extrap_threshold),
            ],
        );
        self.activation(node, &muscle.activation);
        self.start(node, start);
        self.value(node, "maximum_pennation_angle", muscle.maximum_pennation_angle);
    }

    fn activation(&mut self, node: NodeId, constants: &ActivationConstants) {
        self.numbers(
            node,
            &[
                ("activation_time_constant", constants.activation_time_constant),
                ("deactivation_time_constant", constants.deactivation_time_constant),
                ("minimum_activation", constants.minimum_activation),
            ],
        );
    }

    fn start(&mut self, node: NodeId, start: &FiberStart) {
        self.numbers(
            node,
            &[("default_activation", start.activation), ("default_fiber_length", start.fiber_length)],
        );
    }

    fn thelen_deprecated(&mut self, node: NodeId, muscle: &Thelen2003Deprecated) {
        self.numbers(
            node,
            &[
                ("activation_time_constant", muscle.activation_time_constant),
                ("deactivation_time_constant", muscle.deactivation_time_constant),
                ("Vmax", muscle.vmax),
                ("Vmax0", muscle.vmax0),
                ("FmaxTendonStrain", muscle.tendon_strain_at_one_norm_force),
                ("FmaxMuscleStrain", muscle.fiber_strain_at_one_norm_force),
                ("KshapeActive", muscle.shape_active),
                ("KshapePassive", muscle.shape_passive),
                ("damping", muscle.damping),
                ("Af", muscle.af),
                ("Flen", muscle.flen),
            ],
        );
    }

    /// `start` is the initial activation and normalised tendon force.
    fn de_groote(&mut self, node: NodeId, muscle: &DeGrooteFregly2016, start: [f64; 2]) {
        self.numbers(
            node,
            &[
                ("activation_time_constant", muscle.activation_time_constant),
                ("deactivation_time_constant", muscle.deactivation_time_constant),
                ("default_activation", start[0]),
                ("active_force_width_scale", muscle.active_force_width_scale),
                ("fiber_damping", muscle.fiber_damping),
                ("passive_fiber_strain_at_one_norm_force", muscle.passive_fiber_strain_at_one_norm_force),
                ("tendon_strain_at_one_norm_force", muscle.tendon_strain_at_one_norm_force),
                ("activation_dynamics_smoothing", muscle.activation_dynamics_smoothing),
                ("default_normalized_tendon_force", start[1]),
            ],
        );
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

    fn millard(&mut self, node: NodeId, muscle: &Millard2012, start: &FiberStart) {
        self.value(node, "fiber_damping", muscle.fiber_damping);
        self.start(node, start);
        self.activation(node, &muscle.activation);
        self.value(node, "maximum_pennation_angle", muscle.maximum_pennation_angle);
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
