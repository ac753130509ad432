//! Bodies, joints and couplers.

use super::{Exported, NO_NODE, Treatment, frame};
use crate::body::BodyError;
use guywire_engine::joint::Law;
use guywire_engine::{Axis, Coupler, Joint, Kinematics, Model};
use guywire_math::{Function as Curve, Vec3};
use guywire_osim::description::{
    Body, Constraint, ConstraintKind, Coordinate, Function, Joint as Jointed, JointKind, TransformAxis,
};

/// Mass (kg) and inertia (kg·m²) of a body that has none and moves: Simbody solves for accelerations of the
/// tree alone and cannot divide by zero. Inverse dynamics changes by less than 10⁻¹¹ of body weight.
const NEXT_TO_NOTHING: [f64; 2] = [1e-9, 1e-12];

/// What OpenSim takes for a coordinate without a range.
const NO_RANGE: (f64, f64) = (-99_999.9, 99_999.9);

/// Adds the tree and its couplers.
pub(super) fn add(model: &Model, exported: &mut Exported) -> Result<(), BodyError> {
    for (b, body) in model.bodies().iter().enumerate().skip(1) {
        let moves =
            |j: &Joint| j.rotations.iter().chain(&j.translations).any(|a| !a.law.coordinates().is_empty());
        let (mut mass, m) = (body.mass, &body.inertia.rows);
        let mut inertia = [m[0].x, m[1].y, m[2].z, m[0].y, m[0].z, m[1].z];
        let carried: f64 = (b..model.bodies().len())
            .filter(|&k| model.is_in_subtree(k, b))
            .map(|k| model.bodies()[k].mass)
            .sum();
        if carried == 0.0 && moves(&model.joints()[b - 1]) {
            mass = NEXT_TO_NOTHING[0];
            inertia = [NEXT_TO_NOTHING[1], NEXT_TO_NOTHING[1], NEXT_TO_NOTHING[1], 0.0, 0.0, 0.0];
            exported.note(
                Treatment::Approximated,
                format!("body {}", body.name),
                "has no mass; 1e-9 kg in the file, because Simbody divides by the mass of what moves",
            );
        }
        exported.description.bodies.push(Body {
            node: NO_NODE,
            name: body.name.clone(),
            mass,
            mass_center: body.center_of_mass,
            inertia,
            geometry: Vec::new(),
        });
    }
    let defaults = default_values(model);
    for joint in model.joints() {
        exported.description.joints.push(jointed(model, joint, &defaults)?);
    }
    for coupler in model.couplers() {
        match coupled(model, coupler)? {
            Some(constraint) => exported.description.constraints.push(constraint),
            None => exported.note(
                Treatment::LeftOut,
                format!("coupler of {}", model.coordinates()[coupler.dependent].name),
                "a curve of a weighted sum of several coordinates is no OpenSim function",
            ),
        }
    }
    Ok(())
}

/// Every coordinate at the default pose, couplers kept.
fn default_values(model: &Model) -> Vec<f64> {
    let mut kinematics = Kinematics::new(model);
    kinematics.update(model, &model.default_pose());
    kinematics.coordinates
}

fn jointed(model: &Model, joint: &Joint, defaults: &[f64]) -> Result<Jointed, BodyError> {
    let mut coordinates: Vec<usize> = Vec::new();
    for axis in joint.rotations.iter().chain(&joint.translations) {
        let new: Vec<usize> =
            axis.law.coordinates().iter().filter(|c| !coordinates.contains(c)).copied().collect();
        coordinates.extend(new);
    }
    let kind = if joint.rotations.is_empty() && joint.translations.is_empty() {
        JointKind::Weld
    } else {
        let [a, b, c] = completed(model, &joint.rotations)?;
        let [d, e, f] = completed(model, &joint.translations)?;
        JointKind::Custom(Box::new([a, b, c, d, e, f]))
    };
    Ok(Jointed {
        node: NO_NODE,
        name: joint.name.clone(),
        parent: frame(joint.parent, joint.in_parent),
        child: frame(joint.child, joint.in_child),
        child_frame: format!("{}_offset", model.bodies()[joint.child].name),
        coordinates: coordinates.into_iter().map(|c| coordinate(model, c, defaults[c])).collect(),
        kind,
    })
}

