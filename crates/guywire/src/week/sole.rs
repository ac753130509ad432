//! What ties the arch of a foot together while it carries, and what pulls at its heel.
//!
//! The arch is a truss: hind foot and forefoot meet in a hinge in the midfoot, and what runs along the sole (plantar fascia,
//! plantar ligaments, muscles of the sole) ties their ends. Moments about the hinge on the forefoot alone:
//!
//! ```text
//! T · h = Σ (p_x − x_h) N + (y_h − p_y) F            N, F: up and forward on the forefoot, N, in the frame of `calcn`
//! ```
//!
//! with `h` from the hinge to the line of the fascia. What presses between heel and ball acts on both by the law of the lever.
//! `T` is the tension of all that ties the arch, hence the most that the fascia can carry: its own share differs from foot to foot
//! and is not told. Weights of the foot's own parts are neglected. That the arch is a truss whose tie tightens with load:
//! Hicks 1954, J Anat 88:25 (recalled). The pull on the Achilles tendon is what the muscles of the calf do: no law of its own.

use super::WeekError;
use crate::body::{Body, suffix};
use crate::posture::Settled;
use crate::side::Side;
use guywire_engine::Kinematics;
use guywire_engine::task::Load;
use guywire_math::Vec3;

/// Muscles that pull at the Achilles tendon.
pub(super) const CALF: [&str; 3] = ["soleus", "gastrocnemius_medialis", "gastrocnemius_lateralis"];

/// Tension along the sole of the left and the right foot, N; none presses with less than nothing.
///
/// # Errors
/// When the body has no feet.
pub(super) fn tension(body: &Body, settled: &Settled, at: &Kinematics<f64>) -> Result<[f64; 2], WeekError> {
    let mut found = [0.0; 2];
    for (tension, side) in found.iter_mut().zip(Side::BOTH) {
        *tension = Truss::of(body, side)?.tension(settled, at);
    }
    Ok(found)
}

/// The arch of a foot in the frame of its heel bone, m.
struct Truss {
    heel_bone: usize,
    toes: usize,
    /// Along the foot: heel, hinge, ball.
    heel: f64,
    hinge: [f64; 2],
    ball: f64,
    /// From the hinge to the tie.
    height: f64,
}

impl Truss {
    fn of(body: &Body, side: Side) -> Result<Self, WeekError> {
        let foot = &body.constants.foot;
        let part = format!("calcn_{}", suffix(side));
        let place = |x: f64, y: f64| body.place(&part, Vec3::new(x, y, 0.0));
        let (heel_bone, heel) = place(foot.heel_m, foot.sole_m)?;
        let hinge = place(foot.hinge_m[0], foot.hinge_m[1])?.1;
        let ball = place(foot.ball_m, foot.sole_m)?.1;
        Ok(Self {
            heel_bone,
            toes: body.part(&format!("toes_{}", suffix(side)))?,
            heel: heel.x,
            hinge: [hinge.x, hinge.y],
            ball: ball.x,
            height: hinge.y - heel.y,
        })
    }

    fn tension(&self, settled: &Settled, at: &Kinematics<f64>) -> f64 {
        let foot = &at.bodies[self.heel_bone];
        let mut moment = 0.0;
        let mut press = |body: usize, point: Vec3<f64>, force: Vec3<f64>| {
            if body != self.heel_bone && body != self.toes {
                return;
            }
            let point = foot.rotation.transpose() * (at.bodies[body].point(point) - foot.position);
            moment += self.moment(point, foot.rotation.transpose() * force);
        };
        for (contact, force) in settled.task.contacts.iter().zip(&settled.solution.contact_force) {
            press(contact.body, contact.center, *force);
        }
        for load in &settled.task.loads {
            if let Load::Force { body, point, force, .. } = load {
                press(*body, *point, *force);
            }
        }
        (moment / self.height).max(0.0)
    }

    /// Moment about the hinge of what a force at a point of the sole does to the forefoot, N·m.
    fn moment(&self, point: Vec3<f64>, force: Vec3<f64>) -> f64 {
        let on_forefoot = ((point.x - self.heel) / (self.ball - self.heel)).clamp(0.0, 1.0);
        let ahead = point.x.max(self.ball) - self.hinge[0];
        on_forefoot * (ahead * force.y + (self.hinge[1] - point.y) * force.x)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TRUSS: Truss =
        Truss { heel_bone: 0, toes: 1, heel: 0.0, hinge: [0.08, 0.04], ball: 0.18, height: 0.05 };

    fn tension(x: f64, force: [f64; 3]) -> f64 {
        TRUSS.moment(Vec3::new(x, -0.01, 0.0), Vec3::from_array(force)) / TRUSS.height
    }

    /// By hand: 500 N at the ball, 10 cm before the hinge, against 5 cm of height.
    #[test]
    fn a_load_on_the_ball_pulls_twice_itself() {
        assert!((tension(0.18, [0.0, 500.0, 0.0]) - 1000.0).abs() < 1e-9);
        assert!((tension(0.09, [0.0, 500.0, 0.0]) - 500.0).abs() < 1e-9, "half-way: half of it");
        assert_eq!(tension(0.0, [0.0, 500.0, 0.0]), 0.0, "the heel alone asks nothing of the arch");
        // Pushing off pulls the forefoot forward at 5 cm below the hinge.
        assert!((tension(0.18, [100.0, 500.0, 0.0]) - 1100.0).abs() < 1e-9);
        // On the toes the lever is longer.
        assert!((tension(0.23, [0.0, 500.0, 0.0]) - 1500.0).abs() < 1e-9);
    }
}
