//! Which forces of the model act in inverse dynamics.
//!
//! OpenSim's `forces_to_exclude` takes names and the words `all`, `muscles` and `actuators` (muscles among them).
//! What is left acts with controls at zero. Muscles never act here: OpenSim would take them at the activation and the
//! fibre length that the file gives as defaults, which no motion has.

use guywire_engine::force::{Force, ForceLaw};
use guywire_osim::Description;
use guywire_osim::build::Built;
use guywire_osim::description::ForceKind;

/// The forces that act, and what has to be said about the others.
pub(super) struct Acting<'a> {
    pub forces: Vec<&'a Force>,
    /// Whether one of them pulls along a path.
    pub paths: bool,
    /// States of the forces that have one.
    pub states: Vec<f64>,
    pub controls: Vec<f64>,
    pub notes: Vec<String>,
}

pub(super) fn acting<'a>(model: &Description, built: &'a Built, exclude: &[String]) -> Acting<'a> {
    let word = |word: &str| exclude.iter().any(|name| name.eq_ignore_ascii_case(word));
    let (all, actuators, muscles) = (word("all"), word("actuators"), word("muscles"));
    let mut notes = Vec::new();
    let known = |name: &String| model.forces.iter().any(|force| force.name == *name);
    let unknown: Vec<&str> = exclude
        .iter()
        .filter(|name| !["all", "actuators", "muscles"].iter().any(|w| name.eq_ignore_ascii_case(w)))
        .filter(|name| !known(name))
        .map(String::as_str)
        .collect();
    if !unknown.is_empty() {
        notes.push(format!("forces_to_exclude names no force of the model: {}", unknown.join(", ")));
    }
    let excluded = |index: usize| {
        let force = &model.forces[index];
        all || actuators && is_actuator(&force.kind) || exclude.contains(&force.name)
    };
    let pulls = |(index, force): &(usize, &guywire_osim::description::Force)| {
        force.applies_force && matches!(force.kind, ForceKind::Muscle(_)) && !muscles && !excluded(*index)
    };
    if model.forces.iter().enumerate().any(|pair| pulls(&pair)) {
        notes.push(
            "muscles are not excluded, and have no force all the same: a motion does not say their states"
                .into(),
        );
    }
    let forces: Vec<&Force> = built.forces.iter().filter(|f| f.applies && !excluded(f.source)).collect();
    let paths = forces.iter().any(|force| matches!(force.law, ForceLaw::Path { .. }));
    let states =
        built.forces.iter().filter_map(Force::state).fold(Vec::new(), |mut states, (index, value)| {
            if states.len() <= index {
                states.resize(index + 1, 0.0);
            }
            states[index] = value;
            states
        });
    Acting { forces, paths, states, controls: vec![0.0; built.controls.len()], notes }
}

/// OpenSim's class `Actuator`.
fn is_actuator(kind: &ForceKind) -> bool {
    matches!(
        kind,
        ForceKind::Muscle(_)
            | ForceKind::CoordinateActuator { .. }
            | ForceKind::PointActuator { .. }
            | ForceKind::TorqueActuator { .. }
            | ForceKind::PathActuator { .. }
            | ForceKind::BodyActuator { .. }
            | ForceKind::PointToPointActuator { .. }
            | ForceKind::ClutchedPathSpring { .. }
            | ForceKind::McKibbenActuator { .. }
            | ForceKind::ActivationCoordinateActuator { .. }
    )
}
