//! Inverse kinematics against OpenSim 4.6 at its tightest accuracy, on two public walks.

use guywire_osim::build::Built;
use guywire_osim::table::{Format, MarkerTable, Table};
use guywire_osim::xml::Document;
use guywire_osim::{OsimModel, ReadOptions};
use guywire_tools::ik::{self, IkResult, IkSettings};
use guywire_tools::setup::SetupObject;
use std::path::PathBuf;
use std::time::Instant;

/// Coordinates are compared within this, also Rajagopal's forearm rotation, which the markers barely determine.
const COORDINATE_DEG: f64 = 0.05;
/// By how much a frame's weighted squared marker error may exceed OpenSim's, m².
const EXCESS: f64 = 1e-8;

struct Case {
    model: OsimModel,
    built: Built,
    markers: MarkerTable,
    settings: IkSettings,
    folder: PathBuf,
}

impl Case {
    fn read(test: &str, case: &str) -> Option<Self> {
        let folder = guywire_reference::find(test, &format!("tools/{case}"))?;
        let bytes = |name: &str| std::fs::read(folder.join(name)).expect("a file of the case");
        let setup = Document::parse(&bytes("setup_ik_tight.xml")).expect("the case is sound");
        let (settings, files) =
            IkSettings::from_setup(&SetupObject::tool(&setup)).expect("the case is sound");
        let model =
            OsimModel::read(&bytes(&files.model), &ReadOptions::default()).expect("the case is sound");
        let built = Built::new(&model.description).expect("the case is sound");
        let markers = MarkerTable::read_trc(&bytes(&files.markers)).expect("the case is sound");
        Some(Self { model, built, markers, settings, folder })
    }

    fn run(&self) -> IkResult {
        let Self { model, built, markers, settings, .. } = self;
        ik::run(&model.description, built, markers, None, settings, &|_, _| ()).expect("the case is sound")
    }

    fn table(&self, name: &str) -> Table {
        let bytes = std::fs::read(self.folder.join("results").join(name)).expect("a result of OpenSim");
        Table::read(&bytes, Format::of(name).expect("the case is sound")).expect("the case is sound")
    }
}

fn check(test: &str, name: &str) {
    let Some(case) = Case::read(test, name) else { return };
    let started = Instant::now();
    let result = case.run();
    let took = started.elapsed().as_secs_f64();
    let theirs = case.table("ik_tight.mot");
    let motion = result.motion();
    assert_eq!(motion.time.len(), theirs.time.len());
    let mut problem =
        ik::Problem::new(&case.model.description, &case.built, &case.markers, None, &case.settings)
            .expect("the case is sound");
    let (mut worst_excess, mut worst_gain) = (f64::NEG_INFINITY, f64::NEG_INFINITY);
    let mut worst: Vec<f64> = vec![0.0; theirs.columns.len()];
    let mut beyond = Vec::new();
    for frame in 0..theirs.time.len() {
        assert!((motion.time[frame] - theirs.time[frame]).abs() < 1e-9);
        let value = |c: usize| {
            let column = &theirs.columns[c];
            let factor = if result.rotational[c] { 1f64.to_radians() } else { 1.0 };
            column.values[frame] * factor
        };
        let q: Vec<f64> = (0..theirs.columns.len()).map(value).collect();
        let (ours_cost, theirs_cost) =
            (problem.weighted_error(frame, result.frame(frame)), problem.weighted_error(frame, &q));
        worst_excess = worst_excess.max(ours_cost - theirs_cost);
        worst_gain = worst_gain.max(theirs_cost - ours_cost);
        let open = problem.uncertainty(frame, result.frame(frame), theirs_cost - ours_cost);
        for (c, column) in theirs.columns.iter().enumerate() {
            assert_eq!(column.name, result.coordinates[c]);
            let off = (result.frame(frame)[c] - q[c]).abs().to_degrees();
            worst[c] = worst[c].max(off);
            if off > COORDINATE_DEG {
                beyond.push(format!(
                    "{} frame {frame}: {off:.4}°, open {:.4}°",
                    column.name,
                    open[c].to_degrees()
                ));
            }
        }
    }
    let steps: usize = result.steps.iter().sum();
    eprintln!(
        "{name}: {} frames, {:.3} ms and {:.1} steps a frame; weighted error above OpenSim's {worst_excess:.1e}, \
         below it up to {worst_gain:.1e}",
        result.time.len(),
        1e3 * took / result.time.len() as f64,
        steps as f64 / result.time.len() as f64,
    );
    for (column, worst) in theirs.columns.iter().zip(&worst).filter(|(_, w)| **w > 1e-4) {
        eprintln!("  {}: up to {worst:.5}°", column.name);
    }
    assert!(worst_excess <= EXCESS, "weighted error exceeds OpenSim's by {worst_excess:e}");
    assert!(beyond.is_empty(), "{}", beyond.join("\n"));
}

#[test]
fn gait2392_follows_its_markers_as_opensim() {
    check("gait2392_follows_its_markers_as_opensim", "gait2392_subject01");
}

#[test]
fn rajagopal_follows_its_markers_as_opensim() {
    check("rajagopal_follows_its_markers_as_opensim", "rajagopal_walk");
}
