//! A plan with everything that was compared with it.

use super::judged::both;
use super::search::{Candidate, Chosen, MIDDLE, Part, Search};
use super::{Aim, PlanError};
use crate::exercise::Kind;
use crate::forecast::{Doing, Rows, Session};
use crate::results::{
    GoalResult, HabitWorth, OneMore, OrderResult, PlanResult, PlannedExercise, Retest, Series, SeriesKind,
};
use crate::study::Progress;
use guywire_math::{interval, quantile, sorted};

/// Bodies over which comparisons are told: assumed; the plan itself is followed with all.
const JUDGES: usize = 20;

/// What is done of one kind.
type OfKind = Vec<Session>;

/// Kinds in the order of the founding story.
const ORDER: [Kind; 3] = [Kind::Release, Kind::Stretch, Kind::Strengthen];

/// Everything that is told of a plan.
pub(super) fn told(
    search: &Search<'_>,
    chosen: &Chosen,
    progress: Progress<'_>,
) -> Result<PlanResult, PlanError> {
    let parts = &chosen.parts;
    let sessions = search.sessions(parts);
    let doing = search.doing(&sessions);
    let everybody = search.person.asked().members.len();
    let forecast = search.person.forecast(doing, progress)?;
    let (now, end) = (search.person.now(everybody)?, search.person.end(everybody, doing)?);
    let (each, probability) = search.judged(&now, &end);
    let numbers = search.person.numbers();
    let goals = search.wanted.goals.iter().zip(&search.found).zip(each).map(|((goal, &k), probability)| {
        let band = |of: &Rows| interval(of.iter().flatten().map(|row| row[k]));
        let (target, at_least) = goal.aim.target(search.now[k]);
        // Of a goal that says how much more or less, everybody by their own measure.
        let reached = sorted(both(&now, &end).map(|(now, end)| match goal.aim {
            Aim::Factor(_) => search.now[k] * end[k] / now[k],
            Aim::AtLeast(_) | Aim::AtMost(_) => end[k],
        }));
        let share = if at_least { 1.0 - search.wanted.probability } else { search.wanted.probability };
        let [low, median, high] = band(&now);
        GoalResult {
            asked: goal.text.clone(),
            quantity: numbers[k].quantity.clone(),
            label: numbers[k].label.clone(),
            unit: numbers[k].unit.clone(),
            at_least,
            target,
            now: [low, median, high],
            end: band(&end),
            probability,
            within_reach: quantile(&reached, share),
        }
    });
    let goals = goals.collect();
    let retests = retests(search, &forecast.series);
    Ok(PlanResult {
        goals,
        weeks: search.wanted.weeks,
        judges: JUDGES.min(search.judges.len()),
        asked_probability: search.wanted.probability,
        probability,
        reached: chosen.reached && probability >= search.wanted.probability,
        exercises: exercises(search, parts)?,
        minutes_a_week: search.minutes(parts),
        one_more: one_more(search, parts)?,
        orders: orders(search, parts)?,
        habits: habits(search)?,
        retests,
        left_out: search.wanted.left_out.iter().chain(&search.hurting).cloned().collect(),
        equipment: search.wanted.equipment.map(<[String]>::to_vec),
        rules: search.wanted.library.dose_rules.in_words().into(),
        forecast,
    })
}

/// The judges at the end of what is done.
fn end_of(search: &Search<'_>, doing: Doing<'_>) -> Result<Rows, PlanError> {
    let judges = JUDGES.min(search.judges.len());
    Ok(search.person.end(judges, doing)?)
}

/// Where the differences lie, goal by goal, each judge against itself.
fn less(search: &Search<'_>, a: &Rows, b: &Rows, share: f64) -> Vec<[f64; 3]> {
    search.each_goal(|_, k| interval(both(a, b).map(|(a, b)| share * (a[k] - b[k]))))
}

