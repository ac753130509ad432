//! Static optimisation against OpenSim 4.6 on a public walk (`tools/README.md` of the reference data says how far
//! OpenSim's own numbers go).

use guywire_osim::build::Built;
use guywire_osim::external_loads::ExternalLoads as LoadsFile;
use guywire_osim::table::{Format, Table};
use guywire_osim::xml::Document;
use guywire_osim::{OsimModel, ReadOptions};
use guywire_tools::Motion;
use guywire_tools::analysis_setup::AnalyzeSetup;
use guywire_tools::external_loads::ExternalLoads;
use guywire_tools::setup::SetupObject;
use guywire_tools::so::{self, SoResult, SoSettings};
use std::path::PathBuf;
use std::time::Instant;

/// OpenSim repeats its activations to about this between convergence criteria.
const ACTIVATION: f64 = 1e-3;
/// Forces, relative to the range of the column.
const FORCE: f64 = 5e-3;
/// By how much an activation of OpenSim's lies off the optimum where the muscle is at its least activation (its
/// interior-point search never reaches a bound). A muscle that rests throughout has a range of forces smaller than that.
const OFF_BOUND: f64 = 6e-4;

fn folder(test: &str) -> Option<PathBuf> {
    let root = std::env::var_os("GUYWIRE_SHARED").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared")),
        PathBuf::from,
    );
    let path = root.join("conformance/tools/gait2392_subject01");
    if path.is_dir() {
        return Some(path);
    }
    assert!(std::env::var_os("CI").is_none(), "{test}: reference data missing: {}", path.display());
    eprintln!("SKIPPED {test}: no reference data at {}", path.display());
    None
}

fn table(folder: &std::path::Path, name: &str) -> Table {
    let bytes = std::fs::read(folder.join(name)).expect("a file of the case");
    Table::read(&bytes, Format::of(name).expect("the case is sound")).expect("the case is sound")
}

fn solve(folder: &std::path::Path, setup: &str, threads: usize) -> (SoResult, f64) {
    let bytes = |name: &str| std::fs::read(folder.join(name)).expect("a file of the case");
    let document = Document::parse(&bytes(setup)).expect("the case is sound");
    let tool = SetupObject::tool(&document);
    let shared = AnalyzeSetup::from_setup(&tool).expect("the case is sound");
    let analyses = AnalyzeSetup::analyses(&tool);
    assert_eq!(analyses[0].class(), "StaticOptimization");
    let settings = SoSettings::from_setup(&shared, &analyses[0]).expect("the case is sound").settings;
    let model =
        OsimModel::read(&bytes(&shared.model_file), &ReadOptions::default()).expect("the case is sound");
    let built = Built::new(&model.description).expect("the case is sound");
    let coordinates = table(folder, &shared.coordinates_file);
    let motion =
        Motion::from_table(&coordinates, &model.description, shared.lowpass_hz).expect("the case is sound");
    let file = LoadsFile::parse(&bytes(&shared.external_loads_file)).expect("the case is sound");
    let data = table(&folder.join("inputs"), &file.data_file);
    let loads = ExternalLoads::new(&file, &data, &model.description, |base| built.index.body(base))
        .expect("the case is sound");
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
    let started = Instant::now();
    let result = pool.install(|| {
        so::run(&model.description, &built, &motion, Some(&loads), &settings, &|_, _| ())
            .expect("the case is sound")
    });
    (result, started.elapsed().as_secs_f64())
}

fn check(test: &str, setup: &str, name: &str) {
    let Some(folder) = folder(test) else { return };
    let (result, took) = solve(&folder, setup, 1);
    assert!(result.infeasible.is_empty(), "{:?}", result.infeasible);
    let theirs = table(&folder, &format!("results/{name}_activation.sto"));
    let ours = result.activation_table();
    assert_eq!(ours.time.len(), theirs.time.len());
    let names = |table: &Table| table.columns.iter().map(|c| c.name.clone()).collect::<Vec<_>>();
    assert_eq!(names(&ours), names(&theirs));
    let (mut worst_activation, mut where_activation) = (0.0, String::new());
    let mut worst_excess = f64::NEG_INFINITY;
    for frame in 0..ours.time.len() {
        assert!((ours.time[frame] - theirs.time[frame]).abs() < 1e-9);
        let cost: f64 = theirs.columns.iter().map(|c| c.values[frame] * c.values[frame]).sum();
        worst_excess = f64::max(worst_excess, result.cost[frame] - cost);
        for (a, b) in ours.columns.iter().zip(&theirs.columns) {
            let difference = (a.values[frame] - b.values[frame]).abs();
            if difference > worst_activation {
                worst_activation = difference;
                where_activation =
                    format!("{} at {}: {} {}", a.name, ours.time[frame], a.values[frame], b.values[frame]);
            }
        }
    }
    let (ours, theirs) = (result.force_table(), table(&folder, &format!("results/{name}_force.sto")));
    assert_eq!(names(&ours), names(&theirs));
    let (mut worst_force, mut where_force) = (0.0, String::new());
    let controls = result.activation_table();
    for (a, b) in ours.columns.iter().zip(&theirs.columns) {
        let range = b.values.iter().fold(f64::NEG_INFINITY, |m, v| m.max(*v))
            - b.values.iter().fold(f64::INFINITY, |m, v| m.min(*v));
        for (frame, (x, y)) in a.values.iter().zip(&b.values).enumerate() {
            let strength = controls.column(&a.name).map_or(0.0, |control| x / control.values[frame]);
            let ratio = (x - y).abs() / (range + OFF_BOUND / FORCE * strength.abs());
            if ratio > worst_force {
                worst_force = ratio;
                where_force = format!("{} at {}: {x} {y}", a.name, ours.time[frame]);
            }
        }
    }
    eprintln!(
        "{test}: {:.3} ms a frame; objective at most {worst_excess:e} above OpenSim's; activations within \
         {worst_activation:e} ({where_activation}); forces within {worst_force:e} of the range ({where_force})",
        1e3 * took / result.time.len() as f64
    );
    assert!(worst_excess <= 1e-9, "objective {worst_excess:e} above OpenSim's");
    assert!(worst_activation <= ACTIVATION, "{worst_activation:e}");
    assert!(worst_force <= FORCE, "{worst_force:e}");
}

#[test]
fn with_muscle_physiology() {
    check("with_muscle_physiology", "setup_so.xml", "so_so");
}

#[test]
fn without_muscle_physiology() {
    check("without_muscle_physiology", "setup_so_nophys.xml", "so_nophys_so");
}

#[test]
fn results_do_not_depend_on_the_number_of_threads() {
    let Some(folder) = folder("results_do_not_depend_on_the_number_of_threads") else { return };
    let [(one, _), (two, _)] = [1, 2].map(|threads| solve(&folder, "setup_so.xml", threads));
    assert_eq!(one.controls, two.controls);
    assert_eq!(one.forces, two.forces);
}
