//! What an exercise does to a person.

use super::{Quantiles, Side, Spread};
use serde::{Deserialize, Serialize};

/// One exercise as one person does it: what `guywire exercise --json` prints.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ExerciseResult {
    /// Name on the command line.
    pub exercise: String,
    /// Name in words.
    pub title: String,
    /// `release`, `position`, `activity`, `stretch`, `mobility`, `strengthen` or `control`.
    pub kind: String,
    /// The side that does it; none where both do it at once.
    pub side: Option<Side>,
    /// What is done.
    pub how: String,
    /// What makes it well done, if something must be held in mind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cue: Option<String>,
    /// Whether the person heeds the cue.
    pub cued: bool,
    /// What loads it, in words.
    pub load: String,
    /// Tissue groups and muscles that it is meant for.
    pub target: Vec<String>,
    /// How much, in words.
    pub dose: String,
    /// Where the dose comes from.
    pub dose_source: String,
    /// Hours of one session on one side, in the middle of the dose.
    pub session_hours: f64,
    /// Sessions a week, in the middle of the dose.
    pub sessions_per_week: f64,
    /// What else is known of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// What of it is not computed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_computed: Option<String>,
    /// Whether only a clinician may do it.
    pub clinician_only: bool,
    /// Its moments.
    pub phases: Vec<ExercisePhase>,
    /// Every muscle of both sides, the most stretched first.
    pub muscles: Vec<ExerciseMuscle>,
    /// Every disc, from T12/L1 down, in the phase that presses it most.
    pub discs: Vec<ExerciseDisc>,
    /// What speaks against it, the gravest first.
    pub conditions: Vec<ExerciseCondition>,
    /// When to stop.
    pub stop_rules: Vec<String>,
    /// What holds for a person of this age, or after operations.
    pub general: Vec<String>,
    /// Where its numbers lie over the bodies that the person may have.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spread: Option<Spread>,
}

impl ExerciseResult {
    /// Every number of it by its name, but those of the dose.
    pub(crate) fn numbers(&self) -> Vec<(String, f64)> {
        let mut list = Vec::new();
        for (k, phase) in self.phases.iter().enumerate() {
            list.push((format!("phases.{k}.pelvic_tilt_deg"), phase.pelvic_tilt_deg));
            list.extend(phase.moments.iter().map(|m| (m.named(k), m.signed_newton_metre)));
        }
        for muscle in &self.muscles {
            let fields = [
                ("normalized_fiber_length", muscle.normalized_fiber_length),
                ("strain_percent", muscle.strain_percent),
                ("passive_force_n", muscle.passive_force_n),
                ("passive_share", muscle.passive_share),
                ("activation", muscle.activation),
            ];
            list.extend(fields.map(|(field, value)| (muscle.named(field), value)));
        }
        for disc in &self.discs {
            let fields = [
                ("compression_n", disc.compression_n),
                ("anterior_shear_n", disc.anterior_shear_n),
                ("pressure_mpa", disc.pressure_mpa),
                ("posterior_stress_mpa", disc.posterior_stress_mpa),
                ("over_standing", disc.over_standing),
            ];
            list.extend(fields.map(|(field, value)| (disc.named(field), value)));
        }
        list
    }

    /// Where a number of a muscle lies.
    pub fn range_of_muscle(&self, muscle: &ExerciseMuscle, field: &str) -> Option<&Quantiles> {
        self.spread.as_ref()?.of(&muscle.named(field))
    }

    /// Where a number of a disc lies.
    pub fn range_of_disc(&self, disc: &ExerciseDisc, field: &str) -> Option<&Quantiles> {
        self.spread.as_ref()?.of(&disc.named(field))
    }

    /// Where a moment of a phase lies, in the direction that its words say.
    pub fn range_of_moment(&self, phase: usize, moment: &ExerciseMoment) -> Option<Quantiles> {
        let found = self.spread.as_ref()?.of(&moment.named(phase))?;
        Some(found.times(if moment.signed_newton_metre < 0.0 { -1.0 } else { 1.0 }))
    }

    /// What the case says that makes it no exercise for this person.
    pub fn excluded_by(&self) -> impl Iterator<Item = &ExerciseCondition> {
        self.conditions.iter().filter(|condition| condition.excludes())
    }
}

impl ExerciseCondition {
    /// Whether the case says that the exercise is not for this person.
    pub fn excludes(&self) -> bool {
        self.found == "yes"
    }
}

/// One moment of an exercise.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ExercisePhase {
    /// What the person does.
    pub title: String,
    /// Share of the time that it takes.
    pub share: f64,
    /// Pelvic tilt as a posture's is read.
    pub pelvic_tilt_deg: f64,
    /// What the muscles make about the joints of the legs, and of the back at L5/S1.
    pub moments: Vec<ExerciseMoment>,
    /// Largest unbalanced moment.
    pub max_residual_nm: f64,
}

