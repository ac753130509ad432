//! What the hours of a week do.

use crate::side::Side;
use serde::{Deserialize, Serialize};

/// A week.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WeekResult {
    /// Body weight, N.
    pub body_weight_n: f64,
    /// Hours that were told.
    pub told_hours: f64,
    /// Hours of sleep that were not told and are assumed.
    pub assumed_sleep_hours: f64,
    /// Hours of which nothing is known, which count as nothing.
    pub unknown_hours: f64,
    /// The activities, in the order in which they were told.
    pub activities: Vec<ActivityResult>,
}

/// What an activity does while it lasts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ActivityResult {
    /// Its name.
    pub activity: String,
    /// Its name in words.
    pub title: String,
    /// The leg that goes first, where one does.
    pub lead: Option<Side>,
    /// Hours a week.
    pub hours: f64,
    /// Times a week, where it was told so.
    pub repetitions: Option<f64>,
    /// Whether it was assumed, not told.
    pub assumed: bool,
    /// Tissue groups of both sides.
    pub groups: Vec<GroupHours>,
    /// Every muscle of both sides.
    pub muscles: Vec<MuscleHours>,
    /// The discs from above.
    pub discs: Vec<DiscHours>,
    /// The left and the right foot.
    pub feet: Vec<FootHours>,
    /// Greatest contact force of the left and the right hip, body weights.
    pub greatest_hip_force_bw: [f64; 2],
}

/// What a tissue group goes through while an activity lasts: means over its time and over its muscles by their volume.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GroupHours {
    /// Tissue group.
    pub group: String,
    /// Side.
    pub side: Side,
    /// Fibre length over optimal fibre length.
    pub normalized_fiber_length: f64,
    /// How much longer the fibres are than in standing on both legs, over their optimal length.
    pub longer_than_standing: f64,
    /// Activation, 0 to 1.
    pub activation: f64,
}

/// What a muscle goes through while an activity lasts: means over its time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MuscleHours {
    /// Fascicle without side.
    pub name: String,
    /// Anatomical muscle as written in case files.
    pub anatomical: String,
    /// Tissue group.
    pub group: String,
    /// Side.
    pub side: Side,
    /// Fibre length over optimal fibre length.
    pub normalized_fiber_length: f64,
    /// The shortest of it.
    pub shortest_normalized_fiber_length: f64,
    /// The longest of it.
    pub longest_normalized_fiber_length: f64,
    /// Fibre strain beyond optimal length.
    pub fiber_strain: f64,
    /// Activation, 0 to 1.
    pub activation: f64,
    /// Force, active and passive, N.
    pub force_n: f64,
    /// Passive force, N.
    pub passive_force_n: f64,
}

/// What a disc goes through while an activity lasts: means over its time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DiscHours {
    /// Level, such as `L4/L5`.
    pub level: String,
    /// Compression, N.
    pub compression_n: f64,
    /// The greatest of it, N.
    pub greatest_compression_n: f64,
    /// Stress in the posterior annulus, MPa.
    pub posterior_stress_mpa: f64,
    /// Pressure in the nucleus, MPa.
    pub pressure_mpa: f64,
    /// Compression times the hours of the week, N h.
    pub newton_hours: f64,
}

/// What pulls at a heel and ties the arch of a foot while an activity lasts: means over its time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FootHours {
    /// Side.
    pub side: Side,
    /// Force of the calf on the Achilles tendon, N.
    pub achilles_n: f64,
    /// The greatest of it, N.
    pub greatest_achilles_n: f64,
    /// It times the hours of the week, N h.
    pub achilles_newton_hours: f64,
    /// Hours of the week in which it is more than body weight, as far as the scenes tell.
    pub achilles_hours_above_weight: f64,
    /// Tension of all that ties the arch along the sole, N: the most that the plantar fascia can carry.
    pub sole_n: f64,
    /// The greatest of it, N.
    pub greatest_sole_n: f64,
    /// It times the hours of the week, N h.
    pub sole_newton_hours: f64,
    /// Hours of the week in which it is more than body weight, as far as the scenes tell.
    pub sole_hours_above_weight: f64,
}
