//! Controls over time, and what else drives a forward simulation.

use super::FdSettings;
use crate::error::{nearest, nearest_suffix};
use crate::external_loads::ExternalLoads;
use guywire_engine::forward;
use guywire_math::{Function, Pose, Wrench};
use guywire_osim::Description;
use guywire_osim::build::Built;
use guywire_osim::build::functions::{FunctionError, curve};
use guywire_osim::table::Table;

/// Why controls cannot be used.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ControlError {
    /// No column is a muscle or an actuator.
    #[error("no column of the controls is a muscle or an actuator (such as `{example}`){}", nearest_suffix(.nearest))]
    NoColumn {
        /// A name that could be there.
        example: String,
        /// A column whose name is close to it.
        nearest: Option<String>,
    },
    /// A gap.
    #[error("column `{column}` of the controls has no number at {time} s")]
    Gap {
        /// The column.
        column: String,
        /// s.
        time: f64,
    },
    /// A controller's function.
    #[error("the control of `{actuator}` by controller `{controller}`: {problem}")]
    Function {
        /// The controller.
        controller: String,
        /// What it drives.
        actuator: String,
        /// What is wrong with its function.
        problem: FunctionError,
    },
    /// A controller that drives what does not exist.
    #[error("controller `{controller}` drives `{actuator}`, which the model does not have{}", nearest_suffix(.nearest))]
    Unknown {
        /// The controller.
        controller: String,
        /// The name.
        actuator: String,
        /// The nearest name.
        nearest: Option<String>,
    },
}

/// Controls of all muscles and actuators as functions of time.
#[derive(Clone, Debug, Default)]
pub struct Controls {
    /// In the order of [`Built::controls`]; several controllers of one actuator add up.
    signals: Vec<Vec<Function>>,
    /// A table's columns by control.
    columns: Vec<Option<Vec<f64>>>,
    time: Vec<f64>,
}

impl Controls {
    /// Those of the model's controllers; what has none stays at zero.
    ///
    /// # Errors
    /// When a controller's function cannot be followed or it drives what does not exist.
    pub fn of_model(model: &Description, built: &Built) -> Result<Self, ControlError> {
        let mut signals = vec![Vec::new(); built.controls.len()];
        for controller in model.controllers.iter().filter(|controller| controller.enabled) {
            for (actuator, function) in &controller.controls {
                let name = actuator.rsplit('/').next().unwrap_or(actuator);
                let Some(k) = built.controls.iter().position(|control| control.name == name) else {
                    return Err(ControlError::Unknown {
                        controller: controller.name.clone(),
                        actuator: actuator.clone(),
                        nearest: nearest(name, built.controls.iter().map(|c| c.name.as_str())),
                    });
                };
                signals[k].push(curve(function).map_err(|problem| ControlError::Function {
                    controller: controller.name.clone(),
                    actuator: actuator.clone(),
                    problem,
                })?);
            }
        }
        Ok(Self { columns: vec![None; signals.len()], signals, time: vec![] })
    }

    /// Adds those of a table with columns named by muscle or actuator (or by state path, ending in the name or in
    /// `/activation`), straight between rows and constant beyond them. They take the place of the model's own.
    ///
    /// # Errors
    /// When no column is a control, or one has a gap.
    pub fn with_table(mut self, table: &Table, built: &Built) -> Result<Self, ControlError> {
        let name_of = |column: &str| {
            let path = column.strip_suffix("/activation").or(column.strip_suffix(".excitation"));
            let path = path.unwrap_or(column);
            path.rsplit('/').next().unwrap_or(path).to_owned()
        };
        let mut any = false;
        for (k, control) in built.controls.iter().enumerate() {
            let column = table.columns.iter().find(|column| name_of(&column.name) == control.name);
            let Some(column) = column else { continue };
            if let Some(row) = column.values.iter().position(|v| !v.is_finite()) {
                return Err(ControlError::Gap { column: column.name.clone(), time: table.time[row] });
            }
            any = true;
            self.columns[k] = Some(column.values.clone());
        }
        if !any || table.time.is_empty() {
            let example = built.controls.first().map_or_else(String::new, |control| control.name.clone());
            let names = table.columns.iter().map(|column| column.name.as_str());
            return Err(ControlError::NoColumn { nearest: nearest(&example, names), example });
        }
        self.time.clone_from(&table.time);
        Ok(self)
    }

    /// Together with loads from outside.
    pub(super) fn drive<'a>(&'a self, loads: Option<&'a ExternalLoads>) -> Drive<'a> {
        Drive { controls: self, loads, before: f64::INFINITY }
    }

    /// Where the integration must stop: where controls jump, where a row is wanted, at the end.
    pub(super) fn stops(&self, settings: &FdSettings) -> Vec<f64> {
        let [from, to] = settings.window;
        let mut stops = vec![to];
        for function in self.signals.iter().flatten() {
            if let Function::Steps(steps) = function {
                stops.extend(steps.knots().iter().copied().filter(|&t| t > from && t < to));
            }
        }
        if let Some(interval) = settings.report_interval {
            let count = ((to - from) / interval).min(1e7) as usize;
            stops.extend((1..=count).map(|k| from + k as f64 * interval).filter(|&t| t < to));
        }
        stops.sort_by(f64::total_cmp);
        // A row wanted a hair before the end is the end.
        stops.dedup_by(|b, a| *b - *a <= 1e-9 * (to - from));
        if let Some(last) = stops.last_mut() {
            *last = to;
        }
        stops
    }
}

/// Controls and loads as the engine takes them.
#[derive(Debug)]
pub struct Drive<'a> {
    controls: &'a Controls,
    loads: Option<&'a ExternalLoads>,
    before: f64,
}

impl Drive<'_> {
    /// Until this time (s) a step's end still belongs to what is before a jump of the controls there.
    pub(super) fn hold_before(&mut self, time: f64) {
        self.before = time.next_down();
    }
}

impl forward::Drive for Drive<'_> {
    fn controls(&self, time: f64, controls: &mut [f64]) {
        let Controls { signals, columns, time: times } = self.controls;
        let time = time.min(self.before);
        let after = times.partition_point(|&t| t <= time);
        for ((control, signals), column) in controls.iter_mut().zip(signals).zip(columns) {
            *control = match column {
                Some(values) if after == 0 => values[0],
                Some(values) if after == times.len() => values[after - 1],
                Some(values) => {
                    let share = (time - times[after - 1]) / (times[after] - times[after - 1]);
                    values[after - 1] + share * (values[after] - values[after - 1])
                }
                None => signals.iter().map(|signal| signal.at(time)).sum(),
            };
        }
    }

    fn loads(&self, time: f64, bodies: &[Pose<f64>], wrenches: &mut [Wrench<f64>]) {
        if let Some(loads) = self.loads {
            loads.add_wrenches(time, bodies, wrenches);
        }
    }
}