/// What muscles make about a joint.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ExerciseMoment {
    /// In words, such as `hip extension`.
    pub moment: String,
    /// The side; none for the back.
    pub side: Option<Side>,
    /// N·m, never negative: the word says which way.
    pub newton_metre: f64,
    /// The degree of freedom, such as `hip_flexion`.
    pub degree: String,
    /// N·m, positive as the degree of freedom.
    pub signed_newton_metre: f64,
}

impl ExerciseMoment {
    fn named(&self, phase: usize) -> String {
        match self.side {
            Some(side) => format!("phases.{phase}.moments.{}.{}_nm", self.degree, side.name()),
            None => format!("phases.{phase}.moments.{}_nm", self.degree),
        }
    }
}

/// What an exercise does to one muscle.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ExerciseMuscle {
    /// Name as in case files.
    pub muscle: String,
    /// Its tissue group.
    pub group: String,
    /// Side.
    pub side: Side,
    /// Whether the exercise is meant for it.
    pub is_target: bool,
    /// Fibre length over optimal fibre length, mean of its fascicles, in the phase that stretches it most.
    pub normalized_fiber_length: f64,
    /// How much longer than in standing.
    pub strain_percent: f64,
    /// Passive force there.
    pub passive_force_n: f64,
    /// Passive force over greatest active force there.
    pub passive_share: f64,
    /// Activation in the phase in which it works most.
    pub activation: f64,
}

impl ExerciseMuscle {
    fn named(&self, field: &str) -> String {
        format!("muscles.{}.{}.{field}", self.muscle, self.side.name())
    }
}

/// What an exercise presses on one disc.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ExerciseDisc {
    /// Level, such as `L5/S1`.
    pub level: String,
    /// Compression.
    pub compression_n: f64,
    /// Forward shear in that phase.
    pub anterior_shear_n: f64,
    /// Pressure in that phase.
    pub pressure_mpa: f64,
    /// Stress in the posterior annulus in that phase.
    pub posterior_stress_mpa: f64,
    /// Compression over that in standing.
    pub over_standing: f64,
}

impl ExerciseDisc {
    fn named(&self, field: &str) -> String {
        format!("discs.{}.{field}", self.level)
    }
}

/// Something that speaks against an exercise, or asks for care.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExerciseCondition {
    /// Its key in the library.
    pub key: String,
    /// In words.
    pub text: String,
    /// Whether it only asks for care.
    pub heed: bool,
    /// What the case says: `yes`, `heed`, `not_asked` or `no`.
    pub found: String,
}

/// One exercise in an order for a target.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ExerciseRank {
    /// Name on the command line.
    pub exercise: String,
    /// Name in words.
    pub title: String,
    /// What it is done for.
    pub kind: String,
    /// The side that does it; none where both do it at once.
    pub side: Option<Side>,
    /// Whether it is ranked by activation rather than by passive force.
    pub by_activation: bool,
    /// Fibre length over optimal fibre length of the target.
    pub normalized_fiber_length: f64,
    /// The same in standing.
    pub standing_fiber_length: f64,
    /// How much longer than in standing.
    pub strain_percent: f64,
    /// Passive force of the target.
    pub passive_force_n: f64,
    /// Passive force over greatest active force.
    pub passive_share: f64,
    /// Mean activation of the target.
    pub activation: f64,
    /// Highest compression of any disc.
    pub highest_compression_n: f64,
    /// The gravest of what speaks against it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub against: Option<ExerciseCondition>,
    /// Where its numbers lie over the bodies that the person may have.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spread: Option<Spread>,
}

impl ExerciseRank {
    /// Every number of it by its name.
    pub(crate) fn numbers(&self) -> Vec<(String, f64)> {
        let fields = [
            ("normalized_fiber_length", self.normalized_fiber_length),
            ("standing_fiber_length", self.standing_fiber_length),
            ("strain_percent", self.strain_percent),
            ("passive_force_n", self.passive_force_n),
            ("passive_share", self.passive_share),
            ("activation", self.activation),
            ("highest_compression_n", self.highest_compression_n),
        ];
        fields.map(|(field, value)| (field.to_owned(), value)).into()
    }

    /// Where a number lies.
    pub fn range(&self, field: &str) -> Option<&Quantiles> {
        self.spread.as_ref()?.of(field)
    }

    /// What it is ranked by.
    pub fn score(&self) -> f64 {
        if self.by_activation { self.activation } else { self.passive_share }
    }
}

/// An exercise that a body could not be brought to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnrankedExercise {
    /// Name on the command line.
    pub exercise: String,
    /// What stands in the way.
    pub problem: String,
}
