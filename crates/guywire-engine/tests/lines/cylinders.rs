//! Lines over cylinders against an independent search for the shortest one, and against scenes worked by hand.

use super::scene::{Scene, surface};
use guywire_engine::path::{AllowedSide, Shape, Surface};
use guywire_math::{Mat3, Pose, Vec3};
use proptest::prelude::*;
use std::f64::consts::{FRAC_PI_2, PI, TAU};

const SIDES: [AllowedSide; 5] = [
    AllowedSide::Any,
    AllowedSide::Positive(0),
    AllowedSide::Negative(0),
    AllowedSide::Positive(1),
    AllowedSide::Negative(1),
];

fn cylinder(radius: f64, side: AllowedSide) -> Surface {
    surface(Shape::Cylinder { radius, length: 0.0 }, side)
}

fn length(surfaces: &[Surface], p: Vec3<f64>, q: Vec3<f64>) -> f64 {
    Scene::new(surfaces).length([p, q])
}

/// Length of the shortest line from `p` to `q` that turns by `turn` about the z axis: straight pieces over a
/// dense fan of half planes, found by relaxation. Knows nothing of tangents.
fn relaxed(radius: f64, p: Vec3<f64>, q: Vec3<f64>, turn: f64) -> f64 {
    const PLANES: usize = 160;
    let start = p.y.atan2(p.x);
    let at = |k: usize, rho: f64, z: f64| {
        let angle = start + turn * k as f64 / PLANES as f64;
        Vec3::new(rho * angle.cos(), rho * angle.sin(), z)
    };
    // Every point is pulled onto the chord of its neighbours, but not below the surface, until the line is taut.
    let (d1, d2) = (p.x.hypot(p.y), q.x.hypot(q.y));
    let mut rho: Vec<f64> =
        (0..=PLANES).map(|k| (d1 + (d2 - d1) * k as f64 / PLANES as f64).max(radius)).collect();
    let step = turn.abs() / PLANES as f64;
    for _ in 0..60_000 {
        let mut change: f64 = 0.0;
        for k in 1..PLANES {
            // The chord between the neighbours crosses the middle plane here.
            let taut = 2.0 * rho[k - 1] * rho[k + 1] * step.cos() / (rho[k - 1] + rho[k + 1]);
            let over = rho[k] + 1.9 * (taut - rho[k]);
            let next = over.max(radius);
            change = change.max((next - rho[k]).abs());
            rho[k] = next;
        }
        if change < 1e-13 {
            break;
        }
    }
    // Unrolled, the height rises evenly.
    let flat: f64 = (0..PLANES).map(|k| (at(k + 1, rho[k + 1], 0.0) - at(k, rho[k], 0.0)).norm()).sum();
    flat.hypot(q.z - p.z)
}

/// The turns from `p` to `q` that a side allows.
fn turns(side: AllowedSide, p: Vec3<f64>, q: Vec3<f64>) -> Vec<f64> {
    let (from, to) = (p.y.atan2(p.x), q.y.atan2(q.x));
    let ccw = (to - from).rem_euclid(TAU);
    let forbidden = match side {
        AllowedSide::Any => return vec![ccw, ccw - TAU],
        AllowedSide::Positive(0) => PI,
        AllowedSide::Negative(0) => 0.0,
        AllowedSide::Positive(_) => -FRAC_PI_2,
        AllowedSide::Negative(_) => FRAC_PI_2,
    };
    let crossed = (forbidden - from).rem_euclid(TAU) < ccw;
    vec![if crossed { ccw - TAU } else { ccw }]
}

