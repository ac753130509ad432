//! Points of a picture, boxes around them, and the outline of circles.

use super::FAR;

/// A point of a picture: right and down, in picture units.
pub(crate) type Point = [f64; 2];

/// Left, top, right and bottom of what has been drawn.
pub(crate) type Bounds = [f64; 4];

/// Bounds of nothing.
pub(crate) const NOTHING: Bounds = [FAR, FAR, -FAR, -FAR];

/// The smallest box round a box and a point.
pub(super) fn around(b: Bounds, [x, y]: Point) -> Bounds {
    joined(b, [x, y, x, y])
}

/// The smallest box round two.
pub(crate) fn joined(a: Bounds, b: Bounds) -> Bounds {
    [a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])]
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

pub(super) fn signed_area(points: &[Point]) -> f64 {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hull_of_one_circle_has_its_radius() {
        for p in hull(&[([3.0, 4.0], 2.0)]) {
            assert!((distance(p, [3.0, 4.0]) - 2.0).abs() < 1e-9);
        }
    }
}
