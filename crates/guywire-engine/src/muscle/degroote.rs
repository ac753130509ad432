//! Curves of De Groote, Kinney, Rao and Fregly 2016, Ann Biomed Eng 44:2922: smooth closed forms.
//!
//! ```text
//! active    Σᵢ b₁ᵢ exp(−½ (l − b₂ᵢ)² / (b₃ᵢ + b₄ᵢ l)²),   i = 1, 2, 3
//! passive   (exp(k (l − 1) / e) − exp(k (l_min − 1) / e)) / (exp(k) − exp(k (l_min − 1) / e))
//! ```
//!
//! Lengths over optimal fibre length, forces over maximum isometric force. The constants are those of OpenSim's
//! `DeGrooteFregly2016Muscle`. Departs from the source as OpenSim does: the active denominator is squared (a
//! misprint in the supplement), the first amplitude makes the peak exactly 1, and the passive curve vanishes
//! at `l_min = 0.2`. Departs from OpenSim: the passive curve is 0, not negative, below `l_min`.

/// Amplitude, centre, width and widening of each bell.
const BELLS: [[f64; 4]; 3] = [
    [0.815_067_113_424_354_2, 1.055_033_428_970_575, 0.162_384_573_599_574, 0.063_303_448_465_465],
    [0.433_004_984_392_647, 0.716_775_413_397_760, -0.029_947_116_970_696, 0.200_356_847_296_188],
    [0.1, 1.0, 0.353_553_390_593_274, 0.0],
];
/// Exponential shape of the passive curve.
const PASSIVE_SHAPE: f64 = 4.0;
/// Length at which the passive curve vanishes.
const SHORTEST: f64 = 0.2;

/// Active force–length curve: value and slope at `norm_length`.
pub fn active_force_length(norm_length: f64) -> (f64, f64) {
    BELLS.iter().fold((0.0, 0.0), |(f, df), [height, centre, width, widening]| {
        let spread = width + widening * norm_length;
        // A bell of no width is read off its peak; both value and slope vanish faster than any power of it.
        if spread.abs() < 1e-3 {
            return (f, df);
        }
        let off = (norm_length - centre) / spread;
        let bell = height * libm::exp(-0.5 * off * off);
        (f + bell, df - bell * off * (1.0 - off * widening) / spread)
    })
}

/// Passive force–length curve with this fibre strain at one normalised force (0.6 in OpenSim): value and slope.
pub fn passive_force_length(strain_at_one_norm_force: f64, norm_length: f64) -> (f64, f64) {
    if norm_length <= SHORTEST {
        return (0.0, 0.0);
    }
    let rate = PASSIVE_SHAPE / strain_at_one_norm_force;
    let offset = libm::exp(rate * (SHORTEST - 1.0));
    let rise = libm::exp(rate * (norm_length - 1.0));
    let span = libm::exp(PASSIVE_SHAPE) - offset;
    ((rise - offset) / span, rate * rise / span)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn curves_pass_through_their_defining_points() {
        assert!((active_force_length(1.0).0 - 1.0).abs() < 1e-15);
        assert!((passive_force_length(0.6, 1.6).0 - 1.0).abs() < 1e-15);
        assert_eq!(passive_force_length(0.6, 0.1), (0.0, 0.0));
    }
}
