//! How long the reference body takes: `cargo bench -p guywire`. Targets are for two cores of a desktop.
//!
//! Cold is a solve from the start written in `data/positions.toml`, warm one from the solution of a neighbour.
#![allow(missing_docs, clippy::unwrap_used, reason = "a bench: its names say what it times")]

use divan::{Bencher, black_box};
use guywire::body::{Body, ReferenceBody};
use guywire::case::{Property, Setting, Target, Tissue};
use guywire::posture::{Positions, settle};
use guywire_engine::equilibrium::Equilibrium;

/// What is timed, and how long it may take.
const TARGETS: [(&str, &str); 5] = [
    ("moment_arms", "0.3 ms: lengths and moment arms of all muscles at a new pose"),
    ("load_sharing", "2 ms: static optimisation at a fixed pose"),
    ("standing_cold", "50 ms"),
    ("standing_warm", "10 ms: hip flexors 1 % shorter, from the reference solution"),
    (
        "cold",
        "none of its own; with reference and person, the positions of a case make up a report below 3 s",
    ),
];

fn main() {
    println!("targets");
    for (bench, target) in TARGETS {
        println!("  {bench:14} {target}");
    }
    divan::main();
}

fn body() -> Body {
    ReferenceBody::adult().unwrap().unscaled().unwrap()
}

fn position_names() -> Vec<String> {
    Positions::read().unwrap().all().iter().map(|p| p.name.clone()).collect()
}

/// Solved standing and the same with every turning joint moved a little: two poses to go back and forth
/// between, so that nothing is at rest or found in place.
fn two_poses(body: &Body) -> [Vec<f64>; 2] {
    let standing = settle(body, &Positions::read().unwrap(), "standing", None).unwrap().solution.q;
    let moved = standing.iter().enumerate().map(|(i, q)| q + if i < 6 { 0.0 } else { 0.02 }).collect();
    [standing, moved]
}

#[divan::bench]
fn moment_arms(bencher: Bencher) {
    let body = body();
    let poses = two_poses(&body);
    let mut equilibrium = Equilibrium::new(&body.system, body.settings.clone());
    let mut k = 0;
    bencher.bench_local(|| {
        k = 1 - k;
        equilibrium.moment_arms(black_box(&poses[k])).map_or(f64::NAN, |arms| arms.lengths[0])
    });
}

#[divan::bench]
fn load_sharing(bencher: Bencher) {
    let body = body();
    let positions = Positions::read().unwrap();
    let standing = settle(&body, &positions, "standing", None).unwrap();
    let poses = two_poses(&body);
    let mut equilibrium = Equilibrium::new(&body.system, body.settings.clone());
    let mut k = 0;
    bencher.bench_local(|| {
        k = 1 - k;
        equilibrium.share_load(&standing.task, black_box(&poses[k]), &standing.solution.compression).unwrap()
    });
}

#[divan::bench]
fn standing_cold(bencher: Bencher) {
    let (body, positions) = (body(), Positions::read().unwrap());
    bencher.bench_local(|| settle(&body, &positions, "standing", None).unwrap());
}

#[divan::bench]
fn standing_warm(bencher: Bencher) {
    let (reference, positions) = (ReferenceBody::adult().unwrap(), Positions::read().unwrap());
    let shorter = Setting {
        target: Target::Group("hip_flexors".into()),
        side: None,
        property: Property::Length,
        value: 0.99,
    };
    let tissue = Tissue { settings: vec![shorter], ..Tissue::default() };
    let near = settle(&reference.unscaled().unwrap(), &positions, "standing", None).unwrap();
    let body = reference.unscaled_with(&tissue).unwrap();
    bencher.bench_local(|| settle(&body, &positions, "standing", Some(&near.solution)).unwrap());
}

#[divan::bench(args = position_names())]
fn cold(bencher: Bencher, position: &str) {
    let (body, positions) = (body(), Positions::read().unwrap());
    bencher.bench_local(|| settle(&body, &positions, position, None));
}
