//! The constants of `data/body/tissue.toml`.

use super::tables::{TableError, table};
use serde::Deserialize;

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct TissueConstants {
    pub passive: Vec<PassiveAdjustment>,
    pub inhibition: Vec<Inhibition>,
    pub hip_capsule: HipCapsule,
    pub knee_capsule: KneeCapsule,
    pub foot: Foot,
    pub segments: Segments,
    pub disc: Disc,
    pub abdomen: Abdomen,
    pub arms: Arms,
    pub effort: Effort,
}

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct PassiveAdjustment {
    pub muscles: Vec<String>,
    pub stretch: f64,
    pub scale: f64,
}

/// Muscles or groups whose tone takes activation from their antagonists.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Inhibition {
    pub agonists: Vec<String>,
    pub antagonists: Vec<String>,
}

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct HipCapsule {
    pub moment_nm: f64,
    pub at_deg: f64,
    pub fold_deg: f64,
    pub rotation_stiffness_nm_per_rad: f64,
    pub adduction_stiffness_nm_per_rad: f64,
}

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct KneeCapsule {
    pub moment_nm: f64,
    pub fold_deg: f64,
}

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Foot {
    pub subtalar_stiffness_nm_per_rad: f64,
    pub toe_stiffness_nm_per_rad: f64,
    pub ankle_stiffness_nm_per_rad: f64,
    /// Along the foot in the frame of the heel bone, m.
    pub heel_m: f64,
    pub ball_m: f64,
    /// Height of the sole there, m.
    pub sole_m: f64,
    /// Forward and up: where hind foot and forefoot meet, m.
    pub hinge_m: [f64; 2],
}

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Segments {
    pub preload_factor_at_500_n: f64,
    pub largest_preload_factor: f64,
    pub neutral_deg: [f64; 6],
    pub lordosis_per_incidence: f64,
}

#[derive(Clone, Copy, Debug, Deserialize)]
pub(crate) struct Disc {
    pub area_mm2: f64,
    pub pressure_factor: f64,
}

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Abdomen {
    pub diaphragm_area_m2: f64,
    pub pelvis: [f64; 3],
    pub thorax: [f64; 3],
}

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Arms {
    pub mass_share: f64,
    pub shoulder: [f64; 3],
    pub hanging_center: [f64; 3],
}

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Effort {
    pub effort: f64,
    pub strain_price: f64,
    pub strain_price_floor: f64,
    pub linear_effort: f64,
    pub contact_price: f64,
    pub segment_price_nm: f64,
    pub uprightness: f64,
}

impl TissueConstants {
    /// Reads the constants built into the program.
    pub(crate) fn read() -> Result<Self, TableError> {
        let text = table!("tissue.toml");
        toml::from_str(text).map_err(|e| {
            let line = e.span().map_or(1, |s| 1 + text[..s.start].matches('\n').count() as u64);
            TableError { table: "tissue.toml", line, problem: e.message().to_owned() }
        })
    }
}
