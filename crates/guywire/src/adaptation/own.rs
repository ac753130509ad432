//! What is known of one person's rates beyond what is known of everybody's.

use super::rates::{KnownRates, Rates};
use crate::results::OwnRate;
use guywire_math::linalg::{NotPositiveDefinite, cholesky};
use guywire_math::random::Z90;

/// The standard scores of one person's rates: they are normal.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Own {
    /// The most probable ones.
    pub middle: Vec<f64>,
    /// Their covariance, row by row.
    covariance: Vec<f64>,
    /// Its lower root.
    root: Vec<f64>,
}

impl Own {
    /// The scores of standard normal numbers.
    pub fn at(&self, normal: &[f64]) -> Vec<f64> {
        let n = self.middle.len();
        let off = |k: usize| self.root[k * n..=k * n + k].iter().zip(normal).map(|(a, b)| a * b).sum::<f64>();
        (0..n).map(|k| self.middle[k] + off(k)).collect()
    }
}

impl KnownRates {
    /// The same for a person of whose standard scores the most probable ones and their covariance (row by row) are known.
    ///
    /// # Errors
    /// When the covariance is none, or there are not as many as rates.
    pub fn sharpened(self, middle: Vec<f64>, covariance: Vec<f64>) -> Result<Self, NotPositiveDefinite> {
        let n = self.list().len();
        if middle.len() != n || covariance.len() != n * n {
            return Err(NotPositiveDefinite { row: middle.len().min(n) });
        }
        let mut root = covariance.clone();
        cholesky(&mut root, n)?;
        Ok(self.with(Own { middle, covariance, root }))
    }

    /// What later visits say of every rate, beside what is known of everybody's; empty where they say nothing.
    pub fn told(&self) -> Vec<OwnRate> {
        let Some(own) = self.own() else { return Vec::new() };
        let told = self.list().iter().enumerate().map(|(k, known)| {
            let variance = own.covariance[k * self.list().len() + k];
            let at = |middle: f64, sd: f64| {
                [-Z90, 0.0, Z90].map(|share| libm::exp(known.spread * (middle + share * sd)))
            };
            OwnRate {
                name: known.rate.name().to_owned(),
                words: known.rate.words().to_owned(),
                unit: known.unit.clone(),
                usual: known.median,
                prior: at(0.0, 1.0),
                posterior: at(own.middle[k], libm::sqrt(variance)),
                taken: 1.0 - variance,
            }
        });
        told.collect()
    }

    /// The rates that this person most probably has.
    pub(super) fn probable(&self) -> Rates {
        self.at(self.own().map_or(&[], |own| &own.middle))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adaptation::Rate;

    /// Drawn rates have the middle and the spread that are known of a person; what nothing is known of is drawn as of everybody,
    /// to the bit, and a member is the same however many are drawn.
    #[test]
    fn own_rates_are_drawn_as_known() {
        let known = KnownRates::read().unwrap();
        let count = known.list().len();
        assert!(known.told().is_empty());
        let (mut middle, mut covariance) = (vec![0.0; count], vec![0.0; count * count]);
        (0..count).for_each(|k| covariance[k * count + k] = 1.0);
        middle[2] = 0.7;
        covariance[2 * count + 2] = 0.25;
        covariance[2 * count + 1] = -0.3;
        covariance[count + 2] = -0.3;
        let own = known.clone().sharpened(middle, covariance.clone()).unwrap();
        assert_eq!(own.median()[Rate::ALL[2]], own.at(&[0.0, 0.0, 0.7])[Rate::ALL[2]]);
        const DRAWS: usize = 4000;
        let drawn: Vec<Vec<f64>> = (0..DRAWS as u64).map(|m| own.scores(5, m)).collect();
        let mean = |of: &dyn Fn(&[f64]) -> f64| drawn.iter().map(|s| of(s)).sum::<f64>() / DRAWS as f64;
        let (first, second) = (mean(&|s| s[1]), mean(&|s| s[2]));
        assert!(first.abs() < 0.05 && (second - 0.7).abs() < 0.03, "{first} {second}");
        let variance = mean(&|s| (s[2] - 0.7) * (s[2] - 0.7));
        let together = mean(&|s| s[1] * (s[2] - 0.7));
        assert!((variance - 0.25).abs() < 0.02 && (together + 0.3).abs() < 0.03, "{variance} {together}");
        for m in 0..20 {
            let [everybody, person] = [&known, &own].map(|rates| rates.scores(5, m));
            assert!((0..count).filter(|k| *k != 2).all(|k| everybody[k] == person[k]), "{m}");
        }
        let told = &own.told()[2];
        let spread = known.list()[2].spread;
        assert!(
            (told.posterior[1] - libm::exp(0.7 * spread)).abs() < 1e-12 && told.taken == 0.75,
            "{told:?}"
        );
        assert!(told.posterior[2] / told.posterior[0] < told.prior[2] / told.prior[0]);
        assert!(own.told().iter().enumerate().all(|(k, told)| k == 2 || told.posterior == told.prior));
        assert!(known.clone().sharpened(vec![0.0; 3], vec![1.0; 9]).is_err());
        covariance[0] = -1.0;
        assert!(known.sharpened(vec![0.0; count], covariance).is_err());
    }
}
