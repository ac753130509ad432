//! Lines over spheres and ellipsoids against an independent search for the shortest string.
//!
//! The search knows nothing of tangents and geodesics: a string of many points, each pulled onto the middle of its
//! neighbours and pushed out of the surface, until it is taut; lengths of strings with more and more points are
//! extrapolated.

use super::scene::{Scene, surface};
use super::string::{depth, finer, measured, outside, pull, slack};
use guywire_engine::path::{AllowedSide, Shape, Surface};
use guywire_math::Vec3;
use proptest::prelude::*;
use std::f64::consts::{FRAC_PI_2, PI};

const SPHERE: Shape = Shape::Sphere { radius: 0.04 };
const EGG: Shape = Shape::Ellipsoid { radii: Vec3::new(0.05, 0.03, 0.04) };
const LENS: Shape = Shape::Ellipsoid { radii: Vec3::new(0.06, 0.015, 0.04) };

/// Where the middle of a string has to pass: the part of the plane through the centre across the straight line, in
/// half axes, where the side is positive.
struct Gate {
    normal: Vec3<f64>,
    side: Vec3<f64>,
    axis: Vec3<f64>,
}

impl Gate {
    fn new(shape: Shape, side: AllowedSide, p: Vec3<f64>, q: Vec3<f64>) -> Self {
        let a = half_axes(shape);
        let over = |v: Vec3<f64>| Vec3::new(v.x / a.x, v.y / a.y, v.z / a.z);
        let mut unit = [0.0; 3];
        match side {
            AllowedSide::Positive(i) => unit[i] = 1.0,
            AllowedSide::Negative(i) => unit[i] = -1.0,
            AllowedSide::Any => unreachable!("a gate has a side"),
        }
        let side = Vec3::from_array(unit);
        let axis = over(q - p).cross(side);
        let axis = Vec3::new(axis.x * a.x, axis.y * a.y, axis.z * a.z);
        Self { normal: over(over(q - p)), side, axis: axis * (1.0 / axis.norm()) }
    }

    /// The point of the gate outside the surface near `x`.
    fn through(&self, shape: Shape, mut x: Vec3<f64>) -> Vec3<f64> {
        for _ in 0..60 {
            x -= self.normal * (self.normal.dot(x) / self.normal.dot(self.normal));
            if self.side.dot(x) < 0.0 {
                x = self.axis * self.axis.dot(x);
            }
            let (below, out) = depth(&ball(shape), x);
            if below < 1e-16 {
                break;
            }
            let inner = out - self.normal * (self.normal.dot(out) / self.normal.dot(self.normal));
            let inner = if self.side.dot(x) <= 0.0 && self.side.dot(inner) < 0.0 {
                self.axis * self.axis.dot(inner)
            } else {
                inner
            };
            x += inner * (below / inner.dot(out).max(1e-3));
        }
        x
    }
}

fn ball(shape: Shape) -> Surface {
    surface(shape, AllowedSide::Any)
}

fn half_axes(shape: Shape) -> Vec3<f64> {
    match shape {
        Shape::Sphere { radius } => Vec3::new(radius, radius, radius),
        Shape::Ellipsoid { radii } => radii,
        _ => unreachable!("only balls have gates"),
    }
}

/// Pulls a string taut whose middle passes a gate.
fn pull_through(shape: Shape, gate: &Gate, x: &mut [Vec3<f64>]) {
    let balls = [ball(shape)];
    let count = x.len() - 1;
    let over = 2.0 / (1.0 + (PI / count as f64).sin());
    for _ in 0..20_000 {
        let mut change: f64 = 0.0;
        for k in 1..count {
            // The pieces of the two halves differ in length; inside a half, all are alike.
            let next = if k == count / 2 {
                let (a, b) = (1.0 / (x[k] - x[k - 1]).norm(), 1.0 / (x[k + 1] - x[k]).norm());
                let middle = (x[k - 1] * a + x[k + 1] * b) * (1.0 / (a + b));
                gate.through(shape, middle)
            } else {
                let middle = (x[k - 1] + x[k + 1]) * 0.5;
                outside(&balls, x[k] + (middle - x[k]) * over)
            };
            change = change.max((next - x[k]).norm());
            x[k] = next;
        }
        if change < 1e-13 {
            break;
        }
    }
}

