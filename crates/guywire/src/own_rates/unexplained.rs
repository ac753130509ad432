//! Changes between visits that what was done does not explain with any likely rate.
//!
//! Before anything is learned from them, readings lie at `F(0) + m` with the covariance `S + J Jᵀ`: errors, tissue that went its own
//! way, and rates as they are between people. A change of a test since its first visit is
//! told where it lies farther out than one of so many changes should in [`FALSE_ALARMS`](crate::fit::posterior::FALSE_ALARMS) of all cases.

use crate::case::{Date, TestVocabulary};
use crate::fit::again::ReadingsAgain;
use crate::fit::posterior::bound;
use crate::fit::prediction::Prediction;
use crate::side::Side;
use guywire_math::random::Z90;

/// A change that is larger, or smaller, than what was done explains.
#[derive(Clone, Debug, PartialEq)]
pub struct Unexplained {
    /// The test's name.
    pub test: String,
    /// On which side; the right one where the test has none.
    pub side: Side,
    /// From when to when.
    pub days: [Date; 2],
    /// The change that was read, in the test's unit.
    pub change: f64,
    /// Nine in ten such people change between these: low, median, high.
    pub expected: [f64; 3],
}

impl Unexplained {
    /// In a sentence.
    pub fn in_words(&self, tests: &[TestVocabulary]) -> String {
        let Self { test, side, days: [first, later], change, expected: [low, median, high] } = self;
        let known = tests.iter().find(|known| known.name == *test);
        let (title, unit) = known.map_or((test.as_str(), ""), |known| (&*known.title, &*known.unit));
        let whose = match known.is_some_and(|known| known.sides) {
            true => format!(", {}", side.name()),
            false => String::new(),
        };
        format!(
            "{title}{whose}, changed by {change:+.1} {unit} from {first} to {later}; what was done leads to expect {median:+.1} \
             ({low:+.1} to {high:+.1}). That is an error of reading, or something that was not told."
        )
    }
}

/// The changes of all tests since their first visit that stand out, from what the body of the first visit reads with usual rates.
pub fn unexplained(again: &ReadingsAgain, usual: &Prediction) -> Vec<Unexplained> {
    let ReadingsAgain { days, readings, offset, covariance, .. } = again;
    let n = readings.len();
    let spread = |i: usize, j: usize| {
        let rates: f64 = usual.slopes[i].iter().zip(&usual.slopes[j]).map(|(a, b)| a * b).sum();
        covariance[i * n + j] + rates
    };
    let pairs: Vec<(usize, usize)> = (0..n)
        .filter_map(|i| {
            let same = |k: &usize| {
                let (a, b) = (&readings[*k], &readings[i]);
                a.test == b.test && a.side == b.side && a.protocol == b.protocol
            };
            let first = (0..i).find(same)?;
            (readings[first].visit < readings[i].visit).then_some((first, i))
        })
        .collect();
    let bound = bound(pairs.len());
    let of = |(k, i): &(usize, usize)| {
        let (k, i) = (*k, *i);
        let change = readings[i].read - readings[k].read;
        let median = usual.readings[i] - usual.readings[k] + offset[i] - offset[k];
        let deviation = (spread(i, i) + spread(k, k) - 2.0 * spread(i, k)).max(0.0).sqrt();
        let by = Z90 * deviation;
        ((change - median).abs() > bound * deviation).then(|| Unexplained {
            test: readings[i].test.clone(),
            side: readings[i].side,
            days: [days[readings[k].visit], days[readings[i].visit]],
            change,
            expected: [median - by, median, median + by],
        })
    };
    pairs.iter().filter_map(of).collect()
}
