//! Reads a case from TOML and reports everything that is wrong with it at once.

use super::error::{CaseError, CaseErrors};
use super::model_file::MODEL_FIELDS;
use super::quantity::{self, Quantity};
use super::question::questions;
use super::read_diary::DIARY_FIELDS;
use super::read_done::DONE_FIELDS;
use super::read_limits::PLAN_FIELDS;
use super::read_outcomes::OUTCOME_FIELDS;
use super::read_person::{PERSON_FIELDS, SEGMENT_FIELDS};
use super::read_screening::SCREENING_FIELDS;
use super::read_visit::{TEST_FIELDS, VISIT_FIELDS};
use super::read_week::WEEK_FIELDS;
use super::syntax;
use super::vocabulary::nearest;
use super::{Case, Date, PlanLimits, ReportOptions, ScreeningAnswers, Tissue, Vocabulary};
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

/// Longest text that is read: fifty times a long case, so that no input takes long or much memory.
pub(super) const LONGEST_TEXT: usize = 100_000;

const SECTIONS: [&str; 11] = [
    "positions",
    "person",
    "screening",
    "tissue",
    "report",
    "body",
    "visit",
    "week",
    "plan",
    "diary",
    "done",
];
const REPORT_FIELDS: [&str; 2] = ["causes", "uncertainty"];

pub(super) type Key<'i> = Spanned<DeString<'i>>;
pub(super) type Value<'i> = Spanned<DeValue<'i>>;

impl Case {
    /// Reads a case file. `vocabulary` holds the names of the body's tissues and of the positions.
    ///
    /// All problems are reported at once, in the order of the text; after a syntax error, only those
    /// that cannot be its consequence.
    pub fn parse(text: &str, vocabulary: &Vocabulary) -> Result<Case, CaseErrors> {
        parse(text, vocabulary, |reader, document, is_whole| {
            let case = reader.case(document);
            if !is_whole {
                reader.errors.retain(|error| !matches!(error, CaseError::Missing { .. }));
            }
            case
        })
    }
}

/// Reads a text with `read`, which is told whether the text had no syntax error.
pub(super) fn parse<T>(
    text: &str,
    vocabulary: &Vocabulary,
    read: impl FnOnce(&mut Reader<'_>, &DeTable<'_>, bool) -> Option<T>,
) -> Result<T, CaseErrors> {
    if text.len() > LONGEST_TEXT {
        let error = CaseError::TooLong { bytes: text.len(), limit: LONGEST_TEXT, span: 0..0 };
        return CaseErrors::or(None, vec![error]);
    }
    let (sound, mut errors) = syntax::sound_part(text);
    let (document, _) = DeTable::parse_recoverable(&sound);
    let mut reader = Reader { vocabulary, text: &sound, errors: Vec::new() };
    let found = read(&mut reader, document.get_ref(), errors.is_empty());
    errors.append(&mut reader.errors);
    CaseErrors::or(found, errors)
}

/// Reads the sections; what is wrong goes to `errors`, and what is wrong or absent comes back as `None`.
pub(super) struct Reader<'v> {
    pub vocabulary: &'v Vocabulary,
    /// What is read, for lines.
    pub text: &'v str,
    pub errors: Vec<CaseError>,
}

