//! Times of the work that guywire is compared with other engines on, as one JSON object: `cargo xtask peers` reads it.
//!
//! ```sh
//! cargo run --release -p guywire-cli --example timings -- FOLDER
//! ```
//!
//! FOLDER is that of the reference data. Values are milliseconds a pose, frame or run, the median over many, on one
//! thread unless the key says otherwise; the whole walk runs the release build of `guywire` in processes of its own.
#![allow(clippy::unwrap_used, reason = "a bench: what goes wrong ends it")]

use guywire::body::ReferenceBody;
use guywire_engine::{Dynamics, Kinematics, Model, PathSet};
use guywire_math::Wrench;
use guywire_osim::build::Built;
use guywire_osim::external_loads::ExternalLoads as LoadsFile;
use guywire_osim::table::{Format, MarkerTable, Table, Unit};
use guywire_osim::xml::Document;
use guywire_osim::{OsimModel, ReadOptions};
use guywire_tools::Motion;
use guywire_tools::external_loads::ExternalLoads;
use guywire_tools::fd::{self, Controls, FdSettings, FdStart};
use guywire_tools::ik::{self, IkSettings};
use guywire_tools::jr::{self, JrSettings};
use guywire_tools::setup::SetupObject;
use guywire_tools::so::{self, SoSettings};
use std::collections::BTreeMap;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::Instant;

type Times = BTreeMap<String, f64>;

/// Median time of one call, ms: each sample is long enough for the clock.
fn median_ms(samples: usize, calls: usize, mut work: impl FnMut()) -> f64 {
    work();
    let mut times: Vec<f64> = (0..samples)
        .map(|_| {
            let start = Instant::now();
            (0..calls).for_each(|_| work());
            start.elapsed().as_secs_f64() * 1e3 / calls as f64
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times[samples / 2]
}

fn read(path: &Path) -> (OsimModel, Built) {
    let model = OsimModel::read(&std::fs::read(path).unwrap(), &ReadOptions::default()).unwrap();
    let built = Built::new(&model.description).unwrap();
    (model, built)
}

/// Poses spread over the middle of the ranges, by a sequence of low discrepancy (Weyl; golden ratios of dimension one).
fn poses(model: &Model, count: usize) -> Vec<Vec<f64>> {
    (0..count)
        .map(|k| {
            (0..model.dof())
                .map(|i| {
                    let (low, high) = model.degree_coordinate(i).range.unwrap_or((-1.0, 1.0));
                    let (low, high) = (low.max(-3.1), high.min(3.1));
                    let share = (0.618_033_988_749_894_9 * (k * 31 + i * 7 + 1) as f64).fract();
                    low + (high - low) * (0.1 + 0.8 * share)
                })
                .collect()
        })
        .collect()
}

fn lengths(times: &mut Times, name: &str, model: &Model, paths: &PathSet, muscles: usize) {
    let poses = poses(model, 64);
    let mut kinematics = Kinematics::new(model);
    let mut arms = paths.moment_arms();
    let mut k = 0;
    let spent = median_ms(50, 64, || {
        k = (k + 1) % poses.len();
        kinematics.update(model, &poses[k]);
        paths.update(model, &kinematics, &mut arms).unwrap();
        black_box(&arms.values);
    });
    times.insert(format!("lengths and moment arms {name}"), spent);
    times.insert(format!("muscles {name}"), muscles as f64);
}

fn inverse_dynamics(times: &mut Times, name: &str, built: &Built) {
    let model = &built.tree;
    let poses = poses(model, 64);
    let mut kinematics = Kinematics::new(model);
    let mut dynamics = Dynamics::new(model, built.gravity);
    let rates = vec![0.5; model.dof()];
    let external = vec![Wrench::zero(); model.bodies().len()];
    let mut tau = vec![0.0; model.dof()];
    let mut k = 0;
    let spent = median_ms(50, 256, || {
        k = (k + 1) % poses.len();
        kinematics.update(model, &poses[k]);
        dynamics.update(model, &kinematics, &rates);
        dynamics.inverse_dynamics(model, &kinematics, &rates, &external, &mut tau);
        black_box(&tau);
    });
    times.insert(format!("inverse dynamics {name}"), spent);
}

fn inverse_kinematics(times: &mut Times, name: &str, case: &Path) {
    let document = Document::parse(&std::fs::read(case.join("setup_ik.xml")).unwrap()).unwrap();
    let (settings, files) = IkSettings::from_setup(&SetupObject::tool(&document)).unwrap();
    let (model, built) = read(&case.join(&files.model));
    let markers = MarkerTable::read_trc(&std::fs::read(case.join(&files.markers)).unwrap()).unwrap();
    let mut frames = 1;
    let spent = median_ms(7, 1, || {
        let result = ik::run(&model.description, &built, &markers, None, &settings, &|_, _| ()).unwrap();
        frames = result.time.len();
    });
    times.insert(format!("inverse kinematics {name}"), spent / frames as f64);
}

/// Static optimisation and joint reactions of the walk, and a forward simulation of its model.
fn forces(times: &mut Times, case: &Path) {
    let file = |name: &str| std::fs::read(case.join(name)).unwrap();
    let table = |name: &str| Table::read(&file(name), Format::of(name).unwrap()).unwrap();
    let (model, built) = read(&case.join("results/subject01_reserves.osim"));
    let motion = Motion::from_table(&table("results/ik.mot"), &model.description, Some(6.0)).unwrap();
    let loads = LoadsFile::parse(&file("inputs/external_loads.xml")).unwrap();
    let measured = table("inputs/subject01_walk1_grf.mot");
    let loads =
        ExternalLoads::new(&loads, &measured, &model.description, |base| built.index.body(base)).unwrap();
    let settings = SoSettings { window: [0.6, 0.9], ..SoSettings::default() };
    let mut frames = 1;
    let spent = median_ms(7, 1, || {
        let result =
            so::run(&model.description, &built, &motion, Some(&loads), &settings, &|_, _| ()).unwrap();
        frames = result.time.len();
    });
    times.insert("static optimisation gait2392".into(), spent / frames as f64);
    let forces = table("results/so_so_force.sto");
    let settings = JrSettings { window: [0.6, 0.9], ..JrSettings::default() };
    let spent = median_ms(7, 1, || {
        let result =
            jr::run(&model.description, &built, &motion, Some(&loads), Some(&forces), &settings, &|_, _| ());
        frames = result.unwrap().time.len();
    });
    times.insert("joint reactions gait2392".into(), spent / frames as f64);

    let (model, built) = read(&case.join("results/subject01.osim"));
    let mut constant = Table::with_columns(
        "controls",
        built.controls.iter().map(|control| (control.name.clone(), Unit::One)),
    );
    constant.push_row(0.0, built.controls.iter().map(|_| 0.05));
    let controls = Controls::of_model(&model.description, &built).unwrap();
    let controls = controls.with_table(&constant, &built).unwrap();
    let settings = FdSettings { window: [0.0, 0.2], tolerance: 1e-5, ..FdSettings::default() };
    let spent = median_ms(5, 1, || {
        let start = FdStart::default();
        fd::run(&model.description, &built, &start, &controls, None, &settings, &|_, _| ()).unwrap();
    });
    times.insert("forward 0.2 s gait2392".into(), spent);
}

/// The steps of a walk by their setup files, in a copy of the case.
fn whole_walk(times: &mut Times, folder: &Path) {
    let guywire = std::env::current_exe().unwrap().parent().unwrap().join("../guywire");
    let scratch = std::env::temp_dir().join(format!("guywire-walk-{}", std::process::id()));
    let case = scratch.join("tools/gait2392_subject01");
    copy(&folder.join("tools/gait2392_subject01"), &case);
    copy(&folder.join("models"), &scratch.join("models"));
    for (key, threads) in [("whole walk gait2392", None), ("whole walk gait2392, one thread", Some("1"))] {
        let spent = median_ms(5, 1, || {
            for setup in ["scale_subject01", "ik", "id", "so", "jr_ground"] {
                let mut run = std::process::Command::new(&guywire);
                run.args(["tool", &format!("setup_{setup}.xml")]).current_dir(&case);
                if let Some(count) = threads {
                    run.env("RAYON_NUM_THREADS", count);
                }
                let output = run.output().unwrap();
                assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            }
        });
        times.insert(key.into(), spent);
    }
    std::fs::remove_dir_all(scratch).unwrap();
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            // Not a copy of the permissions: what a tool writes replaces these.
            std::fs::write(&target, std::fs::read(entry.path()).unwrap()).unwrap();
        }
    }
}

