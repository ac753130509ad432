//! The questions and rules of `data/evidence/screening.toml`, read and checked.

use super::ScreeningError;
use crate::case::{Audience, Person, Sex, TestVocabulary};
use crate::results::{Level, Region};
use serde::Deserialize;
use std::collections::BTreeMap;

const TEXT: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/evidence/screening.toml"));

/// Everything that the screening asks and concludes.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleSet {
    /// Version of the rules.
    pub version: String,
    /// Day of this version.
    date: toml::value::Datetime,
    /// How far it was reviewed.
    pub status: String,
    pub(super) level: BTreeMap<Level, Wording>,
    pub(super) examination: Lasting,
    pub(super) not_asked: NotAsked,
    pub(super) safety_net: Vec<SafetyNet>,
    question: Vec<Question>,
    rule: Vec<Rule>,
    #[serde(skip)]
    pub(super) tests: Vec<TestVocabulary>,
}

/// How long a recorded examination counts.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Lasting {
    pub days: i64,
}

/// How a result is worded.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Wording {
    pub title: String,
    pub lead: String,
}

/// How it is worded that questions were not asked.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NotAsked {
    pub title: String,
    pub lead: String,
    pub incomplete: String,
}

/// Something to watch for.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct SafetyNet {
    pub text: String,
    #[serde(flatten)]
    pub whom: Whom,
}

/// Whom a question or a rule is for: everybody, where nothing is said.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Whom {
    /// Youngest age in years.
    pub from_age: Option<f64>,
    /// Age in years from which on it is not for them.
    pub below_age: Option<f64>,
    /// Only this sex.
    pub sex: Option<Sex>,
    /// Only where the results are for this audience.
    pub audience: Option<Audience>,
}

/// One question, worded so that `yes` is the answer that raises a level.
#[derive(Clone, Debug, Deserialize)]
pub struct Question {
    /// Name in the case file.
    pub name: String,
    /// The question in plain words.
    pub text: String,
    /// Where it hurts: `back`, `hip`, `groin`, `leg` or `anywhere`.
    pub region: Region,
    /// Whom it is asked.
    #[serde(flatten)]
    pub whom: Whom,
    /// The clinical test that answers it where its sides differ.
    pub read_by: Option<String>,
    /// Whether the result can be no plain `proceed` without an answer.
    #[serde(default = "yes")]
    pub important: bool,
}

/// What answers lead to.
#[derive(Clone, Debug, Deserialize)]
pub struct Rule {
    /// Name of the rule.
    pub name: String,
    /// Groups of questions, all of which must be met; none: it fires for everybody of its age.
    #[serde(default)]
    pub needs: Vec<Need>,
    /// Whom it is for.
    #[serde(flatten)]
    pub whom: Whom,
    /// What it raises if the answers are yes.
    pub level: Level,
    /// What it raises if it fires only with `unsure` counted as yes.
    pub unsure: Level,
    /// What a recorded examination does to it, if not what [`Rule::examined`] says of its level.
    examination: Option<Examined>,
    /// Why, in words.
    pub reason: String,
    /// What to do, in words.
    pub action: String,
    /// What clinicians think of.
    pub suspect: String,
    /// Where it comes from.
    pub source: String,
    /// Whether that was read or recalled.
    pub status: String,
}

/// A group of questions.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Need {
    /// Names of the questions.
    pub any: Vec<String>,
    /// How many of them must be answered yes.
    #[serde(default = "one")]
    pub at_least: usize,
}

/// What a clinician's recorded examination does to a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Examined {
    /// Lowers it to a note.
    Lowers,
    /// Lowers it to a note if what was found is written down.
    LowersWithNote,
    /// Nothing.
    Stays,
}

const fn yes() -> bool {
    true
}

const fn one() -> usize {
    1
}

impl Whom {
    /// Whether `person` is meant.
    pub fn includes(&self, person: &Person) -> bool {
        self.from_age.is_none_or(|age| person.age >= age)
            && self.below_age.is_none_or(|age| person.age < age)
            && self.sex.is_none_or(|sex| sex == person.sex)
    }

    /// Whether `person` is asked where the results are for `audience`.
    pub fn is_asked(&self, person: &Person, audience: Audience) -> bool {
        self.includes(person) && self.audience.is_none_or(|only| only == audience)
    }
}

impl Rule {
    /// What a recorded examination does to it.
    pub fn examined(&self) -> Examined {
        self.examination.unwrap_or(match self.level {
            Level::Proceed | Level::ProceedWithNote | Level::SeeClinicianFirst => Examined::Lowers,
            Level::UrgentWithinDays => Examined::LowersWithNote,
            Level::EmergencyToday => Examined::Stays,
        })
    }

