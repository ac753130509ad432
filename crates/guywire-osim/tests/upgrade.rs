//! Old model files against what OpenSim 4.6 makes of them.
//!
//! `old/*.osim` are in old forms; `old/*.printed.osim` are what `printToXML` of OpenSim 4.6 wrote for them with
//! every default spelled out (comments and looks taken out). `conformance/upgrade_check.py` does the same for
//! any folder of models.

mod common;

use common::{difference, lines};
use guywire_osim::description::Description;
use guywire_osim::{OsimModel, ReadOptions, write};

fn read(name: &str) -> OsimModel {
    let path = format!("{}/tests/old/{name}", env!("CARGO_MANIFEST_DIR"));
    let bytes = std::fs::read(path).expect("a fixture");
    OsimModel::read(&bytes, &ReadOptions::default()).unwrap_or_else(|error| panic!("{name}: {error}"))
}

#[test]
fn old_files_are_what_opensim_makes_of_them() {
    for version in ["v10902", "v20000", "v30000"] {
        let (old, printed) = (read(&format!("{version}.osim")), read(&format!("{version}.printed.osim")));
        let found = difference(&lines(&old.description), &lines(&printed.description));
        assert_eq!(found, None, "{version}");
    }
}

#[test]
fn what_is_written_is_the_same_model() {
    // Besides the old ones, models with classes that no old file has.
    let later = ["function_paths/paths.osim", "reporters/sole_and_tube.osim"]
        .map(|file| (file.to_owned(), read(&format!("../../../../conformance/{file}"))));
    let old =
        ["v10902", "v20000", "v30000"].map(|version| (version.to_owned(), read(&format!("{version}.osim"))));
    for (version, model) in old.into_iter().chain(later) {
        // Frames that are made anew have names of their own.
        let nameless = |description: &Description| {
            let mut description = description.clone();
            description.forces.iter_mut().for_each(|force| force.frames.clear());
            lines(&description)
        };
        let of_file = nameless(&model.description);
        for (how, bytes) in
            [("edited", model.to_bytes()), ("anew", write::document(&model.description).to_bytes())]
        {
            let again = OsimModel::read(&bytes, &ReadOptions::default()).expect("what was written");
            assert_eq!(difference(&of_file, &nameless(&again.description)), None, "{version} {how}");
        }
    }
}

/// As written back, OpenSim 4.6 reads both values; as it came, it refuses the centre of mass, which a comment cuts.
#[test]
fn a_note_beside_a_value_takes_nothing_away() {
    let bytes = include_bytes!("../../../fuzz/corpus/osim/comment_in_a_value.osim");
    let model = OsimModel::read(bytes, &ReadOptions::default()).expect("a model");
    let written = String::from_utf8(model.to_bytes()).expect("UTF-8");
    assert!(written.contains("<mass>3<!-- weighed --><!-- kg --></mass>"), "{written}");
    let again =
        OsimModel::read(written.as_bytes(), &ReadOptions::default()).expect("what was written is read");
    for model in [&model, &again] {
        let body = &model.description.bodies[0];
        assert_eq!(body.mass, 3.0);
        assert_eq!(body.mass_center.to_array(), [1.0, 2.0, 3.0]);
    }
}

#[test]
fn the_report_states_the_version_and_every_object() {
    let model = read("v20000.osim");
    assert_eq!(model.report.version, 20_001);
    assert_eq!(model.report.refused().count(), 0);
    for (class, name) in [
        ("Body", "upperarm"),
        ("CustomJoint", "shoulder"),
        ("Coordinate", "elbowflex"),
        ("Thelen2003Muscle", "biceps"),
        ("MovingPathPoint", "p3"),
        ("WrapSphere", "ball"),
        ("WeldConstraint", "weld"),
        ("Marker", "M1"),
        ("ContactSphere", "heel"),
        ("PrescribedController", "c"),
    ] {
        let entry = model.report.entries.iter().find(|entry| entry.class == class && entry.name == name);
        let entry = entry.unwrap_or_else(|| panic!("{class} {name} is not in the report"));
        assert_eq!(entry.fate, guywire_osim::report::Fate::Used, "{entry}");
        assert!(entry.line > 4, "{entry}");
    }
}
