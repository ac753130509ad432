//! What the examiner reads off the pose at the end of a test.

use super::ExaminationError;
use super::protocol::Read;
use crate::body::{Body, BodyError, RAD};
use crate::posture::measures::{Reader, measures};
use crate::side::Side;
use guywire_engine::Kinematics;
use guywire_math::{Real, Vec3};

/// Shoulder to fingertips of the reference body over its height: upper arm 0.186, forearm 0.146, hand 0.108
/// (Drillis & Contini 1966, as in Winter 2009).
const ARM: f64 = 0.440;
/// Height of the reference body, m.
const HEIGHT: f64 = 1.70;
/// Hip to floor of the reference body, over its height: thigh 0.245, shank 0.246, foot 0.039 (as above).
const HIP_HEIGHT: f64 = 0.530;

/// The reading in the unit of the test's table.
pub(super) fn reading(
    read: Read,
    body: &Body,
    q: &[f64],
    lying: bool,
    side: Side,
) -> Result<f64, ExaminationError> {
    let model = &body.system.model;
    let mut kinematics = Kinematics::new(model);
    kinematics.update(model, q);
    let reader = Reader::new(body, &kinematics, lying);
    Ok(match read {
        Read::PelvicTilt => measures(&reader)?.0.pelvic_tilt_deg,
        Read::LumbarLordosis => measures(&reader)?.0.lumbar_lordosis_deg,
        Read::LegLengthDifference => {
            let left = measures(&reader)?.0.functional_leg_length_difference_mm;
            let own = if side == Side::Left { left } else { -left };
            own.max(0.0)
        }
        _ => angle(read, body, &kinematics, side)?,
    })
}

/// What is read off the pose of bones alone; no number for what a standing person's measures say.
pub(super) fn angle<T: Real>(
    read: Read,
    body: &Body,
    kinematics: &Kinematics<T>,
    side: Side,
) -> Result<T, BodyError> {
    let suffix = match side {
        Side::Right => "r",
        Side::Left => "l",
    };
    let coordinate = |name: &str| -> Result<T, BodyError> {
        let role = body.role(&format!("{name}_{suffix}"))?;
        Ok(kinematics.coordinates[role.coordinate] * (role.sign / RAD))
    };
    let origin = |part: &str| -> Result<Vec3<T>, BodyError> {
        let (part, point) = body.place(part, Vec3::zero())?;
        Ok(kinematics.bodies[part].point(point.lift()))
    };
    let thigh = || -> Result<T, BodyError> {
        let along = origin(&format!("tibia_{suffix}"))? - origin(&format!("femur_{suffix}"))?;
        // Somebody on their back has their feet towards +x; past the upright the thigh points to the head.
        let level = (along.x * along.x + along.z * along.z).sqrt();
        Ok(along.y.atan2(if along.x.value() < 0.0 { -level } else { level }) / RAD)
    };
    Ok(match read {
        Read::ThighAboveHorizontal => thigh()?,
        Read::ThighBelowHorizontal => -thigh()?,
        Read::KneeFlexion => coordinate("knee_angle")?,
        Read::HipAbduction => -coordinate("hip_adduction")?,
        Read::HipInternalRotation => coordinate("hip_rotation")?,
        Read::HipExternalRotation => -coordinate("hip_rotation")?,
        Read::Dorsiflexion => coordinate("ankle_angle")?,
        Read::FingertipsAboveFloor => {
            let (thorax, at) = body.place("thorax", Vec3::from_array(body.constants.arms.shoulder))?;
            let shoulder = kinematics.bodies[thorax].point(at.lift());
            let hip = origin("femur_r")?;
            (shoulder.y - hip.y + (HIP_HEIGHT - ARM) * HEIGHT * body.size) * 100.0
        }
        Read::LeftAnkleHigher => {
            let ankle = |side| landmark(body, kinematics, "medial malleolus", side);
            // Somebody on their back has their head towards -x.
            (ankle(Side::Right)?.x - ankle(Side::Left)?.x) * 1e3
        }
        Read::SpineToInnerAnkle => tape(body, kinematics, "medial malleolus", side)?,
        Read::SpineToOuterAnkle => tape(body, kinematics, "lateral malleolus", side)?,
        Read::PelvicTilt | Read::LumbarLordosis | Read::LegLengthDifference => T::lift(f64::NAN),
    })
}

/// From the ASIS of a side to its ankle, cm.
fn tape<T: Real>(body: &Body, kinematics: &Kinematics<T>, ankle: &str, side: Side) -> Result<T, BodyError> {
    let of = |name: &str| landmark(body, kinematics, name, side);
    Ok((of("ASIS")? - of(ankle)?).norm() * 100.0)
}

fn landmark<T: Real>(
    body: &Body,
    kinematics: &Kinematics<T>,
    name: &str,
    side: Side,
) -> Result<Vec3<T>, BodyError> {
    let found = body.landmarks.iter().find(|l| l.name == name && l.side == Some(side));
    let found = found.ok_or_else(|| BodyError::Missing { what: "landmark", name: name.to_owned() })?;
    Ok(kinematics.bodies[found.body].point(found.position.lift()))
}