fn side_of(search: &Search<'_>, part: &Part) -> String {
    let candidate = &search.candidates[part.candidate];
    candidate.side.map_or("both", crate::side::Side::name).to_owned()
}

fn exercises(search: &Search<'_>, parts: &[Part]) -> Result<Vec<PlannedExercise>, PlanError> {
    let sessions = search.sessions(parts);
    let whole = end_of(search, search.doing(&sessions))?;
    parts
        .iter()
        .enumerate()
        .map(|(at, part)| {
            let others: Vec<Part> =
                parts.iter().enumerate().filter(|(k, _)| *k != at).map(|(_, p)| *p).collect();
            let others = search.sessions(&others);
            let without = end_of(search, search.doing(&others))?;
            let candidate = &search.candidates[part.candidate];
            let dose_share = search.dose(*part);
            let dose = candidate.exercise.dose.narrowed(dose_share);
            Ok(PlannedExercise {
                exercise: candidate.exercise.name.clone(),
                title: candidate.exercise.title.clone(),
                kind: candidate.exercise.kind.name().to_owned(),
                side: side_of(search, part),
                dose: dose.in_words(),
                dose_share,
                sessions_per_week: dose.per_week[0],
                minutes_a_week: candidate.minutes[part.dose],
                adds: less(search, &whole, &without, 1.0),
                needs: search.wanted.library.needs(candidate.exercise),
                to_ask: (search.wanted.to_ask)(&candidate.exercise.name),
            })
        })
        .collect()
}

/// The candidate that adds most to the most probable body's way, in the middle of its dose.
fn one_more(search: &Search<'_>, parts: &[Part]) -> Result<Option<OneMore>, PlanError> {
    let mut best: Option<(f64, Part)> = None;
    for (candidate, of) in search.candidates.iter().enumerate() {
        if parts.iter().any(|p| search.candidates[p.candidate].exercise.name == of.exercise.name) {
            continue;
        }
        let more = Part { candidate, dose: MIDDLE };
        let with: Vec<Part> = parts.iter().copied().chain([more]).collect();
        let end = search.person.probable_end(search.doing(&search.sessions(&with)))?;
        let gained = search.gained(&end);
        if best.as_ref().is_none_or(|(known, _)| gained > *known) {
            best = Some((gained, more));
        }
    }
    let Some((_, more)) = best else { return Ok(None) };
    let with: Vec<Part> = parts.iter().copied().chain([more]).collect();
    let (with, without) = (search.sessions(&with), search.sessions(parts));
    let [with, without] = [&with, &without].map(|sessions| end_of(search, search.doing(sessions)));
    let of = &search.candidates[more.candidate];
    Ok(Some(OneMore {
        exercise: of.exercise.name.clone(),
        title: of.exercise.title.clone(),
        side: side_of(search, &more),
        minutes_a_week: of.minutes[MIDDLE],
        adds: less(search, &with?, &without?, 1.0),
    }))
}

