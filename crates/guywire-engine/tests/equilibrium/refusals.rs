//! What is refused, and what is told of a solution.

use crate::bodies::{G, UP, close, held, lever, pull, solve, task, with_muscles};
use guywire_engine::equilibrium::EquilibriumError;
use guywire_engine::reaction::{Source, for_each_wrench};
use guywire_engine::task::{Condition, Load};
use guywire_engine::{Kinematics, Task};
use guywire_math::Vec3;

#[test]
fn a_weight_too_heavy_names_what_is_missing() {
    let (mass, reach) = (40.0, 0.3);
    let biceps = pull("biceps", [0.0, 0.3, 0.0], [0.05, 0.0, 0.0], 800.0);
    let triceps = pull("triceps", [0.0, -0.3, 0.0], [0.05, 0.0, 0.0], 800.0);
    let system = with_muscles(lever(mass, Vec3::new(reach, 0.0, 0.0)), &[biceps.clone(), triceps]);
    match solve(&system, &held(0.0)) {
        Err(EquilibriumError::Unbalanced { task, coordinate, missing, unit, obstacle }) => {
            let expected = mass * G * reach - biceps.arm() * biceps.force;
            close("missing", missing, expected, 0.01 * expected);
            assert_eq!((task.as_str(), coordinate.as_str(), unit), ("test", "elbow", "N·m"));
            assert!(obstacle.contains("biceps") && !obstacle.contains("triceps"), "{obstacle}");
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn conditions_that_contradict_are_unreachable() {
    let system = lever(1.0, Vec3::new(0.0, -0.3, 0.0));
    let hold = |value| Condition::Degree { degree: 0, value };
    let twice = Task { conditions: vec![hold(0.1), hold(0.3)], ..task(&[0.0]) };
    match solve(&system, &twice) {
        // However the two share it, one is off by half of the 0.2 rad between them.
        Err(EquilibriumError::Unreachable { violation, .. }) => assert!(violation > 0.0999, "{violation}"),
        other => panic!("{other:?}"),
    }
    // The lever's tip reaches 0.6 m and is asked to reach 1 m.
    let tip = Vec3::new(0.6, 0.0, 0.0);
    let beyond = Condition::OnPlane { body: 1, point: tip, normal: UP, offset: 1.0 };
    match solve(&system, &Task { conditions: vec![beyond], ..task(&[0.5]) }) {
        Err(EquilibriumError::Unreachable { violation, .. }) => assert!(violation > 0.3999, "{violation}"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_start_of_another_body_is_refused() {
    let system = lever(1.0, Vec3::new(0.0, -0.3, 0.0));
    for start in [vec![], vec![0.0; 3]] {
        match solve(&system, &task(&start)) {
            Err(EquilibriumError::WrongStart { found, expected, .. }) => {
                assert_eq!((found, expected), (start.len(), 1));
            }
            other => panic!("{other:?}"),
        }
    }
}

/// What is not a number ends in an error, whether it comes with the start, a load or a condition.
#[test]
fn what_is_not_a_number_is_an_error() {
    let biceps = pull("biceps", [0.0, 0.3, 0.0], [0.05, 0.0, 0.0], 800.0);
    let plain = lever(4.0, Vec3::new(0.0, -0.3, 0.0));
    let moved = with_muscles(plain.clone(), &[biceps]);
    for system in [&plain, &moved] {
        for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            let load = Load::Force {
                name: "bad".into(),
                body: 1,
                point: Vec3::new(0.1, 0.0, 0.0),
                force: Vec3::new(0.0, bad, 0.0),
            };
            let free_and_held = [task(&[bad]), Task { start: vec![bad], ..held(0.0) }, held(bad)];
            let loaded = Task { loads: vec![load], ..held(0.0) };
            for task in free_and_held.into_iter().chain([loaded]) {
                if let Ok(solution) = solve(system, &task) {
                    panic!("{bad}: {:?} from {task:?}", solution.q);
                }
            }
        }
    }
}

/// The sources of force that a solution lists are those that the task and the body have.
#[test]
fn every_source_is_told_once() {
    let biceps = pull("biceps", [0.0, 0.3, 0.0], [0.05, 0.0, 0.0], 800.0);
    let system = with_muscles(lever(4.0, Vec3::new(0.3, 0.0, 0.0)), &[biceps]);
    let load = Load::Force {
        name: "cup".into(),
        body: 1,
        point: Vec3::new(0.35, 0.0, 0.0),
        force: Vec3::new(0.0, -2.0, 0.0),
    };
    let task = Task { loads: vec![load], ..held(0.0) };
    let solution = solve(&system, &task).unwrap();
    let mut kinematics = Kinematics::new(&system.model);
    kinematics.update(&system.model, &solution.q);
    let mut seen = Vec::new();
    for_each_wrench(&system, &task, &solution, &kinematics, |source, on, _| seen.push((source, on)));
    assert_eq!(
        seen,
        [(Source::Weight(1), 1), (Source::Muscle(0), 0), (Source::Muscle(0), 1), (Source::Load(0), 1)]
    );
}
