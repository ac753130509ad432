//! What a fit leaves: the most probable body, and bodies drawn from the posterior.

use super::posterior::Posterior;
use super::unknowns::Unknowns;
use crate::case::{Person, Setting, Tissue};
use crate::results::FitResult;
use crate::study::Member;
use guywire_math::Random;
use guywire_math::linalg::cholesky;

/// A finished fit.
#[derive(Clone, Debug)]
pub struct Fitted {
    /// What a person is told.
    pub result: FitResult,
    pub(super) unknowns: Unknowns,
    pub(super) found: Posterior,
    pub(super) person: Person,
    /// The tissue that the case states.
    pub(super) given: Tissue,
}

impl Fitted {
    /// The body at standard scores; settings of the case that the fit does not look for stay as they are.
    fn at(&self, scores: &[f64]) -> Member {
        let mut tissue = self.unknowns.tissue(&self.unknowns.values(scores));
        let looked_for = |given: &&Setting| {
            let same = |s: &Setting| s.target == given.target && s.property == given.property;
            self.unknowns.list.iter().any(|u| u.setting.as_ref().is_some_and(same))
        };
        let kept = self.given.settings.iter().filter(|given| !looked_for(given));
        tissue.settings.extend(kept.cloned());
        tissue.reciprocal_inhibition = self.given.reciprocal_inhibition;
        Member { person: self.person.clone(), tissue }
    }

    /// The most probable body.
    pub fn most_probable(&self) -> Member {
        self.at(&self.found.scores)
    }

    /// Bodies drawn from the posterior; member `m` of a seed is the same however many are drawn.
    ///
    /// None if the covariance has no root, which a finished fit's has.
    pub fn members(&self, seed: u64, count: usize) -> Vec<Member> {
        let n = self.found.scores.len();
        let mut root = self.found.covariance.clone();
        if cholesky(&mut root, n).is_err() {
            return Vec::new();
        }
        let member = |m: usize| {
            let mut random = Random::new(seed, m as u64);
            let z: Vec<f64> = (0..n).map(|_| random.normal()).collect();
            // w = w* + L z, Σ = L Lᵀ.
            let score =
                |i: usize| self.found.scores[i] + (0..=i).map(|j| root[i * n + j] * z[j]).sum::<f64>();
            self.at(&(0..n).map(score).collect::<Vec<f64>>())
        };
        (0..count).map(member).collect()
    }
}
