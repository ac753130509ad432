//! Points that a finger or a radiograph can find on a model: the built-in body's, placed on its parts, or the model's
//! own markers.

use super::super::export::word;
use super::super::{BodyError, Landmark, LandmarkRow, Others, left, rows, suffix};
use super::names::{KnownNames, Naming, find};
use super::{ForeignError, Side};
use guywire_math::Vec3;
use guywire_osim::build::Built;

/// Landmarks of the built-in body on the parts that the model has; markers over the spines of the pelvis where
/// the model has all four, and over other points where a marker has the landmark's name and body, as `guywire export`
/// writes them.
pub(super) fn landmarks(
    built: &Built,
    parts: &Others,
    naming: &Naming,
    caveats: &mut Vec<String>,
) -> Result<Vec<Landmark>, ForeignError> {
    let rows = rows!(LandmarkRow, "landmarks.csv").map_err(BodyError::from)?;
    let mut list = Vec::new();
    for (side, sign) in [(Side::Right, 1.0), (Side::Left, -1.0)] {
        for row in rows.iter().filter(|r| side == Side::Right || r.mirrored) {
            let part = if side == Side::Left { left(&row.body) } else { row.body.clone() };
            let Some(place) = parts.placements.get(&part) else { continue };
            let side_mark = if row.mirrored { format!("_{}", suffix(side)) } else { String::new() };
            let name = word(&row.landmark) + &side_mark;
            let marker = built.markers.iter().find(|m| m.name == name && m.body == place.body);
            let placed = || place.frame.point(Vec3::new(row.x, row.y, sign * row.z).times(place.size));
            let position = marker.map_or_else(placed, |m| m.position);
            let side = row.mirrored.then_some(side);
            list.push(Landmark { name: row.landmark.clone(), body: place.body, side, position });
        }
    }
    let known = KnownNames::read().map_err(|e| ForeignError::Table(format!("roles.toml: {e}")))?;
    let names = || built.markers.iter().map(|m| m.name.as_str());
    let mut spines = Vec::new();
    for part in &known.markers {
        let found = find(part, &naming.markers, names()).map_err(|given| ForeignError::GivenNotThere {
            kind: "marker",
            part: part.0.clone(),
            given,
        })?;
        spines.extend(found.map(|m| (part.0.as_str(), &built.markers[m])));
    }
    let pelvis = parts.placements.get("pelvis").map(|p| p.body);
    if spines.len() == known.markers.len() && spines.iter().all(|(_, m)| Some(m.body) == pelvis) {
        for (part, marker) in spines {
            let (name, side) = part.split_once('_').unwrap_or((part, ""));
            let side = if side == "l" { Side::Left } else { Side::Right };
            for l in list.iter_mut().filter(|l| l.name == name && l.side == Some(side)) {
                (l.body, l.position) = (marker.body, marker.position);
            }
        }
    } else {
        caveats.push(
            "The spines of the pelvis (ASIS, PSIS) are the built-in body's, scaled to the distance of the hip \
             joints and the length of the legs: the model has no markers on all four. The pelvic tilt rests on them."
                .to_owned(),
        );
    }
    Ok(list)
}
