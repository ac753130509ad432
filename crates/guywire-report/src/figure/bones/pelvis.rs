//! Hip bones and sacrum.

use super::{Bone, Part, Pen, Scene, Vec3, View};
use guywire::results::Side;

/// Landmarks that size the pelvis, as in the body tables.
const LANDMARKS: [(&str, Vec3); 6] = [
    ("ASIS", [0.0, 0.0, 0.12083]),
    ("PSIS", [-0.13683, 0.0271, 0.04242]),
    ("pubic tubercle", [0.0, -0.07947, 0.02666]),
    ("ischial tuberosity (lowest)", [-0.06438, -0.13379, 0.03168]),
    ("iliac crest (highest)", [-0.07577, 0.081, 0.07644]),
    ("hip joint centre", [-0.05628, -0.07849, 0.07726]),
];

/// Rim of the hip bone: ASIS, crest, PSIS, sciatic notches, tuberosity, ramus, symphysis, tubercle, AIIS.
const RIM: [Vec3; 28] = [
    [0.003, 0.002, 0.121],
    [-0.008, 0.022, 0.129],
    [-0.026, 0.047, 0.132],
    [-0.050, 0.070, 0.120],
    [-0.076, 0.081, 0.095],
    [-0.103, 0.071, 0.070],
    [-0.126, 0.049, 0.052],
    [-0.139, 0.028, 0.042],
    [-0.139, 0.012, 0.043],
    [-0.127, -0.004, 0.050],
    [-0.105, -0.016, 0.066],
    [-0.093, -0.033, 0.072],
    [-0.094, -0.054, 0.066],
    [-0.107, -0.075, 0.052],
    [-0.099, -0.085, 0.058],
    [-0.101, -0.104, 0.056],
    [-0.097, -0.123, 0.050],
    [-0.080, -0.135, 0.040],
    [-0.062, -0.134, 0.033],
    [-0.040, -0.127, 0.024],
    [-0.020, -0.115, 0.012],
    [-0.010, -0.100, 0.003],
    [0.001, -0.085, 0.008],
    [0.000, -0.077, 0.027],
    [-0.012, -0.066, 0.048],
    [-0.026, -0.056, 0.072],
    [-0.021, -0.038, 0.094],
    [-0.017, -0.020, 0.108],
];

/// Obturator foramen.
const FORAMEN: [Vec3; 8] = [
    [-0.030, -0.082, 0.050],
    [-0.045, -0.092, 0.053],
    [-0.064, -0.105, 0.050],
    [-0.070, -0.117, 0.043],
    [-0.060, -0.122, 0.034],
    [-0.042, -0.117, 0.026],
    [-0.025, -0.105, 0.022],
    [-0.020, -0.090, 0.034],
];

/// Edge of the socket, a circle about the hip joint centre facing sideways, forwards and down.
const SOCKET_RADIUS: f64 = 0.027;

/// Midline outline of sacrum and coccyx in the sacrum frame, from the promontory backwards.
const SACRUM_PROFILE: [Vec3; 17] = [
    [-0.1142, 0.0755, 0.0],
    [-0.126, 0.074, 0.0],
    [-0.141, 0.064, 0.0],
    [-0.152, 0.051, 0.0],
    [-0.162, 0.041, 0.0],
    [-0.171, 0.024, 0.0],
    [-0.180, 0.009, 0.0],
    [-0.181, -0.008, 0.0],
    [-0.178, -0.022, 0.0],
    [-0.169, -0.036, 0.0],
    [-0.155, -0.044, 0.0],
    [-0.162, -0.032, 0.0],
    [-0.1655, -0.016, 0.0],
    [-0.161, 0.002, 0.0],
    [-0.145, 0.021, 0.0],
    [-0.118, 0.039, 0.0],
    [-0.0893, 0.0567, 0.0],
];

/// Seams between the sacral segments, from the front.
const SACRUM_SEAMS: [[[f64; 2]; 2]; 4] = [
    [[-0.117, 0.040], [-0.128, 0.055]],
    [[-0.137, 0.027], [-0.150, 0.039]],
    [[-0.153, 0.012], [-0.167, 0.020]],
    [[-0.163, -0.005], [-0.178, -0.001]],
];

/// Frontal outline of sacrum and coccyx, right half from the middle of the endplate down.
const SACRUM_HALF: [Vec3; 8] = [
    [-0.1017, 0.0661, 0.0],
    [-0.103, 0.065, 0.026],
    [-0.114, 0.062, 0.050],
    [-0.132, 0.040, 0.052],
    [-0.152, 0.010, 0.036],
    [-0.168, -0.014, 0.020],
    [-0.166, -0.030, 0.009],
    [-0.156, -0.044, 0.003],
];

pub(super) fn draw(scene: &Scene<'_>, view: View, bones: &mut Vec<Bone>) {
    if let Some(frame) = scene.body("sacrum") {
        let frame = match scene.body("pelvis") {
            Some(pelvis) => frame.sized(scene.fitted(pelvis, None, &LANDMARKS).size),
            None => frame,
        };
        let pen = Pen { frame: &frame, view };
        let mut bone = Bone::new(Part::Sacrum, None);
        pen.plate(&mut bone.solid, &SACRUM_PROFILE);
        let mut wings = SACRUM_HALF.to_vec();
        wings.extend(SACRUM_HALF.iter().rev().map(|p| [p[0], p[1], -p[2]]));
        pen.plate(&mut bone.solid, &wings);
        if view.is_side() {
            for seam in SACRUM_SEAMS {
                bone.detail.curve(&seam.map(|[x, y]| pen.point([x, y, 0.0])));
            }
        } else {
            for (x, y, z) in [(-0.118, 0.042, 0.021), (-0.136, 0.022, 0.019), (-0.150, 0.003, 0.016)] {
                for z in [z, -z] {
                    bone.detail.circle(pen.point([x, y, z]), 3.0);
                }
            }
        }
        bones.push(bone);
    }
    let Some(pelvis) = scene.body("pelvis") else { return };
    for side in Side::BOTH {
        let frame = scene.fitted(pelvis, Some(side), &LANDMARKS);
        let pen = Pen { frame: &frame, view };
        let mirror = |p: &Vec3| if side == Side::Left { [p[0], p[1], -p[2]] } else { *p };
        let ring = |template: &[Vec3]| pen.points(&template.iter().map(mirror).collect::<Vec<_>>());
        let mut bone = Bone::new(Part::HipBone, Some(side));
        bone.solid.ring(&ring(&RIM));
        // The block of bone round the socket is thick: a ball fills what the flat rim leaves out.
        let centre = mirror(&[-0.060, -0.070, 0.078]);
        pen.tube(&mut bone.solid, &[[centre[0], centre[1], centre[2], 0.027]]);
        bone.solid.hole(&ring(&FORAMEN));
        if view.is_side() {
            bone.detail.circle(pen.point(mirror(&LANDMARKS[5].1)), SOCKET_RADIUS * 1000.0);
            // Gluteal line of the wing.
            bone.detail.curve(&ring(&[
                [-0.022, 0.010, 0.12],
                [-0.052, 0.040, 0.1],
                [-0.090, 0.036, 0.08],
                [-0.104, -0.006, 0.07],
            ]));
        } else {
            bone.detail.curve(&ring(&[
                [-0.110, -0.005, 0.055],
                [-0.075, -0.045, 0.062],
                [-0.030, -0.066, 0.050],
                [-0.002, -0.084, 0.012],
            ]));
        }
        bones.push(bone);
    }
}
