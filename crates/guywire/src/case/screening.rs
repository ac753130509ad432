//! The answers of `[screening]`: what was asked before anything is computed, and who examined.

use super::Date;
use serde::{Deserialize, Serialize};

/// Answer to one question of the screening.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the names say it")]
pub enum Answer {
    Yes,
    No,
    Unsure,
}

impl Answer {
    /// The answer as a word.
    pub const fn name(self) -> &'static str {
        match self {
            Answer::Yes => "yes",
            Answer::No => "no",
            Answer::Unsure => "unsure",
        }
    }
}

/// For whom the results are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// The person whom they are about.
    #[default]
    Person,
    /// A clinician, who is shown the mechanics in any case.
    Clinician,
}

impl Audience {
    /// Name in the case file.
    pub const fn name(self) -> &'static str {
        match self {
            Audience::Person => "person",
            Audience::Clinician => "clinician",
        }
    }
}

/// A clinician's examination, as recorded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Examination {
    /// Who examined.
    pub by: String,
    /// When.
    pub on: Date,
    /// What was found, in the clinician's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// What was asked and answered. What is not here was not asked; it is never taken as `no`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ScreeningAnswers {
    /// Question by name, in the order of the file, each once.
    pub answers: Vec<(String, Answer)>,
    /// For whom the results are written.
    pub audience: Audience,
    /// A clinician's examination, if one is recorded.
    pub examination: Option<Examination>,
}

impl ScreeningAnswers {
    /// The answer to `question`, if it was asked.
    pub fn of(&self, question: &str) -> Option<Answer> {
        self.answers.iter().find(|(name, _)| name == question).map(|(_, answer)| *answer)
    }

    /// Records an answer, in the place of an earlier one to the same question.
    pub fn record(&mut self, question: &str, answer: Answer) {
        match self.answers.iter_mut().find(|(name, _)| name == question) {
            Some((_, earlier)) => *earlier = answer,
            None => self.answers.push((question.to_owned(), answer)),
        }
    }
}

/// A file of answers: what of it is given takes the place of what the case says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AnswersFile {
    pub(super) answers: Vec<(String, Answer)>,
    pub(super) audience: Option<Audience>,
    pub(super) examination: Option<Examination>,
}

impl AnswersFile {
    /// `answers` with those of the file in their place.
    pub fn over(&self, mut answers: ScreeningAnswers) -> ScreeningAnswers {
        for (question, answer) in &self.answers {
            answers.record(question, *answer);
        }
        answers.audience = self.audience.unwrap_or(answers.audience);
        answers.examination = self.examination.clone().or(answers.examination);
        answers
    }
}
