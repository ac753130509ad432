//! Reads `[[visit]]`: the day, the examiner, the clinical tests.

use super::error::CaseError;
use super::quantity::{Quantity, Unit, brief};
use super::reader::{Key, Reader, Value, entries, number, place, shown};
use super::sections::Sections;
use super::visit::{Outcomes, Reading, Visit};
use super::visit_error::VisitProblem;
use super::vocabulary::nearest;
use super::{Date, TestVocabulary};
use crate::side::Side;
use std::ops::Range;
use toml::de::{DeTable, DeValue};

pub(super) const VISIT_FIELDS: [&str; 4] = ["date", "examiner", "test", "outcomes"];
pub(super) const TEST_FIELDS: [&str; 6] = ["name", "side", "reading", "readings", "sem", "protocol"];
const VISIT: &str = "`[[visit]]`";
const TEST: &str = "`[[visit.test]]`";
const VISITS: Sections =
    Sections { field: "visit", list: "a list of visits", one: "a section `[[visit]]`", each: "visit" };

/// Days before it are slips of the pen (assumed: no such record of a living person is older).
const EARLIEST: (u16, u8, u8) = (1950, 1, 1);

/// More repeats than anybody takes of one test on one day (assumed).
const MOST_REPEATS: usize = 20;

/// What to write where one reading is a list.
const REPEATS: &str = "repeats are written as `readings = […]`";

/// Longest name of an examiner or an activity.
pub(super) const LONGEST_LINE: usize = 200;

/// A visit's day and where it stands, known even if the rest is wrong.
type Day = Option<(Date, Range<usize>)>;

impl<'v> Reader<'v> {
    pub(super) fn visits(&mut self, key: &Key<'_>, value: &Value<'_>) -> Option<Vec<Visit>> {
        let each =
            self.sections(&VISITS, (key, value), |reader, section, table| Some(reader.visit(section, table)));
        let (visits, days): (Vec<Option<Visit>>, Vec<Day>) =
            each?.into_iter().map(Option::unwrap_or_default).unzip();
        self.check_order(&days);
        visits.into_iter().collect()
    }

    /// Refuses two visits of one day and visits that are not in the order of their days.
    fn check_order(&mut self, days: &[Day]) {
        let days: Vec<&(Date, Range<usize>)> = days.iter().flatten().collect();
        for (i, (date, span)) in days.iter().copied().enumerate() {
            let same = days[..i].iter().find(|(earlier, _)| earlier == date);
            let after = i.checked_sub(1).map(|before| days[before]).filter(|(before, _)| before > date);
            let problem = match (same, after) {
                (Some((_, first)), _) => VisitProblem::RepeatedDate { date: *date, first: first.clone() },
                (None, Some((earlier, first))) => {
                    VisitProblem::OutOfOrder { date: *date, earlier: *earlier, first: first.clone() }
                }
                (None, None) => continue,
            };
            self.problem(problem, span.clone());
        }
    }

    fn visit(&mut self, section: Range<usize>, table: &DeTable<'_>) -> (Option<Visit>, Day) {
        let (mut day, mut examiner) = (None, Some(None));
        let (mut readings, mut outcomes) = (Some(Vec::new()), Some(Outcomes::default()));
        for (key, value) in entries(table) {
            match key.get_ref().as_ref() {
                "date" => day = self.date(key, value).map(|date| (date, place(key, value))),
                "examiner" => {
                    examiner =
                        self.line("examiner", ["a name in quotes"; 2], LONGEST_LINE, key, value).map(Some)
                }
                "test" => readings = self.readings(key, value),
                "outcomes" => outcomes = self.section(key, value).and_then(|table| self.outcomes(table)),
                field if TEST_FIELDS.contains(&field) => self.errors.push(CaseError::Misplaced {
                    field: shown(field),
                    section: VISIT,
                    belongs: "in a `[[visit.test]]` below it",
                    span: key.span(),
                }),
                _ => self.unknown_field(key, VISIT, &VISIT_FIELDS),
            }
        }
        if !table.iter().any(|(key, _)| key.get_ref() == "date") {
            let example = "date = 2026-03-02";
            self.errors.push(CaseError::Missing { field: "date", section: VISIT, example, span: section });
        }
        let whole = || {
            let date = day.as_ref()?.0;
            Some(Visit { date, examiner: examiner?, readings: readings?, outcomes: outcomes? })
        };
        (whole(), day)
    }

    /// A day of a record, past or today.
    pub(super) fn date(&mut self, key: &Key<'_>, value: &Value<'_>) -> Option<Date> {
        let date = self.day("date", key, value)?;
        let (year, month, day) = EARLIEST;
        if let Some(earliest) = Date::new(year, month, day).filter(|earliest| date < *earliest) {
            self.problem(VisitProblem::TooLongAgo { date, earliest }, place(key, value));
            return None;
        }
        Some(date)
    }

