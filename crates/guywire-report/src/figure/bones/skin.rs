//! The outline of the body and the arms: drawn for orientation only, from assumed widths.

use super::thorax::{frame as thorax_frame, upright};
use super::{Scene, View};
use crate::figure::scene::{Vec3, add, dot, lerp, norm, scaled, sub};
use crate::svg::{Path, Point, hull};
use guywire::results::Side;

/// Lengths of upper arm and forearm with half the hand over the thorax template, in metres.
const ARM: [f64; 2] = [0.30, 0.30];

/// Trunk outline above the waist in the upright thorax template: x, y, half distance of two balls, radius.
const CHEST: [[f64; 4]; 5] = [
    [-0.012, 0.262, 0.110, 0.046],
    [0.000, 0.225, 0.105, 0.085],
    [0.020, 0.150, 0.062, 0.112],
    [0.030, 0.060, 0.052, 0.108],
    [0.026, -0.010, 0.056, 0.100],
];

/// Shoulder joint in the upright thorax template.
const SHOULDER: Vec3 = [-0.026, 0.262, 0.165];

fn add_hull(path: &mut Path, circles: &[(Point, f64)]) {
    path.polygon(&hull(circles));
}

/// Points of the back and of the head that a backrest or a table may carry.
pub(crate) fn back_of_trunk(scene: &Scene<'_>) -> Vec<Vec3> {
    let points = [[-0.09, 0.15, 0.0], [-0.09, 0.22, 0.0], [-0.06, 0.47, 0.0], [0.0, 0.56, 0.0]];
    thorax_frame(scene).map_or(Vec::new(), |t| points.map(|p| t.at(upright(p))).to_vec())
}

/// The body's outline, without arms.
pub(crate) fn outline(scene: &Scene<'_>, view: View) -> Path {
    let mut path = Path::default();
    let mut sections: Vec<[(Point, f64); 2]> = Vec::new();
    let mut section = |right: Vec3, left: Vec3, radius: f64| {
        sections.push([(view.project(right), radius), (view.project(left), radius)]);
    };
    if let Some(thorax) = thorax_frame(scene) {
        let unit = thorax.mean_size() * 1000.0;
        for [x, y, z, r] in CHEST {
            section(thorax.at(upright([x, y, z])), thorax.at(upright([x, y, -z])), r * unit);
        }
        let ball = |p: [f64; 4]| (view.project(thorax.at(upright([p[0], p[1], p[2]]))), p[3] * unit);
        add_hull(&mut path, &[ball([0.010, 0.30, 0.0, 0.060]), ball([0.034, 0.40, 0.0, 0.056])]);
        add_hull(
            &mut path,
            &[
                ball([0.030, 0.497, 0.0, 0.083]),
                ball([0.062, 0.492, 0.0, 0.079]),
                ball([0.098, 0.405, 0.0, 0.040]),
            ],
        );
        add_hull(
            &mut path,
            &[
                ball([0.120, 0.46, 0.0, 0.018]),
                ball([0.142, 0.452, 0.0, 0.009]),
                ball([0.118, 0.49, 0.0, 0.024]),
            ],
        );
    }
    for (body, [x, y, z, r]) in [
        ("lumbar3", [0.016, 0.02, 0.060, 0.090]),
        ("pelvis", [-0.060, 0.020, 0.082, 0.094]),
        ("pelvis", [-0.070, -0.070, 0.090, 0.096]),
    ] {
        if let Some(frame) = scene.body(body) {
            section(frame.at([x, y, z]), frame.at([x, y, -z]), r * 1000.0);
        }
    }
    for pair in sections.windows(2) {
        add_hull(&mut path, &[pair[0][0], pair[0][1], pair[1][0], pair[1][1]]);
    }
    for side in Side::BOTH {
        leg(scene, view, side, &mut path);
    }
    path
}

