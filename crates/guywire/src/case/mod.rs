//! The case file: one person, their tissue, the positions to solve.
//!
//! ```toml
//! positions = ["standing", "sitting_relaxed"]
//!
//! [person]
//! name = "Ada"
//! age = 35
//! sex = "female"
//! height_cm = 168
//! mass_kg = 62
//!
//! [tissue]
//! hip_flexors = { length = 0.9 }
//! hamstrings.left = { length = 0.95, tone = 0.05 }
//! hip.extension_range_deg = -2.6
//!
//! [screening]                   # what was asked first; what is absent was not asked
//! back_pain = true
//! bladder_change = false
//!
//! [report]
//! uncertainty = false
//!
//! [[visit]]                     # optional: what was found on a day, see docs/visits.md
//! date = 2026-03-02
//! [[visit.test]]
//! name = "straight_leg_raise"
//! side = "left"
//! reading = 68
//! [visit.outcomes]
//! pain_0_10 = 4
//!
//! [[week]]                      # optional: what the person does, see docs/week.md
//! activity = "sitting_relaxed"
//! hours = 38
//!
//! [plan]                        # optional: what a plan must keep to, see docs/plan.md
//! equipment = ["mat", "band"]
//!
//! [[diary]]                     # optional: what became of the sessions of a plan, see docs/plan.md
//! date = 2026-03-09
//! done = 3
//! pain_during = 2
//!
//! [[done]]                     # optional: what was done between visits, see docs/visits.md
//! exercise = "strap_hamstring"
//! from = 2026-01-05
//!
//! [body]                        # optional: another body than the built-in one, as it is
//! model = "gait2392.osim"       # beside the case file
//! names = "my-names.toml"       # optional: what the model calls its parts
//! ```
//!
//! [`Case::parse`] checks it against the names of a [`Vocabulary`] and reports everything that is wrong
//! at once, with its place. Settings that overlap (both sides and one side, a group
//! and its member) all hold: factors multiply, tone and degrees add ([`Property::combine`]).

mod date;
mod diary;
mod done;
mod error;
mod limits;
mod model_file;
mod quantity;
mod question;
mod read;
mod read_diary;
mod read_done;
mod read_limits;
mod read_outcomes;
mod read_person;
mod read_screening;
mod read_tissue;
mod read_visit;
mod read_week;
mod reader;
mod screening;
mod sections;
mod setting;
mod stray;
mod syntax;
mod tests_data;
mod visit;
mod visit_error;
mod vocabulary;
mod warnings;
mod week;

pub use date::{Date, NoDate};
pub use diary::{DiaryEntry, NextMorning};
pub use done::{DoneExercise, ExerciseName};
pub use error::{CaseError, CaseErrors};
pub use limits::{PainLimit, PlanLimits};
pub use model_file::{FileName, ModelFile};
pub use screening::{Answer, AnswersFile, Audience, Examination, ScreeningAnswers};
pub use tests_data::{OtherConvention, TestKind, TestVocabulary, TestsError};
pub use visit::{Activity, Outcomes, Question, Reading, RolandMorris, StartBack, Visit};
pub use visit_error::VisitProblem;
pub use vocabulary::Vocabulary;
pub(crate) use vocabulary::nearest;
pub use week::{ActivityName, Counted, Habit};

use crate::side::Side;
use serde::{Deserialize, Serialize};

/// Who the case is about.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Person {
    /// Name as the person wants to be called.
    pub name: String,
    /// Age in years.
    pub age: f64,
    /// Sex, which sets mass distribution and strength.
    pub sex: Sex,
    /// Standing height in cm.
    pub height_cm: f64,
    /// Body mass in kg.
    pub mass_kg: f64,
    /// Pelvic incidence in degrees, if measured.
    pub pelvic_incidence_deg: Option<f64>,
    /// Measured segment lengths.
    #[serde(default)]
    pub segments: Segments,
}

/// Segment lengths in cm, where measured; the rest follow from height.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Segments {
    /// Hip joint centre to knee joint centre.
    pub thigh_cm: Option<f64>,
    /// Knee joint centre to ankle joint centre.
    pub shank_cm: Option<f64>,
    /// Heel to toe tip.
    pub foot_cm: Option<f64>,
    /// Distance between the hip joint centres.
    pub hip_width_cm: Option<f64>,
    /// S1 to C7 along the spine.
    pub trunk_cm: Option<f64>,
}

/// Sex as the measured data distinguish it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs, reason = "the names say it")]
pub enum Sex {
    Female,
    Male,
}

impl Sex {
    /// The name as written in case files.
    pub const fn name(self) -> &'static str {
        match self {
            Sex::Female => "female",
            Sex::Male => "male",
        }
    }
}

/// A case, read and checked.
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    /// The person.
    pub person: Person,
    /// The model that stands for their body, if it is not the built-in one.
    pub model: Option<ModelFile>,
    /// What was asked before anything else.
    pub screening: ScreeningAnswers,
    /// The state of the tissues.
    pub tissue: Tissue,
    /// Names of the positions to solve, in order.
    pub positions: Vec<String>,
    /// What the report shows.
    pub report: ReportOptions,
    /// What was found on which day, in the order of the days.
    pub visits: Vec<Visit>,
    /// What the person does every week, in the order of the file.
    pub week: Vec<Habit>,
    /// What a plan must keep to.
    pub plan: PlanLimits,
    /// What became of the sessions of a plan, in the order of the days.
    pub diary: Vec<DiaryEntry>,
    /// What was done between visits beside the week, in the order of the file.
    pub done: Vec<DoneExercise>,
    /// What in the visits looks like a slip.
    pub questions: Vec<Question>,
    /// The day on which it was read, where known: how old a finding is.
    pub today: Option<Date>,
}

/// What the report shows.
#[derive(Clone, Debug, PartialEq)]
pub struct ReportOptions {
    /// Whether to solve again for each tissue setting.
    pub causes: bool,
    /// Whether to solve again for the uncertainty of the main numbers.
    pub uncertainty: bool,
}

/// The state of all tissues, as differences from the reference body.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tissue {
    /// One entry per target, side and property, in the order of the file.
    pub settings: Vec<Setting>,
    /// Gain of reciprocal inhibition: 0 is off (a hypothesis, see docs/physics).
    pub reciprocal_inhibition: f64,
}

/// One tissue setting, such as `hamstrings.left.length = 0.9`.
#[derive(Clone, Debug, PartialEq)]
pub struct Setting {
    /// What it applies to.
    pub target: Target,
    /// One side, or both.
    pub side: Option<Side>,
    /// Which property.
    pub property: Property,
    /// Its value: a factor for length, stiffness and strength; 0 to 1 for tone; degrees for shifts.
    pub value: f64,
}

/// What a tissue setting applies to, by its name in the case file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A tissue group, such as `hip_flexors`.
    Group(String),
    /// A single anatomical muscle or fascicle, such as `psoas` or `Ps_L1_VB`.
    Muscle(String),
    /// The hip joints' passive tissue.
    Hip,
    /// The lumbar spine's passive tissue.
    Lumbar,
}

/// Which property a setting changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Property {
    /// Optimal fibre length over reference (1).
    Length,
    /// Passive stiffness over reference (1).
    Stiffness,
    /// Maximal force over reference (1).
    Strength,
    /// Floor of activation (0).
    Tone,
    /// Change of the hip's passive extension range in degrees (0); negative is tighter.
    ExtensionRangeDeg,
    /// Change of the stress-free lordosis in degrees (0).
    NeutralLordosisDeg,
}
