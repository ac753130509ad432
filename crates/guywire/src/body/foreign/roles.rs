//! Which bodies and coordinates of a model play which parts.

use super::super::{RAD, Role};
use super::ForeignError;
use super::names::{KnownNames, Naming, find};
use guywire_engine::Model;
use std::collections::BTreeMap;

/// Parts without which there is no posture, and what may stand in for others.
const NEEDED_BODIES: [&str; 8] =
    ["pelvis", "thorax", "femur_r", "femur_l", "tibia_r", "tibia_l", "calcn_r", "calcn_l"];
pub(super) const NEEDED_COORDINATES: [&str; 9] = [
    "pelvis_tilt",
    "pelvis_tx",
    "pelvis_ty",
    "hip_flexion_r",
    "hip_flexion_l",
    "knee_angle_r",
    "knee_angle_l",
    "ankle_angle_r",
    "ankle_angle_l",
];

/// Angle up to which a locked joint of a leg counts as straight, rad: assumed.
const STRAIGHT: f64 = 0.05;

pub(super) type Found = (BTreeMap<String, usize>, BTreeMap<String, Role>);

/// The model's bodies and coordinates by the parts that they play.
pub(super) fn parts(tree: &Model, reduced: &Model, naming: &Naming) -> Result<Found, ForeignError> {
    let known = KnownNames::read().map_err(|e| ForeignError::Table(format!("roles.toml: {e}")))?;
    let body_names = || tree.bodies().iter().map(|b| b.name.as_str());
    let coordinate_names = || tree.coordinates().iter().map(|c| c.name.as_str());
    let not_there = |kind: &'static str, part: &str, given: String| ForeignError::GivenNotThere {
        kind,
        part: part.to_owned(),
        given,
    };
    let (mut bodies, mut coordinates) = (BTreeMap::new(), BTreeMap::new());
    for part in &known.bodies {
        let found = find(part, &naming.bodies, body_names()).map_err(|g| not_there("body", &part.0, g))?;
        bodies.extend(found.map(|index| (part.0.clone(), index)));
    }
    for part in &known.coordinates {
        let found = find(part, &naming.coordinates, coordinate_names());
        let found = found.map_err(|g| not_there("coordinate", &part.0, g))?;
        coordinates.extend(found.map(|coordinate| {
            let degree = reduced.degree(&tree.coordinates()[coordinate].name);
            (part.0.clone(), Role { coordinate, degree, sign: 1.0 })
        }));
    }
    let lacks = |kind, names: &[&str], has: &dyn Fn(&str) -> bool| -> Vec<(&'static str, String)> {
        names.iter().filter(|n| !has(n)).map(|n| (kind, (*n).to_owned())).collect()
    };
    let mut missing = lacks("body", &NEEDED_BODIES, &|n| bodies.contains_key(n));
    missing.extend(lacks("coordinate", &NEEDED_COORDINATES, &|n| coordinates.contains_key(n)));
    if !missing.is_empty() {
        return Err(ForeignError::MissingParts {
            parts: missing,
            bodies: body_names().skip(1).map(str::to_owned).collect(),
            coordinates: coordinate_names().map(str::to_owned).collect(),
        });
    }
    let locked: Vec<String> = NEEDED_COORDINATES
        .iter()
        .filter(|name| !name.starts_with("pelvis"))
        .filter_map(|name| coordinates.get(*name))
        .map(|role| &reduced.coordinates()[role.coordinate])
        .filter(|c| c.locked && c.default.abs() > STRAIGHT)
        .map(|c| format!("`{}` at {:.0}°", c.name, c.default / RAD))
        .collect();
    if !locked.is_empty() {
        return Err(ForeignError::Locked(locked));
    }
    Ok((bodies, coordinates))
}

/// The degrees of freedom that are not zero where the trunk is upright, and their values, rad.
pub(super) fn upright(
    roles: &BTreeMap<String, Role>,
    naming: &Naming,
) -> Result<Vec<(usize, f64)>, ForeignError> {
    let value = |(name, degrees): (&String, &f64)| {
        let refuse = |problem| ForeignError::Upright { coordinate: name.clone(), problem };
        let role = roles.get(name).ok_or_else(|| refuse("does not have"))?;
        let degree = role.degree.ok_or_else(|| refuse("holds or drives by another"))?;
        if !degrees.is_finite() {
            return Err(refuse("cannot have at a value that is not finite"));
        }
        Ok((degree, degrees * RAD))
    };
    naming.upright_deg.iter().map(value).collect()
}
