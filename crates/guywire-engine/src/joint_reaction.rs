//! What a joint transmits: force and moment between the two bodies that it joins.
//!
//! The bodies beyond a joint move as they do because of the forces on them and what comes through the joint:
//!
//! ```text
//! F_joint = Σ_beyond (I A + V ×* I V − weight − applied)
//! ```
//!
//! so the reaction on the child contains whatever makes up for a coordinate's own force: a coordinate actuator, a
//! coupler, a lock, a coordinate's stop act *through* the joint. Muscles, ligaments, contact, external loads and
//! constraints between bodies are applied forces. This is OpenSim's `JointReaction` (Steele et al. 2012, Gait
//! Posture 35:556) and Simbody's mobiliser reaction.
//!
//! The reaction on the parent is minus that on the child; the point of application is the origin of the joint's
//! frame on the body looked at (`M` on the child, `F` on the parent), and the moment is about that point.

use crate::{Dynamics, Kinematics, Model};
use guywire_math::Vec3;

/// Which body of a joint a reaction acts on. In a reversed joint these are still the tree's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The one nearer to ground.
    Parent,
    /// The one beyond.
    Child,
}

/// A reaction in ground axes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct JointReaction {
    /// N.
    pub force: Vec3<f64>,
    /// About `point`, N·m.
    pub moment: Vec3<f64>,
    /// Where it acts, in ground, m.
    pub point: Vec3<f64>,
}

/// The reaction of `joint` (an index into [`Model::joints`]) on one of its bodies, after
/// [`Dynamics::inverse_dynamics`] with all applied forces in its `external`.
pub fn joint_reaction(
    model: &Model,
    kinematics: &Kinematics<f64>,
    dynamics: &Dynamics<f64>,
    joint: usize,
    on: Side,
) -> JointReaction {
    let wrench = dynamics.transmitted(joint + 1);
    let joint = &model.joints()[joint];
    let (body, frame, wrench) = match on {
        Side::Child => (joint.child, joint.in_child, wrench),
        Side::Parent => (joint.parent, joint.in_parent, -wrench),
    };
    let point = kinematics.bodies[body].point(frame.position);
    JointReaction { force: wrench.force, moment: wrench.moment_about(point), point }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Body, Coordinate, Joint};
    use guywire_math::{Mat3, Pose, Wrench};

    /// A driven pendulum whose hinge stands off: centripetal and tangential force by hand, the drive in the moment.
    #[test]
    fn a_driven_pendulum_by_hand() {
        const G: f64 = 9.80665;
        let (mass, length, inertia) = (2.0, 0.7, 0.05);
        let body = |name: &str, mass: f64, i: f64| Body {
            name: name.into(),
            mass,
            center_of_mass: Vec3::new(0.0, -length, 0.0),
            inertia: Mat3 { rows: [Vec3::new(i, 0.0, 0.0), Vec3::new(0.0, i, 0.0), Vec3::new(0.0, 0.0, i)] },
        };
        let offset = Pose { position: Vec3::new(0.3, 1.0, -0.2), ..Pose::identity() };
        let coordinate = Coordinate { name: "q".into(), default: 0.0, range: None, locked: false };
        let model = Model::new(
            vec![body("ground", 0.0, 0.0), body("bob", mass, inertia)],
            vec![Joint::weld("hinge", 0, 1, offset, Pose::identity()).hinge(0)],
            vec![coordinate],
            vec![],
        )
        .unwrap();
        let (q, qd, qdd): (f64, f64, f64) = (0.6, 1.3, -2.0);
        let mut kinematics = Kinematics::new(&model);
        let mut dynamics = Dynamics::new(&model, Vec3::new(0.0, -G, 0.0));
        kinematics.update(&model, &[q]);
        dynamics.update(&model, &kinematics, &[qd]);
        let mut tau = [0.0];
        dynamics.inverse_dynamics(&model, &kinematics, &[qdd], &[Wrench::zero(); 2], &mut tau);
        let on_child = joint_reaction(&model, &kinematics, &dynamics, 0, Side::Child);
        let (sin, cos) = (q.sin(), q.cos());
        let along = Vec3::new(-sin, cos, 0.0);
        let across = Vec3::new(cos, sin, 0.0);
        let expected = along * (mass * length * qd * qd)
            + across * (mass * length * qdd)
            + Vec3::new(0.0, mass * G, 0.0);
        assert!((on_child.force - expected).norm() < 1e-12);
        assert!((on_child.moment - Vec3::new(0.0, 0.0, tau[0])).norm() < 1e-12);
        let drive = (inertia + mass * length * length) * qdd + mass * G * length * sin;
        assert!((tau[0] - drive).abs() < 1e-12);
        assert!((on_child.point - offset.position).norm() < 1e-15);
        let on_parent = joint_reaction(&model, &kinematics, &dynamics, 0, Side::Parent);
        assert!((on_parent.force + on_child.force).norm() < 1e-15);
    }
}
