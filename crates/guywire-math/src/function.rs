//! One-dimensional functions of a coordinate, each with its exact slope.
//!
//! These are the functions that a joint axis, a coordinate coupler or a passive moment may follow.

use crate::Real;
use crate::gcv::GcvSpline;

/// A function of one variable.
#[derive(Clone, Debug, PartialEq)]
pub enum Function {
    /// The same value everywhere.
    Constant(f64),
    /// `slope * x + intercept`.
    Linear {
        /// Slope.
        slope: f64,
        /// Value at zero.
        intercept: f64,
    },
    /// A polynomial; coefficients from the highest power down, as OpenSim's `PolynomialFunction`.
    Polynomial(Vec<f64>),
    /// A cubic spline through knots.
    Spline(CubicSpline),
    /// A natural spline of higher degree.
    Gcv(Box<GcvSpline>),
    /// Straight between knots and beyond them.
    Segments(Segments),
    /// The value of the last knot at or below `x`, of the first knot below all.
    Steps(Segments),
    /// `amplitude sin(omega x + phase) + offset`.
    Sine {
        /// Amplitude.
        amplitude: f64,
        /// rad per unit of `x`.
        omega: f64,
        /// rad.
        phase: f64,
        /// Offset.
        offset: f64,
    },
    /// From one value to another, with two continuous derivatives:
    /// `u³ (10 − 15 u + 6 u²)` of the way at the part `u` of the interval.
    SmoothStep {
        /// Where it leaves the first value and where it reaches the second; the second may be the smaller.
        interval: [f64; 2],
        /// First and second value.
        values: [f64; 2],
    },
}

impl Function {
    /// The identity.
    pub const IDENTITY: Function = Function::Linear { slope: 1.0, intercept: 0.0 };

    /// Value at `x`.
    pub fn at<T: Real>(&self, x: T) -> T {
        match self {
            Self::Constant(c) => T::lift(*c),
            Self::Linear { slope, intercept } => x * *slope + *intercept,
            _ => {
                let [f, df, _, _] = self.taylor(x.value());
                x.chain(f, df)
            }
        }
    }

    /// Slope at `x`, itself differentiable.
    pub fn slope_at<T: Real>(&self, x: T) -> T {
        let [_, df, ddf, _] = self.taylor(x.value());
        x.chain(df, ddf)
    }

    /// Second derivative at `x`, itself differentiable.
    pub fn curvature_at<T: Real>(&self, x: T) -> T {
        let [_, _, ddf, dddf] = self.taylor(x.value());
        x.chain(ddf, dddf)
    }

    /// Value and first three derivatives at `x`.
    pub fn taylor(&self, x: f64) -> [f64; 4] {
        match self {
            Self::Constant(c) => [*c, 0.0, 0.0, 0.0],
            Self::Linear { slope, intercept } => [slope * x + intercept, *slope, 0.0, 0.0],
            Self::Polynomial(coefficients) => coefficients.iter().fold([0.0; 4], |[f, d, dd, ddd], c| {
                [f * x + c, d * x + f, dd * x + 2.0 * d, ddd * x + 3.0 * dd]
            }),
            Self::Spline(spline) => spline.taylor(x),
            Self::Gcv(spline) => spline.taylor(x),
            Self::Segments(segments) => {
                let (i, slope) = segments.at(x);
                [segments.y[i] + (x - segments.x[i]) * slope, slope, 0.0, 0.0]
            }
            Self::Steps(segments) => {
                let i = segments.x.partition_point(|&knot| knot <= x).max(1) - 1;
                [segments.y[i], 0.0, 0.0, 0.0]
            }
            Self::Sine { amplitude, omega, phase, offset } => {
                let (sin, cos) = libm::sincos(omega * x + phase);
                let slope = amplitude * omega;
                [amplitude * sin + offset, slope * cos, -slope * omega * sin, -slope * omega * omega * cos]
            }
            Self::SmoothStep { interval: [start, end], values: [from, to] } => {
                let width = end - start;
                let u = (x - start) / width;
                if u <= 0.0 || u.is_nan() {
                    return [*from, 0.0, 0.0, 0.0];
                }
                if u >= 1.0 {
                    return [*to, 0.0, 0.0, 0.0];
                }
                let (rise, k) = (to - from, 1.0 / width);
                [
                    from + rise * u * u * u * (10.0 + u * (6.0 * u - 15.0)),
                    rise * k * 30.0 * (u * (1.0 - u)) * (u * (1.0 - u)),
                    rise * k * k * 60.0 * u * (1.0 - u) * (1.0 - 2.0 * u),
                    rise * k * k * k * 60.0 * (1.0 + 6.0 * u * (u - 1.0)),
                ]
            }
        }
    }

