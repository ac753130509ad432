//! Controls over time, and what else drives a forward simulation.

use super::FdSettings;
use crate::error::{nearest, nearest_suffix};
use crate::external_loads::ExternalLoads;
use guywire_engine::forward;
use guywire_math::function::Segments;
use guywire_math::{Function, Pose, Wrench};
use guywire_osim::Description;
use guywire_osim::build::Built;
use guywire_osim::build::functions::{FunctionError, curve};
use guywire_osim::control_set::{ControlSet, Signal};
use guywire_osim::description::{self, Controller};
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
    /// A control of a file that drives what does not exist.
    #[error("line {line}: the control `{name}` drives nothing in the model{}", nearest_suffix(.nearest))]
    Nothing {
        /// Line of the file.
        line: usize,
        /// The name.
        name: String,
        /// The nearest name.
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

    /// Adds those of the file of one of the model's controllers to the model's own, for actuators that the controller does
    /// not drive by a function.
    ///
    /// # Errors
    /// When a column drives what does not exist, or its numbers make no function.
    pub fn with_file_of(
        mut self,
        controller: &Controller,
        table: &Table,
        built: &Built,
    ) -> Result<Self, ControlError> {
        let names = || built.controls.iter().map(|control| control.name.as_str());
        for column in &table.columns {
            let name = column.name.rsplit('/').next().unwrap_or(&column.name);
            if controller.controls.iter().any(|(own, _)| own == name) {
                continue;
            }
            let Some(k) = names().position(|own| own == name) else {
                return Err(ControlError::Unknown {
                    controller: controller.name.clone(),
                    actuator: column.name.clone(),
                    nearest: nearest(name, names()),
                });
            };
            let points = table.time.iter().zip(&column.values).map(|(time, value)| [*time, *value]).collect();
            let function = match controller.interpolation_degree {
                0 => description::Function::PiecewiseConstant(points),
                1 => description::Function::PiecewiseLinear(points),
                degree => description::Function::GcvSpline {
                    degree,
                    error_variance: 0.0,
                    weights: vec![1.0; points.len()],
                    points,
                },
            };
            self.signals[k].push(curve(&function).map_err(|problem| ControlError::Function {
                controller: controller.name.clone(),
                actuator: column.name.clone(),
                problem,
            })?);
        }
        Ok(self)
    }

    /// Adds those of a control set to the model's own, as OpenSim's controllers add up.
    ///
    /// # Errors
    /// When a control drives what does not exist.
    pub fn with_control_set(mut self, set: &ControlSet, built: &Built) -> Result<Self, ControlError> {
        for control in &set.controls {
            let Some(k) = built.controls.iter().position(|own| own.name == control.name) else {
                return Err(ControlError::Nothing {
                    line: control.line,
                    name: control.name.clone(),
                    nearest: nearest(&control.name, built.controls.iter().map(|c| c.name.as_str())),
                });
            };
            self.signals[k].extend(function(&control.signal));
        }
        Ok(self)
    }

    /// Together with loads from outside.
    pub(crate) fn drive<'a>(&'a self, loads: Option<&'a ExternalLoads>) -> Drive<'a> {
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

/// A signal as a function of time; a signal that was read always is one.
fn function(signal: &Signal) -> Option<Function> {
    let (nodes, steps, extrapolate) = match signal {
        Signal::Constant(value) => return Some(Function::Constant(*value)),
        Signal::Nodes { nodes, steps, extrapolate } => (nodes, *steps, *extrapolate),
    };
    let (mut x, mut y): (Vec<f64>, Vec<f64>) = nodes.iter().map(|[time, value]| (*time, *value)).unzip();
    let [first, last] = [*nodes.first()?, *nodes.last()?];
    if steps {
        // The value of a node holds up to it: it starts at the node before, the first one's ever before.
        x.rotate_right(1);
        x[0] = first[0] - 1.0;
    } else if !extrapolate {
        x.insert(0, first[0] - 1.0);
        y.insert(0, first[1]);
        x.push(last[0] + 1.0);
        y.push(last[1]);
    }
    let segments = Segments::new(x, y).ok()?;
    Some(if steps { Function::Steps(segments) } else { Function::Segments(segments) })
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

#[cfg(test)]
mod tests {
    use super::*;

    /// `values.csv` is what OpenSim 4.6 makes of `controls.xml` (`make.py`).
    #[test]
    fn signals_are_what_opensim_makes_of_them() {
        let file = include_bytes!("../../tests/data/controls/controls.xml");
        let set = ControlSet::parse(file).expect("a control set");
        let again = ControlSet::parse(&set.to_bytes()).expect("what was written");
        let mut seen = Vec::new();
        for line in include_str!("../../tests/data/controls/values.csv").lines() {
            let [name, time, value] = line.split(',').collect::<Vec<_>>()[..] else { panic!("{line}") };
            let (time, value): (f64, f64) = (time.parse().expect("s"), value.parse().expect("a value"));
            let name = name.trim_end_matches(".excitation");
            for set in [&set, &again] {
                let control = set.controls.iter().find(|c| c.name == name).expect("a control of this name");
                // At a node itself a step has its value before here, and after it in the integration.
                let is_jump = matches!(&control.signal, Signal::Nodes { nodes, steps: true, .. }
                    if nodes.iter().any(|node| node[0] == time));
                let found = function(&control.signal).expect("a function").at(time);
                assert!(is_jump || (found - value).abs() < 1e-14, "{line}: {found}");
            }
            seen.push(name);
        }
        seen.dedup();
        assert_eq!(seen, ["straight", "flat_beyond", "steps", "one_node"]);
        // OpenSim leaves constants out of a set that it reads from a file.
        assert_eq!(set.controls[4].signal, Signal::Constant(0.3));
    }

    #[test]
    fn what_is_wrong_with_a_control_set_has_its_line() {
        let message = |inside: &str| {
            let text = format!(
                "<ControlSet><objects>\n<ControlLinear name=\"a\">{inside}</ControlLinear></objects></ControlSet>"
            );
            ControlSet::parse(text.as_bytes()).expect_err("it is wrong").to_string()
        };
        let node =
            |time: &str| format!("<ControlLinearNode><t>{time}</t><value>1</value></ControlLinearNode>");
        assert_eq!(
            message(""),
            "line 2: control `a` has no nodes; expected at least one `ControlLinearNode` in `x_nodes`"
        );
        assert_eq!(
            message(&format!("<x_nodes>{}{}</x_nodes>", node("2"), node("1"))),
            "line 2: control `a` has a node at 1 s after one at 2 s; expected rising times"
        );
        assert_eq!(
            message(&format!("<x_nodes>{}</x_nodes>", node("nan"))),
            "line 2: `t` of control `a` is `nan`; expected a finite number"
        );
    }
}
