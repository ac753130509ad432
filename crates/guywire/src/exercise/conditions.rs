//! What of a person speaks against an exercise: its contra-indications held against the answers of the screening.

use super::library::{Exercise, Library};
use crate::case::{Answer, Case};
use crate::results::ExerciseCondition;

/// What a condition means for a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Against {
    /// Answered with no.
    No,
    /// Nobody asked: the person must.
    NotAsked,
    /// It asks for care.
    Heed,
    /// The exercise is not for this person.
    Yes,
}

impl Against {
    /// In results.
    pub const fn name(self) -> &'static str {
        match self {
            Against::No => "no",
            Against::NotAsked => "not_asked",
            Against::Heed => "heed",
            Against::Yes => "yes",
        }
    }
}

/// Every contra-indication of an exercise beside what the case says of it, the gravest first.
///
/// An answer that is unsure counts as yes. What was not asked never counts as no.
pub fn against(library: &Library, exercise: &Exercise, case: &Case) -> Vec<ExerciseCondition> {
    let mut list: Vec<(Against, ExerciseCondition)> = exercise
        .contraindications
        .iter()
        .filter_map(|key| {
            let condition = library.condition(key)?;
            let answers: Vec<Option<Answer>> =
                condition.questions.iter().map(|question| case.screening.of(question)).collect();
            let young = condition.below_age.is_some_and(|age| case.person.age < age);
            let spoken = answers.iter().flatten().any(|answer| *answer != Answer::No);
            let denied = !answers.is_empty() && answers.iter().all(|a| *a == Some(Answer::No));
            let ruled_out = condition.sex.is_some_and(|sex| sex != case.person.sex);
            // An age needs no question.
            let settled = denied || ruled_out || (condition.below_age.is_some() && answers.is_empty());
            let found = match (young || spoken, settled) {
                (true, _) if condition.heed => Against::Heed,
                (true, _) => Against::Yes,
                (false, true) => Against::No,
                (false, false) => Against::NotAsked,
            };
            let told = ExerciseCondition {
                key: key.clone(),
                text: condition.text.clone(),
                heed: condition.heed,
                found: found.name().to_owned(),
            };
            Some((found, told))
        })
        .collect();
    list.sort_by_key(|(found, _)| std::cmp::Reverse(*found));
    list.into_iter().map(|(_, told)| told).collect()
}
