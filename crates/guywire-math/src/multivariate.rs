//! Functions of several coordinates, with exact first and second derivatives, generic over [`Real`].
//!
//! These are the functions that a joint axis or a coordinate coupler may follow when one coordinate does
//! not suffice: linear combinations, polynomials and points of an ellipsoid.

mod arc;

pub use arc::Arc;

use crate::Real;

/// Most variables that one function may have: the coordinates of one joint.
pub const MAX_VARIABLES: usize = 6;

/// A function of up to [`MAX_VARIABLES`] variables.
#[derive(Clone, Debug, PartialEq)]
pub enum Multivariate {
    /// `Σ kᵢ xᵢ + constant`.
    Linear {
        /// One a variable.
        gains: Vec<f64>,
        /// Value at zero.
        constant: f64,
    },
    /// `Σ c Π xᵢ^pᵢ`.
    Polynomial {
        /// Number of variables.
        dimension: usize,
        /// The terms.
        terms: Vec<Monomial>,
    },
    /// A component of the third axis of a frame that is turned by two body-fixed angles x, y, times a length:
    /// `r (sin y, −sin x cos y, cos x cos y)`. The point of an ellipsoid with half axes `r` that this axis,
    /// read as Simbody does, belongs to.
    ThirdAxis {
        /// 0, 1, 2.
        component: usize,
        /// m.
        radius: f64,
    },
    /// A component of the end of an arc of constant curvature, which starts along y and ends along the y axis of a frame
    /// that is turned by two body-fixed angles x, z.
    Arc(Arc),
}

/// A term of a polynomial.
#[derive(Clone, Debug, PartialEq)]
pub struct Monomial {
    /// Factor.
    pub coefficient: f64,
    /// Powers of the variables.
    pub powers: [u8; MAX_VARIABLES],
}

impl Multivariate {
    /// OpenSim's `MultivariatePolynomialFunction`: coefficients in lexicographic order of the powers, the last
    /// variable's power rising first, over all terms whose total order does not exceed `order`.
    /// None when there are too many variables or the number of coefficients is not that of the terms.
    pub fn polynomial(dimension: usize, order: usize, coefficients: &[f64]) -> Option<Self> {
        if dimension == 0 || dimension > MAX_VARIABLES || order > 32 {
            return None;
        }
        let (mut terms, mut powers) = (Vec::new(), [0u8; MAX_VARIABLES]);
        let mut given = coefficients.iter();
        loop {
            let coefficient = *given.next()?;
            if coefficient != 0.0 {
                terms.push(Monomial { coefficient, powers });
            }
            // The next combination: count up like an odometer whose digits may not sum to more than the order.
            let mut digit = dimension;
            loop {
                if digit == 0 {
                    return given.next().is_none().then_some(Self::Polynomial { dimension, terms });
                }
                digit -= 1;
                powers[digit] += 1;
                if powers.iter().map(|&p| usize::from(p)).sum::<usize>() <= order {
                    break;
                }
                powers[digit] = 0;
            }
        }
    }

    /// Number of variables.
    pub fn dimension(&self) -> usize {
        match self {
            Self::Linear { gains, .. } => gains.len(),
            Self::Polynomial { dimension, .. } => *dimension,
            Self::ThirdAxis { .. } | Self::Arc(_) => 2,
        }
    }

    /// The same with every value multiplied by `factor`.
    pub fn scaled(&self, factor: f64) -> Self {
        let mut scaled = self.clone();
        match &mut scaled {
            Self::Linear { gains, constant } => {
                *constant *= factor;
                gains.iter_mut().for_each(|g| *g *= factor);
            }
            Self::Polynomial { terms, .. } => terms.iter_mut().for_each(|t| t.coefficient *= factor),
            Self::ThirdAxis { radius, .. } => *radius *= factor,
            Self::Arc(arc) => arc.length *= factor,
        }
        scaled
    }

    /// Value at `x`.
    pub fn at<T: Real>(&self, x: &[T]) -> T {
        self.derivative(x, &[])
    }

