//! What moves a model's degrees of freedom: muscles, motors, or nothing.

use super::super::{BodyError, Role};
use guywire_engine::{Actuator, Kinematics, System};
use guywire_osim::Description;
use guywire_osim::description::ForceKind;
use std::collections::BTreeMap;

/// Moment at full activation below which no muscle moves a joint, N·m (N along a slide): assumed.
const MOVES: f64 = 1.0;
/// Turn of every degree of freedom at which moment arms are looked at besides the default pose, rad: assumed.
const ELSEWHERE: f64 = 0.2;
/// What holds a part that nothing moves costs next to nothing, N·m.
const HOLDING_PRICE: f64 = 1e3;

pub(super) struct Movers {
    pub actuators: Vec<Actuator>,
    /// Degrees of freedom held where a position starts.
    pub held: Vec<usize>,
    /// Degrees of freedom beyond the thorax, with their ranges.
    pub arms: Vec<(usize, [f64; 2])>,
    /// Whether no body hangs on the thorax.
    pub arms_in_thorax: bool,
}

/// Sorts the degrees of freedom by what moves them.
pub(super) fn of(
    description: &Description,
    system: &System,
    roles: &BTreeMap<String, Role>,
    thorax: usize,
    caveats: &mut Vec<String>,
) -> Result<Movers, BodyError> {
    let model = &system.model;
    let beyond: Vec<usize> =
        (thorax + 1..model.bodies().len()).filter(|&b| model.is_in_subtree(b, thorax)).collect();
    let mut movers = Movers {
        actuators: Vec::new(),
        held: Vec::new(),
        arms: Vec::new(),
        arms_in_thorax: beyond.iter().all(|&b| model.bodies()[b].mass == 0.0),
    };
    let (mut weak, mut unmoved) = (Vec::new(), Vec::new());
    for (degree, strength) in strengths(system)?.into_iter().enumerate() {
        let coordinate = model.degree_coordinate(degree);
        let name = coordinate.name.clone();
        let role = roles.iter().find(|(_, role)| role.degree == Some(degree)).map(|(role, _)| role.as_str());
        if role.is_some_and(|role| role.starts_with("pelvis_")) {
            continue;
        }
        let hold = |list: &mut Vec<Actuator>| {
            let (least, greatest) = (f64::NEG_INFINITY, f64::INFINITY);
            let name = format!("what holds {name}");
            list.push(Actuator { name, degree, least, greatest, price: HOLDING_PRICE });
        };
        let is_arm = beyond.iter().any(|&b| {
            let joint = &model.joints()[b - 1];
            let axes = joint.rotations.iter().chain(&joint.translations);
            axes.flat_map(|a| a.law.coordinates()).any(|&c| model.coordinates()[c].name == name)
        });
        if role.is_none() && is_arm {
            let (low, high) = coordinate.range.unwrap_or((-std::f64::consts::PI, std::f64::consts::PI));
            movers.arms.push((degree, [low.min(high), high.max(low)]));
            hold(&mut movers.actuators);
            continue;
        }
        if role.is_none() {
            movers.held.push(degree);
            hold(&mut movers.actuators);
            unmoved.push(name);
            continue;
        }
        if strength > MOVES {
            continue;
        }
        movers.held.push(degree);
        let [least, greatest] = motor(description, &name).unwrap_or([f64::NEG_INFINITY, f64::INFINITY]);
        let own =
            Actuator { name: format!("what holds {name}"), degree, least, greatest, price: HOLDING_PRICE };
        movers.actuators.push(own);
        weak.push(name);
    }
    if !weak.is_empty() {
        caveats.push(format!(
            "No muscle of the model moves {}: the angle is not solved but held, the back's where the built-in body's \
             bends at the start of its search, others where the model has them by default; a motor or an ideal moment \
             of no cost does it.",
            weak.join(", ")
        ));
    }
    if !unmoved.is_empty() {
        caveats.push(format!(
            "Positions do not speak of {}: held where the model has them by default.",
            unmoved.join(", ")
        ));
    }
    if !movers.arms.is_empty() {
        caveats.push(
            "The arms are held, along the trunk or hanging as the position asks; their muscles and motors have no part \
             in it."
                .to_owned(),
        );
    }
    Ok(movers)
}

/// The greatest moment of all muscles together on every degree of freedom, at the default pose and beside it, N·m.
fn strengths(system: &System) -> Result<Vec<f64>, BodyError> {
    let model = &system.model;
    let mut strength = vec![0.0f64; model.dof()];
    let mut kinematics = Kinematics::new(model);
    let mut arms = system.paths.moment_arms();
    for by in [0.0, ELSEWHERE, -ELSEWHERE] {
        let mut q = model.default_pose();
        for (i, q) in q.iter_mut().enumerate().filter(|(i, _)| model.degree_turns(*i)) {
            *q += by * libm::cos(i as f64);
        }
        kinematics.update(model, &q);
        system.paths.update(model, &kinematics, &mut arms)?;
        let mut here = vec![0.0; model.dof()];
        for (m, muscle) in system.muscles.iter().enumerate() {
            for k in system.paths.row(m) {
                here[system.paths.columns()[k]] +=
                    arms.values[k].abs() * muscle.parameters.max_isometric_force;
            }
        }
        for (most, here) in strength.iter_mut().zip(here) {
            *most = most.max(here);
        }
    }
    Ok(strength)
}

/// Least and greatest moment of the motors of a coordinate, if it has any.
fn motor(description: &Description, coordinate: &str) -> Option<[f64; 2]> {
    let mut limits: Option<[f64; 2]> = None;
    for force in description.forces.iter().filter(|f| f.applies_force) {
        if let ForceKind::CoordinateActuator { coordinate: own, optimal_force, control }
        | ForceKind::ActivationCoordinateActuator { coordinate: own, optimal_force, control, .. } =
            &force.kind
            && own == coordinate
            && *optimal_force != 0.0
        {
            let mut ends = control.map(|c| c * optimal_force);
            ends.sort_by(f64::total_cmp);
            let [least, greatest] = limits.unwrap_or([0.0; 2]);
            limits = Some([least + ends[0], greatest + ends[1]]);
        }
    }
    limits
}
