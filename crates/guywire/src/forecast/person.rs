//! One body through the weeks.
//!
//! The state of the tissue is stepped every week. Tests and standing are solved at some weeks, the knots: now, at the end, where
//! a session or another week begins or ends, and at ever wider distances in between. Between two knots a number follows the state, which is
//! known in every week:
//!
//! ```text
//! y(w) = y_a + (y_b − y_a) s,    s = (x(w) − x_a)·(x_b − x_a) / |x_b − x_a|²
//! ```
//!
//! with `x` all numbers of the tissue, each by its greatest change over the course. At a knot the week is solved anew for the
//! body as it has become.

use super::number::{Number, OfTissue, STANDING, Solved, Start, Unsolved, amounts, answered};
use super::{Asked, Doing, ForecastError, Ground, LOST, beginning};
use crate::adaptation::{Exposure, Mechanism, Rates, State, step};
use crate::body::{Body, Frame};
use crate::case::Tissue;
use crate::posture::{settle, start_at};
use crate::results::OwnRate;
use crate::study::{Member, NoShelf, Place, Progress, Shelf};
use crate::week::{Response, Schedule, WeekError};
use guywire_engine::Muscle;
use guywire_engine::equilibrium::Near;
use rayon::prelude::*;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Weeks that are knots: tissue goes ever slower. A test keeps what lies between within 0.3 degrees.
const KNOTS: [usize; 6] = [2, 5, 12, 27, 60, 130];

/// The solved numbers of members, in their order; nothing of a member that has none.
pub type Rows = Vec<Option<Vec<f64>>>;

/// A person who is followed: everything that does not depend on what is done.
pub struct Followed<'a> {
    asked: Asked<'a>,
    ground: Ground<'a>,
    /// The most probable body, how it is tested and stands, and the start of a search for how a similar one stands.
    body: Body,
    start: Start,
    near: Near,
    week: Response,
    tissue: OfTissue,
    solved: Solved<'a>,
    /// Where what depends on the most probable body alone is kept.
    of_body: Place<'a>,
    /// Where all that is solved over the weeks is kept: it depends on the week and the tests too.
    place: Place<'a>,
}

/// The numbers of one body, week by week: those of the tissue, then those that are solved.
pub(super) struct Course {
    /// `(weeks + 1)` rows.
    pub rows: Vec<Vec<f64>>,
}

/// A body on its way.
struct Walk<'a> {
    member: &'a Member,
    /// Its bones and paths, which weeks leave as they are.
    frame: Frame<'a>,
    rates: Rates,
    state: State,
    muscles: Vec<Muscle>,
    /// How its fibres differ from the most probable body's.
    by: Vec<f64>,
    /// Its week as it is.
    habit: Exposure,
    /// Its week as it will be, if that changes.
    other_week: Option<&'a Response>,
}

impl<'a> Followed<'a> {
    /// Prepares to follow a person.
    ///
    /// # Errors
    /// When the body cannot be built, does not stand, or has no week.
    pub fn new(ground: Ground<'a>, asked: Asked<'a>) -> Result<Self, ForecastError> {
        let member = asked.most_probable;
        let body = ground.reference.scaled_to(&member.person, &member.tissue)?;
        let standing = settle(&body, ground.positions, STANDING, None)?;
        let near = start_at(&body, &standing)?;
        let (tissue, solved) = (OfTissue::new(&body.muscles), Solved { ground, tests: asked.tests });
        let start = Start { standing: standing.solution, tests: solved.poses(&body, member.tolerance) };
        let week = week_of(ground, member, asked.week)?;
        let place = Place::on(&NoShelf);
        Ok(Self { asked, ground, body, start, near, week, tissue, solved, of_body: place, place })
    }

    /// The same, going on from what a shelf has, and keeping there what is solved.
    #[must_use]
    pub fn kept_on(self, shelf: &'a dyn Shelf) -> Self {
        let Asked { most_probable, seed, week, tests, .. } = self.asked;
        let body = Place::on(shelf).at(format!("{most_probable:?}").as_bytes());
        let place = body.at(format!("{seed} {week:?} {tests:?} {:?}", self.ground.rates).as_bytes());
        Self { of_body: body, place, ..self }
    }

