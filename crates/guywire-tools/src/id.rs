//! Inverse dynamics over a motion: which generalised forces move the model as it moves.
//!
//! ```text
//! τ(t) = M(q) q̈ + C(q, q̇) − gravity − forces of the model − loads from outside
//! ```
//!
//! over the tree of joints: like OpenSim's `InverseDynamicsTool`, constraints carry nothing here, so that a coupled
//! coordinate has its own force. Frames are those of [`Motion::frames`].
//!
//! Forces belong to OpenSim's generalised speeds. In ball, free, ellipsoid and scapulothoracic joints these are angular
//! velocities, but OpenSim's tool puts the rates of the angles in their place, and so does this one unless asked for
//! the true speeds ([`IdSettings::true_speeds`]). The two agree where the angles are small.

mod files;
mod forces;
mod joints;

pub use files::IdSetup;

use crate::error::nearest;
use crate::external_loads::ExternalLoads;
use crate::{Motion, ToolError};
use forces::Acting;
use guywire_engine::force::{Applied, Moment};
use guywire_engine::speeds::GimbalLock;
use guywire_engine::{Dynamics, Kinematics, MomentArms, Motion as Velocity};
use guywire_osim::Description;
use guywire_osim::build::Built;
use guywire_osim::description::{CoordinateMotion, JointKind};
use guywire_osim::table::{Table, Unit};
use joints::ReportedJoint;
use rayon::prelude::*;
use std::sync::atomic::{AtomicUsize, Ordering};

/// What to compute.
#[derive(Clone, Debug, PartialEq)]
pub struct IdSettings {
    /// s; cut to what was measured.
    pub window: [f64; 2],
    /// Joints whose forces are also wanted as force and moment at the joint, `ALL` for all.
    pub joints_to_report: Vec<String>,
    /// Forces of the model that do not act: names, `all`, `muscles` or `actuators`.
    pub forces_to_exclude: Vec<String>,
    /// In joints whose speeds are angular velocities: those of the motion, instead of the rates of angles as in
    /// OpenSim.
    pub true_speeds: bool,
}

impl Default for IdSettings {
    fn default() -> Self {
        Self {
            window: [f64::NEG_INFINITY, f64::INFINITY],
            joints_to_report: vec![],
            forces_to_exclude: vec![],
            true_speeds: false,
        }
    }
}

/// Generalised forces over time.
#[derive(Clone, Debug)]
pub struct IdResult {
    /// s.
    pub time: Vec<f64>,
    /// Names of the coordinates in the order of OpenSim's columns: by distance of the joint from ground.
    pub coordinates: Vec<String>,
    /// Whether each is a moment (N·m) or a force (N).
    pub moments: Vec<bool>,
    /// Frame by frame, in the order of `coordinates`.
    pub forces: Vec<f64>,
    /// Names of the joints reported, with the name of their child.
    pub joints: Vec<String>,
    /// Frame by frame and joint by joint: force (N) and moment (N·m) in ground.
    pub joint_forces: Vec<[f64; 6]>,
    /// What the user should know.
    pub notes: Vec<String>,
}

impl IdResult {
    /// As OpenSim's file of generalised forces.
    pub fn to_table(&self) -> Table {
        let columns = self.coordinates.iter().zip(&self.moments).map(|(name, &moment)| match moment {
            true => (format!("{name}_moment"), Unit::NewtonMetre),
            false => (format!("{name}_force"), Unit::Newton),
        });
        let mut table = Table::with_columns("Inverse Dynamics Generalized Forces", columns);
        table.in_degrees = Some(false);
        for (time, row) in self.time.iter().zip(self.forces.chunks_exact(self.coordinates.len().max(1))) {
            table.push_row(*time, row.iter().copied());
        }
        table
    }

