//! Forward dynamics: how a model moves from a state under its controls, as OpenSim's `ForwardTool`.
//!
//! The equations and the integrator are the engine's ([`guywire_engine::forward`], [`guywire_math::ode`]). Controls are
//! functions of time from a table, from the model's prescribed controllers, or zero.

mod control;
mod setup;
mod start;

pub use control::{ControlError, Controls};
pub use setup::FdSetup;
pub(crate) use setup::controls_files;
pub use start::FdStart;

use crate::ToolError;
use crate::external_loads::ExternalLoads;
use crate::motion::{Motion, MotionError};
use crate::states::State;
use guywire_engine::Mechanism;
use guywire_engine::forward::{Forward, ForwardError};
use guywire_math::ode::{Integrator, Method, OdeCount, OdeError, OdeSettings};
use guywire_osim::Description;
use guywire_osim::build::Built;
use guywire_osim::table::{Table, Unit};

/// Jumps of the equations between two stops: path points and contacts that come and go. More are chatter (assumed).
const MOST_JUMPS: usize = 1000;

/// How to integrate.
#[derive(Clone, Debug, PartialEq)]
pub struct FdSettings {
    /// s.
    pub window: [f64; 2],
    /// Error of a step relative to the size of a state (1 rad, 1 m, 1 rad/s, 1 m/s, activation 1, optimal fibre length).
    pub tolerance: f64,
    /// Explicit, or implicit in the fibres. The explicit one is the faster one at useful tolerances even with the
    /// elastic tendons of whole-body models; the implicit one where tendons are far shorter and stiffer.
    pub method: Method,
    /// Longest step, s.
    pub longest_step: f64,
    /// Shortest step, s.
    pub shortest_step: f64,
    /// Most steps.
    pub most_steps: usize,
    /// Time between rows of the result, s; none for every step.
    pub report_interval: Option<f64>,
}

impl Default for FdSettings {
    /// OpenSim's.
    fn default() -> Self {
        Self {
            window: [0.0, 1.0],
            tolerance: 1e-5,
            method: Method::DormandPrince,
            longest_step: 1.0,
            shortest_step: 1e-8,
            most_steps: 20_000,
            report_interval: None,
        }
    }
}

/// Why a forward simulation stopped.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum FdError {
    /// The equations or the integrator.
    #[error("{}", explain(.cause, .muscle))]
    Stopped {
        /// Where and why.
        cause: OdeError<ForwardError>,
        /// The muscle, if it is one.
        muscle: Option<String>,
    },
    /// The initial state does not exist.
    #[error("no initial state: {cause}{}", .muscle.as_ref().map_or_else(String::new, |m| format!(" (`{m}`)")))]
    Start {
        /// Why.
        cause: ForwardError,
        /// The muscle, if it is one.
        muscle: Option<String>,
    },
    /// Controls that cannot be used.
    #[error(transparent)]
    Control(#[from] ControlError),
}

fn explain(cause: &OdeError<ForwardError>, muscle: &Option<String>) -> String {
    let of = muscle.as_ref().map_or_else(String::new, |muscle| format!(" (`{muscle}`)"));
    match cause {
        OdeError::Rates { time, cause } => format!("at {time} s: {cause}{of}"),
        other => format!("{other}{of}"),
    }
}

/// States over time.
#[derive(Clone, Debug)]
pub struct FdResult {
    /// s.
    pub time: Vec<f64>,
    /// OpenSim's paths of the states.
    pub names: Vec<String>,
    /// Units of the states.
    pub units: Vec<Unit>,
    /// Row by row.
    pub states: Vec<f64>,
    /// Second derivatives of the model's coordinates, row by row; of those that follow others zero.
    pub accelerations: Vec<f64>,
    /// Names of the controls.
    pub control_names: Vec<String>,
    /// Row by row.
    pub controls: Vec<f64>,
    /// What it cost.
    pub count: OdeCount,
    /// What the user should know.
    pub notes: Vec<String>,
}

impl FdResult {
    /// As OpenSim's `…_states.sto`: rad, m, rad/s, m/s, activations, fibre lengths in m.
    pub fn states_table(&self) -> Table {
        let columns = self.names.iter().cloned().zip(self.units.iter().copied());
        rows("States", columns, &self.time, &self.states)
    }

    /// The motion, for analyses.
    ///
    /// # Errors
    /// When there is no row.
    pub fn motion(&self, model: &Description) -> Result<Motion, MotionError> {
        Motion::from_states(&self.states_table(), model, &self.accelerations)
    }

    /// As OpenSim's `…_controls.sto`.
    pub fn controls_table(&self) -> Table {
        let columns = self.control_names.iter().map(|name| (name.clone(), Unit::One));
        rows("ModelControls", columns, &self.time, &self.controls)
    }
}

fn rows(name: &str, columns: impl Iterator<Item = (String, Unit)>, time: &[f64], values: &[f64]) -> Table {
    let mut table = Table::with_columns(name, columns);
    table.in_degrees = Some(false);
    let width = table.columns.len().max(1);
    for (time, row) in time.iter().zip(values.chunks_exact(width)) {
        table.push_row(*time, row.iter().copied());
    }
    table
}

