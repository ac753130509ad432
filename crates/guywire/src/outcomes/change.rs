//! Whether a difference between two days is a change.
//!
//! ```text
//! too early      the days are closer together than a change takes
//! real           |later − earlier| ≥ MDC
//! within error   otherwise
//!
//! MDC = published, or 1.96 √(s₁² + s₂²)       s standard errors of measurement
//! ```
//!
//! Two readings of one named examiner differ by less than those of two, where that was measured. Repeats on one day
//! share their landmarks and their day: their mean is taken, its error is not made smaller.

use crate::results::{Better, Change, ChangeLabel};

/// Two-sided 95 % of a normal distribution.
const NORMAL_95: f64 = 1.96;

/// Rounding of sums must not turn a change of exactly the detectable size into error.
const ROUNDING: f64 = 1e-9;

/// The smallest change that two standard errors allow to call one.
pub fn detectable(first: f64, second: f64) -> f64 {
    NORMAL_95 * first.hypot(second)
}

/// What a difference is judged by.
#[derive(Clone, Debug, PartialEq)]
pub struct Yardstick<'a> {
    /// Smallest change that is no error.
    pub detectable: f64,
    /// Where it comes from.
    pub source: String,
    /// Days before which nothing is said.
    pub days: i64,
    /// What takes these days, in words.
    pub slow: &'a str,
    /// Smallest improvement that matters, and which way is better.
    pub important: Option<(f64, Better)>,
}

impl Yardstick<'_> {
    /// Judges a difference of `value` over `days` days.
    pub fn judge(&self, value: f64, days: i64) -> Change {
        let label = if days < self.days {
            ChangeLabel::TooEarly
        } else if value.abs() >= self.detectable - ROUNDING {
            ChangeLabel::Real
        } else {
            ChangeLabel::WithinError
        };
        let because = match label {
            ChangeLabel::TooEarly => {
                format!("{days} days apart; {} takes about {} days to change", self.slow, self.days)
            }
            ChangeLabel::Real => "more than error explains".to_owned(),
            ChangeLabel::WithinError => "no more than error explains".to_owned(),
        };
        let improved = |(least, better): (f64, Better)| match better {
            Better::Lower => -value >= least - ROUNDING,
            Better::Higher => value >= least - ROUNDING,
        };
        Change {
            value,
            days,
            detectable: self.detectable,
            label,
            because,
            source: self.source.clone(),
            important: self.important.map(improved),
        }
    }
}
