//! Functions of one and of several variables, as files give them.

/// A function of one variable (or of several, where the class says so).
#[derive(Clone, Debug, PartialEq)]
pub enum Function {
    /// The same everywhere.
    Constant(f64),
    /// Coefficients of the variables in order, then the constant.
    Linear(Vec<f64>),
    /// From the highest power down.
    Polynomial(Vec<f64>),
    /// OpenSim's `SimmSpline` (`natCubicSpline`).
    SimmSpline(Vec<[f64; 2]>),
    /// Straight between the points.
    PiecewiseLinear(Vec<[f64; 2]>),
    /// Constant from each point on.
    PiecewiseConstant(Vec<[f64; 2]>),
    /// Generalised cross-validation spline.
    GcvSpline {
        /// 1, 3, 5 or 7.
        degree: usize,
        /// Variance of the data's error; 0 interpolates.
        error_variance: f64,
        /// Points.
        points: Vec<[f64; 2]>,
        /// Weights.
        weights: Vec<f64>,
    },
    /// `amplitude sin(omega x + phase) + offset`.
    Sine {
        /// Amplitude.
        amplitude: f64,
        /// rad per unit.
        omega: f64,
        /// rad.
        phase: f64,
        /// Offset.
        offset: f64,
    },
    /// Smooth step (OpenSim's `StepFunction`).
    Step {
        /// Where it starts.
        start: f64,
        /// Where it ends.
        end: f64,
        /// Value before.
        start_value: f64,
        /// Value after.
        end_value: f64,
    },
    /// A polynomial of several variables (OpenSim's `MultivariatePolynomialFunction`).
    MultivariatePolynomial {
        /// Number of variables.
        dimension: usize,
        /// Highest total order.
        order: usize,
        /// Coefficients in OpenSim's order.
        coefficients: Vec<f64>,
    },
    /// Another function times `scale`.
    Multiplier {
        /// Factor.
        scale: f64,
        /// The function.
        function: Box<Function>,
    },
}
