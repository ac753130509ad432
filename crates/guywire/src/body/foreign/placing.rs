//! Where the parts of the built-in body lie on another model, and how the model counts its angles.
//!
//! Both bodies are set upright with every named angle at zero. There the axes of ground mean the same to both
//! (forward, up, to the right), and the joint centres of legs and pelvis correspond:
//!
//! ```text
//! p = X⁻¹ (a + s ∘ (X₀ p₀ − a₀))
//! ```
//!
//! with `a` the joint centre that a part hangs on, `s` the ratio of segment lengths, and ₀ the built-in body.

use super::super::{Body, BodyError, NEUTRAL_TILT, Placement, Role};
use super::roles::NEEDED_COORDINATES;
use super::{ForeignError, spine};
use guywire_engine::kinematics::Motion;
use guywire_engine::{Kinematics, Model};
use guywire_math::{Pose, Vec3};
use std::collections::BTreeMap;

/// Least cosine between the axis of a coordinate and that of the part that it is taken for.
const ALIKE: f64 = 0.5;
/// Turn and slide per unit of a coordinate below which it moves nothing: rounding.
const IDLE: f64 = 1e-9;
/// Ratios of segment lengths beyond which a model is not that of a person, or its names mislead.
pub(super) const PLAUSIBLE: std::ops::RangeInclusive<f64> = 0.4..=1.6;

/// A body upright with every angle at zero.
pub(super) struct Upright<'m> {
    model: &'m Model,
    q: Vec<f64>,
    kinematics: Kinematics<f64>,
}

impl<'m> Upright<'m> {
    /// The model at its default pose, the given degrees of freedom at zero.
    pub fn new(model: &'m Model, zero: impl Iterator<Item = usize>) -> Self {
        let mut q = model.default_pose();
        for degree in zero {
            q[degree] = 0.0;
        }
        let mut kinematics = Kinematics::new(model);
        kinematics.update(model, &q);
        Self { model, q, kinematics }
    }

    pub fn pose(&self, body: usize) -> Pose<f64> {
        self.kinematics.bodies[body]
    }

    /// The same with coordinates at other values, rad: the pose in which the person stands upright.
    pub fn with(&self, values: impl Iterator<Item = (usize, f64)>) -> Self {
        let mut q = self.q.clone();
        for (degree, value) in values {
            q[degree] = value;
        }
        let mut kinematics = Kinematics::new(self.model);
        kinematics.update(self.model, &q);
        Self { model: self.model, q, kinematics }
    }

    pub fn kinematics(&self) -> &Kinematics<f64> {
        &self.kinematics
    }

    /// Centre of the joint that carries a body: the origin of its joint frame on the body.
    pub fn joint(&self, body: usize) -> Vec3<f64> {
        let center = body.checked_sub(1).map_or(Vec3::zero(), |j| self.model.joints()[j].in_child.position);
        self.kinematics.bodies[body].point(center)
    }

    /// Angular and linear velocity of a body (at its joint) against another per unit of a degree of freedom.
    fn motion(&self, degree: usize, body: usize, against: usize) -> [Vec3<f64>; 2] {
        let of = |b: usize| {
            let mut all = vec![Motion::zero(); self.model.dof()];
            self.kinematics.add_jacobian(self.model, b, &mut all);
            all[degree]
        };
        let (own, other) = (of(body), of(against));
        let at = self.joint(body);
        [own.angular - other.angular, own.of_point(at) - other.of_point(at)]
    }
}

/// The parts whose relative motion shows how a coordinate is counted: the part that moves, against which.
fn moved_by(coordinate: &str) -> (&'static str, &'static str) {
    match coordinate.trim_end_matches("_r").trim_end_matches("_l") {
        "hip_flexion" | "hip_adduction" | "hip_rotation" => ("femur", "pelvis"),
        "knee_angle" => ("tibia", "femur"),
        "ankle_angle" => ("calcn", "tibia"),
        "subtalar_angle" => ("calcn", "talus"),
        "mtp_angle" => ("toes", "calcn"),
        "lumbar_extension" | "lumbar_bending" | "lumbar_rotation" => ("thorax", "pelvis"),
        level if spine::is_level(level) => spine::joined(level),
        _ => ("pelvis", "ground"),
    }
}

