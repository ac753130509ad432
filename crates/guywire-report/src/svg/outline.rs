//! Outlines and lines, built step by step, and how they are written.

use super::plane::{Bounds, NOTHING, Point, around, distance, joined, middle, signed_area, unit};
use super::{element, finite, tenth, tenths};
use maud::Markup;

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

#[cfg(test)]
mod tests {
    use super::*;

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
    fn a_swallowed_circle_leaves_the_larger_one() {
        let (mut pair, mut alone) = (Path::default(), Path::default());
        pair.capsule([0.0, 0.0], 5.0, [1.0, 0.0], 1.0);
        alone.circle([0.0, 0.0], 5.0);
        assert_eq!(pair.data(), alone.data());
    }
}
