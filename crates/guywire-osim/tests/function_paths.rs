//! Paths whose length is a function of coordinates against OpenSim 4.6 (`conformance/function_paths/make.py`): lengths,
//! speeds, moment arms, and the accelerations under what pulls along them.

use guywire_engine::AtMoment;
use guywire_math::Dual;
use guywire_osim::build::Built;
use guywire_osim::{OsimModel, ReadOptions};
use std::path::Path;

#[test]
fn paths_by_functions_are_opensims() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../conformance/function_paths");
    let bytes = std::fs::read(folder.join("paths.osim")).expect("a model");
    let model = OsimModel::read(&bytes, &ReadOptions::default()).expect("a model");
    let built = Built::new(&model.description).expect("a sound model");
    let mechanism = built.mechanism(&model.description);
    let text = std::fs::read_to_string(folder.join("paths.json")).expect("OpenSim's numbers");
    let expected: serde_json::Value = serde_json::from_str(&text).expect("OpenSim's numbers");
    let list = |value: &serde_json::Value| -> Vec<f64> {
        value.as_array().expect("a list").iter().map(|v| v.as_f64().expect("a number")).collect()
    };
    let mut moment = AtMoment::new(&mechanism);
    let states = expected["states"].as_array().expect("states");
    assert_eq!(states.len(), 8);
    for state in states {
        let (q, u) = (list(&state["q"]), list(&state["u"]));
        moment.move_to(&mechanism, &q, &u).expect("paths have a length");
        for (path, name) in built.path_names.iter().enumerate() {
            let close = |what: &str, ours: f64, theirs: f64| {
                assert!((ours - theirs).abs() < 1e-12, "{what} of {name}: {ours} {theirs}");
            };
            close("length", moment.arms.lengths[path], state["lengths"][name].as_f64().expect("m"));
            close("speed", moment.path_speeds[path], state["speeds"][name].as_f64().expect("m/s"));
            let mut arms = [0.0; 4];
            for k in mechanism.paths.row(path) {
                arms[mechanism.paths.columns()[k]] = moment.arms.values[k];
            }
            for (ours, theirs) in arms.into_iter().zip(list(&state["arms"][name])) {
                close("moment arm", ours, theirs);
            }
        }
        let mut controls = vec![0.0; mechanism.controls];
        let actuator = built.controls.iter().position(|control| control.name == "actuator");
        controls[actuator.expect("an actuator")] = state["control"].as_f64().expect("a control");
        moment.act(&mechanism, 0.0, &controls, &[], |_, _| true);
        let activation = state["activation"].as_f64().expect("an activation");
        let (length, speed) = (moment.arms.lengths[0], moment.path_speeds[0]);
        let pull = mechanism.muscles[0].rigid(activation, length, speed).expect("a state");
        moment.applied.tensions[0] += pull.tendon_force;
        let mut qdd = [0.0; 4];
        moment.accelerations(&mechanism, 0.0, &q, &u, &mut qdd).expect("accelerations");
        for (ours, theirs) in qdd.into_iter().zip(list(&state["accelerations"])) {
            assert!((ours - theirs).abs() < 1e-9 * (1.0 + theirs.abs()), "{ours} {theirs}");
        }
        // What acts along coordinates is the same wherever it is asked for, and no body is pulled.
        let kinematics = &moment.kinematics;
        let mut bodies = vec![guywire_math::Wrench::zero(); mechanism.model.bodies().len()];
        let mut route = guywire_engine::path::Route::new();
        mechanism.paths.add_wrenches(kinematics, &mut route, &mut bodies, |_, _| 1.0);
        assert!(bodies.iter().all(|wrench| *wrench == guywire_math::Wrench::zero()));
        let mut along = [0.0; 4];
        mechanism.paths.add_moving_forces(&mechanism.model, kinematics, &mut route, &mut along, |_, _| 1.0);
        let mut sum = [0.0; 4];
        moment.arms.add_forces(&mechanism.paths, &[1.0; 3], &mut sum);
        assert!(along.iter().zip(&sum).all(|(a, b)| (a - b).abs() < 1e-14), "{along:?} {sum:?}");
    }
}

/// Moment arms of a length alone are its derivatives, carried along by dual numbers too.
#[test]
fn moment_arms_are_derivatives() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../conformance/function_paths");
    let bytes = std::fs::read(folder.join("paths.osim")).expect("a model");
    let model = OsimModel::read(&bytes, &ReadOptions::default()).expect("a model");
    let built = Built::new(&model.description).expect("a sound model");
    let (tree, paths) = (&built.tree, &built.paths);
    let q = [0.3, -0.4, 0.2, 0.1];
    let mut plain = guywire_engine::Kinematics::<f64>::new(tree);
    plain.update(tree, &q);
    let mut arms = paths.moment_arms::<f64>();
    paths.update(tree, &plain, &mut arms).expect("a length");
    let moving: Vec<Dual<4>> = q.iter().enumerate().map(|(k, q)| Dual::variable(*q, k)).collect();
    let mut kinematics = guywire_engine::Kinematics::<Dual<4>>::new(tree);
    kinematics.update(tree, &moving);
    let mut duals = paths.moment_arms::<Dual<4>>();
    paths.update(tree, &kinematics, &mut duals).expect("a length");
    let mut compared = 0;
    // The actuator's moment arms are functions of their own.
    for path in (0..paths.len()).filter(|&path| built.path_names[path] != "actuator") {
        for by in 0..4 {
            let arm = paths.row(path).find(|&k| paths.columns()[k] == by).map_or(0.0, |k| arms.values[k]);
            let slope = duals.lengths[path].slope[by];
            assert!((arm + slope).abs() < 1e-14, "{} by {by}: {arm} {slope}", built.path_names[path]);
            compared += 1;
        }
    }
    assert_eq!(compared, 8);
}
