//! Random people as standard scores, drawn evenly.
//!
//! Draws are stratified (Latin hypercube: McKay, Beckman and Conover 1979, Technometrics 21:239), so that few people do: each
//! score takes one value from each of as many equally likely slices as there are people, and chance only says which go together.

use guywire_math::Random;

/// Standard scores of every person; the same seed draws the same people.
pub(super) fn stratified(count: usize, scores: usize, seed: u64) -> Vec<Vec<f64>> {
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

/// Where a standard normal number lies below with this probability: Newton's method from the middle, where the distribution
/// bends so that no step goes too far.
fn normal_quantile(probability: f64) -> f64 {
    let tail = probability.min(1.0 - probability).max(f64::MIN_POSITIVE);
    let mut x = 0.0;
    for _ in 0..100 {
        // Φ(−x) − tail, over the density.
        let excess = 0.5 * libm::erfc(x * std::f64::consts::FRAC_1_SQRT_2) - tail;
        let step = excess * libm::exp(0.5 * x * x) * libm::sqrt(std::f64::consts::TAU);
        x += step;
        if step < 1e-12 {
            break;
        }
    }
    if probability < 0.5 { -x } else { x }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PEOPLE: usize = 256;

    #[test]
    fn quantiles_are_those_of_tables() {
        for (probability, score) in [(0.5, 0.0), (0.975, 1.959_963_985), (0.001, -3.090_232_306)] {
            assert!((normal_quantile(probability) - score).abs() < 1e-8, "{probability}");
        }
    }

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
}
