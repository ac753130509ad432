//! How long lengths and moment arms of all paths take at a new pose: `GUYWIRE_SHARED=… cargo bench -p guywire-osim`.
//!
//! Targets: 15 times OpenSim's lengths alone, 8.7 µs (gait2392) and 26 µs (Rajagopal).
#![allow(missing_docs, clippy::unwrap_used, clippy::disallowed_methods, reason = "a bench")]

use divan::{Bencher, black_box};
use guywire_engine::Kinematics;
use guywire_osim::build::Built;
use guywire_osim::{OsimModel, ReadOptions};

const MODELS: [&str; 4] =
    ["gait2392_thelen2003muscle", "Rajagopal2016", "FullBodyModel_Hamner2010_v2_0", "arm26"];

fn main() {
    divan::main();
}

fn built(model: &str) -> Option<Built> {
    let file = guywire_reference::root().join(format!("models/{model}.osim"));
    let model = OsimModel::read(&std::fs::read(file).ok()?, &ReadOptions::default()).unwrap();
    Some(Built::new(&model.description).unwrap())
}

/// Two poses to go back and forth between, so that nothing is found in place.
fn two_poses(built: &Built) -> [Vec<f64>; 2] {
    let default = built.reduced.default_pose();
    let moved = default.iter().map(|q| q + 0.1).collect();
    [default, moved]
}

#[divan::bench(args = MODELS)]
fn kinematics_alone(bencher: Bencher, model: &str) {
    let Some(built) = built(model) else { return };
    let (poses, mut k) = (two_poses(&built), 0);
    let mut kinematics = Kinematics::<f64>::new(&built.reduced);
    bencher.bench_local(|| {
        k = 1 - k;
        kinematics.update(&built.reduced, black_box(&poses[k]));
    });
}

#[divan::bench(args = MODELS)]
fn lengths_and_moment_arms(bencher: Bencher, model: &str) {
    let Some(built) = built(model) else { return };
    let (poses, mut k) = (two_poses(&built), 0);
    let mut kinematics = Kinematics::<f64>::new(&built.reduced);
    let mut arms = built.reduced_paths.moment_arms();
    bencher.bench_local(|| {
        k = 1 - k;
        kinematics.update(&built.reduced, black_box(&poses[k]));
        built.reduced_paths.update(&built.reduced, &kinematics, &mut arms).unwrap();
        arms.lengths[0]
    });
}
