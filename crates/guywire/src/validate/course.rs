//! A programme of the literature, week by week on the reference body, read by simulated tests.
//!
//! Both legs do the same; the right one is read. What is held is the end of a test, so that a stretch has the lengths and
//! the pull that the equilibrium gives it there.

use super::draws::standard_scores;
use super::predict::Members;
use crate::adaptation::{
    Bout, Deed, Exposure, Growing, KnownRates, Mechanism, Mechanisms, MuscleState, Rate, Rates, Spent, State,
    after_session, carried, step,
};
use crate::body::{Body, MuscleInfo, ReferenceBody};
use crate::case::{Habit, Tissue};
use crate::examination::{Protocols, Trial};
use crate::posture::Positions;
use crate::side::Side;
use crate::week::{Activities, HOURS_OF_A_WEEK, Schedule, exposure};
use guywire_math::quantile;

/// Seconds that a set of work lasts: assumed; only sets count.
const SET_SECONDS: f64 = 30.0;
/// Seconds that one stretch is held (Medeiros 2016: usual in programmes).
const STRETCH_SECONDS: f64 = 30.0;
/// Hours of a second.
const SECOND: f64 = 1.0 / 3600.0;
/// Least that a mechanism carries to be named, in the unit of the answer.
const WORTH_SAYING: f64 = 0.005;
/// Seed of the drawn rates.
const SEED: u64 = 1;
/// Activities between which hours are moved.
const SITTING: &str = "sitting_backrest";
const STANDING: &str = "standing";
const LYING: &str = "lying";

/// What is done.
#[derive(Clone, Debug)]
pub(super) enum Done {
    /// The end of a test is held, minutes a week.
    Stretch { hold: String },
    /// A group works, sets a week.
    Train { group: Members, activation: f64, deed: Deed },
    /// A group is rolled, seconds: once where the course has no weeks.
    Roll { group: Members },
    /// More hours a week are sat, and as many fewer stood, half of them than usual and half of them less.
    Sit,
    /// The whole week is spent lying; the dose says nothing.
    Lie,
    /// A boy of an age (years) and height (cm) grows; the dose says nothing.
    Grow { age: f64, height_cm: f64 },
}

/// What is asked.
#[derive(Clone, Debug)]
pub(super) enum Asked {
    /// By how much a test reads more at the end.
    Change { test: String },
    /// The same in percent of the first reading.
    Percent { test: String },
    /// The same by an examiner who goes as far as before.
    Standard { test: String },
    /// Which share of the change such an examiner does not find.
    ToleranceShare { test: String },
    /// Which share of the change of the weeks (of the first minute, where it has none) is left at the end.
    Left { test: String },
    /// Change of the fibre length of a group, percent.
    Fibers { group: Members },
    /// The same from the end of the weeks to the end, percent of then.
    FibersLost { group: Members },
    /// Which share of their change is left.
    FibersLeft { group: Members },
}

/// A programme and its question.
#[derive(Clone, Debug)]
pub(super) struct Course {
    pub done: Done,
    /// How much of it a week.
    pub dose: f64,
    pub weeks: usize,
    /// How much of it a week afterwards, and for how long.
    pub afterwards: (f64, usize),
    /// Minutes since the last session.
    pub minutes: f64,
    pub asked: Asked,
}

/// What every programme starts from.
pub(super) struct Ground<'r> {
    reference: &'r ReferenceBody,
    positions: &'r Positions,
    protocols: Protocols,
    known: KnownRates,
    body: Body,
    activities: Activities,
    usual: Exposure,
}

/// What hours of activities do to a body.
fn spent(
    (body, positions): (&Body, &Positions),
    activities: &Activities,
    hours: &[(&str, f64)],
) -> Result<Exposure, String> {
    let habit = |&(activity, hours): &(&str, f64)| Habit {
        activity: activity.to_owned(),
        hours,
        repetitions: None,
        lead: None,
        span: 0..0,
        line: 0,
    };
    let habits: Vec<Habit> = hours.iter().map(habit).collect();
    let schedule = Schedule::of(&habits, activities).map_err(|e| e.to_string())?;
    exposure(body, positions, &schedule).map_err(|e| e.to_string())
}

impl<'r> Ground<'r> {
    /// The reference body at home in the usual week of adults.
    pub fn of(reference: &'r ReferenceBody, positions: &'r Positions) -> Result<Self, String> {
        let known = KnownRates::read().map_err(|e| e.to_string())?;
        let body = reference.unscaled().map_err(|e| e.to_string())?;
        let activities = Activities::read().map_err(|e| e.to_string())?;
        let hours: Vec<_> =
            known.usual().iter().map(|spent| (spent.activity.as_str(), spent.hours)).collect();
        let usual = spent((&body, positions), &activities, &hours)?;
        let protocols = Protocols::read().map_err(|e| e.to_string())?;
        Ok(Self { reference, positions, protocols, known, body, activities, usual })
    }

