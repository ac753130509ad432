//! Static optimisation and joint reactions against OpenSim 4.6 on a public walk (`tools/README.md` of the reference data says how far
//! OpenSim's own numbers go).

use guywire_osim::build::Built;
use guywire_osim::description::ForceKind;
use guywire_osim::external_loads::ExternalLoads as LoadsFile;
use guywire_osim::table::{Format, Table};
use guywire_osim::xml::Document;
use guywire_osim::{OsimModel, ReadOptions};
use guywire_tools::Motion;
use guywire_tools::analysis_setup::AnalyzeSetup;
use guywire_tools::external_loads::ExternalLoads;
use guywire_tools::jr::{self, JrSettings};
use guywire_tools::setup::SetupObject;
use guywire_tools::so::{self, MuscleStrength, SoResult, SoSettings};
use std::path::{Path, PathBuf};
use std::time::Instant;

/// OpenSim repeats its activations to about this between convergence criteria.
const ACTIVATION: f64 = 1e-3;
/// Forces, relative to the range of the column.
const FORCE: f64 = 5e-3;
/// By how much an activation of OpenSim's lies off the optimum where the muscle is at its least activation (its
/// interior-point search never reaches a bound). A muscle that rests throughout has a range of forces smaller than that.
const OFF_BOUND: f64 = 6e-4;

/// Reactions, relative to the range of the column and 1 N or N·m.
const REACTION: f64 = 1e-9;

/// The case with reference results for everything.
const GAIT: &str = "tools/gait2392_subject01";

fn table(folder: &std::path::Path, name: &str) -> Table {
    let bytes = std::fs::read(folder.join(name)).expect("a file of the case");
    Table::read(&bytes, Format::of(name).expect("the case is sound")).expect("the case is sound")
}

/// What the two kinds of setup share.
struct Case {
    folder: PathBuf,
    document: Document,
    model: OsimModel,
    built: Built,
    motion: Motion,
    loads: ExternalLoads,
}

impl Case {
    fn read(folder: PathBuf, setup: &str) -> Self {
        let bytes = |name: &str| std::fs::read(folder.join(name)).expect("a file of the case");
        let document = Document::parse(&bytes(setup)).expect("the case is sound");
        let shared = AnalyzeSetup::from_setup(&SetupObject::tool(&document)).expect("the case is sound");
        let model =
            OsimModel::read(&bytes(&shared.model_file), &ReadOptions::default()).expect("the case is sound");
        let built = Built::new(&model.description).expect("the case is sound");
        let coordinates = table(&folder, &shared.motion_file);
        let motion = Motion::from_table(&coordinates, &model.description, shared.lowpass_hz)
            .expect("the case is sound");
        let file = LoadsFile::parse(&bytes(&shared.external_loads_file)).expect("the case is sound");
        let data = table(&folder.join("inputs"), &file.data_file);
        let loads = ExternalLoads::new(&file, &data, &model.description, |base| built.index.body(base))
            .expect("the case is sound");
        Self { folder, document, model, built, motion, loads }
    }

    fn analysis(&self, class: &str) -> (AnalyzeSetup, SetupObject<'_>) {
        let tool = SetupObject::tool(&self.document);
        let analysis = AnalyzeSetup::analyses(&tool)[0];
        assert_eq!(analysis.class(), class);
        (AnalyzeSetup::from_setup(&tool).expect("the case is sound"), analysis)
    }

    /// Static optimisation and the seconds that it took.
    fn optimise(&self, threads: usize) -> (SoResult, f64) {
        let (shared, analysis) = self.analysis("StaticOptimization");
        let settings = SoSettings::from_setup(&shared, &analysis).expect("the case is sound").settings;
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
        let started = Instant::now();
        let Self { model, built, motion, loads, .. } = self;
        let result = pool.install(|| {
            so::run(&model.description, built, motion, Some(loads), &settings, &|_, _| ())
                .expect("the case is sound")
        });
        (result, started.elapsed().as_secs_f64())
    }
}

