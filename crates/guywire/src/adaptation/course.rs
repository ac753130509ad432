//! One number on its way to another: the solution of `τ dx/dt = target − x` over a week, exact because the target is constant.

/// Where `x` is after a week; `weeks` is τ.
pub(super) fn after_a_week(x: f64, target: f64, weeks: f64) -> f64 {
    x + (target - x) * -libm::expm1(-1.0 / weeks)
}

/// How much of a dose counts: all of the first drop, ever less of the next, never more than 1.
pub(super) fn saturating(dose: f64, scale: f64) -> f64 {
    -libm::expm1(-dose.max(0.0) / scale)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weeks_follow_the_exact_course() {
        let mut x = 0.3;
        for week in 1..=10 {
            x = after_a_week(x, 1.0, 2.5);
            let exact = 1.0 - 0.7 * (-f64::from(week) / 2.5_f64).exp();
            assert!((x - exact).abs() < 1e-14, "{week}: {x}");
        }
        assert_eq!(after_a_week(0.0, 0.0, 1.0), 0.0);
    }

    #[test]
    fn doses_saturate() {
        assert_eq!(saturating(0.0, 2.0), 0.0);
        assert_eq!(saturating(-1.0, 2.0), 0.0);
        assert!((saturating(6.0, 2.0) - 0.950_212_931_632_136).abs() < 1e-14);
        assert_eq!(saturating(1e9, 2.0), 1.0);
    }
}
