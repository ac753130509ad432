//! Everything that a report, a table or another program reads: plain values with the unit in the name.
//!
//! Angles in degrees, forces in newtons, moments in newton-metres, pressures in megapascals,
//! lengths in millimetres unless the name says `_m`. Signs are those of [`crate::posture::measures`].

mod diary;
mod exercise;
mod forecast;
mod outlook;
mod plan;
mod rates;
mod report;
mod screening;
mod spread;
mod test;
mod visits;
mod week;

pub use crate::side::Side;
pub use diary::{DiaryReason, DiaryResult, DoseAction, DoseDecision, EntryPlace};
pub use exercise::{
    ExerciseCondition, ExerciseDisc, ExerciseMoment, ExerciseMuscle, ExercisePhase, ExerciseRank,
    ExerciseResult, UnrankedExercise,
};
pub use forecast::{Carried, Change90, ForecastResult, MechanismState, Series, SeriesKind};
pub use outlook::{Outlook, ProgrammeExercise};
pub use plan::{
    GoalResult, HabitWorth, LeftOutExercise, OneMore, OrderResult, PlanResult, PlannedExercise, Retest,
};
pub use rates::{OwnRate, RateSource};
pub use report::{
    Cause, Contrast, Effect, ModelInfo, NormalRange, PositionResult, Results, Uncertainty, Unsolved,
    ValidationRow,
};
pub use screening::{Asked, Level, Reason, Region, Screening};
use serde::{Deserialize, Deserializer, Serialize};
pub use spread::{Ensemble, Outline, Quantiles, Spread};
pub(crate) use test::READING;
pub use test::{
    FitResult, FittedChange, FittedOutput, FittedParameter, FittedTest, LeftOut, NextTest, TestReading,
    Unidentifiable,
};
pub use visits::{
    Better, Change, ChangeLabel, OutcomePoint, OutcomeSeries, Risk, Support, TestPoint, TestSeries, Visits,
};
pub use week::{ActivityResult, DiscHours, FootHours, GroupHours, MuscleHours, WeekResult};

/// One solved position of one body: what `guywire posture --json` prints.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Posture {
    /// The position's name on the command line.
    pub position: String,
    /// The angles and distances of the posture.
    pub measures: Measures,
    /// Every muscle of both sides.
    pub muscles: Vec<MuscleState>,
    /// Every lumbar disc, from T12/L1 down to L5/S1.
    pub discs: Vec<DiscLoad>,
    /// Both hips, left first.
    pub hips: Vec<HipLoad>,
    /// What each support (foot, seat, table, backrest) carries.
    pub supports: Vec<SupportLoad>,
    /// What a posture of the built-in body has and this one has not, and why; empty for the built-in body.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub absent: Vec<Absent>,
    /// Proof that this is an equilibrium.
    pub certificate: Certificate,
}

/// A result that a model has no parts for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Absent {
    /// Field of [`Measures`] or of [`DiscLoad`], or `discs`.
    pub what: String,
    /// What the model lacks.
    pub why: String,
}

