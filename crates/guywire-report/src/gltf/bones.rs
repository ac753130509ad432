//! The skeleton as simple solids in the frames of its bodies, and the supports.

use super::file::Pose;
use super::shape::Shape;
use crate::figure::scene::{Vec3, add, dot, lerp, norm, scaled, sub};
use guywire::results::{BodyPose, Figure, Side, Surface};

/// Around a bone.
const SIDES: usize = 12;
/// Bodies whose bone runs to the origin of the next, and its radius, m.
const RODS: [(&str, &[&str], f64); 6] = [
    ("femur", &["tibia"], 0.016),
    ("tibia", &["talus", "calcn"], 0.014),
    ("calcn", &["toes"], 0.018),
    ("humerus", &["ulna", "radius"], 0.013),
    ("ulna", &["hand"], 0.008),
    ("radius", &["hand"], 0.008),
];
/// Landmarks that the bone of a body joins from its middle, and the radius, m.
const PELVIS: [&str; 5] =
    ["ASIS", "PSIS", "hip joint centre", "ischial tuberosity (lowest)", "iliac crest (highest)"];
const PELVIS_RADIUS: f64 = 0.012;
/// The chest about a point of the thorax frame: middle and half axes, m of a man of 1.70 m.
const CHEST: (Vec3, Vec3) = ([0.10, 0.15, 0.0], [0.10, 0.17, 0.135]);
/// Head likewise.
const HEAD: (Vec3, Vec3) = ([0.13, 0.50, 0.0], [0.095, 0.115, 0.075]);
/// Foot of the calcaneus frame, where the heel is.
const HEEL: (Vec3, f64) = ([0.01, 0.012, 0.0], 0.022);
/// Length of the toes, m.
const TOES: f64 = 0.055;
/// A body that is nothing else.
const DOT: f64 = 0.008;

/// A body with its bone.
pub(super) struct Drawn {
    pub name: String,
    pub pose: Pose,
    pub shape: Option<Shape>,
}

/// Every body of a figure.
pub(super) fn of(figure: &Figure) -> Vec<Drawn> {
    let sizes = Sizes::of(figure);
    figure
        .bodies
        .iter()
        .filter(|body| body.origin_m.iter().chain(body.rotation.as_flattened()).all(|v| v.is_finite()))
        .map(|body| {
            let shape = bone(figure, body, &sizes);
            let pose = Pose { origin: body.origin_m, rotation: body.rotation };
            Drawn { name: body.body.clone(), pose, shape: (!shape.is_empty()).then_some(shape) }
        })
        .collect()
}

/// How large the person is over a man of 1.70 m.
struct Sizes {
    whole: f64,
}

impl Sizes {
    fn of(figure: &Figure) -> Self {
        // Thigh of the built-in body.
        let thigh = match (origin(figure, "femur_r"), origin(figure, "tibia_r")) {
            (Some(hip), Some(knee)) => norm(sub(knee, hip)) / 0.41,
            _ => 1.0,
        };
        Self { whole: if thigh.is_finite() { thigh.clamp(0.3, 2.0) } else { 1.0 } }
    }
}

fn origin(figure: &Figure, body: &str) -> Option<Vec3> {
    figure.bodies.iter().find(|b| b.body == body).map(|b| b.origin_m)
}

/// A point of ground in the frame of a body.
fn local(body: &BodyPose, point: Vec3) -> Vec3 {
    let d = sub(point, body.origin_m);
    [0, 1, 2].map(|k| (0..3).map(|i| body.rotation[i][k] * d[i]).sum())
}

