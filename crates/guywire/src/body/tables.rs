//! The body's tables as they stand in `data/body`: one struct a row, one error that names the line.
//!
//! A table holds the right side and the midline; a row with `mirrored = 1` repeats on the left with
//! (x, y, z) → (x, y, −z), Euler (rx, ry, rz) → (−rx, −ry, rz), rotation axes (ax, ay, az) → (−ax, −ay, az),
//! translation axes (ax, ay, −az) and `_r` → `_l`.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};

/// A table of the body that cannot be used.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("data/body/{table}, line {line}: {problem}")]
pub struct TableError {
    /// File name.
    pub table: &'static str,
    /// Line in it, the header being line 1.
    pub line: u64,
    /// What was expected.
    pub problem: String,
}

/// An empty cell is zero.
fn number<'de, D: Deserializer<'de>>(cell: D) -> Result<f64, D::Error> {
    Ok(Option::<f64>::deserialize(cell)?.unwrap_or(0.0))
}

/// `1` is true; `0` and empty are false.
fn flag<'de, D: Deserializer<'de>>(cell: D) -> Result<bool, D::Error> {
    Ok(Option::<u8>::deserialize(cell)? == Some(1))
}

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct BodyRow {
    pub body: String,
    pub mass_kg: f64,
    pub com_x: f64,
    pub com_y: f64,
    pub com_z: f64,
    #[serde(rename = "Ixx")]
    pub ixx: f64,
    #[serde(rename = "Iyy")]
    pub iyy: f64,
    #[serde(rename = "Izz")]
    pub izz: f64,
    #[serde(rename = "Ixy")]
    pub ixy: f64,
    #[serde(rename = "Ixz")]
    pub ixz: f64,
    #[serde(rename = "Iyz")]
    pub iyz: f64,
    #[serde(deserialize_with = "flag")]
    pub mirrored: bool,
}

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct JointRow {
    pub joint: String,
    pub parent: String,
    pub child: String,
    pub px: f64,
    pub py: f64,
    pub pz: f64,
    pub prx: f64,
    pub pry: f64,
    pub prz: f64,
    pub cx: f64,
    pub cy: f64,
    pub cz: f64,
    pub crx: f64,
    pub cry: f64,
    pub crz: f64,
    pub slot: String,
    pub ax: Option<f64>,
    pub ay: Option<f64>,
    pub az: Option<f64>,
    pub coordinate: String,
    pub function: String,
    pub slope: Option<f64>,
    #[serde(deserialize_with = "number")]
    pub intercept: f64,
    #[serde(deserialize_with = "number")]
    pub default: f64,
    pub range_min: Option<f64>,
    pub range_max: Option<f64>,
    #[serde(deserialize_with = "flag")]
    pub locked: bool,
    #[serde(deserialize_with = "flag")]
    pub mirrored: bool,
}

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct SplineRow {
    pub name: String,
    pub kind: String,
    pub x_or_coefficients: String,
    #[serde(default)]
    pub y: String,
}

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct CouplingRow {
    pub dependent: String,
    pub source: String,
    pub gain: f64,
}

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct MuscleRow {
    pub muscle: String,
    pub anatomical: String,
    pub key: String,
    pub tissue_group: String,
    #[serde(rename = "f_max_N")]
    pub f_max: f64,
    #[serde(rename = "l_opt_m")]
    pub l_opt: f64,
    #[serde(rename = "l_slack_m")]
    pub l_slack: f64,
    #[serde(rename = "pennation_rad")]
    pub pennation: f64,
    pub model: String,
    pub passive_curve: String,
    pub tendon_strain_at_fmax: f64,
    pub source: String,
}

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct PointRow {
    pub muscle: String,
    pub index: usize,
    pub body: String,
    pub x: f64,
    pub y: f64,
    pub z: f64,
}

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct WrapRow {
    pub wrap: String,
    pub body: String,
    pub radius_m: f64,
    pub length_m: f64,
    pub x: f64,
    pub y: f64,
    pub z: f64,
    pub rx: f64,
    pub ry: f64,
    pub rz: f64,
    pub quadrant: String,
    pub muscle: String,
    pub order: usize,
    pub range_first: i64,
    pub range_last: i64,
}

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct LandmarkRow {
    pub landmark: String,
    pub body: String,
    pub x: f64,
    pub y: f64,
    pub z: f64,
    #[serde(deserialize_with = "flag")]
    pub mirrored: bool,
}

/// Reads a table, or says which line is wrong.
pub(crate) fn read<R: DeserializeOwned>(table: &'static str, text: &str) -> Result<Vec<R>, TableError> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    reader
        .deserialize()
        .map(|row| {
            row.map_err(|e| {
                let line = e.position().map_or(1, |p| p.line());
                TableError { table, line, problem: e.to_string() }
            })
        })
        .collect()
}

/// Every table of the body, as text built into the program.
macro_rules! table {
    ($name:literal) => {
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/body/", $name))
    };
}
pub(crate) use table;

/// The rows of a table, read once: a slice for the whole run, or what is wrong with it.
macro_rules! rows {
    ($row:ty, $name:literal) => {{
        static ROWS: std::sync::LazyLock<Result<Vec<$row>, crate::body::tables::TableError>> =
            std::sync::LazyLock::new(|| crate::body::tables::read($name, crate::body::tables::table!($name)));
        ROWS.as_deref().map_err(Clone::clone)
    }};
}
pub(crate) use rows;
