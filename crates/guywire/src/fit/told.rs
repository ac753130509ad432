//! What a person is told of a fit: values with intervals, what changed, what cannot be told apart, what to measure next.

use super::FitError;
use super::course::Course;
use super::posterior::Posterior;
use super::prediction::{Asked, Habit, MEASURED, Predictor, Standing};
use super::readings::{Habits, Used};
use super::unknowns::{Unknown, Unknowns, What};
use crate::case::{Date, Property, Setting, TestVocabulary};
use crate::examination::Protocols;
use crate::results::{
    FitResult, FittedChange, FittedOutput, FittedParameter, FittedTest, LeftOut, NextTest, Unidentifiable,
};
use crate::side::Side;
use guywire_math::random::Z90;

/// Two unknowns whose latents go together by more than this cannot be told apart.
const TOGETHER: f64 = 0.6;
/// An unknown that keeps more than this share of its spread was not tested.
const UNTESTED: f64 = 0.97;
/// One that keeps less was, to a person who reads it.
const TOLD: f64 = 0.95;
/// No test that takes away less of the variance is worth it.
const WORTH: f64 = 0.05;
/// Tests named as the next ones.
const NEXT: usize = 5;

/// A posterior, to be put into words.
pub(super) struct Told<'f> {
    pub unknowns: &'f Unknowns,
    pub course: &'f Course,
    pub posterior: &'f Posterior,
    /// Of the visits.
    pub days: &'f [Date],
    /// Of those who examined.
    pub habits: &'f Habits,
}