impl Reader<'_> {
    fn case(&mut self, document: &DeTable<'_>) -> Option<Case> {
        let (mut person, mut tissue, mut positions, mut model) =
            (None, Some(Tissue::default()), None, Some(None));
        let (mut visits, mut week, mut diary) = (Some(Vec::new()), Some(Vec::new()), Some(Vec::new()));
        let mut done = Some(Vec::new());
        let (mut screening, mut plan) = (Some(ScreeningAnswers::default()), Some(PlanLimits::default()));
        let mut report = Some(ReportOptions { causes: true, uncertainty: true });
        for (key, value) in entries(document) {
            match key.get_ref().as_ref() {
                "person" => person = self.section(key, value).and_then(|table| self.person(key, table)),
                "screening" => {
                    screening = self.section(key, value).and_then(|table| self.screening(table));
                }
                "tissue" => tissue = self.section(key, value).and_then(|table| self.tissue(table)),
                "report" => report = self.section(key, value).and_then(|table| self.report(table)),
                "body" => {
                    model = self.section(key, value).and_then(|table| self.model_file(key, table)).map(Some);
                    self.refuse_shape(document);
                }
                "positions" => positions = self.positions(key, value),
                "visit" => visits = self.visits(key, value),
                "week" => week = self.week(key, value),
                "plan" => plan = self.section(key, value).and_then(|table| self.plan_limits(table)),
                "diary" => diary = self.diary(key, value),
                "done" => done = self.done(key, value),
                _ => self.unknown_field(key, "a case file", &SECTIONS),
            }
        }
        for (section, example) in [("person", "[person]"), ("positions", "positions = [\"standing\"]")] {
            if !document.iter().any(|(key, _)| key.get_ref() == section) {
                self.errors.push(CaseError::Missing {
                    field: section,
                    section: "the case",
                    example,
                    span: 0..0,
                });
            }
        }
        let visits = visits?;
        Some(Case {
            person: person?,
            model: model?,
            screening: screening?,
            tissue: tissue?,
            positions: positions?,
            report: report?,
            questions: questions(&visits, self.vocabulary),
            visits,
            week: week?,
            plan: plan?,
            diary: diary?,
            done: done?,
            today: self.vocabulary.today,
        })
    }

    fn positions(&mut self, key: &Key<'_>, value: &Value<'_>) -> Option<Vec<String>> {
        let list = match value.get_ref() {
            DeValue::Array(list) => list,
            DeValue::String(one) => {
                let instead = format!("write `positions = [\"{}\"]`", shown(one));
                return self.wrong_type("positions", "a list of names", key, value, Some(instead));
            }
            _ => return self.wrong_type("positions", "a list of names", key, value, None),
        };
        if list.is_empty() {
            self.errors.push(CaseError::NoPositions { span: place(key, value) });
            return None;
        }
        let mut positions: Vec<(String, Range<usize>)> = Vec::new();
        let mut complete = true;
        for entry in list.iter() {
            let span = place(key, entry);
            let DeValue::String(name) = entry.get_ref() else {
                complete = self.wrong_type("positions", "a list of names", key, entry, None).unwrap_or(false);
                continue;
            };
            if let Some(error) = self.vocabulary.unknown_position(name, span.clone()) {
                self.errors.push(error);
                complete = false;
            } else if let Some((_, first)) = positions.iter().find(|(earlier, _)| earlier == name) {
                self.errors.push(CaseError::RepeatedPosition {
                    name: shown(name),
                    first: first.clone(),
                    span,
                });
            } else {
                positions.push((name.to_string(), span));
            }
        }
        complete.then(|| positions.into_iter().map(|(name, _)| name).collect())
    }

    fn report(&mut self, table: &DeTable<'_>) -> Option<ReportOptions> {
        let mut options = ReportOptions { causes: true, uncertainty: true };
        for (key, value) in entries(table) {
            let field = key.get_ref().as_ref();
            let option = match field {
                "causes" => &mut options.causes,
                "uncertainty" => &mut options.uncertainty,
                _ => {
                    self.unknown_field(key, "`[report]`", &REPORT_FIELDS);
                    continue;
                }
            };
            match value.get_ref() {
                DeValue::Boolean(chosen) => *option = *chosen,
                _ => {
                    self.wrong_type::<bool>(field, "`true` or `false`", key, value, None);
                }
            }
        }
        Some(options)
    }

    pub(super) fn section<'t, 'i>(&mut self, key: &Key<'_>, value: &'t Value<'i>) -> Option<&'t DeTable<'i>> {
        match value.get_ref() {
            DeValue::Table(table) => Some(table),
            _ => self.wrong_type(key.get_ref(), "a section", key, value, None),
        }
    }

    /// Reads a number and checks its range. `field` is the full name for messages.
    pub(super) fn number(
        &mut self,
        field: &str,
        quantity: &Quantity,
        key: &Key<'_>,
        value: &Value<'_>,
    ) -> Option<f64> {
        let Some(number) = number(value.get_ref()) else {
            let instead = value.get_ref().as_str().and_then(|words| quantity.in_words(words));
            let instead = instead.map(|number| format!("write `{} = {number}`", quantity.field));
            return self.wrong_type(field, "a number without quotes or unit", key, value, instead);
        };
        let span = place(key, value);
        check(field, quantity, number, span).map_err(|error| self.errors.push(error)).ok()
    }

    pub(super) fn wrong_type<T>(
        &mut self,
        field: &str,
        expected: &'static str,
        key: &Key<'_>,
        value: &Value<'_>,
        instead: Option<String>,
    ) -> Option<T> {
        let found = match value.get_ref() {
            DeValue::String(text) => format!("the text \"{}\"", shown(text)),
            DeValue::Integer(number) => format!("the number {}", shown(number.as_str())),
            DeValue::Float(number) => format!("the number {}", shown(number.as_str())),
            DeValue::Boolean(value) => format!("`{value}`"),
            DeValue::Datetime(when) if when.date.is_some() && when.time.is_none() => {
                format!("the date {when}")
            }
            DeValue::Datetime(when) => format!("the time {when}"),
            DeValue::Array(_) => "a list".into(),
            DeValue::Table(_) => "a table".into(),
        };
        let field = field.to_owned();
        self.errors.push(CaseError::WrongType { field, expected, found, instead, span: place(key, value) });
        None
    }

    /// Reads one of a few words; `meant` knows what else people write for one of them, in small letters.
    pub(super) fn choice<T: Copy>(
        &mut self,
        field: &str,
        expected: &'static str,
        choices: &[(&str, T)],
        meant: impl Fn(&str) -> Option<&'static str>,
        (key, value): (&Key<'_>, &Value<'_>),
    ) -> Option<T> {
        let DeValue::String(word) = value.get_ref() else {
            return self.wrong_type(field, expected, key, value, None);
        };
        if let Some((_, chosen)) = choices.iter().find(|(name, _)| name == word) {
            return Some(*chosen);
        }
        let valid: Vec<&str> = choices.iter().map(|(name, _)| *name).collect();
        let nearest =
            meant(&word.trim().to_ascii_lowercase()).or_else(|| nearest(word, valid.iter().copied()));
        self.errors.push(CaseError::WrongChoice {
            field: shown(field),
            found: shown(word),
            nearest: nearest.map(str::to_owned),
            valid: owned(&valid),
            span: place(key, value),
        });
        None
    }

    /// Reads a day, past or today.
    pub(super) fn day(&mut self, field: &'static str, key: &Key<'_>, value: &Value<'_>) -> Option<Date> {
        let (date, whole) = match value.get_ref() {
            DeValue::Datetime(when) => {
                let date = when.date.and_then(|date| Date::new(date.year, date.month, date.day));
                (date, when.time.is_none() && when.offset.is_none())
            }
            DeValue::String(text) => (text.trim().parse().ok(), false),
            _ => (None, false),
        };
        let Some(date) = date.filter(|_| whole) else {
            let expected = "a date without quotes and time, year-month-day as in `2026-03-02`";
            let instead = date.map(|date| format!("write `{field} = {date}`"));
            return self.wrong_type(field, expected, key, value, instead);
        };
        if let Some(today) = self.vocabulary.today.filter(|today| date > *today) {
            self.errors.push(CaseError::InFuture { field, date, today, span: place(key, value) });
            return None;
        }
        Some(date)
    }

    /// Reads a text on one line, of `longest` characters at most.
    pub(super) fn line(
        &mut self,
        field: &str,
        [expected, instead_of_empty]: [&'static str; 2],
        longest: usize,
        key: &Key<'_>,
        value: &Value<'_>,
    ) -> Option<String> {
        let DeValue::String(text) = value.get_ref() else {
            return self.wrong_type(field, expected, key, value, None);
        };
        let printable = !text.contains(char::is_control) && !text.trim().is_empty();
        if printable && text.chars().count() <= longest {
            return Some(text.trim().to_owned());
        }
        self.wrong_type(field, instead_of_empty, key, value, None)
    }

    /// Reports a key that may be one of `quantities` in another unit.
    pub(super) fn unknown_quantity(
        &mut self,
        key: &Key<'_>,
        value: &Value<'_>,
        section: &'static str,
        valid: &[&str],
        quantities: &[Quantity],
    ) {
        let error = wrong_unit(key.get_ref(), number(value.get_ref()), value.get_ref().as_str(), quantities)
            .map(|(expected, converted)| CaseError::WrongUnit {
                field: shown(key.get_ref()),
                expected,
                converted,
                span: key.span(),
            });
        match error {
            Some(error) => self.errors.push(error),
            None => self.unknown_field(key, section, valid),
        }
    }

    pub(super) fn unknown_field(&mut self, key: &Key<'_>, section: &'static str, valid: &[&str]) {
        let field = key.get_ref();
        let error = misplaced(field, section, self.vocabulary, key.span());
        self.errors.push(error.unwrap_or_else(|| CaseError::UnknownField {
            field: shown(field),
            section,
            nearest: nearest(field, valid.iter().copied()).map(str::to_owned),
            valid: owned(valid),
            span: key.span(),
        }));
    }
}

