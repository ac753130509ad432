//! Visits put side by side: every reading and score with what it changed by, and whether that is a change.
//!
//! A pure function of the visits. Nothing is predicted, nothing left out: a score with too many missing items stands
//! without a number. Readings are compared only with readings done in the same way.

mod change;
mod evidence;
mod score;

pub use change::{Yardstick, detectable};
pub use evidence::{Evidence, Measure, OutcomesError, Waiting};
pub use score::{Score, StartBackScore, patient_specific, roland_morris, start_back};

use crate::case::{Activity, Date, Reading, TestKind, TestVocabulary, Visit};
use crate::results::{Change, OutcomePoint, OutcomeSeries, Risk, Support, TestPoint, TestSeries, Visits};

/// Below and above these scores the Roland-Morris questionnaire does not show a change for the better or the worse
/// (Stratford et al. 1996, Phys Ther 76:359).
const ROLAND_BLIND: (f64, f64) = (4.0, 20.0);

/// How the data say that no detectable change is published.
const DERIVED: &str = "derived from sem";

/// A mean of fewer activities changes by more without reason (Stratford et al. 1995).
const FEW_ACTIVITIES: usize = 3;

/// What a high STarT Back risk is told, before anything about tissue (after the matched treatment of Hill et al. 2011,
/// Lancet 378:1560: physiotherapy that also takes up worry and mood).
const SUPPORT: &str = "These answers are those of people whose back trouble often lasts, mostly because of worry, low \
    mood or fear of moving, and who do better with support for these. This is about support, not about tissue: it \
    does not mean that something is damaged. Talk it over with a physiotherapist or doctor who takes time for it, \
    before the mechanics below, which say nothing about it.";

/// What was found on several days.
///
/// With `today`, readings that are older than what they measured takes to change are named.
///
/// # Errors
/// When the built-in figures cannot be read.
pub fn follow_up(
    visits: &[Visit],
    tests: &[TestVocabulary],
    today: Option<Date>,
) -> Result<Visits, OutcomesError> {
    let evidence = Evidence::read()?;
    let outcomes = outcome_series(visits, &evidence)?;
    let shown = |name: &str| outcomes.iter().any(|series| series.outcome == name);
    let owners = evidence.measures.iter().filter(|measure| shown(&measure.name));
    Ok(Visits {
        dates: visits.iter().map(|visit| visit.date).collect(),
        support: support(visits, &evidence)?,
        questions: Vec::new(),
        notes: today.map_or_else(Vec::new, |today| outdated(visits, tests, &evidence, today)),
        tests: test_series(visits, tests, &evidence)?,
        owners: owners.filter_map(|measure| measure.owner.clone()).collect(),
        outcomes,
    })
}

/// The latest risk group, if it is high.
fn support(visits: &[Visit], evidence: &Evidence) -> Result<Option<Support>, OutcomesError> {
    let answered = |visit: &Visit| Some((visit.date, start_back(visit.outcomes.start_back.as_ref()?).risk?));
    let latest = visits.iter().rev().find_map(answered);
    let Some((date, risk)) = latest.filter(|(_, risk)| *risk == Risk::High) else { return Ok(None) };
    let owner = evidence.measure("start_back")?.owner.clone().unwrap_or_default();
    Ok(Some(Support { date, risk, text: SUPPORT.to_owned(), owner }))
}

/// What was last read longer ago than it takes to change. The bones of a grown person do not change.
fn outdated(visits: &[Visit], tests: &[TestVocabulary], evidence: &Evidence, today: Date) -> Vec<String> {
    let kinds = evidence.waiting.iter().filter(|waiting| waiting.kind != TestKind::Bone);
    let note = |waiting: &Waiting| {
        let of_kind = |reading: &Reading| {
            tests.iter().any(|test| test.name == reading.test && test.kind == waiting.kind)
        };
        let last = visits.iter().rev().find(|visit| visit.readings.iter().any(of_kind))?.date;
        let (words, days) = (&waiting.words, waiting.days);
        (today.days() - last.days() > days).then(|| {
            format!(
                "The last reading of {words} is of {last}, longer ago than the {days} days after which it may have changed: \
                 read again before relying on it."
            )
        })
    };
    kinds.filter_map(note).collect()
}

