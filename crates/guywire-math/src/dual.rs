//! Dual numbers: a value with `N` exact first derivatives.
//!
//! ```text
//! (a + a' e)(b + b' e) = ab + (a'b + ab') e,   e^2 = 0
//! ```

use crate::Real;
use core::ops::{Add, AddAssign, Div, DivAssign, Mul, MulAssign, Neg, Sub, SubAssign};

/// A value and its derivatives with respect to `N` variables.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Dual<const N: usize> {
    /// The value.
    pub value: f64,
    /// The derivatives.
    pub slope: [f64; N],
}

impl<const N: usize> Dual<N> {
    /// The `index`-th variable at `value`: its own derivative is one.
    pub fn variable(value: f64, index: usize) -> Self {
        let mut slope = [0.0; N];
        slope[index] = 1.0;
        Self { value, slope }
    }

    #[inline]
    fn combine(self, other: Self, value: f64, by_self: f64, by_other: f64) -> Self {
        let mut slope = [0.0; N];
        for (s, (a, b)) in slope.iter_mut().zip(self.slope.iter().zip(&other.slope)) {
            *s = a * by_self + b * by_other;
        }
        Self { value, slope }
    }
}

impl<const N: usize> Real for Dual<N> {
    #[inline]
    fn lift(value: f64) -> Self {
        Self { value, slope: [0.0; N] }
    }
    #[inline]
    fn value(self) -> f64 {
        self.value
    }
    #[inline]
    fn chain(self, value: f64, slope: f64) -> Self {
        Self { value, slope: self.slope.map(|s| s * slope) }
    }
}

impl<const N: usize> Add for Dual<N> {
    type Output = Self;
    #[inline]
    fn add(self, o: Self) -> Self {
        self.combine(o, self.value + o.value, 1.0, 1.0)
    }
}
impl<const N: usize> Sub for Dual<N> {
    type Output = Self;
    #[inline]
    fn sub(self, o: Self) -> Self {
        self.combine(o, self.value - o.value, 1.0, -1.0)
    }
}
impl<const N: usize> Mul for Dual<N> {
    type Output = Self;
    #[inline]
    fn mul(self, o: Self) -> Self {
        self.combine(o, self.value * o.value, o.value, self.value)
    }
}
impl<const N: usize> Div for Dual<N> {
    type Output = Self;
    #[inline]
    fn div(self, o: Self) -> Self {
        let quotient = self.value / o.value;
        self.combine(o, quotient, 1.0 / o.value, -quotient / o.value)
    }
}
impl<const N: usize> Neg for Dual<N> {
    type Output = Self;
    #[inline]
    fn neg(self) -> Self {
        self.chain(-self.value, -1.0)
    }
}
impl<const N: usize> Add<f64> for Dual<N> {
    type Output = Self;
    #[inline]
    fn add(self, o: f64) -> Self {
        Self { value: self.value + o, slope: self.slope }
    }
}
impl<const N: usize> Sub<f64> for Dual<N> {
    type Output = Self;
    #[inline]
    fn sub(self, o: f64) -> Self {
        Self { value: self.value - o, slope: self.slope }
    }
}
impl<const N: usize> Mul<f64> for Dual<N> {
    type Output = Self;
    #[inline]
    fn mul(self, o: f64) -> Self {
        self.chain(self.value * o, o)
    }
}
impl<const N: usize> Div<f64> for Dual<N> {
    type Output = Self;
    #[inline]
    fn div(self, o: f64) -> Self {
        self.chain(self.value / o, 1.0 / o)
    }
}
impl<const N: usize> AddAssign for Dual<N> {
    #[inline]
    fn add_assign(&mut self, o: Self) {
        *self = *self + o;
    }
}
impl<const N: usize> SubAssign for Dual<N> {
    #[inline]
    fn sub_assign(&mut self, o: Self) {
        *self = *self - o;
    }
}
impl<const N: usize> MulAssign for Dual<N> {
    #[inline]
    fn mul_assign(&mut self, o: Self) {
        *self = *self * o;
    }
}
impl<const N: usize> DivAssign for Dual<N> {
    #[inline]
    fn div_assign(&mut self, o: Self) {
        *self = *self / o;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn formula<T: Real>(x: T, y: T) -> T {
        (x * y).sin() * x.exp() / (y.squared() + 1.0).sqrt() + y.atan2(x) - (x / 4.0).acos() * (y + 3.0).ln()
    }

    proptest! {
        /// The derivative carried along equals the central difference of the values.
        #[test]
        fn derivatives_equal_central_differences(x in -2.0..2.0f64, y in 0.2..2.0f64) {
            let d = formula(Dual::<2>::variable(x, 0), Dual::<2>::variable(y, 1));
            let h = 1e-6;
            let dx = (formula(x + h, y) - formula(x - h, y)) / (2.0 * h);
            let dy = (formula(x, y + h) - formula(x, y - h)) / (2.0 * h);
            prop_assert!((d.value - formula(x, y)).abs() < 1e-12);
            prop_assert!((d.slope[0] - dx).abs() < 1e-6 * (1.0 + dx.abs()), "{} {}", d.slope[0], dx);
            prop_assert!((d.slope[1] - dy).abs() < 1e-6 * (1.0 + dy.abs()), "{} {}", d.slope[1], dy);
        }
    }
}