    /// As OpenSim's file of body forces at joints, if any were asked for.
    pub fn joint_table(&self) -> Option<Table> {
        let count = self.joints.len();
        if count == 0 {
            return None;
        }
        const ENDINGS: [(&str, Unit); 6] = [
            ("FX", Unit::Newton),
            ("FY", Unit::Newton),
            ("FZ", Unit::Newton),
            ("MX", Unit::NewtonMetre),
            ("MY", Unit::NewtonMetre),
            ("MZ", Unit::NewtonMetre),
        ];
        let columns =
            self.joints.iter().flat_map(|joint| ENDINGS.map(|(end, unit)| (format!("{joint}_{end}"), unit)));
        let mut table = Table::with_columns("Inverse Dynamics Body Forces at Specified Joints", columns);
        table.in_degrees = Some(false);
        for (time, row) in self.time.iter().zip(self.joint_forces.chunks_exact(count)) {
            table.push_row(*time, row.iter().flatten().copied());
        }
        Some(table)
    }
}

/// A model ready for many frames.
struct Problem<'a> {
    built: &'a Built,
    motion: &'a Motion,
    loads: Option<&'a ExternalLoads>,
    /// Degrees of freedom in the order of the columns.
    order: Vec<usize>,
    joints: Vec<ReportedJoint>,
    acting: Acting<'a>,
    true_speeds: bool,
}

/// Memory for one frame.
struct Workspace {
    kinematics: Kinematics<f64>,
    dynamics: Dynamics<f64>,
    applied: Applied<f64>,
    arms: MomentArms<f64>,
    path_speeds: Vec<f64>,
    pulled: Vec<f64>,
    velocities: Vec<Velocity<f64>>,
    q: Vec<f64>,
    qd: Vec<f64>,
    qdd: Vec<f64>,
    speeds: Vec<f64>,
    tau: Vec<f64>,
}

