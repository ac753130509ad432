//! Random people as standard scores, drawn evenly.
//!
//! Draws are stratified (Latin hypercube: McKay, Beckman and Conover 1979, Technometrics 21:239), so that few people do: each
//! score takes one value from each of as many equally likely slices as there are people, and chance only says which go together.
//! What chance lets go together is then taken out: with `C = L Lᵀ` the covariance of the draws, `L⁻¹` times a person's scores
//! has none. Whatever depends on the scores in a straight line is then spread exactly as it should be.

use guywire_math::linalg::cholesky;
use guywire_math::random::{Random, normal_quantile};

/// Standard scores of every person, of mean 0, variance 1 and no correlation; the same seed draws the same people.
pub(super) fn standard_scores(count: usize, scores: usize, seed: u64) -> Result<Vec<Vec<f64>>, String> {
    let too_few = || format!("{count} people are too few for {scores} scores");
    if count <= scores {
        return Err(too_few());
    }
    let mut people = stratified(count, scores, seed);
    let share = 1.0 / count as f64;
    for k in 0..scores {
        let mean = people.iter().map(|p| p[k]).sum::<f64>() * share;
        people.iter_mut().for_each(|p| p[k] -= mean);
    }
    let mut factor = vec![0.0; scores * scores];
    for person in &people {
        for i in 0..scores {
            for j in 0..=i {
                factor[i * scores + j] += person[i] * person[j] * share;
            }
        }
    }
    cholesky(&mut factor, scores).map_err(|_| too_few())?;
    for person in &mut people {
        for i in 0..scores {
            let row = &factor[i * scores..=i * scores + i];
            let known: f64 = row[..i].iter().zip(&person[..i]).map(|(l, x)| l * x).sum();
            person[i] = (person[i] - known) / row[i];
        }
    }
    Ok(people)
}

fn stratified(count: usize, scores: usize, seed: u64) -> Vec<Vec<f64>> {
    let mut chance = Random::from_state(seed);
    let mut people = vec![vec![0.0; scores]; count];
    for k in 0..scores {
        let mut slices: Vec<usize> = (0..count).collect();
        // Fisher and Yates.
        for i in (1..count).rev() {
            slices.swap(i, (chance.uniform() * (i + 1) as f64) as usize);
        }
        for (person, slice) in people.iter_mut().zip(slices) {
            person[k] = normal_quantile((slice as f64 + chance.uniform()) / count as f64);
        }
    }
    people
}

#[cfg(test)]
mod tests {
    use super::*;

    const PEOPLE: usize = 256;

    /// Each score alone is standard normal, to the width of a slice.
    #[test]
    fn draws_are_stratified() {
        let people = stratified(PEOPLE, 3, 1);
        for k in 0..3 {
            let mean = people.iter().map(|p| p[k]).sum::<f64>() / PEOPLE as f64;
            let squares = people.iter().map(|p| p[k] * p[k]).sum::<f64>() / PEOPLE as f64;
            assert!(mean.abs() < 0.01 && (squares - 1.0).abs() < 0.05, "{mean}, {squares}");
            let mut sorted: Vec<f64> = people.iter().map(|p| p[k]).collect();
            sorted.sort_by(f64::total_cmp);
            for (slice, x) in sorted.iter().enumerate() {
                let below = 0.5 * libm::erfc(-x * std::f64::consts::FRAC_1_SQRT_2) * PEOPLE as f64;
                assert_eq!(below as usize, slice);
            }
        }
    }

    #[test]
    fn scores_are_standard_and_apart() {
        let people = standard_scores(PEOPLE, 40, 1).unwrap();
        for i in 0..40 {
            let mean = people.iter().map(|p| p[i]).sum::<f64>() / PEOPLE as f64;
            assert!(mean.abs() < 1e-12, "{mean}");
            for j in 0..40 {
                let both: f64 = people.iter().map(|p| p[i] * p[j]).sum::<f64>() / PEOPLE as f64;
                assert!((both - f64::from(u8::from(i == j))).abs() < 1e-10, "{i}, {j}: {both}");
            }
        }
        assert!(standard_scores(8, 9, 1).is_err());
    }
}