    fn readings(&mut self, key: &Key<'_>, value: &Value<'_>) -> Option<Vec<Reading>> {
        let DeValue::Array(list) = value.get_ref() else {
            let instead = matches!(value.get_ref(), DeValue::Table(_))
                .then(|| "write `[[visit.test]]` with two brackets above each test".to_owned());
            return self.wrong_type("test", "a list of tests", key, value, instead);
        };
        let mut readings: Vec<Reading> = Vec::new();
        let mut complete = true;
        for entry in list.iter() {
            let reading = match entry.get_ref() {
                DeValue::Table(table) => self.reading(entry, table),
                _ => self.wrong_type("test", "a section `[[visit.test]]`", key, entry, None),
            };
            let Some(reading) = reading else {
                complete = false;
                continue;
            };
            let same = |other: &&Reading| {
                other.test == reading.test && other.side == reading.side && other.protocol == reading.protocol
            };
            if let Some(first) = readings.iter().find(same) {
                let problem = VisitProblem::RepeatedReading {
                    test: reading.test.clone(),
                    side: reading.side,
                    values: first.values.iter().chain(&reading.values).copied().collect(),
                    first: first.span.clone(),
                };
                self.problem(problem, reading.span.clone());
            }
            readings.push(reading);
        }
        complete.then_some(readings)
    }

    fn reading(&mut self, entry: &Value<'_>, table: &DeTable<'_>) -> Option<Reading> {
        let test = self.test(entry, table);
        let protocols = test.map(|test| test.protocols.as_slice()).unwrap_or_default();
        let (mut side, mut values, mut sem, mut protocol) = (Some(None), None, Some(None), Some(None));
        let mut span = entry.span();
        for (key, value) in entries(table) {
            match key.get_ref().as_ref() {
                "name" => span = place(key, value),
                "side" => side = self.side(test, key, value),
                "reading" => values = self.value(test, "reading", key, value).map(|value| vec![value]),
                "readings" => values = self.repeats(test, key, value),
                "sem" => sem = self.own_error(test, key, value).map(Some),
                "protocol" => protocol = self.protocol(protocols, test.is_some(), key, value),
                _ => self.unknown_field(key, TEST, &TEST_FIELDS),
            }
        }
        let has = |field: &str| table.iter().any(|(key, _)| key.get_ref() == field);
        match (has("reading"), has("readings")) {
            (true, true) => {
                let problem = VisitProblem::Both { field: "readings", other: "reading" };
                let second = entries(table).into_iter().rfind(|(key, _)| is_reading(key.get_ref()));
                self.problem(problem, second.map_or(span.clone(), |(key, _)| key.span()));
            }
            (false, false) if !table.iter().any(|(key, _)| misspelt(key.get_ref())) => {
                let example = "reading = 12";
                let span = span.clone();
                self.errors.push(CaseError::Missing { field: "reading", section: TEST, example, span });
            }
            _ => {}
        }
        if let Some(test) = test.filter(|test| test.sides && !has("side")) {
            self.problem(VisitProblem::SideMissing { test: test.name.clone() }, span.clone());
            side = None;
        }
        let line = self.line_of(span.start);
        let test = test?.name.clone();
        Some(Reading { test, side: side?, values: values?, sem: sem?, protocol: protocol?, span, line })
    }