/// Direction of the coordinates that the built-in body does not have: extension, bending and turning to the right.
fn own_axis(coordinate: &str) -> Option<Vec3<f64>> {
    match coordinate {
        "lumbar_extension" => Some(Vec3::new(0.0, 0.0, 1.0)),
        "lumbar_bending" => Some(Vec3::new(1.0, 0.0, 0.0)),
        "lumbar_rotation" => Some(Vec3::new(0.0, 1.0, 0.0)),
        _ => None,
    }
}

/// How the model counts every coordinate found. `degrees` are those of the tree in which every coordinate is free.
/// A coordinate without which there can be a posture, and by which nothing moves, plays no part.
pub(super) fn signs(
    reference: &Body,
    tree: &Upright<'_>,
    bodies: &BTreeMap<String, usize>,
    coordinates: &mut BTreeMap<String, Role>,
) -> Result<(), ForeignError> {
    let model = &reference.system.model;
    let own = Upright::new(model, 0..model.dof());
    let mut idle = Vec::new();
    for (name, role) in coordinates.iter_mut() {
        let (moved, against) = moved_by(name);
        let side = match name.as_bytes() {
            [.., b'_', b'l'] => "_l",
            [.., b'_', b'r'] => "_r",
            _ => "",
        };
        let sided = |part: &str| match part {
            "pelvis" | "thorax" | "ground" => part.to_owned(),
            _ if spine::is_level(name) => part.to_owned(),
            _ => format!("{part}{side}"),
        };
        let find = |part: &str| if part == "ground" { Some(0) } else { bodies.get(&sided(part)).copied() };
        let (Some(body), Some(base)) = (find(moved), find(against)) else { continue };
        let [turn, slide] = tree.motion(role.coordinate, body, base);
        let slides = name.starts_with("pelvis_t") && name.len() == "pelvis_tx".len();
        let ours = match own_axis(name) {
            Some(axis) => axis,
            None => {
                let part = |p: &str| if p == "ground" { Some(0) } else { model.body(&sided(p)) };
                let (Some(degree), Some(body), Some(base)) = (model.degree(name), part(moved), part(against))
                else {
                    continue;
                };
                own.motion(degree, body, base)[usize::from(slides)]
            }
        };
        let theirs = if slides { slide } else { turn };
        if turn.norm() + slide.norm() < IDLE && !NEEDED_COORDINATES.contains(&name.as_str()) {
            idle.push(name.clone());
            continue;
        }
        let cosine = theirs.dot(ours) / (theirs.norm() * ours.norm());
        if cosine.is_nan() || cosine.abs() < ALIKE {
            let model_name = tree.model.coordinates()[role.coordinate].name.clone();
            return Err(ForeignError::OtherAxis { role: name.clone(), coordinate: model_name });
        }
        role.sign = cosine.signum();
    }
    coordinates.retain(|name, _| !idle.contains(name));
    Ok(())
}

