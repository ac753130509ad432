//! Bushings: forces by the deflection of frame 2 in frame 1.
//!
//! ```text
//! X_FM = X_GF⁻¹ X_GM,   R_FM = R_x(θ₁) R_y(θ₂) R_z(θ₃),   d = p_FM
//! f = −k(θ, d) − c (θ̇, ḋ)
//! moment on frame 2 in M:  N(θ)ᵀ f_θ,   force on frame 2 at M's origin in F:  f_d,   the opposite on frame 1
//! ```
//!
//! `N` turns angular velocity in M into the rates of the body-fixed X-Y-Z angles. Source: Simbody's
//! `Force::LinearBushing`, OpenSim's `TwoFrameLinker`.

use super::expression::Expression;
use super::{Applied, Moment, Site};
use guywire_math::{Function, Mat3, Pose, Real, Vec3, Wrench};

/// Elastic moments and forces of a bushing, positive against the deflection.
#[derive(Clone, Debug)]
pub enum BushingLaw {
    /// Stiffness about x, y, z (N·m/rad) and along x, y, z (N/m).
    Linear([f64; 6]),
    /// One function a deflection.
    Functions(Box<[Function; 6]>),
    /// Formulas of all six: `theta_x`, `theta_y`, `theta_z`, `delta_x`, `delta_y`, `delta_z`.
    Formulas(Box<[Expression; 6]>),
}

/// A bushing between two frames.
#[derive(Clone, Debug)]
pub struct Bushing {
    /// Frame 1, `F`.
    pub first: Site,
    /// Frame 2, `M`.
    pub second: Site,
    /// Elastic part.
    pub law: BushingLaw,
    /// Damping about x, y, z (N·m·s/rad) and along x, y, z (N·s/m).
    pub damping: [f64; 6],
}

/// Body-fixed X-Y-Z angles of a rotation, and the position.
#[inline]
pub fn deflection<T: Real>(pose: &Pose<T>) -> [T; 6] {
    let [x, y, z] = pose.rotation.rows;
    // The middle angle from all elements that know it, as Simbody does.
    let cosine = ((x.x.squared() + x.y.squared() + y.z.squared() + z.z.squared()) * 0.5).sqrt();
    let middle = x.z.atan2(cosine);
    let p = pose.position;
    // Gimbal lock: only the sum of the outer angles is known; the last is taken as zero.
    let (first, last) = if cosine.value() > 4.0 * f64::EPSILON {
        ((-y.z).atan2(z.z), (-x.y).atan2(x.x))
    } else if x.z.value() > 0.0 {
        ((y.x + z.y).atan2(y.y - z.x), T::zero())
    } else {
        ((z.y - y.x).atan2(y.y + z.x), T::zero())
    };
    [first, middle, last, p.x, p.y, p.z]
}

/// Rows of `N(θ)`: rates of body-fixed X-Y-Z angles by angular velocity in the moved frame.
#[inline]
fn rates_by_velocity<T: Real>(middle: T, last: T) -> Mat3<T> {
    let ((s1, c1), (s2, c2)) = ((middle.sin(), middle.cos()), (last.sin(), last.cos()));
    let (o, l) = (T::zero(), T::one());
    Mat3 {
        rows: [
            Vec3::new(c2 / c1, -s2 / c1, o),
            Vec3::new(s2, c2, o),
            Vec3::new(-c2 * s1 / c1, s2 * s1 / c1, l),
        ],
    }
}

impl Bushing {
    #[inline]
    pub(super) fn apply<T: Real>(&self, moment: &Moment<'_, T>, applied: &mut Applied<T>) {
        let wrench = self.wrench(moment);
        applied.bodies[self.second.body] += wrench;
        applied.bodies[self.first.body] += -wrench;
    }

    /// What acts on the second frame, about the ground origin; the opposite acts on the first.
    #[inline]
    pub(super) fn wrench<T: Real>(&self, moment: &Moment<'_, T>) -> Wrench<T> {
        let first = moment.bodies[self.first.body] * self.first.offset.lift();
        let second = moment.bodies[self.second.body] * self.second.offset.lift();
        let between = first.inverse() * second;
        let q = deflection(&between);
        let n = rates_by_velocity(q[1], q[2]);
        let mut f: [T; 6] = match &self.law {
            BushingLaw::Linear(stiffness) => core::array::from_fn(|i| q[i] * stiffness[i]),
            BushingLaw::Functions(functions) => core::array::from_fn(|i| functions[i].at(q[i])),
            BushingLaw::Formulas(formulas) => core::array::from_fn(|i| formulas[i].at(&q)),
        };
        if self.damping.iter().any(|c| *c != 0.0) {
            let (v1, v2) = (moment.velocities[self.first.body], moment.velocities[self.second.body]);
            let turning = second.rotation.transpose() * (v2.angular - v1.angular);
            // Velocity of M's origin as seen from F.
            let origin = second.position;
            let sliding = first.rotation.transpose() * (v2.of_point(origin) - v1.of_point(origin));
            let turn = n * turning;
            let rates = [turn.x, turn.y, turn.z, sliding.x, sliding.y, sliding.z];
            for i in 0..6 {
                f[i] += rates[i] * self.damping[i];
            }
        }
        let torque = second.rotation * (n.transpose() * Vec3::new(f[0], f[1], f[2]));
        let force = first.rotation * Vec3::new(f[3], f[4], f[5]);
        let mut wrench = Wrench::at(second.position, force);
        wrench.moment += torque;
        -wrench
    }
}
