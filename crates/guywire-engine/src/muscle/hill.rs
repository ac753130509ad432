//! One type for every muscle class: fibre and tendon in series, elastic or rigid.
//!
//! ```text
//! F_max (a f_A(l) f_V(v) + f_P(l) + β v) cos α = F_max f_T(l_T),   path = l l_opt cos α + l_T l_slack
//! ```
//!
//! Which curves, which limits of the fibre, and what happens at them depends on the class, as in OpenSim 4.6.

use super::activation::ActivationDynamics;
use super::bezier::{MuscleError, between, within};
use super::class::{
    ActivationConstants, DeGrooteFregly2016, Millard2012, MuscleClass, MuscleProperties, Thelen2003,
    Thelen2003Deprecated,
};
use super::deprecated::DampedThelen;
use super::pennation::Pennation;
use super::rigid::MuscleParameters;
use super::shared::SharedCurves;
use super::tendon::TendonForceLength;
use super::thelen::{ThelenTendon, ThelenVelocity};
use super::velocity::Velocity;
use super::{ActiveForceLength, PassiveCurve, PassiveForceLength};
use core::f64::consts::FRAC_PI_2;

/// Millard's damping below this counts as none (OpenSim).
const LEAST_DAMPING: f64 = 0.001;
/// Least active force of an undamped elastic Millard muscle, which divides by it (OpenSim).
const LEAST_ACTIVE_FORCE: f64 = 0.1;

/// What happens to a fibre at its shortest, and which forces a class reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Behaviour {
    /// Held at its shortest without any force.
    Millard,
    /// Held at its shortest without active force.
    Thelen,
    /// Never held.
    DeGroote,
    /// Never held; fibre velocity is path velocity.
    RigidTendon,
    /// Never held; active force is what the passive fibre leaves of the tendon's.
    Deprecated,
    /// No fibre.
    PathOnly,
}

/// A muscle of any class. Never changes after building; all results are returned.
#[derive(Clone, Debug, PartialEq)]
pub struct HillMuscle {
    pub(super) properties: MuscleProperties,
    pub(super) class: MuscleClass,
    pub(super) behaviour: Behaviour,
    pub(super) pennation: Pennation,
    /// Shortest fibre, m, and its part along the tendon.
    pub(super) shortest: f64,
    pub(super) least_along: f64,
    pub(super) active: ActiveForceLength,
    pub(super) passive: PassiveForceLength,
    pub(super) tendon: Option<TendonForceLength>,
    pub(super) velocity: Velocity,
    pub(super) activation: ActivationDynamics,
}

impl HillMuscle {
    /// Checks the properties and builds the curves.
    ///
    /// # Errors
    /// When no such muscle exists; the error names the property.
    pub fn new(properties: MuscleProperties, class: MuscleClass) -> Result<Self, MuscleError> {
        Self::sharing(properties, class, &mut SharedCurves::default())
    }