    fn reading(&self, state: &State, test: &str, by_own_limit: bool) -> Result<f64, String> {
        let tissue = Tissue { settings: state.settings(&self.body.muscles), ..Tissue::default() };
        let body = self.reference.unscaled_with(&tissue).map_err(|e| e.to_string())?;
        let protocol = self.protocols.get(test, None).map_err(|e| e.to_string())?;
        let trial = Trial { protocol, side: Side::Right, tolerance: 1.0 };
        let found = if by_own_limit {
            state.reading(&trial, &body, self.positions, None)
        } else {
            trial.reading(&body, self.positions, None)
        };
        Ok(found.map_err(|e| e.to_string())?.0)
    }

    /// What a dose a week does to every muscle.
    fn exposure(&self, done: &Done, dose: f64) -> Result<Exposure, String> {
        let body = &self.body;
        Ok(match done {
            Done::Stretch { hold } => {
                let protocol = self.protocols.get(hold, None).map_err(|e| e.to_string())?;
                let trial = Trial { protocol, side: Side::Right, tolerance: 1.0 };
                let (_, settled) = trial.reading(body, self.positions, None).map_err(|e| e.to_string())?;
                let time = (dose / 60.0, dose * 60.0 / STRETCH_SECONDS);
                Exposure::held(body, &settled.solution, time, Deed::Stretch)
            }
            Done::Train { group, activation, deed } => self.of_group(group, |usual| Bout {
                hours: dose * SET_SECONDS * SECOND,
                bouts: dose,
                activation: *activation,
                deed: *deed,
                ..usual
            }),
            Done::Roll { group } => self.of_group(group, |usual| Bout {
                hours: dose * SECOND,
                bouts: 1.0,
                deed: Deed::Release,
                ..usual
            }),
            Done::Sit => {
                let half = 0.5 * dose;
                let hours = |spent: &'_ Spent| match spent.activity.as_str() {
                    SITTING => spent.hours + half,
                    STANDING => spent.hours - half,
                    _ => spent.hours,
                };
                let hours: Vec<_> =
                    self.known.usual().iter().map(|s| (s.activity.as_str(), hours(s))).collect();
                spent((body, self.positions), &self.activities, &hours)?
            }
            Done::Lie => spent((body, self.positions), &self.activities, &[(LYING, HOURS_OF_A_WEEK)])?,
            Done::Grow { .. } => Exposure::none(body.muscles.len(), 0),
        })
    }

    /// A bout of every muscle of a group, made from how it usually is: its first position of the usual week.
    fn of_group(&self, group: &Members, bout: impl Fn(Bout) -> Bout) -> Exposure {
        let one = |(info, usual): (&MuscleInfo, &Vec<Bout>)| {
            let own = usual.first().filter(|_| group.contains(&info.key));
            own.map(|usual| bout(*usual)).into_iter().collect()
        };
        let muscles = self.body.muscles.iter().zip(&self.usual.muscles).map(one).collect();
        Exposure { muscles, discs: Vec::new() }
    }

    /// Mean fibre length of the right muscles of a group over that of the beginning.
    fn fibers(&self, state: &State, group: &Members) -> Result<f64, String> {
        let right = |info: &MuscleInfo| info.side == Side::Right && group.contains(&info.key);
        let mean = state.mean(&self.body.muscles, right, MuscleState::length);
        mean.ok_or_else(|| "the group has no muscle".to_owned())
    }
}

/// A programme with everything that does not depend on rates.
struct Planned<'c> {
    course: &'c Course,
    start: State,
    /// What those do who are compared with.
    others: Option<Exposure>,
    week: Exposure,
    afterwards: Exposure,
}

/// What a programme comes to.
pub(super) struct Answer {
    /// At the middle of all rates.
    pub median: f64,
    /// 5th and 95th percentile over what is not known of the rates.
    pub band: [f64; 2],
    /// What each mechanism carried of a change, at the middle of all rates.
    pub carried: Vec<(Mechanism, f64)>,
}

impl Answer {
    /// How sure it is, and what carried it.
    pub fn words(&self) -> String {
        let [low, high] = self.band;
        let band = format!("from {low:.2} to {high:.2} by what is not known of the rates");
        let carried: Vec<String> =
            self.carried.iter().map(|(mechanism, by)| format!("{} {by:.2}", mechanism.name())).collect();
        if carried.is_empty() { band } else { format!("{band}; carried by {}", carried.join(", ")) }
    }
}

