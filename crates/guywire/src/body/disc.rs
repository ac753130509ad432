//! Cross-sections of the discs.

use super::tissue_constants::TissueConstants;
use super::{Body, BodyError, LEVELS, rows};
use serde::Deserialize;

/// Cross-section of a disc, as an ellipse.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Disc {
    /// Area, m².
    pub area: f64,
    /// Half of its depth from front to back, m.
    pub half_depth: f64,
    /// Second moment of area about the axis from side to side, m⁴.
    pub second_moment: f64,
}

#[derive(Clone, Debug, Deserialize)]
struct DiscRow {
    level: String,
    upper_endplate_depth_m: f64,
    lower_endplate_depth_m: f64,
    upper_endplate_width_m: f64,
    lower_endplate_width_m: f64,
}

impl Body {
    /// Cross-section of the disc of level `k`, counted from below.
    pub(crate) fn disc(&self, k: usize) -> Result<Disc, BodyError> {
        self.discs.get(k).copied().ok_or_else(|| BodyError::Missing { what: "disc", name: LEVELS[k].into() })
    }
}

/// Cross-sections of the discs, from below. The area is the one measured at L4/L5; the others follow from it
/// as their depth times width does.
pub(super) fn discs(constants: &TissueConstants, size: f64) -> Result<Vec<Disc>, BodyError> {
    let rows = rows!(DiscRow, "discs.csv")?;
    let mean = |level: &str| -> Result<(f64, f64), BodyError> {
        let row = rows.iter().find(|r| r.level == level);
        let row = row.ok_or_else(|| BodyError::Missing { what: "disc", name: level.to_owned() })?;
        Ok((
            0.5 * (row.upper_endplate_depth_m + row.lower_endplate_depth_m),
            0.5 * (row.upper_endplate_width_m + row.lower_endplate_width_m),
        ))
    };
    let (depth45, width45) = mean("L4_L5")?;
    LEVELS
        .iter()
        .map(|level| {
            let (depth, width) = mean(level)?;
            let area = constants.disc.area_mm2 * 1e-6 * (depth * width) / (depth45 * width45) * size * size;
            let (a, b) = (0.5 * width * size, 0.5 * depth * size);
            let second_moment = std::f64::consts::PI * a * b * b * b / 4.0;
            Ok(Disc { area, half_depth: b, second_moment })
        })
        .collect()
}