/// A field that belongs into another section than `section`.
pub(super) fn misplaced(
    field: &str,
    section: &'static str,
    vocabulary: &Vocabulary,
    span: Range<usize>,
) -> Option<CaseError> {
    let tissue = |name: &String| name == field;
    let belongs = if SECTIONS.contains(&field) {
        "at the top of the file, before the first `[section]`"
    } else if PERSON_FIELDS.contains(&field) {
        "in `[person]`"
    } else if SEGMENT_FIELDS.iter().any(|quantity| quantity.field == field) {
        "in `[person.segments]`"
    } else if REPORT_FIELDS.contains(&field) {
        "in `[report]`"
    } else if MODEL_FIELDS.contains(&field) {
        "in `[body]`"
    } else if VISIT_FIELDS.contains(&field) {
        "in a `[[visit]]`"
    } else if TEST_FIELDS.contains(&field) {
        "in a `[[visit.test]]`"
    } else if WEEK_FIELDS.contains(&field) {
        "in a `[[week]]`"
    } else if PLAN_FIELDS.contains(&field) {
        "in `[plan]`"
    } else if DIARY_FIELDS.contains(&field) {
        "in a `[[diary]]`"
    } else if DONE_FIELDS.contains(&field) {
        "in a `[[done]]`"
    } else if OUTCOME_FIELDS.contains(&field) {
        "in `[visit.outcomes]`"
    } else if SCREENING_FIELDS.contains(&field)
        || vocabulary.screening_questions.iter().any(|name| name == field)
    {
        "in `[screening]`"
    } else if vocabulary.groups.iter().chain(&vocabulary.muscles).any(tissue)
        || ["hip", "reciprocal_inhibition"].contains(&field)
        || (field == "lumbar" && vocabulary.discs)
    {
        "in `[tissue]`"
    } else {
        return None;
    };
    Some(CaseError::Misplaced { field: shown(field), section, belongs, span })
}

