//! Charts beside their numbers: every chart is a table first, or has one.

pub(crate) mod causes;
pub(crate) mod discs;
pub(crate) mod pairs;
pub(crate) mod pressing;
pub(crate) mod range;

/// A scale from 0 to `top` that is never empty.
pub(crate) fn share(value: f64, top: f64) -> f64 {
    let ratio = value / top;
    if top > 0.0 && ratio.is_finite() { ratio.clamp(-1.0, 1.0) } else { 0.0 }
}

/// The largest of some values, at least `least`.
pub(crate) fn largest(values: impl Iterator<Item = f64>, least: f64) -> f64 {
    values.filter(|v| v.is_finite()).fold(least, f64::max)
}
