//! Lines over several surfaces in one gap, against an independent search for the shortest string and central differences.

use super::scene::{Line, Scene};
use super::string::{finer, measured, pull, slack};
use guywire_engine::path::{AllowedSide, Shape, Surface};
use guywire_math::{Mat3, Pose, Vec3};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{RngAlgorithm, TestRng, TestRunner};

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
fn across(surfaces: &[Surface], p: Vec3<f64>, q: Vec3<f64>) -> [Vec3<f64>; 2] {
    let last = 0.12 * (surfaces.len() - 1) as f64;
    [Vec3::new(-p.x, p.y, p.z), Vec3::new(last + q.x, q.y, q.z)]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    /// The line is taut: an independent string pulled from it keeps its length, and is outside all surfaces.
    #[test]
    fn the_line_is_taut(surfaces in surfaces(), p in end(), q in end()) {
        let ends = across(&surfaces, p, q);
        let scene = Scene::new(&surfaces);
        let Some(line) = scene.try_line(ends) else { return Ok(()) };
        let mut x = slack(&surfaces, &scene.polyline(ends), 200);
        pull(&surfaces, &mut x, 1e-13);
        for _ in 0..4 {
            x = finer(&surfaces, &x);
            pull(&surfaces, &mut x, 1e-13);
        }
        let expected = measured(&surfaces, &x);
        prop_assert!((line.length - expected).abs() < 1e-7, "{} against {expected}", line.length);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    /// Moment arms are slopes of the length, by dual numbers and by central differences.
    #[test]
    fn moment_arms_are_slopes(surfaces in surfaces(), p in end(), q in end()) {
        let ends = across(&surfaces, p, q);
        let scene = Scene::new(&surfaces);
        // About one scene in ten thousand has no line that was found; `lines_are_found` counts them.
        let Some(line) = scene.try_line(ends) else { return Ok(()) };
        slopes_hold(&scene, ends, &line, (3..6).chain(9..12))?;
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, failure_persistence: None, ..ProptestConfig::default() })]

    /// So they are where a contact rests on the rim of its side or an end lies inside, which pull otherwise than along
    /// tangents, with surfaces on ground and on the body of the second end.
    #[test]
    fn rims_and_sunk_ends_hand_on_their_pull(
        surfaces in surfaces(),
        sides in prop::collection::vec((0..4usize, any::<bool>()), 3),
        p in end(),
        q in end(),
        sunk in prop::option::of(0.1..0.9f64),
    ) {
        let mut ends = across(&surfaces, p, q);
        let mut surfaces = surfaces;
        if let Some(depth) = sunk {
            // Towards the middle of the first surface, of which this is the least half axis.
            let from = surfaces[0].frame.position;
            let out = ends[0] - from;
            ends[0] = from + out * (0.015 * depth / out.norm());
        }
        for (k, (surface, (side, moves))) in surfaces.iter_mut().zip(&sides).enumerate() {
            let all = [AllowedSide::Any, AllowedSide::Positive(1), AllowedSide::Negative(1), AllowedSide::Negative(0)];
            // An end inside has no sides.
            surface.side = if k == 0 && sunk.is_some() { AllowedSide::Any } else { all[*side] };
            if *moves {
                surface.body = 2;
                surface.frame.position += -ends[1];
            }
        }
        let scene = Scene::new(&surfaces);
        let Some(line) = scene.try_line(ends) else { return Ok(()) };
        slopes_hold(&scene, ends, &line, 0..12)?;
    }
}

/// Moment arms about coordinates against central differences and the derivative by dual numbers.
fn slopes_hold(
    scene: &Scene,
    ends: [Vec3<f64>; 2],
    line: &Line,
    coordinates: impl Iterator<Item = usize>,
) -> Result<(), TestCaseError> {
    let arms = scene.arms(ends);
    for i in coordinates {
        let arm = arms[i];
        // Two steps, extrapolated.
        let difference = |h: f64| {
            let (high, low) = (scene.moved(ends, i, h)?, scene.moved(ends, i, -h)?);
            // A kink, where two lines are equally long, has another slope on each side.
            let bend = (high.length + low.length - 2.0 * line.length).abs() / h;
            (high.contacts == line.contacts && low.contacts == line.contacts && bend < 1e-2)
                .then(|| (high.length - low.length) / (2.0 * h))
        };
        // Small steps where the line bends sharply, larger ones against rounding. What the extrapolation adds bounds
        // how far the difference itself is off.
        let misses = [1e-5, 1e-6].into_iter().filter_map(|h| {
            let (fine, coarse) = (difference(h)?, difference(2.0 * h)?);
            let beyond = (fine - coarse) / 3.0;
            Some((arm + fine + beyond).abs() - beyond.abs())
        });
        let least = misses.reduce(f64::min);
        prop_assert!(least.is_none_or(|least| least < 1e-6), "{i}: {arm} is not the slope by {least:?}");
        let exact = scene.exact_slope(ends, i);
        prop_assert!((arm + exact).abs() < 1e-8, "{i}: {arm} against {exact}");
    }
    Ok(())
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
        let ends = across(&surfaces, p, q);
        assert!(Scene::new(&surfaces).try_line(ends).is_some(), "{surfaces:?} {ends:?}");
    }
}
