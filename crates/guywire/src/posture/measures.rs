//! The clinical measures of a posture: every angle and its sign, defined once.
//!
//! Angles in degrees. *Up* and *forward* are the room's for a person who stands or sits; for one who lies
//! they are headwards and towards the ceiling, as a radiograph of a lying person is read.
//!
//! | measure | definition | positive |
//! |---|---|---|
//! | `pelvic_tilt` | line from PSIS to ASIS (midpoints of both sides) against the horizontal | ASIS lower: anterior |
//! | `sacral_slope` | S1 endplate against the horizontal (Legaye 1998) | front edge lower |
//! | `spinopelvic_tilt` | line from the hip axis to the middle of S1 against the vertical (PT) | S1 behind: retroversion |
//! | `pelvic_incidence` | sacral slope + spinopelvic tilt | |
//! | `lumbar_lordosis` | upper L1 endplate against S1 endplate (Cobb) | hollow back |
//! | `lower_lordosis` | upper L4 endplate against S1 endplate | hollow back |
//! | `lumbar_flexion` | sum of the six lumbar flexion coordinates, from the neutral spine of the tables | bent forward |
//! | `thorax_inclination` | thorax against its neutral upright direction | forward |
//! | `hip_flexion` | thigh against the anterior pelvic plane, the coordinate of the hip | thigh forward |
//! | `hip_adduction`, `femoral_rotation` | coordinates of the hip | towards the midline; inwards |
//! | `pelvic_obliquity` | line between the hip joint centres against the horizontal | right side higher |
//! | `pelvic_rotation` | the same line against the side-to-side axis, seen from above | right side forward |
//! | `functional_leg_length_difference` | standing or sitting: height of the right hip centre over the left; lying: how far the left inner ankle lies headwards of the right; in mm | left leg shorter |
//! | `gravity_line` | whole-body mass centre in front of the middle of the ankles, in mm | in front |

use crate::body::{Body, BodyError, RAD, degree};
use crate::results::{Measures, Side};
use guywire_engine::Kinematics;
use guywire_math::{Mat3, Vec3};

/// Reads landmarks off a pose.
pub(crate) struct Reader<'a> {
    pub body: &'a Body,
    pub kinematics: &'a Kinematics<f64>,
    /// Whether the person lies: angles are then read headwards.
    pub lying: bool,
    /// Turns ground into the frame in which angles are read.
    frame: Mat3<f64>,
}

impl<'a> Reader<'a> {
    /// For a pose of a body.
    pub fn new(body: &'a Body, kinematics: &'a Kinematics<f64>, lying: bool) -> Self {
        let turn = if lying { -90.0 * RAD } else { 0.0 };
        Self { body, kinematics, lying, frame: Mat3::rotation(Vec3::new(0.0, 0.0, 1.0), turn) }
    }

    /// A landmark in the reading frame; the mean of both sides if it has two and no side is asked for.
    pub fn landmark(&self, name: &str, side: Option<Side>) -> Result<Vec3<f64>, BodyError> {
        let (mut sum, mut count) = (Vec3::zero(), 0.0);
        for l in &self.body.landmarks {
            if l.name == name && (side.is_none() || l.side == side) {
                sum += self.kinematics.bodies[l.body].point(l.position);
                count += 1.0;
            }
        }
        if count == 0.0 {
            return Err(BodyError::Missing { what: "landmark", name: name.to_owned() });
        }
        Ok(self.frame * (sum * (1.0 / count)))
    }

    /// Direction of an endplate, from its back edge to its front edge.
    pub fn endplate(&self, name: &str) -> Result<Vec3<f64>, BodyError> {
        let front = self.landmark(&format!("{name} endplate anterior"), None)?;
        Ok(front - self.landmark(&format!("{name} endplate posterior"), None)?)
    }
}

/// How far a forward direction points down, deg.
fn down(v: Vec3<f64>) -> f64 {
    libm::atan2(-v.y, v.x) / RAD
}

