//! Equilibria of bodies with closed loops: the same mechanics written with a constraint and with a joint must give
//! the same posture, activation and cost, and the constraint must carry what the joint would.
#![allow(clippy::unwrap_used, reason = "a test may panic, in its helpers too")]

use guywire_engine::constraint::{BodyDirection, BodyFrame, BodyPoint, Constraint};
use guywire_engine::equilibrium::{Equilibrium, EquilibriumError, Settings, Solution};
use guywire_engine::muscle::{ActiveForceLength, MuscleParameters, PassiveCurve};
use guywire_engine::passive::{PassiveLaw, PassiveMoment, PreloadEffect};
use guywire_engine::path::{Path, PathPoint};
use guywire_engine::reaction::{Source, for_each_wrench};
use guywire_engine::task::{Aim, Task};
use guywire_engine::{
    Body, Coordinate, Coupler, Joint, Kept, Kinematics, Law, Model, Muscle, PathSet, System,
};
use guywire_math::{Function, Mat3, Pose, Vec3};

const G: f64 = 9.806_65;
/// Where the forearm's frame lies on the upper arm.
const ELBOW: Vec3<f64> = Vec3::new(0.25, 0.0, 0.0);
/// Muscle from ground to the forearm, and the masses' places.
const ORIGIN: Vec3<f64> = Vec3::new(0.0, 0.3, 0.02);
const INSERTION: Vec3<f64> = Vec3::new(0.05, 0.01, 0.0);
const CENTER: Vec3<f64> = Vec3::new(0.1, 0.0, 0.0);

fn settings() -> Settings {
    Settings {
        effort: 100.0,
        strain_price: 0.0,
        strain_price_floor: 0.1,
        linear_effort: 0.0,
        contact_price: 1e-2,
        balance_stiffness: 1e3,
        tolerance_moment: 0.1,
        tolerance_force: 1.0,
        tolerance_cost: Settings::EXACT,
        tolerance_compression: 1e-3,
        detours: true,
        max_iterations: 300,
    }
}

fn body(name: &str, mass: f64) -> Body {
    Body { name: name.into(), mass, center_of_mass: CENTER, inertia: Mat3::identity() }
}

fn bodies() -> Vec<Body> {
    vec![
        Body { mass: 0.0, center_of_mass: Vec3::zero(), ..body("ground", 0.0) },
        body("upper", 3.0),
        body("lower", 2.0),
    ]
}

fn coordinates(names: &[&str]) -> Vec<Coordinate> {
    let free = |name: &&str| Coordinate { name: (*name).into(), default: 0.0, range: None, locked: false };
    names.iter().map(free).collect()
}

/// A shoulder that a spring holds, with a muscle from ground to the second body.
fn system(model: Model, kept: Vec<(&str, Constraint)>) -> System {
    let path = Path::through(vec![PathPoint::fixed(0, ORIGIN), PathPoint::fixed(2, INSERTION)], vec![]);
    let length = (ELBOW + INSERTION - ORIGIN).norm();
    let parameters = MuscleParameters {
        max_isometric_force: 900.0,
        optimal_fiber_length: 0.1,
        tendon_slack_length: length - 0.1,
        pennation_at_optimal: 0.0,
        active: ActiveForceLength::Thelen { gamma: 0.45 },
        passive: PassiveCurve::Slack.into(),
    };
    let muscle = Muscle { name: "biceps".into(), parameters, volume: 90.0, floor: 0.0, ceiling: 1.0 };
    System {
        paths: PathSet::new(&model, vec![path]).unwrap(),
        constraints: kept
            .into_iter()
            .map(|(name, constraint)| Kept { name: name.into(), constraint })
            .collect(),
        muscles: vec![muscle],
        actuators: vec![],
        passives: vec![PassiveMoment {
            name: "shoulder".into(),
            degree: 0,
            law: PassiveLaw::Linear { stiffness: 6.0, neutral: -0.2 },
            price: Some(1.5),
            level: None,
        }],
        ligaments: vec![],
        elastic: None,
        levels: vec![],
        preload: PreloadEffect { per_newton: 0.0, ceiling: 1.0 },
        model,
    }
}

fn solve(system: &System, start: Vec<f64>) -> Result<Solution, EquilibriumError> {
    let aim = Aim {
        body: 1,
        up: Vec3::new(0.0, 1.0, 0.0),
        right: Vec3::new(0.0, 0.0, 1.0),
        inclination: Some(0.4),
        band: 0.0,
        weight: 2.0,
    };
    Equilibrium::new(system, settings()).solve(&task(aim, start))
}