/// Where the parts lie, and the size of the model over the built-in body. `stands` is the model where its trunk is
/// upright, which need not be where its angles are zero.
pub(super) fn placements(
    reference: &Body,
    (upright, stands): (&Upright<'_>, &Upright<'_>),
    bodies: &BTreeMap<String, usize>,
) -> Result<(BTreeMap<String, Placement>, f64), ForeignError> {
    let model = &reference.system.model;
    let own = Upright::new(model, 0..model.dof());
    let tilt = model.degree("pelvis_tilt");
    let mut q = vec![0.0; model.dof()];
    if let Some(tilt) = tilt {
        q[tilt] = NEUTRAL_TILT;
    }
    let mut standing = Kinematics::new(model);
    standing.update(model, &q);
    let standing = Upright { model, q, kinematics: standing };
    let ours = |part: &str| -> Result<usize, BodyError> {
        model.body(part).ok_or_else(|| BodyError::Missing { what: "body", name: part.to_owned() })
    };
    let joint = |part: &str| -> Result<[Vec3<f64>; 2], BodyError> {
        let theirs =
            bodies.get(part).ok_or_else(|| BodyError::Missing { what: "body", name: part.to_owned() })?;
        Ok([upright.joint(*theirs), own.joint(ours(part)?)])
    };
    let between = |a: &str, b: &str| -> Result<f64, ForeignError> {
        let (a_at, b_at) = (joint(a)?, joint(b)?);
        let ratio = (a_at[0] - b_at[0]).norm() / (a_at[1] - b_at[1]).norm();
        if PLAUSIBLE.contains(&ratio) {
            Ok(ratio)
        } else {
            Err(ForeignError::Implausible { from: a.to_owned(), to: b.to_owned(), ratio })
        }
    };
    let ankle = |side: &str| if bodies.contains_key(&format!("talus_{side}")) { "talus" } else { "calcn" };
    let mut leg = Vec::new();
    for side in ["r", "l"] {
        let thigh = between(&format!("femur_{side}"), &format!("tibia_{side}"))?;
        let shank = between(&format!("tibia_{side}"), &format!("{}_{side}", ankle(side)))?;
        leg.push((thigh, shank));
    }
    let size = leg.iter().map(|(thigh, shank)| thigh + shank).sum::<f64>() / 4.0;
    let width = between("femur_r", "femur_l")?;
    let middle = |[r, l]: [[Vec3<f64>; 2]; 2]| [(r[0] + l[0]) * 0.5, (r[1] + l[1]) * 0.5];
    let hips = middle([joint("femur_r")?, joint("femur_l")?]);
    let mut placements = BTreeMap::new();
    let mut put = |part: &str, on: &str, anchor: [Vec3<f64>; 2], from: &Upright<'_>, size: Vec3<f64>| {
        let Some(&body) = bodies.get(part).or_else(|| bodies.get(on)) else { return Ok(()) };
        let to = if std::ptr::eq(from, &standing) { stands } else { upright };
        let (theirs, ours) = (to.pose(body), from.pose(ours(part)?));
        let origin = anchor[0] + (ours.position - anchor[1]).times(size);
        let rotation = theirs.rotation.transpose() * ours.rotation;
        let position = theirs.rotation.transpose() * (origin - theirs.position);
        placements.insert(part.to_owned(), Placement { body, frame: Pose { rotation, position }, size });
        Ok::<(), BodyError>(())
    };
    put("pelvis", "pelvis", hips, &own, Vec3::new(size, size, width))?;
    // The chest is one piece upon a back that bends elsewhere in every model: it hangs on the hips as a whole, or on the
    // last lumbar joint where the model has lumbar vertebrae.
    let whole = Vec3::new(size, size, size);
    let upper = match (bodies.get("lumbar1"), bodies.get("thorax")) {
        (Some(_), Some(&thorax)) => [stands.joint(thorax), standing.joint(ours("thorax")?)],
        _ => {
            let hip = |side: &str| bodies.get(side).map_or(hips[0], |&femur| stands.joint(femur));
            let own_hips = (standing.joint(ours("femur_r")?) + standing.joint(ours("femur_l")?)) * 0.5;
            [(hip("femur_r") + hip("femur_l")) * 0.5, own_hips]
        }
    };
    put("thorax", "thorax", upper, &standing, whole)?;
    if let Ok(lowest) = joint("lumbar5") {
        put("sacrum", "pelvis", lowest, &own, whole)?;
    }
    for (side, (thigh, shank)) in ["r", "l"].into_iter().zip(leg) {
        let part = |name: &str| format!("{name}_{side}");
        let at_ankle = joint(&part(ankle(side)))?;
        // The built-in foot turns about the ankle even where the model has no talus.
        let at_ankle = [at_ankle[0], own.joint(ours(&part("talus"))?)];
        let foot = match joint(&part("toes")) {
            Ok(ball) => (ball[0].x - at_ankle[0].x) / (ball[1].x - at_ankle[1].x),
            Err(_) => size,
        };
        let foot = if PLAUSIBLE.contains(&foot) { foot } else { size };
        let (heel, feet) = (part("calcn"), Vec3::new(foot, foot, foot));
        put(&part("femur"), "", joint(&part("femur"))?, &own, Vec3::new(size, thigh, size))?;
        put(&part("tibia"), "", joint(&part("tibia"))?, &own, Vec3::new(size, shank, size))?;
        put(&part("talus"), &heel, at_ankle, &own, feet)?;
        put(&heel, "", at_ankle, &own, feet)?;
        // Toes that do not bend are part of the foot.
        put(&part("toes"), &heel, joint(&part("toes")).unwrap_or(at_ankle), &own, feet)?;
        if let Ok(knee_cap) = joint(&part("patella")) {
            put(&part("patella"), "", knee_cap, &own, Vec3::new(size, size, size))?;
        }
    }
    placements.extend(spine::vertebrae(model, &standing, stands, bodies, size)?);
    Ok((placements, size))
}
