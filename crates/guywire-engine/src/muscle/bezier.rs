//! Smooth curves made of quintic Bezier corners: the building block of Millard's muscle curves.
//!
//! A corner joins two points with given slopes by one quintic Bezier section. `C` is where the two
//! lines meet, and the curviness `c` says how far into the corner the section reaches:
//!
//! ```text
//! P0 = A    P1 = P2 = A + k (C − A)    P3 = P4 = B + k (C − B)    P5 = B
//! k  = 0.1 + 0.8 c,   0 ≤ c ≤ 1
//! ```
//!
//! Doubling the inner control points makes the second derivative vanish at both ends, so that a chain of
//! corners, and the straight continuation beyond it, is twice continuously differentiable.
//!
//! Source: Millard, Uchida, Seth, Delp 2013, J Biomech Eng 135:021005, appendix; the scale of the
//! curviness is OpenSim's (`SmoothSegmentedFunctionFactory`).
//!
//! The curve is parametric, so reading it at `x` needs the root of `x(u) = x`. It is found by Halley's steps (cubic
//! convergence) kept inside a bracket, from a cubic estimate stored per section: one step mostly reaches round-off.

use std::sync::Arc;

/// Cells of the stored estimate of `u(x)`, per section. With 32, the search starts within 2e-5 of the root for
/// the curviness of muscles (0.5 and more), and within 4e-4 for the least, where `x(u)` is nearly flat.
const CELLS: usize = 32;
/// A step below this is the last one: convergence is cubic, so what is left is below 1e-15.
const LAST_STEP: f64 = 1e-5;
/// Bisection alone needs 53 steps for the whole mantissa.
const MOST_STEPS: usize = 60;

/// Why a muscle or one of its curves cannot be built.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum MuscleError {
    /// A parameter lies outside the range in which the muscle or curve exists.
    #[error("`{parameter}` is {value}; it must lie between {low} and {high}")]
    OutOfRange {
        /// The parameter, as in OpenSim.
        parameter: &'static str,
        /// What it was.
        value: f64,
        /// Smallest admissible value.
        low: f64,
        /// Largest admissible value.
        high: f64,
    },
    /// A muscle with a length, velocity or force that is not a number.
    #[error(
        "no finite force at activation {activation}, fibre length {fiber_length} m, tendon length {tendon_length} m"
    )]
    NotFinite {
        /// Activation.
        activation: f64,
        /// m.
        fiber_length: f64,
        /// m.
        tendon_length: f64,
    },
    /// The lines through two neighbouring points do not meet between them, so no corner joins them.
    #[error("no corner joins ({x0}, {y0}) with slope {slope0} to ({x1}, {y1}) with slope {slope1}")]
    NoCorner {
        /// Left point.
        x0: f64,
        /// Left point.
        y0: f64,
        /// Slope at the left point.
        slope0: f64,
        /// Right point.
        x1: f64,
        /// Right point.
        y1: f64,
        /// Slope at the right point.
        slope1: f64,
    },
}

/// Refuses a parameter that is not strictly between `low` and `high`, or not a number.
pub(super) fn between(parameter: &'static str, value: f64, low: f64, high: f64) -> Result<(), MuscleError> {
    if value > low && value < high {
        Ok(())
    } else {
        Err(MuscleError::OutOfRange { parameter, value, low, high })
    }
}

/// Refuses a parameter outside `low ..= high`, or not a number.
pub(super) fn within(parameter: &'static str, value: f64, low: f64, high: f64) -> Result<(), MuscleError> {
    if value >= low && value <= high {
        Ok(())
    } else {
        Err(MuscleError::OutOfRange { parameter, value, low, high })
    }
}

/// A point that a smooth curve passes through, with its slope there.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Knot {
    /// Abscissa.
    pub x: f64,
    /// Ordinate.
    pub y: f64,
    /// Slope.
    pub slope: f64,
}

impl Knot {
    /// The point (`x`, `y`) with `slope`.
    pub const fn new(x: f64, y: f64, slope: f64) -> Self {
        Self { x, y, slope }
    }
}

