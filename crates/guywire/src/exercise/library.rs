//! The library of exercises (`data/exercises.toml`).

use super::ExerciseError;
use super::dose_rules::DoseRules;
use super::phase::Phase;
use crate::case::{ExerciseName, Sex, nearest};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What an exercise is done for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the names say it")]
pub enum Kind {
    Release,
    Position,
    Activity,
    Stretch,
    Mobility,
    Strengthen,
    Control,
}

impl Kind {
    /// All of them.
    pub const ALL: [Kind; 7] = [
        Kind::Release,
        Kind::Position,
        Kind::Activity,
        Kind::Stretch,
        Kind::Mobility,
        Kind::Strengthen,
        Kind::Control,
    ];

    /// Name in the data and on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Kind::Release => "release",
            Kind::Position => "position",
            Kind::Activity => "activity",
            Kind::Stretch => "stretch",
            Kind::Mobility => "mobility",
            Kind::Strengthen => "strengthen",
            Kind::Control => "control",
        }
    }
}

/// Which sides do it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Sides {
    /// One after the other.
    Each,
    /// Both at once.
    Both,
}

/// How much of it. Ranges are least and most.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dose {
    /// Seconds that one hold takes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hold_s: Option<[f64; 2]>,
    /// Minutes at a time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minutes: Option<[f64; 2]>,
    /// Sets of one session, on every side that does it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sets: Option<[f64; 2]>,
    /// Repetitions of a set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reps: Option<[f64; 2]>,
    /// Sessions a week.
    pub per_week: [f64; 2],
    /// Key of `[source]`, or of a measurement.
    pub source: String,
}

/// Something that must not be there, or must be heeded.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    /// In words.
    pub text: String,
    /// Whether it only asks for care.
    #[serde(default)]
    pub heed: bool,
    /// Questions of the screening whose answers speak of it.
    #[serde(default)]
    pub questions: Vec<String>,
    /// Everybody below this age has it, years.
    pub below_age: Option<f64>,
    /// Nobody of the other sex has it.
    pub sex: Option<Sex>,
}

/// Where a dose comes from.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// The work.
    pub cite: String,
    /// Its identifier.
    pub doi: Option<String>,
    /// How far it was read.
    pub status: String,
    /// What it says.
    pub note: Option<String>,
}

/// An exercise.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exercise {
    /// Name on the command line.
    pub name: String,
    /// Name in words.
    pub title: String,
    /// What it is done for.
    pub kind: Kind,
    /// Whether the load is let down only: the muscles that it is meant for lengthen while they pull.
    #[serde(default)]
    pub eccentric: bool,
    /// Tissue groups and muscles that it is meant for, as case files call them.
    pub target: Vec<String>,
    /// Which sides do it.
    pub sides: Sides,
    /// What is done, in one or two sentences.
    pub how: String,
    /// What loads it, in words.
    pub load: String,
    /// What it cannot be done without, by the names of [`Library::equipment`].
    #[serde(default)]
    pub equipment: Vec<String>,
    /// How much.
    pub dose: Dose,
    /// Keys of the conditions that speak against it.
    pub contraindications: Vec<String>,
    /// What else is known of it.
    pub note: Option<String>,
    /// What of it the body of this program has nothing for.
    pub not_computed: Option<String>,
    /// Whether only a clinician may do it.
    #[serde(default)]
    pub clinician_only: bool,
    /// Its moments, in their order.
    #[serde(rename = "phase")]
    pub phases: Vec<Phase>,
}

/// What holds for all exercises.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct General {
    /// When to stop.
    pub stop_rules: Vec<String>,
    /// Below 16 years.
    pub under_16: String,
    /// After operations and in pregnancy.
    pub after: Vec<String>,
}

