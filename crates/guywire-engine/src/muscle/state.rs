//! Lengths, velocities and forces of fibre and tendon.

use super::HillMuscle;
use super::bezier::MuscleError;
use super::hill::Behaviour;

/// OpenSim's `SignificantReal`: by how much a tendon may be shorter than slack before its fibre stops moving.
const SIGNIFICANT: f64 = 2e-14;

/// A muscle at one moment. Lengths in m, velocities in m/s (lengthening positive), forces in N.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MuscleState {
    /// Activation that the fibres feel.
    pub activation: f64,
    /// Fibre length.
    pub fiber_length: f64,
    /// Over optimal fibre length.
    pub norm_fiber_length: f64,
    /// Sine of the pennation angle.
    pub sin_pennation: f64,
    /// Cosine of the pennation angle.
    pub cos_pennation: f64,
    /// Fibre velocity.
    pub fiber_velocity: f64,
    /// Over optimal fibre length and maximum contraction velocity.
    pub norm_fiber_velocity: f64,
    /// Tendon length.
    pub tendon_length: f64,
    /// Tendon velocity.
    pub tendon_velocity: f64,
    /// Active force–length factor.
    pub active_force_length: f64,
    /// Passive force–length factor.
    pub passive_force_length: f64,
    /// Force–velocity factor.
    pub force_velocity: f64,
    /// Active force along the fibre.
    pub active_fiber_force: f64,
    /// Passive force along the fibre, damping included.
    pub passive_fiber_force: f64,
    /// Force of the tendon: what the muscle pulls with.
    pub tendon_force: f64,
    /// Whether the fibre is held at its shortest, so that fibre and tendon do not balance.
    pub clamped: bool,
}

impl MuscleState {
    /// Pennation angle, rad.
    pub fn pennation(&self) -> f64 {
        libm::atan2(self.sin_pennation, self.cos_pennation)
    }
    /// Rate of the pennation angle, rad/s.
    pub fn pennation_velocity(&self) -> f64 {
        if self.sin_pennation == 0.0 {
            return 0.0;
        }
        -self.fiber_velocity / self.fiber_length * self.sin_pennation / self.cos_pennation
    }
    /// Force along the fibre, N.
    pub fn fiber_force(&self) -> f64 {
        self.active_fiber_force + self.passive_fiber_force
    }
    /// Velocity of the fibre's part along the tendon, m/s.
    pub fn fiber_velocity_along_tendon(&self) -> f64 {
        if self.clamped { 0.0 } else { self.fiber_velocity / self.cos_pennation }
    }

    /// Refuses a state with a number that is not finite.
    #[inline]
    pub(super) fn finite(self) -> Result<Self, MuscleError> {
        let numbers = [
            self.fiber_length,
            self.fiber_velocity,
            self.active_fiber_force,
            self.passive_fiber_force,
            self.tendon_force,
        ];
        if numbers.iter().all(|v| v.is_finite()) { Ok(self) } else { Err(self.not_finite()) }
    }

    pub(super) fn not_finite(&self) -> MuscleError {
        MuscleError::NotFinite {
            activation: self.activation,
            fiber_length: self.fiber_length,
            tendon_length: self.tendon_length,
        }
    }
}

impl HillMuscle {
    /// A fibre of this length: angle, active and passive factor; velocities and tendon left at rest.
    #[inline]
    pub(super) fn at_length(&self, activation: f64, fiber_length: f64, along: Option<f64>) -> MuscleState {
        let p = &self.properties;
        let norm_fiber_length = fiber_length / p.optimal_fiber_length;
        let (sin_pennation, cos_pennation) = match along {
            // The same angle, without its limit and with its side.
            Some(along) if fiber_length > 0.0 => {
                (self.pennation.height() / fiber_length, along / fiber_length)
            }
            _ => self.pennation.sin_cos(fiber_length),
        };
        MuscleState {
            activation,
            fiber_length,
            norm_fiber_length,
            sin_pennation,
            cos_pennation,
            fiber_velocity: 0.0,
            norm_fiber_velocity: 0.0,
            tendon_length: p.tendon_slack_length,
            tendon_velocity: 0.0,
            active_force_length: self.active.value_slope(norm_fiber_length).0,
            passive_force_length: self.passive.value_slope(norm_fiber_length).0,
            force_velocity: 1.0,
            active_fiber_force: 0.0,
            passive_fiber_force: 0.0,
            tendon_force: 0.0,
            clamped: false,
        }
    }

