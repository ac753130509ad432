//! Which exercise reaches a muscle: the library in the order of what the engine finds for a target.

use super::ExerciseError;
use super::conditions::against;
use super::library::{Exercise, Kind, Library, Sides};
use super::solve::{Done, Standing, Way, solve};
use crate::body::{Body, Group, MuscleInfo};
use crate::case::{Case, nearest};
use crate::posture::Positions;
use crate::results::{ExerciseRank, LeftOutExercise, UnrankedExercise};
use crate::side::Side;
use rayon::prelude::*;

/// A tissue group or a muscle, of one side or of both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Target<'t> {
    name: &'t str,
    side: Option<Side>,
}

impl<'t> Target<'t> {
    /// A group or muscle of both sides.
    pub(super) fn any(name: &'t str) -> Self {
        Self { name, side: None }
    }

    /// Reads `hip_flexors` or `hip_flexors.left`.
    ///
    /// # Errors
    /// When the body has no such group or muscle; the error names the nearest.
    pub fn read(text: &'t str, body: &Body, groups: &[Group]) -> Result<Self, ExerciseError> {
        let (name, side) = match text.rsplit_once('.') {
            Some((name, "left")) => (name, Some(Side::Left)),
            Some((name, "right")) => (name, Some(Side::Right)),
            _ => (text, None),
        };
        let target = Self { name, side };
        if body.muscles.iter().any(|info| target.covers(groups, info)) {
            return Ok(target);
        }
        let known = groups.iter().map(|g| g.name.as_str());
        let known: Vec<&str> = known.chain(body.muscles.iter().map(|m| m.key.as_str())).collect();
        Err(ExerciseError::UnknownTarget {
            name: text.to_owned(),
            nearest: nearest(name, known.iter().copied()).map(str::to_owned),
        })
    }

    /// The same as an exercise reaches it: of one that a side does alone, on that side.
    fn of(self, exercise: &Exercise, body: &Body, groups: &[Group]) -> Self {
        if self.side.is_some() || exercise.sides == Sides::Both {
            return self;
        }
        let on = |side| Self { side: Some(side), ..self };
        let is_there = |target: &Self| body.muscles.iter().any(|info| target.covers(groups, info));
        [Side::Right, Side::Left].map(on).into_iter().find(is_there).unwrap_or(self)
    }

    /// The side, if it is one.
    pub fn side(&self) -> Option<Side> {
        self.side
    }

    /// Whether a muscle belongs to it.
    pub(super) fn covers(&self, groups: &[Group], info: &MuscleInfo) -> bool {
        let named = info.key == self.name
            || info.name == self.name
            || groups.iter().any(|g| g.name == self.name && g.members.contains(&info.key));
        named && self.side.is_none_or(|side| side == info.side)
    }
}

/// What an exercise does to a target, averaged over its fascicles by their greatest force.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reached {
    /// Fibre length over optimal fibre length, in the phase that stretches it most.
    pub norm_fiber_length: f64,
    /// The same in standing.
    pub standing: f64,
    /// Passive force over greatest active force there.
    pub passive_share: f64,
    /// Passive force there, the sum, N.
    pub passive_n: f64,
    /// Activation in the phase in which it works most.
    pub activation: f64,
}

impl Done<'_> {
    /// What it does to the muscles that `chosen` picks; none where it picks none.
    pub(super) fn reached(
        &self,
        body: &Body,
        standing: &Standing,
        chosen: impl Fn(&MuscleInfo) -> bool,
    ) -> Option<Reached> {
        let own: Vec<usize> = (0..body.muscles.len()).filter(|&m| chosen(&body.muscles[m])).collect();
        let whole: f64 = own.iter().map(|&m| body.muscles[m].max_isometric_force_n).sum();
        let mean = |of: &dyn Fn(usize) -> f64| -> f64 {
            own.iter().map(|&m| body.muscles[m].max_isometric_force_n * of(m)).sum::<f64>() / whole
        };
        let standing = mean(&|m| standing.norm_fiber_length[m]);
        self.phases
            .iter()
            .map(|phase| {
                let solution = &phase.settled.solution;
                let passive_n: f64 = own.iter().map(|&m| solution.passive_force[m]).sum();
                Reached {
                    norm_fiber_length: mean(&|m| solution.norm_fiber_length[m]),
                    standing,
                    passive_share: passive_n / whole,
                    passive_n,
                    activation: mean(&|m| solution.activation[m]),
                }
            })
            .filter(|reached| reached.norm_fiber_length.is_finite())
            .reduce(|most, next| {
                let activation = most.activation.max(next.activation);
                let longer = if next.passive_share > most.passive_share { next } else { most };
                Reached { activation, ..longer }
            })
    }
}

