//! Reads the `[screening]` section, and files of answers that hold the same.
//!
//! ```toml
//! [screening]
//! audience = "clinician"        # or "person", which it is without
//! groin_pain = true             # or "yes"
//! limp = false                  # or "no"
//! leg_looks_shorter = "unsure"
//! examined_by = "Dr. Weber"     # a clinician's examination: who and when, and what was found if wanted
//! examined_on = 2026-03-02
//! examination_note = "hips turn freely, X-rays of both hips without finding"
//! ```
//!
//! The names of the questions are those of [`Vocabulary::screening_questions`]. What is absent was not asked.

use super::Vocabulary;
use super::error::{CaseError, CaseErrors};
use super::read::parse;
use super::reader::{Key, Reader, Value, entries};
use super::screening::{Answer, AnswersFile, Audience, Examination, ScreeningAnswers};
use toml::de::{DeTable, DeValue};

/// The fields beside the questions.
pub(super) const SCREENING_FIELDS: [&str; 4] = ["audience", "examined_by", "examined_on", "examination_note"];

/// Longest name of an examiner.
const LONGEST_EXAMINER: usize = 100;
/// Longest note on an examination: a long paragraph.
const LONGEST_NOTE: usize = 2000;

const SECTION: &str = "`[screening]`";
/// What a text must be, and what it must be where it is one.
const TEXT: [&str; 2] =
    ["a text on one line, in quotes", "a text on one line, in quotes, not empty and not too long"];

impl AnswersFile {
    /// Reads a file of answers: a `[screening]` section, or its fields without the header.
    ///
    /// # Errors
    /// Everything that is wrong, in the order of the text.
    pub fn parse(text: &str, vocabulary: &Vocabulary) -> Result<AnswersFile, CaseErrors> {
        parse(text, vocabulary, |reader, document, _| reader.answers_file(document))
    }
}

impl Reader<'_> {
    /// Reads `[screening]` of a case.
    pub(super) fn screening(&mut self, table: &DeTable<'_>) -> Option<ScreeningAnswers> {
        Some(self.answers(table)?.over(ScreeningAnswers::default()))
    }

    fn answers_file(&mut self, document: &DeTable<'_>) -> Option<AnswersFile> {
        let has_section = document.iter().any(|(key, _)| key.get_ref() == "screening");
        if !has_section {
            return self.answers(document);
        }
        let mut answers = None;
        for (key, value) in entries(document) {
            if key.get_ref() == "screening" {
                answers = self.section(key, value).and_then(|table| self.answers(table));
            } else {
                self.unknown_field(key, "a file of answers", &["screening"]);
            }
        }
        answers
    }

    fn answers(&mut self, table: &DeTable<'_>) -> Option<AnswersFile> {
        let mut file = AnswersFile::default();
        let (mut by, mut on, mut note) = (None, None, None);
        for (key, value) in entries(table) {
            match key.get_ref().as_ref() {
                "audience" => file.audience = self.audience(key, value),
                "examined_by" => {
                    by = Some((key, self.line("examined_by", TEXT, LONGEST_EXAMINER, key, value)))
                }
                "examined_on" => on = Some((key, self.day("examined_on", key, value))),
                "examination_note" => {
                    note = Some((key, self.line("examination_note", TEXT, LONGEST_NOTE, key, value)));
                }
                name if self.vocabulary.screening_questions.iter().any(|question| question == name) => {
                    if let Some(answer) = self.answer(key, value) {
                        file.answers.push((name.to_owned(), answer));
                    }
                }
                _ => {
                    let questions = self.vocabulary.screening_questions.iter().map(String::as_str);
                    let valid: Vec<&str> = SCREENING_FIELDS.into_iter().chain(questions).collect();
                    self.unknown_field(key, SECTION, &valid);
                }
            }
        }
        // An examination is who and when: one without the other proves nothing.
        let first = by.as_ref().map(|(key, _)| *key).or(on.as_ref().map(|(key, _)| *key));
        if let Some(key) = first.or(note.as_ref().map(|(key, _)| *key)) {
            for (field, given, example) in [
                ("examined_by", by.is_some(), "examined_by = \"Dr. Weber\""),
                ("examined_on", on.is_some(), "examined_on = 2026-03-02"),
            ] {
                if !given {
                    let span = key.span();
                    self.errors.push(CaseError::Missing { field, section: SECTION, example, span });
                }
            }
        }
        if let (Some((_, Some(by))), Some((_, Some(on)))) = (by, on) {
            file.examination = Some(Examination { by, on, note: note.and_then(|(_, note)| note) });
        }
        Some(file)
    }

    fn answer(&mut self, key: &Key<'_>, value: &Value<'_>) -> Option<Answer> {
        if let DeValue::Boolean(yes) = value.get_ref() {
            return Some(if *yes { Answer::Yes } else { Answer::No });
        }
        let choices = [Answer::Yes, Answer::No, Answer::Unsure].map(|answer| (answer.name(), answer));
        let meant = |word: &str| match word {
            "y" | "true" | "1" => Some("yes"),
            "n" | "false" | "0" | "none" | "never" => Some("no"),
            "?" | "maybe" | "perhaps" | "unknown" | "not sure" | "don't know" => Some("unsure"),
            _ => None,
        };
        self.choice(key.get_ref(), "`true`, `false` or \"unsure\"", &choices, meant, (key, value))
    }

    fn audience(&mut self, key: &Key<'_>, value: &Value<'_>) -> Option<Audience> {
        let choices = [Audience::Person, Audience::Clinician].map(|audience| (audience.name(), audience));
        let meant = |word: &str| match word {
            "patient" | "client" | "self" => Some("person"),
            "doctor" | "therapist" | "physiotherapist" | "physio" => Some("clinician"),
            _ => None,
        };
        self.choice("audience", "\"person\" or \"clinician\"", &choices, meant, (key, value))
    }
}
