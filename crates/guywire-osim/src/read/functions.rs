//! Functions.

use super::element::Element;
use super::error::ReadError;
use crate::description::Function;

/// Functions in functions are bounded by the depth of a document; this bounds the recursion here as well.
const DEEPEST: usize = 50;

/// Whether a class is a function.
pub(super) fn is_function(class: &str) -> bool {
    class.ends_with("Function")
        || class.ends_with("Spline")
        || matches!(class, "Constant" | "Sine" | "SignalGenerator")
}

/// Whether a class is a set of functions.
pub(super) fn is_function_set(class: &str) -> bool {
    class == "FunctionSet"
}

impl Element<'_, '_> {
    /// The function that this element is.
    pub fn as_function(&self) -> Result<Function, ReadError> {
        self.function_at(0)
    }

    /// The function of a property, if there is one.
    pub fn function(&self, property: &str) -> Result<Option<Function>, ReadError> {
        self.object(property, is_function).map(|element| element.as_function()).transpose()
    }

    fn function_at(&self, depth: usize) -> Result<Function, ReadError> {
        Ok(match self.class() {
            "Constant" => Function::Constant(self.number("value", 0.0)?),
            "LinearFunction" => {
                Function::Linear(self.list("coefficients")?.unwrap_or_else(|| vec![1.0, 0.0]))
            }
            "PolynomialFunction" => {
                Function::Polynomial(self.list("coefficients")?.unwrap_or_else(|| vec![1.0]))
            }
            "SimmSpline" => Function::SimmSpline(self.points(2)?),
            "PiecewiseLinearFunction" => Function::PiecewiseLinear(self.points(1)?),
            "PiecewiseConstantFunction" => Function::PiecewiseConstant(self.points(1)?),
            "GCVSpline" => self.gcv()?,
            "Sine" => Function::Sine {
                amplitude: self.number("amplitude", 1.0)?,
                omega: self.number("omega", 1.0)?,
                phase: self.number("phase", 0.0)?,
                offset: self.number("offset", 0.0)?,
            },
            "StepFunction" => Function::Step {
                start: self.number("transition_start_time", 0.99)?,
                end: self.number("transition_end_time", 1.01)?,
                start_value: self.number("start_value", 0.0)?,
                end_value: self.number("end_value", 1.0)?,
            },
            "MultivariatePolynomialFunction" => self.multivariate()?,
            "MultiplierFunction" => {
                let inner = self.object("function", is_function).filter(|_| depth < DEEPEST);
                let inner = inner.ok_or_else(|| self.missing("function", "a function"))?;
                Function::Multiplier {
                    scale: self.number("scale", 1.0)?,
                    function: Box::new(inner.function_at(depth + 1)?),
                }
            }
            class => {
                let class = class.to_owned();
                return Err(ReadError::Class { place: self.place(), class, expected: "a function" });
            }
        })
    }

    /// Points of `x` and `y`, at least `least`.
    fn points(&self, least: usize) -> Result<Vec<[f64; 2]>, ReadError> {
        let x = self.list("x")?.unwrap_or_default();
        let y = self.list("y")?.unwrap_or_default();
        if x.len() != y.len() {
            return Err(self.rule(format!("`x` has {} numbers and `y` {}", x.len(), y.len())));
        }
        if x.len() < least {
            return Err(self.missing("x", "points"));
        }
        if x.windows(2).any(|pair| pair[0] > pair[1]) {
            return Err(self.rule("`x` decreases"));
        }
        Ok(x.into_iter().zip(y).map(|(x, y)| [x, y]).collect())
    }

    fn gcv(&self) -> Result<Function, ReadError> {
        let points = self.points(2)?;
        let half_order = self.integer("half_order", 3)?;
        let degree = usize::try_from(2 * half_order.clamp(0, 100) - 1).unwrap_or(0);
        if !matches!(degree, 1 | 3 | 5 | 7) {
            let found = self.text("half_order").unwrap_or_default();
            return Err(self.value_error("half_order", found, "1, 2, 3 or 4"));
        }
        if points.len() <= degree {
            return Err(self.rule(format!("{} points are too few for degree {degree}", points.len())));
        }
        let weights = self.list("weights")?.filter(|weights| weights.len() == points.len());
        let weights = weights.unwrap_or_else(|| vec![1.0; points.len()]);
        Ok(Function::GcvSpline {
            degree,
            error_variance: self.number("error_variance", 0.0)?,
            points,
            weights,
        })
    }

    fn multivariate(&self) -> Result<Function, ReadError> {
        let size = |property: &'static str| {
            let value = self.integer(property, 0)?;
            usize::try_from(value)
                .ok()
                .filter(|&size| size <= 20)
                .ok_or_else(|| self.value_error(property, self.text(property).unwrap_or_default(), "0 to 20"))
        };
        let (dimension, order) = (size("dimension")?, size("order")?);
        let coefficients = self.list("coefficients")?.unwrap_or_default();
        // Monomials of at most `order` in `dimension` variables: binomial(dimension + order, order).
        let mut expected = 1_u64;
        for k in 1..=order as u64 {
            expected = expected * (dimension as u64 + k) / k;
        }
        if coefficients.len() as u64 != expected {
            let found = coefficients.len();
            return Err(self.rule(format!("{found} coefficients; expected {expected}")));
        }
        Ok(Function::MultivariatePolynomial { dimension, order, coefficients })
    }
}
