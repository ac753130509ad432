//! The lumbar spine of a model that has vertebrae: where they lie, what its joints carry, how it bends.
//!
//! A vertebra of the built-in body is laid on the model's by the centres of the joint below it and of the joint above
//! it, in the pose in which both trunks are upright; the plane of a disc follows from the endplates beside it. The
//! discs' cross-sections are tissue, and are not lent.

use super::super::{ABOVE, BodyError, LEVELS, Landmark, Placement, Role, SpineLevel, landmarks::disc_normal};
use super::placing::{PLAUSIBLE, Upright};
use super::{ForeignError, listed};
use guywire_engine::passive::PreloadEffect;
use guywire_engine::{Level, Model, PathSet, System};
use guywire_math::{Mat3, Pose, Vec3};
use std::collections::BTreeMap;

/// Turn by which the stiffness of a level is felt, rad.
const TURN: f64 = 0.01;
/// Stiffness below which no tissue of the model holds a level, N·m/rad (assumed; people's levels have 30 to 150 in
/// bending, Gardner-Morse & Stokes 2004).
const STIFF: f64 = 1.0;

/// Whether a coordinate is that of a lumbar level: `L4_L5_FE`.
pub(super) fn is_level(coordinate: &str) -> bool {
    level(coordinate).is_some()
}

fn level(coordinate: &str) -> Option<usize> {
    let stem = ["_FE", "_LB", "_AR"].iter().find_map(|axis| coordinate.strip_suffix(axis))?;
    LEVELS.iter().position(|level| *level == stem)
}

/// The parts above and below the joint of a level's coordinate.
pub(super) fn joined(coordinate: &str) -> (&'static str, &'static str) {
    level(coordinate).map_or(("", ""), |k| (ABOVE[k], below(k)))
}

fn below(level: usize) -> &'static str {
    level.checked_sub(1).map_or("sacrum", |lower| ABOVE[lower])
}

/// The model's body below a level.
fn lower(level: usize, bodies: &BTreeMap<String, usize>) -> Option<usize> {
    let part = below(level);
    let pelvis = || if part == "sacrum" { bodies.get("pelvis") } else { None };
    bodies.get(part).or_else(pelvis).copied()
}

/// Where the vertebrae lie.
pub(super) fn vertebrae(
    own: &Model,
    standing: &Upright<'_>,
    stands: &Upright<'_>,
    bodies: &BTreeMap<String, usize>,
    size: f64,
) -> Result<BTreeMap<String, Placement>, ForeignError> {
    let ours = |part: &str| -> Result<usize, BodyError> {
        own.body(part).ok_or_else(|| BodyError::Missing { what: "body", name: part.to_owned() })
    };
    let mut placements = BTreeMap::new();
    for pair in ABOVE.windows(2) {
        let (Some(&body), Some(&next)) = (bodies.get(pair[0]), bodies.get(pair[1])) else { continue };
        let (own_body, own_next) = (ours(pair[0])?, ours(pair[1])?);
        let (at, own_at) = (stands.joint(body), standing.joint(own_body));
        let (along, own_along) = (stands.joint(next) - at, standing.joint(own_next) - own_at);
        let ratio = along.norm() / own_along.norm();
        let ratio = if PLAUSIBLE.contains(&ratio) { ratio } else { size };
        let pitch = |v: Vec3<f64>| libm::atan2(v.y, v.x);
        let lean = Mat3::rotation(Vec3::new(0.0, 0.0, 1.0), pitch(along) - pitch(own_along));
        let (theirs, ours) = (stands.pose(body), standing.pose(own_body));
        let origin = at + lean * (ours.position - own_at) * ratio;
        let turned = theirs.rotation.transpose();
        let frame =
            Pose { rotation: turned * lean * ours.rotation, position: turned * (origin - theirs.position) };
        placements
            .insert(pair[0].to_owned(), Placement { body, frame, size: Vec3::new(ratio, ratio, ratio) });
    }
    Ok(placements)
}

