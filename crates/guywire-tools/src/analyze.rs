//! What a motion says of coordinates, bodies, points and muscles, in OpenSim's output files (`AnalyzeTool`).
//!
//! | file | question |
//! | --- | --- |
//! | `frame` | where everything is in one frame, and what acts |
//! | `fibers` | activations and fibre lengths |
//! | `bodies` | `Kinematics`, `BodyKinematics`, `PointKinematics` |
//! | `muscles` | `MuscleAnalysis` |
//! | `forces` | `ForceReporter`, `Actuation`, `StatesReporter` |
//! | `setup` | OpenSim's setup |
//!
//! The pose is that of the reduced model: locked coordinates at their default, coupled ones where their couplers put
//! them, as OpenSim assembles every frame. Accelerations are those of the motion; OpenSim's are what the model's forces
//! would make of it, which for a measured motion nobody asks. Where a table of states has speeds, frames have these.

mod bodies;
mod fibers;
mod forces;
mod frame;
mod muscles;
mod setup;

pub use setup::MotionAnalyses;
pub(crate) use setup::scheduled;

use crate::error::nearest;
use crate::external_loads::ExternalLoads;
use crate::fd::Controls;
use crate::{Motion, ToolError};
use fibers::Fibers;
use frame::{Frame, Scene};
use guywire_math::Vec3;
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
    /// What every force that is on makes, passive ones and loads from outside among them.
    ForceReporter {
        /// Name of the analysis.
        name: String,
    },
    /// Force, speed and power of every actuator that is on.
    Actuation {
        /// Name of the analysis.
        name: String,
    },
    /// All states.
    StatesReporter {
        /// Name of the analysis.
        name: String,
    },
}

/// An analysis and how often it records.
#[derive(Clone, Debug, PartialEq)]
pub struct Scheduled {
    /// What.
    pub analysis: Analysis,
    /// Every how many frames of the motion; the first and the last of a run are always recorded.
    pub step_interval: usize,
}

impl From<Analysis> for Scheduled {
    fn from(analysis: Analysis) -> Self {
        Self { analysis, step_interval: 1 }
    }
}

/// What acts besides the motion.
#[derive(Clone, Copy, Debug, Default)]
pub struct Given<'a> {
    /// Activations, fibre lengths and other states over time; coordinates are always those of the motion.
    pub states: Option<&'a Table>,
    /// Controls; zero without them.
    pub controls: Option<&'a Controls>,
    /// Loads from outside.
    pub loads: Option<&'a ExternalLoads>,
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
    pub analyses: Vec<Scheduled>,
}

impl Default for AnalyzeSettings {
    fn default() -> Self {
        Self {
            name: "analyze".into(),
            window: [f64::NEG_INFINITY, f64::INFINITY],
            equilibrium: false,
            analyses: vec![
                Analysis::MuscleAnalysis {
                    name: "MuscleAnalysis".into(),
                    muscles: vec![],
                    coordinates: vec![],
                    moments: true,
                }
                .into(),
            ],
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

/// Appends the numbers of a frame.
type Record<'a> = dyn Fn(&Frame, &mut Vec<f64>) -> Result<(), ToolError> + Sync + 'a;

/// What an analysis fills: its empty tables, and the numbers of a frame, table by table.
struct Plan<'a> {
    files: Vec<NamedTable>,
    step_interval: usize,
    record: Box<Record<'a>>,
}

impl<'a> Plan<'a> {
    fn new(
        files: Vec<NamedTable>,
        record: impl Fn(&Frame, &mut Vec<f64>) -> Result<(), ToolError> + Sync + 'a,
    ) -> Self {
        Self { files, step_interval: 1, record: Box::new(record) }
    }

    fn records(&self, index: usize, of: &[usize; 2]) -> bool {
        of.contains(&index) || index.is_multiple_of(self.step_interval.max(1))
    }
}

/// Runs the analyses. Activations and fibre lengths are those of `given`, where it has such columns.
///
/// # Errors
/// When a setting names what the model does not have, no frame lies in the window, or a result is not finite.
pub fn run(
    model: &Description,
    built: &Built,
    motion: &Motion,
    given: &Given<'_>,
    settings: &AnalyzeSettings,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<AnalyzeResult, ToolError> {
    let frames = motion.frame_range(settings.window)?;
    let time = &motion.time()[frames.clone()];
    let ends = [*frames.start(), *frames.end()];
    let mut notes = motion.notes().to_vec();
    let scene = Scene::new(model, built, motion, given, settings, &mut notes)?;
    let plans = settings
        .analyses
        .iter()
        .map(|Scheduled { analysis, step_interval }| {
            let plan = match analysis {
                Analysis::MuscleAnalysis { .. } => muscles::plan(built, settings, analysis),
                Analysis::ForceReporter { name } => {
                    Ok(forces::reporter(model, built, given, &format!("{}_{name}", settings.name)))
                }
                Analysis::Actuation { name } => {
                    Ok(forces::actuation(model, built, &format!("{}_{name}", settings.name), &mut notes))
                }
                Analysis::StatesReporter { name } => {
                    Ok(forces::states(model, built, &format!("{}_{name}", settings.name)))
                }
                _ => bodies::plan(model, built, &settings.name, analysis),
            };
            plan.map(|plan| Plan { step_interval: *step_interval, ..plan })
        })
        .collect::<Result<Vec<_>, _>>()?;
    let (done, count) = (AtomicUsize::new(0), time.len());
    let rows = time
        .par_iter()
        .enumerate()
        .map_init(
            || Frame::new(&scene),
            |frame, (k, &time)| {
                frame.go_to(&scene, time)?;
                let mut row = Vec::new();
                let recorded = plans.iter().filter(|plan| plan.records(ends[0] + k, &ends));
                recorded.into_iter().try_for_each(|plan| (plan.record)(frame, &mut row))?;
                progress(done.fetch_add(1, Ordering::Relaxed) + 1, count);
                Ok(row)
            },
        )
        .collect::<Result<Vec<Vec<f64>>, ToolError>>()?;
    let mut plans = plans;
    for (k, (&time, row)) in time.iter().zip(&rows).enumerate() {
        let mut rest = row.as_slice();
        for plan in plans.iter_mut().filter(|plan| plan.records(ends[0] + k, &ends)) {
            for named in &mut plan.files {
                let (own, others) = rest.split_at(named.table.columns.len().min(rest.len()));
                if let Some(index) = own.iter().position(|value| !value.is_finite()) {
                    let what = format!("`{}` of {}", named.table.columns[index].name, named.file);
                    return Err(ToolError::NotFinite { what, time });
                }
                named.table.push_row(time, own.iter().copied());
                rest = others;
            }
        }
    }
    Ok(AnalyzeResult { tables: plans.into_iter().flat_map(|plan| plan.files).collect(), notes })
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