fn coordinate(model: &Model, index: usize, default_value: f64) -> Coordinate {
    let own = &model.coordinates()[index];
    let (low, high) = own.range.unwrap_or(NO_RANGE);
    let driven = model.couplers().iter().any(|c| c.dependent == index);
    Coordinate {
        node: NO_NODE,
        name: own.name.clone(),
        default_value,
        default_speed: 0.0,
        range: [low, high],
        clamped: false,
        locked: own.locked,
        prescribed: false,
        prescribed_function: None,
        is_free_to_satisfy_constraints: driven,
    }
}

/// Three axes: the joint's own in their order, then axes across them that do not move.
fn completed(model: &Model, own: &[Axis]) -> Result<[TransformAxis; 3], BodyError> {
    let mut axes: Vec<TransformAxis> = own
        .iter()
        .map(|axis| {
            Ok(TransformAxis {
                node: NO_NODE,
                axis: axis.direction,
                coordinates: names(model, axis.law.coordinates()),
                function: match &axis.law {
                    Law::Constant(value) => Function::Constant(*value),
                    Law::Of(_, curve) => function(curve)?,
                    Law::OfSeveral(..) => return Err(unsaid("a function of several coordinates")),
                },
            })
        })
        .collect::<Result<_, BodyError>>()?;
    let mut across: Vec<Vec3<f64>> = own.iter().map(|a| a.direction).collect();
    Ok(std::array::from_fn(|k| {
        let still = || TransformAxis {
            node: NO_NODE,
            axis: most_across(&across),
            coordinates: Vec::new(),
            function: Function::Constant(0.0),
        };
        let axis = if k < axes.len() { axes[k].clone() } else { still() };
        if k >= axes.len() {
            across.push(axis.axis);
            axes.push(axis.clone());
        }
        axis
    }))
}

fn names(model: &Model, coordinates: &[usize]) -> Vec<String> {
    coordinates.iter().map(|&c| model.coordinates()[c].name.clone()).collect()
}

fn unsaid(what: &str) -> BodyError {
    BodyError::Missing { what: "way to write in a file", name: what.to_owned() }
}

/// A unit vector as nearly across all of `given` as there is: across one or two exactly.
fn most_across(given: &[Vec3<f64>]) -> Vec3<f64> {
    let units = [Vec3::new(1.0, 0.0, 0.0), Vec3::new(0.0, 1.0, 0.0), Vec3::new(0.0, 0.0, 1.0)];
    let found = match given {
        [] => units[0],
        [a] => {
            let least = |u: &&Vec3<f64>, v: &&Vec3<f64>| a.dot(**u).abs().total_cmp(&a.dot(**v).abs());
            a.cross(*units.iter().min_by(least).unwrap_or(&units[0]))
        }
        [a, b, ..] => a.cross(*b),
    };
    found * (1.0 / found.norm())
}

/// The same function in OpenSim's classes.
fn function(curve: &Curve) -> Result<Function, BodyError> {
    Ok(match curve {
        Curve::Constant(c) => Function::Constant(*c),
        Curve::Linear { slope, intercept } => Function::Linear(vec![*slope, *intercept]),
        Curve::Polynomial(c) => Function::Polynomial(c.clone()),
        Curve::Spline(spline) => Function::SimmSpline(spline.knots().collect()),
        _ => return Err(unsaid("a joint function that the tables do not know")),
    })
}

/// A coupler of one coordinate by any function, or of several by a straight one.
fn coupled(model: &Model, coupler: &Coupler) -> Result<Option<Constraint>, BodyError> {
    let name = |c: usize| model.coordinates()[c].name.clone();
    let function = match (coupler.terms.as_slice(), &coupler.function) {
        ([(_, gain)], curve) if *gain == 1.0 => function(curve)?,
        (terms, Curve::Linear { slope, intercept }) => {
            let gains = terms.iter().map(|(_, gain)| gain * slope);
            Function::Linear(gains.chain([*intercept]).collect())
        }
        _ => return Ok(None),
    };
    Ok(Some(Constraint {
        node: NO_NODE,
        name: format!("{}_follows", name(coupler.dependent)),
        enforced: true,
        kind: ConstraintKind::CoordinateCoupler {
            independent: coupler.terms.iter().map(|t| name(t.0)).collect(),
            dependent: name(coupler.dependent),
            function,
            scale: 1.0,
        },
    }))
}