fn bone(figure: &Figure, body: &BodyPose, sizes: &Sizes) -> Shape {
    let mut shape = Shape::default();
    let size = sizes.whole;
    let (stem, side) = match body.body.rsplit_once('_') {
        Some((stem, side @ ("r" | "l"))) => (stem, side),
        _ => (body.body.as_str(), ""),
    };
    let near = |name: &str, side: Option<Side>| {
        let own =
            figure.landmarks.iter().filter(|l| l.landmark == name && (side.is_none() || l.side == side));
        own.map(|l| local(body, l.position_m)).collect::<Vec<_>>()
    };
    match stem {
        "pelvis" => {
            for side in [Side::Left, Side::Right] {
                let corners: Vec<Vec3> = PELVIS.iter().flat_map(|name| near(name, Some(side))).collect();
                let middle =
                    corners.iter().fold([0.0; 3], |s, c| add(s, scaled(*c, 1.0 / corners.len() as f64)));
                for corner in &corners {
                    shape.rod(middle, *corner, PELVIS_RADIUS * size, SIDES);
                }
                let front = near("pubic symphysis", None);
                if let (Some(front), false) = (front.first(), corners.is_empty()) {
                    shape.rod(middle, *front, PELVIS_RADIUS * size, SIDES);
                }
            }
        }
        "thorax" => {
            for (middle, half) in [CHEST, HEAD] {
                shape.blob(scaled(middle, size), scaled(half, size), 2 * SIDES);
            }
        }
        "calcn" => {
            shape.ball(scaled(HEEL.0, size), HEEL.1 * size, SIDES);
        }
        "toes" => {
            shape.rod([0.0; 3], [TOES * size, 0.0, 0.0], 0.011 * size, SIDES);
        }
        "patella" => shape.blob([0.0, 0.02 * size, 0.0], [0.01 * size, 0.022 * size, 0.02 * size], SIDES),
        "hand" => shape.blob([0.0, -0.07 * size, 0.0], [0.02 * size, 0.08 * size, 0.035 * size], SIDES),
        stem if stem.starts_with("lumbar") || stem == "sacrum" => vertebra(figure, body, &mut shape),
        _ => {}
    }
    for (own, next, radius) in RODS {
        let end = next.iter().find_map(|next| origin(figure, &format!("{next}_{side}")));
        if let (true, Some(end)) = (own == stem, end) {
            shape.rod([0.0; 3], local(body, end), radius * size, SIDES);
        }
    }
    let known = ["sacrum", "abdomen", "talus"].contains(&stem);
    if shape.is_empty() && !known {
        shape.ball([0.0; 3], DOT * size, SIDES);
    }
    shape
}

/// The body of a vertebra between its endplates.
fn vertebra(figure: &Figure, body: &BodyPose, shape: &mut Shape) {
    let ends: Vec<(Vec3, f64)> = ["superior", "inferior"]
        .iter()
        .filter_map(|which| {
            let ending = format!(" {which} endplate ");
            let find = |place: &str| {
                let own = figure.landmarks.iter().filter(|l| l.body == body.body);
                let mut named = own.filter(|l| l.landmark.ends_with(&format!("{ending}{place}")));
                named.next().map(|l| local(body, l.position_m))
            };
            let (front, back) = (find("anterior")?, find("posterior")?);
            Some((lerp(front, back, 0.5), 0.5 * norm(sub(front, back))))
        })
        .collect();
    match ends.as_slice() {
        [(top, a), (bottom, b)] => shape.tube(&[*top, *bottom], 0.5 * (a + b), 2 * SIDES),
        [(top, radius)] => shape.tube(&[*top, add(*top, [0.0, -0.5 * radius, 0.0])], *radius, 2 * SIDES),
        _ => {}
    }
}

/// Thickness and half width of a support, m.
const SLAB: [f64; 2] = [0.02, 0.45];

/// A support as a slab under the body.
pub(super) fn slab(surface: &Surface, figure: &Figure) -> Shape {
    let length = norm(surface.normal);
    let n = if length > 0.0 && length.is_finite() {
        scaled(surface.normal, 1.0 / length)
    } else {
        [0.0, 1.0, 0.0]
    };
    let point = surface.point_m.map(|v| if v.is_finite() { v } else { 0.0 });
    let mass = figure.centre_of_mass_m.map(|v| if v.is_finite() { v } else { 0.0 });
    // Beneath the mass, level to the side.
    let height = dot(sub(mass, point), n);
    let center = sub(sub(mass, scaled(n, height)), scaled(n, SLAB[0]));
    let side = [0.0, 0.0, 1.0];
    let forward =
        [n[1] * side[2] - n[2] * side[1], n[2] * side[0] - n[0] * side[2], n[0] * side[1] - n[1] * side[0]];
    let size = norm(forward);
    let forward = if size > 1e-6 { scaled(forward, 1.0 / size) } else { [1.0, 0.0, 0.0] };
    let across = [
        forward[1] * n[2] - forward[2] * n[1],
        forward[2] * n[0] - forward[0] * n[2],
        forward[0] * n[1] - forward[1] * n[0],
    ];
    let long = if surface.name == "table" || surface.name == "floor" { 2.2 } else { 1.0 };
    let mut shape = Shape::default();
    shape.block(center, [scaled(forward, SLAB[1] * long), scaled(n, SLAB[0]), scaled(across, SLAB[1])]);
    shape
}
