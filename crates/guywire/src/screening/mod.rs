//! What must be asked before a programme, and where the answers lead.
//!
//! The screening sends people to care. It never says what somebody has, and it computes no probability: no single sign
//! is accurate, and combination, course and level of concern decide (Finucane et al. 2020, J Orthop Sports Phys Ther
//! 50:350). Questions, rules, their words and their sources are data: `data/evidence/screening.toml`.
//!
//! ```text
//! a rule fires            if each of its groups has enough answers `yes`            → raises its level
//! it fires for caution    if it does so only with `unsure` counted as `yes`         → raises its level for unsure
//! result = highest level raised;  at least `proceed_with_note` while an important question is not answered
//! ```
//!
//! What was not asked is listed and never taken as `no`. A clinician's examination that is recorded, with who and when,
//! lowers what an examination answers to a note, and is shown; signs that cannot wait stay. One that is too old is shown and
//! lowers nothing.

mod answers;
mod known;
mod rules;
mod screen;

pub use crate::case::{Answer, Audience, Examination, ScreeningAnswers};
pub use crate::results::{Level, Region, Screening};
pub use rules::{Examined, Need, Question, Rule, RuleSet, Whom};

/// The rules of the screening cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("data/evidence/screening.toml, line {line}: {problem}")]
pub struct ScreeningError {
    /// Line.
    pub line: usize,
    /// What is wrong there.
    pub problem: String,
}