    /// As [`HillMuscle::new`], with curves from those of other muscles where the shapes are equal.
    ///
    /// # Errors
    /// As [`HillMuscle::new`].
    pub fn sharing(
        properties: MuscleProperties,
        class: MuscleClass,
        curves: &mut SharedCurves,
    ) -> Result<Self, MuscleError> {
        let p = &properties;
        within("max_isometric_force", p.max_isometric_force, 0.0, f64::MAX)?;
        within("tendon_slack_length", p.tendon_slack_length, 0.0, f64::MAX)?;
        if deprecated(&class) {
            // Unused: they have a time scale, or greatest velocities that depend on activation.
            within("max_contraction_velocity", p.max_contraction_velocity, 0.0, f64::MAX)?;
        } else {
            between("max_contraction_velocity", p.max_contraction_velocity, 0.0, f64::INFINITY)?;
        }
        let parts = match &class {
            MuscleClass::Thelen2003(class) => thelen(p, class)?,
            MuscleClass::Millard2012(class) => millard(p, class, curves)?,
            MuscleClass::DeGrooteFregly2016(class) => degroote(p, class)?,
            MuscleClass::Thelen2003Deprecated(class) => thelen_deprecated(p, class)?,
            MuscleClass::RigidTendon { active, passive, velocity } => Parts {
                behaviour: Behaviour::RigidTendon,
                pennation: unlimited(p)?,
                active: ActiveForceLength::Spline(active.clone()),
                passive: PassiveCurve::Spline { curve: passive.clone(), range: [0.0, 10.0] },
                tendon: None,
                velocity: Velocity::Spline(velocity.clone()),
                activation: ActivationDynamics::None,
            },
            MuscleClass::Schutte1993 { time_scale, activation, damping, tendon, active, passive } => {
                between("damping", *damping, 0.0, f64::INFINITY)?;
                Parts {
                    behaviour: Behaviour::Deprecated,
                    pennation: unlimited(p)?,
                    active: ActiveForceLength::Spline(active.clone()),
                    passive: passive.clone().map_or(PassiveCurve::Schutte, any_value),
                    tendon: Some(TendonForceLength::Strain(tendon.clone())),
                    velocity: Velocity::Schutte { damping: *damping, time_scale: *time_scale },
                    activation: ActivationDynamics::Schutte { time_scale: *time_scale, rates: *activation },
                }
            }
            MuscleClass::Delp1990 { time_scale, activation, tendon, active, passive, velocity } => Parts {
                behaviour: Behaviour::Deprecated,
                pennation: unlimited(p)?,
                active: ActiveForceLength::Spline(active.clone()),
                passive: any_value(passive.clone()),
                tendon: Some(TendonForceLength::Strain(tendon.clone())),
                velocity: Velocity::Delp { curve: velocity.clone(), time_scale: *time_scale },
                activation: ActivationDynamics::Schutte { time_scale: *time_scale, rates: *activation },
            },
            MuscleClass::PathOnly => Parts {
                behaviour: Behaviour::PathOnly,
                pennation: Pennation::new(1.0, 0.0, FRAC_PI_2)?,
                active: ActiveForceLength::Thelen { gamma: 1.0 },
                passive: PassiveCurve::Slack,
                tendon: None,
                velocity: Velocity::DeGrooteFregly { damping: 0.0 },
                activation: ActivationDynamics::None,
            },
        };
        parts.activation.validate()?;
        // Only Millard's fibre has a shortest active length too.
        let active_start = match parts.behaviour {
            Behaviour::Millard => parts.active.shortest() * p.optimal_fiber_length,
            _ => 0.0,
        };
        let shortest = parts.pennation.shortest().max(active_start);
        let rigid = p.ignore_tendon_compliance || p.tendon_slack_length == 0.0;
        Ok(Self {
            behaviour: parts.behaviour,
            pennation: parts.pennation,
            shortest,
            least_along: shortest * parts.pennation.sin_cos(shortest).1,
            active: parts.active,
            passive: parts.passive.into(),
            tendon: parts.tendon.filter(|_| !rigid),
            velocity: parts.velocity,
            activation: if p.ignore_activation_dynamics {
                ActivationDynamics::None
            } else {
                parts.activation
            },
            properties,
            class,
        })
    }

    /// The properties it was made from.
    pub fn properties(&self) -> &MuscleProperties {
        &self.properties
    }

    /// Its class.
    pub fn class(&self) -> &MuscleClass {
        &self.class
    }

    /// Its activation dynamics, which [`HillMuscle::has_activation_state`] may switch off.
    pub fn activation_dynamics(&self) -> &ActivationDynamics {
        &self.activation
    }

    /// Whether activation is a state of its own and not excitation.
    pub fn has_activation_state(&self) -> bool {
        !self.properties.ignore_activation_dynamics && self.activation != ActivationDynamics::None
    }

    /// Whether the fibre length follows from the path alone, so that it is no state.
    pub fn is_rigid(&self) -> bool {
        self.tendon.is_none()
    }

    /// Shortest fibre, m.
    pub fn shortest_fiber(&self) -> f64 {
        self.shortest
    }

    /// The same muscle with a rigid or an elastic tendon. The curves of a Millard muscle depend on it.
    ///
    /// # Errors
    /// When OpenSim would refuse the muscle so.
    pub fn with_tendon(&self, rigid: bool) -> Result<Self, MuscleError> {
        let properties = MuscleProperties { ignore_tendon_compliance: rigid, ..self.properties.clone() };
        Self::new(properties, self.class.clone())
    }