    /// The test that an entry names.
    fn test(&mut self, entry: &Value<'_>, table: &DeTable<'_>) -> Option<&'v TestVocabulary> {
        let vocabulary = self.vocabulary;
        let Some((key, value)) = entries(table).into_iter().find(|(key, _)| key.get_ref() == "name") else {
            let example = "name = \"straight_leg_raise\"";
            let span = entry.span();
            self.errors.push(CaseError::Missing { field: "name", section: TEST, example, span });
            return None;
        };
        let DeValue::String(name) = value.get_ref() else {
            return self.wrong_type("name", "the name of a test in quotes", key, value, None);
        };
        let unknown = |nearest: Option<&str>| VisitProblem::UnknownTest {
            name: shown(name),
            nearest: nearest.map(str::to_owned),
            valid: vocabulary.tests.iter().map(|test| test.name.clone()).collect(),
        };
        let found = vocabulary.test_or_nearest(name);
        found.map_err(|nearest| self.problem(unknown(nearest), place(key, value))).ok()
    }

    fn side(
        &mut self,
        test: Option<&TestVocabulary>,
        key: &Key<'_>,
        value: &Value<'_>,
    ) -> Option<Option<Side>> {
        if let Some(test) = test.filter(|test| !test.sides) {
            self.problem(VisitProblem::WithoutSides { test: test.name.clone() }, place(key, value));
            return None;
        }
        let choices = Side::BOTH.map(|side| (side.name(), side));
        let meant = |word: &str| match word {
            "l" => Some("left"),
            "r" => Some("right"),
            _ => None,
        };
        self.choice("side", "\"left\" or \"right\"", &choices, meant, (key, value)).map(Some)
    }

    fn repeats(
        &mut self,
        test: Option<&TestVocabulary>,
        key: &Key<'_>,
        value: &Value<'_>,
    ) -> Option<Vec<f64>> {
        let DeValue::Array(list) = value.get_ref() else {
            let written = number(value.get_ref()).map(|value| format!("write `reading = {value}`"));
            return self.wrong_type("readings", "a list of numbers", key, value, written);
        };
        if !(1..=MOST_REPEATS).contains(&list.len()) {
            let (count, high) = (list.len(), MOST_REPEATS);
            let problem = VisitProblem::Count { field: "readings", count, low: 1, high };
            self.problem(problem, place(key, value));
            return None;
        }
        let values: Vec<_> = list.iter().map(|value| self.value(test, "readings", key, value)).collect();
        values.into_iter().collect()
    }

    /// One reading in the test's unit and sign.
    fn value(
        &mut self,
        test: Option<&TestVocabulary>,
        field: &str,
        key: &Key<'_>,
        value: &Value<'_>,
    ) -> Option<f64> {
        let Some(read) = number(value.get_ref()) else {
            let instead = match value.get_ref() {
                DeValue::String(words) => test.and_then(|test| test.in_words(words)).map(brief),
                DeValue::Array(_) if field == "reading" => {
                    return self.wrong_type(field, "one number", key, value, Some(REPEATS.to_owned()));
                }
                _ => None,
            };
            let instead = instead.map(|number| format!("write `{number}`"));
            return self.wrong_type(field, "a number without quotes or unit", key, value, instead);
        };
        if !read.is_finite() {
            let instead = Some("leave out what was not read".to_owned());
            return self.wrong_type(field, "a finite number", key, value, instead);
        }
        let test = test?;
        if test.holds(read) {
            return Some(read);
        }
        let problem = VisitProblem::Impossible {
            test: test.name.clone(),
            value: read,
            low: test.possible[0],
            high: test.possible[1],
            symbol: test.symbol().to_owned(),
            convention: test.convention.clone(),
            instead: test.meant(read),
        };
        self.problem(problem, place(key, value));
        None
    }

    fn own_error(&mut self, test: Option<&TestVocabulary>, key: &Key<'_>, value: &Value<'_>) -> Option<f64> {
        // An error as wide as all that is possible says nothing, and nobody's is a hundredth of a unit (assumed).
        let [low, high] = test.map_or([0.0, 100.0], |test| test.possible);
        let quantity = Quantity { field: "sem", low: 0.01, high: high - low, unit: Unit::One };
        let own = self.number("sem", &quantity, key, value);
        if let (None, Some(CaseError::OutOfRange { instead, .. })) = (own, self.errors.last_mut()) {
            *instead = Some(
                "it is the examiner's standard error of measurement, in the test's unit; leave it out if it is not known"
                    .into(),
            );
        }
        own
    }

    fn protocol(
        &mut self,
        valid: &[String],
        known: bool,
        key: &Key<'_>,
        value: &Value<'_>,
    ) -> Option<Option<String>> {
        let expected = "the name of a protocol in quotes";
        // Of a test that nobody knows, any protocol may be one.
        if let Some(word) = value.get_ref().as_str().filter(|_| !known) {
            return Some(Some(word.to_owned()));
        }
        let choices: Vec<(&str, &str)> = valid.iter().map(|name| (name.as_str(), name.as_str())).collect();
        let chosen = self.choice("protocol", expected, &choices, |_| None, (key, value));
        chosen.map(|name| Some(name.to_owned()))
    }

    pub(super) fn problem(&mut self, problem: VisitProblem, span: Range<usize>) {
        self.errors.push(CaseError::Visit { problem: Box::new(problem), span });
    }

    fn line_of(&self, at: usize) -> usize {
        self.text.get(..at).unwrap_or(self.text).matches('\n').count() + 1
    }
}

fn is_reading(key: &str) -> bool {
    matches!(key, "reading" | "readings")
}

/// Whether a key was perhaps meant to be `reading`; that was reported there.
fn misspelt(key: &str) -> bool {
    !TEST_FIELDS.contains(&key) && nearest(key, TEST_FIELDS).is_some_and(is_reading)
}

impl TestVocabulary {
    /// The number of a text such as `70°`, `22 cm` or `15`, in the test's own unit.
    fn in_words(&self, words: &str) -> Option<f64> {
        let words = words.trim();
        let own = [self.symbol().trim(), &self.unit];
        let bare = own.into_iter().find_map(|unit| words.strip_suffix(unit)).unwrap_or(words);
        bare.trim().replace(',', ".").parse().ok().filter(|&value| self.holds(value))
    }

    /// An impossible reading as it was perhaps meant, and how it was counted then.
    fn meant(&self, read: f64) -> Option<(f64, String)> {
        let turned = || self.holds(-read).then(|| (-read, "if the sign is the other way round".to_owned()));
        let otherwise = || {
            let ours = self.other.iter().map(|other| (other.plus + other.factor * read, &other.words));
            let (value, words) = ours.into_iter().find(|(value, _)| self.holds(*value))?;
            Some((super::quantity::tidy(value), format!("if this is {words}")))
        };
        if read < 0.0 { turned().or_else(otherwise) } else { otherwise().or_else(turned) }
    }
}
