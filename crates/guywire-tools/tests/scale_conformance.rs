//! Scaling and marker placement against OpenSim 4.6 on two public subjects.

use guywire_osim::build::Built;
use guywire_osim::description::NodeId;
use guywire_osim::table::{Format, MarkerTable, Table};
use guywire_osim::xml::Document;
use guywire_osim::{OsimModel, ReadOptions};
use guywire_tools::scale::{self, ScaleInputs, ScaleResult, ScaleSettings};
use guywire_tools::setup::SetupObject;
use std::path::{Path, PathBuf};

fn folder(test: &str, case: &str) -> Option<PathBuf> {
    let root = std::env::var_os("GUYWIRE_SHARED").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared")),
        PathBuf::from,
    );
    let path = root.join("conformance/tools").join(case);
    if path.is_dir() {
        return Some(path);
    }
    assert!(std::env::var_os("CI").is_none(), "{test}: reference data missing: {}", path.display());
    eprintln!("SKIPPED {test}: no reference data at {}", path.display());
    None
}

fn bytes(folder: &Path, name: &str) -> Vec<u8> {
    std::fs::read(folder.join(name)).unwrap_or_else(|e| panic!("{name}: {e}"))
}

fn run(folder: &Path, setup: &str) -> (ScaleSettings, ScaleResult) {
    let setup = Document::parse(&bytes(folder, setup)).expect("a setup");
    let (settings, files) = ScaleSettings::from_setup(&SetupObject::tool(&setup)).expect("a setup");
    let model = OsimModel::read(&bytes(folder, &files.model), &ReadOptions::default()).expect("a model");
    let trc = |name: &Option<String>| {
        name.as_ref().map(|name| MarkerTable::read_trc(&bytes(folder, name)).expect("markers"))
    };
    let (measured, posed) = (trc(&files.measured), trc(&files.posed));
    let marker_set =
        files.marker_set.as_ref().map(|name| Document::parse(&bytes(folder, name)).expect("a marker set"));
    let inputs = ScaleInputs {
        model,
        marker_set: marker_set.as_ref(),
        measured: measured.as_ref(),
        posed: posed.as_ref(),
        coordinates: None,
    };
    let result = scale::run(inputs, &settings).expect("a scaled model");
    (settings, result)
}

/// Compares two documents element by element; numbers to `tolerance`, relative or in m, rad, kg.
struct Comparison<'d> {
    ours: &'d Document,
    theirs: &'d Document,
    tolerance: f64,
    compared: usize,
    differences: Vec<String>,
}

impl Comparison<'_> {
    fn elements(&mut self, ours: NodeId, theirs: NodeId, path: &str) {
        let named = |document: &Document, node: NodeId| {
            (document.name(node).to_owned(), document.attribute(node, "name").map(str::to_owned))
        };
        let mut open: Vec<NodeId> = self.ours.children(ours).collect();
        let inside: Vec<NodeId> = self.theirs.children(theirs).collect();
        if inside.is_empty() && open.is_empty() {
            self.texts(ours, theirs, path);
        }
        for child in inside {
            let (class, name) = named(self.theirs, child);
            // OpenSim names the functions of its properties after the property.
            let same = |&node: &NodeId| {
                self.ours.name(node) == class
                    && (named(self.ours, node).1 == name || name.as_deref() == Some("function"))
            };
            let label =
                format!("{path}/{class}{}", name.as_ref().map_or(String::new(), |n| format!("[{n}]")));
            match open.iter().position(same) {
                Some(place) => {
                    let node = open.remove(place);
                    self.elements(node, child, &label);
                }
                // What OpenSim writes and we do not have is the default of its class.
                None if !moved_by_scaling(&class) => {}
                None => self.differences.push(format!("{label}: missing")),
            }
        }
    }

    fn texts(&mut self, ours: NodeId, theirs: NodeId, path: &str) {
        let (a, b) = (self.ours.text(ours), self.theirs.text(theirs));
        let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        let (a, b) = (words(a), words(b));
        self.compared += 1;
        let close = |(a, b): (&String, &String)| match (a.parse::<f64>(), b.parse::<f64>()) {
            (Ok(a), Ok(b)) => a == b || (a - b).abs() <= self.tolerance * a.abs().max(b.abs()).max(1e-3),
            _ => a == b,
        };
        if a.len() != b.len() || !a.iter().zip(&b).all(close) {
            self.differences.push(format!("{path}: {a:?} {b:?}"));
        }
    }
}

/// Elements that scaling makes or changes.
fn moved_by_scaling(class: &str) -> bool {
    let changed = [
        "MultiplierFunction",
        "scale",
        "mass",
        "inertia",
        "mass_center",
        "translation",
        "location",
        "radius",
        "Marker",
        "optimal_fiber_length",
        "tendon_slack_length",
    ];
    changed.contains(&class)
}

/// Differences beyond `tolerance`, and how many values were compared.
fn compare(ours: &Document, theirs: &Document, tolerance: f64) -> (Vec<String>, usize) {
    let mut comparison = Comparison { ours, theirs, tolerance, compared: 0, differences: vec![] };
    comparison.elements(ours.root(), theirs.root(), "");
    (comparison.differences, comparison.compared)
}

#[test]
fn gait2392_scales_as_opensim() {
    let Some(folder) = folder("gait2392_scales_as_opensim", "gait2392_subject01") else { return };
    let (_, result) = run(&folder, "setup_scale_subject01.xml");
    scaled_only(&result, &folder, "subject01");
}