    /// The muscle as the search for a posture takes it: rigid tendon, at rest, differentiable.
    pub fn at_rest(&self) -> MuscleParameters {
        MuscleParameters {
            max_isometric_force: self.properties.max_isometric_force,
            optimal_fiber_length: self.properties.optimal_fiber_length,
            tendon_slack_length: self.properties.tendon_slack_length,
            pennation_at_optimal: self.properties.pennation_angle_at_optimal,
            active: self.active.clone(),
            passive: self.passive.clone(),
        }
    }

    /// Rate of activation, 1/s; zero where activation is excitation.
    #[inline]
    pub fn activation_rate(&self, excitation: f64, activation: f64) -> f64 {
        if self.properties.ignore_activation_dynamics {
            0.0
        } else {
            self.activation.rate(excitation, activation)
        }
    }
}

/// What the class decides.
struct Parts {
    behaviour: Behaviour,
    pennation: Pennation,
    active: ActiveForceLength,
    passive: PassiveCurve,
    tendon: Option<TendonForceLength>,
    velocity: Velocity,
    activation: ActivationDynamics,
}

fn any_value(curve: guywire_math::Function) -> PassiveCurve {
    PassiveCurve::Spline { curve, range: [f64::NEG_INFINITY, f64::INFINITY] }
}

/// Pennation up to a right angle.
fn deprecated(class: &MuscleClass) -> bool {
    matches!(
        class,
        MuscleClass::Schutte1993 { .. } | MuscleClass::Delp1990 { .. } | MuscleClass::Thelen2003Deprecated(_)
    )
}

fn unlimited(p: &MuscleProperties) -> Result<Pennation, MuscleError> {
    Pennation::new(p.optimal_fiber_length, p.pennation_angle_at_optimal, FRAC_PI_2)
}

fn limited(p: &MuscleProperties, greatest: f64) -> Result<Pennation, MuscleError> {
    Pennation::new(p.optimal_fiber_length, p.pennation_angle_at_optimal, greatest)
}

fn first_order(constants: &ActivationConstants) -> ActivationDynamics {
    ActivationDynamics::FirstOrder {
        activation_time_constant: constants.activation_time_constant,
        deactivation_time_constant: constants.deactivation_time_constant,
        minimum_activation: constants.minimum_activation,
    }
}

fn thelen(p: &MuscleProperties, class: &Thelen2003) -> Result<Parts, MuscleError> {
    between("KshapeActive", class.shape_active, 0.0, f64::INFINITY)?;
    // OpenSim refuses less: the muscle divides by its activation.
    within("minimum_activation", class.activation.minimum_activation, 0.01, 1.0)?;
    let passive = PassiveForceLength::thelen(class.shape_passive, class.fiber_strain_at_one_norm_force)?;
    Ok(Parts {
        behaviour: Behaviour::Thelen,
        pennation: limited(p, class.maximum_pennation_angle)?,
        active: ActiveForceLength::Thelen { gamma: class.shape_active },
        passive: passive.curve,
        tendon: Some(TendonForceLength::Thelen(ThelenTendon::new(class.tendon_strain_at_one_norm_force)?)),
        velocity: Velocity::Thelen(ThelenVelocity::with_threshold(
            class.af,
            class.flen,
            class.fv_linear_extrap_threshold,
        )?),
        activation: first_order(&class.activation),
    })
}

