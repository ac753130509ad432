//! Small pieces of SVG: numbers that are always finite, outlines, and the wrapper with title and description.

use maud::{Markup, PreEscaped, html};

/// A point of a picture: right and down, in picture units.
pub(crate) type Point = [f64; 2];

/// Farthest that anything is drawn from the origin: keeps absurd input from producing absurd numbers.
const FAR: f64 = 1e5;

/// A number fit for drawing: finite and within ±[`FAR`].
pub(crate) fn finite(value: f64) -> f64 {
    if value.is_finite() { value.clamp(-FAR, FAR) } else { 0.0 }
}

/// A coordinate with one decimal at most.
pub(crate) fn coordinate(value: f64) -> String {
    tenths(tenth(value))
}

/// A number in tenths.
fn tenth(value: f64) -> i64 {
    // Within ±10 FAR, so the conversion is exact.
    (finite(value) * 10.0).round() as i64
}

/// Tenths as a number, without a zero before the point.
fn tenths(value: i64) -> String {
    let (sign, whole, tenth) = (if value < 0 { "-" } else { "" }, value.abs() / 10, value.abs() % 10);
    match (whole, tenth) {
        (whole, 0) => format!("{}{whole}", if whole == 0 { "" } else { sign }),
        (0, tenth) => format!("{sign}.{tenth}"),
        (whole, tenth) => format!("{sign}{whole}.{tenth}"),
    }
}

/// One step of a path; points are absolute.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Step {
    Move(Point),
    Line(Point),
    Quadratic([Point; 2]),
    Cubic([Point; 3]),
    Arc { radius: f64, large: bool, to: Point },
    Close,
}

impl Step {
    fn points(&self) -> &[Point] {
        match self {
            Step::Move(p) | Step::Line(p) | Step::Arc { to: p, .. } => std::slice::from_ref(p),
            Step::Quadratic(points) => points,
            Step::Cubic(points) => points,
            Step::Close => &[],
        }
    }
}

/// Outlines and lines, built step by step.
#[derive(Clone, Debug)]
pub(crate) struct Path {
    steps: Vec<Step>,
    bounds: Bounds,
}

/// A sheet to draw on: what lies outside is left out, and coordinates are as fine as can be seen.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sheet {
    /// What the picture shows, with room for strokes.
    pub(crate) bounds: Bounds,
    /// Rounding of coordinates, in tenths of a unit.
    pub(crate) grain: i64,
}

impl Sheet {
    /// The parts of a path that are on the sheet.
    pub(crate) fn path(self, class: &str, path: &Path) -> Markup {
        let on_sheet = |piece: &&[Step]| {
            let box_of = piece.iter().flat_map(Step::points).fold(NOTHING, |b, p| around(b, *p));
            // Arcs bulge beyond their ends by a diameter at most.
            let bulge = piece.iter().fold(0.0, |most: f64, step| match step {
                Step::Arc { radius, .. } => most.max(2.0 * radius),
                _ => most,
            });
            box_of[0] - bulge <= self.bounds[2]
                && box_of[2] + bulge >= self.bounds[0]
                && box_of[1] - bulge <= self.bounds[3]
                && box_of[3] + bulge >= self.bounds[1]
        };
        let starts = |step: &Step| matches!(step, Step::Move(_));
        let pieces = path.steps.chunk_by(|_, next| !starts(next)).filter(on_sheet);
        element(class, &written(pieces.flatten(), self.grain))
    }
}

