//! Markers where they were seen: OpenSim's `MarkerPlacer`.
//!
//! The static trial is averaged over a window, the model is posed on it by weighted inverse kinematics, and every
//! marker that is not fixed moves to its average. OpenSim averages twice, by slightly different rules, and both
//! are kept: for the pose over rows within the window, where one gap hides a marker; for the new places over
//! rows that enclose the window, without the gaps. Markers that the trial does not have are taken out.

use super::factors::frame_range;
use super::{PlacerSettings, ScaleError, edit::Edit, generic};
use crate::ik;
use crate::tasks::Follower;
use guywire_engine::markers::Frame;
use guywire_math::Vec3;
use guywire_osim::build::Built;
use guywire_osim::description::{ForceKind, Muscle, MuscleKind};
use guywire_osim::read::Sockets;
use guywire_osim::table::{MarkerTable, Table, Unit};
use guywire_osim::{Description, OsimModel};

/// The static pose and what became of the markers.
#[derive(Clone, Debug)]
pub struct Placed {
    /// Start of the window, s.
    pub time: f64,
    /// Value of every coordinate in the order of the model, rad or m.
    pub pose: Vec<f64>,
    /// The model that was posed, its markers not yet moved.
    pub model: Description,
    /// Markers of the trial, averaged for the pose.
    pub averages: Vec<(String, Option<Vec3<f64>>)>,
    /// Markers followed: name, distance between model and average before they were moved, m.
    pub errors: Vec<(String, f64)>,
    /// Markers moved, and how far, m.
    pub moved: Vec<(String, f64)>,
    /// Markers taken out because the trial does not have them.
    pub removed: usize,
    /// OpenSim's static pose: all states in their order, rad and m.
    pub motion: Table,
}

/// Poses the model and moves its markers.
///
/// # Errors
/// When the window is empty or no pose is found.
pub fn place(
    model: &mut OsimModel,
    trial: &MarkerTable,
    coordinates: Option<&Table>,
    settings: &PlacerSettings,
) -> Result<Placed, ScaleError> {
    let (Some(&first), Some(&last)) = (trial.time.first(), trial.time.last()) else {
        let [from, to] = settings.time_range;
        return Err(ScaleError::TimeRange { from, to });
    };
    let [from, to] = [settings.time_range[0].max(first), settings.time_range[1].min(last)];
    let removed = generic::keep_markers(model, &trial.names)?;
    let built = Built::new(&model.description)?;

    let within = |t: &f64| *t >= from && *t <= to;
    let rows: Vec<usize> = (0..trial.time.len()).filter(|&i| within(&trial.time[i])).collect();
    if rows.is_empty() {
        return Err(ScaleError::TimeRange { from, to });
    }
    let seen: Vec<Option<Vec3<f64>>> = (0..trial.names.len()).map(|m| mean(trial, m, &rows, true)).collect();
    let mut follower = Follower::new(&model.description, &built, &settings.tasks, &trial.names, coordinates)?;
    let observed: Vec<Option<Vec3<f64>>> = follower.columns.iter().map(|&c| seen[c]).collect();
    let mut wanted = Vec::new();
    follower.wanted(from, &mut wanted);
    let mut q = built.reduced.default_pose();
    let frame = Frame { time: from, observed: &observed, targets: &wanted };
    ik::first(&built, &mut follower, &frame, &mut q).map_err(|problem| ik::IkError::Frame {
        time: from,
        marker: None,
        problem,
    })?;
    let kinematics = follower.fit.kinematics().clone();
    let errors = follower.fit.positions().iter().zip(&observed).zip(&follower.names);
    let errors = errors
        .filter_map(|((position, seen), name)| seen.map(|seen| (name.clone(), (*position - seen).norm())))
        .collect();

    let rows: Vec<usize> = frame_range(&trial.time, [from, to])?.collect();
    let (mut edits, mut moved) = (Vec::new(), Vec::new());
    let sockets = Sockets::new(&model.document)?;
    let posed = model.description.clone();
    for marker in model.description.markers.iter_mut().filter(|m| !m.fixed) {
        let Some(column) = trial.names.iter().position(|n| *n == marker.name) else { continue };
        let Some(target) = mean(trial, column, &rows, false) else { continue };
        let body = kinematics.bodies[built.index.body(marker.station.base)];
        let in_body = body.inverse_point(target);
        let frame = sockets.frame_through(marker.node, "parent_frame")?;
        let location = frame.offset.inverse_point(in_body);
        moved.push((marker.name.clone(), (in_body - marker.station.position).norm()));
        edits.push(Edit::numbers(marker.node, "location", &location.to_array()));
        marker.station.position = frame.offset.point(location);
    }
    let averages = trial.names.iter().cloned().zip(seen).collect();
    let motion = states(model, &built, from, &kinematics.coordinates);
    edits.iter().for_each(|edit| edit.apply(&mut model.document));
    if generic::carry_frames(&model.document) {
        model.reread()?;
    }
    Ok(Placed {
        time: from,
        pose: kinematics.coordinates.clone(),
        model: posed,
        averages,
        errors,
        moved,
        removed,
        motion,
    })
}

/// Mean position of a marker over rows; a gap is passed over, or makes it unseen.
fn mean(trial: &MarkerTable, marker: usize, rows: &[usize], whole: bool) -> Option<Vec3<f64>> {
    let (mut sum, mut count) = (Vec3::zero(), 0);
    for &row in rows {
        match trial.frame(row).get(marker).copied().flatten() {
            Some(position) => {
                sum += position;
                count += 1;
            }
            None if whole => return None,
            None => {}
        }
    }
    (count > 0).then(|| sum * (1.0 / f64::from(count)))
}

/// The states of a pose at rest, muscles at their defaults, as OpenSim writes them.
fn states(model: &OsimModel, built: &Built, time: f64, pose: &[f64]) -> Table {
    let (mut columns, mut row) = (Vec::new(), Vec::new());
    for joint in &model.description.joints {
        for coordinate in &joint.coordinates {
            let path = format!("/jointset/{}/{}", joint.name, coordinate.name);
            let value = built.index.coordinate(&coordinate.name).and_then(|i| pose.get(i));
            columns.push((format!("{path}/value"), Unit::Unstated));
            columns.push((format!("{path}/speed"), Unit::Unstated));
            row.extend([value.copied().unwrap_or(coordinate.default_value), coordinate.default_speed]);
        }
    }
    for force in &model.description.forces {
        let ForceKind::Muscle(muscle) = &force.kind else { continue };
        for (state, value) in muscle_states(muscle) {
            columns.push((format!("/forceset/{}/{state}", force.name), Unit::Unstated));
            row.push(value);
        }
    }
    let mut table = Table::with_columns("static pose", columns);
    table.in_degrees = Some(false);
    table.push_row(time, row);
    table
}

/// States of a muscle and their defaults.
fn muscle_states(muscle: &Muscle) -> Vec<(&'static str, f64)> {
    let (MuscleKind::Thelen2003 { start, .. } | MuscleKind::Millard2012 { start, .. }) = &muscle.kind else {
        return vec![];
    };
    let mut states = Vec::new();
    if !muscle.ignore_activation_dynamics {
        states.push(("activation", start.activation));
    }
    if !muscle.ignore_tendon_compliance {
        states.push(("fiber_length", start.fiber_length));
    }
    states
}
