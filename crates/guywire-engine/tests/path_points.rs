//! Points that come and go with a coordinate, and points that coordinates move.
#![allow(clippy::unwrap_used, reason = "a test may panic, in its helpers too")]

use guywire_engine::path::{Component, PathPoint, PathProblem, Presence};
use guywire_engine::{Body, Coordinate, Coupler, Joint, Kinematics, Model, Path, PathSet};
use guywire_math::{Function, Mat3, Pose, Vec3};

/// Two hinges in a row; a third coordinate that follows the second.
fn model() -> Model {
    let inertia = Mat3 { rows: [Vec3::zero(); 3] };
    let body = |name: &str| Body { name: name.into(), mass: 1.0, center_of_mass: Vec3::zero(), inertia };
    let coordinate = |name: &str| Coordinate { name: name.into(), default: 0.0, range: None, locked: false };
    let down = Pose { position: Vec3::new(0.0, -0.4, 0.0), ..Pose::identity() };
    let joints = vec![
        Joint::weld("hip", 0, 1, Pose::identity(), Pose::identity()).hinge(0),
        Joint::weld("knee", 1, 2, down, Pose::identity()).hinge(1),
    ];
    let follows =
        Coupler { dependent: 2, terms: vec![(1, 0.7)], function: Function::Polynomial(vec![0.5, 1.0, 0.1]) };
    let coordinates = ["hip", "knee", "patella"].map(coordinate).to_vec();
    Model::new(["ground", "thigh", "shank"].map(body).to_vec(), joints, coordinates, vec![follows]).unwrap()
}

fn path() -> Path {
    let component = |axis: [f64; 3], coordinate, coefficients: &[f64], range| Component {
        axis: Vec3::from_array(axis),
        coordinate,
        function: Function::Polynomial(coefficients.to_vec()),
        range,
    };
    let wide = [-10.0, 10.0];
    let mut moving = PathPoint::fixed(2, Vec3::new(0.04, 0.01, 0.0));
    moving.motion = vec![
        component([1.0, 0.0, 0.0], 1, &[0.02, -0.01, 0.0], wide),
        component([0.0, 1.0, 0.0], 2, &[0.03, 0.0], wide),
        // Clamped where the test goes beyond half a radian.
        component([0.0, 0.6, 0.8], 0, &[0.01, 0.0], [-0.5, 0.5]),
    ];
    // The moving point has a neighbour on its own body: that part changes length, too.
    let points = vec![
        PathPoint::fixed(0, Vec3::new(0.05, 0.1, 0.02)),
        PathPoint::fixed(1, Vec3::new(0.06, -0.2, 0.0)),
        moving,
        PathPoint::fixed(2, Vec3::new(0.03, -0.05, 0.01)),
    ];
    Path::through(points, vec![])
}

fn solve(model: &Model, paths: &PathSet, q: [f64; 2]) -> (f64, [f64; 2]) {
    let mut kinematics = Kinematics::<f64>::new(model);
    kinematics.update(model, &q);
    let mut arms = paths.moment_arms();
    paths.update(model, &kinematics, &mut arms).unwrap();
    let mut all = [0.0; 2];
    for (&i, &arm) in paths.columns().iter().zip(&arms.values) {
        all[i] = arm;
    }
    let qd = [0.3, -1.2];
    let power = -all[0] * qd[0] - all[1] * qd[1];
    assert!((arms.speed(paths, 0, &qd) - power).abs() < 1e-15);
    // The same forces, taken apart: wrenches on bodies and the work on coordinates that move points.
    let mut wrenches = vec![guywire_math::Wrench::zero(); model.bodies().len()];
    for (body, wrench) in paths.wrenches(0, &kinematics) {
        wrenches[body] += wrench;
    }
    let mut force = [0.0; 2];
    kinematics.generalized_forces(model, &wrenches, &mut force);
    let slope = 0.7 * Function::Polynomial(vec![0.5, 1.0, 0.1]).taylor(0.7 * q[1])[1];
    for (coordinate, work) in paths.moving_forces(0, &kinematics) {
        if coordinate == 2 {
            force[1] += work * slope;
        } else {
            force[coordinate] += work;
        }
    }
    assert!((force[0] - all[0]).abs() < 1e-14 && (force[1] - all[1]).abs() < 1e-14, "{force:?} {all:?}");
    (arms.lengths[0], all)
}

#[test]
fn moment_arms_hold_the_motion_of_points() {
    let model = model();
    let paths = PathSet::new(&model, vec![path()]).unwrap();
    for q in [[0.1, -0.8], [-0.3, 0.2], [0.8, -1.5], [-0.7, 0.0]] {
        let (_, arms) = solve(&model, &paths, q);
        for i in 0..2 {
            let h = 1e-6;
            let mut moved = [q, q];
            moved[0][i] += h;
            moved[1][i] -= h;
            let [high, low] = moved.map(|q| solve(&model, &paths, q).0);
            let slope = (high - low) / (2.0 * h);
            assert!((arms[i] + slope).abs() < 1e-9, "{q:?} {i}: {} against {slope}", arms[i]);
        }
    }
}

#[test]
fn conditional_points_keep_to_their_range_with_its_ends() {
    let model = model();
    let mut path = path();
    path.points[1].presence = Some(Presence { coordinate: 1, range: [-1.0, -0.5] });
    let mut without = path.clone();
    without.points.remove(1);
    let [some, none] = [path, without].map(|p| PathSet::new(&model, vec![p]).unwrap());
    let all = PathSet::new(&model, vec![self::path()]).unwrap();
    // OpenSim adds 1e-5 at both ends.
    for (knee, there) in [
        (-1.1, false),
        (-1.0 - 2e-5, false),
        (-1.0 - 0.5e-5, true),
        (-0.7, true),
        (-0.5 + 0.5e-5, true),
        (-0.4, false),
    ] {
        let q = [0.2, knee];
        let expected = solve(&model, if there { &all } else { &none }, q);
        assert_eq!(solve(&model, &some, q), expected, "{knee}");
    }
}

#[test]
fn paths_that_cannot_be_are_refused() {
    let model = model();
    let refused = |change: &dyn Fn(&mut Path)| {
        let mut path = path();
        change(&mut path);
        PathSet::new(&model, vec![path]).unwrap_err().problem
    };
    assert_eq!(refused(&|p| p.points.truncate(1)), PathProblem::TooShort);
    assert_eq!(refused(&|p| p.points[0].position.x = f64::NAN), PathProblem::NotFinite);
    assert_eq!(refused(&|p| p.points[0].body = 9), PathProblem::Missing { what: "body", index: 9 });
    assert_eq!(
        refused(&|p| p.points[2].motion[0].coordinate = 7),
        PathProblem::Missing { what: "coordinate", index: 7 }
    );
}