    /// The muscle with its elastic tendon at a fibre length that need not be in equilibrium: the velocity of the
    /// fibre follows from the balance of forces. A rigid muscle takes its fibre from the path, see [`Self::rigid`].
    ///
    /// # Errors
    /// When a number is not finite.
    #[inline]
    pub fn state(
        &self,
        activation: f64,
        fiber_length: f64,
        path_length: f64,
        path_speed: f64,
    ) -> Result<MuscleState, MuscleError> {
        let Some(tendon) = &self.tendon else {
            return self.rigid(activation, path_length, path_speed);
        };
        let p = &self.properties;
        let activation = self.activation_felt(activation);
        let mut s = self.at_length(activation, fiber_length.max(self.shortest), None);
        s.tendon_length = path_length - s.fiber_length * s.cos_pennation;
        let pull = tendon.value_slope(s.tendon_length / p.tendon_slack_length).0;
        s.tendon_force = pull * p.max_isometric_force;
        let unit = self.velocity.unit(p.max_contraction_velocity, activation) * p.optimal_fiber_length;
        let (active, passive) = (s.active_force_length, s.passive_force_length);
        let steep = s.cos_pennation <= f64::EPSILON;
        let needed = if steep { 0.0 } else { pull / s.cos_pennation - passive };
        let (velocity, force_velocity) =
            if steep { (0.0, 1.0) } else { self.velocity.solve(activation, active, needed) };
        let held = match self.behaviour {
            Behaviour::Millard => {
                (fiber_length <= self.shortest && velocity <= 0.0) || fiber_length < self.shortest
            }
            Behaviour::Thelen => fiber_length <= self.shortest && velocity <= 0.0,
            _ => false,
        };
        if held {
            s.clamped = true;
            s.tendon_velocity = path_speed;
            if self.behaviour == Behaviour::Thelen {
                s.passive_fiber_force = passive * p.max_isometric_force;
            }
            return s.finite();
        }
        s.norm_fiber_velocity = velocity;
        s.fiber_velocity = velocity * unit;
        s.tendon_velocity = if steep { path_speed } else { path_speed - s.fiber_velocity / s.cos_pennation };
        s.passive_fiber_force = (passive + self.velocity.damping(velocity)) * p.max_isometric_force;
        s.force_velocity = force_velocity;
        s.active_fiber_force = activation * active * force_velocity * p.max_isometric_force;
        s.finite()
    }

    /// The muscle with a rigid tendon.
    ///
    /// # Errors
    /// When a number is not finite.
    #[inline]
    pub fn rigid(
        &self,
        activation: f64,
        path_length: f64,
        path_speed: f64,
    ) -> Result<MuscleState, MuscleError> {
        let p = &self.properties;
        let activation = self.activation_felt(activation);
        let along = path_length - p.tendon_slack_length;
        if self.behaviour == Behaviour::PathOnly {
            let mut s = self.at_length(activation, along, None);
            s.tendon_force = activation * p.max_isometric_force;
            s.active_fiber_force = s.tendon_force;
            (s.fiber_velocity, s.passive_force_length) = (path_speed, 0.0);
            return s.finite();
        }
        let unit = self.velocity.unit(p.max_contraction_velocity, activation) * p.optimal_fiber_length;
        let mut s = match self.behaviour {
            Behaviour::Millard | Behaviour::Thelen => {
                let fiber_length = self.pennation.fiber_length(along).max(self.shortest);
                self.at_length(activation, fiber_length, None)
            }
            Behaviour::DeGroote => self.at_length(activation, self.pennation.length_for(along), Some(along)),
            _ => {
                let along = along.max(0.0);
                self.at_length(activation, self.pennation.length_for(along), Some(along))
            }
        };
        let limited = matches!(self.behaviour, Behaviour::Millard | Behaviour::Thelen);
        if limited {
            s.tendon_length = path_length - s.fiber_length * s.cos_pennation;
        }
        let buckled = limited && s.tendon_length < p.tendon_slack_length - SIGNIFICANT;
        if !buckled {
            // A fibre is slower than its part along the tendon.
            let slant = if self.behaviour == Behaviour::RigidTendon { 1.0 } else { s.cos_pennation };
            s.fiber_velocity = path_speed * slant;
            s.norm_fiber_velocity = s.fiber_velocity / unit;
        }
        if limited && s.fiber_length <= self.shortest && s.fiber_velocity <= 0.0 {
            (s.fiber_velocity, s.norm_fiber_velocity, s.clamped) = (0.0, 0.0, true);
            s.tendon_velocity = path_speed;
            return s.finite();
        }
        s.force_velocity = if buckled {
            1.0
        } else {
            self.velocity.multiplier(activation, s.active_force_length, s.norm_fiber_velocity)
        };
        if self.behaviour == Behaviour::Thelen {
            s.force_velocity = s.force_velocity.max(0.0);
        }
        let active = activation * s.active_force_length * s.force_velocity;
        let mut passive = s.passive_force_length + self.velocity.damping(s.norm_fiber_velocity);
        if self.behaviour == Behaviour::Millard && active + passive < 0.0 {
            // Damping does not push.
            passive = -active;
        }
        s.active_fiber_force = active * p.max_isometric_force;
        s.passive_fiber_force = passive * p.max_isometric_force;
        s.tendon_force = (s.active_fiber_force + s.passive_fiber_force) * s.cos_pennation;
        s.finite()
    }

