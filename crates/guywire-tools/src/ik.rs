//! Inverse kinematics: the motion of a model that follows measured markers (OpenSim's
//! `InverseKinematicsTool`).
//!
//! Every frame is the optimum of [`guywire_engine::markers`] to within rounding, whatever `accuracy` a setup
//! asks for. Frames are solved in order, each from the pose before, so the number of threads changes nothing; a
//! coordinate that a frame does not determine keeps its value. The first frame is tried from the default pose
//! and from turns of it by quarters, since a subject may walk in any direction.
//!
//! OpenSim 4.6 enforces constraints whatever `constraint_weight` says (its solver puts infinity in its place);
//! so does this. Where OpenSim differs: it stops at its accuracy, up to 0.1° short in gait2392 and far more in
//! coordinates that the markers barely determine.

mod first;
mod problem;
mod report;
mod setup;

pub(crate) use first::first;
pub use problem::Problem;

use crate::tasks::{Follower, IkTasks};
use guywire_engine::markers::{FitError, Frame};
use guywire_math::Vec3;
use guywire_osim::Description;
use guywire_osim::build::Built;
use guywire_osim::table::{MarkerTable, Table};

/// What the tool is to do; defaults are OpenSim's.
#[derive(Clone, Debug, PartialEq)]
pub struct IkSettings {
    /// Name of the trial, the first part of the names of the reports.
    pub name: String,
    /// First and last time, s; beyond the file's it means the file's.
    pub time_range: [f64; 2],
    /// What to follow.
    pub tasks: IkTasks,
    /// Whether marker errors are wanted.
    pub report_errors: bool,
    /// Whether marker positions are wanted.
    pub report_marker_locations: bool,
}

impl Default for IkSettings {
    fn default() -> Self {
        Self {
            name: "ik".into(),
            time_range: [f64::NEG_INFINITY, f64::INFINITY],
            tasks: IkTasks::default(),
            report_errors: true,
            report_marker_locations: false,
        }
    }
}

/// The files that a setup names, as it names them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct IkFiles {
    /// `.osim`.
    pub model: String,
    /// Markers over time.
    pub markers: String,
    /// Coordinates over time, if any.
    pub coordinates: Option<String>,
    /// Tasks in a file of their own, if any (setups of OpenSim 1 and 2).
    pub tasks: Option<String>,
    /// Folder of the reports.
    pub results: String,
    /// The motion that is written.
    pub motion: Option<String>,
}