/// Runs inverse dynamics.
///
/// # Errors
/// When a setting names what the model does not have, no frame lies in the window, or a result is not finite.
pub fn run(
    model: &Description,
    built: &Built,
    motion: &Motion,
    loads: Option<&ExternalLoads>,
    settings: &IdSettings,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<IdResult, ToolError> {
    let time = motion.frames(settings.window)?.to_vec();
    let order = column_order(model, built);
    let (reported, names) = reported_joints(model, built, &settings.joints_to_report)?;
    let acting = forces::acting(model, built, &settings.forces_to_exclude);
    let true_speeds = settings.true_speeds;
    let problem = Problem { built, motion, loads, order, joints: reported, acting, true_speeds };
    let (width, joint_count) = (problem.order.len(), problem.joints.len());
    let mut forces = vec![0.0; time.len() * width];
    let mut joint_forces = vec![[0.0; 6]; time.len() * joint_count];
    let (done, count) = (AtomicUsize::new(0), time.len());
    // Frames of a chunk share a workspace; every frame is a function of its time alone.
    let chunk = time.len().div_ceil(4 * rayon::current_num_threads()).max(1);
    let mut joint_chunks: Vec<&mut [[f64; 6]]> = match joint_count {
        0 => time.chunks(chunk).map(|_| Default::default()).collect(),
        _ => joint_forces.chunks_mut(chunk * joint_count).collect(),
    };
    forces
        .par_chunks_mut((chunk * width).max(1))
        .zip(time.par_chunks(chunk))
        .zip(joint_chunks.par_iter_mut())
        .try_for_each(|((forces, times), joint_forces)| {
            let mut workspace = Workspace::new(&problem);
            for (frame, (&time, row)) in times.iter().zip(forces.chunks_exact_mut(width.max(1))).enumerate() {
                problem.frame(&mut workspace, time, row)?;
                // The Jacobian is that of the rates.
                built.speeds.to_rate_forces(&workspace.q, &mut workspace.tau);
                for (k, joint) in problem.joints.iter().enumerate() {
                    joint_forces[frame * joint_count + k] =
                        joint.equivalent(built, &workspace.kinematics, &workspace.tau);
                }
                progress(done.fetch_add(1, Ordering::Relaxed) + 1, count);
            }
            Ok::<(), ToolError>(())
        })?;
    if let Some(index) = forces.iter().position(|force| !force.is_finite()) {
        let name = &built.index.coordinate_names()[problem.order[index % width]];
        return Err(ToolError::NotFinite {
            what: format!("the force of `{name}`"),
            time: time[index / width],
        });
    }
    let mut notes = [motion.notes(), &problem.acting.notes].concat();
    if !built.speeds.are_rates() && !true_speeds {
        notes.push(
            "ball and free joints: the rates of angles are taken for angular velocities, as OpenSim's tool does".into(),
        );
    }
    if let Some([first, last]) = loads.map(ExternalLoads::measured)
        && (time[0] < first || time[time.len() - 1] > last)
    {
        notes.push(format!(
            "external loads were measured from {first} s to {last} s and go on straight beyond"
        ));
    }
    let turns = turning(model, built);
    Ok(IdResult {
        coordinates: problem.order.iter().map(|&i| built.index.coordinate_names()[i].clone()).collect(),
        moments: problem.order.iter().map(|&i| turns[i]).collect(),
        time,
        forces,
        joints: names,
        joint_forces,
        notes,
    })
}

impl Workspace {
    fn new(problem: &Problem<'_>) -> Self {
        let model = &problem.built.tree;
        let n = model.dof();
        Self {
            kinematics: Kinematics::new(model),
            dynamics: Dynamics::new(model, problem.built.gravity),
            applied: Applied::new(n, model.bodies().len(), problem.built.paths.len()),
            arms: problem.built.paths.moment_arms(),
            path_speeds: vec![0.0; problem.built.paths.len()],
            pulled: vec![0.0; n],
            velocities: vec![Velocity::zero(); model.bodies().len()],
            q: vec![0.0; n],
            qd: vec![0.0; n],
            qdd: vec![0.0; n],
            speeds: vec![0.0; n],
            tau: vec![0.0; n],
        }
    }
}

impl Problem<'_> {
    fn unsettled(&self, path: usize, time: f64) -> ToolError {
        ToolError::NotFinite { what: format!("the line of `{}`", self.built.path_names[path]), time }
    }

    fn frame(&self, workspace: &mut Workspace, time: f64, out: &mut [f64]) -> Result<(), ToolError> {
        let lock = |GimbalLock([degree, ..]): GimbalLock| ToolError::NotFinite {
            what: format!("the rotation of `{}` (gimbal lock)", self.built.index.coordinate_names()[degree]),
            time,
        };
        let Workspace {
            kinematics,
            dynamics,
            applied,
            arms,
            path_speeds,
            pulled,
            velocities,
            q,
            qd,
            qdd,
            speeds,
            tau,
        } = workspace;
        let model = &self.built.tree;
        self.motion.at(time, q, qd, qdd);
        speeds.copy_from_slice(qd);
        if self.true_speeds {
            self.built.speeds.from_rates(q, speeds);
        } else {
            self.built.speeds.to_rates(q, qd).map_err(lock)?;
            self.built.speeds.to_accelerations(q, qd, qdd).map_err(lock)?;
        }
        kinematics.update(model, q);
        dynamics.update(model, kinematics, qd);
        applied.clear();
        pulled.fill(0.0);
        if self.acting.paths {
            let paths = &self.built.paths;
            paths
                .update(model, kinematics, arms)
                .map_err(|unsettled| self.unsettled(unsettled.path, time))?;
            for (m, speed) in path_speeds.iter_mut().enumerate() {
                *speed = arms.speed(paths, m, qd);
            }
        }
        if !self.acting.forces.is_empty() {
            for (body, velocity) in velocities.iter_mut().enumerate() {
                *velocity = dynamics.velocity(body);
            }
            let moment = Moment {
                time,
                coordinates: q,
                speeds,
                bodies: &kinematics.bodies,
                velocities,
                path_lengths: &arms.lengths,
                path_speeds,
                controls: &self.acting.controls,
                states: &self.acting.states,
            };
            self.acting.forces.iter().for_each(|force| force.apply(&moment, applied));
        }
        if let Some(loads) = self.loads {
            loads.add_wrenches(time, &kinematics.bodies, &mut applied.bodies);
        }
        dynamics.inverse_dynamics(model, kinematics, qdd, &applied.bodies, tau);
        if self.acting.paths {
            arms.add_forces(&self.built.paths, &applied.tensions, pulled);
            tau.iter_mut().zip(pulled.iter()).for_each(|(force, own)| *force -= own);
        }
        self.built.speeds.from_rate_forces(q, tau).map_err(lock)?;
        for (force, own) in tau.iter_mut().zip(&applied.coordinates) {
            *force -= own;
        }
        for (to, &from) in out.iter_mut().zip(&self.order) {
            *to = tau[from];
        }
        Ok(())
    }
}

