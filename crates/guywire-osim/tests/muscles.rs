//! Fibre lengths that a motion starts from, beside OpenSim's (`conformance/muscles/initial.json`).

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
