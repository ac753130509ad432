//! Which exercises, and how much of each.

use super::prescription::{Doer, DoneOnce, doing, minutes};
use super::{Goal, MOST_EXERCISES, PlanError, Wanted};
use crate::adaptation::Mechanisms;
use crate::exercise::{Exercise, Kind, Sides};
use crate::forecast::{Doing, Followed, Rows, Session};
use crate::results::LeftOutExercise;
use crate::side::Side;
use crate::study::Progress;
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Doses that are tried, as places in the range of each.
const DOSES: [f64; 3] = [0.0, 0.5, 1.0];
/// The middle one.
pub(super) const MIDDLE: usize = 1;
/// Exercises that mixtures are made of: those that do most, and those that do most a minute.
const SHORTLIST: usize = 4;
/// Mixtures that are followed with all bodies before the search ends: assumed.
const TRIALS: usize = 12;
/// Bodies with which a mixture is judged during the search; the plan itself is followed with all of them. Assumed.
const JUDGES: usize = 60;
/// How much more a mixture must promise than one that disappointed, a share of the way or of what that one promised: assumed.
const LEAST_STEP: f64 = 0.1;
/// Least gain for a goal, a share of the way, that puts an exercise on the list.
const WORTH_DOING: f64 = 0.01;
/// Least way to a goal, over one and its size: what is nearer is there.
const LEAST_WAY: f64 = 1e-3;

/// An exercise that could be part of the plan, and what each dose of it does alone.
pub(super) struct Candidate<'e> {
    pub exercise: &'e Exercise,
    /// The side that does it; both where none is said.
    pub side: Option<Side>,
    done: Vec<DoneOnce<'e>>,
    /// What the most probable body gains for each goal, dose by dose, in the unit of the goal.
    gains: Vec<Vec<f64>>,
    /// Minutes a week, dose by dose.
    pub minutes: Vec<f64>,
}

impl Candidate<'_> {
    /// So much of it in some weeks.
    pub fn sessions(&self, doer: Doer<'_>, dose: f64, weeks: (usize, usize)) -> Vec<Session> {
        self.done.iter().map(|done| done.session(doer, dose, weeks)).collect()
    }
}

/// An exercise as one side does it, or why it cannot.
type Solved<'e> = Result<DoneOnce<'e>, PlanError>;

/// What became of an exercise that was tried alone.
enum Tried<'e> {
    Does(Candidate<'e>),
    /// Nothing for any goal.
    DoesNothing,
    Hurts(LeftOutExercise),
}

/// One exercise of a plan: which candidate, and which dose.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Part {
    pub candidate: usize,
    pub dose: usize,
}

/// What was found.
pub(super) struct Chosen {
    pub parts: Vec<Part>,
    pub reached: bool,
}

/// A plan that is looked for.
pub(super) struct Search<'s> {
    pub person: &'s Followed<'s>,
    pub doer: Doer<'s>,
    pub wanted: Wanted<'s>,
    /// Which number each goal is about.
    pub found: Vec<usize>,
    pub candidates: Vec<Candidate<'s>>,
    /// Exercises whose poses hurt, and why.
    pub hurting: Vec<LeftOutExercise>,
    /// The most probable body's numbers now and at the end if nothing is done.
    pub now: Vec<f64>,
    undone: Vec<f64>,
    /// The judges' numbers now.
    pub judges: Rows,
    /// What each goal lacks if nothing is done, and the way there: the same without its sign.
    lacking: Vec<f64>,
    ways: Vec<f64>,
}

