//! How fast a fibre moves under a force, and which force it makes at a speed.
//!
//! ```text
//! f = a f_A f_V(v) + β v        what tendon and passive fibre leave:  f = f_T / cos α − f_P
//! ```
//!
//! `v` is fibre velocity over the muscle's unit of velocity (maximum contraction velocity for most classes),
//! lengthening positive; forces over maximum isometric force.

use super::bezier::SmoothCurve;
use super::degroote;
use super::deprecated::{self, DampedThelen};
use super::thelen::ThelenVelocity;
use guywire_math::Function;

/// Force–velocity relation of a class.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Velocity {
    /// Millard 2013; `damping` is zero or at least 0.001.
    Millard { curve: SmoothCurve, inverse: SmoothCurve, damping: f64, greatest: f64 },
    /// Thelen 2003.
    Thelen(ThelenVelocity),
    /// De Groote–Fregly 2016. With a compliant tendon OpenSim leaves `damping` out of the balance of forces and
    /// adds it to the passive force afterwards.
    DeGrooteFregly { damping: f64 },
    /// A curve of velocity.
    Spline(Function),
    /// Schutte 1993; its unit of velocity is an optimal fibre length a time scale.
    Schutte { damping: f64, time_scale: f64 },
    /// Delp 1990 without the mass of its fibres; unit of velocity as Schutte's.
    Delp { curve: Function, time_scale: f64 },
    /// OpenSim's `Thelen2003Muscle_Deprecated`; its unit of velocity goes from `resting` to `greatest` optimal fibre
    /// lengths a second with activation.
    ThelenDeprecated { law: DampedThelen, resting: f64, greatest: f64 },
}

/// Bisection alone needs this many steps for the whole mantissa.
const MOST_STEPS: usize = 60;
/// A Newton step below this is the last one: convergence is quadratic, with a factor below 100.
const LAST_STEP: f64 = 1e-8;
/// Floor of the isometric force where a first guess divides by it.
const FLOOR: f64 = 0.01;

/// The root of the increasing `residual` (value and slope) between `low` and `high`, from `guess`.
#[inline]
pub(super) fn root(
    mut residual: impl FnMut(f64) -> (f64, f64),
    guess: f64,
    [mut low, mut high]: [f64; 2],
) -> f64 {
    let mut x = guess.max(low).min(high);
    for _ in 0..MOST_STEPS {
        let (value, slope) = residual(x);
        if value > 0.0 {
            high = x;
        } else if value < 0.0 {
            low = x;
        } else {
            // Also where it is not a number: then no step is better than another.
            return x;
        }
        let mut next = x - value / slope;
        if !(next >= low && next <= high) {
            next = 0.5 * (low + high);
        }
        let step = next - x;
        x = next;
        if step.abs() <= LAST_STEP {
            break;
        }
    }
    x
}

impl Velocity {
    /// m/s per optimal fibre length and unit of velocity, at an activation.
    #[inline]
    pub(super) fn unit(&self, max_contraction_velocity: f64, activation: f64) -> f64 {
        match self {
            Self::Schutte { time_scale, .. } | Self::Delp { time_scale, .. } => 1.0 / time_scale,
            Self::ThelenDeprecated { resting, greatest, .. } => {
                if activation < 1.0 {
                    resting + activation * (greatest - resting)
                } else {
                    *greatest
                }
            }
            _ => max_contraction_velocity,
        }
    }

    /// Damping force at a velocity, of the classes whose passive force includes it.
    #[inline]
    pub(super) fn damping(&self, velocity: f64) -> f64 {
        match self {
            Self::Millard { damping, .. } | Self::DeGrooteFregly { damping } => damping * velocity,
            _ => 0.0,
        }
    }

    /// The active force's factor at a velocity: force over `activation · active`, damping in the passive force left out.
    #[inline]
    pub(super) fn multiplier(&self, activation: f64, active: f64, velocity: f64) -> f64 {
        match self {
            Self::Millard { curve, .. } => curve.value_slope(velocity).0,
            Self::Thelen(law) => law.value_slope(velocity, activation).0,
            Self::DeGrooteFregly { .. } => degroote::force_velocity(velocity).0,
            Self::Spline(curve) | Self::Delp { curve, .. } => curve.taylor(velocity)[0],
            Self::Schutte { damping, .. } => {
                let isometric = activation * active;
                deprecated::schutte_force(*damping, isometric, velocity) / isometric
            }
            Self::ThelenDeprecated { law, .. } => {
                let isometric = activation.max(1e-6) * active;
                law.force(isometric, velocity) / isometric
            }
        }
    }

