//! What the readers of all sections share: values of the right type, unit and range, or an error at their place.

use super::error::CaseError;
use super::quantity::{self, Quantity};
use super::vocabulary::nearest;
use super::{Date, Vocabulary};
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

pub(super) type Key<'i> = Spanned<DeString<'i>>;
pub(super) type Value<'i> = Spanned<DeValue<'i>>;

/// Reads the sections; what is wrong goes to `errors`, and what is wrong or absent comes back as `None`.
pub(super) struct Reader<'v> {
    pub vocabulary: &'v Vocabulary,
    /// What is read, for lines.
    pub text: &'v str,
    pub errors: Vec<CaseError>,
}

impl Reader<'_> {
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
