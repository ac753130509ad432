//! An arc of constant curvature (OpenSim's `ConstantCurvatureJoint`).
//!
//! The arc of length `d` bends by `θ` from y to the y axis `a` of a frame turned by body-fixed angles x (`u`) and z (`v`):
//!
//! ```text
//! a = (−sin v, cos u cos v, sin u cos v)       c = cos θ = cos u cos v
//! end = d (g a_x, h, g a_z)      h = sin θ/θ = 1/K       g = (1 − cos θ)/(θ sin θ) = 1/(K (1 + c))
//! K(c) = θ/sin θ,   (1 − c²) K′ = c K − 1,   (1 − c²) K″ = 3 c K′ + K
//! ```
//!
//! Departs from OpenSim 4.6, which takes a straight line for arcs that bend by less than 0.001 or nearly a right angle.

use crate::Real;

/// Above this cosine the closed form of `K` loses digits, and its series is used.
const NEARLY_STRAIGHT: f64 = 0.9;
/// Terms of the series; at `y = (1 − 0.9)/2` the next one is below 1e-24.
const TERMS: usize = 18;

/// A component of the end of an arc.
#[derive(Clone, Debug, PartialEq)]
pub struct Arc {
    /// 0, 1, 2.
    pub component: usize,
    /// m.
    pub length: f64,
    /// What is added to the angles x and z, rad.
    pub neutral: [f64; 2],
}

/// `K` and its first two derivatives.
fn bend<T: Real>(c: T) -> [T; 3] {
    if c.value() <= NEARLY_STRAIGHT {
        let square = -(c * c) + 1.0;
        let sine = square.sqrt();
        let k = sine.atan2(c) / sine;
        let first = (c * k - 1.0) / square;
        return [k, first, (c * first * 3.0 + k) / square];
    }
    // K = Σ aₙ yⁿ with y = sin²(θ/2), aₙ = aₙ₋₁ 2n/(2n + 1): asin x/(x √(1 − x²)) at x = sin(θ/2).
    let mut coefficients = [1.0; TERMS];
    for n in 1..TERMS {
        coefficients[n] = coefficients[n - 1] * (2 * n) as f64 / (2 * n + 1) as f64;
    }
    let y = (-c + 1.0) * 0.5;
    let mut sums = [T::zero(); 3];
    for coefficient in coefficients.into_iter().rev() {
        sums[2] = sums[2] * y + sums[1];
        sums[1] = sums[1] * y + sums[0];
        sums[0] = sums[0] * y + coefficient;
    }
    // dy/dc is −1/2; the last sum is half the second derivative.
    [sums[0], sums[1] * -0.5, sums[2] * 0.5]
}

/// The `times`-th derivative of the sine, or from `from = 1` of the cosine.
fn turned<T: Real>(angle: T, times: usize, from: usize) -> T {
    match (times + from) % 4 {
        0 => angle.sin(),
        1 => angle.cos(),
        2 => -angle.sin(),
        _ => -angle.cos(),
    }
}

impl Arc {
    /// Partial derivative by the variables in `by`, none to two of them.
    pub(super) fn derivative<T: Real>(&self, x: &[T], by: &[usize]) -> T {
        let (u, v) = (x[0] + self.neutral[0], x[1] + self.neutral[1]);
        let count = |of: &[usize]| [0, 1].map(|i| of.iter().filter(|&&k| k == i).count());
        let before = |of: &[usize]| {
            let [in_u, in_v] = count(of);
            match self.component {
                0 if in_u > 0 => T::zero(),
                0 => -turned(v, in_v, 0),
                1 if in_u + in_v > 0 => T::zero(),
                1 => T::one(),
                _ => turned(u, in_u, 0) * turned(v, in_v, 1),
            }
        };
        let cosine = |of: &[usize]| {
            let [in_u, in_v] = count(of);
            turned(u, in_u, 1) * turned(v, in_v, 1)
        };
        let c = cosine(&[]);
        let [k, k1, k2] = bend(c);
        // h and its derivatives by c, then g = h/(1 + c).
        let h = T::one() / k;
        let h1 = -(k1 * h * h);
        let h2 = -(k2 * h * h) + k1 * k1 * h * h * h * 2.0;
        let w = T::one() / (c + 1.0);
        let [f, f1, f2] = match self.component {
            1 => [h, h1, h2],
            _ => [h * w, (h1 - h * w) * w, (h2 - h1 * w * 2.0 + h * w * w * 2.0) * w],
        };
        let value = match by {
            [] => before(&[]) * f,
            [i] => before(&[*i]) * f + before(&[]) * f1 * cosine(&[*i]),
            [i, j, ..] => {
                let (i, j) = (&[*i], &[*j]);
                let both = [i[0], j[0]];
                before(&both) * f
                    + (before(i) * cosine(j) + before(j) * cosine(i)) * f1
                    + before(&[]) * (f2 * cosine(i) * cosine(j) + f1 * cosine(&both))
            }
        };
        value * self.length
    }
}