/// The best of each kind in blocks of a part of the time, in every order that is a story, against all of them all the time. Of
/// a kind that does nothing for the goals by itself it is the first of the library for the same muscles.
fn orders(search: &Search<'_>, parts: &[Part]) -> Result<Vec<OrderResult>, PlanError> {
    let weeks = search.wanted.weeks;
    let planned = parts.iter().map(|p| (&search.candidates[p.candidate], search.dose(*p)));
    let others = search.candidates.iter().map(|candidate| (candidate, search.middle()));
    let known: Vec<(&Candidate<'_>, f64)> = planned.chain(others).collect();
    let mut found: Vec<(Kind, OfKind)> = Vec::new();
    for kind in ORDER {
        let of = match known.iter().find(|(candidate, _)| candidate.exercise.kind == kind) {
            Some((candidate, dose)) => candidate.sessions(search.doer, *dose, (1, weeks)),
            None => search.for_the_same(&known, kind)?,
        };
        if !of.is_empty() {
            found.push((kind, of));
        }
    }
    if found.len() < 2 || weeks < found.len() {
        return Ok(Vec::new());
    }
    let now = search.judges[..JUDGES.min(search.judges.len())].to_vec();
    let told = |order: String, sessions: &[Session]| -> Result<OrderResult, PlanError> {
        let end = end_of(search, search.doing(sessions))?;
        Ok(OrderResult { order, changes: less(search, &end, &now, 1.0) })
    };
    let in_order = |order: &[&(Kind, OfKind)]| {
        let block = |at: usize| (1 + at * weeks / order.len(), (at + 1) * weeks / order.len());
        let each = order.iter().enumerate().flat_map(|(at, (_, sessions))| {
            let (from, until) = block(at);
            sessions.iter().map(move |session| Session { from, until, ..session.clone() })
        });
        let names: Vec<&str> = order.iter().map(|(kind, _)| kind.name()).collect();
        told(names.join(", then "), &each.collect::<Vec<_>>())
    };
    let names: Vec<&str> = found.iter().map(|(kind, _)| kind.name()).collect();
    let all: Vec<Session> = found.iter().flat_map(|(_, sessions)| sessions.iter().cloned()).collect();
    let forwards: Vec<&(Kind, OfKind)> = found.iter().collect();
    let backwards: Vec<&(Kind, OfKind)> = found.iter().rev().collect();
    let mut list = vec![
        told(format!("{} all the time", names.join(", ")), &all)?,
        in_order(&forwards)?,
        in_order(&backwards)?,
    ];
    if let [first, second, third] = forwards[..] {
        list.push(in_order(&[second, third, first])?);
    }
    Ok(list)
}

/// What an hour of something else is worth.
fn habits(search: &Search<'_>) -> Result<Vec<HabitWorth>, PlanError> {
    let unchanged = end_of(search, search.doing(&[]))?;
    let each = search.wanted.swaps.iter().map(|swap| {
        let judges = JUDGES.min(search.judges.len());
        let end = search.person.end_in(&swap.week, judges, search.doing(&[]))?;
        Ok(HabitWorth {
            instead_of: swap.instead_of.clone(),
            activity: swap.activity.clone(),
            an_hour_changes: less(search, &end, &unchanged, 1.0 / swap.hours),
        })
    });
    each.collect()
}

/// When each test has moved by more than its smallest change that is no error; of a goal's own test that never does, the end.
fn retests(search: &Search<'_>, series: &[Series]) -> Vec<Retest> {
    let tests = search.person.asked().tests;
    let numbers = search.person.numbers();
    let of = |s: &Series| {
        let on = tests.iter().find(|on| on.name() == s.quantity)?;
        let mdc = on.test.mdc;
        let told = (1..s.median.len()).find(|&week| (s.median[week] - s.median[0]).abs() > mdc);
        let is_goal = search.found.iter().any(|&k| numbers[k].quantity == s.quantity);
        let week = told.or_else(|| (is_goal && s.median.len() > 1).then(|| s.median.len() - 1))?;
        let unit = &s.unit;
        let (side, end) = match s.median[week] > s.median[0] {
            true => ("below", s.low90[week]),
            false => ("above", s.high90[week]),
        };
        let otherwise = match told {
            Some(_) => format!(
                "a reading {side} {end:.0} {unit} says that this person answers less than nine in ten would: enter it as a visit and plan again"
            ),
            None => format!(
                "a change of less than {mdc:.0} {unit} between two examiners can be error: the same examiner, several times"
            ),
        };
        Some(Retest {
            quantity: s.quantity.clone(),
            label: s.label.clone(),
            week,
            now: s.median[0],
            expected: [s.low90[week], s.median[week], s.high90[week]],
            unit: unit.clone(),
            otherwise,
        })
    };
    series.iter().filter(|s| s.kind == SeriesKind::Test).filter_map(of).collect()
}
