//! Sampled signals: extended beyond their ends, resampled, and low-pass filtered as OpenSim does before it
//! differentiates a motion.
//!
//! The filter is a Butterworth filter of third order by the bilinear transform,
//!
//! ```text
//! w = tan(π f T)      H(z) = w³ (1 + z⁻¹)³ / ((w + 1)(w² + w + 1) · (1 + b₁ z⁻¹ + b₂ z⁻² + b₃ z⁻³))
//! ```
//!
//! run forward and backward, so that nothing is delayed; the first three samples of each run are taken as they are.
//! Source: Winter 2009, Biomechanics and Motor Control of Human Movement, section 2.2.4.4, for the order of steps;
//! the coefficients are the bilinear transform of 1 / ((s + 1)(s² + s + 1)).

use crate::gcv::{GcvError, SplineBasis};
use core::f64::consts::PI;

/// Longest signal that resampling makes (OpenSim's limit).
const MAX_RESAMPLED: f64 = 100_000.0;

/// The signal with `count` samples reflected through its first and last value at either end, so that value and slope
/// go on there. A signal is reflected again while more is asked than it has.
pub fn pad(signal: &[f64], count: usize) -> Vec<f64> {
    let n = signal.len();
    if n < 2 || count == 0 {
        return signal.to_vec();
    }
    if count >= n {
        let wanted = n + 2 * count;
        let mut grown = pad(signal, n - 1);
        while grown.len() < wanted {
            let more = ((wanted - grown.len()) / 2).min(grown.len() - 1).max(1);
            grown = pad(&grown, more);
        }
        return grown;
    }
    let (first, last) = (signal[0], signal[n - 1]);
    let before = (1..=count).rev().map(|i| 2.0 * first - signal[i]);
    let after = (1..=count).map(|i| 2.0 * last - signal[n - 1 - i]);
    before.chain(signal.iter().copied()).chain(after).collect()
}

/// Third-order Butterworth low-pass at `cutoff` Hz of samples every `step` s, forward and backward, in place.
/// A cutoff of half the sampling frequency or more is taken as 0.49 of it. Fewer than four samples stay as they are.
pub fn low_pass(signal: &mut [f64], step: f64, cutoff: f64) {
    let rate = 1.0 / step;
    let cutoff = if cutoff >= 0.5 * rate { 0.49 * rate } else { cutoff };
    let w = libm::tan(2.0 * PI * cutoff * step / 2.0);
    let (w2, w3) = (w * w, w * w * w);
    let denominator = (w + 1.0) * (w2 + w + 1.0);
    let gain = w3 / denominator;
    let back = [
        (3.0 * w3 + 2.0 * w2 - 2.0 * w - 3.0) / denominator,
        (3.0 * w3 - 2.0 * w2 - 2.0 * w + 3.0) / denominator,
        (w - 1.0) * (w2 - w + 1.0) / denominator,
    ];
    for _ in 0..2 {
        let [Some(&x1), Some(&x2), Some(&x3)] = [signal.get(2), signal.get(1), signal.first()] else {
            return;
        };
        let (mut inputs, mut outputs) = ([x1, x2, x3], [x1, x2, x3]);
        for value in &mut signal[3..] {
            let input = *value;
            let sum = gain * input + 3.0 * gain * inputs[0] + 3.0 * gain * inputs[1] + gain * inputs[2];
            *value = sum - back[0] * outputs[0] - back[1] * outputs[1] - back[2] * outputs[2];
            inputs = [input, inputs[0], inputs[1]];
            outputs = [*value, outputs[0], outputs[1]];
        }
        signal.reverse();
    }
}

