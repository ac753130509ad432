//! Muscles of every class.

use super::element::Element;
use super::error::ReadError;
use super::functions::is_function;
use crate::description::{FiberStart, Function, Muscle, MuscleKind};
use crate::report::Fate;
use guywire_engine::muscle::class::{
    ActivationConstants, DeGrooteFregly2016, Millard2012, Thelen2003, Thelen2003Deprecated,
};

/// acos(0.1), OpenSim's greatest pennation angle, rad.
const MAXIMUM_PENNATION: f64 = 1.470_628_905_633_336_8;

/// Whether a class is a muscle.
pub(crate) fn is_muscle(class: &str) -> bool {
    class.ends_with("Muscle") || class.ends_with("Muscle_Deprecated")
}

impl Element<'_, '_> {
    pub(super) fn muscle(&self) -> Result<Muscle, ReadError> {
        let kind = self.muscle_kind()?;
        // OpenSim 4.6: these two classes keep a muscle's control off zero.
        let equilibrium = matches!(kind, MuscleKind::Thelen2003 { .. } | MuscleKind::Millard2012 { .. });
        let least = if equilibrium { 0.01 } else { 0.0 };
        Ok(Muscle {
            path: self.path()?,
            max_isometric_force: self.number("max_isometric_force", 1000.0)?,
            optimal_fiber_length: self.number("optimal_fiber_length", 0.1)?,
            tendon_slack_length: self.number("tendon_slack_length", 0.2)?,
            pennation_angle_at_optimal: self.number("pennation_angle_at_optimal", 0.0)?,
            max_contraction_velocity: self.number("max_contraction_velocity", 10.0)?,
            ignore_tendon_compliance: self.flag("ignore_tendon_compliance", false)?,
            ignore_activation_dynamics: self.flag("ignore_activation_dynamics", false)?,
            control: self.control(least, 1.0)?,
            kind,
        })
    }

    fn muscle_kind(&self) -> Result<MuscleKind, ReadError> {
        match self.class() {
            "Thelen2003Muscle" => self.thelen(),
            "Millard2012EquilibriumMuscle" => self.millard(),
            "Millard2012AccelerationMuscle" => {
                let reason = "read as a Millard2012EquilibriumMuscle: the mass of its fibre is neglected";
                self.reader.remark(self.node, Fate::Approximated(reason.to_owned()));
                self.millard()
            }
            "DeGrooteFregly2016Muscle" => self.de_groote(),
            "RigidTendonMuscle" => Ok(MuscleKind::RigidTendon {
                active: self.curve("active_force_length_curve", &ACTIVE)?,
                passive: self.curve("passive_force_length_curve", &PASSIVE)?,
                velocity: self.curve("force_velocity_curve", &VELOCITY)?,
            }),
            "Schutte1993Muscle_Deprecated" => self.classic(true),
            "Delp1990Muscle_Deprecated" => self.classic(false),
            "Thelen2003Muscle_Deprecated" => self.thelen_deprecated(),
            class => {
                let reason =
                    "the fibre of this class is not modelled; its path and its greatest isometric force are";
                self.reader.remark(self.node, Fate::Approximated(reason.to_owned()));
                Ok(MuscleKind::PathOnly { class: class.to_owned() })
            }
        }
    }

    fn thelen(&self) -> Result<MuscleKind, ReadError> {
        let properties = Thelen2003 {
            tendon_strain_at_one_norm_force: self.number("FmaxTendonStrain", 0.04)?,
            fiber_strain_at_one_norm_force: self.number("FmaxMuscleStrain", 0.6)?,
            shape_active: self.number("KshapeActive", 0.45)?,
            shape_passive: self.number("KshapePassive", 5.0)?,
            af: self.number("Af", 0.25)?,
            flen: self.number("Flen", 1.4)?,
            fv_linear_extrap_threshold: self.number("fv_linear_extrap_threshold", 0.95)?,
            activation: self.activation([0.015, 0.05])?,
            maximum_pennation_angle: self.number("maximum_pennation_angle", MAXIMUM_PENNATION)?,
        };
        Ok(MuscleKind::Thelen2003 { properties, start: self.fiber_start()? })
    }

