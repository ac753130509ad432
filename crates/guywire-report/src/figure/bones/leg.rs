//! Femur, patella, tibia and fibula, foot.

use super::{Ball, Bone, Part, Pen, Scene, Vec3, View};
use guywire::results::Side;

const FEMUR_LANDMARKS: [(&str, Vec3); 3] = [
    ("lateral femoral epicondyle", [-0.00482, -0.40622, 0.03763]),
    ("medial femoral epicondyle", [0.00482, -0.40263, -0.03763]),
    ("greater trochanter (lateral)", [-0.01437, -0.01808, 0.06187]),
];
const HEAD_AND_NECK: [Ball; 4] = [
    [0.0, 0.0, 0.0, 0.0235],
    [-0.003, -0.006, 0.018, 0.0155],
    [-0.008, -0.018, 0.036, 0.017],
    [-0.010, -0.034, 0.046, 0.019],
];
const TROCHANTER: [Ball; 3] =
    [[-0.022, -0.002, 0.046, 0.012], [-0.014, -0.018, 0.047, 0.0165], [-0.006, -0.050, 0.043, 0.017]];
const LESSER_TROCHANTER: [Ball; 2] = [[-0.010, -0.056, 0.032, 0.012], [-0.019, -0.055, 0.016, 0.008]];
const SHAFT: [Ball; 8] = [
    [-0.010, -0.034, 0.046, 0.019],
    [-0.003, -0.075, 0.041, 0.0165],
    [0.007, -0.130, 0.034, 0.0140],
    [0.012, -0.200, 0.026, 0.0130],
    [0.012, -0.270, 0.018, 0.0133],
    [0.008, -0.330, 0.009, 0.0155],
    [0.003, -0.368, 0.003, 0.0205],
    [0.000, -0.388, 0.0, 0.025],
];
const CONDYLES: [[Ball; 2]; 2] = [
    [[0.003, -0.372, 0.010, 0.019], [-0.009, -0.402, 0.0205, 0.0205]],
    [[0.003, -0.372, -0.010, 0.019], [-0.009, -0.401, -0.0215, 0.0205]],
];

const PATELLA: [Ball; 3] =
    [[0.006, 0.004, 0.0, 0.005], [0.006, 0.024, 0.0, 0.0105], [0.005, 0.036, 0.0, 0.009]];
const PATELLA_FACE: [Vec3; 6] = [
    [0.008, -0.002, 0.0],
    [0.008, 0.018, 0.019],
    [0.006, 0.036, 0.017],
    [0.006, 0.044, 0.0],
    [0.006, 0.036, -0.017],
    [0.008, 0.018, -0.019],
];

const TIBIA_LANDMARKS: [(&str, Vec3); 2] = [
    ("lateral malleolus", [-0.02102, -0.40707, 0.02172]),
    ("medial malleolus", [0.00109, -0.38907, -0.02738]),
];
const PLATEAU: [[Ball; 2]; 2] = [
    [[-0.010, -0.030, 0.020, 0.0145], [-0.003, -0.062, 0.003, 0.017]],
    [[-0.010, -0.030, -0.022, 0.0145], [-0.003, -0.062, -0.003, 0.017]],
];
const TUBEROSITY: [Ball; 3] =
    [[0.004, -0.034, 0.002, 0.014], [0.017, -0.064, 0.005, 0.010], [0.008, -0.110, 0.002, 0.0125]];
const TIBIA: [Ball; 6] = [
    [-0.003, -0.062, 0.0, 0.019],
    [0.003, -0.120, -0.001, 0.0135],
    [0.003, -0.200, -0.004, 0.0113],
    [-0.002, -0.300, -0.006, 0.0108],
    [-0.007, -0.360, -0.006, 0.014],
    [-0.009, -0.382, -0.006, 0.0175],
];
const MEDIAL_MALLEOLUS: [Ball; 2] = [[-0.007, -0.375, -0.014, 0.010], [-0.003, -0.397, -0.022, 0.008]];
const FIBULA: [Ball; 5] = [
    [-0.024, -0.046, 0.032, 0.0095],
    [-0.022, -0.090, 0.031, 0.0055],
    [-0.019, -0.220, 0.026, 0.0055],
    [-0.021, -0.360, 0.023, 0.0065],
    [-0.021, -0.400, 0.023, 0.0090],
];

const HEEL: [Ball; 3] =
    [[0.008, 0.012, -0.006, 0.019], [0.032, 0.020, -0.004, 0.017], [0.066, 0.020, 0.006, 0.014]];
const TALUS: [Ball; 3] =
    [[0.040, 0.032, -0.006, 0.012], [0.050, 0.043, -0.008, 0.0165], [0.076, 0.034, -0.013, 0.013]];
