//! One moment of an exercise: the pose as people describe it, turned into a position of a body.
//!
//! Angles are clinical and count from the standing of the tables, in which trunk and legs are straight: hip flexion,
//! abduction and internal rotation, knee flexion and dorsiflexion are positive, and `pelvis_deg` is how far the pelvis leans
//! forward in the world: −90 on the back (and, rolled, on a side), 90 face down. An ankle that is not named lies flat:
//!
//! ```text
//! dorsiflexion = pelvis − hip flexion + knee flexion
//! ```
//!
//! What is not `free` is held, and every patch may then carry load where it is; what is free is solved, and patches touch.

use super::ExerciseError;
use crate::body::LEVELS;
use crate::examination::named;
use crate::posture::Position;
use crate::side::Side;
use serde::Deserialize;
use std::collections::BTreeMap;
use toml::{Table, Value};

/// Hip flexion against the pelvis in the upright standing of the tables, deg.
const STANDING_HIP: f64 = 9.5;
/// Pelvis coordinate there, deg; it counts backwards.
const STANDING_TILT: f64 = -9.5;
/// What an ankle can do at most, deg of plantarflexion and dorsiflexion.
const ANKLE: [f64; 2] = [-45.0, 30.0];
/// Friction of a support that does not name its own: a foot on a floor.
const FRICTION: f64 = 0.6;
/// The levels of the back bend by equal shares when it is bent as a whole.
const SHARES: f64 = LEVELS.len() as f64;

/// One moment of an exercise.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "Table")]
pub struct Phase {
    /// What the person does, in one sentence.
    pub title: String,
    /// Share of the time that it takes.
    pub share: f64,
    /// What makes it well done, if it can be left out.
    pub cue: Option<Cue>,
    pub(super) relaxed: Option<Relaxed>,
    position: Option<String>,
    pelvis_deg: f64,
    lumbar_deg: f64,
    lies_on: Option<Which>,
    this: Leg,
    other: Leg,
    free: Vec<String>,
    rest: Table,
}

/// What makes an exercise well done: a part that the person holds, and that is solved where nobody tells them.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cue {
    /// What to think of, in the imperative.
    pub said: String,
    holds: Vec<String>,
}

/// A limb that comes to rest against a moment, a weight or itself.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Relaxed {
    pub free: Vec<String>,
    /// Somebody or something carries the weight of what moves.
    #[serde(default)]
    pub carried: bool,
    pub moment: Option<Moment>,
}

/// What a strap, a hand or body weight gives at the end of a stretch.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Moment {
    pub degree: String,
    pub nm: f64,
    /// Flesh on flesh: from where on, deg, and its moment ten degrees further, N·m.
    pub stop: Option<[f64; 2]>,
    // Where it comes from: read by people.
    #[serde(rename = "source")]
    _source: String,
}

/// The side that does it, or the other one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Which {
    This,
    Other,
}

#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Leg {
    hip: f64,
    out: f64,
    turn: f64,
    knee: f64,
    ankle: Option<f64>,
}

#[derive(Deserialize)]
struct Head {
    title: String,
    share: f64,
    cue: Option<Cue>,
    relaxed: Option<Relaxed>,
    position: Option<String>,
    #[serde(default)]
    pelvis_deg: f64,
    #[serde(default)]
    lumbar_deg: f64,
    lies_on: Option<Which>,
    #[serde(default)]
    this: Leg,
    other: Option<Leg>,
    #[serde(default)]
    free: Vec<String>,
}

/// The fields of [`Head`]; all others are those of a position.
const HEAD: [&str; 11] = [
    "title",
    "share",
    "cue",
    "relaxed",
    "position",
    "pelvis_deg",
    "lumbar_deg",
    "lies_on",
    "this",
    "other",
    "free",
];

impl TryFrom<Table> for Phase {
    type Error = String;

    fn try_from(mut table: Table) -> Result<Self, String> {
        let own: Table = HEAD.iter().filter_map(|key| table.remove_entry(*key)).collect();
        let head: Head = own.try_into().map_err(|e: toml::de::Error| e.message().to_owned())?;
        let phase = Phase {
            title: head.title,
            share: head.share,
            cue: head.cue,
            relaxed: head.relaxed,
            position: head.position,
            pelvis_deg: head.pelvis_deg,
            lumbar_deg: head.lumbar_deg,
            lies_on: head.lies_on,
            this: head.this,
            other: head.other.unwrap_or(head.this),
            free: head.free,
            rest: table,
        };
        match phase.position {
            Some(_) if !phase.rest.is_empty() => {
                Err(format!("`{}` names a position and says how it is: one of both", phase.title))
            }
            Some(_) => Ok(phase),
            // What is wrong with a pose is said here, not when somebody does the exercise.
            None => phase.pose("", Side::Right).map(|_| phase),
        }
    }
}

