//! Fibre lengths that a motion starts from and strengths in static optimisation, beside OpenSim's
//! (`conformance/muscles/initial.json`, `strengths.json`).

use guywire_osim::build::Built;
use guywire_osim::{OsimModel, ReadOptions};
use serde_json::Value;

/// OpenSim does not repeat its sharing of the path's speed to the end; the fibre with the longest tendon is off most.
const RELATIVE: f64 = 1e-6;

#[test]
fn motions_start_from_opensims_fibre_lengths() {
    let file = include_bytes!("../../../conformance/muscles/models/muscle_classes.osim");
    let model = OsimModel::read(file, &ReadOptions::default()).expect("the model is read");
    let built = Built::new(&model.description).expect("the model is built");
    let rows: Vec<Value> =
        serde_json::from_str(include_str!("../../../conformance/muscles/initial.json")).expect("JSON");
    assert!(rows.len() > 200);
    let mut moved = 0;
    for row in &rows {
        let name = row[0].as_str().expect("a name");
        let [path, speed, activation, expected] = [1, 2, 3, 4].map(|i| row[i].as_f64().expect("a number"));
        let index = built.controls.iter().position(|c| c.name == name).expect("the muscle");
        let muscle = &built.muscles[index];
        let found = muscle.initial_fiber_length(activation, path, speed);
        assert!((found - expected).abs() < RELATIVE * expected, "{row}: {found}");
        moved += usize::from((muscle.equilibrium_length(activation, path) / expected - 1.0).abs() > 1e-3);
    }
    assert!(moved > 100, "only {moved} fibres are elsewhere than at rest");
}

/// Also where the fibre would be shorter than it can be or shortens faster than it can.
#[test]
fn static_optimisation_has_opensims_strengths() {
    let file = include_bytes!("../../../conformance/muscles/models/muscle_classes.osim");
    let model = OsimModel::read(file, &ReadOptions::default()).expect("the model is read");
    let built = Built::new(&model.description).expect("the model is built");
    let rows: Vec<Value> =
        serde_json::from_str(include_str!("../../../conformance/muscles/strengths.json")).expect("JSON");
    assert!(rows.len() > 1000);
    let mut stronger = 0;
    for row in &rows {
        let name = row[0].as_str().expect("a name");
        let [path, speed, expected] = [1, 2, 3].map(|i| row[i].as_f64().expect("a number"));
        let index = built.controls.iter().position(|c| c.name == name).expect("the muscle");
        let muscle = &built.muscles[index];
        let found = muscle.inextensible_active_force_of_opensim(path, speed).expect("a number");
        let strongest = muscle.properties().max_isometric_force;
        assert!((found - expected).abs() < 1e-9 * strongest, "{row}: {found}");
        let along = muscle.inextensible_active_force(path, speed).expect("a number");
        stronger += usize::from(found > 1.02 * along);
    }
    assert!(stronger > 100, "only {stronger} are stronger than along the tendon");
}
