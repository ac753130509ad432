//! Answers as a file that a case or `--answers` can hold.

use super::rules::RuleSet;
use crate::case::{Answer, Person, ScreeningAnswers};
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
            let line = match answer {
                Some(Answer::Yes) => format!("{} = true", question.name),
                Some(Answer::No) => format!("{} = false", question.name),
                Some(Answer::Unsure) => format!("{} = \"unsure\"", question.name),
                None if question.whom.is_asked(person, answers.audience) => format!("# {} =", question.name),
                None => continue,
            };
            let _ = writeln!(out, "\n# {}\n{line}", question.text);
        }
        out
    }
}
