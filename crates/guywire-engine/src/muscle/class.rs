//! What a muscle is made of: the properties that all classes share, and those of each class, named as in OpenSim.

use super::millard::{ActiveShape, PassiveShape, TendonShape, VelocityShape};
use guywire_math::Function;

/// Properties that every muscle class has.
#[derive(Clone, Debug, PartialEq)]
pub struct MuscleProperties {
    /// N.
    pub max_isometric_force: f64,
    /// m.
    pub optimal_fiber_length: f64,
    /// m.
    pub tendon_slack_length: f64,
    /// rad.
    pub pennation_angle_at_optimal: f64,
    /// Optimal fibre lengths a second.
    pub max_contraction_velocity: f64,
    /// Whether the tendon is rigid.
    pub ignore_tendon_compliance: bool,
    /// Whether activation is excitation.
    pub ignore_activation_dynamics: bool,
    /// Least and greatest control.
    pub control: [f64; 2],
    /// Activation where nothing else is said.
    pub default_activation: f64,
    /// Fibre length where nothing else is said, m.
    pub default_fiber_length: f64,
}

/// Time constants of first-order activation, and the least activation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ActivationConstants {
    /// s.
    pub activation_time_constant: f64,
    /// s.
    pub deactivation_time_constant: f64,
    /// Least activation.
    pub minimum_activation: f64,
}

/// Properties of `Thelen2003Muscle`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Thelen2003 {
    /// FmaxTendonStrain.
    pub tendon_strain_at_one_norm_force: f64,
    /// FmaxMuscleStrain.
    pub fiber_strain_at_one_norm_force: f64,
    /// KshapeActive.
    pub shape_active: f64,
    /// KshapePassive.
    pub shape_passive: f64,
    /// Af.
    pub af: f64,
    /// Flen.
    pub flen: f64,
    /// fv_linear_extrap_threshold.
    pub fv_linear_extrap_threshold: f64,
    /// Activation.
    pub activation: ActivationConstants,
    /// rad.
    pub maximum_pennation_angle: f64,
}

/// Properties of `Millard2012EquilibriumMuscle`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Millard2012 {
    /// Damping force over maximum isometric force at maximum contraction velocity.
    pub fiber_damping: f64,
    /// Activation.
    pub activation: ActivationConstants,
    /// rad.
    pub maximum_pennation_angle: f64,
    /// ActiveForceLengthCurve.
    pub active: ActiveShape,
    /// FiberForceLengthCurve.
    pub passive: PassiveShape,
    /// TendonForceLengthCurve.
    pub tendon: TendonShape,
    /// ForceVelocityCurve.
    pub velocity: VelocityShape,
}

/// Properties of `DeGrooteFregly2016Muscle`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DeGrooteFregly2016 {
    /// s.
    pub activation_time_constant: f64,
    /// s.
    pub deactivation_time_constant: f64,
    /// Steepness of the switch between them.
    pub activation_dynamics_smoothing: f64,
    /// Factor on the width of the active curve.
    pub active_force_width_scale: f64,
    /// Damping force over maximum isometric force at maximum contraction velocity.
    pub fiber_damping: f64,
    /// Fibre strain at one normalised passive force.
    pub passive_fiber_strain_at_one_norm_force: f64,
    /// Tendon strain at one normalised force.
    pub tendon_strain_at_one_norm_force: f64,
    /// Whether passive force is left out.
    pub ignore_passive_fiber_force: bool,
}

/// OpenSim 4.6's own values.
impl Default for DeGrooteFregly2016 {
    fn default() -> Self {
        Self {
            activation_time_constant: 0.015,
            deactivation_time_constant: 0.06,
            activation_dynamics_smoothing: 0.1,
            active_force_width_scale: 1.0,
            fiber_damping: 0.0,
            passive_fiber_strain_at_one_norm_force: 0.6,
            tendon_strain_at_one_norm_force: 0.049,
            ignore_passive_fiber_force: false,
        }
    }
}

/// Properties of OpenSim's `Thelen2003Muscle_Deprecated`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Thelen2003Deprecated {
    /// s.
    pub activation_time_constant: f64,
    /// s.
    pub deactivation_time_constant: f64,
    /// Greatest velocity at full activation, optimal fibre lengths a second.
    pub vmax: f64,
    /// Greatest velocity without activation.
    pub vmax0: f64,
    /// FmaxTendonStrain.
    pub tendon_strain_at_one_norm_force: f64,
    /// FmaxMuscleStrain.
    pub fiber_strain_at_one_norm_force: f64,
    /// KshapeActive.
    pub shape_active: f64,
    /// KshapePassive.
    pub shape_passive: f64,
    /// Damping.
    pub damping: f64,
    /// Af.
    pub af: f64,
    /// Flen.
    pub flen: f64,
}

/// OpenSim 4.6's own values.
impl Default for Thelen2003Deprecated {
    fn default() -> Self {
        Self {
            activation_time_constant: 0.01,
            deactivation_time_constant: 0.04,
            vmax: 10.0,
            vmax0: 5.0,
            tendon_strain_at_one_norm_force: 0.033,
            fiber_strain_at_one_norm_force: 0.6,
            shape_active: 0.5,
            shape_passive: 4.0,
            damping: 0.05,
            af: 0.3,
            flen: 1.8,
        }
    }
}

/// The class of a muscle.
#[derive(Clone, Debug, PartialEq)]
pub enum MuscleClass {
    /// `Thelen2003Muscle`.
    Thelen2003(Thelen2003),
    /// `Millard2012EquilibriumMuscle`.
    Millard2012(Box<Millard2012>),
    /// `DeGrooteFregly2016Muscle`.
    DeGrooteFregly2016(DeGrooteFregly2016),
    /// `RigidTendonMuscle`.
    RigidTendon {
        /// Active force against normalised fibre length.
        active: Function,
        /// Passive force against normalised fibre length.
        passive: Function,
        /// Force factor against normalised velocity.
        velocity: Function,
    },
    /// `Schutte1993Muscle_Deprecated`.
    Schutte1993 {
        /// s.
        time_scale: f64,
        /// `activation1`, `activation2`.
        activation: [f64; 2],
        /// Damping.
        damping: f64,
        /// Tendon force against strain.
        tendon: Function,
        /// Active force against normalised fibre length.
        active: Function,
        /// Passive force against normalised fibre length; the class's exponential where there is none.
        passive: Option<Function>,
    },
    /// `Delp1990Muscle_Deprecated`, the mass of its fibres neglected.
    Delp1990 {
        /// s.
        time_scale: f64,
        /// `activation1`, `activation2`.
        activation: [f64; 2],
        /// Tendon force against strain.
        tendon: Function,
        /// Active force against normalised fibre length.
        active: Function,
        /// Passive force against normalised fibre length.
        passive: Function,
        /// Force factor against optimal fibre lengths a time scale.
        velocity: Function,
    },
    /// `Thelen2003Muscle_Deprecated`.
    Thelen2003Deprecated(Thelen2003Deprecated),
    /// Nothing is known of its fibre: it pulls with activation times maximum isometric force.
    PathOnly,
}
