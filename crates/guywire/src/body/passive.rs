//! Passive tissue: spinal segments, the joints of the legs, plantar fasciae, and the range of the hip.

use super::scale::ScaledPerson;
use super::skeleton::left;
use super::tables::rows;
use super::{BodyError, LEVELS, MuscleInfo, RAD, ReferenceBody, degree, suffix};
use crate::case::{Property, Target, Tissue};
use crate::side::Side;
use guywire_engine::passive::{Ligament, PassiveLaw, PassiveMoment};
use guywire_engine::path::PathPoint;
use guywire_engine::{Kinematics, Model, PathSet};
use guywire_math::Vec3;
use serde::Deserialize;

/// Part of a fascia's shortening that is left as strain: the rest raises the arch, which the rigid foot of this
/// skeleton cannot do (assumed).
const ARCH_STRAIN_SHARE: f64 = 0.1;

#[derive(Clone, Debug, Deserialize)]
struct SegmentRow {
    level: String,
    #[serde(rename = "flexion_Nm_per_rad")]
    flexion: f64,
    #[serde(rename = "lateral_bending_Nm_per_rad")]
    lateral: f64,
    #[serde(rename = "axial_rotation_Nm_per_rad")]
    axial: f64,
    #[serde(rename = "flexion_at_10Nm_deg")]
    flexion_range: f64,
    #[serde(rename = "extension_at_10Nm_deg")]
    extension_range: f64,
    #[serde(rename = "lateral_bending_at_10Nm_deg")]
    lateral_range: f64,
    #[serde(rename = "axial_rotation_at_10Nm_deg")]
    axial_range: f64,
}

#[derive(Clone, Debug, Deserialize)]
struct FasciaRow {
    element: String,
    origin_body: String,
    origin_x: f64,
    origin_y: f64,
    origin_z: f64,
    insertion_body: String,
    insertion_x: f64,
    insertion_y: f64,
    insertion_z: f64,
    #[serde(rename = "stiffness_N_per_m")]
    stiffness: f64,
    slack_length_m: f64,
}

impl ReferenceBody {
    pub(super) fn segments(
        &self,
        model: &Model,
        neutral: &[f64; 6],
        person: &ScaledPerson,
    ) -> Result<Vec<PassiveMoment>, BodyError> {
        let rows = rows!(SegmentRow, "segment_stiffness.csv")?;
        let constants = &self.constants.segments;
        let mut passives = Vec::new();
        for (k, level) in LEVELS.iter().enumerate() {
            let row = rows
                .iter()
                .find(|r| r.level == *level)
                .ok_or_else(|| BodyError::Missing { what: "segment", name: (*level).into() })?;
            // Cubic term such that 10 N·m without preload turns the segment by its measured range.
            let cubic = |k0: f64, range_deg: f64| {
                let range = range_deg * RAD;
                ((10.0 - k0 * range) / (range * range * range)).max(0.0)
            };
            let directions = [
                ("FE", row.flexion, row.flexion_range, row.extension_range, neutral[k]),
                ("LB", row.lateral, row.lateral_range, row.lateral_range, 0.0),
                ("AR", row.axial, row.axial_range, row.axial_range, 0.0),
            ];
            for (direction, at_500, below, above, neutral) in directions {
                let stiffness = at_500 / constants.preload_factor_at_500_n;
                let name = format!("{level}_{direction}");
                passives.push(PassiveMoment {
                    degree: degree(model, &name)?,
                    law: PassiveLaw::Segment {
                        stiffness: stiffness * person.strength,
                        neutral,
                        cubic_below: cubic(stiffness, below) * person.strength,
                        cubic_above: cubic(stiffness, above) * person.strength,
                    },
                    level: Some(k),
                    price: Some(self.constants.effort.segment_price_nm * person.strength),
                    name,
                });
            }
        }
        Ok(passives)
    }

