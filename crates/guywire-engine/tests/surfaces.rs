//! Lines over spheres and ellipsoids against an independent search for the shortest string.
//!
//! The search knows nothing of tangents and geodesics: a string of many points, each pulled onto the middle of its
//! neighbours and pushed out of the surface, until it is taut; lengths of strings with more and more points are
//! extrapolated.
#![allow(clippy::unwrap_used, reason = "a test may panic, in its helpers too")]

use guywire_engine::path::{AllowedSide, PathPoint, Shape, Surface, Wrap};
use guywire_engine::{Body, Coordinate, Joint, Kinematics, Model, Path, PathSet};
use guywire_math::{Dual, Mat3, Pose, Vec3};
use proptest::prelude::*;
use std::f64::consts::{FRAC_PI_2, PI};

const SPHERE: Shape = Shape::Sphere { radius: 0.04 };
const EGG: Shape = Shape::Ellipsoid { radii: Vec3::new(0.05, 0.03, 0.04) };
const LENS: Shape = Shape::Ellipsoid { radii: Vec3::new(0.06, 0.015, 0.04) };

fn surface(shape: Shape, side: AllowedSide) -> Surface {
    Surface { name: "roller".into(), body: 0, frame: Pose::identity(), shape, side }
}

/// Two free bodies in ground; surfaces on ground, the ends of the path on the bodies' origins.
fn scene(surfaces: Vec<Surface>) -> (Model, PathSet) {
    let inertia = Mat3 { rows: [Vec3::zero(); 3] };
    let body = |name: &str| Body { name: name.into(), mass: 1.0, center_of_mass: Vec3::zero(), inertia };
    let coordinates = (0..12)
        .map(|i| Coordinate { name: format!("q{i}"), default: 0.0, range: None, locked: false })
        .collect();
    let free = |name: &str, child: usize, c: usize| {
        Joint::weld(name, 0, child, Pose::identity(), Pose::identity())
            .free([c, c + 1, c + 2], [c + 3, c + 4, c + 5])
    };
    let joints = vec![free("first", 1, 0), free("second", 2, 6)];
    let model = Model::new(["ground", "p", "q"].map(body).to_vec(), joints, coordinates, vec![]).unwrap();
    let points = [1, 2].map(|b| PathPoint::fixed(b, Vec3::zero())).to_vec();
    let wraps = surfaces.into_iter().map(|surface| Wrap { surface, first: 0, last: 1 }).collect();
    let paths = PathSet::new(&model, vec![Path::through(points, wraps)]).unwrap();
    (model, paths)
}

fn pose(p: Vec3<f64>, q: Vec3<f64>) -> [f64; 12] {
    [0.0, 0.0, 0.0, p.x, p.y, p.z, 0.0, 0.0, 0.0, q.x, q.y, q.z]
}

/// Length and moment arms.
fn solve((model, paths): &(Model, PathSet), p: Vec3<f64>, q: Vec3<f64>) -> (f64, Vec<f64>) {
    let mut kinematics = Kinematics::<f64>::new(model);
    kinematics.update(model, &pose(p, q));
    let mut arms = paths.moment_arms();
    paths.update(model, &kinematics, &mut arms).unwrap();
    let mut all = vec![0.0; 12];
    for (&i, &arm) in paths.columns().iter().zip(&arms.values) {
        all[i] = arm;
    }
    (arms.lengths[0], all)
}

fn touches((model, paths): &(Model, PathSet), p: Vec3<f64>, q: Vec3<f64>) -> usize {
    let mut kinematics = Kinematics::<f64>::new(model);
    kinematics.update(model, &pose(p, q));
    paths.paths()[0].contacts(&kinematics).len()
}

/// Signed depth below the surface (positive inside) and the outward direction, both in m.
fn depth(shape: Shape, x: Vec3<f64>) -> (f64, Vec3<f64>) {
    match shape {
        Shape::Sphere { radius } => (radius - x.norm(), x * (1.0 / x.norm())),
        Shape::Ellipsoid { radii } => {
            let scaled = Vec3::new(x.x / radii.x, x.y / radii.y, x.z / radii.z);
            let gradient = Vec3::new(scaled.x / radii.x, scaled.y / radii.y, scaled.z / radii.z);
            // First order: exact on the surface, to which the pushing converges.
            ((1.0 - scaled.dot(scaled)) / (2.0 * gradient.norm()), gradient * (1.0 / gradient.norm()))
        }
        _ => unreachable!("cylinders and rings have tests of their own"),
    }
}

fn outside(shape: Shape, mut x: Vec3<f64>) -> Vec3<f64> {
    for _ in 0..30 {
        let (below, out) = depth(shape, x);
        if below < 1e-16 {
            break;
        }
        x += out * below;
    }
    x
}