/// All exercises, and what they refer to.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Library {
    #[serde(rename = "schema")]
    _schema: u32,
    /// What holds for all of them.
    pub general: General,
    /// When a dose goes up or down by what a diary says.
    pub dose_rules: DoseRules,
    equipment: BTreeMap<String, String>,
    source: BTreeMap<String, Source>,
    condition: BTreeMap<String, Condition>,
    exercise: Vec<Exercise>,
}

impl Library {
    /// The library built into the program.
    ///
    /// # Errors
    /// When the file is not what it should be.
    pub fn read() -> Result<Self, ExerciseError> {
        let text = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/exercises.toml"));
        let library: Self = toml::from_str(text).map_err(|e| ExerciseError::File(e.to_string()))?;
        library
            .dose_rules
            .check()
            .map_err(|problem| ExerciseError::File(format!("[dose_rules]: {problem}")))?;
        for exercise in &library.exercise {
            library.check(exercise).map_err(|problem| ExerciseError::from((&*exercise.name, problem)))?;
        }
        Ok(library)
    }

    fn check(&self, exercise: &Exercise) -> Result<(), String> {
        if let Some(key) = exercise.contraindications.iter().find(|key| !self.condition.contains_key(*key)) {
            return Err(format!("no condition is called `{key}`"));
        }
        if let Some(name) = exercise.equipment.iter().find(|name| !self.equipment.contains_key(*name)) {
            return Err(format!("no equipment is called `{name}`"));
        }
        let shares: f64 = exercise.phases.iter().map(|p| p.share).sum();
        if !((shares - 1.0).abs() < 1e-9 && exercise.phases.iter().all(|p| p.share > 0.0)) {
            return Err(format!("the shares of its phases add up to {shares}, not to 1"));
        }
        let Dose { hold_s, minutes, sets, reps, per_week, .. } = &exercise.dose;
        let ranges = [*hold_s, *minutes, *sets, *reps, Some(*per_week)];
        if ranges.into_iter().flatten().any(|[least, most]| !(0.0 <= least && least <= most)) {
            return Err("a range of its dose goes from more to less".into());
        }
        if hold_s.is_none() && minutes.is_none() && reps.is_none() {
            return Err("its dose says neither how long nor how often".into());
        }
        Ok(())
    }

    /// All exercises, in the order of the file.
    pub fn all(&self) -> &[Exercise] {
        &self.exercise
    }

    /// What a case file may name.
    pub fn names(&self) -> Vec<ExerciseName> {
        let name = |e: &Exercise| ExerciseName { name: e.name.clone(), sides: e.sides == Sides::Each };
        self.exercise.iter().map(name).collect()
    }

    /// An exercise by name.
    ///
    /// # Errors
    /// When there is none; the error names the one that was most likely meant.
    pub fn get(&self, name: &str) -> Result<&Exercise, ExerciseError> {
        let names = self.exercise.iter().map(|e| e.name.as_str());
        self.exercise.iter().find(|e| e.name == name).ok_or_else(|| ExerciseError::Unknown {
            name: name.to_owned(),
            nearest: nearest(name, names).map(str::to_owned),
        })
    }

    /// A condition by its key.
    pub fn condition(&self, key: &str) -> Option<&Condition> {
        self.condition.get(key)
    }

    /// Every condition by its key.
    pub fn conditions(&self) -> impl Iterator<Item = (&str, &Condition)> {
        self.condition.iter().map(|(key, condition)| (key.as_str(), condition))
    }

    /// What exercises may need: names, and words.
    pub fn equipment(&self) -> impl Iterator<Item = (&str, &str)> {
        self.equipment.iter().map(|(name, words)| (name.as_str(), words.as_str()))
    }

    /// What an exercise needs, in words.
    pub fn needs(&self, exercise: &Exercise) -> Vec<String> {
        exercise.equipment.iter().filter_map(|name| self.equipment.get(name).cloned()).collect()
    }

    /// A source of this library; none where the key is that of a measurement.
    pub fn source(&self, key: &str) -> Option<&Source> {
        self.source.get(key)
    }
}