impl Course {
    /// What it comes to; with no draws the band is the number.
    pub fn answer(&self, ground: &Ground<'_>, draws: usize) -> Result<Answer, String> {
        let planned = self.planned(ground)?;
        let rates = ground.known.median();
        let median = planned.answer(ground, &rates)?;
        if draws == 0 {
            return Ok(Answer { median, band: [median; 2], carried: Vec::new() });
        }
        let people = standard_scores(draws, Rate::ALL.len(), SEED)?;
        let answers = people.iter().map(|scores| planned.answer(ground, &ground.known.at(scores)));
        let mut answers = answers.collect::<Result<Vec<f64>, String>>()?;
        answers.sort_by(f64::total_cmp);
        let band = [0.05, 0.95].map(|share| quantile(&answers, share));
        Ok(Answer { median, band, carried: planned.carried(ground, &rates)? })
    }

    fn planned(&self, ground: &Ground<'_>) -> Result<Planned<'_>, String> {
        let mut start = State::at_home_in(&ground.usual, ground.body.muscles.len());
        if let Done::Grow { age, height_cm } = self.done {
            start.growing = Some(Growing { is_male: true, age, height_cm });
        }
        let sits = matches!(self.done, Done::Sit);
        Ok(Planned {
            course: self,
            start,
            others: sits.then(|| ground.exposure(&self.done, -self.dose)).transpose()?,
            week: ground.exposure(&self.done, self.dose)?,
            afterwards: ground.exposure(&self.done, self.afterwards.0)?,
        })
    }
}

/// The states that a question is about.
struct Ends {
    first: State,
    then: State,
    end: State,
}

impl Planned<'_> {
    fn ends(&self, rates: &Rates) -> Ends {
        let Self { course, start, week, .. } = self;
        let on = Mechanisms::default();
        let follow = |state: &State, week: &Exposure, weeks: usize| {
            (0..weeks).fold(state.clone(), |state, _| step(&state, week, rates, on))
        };
        let (then, end) = if course.weeks == 0 {
            let after = |minutes: f64| after_session(start, week, minutes, rates, on);
            (after(1.0), after(course.minutes))
        } else {
            let then = follow(start, week, course.weeks);
            let end = follow(&then, &self.afterwards, course.afterwards.1);
            (then, end)
        };
        let first = match &self.others {
            Some(others) => follow(start, others, course.weeks),
            None => start.clone(),
        };
        Ends { first, then, end }
    }

    fn answer(&self, ground: &Ground<'_>, rates: &Rates) -> Result<f64, String> {
        let Ends { first, then, end } = self.ends(rates);
        let own = |state: &State, test: &str| ground.reading(state, test, true);
        let standard = |test: &str| -> Result<f64, String> {
            Ok(ground.reading(&end, test, false)? - ground.reading(&first, test, false)?)
        };
        Ok(match &self.course.asked {
            Asked::Change { test } => own(&end, test)? - own(&first, test)?,
            Asked::Percent { test } => 100.0 * (own(&end, test)? / own(&first, test)? - 1.0),
            Asked::Standard { test } => standard(test)?,
            Asked::ToleranceShare { test } => 1.0 - standard(test)? / (own(&end, test)? - own(&first, test)?),
            Asked::Left { test } => {
                let first = own(&first, test)?;
                (own(&end, test)? - first) / (own(&then, test)? - first)
            }
            Asked::Fibers { group } => 100.0 * (ground.fibers(&end, group)? - 1.0),
            Asked::FibersLost { group } => {
                100.0 * (ground.fibers(&end, group)? / ground.fibers(&then, group)? - 1.0)
            }
            Asked::FibersLeft { group } => {
                (ground.fibers(&end, group)? - 1.0) / (ground.fibers(&then, group)? - 1.0)
            }
        })
    }

    /// What each mechanism carried of the change of a reading, as the answer is counted.
    fn carried(&self, ground: &Ground<'_>, rates: &Rates) -> Result<Vec<(Mechanism, f64)>, String> {
        let Ends { first, end, .. } = self.ends(rates);
        let (test, unit) = match &self.course.asked {
            Asked::Change { test } => (test, 1.0),
            Asked::Percent { test } => (test, 100.0 / ground.reading(&first, test, true)?),
            _ => return Ok(Vec::new()),
        };
        let read = |state: &State| ground.reading(state, test, true).map(|reading| unit * reading);
        let of = |state: &State| carried(state, read);
        let before: Vec<(Mechanism, f64)> = of(&first)?;
        let own = |(mechanism, by): (Mechanism, f64)| {
            let then = before.iter().find(|(other, _)| *other == mechanism);
            (mechanism, by - then.map_or(0.0, |(_, by)| *by))
        };
        Ok(of(&end)?.into_iter().map(own).filter(|(_, by)| by.abs() >= WORTH_SAYING).collect())
    }
}
