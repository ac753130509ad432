//! What the screening says: where to go before anything else, and why.

use crate::case::{Answer, Audience, Examination};
use serde::{Deserialize, Serialize};

/// Where a screening leads, least first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Nothing in the answers asks for help, and every important question was answered.
    Proceed,
    /// The same, with something to know first.
    ProceedWithNote,
    /// A clinician examines before any programme.
    SeeClinicianFirst,
    /// A clinician examines within days, before any exercise.
    UrgentWithinDays,
    /// Medical help today.
    EmergencyToday,
}

impl Level {
    /// All, least first.
    pub const ALL: [Level; 5] = [
        Level::Proceed,
        Level::ProceedWithNote,
        Level::SeeClinicianFirst,
        Level::UrgentWithinDays,
        Level::EmergencyToday,
    ];

    /// Name in JSON and in the rules.
    pub const fn name(self) -> &'static str {
        match self {
            Level::Proceed => "proceed",
            Level::ProceedWithNote => "proceed_with_note",
            Level::SeeClinicianFirst => "see_clinician_first",
            Level::UrgentWithinDays => "urgent_within_days",
            Level::EmergencyToday => "emergency_today",
        }
    }
}

/// What `guywire screen --json` prints, and what stands on top of a report.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Screening {
    /// Where the answers lead: the highest level among the reasons.
    pub result: Level,
    /// The result in a few words.
    pub title: String,
    /// The result in whole sentences.
    pub lead: String,
    /// For whom it is written.
    pub audience: Audience,
    /// Whether any question was answered.
    pub asked: bool,
    /// Every rule that fired, most urgent first.
    pub reasons: Vec<Reason>,
    /// Names of the questions for this person that were not answered, in the order of asking; never taken as `no`.
    pub unanswered: Vec<String>,
    /// What else must be known about the answers.
    pub notes: Vec<String>,
    /// The examination by a clinician that was recorded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub examination: Option<Examination>,
    /// Whether it still counts.
    #[serde(default)]
    pub examination_counts: bool,
    /// What to watch for, whatever the result.
    pub safety_net: Vec<String>,
    /// Every question for this person with its answer, in the order of asking.
    pub answers: Vec<Asked>,
    /// Version of the rules.
    pub rules_version: String,
    /// Day of the rules.
    pub rules_date: String,
    /// How far the rules were reviewed.
    pub rules_status: String,
}

/// The part of the body that a question is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the names say it")]
pub enum Region {
    Back,
    Hip,
    Groin,
    Leg,
    Anywhere,
}

/// A question and its answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Asked {
    /// Name in the case file.
    pub name: String,
    /// The question as asked.
    pub question: String,
    /// The part of the body that it is about.
    pub region: Region,
    /// The answer; none where it was not asked.
    pub answer: Option<Answer>,
    /// Whether self-care may not begin without it.
    pub important: bool,
}

/// Why a screening leads where it leads.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reason {
    /// The rule that fired.
    pub rule: String,
    /// What it raises here.
    pub level: Level,
    /// What it would raise without the examination.
    pub rule_level: Level,
    /// Whether it fired only because `unsure` is not counted as `no`.
    pub unsure: bool,
    /// Whether a recorded examination lowered it.
    pub lowered_by_examination: bool,
    /// The answers that made it fire.
    pub questions: Vec<Asked>,
    /// Why, in words.
    pub reason: String,
    /// What to do, in words.
    pub action: String,
    /// What clinicians think of; only where the results are for one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suspect: Option<String>,
    /// Where the rule comes from.
    pub source: String,
    /// Whether that source was read or the rule recalled.
    pub status: String,
}

impl Screening {
    /// Whether self-care must stop: no exercises, and the person's own report holds nothing but the screening.
    pub fn stops_self_care(&self) -> bool {
        self.result >= Level::SeeClinicianFirst
    }

    /// Whether a programme may be offered: nothing stops self-care, and no important question is open.
    pub fn allows_self_care(&self) -> bool {
        !self.stops_self_care() && self.is_complete()
    }

    /// Whether every important question was answered.
    pub fn is_complete(&self) -> bool {
        !self.answers.iter().any(|asked| asked.important && asked.answer.is_none())
    }

    /// Whether the report may show posture, loads and causes: always to a clinician, and to the person unless
    /// self-care must stop.
    pub fn shows_mechanics(&self) -> bool {
        self.audience == Audience::Clinician || !self.stops_self_care()
    }

    /// The unanswered questions in words.
    pub fn open_questions(&self) -> impl Iterator<Item = &Asked> {
        self.answers.iter().filter(|asked| asked.answer.is_none())
    }
}