    pub(super) fn limb_passives(
        &self,
        model: &Model,
        side: Side,
        extension_range_deg: f64,
        person: &ScaledPerson,
    ) -> Result<Vec<PassiveMoment>, BodyError> {
        let suffix = suffix(side);
        let (hip, knee, foot) =
            (&self.constants.hip_capsule, &self.constants.knee_capsule, &self.constants.foot);
        let k = person.strength;
        let linear = |stiffness: f64| PassiveLaw::Linear { stiffness: stiffness * k, neutral: 0.0 };
        // A smaller range of extension moves the whole curve towards flexion.
        let at = (hip.at_deg - extension_range_deg) * RAD;
        let list = [
            (
                "hip_flexion",
                PassiveLaw::Exponential { moment: hip.moment_nm * k, at, fold: -hip.fold_deg * RAD },
            ),
            ("hip_adduction", linear(hip.adduction_stiffness_nm_per_rad)),
            ("hip_rotation", linear(hip.rotation_stiffness_nm_per_rad)),
            // The knee coordinate flexes positively.
            (
                "knee_angle",
                PassiveLaw::Exponential { moment: knee.moment_nm * k, at: 0.0, fold: -knee.fold_deg * RAD },
            ),
            ("ankle_angle", linear(foot.ankle_stiffness_nm_per_rad)),
            ("subtalar_angle", linear(foot.subtalar_stiffness_nm_per_rad)),
            ("mtp_angle", linear(foot.toe_stiffness_nm_per_rad)),
        ];
        list.into_iter()
            .map(|(coordinate, law)| {
                let name = format!("{coordinate}_{suffix}");
                Ok(PassiveMoment { degree: degree(model, &name)?, law, level: None, price: None, name })
            })
            .collect()
    }

    /// A change of the hip's range moves the passive curves of its flexors by the same angle as the
    /// capsule's: each curve by the change of fibre length that the angle (`range`, rad, along the degree of
    /// freedom `flexion`) makes at the neutral pose.
    pub(super) fn shift_hip_flexors(
        &self,
        (model, paths): (&Model, &PathSet),
        infos: &[MuscleInfo],
        muscles: &mut [guywire_engine::Muscle],
        side: Side,
        (flexion, range): (usize, f64),
    ) -> Result<(), BodyError> {
        let mut kinematics = Kinematics::new(model);
        kinematics.update(model, &model.default_pose());
        let mut arms = paths.moment_arms();
        paths.update(model, &kinematics, &mut arms)?;
        for (m, (muscle, info)) in muscles.iter_mut().zip(infos).enumerate() {
            let flexor = self.groups.iter().any(|g| g.group == "hip_flexors" && g.member == info.key);
            let arm = paths.row(m).find(|&k| paths.columns()[k] == flexion).map_or(0.0, |k| arms.values[k]);
            if flexor && info.side == side {
                let p = &mut muscle.parameters;
                p.passive.stretch *= 1.0 + arm * range / p.optimal_fiber_length;
            }
        }
        Ok(())
    }

    pub(super) fn fasciae(
        &self,
        model: &Model,
        tissue: &Tissue,
        person: &ScaledPerson,
    ) -> Result<Vec<Ligament>, BodyError> {
        let rows = rows!(FasciaRow, "plantar_fascia.csv")?;
        let mut list = Vec::new();
        for row in rows {
            for side in [Side::Right, Side::Left] {
                let name = |n: &str| if side == Side::Left { left(n) } else { n.to_owned() };
                let sign = if side == Side::Left { -1.0 } else { 1.0 };
                let end = |b: &str, x: f64, y: f64, z: f64| -> Result<PathPoint, BodyError> {
                    let b = name(b);
                    let body = model.body(&b).ok_or(BodyError::Missing { what: "body", name: b.clone() })?;
                    Ok(PathPoint::fixed(body, Vec3::new(x, y, sign * z).times(person.scaling.of(&b))))
                };
                let (mut length, mut stiffness) = (1.0, 1.0);
                for s in &tissue.settings {
                    let here = matches!(&s.target, Target::Group(g) if g == "plantar_fascia");
                    if here && s.side.is_none_or(|x| x == side) {
                        match s.property {
                            Property::Length => length *= s.value,
                            Property::Stiffness => stiffness *= s.value,
                            _ => {}
                        }
                    }
                }
                let origin = end(&row.origin_body, row.origin_x, row.origin_y, row.origin_z)?;
                let insertion = end(&row.insertion_body, row.insertion_x, row.insertion_y, row.insertion_z)?;
                let size = person.scaling.of(&name(&row.origin_body)).x;
                list.push(Ligament {
                    name: name(&row.element),
                    origin,
                    insertion,
                    slack_length: row.slack_length_m * (1.0 - ARCH_STRAIN_SHARE * (1.0 - length)) * size,
                    stiffness: row.stiffness * stiffness * person.strength / size,
                    // A toe of half a percent of the length: assumed, only smooths the onset.
                    toe: 0.005 * row.slack_length_m * size,
                });
            }
        }
        Ok(list)
    }
}
