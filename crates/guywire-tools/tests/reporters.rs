//! Forces, actuators and states in the files that OpenSim's reporters write: the same columns in the same order, the same
//! numbers (`conformance/reporters.py`), from states and from the result of a forward simulation.

use guywire_osim::build::Built;
use guywire_osim::table::{Format, Table};
use guywire_osim::{OsimModel, ReadOptions};
use guywire_tools::Motion;
use guywire_tools::analyze::{Analysis, AnalyzeResult, AnalyzeSettings, Given, run};
use guywire_tools::fd::{self, Controls, FdSettings, FdStart};
use guywire_tools::jr::{self, JrSettings, forces_of_states};
use std::io::Read;
use std::path::{Path, PathBuf};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../conformance")
}

fn table(path: &Path) -> Table {
    Table::read(&std::fs::read(path).expect("a file"), Format::Sto).expect("a table")
}

fn settings(name: &str, interval: usize) -> AnalyzeSettings {
    let analyses = [
        Analysis::ForceReporter { name: "f".into() },
        Analysis::Actuation { name: "u".into() },
        Analysis::StatesReporter { name: "s".into() },
    ];
    let scheduled = |analysis| guywire_tools::analyze::Scheduled { analysis, step_interval: interval };
    AnalyzeSettings {
        name: name.into(),
        analyses: analyses.map(scheduled).into(),
        ..AnalyzeSettings::default()
    }
}

fn find<'r>(result: &'r AnalyzeResult, file: &str) -> &'r Table {
    &result
        .tables
        .iter()
        .find(|named| named.file == format!("a_{file}.sto"))
        .expect("a file of that name")
        .table
}

#[test]
fn reporters_are_opensims() {
    let bytes = std::fs::read(folder().join("reporters/reporters.json.gz")).expect("OpenSim's tables");
    let mut text = String::new();
    flate2::read::GzDecoder::new(&bytes[..]).read_to_string(&mut text).expect("OpenSim's tables");
    let expected: serde_json::Value = serde_json::from_str(&text).expect("OpenSim's tables");
    for (name, files) in expected.as_object().expect("models") {
        let path = match name.as_str() {
            "forces" => folder().join("forces/forces.osim"),
            "sole_and_tube" => folder().join("reporters/sole_and_tube.osim"),
            _ => match guywire_reference::find("reporters_are_opensims", &format!("models/{name}.osim")) {
                Some(path) => path,
                None => return,
            },
        };
        let bytes = std::fs::read(path).expect("a model");
        let mut model = OsimModel::read(&bytes, &ReadOptions::default()).expect("a model");
        if name == "forces" {
            let is_body_actuator = |kind: &guywire_osim::description::ForceKind| {
                matches!(kind, guywire_osim::description::ForceKind::BodyActuator { .. })
            };
            model.remove_forces(is_body_actuator).expect("a model");
        }
        for force in &mut model.description.forces {
            if let guywire_osim::description::ForceKind::Muscle(muscle) = &mut force.kind {
                muscle.path.wraps.clear();
            }
        }
        let built = Built::new(&model.description).expect("a sound model");
        let states = table(&folder().join(format!("reporters/{name}.sto")));
        let motion = Motion::from_table(&states, &model.description, None).expect("a motion");
        let mut controls = Controls::of_model(&model.description, &built).expect("controls");
        if matches!(name.as_str(), "forces" | "sole_and_tube") {
            let given = table(&folder().join(format!("reporters/{name}_controls.sto")));
            controls = controls.with_table(&given, &built).expect("controls");
        }
        let given = Given { states: Some(&states), controls: Some(&controls), loads: None };
        let result = run(&model.description, &built, &motion, &given, &settings("a", 1), &|_, _| {})
            .expect("an analysis");
        for (file, theirs) in files.as_object().expect("files") {
            let ours = find(&result, file);
            // A linear bushing counts the energy that it took, which nothing depends on; it is no state here.
            let counts_energy = |name: &&str| name.ends_with("/dissipated_energy");
            let names: Vec<&str> = ours.columns.iter().map(|column| column.name.as_str()).collect();
            let labels = theirs["columns"].as_array().expect("columns").iter();
            let expected: Vec<&str> =
                labels.map(|c| c.as_str().expect("a name")).filter(|c| !counts_energy(c)).collect();
            assert_eq!(names, expected, "{name}, {file}");
            let rows = theirs["rows"].as_array().expect("rows");
            assert_eq!(rows.len(), ours.time.len());
            let mut worst = (0.0, String::new());
            for (k, column) in ours.columns.iter().enumerate() {
                let number = |i: usize| rows[i][k + 1].as_f64().expect("a number");
                let largest = (0..rows.len()).map(|i| number(i).abs()).fold(0.0, f64::max);
                for (i, value) in column.values.iter().enumerate() {
                    let difference = (value - number(i)).abs() / (largest + 1.0);
                    if difference > worst.0 {
                        worst = (difference, format!("{}, row {i}: {value} {}", column.name, number(i)));
                    }
                }
            }
            eprintln!("{name}, {file}: {worst:?}");
            assert!(worst.0 < 1e-6, "{name}, {file}: {worst:?}");
        }
    }
}

