//! Public models read as OpenSim 4.6 reads them: names and their order, masses, ranges, muscle constants.

use flate2::read::GzDecoder;
use guywire_osim::description::{Description, ForceKind};
use guywire_osim::{OsimModel, ReadOptions};
use serde_json::Value;
use std::{fs, io::BufReader};

const MODELS: [&str; 10] = [
    "FullBodyModel_Hamner2010_v2_0",
    "Rajagopal2016",
    "Tug_of_War",
    "Tug_of_War_Millard",
    "arm26",
    "double_pendulum",
    "gait10dof18musc",
    "gait2392_millard2012muscle",
    "gait2392_thelen2003muscle",
    "leg39",
];

fn names(list: &Value) -> Vec<&str> {
    list.as_array()
        .expect("a list")
        .iter()
        .map(|entry| entry.as_str().or_else(|| entry["name"].as_str()).expect("a name"))
        .collect()
}

/// Paths in the order of the reference: muscles, then springs, ligaments and path actuators.
fn path_names(description: &Description) -> Vec<&str> {
    let of = |belongs: fn(&ForceKind) -> bool| {
        let forces = description.forces.iter().filter(move |force| belongs(&force.kind));
        forces.map(|force| force.name.as_str())
    };
    of(|kind| matches!(kind, ForceKind::Muscle(_)))
        .chain(of(|kind| matches!(kind, ForceKind::PathSpring { .. })))
        .chain(of(|kind| matches!(kind, ForceKind::Ligament { .. })))
        .chain(of(|kind| matches!(kind, ForceKind::PathActuator { .. })))
        .collect()
}

#[test]
fn shared_models_are_read_as_opensim_reads_them() {
    let Some(root) = guywire_reference::find("shared_models_are_read_as_opensim_reads_them", "") else {
        return;
    };
    for model in MODELS {
        let bytes = fs::read(root.join(format!("models/{model}.osim"))).expect("a shared model");
        let read =
            OsimModel::read(&bytes, &ReadOptions::default()).unwrap_or_else(|e| panic!("{model}: {e}"));
        let file = fs::File::open(root.join(format!("data/{model}.json.gz"))).expect("its numbers");
        let reference: Value =
            serde_json::from_reader(BufReader::new(GzDecoder::new(file))).expect("reference data is JSON");
        let description = &read.description;
        assert_eq!(description.name, reference["model_name"].as_str().unwrap(), "{model}");
        let bodies: Vec<_> = description.bodies.iter().map(|body| body.name.as_str()).collect();
        assert_eq!(bodies, names(&reference["bodies"]), "{model}");
        for (body, mass) in description.bodies.iter().zip(reference["body_masses"].as_array().unwrap()) {
            assert_eq!(Some(body.mass), mass.as_f64(), "{model}: {}", body.name);
        }
        let coordinates: Vec<_> = description
            .joints
            .iter()
            .flat_map(|joint| joint.coordinates.iter().map(move |c| (joint, c)))
            .collect();
        let found: Vec<_> = coordinates.iter().map(|(_, coordinate)| coordinate.name.as_str()).collect();
        assert_eq!(found, names(&reference["coordinates"]), "{model}");
        for ((joint, coordinate), expected) in
            coordinates.iter().zip(reference["coordinates"].as_array().unwrap())
        {
            let place = format!("{model}: {}", coordinate.name);
            assert_eq!(joint.name, expected["joint"].as_str().unwrap(), "{place}");
            assert_eq!(Some(coordinate.default_value), expected["default"].as_f64(), "{place}");
            assert_eq!(Some(coordinate.locked), expected["locked"].as_bool(), "{place}");
            for (found, expected) in coordinate.range.iter().zip(expected["range"].as_array().unwrap()) {
                assert_eq!(Some(*found), expected.as_f64(), "{place}");
            }
        }
        let markers: Vec<_> = description.markers.iter().map(|marker| marker.name.as_str()).collect();
        assert_eq!(markers, names(&reference["markers"]), "{model}");
        assert_eq!(path_names(description), names(&reference["paths"]), "{model}");
        let muscles = description.forces.iter().filter_map(|force| match &force.kind {
            ForceKind::Muscle(muscle) => Some((&force.name, muscle)),
            _ => None,
        });
        for ((name, muscle), table) in muscles.zip(reference["muscle_tables"].as_array().unwrap()) {
            assert_eq!(Some(name.as_str()), table["name"].as_str(), "{model}");
            for (found, property) in [
                (muscle.max_isometric_force, "max_isometric_force"),
                (muscle.optimal_fiber_length, "optimal_fiber_length"),
                (muscle.tendon_slack_length, "tendon_slack_length"),
                (muscle.pennation_angle_at_optimal, "pennation_angle_at_optimal"),
                (muscle.max_contraction_velocity, "max_contraction_velocity"),
            ] {
                assert_eq!(Some(found), table[property].as_f64(), "{model}: {name}: {property}");
            }
        }
        assert_eq!(read.report.refused().count(), 0, "{model}");
        // What is written is the same model.
        let again = OsimModel::read(&read.to_bytes(), &ReadOptions::default()).expect("what was written");
        assert_eq!(again.report.entries.len(), read.report.entries.len(), "{model}");
    }
}