/// Integrates a model.
///
/// # Errors
/// When there is no initial state, a setting is out of its range, or the integration cannot go on: the error says when.
pub fn run(
    model: &Description,
    built: &Built,
    start: &FdStart,
    controls: &Controls,
    loads: Option<&ExternalLoads>,
    settings: &FdSettings,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<FdResult, ToolError> {
    let [from, to] = settings.window;
    for (field, value) in [
        ("integrator_error_tolerance", settings.tolerance),
        ("maximum_integrator_step_size", settings.longest_step),
        ("minimum_integrator_step_size", settings.shortest_step),
        ("report_interval", settings.report_interval.unwrap_or(1.0)),
        ("final_time less initial_time", to - from),
    ] {
        if !(value > 0.0 && value.is_finite()) {
            return Err(ToolError::Setting {
                field,
                value: value.to_string(),
                expected: "a number above zero",
            });
        }
    }
    let mechanism = built.mechanism(model);
    let name_of = |error: &ForwardError| match error {
        ForwardError::Muscle { muscle, .. } => Some(built.controls[*muscle].name.clone()),
        _ => None,
    };
    let mut forward = Forward::new(&mechanism, controls.drive(loads));
    let mut state = start
        .state(model, built, &mechanism, &mut forward, from)
        .map_err(|cause| FdError::Start { muscle: name_of(&cause), cause })?;
    let ode = OdeSettings {
        method: settings.method,
        tolerance: settings.tolerance,
        longest: settings.longest_step,
        shortest: settings.shortest_step,
        most_jumps: MOST_JUMPS,
        most_steps: settings.most_steps,
    };
    let mut integrator = Integrator::new(ode, forward.scale());
    let mut report = Report::new(model, built, &mechanism);
    let fail = |cause: ForwardError, time: f64| FdError::Stopped {
        muscle: name_of(&cause),
        cause: OdeError::Rates { time, cause },
    };
    let mut time = from;
    report.row(&mut forward, time, &state).map_err(|cause| fail(cause, time))?;
    for stop in controls.stops(settings) {
        forward.drive_mut().hold_before(stop);
        let mut steps: Vec<(f64, Vec<f64>)> = Vec::new();
        let outcome = integrator.advance(&mut forward, &mut time, stop, &mut state, |time, state| {
            if settings.report_interval.is_none() {
                steps.push((time, state.to_vec()));
            }
            progress((1000.0 * (time - from) / (to - from)) as usize, 1000);
        });
        outcome.map_err(|cause| FdError::Stopped {
            muscle: if let OdeError::Rates { cause, .. } = &cause { name_of(cause) } else { None },
            cause,
        })?;
        if settings.report_interval.is_some() {
            steps.push((time, state.clone()));
        }
        for (time, state) in steps {
            report.row(&mut forward, time, &state).map_err(|cause| fail(cause, time))?;
        }
    }
    Ok(report.finish(integrator.count()))
}

/// The result as it grows.
struct Report {
    result: FdResult,
    states: Vec<State>,
    /// Accelerations of the degrees of freedom.
    qdd: Vec<f64>,
}

impl Report {
    fn new(model: &Description, built: &Built, mechanism: &Mechanism) -> Self {
        let columns = crate::states::columns(model, built);
        let result = FdResult {
            time: vec![],
            names: columns.iter().map(|column| column.name.clone()).collect(),
            units: columns.iter().map(|column| column.unit).collect(),
            states: vec![],
            accelerations: vec![],
            control_names: built.controls.iter().map(|control| control.name.clone()).collect(),
            controls: vec![],
            count: OdeCount::default(),
            notes: vec![],
        };
        let states = columns.iter().map(|column| column.state).collect();
        Self { result, states, qdd: vec![0.0; mechanism.model.dof()] }
    }

    fn row(
        &mut self,
        forward: &mut Forward<'_, control::Drive<'_>>,
        time: f64,
        state: &[f64],
    ) -> Result<(), ForwardError> {
        let result = &mut self.result;
        forward.accelerations(time, state, &mut self.qdd)?;
        let (moment, mechanism) = (forward.moment(), forward.mechanism());
        let start = result.accelerations.len();
        let own = result.names.iter().filter(|name| name.ends_with("/value")).count();
        result.accelerations.resize(start + own, 0.0);
        for (degree, qdd) in self.qdd.iter().enumerate() {
            let coordinate = mechanism.model.coordinate_of_degree(degree);
            if let Some(to) = result.accelerations[start..].get_mut(coordinate) {
                *to = *qdd;
            }
        }
        let layout = forward.layout();
        for of in &self.states {
            result.states.push(match *of {
                State::Value(k) => moment.kinematics.coordinates[k],
                State::Speed(k) => moment.speeds()[k],
                State::Activation(m) => forward.activation(m, state),
                State::FiberLength(m) => layout.fiber[m].map_or(f64::NAN, |at| state[at]),
                State::Force(k) => state[layout.forces + k],
            });
        }
        result.controls.extend(forward.controls());
        result.time.push(time);
        Ok(())
    }

    fn finish(self, count: OdeCount) -> FdResult {
        let notes = match count.jumps {
            0 => vec![],
            jumps => vec![format!(
                "the equations jumped {jumps} times (a path point or a contact that comes or goes); there a step of the \
                 least length was taken whatever its error"
            )],
        };
        FdResult { count, notes, ..self.result }
    }
}
