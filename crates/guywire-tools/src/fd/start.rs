//! Where a forward simulation starts.

use super::control::Drive;
use crate::motion::{Quantity, is_column_of, is_state_of};
use crate::states::State;
use guywire_engine::Mechanism;
use guywire_engine::forward::{Forward, ForwardError};
use guywire_osim::Description;
use guywire_osim::build::Built;
use guywire_osim::description::CoordinateMotion;
use guywire_osim::table::Table;

/// The state at the start: the model's defaults, or a row of a table of states in their place.
#[derive(Clone, Debug, PartialEq)]
pub struct FdStart {
    /// States by OpenSim's paths or old names; SI. What is not there keeps its default.
    pub states: Vec<(String, f64)>,
    /// Whether what turns is in degrees and degrees a second instead of radians.
    pub in_degrees: bool,
    /// Whether the fibres start in static equilibrium, whatever the states say of them.
    pub equilibrium: bool,
}

impl Default for FdStart {
    fn default() -> Self {
        Self { states: vec![], in_degrees: false, equilibrium: true }
    }
}

impl FdStart {
    /// The row of a table of states at a time, straight between rows. OpenSim refuses tables in degrees.
    pub fn from_table(table: &Table, time: f64, equilibrium: bool) -> Self {
        let states = table
            .columns
            .iter()
            .map(|column| (column.name.clone(), table.value_at(column, time)))
            .filter(|(_, value)| value.is_finite())
            .collect();
        Self { states, in_degrees: table.in_degrees == Some(true), equilibrium }
    }

    fn find(&self, matches: impl Fn(&str) -> bool) -> Option<f64> {
        self.states.iter().find(|(name, _)| matches(name)).map(|(_, value)| *value)
    }

    /// The state of the engine's equations.
    pub(super) fn state(
        &self,
        model: &Description,
        built: &Built,
        mechanism: &Mechanism,
        forward: &mut Forward<'_, Drive<'_>>,
        time: f64,
    ) -> Result<Vec<f64>, ForwardError> {
        let all = mechanism.model.coordinates().len();
        let (mut values, mut speeds) = (built.tree.default_pose(), vec![0.0; all]);
        let coordinates = model
            .joints
            .iter()
            .flat_map(|joint| joint.coordinates.iter().enumerate().map(move |(i, c)| (joint, i, c)));
        for (k, (joint, i, coordinate)) in coordinates.enumerate() {
            let turns = joint.motion(i) == CoordinateMotion::Rotational;
            let factor = if turns && self.in_degrees { core::f64::consts::PI / 180.0 } else { 1.0 };
            let find = |quantity| {
                let found =
                    self.find(|column| is_column_of(column, quantity, model, joint, &coordinate.name));
                found.map(|value| factor * value)
            };
            values[k] = find(Quantity::Value).unwrap_or(coordinate.default_value);
            speeds[k] = find(Quantity::Speed).unwrap_or(coordinate.default_speed);
        }
        mechanism.speeds.to_rates(&values, &mut speeds)?;
        let reduced = |of: &[f64]| -> Vec<f64> {
            (0..mechanism.model.dof()).map(|i| of[mechanism.model.coordinate_of_degree(i)]).collect()
        };
        let state_of = |muscle: usize, state: &str| {
            self.find(|column| is_state_of(column, &built.controls[muscle].name, state))
        };
        let muscles = mechanism.muscles.len();
        let activations: Vec<f64> = (0..muscles)
            .map(|m| {
                state_of(m, "activation").unwrap_or(mechanism.muscles[m].properties().default_activation)
            })
            .collect();
        let mut state = forward.start(time, &reduced(&values), &reduced(&speeds), &activations)?;
        for column in crate::states::columns(model, built) {
            if let State::Force(k) = column.state
                && let Some(value) = self.find(|name| name == column.name)
            {
                state[forward.layout().forces + k] = value;
            }
        }
        if !self.equilibrium {
            for m in 0..muscles {
                if let Some(at) = forward.layout().fiber[m] {
                    let default = mechanism.muscles[m].properties().default_fiber_length;
                    state[at] = state_of(m, "fiber_length").unwrap_or(default);
                }
            }
        }
        Ok(state)
    }
}