/// Control points of the corner from `a` to `b`: abscissae and ordinates.
fn corner(a: Knot, b: Knot, curviness: f64) -> Result<([f64; 6], [f64; 6]), MuscleError> {
    within("curviness", curviness, 0.0, 1.0)?;
    let turn = a.slope - b.slope;
    // Parallel lines meet nowhere; the midpoint keeps the section straight if they coincide.
    let meet_x = if turn.abs() > f64::EPSILON.sqrt() {
        (b.y - a.y - b.x * b.slope + a.x * a.slope) / turn
    } else {
        0.5 * (a.x + b.x)
    };
    let meet_y = (meet_x - b.x) * b.slope + b.y;
    if !(meet_x > a.x && meet_x < b.x && meet_y.is_finite()) {
        return Err(MuscleError::NoCorner {
            x0: a.x,
            y0: a.y,
            slope0: a.slope,
            x1: b.x,
            y1: b.y,
            slope1: b.slope,
        });
    }
    let reach = 0.1 + 0.8 * curviness;
    let control = |from: f64, meet: f64, to: f64| {
        let (near, far) = (from + reach * (meet - from), to + reach * (meet - to));
        [from, near, near, far, far, to]
    };
    Ok((control(a.x, meet_x, b.x), control(a.y, meet_y, b.y)))
}

/// Coefficients of powers of `u` of the quintic Bezier polynomial minus its first control point.
fn powers(p: &[f64; 6]) -> [f64; 6] {
    const BINOMIAL: [f64; 6] = [1.0, 5.0, 10.0, 10.0, 5.0, 1.0];
    let mut differences = p.map(|v| v - p[0]);
    let mut out = [0.0; 6];
    for k in 0..6 {
        out[k] = BINOMIAL[k] * differences[0];
        for i in 0..5 - k {
            differences[i] = differences[i + 1] - differences[i];
        }
    }
    out
}

/// Value and slope of a quintic.
#[inline]
fn quintic(a: &[f64; 6], u: f64) -> (f64, f64) {
    let (mut f, mut df) = (a[5], 0.0);
    for k in (0..5).rev() {
        df = df * u + f;
        f = f * u + a[k];
    }
    (f, df)
}

/// Value, slope and second derivative of a quintic.
#[inline]
fn quintic_taylor(a: &[f64; 6], u: f64) -> (f64, f64, f64) {
    let (mut f, mut df, mut half) = (a[5], 0.0, 0.0);
    for k in (0..5).rev() {
        half = half * u + df;
        df = df * u + f;
        f = f * u + a[k];
    }
    (f, df, 2.0 * half)
}

/// Second derivative of a quintic.
#[inline]
fn quintic_curvature(a: &[f64; 6], u: f64) -> f64 {
    ((20.0 * a[5] * u + 12.0 * a[4]) * u + 6.0 * a[3]) * u + 2.0 * a[2]
}

/// One quintic Bezier section with strictly increasing `x(u)`, 0 ≤ u ≤ 1.
#[derive(Clone, Debug, PartialEq)]
struct Section {
    start: (f64, f64),
    end: (f64, f64),
    x: [f64; 6],
    y: [f64; 6],
    cells_per_x: f64,
    /// `u` and `du/dx` times the cell width, at the cell boundaries.
    nodes: [(f64, f64); CELLS + 1],
}

impl Section {
    /// The section with these control points, whose abscissae must not decrease.
    fn new(px: &[f64; 6], py: &[f64; 6]) -> Self {
        let width = px[5] - px[0];
        let cell = width / CELLS as f64;
        let mut section = Self {
            start: (px[0], py[0]),
            end: (px[5], py[5]),
            x: powers(px),
            y: powers(py),
            cells_per_x: CELLS as f64 / width,
            nodes: [(0.0, 0.0); CELLS + 1],
        };
        for (i, node) in (0..=CELLS).zip(0..) {
            let u = match i {
                0 => 0.0,
                CELLS => 1.0,
                _ => root(&section.x, cell * f64::from(node), i as f64 / CELLS as f64, 0.0, 1.0),
            };
            section.nodes[i] = (u, cell / quintic(&section.x, u).1);
        }
        section
    }