/// The posture in clinical terms; definitions and signs in [`crate::posture::measures`].
///
/// A measure that the body has no parts for is not a number here, `null` in JSON, and stands with its reason in
/// [`Posture::absent`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "each field is defined, with its sign, in `measures`")]
pub struct Measures {
    #[serde(deserialize_with = "number_or_none")]
    pub pelvic_tilt_deg: f64,
    #[serde(deserialize_with = "number_or_none")]
    pub sacral_slope_deg: f64,
    #[serde(deserialize_with = "number_or_none")]
    pub spinopelvic_tilt_deg: f64,
    #[serde(deserialize_with = "number_or_none")]
    pub pelvic_incidence_deg: f64,
    #[serde(deserialize_with = "number_or_none")]
    pub lumbar_lordosis_deg: f64,
    #[serde(deserialize_with = "number_or_none")]
    pub lower_lordosis_deg: f64,
    #[serde(deserialize_with = "number_or_none")]
    pub lumbar_flexion_deg: f64,
    #[serde(deserialize_with = "number_or_none")]
    pub thorax_inclination_deg: f64,
    #[serde(deserialize_with = "number_or_none")]
    pub hip_flexion_left_deg: f64,
    #[serde(deserialize_with = "number_or_none")]
    pub hip_flexion_right_deg: f64,
    #[serde(deserialize_with = "number_or_none")]
    pub hip_adduction_left_deg: f64,
    #[serde(deserialize_with = "number_or_none")]
    pub hip_adduction_right_deg: f64,
    #[serde(deserialize_with = "number_or_none")]
    pub femoral_rotation_left_deg: f64,
    #[serde(deserialize_with = "number_or_none")]
    pub femoral_rotation_right_deg: f64,
    #[serde(deserialize_with = "number_or_none")]
    pub knee_flexion_left_deg: f64,
    #[serde(deserialize_with = "number_or_none")]
    pub knee_flexion_right_deg: f64,
    #[serde(deserialize_with = "number_or_none")]
    pub ankle_dorsiflexion_left_deg: f64,
    #[serde(deserialize_with = "number_or_none")]
    pub ankle_dorsiflexion_right_deg: f64,
    #[serde(deserialize_with = "number_or_none")]
    pub pelvic_obliquity_deg: f64,
    #[serde(deserialize_with = "number_or_none")]
    pub pelvic_rotation_deg: f64,
    #[serde(deserialize_with = "number_or_none")]
    pub functional_leg_length_difference_mm: f64,
    #[serde(deserialize_with = "number_or_none")]
    pub gravity_line_mm: f64,
}

/// What JSON writes for a number that is none.
fn number_or_none<'de, D: Deserializer<'de>>(value: D) -> Result<f64, D::Error> {
    Ok(Option::<f64>::deserialize(value)?.unwrap_or(f64::NAN))
}

/// One muscle fascicle in a solved position.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct MuscleState {
    /// Fascicle, as in the body's muscle table without its side.
    pub name: String,
    /// Anatomical muscle, as written in case files (`psoas`, `biceps_femoris_long_head`).
    pub anatomical: String,
    /// Tissue group, as written in case files (`hip_flexors`, `hamstrings`, …).
    pub group: String,
    /// Side of the body.
    pub side: Side,
    /// Total tendon force.
    pub force_n: f64,
    /// The passive part of it.
    pub passive_force_n: f64,
    /// Activation, 0 to 1.
    pub activation: f64,
    /// Fibre length over optimal fibre length.
    pub normalized_fiber_length: f64,
}

/// Load on one lumbar disc; shears and moments act from the upper on the lower vertebra, in the disc's frame.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct DiscLoad {
    /// `T12/L1` … `L5/S1`.
    pub level: String,
    /// Force that presses the vertebrae together.
    pub compression_n: f64,
    /// Force that slides the upper vertebra forward.
    pub anterior_shear_n: f64,
    /// Force that slides the upper vertebra to the right.
    pub lateral_shear_n: f64,
    /// Moment that the segment resists in flexion (flexed: positive).
    pub flexion_moment_nm: f64,
    /// Flexion of the segment from its stress-free angle; for another model, from where its trunk is upright.
    pub flexion_deg: f64,
    /// Nucleus pressure; not a number for a model that says nothing of its discs' cross-sections.
    #[serde(deserialize_with = "number_or_none")]
    pub pressure_mpa: f64,
    /// Compressive stress in the anterior annulus; as `pressure_mpa`.
    #[serde(deserialize_with = "number_or_none")]
    pub anterior_stress_mpa: f64,
    /// Compressive stress in the posterior annulus; as `pressure_mpa`.
    #[serde(deserialize_with = "number_or_none")]
    pub posterior_stress_mpa: f64,
    /// Who presses how much; the compressions add up to `compression_n`.
    pub contributions: Vec<Contribution>,
}

