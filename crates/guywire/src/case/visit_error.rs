//! What can be wrong with a visit.

use super::Date;
use super::quantity::brief;
use crate::side::Side;
use std::ops::Range;

/// One problem of a `[[visit]]`; its place is told by [`CaseError`](super::CaseError).
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
#[allow(missing_docs, reason = "fields are named as in the messages")]
pub enum VisitProblem {
    /// A day before any record of this kind.
    #[error("a record of {date} cannot be: none before {earliest} is read")]
    TooLongAgo { date: Date, earliest: Date },
    /// Visits not in the order of their days.
    #[error("the visit of {date} stands after that of {earlier}")]
    OutOfOrder { date: Date, earlier: Date, first: Range<usize> },
    /// Two visits of one day.
    #[error("there are two visits of {date}")]
    RepeatedDate { date: Date, first: Range<usize> },
    /// A test that nobody knows.
    #[error("there is no test `{name}`")]
    UnknownTest { name: String, nearest: Option<String>, valid: Vec<String> },
    /// A side of what is read once.
    #[error("`{test}` is read once, not left and right")]
    WithoutSides { test: String },
    /// A test with sides, without one.
    #[error("`{test}` is read left and right, and no side is given")]
    SideMissing { test: String },
    /// A reading that no person has.
    #[error(
        "`{test}` reads {}{symbol}; a person's lies between {} and {}{symbol}", brief(*.value), brief(*.low), brief(*.high)
    )]
    Impossible {
        test: String,
        value: f64,
        low: f64,
        high: f64,
        symbol: String,
        convention: String,
        /// The value as it was perhaps meant, and how it was read then.
        instead: Option<(f64, String)>,
    },
    /// One test twice in one visit.
    #[error("`{test}`{} is there twice in this visit", side_in_words(*.side))]
    RepeatedReading { test: String, side: Option<Side>, values: Vec<f64>, first: Range<usize> },
    /// Two fields that say the same.
    #[error("`{field}` and `{other}` cannot both be given")]
    Both { field: &'static str, other: &'static str },
    /// A list without or with too many entries.
    #[error("`{field}` has {count} entries; it has {low} to {high}")]
    Count { field: &'static str, count: usize, low: usize, high: usize },
    /// An item number twice.
    #[error("item {item} of `{field}` is there twice")]
    RepeatedItem { field: String, item: u8 },
    /// An activity twice.
    #[error("the activity \"{activity}\" is there twice")]
    RepeatedActivity { activity: String },
}

fn side_in_words(side: Option<Side>) -> String {
    side.map(|side| format!(" on the {}", side.name())).unwrap_or_default()
}

impl VisitProblem {
    /// The valid name that the wrong one was most likely meant to be.
    pub fn nearest(&self) -> Option<&str> {
        match self {
            VisitProblem::UnknownTest { nearest, .. } => nearest.as_deref(),
            _ => None,
        }
    }

    /// Another place that belongs to it, with what is there.
    pub fn related(&self) -> Option<(Range<usize>, &'static str)> {
        match self {
            VisitProblem::OutOfOrder { first, .. } => Some((first.clone(), "the visit before it")),
            VisitProblem::RepeatedDate { first, .. } => Some((first.clone(), "the first visit of that day")),
            VisitProblem::RepeatedReading { first, .. } => Some((first.clone(), "first read here")),
            _ => None,
        }
    }

    /// What to write instead.
    pub fn help(&self) -> String {
        use VisitProblem as P;
        match self {
            P::TooLongAgo { .. } => "a date is year, month, day, as in `date = 2026-03-02`".into(),
            P::OutOfOrder { .. } => "put the visits in the order of their dates, or check the dates".into(),
            P::RepeatedDate { .. } => "put all that was read on one day into one visit".into(),
            P::UnknownTest { nearest: Some(nearest), .. } => format!("did you mean `{nearest}`?"),
            P::UnknownTest { valid, .. } => {
                let names: Vec<String> = valid.iter().map(|name| format!("`{name}`")).collect();
                format!("the tests are {}", names.join(", "))
            }
            P::WithoutSides { .. } => "leave `side` out".into(),
            P::SideMissing { .. } => "write `side = \"left\"` or `side = \"right\"`".into(),
            P::Impossible { convention, instead: Some((value, words)), .. } => {
                format!("{words}, write `{}`; the reading is the {convention}", brief(*value))
            }
            P::Impossible { convention, .. } => format!("the reading is the {convention}"),
            P::RepeatedReading { values, .. } => {
                let values: Vec<String> = values.iter().map(|value| brief(*value)).collect();
                format!("write repeats as one entry: `readings = [{}]`", values.join(", "))
            }
            P::Both { field, .. } => format!("keep `{field}` and leave the other out"),
            P::RepeatedItem { .. } | P::RepeatedActivity { .. } => "name it once".into(),
            P::Count { count: 0, .. } => "leave out what was not asked or read".into(),
            P::Count { high, .. } => format!("keep {high} at most"),
        }
    }
}
