//! What static optimisation found, as OpenSim's files and as findings.

use super::Solved;
use crate::Motion;
use crate::external_loads::ExternalLoads;
use guywire_osim::Description;
use guywire_osim::build::Built;
use guywire_osim::control_set::{Control, ControlSet, Signal};
use guywire_osim::description::ForceKind;
use guywire_osim::table::{Table, Unit};
use std::fmt;

/// A muscle or actuator that acts in the direction of what is missing.
#[derive(Clone, Debug, PartialEq)]
pub struct SuppliedBy {
    /// Name.
    pub name: String,
    /// What it gives already in that direction, N·m or N.
    pub given: f64,
    /// What it could add within its bounds, N·m or N.
    pub remaining: f64,
}

/// A generalised force that nothing supplies.
#[derive(Clone, Debug, PartialEq)]
pub struct Missing {
    /// The coordinate.
    pub coordinate: String,
    /// Its joint.
    pub joint: String,
    /// Whether it is a moment (N·m) or a force (N).
    pub is_moment: bool,
    /// What is missing, positive along the coordinate.
    pub missing: f64,
    /// Who acts that way, the one that could add most first.
    pub suppliers: Vec<SuppliedBy>,
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = if self.is_moment { "N·m" } else { "N" };
        write!(f, "joint `{}` lacks {:.3} {unit} along `{}`", self.joint, self.missing, self.coordinate)?;
        if self.suppliers.is_empty() {
            return f.write_str("; no muscle or actuator acts on it in that direction");
        }
        f.write_str("; that way act ")?;
        for (k, supplier) in self.suppliers.iter().take(6).enumerate() {
            let comma = if k > 0 { ", " } else { "" };
            write!(f, "{comma}`{}` ({:.3} {unit} given, ", supplier.name, supplier.given)?;
            match supplier.remaining {
                none if none <= 1e-9 * (1.0 + supplier.given.abs()) => f.write_str("no more)")?,
                more if more.is_finite() => write!(f, "{more:.3} {unit} left)")?,
                _ => f.write_str("no limit)")?,
            }
        }
        let more = self.suppliers.len().saturating_sub(6);
        if more > 0 { write!(f, " and {more} more") } else { Ok(()) }
    }
}

/// A frame that no allowed controls can make.
#[derive(Clone, Debug, PartialEq)]
pub struct InfeasibleFrame {
    /// s.
    pub time: f64,
    /// What is missing, the largest first.
    pub missing: Vec<Missing>,
}

/// Controls and forces over time.
#[derive(Clone, Debug)]
pub struct SoResult {
    /// Times of the frames that were solved, s.
    pub time: Vec<f64>,
    /// Muscles and actuators in the order of the ForceSet.
    pub names: Vec<String>,
    /// Whether the force of each is a moment (N·m) or a force (N).
    pub moments: Vec<bool>,
    /// Activations of muscles and controls of actuators, frame by frame.
    pub controls: Vec<f64>,
    /// Forces along the tendon (N) and actuator forces (N or N·m), frame by frame.
    pub forces: Vec<f64>,
    /// Cost of each frame.
    pub cost: Vec<f64>,
    /// Frames without an answer; they are in none of the above.
    pub infeasible: Vec<InfeasibleFrame>,
    /// What the user should know.
    pub notes: Vec<String>,
    load_columns: Vec<(String, Unit)>,
    loads: Vec<f64>,
    /// Where in a frame's solution each column is.
    order: Vec<usize>,
}

impl SoResult {
    pub(super) fn new(
        model: &Description,
        built: &Built,
        motion: &Motion,
        loads: Option<&ExternalLoads>,
    ) -> Self {
        let on: Vec<_> =
            built.controls.iter().filter(|control| model.forces[control.force].applies_force).collect();
        let mut order: Vec<usize> = (0..on.len()).collect();
        order.sort_by_key(|&k| on[k].force);
        let turns = |kind: &ForceKind| match kind {
            ForceKind::TorqueActuator { .. } => true,
            ForceKind::CoordinateActuator { coordinate, .. } => turns(model, coordinate),
            _ => false,
        };
        Self {
            time: vec![],
            names: order.iter().map(|&k| on[k].name.clone()).collect(),
            moments: order.iter().map(|&k| turns(&model.forces[on[k].force].kind)).collect(),
            controls: vec![],
            forces: vec![],
            cost: vec![],
            infeasible: vec![],
            notes: motion.notes().to_vec(),
            load_columns: loads.map_or_else(Vec::new, ExternalLoads::columns),
            loads: vec![],
            order,
        }
    }

    pub(super) fn push(&mut self, solved: Solved) {
        match solved.outcome {
            Ok(supplied) => {
                self.time.push(solved.time);
                self.cost.push(supplied.cost);
                self.controls.extend(self.order.iter().map(|&k| supplied.controls[k]));
                self.forces.extend(self.order.iter().map(|&k| supplied.forces[k]));
                self.loads.extend(supplied.loads);
            }
            Err(missing) => self.infeasible.push(InfeasibleFrame { time: solved.time, missing }),
        }
    }

    /// As OpenSim's `…_activation.sto`: activations of muscles and controls of actuators.
    pub fn activation_table(&self) -> Table {
        let columns = self.names.iter().map(|name| (name.clone(), Unit::One));
        let mut table = Table::with_columns("Static Optimization", columns);
        table.in_degrees = Some(false);
        for (time, row) in self.time.iter().zip(self.controls.chunks_exact(self.names.len().max(1))) {
            table.push_row(*time, row.iter().copied());
        }
        table
    }

    /// As OpenSim's `…_controls.xml`: the same as controls of a forward simulation.
    pub fn control_set(&self) -> ControlSet {
        let width = self.names.len();
        let values = |k: usize| self.controls.iter().skip(k).step_by(width.max(1));
        let signal = |k| Signal::Nodes {
            nodes: self.time.iter().zip(values(k)).map(|(time, value)| [*time, *value]).collect(),
            steps: false,
            extrapolate: true,
        };
        let control =
            |(k, name): (usize, &String)| Control { line: 0, name: name.clone(), signal: signal(k) };
        ControlSet { controls: self.names.iter().enumerate().map(control).collect() }
    }

    /// As OpenSim's `…_force.sto`: forces of muscles and actuators, then the loads from outside.
    pub fn force_table(&self) -> Table {
        let unit = |moment: &bool| if *moment { Unit::NewtonMetre } else { Unit::Newton };
        let own = self.names.iter().zip(&self.moments).map(|(name, moment)| (name.clone(), unit(moment)));
        let columns = own.chain(self.load_columns.iter().cloned());
        let mut table = Table::with_columns("ModelForces", columns);
        table.in_degrees = Some(false);
        let (width, extra) = (self.names.len(), self.load_columns.len());
        for (frame, time) in self.time.iter().enumerate() {
            let forces = &self.forces[frame * width..(frame + 1) * width];
            let loads = &self.loads[frame * extra..(frame + 1) * extra];
            table.push_row(*time, forces.iter().chain(loads).copied());
        }
        table
    }
}

/// Whether a coordinate turns.
fn turns(model: &Description, coordinate: &str) -> bool {
    model.joints.iter().any(|joint| {
        let place = joint.coordinates.iter().position(|c| c.name == coordinate);
        place.is_some_and(|k| joint.motion(k) != guywire_osim::description::CoordinateMotion::Translational)
    })
}