fn main() {
    // One thread here; the whole walk's processes use what there is.
    rayon::ThreadPoolBuilder::new().num_threads(1).build_global().unwrap();
    let folder = PathBuf::from(std::env::args().nth(1).expect("the folder of the reference data"));
    let mut times = Times::new();
    let model = |name: &str| folder.join("models").join(name);
    let bytes = std::fs::read(model("Rajagopal2016.osim")).unwrap();
    let load = median_ms(20, 1, || {
        let model = OsimModel::read(&bytes, &ReadOptions::default()).unwrap();
        black_box(Built::new(&model.description).unwrap());
    });
    times.insert("load Rajagopal2016".into(), load);
    for (name, file) in
        [("gait2392", "gait2392_thelen2003muscle.osim"), ("Rajagopal2016", "Rajagopal2016.osim")]
    {
        let (_, built) = read(&model(file));
        lengths(&mut times, name, &built.reduced, &built.reduced_paths, built.muscles.len());
        inverse_dynamics(&mut times, name, &built);
    }
    let body = ReferenceBody::adult().unwrap().unscaled().unwrap();
    let system = &body.system;
    lengths(&mut times, "built-in body", &system.model, &system.paths, system.muscles.len());
    inverse_kinematics(&mut times, "gait2392", &folder.join("tools/gait2392_subject01"));
    inverse_kinematics(&mut times, "Rajagopal2016", &folder.join("tools/rajagopal_walk"));
    forces(&mut times, &folder.join("tools/gait2392_subject01"));
    whole_walk(&mut times, &folder);
    println!("{}", serde_json::to_string_pretty(&times).unwrap());
}
