//! Relations of OpenSim's deprecated muscles: `Schutte1993Muscle_Deprecated` and `Thelen2003Muscle_Deprecated`.
//!
//! ```text
//! Schutte   passive   exp(8 (l − 1) − 4)
//!           velocity  root of a quadratic, from Hill's hyperbola in series with damping; curvature 0.15,
//!                     eccentric slope 0.13, greatest force 1.4
//! Thelen    passive   exp(k (l − 1)/e − k),  straight beyond l = 1 + e
//!           tendon    toe up to 0.609 ε₀ (force 1/3), slope 1.712/ε₀, plus 0.001 l_T
//!           velocity  (F − F_l)/(b + d),  b as in `thelen`
//! ```
//!
//! Lengths over optimal or slack length, forces over maximum isometric force. Facts from OpenSim 4.6; the rounded
//! constants are that code's.

/// Curvature of Schutte's hyperbola.
const SCHUTTE_CURVATURE: f64 = 0.15;
/// Velocity that scales her lengthening branch.
const SCHUTTE_ECCENTRIC: f64 = 0.13 * SCHUTTE_CURVATURE / (SCHUTTE_CURVATURE + 1.0);
/// Greatest lengthening force over isometric force.
const SCHUTTE_MOST: f64 = 1.4;

/// Schutte's passive force–length curve: value and slope.
pub(super) fn schutte_passive(norm_length: f64) -> (f64, f64) {
    let rise = libm::exp(8.0 * (norm_length - 1.0) - 4.0);
    (rise, 8.0 * rise)
}

/// Fibre velocity of Schutte's muscle, optimal fibre lengths per time scale, at which active force and damping make
/// `force`; `isometric` is the active force at rest.
pub(super) fn schutte_velocity(damping: f64, isometric: f64, force: f64) -> f64 {
    // v² + b v + c = 0, solved without cancellation. On both branches c has the sign of the distance from rest.
    if force < isometric {
        let c = SCHUTTE_CURVATURE * (force - isometric) / damping;
        let b = -(force + SCHUTTE_CURVATURE * (isometric + damping)) / damping;
        let root = libm::sqrt(b * b - 4.0 * c);
        if b > 0.0 { 0.5 * (-b - root) } else { 2.0 * c / (-b + root) }
    } else {
        let c = -SCHUTTE_ECCENTRIC * (force - isometric) / damping;
        let b = -((force - SCHUTTE_MOST * isometric) / damping - SCHUTTE_ECCENTRIC);
        let root = libm::sqrt(b * b - 4.0 * c);
        if b < 0.0 { 0.5 * (-b + root) } else { -2.0 * c / (b + root) }
    }
}

/// Passive force–length curve of the deprecated Thelen muscle: value and slope.
pub(super) fn thelen_passive(shape: f64, strain_at_one_norm_force: f64, norm_length: f64) -> (f64, f64) {
    let (strain, rate) = (norm_length - 1.0, shape / strain_at_one_norm_force);
    if strain > strain_at_one_norm_force {
        return (1.0 + rate * (strain - strain_at_one_norm_force), rate);
    }
    let rise = libm::exp(rate * strain - shape);
    (rise, rate * rise)
}

/// Tendon curve of the deprecated Thelen muscle: value and slope.
pub(super) fn thelen_tendon(strain_at_one_norm_force: f64, norm_length: f64) -> (f64, f64) {
    const TOE_SHAPE: f64 = 3.0;
    const TOE_FORCE: f64 = 0.333_333;
    const LEAK: f64 = 0.001;
    let strain = norm_length - 1.0;
    let toe = 0.609 * strain_at_one_norm_force;
    let (force, slope) = if strain > toe {
        let stiffness = 1.712 / strain_at_one_norm_force;
        (stiffness * (strain - toe) + TOE_FORCE, stiffness)
    } else if strain > 0.0 {
        let factor = TOE_FORCE / libm::expm1(TOE_SHAPE);
        let rise = libm::expm1(TOE_SHAPE * strain / toe);
        (factor * rise, factor * TOE_SHAPE / toe * (rise + 1.0))
    } else {
        (0.0, 0.0)
    };
    (force + LEAK * norm_length, slope + LEAK)
}

/// Velocity relation of the deprecated Thelen muscle.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct DampedThelen {
    /// Af.
    pub af: f64,
    /// Flen.
    pub flen: f64,
    /// Damping.
    pub damping: f64,
}

impl DampedThelen {
    /// Fibre velocity over the present greatest velocity at which the fibre makes `force` in place of `isometric`.
    pub(super) fn velocity(&self, isometric: f64, force: f64) -> f64 {
        let Self { af, flen, damping } = *self;
        // OpenSim continues the relation with the slope of a secant of this width.
        const SECANT: f64 = 1e-6;
        let eccentric = (2.0 + 2.0 / af) / (flen - 1.0);
        let shortening = |f: f64| (f - isometric) / (isometric + f / af + damping);
        let lengthening = |f: f64| (f - isometric) / (eccentric * (isometric * flen - f) + damping);
        if force < 0.0 {
            shortening(0.0) + force * (shortening(SECANT) - shortening(0.0)) / SECANT
        } else if force < isometric {
            shortening(force)
        } else if force < 0.95 * isometric * flen {
            lengthening(force)
        } else {
            let (last, next) = (0.95 * isometric * flen, (0.95 + SECANT) * isometric * flen);
            let slope = (lengthening(next) - lengthening(last)) / (next - last);
            lengthening(last) + slope * (force - last)
        }
    }
}

/// Force of Schutte's muscle at a velocity, damping included: the inverse of [`schutte_velocity`].
pub(super) fn schutte_force(damping: f64, isometric: f64, velocity: f64) -> f64 {
    let (d, i, v) = (damping, isometric, velocity);
    if v < 0.0 {
        let k = SCHUTTE_CURVATURE;
        (v * (d * v - k * (i + d)) - k * i) / (v - k)
    } else {
        let e = SCHUTTE_ECCENTRIC;
        (v * (d * v + SCHUTTE_MOST * i + e * d) + e * i) / (v + e)
    }
}

impl DampedThelen {
    /// Force at a velocity over the present greatest one: the inverse of [`DampedThelen::velocity`].
    pub(super) fn force(&self, isometric: f64, velocity: f64) -> f64 {
        let Self { af, flen, damping } = *self;
        let (i, v) = (isometric, velocity);
        let eccentric = (2.0 + 2.0 / af) / (flen - 1.0);
        let (none, last) = (self.velocity(i, 0.0), 0.95 * i * flen);
        let fastest = self.velocity(i, last);
        if v < none {
            (v - none) / (none - self.velocity(i, -1.0))
        } else if v < 0.0 {
            (i + v * (i + damping)) / (1.0 - v / af)
        } else if v < fastest {
            (i + v * (eccentric * i * flen + damping)) / (1.0 + v * eccentric)
        } else {
            last + (v - fastest) / (self.velocity(i, last + 1.0) - fastest)
        }
    }
}
