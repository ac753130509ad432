//! Natural splines of degree 1, 3, 5 or 7 that interpolate or smooth, as OpenSim's `GCVSpline`.
//!
//! ```text
//! minimise  Σ wᵢ (yᵢ − s(xᵢ))² + p ∫ (s⁽ᵐ⁾)² dx        degree 2m − 1, p ≥ 0
//! ```
//!
//! The minimiser is a spline of degree 2m − 1 with its knots at the data, whose derivatives m … 2m − 2 vanish at
//! both ends and that continues as a polynomial of degree m − 1 beyond them. With p = 0 it interpolates.
//!
//! Source: Woltring 1986, Adv Eng Software 8:104 (the fit that OpenSim calls); the banded equations used here are
//! those of De Hoog and Hutchinson 1987, Numer Math 50:311, which have the same solution.

mod basis;
mod smooth;

pub use basis::{Local, SplineBasis};
pub use smooth::{Smoothing, smooth};

/// Why points do not make a spline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum GcvError {
    /// The degree is none of 1, 3, 5, 7.
    Degree,
    /// Fewer points than the degree plus one, or as many `x` as `y` was not given.
    Count,
    /// The abscissae are not finite and strictly increasing.
    Order,
    /// A value or a weight is not finite, or a weight not positive.
    Value,
    /// The equations are too ill-conditioned: abscissae that nearly coincide.
    Singular,
}

impl core::fmt::Display for GcvError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::Degree => "the degree of a spline is 1, 3, 5 or 7",
            Self::Count => "a spline needs at least its degree plus one points, and as many x as y",
            Self::Order => "the points of a spline are finite and strictly increasing",
            Self::Value => "the values of a spline are finite, its weights also positive",
            Self::Singular => "points of a spline nearly coincide",
        })
    }
}

impl core::error::Error for GcvError {}

/// A spline of one variable.
#[derive(Clone, Debug, PartialEq)]
pub struct GcvSpline {
    basis: SplineBasis,
    coefficients: Vec<f64>,
}

impl GcvSpline {
    /// The same with every value multiplied by `factor`.
    pub fn scaled(&self, factor: f64) -> Self {
        let coefficients = self.coefficients.iter().map(|c| c * factor).collect();
        Self { basis: self.basis.clone(), coefficients }
    }
    /// Through the points (`error_variance` 0), smoothed for a known variance of the data's error (> 0), or
    /// smoothed by generalised cross-validation (< 0). Weights are 1, as in OpenSim, which ignores its own.
    ///
    /// # Errors
    /// When the points do not make a spline.
    pub fn fit(degree: usize, x: &[f64], y: &[f64], error_variance: f64) -> Result<Self, GcvError> {
        let basis = SplineBasis::new(degree, x)?;
        let coefficients = if error_variance == 0.0 {
            basis.interpolate(y)?
        } else {
            let weights = vec![1.0; x.len()];
            basis.interpolate(&smooth(degree, x, y, &weights, error_variance)?.values)?
        };
        Ok(Self { basis, coefficients })
    }

    /// Value and first three derivatives at `x`.
    pub fn taylor(&self, x: f64) -> [f64; 4] {
        self.basis.at(x).taylor(&self.coefficients)
    }
}

#[cfg(test)]
mod tests;
