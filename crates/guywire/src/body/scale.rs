//! How a person's measures scale the reference body.

use super::skeleton::Scaling;
use super::tables::{TableError, rows};
use super::{BodyError, RAD};
use crate::case::{Person, Sex};
use guywire_math::Vec3;
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Clone, Debug, Deserialize)]
pub(super) struct ScalingRow {
    pub quantity: String,
    sex: String,
    pub value: f64,
}

/// A person as scale factors of the reference body.
#[derive(Clone, Debug)]
pub(super) struct ScaledPerson {
    pub scaling: Scaling,
    /// Maximal muscle force and passive stiffness over the reference.
    pub strength: f64,
    /// Height over reference height.
    pub size: f64,
    /// Pelvic incidence less the reference body's, rad.
    pub incidence_change: f64,
}

const LUMBAR: [&str; 6] = ["lumbar5", "lumbar4", "lumbar3", "lumbar2", "lumbar1", "abdomen"];
const FOOT: [&str; 3] = ["talus_r", "calcn_r", "toes_r"];

impl ScaledPerson {
    /// The reference body itself.
    pub fn reference() -> Self {
        let scaling = Scaling { lengths: BTreeMap::new(), masses: BTreeMap::new() };
        Self { scaling, strength: 1.0, size: 1.0, incidence_change: 0.0 }
    }

    /// From a person's measures; what was not measured follows from height, mass and sex.
    pub fn from(person: &Person) -> Result<Self, BodyError> {
        let rows = rows!(ScalingRow, "scaling.csv")?;
        let sex = match person.sex {
            Sex::Female => "female",
            Sex::Male => "male",
        };
        let get = |quantity: &str, sex: &str| -> Result<f64, BodyError> {
            let row = rows.iter().find(|r| r.quantity == quantity && (r.sex == sex || r.sex == "both"));
            let problem = || format!("no row `{quantity}` for `{sex}`");
            Ok(row.ok_or_else(|| TableError { table: "scaling.csv", line: 1, problem: problem() })?.value)
        };
        let reference_height = get("reference_height", "male")?;
        let height = person.height_cm / 100.0;
        let size = height / reference_height;
        let segments = &person.segments;
        // A measured length against the length that the reference body has at the reference height.
        let measured = |length_cm: Option<f64>, quantity: &str| -> Result<f64, BodyError> {
            Ok(match length_cm {
                Some(cm) => cm / 100.0 / (get(quantity, "male")? * reference_height),
                None => size,
            })
        };
        let thigh = measured(segments.thigh_cm, "thigh_length_share")?;
        let shank = measured(segments.shank_cm, "shank_length_share")?;
        let foot = measured(segments.foot_cm, "foot_length_share")?;
        let trunk = measured(segments.trunk_cm, "trunk_length_share")?;
        let width = match segments.hip_width_cm {
            Some(cm) => cm / 100.0 / (get("hip_width_share", "male")? * reference_height),
            None => size * get("hip_width_share", sex)? / get("hip_width_share", "male")?,
        };
        let mut lengths = BTreeMap::new();
        let mut put = |body: &str, x: f64, y: f64, z: f64| {
            lengths.insert(body.to_owned(), Vec3::new(x, y, z));
        };
        put("pelvis", size, size, width);
        put("sacrum", size, size, size);
        for body in LUMBAR {
            put(body, size, trunk, size);
        }
        put("thorax", size, trunk, size);
        put("femur_r", size, thigh, size);
        put("patella_r", size, size, size);
        put("tibia_r", size, shank, size);
        for body in FOOT {
            put(body, foot, foot, foot);
        }
        // Mass: the reference body's distribution, moved towards the sex's own, then scaled as a whole.
        let mut weights: BTreeMap<String, f64> = BTreeMap::new();
        for (bodies, quantity) in [
            (&["pelvis"][..], "mass_share.pelvis"),
            (&LUMBAR[..5], "mass_share.lumbar"),
            (&["thorax"][..], "mass_share.thorax"),
            (&["femur_r"][..], "mass_share.femur"),
            (&["tibia_r", "patella_r"][..], "mass_share.tibia"),
            (&FOOT[..], "mass_share.foot"),
        ] {
            let ratio = get(quantity, sex)? / get(quantity, "male")?;
            weights.extend(bodies.iter().map(|b| ((*b).to_owned(), ratio)));
        }
        let bodies = rows!(super::tables::BodyRow, "bodies.csv")?;
        let (mut reference_mass, mut weighted) = (0.0, 0.0);
        for row in bodies {
            let mass = row.mass_kg * if row.mirrored { 2.0 } else { 1.0 };
            reference_mass += mass;
            weighted += mass * weights.get(&row.body).copied().unwrap_or(1.0);
        }
        let factor = person.mass_kg / weighted;
        let masses = bodies
            .iter()
            .map(|r| (r.body.clone(), factor * weights.get(&r.body).copied().unwrap_or(1.0)))
            .collect();
        let exponent = get("strength_mass_exponent", sex)?;
        let strength = (person.mass_kg / reference_mass).powf(exponent) * get("strength_sex_factor", sex)?;
        let reference_incidence = get("reference_pelvic_incidence", "male")?;
        let incidence_change = person.pelvic_incidence_deg.map_or(0.0, |pi| (pi - reference_incidence) * RAD);
        Ok(Self { scaling: Scaling { lengths, masses }, strength, size, incidence_change })
    }
}
