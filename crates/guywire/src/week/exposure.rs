//! What the scenes of a week do to muscles and discs.

use super::similar::{Similar, all};
use super::{Entry, Moment, Schedule, Solver, WeekError, sole};
use crate::adaptation::{Bout, Deed, DiscBout, Exposure};
use crate::body::Body;
use crate::posture::{GRAVITY, Positions};
use crate::results::{ActivityResult, DiscHours, FootHours, GroupHours, MuscleHours, WeekResult};
use crate::side::Side;
use rayon::prelude::*;

/// What lengths are compared with.
pub(super) const STANDING: &str = "standing";

/// Solves every scene of a week: what a body goes through in each, in the order of [`Schedule::scenes`].
///
/// # Errors
/// When a scene does not fit the body or has no equilibrium.
pub fn moments(body: &Body, positions: &Positions, schedule: &Schedule) -> Result<Vec<Moment>, WeekError> {
    let solver = Solver { positions };
    all(schedule.scenes.par_iter().map(|scene| Moment::of(body, &solver.solve(scene, body)?)))
}

/// What a week does to every muscle and disc of a body.
///
/// # Errors
/// As [`moments`].
pub fn exposure(body: &Body, positions: &Positions, schedule: &Schedule) -> Result<Exposure, WeekError> {
    let moments = moments(body, positions, schedule)?;
    Ok(of_moments(body, schedule, &moments))
}

/// The exposure of solved scenes.
pub(super) fn of_moments(body: &Body, schedule: &Schedule, moments: &[Moment]) -> Exposure {
    let mut exposure = Exposure::none(body.system.muscles.len(), body.system.levels.len());
    for (moment, hours) in moments.iter().zip(scene_hours(schedule)) {
        for (m, (bouts, muscle)) in exposure.muscles.iter_mut().zip(&body.system.muscles).enumerate() {
            bouts.push(Bout {
                hours,
                bouts: 0.0,
                normalized_fiber_length: moment.normalized_fiber_length[m],
                activation: moment.activation[m],
                passive_force: moment.passive_force_n[m] / muscle.parameters.max_isometric_force,
                deed: Deed::Habit,
            });
        }
        for (k, bouts) in exposure.discs.iter_mut().enumerate() {
            bouts.push(DiscBout {
                hours,
                compression_n: moment.compression_n[k],
                posterior_stress_mpa: moment.posterior_stress_mpa[k],
            });
        }
    }
    exposure
}

/// Hours of every scene over the whole week.
pub(super) fn scene_hours(schedule: &Schedule) -> Vec<f64> {
    let mut hours = vec![0.0; schedule.scenes.len()];
    for (scene, more) in schedule.entries.iter().flat_map(|entry| &entry.scenes) {
        hours[*scene] += more;
    }
    hours
}

/// What every activity of a week does, for people and other programs.
///
/// # Errors
/// As [`moments`].
pub fn told(body: &Body, positions: &Positions, schedule: &Schedule) -> Result<WeekResult, WeekError> {
    Ok(Similar::to(body, positions, schedule)?.told(body))
}

/// The same of solved scenes, in the order of [`Schedule::scenes`], and of standing.
pub(super) fn result(body: &Body, schedule: &Schedule, moments: &[&Moment], standing: &Moment) -> WeekResult {
    // From zero: the sum of nothing has a sign of its own.
    let hours_of = |assumed: bool| {
        let own = schedule.entries.iter().filter(|entry| entry.assumed == assumed);
        own.fold(0.0, |sum, entry| sum + entry.hours)
    };
    WeekResult {
        body_weight_n: body.system.model.mass() * GRAVITY,
        told_hours: hours_of(false),
        assumed_sleep_hours: hours_of(true),
        unknown_hours: schedule.unknown_hours(),
        activities: schedule.entries.iter().map(|entry| activity(body, entry, moments, standing)).collect(),
        spread: None,
    }
}