    /// The same with every value multiplied by `factor`.
    pub fn scaled(&self, factor: f64) -> Self {
        match self {
            Self::Constant(c) => Self::Constant(c * factor),
            Self::Linear { slope, intercept } => {
                Self::Linear { slope: slope * factor, intercept: intercept * factor }
            }
            Self::Polynomial(c) => Self::Polynomial(c.iter().map(|v| v * factor).collect()),
            Self::Spline(spline) => Self::Spline(spline.scaled(factor)),
            Self::Gcv(spline) => Self::Gcv(Box::new(spline.scaled(factor))),
            Self::Segments(segments) => Self::Segments(segments.scaled(factor)),
            Self::Steps(segments) => Self::Steps(segments.scaled(factor)),
            Self::Sine { amplitude, omega, phase, offset } => Self::Sine {
                amplitude: amplitude * factor,
                omega: *omega,
                phase: *phase,
                offset: offset * factor,
            },
            Self::SmoothStep { interval, values } => {
                Self::SmoothStep { interval: *interval, values: values.map(|v| v * factor) }
            }
        }
    }

    /// Whether the second derivative vanishes everywhere.
    pub fn is_straight(&self) -> bool {
        matches!(self, Self::Constant(_) | Self::Linear { .. } | Self::Segments(_) | Self::Steps(_))
    }
}

/// Knots and the values there.
#[derive(Clone, Debug, PartialEq)]
pub struct Segments {
    x: Vec<f64>,
    y: Vec<f64>,
}

impl Segments {
    /// One knot or more; of several in one place the last one holds there and after it.
    ///
    /// # Errors
    /// When there is no knot or the knots descend.
    pub fn new(x: Vec<f64>, y: Vec<f64>) -> Result<Self, SplineError> {
        if x.is_empty() || x.len() != y.len() {
            return Err(SplineError::Count);
        }
        if x.iter().chain(&y).any(|v| !v.is_finite()) || x.windows(2).any(|w| w[1] < w[0]) {
            return Err(SplineError::Order);
        }
        Ok(Self { x, y })
    }

    /// Where the knots are.
    pub fn knots(&self) -> &[f64] {
        &self.x
    }

    /// The knot that the segment of `x` starts from, and its slope.
    fn at(&self, x: f64) -> (usize, f64) {
        let n = self.x.len();
        if n < 2 {
            return (0, 0.0);
        }
        let i = self.x.partition_point(|&knot| knot <= x).clamp(1, n - 1) - 1;
        (i, (self.y[i + 1] - self.y[i]) / apart(self.x[i], self.x[i + 1]))
    }

    fn scaled(&self, factor: f64) -> Self {
        Self { x: self.x.clone(), y: self.y.iter().map(|v| v * factor).collect() }
    }
}

/// Cubic spline with straight continuation beyond its ends.
///
/// Two kinds of end condition: *natural* (no curvature at the ends) and *SIMM*, which is what
/// OpenSim's `SimmSpline` (for historical reasons also read from `NaturalCubicSpline`) computes:
/// the third derivative at each end is that of the cubic through the four end knots
/// (Forsythe, Malcolm, Moler 1977, Computer Methods for Mathematical Computations, `spline`).
#[derive(Clone, Debug, PartialEq)]
pub struct CubicSpline {
    x: Vec<f64>,
    y: Vec<f64>,
    /// Slope, half second and sixth third derivative at the left end of each interval.
    b: Vec<f64>,
    c: Vec<f64>,
    d: Vec<f64>,
}

/// Why knots do not make a spline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SplineError {
    /// Fewer than two knots, or as many `x` as `y` was not given.
    Count,
    /// Knots are not finite, or descend.
    Order,
}

impl core::fmt::Display for SplineError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::Count => "a spline needs two knots or more, and as many x as y",
            Self::Order => "the knots of a function are finite and in ascending order",
        })
    }
}

impl core::error::Error for SplineError {}

/// Knots closer than this count as this far apart, as in OpenSim (`TINY_NUMBER` of its functions).
const CLOSEST: f64 = 1e-7;

/// How far apart two knots are.
fn apart(left: f64, right: f64) -> f64 {
    (right - left).max(CLOSEST)
}

impl CubicSpline {
    /// OpenSim's `SimmSpline`. Knots may coincide: public models have such, and the spline is then smooth around what is
    /// almost a step.
    ///
    /// # Errors
    /// When the knots do not make a spline.
    pub fn simm(x: Vec<f64>, y: Vec<f64>) -> Result<Self, SplineError> {
        let n = x.len();
        let mut end = [0.0; 2];
        if n > 3 && y.len() == n {
            let divided = |i: usize| (y[i + 1] - y[i]) / apart(x[i], x[i + 1]);
            let second = |i: usize| (divided(i + 1) - divided(i)) / apart(x[i], x[i + 2]);
            let third = |i: usize| (second(i + 1) - second(i)) / apart(x[i], x[i + 3]);
            end = [third(0), third(n - 4)];
        }
        Self::through(x, y, Some(end))
    }