/// The analyses of a forward simulation say of its rows what the simulation itself says, and every second step is every
/// second row with the first and the last.
#[test]
fn analyses_of_a_forward_simulation_are_of_its_rows() {
    let test = "analyses_of_a_forward_simulation_are_of_its_rows";
    let Some(path) = guywire_reference::find(test, "models/arm26.osim") else { return };
    let model =
        OsimModel::read(&std::fs::read(path).expect("a model"), &ReadOptions::default()).expect("a model");
    let (description, built) = (&model.description, Built::new(&model.description).expect("a sound model"));
    let controls = Controls::of_model(description, &built).expect("controls");
    let forward = FdSettings { window: [0.0, 0.05], ..FdSettings::default() };
    let result = fd::run(description, &built, &FdStart::default(), &controls, None, &forward, &|_, _| {})
        .expect("a motion");
    let (states, motion) = (result.states_table(), result.motion(description).expect("rows"));
    let given = Given { states: Some(&states), controls: Some(&controls), loads: None };
    let analyze = |interval| {
        run(description, &built, &motion, &given, &settings("a", interval), &|_, _| {}).expect("an analysis")
    };
    let all = analyze(1);
    let reported = find(&all, "s_states");
    assert_eq!(reported.time, states.time);
    for (ours, theirs) in reported.columns.iter().zip(&states.columns) {
        assert_eq!(ours.name, theirs.name);
        let same = ours.values.iter().zip(&theirs.values).all(|(a, b)| (a - b).abs() < 1e-12);
        assert!(same, "{}: {:?} {:?}", ours.name, ours.values, theirs.values);
    }
    let sparse = analyze(2);
    let last = states.time.len() - 1;
    let expected: Vec<f64> =
        (0..=last).filter(|k| k % 2 == 0 || *k == last).map(|k| states.time[k]).collect();
    assert_eq!(find(&sparse, "f_forces").time, expected);
    // The rate of a speed is the acceleration between its rows.
    let kinematics = Analysis::Kinematics { name: "k".into(), coordinates: vec![], in_degrees: false };
    let settings =
        AnalyzeSettings { name: "a".into(), analyses: vec![kinematics.into()], ..AnalyzeSettings::default() };
    let found = run(description, &built, &motion, &given, &settings, &|_, _| {}).expect("an analysis");
    let (u, dudt) = (find(&found, "k_u"), find(&found, "k_dudt"));
    for (u, a) in u.columns.iter().zip(&dudt.columns) {
        for i in 0..last {
            let step = u_time(&states, i);
            let mean = 0.5 * (a.values[i] + a.values[i + 1]);
            let difference = (u.values[i + 1] - u.values[i]) / step;
            assert!((difference - mean).abs() < 0.02 * (1.0 + mean.abs()), "{}: {difference} {mean}", u.name);
        }
    }
}

fn u_time(states: &Table, row: usize) -> f64 {
    states.time[row + 1] - states.time[row]
}

