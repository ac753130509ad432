//! The readings of all visits beside one body, that of the first visit.
//!
//! Where a case tells what was done between visits, the laws of adaptation say what that changes. What else lies between a reading
//! `r` and what the body of the first visit would read then, `F`, is error, what the examiner always does, and tissue that went
//! its own way:
//!
//! ```text
//! r = F + G (w − ŵ) + habit e + own ε             w: scores of the visit's tissue apart from what was done, N(0, 1)
//! r − F ~ N(−G ŵ, S)                              ŵ: those that F was computed with
//! S = Σ_k g g ρ_k + habit² + own²                 ρ_k = exp(−days / (τ_k · told)) between two visits
//! ```
//!
//! with slopes `G` at the body of the first visit. Without being told anything, weeks of forgetting must leave room for whatever
//! people do between visits; where it is told, tissue resembles itself `told` times longer (`data/evidence/priors.toml`).

use super::FitError;
use super::course::Course;
use super::posterior::Posterior;
use super::prediction::{Asked, Predictor};
use super::readings::Used;
use super::unknowns::Unknowns;
use crate::case::Date;
use crate::side::Side;
use crate::study::Member;

/// Days of a week.
const WEEK: f64 = 7.0;

/// A reading that comes to rest or is a greatest effort, and is trusted.
#[derive(Clone, Debug, PartialEq)]
pub struct ReadAgain {
    /// The test's name.
    pub test: String,
    /// How it was done: a name of the protocol.
    pub protocol: Option<String>,
    /// On which side; the right one where the test has none.
    pub side: Side,
    /// At which of the days.
    pub visit: usize,
    /// What was read, in the test's unit.
    pub read: f64,
}

/// All of them, beside the body of the first visit.
#[derive(Clone, Debug)]
pub struct ReadingsAgain {
    /// The most probable body of the first visit.
    pub first: Member,
    /// The days on which something was read, ascending.
    pub days: Vec<Date>,
    /// In the order of the visits.
    pub readings: Vec<ReadAgain>,
    /// By how much each is expected to lie above what the body of the first visit reads after what was done.
    pub offset: Vec<f64>,
    /// Covariance of what each lies beside that, row by row.
    pub covariance: Vec<f64>,
}

/// Looks at the readings of all visits from the body of the first one.
pub(super) fn again(
    (predictor, unknowns): (&Predictor<'_>, &Unknowns),
    (course, posterior): (&Course, &Posterior),
    (days, used): (&[Date], &[Used<'_>]),
    first: Member,
) -> Result<ReadingsAgain, FitError> {
    let trusted = used.iter().zip(&posterior.distrusted).filter(|(_, distrusted)| !**distrusted);
    let used: Vec<&Used<'_>> =
        trusted.map(|(used, _)| used).filter(|used| used.asked.protocol.posture().is_none()).collect();
    let scores = course.at(0, &posterior.scores);
    let weeks = unknowns.weeks();
    let on_first: Vec<Asked<'_>> =
        used.iter().map(|used| Asked { visit: 0, habit: None, ..used.asked }).collect();
    let slopes = predictor.predict(&Course::new(&weeks, &[0], 0), &on_first, &scores)?.slopes;
    let offset = slopes.iter().map(|g| -g.iter().zip(&scores).map(|(g, w)| g * w).sum::<f64>()).collect();
    let mut covariance = Vec::new();
    for (i, one) in used.iter().enumerate() {
        for (j, other) in used.iter().enumerate() {
            let apart = (days[one.asked.visit].days() - days[other.asked.visit].days()).abs() as f64 / WEEK;
            let alike = |weeks: f64| libm::exp(-apart / (weeks * unknowns.told()));
            let tissue: f64 = (0..weeks.len()).map(|k| slopes[i][k] * slopes[j][k] * alike(weeks[k])).sum();
            let habit = match (one.asked.habit, other.asked.habit) {
                (Some(a), Some(b)) if a.which == b.which => a.spread * b.spread,
                _ => 0.0,
            };
            let own = if i == j { one.observed.error * one.observed.error } else { 0.0 };
            covariance.push(tissue + habit + own);
        }
    }
    let readings = used.iter().map(|used| ReadAgain {
        test: used.test.name.clone(),
        protocol: used.asked.protocol.names.first().cloned(),
        side: used.asked.side,
        visit: used.asked.visit,
        read: used.observed.read,
    });
    Ok(ReadingsAgain { first, days: days.to_vec(), readings: readings.collect(), offset, covariance })
}
