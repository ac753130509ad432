//! A muscle whose tendon does not stretch: the fibre follows from the path alone.

use super::bezier::{MuscleError, between, within};
use super::{ActiveForceLength, PassiveForceLength};
use guywire_math::Real;

/// Sine of the greatest pennation angle, whose cosine is 0.1 (OpenSim's `maximum_pennation_angle`).
const SIN_GREATEST_PENNATION: f64 = 0.994_987_437_106_62;

/// What a Hill-type muscle is made of.
#[derive(Clone, Debug, PartialEq)]
pub struct MuscleParameters {
    /// Greatest isometric force of the fibres, N.
    pub max_isometric_force: f64,
    /// Fibre length at which they make it, m.
    pub optimal_fiber_length: f64,
    /// Tendon length, m.
    pub tendon_slack_length: f64,
    /// Angle between fibre and tendon at optimal length, rad.
    pub pennation_at_optimal: f64,
    /// Active force–length curve.
    pub active: ActiveForceLength,
    /// Passive force–length curve.
    pub passive: PassiveForceLength,
}

/// Fibre and forces of a muscle with a rigid tendon at one path length.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RigidTendon<T> {
    /// Fibre length, m.
    pub fiber_length: T,
    /// Fibre length over optimal length.
    pub norm_fiber_length: T,
    /// Cosine of the pennation angle.
    pub cos_pennation: T,
    /// Force along the tendon per unit of activation, N.
    pub active_multiplier: T,
    /// Passive force along the tendon, N.
    pub passive_force: T,
}

impl MuscleParameters {
    /// Refuses parameters with which no muscle exists.
    pub fn validate(&self) -> Result<(), MuscleError> {
        within("max_isometric_force", self.max_isometric_force, 0.0, f64::MAX)?;
        between("optimal_fiber_length", self.optimal_fiber_length, 0.0, f64::INFINITY)?;
        within("tendon_slack_length", self.tendon_slack_length, 0.0, f64::MAX)?;
        within("pennation_at_optimal", self.pennation_at_optimal, 0.0, 1.47)?;
        if let ActiveForceLength::Thelen { gamma } = self.active {
            between("KshapeActive", gamma, 0.0, f64::INFINITY)?;
        }
        between("passive stretch", self.passive.stretch, 0.0, f64::INFINITY)?;
        within("passive scale", self.passive.scale, 0.0, f64::MAX)
    }

    /// Constant height of the fibre, and its least length along the tendon, m.
    ///
    /// A fibre is not shorter than the start of its active curve, nor steeper than the greatest pennation.
    #[inline]
    fn height_and_least_along(&self) -> (f64, f64) {
        let height = self.optimal_fiber_length * libm::sin(self.pennation_at_optimal);
        let least = (self.active.shortest() * self.optimal_fiber_length).max(height / SIN_GREATEST_PENNATION);
        (height, libm::sqrt(least * least - height * height))
    }

    /// Path length below which the fibre is at its shortest and the force fades; at or below
    /// `tendon_slack_length` it is zero.
    pub fn shortest_taut_path(&self) -> f64 {
        self.tendon_slack_length + self.height_and_least_along().1
    }

    /// The muscle at `path_length`, with exact derivatives.
    ///
    /// Departs from OpenSim on paths too short for the fibre: OpenSim lets the force drop to zero at once; here
    /// it fades over what is left until the path is no longer than the tendon, so that it stays continuous. The
    /// fibre is held at its shortest there, as in OpenSim.
    #[inline]
    pub fn rigid_tendon<T: Real>(&self, path_length: T) -> RigidTendon<T> {
        let (height, least) = self.height_and_least_along();
        let along = path_length - T::lift(self.tendon_slack_length);
        let taut = along.value() / least;
        let (along, fade) = if taut >= 1.0 {
            (along, T::one())
        } else if taut <= 0.0 {
            (T::lift(least), T::zero())
        } else {
            let fade = along.chain(taut * taut * (3.0 - 2.0 * taut), 6.0 * taut * (1.0 - taut) / least);
            (T::lift(least), fade)
        };
        let fiber_length = (along.squared() + height * height).sqrt();
        let norm_fiber_length = fiber_length / self.optimal_fiber_length;
        let cos_pennation = along / fiber_length;
        let force = cos_pennation * fade * self.max_isometric_force;
        RigidTendon {
            fiber_length,
            norm_fiber_length,
            cos_pennation,
            active_multiplier: force * self.active.at(norm_fiber_length),
            passive_force: force * self.passive.at(norm_fiber_length),
        }
    }
}
