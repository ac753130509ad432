//! Forces and moments balance, on the whole body and on every degree of freedom.

use crate::cases::{CASES, Case, case, conditions};
use guywire_engine::Kinematics;
use guywire_engine::reaction::for_each_wrench;
use guywire_engine::task::Load;
use guywire_math::{Vec3, Wrench};

/// All forces on the whole body add up to nothing, and so do their moments about any point.
#[test]
fn forces_and_moments_on_the_body_add_up_to_nothing() {
    for case in &*CASES {
        let mut total = Wrench::zero();
        for_each_wrench(&case.body.system, &case.task, &case.solution, &case.kinematics(), |_, _, w| {
            total += w
        });
        let mut largest = 0.0f64;
        for about in [Vec3::zero(), Vec3::new(0.3, 1.0, 0.2), Vec3::new(-2.0, 0.5, 1.0)] {
            largest = largest.max((total.moment - about.cross(total.force)).norm());
        }
        assert!(total.force.norm() < 1e-4, "{}: {} N", case.name, total.force.norm());
        assert!(largest < 1e-4, "{}: {largest} N·m", case.name);
    }
}

/// A force on each point whose velocity is known: what the power per rate of one degree of freedom is made of.
fn power(case: &Case, degree: usize, step: f64) -> f64 {
    let (system, solution) = (&case.body.system, &case.solution);
    let mut q = solution.q.clone();
    q[degree] += step;
    let up = case.at(&q);
    q[degree] -= 2.0 * step;
    let down = case.at(&q);
    let moved = |body: usize, point: Vec3<f64>| up.bodies[body].point(point) - down.bodies[body].point(point);
    let longer = |a: (usize, Vec3<f64>), b: (usize, Vec3<f64>)| {
        let length = |k: &Kinematics<f64>| (k.bodies[b.0].point(b.1) - k.bodies[a.0].point(a.1)).norm();
        length(&up) - length(&down)
    };
    let mut work = 0.0;
    for (b, body) in system.model.bodies().iter().enumerate() {
        work += body.mass * case.task.gravity.dot(moved(b, body.center_of_mass));
    }
    for (m, path) in system.paths.paths().iter().enumerate() {
        let force = solution.active_force[m] + solution.passive_force[m];
        work -= force * (path.follow(&up, |_| {}) - path.follow(&down, |_| {}));
    }
    for ligament in &system.ligaments {
        let (a, b) = (&ligament.origin, &ligament.insertion);
        let at = case.kinematics();
        let length = (at.bodies[b.body].point(b.position) - at.bodies[a.body].point(a.position)).norm();
        work -= ligament.tension(length) * longer((a.body, a.position), (b.body, b.position));
    }
    for load in &case.task.loads {
        work += match load {
            Load::Force { body, point, force, .. } => force.dot(moved(*body, *point)),
            Load::Push { from, to, force, .. } => force * longer(*from, *to),
        };
    }
    for (contact, force) in case.task.contacts.iter().zip(&solution.contact_force) {
        work += force.dot(moved(contact.body, contact.center));
    }
    let mut power = work / (2.0 * step);
    for passive in system.passives.iter().filter(|p| p.degree == degree) {
        let factor = passive.level.map_or(1.0, |l| system.preload.factor(solution.compression[l]));
        power += passive.at(solution.q[degree], factor);
    }
    power
}

/// Moving any degree of freedom a little, gravity, muscles (−F dL), ligaments, loads, contacts and passive
/// tissue together do no work: −F dL of muscles by differences of their lengths, not by moment arms.
#[test]
fn no_motion_gains_work() {
    for name in ["standing", "bend_60", "supine", "lift_20kg_bent_knees", "lopsided standing_on_left"] {
        let case = case(name);
        for degree in 0..case.solution.q.len() {
            // The difference is off by the square of the step: some kN/m² times 1e-10, and rounding of as much.
            let power = power(case, degree, 1e-5);
            assert!(power.abs() < 1e-4, "{name}: {power} at {}", case.coordinate(degree));
        }
    }
}

/// The generalised forces of all wrenches and passive moments are no larger than the certificate says.
#[test]
fn the_certificate_holds() {
    for case in &*CASES {
        let system = &case.body.system;
        let mut kinematics = case.kinematics();
        let mut on = vec![Wrench::zero(); system.model.bodies().len()];
        for_each_wrench(system, &case.task, &case.solution, &kinematics, |_, body, w| on[body] += w);
        let mut force = vec![0.0; case.solution.q.len()];
        kinematics.generalized_forces(&system.model, &on, &mut force);
        for passive in &system.passives {
            let factor = passive.level.map_or(1.0, |l| system.preload.factor(case.solution.compression[l]));
            force[passive.degree] += passive.at(case.solution.q[passive.degree], factor);
        }
        for (i, f) in force.iter().enumerate() {
            let claimed = if system.model.degree_turns(i) {
                case.solution.residual_moment
            } else {
                case.solution.residual_force
            };
            // The stiffness of the segments is that of the last step's compression, up to 1e-3 N off, which is
            // some 2e-6 of the moment of a segment.
            let tolerance = claimed + 5e-5;
            assert!(f.abs() < tolerance, "{}: {f} at {}", case.name, case.coordinate(i));
        }
        assert!(case.solution.condition_violation < 1e-9);
        let conditions = conditions(case, &case.solution.q);
        let off = conditions.iter().fold(0.0f64, |m, c| m.max(c.abs()));
        assert!(off < 1e-9, "{}: {off} m or rad off the conditions", case.name);
    }
}

#[test]
fn no_muscle_pushes_and_no_contact_pulls() {
    for case in &*CASES {
        for (muscle, &a) in case.body.system.muscles.iter().zip(&case.solution.activation) {
            assert!((muscle.floor..=muscle.ceiling).contains(&a), "{}: {} {a}", case.name, muscle.name);
        }
        let forces = case.solution.active_force.iter().chain(&case.solution.passive_force);
        assert!(forces.into_iter().all(|f| *f >= 0.0), "{}", case.name);
        for (contact, force) in case.task.contacts.iter().zip(&case.solution.contact_force) {
            let n = case.task.supports[contact.support].normal;
            let (normal, along) = (force.dot(n), *force - n * force.dot(n));
            let slides = (along.x * n.y - along.y * n.x).abs() + along.z.abs();
            assert!(slides <= contact.friction * normal + 1e-9, "{}: {force:?}", case.name);
        }
    }
}
