//! From a protocol to a position of the body: what is held, what is free, what the examiner's hand gives.

use super::ExaminationError;
use super::protocol::Protocol;
use crate::body::{Body, LEVELS, RAD};
use crate::posture::GRAVITY;
use crate::side::Side;
use guywire_engine::equilibrium::{Hand, Stop};
use guywire_engine::task::Condition;
use guywire_engine::{Kinematics, Task};
use guywire_math::Vec3;

/// How the moment that ends a test goes with the person's strength, as a power. An examiner who gave everybody the same would read
/// women 6° to 9° too mobile, one whose hand went with the tissue as stiff as men; what women read (straight-leg raise 76.3°,
/// passive knee extension 9.8° short: norm_slr_f, norm_pke_f) lies half-way: calibrated.
const HAND_WITH_STRENGTH: f64 = 0.5;

/// The levels of the back bend by equal shares when it is bent as a whole.
const LEVELS_OF_BACK: f64 = LEVELS.len() as f64;

/// Height of the upper of two points that lay a trunk straight over its lower end, m: any two would do.
const TRUNK: f64 = 0.3;

/// `_this` and `_other` as the body calls its sides.
pub(crate) fn named(name: &str, side: Side) -> String {
    let [this, other] = match side {
        Side::Right => ["r", "l"],
        Side::Left => ["l", "r"],
    };
    match name.rsplit_once('_') {
        Some((stem, "this")) => format!("{stem}_{this}"),
        Some((stem, "other")) => format!("{stem}_{other}"),
        _ => name.to_owned(),
    }
}

/// The degrees of freedom that a name of the table means, with the sign and the share of each.
fn degrees(name: &str, body: &Body, side: Side) -> Result<Vec<(usize, f64)>, ExaminationError> {
    let one = |name: &str, share: f64| -> Result<Option<(usize, f64)>, ExaminationError> {
        let role = body.role(name)?;
        Ok(role.degree.map(|degree| (degree, role.sign * share)))
    };
    let name = named(name, side);
    let names: Vec<(String, f64)> = match name.as_str() {
        // Levels count extension as positive.
        "lumbar_flexion" | "lumbar" => {
            LEVELS.iter().map(|level| (format!("{level}_FE"), -1.0 / LEVELS_OF_BACK)).collect()
        }
        _ if body.role(&name).is_ok() => vec![(name, 1.0)],
        _ => ["r", "l"].map(|s| (format!("{name}_{s}"), 1.0)).to_vec(),
    };
    let mut list = Vec::new();
    for (name, share) in names {
        list.extend(one(&name, share)?);
    }
    Ok(list)
}

/// The task and the hands of a protocol; `tolerance` is a factor on their moments.
pub(super) fn task(
    protocol: &Protocol,
    body: &Body,
    side: Side,
    tolerance: f64,
) -> Result<(Task, Vec<Hand>), ExaminationError> {
    let n = body.system.model.dof();
    let mut start = vec![0.0; n];
    // What is not named keeps the pose of the model: arms and heads of other bodies.
    start.copy_from_slice(&body.system.model.default_pose());
    for name in protocol.at.keys() {
        for (degree, _) in degrees(name, body, side)? {
            start[degree] = 0.0;
        }
    }
    for (name, value) in &protocol.at {
        for (degree, share) in degrees(name, body, side)? {
            start[degree] += share * value * RAD;
        }
    }
    let mut free = vec![false; n];
    for name in &protocol.free {
        for (degree, _) in degrees(name, body, side)? {
            free[degree] = true;
        }
    }
    let mut conditions: Vec<Condition> = (0..n)
        .filter(|&i| !free[i])
        .map(|degree| Condition::Degree { degree, value: start[degree] })
        .collect();
    if protocol.thighs_upright {
        conditions.extend(upright_thighs(body)?);
    }
    if protocol.laid_straight {
        conditions.extend(laid_straight(body, &start)?);
    }
    let gravity = if protocol.carried { 0.0 } else { -GRAVITY };
    let mut hands = Vec::new();
    if let Some(hand) = &protocol.hand {
        let of = degrees(&hand.degree, body, side)?;
        let moment = hand.moment_nm * tolerance * libm::pow(body.strength, HAND_WITH_STRENGTH);
        hands.extend(of.into_iter().map(|(degree, sign)| {
            let stop = hand.stop.as_ref().map(|stop| Stop {
                at: sign * stop.at_deg * RAD,
                stiffness: stop.nm_at_10_deg / (10.0 * RAD * 10.0 * RAD),
            });
            Hand { degree, moment: sign * moment, stop }
        }));
    }
    let task = Task {
        name: protocol.test.clone(),
        gravity: Vec3::new(0.0, gravity, 0.0),
        supports: Vec::new(),
        contacts: Vec::new(),
        loads: Vec::new(),
        conditions,
        aims: Vec::new(),
        start,
    };
    Ok((task, hands))
}

/// Legs that stand: both thighs upright, the right hip at its place, both hips bent alike.
fn upright_thighs(body: &Body) -> Result<Vec<Condition>, ExaminationError> {
    let (thigh, hip) = body.place("femur_r", Vec3::zero())?;
    let place = |normal: Vec3<f64>| Condition::OnPlane { body: thigh, point: hip, normal, offset: 0.0 };
    let up = body.turn("femur_r", Vec3::new(0.0, 1.0, 0.0));
    let mut list = vec![
        place(Vec3::new(1.0, 0.0, 0.0)),
        place(Vec3::new(0.0, 1.0, 0.0)),
        Condition::Inclination { body: thigh, up, angle: 0.0 },
    ];
    let [right, left] = ["hip_flexion_r", "hip_flexion_l"].map(|name| body.role(name));
    let (right, left) = (right?, left?);
    if let (Some(of), Some(degree)) = (right.degree, left.degree) {
        list.push(Condition::Ratio { degree, of, factor: left.sign * right.sign });
    }
    Ok(list)
}

/// A body laid straight: the trunk along the middle of the table, each ankle as far beside it as its hip where it starts.
fn laid_straight(body: &Body, start: &[f64]) -> Result<Vec<Condition>, ExaminationError> {
    let model = &body.system.model;
    let mut kinematics = Kinematics::new(model);
    kinematics.update(model, start);
    let across = Vec3::new(0.0, 0.0, 1.0);
    let in_middle = |part: &str, at: Vec3<f64>, offset: f64| -> Result<Condition, ExaminationError> {
        let (of, point) = body.place(part, at)?;
        Ok(Condition::OnPlane { body: of, point, normal: across, offset })
    };
    let mut list =
        vec![in_middle("thorax", Vec3::zero(), 0.0)?, in_middle("thorax", Vec3::new(0.0, TRUNK, 0.0), 0.0)?];
    for side in ["r", "l"] {
        let (thigh, hip) = body.place(&format!("femur_{side}"), Vec3::zero())?;
        let beside = kinematics.bodies[thigh].point(hip).z;
        list.push(in_middle(&format!("talus_{side}"), Vec3::zero(), beside)?);
    }
    Ok(list)
}
