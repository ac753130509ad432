//! Positions as data (`data/positions.toml`), turned into the engine's [`Task`] for one body.

use super::task::Builder;
use crate::body::{Body, BodyError};
use guywire_engine::Task;
use serde::Deserialize;
use std::collections::BTreeMap;

/// Standard gravity, m/s² (CGPM 1901; OpenSim's default).
pub const GRAVITY: f64 = 9.806_65;

/// Shoulder to the middle of the hand of the reference body, m: 0.386 of its 1.70 m (Drillis & Contini 1966, as
/// in Winter 2009: upper arm 0.186, forearm 0.146, half the hand 0.054).
const SHOULDER_TO_GRIP: f64 = 0.656;

/// A position as it stands in the file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Position {
    /// Name on the command line.
    pub name: String,
    /// Name in words.
    pub title: String,
    /// What it is, in one sentence.
    pub description: String,
    #[serde(default)]
    lies: bool,
    /// Abdominal pressure, Pa.
    pub abdominal_pressure_pa: f64,
    pub(super) supports: Vec<SupportEntry>,
    /// Distance between the heels, m.
    pub(super) feet_apart_m: Option<f64>,
    /// How far the standing foot points outwards; solved where it is not given.
    pub(super) foot_turnout_deg: Option<f64>,
    #[serde(default)]
    pub(super) hold: BTreeMap<String, f64>,
    pub(super) trunk_inclination_deg: Option<f64>,
    pub(super) thigh_inclination_deg: Option<f64>,
    pub(super) thorax: Option<ThoraxAim>,
    #[serde(default)]
    pub(super) arms: Arms,
    pub(super) load: Option<HeldWeight>,
    /// Forward inclination of the long axis of a limb's part, by the part's name, deg.
    #[serde(default)]
    pub(super) incline: BTreeMap<String, f64>,
    /// What pulls at the limbs.
    #[serde(default)]
    pub(super) pulls: Vec<PullEntry>,
    pub(super) start: BTreeMap<String, f64>,
}

impl Position {
    /// Whether the person lies: angles are then read headwards.
    pub fn lying(&self) -> bool {
        self.lies || self.thorax.is_some_and(|t| t.inclination_deg < -60.0)
    }

    /// How far below the point where a held weight acts the hands of the reference body are, m: a weight in
    /// hanging arms acts at the shoulders.
    pub(crate) fn hands_below(&self) -> f64 {
        let hanging = self.load.is_some_and(|l| l.at_upright_m.is_none());
        if hanging { SHOULDER_TO_GRIP } else { 0.0 }
    }
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SupportEntry {
    pub(super) name: String,
    pub(super) patches: Vec<String>,
    pub(super) friction: f64,
    /// Angle by which the surface leans back from the vertical; absent for a level surface.
    pub(super) lean_deg: Option<f64>,
    /// Direction in which it presses, where it is no level surface: a strap, a hand, a wall. Of any length.
    pub(super) toward: Option<[f64; 3]>,
    /// The surface passes through the lowest point of its patches in the start pose.
    #[serde(default)]
    pub(super) at_start: bool,
    /// Nothing needs to touch it exactly.
    #[serde(default)]
    pub(super) soft: bool,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ThoraxAim {
    pub(super) inclination_deg: f64,
    #[serde(default)]
    pub(super) free_forward_deg: f64,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Arms {
    /// Along the trunk, as the thorax carries them in the tables.
    #[default]
    AlongTrunk,
    /// Straight down from the shoulders.
    Hanging,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct HeldWeight {
    pub(super) mass_kg: f64,
    /// Position in front of the T12 frame when upright; hanging from the shoulders if absent.
    pub(super) at_upright_m: Option<[f64; 3]>,
}

/// A band, a weight or a machine that pulls at a limb with a force of its own.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PullEntry {
    pub(super) name: String,
    pub(super) part: String,
    /// Where, in the part's frame on the right side.
    pub(super) at: [f64; 3],
    /// N of a person as strong as the reference body; others take what suits their strength.
    pub(super) newton: f64,
    /// Direction of the pull in the world, z outwards on the part's side; of any length.
    pub(super) toward: [f64; 3],
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct Patch {
    pub(super) name: String,
    #[serde(default)]
    pub(super) mirrored: bool,
    pub(super) points: Vec<PatchPoint>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PatchPoint {
    pub(super) body: String,
    pub(super) at: [f64; 3],
    #[serde(default)]
    pub(super) radius_m: f64,
    #[serde(default)]
    pub(super) touches: bool,
}

#[derive(Clone, Debug, Deserialize)]
struct File {
    patch: Vec<Patch>,
    position: Vec<Position>,
    scene: Vec<Position>,
}

/// The position file cannot be used.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PositionError {
    /// The file is not what it should be.
    #[error("data/positions.toml: {0}")]
    File(String),
    /// A position that the file does not have.
    #[error("there is no position `{name}`")]
    Unknown {
        /// The name asked for.
        name: String,
    },
    /// A name that the body does not have.
    #[error("position `{position}`: {source}")]
    Body {
        /// The position.
        position: String,
        /// What is missing.
        source: BodyError,
    },
}

/// All positions.
#[derive(Clone, Debug)]
pub struct Positions {
    pub(super) patches: Vec<Patch>,
    positions: Vec<Position>,
    /// Positions of what people do in a week: not offered on their own.
    scenes: Vec<Position>,
}

impl Positions {
    /// Reads the positions built into the program.
    ///
    /// # Errors
    /// When the file is not what it should be.
    pub fn read() -> Result<Self, PositionError> {
        let text = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/positions.toml"));
        let file: File = toml::from_str(text).map_err(|e| PositionError::File(e.to_string()))?;
        Ok(Self { patches: file.patch, positions: file.position, scenes: file.scene })
    }

    /// All positions that can be asked for, in the order of the file.
    pub fn all(&self) -> &[Position] {
        &self.positions
    }

    /// A position by name, or a scene of a week.
    ///
    /// # Errors
    /// When there is none.
    pub fn get(&self, name: &str) -> Result<&Position, PositionError> {
        self.positions
            .iter()
            .chain(&self.scenes)
            .find(|p| p.name == name)
            .ok_or_else(|| PositionError::Unknown { name: name.to_owned() })
    }

    /// The engine's task for one body.
    ///
    /// # Errors
    /// When the position names something that the body does not have.
    pub fn task(&self, position: &Position, body: &Body) -> Result<Task, PositionError> {
        Builder { positions: self, position, body }
            .build()
            .map_err(|source| PositionError::Body { position: position.name.clone(), source })
    }
}