fn point(radius: f64) -> impl Strategy<Value = Vec3<f64>> {
    (1.05..4.0, -PI..PI, -3.0..3.0)
        .prop_map(move |(d, a, z)| Vec3::new(radius * d * f64::cos(a), radius * d * f64::sin(a), radius * z))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    /// The closed form is the shortest line on the allowed side.
    #[test]
    fn one_cylinder_gives_the_shortest_line(p in point(0.04), q in point(0.04), side in 0..5usize) {
        let found = length(&[cylinder(0.04, SIDES[side])], p, q);
        let expected = turns(SIDES[side], p, q)
            .into_iter()
            .map(|turn| relaxed(0.04, p, q, turn))
            .fold(f64::INFINITY, f64::min);
        // Chords over 160 planes are shorter than arcs by up to (turn/160)²/24 of the arc.
        prop_assert!((found - expected).abs() < 1e-4 * (0.01 + found), "{found} against {expected}");
    }

    /// Moment arms are slopes of the length, exactly and by central differences, with one surface and with two.
    #[test]
    fn moment_arms_are_slopes(p in point(0.04), q in point(0.04), side in 0..5usize, two in any::<bool>(), sink in any::<bool>()) {
        let mut surfaces = vec![cylinder(0.04, SIDES[side])];
        if two {
            let far = Pose { rotation: Mat3::euler_xyz(0.3, -0.2, 0.0), position: Vec3::new(0.12, 0.03, 0.0) };
            surfaces.push(Surface { frame: far, ..cylinder(0.02, AllowedSide::Any) });
        }
        // The second surface stands in the half plane that this side of the first forbids: a line to it has no side.
        prop_assume!(!two || SIDES[side] != AllowedSide::Negative(0));
        // A point pressed into one of two surfaces has moment arms that are only nearly exact.
        prop_assume!(!two || surfaces.iter().all(|s| !s.contains(&s.frame, p) && !s.contains(&s.frame, q)));
        // One end below the surface.
        let p = if sink && !two { p * (0.034 / p.x.hypot(p.y)) } else { p };
        let scene = Scene::new(&surfaces);
        // Where both ways over the first cylinder are equally long, the second one may make each the longer of the two.
        let found = scene.try_line([p, q]);
        prop_assert!(two || found.is_some());
        if found.is_none() {
            return Ok(());
        }
        for (i, arm) in scene.arms([p, q]).into_iter().enumerate() {
            let exact = scene.exact_slope([p, q], i);
            prop_assert!((arm + exact).abs() < 1e-8, "{i}: {arm} against {exact}");
            let h = 1e-7;
            let (Some(high), Some(low)) = (scene.moved([p, q], i, h), scene.moved([p, q], i, -h)) else { continue };
            let slope = (high.length - low.length) / (2.0 * h);
            prop_assert!((arm + slope).abs() < 1e-6, "{i}: {arm} against {slope}");
        }
    }

    /// Sinking through the surface changes neither length nor its slopes abruptly.
    #[test]
    fn an_end_may_sink_in_smoothly(p in point(0.04), angle in -PI..PI, z in -0.1..0.1f64, side in 0..5usize) {
        let surface = [cylinder(0.04, SIDES[side])];
        let at = |d: f64| length(&surface, p, Vec3::new(d * angle.cos(), d * angle.sin(), z));
        let h = 1e-6;
        let values = [at(0.04 - 2.0 * h), at(0.04 - h), at(0.04 + h), at(0.04 + 2.0 * h)];
        prop_assert!((values[1] - values[2]).abs() < 3.0 * h);
        let slopes = [(values[1] - values[0]) / h, (values[3] - values[2]) / h];
        // Near the tangent direction the slope turns within √h.
        prop_assert!((slopes[0] - slopes[1]).abs() < 0.02, "{slopes:?}");
    }

    /// Moving the whole scene changes nothing.
    #[test]
    fn moving_the_scene_changes_nothing(p in point(0.04), q in point(0.04), side in 0..5usize, r in prop::array::uniform3(-3.0..3.0f64)) {
        let by = Pose { rotation: Mat3::euler_xyz(r[0], r[1], r[2]), position: Vec3::new(r[1], -r[2], r[0]) };
        let here = cylinder(0.04, SIDES[side]);
        let there = Surface { frame: by * here.frame, ..here.clone() };
        let (a, b) = (length(&[here], p, q), length(&[there], by.point(p), by.point(q)));
        prop_assert!((a - b).abs() < 1e-12, "{a} against {b}");
    }
}

/// A rope over a pulley: two tangents and a quarter of a circle.
#[test]
fn quarter_circle() {
    let found = length(
        &[cylinder(0.5, AllowedSide::Positive(1))],
        Vec3::new(0.5, -2.0, 0.0),
        Vec3::new(-3.0, 0.5, 0.0),
    );
    assert!((found - (2.0 + 0.5 * FRAC_PI_2 + 3.0)).abs() < 1e-14);
}

/// Half a circle over the allowed side and, unrolled, the hypotenuse of its rise.
#[test]
fn half_circle_with_rise() {
    let (p, q) = (Vec3::new(-1.0, -2.0, 0.0), Vec3::new(1.0, -2.0, 1.5));
    for (side, flat) in [(AllowedSide::Positive(1), 4.0 + PI), (AllowedSide::Negative(1), 2.0)] {
        let found = length(&[cylinder(1.0, side)], p, q);
        assert!((found - f64::hypot(flat, 1.5)).abs() < 1e-14, "{side:?}: {found}");
    }
}

/// A belt over two pulleys of one size: straight between them, a quarter of a circle on each.
#[test]
fn two_pulleys() {
    let far = Pose { position: Vec3::new(5.0, 0.0, 0.0), ..Pose::identity() };
    let first = cylinder(1.0, AllowedSide::Positive(1));
    let second = Surface { frame: far, ..first.clone() };
    let found = length(&[first, second], Vec3::new(-1.0, -2.0, 0.0), Vec3::new(6.0, -3.0, 0.0));
    assert!((found - (2.0 + FRAC_PI_2 + 5.0 + FRAC_PI_2 + 3.0)).abs() < 1e-12, "{found}");
}

/// A line clear of the surface is straight; one that passes wholly beyond an end is, too.
#[test]
fn no_contact_is_a_straight_line() {
    let (p, q) = (Vec3::new(-2.0, 0.1, 4.0), Vec3::new(2.0, 0.1, 4.5));
    let short = surface(Shape::Cylinder { radius: 1.0, length: 2.0 }, AllowedSide::Any);
    assert_eq!(length(&[short], p, q), (q - p).norm());
    let up = Vec3::new(0.0, 1.5, 0.0);
    assert_eq!(length(&[cylinder(1.0, AllowedSide::Any)], p + up, q + up), (q - p).norm());
}
