//! Lengths that follow a path: fibres and tendons, ligaments, path springs.
//!
//! OpenSim multiplies them by the ratio of the path's length after and before scaling, in the default pose, and
//! leaves all else of a muscle alone: strength, velocity, pennation, default fibre length. It does not scale a
//! `RigidTendonMuscle`.

use super::ScaleError;
use super::edit::Edit;
use guywire_osim::OsimModel;
use guywire_osim::build::Built;
use guywire_osim::build::forces::path_owners;
use guywire_osim::description::{Description, ForceKind};

/// Lengths of all paths in the default pose, m, in the order of the forces; none for a force without a path.
pub(super) fn path_lengths(description: &Description) -> Result<Vec<Option<f64>>, ScaleError> {
    let built = Built::new(description)?;
    let kinematics = super::default_pose(&built)?;
    let mut lengths = vec![None; description.forces.len()];
    for (path, owner) in built.reduced_paths.paths().iter().zip(path_owners(description)) {
        lengths[owner] = Some(path.follow(&kinematics, |_| ()));
    }
    Ok(lengths)
}

/// The edits that make lengths follow their paths.
pub(super) fn edits(model: &OsimModel, before: &[Option<f64>], after: &[Option<f64>]) -> Vec<Edit> {
    let mut edits = Vec::new();
    for (force, lengths) in model.description.forces.iter().zip(before.iter().zip(after)) {
        let (Some(before), Some(after)) = lengths else { continue };
        if *before <= 0.0 {
            continue;
        }
        let ratio = after / before;
        let mut scale = |property: &'static str, old: f64| {
            edits.push(Edit::numbers(force.node, property, &[old * ratio]));
        };
        match &force.kind {
            ForceKind::Muscle(muscle) if model.document.name(force.node) != "RigidTendonMuscle" => {
                scale("optimal_fiber_length", muscle.optimal_fiber_length);
                scale("tendon_slack_length", muscle.tendon_slack_length);
            }
            ForceKind::PathSpring { resting_length, .. } | ForceKind::Ligament { resting_length, .. } => {
                scale("resting_length", *resting_length);
            }
            ForceKind::BlankevoortLigament { slack_length, .. } => scale("slack_length", *slack_length),
            _ => {}
        }
    }
    edits
}
