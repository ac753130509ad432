//! What a week is made of (`data/activities.toml`): positions, and strides with published joint angles.

use super::WeekError;
use crate::case::{ActivityName, Counted};
use crate::side::Side;
use serde::Deserialize;

/// How far shares may be from adding up to one.
const WHOLE: f64 = 1e-9;

/// Something that people do for a while, as it stands in the file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Activity {
    /// Name in case files.
    pub name: String,
    /// Name in words.
    pub title: String,
    /// What it is, in one sentence.
    pub description: String,
    /// Where its figures come from.
    pub source: String,
    #[serde(default)]
    counted: CountedEntry,
    seconds: Option<f64>,
    #[serde(default)]
    leads: bool,
    #[serde(default)]
    sleep: bool,
    #[serde(default)]
    positions: Vec<PositionShare>,
    #[serde(default)]
    mix: Vec<ActivityShare>,
    #[serde(default)]
    stride: Vec<Leg>,
    #[serde(default)]
    led: Vec<LedPhase>,
    on: Option<String>,
    #[serde(default)]
    trunk_deg: f64,
    #[serde(default)]
    abdominal_pressure_pa: f64,
}

#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum CountedEntry {
    #[default]
    Hours,
    Repetitions,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PositionShare {
    position: String,
    share: f64,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ActivityShare {
    activity: String,
    share: f64,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct LedPhase {
    this: Leg,
    other: Leg,
}

/// A leg in a phase of a cycle.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Leg {
    /// Flexion of the hip, deg.
    pub hip: f64,
    /// Flexion of the knee, deg.
    pub knee: f64,
    /// Dorsiflexion of the ankle, deg.
    pub ankle: f64,
    /// Adduction of the hip, deg.
    pub adduction: f64,
    /// Ground reaction on the foot: forwards, upwards, towards the midline; body weights.
    pub push: [f64; 3],
    /// Where on the sole it acts: 0 heel, 1 ball of the foot.
    pub at: f64,
}

/// One moment of a cycle.
#[derive(Clone, Debug, PartialEq)]
pub struct Phase {
    /// Left leg, right leg.
    pub legs: [Leg; 2],
    /// Forward inclination of the trunk, deg.
    pub trunk_deg: f64,
    /// Abdominal pressure, Pa.
    pub abdominal_pressure_pa: f64,
    /// The position that it is done in; none for the floor.
    pub on: Option<String>,
}

/// What the equilibrium solves of an activity.
#[derive(Clone, Debug, PartialEq)]
pub enum Scene {
    /// A position of `data/positions.toml`.
    Position(String),
    /// A phase of a cycle, with its name.
    Phase(String, Box<Phase>),
}

impl Scene {
    /// Its name: the position's, or the activity's with the number of the phase.
    pub fn name(&self) -> &str {
        match self {
            Self::Position(name) | Self::Phase(name, _) => name,
        }
    }
}

/// A scene with its share of an activity's time.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// The scene.
    pub scene: Scene,
    /// Share of the time.
    pub share: f64,
}

/// All activities.
#[derive(Clone, Debug)]
pub struct Activities {
    list: Vec<Activity>,
}

#[derive(Deserialize)]
struct File {
    activity: Vec<Activity>,
}

impl Activity {
    /// How it is counted in a week.
    pub fn counted(&self) -> Counted {
        match (self.counted, self.seconds) {
            (CountedEntry::Repetitions, Some(seconds)) => Counted::Repetitions { seconds },
            _ => Counted::Hours,
        }
    }

    /// Whether it is sleep.
    pub fn is_sleep(&self) -> bool {
        self.sleep
    }

