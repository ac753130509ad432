//! Lines over several surfaces in one gap, against an independent search for the shortest string and central differences.
#![allow(clippy::unwrap_used, reason = "a test may panic, in its helpers too")]

mod string;

use guywire_engine::path::{AllowedSide, PathPoint, Shape, Surface, Wrap};
use guywire_engine::{Body, Coordinate, Joint, Kinematics, Model, Path, PathSet};
use guywire_math::{Dual, Mat3, Pose, Vec3};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{RngAlgorithm, TestRng, TestRunner};
use string::{finer, measured, pull, slack};

/// Two free bodies in ground; surfaces on ground, the ends of the path on the bodies' origins.
fn scene(surfaces: &[Surface]) -> (Model, PathSet) {
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
    let wraps = surfaces.iter().map(|surface| Wrap { surface: surface.clone(), first: 0, last: 1 }).collect();
    let paths = PathSet::new(&model, vec![Path { points, wraps, by_coordinates: None }]).unwrap();
    (model, paths)
}

fn pose(p: Vec3<f64>, q: Vec3<f64>) -> [f64; 12] {
    [0.0, 0.0, 0.0, p.x, p.y, p.z, 0.0, 0.0, 0.0, q.x, q.y, q.z]
}

struct Line {
    length: f64,
    arms: Vec<f64>,
    points: Vec<Vec3<f64>>,
    contacts: usize,
}

fn solve((model, paths): &(Model, PathSet), p: Vec3<f64>, q: Vec3<f64>) -> Option<Line> {
    let mut kinematics = Kinematics::<f64>::new(model);
    kinematics.update(model, &pose(p, q));
    let mut arms = paths.moment_arms();
    paths.update(model, &kinematics, &mut arms).ok()?;
    let mut all = vec![0.0; 12];
    for (&i, &arm) in paths.columns().iter().zip(&arms.values) {
        all[i] = arm;
    }
    let path = &paths.paths()[0];
    Some(Line {
        length: arms.lengths[0],
        arms: all,
        points: path.polyline(&kinematics),
        contacts: path.contacts(&kinematics).len(),
    })
}

const SHAPES: [Shape; 4] = [
    Shape::Cylinder { radius: 0.03, length: 0.0 },
    Shape::Sphere { radius: 0.035 },
    Shape::Ellipsoid { radii: Vec3::new(0.05, 0.03, 0.04) },
    Shape::Ellipsoid { radii: Vec3::new(0.045, 0.015, 0.035) },
];

/// Surfaces one behind the other along x, which do not meet.
fn surfaces() -> impl Strategy<Value = Vec<Surface>> {
    let one = (0..4usize, prop::array::uniform3(-1.5..1.5f64), prop::array::uniform2(-0.02..0.02f64));
    prop::collection::vec(one, 2..4).prop_map(|list| {
        let placed = |(k, (shape, turn, off)): (usize, (usize, [f64; 3], [f64; 2]))| {
            // A cylinder has no ends: it stands across the row.
            let turn = if shape == 0 { [turn[0] * 0.2, turn[1] * 0.1, 0.0] } else { turn };
            let frame = Pose {
                rotation: Mat3::euler_xyz(turn[0], turn[1], turn[2]),
                position: Vec3::new(0.12 * k as f64, off[0], off[1]),
            };
            Surface { name: format!("s{k}"), body: 0, frame, shape: SHAPES[shape], side: AllowedSide::Any }
        };
        list.into_iter().enumerate().map(placed).collect()
    })
}

fn end() -> impl Strategy<Value = Vec3<f64>> {
    (0.07..0.12f64, -0.08..0.08f64, -0.05..0.05f64).prop_map(|(x, y, z)| Vec3::new(x, y, z))
}

/// The ends, before the first surface and behind the last.
fn across(surfaces: &[Surface], p: Vec3<f64>, q: Vec3<f64>) -> (Vec3<f64>, Vec3<f64>) {
    let last = 0.12 * (surfaces.len() - 1) as f64;
    (Vec3::new(-p.x, p.y, p.z), Vec3::new(last + q.x, q.y, q.z))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, failure_persistence: None, ..ProptestConfig::default() })]

    /// The line is taut: an independent string pulled from it keeps its length, and is outside all surfaces.
    #[test]
    fn the_line_is_taut(surfaces in surfaces(), p in end(), q in end()) {
        let (p, q) = across(&surfaces, p, q);
        let Some(Line { length, points, .. }) = solve(&scene(&surfaces), p, q) else { return Ok(()) };
        let mut x = slack(&surfaces, &points, 200);
        pull(&surfaces, &mut x);
        for _ in 0..3 {
            x = finer(&surfaces, &x);
            pull(&surfaces, &mut x);
        }
        let expected = measured(&surfaces, &x);
        prop_assert!((length - expected).abs() < 1e-7, "{length} against {expected}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    /// Moment arms are slopes of the length, by dual numbers and by central differences.
    #[test]
    fn moment_arms_are_slopes(surfaces in surfaces(), p in end(), q in end()) {
        let (p, q) = across(&surfaces, p, q);
        let set = scene(&surfaces);
        // About one scene in ten thousand has no line that was found; `lines_are_found` counts them.
        let Some(Line { arms, contacts, .. }) = solve(&set, p, q) else { return Ok(()) };
        let at = pose(p, q);
        for i in (3..6).chain(9..12) {
            let moved = |h: f64| {
                let mut m = at;
                m[i] += h;
                solve(&set, Vec3::new(m[3], m[4], m[5]), Vec3::new(m[9], m[10], m[11]))
            };
            // Two steps, extrapolated.
            let difference = |h: f64| {
                let (high, low) = (moved(h)?, moved(-h)?);
                (high.contacts == contacts && low.contacts == contacts)
                    .then(|| (high.length - low.length) / (2.0 * h))
            };
            if let (Some(fine), Some(coarse)) = (difference(1e-6), difference(2e-6)) {
                let slope = fine + (fine - coarse) / 3.0;
                // Where two lines are equally long, the other one may be taken at the next pose.
                let jumps = (fine - coarse).abs() > 1.0;
                prop_assert!(jumps || (arms[i] + slope).abs() < 1e-6, "{i}: {} against {slope}", arms[i]);
            }
            let mut kinematics = Kinematics::<Dual<1>>::new(&set.0);
            let mut dual = at.map(<Dual<1> as guywire_math::Real>::lift);
            dual[i].slope[0] = 1.0;
            kinematics.update(&set.0, &dual);
            let exact = set.1.paths()[0].follow(&kinematics, |_| {}).slope[0];
            prop_assert!((arms[i] + exact).abs() < 1e-8, "{i}: {} against {exact}", arms[i]);
        }
    }
}

/// No scene of a thousand is without a line.
#[test]
fn lines_are_found() {
    let mut runner = TestRunner::new_with_rng(
        ProptestConfig::default(),
        TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]),
    );
    let scenes = (surfaces(), end(), end());
    for _ in 0..1000 {
        let (surfaces, p, q) = scenes.new_tree(&mut runner).unwrap().current();
        let (p, q) = across(&surfaces, p, q);
        assert!(solve(&scene(&surfaces), p, q).is_some(), "{surfaces:?} {p:?} {q:?}");
    }
}
