//! The scalar that every formula of a pose is written in.

use core::fmt::Debug;
use core::ops::{Add, AddAssign, Div, DivAssign, Mul, MulAssign, Neg, Sub, SubAssign};

/// A real number, perhaps with derivatives.
///
/// Comparisons look at the value only. Transcendental functions come from `libm`, so that native
/// and browser builds give the same bits.
pub trait Real:
    Copy
    + Debug
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Neg<Output = Self>
    + Add<f64, Output = Self>
    + Sub<f64, Output = Self>
    + Mul<f64, Output = Self>
    + Div<f64, Output = Self>
    + AddAssign
    + SubAssign
    + MulAssign
    + DivAssign
    + 'static
{
    /// A constant: all derivatives zero.
    fn lift(value: f64) -> Self;
    /// The value without derivatives.
    fn value(self) -> f64;
    /// `f(self)` for a scalar function whose value and slope at `self.value()` are known.
    fn chain(self, value: f64, slope: f64) -> Self;

    /// Zero.
    fn zero() -> Self {
        Self::lift(0.0)
    }
    /// One.
    fn one() -> Self {
        Self::lift(1.0)
    }
    /// Square root; the slope at zero is taken as zero, so a point on a cusp gives no NaN.
    fn sqrt(self) -> Self {
        let root = libm::sqrt(self.value());
        self.chain(root, if root > 0.0 { 0.5 / root } else { 0.0 })
    }
    /// Sine of an angle in radians.
    fn sin(self) -> Self {
        let (s, c) = libm::sincos(self.value());
        self.chain(s, c)
    }
    /// Cosine of an angle in radians.
    fn cos(self) -> Self {
        let (s, c) = libm::sincos(self.value());
        self.chain(c, -s)
    }
    /// Sine and cosine of an angle in radians.
    fn sin_cos(self) -> (Self, Self) {
        let (s, c) = libm::sincos(self.value());
        (self.chain(s, c), self.chain(c, -s))
    }
    /// Exponential.
    fn exp(self) -> Self {
        let e = libm::exp(self.value());
        self.chain(e, e)
    }
    /// Natural logarithm.
    fn ln(self) -> Self {
        self.chain(libm::log(self.value()), 1.0 / self.value())
    }
    /// Arc cosine in radians; the argument is clamped to [-1, 1].
    fn acos(self) -> Self {
        let x = self.value().clamp(-1.0, 1.0);
        let s = libm::sqrt((1.0 - x * x).max(0.0));
        self.chain(libm::acos(x), if s > 0.0 { -1.0 / s } else { 0.0 })
    }
    /// Angle of the point (`x`, `self`) in radians, in (-π, π].
    fn atan2(self, x: Self) -> Self {
        let (yv, xv) = (self.value(), x.value());
        let n2 = xv * xv + yv * yv;
        let angle = libm::atan2(yv, xv);
        if n2 == 0.0 {
            return Self::lift(angle);
        }
        // d atan2 = (x dy - y dx) / (x^2 + y^2)
        let change = (self * xv - x * yv) / n2;
        change - change.value() + angle
    }
    /// Square.
    fn squared(self) -> Self {
        self * self
    }
    /// The larger of two, by value.
    fn max(self, other: Self) -> Self {
        if other.value() > self.value() { other } else { self }
    }
}

impl Real for f64 {
    #[inline]
    fn lift(value: f64) -> Self {
        value
    }
    #[inline]
    fn value(self) -> f64 {
        self
    }
    #[inline]
    fn chain(self, value: f64, _slope: f64) -> Self {
        value
    }
}