const MIDFOOT: [[Ball; 2]; 2] = [
    [[0.084, 0.031, -0.014, 0.013], [0.108, 0.024, -0.018, 0.0115]],
    [[0.078, 0.020, 0.007, 0.013], [0.100, 0.015, 0.010, 0.0105]],
];
const METATARSALS: [[Ball; 2]; 5] = [
    [[0.112, 0.024, -0.022, 0.0095], [0.172, 0.006, -0.030, 0.0100]],
    [[0.114, 0.024, -0.011, 0.0062], [0.185, 0.005, -0.014, 0.0066]],
    [[0.108, 0.020, 0.000, 0.0060], [0.178, 0.003, 0.002, 0.0063]],
    [[0.102, 0.015, 0.010, 0.0060], [0.167, 0.001, 0.016, 0.0062]],
    [[0.090, 0.010, 0.020, 0.0062], [0.152, 0.000, 0.030, 0.0064]],
];
const TOES: [[Ball; 2]; 5] = [
    [[0.004, 0.005, -0.029, 0.0085], [0.060, 0.000, -0.020, 0.0070]],
    [[0.012, 0.004, -0.014, 0.0055], [0.062, -0.001, -0.006, 0.0052]],
    [[0.006, 0.003, 0.002, 0.0052], [0.053, -0.001, 0.009, 0.0050]],
    [[-0.004, 0.002, 0.016, 0.0052], [0.040, -0.001, 0.022, 0.0048]],
    [[-0.020, 0.001, 0.030, 0.0052], [0.024, -0.001, 0.035, 0.0048]],
];

pub(super) fn draw(scene: &Scene<'_>, view: View, side: Side, bones: &mut Vec<Bone>) {
    let femur = scene.limb("femur", side).map(|f| scene.fitted(f, Some(side), &FEMUR_LANDMARKS));
    if let Some(frame) = &femur {
        let pen = Pen { frame, view };
        let mut bone = Bone::new(Part::Femur, Some(side));
        for chain in [&HEAD_AND_NECK[..], &TROCHANTER, &LESSER_TROCHANTER, &SHAFT, &CONDYLES[0], &CONDYLES[1]]
        {
            pen.tube(&mut bone.solid, chain);
        }
        bones.push(bone);
    }
    if let Some(frame) = scene.limb("tibia", side).map(|f| scene.fitted(f, Some(side), &TIBIA_LANDMARKS)) {
        let pen = Pen { frame: &frame, view };
        let mut fibula = Bone::new(Part::Shank, Some(side));
        pen.tube(&mut fibula.solid, &FIBULA);
        let mut tibia = Bone::new(Part::Shank, Some(side));
        for chain in [&PLATEAU[0][..], &PLATEAU[1], &TUBEROSITY, &TIBIA, &MEDIAL_MALLEOLUS] {
            pen.tube(&mut tibia.solid, chain);
        }
        // Seen from the right, the right fibula is nearer than its tibia and the left one is farther.
        let fibula_first = !view.is_side() || side == Side::Left;
        bones.extend(if fibula_first { [fibula, tibia] } else { [tibia, fibula] });
    }
    if let (Some(frame), Some(femur)) = (scene.limb("patella", side), &femur) {
        let frame = frame.sized([femur.mean_size(); 3]);
        let pen = Pen { frame: &frame, view };
        let mut bone = Bone::new(Part::Patella, Some(side));
        pen.tube(&mut bone.solid, &PATELLA);
        pen.plate(&mut bone.solid, &PATELLA_FACE);
        bones.push(bone);
    }
    foot(scene, view, side, bones);
}

fn foot(scene: &Scene<'_>, view: View, side: Side, bones: &mut Vec<Bone>) {
    let Some(frame) = scene.limb("calcn", side) else { return };
    let suffix = if side == Side::Left { "l" } else { "r" };
    // Distance from the calcaneus origin to the toe joint in the body tables.
    let size = scene.ratio(&format!("calcn_{suffix}"), &format!("toes_{suffix}"), 0.1788);
    let frame = frame.sized([size; 3]);
    let pen = Pen { frame: &frame, view };
    let mut rays = Bone::new(Part::Foot, Some(side));
    for ray in METATARSALS.iter().rev() {
        pen.tube(&mut rays.solid, ray);
    }
    if let Some(toes) = scene.limb("toes", side) {
        let toes = toes.sized([size; 3]);
        let pen = Pen { frame: &toes, view };
        for toe in &TOES {
            pen.tube(&mut rays.solid, toe);
        }
    }
    let mut tarsus = Bone::new(Part::Foot, Some(side));
    for chain in [&MIDFOOT[0][..], &MIDFOOT[1], &HEEL] {
        pen.tube(&mut tarsus.solid, chain);
    }
    let mut talus = Bone::new(Part::Foot, Some(side));
    pen.tube(&mut talus.solid, &TALUS);
    bones.extend([talus, tarsus, rays]);
}
