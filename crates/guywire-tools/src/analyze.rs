//! What a motion says of coordinates, bodies, points and muscles, in OpenSim's output files (`AnalyzeTool`).
//!
//! | file | question |
//! | --- | --- |
//! | `bodies` | `Kinematics`, `BodyKinematics`, `PointKinematics` |
//! | `muscles` | `MuscleAnalysis` |
//! | `setup` | OpenSim's setup |
//!
//! The pose is that of the reduced model: locked coordinates at their default, coupled ones where their couplers put
//! them, as OpenSim assembles every frame. Accelerations are those of the motion; OpenSim's are what the model's forces
//! would make of it, which for a measured motion nobody asks.

mod bodies;
mod muscles;
mod setup;

pub use setup::MotionAnalyses;

use crate::error::nearest;
use crate::{Motion, ToolError};
use guywire_engine::{Dynamics, Kinematics, MomentArms};
use guywire_math::{Vec3, Wrench};
use guywire_osim::Description;
use guywire_osim::build::Built;
use guywire_osim::table::Table;
use rayon::prelude::*;
use std::sync::atomic::{AtomicUsize, Ordering};

/// One analysis.
#[derive(Clone, Debug, PartialEq)]
pub enum Analysis {
    /// Values, speeds and accelerations of coordinates (all if none are named).
    Kinematics {
        /// Name of the analysis, part of the files' names.
        name: String,
        /// Coordinates.
        coordinates: Vec<String>,
        /// Angles in degrees.
        in_degrees: bool,
    },
    /// Centres of mass and orientations of bodies (all if none are named), and of the whole model.
    BodyKinematics {
        /// Name of the analysis.
        name: String,
        /// Bodies.
        bodies: Vec<String>,
        /// Whether the centre of mass of the whole model is wanted.
        center_of_mass: bool,
        /// Velocities and accelerations along the axes of the body instead of ground.
        local: bool,
        /// Angles in degrees.
        in_degrees: bool,
    },
    /// A point of a body.
    PointKinematics {
        /// Name of the analysis.
        name: String,
        /// Body.
        body: String,
        /// Body whose frame is looked from; ground if none.
        relative_to: Option<String>,
        /// Name of the point.
        point_name: String,
        /// In the frame of the body, m.
        point: Vec3<f64>,
    },
    /// Lengths, velocities, forces, moment arms and moments of muscles (all if none are named).
    MuscleAnalysis {
        /// Name of the analysis.
        name: String,
        /// Muscles.
        muscles: Vec<String>,
        /// Coordinates of moment arms (all if none are named).
        coordinates: Vec<String>,
        /// Whether moment arms and moments are wanted.
        moments: bool,
    },
}

/// What to compute.
#[derive(Clone, Debug, PartialEq)]
pub struct AnalyzeSettings {
    /// Name of the tool: what the names of its files begin with.
    pub name: String,
    /// s.
    pub window: [f64; 2],
    /// Whether fibres are in equilibrium in every frame, even where the states say how long they are.
    pub equilibrium: bool,
    /// Analyses.
    pub analyses: Vec<Analysis>,
}

impl Default for AnalyzeSettings {
    fn default() -> Self {
        Self {
            name: "analyze".into(),
            window: [f64::NEG_INFINITY, f64::INFINITY],
            equilibrium: false,
            analyses: vec![Analysis::MuscleAnalysis {
                name: "MuscleAnalysis".into(),
                muscles: vec![],
                coordinates: vec![],
                moments: true,
            }],
        }
    }
}

/// A file of results.
#[derive(Clone, Debug, PartialEq)]
pub struct NamedTable {
    /// Name of the file, as OpenSim names it.
    pub file: String,
    /// What is in it.
    pub table: Table,
}

/// All files, and what the user should know.
#[derive(Clone, Debug, Default)]
pub struct AnalyzeResult {
    /// Files.
    pub tables: Vec<NamedTable>,
    /// Notes.
    pub notes: Vec<String>,
}

/// The model in one frame.
struct Frame {
    time: f64,
    kinematics: Kinematics<f64>,
    dynamics: Dynamics<f64>,
    arms: MomentArms<f64>,
    /// Values, rates and second derivatives of the coordinates of the tree, in its order.
    q: Vec<f64>,
    qd: Vec<f64>,
    qdd: Vec<f64>,
    /// The same of the degrees of freedom of the reduced model.
    own_q: Vec<f64>,
    own_qd: Vec<f64>,
    own_qdd: Vec<f64>,
    /// Rate of every coordinate per unit rate of the degree of freedom that moves it alone.
    slopes: Vec<Option<(usize, f64)>>,
    tau: Vec<f64>,
    nothing: Vec<Wrench<f64>>,
}

impl Frame {
    fn new(built: &Built) -> Self {
        let (model, tree) = (&built.reduced, &built.tree);
        let (n, all) = (model.dof(), tree.dof());
        Self {
            time: 0.0,
            kinematics: Kinematics::new(model),
            dynamics: Dynamics::new(model, built.gravity),
            arms: built.reduced_paths.moment_arms(),
            q: vec![0.0; all],
            qd: vec![0.0; all],
            qdd: vec![0.0; all],
            own_q: vec![0.0; n],
            own_qd: vec![0.0; n],
            own_qdd: vec![0.0; n],
            slopes: vec![None; all],
            tau: vec![0.0; n],
            nothing: vec![Wrench::zero(); model.bodies().len()],
        }
    }

