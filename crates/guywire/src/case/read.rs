//! Reads a case from TOML and reports everything that is wrong with it at once.

use super::error::{CaseError, CaseErrors};
use super::question::questions;
use super::reader::{Key, Reader, Value, entries, place, shown};
use super::stray::{REPORT_FIELDS, SECTIONS};
use super::syntax;
use super::vocabulary::nearest;
use super::{Case, PlanLimits, ReportOptions, ScreeningAnswers, Tissue, Vocabulary};
use std::ops::Range;
use toml::de::{DeTable, DeValue};

/// Longest text that is read: fifty times a long case, so that no input takes long or much memory.
pub(super) const LONGEST_TEXT: usize = 100_000;

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