fn task(aim: Aim, start: Vec<f64>) -> Task {
    Task {
        name: "test".into(),
        gravity: Vec3::new(0.0, -G, 0.0),
        supports: vec![],
        contacts: vec![],
        loads: vec![],
        conditions: vec![],
        aims: vec![aim],
        start,
    }
}

fn hinge(name: &str, parent: usize, child: usize, at: Vec3<f64>, coordinate: usize) -> Joint {
    let frame = Pose { rotation: Mat3::identity(), position: at };
    Joint::weld(name, parent, child, frame, Pose::identity()).hinge(coordinate)
}

/// The lower arm as part of the upper: a weld in the tree.
fn welded() -> System {
    let frame = Pose { rotation: Mat3::identity(), position: ELBOW };
    let elbow = Joint::weld("elbow", 1, 2, frame, Pose::identity());
    let joints = vec![hinge("shoulder", 0, 1, Vec3::zero(), 0), elbow];
    system(Model::new(bodies(), joints, coordinates(&["q"]), vec![]).unwrap(), vec![])
}

/// The lower arm free in space.
fn loose(kept: Vec<(&str, Constraint)>) -> System {
    let free = Joint::weld("free", 0, 2, Pose::identity(), Pose::identity()).free([1, 2, 3], [4, 5, 6]);
    let joints = vec![hinge("shoulder", 0, 1, Vec3::zero(), 0), free];
    let names = ["q", "rx", "ry", "rz", "tx", "ty", "tz"];
    system(Model::new(bodies(), joints, coordinates(&names), vec![]).unwrap(), kept)
}

fn start() -> Vec<f64> {
    vec![-0.3, 0.02, -0.01, -0.25, 0.24, -0.07, 0.01]
}

fn close(what: &str, found: f64, expected: f64, tolerance: f64) {
    assert!((found - expected).abs() <= tolerance, "{what}: {found} instead of {expected}");
}

fn same(what: &str, found: &Solution, expected: &Solution) {
    close(&format!("{what}, pose"), found.q[0], expected.q[0], 1e-6);
    close(&format!("{what}, activation"), found.activation[0], expected.activation[0], 1e-6);
    // During the search the balance is held softly, and what is left of it is measured along degrees of freedom, of
    // which the two ways to write the body have different ones.
    close(&format!("{what}, cost"), found.cost, expected.cost, 1e-4 * expected.cost);
    assert!(found.residual_moment < 1e-6 && found.condition_violation < 1e-9, "{what}");
}

fn elbow_weld() -> Constraint {
    let on = |body, position| BodyFrame { body, pose: Pose { rotation: Mat3::identity(), position } };
    Constraint::Weld(on(1, ELBOW), on(2, Vec3::zero()))
}

#[test]
fn a_weld_constraint_is_a_weld_joint() {
    let expected = solve(&welded(), vec![-0.3]).unwrap();
    let looped = loose(vec![("elbow", elbow_weld())]);
    let found = solve(&looped, start()).unwrap();
    same("weld", &found, &expected);
    // Twice the same says nothing new, and must not disturb.
    let twice =
        vec![("elbow", elbow_weld()), ("point", Constraint::Point(point(1, ELBOW), point(2, Vec3::zero())))];
    same("redundant", &solve(&loose(twice), start()).unwrap(), &expected);

    // The weld carries what pulls on the lower arm: muscle and weight.
    let mut kinematics = Kinematics::new(&looped.model);
    kinematics.update(&looped.model, &found.q);
    let (mut carried, mut pulled) = (Vec3::zero(), Vec3::zero());
    let task = task(
        Aim { body: 1, up: ELBOW, right: ELBOW, inclination: None, band: 0.0, weight: 0.0 },
        found.q.clone(),
    );
    for_each_wrench(&looped, &task, &found, &kinematics, |source, on, wrench| {
        if on == 2 {
            let sum = if source == Source::Constraint(0) { &mut carried } else { &mut pulled };
            *sum += wrench.force;
        }
    });
    assert!(pulled.norm() > 20.0, "{pulled:?}");
    assert!((carried + pulled).norm() < 1e-6, "{carried:?} against {pulled:?}");
}

