//! Thoracic spine, rib cage, shoulder girdle, neck and head, all carried by the thorax.

use super::{Ball, Bone, Part, Pen, Scene, Vec3, View};
use crate::figure::scene::Frame;
use guywire::results::Side;

/// Distance between the origins of L5 and L1 in the body tables, which sizes the thorax.
const LUMBAR_LENGTH: f64 = 0.1472;

/// The thorax frame is that of T12, which leans back by 20° when the trunk is upright; templates below are
/// upright (x forward, y up from T12), so that they read like a chest.
const LEAN: (f64, f64) = (0.939_692_620_785_908_4, 0.342_020_143_325_668_7); // cosine, sine of 20°

/// A point of the upright template in the thorax frame.
pub(super) fn upright(p: Vec3) -> Vec3 {
    let (cos, sin) = LEAN;
    [p[0] * cos + p[1] * sin, -p[0] * sin + p[1] * cos, p[2]]
}

/// The thorax at the person's size.
pub(super) fn frame(scene: &Scene<'_>) -> Option<Frame> {
    let size = scene.ratio("lumbar5", "lumbar1", LUMBAR_LENGTH);
    scene.body("thorax").map(|f| f.sized([size; 3]))
}

/// Centres of the vertebral bodies from T12 up to C2.
const COLUMN: [[f64; 2]; 18] = [
    [-0.006, 0.017],
    [-0.016, 0.046],
    [-0.0225, 0.074],
    [-0.0265, 0.101],
    [-0.0285, 0.128],
    [-0.0285, 0.154],
    [-0.0270, 0.179],
    [-0.0235, 0.203],
    [-0.0185, 0.226],
    [-0.0118, 0.248],
    [-0.0035, 0.269],
    [0.0060, 0.288],
    [0.0150, 0.306],
    [0.0225, 0.323],
    [0.0280, 0.340],
    [0.0310, 0.357],
    [0.0315, 0.374],
    [0.0305, 0.392],
];

/// Ribs 1 to 12: largest half width, front end (x, y, z) and where it sits.
const RIBS: [[f64; 4]; 12] = [
    [0.055, 0.054, 0.262, 0.030],
    [0.086, 0.078, 0.236, 0.034],
    [0.106, 0.097, 0.206, 0.044],
    [0.120, 0.112, 0.174, 0.055],
    [0.130, 0.122, 0.142, 0.066],
    [0.137, 0.126, 0.108, 0.080],
    [0.142, 0.120, 0.075, 0.096],
    [0.144, 0.104, 0.044, 0.112],
    [0.143, 0.080, 0.017, 0.124],
    [0.138, 0.050, -0.006, 0.130],
    [0.122, 0.000, -0.024, 0.119],
    [0.090, -0.040, -0.026, 0.088],
];

const STERNUM: [Ball; 5] = [
    [0.050, 0.262, 0.0, 0.012],
    [0.064, 0.240, 0.0, 0.012],
    [0.083, 0.214, 0.0, 0.009],
    [0.118, 0.122, 0.0, 0.009],
    [0.122, 0.096, 0.0, 0.005],
];
const MANUBRIUM: [Vec3; 6] = [
    [0.046, 0.268, 0.020],
    [0.056, 0.252, 0.026],
    [0.080, 0.218, 0.014],
    [0.080, 0.218, -0.014],
    [0.056, 0.252, -0.026],
    [0.046, 0.268, -0.020],
];
const CLAVICLE: [Ball; 4] = [
    [0.052, 0.270, 0.022, 0.008],
    [0.050, 0.280, 0.065, 0.0055],
    [0.012, 0.292, 0.115, 0.0058],
    [-0.012, 0.294, 0.150, 0.0075],
];
const SCAPULA: [Vec3; 9] = [
    [-0.062, 0.268, 0.072],
    [-0.040, 0.280, 0.105],
    [-0.018, 0.272, 0.140],
    [-0.014, 0.250, 0.150],
    [-0.028, 0.228, 0.142],
    [-0.058, 0.180, 0.112],
    [-0.084, 0.124, 0.092],
    [-0.092, 0.135, 0.082],
    [-0.086, 0.215, 0.070],
];
const ACROMION: [Ball; 3] =
    [[-0.082, 0.245, 0.076, 0.005], [-0.050, 0.272, 0.125, 0.007], [-0.016, 0.292, 0.158, 0.009]];