/// The field that `key` gives in another unit, and its value in the right one where that can be told.
pub(super) fn wrong_unit(
    key: &str,
    number: Option<f64>,
    words: Option<&str>,
    quantities: &[Quantity],
) -> Option<(&'static str, Option<f64>)> {
    quantities.iter().find_map(|quantity| {
        let factor = quantity.other_unit(key)?;
        let from_number = || {
            let value = number?;
            let converted = factor.map(|factor| quantity::tidy(value * factor));
            converted.or_else(|| quantity.slip(value).map(|(_, value)| value)).or(Some(value))
        };
        let converted = from_number().or_else(|| quantity.in_words(words?));
        Some((quantity.field, converted.filter(|&value| quantity.holds(value))))
    })
}

/// Checks that `value` is one that a person can have.
pub(super) fn check(
    field: &str,
    quantity: &Quantity,
    value: f64,
    span: Range<usize>,
) -> Result<f64, CaseError> {
    let field = field.to_owned();
    if !value.is_finite() {
        return Err(CaseError::NotFinite { field, found: value.to_string().to_lowercase(), span });
    }
    if quantity.holds(value) {
        return Ok(value);
    }
    let Quantity { low, high, unit, .. } = *quantity;
    let slip = quantity
        .slip(value)
        .map(|(unit, converted)| format!("if this is in {unit}, write `{} = {converted}`", quantity.field));
    let factor = || {
        (unit == quantity::Unit::Factor)
            .then(|| "a factor: 1 is the reference body, 0.9 is 10 % less".to_owned())
    };
    Err(CaseError::OutOfRange {
        field,
        value,
        low,
        high,
        unit: unit.symbol(),
        instead: slip.or_else(factor),
        span,
    })
}

