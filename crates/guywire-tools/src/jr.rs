//! Joint reactions over a motion: what passes through every joint.
//!
//! As OpenSim's `JointReaction`: muscles and actuators make the forces of a table (static optimisation's, say), loads
//! and the model's other forces act, and the model accelerates as all these make it. What a joint transmits is what
//! its child and everything beyond needs to accelerate so, less the forces on them ([`guywire_engine::joint_reaction`]).
//! With forces that make the motion, the accelerations are the motion's; without a table of forces they are taken
//! from the motion and the reactions are the resultants of inverse dynamics, which no muscle's pull is in.

mod setup;
mod states;

pub use setup::JrSetup;
pub use states::forces_of_states;

use crate::error::nearest;
use crate::external_loads::ExternalLoads;
use crate::so::thin;
use crate::{Motion, ToolError};
use guywire_engine::joint_reaction::{Side, joint_reaction};
use guywire_engine::path::Route;
use guywire_engine::{AtMoment, Mechanism};
use guywire_osim::Description;
use guywire_osim::build::Built;
use guywire_osim::table::{Table, Unit};
use rayon::prelude::*;
use std::sync::atomic::{AtomicUsize, Ordering};

/// In which axes a reaction is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExpressedIn {
    /// The child's.
    Child,
    /// The parent's.
    Parent,
    /// A body's, or `ground`.
    Body(String),
}

/// What to compute.
#[derive(Clone, Debug, PartialEq)]
pub struct JrSettings {
    /// s; cut to what was measured.
    pub window: [f64; 2],
    /// Every how many frames.
    pub step_interval: usize,
    /// Joints by name, `ALL` for all.
    pub joint_names: Vec<String>,
    /// On which body: one for all joints, or one a joint.
    pub apply_on: Vec<Side>,
    /// In which axes: one for all joints, or one a joint.
    pub express_in: Vec<ExpressedIn>,
}

impl Default for JrSettings {
    /// OpenSim's.
    fn default() -> Self {
        Self {
            window: [f64::NEG_INFINITY, f64::INFINITY],
            step_interval: 1,
            joint_names: vec!["ALL".to_owned()],
            apply_on: vec![Side::Child],
            express_in: vec![ExpressedIn::Body("ground".to_owned())],
        }
    }
}

/// Reactions over time.
#[derive(Clone, Debug)]
pub struct JrResult {
    /// s.
    pub time: Vec<f64>,
    /// What OpenSim begins the columns of each joint with: joint, body and frame.
    pub labels: Vec<String>,
    /// Frame by frame and joint by joint: force (N), moment (N·m), point of application (m), all in the frame of the label.
    pub reactions: Vec<[f64; 9]>,
    /// What the user should know.
    pub notes: Vec<String>,
}

impl JrResult {
    /// As OpenSim's `…_ReactionLoads.sto`.
    pub fn to_table(&self) -> Table {
        const ENDINGS: [(&str, Unit); 9] = [
            ("fx", Unit::Newton),
            ("fy", Unit::Newton),
            ("fz", Unit::Newton),
            ("mx", Unit::NewtonMetre),
            ("my", Unit::NewtonMetre),
            ("mz", Unit::NewtonMetre),
            ("px", Unit::Metre),
            ("py", Unit::Metre),
            ("pz", Unit::Metre),
        ];
        let columns =
            self.labels.iter().flat_map(|label| ENDINGS.map(|(end, unit)| (format!("{label}_{end}"), unit)));
        let mut table = Table::with_columns("Joint Reaction Loads", columns);
        table.in_degrees = Some(false);
        for (time, row) in self.time.iter().zip(self.reactions.chunks_exact(self.labels.len().max(1))) {
            table.push_row(*time, row.iter().flatten().copied());
        }
        table
    }
}

/// A joint to report.
struct Wanted {
    joint: usize,
    side: Side,
    /// Body whose axes and origin are used.
    frame: usize,
}