fn activity(body: &Body, entry: &Entry, moments: &[&Moment], standing: &Moment) -> ActivityResult {
    let total: f64 = entry.scenes.iter().map(|(_, hours)| hours).sum();
    let count = entry.scenes.len().max(1) as f64;
    // An activity of no hours is told as its scenes are, each as long as the others.
    let share = |hours: f64| if total > 0.0 { hours / total } else { 1.0 / count };
    let mean = |of: &dyn Fn(&Moment) -> f64| -> f64 {
        entry.scenes.iter().map(|(scene, hours)| share(*hours) * of(moments[*scene])).sum()
    };
    let most = |of: &dyn Fn(&Moment) -> f64| -> f64 {
        entry.scenes.iter().map(|(scene, _)| of(moments[*scene])).fold(f64::NEG_INFINITY, f64::max)
    };
    let least = |of: &dyn Fn(&Moment) -> f64| -most(&|moment| -of(moment));
    let mut names: Vec<&str> = Vec::new();
    for info in &body.muscles {
        if !names.contains(&info.group.as_str()) {
            names.push(&info.group);
        }
    }
    let groups = names.iter().flat_map(|group| Side::BOTH.map(|side| (*group, side))).map(|(group, side)| {
        let of = |numbers: &[f64]| -> f64 {
            let own = body.muscles.iter().enumerate().filter(|(_, i)| i.group == group && i.side == side);
            let (sum, volume) = own.fold((0.0, 0.0), |(sum, volume), (m, _)| {
                let own = body.system.muscles[m].volume;
                (sum + own * numbers[m], volume + own)
            });
            sum / volume
        };
        let length = mean(&|moment| of(&moment.normalized_fiber_length));
        GroupHours {
            group: group.to_owned(),
            side,
            normalized_fiber_length: length,
            longer_than_standing: length - of(&standing.normalized_fiber_length),
            activation: mean(&|moment| of(&moment.activation)),
        }
    });
    let muscles = body.muscles.iter().enumerate().map(|(m, info)| {
        let length = |moment: &Moment| moment.normalized_fiber_length[m];
        MuscleHours {
            name: info.name.clone(),
            anatomical: info.key.clone(),
            group: info.group.clone(),
            side: info.side,
            normalized_fiber_length: mean(&length),
            shortest_normalized_fiber_length: least(&length),
            longest_normalized_fiber_length: most(&length),
            fiber_strain: mean(&length) - 1.0,
            activation: mean(&|moment| moment.activation[m]),
            force_n: mean(&|moment| moment.force_n[m]),
            passive_force_n: mean(&|moment| moment.passive_force_n[m]),
        }
    });
    let discs = body.system.levels.iter().enumerate().rev().map(|(k, level)| DiscHours {
        level: level.name.clone(),
        compression_n: mean(&|moment| moment.compression_n[k]),
        greatest_compression_n: most(&|moment| moment.compression_n[k]),
        posterior_stress_mpa: mean(&|moment| moment.posterior_stress_mpa[k]),
        pressure_mpa: mean(&|moment| moment.pressure_mpa[k]),
        newton_hours: total * mean(&|moment| moment.compression_n[k]),
    });
    let weight = body.system.model.mass() * GRAVITY;
    let above = |of: &dyn Fn(&Moment) -> f64| -> f64 {
        let own = entry.scenes.iter().filter(|(scene, _)| of(moments[*scene]) > weight);
        own.fold(0.0, |sum, (_, hours)| sum + hours)
    };
    let feet = Side::BOTH.into_iter().enumerate().map(|(k, side)| {
        let calf = |moment: &Moment| -> f64 {
            let own = body.muscles.iter().zip(&moment.force_n);
            let own = own.filter(|(i, _)| i.side == side && sole::CALF.contains(&i.key.as_str()));
            own.map(|(_, force)| force).sum()
        };
        let tie = |moment: &Moment| moment.sole_n[k];
        FootHours {
            side,
            achilles_n: mean(&calf),
            greatest_achilles_n: most(&calf),
            achilles_newton_hours: total * mean(&calf),
            achilles_hours_above_weight: above(&calf),
            sole_n: mean(&tie),
            greatest_sole_n: most(&tie),
            sole_newton_hours: total * mean(&tie),
            sole_hours_above_weight: above(&tie),
        }
    });
    let hip = |side: usize| most(&|moment| moment.hip_force_n[side]) / weight;
    let [left, right] = Side::BOTH.map(|side| hip(usize::from(side == Side::Right)));
    ActivityResult {
        activity: entry.activity.clone(),
        title: entry.title.clone(),
        lead: entry.lead,
        hours: entry.hours,
        repetitions: entry.repetitions,
        assumed: entry.assumed,
        groups: groups.collect(),
        muscles: muscles.collect(),
        discs: discs.collect(),
        feet: feet.collect(),
        greatest_hip_force_bw: [left, right],
    }
}
