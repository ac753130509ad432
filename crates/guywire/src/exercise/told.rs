//! What an exercise does to a person, as plain values and as poses for drawing.

use super::conditions::against;
use super::library::{Dose, Exercise, Kind, Library, Sides};
use super::rank::Target;
use super::solve::{Done, OF_LEGS, PhaseDone, Standing, Way, solve};
use super::{ExerciseError, picture};
use crate::body::{Body, Group};
use crate::case::Case;
use crate::evidence;
use crate::posture::{Positions, settle};
use crate::results::{
    DiscLoad, ExerciseDisc, ExerciseMoment, ExerciseMuscle, ExercisePhase, ExerciseResult, PositionResult,
};
use crate::side::Side;

/// Below this age no programme begins without an examination, years.
const YOUNG: f64 = 16.0;

/// An exercise that somebody asks about.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// The positions.
    pub positions: &'a Positions,
    /// The library.
    pub library: &'a Library,
    /// The exercise.
    pub exercise: &'a Exercise,
    /// How it is done.
    pub way: Way,
    /// The person.
    pub case: &'a Case,
}

/// What it does, and the pose of every phase for drawing.
///
/// # Errors
/// When a phase cannot be reached or balanced.
pub fn told(
    asked: Asked<'_>,
    body: &Body,
    groups: &[Group],
) -> Result<(ExerciseResult, Vec<PositionResult>), ExerciseError> {
    let (told, done) = result(asked, body, groups)?;
    let poses = done
        .phases
        .iter()
        .zip(&asked.exercise.phases)
        .map(|(phase, of)| picture::drawn(body, asked.exercise, (&of.title, phase)));
    Ok((told, poses.collect::<Result<_, _>>()?))
}

/// What it does, and how it was done.
pub(crate) fn result<'a>(
    asked: Asked<'a>,
    body: &Body,
    groups: &[Group],
) -> Result<(ExerciseResult, Done<'a>), ExerciseError> {
    let Asked { positions, library, exercise, way, case } = asked;
    let upright = settle(body, positions, "standing", None)?;
    let standing = Standing { norm_fiber_length: upright.solution.norm_fiber_length.clone() };
    let done = solve(body, positions, exercise, way)?;
    let discs = discs(&done, &upright.posture(body)?.discs);
    let middle = exercise.dose.at(0.5);
    let source = &exercise.dose.source;
    let mut general = library.general.after.clone();
    if case.person.age < YOUNG {
        general.insert(0, library.general.under_16.clone());
    }
    let told = ExerciseResult {
        exercise: exercise.name.clone(),
        title: exercise.title.clone(),
        kind: exercise.kind.name().to_owned(),
        side: (exercise.sides == Sides::Each).then_some(way.side),
        how: exercise.how.clone(),
        cue: exercise.cue().map(str::to_owned),
        cued: way.cued,
        load: exercise.load.clone(),
        target: exercise.target.clone(),
        dose: exercise.dose.in_words(),
        dose_source: library
            .source(source)
            .map(|own| own.cite.as_str())
            .or_else(|| evidence::cite(source))
            .unwrap_or(source)
            .to_owned(),
        session_hours: middle.seconds / 3600.0,
        sessions_per_week: middle.per_week,
        note: exercise.note.clone(),
        not_computed: exercise.not_computed.clone(),
        clinician_only: exercise.clinician_only,
        phases: exercise
            .phases
            .iter()
            .zip(&done.phases)
            .map(|(of, phase)| ExercisePhase {
                title: of.title.clone(),
                share: of.share,
                pelvic_tilt_deg: phase.posture.measures.pelvic_tilt_deg,
                moments: moments(body, phase),
                max_residual_nm: phase.posture.certificate.max_residual_nm,
            })
            .collect(),
        muscles: muscles(body, groups, &done, &standing),
        discs,
        conditions: against(library, exercise, case),
        stop_rules: library.general.stop_rules.clone(),
        general,
        spread: None,
    };
    Ok((told, done))
}

impl Exercise {
    /// What makes it well done, if that can be left out.
    pub fn cue(&self) -> Option<&str> {
        self.phases.iter().find_map(|phase| phase.cue.as_ref()).map(|cue| cue.said.as_str())
    }
}

