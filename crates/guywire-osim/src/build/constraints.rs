//! Constraints of a description as engine constraints over the tree.

use super::{BuildError, Index, coupling};
use crate::description::{Constraint as Described, ConstraintKind, Description, Frame, Station};
use guywire_engine::Law;
use guywire_engine::constraint::{BodyDirection, BodyFrame, BodyPoint, Constraint};
use guywire_math::{Pose, Vec3};

const X: Vec3<f64> = Vec3::new(1.0, 0.0, 0.0);
const Z: Vec3<f64> = Vec3::new(0.0, 0.0, 1.0);

/// A constraint over the tree, and who keeps it.
pub(super) struct Made {
    /// What the file calls it, or what it comes from.
    pub name: String,
    pub constraint: Constraint,
    pub keeper: Keeper,
}

/// Who keeps a constraint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Keeper {
    /// Constraint forces.
    Forces,
    /// The reduced model by itself; in the tree, constraint forces.
    Reduced,
    /// Nobody: OpenSim leaves it off.
    Nobody,
}

/// All constraints: cut loops, locked and prescribed coordinates, and those of the ConstraintSet. `folded` are the
/// coordinates that the reduced model moves by couplers.
pub(super) fn constraints(
    description: &Description,
    index: &Index,
    copies: &[[usize; 2]],
    loop_welds: &[usize],
    folded: &[usize],
) -> Result<Vec<Made>, BuildError> {
    let mut made = Vec::new();
    let keep = |name, constraint| Made { name, constraint, keeper: Keeper::Forces };
    for &[body, copy] in copies {
        let same = |body| BodyFrame { body, pose: Pose::identity() };
        let whole = description.bodies.iter().zip(&index.bodies).find(|(_, at)| **at == body);
        let name = format!("loop through {}", whole.map_or("ground", |(whole, _)| &whole.name));
        made.push(keep(name, Constraint::Weld(same(body), same(copy))));
    }
    for &joint in loop_welds {
        let joint = &description.joints[joint];
        let weld = Constraint::Weld(frame(index, &joint.parent), frame(index, &joint.child));
        made.push(keep(joint.name.clone(), weld));
    }
    for (joint, &first) in description.joints.iter().zip(&index.first_coordinate) {
        for (k, coordinate) in joint.coordinates.iter().enumerate() {
            if coordinate.locked {
                let law = Law::Constant(coordinate.default_value);
                let constraint = Constraint::Coordinate { coordinate: first + k, law };
                made.push(Made { name: coordinate.name.clone(), constraint, keeper: Keeper::Reduced });
            } else if let (true, Some(function)) = (coordinate.prescribed, &coordinate.prescribed_function) {
                let function = super::functions::curve(function).map_err(|problem| BuildError::Function {
                    node: coordinate.node,
                    owner: coordinate.name.clone(),
                    problem,
                })?;
                let constraint = Constraint::Prescribed { coordinate: first + k, function };
                made.push(keep(coordinate.name.clone(), constraint));
            }
        }
    }
    for constraint in description.constraints.iter().filter(|c| c.enforced) {
        add(index, constraint, folded, &mut made)?;
    }
    Ok(made)
}

fn add(
    index: &Index,
    described: &Described,
    folded: &[usize],
    made: &mut Vec<Made>,
) -> Result<(), BuildError> {
    let name = || described.name.clone();
    let mut keep = |constraint| made.push(Made { name: name(), constraint, keeper: Keeper::Forces });
    match &described.kind {
        ConstraintKind::CoordinateCoupler { .. } => {
            if let Some((coordinate, law)) = coupling(index, described)? {
                let keeper = if folded.contains(&coordinate) { Keeper::Reduced } else { Keeper::Forces };
                let constraint = Constraint::Coordinate { coordinate, law };
                made.push(Made { name: name(), constraint, keeper });
            }
        }
        ConstraintKind::Weld { first, second } => {
            keep(Constraint::Weld(frame(index, first), frame(index, second)));
        }
        ConstraintKind::Point { first, second } => {
            keep(Constraint::Point(point(index, first), point(index, second)));
        }
        ConstraintKind::ConstantDistance { first, second, distance } => {
            keep(Constraint::Distance(point(index, first), point(index, second), *distance));
        }
        ConstraintKind::PointOnLine { line, direction, follower } => {
            let along = unit(described, *direction)?;
            // Any two normals: one across the axis that the line is farthest from, and the third.
            let least = along.to_array().map(f64::abs);
            let across = (0..3).fold(0, |best, k| if least[k] < least[best] { k } else { best });
            let mut axis = [0.0; 3];
            axis[across] = 1.0;
            let first = unit(described, along.cross(Vec3::from_array(axis)))?;
            let (line, point) = (point(index, line), point(index, follower));
            keep(Constraint::Line { line, normals: [first, along.cross(first)], point });
        }
        ConstraintKind::RollingOnSurface { rolling, surface, normal, height } => {
            let (roller, surface) = (index.body(*rolling), index.body(*surface));
            let center = BodyPoint { body: roller, position: Vec3::zero() };
            let on = |body, direction| BodyDirection { body, direction };
            let normal = on(surface, unit(described, *normal)?);
            let mut keep = |constraint| made.push(Made { name: name(), constraint, keeper: Keeper::Nobody });
            keep(Constraint::Plane { normal, height: *height, point: center });
            keep(Constraint::RightAngle(on(surface, X), on(roller, Z)));
            let at = BodyPoint { body: surface, position: Vec3::zero() };
            keep(Constraint::NoSlip { at, direction: X, other: roller });
            keep(Constraint::NoSlip { at, direction: Z, other: roller });
        }
    }
    Ok(())
}

fn frame(index: &Index, frame: &Frame) -> BodyFrame {
    BodyFrame { body: index.body(frame.base), pose: frame.offset }
}

fn point(index: &Index, station: &Station) -> BodyPoint {
    BodyPoint { body: index.body(station.base), position: station.position }
}

fn unit(described: &Described, direction: Vec3<f64>) -> Result<Vec3<f64>, BuildError> {
    let length = direction.norm();
    if !(length > 0.0 && length.is_finite()) {
        return Err(BuildError::Direction { node: described.node, owner: described.name.clone() });
    }
    Ok(direction * (1.0 / length))
}