/// The shortest string on a side of a ball that the straight line cuts.
fn shortest_on_side(shape: Shape, side: AllowedSide, p: Vec3<f64>, q: Vec3<f64>) -> f64 {
    let (gate, balls) = (Gate::new(shape, side, p, q), [ball(shape)]);
    // There may be several shortest ones among their neighbours, even on one half of a lens.
    let guides = [-0.1, -0.05, 0.0, 0.05, 0.1].map(|along| [0.01, 0.05].map(|up| [along, up])).concat();
    let strings = guides.into_iter().map(|[along, up]| {
        let guide = gate.side * up + gate.axis * along;
        // The middle of the string is at the gate.
        let through = gate.through(shape, guide);
        let mut x = slack(&balls, &[p, through], 50);
        x.extend_from_slice(&slack(&balls, &[through, q], 50)[1..]);
        pull_through(shape, &gate, &mut x);
        x
    });
    let mut x = strings.min_by(|a, b| measured(&balls, a).total_cmp(&measured(&balls, b))).unwrap();
    for _ in 0..5 {
        x = finer(&balls, &x);
        pull_through(shape, &gate, &mut x);
    }
    measured(&balls, &x)
}

/// The shortest string: from guides over every side; and what the last doubling of its pieces changed, by which it may still be
/// short: over a sharp edge its corners count.
fn shortest(shape: Shape, [p, q]: [Vec3<f64>; 2]) -> (f64, f64) {
    let balls = [ball(shape)];
    let along = (q - p) * (1.0 / (q - p).norm());
    let first = along.cross(Vec3::new(0.31, -0.59, 0.74));
    let first = first * (1.0 / first.norm());
    let strings = (0..6).map(|k| {
        let angle = PI / 3.0 * f64::from(k);
        let over = (first * angle.cos() + along.cross(first) * angle.sin()) * 0.08;
        let mut x = slack(&balls, &[p, over, q], 100);
        pull(&balls, &mut x, 1e-13);
        x
    });
    let mut x = strings.min_by(|a, b| measured(&balls, a).total_cmp(&measured(&balls, b))).unwrap();
    // Pieces with one end on the surface leave an error of their length squared: 1600 pieces.
    let mut lengths = [f64::NAN; 2];
    for _ in 0..4 {
        x = finer(&balls, &x);
        pull(&balls, &mut x, 1e-13);
        lengths = [lengths[1], measured(&balls, &x)];
    }
    (lengths[1], (lengths[1] - lengths[0]).abs())
}

fn any_point() -> impl Strategy<Value = Vec3<f64>> {
    (0.065..0.2f64, 0.0..PI, -PI..PI)
        .prop_map(|(d, a, b)| Vec3::new(d * a.sin() * b.cos(), d * a.sin() * b.sin(), d * a.cos()))
}