impl<'s> Search<'s> {
    pub fn new(
        person: &'s Followed<'s>,
        doer: Doer<'s>,
        wanted: Wanted<'s>,
        found: Vec<usize>,
        progress: Progress<'_>,
    ) -> Result<Self, PlanError> {
        let judges = person.now(JUDGES.min(person.asked().members.len()))?;
        let (now, candidates) = (person.probable_now()?, Vec::new());
        let (undone, hurting, lacking, ways) = Default::default();
        let mut search =
            Self { person, doer, wanted, found, candidates, hurting, undone, now, judges, lacking, ways };
        search.undone = person.probable_end(search.doing(&[]))?;
        search.lacking = search.lacks(&person.end(search.judges.len(), search.doing(&[]))?);
        let least = search.each_goal(|goal, k| LEAST_WAY * (1.0 + goal.aim.target(search.now[k]).0.abs()));
        search.ways = search.lacking.iter().zip(least).map(|(lacks, least)| lacks.abs().max(least)).collect();
        let open: Vec<&Exercise> = wanted
            .library
            .all()
            .iter()
            .filter(|e| wanted.left_out.iter().all(|left| left.exercise != e.name))
            .collect();
        if open.is_empty() {
            return Err(PlanError::NothingLeft { left_out: wanted.left_out.to_vec() });
        }
        let ways: Vec<(&Exercise, Option<Side>)> = open
            .iter()
            .copied()
            .flat_map(|exercise| match exercise.sides {
                Sides::Both => vec![(exercise, None)],
                Sides::Each => {
                    vec![(exercise, Some(Side::Left)), (exercise, Some(Side::Right)), (exercise, None)]
                }
            })
            .collect();
        // What both sides do one after the other is what each does.
        let once: Vec<(&Exercise, Side)> = open
            .iter()
            .flat_map(|exercise| doing(exercise, None).into_iter().map(move |side| (*exercise, side)))
            .collect();
        let (count, done) = (once.len() + ways.len(), AtomicUsize::new(0));
        let solved = once.into_par_iter().map(|(exercise, side)| {
            let solved = doer.once(exercise, side);
            progress(done.fetch_add(1, Ordering::Relaxed) + 1, count, &exercise.name);
            ((&*exercise.name, side), solved)
        });
        let solved: BTreeMap<(&str, Side), Solved<'s>> = solved.collect();
        let tried = ways.into_par_iter().map(|(exercise, side)| {
            let sides = doing(exercise, side)
                .into_iter()
                .filter_map(|side| solved.get(&(&*exercise.name, side)).cloned());
            let candidate =
                sides.collect::<Result<_, _>>().and_then(|done| search.candidate(exercise, side, done));
            progress(done.fetch_add(1, Ordering::Relaxed) + 1, count, &exercise.name);
            candidate
        });
        // An exercise that this body cannot do is none of its plans.
        let tried: Vec<Result<Tried<'s>, PlanError>> = tried.collect();
        let (mut candidates, mut hurting, mut painless) = (Vec::new(), Vec::new(), false);
        for tried in tried {
            painless |= !matches!(tried, Ok(Tried::Hurts(_)));
            match tried {
                Ok(Tried::Does(candidate)) => candidates.push(candidate),
                // Of both sides, each one tells it of its own.
                Ok(Tried::Hurts(left)) if !hurting.contains(&left) => hurting.push(left),
                Ok(Tried::Hurts(_) | Tried::DoesNothing) | Err(PlanError::Undoable { .. }) => {}
                Err(problem) => return Err(problem),
            }
        }
        if !painless {
            let left_out = wanted.left_out.iter().cloned().chain(hurting).collect();
            return Err(PlanError::NothingLeft { left_out });
        }
        search.candidates = shortlisted(candidates);
        search.hurting = hurting;
        Ok(search)
    }

