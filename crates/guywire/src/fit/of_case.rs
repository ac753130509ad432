//! The fit of a case: its last visit's readings, and what a person is told of them.

use super::posterior::{Observed, Posterior, fit};
use super::prediction::{Asked, STANDING, Standing, predict, standing};
use super::unknowns::Unknowns;
use super::{FitError, Fitted, Subject};
use crate::body::ReferenceBody;
use crate::case::{Case, Reading, TestVocabulary, Visit};
use crate::examination::Protocols;
use crate::posture::Positions;
use crate::results::{
    FitResult, FittedOutput, FittedParameter, FittedTest, LeftOut, NextTest, Unidentifiable,
};
use crate::side::Side;
use crate::study;

/// Standard scores of a 90 % interval.
const NINETY: f64 = 1.645;
/// Two unknowns whose logarithms go together by more than this cannot be told apart.
const TOGETHER: f64 = 0.6;
/// An unknown that keeps more than this share of its spread was not tested.
const UNTESTED: f64 = 0.97;
/// No test that takes away less of the variance is worth it.
const WORTH: f64 = 0.05;
/// Readings of earlier visits count where they were not repeated and are younger than this, in days: range of movement
/// hardly changes sooner (the waiting time of `data/evidence/outcomes.toml`).
const RECENT: i64 = 21;
/// Tests named as the next ones.
const NEXT: usize = 5;

/// A reading with what is needed to predict it.
struct Used<'a> {
    asked: Asked<'a>,
    test: &'a TestVocabulary,
    side: Option<Side>,
    observed: Observed,
}

/// Fits the tissue of a case's person to the readings of the last visit that has any, and to what was read in the three weeks
/// before and not repeated. The settings of `[tissue]` have no
/// part in it.
///
/// # Errors
/// When no visit has a reading that can be used, or the fit is not found.
pub fn of_case(
    reference: &ReferenceBody,
    case: &Case,
    progress: study::Progress<'_>,
) -> Result<Fitted, FitError> {
    progress(0, 1, "fit");
    let subject = Subject { reference, person: &case.person };
    let vocabulary = study::vocabulary(reference).map_err(|e| FitError::Priors(e.to_string()))?;
    let unknowns = Unknowns::read(&vocabulary)?;
    let protocols = Protocols::read()?;
    let visit = case.visits.iter().filter(|v| !v.readings.is_empty()).max_by_key(|v| v.date);
    let visit = visit.ok_or(FitError::NoReadings)?;
    let readings = recent(&case.visits, visit);
    let (used, left_out) = sorted(&subject, &unknowns, &protocols, &vocabulary.tests, &readings)?;
    if used.is_empty() {
        return Err(FitError::NoneUsed { date: visit.date, left_out });
    }
    let asked: Vec<Asked<'_>> = used.iter().map(|u| u.asked).collect();
    let observed: Vec<Observed> = used.iter().map(|u| u.observed).collect();
    let found = fit(&observed, unknowns.len(), &|scores| predict(&subject, &unknowns, &asked, scores))?;
    let stands = standing(
        &subject,
        &unknowns,
        &Positions::read().map_err(crate::posture::PostureError::from)?,
        &found.scores,
    )?;
    let next_tests = next_tests(&subject, &unknowns, (&protocols, &vocabulary.tests), &found, &stands)?;
    let tests = used.iter().enumerate().map(|(i, u)| FittedTest {
        name: u.test.name.clone(),
        side: u.side,
        read: u.observed.read,
        predicted: found.prediction.readings[i],
        sem: u.observed.error,
        unit: u.test.unit.clone(),
        distrusted: found.distrusted[i],
    });
    let outputs = STANDING.iter().zip(stands.values).zip(&stands.slopes).map(|((name, value), slopes)| {
        let sd = libm::sqrt(found.variance(slopes));
        FittedOutput {
            name: (*name).to_owned(),
            mean: value,
            low90: value - NINETY * sd,
            high90: value + NINETY * sd,
        }
    });
    let result = FitResult {
        visit: visit.date.to_string(),
        parameters: parameters(&unknowns, &found),
        tests: tests.collect(),
        left_out,
        unidentifiable: unidentifiable(&unknowns, &found),
        standing: outputs.collect(),
        enough: next_tests.first().is_none_or(|best| best.reduction < WORTH),
        next_tests,
        iterations: found.iterations,
    };
    Ok(Fitted { result, unknowns, found, person: case.person.clone(), given: case.tissue.clone() })
}

