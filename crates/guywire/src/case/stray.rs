//! Fields that stand where they do not belong, or that nobody knows.

use super::Vocabulary;
use super::error::CaseError;
use super::model_file::MODEL_FIELDS;
use super::read_diary::DIARY_FIELDS;
use super::read_done::DONE_FIELDS;
use super::read_limits::PLAN_FIELDS;
use super::read_outcomes::OUTCOME_FIELDS;
use super::read_person::{PERSON_FIELDS, SEGMENT_FIELDS};
use super::read_screening::SCREENING_FIELDS;
use super::read_visit::{TEST_FIELDS, VISIT_FIELDS};
use super::read_week::WEEK_FIELDS;
use super::reader::{Key, Reader, owned, shown};
use super::vocabulary::nearest;
use std::ops::Range;

pub(super) const SECTIONS: [&str; 11] = [
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
pub(super) const REPORT_FIELDS: [&str; 2] = ["causes", "uncertainty"];

impl Reader<'_> {
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
