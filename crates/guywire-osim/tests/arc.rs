//! Joints of constant curvature: bodies where OpenSim 4.6 puts them (`conformance/arc/make.py`), and velocities that are
//! the derivatives of positions, which OpenSim's are not.

use guywire_engine::{Dynamics, Kinematics};
use guywire_math::Vec3;
use guywire_osim::build::Built;
use guywire_osim::description::Base;
use guywire_osim::{OsimModel, ReadOptions};
use std::path::Path;

#[test]
fn arcs_end_where_opensims_do() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../conformance/arc");
    let bytes = std::fs::read(folder.join("arcs.osim")).expect("a model");
    let model = OsimModel::read(&bytes, &ReadOptions::default()).expect("a model");
    let built = Built::new(&model.description).expect("a sound model");
    let text = std::fs::read_to_string(folder.join("arcs.json")).expect("OpenSim's numbers");
    let expected: serde_json::Value = serde_json::from_str(&text).expect("OpenSim's numbers");
    let list = |value: &serde_json::Value| -> Vec<f64> {
        value.as_array().expect("a list").iter().map(|v| v.as_f64().expect("a number")).collect()
    };
    let names = expected["coordinates"].as_array().expect("names");
    assert!(names.iter().zip(built.index.coordinate_names()).all(|(a, b)| a.as_str() == Some(b.as_str())));
    let tree = &built.tree;
    let at = |q: &[f64]| {
        let mut kinematics = Kinematics::new(tree);
        kinematics.update(tree, q);
        kinematics
    };
    let (mut worst, mut theirs_off) = (0.0_f64, 0.0_f64);
    for state in expected["states"].as_array().expect("states") {
        let (q, u) = (list(&state["q"]), list(&state["u"]));
        let kinematics = at(&q);
        let mut dynamics = Dynamics::new(tree, Vec3::zero());
        dynamics.update(tree, &kinematics, &u);
        let step = 1e-6;
        let moved =
            [-step, step].map(|by| at(&q.iter().zip(&u).map(|(q, u)| q + by * u).collect::<Vec<_>>()));
        for (index, theirs) in state["bodies"].as_array().expect("bodies").iter().enumerate() {
            let body = built.index.body(Base::Body(index));
            let pose = &kinematics.bodies[body];
            let rows = theirs["rotation"].as_array().expect("rows");
            let pairs = pose.position.to_array().into_iter().zip(list(&theirs["position"]));
            let turned = pose.rotation.rows.iter().zip(rows);
            let turned = turned.flat_map(|(ours, theirs)| ours.to_array().into_iter().zip(list(theirs)));
            for (ours, theirs) in pairs.chain(turned) {
                worst = worst.max((ours - theirs).abs());
            }
            let velocity = dynamics.velocity(body).of_point(pose.position);
            let slope = (moved[1].bodies[body].position - moved[0].bodies[body].position) * (0.5 / step);
            assert!((velocity - slope).norm() < 1e-8, "body {index}: {velocity:?} {slope:?}");
            let [x, y, z] = list(&theirs["velocity"])[..] else { panic!("three numbers") };
            theirs_off = theirs_off.max((Vec3::new(x, y, z) - slope).norm());
        }
    }
    eprintln!("worst {worst:e}, OpenSim's velocities off by {theirs_off}");
    assert!(worst < 1e-12, "{worst:e}");
    // When this fails OpenSim has mended its Jacobian: compare velocities too.
    assert!(theirs_off > 1e-3, "{theirs_off}");
}