fn point(body: usize, position: Vec3<f64>) -> BodyPoint {
    BodyPoint { body, position }
}

/// The same elbow from other constraints: a point and a rod, a line, planes and right angles.
#[test]
fn every_positional_constraint_holds_the_arm() {
    let expected = solve(&welded(), vec![-0.3]).unwrap();
    let along = |x: f64, y: f64, z: f64| Vec3::new(x, y, z);
    let direction = |body, direction| BodyDirection { body, direction };
    let elbow = Constraint::Point(point(1, ELBOW), point(2, Vec3::zero()));
    let (x, y, z) = (along(1.0, 0.0, 0.0), along(0.0, 1.0, 0.0), along(0.0, 0.0, 1.0));
    let right_angles = |list: &mut Vec<(&'static str, Constraint)>, pairs: &[(Vec3<f64>, Vec3<f64>)]| {
        for (a, b) in pairs {
            list.push(("angle", Constraint::RightAngle(direction(1, *a), direction(2, *b))));
        }
    };
    // A point on a line and a plane across it, and three right angles.
    let line =
        Constraint::Line { line: point(1, Vec3::zero()), normals: [y, z], point: point(2, Vec3::zero()) };
    let plane = Constraint::Plane { normal: direction(1, x), height: ELBOW.x, point: point(2, Vec3::zero()) };
    let mut planes = vec![("line", line), ("plane", plane)];
    right_angles(&mut planes, &[(x, y), (y, z), (z, x)]);
    same("line, plane, angles", &solve(&loose(planes), start()).unwrap(), &expected);
    // A point, two right angles against twisting out of the plane, and a rod that holds the bend.
    let (high, far) = (along(0.0, 0.2, 0.0), along(0.3, 0.0, 0.0));
    let rod = Constraint::Distance(point(1, high), point(2, far), (ELBOW + far - high).norm());
    let mut rods = vec![("elbow", elbow), ("rod", rod)];
    right_angles(&mut rods, &[(z, x), (z, y)]);
    same("point, rod, angles", &solve(&loose(rods), start()).unwrap(), &expected);
}

/// A coordinate that follows another: as the model's coupler and as a constraint with its own force.
#[test]
fn a_coupled_coordinate_is_a_coupler() {
    let bent = |couplers: Vec<Coupler>| {
        let joints = vec![hinge("shoulder", 0, 1, Vec3::zero(), 0), hinge("elbow", 1, 2, ELBOW, 1)];
        Model::new(bodies(), joints, coordinates(&["q", "elbow"]), couplers).unwrap()
    };
    let function = Function::Linear { slope: 0.6, intercept: 0.1 };
    let coupler = Coupler { dependent: 1, terms: vec![(0, 1.0)], function: function.clone() };
    let expected = solve(&system(bent(vec![coupler]), vec![]), vec![-0.3]).unwrap();
    let constraint = Constraint::Coordinate { coordinate: 1, law: Law::Of([0], function) };
    let looped = system(bent(vec![]), vec![("elbow follows", constraint)]);
    let found = solve(&looped, vec![-0.3, 0.0]).unwrap();
    same("coupler", &found, &expected);
    // The coupling carries what weight and muscle leave over about the elbow.
    let mut kinematics = Kinematics::new(&looped.model);
    kinematics.update(&looped.model, &found.q);
    let elbow = kinematics.bodies[2].position;
    let mut moment = 0.0;
    let aim = Aim { body: 1, up: ELBOW, right: ELBOW, inclination: None, band: 0.0, weight: 0.0 };
    for_each_wrench(&looped, &task(aim, found.q.clone()), &found, &kinematics, |_, on, wrench| {
        if on == 2 {
            moment += (wrench.moment - elbow.cross(wrench.force)).z;
        }
    });
    assert!(moment.abs() > 0.02);
    close("moment of the coupling", found.constraint_force[0], moment, 1e-6);
}

#[test]
fn a_constraint_that_cannot_be_met_is_named() {
    let far = Constraint::Distance(point(0, Vec3::zero()), point(2, Vec3::zero()), 9.0);
    let weld = elbow_weld();
    let refused = solve(&loose(vec![("elbow", weld), ("rod", far)]), start()).unwrap_err();
    let EquilibriumError::Unreachable { worst, .. } = &refused else { panic!("{refused}") };
    assert_eq!(worst, "constraint `rod`", "{refused}");
}