/// The readings of a visit, and those of visits shortly before that it does not repeat, the latest of each.
fn recent<'v>(visits: &'v [Visit], last: &'v Visit) -> Vec<&'v Reading> {
    let mut readings: Vec<&Reading> = last.readings.iter().collect();
    let before = |v: &&Visit| v.date < last.date && last.date.days() - v.date.days() < RECENT;
    let mut earlier: Vec<&Visit> = visits.iter().filter(before).collect();
    earlier.sort_by_key(|visit| std::cmp::Reverse(visit.date));
    for reading in earlier.into_iter().flat_map(|visit| &visit.readings) {
        let repeats = |r: &&Reading| r.test == reading.test && r.side == reading.side;
        if !readings.iter().any(repeats) {
            readings.push(reading);
        }
    }
    readings
}

/// The readings that can be predicted, and the others with the reason.
fn sorted<'a>(
    subject: &Subject<'_>,
    unknowns: &Unknowns,
    protocols: &'a Protocols,
    tests: &'a [TestVocabulary],
    readings: &[&Reading],
) -> Result<(Vec<Used<'a>>, Vec<LeftOut>), FitError> {
    let (mut used, mut left_out) = (Vec::new(), Vec::new());
    for reading in readings {
        let Some(test) = tests.iter().find(|t| t.name == reading.test) else { continue };
        let mut leave = |why: &str| {
            left_out.push(LeftOut { name: test.name.clone(), side: reading.side, why: why.to_owned() });
        };
        let Ok(protocol) = protocols.get(&test.name, reading.protocol.as_deref()) else {
            leave("it is not simulated yet");
            continue;
        };
        if let Some(other) = protocol.decided_by() {
            leave(&format!("{other} decides it, not passive tissue and strength alone"));
            continue;
        }
        let side = reading.side;
        let asked = Asked { protocol, side: side.unwrap_or(Side::Right) };
        let spread = if reading.protocol.is_none() {
            between_protocols(subject, unknowns, protocols, asked)?
        } else {
            0.0
        };
        let observed = Observed { read: reading.mean(), error: error_of(reading, test, spread) };
        used.push(Used { asked, test, side, observed });
    }
    Ok((used, left_out))
}

/// Standard error of a reading: of its repeats' mean, and what an unknown protocol adds.
fn error_of(reading: &Reading, test: &TestVocabulary, spread: f64) -> f64 {
    let own = reading.sem.unwrap_or(test.sem);
    libm::sqrt(own * own / reading.values.len().max(1) as f64 + spread * spread)
}

/// Standard deviation between the ways in which a test may have been done, for a person of the middle.
fn between_protocols(
    subject: &Subject<'_>,
    unknowns: &Unknowns,
    protocols: &Protocols,
    asked: Asked<'_>,
) -> Result<f64, FitError> {
    let ways = protocols.all().iter().filter(|p| p.test == asked.protocol.test && p.tells_of_tissue());
    let ways: Vec<Asked<'_>> = ways.map(|protocol| Asked { protocol, side: asked.side }).collect();
    if ways.len() < 2 {
        return Ok(0.0);
    }
    let readings = predict(subject, unknowns, &ways, &vec![0.0; unknowns.len()])?.readings;
    let mean = readings.iter().sum::<f64>() / readings.len() as f64;
    let squares: f64 = readings.iter().map(|r| (r - mean) * (r - mean)).sum();
    Ok(libm::sqrt(squares / (readings.len() - 1) as f64))
}

/// Slopes of the logarithm of an unknown by the scores.
fn own_slopes(unknowns: &Unknowns, k: usize) -> Vec<f64> {
    let mut slopes = vec![0.0; unknowns.len()];
    for &(score, by) in &unknowns.list[k].weights {
        slopes[score] += by;
    }
    slopes
}

fn parameters(unknowns: &Unknowns, found: &Posterior) -> Vec<FittedParameter> {
    let values = unknowns.values(&found.scores);
    let fitted = unknowns.list.iter().enumerate().map(|(k, unknown)| {
        let sd = libm::sqrt(found.variance(&own_slopes(unknowns, k)));
        let prior = unknown.log_sd();
        // Mean and spread of a number whose logarithm is normal.
        let prior_mean = libm::exp(unknown.log_mean + 0.5 * prior * prior);
        FittedParameter {
            name: unknown.name(),
            mean: values[k] * libm::exp(0.5 * sd * sd),
            low90: values[k] * libm::exp(-NINETY * sd),
            high90: values[k] * libm::exp(NINETY * sd),
            prior_mean,
            prior_sd: prior_mean * libm::sqrt(libm::exp(prior * prior) - 1.0),
        }
    });
    fitted.collect()
}