/// A string of `count` pieces that starts along `through`, not yet taut.
fn slack(shape: Shape, p: Vec3<f64>, q: Vec3<f64>, through: &[Vec3<f64>], count: usize) -> Vec<Vec3<f64>> {
    let guide: Vec<Vec3<f64>> = [p].iter().chain(through).chain([&q]).copied().collect();
    let mut x: Vec<Vec3<f64>> = (0..=count)
        .map(|k| {
            let at = k as f64 / count as f64 * (guide.len() - 1) as f64;
            let i = (at as usize).min(guide.len() - 2);
            outside(shape, guide[i] + (guide[i + 1] - guide[i]) * (at - i as f64))
        })
        .collect();
    (x[0], x[count]) = (p, q);
    x
}

/// Pulls a string taut.
fn pull(shape: Shape, x: &mut [Vec3<f64>]) {
    let count = x.len() - 1;
    let over = 2.0 / (1.0 + (PI / count as f64).sin());
    for _ in 0..20_000 {
        let mut change: f64 = 0.0;
        for k in 1..count {
            let middle = (x[k - 1] + x[k + 1]) * 0.5;
            let next = outside(shape, x[k] + (middle - x[k]) * over);
            change = change.max((next - x[k]).norm());
            x[k] = next;
        }
        if change < 1e-13 {
            break;
        }
    }
}

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
            let (below, out) = depth(shape, x);
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

fn half_axes(shape: Shape) -> Vec3<f64> {
    match shape {
        Shape::Sphere { radius } => Vec3::new(radius, radius, radius),
        Shape::Ellipsoid { radii } => radii,
        _ => unreachable!("only balls have gates"),
    }
}

/// Pulls a string taut whose middle passes a gate.
fn pull_through(shape: Shape, gate: &Gate, x: &mut [Vec3<f64>]) {
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
                outside(shape, x[k] + (middle - x[k]) * over)
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
    let gate = Gate::new(shape, side, p, q);
    // There may be several shortest ones among their neighbours, even on one half of a lens.
    let guides = [-0.1, -0.05, 0.0, 0.05, 0.1].map(|along| [0.01, 0.05].map(|up| [along, up])).concat();
    let strings = guides.into_iter().map(|[along, up]| {
        let guide = gate.side * up + gate.axis * along;
        let mut x = slack(shape, p, q, &[gate.through(shape, guide)], 100);
        pull_through(shape, &gate, &mut x);
        x
    });
    let mut x = strings.min_by(|a, b| measured(shape, a).total_cmp(&measured(shape, b))).unwrap();
    for _ in 0..5 {
        x = finer(shape, &x);
        pull_through(shape, &gate, &mut x);
    }
    measured(shape, &x)
}

/// Twice as many pieces.
fn finer(shape: Shape, x: &[Vec3<f64>]) -> Vec<Vec3<f64>> {
    let mut fine: Vec<Vec3<f64>> =
        x.windows(2).flat_map(|w| [w[0], outside(shape, (w[0] + w[1]) * 0.5)]).collect();
    fine.extend(x.last());
    fine
}

/// Length of a string; a piece with both ends on the surface counts as an arc.
fn measured(shape: Shape, x: &[Vec3<f64>]) -> f64 {
    let piece = |w: &[Vec3<f64>]| {
        let chord = (w[1] - w[0]).norm();
        let ([below, under], [a, b]) =
            ([depth(shape, w[0]).0, depth(shape, w[1]).0], [depth(shape, w[0]).1, depth(shape, w[1]).1]);
        if below.abs().max(under.abs()) > 1e-9 {
            return chord;
        }
        // Half the angle between the normals along the piece.
        let t = (w[1] - w[0]) * (1.0 / chord);
        let half = 0.5 * (a.dot(t).abs() + b.dot(t).abs());
        chord * half.asin() / half.max(1e-300)
    };
    x.windows(2).map(piece).sum()
}