impl Dose {
    /// In words, such as `2 to 5 sets of 30 to 60 s, 3 to 7 times a week`.
    pub fn in_words(&self) -> String {
        let range = |[least, most]: [f64; 2]| match least < most {
            true => format!("{least} to {most}"),
            false => format!("{least}"),
        };
        let mut parts = Vec::new();
        if let Some(sets) = self.sets {
            parts.push(format!("{} sets", range(sets)));
        }
        if let Some(reps) = self.reps {
            parts.push(format!("{} repetitions", range(reps)));
        }
        if let Some(hold) = self.hold_s {
            parts.push(format!("{} s", range(hold)));
        }
        if let Some(minutes) = self.minutes {
            parts.push(format!("{} min", range(minutes)));
        }
        format!("{}, {} times a week", parts.join(" of "), range(self.per_week))
    }
}

fn moments(body: &Body, phase: &PhaseDone) -> Vec<ExerciseMoment> {
    let told = |degree: &str, [up, down]: [&str; 2], side: Option<Side>, nm: f64| ExerciseMoment {
        moment: if nm < 0.0 { down } else { up }.to_owned(),
        side,
        newton_metre: nm.abs(),
        degree: degree.to_owned(),
        signed_newton_metre: nm,
    };
    let mut list = Vec::new();
    for (degree, words) in OF_LEGS {
        for side in Side::BOTH {
            let name = format!("{degree}_{}", crate::body::suffix(side));
            list.extend(phase.moment(body, &name).map(|nm| told(degree, words, Some(side), nm)));
        }
    }
    let back = phase.lumbar_extension_nm(body);
    list.extend(back.map(|nm| told("lumbar_extension", ["lumbar extension", "lumbar flexion"], None, nm)));
    list
}

fn muscles(body: &Body, groups: &[Group], done: &Done<'_>, standing: &Standing) -> Vec<ExerciseMuscle> {
    let mut list: Vec<ExerciseMuscle> = Vec::new();
    for info in &body.muscles {
        if list.iter().any(|m| m.muscle == info.key && m.side == info.side) {
            continue;
        }
        let own = |other: &crate::body::MuscleInfo| other.key == info.key && other.side == info.side;
        let Some(reached) = done.reached(body, standing, own) else { continue };
        let meant = done.exercise.sides == Sides::Both || info.side == done.way.side;
        let is_target = meant && done.exercise.target.iter().any(|n| Target::any(n).covers(groups, info));
        list.push(ExerciseMuscle {
            muscle: info.key.clone(),
            group: info.group.clone(),
            side: info.side,
            is_target,
            normalized_fiber_length: reached.norm_fiber_length,
            strain_percent: 100.0 * (reached.norm_fiber_length / reached.standing - 1.0),
            passive_force_n: reached.passive_n,
            passive_share: reached.passive_share,
            activation: reached.activation,
        });
    }
    let by_work = matches!(done.exercise.kind, Kind::Strengthen | Kind::Control | Kind::Activity);
    let score = |m: &ExerciseMuscle| if by_work { m.activation } else { m.passive_share };
    list.sort_by(|a, b| score(b).total_cmp(&score(a)).then_with(|| a.muscle.cmp(&b.muscle)));
    list
}

/// Every disc in the phase that presses it most.
fn discs(done: &Done<'_>, standing: &[DiscLoad]) -> Vec<ExerciseDisc> {
    let mut list: Vec<ExerciseDisc> = Vec::new();
    for phase in &done.phases {
        for disc in &phase.posture.discs {
            let upright = standing.iter().find(|d| d.level == disc.level);
            let told = ExerciseDisc {
                level: disc.level.clone(),
                compression_n: disc.compression_n,
                anterior_shear_n: disc.anterior_shear_n,
                pressure_mpa: disc.pressure_mpa,
                posterior_stress_mpa: disc.posterior_stress_mpa,
                over_standing: upright.map_or(f64::NAN, |d| disc.compression_n / d.compression_n),
            };
            match list.iter_mut().find(|d| d.level == told.level) {
                Some(most) if most.compression_n < told.compression_n => *most = told,
                Some(_) => {}
                None => list.push(told),
            }
        }
    }
    list
}
