//! What a case says beside the answers: how old a recorded examination is, and readings that speak to a question.
//!
//! Neither is an answer. An old examination lowers nothing any more; a reading that contradicts an answer is a note, with
//! which the result is at least `proceed_with_note`.

use super::rules::{Question, RuleSet};
use crate::case::{Answer, Case, Date, Examination, TestVocabulary, Visit};
use crate::results::Screening;
use crate::side::Side;

impl RuleSet {
    /// What the answers of a case lead to, and what else it holds that must be known about them.
    pub fn screen_case(&self, case: &Case) -> Screening {
        let answers = &case.screening;
        let examination = answers.examination.as_ref();
        let old = examination.filter(|examination| self.is_old(examination, case.today));
        let outdated = old.map(|examination| {
            format!(
                "The examination of {} by {} is more than {} days ago and lowers nothing any more: what has changed since \
                 then was not examined.",
                examination.on, examination.by, self.examination.days
            )
        });
        let read = self.questions().iter().filter_map(|question| self.contradiction(question, case));
        let known = outdated.into_iter().chain(read).collect();
        self.judged(&case.person, answers, examination.filter(|_| old.is_none()), known)
    }

    fn is_old(&self, examination: &Examination, today: Option<Date>) -> bool {
        today.is_some_and(|today| today.days() - examination.on.days() > self.examination.days)
    }

    /// A note where the last readings of both sides say what the answer to `question` does not.
    fn contradiction(&self, question: &Question, case: &Case) -> Option<String> {
        let test = question.read_by.as_ref()?;
        let test = self.tests.iter().find(|known| known.name == *test)?;
        let answered = match case.screening.of(&question.name) {
            Some(Answer::Yes) => return None,
            Some(answer) => format!("was answered with {}", answer.name()),
            None => "was not answered".to_owned(),
        };
        let (date, left, right) = case.visits.iter().rev().find_map(|visit| both_sides(visit, test))?;
        let asked = question.whom.includes(&case.person) && (left - right).abs() >= test.mdc;
        let unit = test.symbol();
        asked.then(|| {
            format!(
                "{} of {date} reads {left:.0}{unit} on the left and {right:.0}{unit} on the right, further apart than error \
                 explains ({:.0}{unit}). The question \u{201c}{}\u{201d} {answered}: look again, and show it to a clinician.",
                test.title, test.mdc, question.text
            )
        })
    }
}

/// Readings of both sides, done in the same way.
fn both_sides(visit: &Visit, test: &TestVocabulary) -> Option<(Date, f64, f64)> {
    let of = |side| visit.readings.iter().filter(move |r| r.test == test.name && r.side == Some(side));
    of(Side::Left).find_map(|left| {
        let right = of(Side::Right).find(|right| right.protocol == left.protocol)?;
        Some((visit.date, left.mean(), right.mean()))
    })
}
