//! Answers as a file that a case or `--answers` can hold.

use super::rules::RuleSet;
use crate::case::{Person, ScreeningAnswers};
use std::fmt::Write;

impl RuleSet {
    /// The `[screening]` section: every question for `person` with its answer, or as a comment where it is open.
    pub fn section(&self, person: &Person, answers: &ScreeningAnswers) -> String {
        let mut out = format!(
            "# Answers to the screening, rules {} of {}: true, false or \"unsure\".\n\
             # What is not answered was not asked; it never counts as false.\n\n[screening]\naudience = \"{}\"\n",
            self.version,
            self.date(),
            answers.audience.name()
        );
        if let Some(examination) = &answers.examination {
            let quoted = |text: &str| toml::Value::from(text).to_string();
            let _ =
                writeln!(out, "examined_by = {}\nexamined_on = {}", quoted(&examination.by), examination.on);
            if let Some(note) = &examination.note {
                let _ = writeln!(out, "examination_note = {}", quoted(note));
            }
        }
        for question in self.questions() {
            let answer = answers.of(&question.name);
            let asked = question.whom.includes(person)
                && question.whom.audience.is_none_or(|audience| audience == answers.audience);
            let (comment, value) = match answer {
                Some(crate::case::Answer::Yes) => ("", "true"),
                Some(crate::case::Answer::No) => ("", "false"),
                Some(crate::case::Answer::Unsure) => ("", "\"unsure\""),
                None if asked => ("# ", ""),
                None => continue,
            };
            let _ = writeln!(out, "\n# {}\n{comment}{} = {value}", question.text, question.name);
        }
        out
    }
}