    /// Natural spline: the second derivative vanishes at both ends.
    ///
    /// # Errors
    /// When the knots do not make a spline.
    pub fn natural(x: Vec<f64>, y: Vec<f64>) -> Result<Self, SplineError> {
        Self::through(x, y, None)
    }

    /// `thirds`: a sixth of the third derivative to reach at both ends, or natural ends.
    fn through(x: Vec<f64>, y: Vec<f64>, thirds: Option<[f64; 2]>) -> Result<Self, SplineError> {
        let n = x.len();
        if n < 2 || y.len() != n {
            return Err(SplineError::Count);
        }
        let finite = x.iter().chain(&y).all(|v| v.is_finite());
        if !finite || x.windows(2).any(|w| w[1] < w[0]) {
            return Err(SplineError::Order);
        }
        let h: Vec<f64> = x.windows(2).map(|w| apart(w[0], w[1])).collect();
        let s: Vec<f64> = (0..n - 1).map(|i| (y[i + 1] - y[i]) / h[i]).collect();
        // Half second derivatives c solve: h[i-1] c[i-1] + 2 (h[i-1]+h[i]) c[i] + h[i] c[i+1] = 3 (s[i]-s[i-1])
        let mut c = vec![0.0; n];
        if n > 2 {
            let mut diagonal = vec![1.0; n];
            let mut upper = vec![0.0; n];
            let mut right = vec![0.0; n];
            if let Some([first, last]) = thirds {
                // (c[1] - c[0]) / (3 h) = third
                (diagonal[0], upper[0], right[0]) = (-h[0], h[0], 3.0 * h[0] * h[0] * first);
                (diagonal[n - 1], right[n - 1]) = (h[n - 2], 3.0 * h[n - 2] * h[n - 2] * last);
            }
            let lower_last = if thirds.is_some() { -h[n - 2] } else { 0.0 };
            for i in 1..n {
                let lower = if i == n - 1 { lower_last } else { h[i - 1] };
                if i < n - 1 {
                    diagonal[i] = 2.0 * (h[i - 1] + h[i]);
                    upper[i] = h[i];
                    right[i] = 3.0 * (s[i] - s[i - 1]);
                }
                let t = lower / diagonal[i - 1];
                diagonal[i] -= t * upper[i - 1];
                right[i] -= t * right[i - 1];
            }
            c[n - 1] = right[n - 1] / diagonal[n - 1];
            for i in (0..n - 1).rev() {
                c[i] = (right[i] - upper[i] * c[i + 1]) / diagonal[i];
            }
        }
        let mut b = vec![0.0; n];
        let mut d = vec![0.0; n];
        for i in 0..n - 1 {
            b[i] = s[i] - h[i] * (2.0 * c[i] + c[i + 1]) / 3.0;
            d[i] = (c[i + 1] - c[i]) / (3.0 * h[i]);
        }
        let last = n - 2;
        b[n - 1] = b[last] + h[last] * (2.0 * c[last] + 3.0 * h[last] * d[last]);
        Ok(Self { x, y, b, c, d })
    }