const CRANIUM: [Ball; 4] = [
    [0.020, 0.492, 0.0, 0.072],
    [0.058, 0.498, 0.0, 0.070],
    [0.074, 0.482, 0.0, 0.058],
    [0.020, 0.470, 0.0, 0.060],
];
const FACE: [Vec3; 14] = [
    [0.128, 0.505, 0.0],
    [0.131, 0.486, 0.0],
    [0.126, 0.474, 0.0],
    [0.140, 0.454, 0.0],
    [0.130, 0.446, 0.0],
    [0.133, 0.428, 0.0],
    [0.131, 0.410, 0.0],
    [0.132, 0.392, 0.0],
    [0.120, 0.384, 0.0],
    [0.088, 0.394, 0.0],
    [0.058, 0.408, 0.0],
    [0.048, 0.440, 0.0],
    [0.060, 0.470, 0.0],
    [0.100, 0.510, 0.0],
];
const CHEEKS: [Vec3; 8] = [
    [0.090, 0.480, 0.066],
    [0.092, 0.446, 0.060],
    [0.100, 0.404, 0.040],
    [0.122, 0.385, 0.016],
    [0.122, 0.385, -0.016],
    [0.100, 0.404, -0.040],
    [0.092, 0.446, -0.060],
    [0.090, 0.480, -0.066],
];
const ORBIT: [Vec3; 6] = [
    [0.112, 0.478, 0.016],
    [0.110, 0.490, 0.026],
    [0.104, 0.488, 0.044],
    [0.100, 0.474, 0.050],
    [0.104, 0.462, 0.040],
    [0.110, 0.464, 0.020],
];

pub(super) fn draw(scene: &Scene<'_>, view: View, bones: &mut Vec<Bone>) {
    let Some(frame) = frame(scene) else { return };
    let pen = Pen { frame: &frame, view };
    column(&pen, bones);
    for side in Side::BOTH {
        bones.push(ribs(&pen, side));
        bones.push(shoulder(&pen, side));
    }
    let mut sternum = Bone::new(Part::RibCage, None);
    if view.is_side() {
        tube(&pen, &mut sternum, &STERNUM, 1.0);
    } else {
        let rim = MANUBRIUM.map(upright);
        pen.plate(&mut sternum.solid, &rim);
        tube(&pen, &mut sternum, &STERNUM[2..], 1.0);
    }
    bones.push(sternum);
    bones.push(head(&pen));
}

fn tube(pen: &Pen<'_>, bone: &mut Bone, balls: &[Ball], sign: f64) {
    let placed: Vec<Ball> = balls
        .iter()
        .map(|b| {
            let p = upright([b[0], b[1], sign * b[2]]);
            [p[0], p[1], p[2], b[3]]
        })
        .collect();
    pen.tube(&mut bone.solid, &placed);
}

fn column(pen: &Pen<'_>, bones: &mut Vec<Bone>) {
    for (i, centre) in COLUMN.iter().enumerate() {
        let below = if i == 0 { [0.002, -0.012] } else { COLUMN[i - 1] };
        let above = COLUMN[(i + 1).min(COLUMN.len() - 1)];
        let (dx, dy) = (above[0] - below[0], above[1] - below[1]);
        let length = (dx * dx + dy * dy).sqrt().max(1e-9);
        let up = [dx / length, dy / length];
        // Vertebrae grow downwards: half height, half depth, half width and reach of the spinous process.
        let t = i as f64 / (COLUMN.len() - 1) as f64;
        let (tall, deep, wide) = (0.0118 - 0.0048 * t, 0.0170 - 0.0085 * t, 0.0200 - 0.0085 * t);
        let at = |forward: f64, high: f64, z: f64| {
            upright([
                centre[0] + forward * up[1] + high * up[0],
                centre[1] - forward * up[0] + high * up[1],
                z,
            ])
        };
        let mut bone = Bone::new(Part::Spine, None);
        let reach = if i < 12 { 0.052 - 0.010 * t } else { 0.040 };
        let drop = if i < 3 {
            0.006
        } else if i < 10 {
            0.024
        } else {
            0.008
        };
        pen.plate(
            &mut bone.solid,
            &[
                at(-deep - 0.006, 0.006, 0.0),
                at(-deep - 0.55 * reach, 0.001 - 0.4 * drop, 0.0),
                at(-reach, -drop, 0.0),
                at(-reach + 0.005, -drop - 0.006, 0.0),
                at(-deep - 0.4 * reach, -0.010 - 0.4 * drop, 0.0),
                at(-deep - 0.006, -0.006, 0.0),
            ],
        );
        let corners = if pen.view.is_side() {
            [at(deep, tall, 0.0), at(-deep, tall, 0.0), at(-deep, -tall, 0.0), at(deep, -tall, 0.0)]
        } else {
            [at(0.0, tall, wide), at(0.0, tall, -wide), at(0.0, -tall, -wide), at(0.0, -tall, wide)]
        };
        bone.solid.waisted(corners.map(|p| pen.point(p)), 0.08);
        bones.push(bone);
    }
}