/// Times and columns as OpenSim filters them: padded by half their length, resampled at the smallest step (by
/// splines of degree 5) unless they are even to the last bit, then [`low_pass`]. Needs four samples or more.
///
/// # Errors
/// When the times do not make a spline, or a value is not finite.
pub fn pad_and_low_pass(
    time: &[f64],
    columns: &[Vec<f64>],
    cutoff: f64,
) -> Result<(Vec<f64>, Vec<Vec<f64>>), GcvError> {
    let count = time.len() / 2;
    let mut times = pad(time, count);
    let mut padded: Vec<Vec<f64>> = columns.iter().map(|column| pad(column, count)).collect();
    let (Some(&first), Some(&last)) = (times.first(), times.last()) else { return Err(GcvError::Count) };
    let mut step = times.windows(2).map(|w| w[1] - w[0]).fold(f64::INFINITY, f64::min);
    if times.len() < 4 || step.is_nan() || step < f64::EPSILON {
        return Err(GcvError::Order);
    }
    let mean = (last - first) / (times.len() - 1) as f64;
    if mean - step > f64::EPSILON {
        if (last - first) / step > MAX_RESAMPLED {
            step = (last - first) / MAX_RESAMPLED;
        }
        let degree = match times.len() {
            ..6 => 3,
            _ => 5,
        };
        let basis = SplineBasis::new(degree, &times)?;
        let coefficients = padded.iter().map(|c| basis.interpolate(c)).collect::<Result<Vec<_>, _>>()?;
        // The times are sums, not multiples: what OpenSim rounds is rounded here.
        let mut even = Vec::new();
        let mut at = first;
        while at <= last {
            even.push(at);
            at += step;
        }
        let locals: Vec<_> = even.iter().map(|&at| basis.at(at)).collect();
        padded = coefficients
            .iter()
            .map(|c| locals.iter().map(|local| local.derivative(0, c)).collect())
            .collect();
        times = even;
    }
    for column in &mut padded {
        if !column.iter().all(|value| value.is_finite()) {
            return Err(GcvError::Value);
        }
        low_pass(column, step, cutoff);
    }
    Ok((times, padded))
}

/// Index of the last sample at or before `at`; 0 before the first.
pub fn index_at(time: &[f64], at: f64) -> usize {
    time.partition_point(|&t| t <= at).saturating_sub(1)
}

/// Straight between the samples around `at`, and straight on beyond the ends.
pub fn linear(time: &[f64], values: &[f64], at: f64) -> Option<f64> {
    let n = time.len().min(values.len());
    match n {
        0 => None,
        1 => Some(values[0]),
        _ => {
            let i = index_at(&time[..n], at).min(n - 2);
            let share = (at - time[i]) / (time[i + 1] - time[i]);
            Some(values[i] + share * (values[i + 1] - values[i]))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gain of the analogue prototype at the warped frequency, squared because it runs twice.
    #[test]
    fn gain_is_butterworth_of_third_order_twice() {
        let (step, cutoff) = (0.01, 6.0);
        for frequency in [1.0, 3.0, 6.0, 10.0, 20.0] {
            let n = 4000;
            let wave = |i: usize| libm::sin(2.0 * PI * frequency * step * i as f64 + 0.3);
            let mut signal: Vec<f64> = (0..n).map(wave).collect();
            low_pass(&mut signal, step, cutoff);
            let ratio = libm::tan(PI * frequency * step) / libm::tan(PI * cutoff * step);
            let gain = 1.0 / (1.0 + libm::pow(ratio, 6.0));
            for (i, value) in signal.iter().enumerate().take(2200).skip(1800) {
                assert!((value - gain * wave(i)).abs() < 1e-9, "{frequency} Hz: {value} {}", gain * wave(i));
            }
        }
    }

    #[test]
    fn padding_reflects_value_and_slope() {
        assert_eq!(pad(&[1.0, 2.0, 4.0], 2), [-2.0, 0.0, 1.0, 2.0, 4.0, 6.0, 7.0]);
        assert_eq!(pad(&[1.0, 2.0, 4.0], 3).len(), 9);
        assert_eq!(pad(&[1.0], 3), [1.0]);
        let line: Vec<f64> = (0..5).map(f64::from).collect();
        assert!(pad(&line, 12).windows(2).all(|w| w[1] - w[0] == 1.0));
    }

    /// Where the three samples that start each run no longer show.
    #[test]
    fn a_line_passes_and_times_become_even() {
        let time: Vec<f64> = (0..120).map(|i| 0.01 * f64::from(i) + 0.001 * f64::from(i % 2)).collect();
        let column: Vec<f64> = time.iter().map(|t| 3.0 * t - 1.0).collect();
        let (times, columns) = pad_and_low_pass(&time, &[column], 6.0).unwrap();
        assert!(times.windows(2).all(|w| (w[1] - w[0] - 0.009).abs() < 1e-12));
        let inside = times.iter().zip(&columns[0]).filter(|(t, _)| (0.4..0.8).contains(*t));
        assert!(inside.clone().count() > 40);
        for (t, value) in inside {
            assert!((value - (3.0 * t - 1.0)).abs() < 1e-7, "{t} {value}");
        }
    }

    #[test]
    fn straight_lines_between_samples() {
        let (time, values) = ([0.0, 1.0, 3.0], [0.0, 2.0, 0.0]);
        for (at, expected) in [(-1.0, -2.0), (0.5, 1.0), (1.0, 2.0), (2.0, 1.0), (4.0, -1.0)] {
            assert_eq!(linear(&time, &values, at), Some(expected));
        }
        assert_eq!(linear(&[], &[], 0.0), None);
    }
}