    pub fn doing<'d>(&self, sessions: &'d [Session]) -> Doing<'d> {
        Doing {
            weeks: self.wanted.weeks,
            sessions,
            adherence: self.wanted.adherence,
            other_weeks: &[],
            mechanisms: Mechanisms::default(),
        }
    }

    /// What an exercise does alone.
    fn candidate(
        &self,
        exercise: &'s Exercise,
        side: Option<Side>,
        done: Vec<DoneOnce<'s>>,
    ) -> Result<Tried<'s>, PlanError> {
        if let Some(why) = done.iter().find_map(|once| once.hurts(self.wanted.painful)) {
            return Ok(Tried::Hurts(LeftOutExercise { exercise: exercise.name.clone(), why }));
        }
        let minutes = DOSES.map(|share| minutes(&exercise.dose, share, done.len())).to_vec();
        let mut candidate = Candidate { exercise, side, done, gains: Vec::new(), minutes };
        // The most of it first: if that does nothing, no less does.
        for dose in [2, 0, 1] {
            let sessions = candidate.sessions(self.doer, DOSES[dose], (1, self.wanted.weeks));
            let end = self.person.probable_end(self.doing(&sessions))?;
            let own = self.gains(&end);
            if dose == 2 && own.iter().zip(&self.ways).all(|(gain, way)| *gain < WORTH_DOING * way) {
                return Ok(Tried::DoesNothing);
            }
            candidate.gains.push(own);
        }
        candidate.gains.rotate_left(1);
        Ok(Tried::Does(candidate))
    }

    /// How much nearer to each goal the most probable body ends than if nothing is done.
    fn gains(&self, end: &[f64]) -> Vec<f64> {
        self.each_goal(|goal, k| {
            let (_, at_least) = goal.aim.target(self.now[k]);
            if at_least { end[k] - self.undone[k] } else { self.undone[k] - end[k] }
        })
    }

    /// The same over all goals, each as a share of its way.
    pub fn gained(&self, end: &[f64]) -> f64 {
        self.gains(end).iter().zip(&self.ways).map(|(gain, way)| gain / way).sum()
    }

    /// Something of every goal, and of the number that it is about.
    pub fn each_goal<T>(&self, of: impl Fn(&Goal, usize) -> T) -> Vec<T> {
        self.wanted.goals.iter().zip(&self.found).map(|(goal, k)| of(goal, *k)).collect()
    }

    pub fn minutes(&self, parts: &[Part]) -> f64 {
        parts.iter().map(|part| self.candidates[part.candidate].minutes[part.dose]).sum()
    }

    pub fn sessions(&self, parts: &[Part]) -> Vec<Session> {
        let weeks = (1, self.wanted.weeks);
        parts
            .iter()
            .flat_map(|p| self.candidates[p.candidate].sessions(self.doer, DOSES[p.dose], weeks))
            .collect()
    }

    /// The place of a part in the range of its dose.
    pub fn dose(&self, part: Part) -> f64 {
        DOSES[part.dose]
    }

    /// The middle of a dose.
    pub fn middle(&self) -> f64 {
        DOSES[MIDDLE]
    }

    /// The first exercise of a kind, not left out, that is meant for the same muscles as one of the candidates, on its side; nothing
    /// if there is none.
    pub fn for_the_same(
        &self,
        known: &[(&Candidate<'_>, f64)],
        kind: Kind,
    ) -> Result<Vec<Session>, PlanError> {
        let Some((like, _)) = known.first() else { return Ok(Vec::new()) };
        let fits = |e: &&Exercise| {
            e.kind == kind
                && e.target.iter().any(|target| like.exercise.target.contains(target))
                && self.wanted.left_out.iter().all(|left| left.exercise != e.name)
        };
        let weeks = (1, self.wanted.weeks);
        for exercise in self.wanted.library.all().iter().filter(fits) {
            let side = like.side.filter(|_| exercise.sides == Sides::Each);
            let done = match self.doer.done(exercise, side) {
                Ok(done) => done,
                Err(PlanError::Undoable { .. }) => continue,
                Err(problem) => return Err(problem),
            };
            if done.iter().all(|once| once.hurts(self.wanted.painful).is_none()) {
                return Ok(done.iter().map(|once| once.session(self.doer, self.middle(), weeks)).collect());
            }
        }
        Ok(Vec::new())
    }

    /// What a mixture promises for each goal: the sum of what each exercise gains alone.
    fn promises(&self, parts: &[Part]) -> Vec<f64> {
        let own = |part: &Part, g: usize| self.candidates[part.candidate].gains[part.dose][g];
        (0..self.found.len()).map(|g| parts.iter().map(|part| own(part, g)).sum()).collect()
    }

    /// By how much of its way a goal is more than promised, of all goals the least.
    fn spare(&self, promised: &[f64], required: &[f64]) -> f64 {
        let each = promised.iter().zip(required).zip(&self.ways).map(|((p, r), way)| (p - r) / way);
        each.fold(f64::INFINITY, f64::min)
    }

    /// Every mixture within the time that there is, the cheapest first.
    fn mixtures(&self) -> Vec<(f64, Vec<Part>)> {
        let mut list: Vec<(f64, Vec<Part>)> = vec![(0.0, Vec::new())];
        let mut grown: Vec<Vec<Part>> = vec![Vec::new()];
        for _ in 0..MOST_EXERCISES {
            let mut next = Vec::new();
            for parts in &grown {
                let first = parts.last().map_or(0, |last| last.candidate + 1);
                for candidate in first..self.candidates.len() {
                    let same = |p: &Part| {
                        self.candidates[p.candidate].exercise.name == self.candidates[candidate].exercise.name
                    };
                    if parts.iter().any(same) {
                        continue;
                    }
                    for dose in 0..DOSES.len() {
                        let mut more = parts.clone();
                        more.push(Part { candidate, dose });
                        if self.minutes(&more) <= self.wanted.most_minutes {
                            next.push(more);
                        }
                    }
                }
            }
            list.extend(next.iter().map(|parts| (self.minutes(parts), parts.clone())));
            grown = next;
        }
        // Of equal time, fewer exercises; a stable sort keeps the rest in the order of the library.
        list.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.len().cmp(&b.1.len())));
        list
    }

    /// The cheapest mixture that reaches the goals with the probability asked for, or the one that comes nearest.
    pub fn chosen(&self, progress: Progress<'_>) -> Result<Chosen, PlanError> {
        let mixtures = self.mixtures();
        let promises: Vec<Vec<f64>> = mixtures.iter().map(|(_, parts)| self.promises(parts)).collect();
        let everybody = self.person.now(self.person.asked().members.len())?;
        // The mixture with the probability of all goals, and how much of a way it lacks.
        let mut nearest: Option<([f64; 2], &[Part])> = None;
        // What must be promised so that enough bodies keep it: more after every disappointment.
        let mut required = self.lacking.clone();
        let mut from = 0;
        for trial in 0..TRIALS {
            progress(trial, TRIALS, "plan");
            let spare = |k: usize| self.spare(&promises[k], &required);
            let next = (from..mixtures.len()).find(|&k| spare(k) >= 0.0);
            // Nothing promises so much: the one that promises most is followed as the last.
            let best = (0..mixtures.len())
                .max_by(|&a, &b| spare(a).total_cmp(&spare(b)).then(mixtures[b].0.total_cmp(&mixtures[a].0)));
            let Some(k) = next.or(best) else { break };
            let parts = &mixtures[k].1;
            let sessions = self.sessions(parts);
            let doing = self.doing(&sessions);
            let end = self.person.end(self.judges.len(), doing)?;
            let mut probability = self.judged(&self.judges, &end).1;
            if probability >= self.wanted.probability {
                // The judges are some of all: all have the last word.
                let end = self.person.end(everybody.len(), doing)?;
                probability = self.judged(&everybody, &end).1;
                if probability >= self.wanted.probability {
                    return Ok(Chosen { parts: parts.clone(), reached: true });
                }
            }
            let lacks = self.lacks(&end);
            let most = lacks.iter().zip(&self.ways).map(|(lacks, way)| lacks / way).fold(0.0, f64::max);
            if nearest.is_none_or(|(known, _)| [probability, -most] > known) {
                nearest = Some(([probability, -most], parts));
            }
            if next.is_none() {
                break;
            }
            // Where each goal alone is reached surely enough, all together are not: more of each.
            let all = most <= 0.0;
            for (g, required) in required.iter_mut().enumerate().filter(|(g, _)| all || lacks[*g] > 0.0) {
                let promised = promises[k][g];
                let step = lacks[g].max(LEAST_STEP * self.ways[g]).max(LEAST_STEP * promised);
                *required = required.max(promised + step);
            }
            from = k + 1;
        }
        let parts = nearest.map(|(_, parts)| parts.to_vec()).unwrap_or_default();
        Ok(Chosen { parts, reached: false })
    }
}

/// Those that do most towards any goal, and those that do most a minute; in the order of the library.
fn shortlisted(candidates: Vec<Candidate<'_>>) -> Vec<Candidate<'_>> {
    let goals = candidates.first().map_or(0, |c| c.gains[0].len());
    let mut kept = vec![false; candidates.len()];
    for g in 0..goals {
        let most = |c: &Candidate<'_>| c.gains[2][g];
        let a_minute = |c: &Candidate<'_>| c.gains[2][g] / c.minutes[2].max(1.0);
        for of in [&most as &dyn Fn(&Candidate<'_>) -> f64, &a_minute] {
            let mut order: Vec<usize> = (0..candidates.len()).filter(|&k| of(&candidates[k]) > 0.0).collect();
            order.sort_by(|&a, &b| of(&candidates[b]).total_cmp(&of(&candidates[a])));
            order.into_iter().take(SHORTLIST).for_each(|k| kept[k] = true);
        }
    }
    candidates.into_iter().zip(kept).filter_map(|(candidate, kept)| kept.then_some(candidate)).collect()
}
