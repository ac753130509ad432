//! Functions of a description as functions of the engine.

use crate::description::Function;
use guywire_engine::Law;
use guywire_math::function::{CubicSpline, Segments, SplineError};
use guywire_math::gcv::{GcvError, GcvSpline};
use guywire_math::multivariate::MAX_VARIABLES;
use guywire_math::{Function as Curve, Multivariate};

/// Why a function cannot be computed.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum FunctionError {
    /// Knots.
    #[error(transparent)]
    Knots(#[from] SplineError),
    /// A polynomial or linear function whose coefficients do not fit its variables.
    #[error("a function of {variables} variables does not have {coefficients} coefficients")]
    Coefficients {
        /// How many variables.
        variables: usize,
        /// How many coefficients were given.
        coefficients: usize,
    },
    /// A function of one variable was given several, or the other way round.
    #[error("a function of {expected} variables was given {given}")]
    Variables {
        /// What the function takes.
        expected: usize,
        /// What it was given.
        given: usize,
    },
    /// A step without width.
    #[error("a step needs to end elsewhere than where it starts, both finite")]
    Step,
    /// Points of a spline of higher degree.
    #[error(transparent)]
    Points(#[from] GcvError),
    /// A number that is not finite.
    #[error("a coefficient is not a finite number")]
    NotFinite,
}

/// A function of one variable.
///
/// # Errors
/// When its points or coefficients do not make a function of one variable.
pub fn curve(function: &Function) -> Result<Curve, FunctionError> {
    let finite = |values: &[f64]| {
        if values.iter().all(|v| v.is_finite()) { Ok(()) } else { Err(FunctionError::NotFinite) }
    };
    let split = |points: &[[f64; 2]]| -> (Vec<f64>, Vec<f64>) { points.iter().map(|p| (p[0], p[1])).unzip() };
    Ok(match function {
        Function::Constant(value) => {
            finite(&[*value])?;
            Curve::Constant(*value)
        }
        Function::Linear(coefficients) => {
            finite(coefficients)?;
            let [slope, intercept] = coefficients[..] else {
                return Err(FunctionError::Coefficients { variables: 1, coefficients: coefficients.len() });
            };
            Curve::Linear { slope, intercept }
        }
        Function::Polynomial(coefficients) => {
            finite(coefficients)?;
            Curve::Polynomial(coefficients.clone())
        }
        Function::SimmSpline(points) => match points[..] {
            [[_, value]] if value.is_finite() => Curve::Constant(value),
            _ => {
                let (x, y) = split(points);
                Curve::Spline(CubicSpline::simm(x, y)?)
            }
        },
        Function::PiecewiseLinear(points) => {
            let (x, y) = split(points);
            Curve::Segments(Segments::new(x, y)?)
        }
        Function::PiecewiseConstant(points) => {
            let (x, y) = split(points);
            Curve::Steps(Segments::new(x, y)?)
        }
        Function::Sine { amplitude, omega, phase, offset } => {
            finite(&[*amplitude, *omega, *phase, *offset])?;
            Curve::Sine { amplitude: *amplitude, omega: *omega, phase: *phase, offset: *offset }
        }
        Function::Step { start, end, start_value, end_value } => {
            finite(&[*start, *end, *start_value, *end_value])?;
            if start == end {
                return Err(FunctionError::Step);
            }
            Curve::SmoothStep { interval: [*start, *end], values: [*start_value, *end_value] }
        }
        Function::Multiplier { scale, function } => {
            finite(&[*scale])?;
            curve(function)?.scaled(*scale)
        }
        Function::GcvSpline { degree, error_variance, points, .. } => {
            let (x, y) = split(points);
            Curve::Gcv(Box::new(GcvSpline::fit(*degree, &x, &y, *error_variance)?))
        }
        Function::MultivariatePolynomial { dimension, .. } => {
            return Err(FunctionError::Variables { expected: *dimension, given: 1 });
        }
    })
}

/// A function of the coordinates with the given indices.
///
/// # Errors
/// When it does not fit the number of coordinates.
pub fn law(function: &Function, coordinates: &[usize]) -> Result<Law, FunctionError> {
    if coordinates.len() > MAX_VARIABLES {
        return Err(FunctionError::Variables { expected: MAX_VARIABLES, given: coordinates.len() });
    }
    match function {
        Function::Constant(_) => Ok(Law::Constant(curve(function)?.at(0.0))),
        Function::Multiplier { scale, function } => Ok(match law(function, coordinates)? {
            Law::Constant(value) => Law::Constant(value * scale),
            Law::Of(coordinate, curve) => Law::Of(coordinate, curve.scaled(*scale)),
            Law::OfSeveral(coordinates, function) => Law::OfSeveral(coordinates, function.scaled(*scale)),
        }),
        Function::MultivariatePolynomial { dimension, order, coefficients } => {
            if *dimension != coordinates.len() {
                return Err(FunctionError::Variables { expected: *dimension, given: coordinates.len() });
            }
            let polynomial = Multivariate::polynomial(*dimension, *order, coefficients).ok_or(
                FunctionError::Coefficients { variables: *dimension, coefficients: coefficients.len() },
            )?;
            Ok(Law::OfSeveral(coordinates.to_vec(), polynomial))
        }
        Function::Linear(coefficients) if coordinates.len() > 1 => {
            let fault = FunctionError::Coefficients {
                variables: coordinates.len(),
                coefficients: coefficients.len(),
            };
            let Some((constant, gains)) = coefficients.split_last() else { return Err(fault) };
            if gains.len() != coordinates.len() {
                return Err(fault);
            }
            if coefficients.iter().any(|c| !c.is_finite()) {
                return Err(FunctionError::NotFinite);
            }
            let linear = Multivariate::Linear { gains: gains.to_vec(), constant: *constant };
            Ok(Law::OfSeveral(coordinates.to_vec(), linear))
        }
        _ => match coordinates {
            [] => Ok(Law::Constant(curve(function)?.at(0.0))),
            [coordinate] => Ok(Law::Of([*coordinate], curve(function)?)),
            _ => Err(FunctionError::Variables { expected: 1, given: coordinates.len() }),
        },
    }
}