    /// The knots: where and what value.
    pub fn knots(&self) -> impl Iterator<Item = [f64; 2]> + '_ {
        self.x.iter().zip(&self.y).map(|(x, y)| [*x, *y])
    }

    /// The same knots with every value multiplied by `factor`.
    pub fn scaled(&self, factor: f64) -> Self {
        let times = |v: &[f64]| v.iter().map(|y| y * factor).collect();
        Self { x: self.x.clone(), y: times(&self.y), b: times(&self.b), c: times(&self.c), d: times(&self.d) }
    }

    /// Value and first three derivatives at `x`.
    pub fn taylor(&self, x: f64) -> [f64; 4] {
        let n = self.x.len();
        for end in [0, n - 1] {
            if (end == 0 && x < self.x[0]) || (end != 0 && x > self.x[n - 1]) {
                return [self.y[end] + (x - self.x[end]) * self.b[end], self.b[end], 0.0, 0.0];
            }
        }
        let i = self.x.partition_point(|&knot| knot <= x).clamp(1, n - 1) - 1;
        let h = x - self.x[i];
        [
            self.y[i] + h * (self.b[i] + h * (self.c[i] + h * self.d[i])),
            self.b[i] + h * (2.0 * self.c[i] + 3.0 * h * self.d[i]),
            2.0 * self.c[i] + 6.0 * h * self.d[i],
            6.0 * self.d[i],
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn every() -> Vec<Function> {
        let x = vec![0.0, 0.5, 1.1, 1.4, 2.0];
        let y = vec![1.0, 0.2, -0.3, 0.4, 0.1];
        vec![
            Function::Constant(2.0),
            Function::Linear { slope: 2.0, intercept: -1.0 },
            Function::Polynomial(vec![0.5, -1.0, 2.0, 3.0]),
            Function::Spline(CubicSpline::simm(x.clone(), y.clone()).unwrap()),
            Function::Spline(CubicSpline::natural(x.clone(), y.clone()).unwrap()),
            Function::Gcv(Box::new(GcvSpline::fit(3, &x, &y, 0.0).unwrap())),
            Function::Segments(Segments::new(x.clone(), y.clone()).unwrap()),
            Function::Steps(Segments::new(x, y).unwrap()),
            Function::Sine { amplitude: 0.7, omega: 1.3, phase: 0.4, offset: 0.2 },
            Function::SmoothStep { interval: [0.1, 1.7], values: [-0.5, 0.8] },
            Function::SmoothStep { interval: [1.7, 0.1], values: [-0.5, 0.8] },
        ]
    }

    #[test]
    fn slopes_equal_central_differences() {
        for f in every() {
            for k in 0..60 {
                let (x, h) = (-0.503 + 0.05 * f64::from(k), 1e-5);
                let [_, df, ddf, dddf] = f.taylor(x);
                let difference = (f.at(x + h) - f.at(x - h)) / (2.0 * h);
                let second = (f.taylor(x + h)[1] - f.taylor(x - h)[1]) / (2.0 * h);
                assert!((df - difference).abs() < 1e-8, "{f:?} at {x}: {df} {difference}");
                let third = (f.taylor(x + h)[2] - f.taylor(x - h)[2]) / (2.0 * h);
                assert!((ddf - second).abs() < 1e-6, "{f:?} at {x}: {ddf} {second}");
                assert!((dddf - third).abs() < 1e-5, "{f:?} at {x}: {dddf} {third}");
            }
        }
    }

    /// A cubic is its own SIMM spline: four end knots determine it.
    #[test]
    fn simm_spline_reproduces_a_cubic() {
        let cubic = |x: f64| 1.0 + x * (0.5 + x * (-2.0 + 0.7 * x));
        let x: Vec<f64> = (0..7).map(|i| 0.3 * f64::from(i) + 0.01 * f64::from(i * i)).collect();
        let spline = CubicSpline::simm(x.clone(), x.iter().map(|&v| cubic(v)).collect()).unwrap();
        for k in 0..40 {
            let v = 0.05 * f64::from(k);
            assert!((spline.taylor(v)[0] - cubic(v)).abs() < 1e-12);
        }
    }

    /// Knots in one place, as the passive curves of a public shoulder model have them; values and slopes by OpenSim 4.6.
    #[test]
    fn knots_may_coincide() {
        let (x, y) = (vec![0.0, 0.5, 0.5, 1.0, 1.5], vec![0.0, 1.0, 1.0, 0.3, 0.4]);
        let spline = CubicSpline::simm(x.clone(), y).unwrap();
        let expected = [
            (-0.3, -1.2899998820000307, 4.299999606666769),
            (0.45, 0.9913499823000045, 0.34900031466658454),
            (0.7, 0.8351999606933445, -1.471999994044446),
            (1.2, 0.05920001786666171, -0.5319999702222307),
            (1.7, 1.0399999702222305, 3.199999851111153),
        ];
        for (at, value, slope) in expected {
            let [f, df, ..] = spline.taylor(at);
            assert!((f - value).abs() < 1e-9 && (df - slope).abs() < 1e-9, "{at}: {f} {df}");
        }
        let steps = Function::Segments(Segments::new(x, vec![0.0, 1.0, 0.8, 0.3, 0.4]).unwrap());
        for (at, value, slope) in [(0.45, 0.9, 2.0), (0.7, 0.6, -1.0), (1.7, 0.44, 0.2)] {
            let [f, df, ..] = steps.taylor(at);
            assert!((f - value).abs() < 1e-12 && (df - slope).abs() < 1e-12, "{at}: {f} {df}");
        }
    }

    #[test]
    fn bad_knots_are_refused() {
        assert_eq!(CubicSpline::natural(vec![0.0], vec![0.0]), Err(SplineError::Count));
        assert_eq!(CubicSpline::natural(vec![0.1, 0.0], vec![0.0, 1.0]), Err(SplineError::Order));
        assert_eq!(Segments::new(vec![0.1, 0.0], vec![0.0, 1.0]), Err(SplineError::Order));
        assert_eq!(CubicSpline::simm(vec![0.0, f64::NAN], vec![0.0, 1.0]), Err(SplineError::Order));
    }
}