    fn go_to(
        &mut self,
        built: &Built,
        motion: &Motion,
        time: f64,
        with_paths: bool,
    ) -> Result<(), ToolError> {
        let model = &built.reduced;
        self.time = time;
        motion.at(time, &mut self.q, &mut self.qd, &mut self.qdd);
        for degree in 0..model.dof() {
            let coordinate = model.coordinate_of_degree(degree);
            self.own_q[degree] = self.q[coordinate];
            self.own_qd[degree] = self.qd[coordinate];
            self.own_qdd[degree] = self.qdd[coordinate];
        }
        self.kinematics.update(model, &self.own_q);
        self.dynamics.update(model, &self.kinematics, &self.own_qd);
        self.dynamics.inverse_dynamics(model, &self.kinematics, &self.own_qdd, &self.nothing, &mut self.tau);
        self.q.copy_from_slice(&self.kinematics.coordinates);
        self.follow(built);
        if with_paths {
            built.reduced_paths.update(model, &self.kinematics, &mut self.arms).map_err(|unsettled| {
                ToolError::NotFinite {
                    what: format!("the line of `{}`", built.path_names[unsettled.path]),
                    time,
                }
            })?;
        }
        Ok(())
    }

    /// Rates of all coordinates from those of the degrees of freedom.
    fn follow(&mut self, built: &Built) {
        let model = &built.reduced;
        self.qd.fill(0.0);
        self.qdd.fill(0.0);
        self.slopes.fill(None);
        for degree in 0..model.dof() {
            let coordinate = model.coordinate_of_degree(degree);
            self.qd[coordinate] = self.own_qd[degree];
            self.qdd[coordinate] = self.own_qdd[degree];
            self.slopes[coordinate] = Some((degree, 1.0));
        }
        for coupler in model.couplers() {
            let sum: f64 = coupler.terms.iter().map(|(source, gain)| gain * self.q[*source]).sum();
            let rate: f64 = coupler.terms.iter().map(|(source, gain)| gain * self.qd[*source]).sum();
            let second: f64 = coupler.terms.iter().map(|(source, gain)| gain * self.qdd[*source]).sum();
            let [_, slope, bend, _] = coupler.function.taylor(sum);
            self.qd[coupler.dependent] = slope * rate;
            self.qdd[coupler.dependent] = slope * second + bend * rate * rate;
            if let [(source, gain)] = coupler.terms[..]
                && let Some((degree, own)) = self.slopes[source]
            {
                self.slopes[coupler.dependent] = Some((degree, slope * gain * own));
            }
        }
    }
}

/// Appends the numbers of a frame.
type Record<'a> = dyn Fn(&Frame, &mut Vec<f64>) -> Result<(), ToolError> + Sync + 'a;

/// What an analysis fills: its empty tables, and the numbers of a frame, table by table.
struct Plan<'a> {
    files: Vec<NamedTable>,
    paths: bool,
    record: Box<Record<'a>>,
}

/// Runs the analyses. Activations and fibre lengths are those of `states`, where it has such columns; coordinates are
/// always those of the motion.
///
/// # Errors
/// When a setting names what the model does not have, no frame lies in the window, or a result is not finite.
pub fn run(
    model: &Description,
    built: &Built,
    motion: &Motion,
    states: Option<&Table>,
    settings: &AnalyzeSettings,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<AnalyzeResult, ToolError> {
    let time = motion.frames(settings.window)?;
    let mut notes = motion.notes().to_vec();
    let plans = settings
        .analyses
        .iter()
        .map(|analysis| match analysis {
            Analysis::MuscleAnalysis { .. } => muscles::plan(built, states, settings, analysis, &mut notes),
            _ => bodies::plan(model, built, &settings.name, analysis),
        })
        .collect::<Result<Vec<_>, _>>()?;
    let with_paths = plans.iter().any(|plan| plan.paths);
    let (done, count) = (AtomicUsize::new(0), time.len());
    let rows = time
        .par_iter()
        .map_init(
            || Frame::new(built),
            |frame, &time| {
                frame.go_to(built, motion, time, with_paths)?;
                let mut row = Vec::new();
                plans.iter().try_for_each(|plan| (plan.record)(frame, &mut row))?;
                progress(done.fetch_add(1, Ordering::Relaxed) + 1, count);
                Ok(row)
            },
        )
        .collect::<Result<Vec<Vec<f64>>, ToolError>>()?;
    let mut tables: Vec<NamedTable> = plans.into_iter().flat_map(|plan| plan.files).collect();
    for (&time, row) in time.iter().zip(&rows) {
        let mut rest = row.as_slice();
        for named in &mut tables {
            let (own, others) = rest.split_at(named.table.columns.len().min(rest.len()));
            if let Some(index) = own.iter().position(|value| !value.is_finite()) {
                let what = format!("`{}` of {}", named.table.columns[index].name, named.file);
                return Err(ToolError::NotFinite { what, time });
            }
            named.table.push_row(time, own.iter().copied());
            rest = others;
        }
    }
    Ok(AnalyzeResult { tables, notes })
}

/// Indices of the names in a list; all if none are named or the one name is `all`.
fn chosen(what: &str, wanted: &[String], names: &[String]) -> Result<Vec<usize>, ToolError> {
    if wanted.is_empty() || matches!(wanted, [only] if only.eq_ignore_ascii_case("all")) {
        return Ok((0..names.len()).collect());
    }
    let find = |name: &String| {
        names.iter().position(|own| own == name).ok_or_else(|| ToolError::Unknown {
            what: what.to_owned(),
            name: name.clone(),
            nearest: nearest(name, names.iter().map(String::as_str)),
        })
    };
    wanted.iter().map(find).collect()
}