impl Phase {
    /// The position of `data/positions.toml` that it is, if it is one.
    pub(super) fn as_listed(&self, side: Side) -> Option<String> {
        let of = |stem: &str, side: Side| format!("{stem}_{}", side.name());
        let name = self.position.as_deref()?;
        Some(match name.rsplit_once('_') {
            Some((stem, "this")) => of(stem, side),
            Some((stem, "other")) => of(stem, side.other()),
            _ => name.to_owned(),
        })
    }

    /// The degrees of freedom that are solved; those that a cue holds only where nobody gives it.
    pub(super) fn free(&self, side: Side, cued: bool) -> Vec<String> {
        let held = |name: &String| cued && self.cue.as_ref().is_some_and(|cue| cue.holds.contains(name));
        self.free.iter().filter(|name| !held(name)).flat_map(|name| expanded(&named(name, side))).collect()
    }

    /// Its pose as a position, for the side that does it.
    pub(super) fn pose(&self, name: &str, side: Side) -> Result<Position, String> {
        let Value::Table(mut table) = resided(&Value::Table(self.rest.clone()), side) else {
            return Err(format!("`{}` is no table", self.title));
        };
        let solved = !self.free.is_empty();
        if let Some(supports) = table.get_mut("supports").and_then(Value::as_array_mut) {
            for support in supports.iter_mut().filter_map(Value::as_table_mut) {
                support.entry("friction").or_insert(Value::Float(FRICTION));
                if !solved {
                    support.insert("at_start".into(), Value::Boolean(true));
                    support.insert("soft".into(), Value::Boolean(true));
                }
            }
        }
        table.insert("name".into(), Value::String(name.to_owned()));
        for words in ["title", "description"] {
            table.insert(words.into(), Value::String(self.title.clone()));
        }
        let start: Table = self.angles(side).into_iter().map(|(k, v)| (k, Value::Float(v))).collect();
        table.insert("start".into(), Value::Table(start));
        table.try_into().map_err(|e: toml::de::Error| format!("`{}`: {}", self.title, e.message()))
    }

    /// Whether the person lies on the back or face down.
    pub(super) fn lies(&self) -> bool {
        self.position.is_none() && self.pelvis_deg.abs() > 60.0
    }

    /// Every angle by the name of its degree of freedom, deg.
    fn angles(&self, side: Side) -> BTreeMap<String, f64> {
        let mut angles = BTreeMap::from([("pelvis_tilt".to_owned(), STANDING_TILT - self.pelvis_deg)]);
        // Somebody on the back rolls about the long axis, which points to the head: positive on to the left side.
        let below = self.lies_on.map(|which| if which == Which::This { side } else { side.other() });
        let roll = below.map_or(0.0, |side| if side == Side::Left { 90.0 } else { -90.0 });
        angles.insert("pelvis_rotation".to_owned(), roll);
        for level in LEVELS {
            // Levels count extension as positive.
            angles.insert(format!("{level}_FE"), -self.lumbar_deg / SHARES);
        }
        for (leg, whose) in [(self.this, "this"), (self.other, "other")] {
            let flat = (self.pelvis_deg - leg.hip + leg.knee).clamp(ANKLE[0], ANKLE[1]);
            let of_leg = [
                ("hip_flexion", leg.hip + STANDING_HIP),
                ("hip_adduction", -leg.out),
                ("hip_rotation", leg.turn),
                ("knee_angle", leg.knee),
                ("ankle_angle", leg.ankle.unwrap_or(flat)),
            ];
            for (name, value) in of_leg {
                angles.insert(named(&format!("{name}_{whose}"), side), value);
            }
        }
        angles
    }
}

/// Degrees of freedom that a name stands for.
pub(super) fn expanded(name: &str) -> Vec<String> {
    match name {
        "lumbar" => LEVELS.iter().map(|level| format!("{level}_FE")).collect(),
        "hip_flexion" | "hip_adduction" | "hip_rotation" | "knee_angle" | "ankle_angle"
        | "subtalar_angle" | "mtp_angle" => ["r", "l"].map(|side| format!("{name}_{side}")).to_vec(),
        _ => vec![name.to_owned()],
    }
}

/// A value in which `this` and `other` have become sides: `_this` in names of the body, `.this` in patches.
fn resided(value: &Value, side: Side) -> Value {
    let word = |text: &str| match text.rsplit_once('.') {
        Some((stem, "this")) => format!("{stem}.{}", side.name()),
        Some((stem, "other")) => format!("{stem}.{}", side.other().name()),
        _ if text == "this" => side.name().to_owned(),
        _ if text == "other" => side.other().name().to_owned(),
        _ => named(text, side),
    };
    match value {
        Value::String(text) => Value::String(word(text)),
        Value::Array(list) => Value::Array(list.iter().map(|v| resided(v, side)).collect()),
        Value::Table(table) => {
            Value::Table(table.iter().map(|(key, v)| (named(key, side), resided(v, side))).collect())
        }
        other => other.clone(),
    }
}

impl From<(&str, String)> for ExerciseError {
    fn from((exercise, problem): (&str, String)) -> Self {
        Self::File(format!("`{exercise}`: {problem}"))
    }
}