/// Everything that is the same in every frame.
struct Problem<'a> {
    built: &'a Built,
    mechanism: &'a Mechanism,
    motion: &'a Motion,
    loads: Option<&'a ExternalLoads>,
    wanted: Vec<Wanted>,
    forces: Option<Actuation<'a>>,
}

/// Forces of muscles and actuators over time.
struct Actuation<'a> {
    table: &'a Table,
    /// For every control, its column.
    columns: Vec<Option<usize>>,
    /// For every control, what one unit of it makes; 1 for muscles.
    optimal: Vec<f64>,
}

/// Memory for one frame.
struct Frame {
    moment: AtMoment,
    route: Route<f64>,
    values: [Vec<f64>; 3],
    q: Vec<f64>,
    qd: Vec<f64>,
    qdd: Vec<f64>,
    tau: Vec<f64>,
    controls: Vec<f64>,
    states: Vec<f64>,
}

/// Computes joint reactions.
///
/// # Errors
/// When a setting names what the model does not have, no frame lies in the window, or a number is not finite.
pub fn run(
    model: &Description,
    built: &Built,
    motion: &Motion,
    loads: Option<&ExternalLoads>,
    forces: Option<&Table>,
    settings: &JrSettings,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<JrResult, ToolError> {
    let mut time = motion.frames(settings.window)?.to_vec();
    thin(&mut time, settings.step_interval);
    let mechanism = built.mechanism(model);
    let (wanted, labels) = wanted(model, built, settings)?;
    let mut notes = motion.notes().to_vec();
    if forces.is_none() && !built.controls.is_empty() {
        notes.push("no `forces_file`: joint reactions are without muscles and actuators".into());
    }
    let forces = forces.map(|table| Actuation::new(built, &mechanism, table, &mut notes)).transpose()?;
    let problem = Problem { built, mechanism: &mechanism, motion, loads, wanted, forces };
    let (done, count) = (AtomicUsize::new(0), time.len());
    let frames: Vec<Result<Vec<[f64; 9]>, ToolError>> = time
        .par_iter()
        .map_init(
            || Frame::new(&problem),
            |frame, &time| {
                let row = problem.reactions(frame, time);
                progress(done.fetch_add(1, Ordering::Relaxed) + 1, count);
                row
            },
        )
        .collect();
    let mut reactions = Vec::with_capacity(time.len() * labels.len());
    for row in frames {
        reactions.extend(row?);
    }
    if let Some(index) = reactions.iter().position(|r| r.iter().any(|v| !v.is_finite())) {
        let (frame, joint) = (index / labels.len(), index % labels.len());
        let what = format!("the reaction `{}`", labels[joint]);
        return Err(ToolError::NotFinite { what, time: time[frame] });
    }
    Ok(JrResult { time, labels, reactions, notes })
}

impl<'a> Actuation<'a> {
    fn new(
        built: &Built,
        mechanism: &Mechanism,
        table: &'a Table,
        notes: &mut Vec<String>,
    ) -> Result<Self, ToolError> {
        let muscles = mechanism.muscles.len();
        let on = |k: usize| match k < muscles {
            true => mechanism.muscle_applies[k],
            false => mechanism.forces.iter().any(|f| f.applies && f.source == built.controls[k].force),
        };
        let columns: Vec<Option<usize>> = built
            .controls
            .iter()
            .map(|control| table.columns.iter().position(|column| column.name == control.name))
            .collect();
        let missing: Vec<&str> = (0..columns.len())
            .filter(|&k| on(k) && columns[k].is_none())
            .map(|k| built.controls[k].name.as_str())
            .collect();
        if missing.len() == columns.len() {
            let names = table.columns.iter().map(|c| c.name.as_str());
            let name = missing.first().copied().unwrap_or_default().to_owned();
            return Err(ToolError::Unknown {
                what: "the table of forces".to_owned(),
                nearest: nearest(&name, names),
                name,
            });
        }
        if !missing.is_empty() {
            notes.push(format!("not in the table of forces, taken as zero: {}", missing.join(", ")));
        }
        for column in columns.iter().flatten() {
            let column = &table.columns[*column];
            if let Some(row) = column.values.iter().position(|v| !v.is_finite()) {
                let what = format!("column `{}` of the table of forces", column.name);
                return Err(ToolError::NotFinite { what, time: table.time[row] });
            }
        }
        let optimal = (0..columns.len())
            .map(|k| match k < muscles {
                true => 1.0,
                false => mechanism
                    .forces
                    .iter()
                    .find(|f| f.source == built.controls[k].force)
                    .and_then(|f| f.optimal_force())
                    .unwrap_or(1.0),
            })
            .collect();
        Ok(Self { table, columns, optimal })
    }

    /// Force of a control at a time, straight between rows and constant beyond them, N or N·m.
    fn at(&self, control: usize, time: f64) -> f64 {
        let Some(column) = self.columns[control] else { return 0.0 };
        let (times, values) = (&self.table.time, &self.table.columns[column].values);
        let after = times.partition_point(|&t| t <= time);
        if after == 0 || after == times.len() {
            return if after == 0 { values[0] } else { values[after - 1] };
        }
        let share = (time - times[after - 1]) / (times[after] - times[after - 1]);
        values[after - 1] + share * (values[after] - values[after - 1])
    }
}

impl Frame {
    fn new(problem: &Problem<'_>) -> Self {
        let model = &problem.mechanism.model;
        let (n, all) = (model.dof(), model.coordinates().len());
        let states = problem.mechanism.forces.iter().filter(|f| f.state().is_some()).count();
        Self {
            moment: AtMoment::new(problem.mechanism),
            route: Route::new(),
            values: [vec![0.0; all], vec![0.0; all], vec![0.0; all]],
            q: vec![0.0; n],
            qd: vec![0.0; n],
            qdd: vec![0.0; n],
            tau: vec![0.0; n],
            controls: vec![0.0; problem.built.controls.len()],
            states: vec![0.0; states],
        }
    }
}

impl Problem<'_> {
    fn reactions(&self, frame: &mut Frame, time: f64) -> Result<Vec<[f64; 9]>, ToolError> {
        let mechanism = self.mechanism;
        let model = &mechanism.model;
        let [q, qd, qdd] = &mut frame.values;
        self.motion.at(time, q, qd, qdd);
        for degree in 0..model.dof() {
            let coordinate = model.coordinate_of_degree(degree);
            frame.q[degree] = q[coordinate];
            frame.qd[degree] = qd[coordinate];
            frame.qdd[degree] = qdd[coordinate];
        }
        let moment = &mut frame.moment;
        moment.move_to(mechanism, &frame.q, &frame.qd).map_err(|unsettled| {
            let path = self.built.path_names[unsettled.path].clone();
            ToolError::Path { path, time }
        })?;
        let driven = |source: usize| self.built.controls.iter().any(|c| c.force == source);
        if let Some(forces) = &self.forces {
            let muscles = mechanism.muscles.len();
            for control in 0..frame.controls.len() {
                frame.controls[control] = forces.at(control, time) / forces.optimal[control];
            }
            for force in &mechanism.forces {
                let control = self.built.controls[muscles..].iter().position(|c| c.force == force.source);
                if let (Some((state, _)), Some(control)) = (force.state(), control) {
                    frame.states[state] = frame.controls[muscles + control];
                }
            }
            moment.act(mechanism, time, &frame.controls, &frame.states, |_, _| true);
            for (muscle, &on) in mechanism.muscle_applies.iter().enumerate() {
                if on {
                    moment.applied.tensions[muscle] += frame.controls[muscle];
                }
            }
        } else {
            moment.act(mechanism, time, &frame.controls, &frame.states, |_, f| !driven(f.source));
        }
        if let Some(loads) = self.loads {
            loads.add_wrenches(time, &moment.kinematics.bodies, &mut moment.applied.bodies);
        }
        if self.forces.is_some() {
            moment
                .accelerations(mechanism, time, &frame.q, &frame.qd, &mut frame.qdd)
                .map_err(|error| ToolError::Search { what: error.to_string(), time })?;
        }
        moment.transmit(mechanism, &frame.qdd, &mut frame.route, &mut frame.tau);
        Ok(self.wanted.iter().map(|wanted| self.report(moment, wanted)).collect())
    }

    fn report(&self, moment: &AtMoment, wanted: &Wanted) -> [f64; 9] {
        let (model, kinematics) = (&self.mechanism.model, &moment.kinematics);
        let reaction = joint_reaction(model, kinematics, &moment.dynamics, wanted.joint, wanted.side);
        let frame = &kinematics.bodies[wanted.frame];
        let axes = frame.rotation.transpose();
        let parts = [axes * reaction.force, axes * reaction.moment, frame.inverse_point(reaction.point)];
        let mut row = [0.0; 9];
        for (to, from) in row.iter_mut().zip(parts.iter().flat_map(|part| part.to_array())) {
            *to = from;
        }
        row
    }
}

