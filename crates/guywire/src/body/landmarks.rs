//! Points that a finger or a radiograph can find, and what is read off them before any posture: the planes of the
//! discs, the chest's upright.

use super::scale::ScaledPerson;
use super::tables::{LandmarkRow, rows};
use super::{ABOVE, BodyError, LEVELS, NEUTRAL_TILT, degree, left};
use crate::side::Side;
use guywire_engine::{Kinematics, Level, Model};
use guywire_math::{Mat3, Pose, Vec3};

/// A point that a finger or a radiograph can find.
#[derive(Clone, Debug)]
pub struct Landmark {
    /// Name without side.
    pub name: String,
    /// Body (index).
    pub body: usize,
    /// Side, or none on the midline.
    pub side: Option<Side>,
    /// Position in the body frame, m.
    pub position: Vec3<f64>,
}

pub(super) fn landmarks(model: &Model, person: &ScaledPerson) -> Result<Vec<Landmark>, BodyError> {
    let rows = rows!(LandmarkRow, "landmarks.csv")?;
    let mut list = Vec::new();
    for sign in [1.0, -1.0] {
        for row in rows.iter().filter(|r| sign > 0.0 || r.mirrored) {
            let name = if sign < 0.0 { left(&row.body) } else { row.body.clone() };
            let body = model.body(&name).ok_or(BodyError::Missing { what: "body", name: name.clone() })?;
            let side = row.mirrored.then_some(if sign < 0.0 { Side::Left } else { Side::Right });
            let position = Vec3::new(row.x, row.y, sign * row.z).times(person.scaling.of(&name));
            list.push(Landmark { name: row.landmark.clone(), body, side, position });
        }
    }
    Ok(list)
}

/// The discs' normals in the neutral standing pose.
pub(super) fn levels(model: &Model, landmarks: &[Landmark]) -> Result<Vec<Level>, BodyError> {
    let kinematics = neutral(model)?;
    let level = |k: usize| {
        let upper = model.body(ABOVE[k]).ok_or(BodyError::Missing { what: "body", name: ABOVE[k].into() })?;
        let normal = disc_normal(k, upper, &kinematics, landmarks)?;
        Ok(Level { name: LEVELS[k].replace('_', "/"), upper, normal })
    };
    (0..LEVELS.len()).map(level).collect()
}

/// The endplates beside the disc of every level, as far as a rigid chest has any.
const PLATES: [&[&str]; 6] = [
    &["S1 superior", "L5 inferior"],
    &["L5 superior", "L4 inferior"],
    &["L4 superior", "L3 inferior"],
    &["L3 superior", "L2 inferior"],
    &["L2 superior", "L1 inferior"],
    &["L1 superior"],
];

/// Normal of the disc of level `k` in the frame of the body above: across the middle of the planes of its endplates, in
/// a pose in which the spine lies in the sagittal plane.
pub(super) fn disc_normal(
    k: usize,
    upper: usize,
    kinematics: &Kinematics<f64>,
    landmarks: &[Landmark],
) -> Result<Vec3<f64>, BodyError> {
    let find = |name: &str| {
        landmarks
            .iter()
            .find(|l| l.name == name)
            .map(|l| kinematics.bodies[l.body].point(l.position))
            .ok_or_else(|| BodyError::Missing { what: "landmark", name: name.to_owned() })
    };
    let mut forward = Vec3::zero();
    for name in PLATES[k] {
        let e = find(&format!("{name} endplate anterior"))? - find(&format!("{name} endplate posterior"))?;
        forward += e * (1.0 / e.norm());
    }
    // Up is forward turned by 90° about the axis to the right.
    let up = Vec3::new(-forward.y, forward.x, 0.0);
    Ok(kinematics.bodies[upper].rotation.transpose() * (up * (1.0 / up.norm())))
}

/// The pose of every body in the neutral standing pose.
pub(super) fn neutral(model: &Model) -> Result<Kinematics<f64>, BodyError> {
    let mut kinematics = Kinematics::new(model);
    let mut q = model.default_pose();
    q[degree(model, "pelvis_tilt")?] = NEUTRAL_TILT;
    kinematics.update(model, &q);
    Ok(kinematics)
}

/// Direction in the thorax frame that is vertical in the neutral standing pose.
pub(super) fn thorax_up(model: &Model) -> Result<Vec3<f64>, BodyError> {
    let thorax = model.body("thorax").ok_or(BodyError::Missing { what: "body", name: "thorax".into() })?;
    Ok(neutral(model)?.bodies[thorax].rotation.transpose() * Vec3::new(0.0, 1.0, 0.0))
}

/// Share of a difference in pelvic incidence that lies in where S1 stands over the hips; the rest lies in how its
/// endplate faces. Between people, the angle of the line from the hips to S1 against the anterior pelvic plane goes up by
/// this much with every degree of incidence: Ohashi et al. 2024 (140 healthy adults; ranges of 46.6° of the endplate and
/// 29.3° of the line are deviations of 8.9° and 5.6°, which leaves 0.2 to 0.3 for incidences that deviate by 9° to 10°);
/// Imai et al. 2019 (108; the endplate's angle correlates with incidence by 0.72 to 0.79, which leaves 0.25 to 0.35).
const SHARE_OF_PLACE: f64 = 0.25;

/// Changes pelvic incidence by `angle` (rad), the endplate's slope against the line from its centre to the hips: turns
/// the sacrum in the pelvis about the middle of S1, and then both about the axis of the hips, which leaves incidence alone.
pub(super) fn turn_sacrum(model: &mut Model, landmarks: &[Landmark], angle: f64) -> Result<(), BodyError> {
    let missing = |what: &'static str, name: &str| BodyError::Missing { what, name: name.to_owned() };
    let body = |name: &str| model.body(name).ok_or_else(|| missing("body", name));
    let find =
        |name: &str| landmarks.iter().find(|l| l.name == name).ok_or_else(|| missing("landmark", name));
    let (pelvis, sacrum) = (body("pelvis")?, body("sacrum")?);
    let kinematics = neutral(model)?;
    let center = find("S1 superior endplate centre")?.position;
    // In the sacrum's frame; both hips are as high and as far in front.
    let hips = {
        let hip = find("hip joint centre")?.position;
        kinematics.bodies[sacrum].inverse_point(kinematics.bodies[pelvis].point(Vec3::new(hip.x, hip.y, 0.0)))
    };
    let about = |point: Vec3<f64>, angle: f64| {
        let rotation = Mat3::rotation(Vec3::new(0.0, 0.0, 1.0), angle);
        Pose { rotation, position: point - rotation * point }
    };
    // A steeper endplate faces more forward: the sacrum turns about −z. More incidence sets S1 farther behind the hips:
    // it goes about +z.
    model.move_joint_frame(sacrum, about(hips, SHARE_OF_PLACE * angle) * about(center, -angle));
    Ok(())
}
