//! Numbers as a C++ stream writes them by default: six significant digits.

/// A number with six significant digits, as C's `%g`.
pub(super) fn six(value: f64) -> String {
    if !value.is_finite() {
        return value.to_string();
    }
    let scientific = format!("{value:.5e}");
    let Some((mantissa, exponent)) = scientific.split_once('e') else { return scientific };
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let trimmed = |text: &str| match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => text.to_owned(),
    };
    if (-4..6).contains(&exponent) {
        let decimals = usize::try_from(5 - exponent).unwrap_or(0);
        // The rounded number, not the number itself, so that rounding happens once.
        let rounded: f64 = scientific.parse().unwrap_or(value);
        return trimmed(&format!("{rounded:.decimals$}"));
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{}e{sign}{:02}", trimmed(mantissa), exponent.abs())
}

/// Several numbers, separated by a blank.
pub(super) fn list(values: &[f64]) -> String {
    values.iter().map(|&value| six(value)).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_printf_g() {
        for (value, text) in [
            (0.1028, "0.1028"),
            (0.123_456_789, "0.123457"),
            (-0.000_123_456_78, "-0.000123457"),
            (0.000_012_345_678, "1.23457e-05"),
            (123_456.7, "123457"),
            (1_234_567.0, "1.23457e+06"),
            (0.0, "0"),
            (-std::f64::consts::FRAC_PI_2, "-1.5708"),
            (999_999.6, "1e+06"),
            (100.0, "100"),
        ] {
            assert_eq!(six(value), text);
        }
    }
}