/// Degrees of freedom by the distance of their joint from ground, then by the place of the joint in the file, joints
/// that close a loop last: the order of Simbody's mobilities, which is that of OpenSim's columns.
fn column_order(model: &Description, built: &Built) -> Vec<usize> {
    let tree = &built.tree;
    let owner: Vec<usize> = model
        .joints
        .iter()
        .enumerate()
        .flat_map(|(j, joint)| joint.coordinates.iter().map(move |_| j))
        .collect();
    let mut levels = vec![0; tree.bodies().len()];
    let mut places = vec![(usize::MAX, false, usize::MAX); tree.dof()];
    for joint in tree.joints() {
        // A scapulothoracic joint is two joints here and one there.
        let second = model
            .joints
            .iter()
            .any(|j| matches!(j.kind, JointKind::Scapulothoracic { .. }) && j.name == joint.name);
        levels[joint.child] = levels[joint.parent] + usize::from(!second);
        let copy = built.copies.iter().any(|[_, copy]| *copy == joint.child);
        for coordinate in joints::coordinates(joint) {
            let place = owner.get(coordinate).copied().unwrap_or(usize::MAX);
            places[coordinate] = (levels[joint.child], copy, place);
        }
    }
    let mut order: Vec<usize> = (0..tree.dof()).collect();
    order.sort_by_key(|&coordinate| places[coordinate]);
    order
}

/// Whether the forces of coordinates are moments.
fn turning(model: &Description, built: &Built) -> Vec<bool> {
    let mut turns: Vec<bool> = model
        .joints
        .iter()
        .flat_map(|j| (0..j.coordinates.len()).map(|i| j.motion(i) == CoordinateMotion::Rotational))
        .collect();
    // Joints that the file does not have: three angles, then three distances.
    while turns.len() < built.tree.dof() {
        turns.extend([true, true, true, false, false, false]);
    }
    turns
}

/// The joints to report, and their names with that of the child's frame.
fn reported_joints(
    model: &Description,
    built: &Built,
    wanted: &[String],
) -> Result<(Vec<ReportedJoint>, Vec<String>), ToolError> {
    let all = wanted.iter().any(|name| name.eq_ignore_ascii_case("all"));
    let chosen: Vec<&str> = match all {
        true => model.joints.iter().map(|joint| joint.name.as_str()).collect(),
        false => wanted.iter().map(String::as_str).collect(),
    };
    let (mut found, mut names) = (Vec::new(), Vec::new());
    for name in chosen {
        let joint = model.joints.iter().find(|joint| joint.name == name);
        let reported = joint.and_then(|joint| ReportedJoint::new(model, built, joint));
        let (Some(joint), Some(reported)) = (joint, reported) else {
            let known = model.joints.iter().map(|joint| joint.name.as_str());
            let what = "joints_to_report_body_forces".to_owned();
            return Err(ToolError::Unknown { what, name: name.to_owned(), nearest: nearest(name, known) });
        };
        found.push(reported);
        names.push(format!("{name}_{}", joint.child_frame));
    }
    Ok((found, names))
}
