//! The pose that springs, ligaments, weights and aims lead to, and what a level of the spine carries.

use crate::bodies::{
    FIBER, G, GAMMA, UP, block, close, elastic, held, least, lever, pull, root, settings, soft_effort, solve,
    spring, task, with_muscles,
};
use guywire_engine::force::{CoordinateLaw, ForceLaw, PathLaw};
use guywire_engine::passive::{Ligament, PassiveLaw, PassiveMoment, PreloadEffect};
use guywire_engine::path::{Path, PathPoint};
use guywire_engine::reaction::{Source, for_each_wrench};
use guywire_engine::task::{Aim, Load};
use guywire_engine::{Kinematics, Level, Task};
use guywire_math::Vec3;

/// An inverted pendulum on a spring leans until the weight's moment equals the spring's.
#[test]
fn a_pendulum_leans_until_its_spring_holds_it() {
    let (mass, height, stiffness, neutral) = (10.0, 0.5, 80.0, 0.15);
    let mut system = lever(mass, Vec3::new(0.0, height, 0.0));
    system.passives = vec![spring(PassiveLaw::Linear { stiffness, neutral }, None)];
    let expected = root(0.0, 1.5, |q| stiffness * (q - neutral) - mass * G * height * q.sin());
    for start in [0.0, 0.3, -0.8] {
        let solution = solve(&system, &task(&[start])).unwrap();
        close("lean", solution.q[0], expected, 1e-5);
    }
    // The same spring as a force of another model.
    system.passives.clear();
    let law = CoordinateLaw::Spring { stiffness, rest: neutral, viscosity: 1.0 };
    system.elastic = Some(elastic(&system, ForceLaw::Coordinate { coordinate: 0, law }, vec![]));
    close("lean by another's spring", solve(&system, &task(&[0.0])).unwrap().q[0], expected, 1e-5);
}

/// A spinal segment stiffens under the weight that it carries: `m g h sin q = k f(m g cos q) t + c t³`.
#[test]
fn a_segment_leans_less_for_the_load_that_stiffens_it() {
    let (mass, height) = (30.0, 0.2);
    let (stiffness, neutral, cubic_below, cubic_above) = (60.0, 0.1, 3000.0, 1500.0);
    let (per_newton, ceiling) = (2e-3, 3.0);
    let mut system = lever(mass, Vec3::new(0.0, height, 0.0));
    system.levels = vec![Level { name: "base".into(), upper: 1, normal: UP }];
    let law = PassiveLaw::Segment { stiffness, neutral, cubic_below, cubic_above };
    system.passives = vec![PassiveMoment { level: Some(0), ..spring(law, None) }];
    system.preload = PreloadEffect { per_newton, ceiling };
    let expected = root(0.1, 1.0, |q| {
        let (factor, t) = (1.0 + per_newton * mass * G * q.cos(), q - neutral);
        assert!(factor < ceiling);
        stiffness * factor * t + cubic_above * t * t * t - mass * G * height * q.sin()
    });
    let solution = solve(&system, &task(&[0.0])).unwrap();
    close("lean", solution.q[0], expected, 1e-5);
    close("compression", solution.compression[0], mass * G * expected.cos(), 1e-3);
}

/// With a muscle, a priced spring and an aim, the pose is the least of the sum of their costs.
#[test]
fn the_pose_is_where_effort_strain_and_aim_cost_least() {
    let (mass, reach, stiffness, neutral, price, weight) = (4.0, 0.3, 6.0, -0.2, 1.5, 2.0);
    let biceps = pull("biceps", [0.0, 0.3, 0.0], [0.05, 0.0, 0.0], 800.0);
    let mut system = with_muscles(lever(mass, Vec3::new(reach, 0.0, 0.0)), std::slice::from_ref(&biceps));
    system.passives = vec![spring(PassiveLaw::Linear { stiffness, neutral }, Some(price))];
    let mut task = task(&[-0.3]);
    // The aim wants the lever's y axis to lean forward by 0.4 rad: q = −0.4.
    task.aims = vec![Aim {
        body: 1,
        up: UP,
        right: Vec3::new(0.0, 0.0, 1.0),
        inclination: Some(0.4),
        band: 0.0,
        weight,
    }];
    let solution = solve(&system, &task).unwrap();

    let cost = |q: f64| {
        let insertion = Vec3::new(0.05 * q.cos(), 0.05 * q.sin(), 0.0);
        let along = biceps.origin - insertion;
        let arm = insertion.cross(along).z / along.norm();
        let stretch = (along.norm() - biceps.length()) / FIBER;
        let strength = biceps.force * (-stretch * stretch / GAMMA).exp() * arm;
        let moment = -stiffness * (q - neutral);
        let needed = mass * G * reach * q.cos() - moment;
        assert!(needed > 0.0 && needed < strength);
        soft_effort(needed, strength) + (moment / price).powi(2) + weight * (q + 0.4).powi(2)
    };
    let expected = least(-1.2, 0.4, cost);
    assert!((expected + 0.4).abs() > 0.02, "the aim alone must not decide");
    close("pose", solution.q[0], expected, 1e-6);
    close("cost", solution.cost, cost(expected), 1e-9);
}

/// Leaning forward within the aim's band costs nothing; beyond it, the distance to the band.
#[test]
fn an_aim_is_free_within_its_band() {
    let (mass, height, stiffness, weight) = (2.0, 0.1, 40.0, 30.0);
    let mut system = lever(mass, Vec3::new(0.0, height, 0.0));
    let aim =
        |band| Aim { body: 1, up: UP, right: Vec3::new(0.0, 0.0, 1.0), inclination: Some(0.1), band, weight };
    // The spring alone decides the pose: q = −0.25 or so, an inclination of +0.25.
    system.passives = vec![spring(PassiveLaw::Linear { stiffness, neutral: -0.25 }, None)];
    for (band, expected) in [(0.5, 0.0), (0.05, 1.0)] {
        let solution = solve(&system, &Task { aims: vec![aim(band)], ..task(&[0.0]) }).unwrap();
        let beyond = (-solution.q[0] - 0.1 - band).max(0.0);
        assert!(expected == 0.0 || beyond > 0.05);
        close("cost", solution.cost, weight * beyond * beyond, 1e-3);
    }
}

