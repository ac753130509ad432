//! The states of a model, as OpenSim names and orders them in its tables of states. Energy that OpenSim's bushings count
//! along is none: nothing depends on it.

use guywire_osim::Description;
use guywire_osim::build::Built;
use guywire_osim::description::{CoordinateMotion, ForceKind};
use guywire_osim::table::Unit;

/// What a state is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// Value of a coordinate of the tree.
    Value(usize),
    /// Speed of a coordinate of the tree.
    Speed(usize),
    /// Activation of a muscle.
    Activation(usize),
    /// Fibre length of a muscle.
    FiberLength(usize),
    /// The state of another force, by its index among such states.
    Force(usize),
}

/// A state and its column.
#[derive(Clone, Debug)]
pub(crate) struct StateColumn {
    pub name: String,
    pub unit: Unit,
    pub state: State,
}

/// All states: values and speeds joint by joint, then what forces have, in the order of the ForceSet.
pub(crate) fn columns(model: &Description, built: &Built) -> Vec<StateColumn> {
    let mut columns = Vec::new();
    let mut add = |name: String, unit, state| columns.push(StateColumn { name, unit, state });
    let mut index = 0;
    for joint in &model.joints {
        for (k, coordinate) in joint.coordinates.iter().enumerate() {
            let path = format!("/jointset/{}/{}", joint.name, coordinate.name);
            // Of a coordinate that is neither, tables in degrees hold the same numbers.
            let [value, speed] = match joint.motion(k) {
                CoordinateMotion::Rotational => [Unit::Radian, Unit::RadianPerSecond],
                CoordinateMotion::Translational => [Unit::Metre, Unit::Unstated],
                CoordinateMotion::Coupled => [Unit::Unstated; 2],
            };
            add(format!("{path}/value"), value, State::Value(index));
            add(format!("{path}/speed"), speed, State::Speed(index));
            index += 1;
        }
    }
    let mut muscle = 0;
    for (source, force) in model.forces.iter().enumerate() {
        let path = format!("/forceset/{}", force.name);
        if let ForceKind::Muscle(_) = force.kind {
            let hill = &built.muscles[muscle];
            if hill.has_activation_state() {
                add(format!("{path}/activation"), Unit::One, State::Activation(muscle));
            }
            if !hill.is_rigid() {
                add(format!("{path}/fiber_length"), Unit::Metre, State::FiberLength(muscle));
            }
            muscle += 1;
            continue;
        }
        let own = built.forces.iter().find(|own| own.source == source).and_then(|own| own.state());
        match (own, &force.kind) {
            (Some((k, _)), ForceKind::ClutchedPathSpring { .. }) => {
                add(format!("{path}/stretch"), Unit::Metre, State::Force(k));
            }
            (Some((k, _)), _) => add(format!("{path}/activation"), Unit::One, State::Force(k)),
            (None, _) => {}
        }
    }
    columns
}