/// The `d` of steps: absolute moves, everything else relative to the rounded point before.
fn written<'s>(steps: impl Iterator<Item = &'s Step>, grain: i64) -> String {
    let grain = grain.max(1);
    let round = |p: Point| p.map(|v| (tenth(v) as f64 / grain as f64).round() as i64 * grain);
    let mut data = String::new();
    let (mut at, mut start) = ([0, 0], [0, 0]);
    let mut last = ' ';
    for step in steps {
        let points: Vec<[i64; 2]> = step.points().iter().map(|p| round(*p)).collect();
        let command = match step {
            Step::Move(_) => 'M',
            Step::Line(_) => 'l',
            Step::Quadratic(_) => 'q',
            Step::Cubic(_) => 'c',
            Step::Arc { .. } => 'a',
            Step::Close => 'z',
        };
        if matches!(step, Step::Line(_)) && points[0] == at {
            continue;
        }
        let repeats = command == last && matches!(command, 'l' | 'q' | 'c');
        if !repeats {
            data.push(command);
        }
        last = command;
        let origin = if command == 'M' { [0, 0] } else { at };
        let mut first = !repeats;
        let mut put = |value: i64| {
            if !(first || value < 0) {
                data.push(' ');
            }
            data.push_str(&tenths(value));
            first = false;
        };
        if let Step::Arc { radius, large, .. } = step {
            // At least one grain, or the arc would become a straight line.
            let r = round([*radius, 0.0])[0].max(grain);
            [r, r, 0, 10 * i64::from(*large), 0].into_iter().for_each(&mut put);
        }
        for p in &points {
            put(p[0] - origin[0]);
            put(p[1] - origin[1]);
        }
        match (command, points.last()) {
            ('z', _) => at = start,
            (_, Some(p)) => at = *p,
            _ => {}
        }
        if command == 'M' {
            start = at;
        }
    }
    data
}

/// Left, top, right and bottom of what has been drawn.
pub(crate) type Bounds = [f64; 4];

/// Bounds of nothing.
pub(crate) const NOTHING: Bounds = [FAR, FAR, -FAR, -FAR];

/// The smallest box round a box and a point.
fn around(b: Bounds, [x, y]: Point) -> Bounds {
    joined(b, [x, y, x, y])
}

/// The smallest box round two.
pub(crate) fn joined(a: Bounds, b: Bounds) -> Bounds {
    [a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])]
}

impl Default for Path {
    fn default() -> Self {
        Path { steps: Vec::new(), bounds: NOTHING }
    }
}

impl Path {
    /// The `d` of the whole path to a tenth of a unit.
    pub(crate) fn data(&self) -> String {
        written(self.steps.iter(), 1)
    }

    /// Box round every point, control points included.
    pub(crate) fn bounds(&self) -> Bounds {
        self.bounds
    }

