//! From a phase of a cycle to the engine's [`Task`].
//!
//! The body as a whole is accelerated by the ground reactions. In the field that moves with it every part weighs
//!
//! ```text
//! g' = g − a = −Σ F / m            F: ground reactions, m: body mass
//! ```
//!
//! and the phase is an equilibrium: what single segments accelerate beyond the centre of mass is neglected. The joints of
//! both legs have the published angles. The foot that carries more touches the floor at the published centre of pressure,
//! the reaction of the other one is a force on it. How pelvis and trunk stand over them is solved: the line of the reactions
//! passes the centre of mass.

use super::WeekError;
use super::activity::{Leg, Phase};
use crate::body::{Body, RAD, suffix};
use crate::posture::{GRAVITY, Positions, abdominal_pressure};
use crate::side::Side;
use guywire_engine::task::{Aim, Condition, Contact, Load, Support};
use guywire_engine::{Kinematics, Task};
use guywire_math::Vec3;

/// Heel to ball of the foot along the reference body's `calcn` frame, and how far below it the sole lies, m: as the patch
/// `foot` of `data/positions.toml`.
const HEEL_TO_BALL: f64 = 0.185;
const SOLE: f64 = -0.0098;
/// Friction between shoe and floor: more than any push asks for (assumed).
const FRICTION: f64 = 1.0;
/// Forward tilt of the pelvis where the search starts, and where nothing else decides it, rad: as in standing.
const TILT: f64 = -10.0 * RAD;

/// Sign of z on a side.
const fn outwards(side: Side) -> f64 {
    match side {
        Side::Left => -1.0,
        Side::Right => 1.0,
    }
}

/// The ground reaction on a leg's foot, in body weights.
fn push(leg: &Leg, side: Side) -> Vec3<f64> {
    let [forwards, upwards, inwards] = leg.push;
    Vec3::new(forwards, upwards, -outwards(side) * inwards)
}

/// Where the ground reaction acts: body and place in its frame.
fn sole(body: &Body, leg: &Leg, side: Side) -> Result<(usize, Vec3<f64>), WeekError> {
    let part = format!("calcn_{}", suffix(side));
    Ok(body.place(&part, Vec3::new(leg.at * HEEL_TO_BALL, SOLE, 0.0))?)
}

/// The task of a phase for one body.
///
/// # Errors
/// When the body lacks a part, or there is no position that the cycle is done on.
pub(super) fn task(name: &str, phase: &Phase, body: &Body, positions: &Positions) -> Result<Task, WeekError> {
    let legs = [(phase.legs[0], Side::Left), (phase.legs[1], Side::Right)];
    let mut task = match &phase.on {
        Some(position) => positions.task(positions.get(position)?, body)?,
        None => floor(phase, body)?,
    };
    name.clone_into(&mut task.name);
    let weight = body.system.model.mass() * GRAVITY;
    let upwards = |leg: &Leg| leg.push[1];
    let carrying = legs.iter().enumerate().max_by(|a, b| upwards(&a.1.0).total_cmp(&upwards(&b.1.0)));
    let carrying = carrying.map(|(k, _)| k).filter(|&k| phase.on.is_none() && upwards(&legs[k].0) > 0.0);
    for (k, (leg, side)) in legs.iter().enumerate() {
        let free = Some(k) == carrying;
        for (coordinate, value) in [
            ("hip_flexion", Some(leg.hip)),
            ("hip_adduction", (!free).then_some(leg.adduction)),
            ("hip_rotation", Some(0.0)),
            ("knee_angle", Some(leg.knee)),
            ("ankle_angle", Some(leg.ankle)),
            ("subtalar_angle", Some(0.0)),
            ("mtp_angle", Some(0.0)),
        ] {
            let degree = crate::body::degree(&body.system.model, &format!("{coordinate}_{}", suffix(*side)))?;
            task.start[degree] = value.unwrap_or(leg.adduction) * RAD;
            if let Some(value) = value {
                task.conditions.push(Condition::Degree { degree, value: value * RAD });
            }
        }
        let force = push(leg, *side) * weight;
        if !free && force.norm() > 0.0 {
            let (of, point) = sole(body, leg, *side)?;
            task.loads.push(Load::Force {
                name: format!("push on the {} foot", side.name()),
                body: of,
                point,
                force,
            });
        }
    }
    if phase.on.is_none() {
        let carrying = carrying.map(|k| legs[k]);
        stand(&mut task, carrying, body)?;
    }
    Ok(task)
}

/// A task on the floor without legs: the field, the trunk, the abdomen.
fn floor(phase: &Phase, body: &Body) -> Result<Task, WeekError> {
    let model = &body.system.model;
    let [left, right] = [(0, Side::Left), (1, Side::Right)].map(|(k, side)| push(&phase.legs[k], side));
    let mut start = model.default_pose();
    start[crate::body::degree(model, "pelvis_tilt")?] = TILT;
    let mut task = Task {
        name: String::new(),
        gravity: (left + right) * -GRAVITY,
        supports: Vec::new(),
        contacts: Vec::new(),
        loads: abdominal_pressure(body, phase.abdominal_pressure_pa)?.into_iter().collect(),
        conditions: Vec::new(),
        aims: Vec::new(),
        start,
    };
    for coordinate in ["pelvis_tx", "pelvis_tz", "pelvis_rotation"] {
        let degree = crate::body::degree(model, coordinate)?;
        task.conditions.push(Condition::Degree { degree, value: task.start[degree] });
    }
    task.aims.push(Aim {
        body: body.part("thorax")?,
        up: body.thorax_up,
        right: body.turn("thorax", Vec3::new(0.0, 0.0, 1.0)),
        inclination: Some(phase.trunk_deg * RAD),
        band: 0.0,
        weight: body.uprightness,
    });
    Ok(task)
}

/// Puts the carrying foot on the floor; in flight nothing says how the body is turned, and it is held.
fn stand(task: &mut Task, carrying: Option<(Leg, Side)>, body: &Body) -> Result<(), WeekError> {
    let model = &body.system.model;
    let Some((leg, side)) = carrying else {
        for coordinate in ["pelvis_ty", "pelvis_tilt", "pelvis_list"] {
            let degree = crate::body::degree(model, coordinate)?;
            task.conditions.push(Condition::Degree { degree, value: task.start[degree] });
        }
        return Ok(());
    };
    let (foot, center) = sole(body, &leg, side)?;
    let mut kinematics = Kinematics::new(model);
    kinematics.update(model, &task.start);
    task.start[crate::body::degree(model, "pelvis_ty")?] -= kinematics.bodies[foot].point(center).y;
    task.supports.push(Support { name: "floor".into(), normal: Vec3::new(0.0, 1.0, 0.0), offset: 0.0 });
    task.contacts.push(Contact {
        support: 0,
        body: foot,
        center,
        radius: 0.0,
        friction: FRICTION,
        touching: true,
    });
    Ok(())
}