    /// `u` at which the section stands at `x`, which lies in it.
    #[inline]
    fn parameter(&self, x: f64) -> f64 {
        let along = x - self.start.0;
        let place = along * self.cells_per_x;
        let cell = (place as usize).min(CELLS - 1);
        let (t, (low, rise0), (high, rise1)) = (place - cell as f64, self.nodes[cell], self.nodes[cell + 1]);
        let (s, step) = (1.0 - t, high - low);
        let guess = low + t * t * (3.0 - 2.0 * t) * step + t * s * (s * rise0 - t * rise1);
        root(&self.x, along, guess, low, high)
    }
}

/// Root of the increasing quintic `a` = `target` between `low` and `high`, from `guess`.
#[inline]
fn root(a: &[f64; 6], target: f64, guess: f64, mut low: f64, mut high: f64) -> f64 {
    let mut u = guess.clamp(low, high);
    for _ in 0..MOST_STEPS {
        let (f, df, ddf) = quintic_taylor(a, u);
        let excess = f - target;
        if excess > 0.0 {
            high = u;
        } else {
            low = u;
        }
        let mut next = u - excess * df / (df * df - 0.5 * excess * ddf);
        if !(next >= low && next <= high) {
            next = 0.5 * (low + high);
        }
        let step = next - u;
        u = next;
        if step.abs() < LAST_STEP {
            break;
        }
    }
    u
}

/// A chain of quintic Bezier corners, straight beyond its ends; twice continuously differentiable.
///
/// Clones share their tables.
#[derive(Clone, Debug, PartialEq)]
pub struct SmoothCurve {
    sections: Arc<[Section]>,
    first: Knot,
    last: Knot,
}

impl SmoothCurve {
    /// The curve through `knots`, in order of `x`; `curviness` (0 to 1) is that of the corner that starts at
    /// each knot but the last.
    pub fn through(knots: &[Knot], curviness: &[f64]) -> Result<Self, MuscleError> {
        Self::build(knots, curviness, false)
    }

    /// The inverse of the curve through `knots`, which must rise everywhere and with positive slopes.
    pub fn inverse_through(knots: &[Knot], curviness: &[f64]) -> Result<Self, MuscleError> {
        Self::build(knots, curviness, true)
    }

    fn build(knots: &[Knot], curviness: &[f64], inverse: bool) -> Result<Self, MuscleError> {
        let count = knots.len() as f64;
        within("number of knots", count, 2.0, f64::INFINITY)?;
        within("number of corners", curviness.len() as f64, count - 1.0, count - 1.0)?;
        let mut sections = Vec::with_capacity(curviness.len());
        for (pair, &c) in knots.windows(2).zip(curviness) {
            let (x, y) = corner(pair[0], pair[1], c)?;
            if inverse {
                for knot in pair {
                    between("slope of a curve to be inverted", knot.slope, 0.0, f64::INFINITY)?;
                }
                between("rise of a curve to be inverted", pair[1].y - pair[0].y, 0.0, f64::INFINITY)?;
            }
            sections.push(if inverse { Section::new(&y, &x) } else { Section::new(&x, &y) });
        }
        let end = |k: Knot| if inverse { Knot::new(k.y, k.x, 1.0 / k.slope) } else { k };
        Ok(Self { sections: sections.into(), first: end(knots[0]), last: end(knots[knots.len() - 1]) })
    }

    /// First and last abscissa of the curved part; beyond them the curve is straight.
    pub fn domain(&self) -> (f64, f64) {
        (self.first.x, self.last.x)
    }

    /// Where the straight continuation above starts.
    pub(super) fn last(&self) -> Knot {
        self.last
    }

    /// The straight end that `x` lies on, if any. Not-a-number counts as straight, and stays so.
    #[inline]
    fn straight(&self, x: f64) -> Option<Knot> {
        if x > self.first.x && x < self.last.x {
            None
        } else if x >= self.last.x {
            Some(self.last)
        } else {
            Some(self.first)
        }
    }

    #[inline]
    fn section(&self, x: f64) -> &Section {
        let mut i = 0;
        while i + 1 < self.sections.len() && x >= self.sections[i].end.0 {
            i += 1;
        }
        &self.sections[i]
    }