/// An angle in (−180°, 180°].
fn wrapped(deg: f64) -> f64 {
    deg - 360.0 * libm::ceil(deg / 360.0 - 0.5)
}

/// All measures of a pose.
pub(crate) fn measures(reader: &Reader<'_>, q: &[f64]) -> Result<Measures, BodyError> {
    let model = &reader.body.system.model;
    let coordinate = |name: &str| -> Result<f64, BodyError> { Ok(q[degree(model, name)?] / RAD) };
    let origin = |name: &str| -> Result<Vec3<f64>, BodyError> {
        let body =
            model.body(name).ok_or_else(|| BodyError::Missing { what: "body", name: name.to_owned() })?;
        Ok(reader.frame * reader.kinematics.bodies[body].position)
    };
    let (right_hip, left_hip) = (origin("femur_r")?, origin("femur_l")?);
    let hips = (right_hip + left_hip) * 0.5;
    let across = right_hip - left_hip;
    let ankles = (origin("talus_r")? + origin("talus_l")?) * 0.5;
    let iliac = reader.landmark("ASIS", None)? - reader.landmark("PSIS", None)?;
    let sacrum = down(reader.endplate("S1 superior")?);
    let rise = reader.landmark("S1 superior endplate centre", None)? - hips;
    let retroversion = libm::atan2(-rise.x, rise.y) / RAD;
    let thorax = model.body("thorax").ok_or(BodyError::Missing { what: "body", name: "thorax".into() })?;
    let up = reader.frame * (reader.kinematics.bodies[thorax].rotation * reader.body.thorax_up);
    let mut flexion = 0.0;
    for level in crate::body::LEVELS {
        flexion -= coordinate(&format!("{level}_FE"))?;
    }
    // On the feet a short leg lowers its hip; lying, it draws up its ankle.
    let shorter_left = if reader.lying {
        let ankle = |side| reader.landmark("medial malleolus", Some(side));
        ankle(Side::Left)?.y - ankle(Side::Right)?.y
    } else {
        across.y
    };
    let mass = reader.frame * reader.kinematics.center_of_mass(model);
    Ok(Measures {
        pelvic_tilt_deg: down(iliac),
        sacral_slope_deg: sacrum,
        spinopelvic_tilt_deg: retroversion,
        pelvic_incidence_deg: wrapped(sacrum + retroversion),
        lumbar_lordosis_deg: wrapped(sacrum - down(reader.endplate("L1 superior")?)),
        lower_lordosis_deg: wrapped(sacrum - down(reader.endplate("L4 superior")?)),
        lumbar_flexion_deg: flexion,
        thorax_inclination_deg: guywire_engine::equilibrium::inclination(up) / RAD,
        hip_flexion_left_deg: coordinate("hip_flexion_l")?,
        hip_flexion_right_deg: coordinate("hip_flexion_r")?,
        hip_adduction_left_deg: coordinate("hip_adduction_l")?,
        hip_adduction_right_deg: coordinate("hip_adduction_r")?,
        femoral_rotation_left_deg: coordinate("hip_rotation_l")?,
        femoral_rotation_right_deg: coordinate("hip_rotation_r")?,
        knee_flexion_left_deg: coordinate("knee_angle_l")?,
        knee_flexion_right_deg: coordinate("knee_angle_r")?,
        ankle_dorsiflexion_left_deg: coordinate("ankle_angle_l")?,
        ankle_dorsiflexion_right_deg: coordinate("ankle_angle_r")?,
        pelvic_obliquity_deg: libm::atan2(across.y, across.z) / RAD,
        pelvic_rotation_deg: libm::atan2(across.x, across.z) / RAD,
        functional_leg_length_difference_mm: shorter_left * 1e3,
        gravity_line_mm: (mass.x - ankles.x) * 1e3,
    })
}
