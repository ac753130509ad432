//! Lines of pull of a description as engine paths.
//!
//! Order as in [`path_owners`]. Points are in the frames of their bodies, all offset frames multiplied out. Wrap
//! objects that are off, and wraps whose range holds no gap, are left away as OpenSim leaves them away; OpenSim's
//! `method` says how its approximate line over an ellipsoid is made and has no meaning for the exact one.

use super::functions::{curve, law};
use super::{BuildError, Index};
use crate::description::{
    Description, ForceKind, Function, GeometryPath, NodeId, PathFunctions, PathPointKind, PathWrap, Quadrant,
    WrapShape,
};
use guywire_engine::path::{
    AllowedSide, ByCoordinates, Component, Path, PathPoint, Presence, Shape, Surface, Wrap,
};
use guywire_math::Vec3;
use std::collections::BTreeMap;

/// Paths and the names of what they belong to.
pub(super) struct Paths {
    pub paths: Vec<Path>,
    pub names: Vec<String>,
}

/// The path of a force, if it has one.
pub fn path_of(kind: &ForceKind) -> Option<&GeometryPath> {
    match kind {
        ForceKind::Muscle(muscle) => Some(&muscle.path),
        ForceKind::PathActuator { path, .. }
        | ForceKind::PathSpring { path, .. }
        | ForceKind::Ligament { path, .. }
        | ForceKind::BlankevoortLigament { path, .. }
        | ForceKind::ExpressionBasedPath { path, .. }
        | ForceKind::McKibbenActuator { path, .. }
        | ForceKind::ClutchedPathSpring { path, .. } => Some(path),
        _ => None,
    }
}

/// Indices into [`Description::forces`] of the forces with a path, in the order of the engine's paths: muscles, then
/// springs, ligaments and path actuators, then the rest, each in the order of the ForceSet.
pub fn path_owners(description: &Description) -> Vec<usize> {
    let rank = |kind: &ForceKind| match kind {
        ForceKind::Muscle(_) => 0,
        ForceKind::ExpressionBasedPath { .. }
        | ForceKind::McKibbenActuator { .. }
        | ForceKind::ClutchedPathSpring { .. } => 2,
        _ => 1,
    };
    let mut owners: Vec<usize> =
        (0..description.forces.len()).filter(|&i| path_of(&description.forces[i].kind).is_some()).collect();
    owners.sort_by_key(|&i| rank(&description.forces[i].kind));
    owners
}

/// All paths.
pub(super) fn paths(description: &Description, index: &Index) -> Result<Paths, BuildError> {
    let ranges: BTreeMap<&str, [f64; 2]> =
        description.joints.iter().flat_map(|j| &j.coordinates).map(|c| (c.name.as_str(), c.range)).collect();
    let (mut paths, mut names) = (Vec::new(), Vec::new());
    for owner in path_owners(description) {
        let force = &description.forces[owner];
        let Some(path) = path_of(&force.kind) else { continue };
        paths.push(self::path(index, &ranges, &force.name, path)?);
        names.push(force.name.clone());
    }
    Ok(Paths { paths, names })
}

fn path(
    index: &Index,
    ranges: &BTreeMap<&str, [f64; 2]>,
    owner: &str,
    path: &GeometryPath,
) -> Result<Path, BuildError> {
    if let Some(functions) = &path.functions {
        return by_functions(index, owner, path.node, functions);
    }
    let mut points = Vec::new();
    for point in &path.points {
        let body = index.body(point.base);
        let made = match &point.kind {
            PathPointKind::Fixed(location) => PathPoint::fixed(body, point.frame.point(*location)),
            PathPointKind::Conditional { location, coordinate, range } => {
                let coordinate = index.require(point.node, &point.name, coordinate)?;
                let presence = Some(Presence { coordinate, range: *range });
                PathPoint { presence, ..PathPoint::fixed(body, point.frame.point(*location)) }
            }
            PathPointKind::Moving { coordinates, functions } => {
                let mut made = PathPoint::fixed(body, point.frame.position);
                for (k, (name, function)) in coordinates.iter().zip(functions.iter()).enumerate() {
                    let function = curve(function).map_err(|problem| BuildError::Function {
                        node: point.node,
                        owner: format!("{}, {owner}", point.name),
                        problem,
                    })?;
                    let axis = point.frame.rotation.column(k);
                    match name {
                        Some(name) => made.motion.push(Component {
                            axis,
                            coordinate: index.require(point.node, &point.name, name)?,
                            function,
                            // OpenSim clamps to the coordinate's range.
                            range: ranges.get(name.as_str()).copied().unwrap_or([f64::MIN, f64::MAX]),
                        }),
                        None => made.position += axis * function.at(0.0),
                    }
                }
                made
            }
        };
        points.push(made);
    }
    let used = path.wraps.iter().filter(|w| w.surface.active && w.range[0] < w.range[1] && has_size(w));
    let wraps = used.map(|w| wrap(index, w)).collect();
    Ok(Path::through(points, wraps))
}

fn by_functions(
    index: &Index,
    owner: &str,
    node: NodeId,
    functions: &PathFunctions,
) -> Result<Path, BuildError> {
    let coordinates = functions
        .coordinates
        .iter()
        .map(|name| index.require(node, owner, name))
        .collect::<Result<Vec<_>, _>>()?;
    let made = |function: &Function| {
        law(function, &coordinates).map_err(|problem| BuildError::Function {
            node,
            owner: owner.to_owned(),
            problem,
        })
    };
    let arms = coordinates.iter().zip(&functions.moment_arms).map(|(c, arm)| Ok((*c, made(arm)?)));
    let arms = arms.collect::<Result<Vec<_>, BuildError>>()?;
    let arms = (!arms.is_empty()).then_some(arms);
    Ok(Path::by_coordinates(ByCoordinates { length: made(&functions.length)?, arms }))
}

/// OpenSim never wraps over a cylinder without length, and takes one without radius for what it is.
fn has_size(wrap: &PathWrap) -> bool {
    !matches!(wrap.surface.shape, WrapShape::Cylinder { radius, length } if radius == 0.0 || length == 0.0)
}

fn wrap(index: &Index, wrap: &PathWrap) -> Wrap {
    let object = &wrap.surface;
    let shape = match object.shape {
        WrapShape::Cylinder { radius, length } => Shape::Cylinder { radius, length },
        WrapShape::Sphere { radius } => Shape::Sphere { radius },
        WrapShape::Ellipsoid { radii } => Shape::Ellipsoid { radii: Vec3::new(radii.x, radii.y, radii.z) },
        WrapShape::Torus { inner_radius, outer_radius } => {
            Shape::Torus { ring: outer_radius, tube: inner_radius }
        }
    };
    let side = match object.quadrant {
        Quadrant::All => AllowedSide::Any,
        Quadrant::Positive(axis) => AllowedSide::Positive(axis),
        Quadrant::Negative(axis) => AllowedSide::Negative(axis),
    };
    let surface = Surface {
        name: object.name.clone(),
        body: index.body(object.frame.base),
        frame: object.frame.offset,
        shape,
        side,
    };
    Wrap { surface, first: wrap.range[0], last: wrap.range[1] }
}
