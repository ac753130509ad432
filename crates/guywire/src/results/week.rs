//! What the hours of a week do.

use super::{Quantiles, Spread};
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
    /// Where its numbers lie over the bodies that the person may have.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spread: Option<Spread>,
}

impl WeekResult {
    /// Hours of all activities in which a foot goes through something.
    pub fn hours(&self, side: Side, of: impl Fn(&FootHours) -> f64) -> f64 {
        self.activities.iter().flat_map(|a| &a.feet).filter(|foot| foot.side == side).map(of).sum()
    }

    /// Every number of it by its name, but the hours that the person told.
    pub(crate) fn numbers(&self) -> Vec<(String, f64)> {
        let mut list = vec![("body_weight_n".to_owned(), self.body_weight_n)];
        for side in Side::BOTH {
            list.push((
                named("feet", side, "achilles_hours_above_weight"),
                self.hours(side, |foot| foot.achilles_hours_above_weight),
            ));
            list.push((
                named("feet", side, "sole_hours_above_weight"),
                self.hours(side, |foot| foot.sole_hours_above_weight),
            ));
        }
        for (k, activity) in self.activities.iter().enumerate() {
            let of = activity.numbers().into_iter();
            list.extend(of.map(|(name, value)| (format!("activities.{k}.{name}"), value)));
        }
        list
    }

    /// Where a number of the whole week lies.
    pub fn range(&self, name: &str) -> Option<&Quantiles> {
        self.spread.as_ref()?.of(name)
    }

    /// Where a number of an activity lies, by the activity's place.
    pub fn range_in(&self, activity: usize, name: &str) -> Option<&Quantiles> {
        self.range(&format!("activities.{activity}.{name}"))
    }
}

/// The name of a number that each side has.
fn named(what: &str, side: Side, field: &str) -> String {
    format!("{what}.{}.{field}", side.name())
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

impl ActivityResult {
    fn numbers(&self) -> Vec<(String, f64)> {
        let mut list = Vec::new();
        for group in &self.groups {
            let what = format!("groups.{}", group.group);
            let fields = [
                ("normalized_fiber_length", group.normalized_fiber_length),
                ("longer_than_standing", group.longer_than_standing),
                ("activation", group.activation),
            ];
            list.extend(fields.map(|(field, value)| (named(&what, group.side, field), value)));
        }
        for muscle in &self.muscles {
            let what = format!("muscles.{}", muscle.name);
            let fields = [
                ("normalized_fiber_length", muscle.normalized_fiber_length),
                ("activation", muscle.activation),
                ("force_n", muscle.force_n),
                ("passive_force_n", muscle.passive_force_n),
            ];
            list.extend(fields.map(|(field, value)| (named(&what, muscle.side, field), value)));
        }
        for disc in &self.discs {
            let fields = [
                ("compression_n", disc.compression_n),
                ("greatest_compression_n", disc.greatest_compression_n),
                ("posterior_stress_mpa", disc.posterior_stress_mpa),
                ("pressure_mpa", disc.pressure_mpa),
                ("newton_hours", disc.newton_hours),
            ];
            list.extend(fields.map(|(field, value)| (format!("discs.{}.{field}", disc.level), value)));
        }
        for foot in &self.feet {
            let fields = [
                ("achilles_n", foot.achilles_n),
                ("greatest_achilles_n", foot.greatest_achilles_n),
                ("achilles_newton_hours", foot.achilles_newton_hours),
                ("achilles_hours_above_weight", foot.achilles_hours_above_weight),
                ("sole_n", foot.sole_n),
                ("greatest_sole_n", foot.greatest_sole_n),
                ("sole_newton_hours", foot.sole_newton_hours),
                ("sole_hours_above_weight", foot.sole_hours_above_weight),
            ];
            list.extend(fields.map(|(field, value)| (named("feet", foot.side, field), value)));
        }
        let hips = Side::BOTH.into_iter().zip(self.greatest_hip_force_bw);
        list.extend(hips.map(|(side, force)| (named("hips", side, "greatest_force_bw"), force)));
        list
    }
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
