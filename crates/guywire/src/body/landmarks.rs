//! Points that a finger or a radiograph can find, and what is read off them before any posture: the planes of the
//! discs, the chest's upright.

use super::scale::ScaledPerson;
use super::tables::{LandmarkRow, rows};
use super::{ABOVE, BodyError, LEVELS, NEUTRAL_TILT, degree, left};
use crate::side::Side;
use guywire_engine::{Kinematics, Level, Model};
use guywire_math::{Pose, Vec3};

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

/// Turns the sacrum in the pelvis about the S1 endplate, which changes pelvic incidence by `angle` (rad):
/// the endplate's slope against the line from its centre to the hips.
pub(super) fn turn_sacrum(model: &mut Model, angle: f64) -> Result<(), BodyError> {
    let rows = rows!(LandmarkRow, "landmarks.csv")?;
    let center = rows
        .iter()
        .find(|r| r.landmark == "S1 superior endplate centre")
        .ok_or(BodyError::Missing { what: "landmark", name: "S1 superior endplate centre".into() })?;
    let sacrum = model.body("sacrum").ok_or(BodyError::Missing { what: "body", name: "sacrum".into() })?;
    let about = Vec3::new(center.x, center.y, center.z);
    // A steeper endplate faces more forward: the sacrum turns about −z.
    let rotation = guywire_math::Mat3::rotation(Vec3::new(0.0, 0.0, 1.0), -angle);
    let turn = Pose { rotation, position: about - rotation * about };
    model.move_joint_frame(sacrum, turn);
    Ok(())
}