fn range(values: &[f64]) -> f64 {
    let most = values.iter().fold(f64::NEG_INFINITY, |m, v| m.max(*v));
    most - values.iter().fold(f64::INFINITY, |m, v| m.min(*v))
}

fn names(table: &Table) -> Vec<String> {
    table.columns.iter().map(|column| column.name.clone()).collect()
}

/// Joint reactions from the forces that OpenSim itself found: the difference of the engines alone.
fn check_reactions(test: &str, setup: &str, name: &str) {
    let Some(folder) = guywire_reference::find(test, GAIT) else { return };
    let case = Case::read(folder, setup);
    let (shared, analysis) = case.analysis("JointReaction");
    let jr::JrSetup { settings, forces_file, .. } =
        JrSettings::from_setup(&shared, &analysis).expect("the case is sound");
    let forces = table(&case.folder, &forces_file);
    let started = Instant::now();
    let Case { model, built, motion, loads, .. } = &case;
    let result =
        jr::run(&model.description, built, motion, Some(loads), Some(&forces), &settings, &|_, _| ())
            .expect("the case is sound");
    let took = started.elapsed().as_secs_f64();
    let (ours, theirs) =
        (result.to_table(), table(&case.folder, &format!("results/{name}_ReactionLoads.sto")));
    assert_eq!(names(&ours), names(&theirs));
    assert_eq!(ours.time.len(), theirs.time.len());
    let (mut worst, mut place) = (0.0, String::new());
    for (a, b) in ours.columns.iter().zip(&theirs.columns) {
        for (frame, (x, y)) in a.values.iter().zip(&b.values).enumerate() {
            let ratio = (x - y).abs() / (range(&b.values) + 1.0);
            if ratio > worst {
                (worst, place) = (ratio, format!("{} at {}: {x} {y}", a.name, ours.time[frame]));
            }
        }
    }
    eprintln!(
        "{test}: {:.4} ms a frame; reactions within {worst:e} of the range and 1 ({place})",
        1e3 * took / result.time.len() as f64
    );
    assert!(worst <= REACTION, "{worst:e} ({place})");
}

#[test]
fn reactions_in_the_child() {
    check_reactions("reactions_in_the_child", "setup_jr_child.xml", "jr_child_jr");
}

#[test]
fn reactions_in_ground() {
    check_reactions("reactions_in_ground", "setup_jr_ground.xml", "jr_ground_jr");
}

fn check(test: &str, setup: &str, name: &str) {
    let Some(folder) = guywire_reference::find(test, GAIT) else { return };
    let case = Case::read(folder, setup);
    let (result, took) = case.optimise(1);
    let results = case.folder.join("results");
    compare(test, &result, took, &results, name, 1e-9);
}