pub(super) fn number(value: &DeValue<'_>) -> Option<f64> {
    match value {
        DeValue::Float(float) => float.as_str().parse().ok(),
        DeValue::Integer(integer) if integer.radix() == 10 => integer.as_str().parse().ok(),
        DeValue::Integer(integer) => {
            i64::from_str_radix(integer.as_str(), integer.radix()).ok().map(|value| value as f64)
        }
        _ => None,
    }
}

/// The entries of a table in the order of the text.
pub(super) fn entries<'t, 'i>(table: &'t DeTable<'i>) -> Vec<(&'t Key<'i>, &'t Value<'i>)> {
    let mut entries: Vec<_> = table.iter().collect();
    entries.sort_by_key(|(key, _)| key.span().start);
    entries
}

/// Where a value stands; its key's place if the value was lost in a syntax error.
pub(super) fn place(key: &Key<'_>, value: &Value<'_>) -> Range<usize> {
    if value.span().is_empty() { key.span() } else { value.span() }
}

/// `name` fit for one line of a message: short and printable.
pub(super) fn shown(name: &str) -> String {
    let printable: String = name.chars().take(40).flat_map(printed).collect();
    if name.chars().nth(40).is_some() { format!("{printable}…") } else { printable }
}

fn printed(c: char) -> Vec<char> {
    if c.is_control() { c.escape_default().collect() } else { vec![c] }
}

pub(super) fn owned(names: &[&str]) -> Vec<String> {
    names.iter().map(|&name| name.to_owned()).collect()
}

impl Vocabulary {
    /// Checks that `name` is a position; the spans of the error are those of `name`.
    pub fn check_position(&self, name: &str) -> Result<(), CaseErrors> {
        match self.unknown_position(name, 0..name.len()) {
            None => Ok(()),
            Some(error) => CaseErrors::or(None, vec![error]),
        }
    }

    /// The error if `name` is not a position; `span` is where it stands.
    fn unknown_position(&self, name: &str, span: Range<usize>) -> Option<CaseError> {
        if self.positions.iter().any(|position| position == name) {
            return None;
        }
        let nearest = nearest(name, self.positions.iter().map(String::as_str)).map(str::to_owned);
        let valid = self.positions.clone();
        Some(CaseError::UnknownPosition { name: shown(name), nearest, valid, span })
    }
}
