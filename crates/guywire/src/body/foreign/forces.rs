//! What of a model's constraints and forces other than muscles acts in a posture.

use super::super::BodyError;
use super::{ForeignError, listed};
use guywire_engine::Kept;
use guywire_engine::force::{Elastic, ForceLaw};
use guywire_osim::build::Built;

/// The constraints that the reduced model does not follow by itself.
pub(super) fn kept(built: &Built, caveats: &mut Vec<String>) -> Vec<Kept> {
    let named = built.reduced_constraint_names.iter().zip(&built.reduced_constraints);
    let kept: Vec<Kept> =
        named.map(|(name, constraint)| Kept { name: name.clone(), constraint: constraint.clone() }).collect();
    if !kept.is_empty() {
        let mut names: Vec<&str> = kept.iter().map(|k| k.name.as_str()).collect();
        names.dedup();
        caveats.push(format!("Constraints are kept, by forces that cost no effort: {}.", listed(&names, 12)));
    }
    kept
}

/// Forces of any class but muscles, at rest.
pub(super) fn elastic(built: &Built, caveats: &mut Vec<String>) -> Result<Elastic, ForeignError> {
    let (mut idle, mut floor, mut meshes, mut timed) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for force in built.forces.iter().filter(|f| f.applies && !f.acts_at_rest()) {
        let contact = matches!(force.law, ForceLaw::HuntCrossley(_) | ForceLaw::SmoothSphereHalfSpace(_));
        let list = match force.law {
            ForceLaw::ElasticFoundation(_) => &mut meshes,
            _ if contact => &mut floor,
            _ if force.is_passive() => &mut timed,
            _ => &mut idle,
        };
        list.push(force.name.as_str());
    }
    for (names, says) in [
        (idle, "Motors and actuators do nothing, except where no muscle moves a joint"),
        (floor, "Contact with the ground is left out, because the position brings its own floor or seat"),
        (
            meshes,
            "Contact of meshes is left out, because its force has no potential, on which the search rests",
        ),
        (timed, "Forces that change with time do not act"),
    ] {
        if !names.is_empty() {
            caveats.push(format!("{says}: {}.", listed(&names, 12)));
        }
    }
    let paths = built.reduced_paths.paths();
    Ok(Elastic::new(&built.reduced, built.forces.iter().cloned(), paths).map_err(BodyError::from)?)
}
