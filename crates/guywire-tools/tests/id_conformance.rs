//! Inverse dynamics of walks against OpenSim 4.6's own tool, from its setup files, within 1e-6 of every column's range.

use guywire_osim::build::Built;
use guywire_osim::external_loads::ExternalLoads as LoadsFile;
use guywire_osim::table::{Format, Table};
use guywire_osim::xml::Document;
use guywire_osim::{OsimModel, ReadOptions};
use guywire_tools::Motion;
use guywire_tools::external_loads::ExternalLoads;
use guywire_tools::id::{IdResult, IdSettings, run};
use guywire_tools::setup::SetupObject;
use std::path::Path;

/// Of the column's range.
const OF_RANGE: f64 = 1e-6;
/// Files carry eight decimals: half of the last, N or N·m.
const ROUNDING: f64 = 0.5e-8;

fn bytes(folder: &Path, file: &str) -> Vec<u8> {
    let path = folder.join(file);
    std::fs::read(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

fn table(folder: &Path, file: &str) -> Table {
    let format = Format::of(file).expect("the reference is sound");
    Table::read(&bytes(folder, file), format).unwrap_or_else(|e| panic!("{file}: {e}"))
}

/// Runs a setup file, with the coordinates perhaps given in radians instead.
fn run_setup(folder: &Path, setup_file: &str, radians: bool) -> IdResult {
    let document = Document::parse(&bytes(folder, setup_file)).expect("the reference is sound");
    let setup =
        IdSettings::from_setup(&document, SetupObject::tool(&document).node).expect("the reference is sound");
    assert_eq!(setup.ignored, [], "every property of OpenSim's own setup is read");
    let model = OsimModel::read(&bytes(folder, &setup.model_file), &ReadOptions::default())
        .expect("the reference is sound");
    let built = Built::new(&model.description).expect("the reference is sound");
    let mut coordinates = table(folder, &setup.coordinates_file);
    if radians {
        assert_eq!(coordinates.in_degrees, Some(true));
        coordinates.in_degrees = Some(false);
        for joint in &model.description.joints {
            for (index, coordinate) in joint.coordinates.iter().enumerate() {
                let angle = joint.motion(index) == guywire_osim::description::CoordinateMotion::Rotational;
                let column = coordinates.columns.iter_mut().find(|c| angle && c.name == coordinate.name);
                let values = column.into_iter().flat_map(|c| &mut c.values);
                values.for_each(|v| *v = v.to_radians());
            }
        }
    }
    let motion = Motion::from_table(&coordinates, &model.description, setup.lowpass_hz)
        .expect("the reference is sound");
    let loads = LoadsFile::parse(&bytes(folder, &setup.external_loads_file)).expect("the reference is sound");
    let inputs = folder.join(Path::new(&setup.external_loads_file).parent().expect("the reference is sound"));
    let data = table(&inputs, &loads.data_file);
    let loads = ExternalLoads::new(&loads, &data, &model.description, |base| built.index.body(base))
        .expect("the reference is sound");
    run(&model.description, &built, &motion, Some(&loads), &setup.settings, &|_, _| {})
        .expect("the reference is sound")
}

fn compare(test: &str, name: &str, setup: &str, reference: &str) {
    let Some(folder) = guywire_reference::find(test, &format!("tools/{name}")) else { return };
    let reference = table(&folder, reference);
    let mut worst = (0.0, String::new());
    for radians in [false, true] {
        let result = run_setup(&folder, setup, radians).to_table();
        assert_eq!(result.time.len(), reference.time.len());
        for (a, b) in result.time.iter().zip(&reference.time) {
            assert!((a - b).abs() <= ROUNDING, "times {a} and {b}");
        }
        for (own, other) in result.columns.iter().zip(&reference.columns) {
            assert_eq!(own.name, other.name);
            let (low, high) =
                other.values.iter().fold((f64::MAX, f64::MIN), |(l, h), &v| (l.min(v), h.max(v)));
            for (row, (a, b)) in own.values.iter().zip(&other.values).enumerate() {
                let allowed = OF_RANGE * (high - low) + ROUNDING;
                let share = (a - b).abs() / allowed;
                if share > worst.0 {
                    worst = (share, format!("{} at {} s: {a} {b}", own.name, reference.time[row]));
                }
            }
        }
    }
    eprintln!("{name}, {setup}: worst {:.2e} of the tolerance, {}", worst.0, worst.1);
    assert!(worst.0 <= 1.0, "{name}, {setup}: {} times the tolerance, {}", worst.0, worst.1);
}

#[test]
fn gait2392_walk_filtered() {
    compare("gait2392_walk_filtered", "gait2392_subject01", "setup_id.xml", "results/id.sto");
}

#[test]
fn gait2392_walk_unfiltered() {
    let test = "gait2392_walk_unfiltered";
    compare(test, "gait2392_subject01", "setup_id_unfiltered.xml", "results/id_unfiltered.sto");
}

#[test]
fn rajagopal_walk() {
    compare("rajagopal_walk", "rajagopal_walk", "setup_id.xml", "results/id.sto");
}

/// The same bits on one thread and on several.
#[test]
fn threads_do_not_matter() {
    let Some(folder) = guywire_reference::find("threads_do_not_matter", "tools/gait2392_subject01") else {
        return;
    };
    let pool = |threads| rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    let [one, many] = [1, 7].map(|t| pool(t).install(|| run_setup(&folder, "setup_id.xml", false)));
    assert_eq!(one.forces, many.forces);
}
