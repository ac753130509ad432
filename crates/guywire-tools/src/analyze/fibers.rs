//! Activations and fibre lengths of muscles.
//!
//! Those of the states, if there are any. Coordinates say nothing of them: every muscle then has its default activation,
//! and its fibre and tendon are in equilibrium at every frame, as OpenSim's tool has them with
//! `solve_for_equilibrium_for_auxiliary_states`, which in some classes depends on the path's speed
//! ([`HillMuscle::initial_fiber_length`]); the fibre's velocity then follows from the balance of forces at that length.
//! Without that property OpenSim's fibres keep the default length whatever the path does, which says nothing; they are
//! in equilibrium here. A muscle without activation dynamics is as active as its control says.

use super::{Analysis, AnalyzeSettings, chosen};
use crate::ToolError;
use crate::motion::is_state_of;
use guywire_engine::muscle::MuscleState;
use guywire_osim::build::Built;
use guywire_osim::table::{Column, Table};

#[cfg(doc)]
use guywire_engine::muscle::HillMuscle;

/// Where the states of muscles come from.
pub(super) struct Fibers<'a> {
    built: &'a Built,
    states: Option<&'a Table>,
    /// Of every muscle, whether it is asked for.
    wanted: Vec<bool>,
    activations: Vec<Option<&'a Column>>,
    lengths: Vec<Option<&'a Column>>,
}

/// Names of muscles: their paths come first.
pub(super) fn muscle_names(built: &Built) -> &[String] {
    &built.path_names[..built.muscles.len().min(built.path_names.len())]
}

impl<'a> Fibers<'a> {
    pub fn new(
        built: &'a Built,
        states: Option<&'a Table>,
        settings: &AnalyzeSettings,
        notes: &mut Vec<String>,
    ) -> Result<Self, ToolError> {
        let names = muscle_names(built);
        let mut wanted = vec![false; names.len()];
        for scheduled in &settings.analyses {
            match &scheduled.analysis {
                Analysis::MuscleAnalysis { muscles, .. } => {
                    chosen("muscle_list", muscles, names)?.into_iter().for_each(|m| wanted[m] = true);
                }
                Analysis::ForceReporter { .. }
                | Analysis::Actuation { .. }
                | Analysis::StatesReporter { .. } => wanted.fill(true),
                _ => {}
            }
        }
        let column = |m: usize, state: &str| -> Option<&'a Column> {
            states?.columns.iter().find(|column| is_state_of(&column.name, &names[m], state))
        };
        let muscles = || wanted.iter().enumerate().filter(|(_, on)| **on).map(|(m, _)| m);
        let activations: Vec<_> = (0..names.len()).map(|m| column(m, "activation")).collect();
        // A rigid tendon leaves its fibre no choice.
        let given = |m: usize| column(m, "fiber_length").filter(|_| !settings.equilibrium);
        let lengths: Vec<_> = (0..names.len()).map(given).collect();
        if muscles().any(|m| activations[m].is_none() && built.muscles[m].has_activation_state()) {
            notes.push("muscles of which no state tells have their default activation".into());
        }
        let elastic = |m: usize| !built.muscles[m].properties().ignore_tendon_compliance;
        if muscles().any(|m| lengths[m].is_none() && elastic(m)) {
            notes.push("fibres of which no state tells are in equilibrium at every frame".into());
        }
        Ok(Self { built, states, activations, lengths, wanted })
    }

    /// Activation and state of a muscle whose path has this length (m) and speed (m/s), if it is asked for.
    pub fn at(
        &self,
        m: usize,
        time: f64,
        control: f64,
        length: f64,
        speed: f64,
    ) -> Result<Option<(f64, MuscleState)>, ToolError> {
        if !self.wanted[m] {
            return Ok(None);
        }
        let muscle = &self.built.muscles[m];
        let given = |column: Option<&Column>| Some(self.states?.value_at(column?, time));
        let default = match muscle.has_activation_state() {
            true => muscle.properties().default_activation,
            false => control,
        };
        let activation = given(self.activations[m]).unwrap_or(default);
        let fiber =
            given(self.lengths[m]).unwrap_or_else(|| muscle.initial_fiber_length(activation, length, speed));
        let state = muscle.state(activation, fiber, length, speed).map_err(|_| ToolError::NotFinite {
            what: format!("the state of `{}`", self.built.path_names[m]),
            time,
        })?;
        Ok(Some((activation, state)))
    }
}
