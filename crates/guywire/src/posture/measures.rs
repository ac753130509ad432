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

use crate::body::{Body, BodyError, RAD};
use crate::results::{Absent, Measures, Side};
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

    /// Origin of a part in the reading frame.
    fn origin(&self, part: &str) -> Result<Vec3<f64>, BodyError> {
        let (body, point) = self.body.place(part, Vec3::zero())?;
        Ok(self.frame * self.kinematics.bodies[body].point(point))
    }

    /// A coordinate of the built-in body, deg.
    fn coordinate(&self, name: &str) -> Result<f64, BodyError> {
        let role = self.body.role(name)?;
        Ok(role.sign * self.kinematics.coordinates[role.coordinate] / RAD)
    }

    /// How far the back is bent forward, deg: over all its levels, or in the one joint that a model has.
    fn lumbar_flexion(&self) -> Result<f64, BodyError> {
        let mut flexion = 0.0;
        for level in crate::body::LEVELS {
            match self.coordinate(&format!("{level}_FE")) {
                Ok(extension) => flexion -= extension,
                Err(_) if !self.body.is_built_in() => return Ok(-self.coordinate("lumbar_extension")?),
                Err(lack) => return Err(lack),
            }
        }
        Ok(flexion)
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

/// All measures of a pose, and those that the body has no parts for.
pub(crate) fn measures(reader: &Reader<'_>) -> Result<(Measures, Vec<Absent>), BodyError> {
    let mut told = Told { reader, absent: Vec::new() };
    let list = told.all()?;
    Ok((list, told.absent))
}

struct Told<'r> {
    reader: &'r Reader<'r>,
    absent: Vec<Absent>,
}

impl Told<'_> {
    fn all(&mut self) -> Result<Measures, BodyError> {
        let reader = self.reader;
        let (right_hip, left_hip) = (reader.origin("femur_r")?, reader.origin("femur_l")?);
        let hips = (right_hip + left_hip) * 0.5;
        let across = right_hip - left_hip;
        let ankles = (reader.origin("talus_r")? + reader.origin("talus_l")?) * 0.5;
        let thorax = reader.body.part("thorax")?;
        let up = reader.frame * (reader.kinematics.bodies[thorax].rotation * reader.body.thorax_up);
        let mass = reader.frame * reader.kinematics.center_of_mass(&reader.body.system.model);
        let sacrum = reader.endplate("S1 superior").map(down);
        let retroversion = reader.landmark("S1 superior endplate centre", None).map(|center| {
            let rise = center - hips;
            libm::atan2(-rise.x, rise.y) / RAD
        });
        let lordosis = |upper: &str| Ok(wrapped(sacrum.clone()? - down(reader.endplate(upper)?)));
        let iliac = || Ok(down(reader.landmark("ASIS", None)? - reader.landmark("PSIS", None)?));
        // On the feet a short leg lowers its hip; lying, it draws up its ankle.
        let shorter_left = || {
            let ankle = |side| reader.landmark("medial malleolus", Some(side));
            Ok(if reader.lying { ankle(Side::Left)?.y - ankle(Side::Right)?.y } else { across.y })
        };
        let incidence = sacrum.clone().and_then(|s| Ok(wrapped(s + retroversion.clone()?)));
        Ok(Measures {
            pelvic_tilt_deg: self.or_none("pelvic_tilt_deg", iliac())?,
            sacral_slope_deg: self.or_none("sacral_slope_deg", sacrum.clone())?,
            spinopelvic_tilt_deg: self.or_none("spinopelvic_tilt_deg", retroversion.clone())?,
            pelvic_incidence_deg: self.or_none("pelvic_incidence_deg", incidence)?,
            lumbar_lordosis_deg: self.or_none("lumbar_lordosis_deg", lordosis("L1 superior"))?,
            lower_lordosis_deg: self.or_none("lower_lordosis_deg", lordosis("L4 superior"))?,
            lumbar_flexion_deg: self.or_none("lumbar_flexion_deg", reader.lumbar_flexion())?,
            thorax_inclination_deg: guywire_engine::equilibrium::inclination(up) / RAD,
            hip_flexion_left_deg: self.angle("hip_flexion_left_deg", "hip_flexion_l")?,
            hip_flexion_right_deg: self.angle("hip_flexion_right_deg", "hip_flexion_r")?,
            hip_adduction_left_deg: self.angle("hip_adduction_left_deg", "hip_adduction_l")?,
            hip_adduction_right_deg: self.angle("hip_adduction_right_deg", "hip_adduction_r")?,
            femoral_rotation_left_deg: self.angle("femoral_rotation_left_deg", "hip_rotation_l")?,
            femoral_rotation_right_deg: self.angle("femoral_rotation_right_deg", "hip_rotation_r")?,
            knee_flexion_left_deg: self.angle("knee_flexion_left_deg", "knee_angle_l")?,
            knee_flexion_right_deg: self.angle("knee_flexion_right_deg", "knee_angle_r")?,
            ankle_dorsiflexion_left_deg: self.angle("ankle_dorsiflexion_left_deg", "ankle_angle_l")?,
            ankle_dorsiflexion_right_deg: self.angle("ankle_dorsiflexion_right_deg", "ankle_angle_r")?,
            pelvic_obliquity_deg: libm::atan2(across.y, across.z) / RAD,
            pelvic_rotation_deg: libm::atan2(across.x, across.z) / RAD,
            functional_leg_length_difference_mm: 1e3
                * self.or_none("functional_leg_length_difference_mm", shorter_left())?,
            gravity_line_mm: (mass.x - ankles.x) * 1e3,
        })
    }

    fn angle(&mut self, field: &'static str, coordinate: &str) -> Result<f64, BodyError> {
        self.or_none(field, self.reader.coordinate(coordinate))
    }

    /// A measure; another model than the built-in body may lack what it is read from.
    fn or_none(&mut self, field: &'static str, value: Result<f64, BodyError>) -> Result<f64, BodyError> {
        match value {
            Err(lack) if !self.reader.body.is_built_in() => {
                let why = lack.to_string().replacen("the body", "the model", 1);
                self.absent.push(Absent { what: field.to_owned(), why });
                Ok(f64::NAN)
            }
            value => value,
        }
    }
}