    /// Appends another path.
    pub(crate) fn extend(&mut self, other: &Path) {
        self.steps.extend_from_slice(&other.steps);
        self.bounds = joined(self.bounds, other.bounds);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    fn put(&mut self, step: Step) {
        for p in step.points() {
            self.bounds = around(self.bounds, p.map(finite));
        }
        self.steps.push(step);
    }

    /// An open polyline.
    pub(crate) fn polyline(&mut self, points: &[Point]) {
        if let Some((first, rest)) = points.split_first() {
            self.put(Step::Move(*first));
            rest.iter().for_each(|p| self.put(Step::Line(*p)));
        }
    }

    /// An open curve through the points (Catmull–Rom).
    pub(crate) fn curve(&mut self, points: &[Point]) {
        let Some(first) = points.first() else { return };
        self.put(Step::Move(*first));
        let at = |i: isize| points[i.clamp(0, points.len() as isize - 1) as usize];
        for i in 0..points.len() as isize - 1 {
            self.bezier(at(i - 1), at(i), at(i + 1), at(i + 2));
        }
    }

    /// A closed smooth ring through the points, wound like every other solid.
    pub(crate) fn ring(&mut self, points: &[Point]) {
        self.wound_ring(points, false);
    }

    /// A closed smooth ring that cuts a hole.
    pub(crate) fn hole(&mut self, points: &[Point]) {
        self.wound_ring(points, true);
    }

    fn wound_ring(&mut self, points: &[Point], reversed: bool) {
        let mut ring = points.to_vec();
        if (signed_area(points) > 0.0) != reversed {
            ring.reverse();
        }
        let n = ring.len();
        let Some(first) = ring.first() else { return };
        self.put(Step::Move(*first));
        for i in 0..n {
            self.bezier(ring[(i + n - 1) % n], ring[i], ring[(i + 1) % n], ring[(i + 2) % n]);
        }
        self.put(Step::Close);
    }

    /// A closed polygon, wound like every other solid.
    pub(crate) fn polygon(&mut self, points: &[Point]) {
        let mut ring = points.to_vec();
        if signed_area(points) > 0.0 {
            ring.reverse();
        }
        self.polyline(&ring);
        self.put(Step::Close);
    }

    /// A quadrilateral whose sides 2→3 and 4→1 bend by `bend` of their length: inwards if positive.
    pub(crate) fn waisted(&mut self, corners: [Point; 4], bend: f64) {
        let corners = if signed_area(&corners) > 0.0 {
            [corners[1], corners[0], corners[3], corners[2]]
        } else {
            corners
        };
        let [a, b, c, d] = corners;
        let centre = middle(middle(a, b), middle(c, d));
        let control = |p: Point, q: Point| {
            let m = middle(p, q);
            let inward = unit([centre[0] - m[0], centre[1] - m[1]]);
            let length = distance(p, q);
            [m[0] + inward[0] * bend * length, m[1] + inward[1] * bend * length]
        };
        self.polyline(&[a, b]);
        self.put(Step::Quadratic([control(b, c), c]));
        self.put(Step::Line(d));
        self.put(Step::Quadratic([control(d, a), a]));
        self.put(Step::Close);
    }

    fn bezier(&mut self, before: Point, from: Point, to: Point, after: Point) {
        let lead = [from[0] + (to[0] - before[0]) / 6.0, from[1] + (to[1] - before[1]) / 6.0];
        let trail = [to[0] - (after[0] - from[0]) / 6.0, to[1] - (after[1] - from[1]) / 6.0];
        self.put(Step::Cubic([lead, trail, to]));
    }

    /// The outline of two circles and the cone between them.
    pub(crate) fn capsule(&mut self, a: Point, ra: f64, b: Point, rb: f64) {
        let (ra, rb) = (finite(ra).max(0.1), finite(rb).max(0.1));
        let length = distance(a, b);
        if length <= (ra - rb).abs() + 1e-6 {
            return if ra > rb { self.circle(a, ra) } else { self.circle(b, rb) };
        }
        let along = unit([b[0] - a[0], b[1] - a[1]]);
        let cosine = (ra - rb) / length;
        let sine = (1.0 - cosine * cosine).max(0.0).sqrt();
        let normal = |side: f64| {
            [along[0] * cosine - side * along[1] * sine, along[1] * cosine + side * along[0] * sine]
        };
        let at = |c: Point, r: f64, n: Point| [c[0] + r * n[0], c[1] + r * n[1]];
        let (left, right) = (normal(1.0), normal(-1.0));
        self.polyline(&[at(a, ra, left), at(b, rb, left)]);
        self.arc(rb, cosine < 0.0, at(b, rb, right));
        self.put(Step::Line(at(a, ra, right)));
        self.arc(ra, cosine > 0.0, at(a, ra, left));
        self.put(Step::Close);
    }

    /// A full circle.
    pub(crate) fn circle(&mut self, centre: Point, radius: f64) {
        let r = finite(radius).max(0.1);
        self.put(Step::Move([centre[0] + r, centre[1]]));
        self.arc(r, false, [centre[0] - r, centre[1]]);
        self.arc(r, false, [centre[0] + r, centre[1]]);
        self.put(Step::Close);
    }

    fn arc(&mut self, radius: f64, large: bool, to: Point) {
        self.put(Step::Arc { radius, large, to });
    }
}

pub(crate) fn middle(a: Point, b: Point) -> Point {
    [0.5 * (a[0] + b[0]), 0.5 * (a[1] + b[1])]
}

pub(crate) fn distance(a: Point, b: Point) -> f64 {
    let (x, y) = (a[0] - b[0], a[1] - b[1]);
    (x * x + y * y).sqrt()
}

/// The direction of `v`, or to the right if it has none.
pub(crate) fn unit(v: Point) -> Point {
    let length = distance(v, [0.0; 2]);
    if length > 1e-9 && length.is_finite() { [v[0] / length, v[1] / length] } else { [1.0, 0.0] }
}

fn signed_area(points: &[Point]) -> f64 {
    let n = points.len();
    (0..n)
        .map(|i| {
            let (p, q) = (points[i], points[(i + 1) % n]);
            p[0] * q[1] - q[0] * p[1]
        })
        .sum()
}

/// The convex outline of several circles, as a polygon.
pub(crate) fn hull(circles: &[(Point, f64)]) -> Vec<Point> {
    // Directions on the unit circle by repeated half-angle steps: no trigonometric function needed.
    const SPOKES: usize = 24;
    let (cos, sin) = (0.965_925_826_289_068_3, 0.258_819_045_102_520_74); // 15°
    let mut direction = [1.0, 0.0];
    let mut cloud = Vec::with_capacity(SPOKES * circles.len());
    for _ in 0..SPOKES {
        for (centre, radius) in circles {
            cloud.push([centre[0] + radius * direction[0], centre[1] + radius * direction[1]]);
        }
        direction = [direction[0] * cos - direction[1] * sin, direction[0] * sin + direction[1] * cos];
    }
    cloud.sort_by(|a, b| a[0].total_cmp(&b[0]).then(a[1].total_cmp(&b[1])));
    let turn = |o: Point, a: Point, b: Point| (a[0] - o[0]) * (b[1] - o[1]) - (a[1] - o[1]) * (b[0] - o[0]);
    let chain = |points: &mut dyn Iterator<Item = &Point>| {
        let mut out: Vec<Point> = Vec::new();
        for &p in points {
            while out.len() >= 2 && turn(out[out.len() - 2], out[out.len() - 1], p) <= 0.0 {
                out.pop();
            }
            out.push(p);
        }
        out.pop();
        out
    };
    let mut outline = chain(&mut cloud.iter());
    outline.extend(chain(&mut cloud.iter().rev()));
    outline
}

/// Wraps drawn content into an image that a screen reader can announce.
pub(crate) fn image(
    id: &str,
    class: &str,
    frame: [f64; 4],
    title: &str,
    description: &str,
    body: Markup,
) -> Markup {
    let view_box = frame.map(coordinate).join(" ");
    html! {
        svg id=(id) class=(class) viewBox=(view_box) role="img" xmlns="http://www.w3.org/2000/svg"
            aria-labelledby=(format!("{id}-t {id}-d")) {
            title id=(format!("{id}-t")) { (title) }
            desc id=(format!("{id}-d")) { (description) }
            (body)
        }
    }
}

/// A whole path with a class.
pub(crate) fn path(class: &str, path: &Path) -> Markup {
    element(class, &path.data())
}

fn element(class: &str, d: &str) -> Markup {
    let class = class.trim();
    if d.is_empty() {
        return PreEscaped(String::new());
    }
    html! { path class=(class) d=(d) {} }
}

/// A text element.
pub(crate) fn text(class: &str, at: Point, anchor: &str, content: &str) -> Markup {
    html! {
        text class=(class) x=(coordinate(at[0])) y=(coordinate(at[1])) text-anchor=(anchor) { (content) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coordinates_are_short_and_finite() {
        for (value, written) in [
            (1.0, "1"),
            (-0.04, "0"),
            (-0.26, "-.3"),
            (12.34, "12.3"),
            (f64::NAN, "0"),
            (-2.5, "-2.5"),
            (1e300, "100000"),
        ] {
            assert_eq!(coordinate(value), written);
        }
    }

    #[test]
    fn paths_are_written_short_and_do_not_drift() {
        let mut path = Path::default();
        path.polyline(&[[10.04, 0.0], [10.54, -0.5], [10.56, -0.5], [9.0, 2.0]]);
        assert_eq!(path.data(), "M10 0l.5-.5 .1 0-1.6 2.5");
        path.circle([100.0, 100.0], 2.0);
        let sheet = Sheet { bounds: [-5.0, -5.0, 20.0, 20.0], grain: 10 };
        assert_eq!(sheet.path("a ", &path).into_string(), "<path class=\"a\" d=\"M10 0l1-1-2 3\"></path>");
    }

    #[test]
    fn a_hull_of_one_circle_has_its_radius() {
        for p in hull(&[([3.0, 4.0], 2.0)]) {
            assert!((distance(p, [3.0, 4.0]) - 2.0).abs() < 1e-9);
        }
    }

    #[test]
    fn a_swallowed_circle_leaves_the_larger_one() {
        let (mut pair, mut alone) = (Path::default(), Path::default());
        pair.capsule([0.0, 0.0], 5.0, [1.0, 0.0], 1.0);
        alone.circle([0.0, 0.0], 5.0);
        assert_eq!(pair.data(), alone.data());
    }
}
