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
use guywire_osim::description::{Description, ForceKind, MuscleKind};

/// Lengths of all paths in the default pose, m, in the order of the forces; none for a force without a path.
pub(super) fn path_lengths(description: &Description, built: &Built) -> Result<Vec<Option<f64>>, ScaleError> {
    let kinematics = super::default_pose(built)?;
    let mut lengths = vec![None; description.forces.len()];
    for (path, owner) in built.reduced_paths.paths().iter().zip(path_owners(description)) {
        lengths[owner] = Some(path.follow(&kinematics, |_| ()));
    }
    Ok(lengths)
}

/// Makes lengths follow their paths, in the document and in the description.
///
/// # Errors
/// When a path's length is no number any more.
pub(super) fn follow(
    model: &mut OsimModel,
    before: &[Option<f64>],
    after: &[Option<f64>],
) -> Result<(), ScaleError> {
    let OsimModel { document, description, .. } = model;
    let mut is_finite = true;
    for (force, lengths) in description.forces.iter_mut().zip(before.iter().zip(after)) {
        let (Some(before), Some(after)) = lengths else { continue };
        if *before <= 0.0 {
            continue;
        }
        let ratio = after / before;
        let node = force.node;
        let mut scale = |property: &'static str, length: &mut f64| {
            *length *= ratio;
            is_finite &= length.is_finite();
            Edit::numbers(node, property, &[*length]).apply(document);
        };
        match &mut force.kind {
            ForceKind::Muscle(muscle) if !matches!(muscle.kind, MuscleKind::RigidTendon { .. }) => {
                scale("optimal_fiber_length", &mut muscle.optimal_fiber_length);
                scale("tendon_slack_length", &mut muscle.tendon_slack_length);
            }
            ForceKind::PathSpring { resting_length, .. } | ForceKind::Ligament { resting_length, .. } => {
                scale("resting_length", resting_length);
            }
            ForceKind::BlankevoortLigament { slack_length, .. } => scale("slack_length", slack_length),
            _ => {}
        }
    }
    // What the file says of it then names the place.
    if is_finite { Ok(()) } else { Ok(model.reread()?) }
}