/// Why there is no motion.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum IkError {
    /// No marker is at the same time in the model, in the file and among the tasks.
    #[error(
        "no marker to follow: of {tasks} marker tasks, {model} markers of the model and {file} markers of the \
         file none is in all three"
    )]
    NoMarkers {
        /// Marker tasks that apply.
        tasks: usize,
        /// Markers of the model.
        model: usize,
        /// Markers of the file.
        file: usize,
    },
    /// A task for a coordinate that the model does not have.
    #[error("the model has no coordinate `{name}`{}", crate::error::nearest_suffix(.nearest))]
    UnknownCoordinate {
        /// Name in the task.
        name: String,
        /// The most similar.
        nearest: Option<String>,
    },
    /// A task takes values from a file that does not have them.
    #[error("the task for `{name}` takes its values from the coordinate file, which has no such column")]
    NoColumn {
        /// Name of the coordinate.
        name: String,
    },
    /// The coordinate file cannot be used.
    #[error("the coordinate file: {0}")]
    Motion(#[from] crate::motion::MotionError),
    /// A clamped coordinate without room.
    #[error("coordinate `{name}` is clamped to an empty range, {lower} to {upper}")]
    EmptyRange {
        /// Name.
        name: String,
        /// rad or m.
        lower: f64,
        /// rad or m.
        upper: f64,
    },
    /// The time range has no frame.
    #[error("the time range {from} to {to} s lies outside the marker file, {first} to {last} s")]
    NoFrames {
        /// Wanted.
        from: f64,
        /// Wanted.
        to: f64,
        /// There.
        first: f64,
        /// There.
        last: f64,
    },
    /// The problem is not sound.
    #[error(transparent)]
    Fit(#[from] FitError),
    /// A frame without a solution.
    #[error("at {time} s: {problem}{}", .marker.as_ref().map_or_else(String::new, |m| format!(" (`{m}`)")))]
    Frame {
        /// s.
        time: f64,
        /// Marker that is furthest off.
        marker: Option<String>,
        /// What is wrong.
        problem: FitError,
    },
}

/// A motion that follows markers, and how well.
#[derive(Clone, Debug)]
pub struct IkResult {
    /// Name of the trial.
    pub name: String,
    /// s.
    pub time: Vec<f64>,
    /// Names of the coordinates, in the order of the model.
    pub coordinates: Vec<String>,
    /// Whether each is an angle (in files in degrees).
    pub rotational: Vec<bool>,
    /// Coordinates frame by frame, rad or m.
    pub values: Vec<f64>,
    /// Markers followed, in the order of the file.
    pub markers: Vec<String>,
    /// Where the model has them, frame by frame, m.
    pub positions: Vec<Vec3<f64>>,
    /// Distance to where they were seen, frame by frame, m; zero for those not seen, as OpenSim counts them.
    pub errors: Vec<f64>,
    /// The cost of each frame, see [`guywire_engine::markers`].
    pub costs: Vec<f64>,
    /// Steps of the search for each frame.
    pub steps: Vec<usize>,
}

/// Solves all frames of a marker file in the time range.
///
/// `coordinates` are the values of tasks with [`crate::tasks::WantedValue::FromFile`]. `progress` is told frames
/// done and frames in all.
///
/// # Errors
/// When nothing can be followed, or a frame has no solution.
pub fn run(
    description: &Description,
    built: &Built,
    markers: &MarkerTable,
    coordinates: Option<&Table>,
    settings: &IkSettings,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<IkResult, IkError> {
    let frames = frames(markers, settings.time_range)?;
    let mut follower = Follower::new(description, built, &settings.tasks, &markers.names, coordinates)?;
    let mut result = report::empty(description, built, settings, &follower.names, frames.len());
    let mut q = built.reduced.default_pose();
    let mut before = q.clone();
    let (mut observed, mut wanted) = (Vec::with_capacity(follower.columns.len()), Vec::new());
    let count = frames.len();
    for (done, index) in frames.enumerate() {
        let (time, row) = (markers.time[index], markers.frame(index));
        observed.clear();
        observed.extend(follower.columns.iter().map(|&c| row.get(c).copied().flatten()));
        follower.wanted(time, &mut wanted);
        let frame = Frame { time, observed: &observed, targets: &wanted };
        let solved = if done == 0 {
            first(built, &mut follower, &frame, &mut q)
        } else {
            // What the frame before determined goes on as it went.
            for ((q, before), determined) in q.iter_mut().zip(&mut before).zip(follower.fit.determined()) {
                let change = if *determined && done > 1 { *q - *before } else { 0.0 };
                *before = *q;
                *q += change;
            }
            follower.fit.solve(&frame, &mut q).or_else(|_| {
                q.copy_from_slice(&before);
                follower.fit.solve(&frame, &mut q)
            })
        };
        let solved =
            if done > 0 && solved.is_err() { first(built, &mut follower, &frame, &mut q) } else { solved };
        let fit = solved.map_err(|problem| {
            let marker = match problem {
                FitError::Unconverged { worst_marker, .. } => follower.names.get(worst_marker).cloned(),
                _ => None,
            };
            IkError::Frame { time, marker, problem }
        })?;
        result.push(time, &follower.fit, &observed, &fit);
        progress(done + 1, count);
    }
    Ok(result)
}

/// Rows of the file that the time range asks for: from the row nearest to its start to that nearest to its end.
fn frames(markers: &MarkerTable, [from, to]: [f64; 2]) -> Result<std::ops::Range<usize>, IkError> {
    let (Some(&first), Some(&last)) = (markers.time.first(), markers.time.last()) else {
        return Err(IkError::NoFrames { from, to, first: f64::NAN, last: f64::NAN });
    };
    let (start, end) = (f64::max(from, first), f64::min(to, last));
    if start.is_nan() || end.is_nan() || start > end {
        return Err(IkError::NoFrames { from, to, first, last });
    }
    Ok(nearest_row(&markers.time, start)..nearest_row(&markers.time, end) + 1)
}

/// The row nearest to a time; of two equally near the later one, as in OpenSim.
fn nearest_row(time: &[f64], wanted: f64) -> usize {
    let after = time.partition_point(|t| *t < wanted);
    if after == time.len() {
        return time.len() - 1;
    }
    if after > 0 && time[after] - wanted > wanted - time[after - 1] { after - 1 } else { after }
}