#[test]
fn rajagopal_scales_as_opensim() {
    let Some(folder) = folder("rajagopal_scales_as_opensim", "rajagopal_walk") else { return };
    let (_, result) = run(&folder, "setup_scale_subject_walk_step1.xml");
    scaled_only(&result, &folder, "subject_walk_step1");
}

fn scaled_only(result: &ScaleResult, folder: &Path, prefix: &str) {
    let theirs =
        Document::parse(&bytes(folder, &format!("results/{prefix}_scaled_only.osim"))).expect("a model");
    let ours = result.scaled.as_ref().expect("a scaled model");
    let again = Document::parse(&ours.to_bytes()).expect("what was written");
    let (differences, compared) = compare(&again, &theirs, 1e-12);
    eprintln!("{prefix}: {compared} values compared, {} differ", differences.len());
    for difference in differences.iter().take(60) {
        eprintln!("  {difference}");
    }
    let theirs =
        Document::parse(&bytes(folder, &format!("results/{prefix}_scale_factors.xml"))).expect("factors");
    let ours = Document::parse(&result.factors.as_ref().expect("factors").to_bytes()).expect("factors");
    // OpenSim prints six digits.
    let (differences, _) = compare(&ours, &theirs, 1e-5);
    assert!(differences.is_empty(), "{differences:#?}");
}

#[test]
fn gait2392_markers_are_placed_as_by_opensim() {
    let Some(folder) = folder("gait2392_markers_are_placed_as_by_opensim", "gait2392_subject01") else {
        return;
    };
    let (settings, result) = run(&folder, "setup_scale_subject01.xml");
    placed(&settings, &result, &folder, "subject01");
}

#[test]
fn rajagopal_markers_are_placed_as_by_opensim() {
    let Some(folder) = folder("rajagopal_markers_are_placed_as_by_opensim", "rajagopal_walk") else { return };
    let (settings, result) = run(&folder, "setup_scale_subject_walk_step1.xml");
    placed(&settings, &result, &folder, "subject_walk_step1");
    let (settings, result) = run(&folder, "setup_scale_subject_walk.xml");
    placed(&settings, &result, &folder, "subject_walk");
}

fn placed(settings: &ScaleSettings, result: &ScaleResult, folder: &Path, prefix: &str) {
    let placed = result.placed.as_ref().expect("placed markers");
    let theirs = Table::read(&bytes(folder, &format!("results/{prefix}_static_pose.mot")), Format::Mot)
        .expect("a static pose");
    let ours = &placed.motion;
    let names = |table: &Table| table.columns.iter().map(|c| c.name.clone()).collect::<Vec<_>>();
    assert_eq!(names(ours), names(&theirs));
    assert_eq!(ours.time, theirs.time);
    let tight = include_str!("data/static_pose_tight.csv").lines().filter_map(|line| {
        let (coordinate, value) = line.strip_prefix(prefix)?.strip_prefix(',')?.split_once(',')?;
        Some((coordinate, value.parse::<f64>().expect("a number")))
    });
    let tight: Vec<(&str, f64)> = tight.collect();
    let tight2 = tight.clone();
    let (mut count, mut worst) = (0, 0.0);
    for (coordinate, value) in tight {
        let ends = format!("/{coordinate}/value");
        let column = ours.columns.iter().find(|c| c.name.ends_with(&ends)).expect("the coordinate");
        let off = (column.values[0] - value).abs();
        if off > 1e-5 {
            eprintln!("  {coordinate}: {off:.3e}");
        }
        worst = f64::max(worst, off);
        count += 1;
    }
    assert!(count > 20);
    let placer = settings.placer.as_ref().expect("a placer");
    let built = Built::new(&result.model.description).expect("a model");
    let table = MarkerTable {
        names: placed.averages.iter().map(|(n, _)| n.clone()).collect(),
        time: vec![placed.time],
        positions: placed.averages.iter().map(|(_, p)| *p).collect(),
        notes: vec![],
    };
    let model = placed.posed.clone();
    let built2 = Built::new(&model).expect("m");
    let _ = built;
    let iks = guywire_tools::ik::IkSettings { tasks: placer.tasks.clone(), ..Default::default() };
    let mut problem = guywire_tools::ik::Problem::new(&model, &built2, &table, None, &iks).expect("p");
    let q: Vec<f64> = tight2.iter().map(|(_, v)| *v).collect();
    eprintln!(
        "COST ours {} theirs {}",
        problem.weighted_error(0, &placed.pose),
        problem.weighted_error(0, &q)
    );
    eprintln!("{prefix}: coordinates up to {worst:.1e} from OpenSim's at a tight accuracy");
    let theirs = OsimModel::read(&bytes(folder, &format!("results/{prefix}.osim")), &ReadOptions::default())
        .expect("a model");
    let mut worst = 0.0;
    assert_eq!(result.model.description.markers.len(), theirs.description.markers.len());
    for (a, b) in result.model.description.markers.iter().zip(&theirs.description.markers) {
        assert_eq!((&a.name, a.station.base, a.fixed), (&b.name, b.station.base, b.fixed));
        worst = f64::max(worst, (a.station.position - b.station.position).norm());
    }
    eprintln!("{prefix}: markers up to {:.3e} m from OpenSim's", worst);
}