/// Unknowns that no test touched, and pairs that go together.
fn unidentifiable(unknowns: &Unknowns, found: &Posterior) -> Vec<Unidentifiable> {
    let slopes: Vec<Vec<f64>> = (0..unknowns.len()).map(|k| own_slopes(unknowns, k)).collect();
    let sd: Vec<f64> = slopes.iter().map(|s| libm::sqrt(found.variance(s))).collect();
    let mut list = Vec::new();
    let untested = unknowns.list.iter().zip(&sd).filter(|(u, sd)| **sd > UNTESTED * u.log_sd());
    let untested: Vec<String> = untested.map(|(u, _)| u.name()).collect();
    if !untested.is_empty() {
        let why = format!("these tests say next to nothing of {}", untested.join(", "));
        list.push(Unidentifiable { parameters: untested, why });
    }
    for i in 0..unknowns.len() {
        for j in 0..i {
            let sum: Vec<f64> = slopes[i].iter().zip(&slopes[j]).map(|(a, b)| a + b).collect();
            let both = 0.5 * (found.variance(&sum) - sd[i] * sd[i] - sd[j] * sd[j]);
            let together = both / (sd[i] * sd[j]);
            // The two sides of a person are alike before any test; what counts is what tests tie together.
            let [one, other] = [i, j].map(|k| unknowns.list[k].setting.as_ref().and_then(|s| s.side));
            if (one == other || one.is_none() || other.is_none()) && together.abs() > TOGETHER {
                let [one, other] = [j, i].map(|k| unknowns.list[k].name());
                let how = if together < 0.0 {
                    "more of the one looks like more of the other"
                } else {
                    "they go up and down together"
                };
                let why = format!("{one} and {other} cannot be told apart by these tests: {how}");
                list.push(Unidentifiable { parameters: vec![one, other], why });
            }
        }
    }
    list
}

/// Every test by how much of the variance of the standing body it would take away.
fn next_tests(
    subject: &Subject<'_>,
    unknowns: &Unknowns,
    (protocols, tests): (&Protocols, &[TestVocabulary]),
    found: &Posterior,
    stands: &Standing,
) -> Result<Vec<NextTest>, FitError> {
    let mut candidates: Vec<(Asked<'_>, &TestVocabulary, Option<Side>)> = Vec::new();
    for test in tests {
        let Ok(protocol) = protocols.get(&test.name, None) else { continue };
        if !protocol.tells_of_tissue() {
            continue;
        }
        let sides: &[Option<Side>] =
            if test.sides { &[Some(Side::Left), Some(Side::Right)] } else { &[None] };
        for &side in sides {
            candidates.push((Asked { protocol, side: side.unwrap_or(Side::Right) }, test, side));
        }
    }
    let asked: Vec<Asked<'_>> = candidates.iter().map(|c: &(Asked<'_>, _, _)| c.0).collect();
    let at = predict(subject, unknowns, &asked, &found.scores)?;
    let n = unknowns.len();
    let left: Vec<f64> = stands.slopes.iter().map(|slopes| found.variance(slopes)).collect();
    let mut list: Vec<NextTest> = candidates
        .iter()
        .zip(&at.slopes)
        .map(|((_, test, side), slopes)| {
            // Σ Jᵀ
            let spread: Vec<f64> =
                (0..n).map(|i| (0..n).map(|j| found.covariance[i * n + j] * slopes[j]).sum()).collect();
            let heard = test.sem * test.sem + slopes.iter().zip(&spread).map(|(a, b)| a * b).sum::<f64>();
            let taken = stands.slopes.iter().zip(&left).map(|(output, left)| {
                let along: f64 = output.iter().zip(&spread).map(|(a, b)| a * b).sum();
                if *left > 0.0 { along * along / (heard * left) } else { 0.0 }
            });
            let reduction = taken.sum::<f64>() / stands.slopes.len() as f64;
            NextTest { name: test.name.clone(), side: *side, reduction }
        })
        .collect();
    list.sort_by(|a, b| b.reduction.total_cmp(&a.reduction).then_with(|| a.name.cmp(&b.name)));
    list.truncate(NEXT);
    Ok(list)
}