const SIDES: [AllowedSide; 7] = [
    AllowedSide::Any,
    AllowedSide::Positive(0),
    AllowedSide::Negative(0),
    AllowedSide::Positive(1),
    AllowedSide::Negative(1),
    AllowedSide::Positive(2),
    AllowedSide::Negative(2),
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, failure_persistence: None, ..ProptestConfig::default() })]

    /// The line is the shortest string.
    #[test]
    fn the_shortest_line_is_found(p in any_point(), q in any_point(), shape in 0..3usize, near in 0.0..0.03f64) {
        let shape = [SPHERE, EGG, LENS][shape];
        // Most lines between random points miss: aim past the middle.
        let q = Vec3::new(near, near * 0.3, -near) * 2.0 - p + (q - p) * 0.1;
        let set = Scene::new(&[ball(shape)]);
        prop_assume!(depth(&ball(shape), q).0 < -1e-3);
        let found = set.length([p, q]);
        let (expected, unsure) = shortest(shape, [p, q]);
        let near = (found - expected).abs() < 1e-7 + unsure;
        prop_assert!(near, "{shape:?} {found} against {expected} (to {unsure})");
    }

    /// With a side, the line is the shortest string on it.
    #[test]
    fn the_shortest_line_on_a_side_is_found(p in any_point(), q in any_point(), shape in 0..3usize, side in 1..7usize, near in 0.0..0.015f64) {
        let (shape, side) = ([SPHERE, EGG, LENS][shape], SIDES[side]);
        let q = Vec3::new(near, near * 0.3, -near) * 2.0 - p + (q - p) * 0.1;
        let straight = [p, q].map(|v| { let a = half_axes(shape); Vec3::new(v.x / a.x, v.y / a.y, v.z / a.z) });
        let d = straight[1] - straight[0];
        let foot = straight[0] - d * (straight[0].dot(d) / d.dot(d));
        prop_assume!(depth(&ball(shape), q).0 < -1e-3 && foot.norm() < 0.99);
        let set = Scene::new(&[surface(shape, side)]);
        let found = set.length([p, q]);
        let expected = shortest_on_side(shape, side, p, q);
        prop_assert!((found - expected).abs() < 1e-7, "{shape:?} {found} against {expected}");
    }

    /// A length changes by no more than its ends move: no jumps.
    #[test]
    fn no_jumps_over_a_sweep(p in any_point(), turn in prop::array::uniform3(-1.0..1.0f64), shape in 0..3usize) {
        let shape = [SPHERE, EGG, LENS][shape];
        let set = Scene::new(&[ball(shape)]);
        let at = |t: f64| {
            Vec3::new(0.1 * (turn[0] + t).cos(), 0.1 * (turn[1] + t).sin(), 0.05 * (turn[2] + 2.0 * t).sin())
        };
        let mut last: Option<(Vec3<f64>, f64)> = None;
        for k in 0..400 {
            let q = at(0.01 * f64::from(k));
            if depth(&ball(shape), q).0 > -1e-4 {
                last = None;
                continue;
            }
            let length = set.length([p, q]);
            if let Some((before, known)) = last {
                prop_assert!((length - known).abs() < (q - before).norm() + 1e-9, "{shape:?} {known} to {length}");
            }
            last = Some((q, length));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    /// Moment arms are slopes of the length, by dual numbers and by central differences, on every surface and side.
    #[test]
    fn moment_arms_are_slopes(p in any_point(), q in any_point(), shape in 0..3usize, side in 0..7usize, sink in any::<bool>()) {
        let shape = [SPHERE, EGG, LENS][shape];
        let p = if sink { p * (0.012 / p.norm()) } else { p };
        let set = Scene::new(&[surface(shape, SIDES[side])]);
        let arms = set.arms([p, q]);
        for i in (3..6).chain(9..12) {
            let exact = set.exact_slope([p, q], i);
            prop_assert!((arms[i] + exact).abs() < 1e-8, "{i}: {} against {exact}", arms[i]);
            let difference = |h: f64| {
                let [high, low] = [h, -h].map(|h| set.moved([p, q], i, h).unwrap());
                // With a side the line may change over between the two poses.
                let same = high.contacts == low.contacts && (high.length - low.length).abs() < 1e-3;
                same.then(|| (high.length - low.length) / (2.0 * h))
            };
            // Where a contact has only just begun the second slope is large: the steps that agree best count.
            let tries = [1e-5, 1e-6].map(|h| {
                let (wide, narrow) = (difference(h)?, difference(0.5 * h)?);
                Some(((4.0 * narrow - wide) / 3.0, (wide - narrow).abs()))
            });
            let best = tries.into_iter().flatten().min_by(|a, b| a.1.total_cmp(&b.1));
            if let Some((slope, doubt)) = best && doubt < 1e-6 {
                prop_assert!((arms[i] + slope).abs() < 1e-6, "{i}: {} against {slope}", arms[i]);
            }
        }
    }
}

#[test]
fn sphere_by_hand() {
    let set = Scene::new(&[ball(Shape::Sphere { radius: 1.0 })]);
    let (p, q) = (Vec3::new(1.0, -0.5, 0.0), Vec3::new(-0.75, 1.0, 0.0));
    assert!((set.length([p, q]) - (0.5 + FRAC_PI_2 + 0.75)).abs() < 1e-14);
}