fn test_series(
    visits: &[Visit],
    tests: &[TestVocabulary],
    evidence: &Evidence,
) -> Result<Vec<TestSeries>, OutcomesError> {
    let mut all = Vec::new();
    for test in tests {
        let waiting = evidence.waiting(test.kind)?;
        let read = |visit: &'_ Visit| visit.readings.iter().any(|reading| reading.test == test.name);
        if !visits.iter().any(read) {
            continue;
        }
        let of_test = || visits.iter().flat_map(|visit| &visit.readings).filter(|r| r.test == test.name);
        let mut ways: Vec<_> = of_test().map(|reading| (reading.side, &reading.protocol)).collect();
        ways.sort();
        ways.dedup();
        for (side, protocol) in ways {
            let mut found: Vec<(&Visit, &Reading)> = Vec::new();
            let mut points = Vec::new();
            for visit in visits {
                let same = |r: &&Reading| r.test == test.name && r.side == side && r.protocol == *protocol;
                let Some(reading) = visit.readings.iter().find(same) else { continue };
                let now = (visit, reading);
                let since = |before: &(&Visit, &Reading)| compare(test, waiting, *before, now);
                points.push(TestPoint {
                    date: visit.date,
                    examiner: visit.examiner.clone(),
                    reading: reading.mean(),
                    repeats: reading.values.clone(),
                    sem: reading.sem.unwrap_or(test.sem),
                    since_first: found.first().map(since),
                    since_previous: found.get(1..).and_then(<[_]>::last).map(since),
                });
                found.push(now);
            }
            all.push(TestSeries {
                test: test.name.clone(),
                title: test.title.clone(),
                side,
                protocol: protocol.clone(),
                unit: test.unit.clone(),
                convention: test.convention.clone(),
                points,
            });
        }
    }
    Ok(all)
}

/// The difference of two readings, by the error that goes with who took them.
fn compare(
    test: &TestVocabulary,
    waiting: &Waiting,
    (earlier, before): (&Visit, &Reading),
    (later, now): (&Visit, &Reading),
) -> Change {
    let one_examiner = earlier.examiner.is_some() && earlier.examiner == later.examiner;
    let same_source = || test.same_source.clone().unwrap_or_default();
    let (detectable, source) = match (before.sem, now.sem, test.mdc_same.filter(|_| one_examiner)) {
        (None, None, Some(mdc)) => (mdc, same_source()),
        (None, None, None) if test.mdc_source.starts_with(DERIVED) => {
            (test.mdc, format!("1.96 √2 times the standard error between examiners: {}", test.sem_source))
        }
        (None, None, None) => (test.mdc, test.mdc_source.clone()),
        (first, second, _) => {
            let usual = test.sem_same.filter(|_| one_examiner).unwrap_or(test.sem);
            let own = "1.96 times the root of both squared errors, the examiner's own where given";
            (detectable(first.unwrap_or(usual), second.unwrap_or(usual)), own.to_owned())
        }
    };
    let yardstick =
        Yardstick { detectable, source, days: waiting.days, slow: &waiting.words, important: None };
    yardstick.judge(now.mean() - before.mean(), later.date.days() - earlier.date.days())
}

/// One scored day before it is compared.
struct Scored<'v> {
    visit: &'v Visit,
    score: Score,
    risk: Option<Risk>,
    note: Option<String>,
}