/// Compares with OpenSim's tables; its objective may be below ours by a part of itself, if it meets its constraints loosely.
fn compare(test: &str, result: &SoResult, took: f64, folder: &Path, name: &str, below: f64) {
    assert!(result.infeasible.is_empty(), "{:?}", result.infeasible);
    let theirs = table(folder, &format!("{name}_activation.sto"));
    let ours = result.activation_table();
    assert_eq!(ours.time.len(), theirs.time.len());
    assert_eq!(names(&ours), names(&theirs));
    let (mut worst_activation, mut where_activation) = (0.0, String::new());
    let mut worst_excess = f64::NEG_INFINITY;
    for frame in 0..ours.time.len() {
        assert!((ours.time[frame] - theirs.time[frame]).abs() < 1e-9);
        let cost: f64 = theirs.columns.iter().map(|c| c.values[frame] * c.values[frame]).sum();
        worst_excess = f64::max(worst_excess, (result.cost[frame] - cost) / cost);
        for (a, b) in ours.columns.iter().zip(&theirs.columns) {
            let difference = (a.values[frame] - b.values[frame]).abs();
            if difference > worst_activation {
                worst_activation = difference;
                where_activation =
                    format!("{} at {}: {} {}", a.name, ours.time[frame], a.values[frame], b.values[frame]);
            }
        }
    }
    let (ours, theirs) = (result.force_table(), table(folder, &format!("{name}_force.sto")));
    assert_eq!(names(&ours), names(&theirs));
    let (mut worst_force, mut where_force) = (0.0, String::new());
    let controls = result.activation_table();
    for (a, b) in ours.columns.iter().zip(&theirs.columns) {
        for (frame, (x, y)) in a.values.iter().zip(&b.values).enumerate() {
            let strength = controls.column(&a.name).map_or(0.0, |control| x / control.values[frame]);
            let ratio = (x - y).abs() / (range(&b.values) + OFF_BOUND / FORCE * strength.abs());
            if ratio > worst_force {
                worst_force = ratio;
                where_force = format!("{} at {}: {x} {y}", a.name, ours.time[frame]);
            }
        }
    }
    eprintln!(
        "{test}: {:.3} ms a frame; objective at most {worst_excess:e} of it above OpenSim's; activations within \
         {worst_activation:e} ({where_activation}); forces within {worst_force:e} of the range ({where_force})",
        1e3 * took / result.time.len() as f64
    );
    assert!(worst_excess <= below, "objective {worst_excess:e} above OpenSim's");
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

/// Millard's muscles, locked and coupled coordinates: Rajagopal's model without its wrap objects
/// (`conformance/statics.py`), so that nothing is left that the lines over surfaces would explain. OpenSim meets its
/// constraints to some 1e-3 rad/s² only, so that its objective may lie below the optimum by some 1e-7 of it.
#[test]
fn millard_muscles_without_wrap_objects() {
    let test = "millard_muscles_without_wrap_objects";
    let Some(folder) = guywire_reference::find(test, "tools/rajagopal_walk") else { return };
    let bytes = |name: &str| std::fs::read(folder.join(name)).expect("a file of the case");
    let own = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../conformance/statics"));
    let mut model = OsimModel::read(&bytes("results/subject_walk.osim"), &ReadOptions::default())
        .expect("the case is sound");
    let reserves = std::fs::read(own.join("rajagopal_reserves.xml")).expect("reserves");
    model.add_forces(&reserves).expect("the case is sound");
    let mut wraps = 0;
    for force in &mut model.description.forces {
        if let ForceKind::Muscle(muscle) = &mut force.kind {
            wraps += muscle.path.wraps.len();
            muscle.path.wraps.clear();
        }
    }
    assert!(wraps > 40);
    let built = Built::new(&model.description).expect("the case is sound");
    let coordinates = table(&folder, "results/ik.mot");
    let motion = Motion::from_table(&coordinates, &model.description, Some(6.0)).expect("the case is sound");
    let file = LoadsFile::parse(&bytes("inputs/external_loads.xml")).expect("the case is sound");
    let data = table(&folder.join("inputs"), &file.data_file);
    let loads = ExternalLoads::new(&file, &data, &model.description, |base| built.index.body(base))
        .expect("the case is sound");
    let settings = SoSettings { window: [0.8, 0.86], ..SoSettings::default() };
    let run = |settings: &SoSettings| {
        let started = Instant::now();
        let result = so::run(&model.description, &built, &motion, Some(&loads), settings, &|_, _| ());
        (result.expect("the case is sound"), started.elapsed().as_secs_f64())
    };
    let (result, took) = run(&settings);
    compare(test, &result, took, own, "rajagopal", 1e-6);
    // With their pennation the muscles are weaker.
    let (true_strength, _) = run(&SoSettings { strength: MuscleStrength::AlongTendon, ..settings });
    for (opensim, along) in result.cost.iter().zip(&true_strength.cost) {
        assert!(*along > 1.002 * opensim, "{along} {opensim}");
    }
}

#[test]
fn results_do_not_depend_on_the_number_of_threads() {
    let Some(folder) = guywire_reference::find("results_do_not_depend_on_the_number_of_threads", GAIT) else {
        return;
    };
    let case = Case::read(folder, "setup_so.xml");
    let [(one, _), (two, _)] = [1, 2].map(|threads| case.optimise(threads));
    assert_eq!(one.controls, two.controls);
    assert_eq!(one.forces, two.forces);
}