/// The shortest string: from guides over every side.
fn shortest(shape: Shape, p: Vec3<f64>, q: Vec3<f64>) -> f64 {
    let around = |angle: f64| -> Vec<Vec3<f64>> {
        let along = (q - p) * (1.0 / (q - p).norm());
        let first = along.cross(Vec3::new(0.31, -0.59, 0.74));
        let first = first * (1.0 / first.norm());
        vec![(first * angle.cos() + along.cross(first) * angle.sin()) * 0.08]
    };
    let guides: Vec<Vec<Vec3<f64>>> = (0..6).map(|k| around(PI / 3.0 * f64::from(k))).collect();
    let coarse = |through: &Vec<Vec3<f64>>| {
        let mut x = slack(shape, p, q, through, 100);
        pull(shape, &mut x);
        x
    };
    let strings = guides.iter().map(coarse);
    let mut x = strings.min_by(|a, b| measured(shape, a).total_cmp(&measured(shape, b))).unwrap();
    // Pieces with one end on the surface leave an error of their length squared: 1600 pieces.
    for _ in 0..4 {
        x = finer(shape, &x);
        pull(shape, &mut x);
    }
    measured(shape, &x)
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
        let set = scene(vec![surface(shape, AllowedSide::Any)]);
        prop_assume!(depth(shape, q).0 < -1e-3);
        let found = solve(&set, p, q).0;
        let expected = shortest(shape, p, q);
        prop_assert!((found - expected).abs() < 1e-7, "{shape:?} {found} against {expected}");
    }

    /// With a side, the line is the shortest string on it.
    #[test]
    fn the_shortest_line_on_a_side_is_found(p in any_point(), q in any_point(), shape in 0..3usize, side in 1..7usize, near in 0.0..0.015f64) {
        let (shape, side) = ([SPHERE, EGG, LENS][shape], SIDES[side]);
        let q = Vec3::new(near, near * 0.3, -near) * 2.0 - p + (q - p) * 0.1;
        let straight = [p, q].map(|v| { let a = half_axes(shape); Vec3::new(v.x / a.x, v.y / a.y, v.z / a.z) });
        let d = straight[1] - straight[0];
        let foot = straight[0] - d * (straight[0].dot(d) / d.dot(d));
        prop_assume!(depth(shape, q).0 < -1e-3 && foot.norm() < 0.99);
        let set = scene(vec![surface(shape, side)]);
        let found = solve(&set, p, q).0;
        let expected = shortest_on_side(shape, side, p, q);
        prop_assert!((found - expected).abs() < 1e-7, "{shape:?} {found} against {expected}");
    }

    /// A length changes by no more than its ends move: no jumps.
    #[test]
    fn no_jumps_over_a_sweep(p in any_point(), turn in prop::array::uniform3(-1.0..1.0f64), shape in 0..3usize) {
        let shape = [SPHERE, EGG, LENS][shape];
        let set = scene(vec![surface(shape, AllowedSide::Any)]);
        let at = |t: f64| {
            Vec3::new(0.1 * (turn[0] + t).cos(), 0.1 * (turn[1] + t).sin(), 0.05 * (turn[2] + 2.0 * t).sin())
        };
        let mut last: Option<(Vec3<f64>, f64)> = None;
        for k in 0..400 {
            let q = at(0.01 * f64::from(k));
            if depth(shape, q).0 > -1e-4 {
                last = None;
                continue;
            }
            let (length, _) = solve(&set, p, q);
            if let Some((before, known)) = last {
                prop_assert!((length - known).abs() < (q - before).norm() + 1e-9, "{shape:?} {known} to {length}");
            }
            last = Some((q, length));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    /// Moment arms are slopes of the length, by dual numbers and by central differences, on every surface and side.
    #[test]
    fn moment_arms_are_slopes(p in any_point(), q in any_point(), shape in 0..3usize, side in 0..7usize, sink in any::<bool>()) {
        let shape = [SPHERE, EGG, LENS][shape];
        let p = if sink { p * (0.012 / p.norm()) } else { p };
        let set = scene(vec![surface(shape, SIDES[side])]);
        let (_, arms) = solve(&set, p, q);
        let at = pose(p, q);
        for i in (3..6).chain(9..12) {
            let h = 1e-6;
            let mut moved = [at, at];
            moved[0][i] += h;
            moved[1][i] -= h;
            let [high, low] = moved.map(|m| {
                let (p, q) = (Vec3::new(m[3], m[4], m[5]), Vec3::new(m[9], m[10], m[11]));
                (solve(&set, p, q).0, touches(&set, p, q))
            });
            // With a side the line may change over between the two poses.
            if high.1 != low.1 || (high.0 - low.0).abs() > 1e-3 {
                continue;
            }
            let slope = (high.0 - low.0) / (2.0 * h);
            prop_assert!((arms[i] + slope).abs() < 1e-5, "{i}: {} against {slope}", arms[i]);
            let mut kinematics = Kinematics::<Dual<1>>::new(&set.0);
            let mut dual = at.map(<Dual<1> as guywire_math::Real>::lift);
            dual[i].slope[0] = 1.0;
            kinematics.update(&set.0, &dual);
            let exact = set.1.paths()[0].follow(&kinematics, |_| {}).slope[0];
            prop_assert!((arms[i] + exact).abs() < 1e-8, "{i}: {} against {exact}", arms[i]);
        }
    }
}

#[test]
fn sphere_by_hand() {
    let set = scene(vec![surface(Shape::Sphere { radius: 1.0 }, AllowedSide::Any)]);
    let (p, q) = (Vec3::new(1.0, -0.5, 0.0), Vec3::new(-0.75, 1.0, 0.0));
    assert!((solve(&set, p, q).0 - (0.5 + FRAC_PI_2 + 0.75)).abs() < 1e-14);
}