fn outcome_series(visits: &[Visit], evidence: &Evidence) -> Result<Vec<OutcomeSeries>, OutcomesError> {
    let mut all = Vec::new();
    for measure in &evidence.measures {
        let days: Vec<Scored<'_>> = visits.iter().filter_map(|visit| scored(visit, measure)).collect();
        if days.is_empty() {
            continue;
        }
        let mut points: Vec<OutcomePoint> = Vec::new();
        for (i, day) in days.iter().enumerate() {
            let since = |before: &Scored<'_>| difference(measure, before, day);
            points.push(OutcomePoint {
                date: day.visit.date,
                score: day.score.value,
                low: day.score.low,
                high: day.score.high,
                missing: day.score.missing,
                risk: day.risk,
                note: day.note.clone(),
                since_first: days[..i].first().and_then(since),
                since_previous: days.get(1..i).and_then(<[_]>::last).and_then(since),
            });
        }
        all.push(OutcomeSeries {
            outcome: measure.name.clone(),
            title: measure.title.clone(),
            scale: measure.scale,
            better: measure.better,
            rule: format!("{} ({})", measure.rule, measure.rule_source),
            points,
        });
    }
    Ok(all)
}

/// A day's score of a measure; none where it was not asked.
fn scored<'v>(visit: &'v Visit, measure: &Measure) -> Option<Scored<'v>> {
    let outcomes = &visit.outcomes;
    let (score, risk) = match measure.name.as_str() {
        "pain_0_10" => (Score::whole(outcomes.pain?), None),
        "oswestry_percent" => (Score::whole(outcomes.oswestry_percent?), None),
        "patient_specific" if outcomes.patient_specific.is_empty() => return None,
        "patient_specific" => (patient_specific(&outcomes.patient_specific, measure), None),
        "roland_morris" => (roland_morris(outcomes.roland_morris.as_ref()?, measure), None),
        "start_back" => {
            let scored = start_back(outcomes.start_back.as_ref()?);
            (scored.total, scored.risk)
        }
        _ => return None,
    };
    let missing = match (score.missing, score.value) {
        (0, _) => None,
        (1, Some(_)) => Some(format!("1 item missing: {}", measure.missing)),
        (missing, Some(_)) => Some(format!("{missing} items missing: {}", measure.missing)),
        (missing, None) => Some(format!("no score, {missing} missing: {}", measure.missing)),
    };
    let blind = score.value.filter(|_| measure.name == "roland_morris").and_then(|value| {
        let (low, high) = ROLAND_BLIND;
        let side = if value < low {
            "below 4 it hardly shows more improvement"
        } else {
            "above 20 it hardly shows more worsening"
        };
        (value < low || value > high).then(|| side.to_owned())
    });
    let notes: Vec<String> = missing.into_iter().chain(blind).collect();
    let note = (!notes.is_empty()).then(|| notes.join("; "));
    Some(Scored { visit, score, risk, note })
}

/// The difference of two scores; none where one is missing or nothing was rated on both days.
fn difference(measure: &Measure, before: &Scored<'_>, now: &Scored<'_>) -> Option<Change> {
    let mut detectable = measure.mdc;
    let mut source = measure.mdc_source.clone();
    let mut value = now.score.value? - before.score.value?;
    if measure.name == "patient_specific" {
        let pairs =
            rated_twice(&before.visit.outcomes.patient_specific, &now.visit.outcomes.patient_specific);
        if pairs.is_empty() {
            return None;
        }
        value = pairs.iter().map(|(before, now)| now - before).sum::<f64>() / pairs.len() as f64;
        if let (true, Some(few)) = (pairs.len() < FEW_ACTIVITIES, measure.mdc_few) {
            detectable = few;
            source = measure.mdc_few_source.clone().unwrap_or(source);
        }
    }
    let important = measure.important.map(|least| (least, measure.better));
    let yardstick = Yardstick { detectable, source, days: measure.days, slow: "this answer", important };
    Some(yardstick.judge(value, now.visit.date.days() - before.visit.date.days()))
}

/// Scores of the activities rated on both days.
fn rated_twice(before: &[Activity], now: &[Activity]) -> Vec<(f64, f64)> {
    let of = |activity: &Activity| {
        let earlier = before.iter().find(|other| other.activity == activity.activity)?;
        Some((earlier.score?, activity.score?))
    };
    now.iter().filter_map(of).collect()
}