impl Told<'_> {
    pub fn result(
        &self,
        used: &[Used<'_>],
        left_out: Vec<LeftOut>,
        stands: &Standing,
        next_tests: Vec<NextTest>,
    ) -> FitResult {
        let Self { course, posterior, days, .. } = self;
        let tests = used.iter().enumerate().map(|(i, u)| FittedTest {
            visit: days[u.asked.visit].to_string(),
            name: u.test.name.clone(),
            side: u.side,
            read: u.observed.read,
            predicted: posterior.prediction.readings[i],
            sem: u.sem(),
            unit: u.test.unit.clone(),
            distrusted: posterior.distrusted[i],
        });
        let outputs = MEASURED.iter().zip(stands.values).zip(&stands.slopes);
        let standing = outputs.map(|((name, value), slopes)| {
            let sd = libm::sqrt(posterior.variance(&course.by_independent(self.last(), slopes)));
            FittedOutput {
                name: (*name).to_owned(),
                mean: value,
                low90: value - Z90 * sd,
                high90: value + Z90 * sd,
            }
        });
        FitResult {
            visit: days.last().map(ToString::to_string).unwrap_or_default(),
            parameters: self.parameters(),
            tests: tests.collect(),
            left_out,
            changes: self.changes(),
            unidentifiable: self.unidentifiable(),
            standing: standing.collect(),
            enough: next_tests.first().is_none_or(|best| best.reduction < WORTH),
            next_tests,
            iterations: posterior.iterations,
        }
    }

    fn last(&self) -> usize {
        self.course.visits() - 1
    }

    /// Slopes of an unknown's latent at a visit by the independent scores.
    fn slopes(&self, k: usize, visit: usize) -> Vec<f64> {
        let mut by_latents = vec![0.0; self.unknowns.len()];
        by_latents[k] = 1.0;
        self.course.by_independent(visit, &self.unknowns.by_scores(&by_latents))
    }

    /// Every unknown's latent at a visit.
    fn latents(&self, visit: usize) -> Vec<f64> {
        self.unknowns.latents(&self.course.at(visit, &self.posterior.scores))
    }

    fn parameters(&self) -> Vec<FittedParameter> {
        let latents = self.latents(self.last());
        let fitted = self.unknowns.list.iter().zip(latents).enumerate().map(|(k, (unknown, latent))| {
            let sd = libm::sqrt(self.posterior.variance(&self.slopes(k, self.last())));
            let (mean, _) = moments(unknown, latent, sd);
            let (prior_mean, prior_sd) = moments(unknown, unknown.middle, unknown.spread());
            FittedParameter {
                name: unknown.name(),
                unit: unit(unknown).to_owned(),
                told: sd < TOLD * unknown.spread(),
                mean,
                low90: unknown.value(latent - Z90 * sd),
                high90: unknown.value(latent + Z90 * sd),
                prior_mean,
                prior_sd,
            }
        });
        fitted.collect()
    }

    /// How the tissue changed from the first visit to the last.
    fn changes(&self) -> Vec<FittedChange> {
        if self.course.visits() < 2 {
            return Vec::new();
        }
        let (was, is) = (self.latents(0), self.latents(self.last()));
        let mut list = Vec::new();
        for (k, unknown) in self.unknowns.list.iter().enumerate() {
            if unknown.weeks.is_infinite() {
                continue;
            }
            let slopes = self.slopes(k, self.last()).into_iter().zip(self.slopes(k, 0));
            let slopes: Vec<f64> = slopes.map(|(is, was)| is - was).collect();
            let (change, sd) = (is[k] - was[k], libm::sqrt(self.posterior.variance(&slopes)));
            list.push(FittedChange {
                name: unknown.name(),
                factor: unknown.is_factor,
                change: unknown.value(change),
                low90: unknown.value(change - Z90 * sd),
                high90: unknown.value(change + Z90 * sd),
                real: change.abs() > Z90 * sd,
            });
        }
        list
    }

    /// Unknowns that no test touched, and pairs that go together.
    fn unidentifiable(&self) -> Vec<Unidentifiable> {
        let (unknowns, found) = (self.unknowns, self.posterior);
        let slopes: Vec<Vec<f64>> = (0..unknowns.len()).map(|k| self.slopes(k, self.last())).collect();
        let sd: Vec<f64> = slopes.iter().map(|s| libm::sqrt(found.variance(s))).collect();
        let mut list = Vec::new();
        let untested = unknowns.list.iter().zip(&sd).filter(|(u, sd)| **sd > UNTESTED * u.spread());
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
                let [one, other] = [i, j].map(|k| side(&unknowns.list[k]));
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

    /// Every test by how much of the variance of the standing body it would take away on the day of the last visit.
    pub fn next_tests(
        &self,
        predictor: &Predictor<'_>,
        (protocols, tests): (&Protocols, &[TestVocabulary]),
        stands: &Standing,
    ) -> Result<Vec<NextTest>, FitError> {
        let (found, visit) = (self.posterior, self.last());
        let mut candidates: Vec<(Asked<'_>, f64, &TestVocabulary, Option<Side>)> = Vec::new();
        for test in tests {
            let Ok(protocol) = protocols.get(&test.name, None) else { continue };
            if !protocol.tells_of_tissue() {
                continue;
            }
            // An examiner whose habit other readings tell of errs by less than anybody.
            let known = test.errors().zip(self.habits.find(visit, &test.name));
            let (habit, error) = match known {
                Some(((spread, same), which)) => (Some(Habit { which, spread }), same),
                None => (None, test.sem),
            };
            let sides: &[Option<Side>] =
                if test.sides { &[Some(Side::Left), Some(Side::Right)] } else { &[None] };
            for &side in sides {
                let asked = Asked { protocol, side: side.unwrap_or(Side::Right), visit, habit };
                candidates.push((asked, error, test, side));
            }
        }
        let asked: Vec<Asked<'_>> = candidates.iter().map(|c| c.0).collect();
        let at = predictor.predict(self.course, &asked, &found.scores)?;
        let n = self.course.len();
        let outputs = stands.slopes.each_ref().map(|slopes| self.course.by_independent(visit, slopes));
        let left = outputs.each_ref().map(|slopes| found.variance(slopes));
        let mut list: Vec<NextTest> = candidates
            .iter()
            .zip(&at.slopes)
            .map(|((_, error, test, side), slopes)| {
                // Σ Jᵀ
                let spread: Vec<f64> =
                    (0..n).map(|i| (0..n).map(|j| found.covariance[i * n + j] * slopes[j]).sum()).collect();
                let heard = error * error + slopes.iter().zip(&spread).map(|(a, b)| a * b).sum::<f64>();
                let taken = outputs.iter().zip(&left).map(|(output, left)| {
                    let along: f64 = output.iter().zip(&spread).map(|(a, b)| a * b).sum();
                    if *left > 0.0 { along * along / (heard * left) } else { 0.0 }
                });
                let reduction = taken.sum::<f64>() / outputs.len() as f64;
                NextTest { name: test.name.clone(), side: *side, reduction }
            })
            .collect();
        list.sort_by(|a, b| b.reduction.total_cmp(&a.reduction).then_with(|| a.name.cmp(&b.name)));
        list.truncate(NEXT);
        Ok(list)
    }
}

/// Mean and standard deviation of an unknown whose latent is normal.
fn moments(unknown: &Unknown, latent: f64, sd: f64) -> (f64, f64) {
    if !unknown.is_factor {
        return (latent, sd);
    }
    let mean = libm::exp(latent + 0.5 * sd * sd);
    (mean, mean * libm::sqrt(libm::exp(sd * sd) - 1.0))
}

fn unit(unknown: &Unknown) -> &'static str {
    match &unknown.what {
        What::Tissue(Setting { property: Property::Tone, .. }) => "activation",
        _ if unknown.is_factor => "factor",
        _ => "deg",
    }
}

fn side(unknown: &Unknown) -> Option<Side> {
    match &unknown.what {
        What::Tissue(setting) => setting.side,
        _ => None,
    }
}