fn leg(scene: &Scene<'_>, view: View, side: Side, path: &mut Path) {
    let at = |body: &str, p: Vec3| scene.limb(body, side).map(|f| view.project(f.at(p)));
    let chains: [&[(&str, Vec3, f64)]; 2] = [
        &[
            ("femur", [-0.010, -0.010, 0.020], 88.0),
            ("femur", [0.005, -0.160, 0.022], 76.0),
            ("femur", [0.002, -0.380, 0.0], 55.0),
            ("tibia", [-0.006, -0.030, 0.0], 52.0),
            ("tibia", [-0.022, -0.130, 0.004], 53.0),
            ("tibia", [-0.012, -0.300, 0.0], 35.0),
            ("tibia", [-0.012, -0.390, 0.0], 33.0),
            ("calcn", [0.014, 0.022, -0.004], 30.0),
        ],
        &[
            ("tibia", [-0.012, -0.390, 0.0], 33.0),
            ("calcn", [0.100, 0.022, -0.006], 27.0),
            ("calcn", [0.170, 0.004, -0.004], 16.0),
            ("toes", [0.052, 0.000, -0.006], 11.0),
        ],
    ];
    for chain in chains {
        for pair in chain.windows(2) {
            if let (Some(a), Some(b)) = (at(pair[0].0, pair[0].1), at(pair[1].0, pair[1].1)) {
                path.capsule(a, pair[0].2, b, pair[1].2);
            }
        }
    }
    if let (Some(heel), Some(ball)) =
        (at("calcn", [0.014, 0.022, -0.004]), at("calcn", [0.170, 0.004, -0.004]))
    {
        path.capsule(heel, 28.0, ball, 16.0);
    }
}

/// Arms from shoulder to hand: holding the weight, on the thighs, along a lying body, or hanging.
pub(crate) fn arms(scene: &Scene<'_>, view: View, side: Side) -> Path {
    let mut path = Path::default();
    let Some(thorax) = thorax_frame(scene) else { return path };
    let sign = if side == Side::Left { -1.0 } else { 1.0 };
    let shoulder = thorax.at(upright([SHOULDER[0], SHOULDER[1], sign * SHOULDER[2]]));
    let [upper, fore] = ARM.map(|l| l * thorax.mean_size());
    let hand = hand(scene, side, shoulder, upper + fore).unwrap_or_else(|| {
        if scene.lies() {
            thorax.at(upright([SHOULDER[0] + 0.03, SHOULDER[1] - 0.59, sign * 0.27]))
        } else {
            add(shoulder, [0.03, -0.98 * (upper + fore), sign * 0.09])
        }
    });
    let leaning = scene.figure.leaning.iter().find(|arm| arm.side == side);
    let hand = leaning.map_or(hand, |arm| scene.moved(arm.hand_m));
    let span = sub(hand, shoulder);
    let length = norm(span).clamp(1e-6, 0.999 * (upper + fore));
    let along = scaled(span, 1.0 / norm(span).max(1e-6));
    // The elbow points backwards of the trunk, square to the line from shoulder to hand.
    let back = thorax.direction(upright([-1.0, 0.0, 0.25 * sign]));
    let square = sub(back, scaled(along, dot(back, along)));
    let square = scaled(square, 1.0 / norm(square).max(1e-6));
    let near = (upper * upper - fore * fore + length * length) / (2.0 * length);
    let height = (upper * upper - near * near).max(0.0).sqrt();
    let elbow = add(shoulder, add(scaled(along, near), scaled(square, height)));
    let elbow = leaning.and_then(|arm| arm.elbow_m).map_or(elbow, |at| scene.moved(at));
    let hand = if leaning.is_some() { hand } else { add(shoulder, scaled(along, length)) };
    let wrist = lerp(elbow, hand, 0.72);
    let joints = [(shoulder, 46.0), (elbow, 34.0), (wrist, 23.0), (hand, 26.0)];
    for pair in joints.windows(2) {
        path.capsule(view.project(pair[0].0), pair[0].1, view.project(pair[1].0), pair[1].1);
    }
    path
}

fn hand(scene: &Scene<'_>, side: Side, shoulder: Vec3, reach: f64) -> Option<Vec3> {
    let sign = if side == Side::Left { -1.0 } else { 1.0 };
    if let Some(load) = scene.figure.held.first() {
        return Some(add(scene.moved(load.position_m), [0.0, 0.06, 0.13 * sign]));
    }
    let femur = scene.limb("femur", side)?;
    let thigh = sub(femur.at([0.0, -0.4, 0.0]), femur.at([0.0; 3]));
    let sits = !scene.lies() && thigh[1].abs() < 0.5 * norm(thigh);
    let on_thigh = add(femur.at([0.0, -0.30, 0.0]), [0.0, 0.085, 0.0]);
    (sits && norm(sub(on_thigh, shoulder)) < reach).then_some(on_thigh)
}