/// Without a file of forces muscles act as the states say, and the model accelerates as they make it.
#[test]
fn joint_reactions_by_states_are_opensims() {
    let test = "joint_reactions_by_states_are_opensims";
    let Some(path) = guywire_reference::find(test, "models/arm26.osim") else { return };
    let bytes = std::fs::read(path).expect("a model");
    let mut model = OsimModel::read(&bytes, &ReadOptions::default()).expect("a model");
    for force in &mut model.description.forces {
        if let guywire_osim::description::ForceKind::Muscle(muscle) = &mut force.kind {
            muscle.path.wraps.clear();
        }
    }
    let (description, built) = (&model.description, Built::new(&model.description).expect("a sound model"));
    let states = table(&folder().join("reporters/arm26_fine.sto"));
    let motion = Motion::from_table(&states, description, None).expect("a motion");
    let settings = JrSettings::default();
    let given = Given { states: Some(&states), ..Given::default() };
    let forces = forces_of_states(description, &built, &motion, &given, settings.window, false);
    let forces = forces.expect("forces").expect("states of muscles");
    let found = jr::run(description, &built, &motion, None, Some(&forces), &settings, &|_, _| {})
        .expect("joint reactions")
        .to_table();
    let text =
        std::fs::read_to_string(folder().join("reporters/arm26_reactions.json")).expect("OpenSim's table");
    let theirs: serde_json::Value = serde_json::from_str(&text).expect("OpenSim's table");
    let rows = theirs["rows"].as_array().expect("rows");
    assert_eq!(rows.len(), found.time.len());
    let mut worst = (0.0, String::new());
    for (k, column) in found.columns.iter().enumerate() {
        assert_eq!(theirs["columns"][k], column.name.as_str());
        for (i, value) in column.values.iter().enumerate() {
            let expected = rows[i][k + 1].as_f64().expect("a number");
            // Of a reaction of some 100 N and 10 N·m; speeds are the slopes of the positions here.
            let difference = (value - expected).abs() / 100.0;
            if difference > worst.0 {
                worst = (difference, format!("{}, row {i}: {value} {expected}", column.name));
            }
        }
    }
    eprintln!("{worst:?}");
    assert!(worst.0 < 1e-4, "{worst:?}");
}

/// The states of a simulation in degrees, as they are written for display, start another one where those in radians do: angles
/// and how fast they change.
#[test]
fn a_simulation_starts_from_states_in_degrees() {
    let test = "a_simulation_starts_from_states_in_degrees";
    let Some(path) = guywire_reference::find(test, "models/arm26.osim") else { return };
    let model =
        OsimModel::read(&std::fs::read(path).expect("a model"), &ReadOptions::default()).expect("a model");
    let (description, built) = (&model.description, Built::new(&model.description).expect("a sound model"));
    let controls = Controls::of_model(description, &built).expect("controls");
    let from = |start: &FdStart, window| {
        let forward = FdSettings { window, ..FdSettings::default() };
        fd::run(description, &built, start, &controls, None, &forward, &|_, _| {}).expect("a motion")
    };
    let states = from(&FdStart::default(), [0.0, 0.05]).states_table();
    let degrees = states.clone().to_degrees();
    let speed = states.columns.iter().position(|c| c.name.ends_with("/speed")).expect("a speed");
    let (last, factor) = (states.time.len() - 1, 180.0 / core::f64::consts::PI);
    let [slow, fast] = [&states, &degrees].map(|table| table.columns[speed].values[last]);
    assert!(slow.abs() > 1e-3 && (fast / slow - factor).abs() < 1e-9 * factor, "{slow} {fast}");
    let [a, b] = [&states, &degrees].map(|table| {
        let start = FdStart::from_table(table, states.time[last], false);
        from(&start, [states.time[last], states.time[last] + 0.01]).states_table()
    });
    for (a, b) in a.columns.iter().zip(&b.columns) {
        let same = |(x, y): (&f64, &f64)| (x - y).abs() < 1e-9 * (1.0 + x.abs());
        assert!(same((&a.values[0], &b.values[0])), "{}: {} {}", a.name, a.values[0], b.values[0]);
    }
}