/// OpenSim changes the curves it is given: an undamped fibre on an elastic tendon needs slopes and forces that are
/// not zero, every other fibre gets exact zeros.
fn millard(
    p: &MuscleProperties,
    class: &Millard2012,
    curves: &mut SharedCurves,
) -> Result<Parts, MuscleError> {
    within("fiber_damping", class.fiber_damping, 0.0, f64::MAX)?;
    let damping = if class.fiber_damping < LEAST_DAMPING { 0.0 } else { class.fiber_damping };
    let (mut active, mut shape, mut activation) = (class.active, class.velocity, class.activation);
    let half = |near: f64| 0.5 * near;
    let (concentric, eccentric) =
        (half(shape.concentric_slope_near_vmax), half(shape.eccentric_slope_near_vmax));
    if !p.ignore_tendon_compliance && damping == 0.0 {
        within("minimum_activation", activation.minimum_activation, 0.01, 1.0)?;
        active.minimum_value = active.minimum_value.max(LEAST_ACTIVE_FORCE);
        shape.concentric_slope_at_vmax = shape.concentric_slope_at_vmax.max(concentric);
        shape.eccentric_slope_at_vmax = shape.eccentric_slope_at_vmax.max(eccentric);
    } else {
        activation.minimum_activation = activation.minimum_activation.min(1.0);
        active.minimum_value = active.minimum_value.min(0.0);
        shape.concentric_slope_at_vmax = shape.concentric_slope_at_vmax.min(0.0);
        shape.eccentric_slope_at_vmax = shape.eccentric_slope_at_vmax.min(0.0);
    }
    let mut invertible = shape;
    invertible.concentric_slope_at_vmax = concentric;
    invertible.eccentric_slope_at_vmax = eccentric;
    Ok(Parts {
        behaviour: Behaviour::Millard,
        pennation: limited(p, class.maximum_pennation_angle)?,
        active: ActiveForceLength::Millard(curves.active(&active)?),
        passive: PassiveCurve::Millard(curves.passive(&class.passive)?),
        tendon: Some(TendonForceLength::Millard(curves.tendon(&class.tendon)?)),
        velocity: Velocity::Millard {
            curve: curves.velocity(&shape)?,
            inverse: curves.inverse_velocity(&invertible)?,
            damping,
            greatest: shape.max_eccentric_velocity_force_multiplier,
        },
        activation: first_order(&activation),
    })
}

fn degroote(p: &MuscleProperties, class: &DeGrooteFregly2016) -> Result<Parts, MuscleError> {
    within("active_force_width_scale", class.active_force_width_scale, 1.0, f64::MAX)?;
    within("fiber_damping", class.fiber_damping, 0.0, f64::MAX)?;
    let strain = class.passive_fiber_strain_at_one_norm_force;
    between("passive_fiber_strain_at_one_norm_force", strain, 0.0, f64::INFINITY)?;
    let tendon = class.tendon_strain_at_one_norm_force;
    between("tendon_strain_at_one_norm_force", tendon, 0.0, f64::INFINITY)?;
    Ok(Parts {
        behaviour: Behaviour::DeGroote,
        pennation: unlimited(p)?,
        active: ActiveForceLength::DeGrooteFregly { width_scale: class.active_force_width_scale },
        passive: if class.ignore_passive_fiber_force {
            PassiveCurve::Slack
        } else {
            PassiveCurve::DeGrooteFregly { strain_at_one_norm_force: strain }
        },
        tendon: Some(TendonForceLength::DeGrooteFregly { strain_at_one_norm_force: tendon }),
        velocity: Velocity::DeGrooteFregly { damping: class.fiber_damping },
        activation: ActivationDynamics::DeGrooteFregly {
            activation_time_constant: class.activation_time_constant,
            deactivation_time_constant: class.deactivation_time_constant,
            smoothing: class.activation_dynamics_smoothing,
        },
    })
}

fn thelen_deprecated(p: &MuscleProperties, class: &Thelen2003Deprecated) -> Result<Parts, MuscleError> {
    between("KshapeActive", class.shape_active, 0.0, f64::INFINITY)?;
    between("FmaxMuscleStrain", class.fiber_strain_at_one_norm_force, 0.0, f64::INFINITY)?;
    between("FmaxTendonStrain", class.tendon_strain_at_one_norm_force, 0.0, f64::INFINITY)?;
    between("Flen", class.flen, 1.0, f64::INFINITY)?;
    between("Af", class.af, 0.0, f64::INFINITY)?;
    between("damping", class.damping, 0.0, f64::INFINITY)?;
    Ok(Parts {
        behaviour: Behaviour::Deprecated,
        pennation: unlimited(p)?,
        active: ActiveForceLength::Thelen { gamma: class.shape_active },
        passive: PassiveCurve::ThelenDeprecated {
            shape: class.shape_passive,
            strain_at_one_norm_force: class.fiber_strain_at_one_norm_force,
        },
        tendon: Some(TendonForceLength::ThelenDeprecated {
            strain_at_one_norm_force: class.tendon_strain_at_one_norm_force,
        }),
        velocity: Velocity::ThelenDeprecated {
            law: DampedThelen { af: class.af, flen: class.flen, damping: class.damping },
            resting: class.vmax0,
            greatest: class.vmax,
        },
        activation: ActivationDynamics::Switched {
            activation_time_constant: class.activation_time_constant,
            deactivation_time_constant: class.deactivation_time_constant,
        },
    })
}