/// Exercises in their order, and those that have none.
#[derive(Clone, Debug, Default)]
pub struct Ranked {
    /// The best first.
    pub ranked: Vec<ExerciseRank>,
    /// Exercises that this body could not be brought to do, and why.
    pub unsolved: Vec<UnrankedExercise>,
}

impl Ranked {
    /// Takes out what the case speaks against, and says why.
    pub fn leave_out(&mut self) -> Vec<LeftOutExercise> {
        let mut left = Vec::new();
        self.ranked.retain(|rank| {
            let why = rank.against.as_ref().filter(|condition| condition.excludes());
            left.extend(why.map(|condition| LeftOutExercise {
                exercise: rank.exercise.clone(),
                why: condition.text.clone(),
            }));
            why.is_none()
        });
        left
    }
}

/// Whether an exercise of this kind is ranked by what works rather than by what is stretched.
fn works(kind: Kind) -> bool {
    matches!(kind, Kind::Strengthen | Kind::Control | Kind::Activity)
}

/// Ranks the exercises that `kind` lets through: what stretches by passive force, what strengthens by activation, each
/// against the target's greatest force. Releases press and have no rank.
///
/// # Errors
/// When the body does not stand.
pub fn rank(
    (body, groups): (&Body, &[Group]),
    positions: &Positions,
    (library, case): (&Library, &Case),
    target: Target<'_>,
    kind: Option<Kind>,
) -> Result<Ranked, ExerciseError> {
    let standing = Standing::of(body, positions)?;
    let asked: Vec<&Exercise> = library
        .all()
        .iter()
        .filter(|e| e.kind != Kind::Release && kind.is_none_or(|kind| e.kind == kind))
        .collect();
    let found: Vec<_> = asked
        .par_iter()
        .map(|exercise| {
            let target = target.of(exercise, body, groups);
            let way = Way { side: target.side.unwrap_or(Side::Right), cued: true };
            let done = solve(body, positions, exercise, way)?;
            Ok((done.reached(body, &standing, |info| target.covers(groups, info)), done))
        })
        .collect();
    let mut ranks = Ranked::default();
    for (exercise, found) in asked.iter().zip(found) {
        match found {
            Ok((Some(reached), done)) => {
                let rank = told(exercise, target.of(exercise, body, groups), &reached, &done);
                // The gravest comes first.
                let against = against(library, exercise, case).into_iter().next();
                ranks.ranked.push(ExerciseRank { against, ..rank });
            }
            Ok((None, _)) => {}
            Err(problem) => ranks.unsolved.push(UnrankedExercise {
                exercise: exercise.name.clone(),
                problem: ExerciseError::to_string(&problem),
            }),
        }
    }
    // What stretches stands before what strengthens; both cannot be weighed against each other.
    ranks.ranked.sort_by(|a, b| a.by_activation.cmp(&b.by_activation).then(b.score().total_cmp(&a.score())));
    Ok(ranks)
}

fn told(exercise: &Exercise, target: Target<'_>, reached: &Reached, done: &Done<'_>) -> ExerciseRank {
    let most = |of: &dyn Fn(&crate::results::DiscLoad) -> f64| {
        let discs = done.phases.iter().flat_map(|phase| &phase.posture.discs);
        discs.map(of).fold(f64::NEG_INFINITY, f64::max)
    };
    ExerciseRank {
        exercise: exercise.name.clone(),
        title: exercise.title.clone(),
        kind: exercise.kind.name().to_owned(),
        side: target.side.filter(|_| exercise.sides == Sides::Each),
        by_activation: works(exercise.kind),
        normalized_fiber_length: reached.norm_fiber_length,
        standing_fiber_length: reached.standing,
        strain_percent: 100.0 * (reached.norm_fiber_length / reached.standing - 1.0),
        passive_force_n: reached.passive_n,
        passive_share: reached.passive_share,
        activation: reached.activation,
        highest_compression_n: most(&|disc| disc.compression_n),
        against: None,
        spread: None,
    }
}