/// A weight on a ligament hangs where the ligament's tension carries it.
#[test]
fn a_ligament_hangs_a_weight() {
    let (mass, slack_length, stiffness, toe) = (2.0, 0.2, 4000.0, 0.01);
    let mut system = block(mass, Vec3::zero(), false);
    let at = |body, y| PathPoint::fixed(body, Vec3::new(0.0, y, 0.0));
    let (origin, insertion) = (at(0, 1.0), at(1, 0.0));
    system.ligaments =
        vec![Ligament { name: "band".into(), origin, insertion, slack_length, stiffness, toe }];
    let solution = solve(&system, &task(&[0.0, 0.795])).unwrap();
    // 19.6 N lie in the toe, which ends at k s₀/2 = 20 N.
    let stretch = (2.0 * toe * mass * G / stiffness).sqrt();
    assert!(stretch < toe);
    close("height", solution.q[1], 1.0 - slack_length - stretch, 1e-6);
    // The same band by Blankevoort's law, which is that of another model.
    let Ligament { origin, insertion, .. } = system.ligaments.remove(0);
    let law = PathLaw::Blankevoort {
        slack_length,
        linear_stiffness: stiffness * slack_length,
        transition_strain: toe / slack_length,
        damping_coefficient: 0.1,
    };
    let path = Path::through(vec![origin, insertion], vec![]);
    system.elastic = Some(elastic(&system, ForceLaw::Path { path: 0, law }, vec![path]));
    let solution = solve(&system, &task(&[0.0, 0.795])).unwrap();
    close("height by another's band", solution.q[1], 1.0 - slack_length - stretch, 1e-6);
    let (mut up, mut kinematics) = (0.0, Kinematics::new(&system.model));
    kinematics.update(&system.model, &solution.q);
    for_each_wrench(&system, &task(&[0.0, 0.795]), &solution, &kinematics, |source, on, wrench| {
        up += if on == 1 && matches!(source, Source::Elastic(_)) { wrench.force.y } else { 0.0 };
    });
    close("pull of the band", up, mass * G, 1e-3);
}

/// What a level carries: the weight above, the muscle that pulls down on it, less what pushes up from below.
#[test]
fn a_level_carries_weight_and_muscle_less_pressure() {
    let (mass, ahead, behind, pressure) = (30.0, 0.1, -0.05, 120.0);
    let back = pull("back", [behind, -0.3, 0.0], [behind, 0.2, 0.0], 4000.0);
    let mut system = with_muscles(lever(mass, Vec3::new(ahead, 0.2, 0.0)), std::slice::from_ref(&back));
    let tilt: f64 = 0.3;
    let normal = Vec3::new(tilt.sin(), tilt.cos(), 0.0);
    system.levels = vec![Level { name: "base".into(), upper: 1, normal }];
    let push = Load::Push {
        name: "pressure".into(),
        from: (0, Vec3::new(ahead, -0.1, 0.0)),
        to: (1, Vec3::new(ahead, 0.2, 0.0)),
        force: pressure,
    };
    let solution = solve(&system, &Task { loads: vec![push], ..held(0.0) }).unwrap();
    let tension = (mass * G - pressure) * ahead / -behind;
    close("muscle", solution.active_force[0], tension, 1e-2);
    close("compression", solution.compression[0], (mass * G + tension - pressure) * tilt.cos(), 1e-2);
}

// ---- contacts ----------------------------------------------------------------------------------

/// An aim that pulls the pose beyond what a muscle can hold ends at the edge of what it can, however dear the rest.
#[test]
fn an_aim_beyond_reach_ends_where_the_muscle_just_holds() {
    let (mass, reach) = (13.0, 0.3);
    let biceps = pull("biceps", [0.0, 0.3, 0.0], [0.05, 0.0, 0.0], 800.0);
    let system = with_muscles(lever(mass, Vec3::new(reach, 0.0, 0.0)), std::slice::from_ref(&biceps));
    let left = |q: f64| {
        let insertion = Vec3::new(0.05 * q.cos(), 0.05 * q.sin(), 0.0);
        let along = biceps.origin - insertion;
        let arm = insertion.cross(along).z / along.norm();
        let stretch = (along.norm() - biceps.length()) / FIBER;
        biceps.force * (-stretch * stretch / GAMMA).exp() * arm - mass * G * reach * q.cos()
    };
    let edge = root(-0.5, 0.3, left);
    let right = Vec3::new(0.0, 0.0, 1.0);
    for weight in [10.0, 5e3, 1e5] {
        let aim = Aim { body: 1, up: UP, right, inclination: Some(0.5), band: 0.0, weight };
        let solution = solve(&system, &Task { aims: vec![aim], ..task(&[0.0]) }).unwrap();
        assert!(
            solution.residual_moment < settings().tolerance_moment,
            "{weight}: {}",
            solution.residual_moment
        );
        // A tenth of a newton metre is what the balance may lack: 0.02 rad here.
        assert!(weight < 100.0 || (solution.q[0] - edge).abs() < 0.02, "{weight}: {} {edge}", solution.q[0]);
        assert!(solution.q[0] > edge - 0.02, "{weight}: {} {edge}", solution.q[0]);
    }
}