    /// Velocity at which active fibre and damping make `force`, and the active force's factor there.
    #[inline]
    pub(super) fn solve(&self, activation: f64, active: f64, force: f64) -> (f64, f64) {
        let factor = force / (activation * active);
        match self {
            Self::Millard { inverse, damping, .. } if *damping == 0.0 => {
                (inverse.value_slope(factor).0, factor)
            }
            Self::Millard { curve, inverse, damping, greatest } => {
                // A curve that ends in zero may end in a rounded zero.
                let isometric = activation * active.max(0.0);
                let velocity = damped(curve, inverse, [isometric, *damping, *greatest], force);
                let factor = (force - damping * velocity) / isometric;
                // Where hardly anything is active the balance does not tell the factor.
                let told = isometric > 1e-3;
                (velocity, if told { factor } else { curve.value_slope(velocity).0 })
            }
            Self::Thelen(law) => (law.velocity(factor, activation), factor),
            Self::DeGrooteFregly { .. } => (degroote::velocity_of_force(factor), factor),
            Self::Spline(curve) | Self::Delp { curve, .. } => {
                let isometric = activation * active;
                let residual = |v: f64| {
                    let [f, slope, ..] = curve.taylor(v);
                    (isometric * f - force, isometric * slope)
                };
                (root(residual, 0.0, [-1.0, 1.0]), factor)
            }
            Self::Schutte { damping, .. } => {
                (deprecated::schutte_velocity(*damping, activation * active, force.max(0.0)), factor)
            }
            Self::ThelenDeprecated { law, .. } => {
                (law.velocity(activation.max(1e-6) * active, force), factor)
            }
        }
    }
}

/// Root of `isometric f_V(v) + damping v = force`.
#[inline]
fn damped(
    curve: &SmoothCurve,
    inverse: &SmoothCurve,
    [isometric, damping, greatest]: [f64; 3],
    force: f64,
) -> f64 {
    // Between a fibre that makes its greatest force and one that makes none.
    let range = [(force - isometric * greatest) / damping, force / damping];
    // Without damping the inverse curve knows; damping takes a Newton step from there, which needs no curve.
    let floored = isometric.max(FLOOR);
    let (undamped, slope) = inverse.value_slope(force / floored);
    let guess = if undamped.abs() < 1.0 {
        undamped - damping * undamped / (floored / slope + damping)
    } else {
        undamped.signum()
    };
    let residual = |v: f64| {
        let (f, slope) = curve.value_slope(v);
        (isometric * f + damping * v - force, isometric * slope + damping)
    };
    root(residual, guess, range)
}

#[cfg(test)]
mod tests {
    use super::super::millard::VelocityShape;
    use super::*;

    fn every() -> Vec<(&'static str, Velocity)> {
        let shape = VelocityShape::default();
        let invertible = VelocityShape::invertible();
        let millard = |damping| Velocity::Millard {
            curve: if damping > 0.0 { shape.curve().unwrap() } else { invertible.curve().unwrap() },
            inverse: invertible.inverse_curve().unwrap(),
            damping,
            greatest: shape.max_eccentric_velocity_force_multiplier,
        };
        let x: Vec<f64> = (-20..=20).map(|i| 0.05 * f64::from(i)).collect();
        let hill = |v: f64| if v < 0.0 { (1.0 + v) / (1.0 - 3.0 * v) } else { 1.0 + 0.8 * v / (v + 0.2) };
        let y = x.iter().map(|&v| hill(v)).collect();
        let spline = guywire_math::function::CubicSpline::simm(x, y);
        let law = DampedThelen { af: 0.3, flen: 1.8, damping: 0.05 };
        vec![
            ("damped Millard", millard(0.1)),
            ("lightly damped Millard", millard(0.001)),
            ("undamped Millard", millard(0.0)),
            ("Thelen", Velocity::Thelen(ThelenVelocity::new(0.25, 1.4).unwrap())),
            ("De Groote", Velocity::DeGrooteFregly { damping: 0.0 }),
            ("Schutte", Velocity::Schutte { damping: 0.1, time_scale: 0.1 }),
            ("Delp", Velocity::Delp { curve: Function::Spline(spline.unwrap()), time_scale: 0.1 }),
            ("deprecated Thelen", Velocity::ThelenDeprecated { law, resting: 5.0, greatest: 10.0 }),
        ]
    }

    /// Force and velocity are inverse to each other at any activation.
    #[test]
    fn velocity_of_force_undoes_force_of_velocity() {
        for (name, law) in every() {
            for activation in [0.01, 0.3, 1.0] {
                for active in [0.1, 0.7, 1.0] {
                    for i in -19..=19 {
                        let v = 0.05 * f64::from(i);
                        let series = if name == "De Groote" { 0.0 } else { law.damping(v) };
                        let force = activation * active * law.multiplier(activation, active, v) + series;
                        // Schutte's muscle counts no force below zero.
                        if force < 0.0 && name == "Schutte" {
                            continue;
                        }
                        let (back, factor) = law.solve(activation, active, force);
                        let expected = law.multiplier(activation, active, v);
                        if name != "Schutte" {
                            assert!((factor - expected).abs() < 1e-8, "{name} {v}: {factor} {expected}");
                        }
                        assert!((back - v).abs() < 1e-8, "{name} {activation} {active}: {v} {back}");
                    }
                }
            }
        }
    }
}