    /// Where what depends on the most probable body alone is kept.
    pub fn place_of_body(&self) -> Place<'a> {
        self.of_body
    }

    /// Where what is solved of a member is kept.
    fn place_of(&self, what: &str, m: usize) -> Place<'a> {
        self.place.at(what.as_bytes()).at(format!("{m} {:?}", self.asked.members[m]).as_bytes())
    }

    /// How many numbers are solved.
    fn width(&self) -> usize {
        self.solved.names().len()
    }

    /// Who is followed.
    pub fn asked(&self) -> Asked<'a> {
        self.asked
    }

    /// What later visits say of the person's rates.
    pub(super) fn rates(&self) -> Vec<OwnRate> {
        self.ground.rates.told()
    }

    /// The most probable body.
    pub fn body(&self) -> &Body {
        &self.body
    }

    /// How the person and similar ones would spend another week.
    ///
    /// # Errors
    /// When the week has no solution.
    pub fn other_week(&self, week: &Schedule) -> Result<Response, ForecastError> {
        Ok(week_of(self.ground, self.asked.most_probable, week)?)
    }

    /// What is followed, in the order of the numbers of a row.
    pub(super) fn names(&self) -> Vec<Number> {
        self.tissue.names().into_iter().chain(self.numbers()).collect()
    }

    /// What is solved, in the order of [`Followed::now`] and [`Followed::end`].
    pub fn numbers(&self) -> Vec<Number> {
        self.solved.names()
    }

    /// The courses of all members that have one, in their order.
    pub(super) fn courses(
        &self,
        doing: Doing<'_>,
        progress: Progress<'_>,
    ) -> Result<Vec<Course>, ForecastError> {
        let width = self.names().len();
        let count = self.asked.members.len();
        let done = AtomicUsize::new(0);
        let digest = doing.digest().value().to_le_bytes();
        let of = |m: usize| {
            let solve = || -> Result<Vec<f64>, Unsolved> {
                Ok(self.course(doing, self.begin(self.member(m))?)?.rows.concat())
            };
            let place = self.place_of("course", m).at(&digest);
            let numbers = place.kept(|length| length == width * (doing.weeks + 1), solve);
            progress(done.fetch_add(1, Ordering::Relaxed) + 1, count, "weeks");
            Ok(Course { rows: numbers?.chunks_exact(width).map(<[f64]>::to_vec).collect() })
        };
        Ok(enough((0..count).into_par_iter().map(of).collect())?.into_iter().flatten().collect())
    }

    /// The solved numbers of the first members now.
    ///
    /// # Errors
    /// When too many have none.
    pub fn now(&self, members: usize) -> Result<Rows, ForecastError> {
        let of = |m: usize| {
            let solve = || self.solve_alone(&self.begin(self.member(m))?);
            self.place_of("now", m).kept(|length| length == self.width(), solve)
        };
        enough((0..members).into_par_iter().map(of).collect())
    }

    /// The solved numbers of the first members at the end of what is done, in the order of [`Followed::now`].
    ///
    /// # Errors
    /// When too many have none.
    pub fn end(&self, members: usize, doing: Doing<'_>) -> Result<Rows, ForecastError> {
        doing.check()?;
        let digest = doing.digest().value().to_le_bytes();
        let of = |m: usize| {
            let solve = || self.ends(doing, self.begin(self.member(m))?);
            self.place_of("end", m).at(&digest).kept(|length| length == self.width(), solve)
        };
        enough((0..members).into_par_iter().map(of).collect())
    }

    /// The same in another week than the person's own.
    ///
    /// # Errors
    /// When the week has no solution, or too many members have no end.
    pub fn end_in(&self, week: &Schedule, members: usize, doing: Doing<'_>) -> Result<Rows, ForecastError> {
        let width = self.width();
        // Whether a member has an end, and its numbers.
        let solve = || -> Result<Vec<f64>, ForecastError> {
            let week = self.other_week(week)?;
            let of = |m: usize| {
                let walk = self.begin(self.member(m))?;
                self.ends(doing, Walk { other_week: Some(&week), ..walk })
            };
            let rows = enough((0..members).into_par_iter().map(of).collect())?;
            let told = rows
                .into_iter()
                .map(|row| row.map_or_else(|| vec![0.0; width + 1], |row| [vec![1.0], row].concat()));
            Ok(told.collect::<Vec<_>>().concat())
        };
        let whose = format!("{week:?} {:?}", &self.asked.members[..members]);
        let place = self.place.at(b"end in").at(whose.as_bytes()).at(&doing.digest().value().to_le_bytes());
        let rows = place.kept(|length| length == members * (width + 1), solve)?;
        Ok(rows.chunks_exact(width + 1).map(|row| (row[0] > 0.0).then(|| row[1..].to_vec())).collect())
    }

    /// The same of the most probable body, at the middle of all rates.
    ///
    /// # Errors
    /// When it has none.
    pub fn probable_end(&self, doing: Doing<'_>) -> Result<Vec<f64>, ForecastError> {
        doing.check()?;
        let solve = || self.begin(self.middle()).and_then(|walk| self.ends(doing, walk)).map_err(lost);
        let place = self.place.at(b"probable end").at(&doing.digest().value().to_le_bytes());
        place.kept(|length| length == self.width(), solve)
    }

    /// The same now.
    ///
    /// # Errors
    /// When it has none.
    pub fn probable_now(&self) -> Result<Vec<f64>, ForecastError> {
        let solve = || self.begin(self.middle()).and_then(|walk| self.solve_alone(&walk)).map_err(lost);
        self.place.at(b"probable now").kept(|length| length == self.width(), solve)
    }

    /// What each mechanism carried of every solved number of the most probable body at the end, at the middle of all rates.
    pub(super) fn carried(&self, doing: Doing<'_>) -> Result<Vec<(Mechanism, Vec<f64>)>, ForecastError> {
        let mut walk = self.begin(self.middle()).map_err(lost)?;
        self.walk(doing, &mut walk);
        let state = walk.state.clone();
        let place = self.place.at(b"carried").at(&doing.digest().value().to_le_bytes());
        let mut numbers = |without: &str, state: &State| {
            let solve = || {
                walk.state = state.clone();
                self.solve_alone(&walk).map_err(lost)
            };
            place.at(without.as_bytes()).kept(|length| length == self.width(), solve)
        };
        let all = numbers("none", &state)?;
        let worked = Mechanism::ALL.into_iter().filter(|mechanism| state.without(*mechanism) != state);
        worked
            .map(|mechanism| {
                let without = numbers(mechanism.name(), &state.without(mechanism))?;
                Ok((mechanism, all.iter().zip(&without).map(|(a, b)| a - b).collect()))
            })
            .collect()
    }

    fn member(&self, m: usize) -> (&'a Member, Rates) {
        (&self.asked.members[m], self.ground.rates.drawn(self.asked.seed, m as u64))
    }

    fn middle(&self) -> (&'a Member, Rates) {
        (self.asked.most_probable, self.ground.rates.median())
    }

    /// The course of one body.
    fn course(&self, doing: Doing<'_>, mut walk: Walk<'_>) -> Result<Course, Unsolved> {
        let knots = knots(doing);
        let (mut solved, mut states): (Vec<Vec<f64>>, Vec<Vec<f64>>) = (Vec::new(), Vec::new());
        let mut at = self.start.clone();
        let mut before: Option<State> = None;
        for week in 0..=doing.weeks {
            let mut row = Vec::new();
            self.tissue.numbers(&walk.state, &self.body.muscles, &mut row);
            states.push(row);
            if knots.contains(&week) {
                // What has not changed needs no solving.
                let same = before.as_ref().is_some_and(|before| walk.state.is_as(before));
                match solved.last().filter(|_| same).cloned() {
                    Some(known) => solved.push(known),
                    None => {
                        let (numbers, body) = self.solve(&walk, &mut at)?;
                        solved.push(numbers);
                        self.solve_weeks_anew(&mut walk, body);
                    }
                }
                before = Some(walk.state.clone());
            }
            if week < doing.weeks {
                self.step(doing, &mut walk, week + 1);
            }
        }
        Ok(Course { rows: between(&knots, &states, &solved) })
    }

    /// A body at the end, without what lies between.
    fn ends(&self, doing: Doing<'_>, mut walk: Walk<'_>) -> Result<Vec<f64>, Unsolved> {
        self.walk(doing, &mut walk);
        self.solve_alone(&walk)
    }

    fn walk(&self, doing: Doing<'_>, walk: &mut Walk<'_>) {
        (1..=doing.weeks).for_each(|week| self.step(doing, walk, week));
    }

    fn begin(&self, (member, rates): (&'a Member, Rates)) -> Result<Walk<'a>, Unsolved> {
        let frame = self.ground.reference.frame(&member.person)?;
        let body = frame.with(&member.tissue)?;
        let by = amounts(self.ground, &self.body, &body);
        let habit = self.week.exposure(&body.system.muscles, &by);
        let state = beginning(member, &habit, &rates);
        Ok(Walk { member, frame, rates, state, muscles: body.system.muscles, by, habit, other_week: None })
    }

    /// One week.
    fn step(&self, doing: Doing<'_>, walk: &mut Walk<'_>, week: usize) {
        let other = doing.other_weeks.iter().find(|other| (other.from..=other.until).contains(&week));
        let mut exposure = match walk.other_week.or(other.map(|other| &other.week)) {
            Some(other) => other.exposure(&walk.muscles, &walk.by),
            None => walk.habit.clone(),
        };
        for session in doing.sessions.iter().filter(|s| s.is_done_in(week)) {
            exposure.add(&session.on(&walk.muscles, doing.adherence));
        }
        walk.state = step(&walk.state, &exposure, &walk.rates, doing.mechanisms);
    }

    /// The solved numbers of a body as it is now, looked for from `start`, which then is where it was found; and the body.
    fn solve(&self, walk: &Walk<'_>, start: &mut Start) -> Result<(Vec<f64>, Body), Unsolved> {
        let tissue = &walk.member.tissue;
        let more = walk.state.settings(&self.body.muscles);
        let settings = tissue.settings.iter().cloned().chain(more).collect();
        let body = walk.frame.with(&Tissue { settings, ..tissue.clone() })?;
        let mut near = self.near.clone();
        near.lead(1.0, &self.start.standing, &start.standing);
        let mut numbers = Vec::new();
        self.solved.numbers(&body, &walk.state, (walk.member.tolerance, near), start, &mut numbers)?;
        Ok((numbers, body))
    }

    /// The solved numbers of a body as it is now, by itself.
    fn solve_alone(&self, walk: &Walk<'_>) -> Result<Vec<f64>, Unsolved> {
        Ok(self.solve(walk, &mut self.start.clone())?.0)
    }

    /// The weeks of a walk are solved anew from here on, for the body as it has become.
    fn solve_weeks_anew(&self, walk: &mut Walk<'_>, body: Body) {
        walk.by = amounts(self.ground, &self.body, &body);
        walk.habit = self.week.exposure(&body.system.muscles, &walk.by);
        walk.muscles = body.system.muscles;
        walk.state.solve_anew();
    }
}

/// How a person and similar bodies spend a week.
fn week_of(ground: Ground<'_>, member: &Member, week: &Schedule) -> Result<Response, WeekError> {
    let whose = (ground.reference, &member.person, &member.tissue);
    Response::of(whose, ground.positions, week, answered())
}

/// What was found of every member, if enough have anything: nothing where nothing was found.
fn enough<T>(found: Vec<Result<T, Unsolved>>) -> Result<Vec<Option<T>>, ForecastError> {
    let members = found.len();
    let first = found.iter().find_map(|c| c.as_ref().err().map(|e| e.0.clone()));
    let found: Vec<Option<T>> = found.into_iter().map(Result::ok).collect();
    let lost = found.iter().filter(|of| of.is_none()).count();
    match first {
        Some(first) if lost as f64 > LOST * members as f64 => {
            Err(ForecastError::Lost { lost, members, first })
        }
        _ => Ok(found),
    }
}

/// The one body that is asked for has nothing.
fn lost(problem: Unsolved) -> ForecastError {
    ForecastError::Lost { lost: 1, members: 1, first: problem.0 }
}

/// All numbers in every week, from the tissue's in every week and the solved ones at the knots.
fn between(knots: &[usize], states: &[Vec<f64>], solved: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let width = states.first().map_or(0, Vec::len);
    let greatest: Vec<f64> = (0..width)
        .map(|k| states.iter().fold(0.0_f64, |most, row| most.max((row[k] - states[0][k]).abs())))
        .collect();
    let along = |a: &[f64], b: &[f64], c: &[f64]| -> f64 {
        (0..width)
            .filter(|&k| greatest[k] > 0.0)
            .map(|k| (b[k] - a[k]) * (c[k] - a[k]) / (greatest[k] * greatest[k]))
            .sum()
    };
    let row = |week: usize| {
        let to = knots.partition_point(|&knot| knot < week).min(knots.len() - 1);
        let from = to.saturating_sub(1);
        let (a, b) = (&states[knots[from]], &states[knots[to]]);
        let length = along(a, b, b);
        let share = match week == knots[to] {
            true => 1.0,
            false if length > 0.0 => (along(a, b, &states[week]) / length).clamp(0.0, 1.0),
            false => 0.0,
        };
        let ends = solved[from].iter().zip(&solved[to]);
        let between = ends.map(|(low, high)| if share == 1.0 { *high } else { low + share * (high - low) });
        states[week].iter().copied().chain(between).collect()
    };
    (0..states.len()).map(row).collect()
}

/// The weeks in which tests and standing are solved.
fn knots(doing: Doing<'_>) -> Vec<usize> {
    let mut knots = vec![0, doing.weeks];
    knots.extend(doing.sessions.iter().flat_map(|s| [s.from.saturating_sub(1), s.until]));
    knots.extend(doing.other_weeks.iter().flat_map(|o| [o.from.saturating_sub(1), o.until]));
    knots.extend(KNOTS);
    knots.retain(|&week| week <= doing.weeks);
    knots.sort_unstable();
    knots.dedup();
    knots
}