/// One source's share of a disc's compression and anterior shear.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Contribution {
    /// Muscle (`psoas.left`), body part (`weight of thorax`), `abdominal pressure`, support or load.
    pub source: String,
    /// What kind of thing it is.
    pub kind: ContributionKind,
    /// Its part of the compression.
    pub compression_n: f64,
    /// Its part of the anterior shear.
    pub anterior_shear_n: f64,
}

/// What presses on a disc.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the names say it")]
pub enum ContributionKind {
    Muscle,
    BodyPart,
    Load,
    Pressure,
    Support,
    Ligament,
}

/// Force of the pelvis on one femur.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct HipLoad {
    /// Side of the body.
    pub side: Side,
    /// Magnitude.
    pub contact_force_n: f64,
    /// Magnitude over body weight.
    pub contact_force_bw: f64,
}

/// What one support carries.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SupportLoad {
    /// Name of the support, such as `left foot`, `seat`, `backrest`.
    pub support: String,
    /// Force normal to the support.
    pub normal_force_n: f64,
    /// Share of body weight.
    pub share_of_weight: f64,
}

/// Proof of an equilibrium: residuals of the balance and of the optimality conditions.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Certificate {
    /// Largest unbalanced force.
    pub max_residual_n: f64,
    /// Largest unbalanced moment.
    pub max_residual_nm: f64,
    /// Largest violation of the optimality conditions, relative to the problem's scale.
    pub kkt_residual: f64,
    /// Steps of the outer search.
    pub iterations: usize,
    /// Wall time of the solve; the only field that differs from run to run.
    pub solve_ms: f64,
}

/// What is needed to draw a solved position: everything in metres in the ground frame
/// (x forward, y up, z to the right).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Figure {
    /// Pose of every body.
    pub bodies: Vec<BodyPose>,
    /// Every bony landmark.
    pub landmarks: Vec<LandmarkPoint>,
    /// Every muscle's line, in the order of [`Posture::muscles`].
    pub muscle_lines: Vec<Vec<[f64; 3]>>,
    /// Every support surface that carries the body.
    pub surfaces: Vec<Surface>,
    /// Held weights: position and mass.
    pub held: Vec<HeldLoad>,
    /// Where arms lean on something; empty where they hang or hold.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub leaning: Vec<LeaningArm>,
    /// Whole-body centre of mass.
    pub centre_of_mass_m: [f64; 3],
}

/// An arm that leans on something.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct LeaningArm {
    /// Side.
    pub side: Side,
    /// Where its elbow lies, if the forearm does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub elbow_m: Option<[f64; 3]>,
    /// Where its hand lies.
    pub hand_m: [f64; 3],
}

/// Pose of one body in ground.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BodyPose {
    /// Body name, such as `pelvis`, `lumbar3`, `femur_r`.
    pub body: String,
    /// Origin.
    pub origin_m: [f64; 3],
    /// Rotation, row by row.
    pub rotation: [[f64; 3]; 3],
}

/// One landmark in ground.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LandmarkPoint {
    /// Landmark name as in the body's landmark table, such as `ASIS`.
    pub landmark: String,
    /// Body that carries it, such as `pelvis` or `femur_l`.
    pub body: String,
    /// Side, or none on the midline.
    pub side: Option<Side>,
    /// Position.
    pub position_m: [f64; 3],
}

/// A flat support: a point on it and its outward normal (towards the body).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Surface {
    /// `floor`, `seat`, `backrest`, `table`, `chair`.
    pub name: String,
    /// A point of the surface.
    pub point_m: [f64; 3],
    /// Unit normal.
    pub normal: [f64; 3],
}

/// A weight in the hands.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct HeldLoad {
    /// Mass.
    pub mass_kg: f64,
    /// Position of its centre.
    pub position_m: [f64; 3],
}

/// A posture with its picture.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Solved {
    /// The numbers.
    pub posture: Posture,
    /// The geometry.
    pub figure: Figure,
}