/// The joints to report and what their columns begin with.
fn wanted(
    model: &Description,
    built: &Built,
    settings: &JrSettings,
) -> Result<(Vec<Wanted>, Vec<String>), ToolError> {
    let tree = &built.reduced;
    let all = settings.joint_names.first().is_none_or(|name| name.eq_ignore_ascii_case("all"));
    let names: Vec<&str> = match all {
        true => model.joints.iter().map(|joint| joint.name.as_str()).collect(),
        false => settings.joint_names.iter().map(String::as_str).collect(),
    };
    let one_each = |field: &'static str, count: usize| match count {
        0 | 1 => Ok(()),
        count if count == names.len() => Ok(()),
        count => Err(ToolError::Setting {
            field,
            value: format!("a list of {count}"),
            expected: "one entry, or one for every joint",
        }),
    };
    one_each("apply_on_bodies", settings.apply_on.len())?;
    one_each("express_in_frame", settings.express_in.len())?;
    let (mut list, mut labels) = (Vec::new(), Vec::new());
    for (k, &name) in names.iter().enumerate() {
        let Some(joint) = tree.joints().iter().position(|joint| joint.name == name) else {
            // A joint that closes a loop is a constraint here.
            if all {
                continue;
            }
            let known = model.joints.iter().map(|joint| joint.name.as_str());
            return Err(ToolError::Unknown {
                what: "joint_names".to_owned(),
                name: name.to_owned(),
                nearest: nearest(name, known),
            });
        };
        let parts = &tree.joints()[joint];
        // The file's parent and child, which a reversed joint swaps.
        let (parent, child) =
            if parts.reversed { (parts.child, parts.parent) } else { (parts.parent, parts.child) };
        let side = settings.apply_on.get(k).or(settings.apply_on.first()).copied().unwrap_or(Side::Child);
        let on = if side == Side::Child { child } else { parent };
        let tree_side = if on == parts.child { Side::Child } else { Side::Parent };
        let body = |wanted: &str| {
            let name = wanted.rsplit('/').next().unwrap_or(wanted);
            tree.body(name).ok_or_else(|| ToolError::Unknown {
                what: "express_in_frame".to_owned(),
                name: wanted.to_owned(),
                nearest: nearest(name, tree.bodies().iter().map(|b| b.name.as_str())),
            })
        };
        let frame = match settings.express_in.get(k).or(settings.express_in.first()) {
            Some(ExpressedIn::Child) => child,
            Some(ExpressedIn::Parent) => parent,
            Some(ExpressedIn::Body(name)) => body(name)?,
            None => 0,
        };
        let of = |body: usize| &tree.bodies()[body].name;
        labels.push(format!("{name}_on_{}_in_{}", of(on), of(frame)));
        list.push(Wanted { joint, side: tree_side, frame });
    }
    Ok((list, labels))
}