fn ribs(pen: &Pen<'_>, side: Side) -> Bone {
    let sign = if side == Side::Left { -1.0 } else { 1.0 };
    let mut bone = Bone::new(Part::RibCage, Some(side));
    for (i, [width, x, y, z]) in RIBS.iter().copied().enumerate() {
        let root = COLUMN[11 - i];
        let drop = root[1] - y;
        let mut curve = vec![
            [root[0] - 0.010, root[1] + 0.006, 0.016],
            [root[0] - 0.040, root[1] - 0.004 - 0.04 * drop, 0.030 + 0.12 * width],
            [-0.070 + 0.10 * (0.14 - width), root[1] - 0.016 - 0.22 * drop, 0.25 * width + 0.035],
        ];
        if i < 11 {
            let reach = (0.5 * (x - 0.02)).max(-0.02);
            curve.push([-0.048 + 0.25 * reach, root[1] - 0.02 - 0.42 * drop, 0.88 * width]);
            curve.push([reach - 0.012, root[1] - 0.01 - 0.68 * drop, width]);
            if i < 10 {
                curve.push([x - 0.030, y + 0.08 * drop, 0.5 * (width + z) + 0.012]);
            }
        }
        curve.push([x, y, z]);
        let points: Vec<_> = curve.iter().map(|p| pen.point(upright([p[0], p[1], sign * p[2]]))).collect();
        bone.tubes.curve(&points);
        if i < 10 {
            // Cartilage: straight to the sternum for the upper ribs, up along the costal margin for the lower.
            let end = match i {
                0 => [0.056, 0.252, 0.020],
                1 => [0.084, 0.220, 0.010],
                2..=6 => [0.086 + 0.0065 * (i as f64 - 2.0), 0.206 - 0.022 * (i as f64 - 2.0), 0.009],
                _ => {
                    let next = RIBS[i - 1];
                    [next[1] + 0.004, next[2] - 0.012, next[3] - 0.016]
                }
            };
            let middle = [0.5 * (x + end[0]) + 0.006, 0.5 * (y + end[1]) - 0.004, 0.5 * (z + end[2])];
            let line = [[x, y, z], middle, end].map(|p| pen.point(upright([p[0], p[1], sign * p[2]])));
            bone.detail.curve(&line);
        }
    }
    bone
}

fn shoulder(pen: &Pen<'_>, side: Side) -> Bone {
    let sign = if side == Side::Left { -1.0 } else { 1.0 };
    let mut bone = Bone::new(Part::ShoulderGirdle, Some(side));
    pen.plate(&mut bone.solid, &SCAPULA.map(|p| upright([p[0], p[1], sign * p[2]])));
    tube(pen, &mut bone, &ACROMION, sign);
    tube(pen, &mut bone, &CLAVICLE, sign);
    bone
}

fn head(pen: &Pen<'_>) -> Bone {
    let mut bone = Bone::new(Part::Skull, None);
    tube(pen, &mut bone, &CRANIUM, 1.0);
    pen.plate(&mut bone.solid, &FACE.map(upright));
    pen.plate(&mut bone.solid, &CHEEKS.map(upright));
    if pen.view.is_side() {
        bone.detail.ring(&pen.points(&ORBIT.map(upright)));
        let jaw = [[0.050, 0.452, 0.0], [0.053, 0.420, 0.0], [0.066, 0.408, 0.0], [0.090, 0.402, 0.0]];
        bone.detail.curve(&pen.points(&jaw.map(upright)));
        let mouth = [[0.131, 0.418, 0.0], [0.100, 0.419, 0.0]];
        bone.detail.curve(&pen.points(&mouth.map(upright)));
    } else {
        for sign in [1.0, -1.0] {
            let orbit = ORBIT.map(|p| upright([p[0], p[1], sign * p[2]]));
            bone.detail.ring(&pen.points(&orbit));
        }
        let nose = [[0.126, 0.462, 0.0], [0.126, 0.440, 0.010], [0.126, 0.440, -0.010]].map(upright);
        bone.detail.ring(&pen.points(&nose));
        let mouth = [[0.120, 0.418, 0.022], [0.131, 0.415, 0.0], [0.120, 0.418, -0.022]].map(upright);
        bone.detail.curve(&pen.points(&mouth));
    }
    bone
}