    /// Force along the tendon (N) that the active fibre makes at full activation if the tendon does not stretch.
    ///
    /// Fibre length and velocity follow from the path; passive force and damping are left out.
    ///
    /// # Errors
    /// When a number is not finite.
    #[inline]
    pub fn inextensible_active_force(&self, path_length: f64, path_speed: f64) -> Result<f64, MuscleError> {
        self.inextensible(path_length, path_speed, |s| s.cos_pennation)
    }

    /// [`Self::inextensible_active_force`] as OpenSim computes it for static optimisation
    /// (`calcInextensibleTendonActiveFiberForce`, N).
    ///
    /// A Millard muscle there takes the pennation angle of a fibre as many metres long as the fibre is optimal fibre
    /// lengths, so that hardly any pennation is left; De Groote's muscle has none at all. Both are stronger than their
    /// fibres are along the tendon: by 1/cos α, 8 % for a soleus.
    ///
    /// # Errors
    /// When a number is not finite.
    #[inline]
    pub fn inextensible_active_force_of_opensim(
        &self,
        path_length: f64,
        path_speed: f64,
    ) -> Result<f64, MuscleError> {
        self.inextensible(path_length, path_speed, |s| match self.behaviour {
            Behaviour::Millard => self.pennation.sin_cos(s.norm_fiber_length).1,
            Behaviour::DeGroote => 1.0,
            _ => s.cos_pennation,
        })
    }

    /// The active fibre at full activation on a tendon that does not stretch, times a cosine.
    #[inline]
    fn inextensible(
        &self,
        path_length: f64,
        path_speed: f64,
        cosine: impl Fn(&MuscleState) -> f64,
    ) -> Result<f64, MuscleError> {
        if self.behaviour == Behaviour::Deprecated {
            // OpenSim's generic velocity factor on the isometric force of the elastic muscle.
            let p = &self.properties;
            let speed = -libm::cos(p.pennation_angle_at_optimal) * path_speed
                / (p.max_contraction_velocity * p.optimal_fiber_length);
            let factor = 1.8 - 1.8 / (1.0 + libm::exp((0.04 - speed) / 0.18));
            if factor.is_nan() {
                // No greatest velocity and no velocity: OpenSim has no number either.
                return Err(MuscleError::OutOfRange {
                    parameter: "max_contraction_velocity",
                    value: p.max_contraction_velocity,
                    low: 0.0,
                    high: f64::INFINITY,
                });
            }
            return Ok(self.equilibrium(1.0, path_length, 0.0)?.tendon_force * factor);
        }
        let s = self.rigid(1.0, path_length, path_speed)?;
        Ok(if s.clamped { 0.0 } else { s.active_fiber_force * cosine(&s) })
    }

    #[inline]
    fn activation_felt(&self, activation: f64) -> f64 {
        self.activation.clamp(activation)
    }
}
