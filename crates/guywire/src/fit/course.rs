//! One person on several days: bones stay, tissue drifts. And those who examine: each has habits, which stay too.
//!
//! Every standard score of tissue follows a stationary course that forgets itself (Ornstein and Uhlenbeck), so that on any
//! one day it is as uncertain as on any other, and the nearer two days, the more alike they are:
//!
//! ```text
//! w(t₁) = s₁      w(t₂) = ρ w(t₁) + √(1 − ρ²) s₂,   ρ = exp(−(t₂ − t₁)/τ),   s independent, N(0, 1)
//! ```

/// Days of a week.
const WEEK: f64 = 7.0;

/// The standard scores of every visit by independent ones, and those of what examiners always do ([`Course::habit`]).
#[derive(Clone, Debug)]
pub struct Course {
    /// How many independent scores there are of tissue and bones; those of habits follow.
    body: usize,
    /// How many habits of examiners.
    habits: usize,
    /// Visit by visit, score by score: which independent ones, and how much of each.
    visits: Vec<Vec<Vec<(usize, f64)>>>,
}

impl Course {
    /// For visits on ascending days; `weeks` in which every score forgets itself; so many habits of examiners.
    pub fn new(weeks: &[f64], days: &[i64], habits: usize) -> Self {
        let mut body = 0;
        let mut visits: Vec<Vec<Vec<(usize, f64)>>> = Vec::new();
        for (visit, day) in days.iter().enumerate() {
            let before = visit.checked_sub(1).map(|before| (&visits[before], (day - days[before]) as f64));
            let scores = weeks.iter().enumerate().map(|(k, weeks)| {
                let (own, alike) = match before {
                    Some((scores, days)) => (scores[k].clone(), libm::exp(-days / (WEEK * weeks))),
                    None => (Vec::new(), 0.0),
                };
                let mut weights: Vec<(usize, f64)> = own.into_iter().map(|(s, by)| (s, alike * by)).collect();
                if alike < 1.0 {
                    weights.push((body, libm::sqrt(1.0 - alike * alike)));
                    body += 1;
                }
                weights
            });
            let scores = scores.collect();
            visits.push(scores);
        }
        Self { body, habits, visits }
    }

    /// How many independent scores there are.
    pub fn len(&self) -> usize {
        self.body + self.habits
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The independent score of a habit of an examiner, which no day changes.
    pub fn habit(&self, which: usize) -> usize {
        self.body + which
    }

    /// How many visits there are.
    pub fn visits(&self) -> usize {
        self.visits.len()
    }

    /// The scores of a visit.
    pub fn at(&self, visit: usize, independent: &[f64]) -> Vec<f64> {
        let score = |weights: &Vec<(usize, f64)>| weights.iter().map(|&(s, by)| by * independent[s]).sum();
        self.visits[visit].iter().map(score).collect()
    }

    /// Slopes by the independent scores from those by the scores of a visit.
    pub fn by_independent(&self, visit: usize, slopes: &[f64]) -> Vec<f64> {
        let mut all = vec![0.0; self.len()];
        for (weights, slope) in self.visits[visit].iter().zip(slopes) {
            for &(s, by) in weights {
                all[s] += slope * by;
            }
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// On every visit the scores have variance 1; between visits they are alike as the weeks say; bones are the same.
    #[test]
    fn scores_of_visits_are_alike_as_told() {
        let course = Course::new(&[8.0, f64::INFINITY, 52.0], &[100, 128, 240], 2);
        assert_eq!((course.len(), course.visits()), (9, 3));
        assert_eq!([course.habit(0), course.habit(1)], [7, 8]);
        let of = |visit: usize, k: usize| -> Vec<f64> {
            let mut one = vec![0.0; 3];
            one[k] = 1.0;
            course.by_independent(visit, &one)
        };
        let alike = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
        for (k, weeks) in [8.0, f64::INFINITY, 52.0].into_iter().enumerate() {
            for (one, other, days) in [(0, 0, 0.0), (0, 1, 28.0), (1, 2, 112.0), (0, 2, 140.0)] {
                let expected = (-days / 7.0 / weeks).exp();
                let found = alike(&of(one, k), &of(other, k));
                assert!((found - expected).abs() < 1e-12, "{k}, {one} and {other}: {found}, not {expected}");
            }
        }
        let independent: Vec<f64> = (0..9).map(|i| i as f64).collect();
        assert_eq!(course.at(0, &independent)[1], course.at(2, &independent)[1]);
    }
}