    fn millard(&self) -> Result<MuscleKind, ReadError> {
        let mut properties = Box::new(Millard2012 {
            fiber_damping: self.number("fiber_damping", 0.1)?,
            activation: self.activation([0.01, 0.04])?,
            maximum_pennation_angle: self.number("maximum_pennation_angle", MAXIMUM_PENNATION)?,
            active: self.active_shape()?,
            passive: self.passive_shape()?,
            tendon: self.tendon_shape()?,
            velocity: self.velocity_shape()?,
        });
        self.adjust_shapes(&mut properties)?;
        Ok(MuscleKind::Millard2012 { properties, start: self.fiber_start()? })
    }

    /// First-order activation; `constants` are the class's defaults, s.
    fn activation(&self, constants: [f64; 2]) -> Result<ActivationConstants, ReadError> {
        Ok(ActivationConstants {
            activation_time_constant: self.number("activation_time_constant", constants[0])?,
            deactivation_time_constant: self.number("deactivation_time_constant", constants[1])?,
            minimum_activation: self.number("minimum_activation", 0.01)?,
        })
    }

    fn fiber_start(&self) -> Result<FiberStart, ReadError> {
        Ok(FiberStart {
            activation: self.number("default_activation", 0.05)?,
            fiber_length: self.number("default_fiber_length", 0.1)?,
        })
    }

    fn de_groote(&self) -> Result<MuscleKind, ReadError> {
        let implicit_tendon = match self.text("tendon_compliance_dynamics_mode").unwrap_or("explicit") {
            "explicit" => false,
            "implicit" => true,
            other => {
                let expected = "explicit or implicit";
                return Err(self.value_error("tendon_compliance_dynamics_mode", other, expected));
            }
        };
        let default = DeGrooteFregly2016::default();
        let properties = DeGrooteFregly2016 {
            activation_time_constant: self
                .number("activation_time_constant", default.activation_time_constant)?,
            deactivation_time_constant: self
                .number("deactivation_time_constant", default.deactivation_time_constant)?,
            activation_dynamics_smoothing: self
                .number("activation_dynamics_smoothing", default.activation_dynamics_smoothing)?,
            active_force_width_scale: self
                .number("active_force_width_scale", default.active_force_width_scale)?,
            fiber_damping: self.number("fiber_damping", default.fiber_damping)?,
            passive_fiber_strain_at_one_norm_force: self.number(
                "passive_fiber_strain_at_one_norm_force",
                default.passive_fiber_strain_at_one_norm_force,
            )?,
            tendon_strain_at_one_norm_force: self
                .number("tendon_strain_at_one_norm_force", default.tendon_strain_at_one_norm_force)?,
            ignore_passive_fiber_force: self
                .flag("ignore_passive_fiber_force", default.ignore_passive_fiber_force)?,
        };
        Ok(MuscleKind::DeGrooteFregly2016 {
            properties,
            default_activation: self.number("default_activation", 0.5)?,
            implicit_tendon,
            default_normalized_tendon_force: self.number("default_normalized_tendon_force", 0.5)?,
        })
    }

    fn classic(&self, schutte: bool) -> Result<MuscleKind, ReadError> {
        let passive = match schutte && self.object("passive_force_length_curve", is_function).is_none() {
            true => None,
            false => Some(self.curve("passive_force_length_curve", &PASSIVE)?),
        };
        Ok(MuscleKind::Classic {
            schutte,
            time_scale: self.number("time_scale", 0.1)?,
            activation: [self.number("activation1", 7.667)?, self.number("activation2", 1.459_854)?],
            damping: self.number("damping", 0.1)?,
            mass: self.number("mass", 0.00287)?,
            tendon: self.curve("tendon_force_length_curve", &TENDON)?,
            active: self.curve("active_force_length_curve", &ACTIVE)?,
            passive,
            velocity: match schutte {
                true => None,
                false => Some(self.curve("force_velocity_curve", &VELOCITY)?),
            },
        })
    }

    fn thelen_deprecated(&self) -> Result<MuscleKind, ReadError> {
        let default = Thelen2003Deprecated::default();
        Ok(MuscleKind::Thelen2003Deprecated(Thelen2003Deprecated {
            activation_time_constant: self
                .number("activation_time_constant", default.activation_time_constant)?,
            deactivation_time_constant: self
                .number("deactivation_time_constant", default.deactivation_time_constant)?,
            vmax: self.number("Vmax", default.vmax)?,
            vmax0: self.number("Vmax0", default.vmax0)?,
            tendon_strain_at_one_norm_force: self
                .number("FmaxTendonStrain", default.tendon_strain_at_one_norm_force)?,
            fiber_strain_at_one_norm_force: self
                .number("FmaxMuscleStrain", default.fiber_strain_at_one_norm_force)?,
            shape_active: self.number("KshapeActive", default.shape_active)?,
            shape_passive: self.number("KshapePassive", default.shape_passive)?,
            damping: self.number("damping", default.damping)?,
            af: self.number("Af", default.af)?,
            flen: self.number("Flen", default.flen)?,
        }))
    }

