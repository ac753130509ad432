//! From answers to a level, with the reasons.

use super::rules::{Examined, Question, Rule, RuleSet};
use crate::case::{Answer, Audience, Examination, Person, ScreeningAnswers};
use crate::results::{Asked, Level, Reason, Screening};
use std::cmp::Reverse;

impl RuleSet {
    /// What the answers of `person` lead to.
    pub fn screen(&self, person: &Person, answers: &ScreeningAnswers) -> Screening {
        self.judged(person, answers, answers.examination.as_ref(), Vec::new())
    }

    /// The same, where only `examination` lowers what was answered, and with what else is known of the person.
    pub(super) fn judged(
        &self,
        person: &Person,
        answers: &ScreeningAnswers,
        examination: Option<&Examination>,
        known: Vec<String>,
    ) -> Screening {
        let asked: Vec<Asked> = self
            .for_person(person, answers.audience)
            .map(|question| shown(question, answers.of(&question.name)))
            .collect();
        let mut reasons: Vec<Reason> = self
            .rules()
            .iter()
            .filter(|rule| rule.whom.includes(person))
            .filter_map(|rule| self.reason(rule, answers, examination))
            .collect();
        // What somebody answered comes before what holds for everybody of that age.
        reasons
            .sort_by_key(|reason| (Reverse((reason.level, reason.rule_level)), reason.questions.is_empty()));
        let mut notes = self.unused(person, answers);
        notes.extend(known);
        let any = !answers.answers.is_empty();
        let complete = !asked.iter().any(|asked| asked.important && asked.answer.is_none());
        if !any {
            notes.insert(0, self.not_asked.lead.clone());
        } else if !complete {
            notes.insert(0, self.not_asked.incomplete.clone());
        }
        let raised = reasons.iter().map(|reason| reason.level).max().unwrap_or(Level::Proceed);
        let result = if notes.is_empty() { raised } else { raised.max(Level::ProceedWithNote) };
        let wording = &self.level[&result];
        let unasked = !any && result < Level::SeeClinicianFirst;
        let (title, lead) = match unasked {
            true => (&self.not_asked.title, &self.not_asked.lead),
            false => (&wording.title, &wording.lead),
        };
        if unasked {
            notes.remove(0);
        }
        let watched = self.safety_net.iter().filter(|sign| sign.whom.includes(person));
        Screening {
            result,
            title: title.clone(),
            lead: lead.clone(),
            audience: answers.audience,
            asked: any,
            reasons,
            unanswered: asked.iter().filter(|a| a.answer.is_none()).map(|a| a.name.clone()).collect(),
            notes,
            examination: answers.examination.clone(),
            examination_counts: examination.is_some(),
            safety_net: watched.map(|sign| sign.text.clone()).collect(),
            answers: asked,
            rules_version: self.version.clone(),
            rules_date: self.date(),
            rules_status: self.status.clone(),
        }
    }

    /// What a rule raises, if it fires.
    fn reason(
        &self,
        rule: &Rule,
        answers: &ScreeningAnswers,
        examination: Option<&Examination>,
    ) -> Option<Reason> {
        let count = |names: &[String], counts: fn(Answer) -> bool| {
            names.iter().filter(|name| answers.of(name).is_some_and(counts)).count()
        };
        let fires = |counts: fn(Answer) -> bool| {
            rule.needs.iter().all(|need| count(&need.any, counts) >= need.at_least)
        };
        let sure = fires(|answer| answer == Answer::Yes);
        if !sure && !fires(|answer| answer != Answer::No) {
            return None;
        }
        let rule_level = if sure { rule.level } else { rule.unsure };
        let lowered = rule_level > Level::ProceedWithNote && lowers(rule, examination);
        let speaks = |question: &&Question| {
            rule.names(&question.name)
                && answers.of(&question.name).is_some_and(|answer| answer != Answer::No)
        };
        let clinician = answers.audience == Audience::Clinician;
        Some(Reason {
            rule: rule.name.clone(),
            level: if lowered { Level::ProceedWithNote } else { rule_level },
            rule_level,
            unsure: !sure,
            lowered_by_examination: lowered,
            questions: self
                .questions()
                .iter()
                .filter(speaks)
                .map(|q| shown(q, answers.of(&q.name)))
                .collect(),
            reason: rule.reason.clone(),
            action: rule.action.clone(),
            suspect: clinician.then(|| rule.suspect.clone()),
            source: rule.source.clone(),
            status: rule.status.clone(),
        })
    }

    /// Answers that no rule for this person reads, in words: they must not be lost in silence.
    fn unused(&self, person: &Person, answers: &ScreeningAnswers) -> Vec<String> {
        let speaking = answers.answers.iter().filter(|(_, answer)| *answer != Answer::No);
        let unread = speaking.filter(|(name, _)| {
            let reads = |rule: &&Rule| rule.names(name) && rule.whom.includes(person);
            !self.rules().iter().any(|rule| reads(&rule))
        });
        unread
            .map(|(name, answer)| {
                format!(
                    "`{name}` was answered with {}. This question is meant for other ages or the other sex, and no rule \
                     for this person reads it: check the answer, and show it to a clinician.",
                    answer.name()
                )
            })
            .collect()
    }
}

fn shown(question: &Question, answer: Option<Answer>) -> Asked {
    Asked {
        name: question.name.clone(),
        question: question.text.clone(),
        region: question.region,
        answer,
        important: question.important,
    }
}

/// Whether an examination answers what the rule asks for.
fn lowers(rule: &Rule, examination: Option<&Examination>) -> bool {
    examination.is_some_and(|examination| match rule.examined() {
        Examined::Lowers => true,
        Examined::LowersWithNote => examination.note.is_some(),
        Examined::Stays => false,
    })
}
