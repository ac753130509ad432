//! Curves of De Groote, Kinney, Rao and Fregly 2016, Ann Biomed Eng 44:2922: smooth closed forms.
//!
//! ```text
//! active    Σᵢ b₁ᵢ exp(−½ (l − b₂ᵢ)² / (b₃ᵢ + b₄ᵢ l)²),   i = 1, 2, 3
//! passive   (exp(k (l − 1) / e) − exp(k (l_min − 1) / e)) / (exp(k) − exp(k (l_min − 1) / e))
//! tendon    c (exp(k_T (l_T − 1)) − 1)
//! velocity  d₁ ln(u + √(u² + 1)) + d₄,   u = d₂ v + d₃
//! ```
//!
//! Lengths over optimal fibre length, forces over maximum isometric force. The constants are those of OpenSim's
//! `DeGrooteFregly2016Muscle`. Departs from the source as OpenSim does: the active denominator is squared (a
//! misprint in the supplement), the first amplitude makes the peak exactly 1, the passive curve vanishes at
//! `l_min = 0.2` (and is slightly negative below), the tendon curve vanishes at slack length, and the velocity
//! curve passes exactly through (−1, 0) and (0, 1).

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

/// Tendon force that is missing at minus infinity (`c₁ = c₃`).
const TENDON_OFFSET: f64 = 0.2;
/// `d₁` to `d₄` of the velocity curve.
const VELOCITY: [f64; 4] = [-0.321_134_612_798_980_8, -8.149, -0.374, 0.882_532_773_324_991_2];

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
    let rate = PASSIVE_SHAPE / strain_at_one_norm_force;
    let offset = libm::exp(rate * (SHORTEST - 1.0));
    let rise = libm::exp(rate * (norm_length - 1.0));
    let span = libm::exp(PASSIVE_SHAPE) - offset;
    ((rise - offset) / span, rate * rise / span)
}

/// Tendon force against tendon length over slack length, with this strain at one normalised force: value and slope.
pub fn tendon(strain_at_one_norm_force: f64, norm_length: f64) -> (f64, f64) {
    let rate = libm::log((1.0 + TENDON_OFFSET) / TENDON_OFFSET) / strain_at_one_norm_force;
    let rise = libm::expm1(rate * (norm_length - 1.0));
    (TENDON_OFFSET * rise, TENDON_OFFSET * rate * (rise + 1.0))
}

/// Force–velocity curve: value and slope at fibre velocity over maximum contraction velocity.
pub fn force_velocity(norm_velocity: f64) -> (f64, f64) {
    let [d1, d2, d3, d4] = VELOCITY;
    let u = d2 * norm_velocity + d3;
    (d1 * libm::asinh(u) + d4, d1 * d2 / libm::sqrt(u * u + 1.0))
}

/// Fibre velocity at which the force–velocity curve has this value.
pub fn velocity_of_force(multiplier: f64) -> f64 {
    let [d1, d2, d3, d4] = VELOCITY;
    (libm::sinh((multiplier - d4) / d1) - d3) / d2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn curves_pass_through_their_defining_points() {
        assert!((active_force_length(1.0).0 - 1.0).abs() < 1e-14);
        assert!((passive_force_length(0.6, 1.6).0 - 1.0).abs() < 1e-14);
        assert!(passive_force_length(0.6, 0.2).0.abs() < 1e-17);
        assert!(tendon(0.049, 1.0).0 == 0.0 && (tendon(0.049, 1.049).0 - 1.0).abs() < 1e-14);
        for (velocity, force) in [(-1.0, 0.0), (0.0, 1.0)] {
            assert!((force_velocity(velocity).0 - force).abs() < 1e-12);
            assert!((velocity_of_force(force) - velocity).abs() < 1e-12);
        }
    }
}
