//! Passive tissue that is not muscle: moments of joints, and ligaments between two points.

use crate::path::PathPoint;
use guywire_math::{Pose, Real, Wrench};

/// Moment of passive tissue on one degree of freedom, as a function of it.
#[derive(Clone, Debug)]
pub enum PassiveLaw {
    /// `−k (q − q₀)`.
    Linear {
        /// Stiffness `k`, N·m/rad.
        stiffness: f64,
        /// Stress-free angle `q₀`, rad.
        neutral: f64,
    },
    /// `M exp((q − q₀)/w)`: a stop that stiffens towards the end of range. A positive `w` stiffens upwards.
    Exponential {
        /// Moment `M` at `q₀`, N·m; its sign is the sign of the moment.
        moment: f64,
        /// Reference angle `q₀`, rad.
        at: f64,
        /// Change of angle `w` over which the moment grows e-fold, rad.
        fold: f64,
    },
    /// `−(k f(P) t + c± t³)` with `t = q − q₀`: a spinal segment, stiffer under the compression `P` (N).
    ///
    /// `f(P) = min(1 + P/P₀, f_max)` scales the neutral-zone stiffness; the cubic terms, one for either
    /// direction, are set by the range in vitro.
    Segment {
        /// Neutral-zone stiffness without preload, N·m/rad.
        stiffness: f64,
        /// Stress-free angle, rad.
        neutral: f64,
        /// Cubic stiffness for `t < 0`, N·m/rad³.
        cubic_below: f64,
        /// Cubic stiffness for `t > 0`, N·m/rad³.
        cubic_above: f64,
    },
}

/// How compression stiffens a spinal segment.
#[derive(Clone, Copy, Debug)]
pub struct PreloadEffect {
    /// Relative stiffness gained per newton.
    pub per_newton: f64,
    /// Largest factor.
    pub ceiling: f64,
}

impl PreloadEffect {
    /// Factor on the neutral-zone stiffness at a compression in N.
    pub fn factor(&self, compression: f64) -> f64 {
        (1.0 + self.per_newton * compression.max(0.0)).min(self.ceiling)
    }
}

/// A [`PassiveLaw`] on a degree of freedom.
#[derive(Clone, Debug)]
pub struct PassiveMoment {
    /// Name, for messages.
    pub name: String,
    /// Index in `q`.
    pub degree: usize,
    /// The law.
    pub law: PassiveLaw,
    /// Which joint's compression stiffens it, if any (index into [`crate::System::levels`]).
    pub level: Option<usize>,
    /// Price of its moment in the search for a posture: cost is `(moment/price)²`; none is free.
    pub price: Option<f64>,
}

impl PassiveMoment {
    /// Moment in N·m, positive along the degree of freedom.
    pub fn at<T: Real>(&self, q: T, stiffening: f64) -> T {
        match self.law {
            PassiveLaw::Linear { stiffness, neutral } => (q - neutral) * (-stiffness),
            PassiveLaw::Exponential { moment, at, fold } => ((q - at) / fold).exp() * moment,
            PassiveLaw::Segment { stiffness, neutral, cubic_below, cubic_above } => {
                let t = q - neutral;
                let cubic = if t.value() < 0.0 { cubic_below } else { cubic_above };
                -(t * (stiffness * stiffening) + t * t * t * cubic)
            }
        }
    }
}

/// A ligament: a straight, elastic band between two points that cannot push.
///
/// Force `k s²/(2 s₀)` below the stretch `s₀`, `k (s − s₀/2)` above it.
#[derive(Clone, Debug)]
pub struct Ligament {
    /// Name.
    pub name: String,
    /// One end.
    pub origin: PathPoint,
    /// The other end.
    pub insertion: PathPoint,
    /// Slack length, m.
    pub slack_length: f64,
    /// Stiffness beyond the toe, N/m.
    pub stiffness: f64,
    /// Stretch at the end of the toe, m.
    pub toe: f64,
}

impl Ligament {
    /// Adds the pull on both ends to the wrenches of the bodies.
    pub fn add_wrenches<T: Real>(&self, bodies: &[Pose<T>], wrenches: &mut [Wrench<T>]) {
        let a = bodies[self.origin.body].point(self.origin.position.lift());
        let b = bodies[self.insertion.body].point(self.insertion.position.lift());
        let length = (b - a).norm();
        let pull = Wrench::at(a, (b - a).scaled(self.tension(length) / length));
        wrenches[self.origin.body] += pull;
        wrenches[self.insertion.body] += -pull;
    }

    /// Tension in N at a length in m.
    pub fn tension<T: Real>(&self, length: T) -> T {
        let stretch = length - self.slack_length;
        if stretch.value() <= 0.0 {
            T::zero()
        } else if stretch.value() < self.toe {
            stretch * stretch * (self.stiffness / (2.0 * self.toe))
        } else {
            (stretch - self.toe / 2.0) * self.stiffness
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use guywire_math::Dual;

    fn every_law() -> Vec<PassiveLaw> {
        vec![
            PassiveLaw::Linear { stiffness: 20.0, neutral: 0.1 },
            PassiveLaw::Exponential { moment: 5.0, at: -0.2, fold: -0.25 },
            PassiveLaw::Segment { stiffness: 50.0, neutral: -0.02, cubic_below: 900.0, cubic_above: 4000.0 },
        ]
    }

    #[test]
    fn slopes_equal_central_differences_and_moments_restore() {
        for law in every_law() {
            let restores = !matches!(law, PassiveLaw::Exponential { .. });
            let moment = PassiveMoment { name: String::new(), degree: 0, law, level: None, price: None };
            for k in -20..20 {
                let (q, h) = (0.013 * f64::from(k), 1e-6);
                let slope = moment.at(Dual::<1>::variable(q, 0), 1.5).slope[0];
                let difference = (moment.at(q + h, 1.5) - moment.at(q - h, 1.5)) / (2.0 * h);
                assert!((slope - difference).abs() < 1e-5 * (1.0 + slope.abs()), "{moment:?} at {q}");
                assert!(!restores || slope < 0.0, "{moment:?} at {q} drives away");
            }
        }
    }

    #[test]
    fn a_ligament_is_continuous_and_never_pushes() {
        let end = PathPoint::fixed(0, guywire_math::Vec3::zero());
        let ligament = Ligament {
            name: String::new(),
            origin: end.clone(),
            insertion: end,
            slack_length: 0.1,
            stiffness: 1e5,
            toe: 0.002,
        };
        assert_eq!(ligament.tension(0.09), 0.0);
        assert!((ligament.tension(0.102_000_001) - ligament.tension(0.101_999_999)).abs() < 1e-3);
        assert!((ligament.tension(Dual::<1>::variable(0.105, 0)).slope[0] - 1e5).abs() < 1e-6);
    }
}