    /// Value and slope at `x`.
    #[inline]
    pub fn value_slope(&self, x: f64) -> (f64, f64) {
        if let Some(k) = self.straight(x) {
            return (k.y + k.slope * (x - k.x), k.slope);
        }
        let section = self.section(x);
        let u = section.parameter(x);
        let (y, dy) = quintic(&section.y, u);
        (section.start.1 + y, dy / quintic(&section.x, u).1)
    }

    /// Value, slope and second derivative at `x`.
    pub fn taylor(&self, x: f64) -> [f64; 3] {
        if let Some(k) = self.straight(x) {
            return [k.y + k.slope * (x - k.x), k.slope, 0.0];
        }
        let section = self.section(x);
        let u = section.parameter(x);
        let (y, dy) = quintic(&section.y, u);
        let (_, dx) = quintic(&section.x, u);
        let (ddx, ddy) = (quintic_curvature(&section.x, u), quintic_curvature(&section.y, u));
        [section.start.1 + y, dy / dx, (ddy * dx - dy * ddx) / (dx * dx * dx)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn knots() -> [Knot; 3] {
        [Knot::new(1.0, 0.0, 0.0), Knot::new(1.1, 0.05, 1.0), Knot::new(1.6, 1.2, 3.0)]
    }

    #[test]
    fn passes_through_its_knots_with_their_slopes_and_no_curvature() {
        let curve = SmoothCurve::through(&knots(), &[0.75, 0.2]).unwrap();
        for k in knots() {
            for x in [k.x - 1e-12, k.x, k.x + 1e-12] {
                let [f, df, ddf] = curve.taylor(x);
                assert!((f - k.y).abs() < 1e-11 && (df - k.slope).abs() < 1e-8, "{x} {f} {df}");
                assert!(ddf.abs() < 1e-6, "{x} {ddf}");
            }
        }
    }

    /// The stored estimate and Newton's steps find the parameter to round-off for the sharpest and roundest corner.
    #[test]
    fn finds_the_parameter_to_round_off() {
        for curviness in [0.0, 0.3, 0.7, 1.0] {
            let curve = SmoothCurve::through(&knots(), &[curviness; 2]).unwrap();
            for section in curve.sections.iter() {
                for i in 0..=5000 {
                    let u = f64::from(i) / 5000.0;
                    let (x, dx) = quintic(&section.x, u);
                    let found = section.parameter(section.start.0 + x);
                    // What remains is the rounding of x, of order one, and of the quintic, whose coefficients reach 5.
                    assert!((found - u).abs() * dx < 5e-15, "{curviness} {u} {found}");
                }
            }
        }
    }

    #[test]
    fn inverse_undoes_the_curve() {
        let knots = [Knot::new(-1.0, 0.0, 0.1), Knot::new(0.0, 1.0, 5.0), Knot::new(1.0, 1.4, 0.1)];
        let curve = SmoothCurve::through(&knots, &[0.6, 0.9]).unwrap();
        let inverse = SmoothCurve::inverse_through(&knots, &[0.6, 0.9]).unwrap();
        for i in -150..=150 {
            let x = f64::from(i) / 100.0;
            let (f, df) = curve.value_slope(x);
            let (back, slope) = inverse.value_slope(f);
            assert!((back - x).abs() < 1e-13 && (slope * df - 1.0).abs() < 1e-11, "{x} {back}");
        }
    }

    #[test]
    fn refuses_what_no_corner_joins() {
        let steep = [Knot::new(0.0, 0.0, 2.0), Knot::new(1.0, 1.0, 3.0)];
        assert!(matches!(SmoothCurve::through(&steep, &[0.5]), Err(MuscleError::NoCorner { .. })));
        assert!(matches!(SmoothCurve::through(&knots(), &[0.5, 1.5]), Err(MuscleError::OutOfRange { .. })));
        assert!(SmoothCurve::through(&[Knot::new(0.0, f64::NAN, 0.0), steep[1]], &[0.5]).is_err());
        assert!(SmoothCurve::inverse_through(&knots(), &[0.5; 2]).is_err());
    }

    #[test]
    fn not_a_number_stays_not_a_number() {
        let curve = SmoothCurve::through(&knots(), &[0.5; 2]).unwrap();
        assert!(curve.value_slope(f64::NAN).0.is_nan());
    }
}
