//! Results as text for people.

mod body;
mod diary;
mod examination;
mod exercise;
mod export;
mod hypothesis;
mod outlook;
mod posture;
mod range;
mod report;
mod screening;
mod validation;
mod visits;
mod week;

pub use body::{groups, muscles, sources};
pub use diary::diary;
pub use examination::{fit, test, tests};
pub use exercise::{exercise, exercises, ranks};
pub use export::export;
pub use hypothesis::{Compared, hypothesis};
pub use outlook::{forecast, plan};
pub use posture::{as_stated, posture};
pub use report::summary;
pub use screening::{NOTHING_SHOWN, first, screening};
pub use validation::validation;
pub use week::{activities, week};

#[cfg(test)]
pub(crate) mod made_up;