    /// Whether it asks for `question`.
    pub fn names(&self, question: &str) -> bool {
        self.needs.iter().any(|need| need.any.iter().any(|name| name == question))
    }
}

impl RuleSet {
    /// Reads the rules.
    ///
    /// # Errors
    /// When they are not what they should be; a test sees to it that they are.
    pub fn read() -> Result<RuleSet, ScreeningError> {
        Self::parse(TEXT)
    }

    pub(super) fn parse(text: &str) -> Result<RuleSet, ScreeningError> {
        let mut rules: RuleSet = toml::from_str(text).map_err(|error| ScreeningError {
            line: error.span().map_or(1, |span| 1 + text[..span.start].matches('\n').count()),
            problem: error.message().to_owned(),
        })?;
        rules.tests =
            TestVocabulary::all().map_err(|error| ScreeningError { line: 1, problem: error.to_string() })?;
        match rules.problem() {
            None => Ok(rules),
            Some((name, problem)) => {
                let place = text.find(&format!("name = \"{name}\"")).unwrap_or(0);
                let line = 1 + text[..place].matches('\n').count();
                Err(ScreeningError { line, problem: format!("`{name}` {problem}") })
            }
        }
    }

    /// A question or rule that cannot be, and why.
    fn problem(&self) -> Option<(&str, &'static str)> {
        if Level::ALL.iter().any(|level| !self.level.contains_key(level)) {
            return Some(("level", "lacks one of the levels"));
        }
        for (i, question) in self.question.iter().enumerate() {
            if self.question[..i].iter().any(|earlier| earlier.name == question.name) {
                return Some((&question.name, "is there twice"));
            }
            if question.read_by.as_ref().is_some_and(|name| !self.tests.iter().any(|test| test.name == *name))
            {
                return Some((&question.name, "is read by a test that is not there"));
            }
            if !self.rule.iter().any(|rule| rule.names(&question.name)) {
                return Some((&question.name, "is asked, and no rule reads it"));
            }
        }
        for (i, rule) in self.rule.iter().enumerate() {
            let named = rule.needs.iter().flat_map(|need| &need.any);
            if named.into_iter().any(|name| !self.question.iter().any(|question| question.name == *name)) {
                return Some((&rule.name, "needs a question that is not asked"));
            }
            if rule.needs.iter().any(|need| need.at_least == 0 || need.at_least > need.any.len()) {
                return Some((&rule.name, "needs more answers than it names, or none"));
            }
            if rule.unsure > rule.level {
                return Some((&rule.name, "raises more when unsure than when sure"));
            }
            if self.rule[..i].iter().any(|earlier| earlier.name == rule.name) {
                return Some((&rule.name, "is there twice"));
            }
        }
        None
    }

    /// Day of this version, as in `2026-11-21`.
    pub fn date(&self) -> String {
        self.date.to_string()
    }

    /// All questions, in the order of asking.
    pub fn questions(&self) -> &[Question] {
        &self.question
    }

    /// All rules.
    pub fn rules(&self) -> &[Rule] {
        &self.rule
    }

    /// Names of all questions, for [`Vocabulary::screening_questions`](crate::case::Vocabulary::screening_questions).
    pub fn names(&self) -> Vec<String> {
        self.question.iter().map(|question| question.name.clone()).collect()
    }

    /// The questions that `person` is asked, in the order of asking, where the results are for `audience`.
    pub fn for_person(&self, person: &Person, audience: Audience) -> impl Iterator<Item = &Question> {
        self.question.iter().filter(move |question| question.whom.is_asked(person, audience))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_in_the_rules_are_found_with_their_line() {
        let slip = |from: &str, to: &str| {
            assert!(TEXT.contains(from), "{from}");
            RuleSet::parse(&TEXT.replacen(from, to, 1)).unwrap_err().to_string()
        };
        assert!(slip("name = \"hip_pain\"", "name = \"back_pain\"").contains("`back_pain` is there twice"));
        let test = slip("read_by = \"hip_internal_rotation\"", "read_by = \"hip_rotation\"");
        assert!(test.contains("`hip_turns_in_less` is read by a test that is not there"), "{test}");
        let unread = slip("any = [\"both_legs\"]", "any = [\"both_leg\"]");
        assert!(unread.contains("`both_legs` needs a question that is not asked"), "{unread}");
        assert!(slip("at_least = 3", "at_least = 9").contains("`inflammatory_pattern` needs more answers"));
        assert!(
            slip("unsure = \"see_clinician_first\"", "unsure = \"emergency_today\"").contains("raises more")
        );
        assert!(slip("level = \"emergency_today\"", "level = \"tomorrow\"").contains("line "));
    }
}
