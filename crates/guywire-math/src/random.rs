//! Numbers that look random and are the same for the same seed, on every platform, and how normal numbers are spread.
//!
//! SplitMix64 (Steele, Lea and Flood 2014, OOPSLA, figure 16); normal numbers by Box and Muller (1958, Ann Math Stat 29:610).

/// A stream of numbers.
#[derive(Clone, Debug)]
pub struct Random(u64);

/// The golden ratio's share of 2⁶⁴, odd: what successive states differ by.
const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

impl Random {
    /// Stream number `stream` of `seed`; streams of one seed start far from each other.
    pub fn new(seed: u64, stream: u64) -> Self {
        let mut start = Self(seed);
        let seed = start.bits();
        let mut start = Self(seed ^ stream.wrapping_mul(0xd134_2543_de82_ef95));
        Self(start.bits())
    }

    /// The stream of the source from a state.
    pub const fn from_state(state: u64) -> Self {
        Self(state)
    }

    fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(STEP);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Uniform between 0 and 1, neither of them.
    pub fn uniform(&mut self) -> f64 {
        // 53 bits, and half of the last one so that 0 does not occur.
        ((self.bits() >> 11) as f64 + 0.5) / (1u64 << 53) as f64
    }

    /// Normal with mean 0 and standard deviation 1.
    pub fn normal(&mut self) -> f64 {
        let (radius, angle) = (self.uniform(), self.uniform());
        libm::sqrt(-2.0 * libm::log(radius)) * libm::cos(std::f64::consts::TAU * angle)
    }
}

/// 95th percentile of the standard normal distribution, as tables round it: 90 % lie within this much of the mean.
pub const Z90: f64 = 1.645;

/// Where a standard normal number lies below with this probability: Newton's method from the middle, where the distribution
/// bends so that no step goes too far. Probabilities of 0 and 1 answer with the far end of what numbers can say.
pub fn normal_quantile(probability: f64) -> f64 {
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

/// A quantile of sorted values, linear between them (Hyndman and Fan 1996, type 7); no number where there are none.
pub fn quantile(sorted: &[f64], share: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else { return f64::NAN };
    let at = share.clamp(0.0, 1.0) * last as f64;
    let below = (at as usize).min(last);
    let above = (below + 1).min(last);
    sorted[below] + (at - below as f64) * (sorted[above] - sorted[below])
}

/// Values in ascending order.
pub fn sorted(values: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values
}

/// The middle of values and the ends of 90 % of them: low, median, high; no numbers where there are none.
pub fn interval(values: impl Iterator<Item = f64>) -> [f64; 3] {
    let values = sorted(values);
    [0.05, 0.5, 0.95].map(|share| quantile(&values, share))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_are_of_values_in_any_order() {
        assert_eq!(interval([3.0, 1.0, 2.0].into_iter()), [1.1, 2.0, 2.9]);
        assert!(interval(std::iter::empty()).iter().all(|end| end.is_nan()));
    }

    #[test]
    fn quantiles_are_those_of_tables() {
        for (probability, score) in [(0.5, 0.0), (0.975, 1.959_963_985), (0.001, -3.090_232_306)] {
            assert!((normal_quantile(probability) - score).abs() < 1e-8, "{probability}");
        }
        assert!((normal_quantile(0.95) - Z90).abs() < 5e-4);
    }

    /// The reference sequence of SplitMix64 from state 1234567.
    #[test]
    fn the_bits_are_those_of_the_source() {
        let mut random = Random::from_state(1_234_567);
        let bits: Vec<u64> = (0..3).map(|_| random.bits()).collect();
        assert_eq!(bits, [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]);
    }

    #[test]
    fn normal_numbers_have_their_moments_in_every_stream() {
        for stream in 0..4 {
            let mut random = Random::new(1, stream);
            let list: Vec<f64> = (0..20_000).map(|_| random.normal()).collect();
            let mean = list.iter().sum::<f64>() / 2e4;
            let square = list.iter().map(|x| x * x).sum::<f64>() / 2e4;
            let inside = list.iter().filter(|x| x.abs() < 1.645).count() as f64 / 2e4;
            // Four standard errors of each.
            assert!(mean.abs() < 0.03 && (square - 1.0).abs() < 0.04, "{mean} {square}");
            assert!((inside - 0.9).abs() < 0.009, "{inside}");
        }
        assert_ne!(Random::new(1, 0).bits(), Random::new(1, 1).bits());
    }
}
