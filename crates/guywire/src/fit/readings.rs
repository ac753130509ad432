//! The readings of a case that a fit uses, each with its error, and the others with the reason.

use super::FitError;
use super::course::Course;
use super::posterior::Observed;
use super::prediction::{Asked, Habit, Predictor};
use crate::case::{Case, Date, Reading, TestVocabulary, Visit};
use crate::examination::Protocols;
use crate::results::LeftOut;
use crate::side::Side;
use std::collections::BTreeMap;

/// A reading with what is needed to predict it.
pub(super) struct Used<'a> {
    pub asked: Asked<'a>,
    pub test: &'a TestVocabulary,
    pub side: Option<Side>,
    pub observed: Observed,
}

impl Used<'_> {
    /// Standard error of the reading, what its examiner always does included.
    pub fn sem(&self) -> f64 {
        libm::hypot(self.observed.error, self.asked.habit.map_or(0.0, |habit| habit.spread))
    }
}

/// Who examined, and what each always does in a test. Of visits that name nobody, each has an examiner of its own.
pub(super) struct Habits {
    /// Of every visit: the first visit of the same examiner.
    examiners: Vec<usize>,
    /// Examiner and test of every habit.
    known: Vec<(usize, String)>,
}

impl Habits {
    fn of(visits: &[&Visit]) -> Self {
        let first = |(i, visit): (usize, &&Visit)| match &visit.examiner {
            Some(name) => visits.iter().position(|v| v.examiner.as_ref() == Some(name)).unwrap_or(i),
            None => i,
        };
        Self { examiners: visits.iter().enumerate().map(first).collect(), known: Vec::new() }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.known.len()
    }

    /// The habit of a visit's examiner in a test, if a reading has it.
    pub fn find(&self, visit: usize, test: &str) -> Option<usize> {
        self.known.iter().position(|(examiner, known)| *examiner == self.examiners[visit] && known == test)
    }

    /// The same, which a reading has from now on.
    fn one(&mut self, visit: usize, test: &str) -> usize {
        self.find(visit, test).unwrap_or_else(|| {
            self.known.push((self.examiners[visit], test.to_owned()));
            self.known.len() - 1
        })
    }
}

/// All readings of a case.
pub(super) struct Readings<'a> {
    /// Days on which something was read, ascending.
    pub days: Vec<Date>,
    pub used: Vec<Used<'a>>,
    pub left_out: Vec<LeftOut>,
    pub habits: Habits,
}

/// Sorts the readings of all visits; their errors are those of single readings of a known protocol.
pub(super) fn readings<'a>(
    case: &Case,
    protocols: &'a Protocols,
    tests: &'a [TestVocabulary],
) -> (Readings<'a>, Vec<usize>) {
    let mut visits: Vec<_> = case.visits.iter().filter(|v| !v.readings.is_empty()).collect();
    visits.sort_by_key(|visit| visit.date);
    let mut list = Readings {
        days: visits.iter().map(|visit| visit.date).collect(),
        used: Vec::new(),
        left_out: Vec::new(),
        habits: Habits::of(&visits),
    };
    let mut open = Vec::new();
    for (visit, found) in visits.iter().enumerate() {
        for reading in &found.readings {
            let Some(test) = tests.iter().find(|t| t.name == reading.test) else { continue };
            let side = reading.side;
            let mut leave = |why: &str| {
                let left = LeftOut { name: test.name.clone(), side, why: why.to_owned() };
                if !list.left_out.contains(&left) {
                    list.left_out.push(left);
                }
            };
            let Ok(protocol) = protocols.get(&test.name, reading.protocol.as_deref()) else {
                leave("it is not simulated yet");
                continue;
            };
            if let Some(other) = protocol.decided_by() {
                leave(&format!("{other} decides it, not passive tissue and strength alone"));
                continue;
            }
            if reading.protocol.is_none() {
                open.push(list.used.len());
            }
            let (spread, error) = errors_of(reading, test);
            let habit = (spread > 0.0).then(|| Habit { which: list.habits.one(visit, &test.name), spread });
            let asked = Asked { protocol, side: side.unwrap_or(Side::Right), visit, habit };
            let observed = Observed { read: reading.mean(), error };
            list.used.push(Used { asked, test, side, observed });
        }
    }
    (list, open)
}

/// What the examiner of a reading always adds, as a standard deviation, and the standard error of the mean of its repeats beside.
/// A stated error is that of each repeat; of the published one between examiners only what one examiner varies by shrinks.
fn errors_of(reading: &Reading, test: &TestVocabulary) -> (f64, f64) {
    let fewer = libm::sqrt(reading.values.len().max(1) as f64);
    match (reading.sem, test.errors()) {
        (Some(own), _) => (0.0, own / fewer),
        (None, Some((habit, same))) => (habit, same / fewer),
        // How much of it repeats take away is not known.
        (None, None) => (0.0, test.sem),
    }
}

/// Widens the errors of readings (`open`) whose protocol is not known by the standard deviation between the ways in which
/// the test may have been done on the person before any test.
pub(super) fn widen(
    readings: &mut Readings<'_>,
    open: &[usize],
    protocols: &Protocols,
    (predictor, weeks): (&Predictor<'_>, &[f64]),
) -> Result<(), FitError> {
    let course = Course::new(weeks, &[0], 0);
    let mut known: BTreeMap<(String, Side), f64> = BTreeMap::new();
    for &i in open {
        let Asked { protocol, side, .. } = readings.used[i].asked;
        let key = (protocol.test.clone(), side);
        let spread = match known.get(&key) {
            Some(spread) => *spread,
            None => {
                let ways = protocols.all().iter().filter(|p| p.test == protocol.test && p.tells_of_tissue());
                let ways: Vec<Asked<'_>> =
                    ways.map(|protocol| Asked { protocol, side, visit: 0, habit: None }).collect();
                let spread = between(&predictor.readings(&course, &ways, &vec![0.0; course.len()])?);
                known.insert(key, spread);
                spread
            }
        };
        let error = &mut readings.used[i].observed.error;
        *error = libm::hypot(*error, spread);
    }
    Ok(())
}

/// Standard deviation of a few numbers; 0 of a single one.
fn between(readings: &[f64]) -> f64 {
    if readings.len() < 2 {
        return 0.0;
    }
    let mean = readings.iter().sum::<f64>() / readings.len() as f64;
    let squares: f64 = readings.iter().map(|r| (r - mean) * (r - mean)).sum();
    libm::sqrt(squares / (readings.len() - 1) as f64)
}