    /// What is wrong with it, if something is.
    fn problem(&self, all: &[Activity]) -> Option<String> {
        let shares: f64 = self.positions.iter().map(|p| p.share).sum::<f64>()
            + self.mix.iter().map(|p| p.share).sum::<f64>();
        let kinds = [self.positions.is_empty(), self.mix.is_empty(), self.stride.is_empty()];
        if kinds.iter().filter(|empty| !**empty).count() != 1 {
            return Some("is made of exactly one of positions, mix and stride".into());
        }
        if self.stride.is_empty() && (shares - 1.0).abs() > WHOLE {
            return Some(format!("has shares that make {shares}, not 1"));
        }
        if !self.stride.len().is_multiple_of(2) {
            return Some(
                "has a stride of an odd number of phases: the other leg is half a cycle away".into(),
            );
        }
        if self.leads == self.led.is_empty() {
            return Some("needs `led` where one leg may lead, and only there".into());
        }
        if matches!(self.counted, CountedEntry::Repetitions) != self.seconds.is_some() {
            return Some("needs `seconds` where it is counted in repetitions, and only there".into());
        }
        let plain = |name: &str| all.iter().any(|a| a.name == *name && a.mix.is_empty() && !a.leads);
        let odd = self.mix.iter().find(|part| !plain(&part.activity));
        odd.map(|part| {
            format!("is mixed of `{}`, which is no activity without parts and sides", part.activity)
        })
    }

    fn phase(&self, number: usize, of: usize, led: Option<Side>, legs: [Leg; 2]) -> Scene {
        let led = led.map(|side| format!(", {} first", side.name())).unwrap_or_default();
        let phase = Phase {
            legs,
            trunk_deg: self.trunk_deg,
            abdominal_pressure_pa: self.abdominal_pressure_pa,
            on: self.on.clone(),
        };
        Scene::Phase(format!("{}{led} {} of {of}", self.name, number + 1), Box::new(phase))
    }

    fn cycle(&self, lead: Option<Side>) -> Vec<Part> {
        let legs: Vec<[Leg; 2]> = match lead.filter(|_| !self.led.is_empty()) {
            Some(Side::Left) => self.led.iter().map(|phase| [phase.this, phase.other]).collect(),
            Some(Side::Right) => self.led.iter().map(|phase| [phase.other, phase.this]).collect(),
            None => {
                let (n, half) = (self.stride.len(), self.stride.len() / 2);
                (0..n).map(|k| [self.stride[(k + half) % n], self.stride[k]]).collect()
            }
        };
        let share = 1.0 / legs.len() as f64;
        let scenes = legs.iter().enumerate().map(|(k, l)| self.phase(k, legs.len(), lead, *l));
        scenes.map(|scene| Part { scene, share }).collect()
    }
}

impl Activities {
    /// Reads the activities built into the program.
    ///
    /// # Errors
    /// When the file is not what it should be.
    pub fn read() -> Result<Self, WeekError> {
        let text = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/activities.toml"));
        let file: File = toml::from_str(text).map_err(|e| WeekError::File(e.to_string()))?;
        let wrong = file.activity.iter().find_map(|a| Some((a, a.problem(&file.activity)?)));
        match wrong {
            Some((activity, problem)) => Err(WeekError::File(format!("`{}` {problem}", activity.name))),
            None => Ok(Self { list: file.activity }),
        }
    }

    /// All activities, in the order of the file.
    pub fn all(&self) -> &[Activity] {
        &self.list
    }

    /// What case files may say of them.
    pub fn names(&self) -> Vec<ActivityName> {
        let name = |a: &Activity| ActivityName { name: a.name.clone(), counted: a.counted(), leads: a.leads };
        self.list.iter().map(name).collect()
    }

    /// An activity by name.
    ///
    /// # Errors
    /// When there is none.
    pub fn get(&self, name: &str) -> Result<&Activity, WeekError> {
        let found = self.list.iter().find(|a| a.name == name);
        found.ok_or_else(|| WeekError::UnknownActivity { name: name.to_owned() })
    }

    /// What is solved of an activity.
    ///
    /// # Errors
    /// When an activity that it is mixed of does not exist.
    pub fn parts(&self, activity: &Activity, lead: Option<Side>) -> Result<Vec<Part>, WeekError> {
        if !activity.stride.is_empty() {
            return Ok(activity.cycle(lead));
        }
        let mut parts: Vec<Part> = activity
            .positions
            .iter()
            .map(|p| Part { scene: Scene::Position(p.position.clone()), share: p.share })
            .collect();
        for part in &activity.mix {
            let inner = self.parts(self.get(&part.activity)?, None)?;
            parts.extend(inner.into_iter().map(|p| Part { share: p.share * part.share, ..p }));
        }
        Ok(parts)
    }
}