    /// Partial derivative at `x` by the variables in `by`, none to two of them.
    pub fn derivative<T: Real>(&self, x: &[T], by: &[usize]) -> T {
        match self {
            Self::Linear { gains, constant } => match by {
                [] => gains.iter().zip(x).fold(T::lift(*constant), |sum, (g, x)| sum + *x * *g),
                [i] => T::lift(gains[*i]),
                _ => T::zero(),
            },
            Self::Polynomial { terms, .. } => {
                let mut sum = T::zero();
                for Monomial { coefficient, powers } in terms {
                    let (mut powers, mut factor) = (*powers, *coefficient);
                    for &i in by {
                        factor *= f64::from(powers[i]);
                        powers[i] = powers[i].saturating_sub(1);
                    }
                    if factor == 0.0 {
                        continue;
                    }
                    let mut term = T::lift(factor);
                    for (x, &power) in x.iter().zip(&powers) {
                        for _ in 0..power {
                            term *= *x;
                        }
                    }
                    sum += term;
                }
                sum
            }
            Self::Arc(arc) => arc.derivative(x, by),
            Self::ThirdAxis { component, radius } => {
                // Derivatives of the factor in x and of that in y, each by how often it is differentiated.
                let count = |i: usize| by.iter().filter(|&&b| b == i).count();
                let turned = |angle: T, times: usize, from: usize| match (times + from) % 4 {
                    0 => angle.sin(),
                    1 => angle.cos(),
                    2 => -angle.sin(),
                    _ => -angle.cos(),
                };
                let (in_x, in_y) = match component {
                    0 if count(0) > 0 => return T::zero(),
                    0 => (T::one(), turned(x[1], count(1), 0)),
                    1 => (turned(x[0], count(0), 2), turned(x[1], count(1), 1)),
                    _ => (turned(x[0], count(0), 1), turned(x[1], count(1), 1)),
                };
                in_x * in_y * *radius
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn every() -> Vec<Multivariate> {
        let coefficients: Vec<f64> = (0..20).map(|k| libm::sin(f64::from(k) + 0.5)).collect();
        let mut all = vec![
            Multivariate::Linear { gains: vec![0.5, -2.0, 1.5], constant: 0.3 },
            Multivariate::polynomial(3, 3, &coefficients).unwrap(),
        ];
        all.extend((0..3).map(|component| Multivariate::ThirdAxis { component, radius: 0.7 }));
        // Nearly straight as well as bent.
        for neutral in [[0.0; 2], [0.3, -0.2], [-0.9, 0.7]] {
            all.extend((0..3).map(|component| Multivariate::Arc(Arc { component, length: 0.7, neutral })));
        }
        all
    }

    #[test]
    fn derivatives_equal_central_differences() {
        let h = 1e-5;
        for f in every() {
            for k in 0..10 {
                let x: Vec<f64> = (0..3).map(|i| libm::sin(f64::from(3 * k + i))).collect();
                for i in 0..f.dimension() {
                    let moved = |by: f64| {
                        let mut x = x.clone();
                        x[i] += by;
                        x
                    };
                    let difference = (f.at(&moved(h)) - f.at(&moved(-h))) / (2.0 * h);
                    assert!((f.derivative(&x, &[i]) - difference).abs() < 1e-8, "{f:?}");
                    for j in 0..f.dimension() {
                        let at = |by: f64| f.derivative(&moved(by), &[j]);
                        let difference = (at(h) - at(-h)) / (2.0 * h);
                        assert!((f.derivative(&x, &[i, j]) - difference).abs() < 1e-8, "{f:?}");
                    }
                }
            }
        }
    }

    /// Order 1 in two variables: constant, then the second variable, then the first.
    #[test]
    fn coefficients_follow_the_order_of_the_powers() {
        let f = Multivariate::polynomial(2, 1, &[1.0, 10.0, 100.0]).unwrap();
        assert_eq!(f.at(&[2.0, 3.0]), 1.0 + 30.0 + 200.0);
        assert_eq!(Multivariate::polynomial(2, 1, &[1.0, 10.0]), None);
        assert_eq!(Multivariate::polynomial(2, 1, &[1.0; 4]), None);
    }
}