/// The levels whose bodies the model has and joins, from below.
pub(super) fn levels(
    model: &Model,
    stands: &Upright<'_>,
    bodies: &BTreeMap<String, usize>,
    points: &[Landmark],
) -> (Vec<Level>, Vec<SpineLevel>) {
    let (mut levels, mut joints) = (Vec::new(), Vec::new());
    for (k, name) in LEVELS.iter().enumerate() {
        let (Some(&upper), Some(lower)) = (bodies.get(ABOVE[k]), lower(k, bodies)) else { continue };
        if upper == 0 || !model.is_in_subtree(upper, lower) || upper == lower {
            continue;
        }
        let Ok(normal) = disc_normal(k, upper, stands.kinematics(), points) else { continue };
        let turned = stands.pose(upper).rotation.transpose();
        levels.push(Level { name: name.replace('_', "/"), upper, normal });
        joints.push(SpineLevel {
            lower,
            center: model.joints()[upper - 1].in_child.position,
            right: turned * Vec3::new(0.0, 0.0, 1.0),
            upright: stands.pose(lower).rotation.transpose() * stands.pose(upper).rotation,
        });
    }
    (levels, joints)
}

/// How levels that muscles move and no tissue holds are bent.
#[derive(Debug, Default)]
pub(super) struct Rhythm {
    /// Degrees of freedom that stay where a position starts: bending to the side, turning.
    pub still: Vec<usize>,
    /// A degree of freedom, another, and how many times the other it is.
    pub shares: Vec<(usize, usize, f64)>,
}

/// A back of several levels without stiffness has no posture of its own: muscles could fold it. Its levels then share
/// forward bending as their ranges in people do, and neither bend to the side nor turn.
pub(super) fn rhythm(
    own: &Model,
    system: &System,
    roles: &BTreeMap<String, Role>,
    moved: &dyn Fn(usize) -> bool,
    caveats: &mut Vec<String>,
) -> Result<Rhythm, BodyError> {
    let mut rhythm = Rhythm::default();
    let slopes = stiffness(system)?;
    let mut first: Option<(usize, f64)> = None;
    let mut named = Vec::new();
    for level in LEVELS {
        for axis in ["FE", "LB", "AR"] {
            let name = format!("{level}_{axis}");
            let Some(Role { degree: Some(degree), sign, .. }) = roles.get(&name).copied() else { continue };
            if slopes[degree] > STIFF || !moved(degree) {
                continue;
            }
            named.push(system.model.degree_coordinate(degree).name.clone());
            if axis != "FE" {
                rhythm.still.push(degree);
                continue;
            }
            let range = own.coordinates().iter().find(|c| c.name == name).and_then(|c| c.range);
            let share = sign * range.map_or(1.0, |(low, _)| low);
            match first {
                None => first = Some((degree, share)),
                Some((of, whole)) => rhythm.shares.push((degree, of, share / whole)),
            }
        }
    }
    if !named.is_empty() {
        caveats.push(format!(
            "No tissue of the model but muscle holds {}: the levels share forward bending in the proportion of people's \
             ranges of flexion (Pearcy 1984), and do not bend to the side or turn. Muscles alone balance them.",
            listed(&named, 6)
        ));
    }
    Ok(rhythm)
}

/// Stiffness of everything but muscle along every degree of freedom at the default pose, N·m/rad.
fn stiffness(system: &System) -> Result<Vec<f64>, BodyError> {
    let model = &system.model;
    let bare = System {
        model: model.clone(),
        constraints: Vec::new(),
        paths: PathSet::new(model, Vec::new())?,
        muscles: Vec::new(),
        actuators: Vec::new(),
        passives: Vec::new(),
        ligaments: Vec::new(),
        elastic: system.elastic.clone(),
        levels: Vec::new(),
        preload: PreloadEffect { per_newton: 0.0, ceiling: 1.0 },
    };
    let q = model.default_pose();
    let stiffness = |degree: usize| {
        let at = |by: f64| {
            let mut q = q.clone();
            q[degree] += by;
            bare.passive_forces(&q, &[])[degree]
        };
        (at(-TURN) - at(TURN)) / (2.0 * TURN)
    };
    Ok((0..model.dof()).map(stiffness).collect())
}