    /// A curve, or the natural cubic spline that is its class's default.
    pub(super) fn curve(&self, property: &str, default: &[[f64; 2]]) -> Result<Function, ReadError> {
        Ok(self.function(property)?.unwrap_or_else(|| Function::SimmSpline(default.to_vec())))
    }

    /// Least and greatest control.
    pub(super) fn control(&self, least: f64, greatest: f64) -> Result<[f64; 2], ReadError> {
        Ok([self.bound("min_control", least)?, self.bound("max_control", greatest)?])
    }
}

/// Force by strain. Default of OpenSim 4.6.
#[rustfmt::skip]
const TENDON: [[f64; 2]; 17] = [
    [-10.0, 0.0], [-0.002, 0.0], [-0.001, 0.0], [0.0, 0.0], [0.00131, 0.0108], [0.00281, 0.0257],
    [0.00431, 0.0435], [0.00581, 0.0652], [0.00731, 0.0915], [0.00881, 0.123], [0.0103, 0.161],
    [0.0118, 0.208], [0.0123, 0.227], [9.2, 345.0], [9.201, 345.0], [9.202, 345.0], [20.0, 345.0],
];
/// Active force by normalised fibre length. Default of OpenSim 4.6.
#[rustfmt::skip]
const ACTIVE: [[f64; 2]; 21] = [
    [-5.307_692, 0.012_188], [-4.307_692, 0.021_899], [-1.923_077, 0.036_466], [-0.884_615, 0.052_493],
    [-0.269_231, 0.075_312], [0.230_769, 0.114_158], [0.461_538, 0.157_859], [0.52725, 0.226_667],
    [0.62875, 0.636_667], [0.71875, 0.856_667], [0.86125, 0.95], [1.045, 0.993_333], [1.2175, 0.77],
    [1.43875, 0.246_667], [1.5, 0.193_821], [1.615_385, 0.133_252], [2.0, 0.072_683], [2.961_538, 0.044_417],
    [3.692_308, 0.036_341], [5.461_538, 0.021_899], [9.901_902, 0.007_332],
];
/// Passive force by normalised fibre length; also of ligaments. Default of OpenSim 4.6.
#[rustfmt::skip]
pub(super) const PASSIVE: [[f64; 2]; 13] = [
    [-5.0, 0.0], [0.998, 0.0], [0.999, 0.0], [1.0, 0.0], [1.1, 0.035], [1.2, 0.12], [1.3, 0.26],
    [1.4, 0.55], [1.5, 1.17], [1.6, 2.0], [1.601, 2.0], [1.602, 2.0], [5.0, 2.0],
];
/// Force by normalised velocity. Default of OpenSim 4.6.
#[rustfmt::skip]
const VELOCITY: [[f64; 2]; 42] = [
    [-1.001, 0.0], [-1.0, 0.0], [-0.95, 0.010_417], [-0.9, 0.021_739], [-0.85, 0.034_091],
    [-0.8, 0.047_619], [-0.75, 0.0625], [-0.7, 0.078_947], [-0.65, 0.097_222], [-0.6, 0.117_647],
    [-0.55, 0.140_625], [-0.5, 0.166_667], [-0.45, 0.196_429], [-0.4, 0.230_769], [-0.35, 0.270_833],
    [-0.3, 0.318_182], [-0.25, 0.375], [-0.2, 0.444_444], [-0.15, 0.53125], [-0.1, 0.642_857],
    [-0.05, 0.791_667], [0.0, 1.0], [0.05, 1.482_014], [0.1, 1.601_571], [0.15, 1.655_791], [0.2, 1.686_739],
    [0.25, 1.706_751], [0.3, 1.720_753], [0.35, 1.731_099], [0.4, 1.739_055], [0.45, 1.745_365], [0.5, 1.750_49],
    [0.55, 1.754_736], [0.6, 1.758_312], [0.65, 1.761_364], [0.7, 1.763_999], [0.75, 1.766_298], [0.8, 1.768_321],
    [0.85, 1.770_115], [0.9, 1.771_717], [0.95, 1.773_155], [1.0, 1.774_455],
];
