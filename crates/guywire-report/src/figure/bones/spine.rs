//! Lumbar vertebrae and discs, on their endplate landmarks.

use super::{Ball, Bone, Part, Pen, Scene, Vec3, View};
use crate::figure::scene::{norm, sub};
use crate::svg::{Path, Point};
use guywire::results::Side;

/// Lumbar levels from the top: name, bone above and bone below.
pub(crate) const LEVELS: [(&str, &str, &str); 6] = [
    ("T12/L1", "T12", "L1"),
    ("L1/L2", "L1", "L2"),
    ("L2/L3", "L2", "L3"),
    ("L3/L4", "L3", "L4"),
    ("L4/L5", "L4", "L5"),
    ("L5/S1", "L5", "S1"),
];

/// Depth and mid height of the drawn template's vertebral body.
const TEMPLATE: [f64; 2] = [0.0387, 0.0245];

const PEDICLE: [Ball; 3] =
    [[-0.016, 0.024, 0.010, 0.006], [-0.030, 0.022, 0.013, 0.006], [-0.038, 0.017, 0.014, 0.007]];
const SUPERIOR_FACET: [Ball; 2] = [[-0.036, 0.020, 0.014, 0.006], [-0.034, 0.037, 0.016, 0.005]];
const INFERIOR_FACET: [Ball; 2] = [[-0.040, 0.016, 0.013, 0.006], [-0.041, -0.006, 0.013, 0.005]];
const TRANSVERSE: [Ball; 3] =
    [[-0.026, 0.023, 0.016, 0.006], [-0.029, 0.025, 0.034, 0.0045], [-0.031, 0.026, 0.047, 0.004]];
const SPINOUS: [Vec3; 8] = [
    [-0.036, 0.022, 0.0],
    [-0.052, 0.020, 0.0],
    [-0.068, 0.014, 0.0],
    [-0.073, 0.005, 0.0],
    [-0.071, -0.004, 0.0],
    [-0.062, -0.005, 0.0],
    [-0.052, 0.002, 0.0],
    [-0.038, 0.008, 0.0],
];

/// Front and back (or right and left) ends of an endplate: `L3 superior`, as the view shows it.
fn endplate(scene: &Scene<'_>, name: &str, side_view: bool) -> Option<[Vec3; 2]> {
    if side_view {
        let end = |at: &str| scene.landmark(&format!("{name} endplate {at}"), None);
        return Some([end("anterior")?, end("posterior")?]);
    }
    let end = |side: Side| scene.landmark(&format!("{name} endplate lateral"), Some(side));
    Some([end(Side::Right)?, end(Side::Left)?])
}

/// An endplate that has only its centre: as deep and as steep as the one it faces.
fn facing(scene: &Scene<'_>, name: &str, other: [Vec3; 2]) -> Option<[Vec3; 2]> {
    let centre = scene.landmark(&format!("{name} endplate centre"), None)?;
    let half = [0, 1, 2].map(|i| 0.5 * (other[0][i] - other[1][i]));
    Some([[0, 1, 2].map(|i| centre[i] + half[i]), [0, 1, 2].map(|i| centre[i] - half[i])])
}

/// The corners of a disc: upper front, upper back, lower back, lower front.
pub(crate) fn disc_ring(scene: &Scene<'_>, above: &str, below: &str, view: View) -> Option<[Point; 4]> {
    let side_view = view.is_side();
    let lower = endplate(scene, &format!("{below} superior"), side_view)?;
    let name = format!("{above} inferior");
    let upper = endplate(scene, &name, side_view).or_else(|| facing(scene, &name, lower))?;
    Some([upper[0], upper[1], lower[1], lower[0]].map(|p| view.project(p)))
}

pub(super) fn draw(scene: &Scene<'_>, view: View, bones: &mut Vec<Bone>) {
    for number in 1..=5 {
        let Some(frame) = scene.body(&format!("lumbar{number}")) else { continue };
        let plate = |end: &str, side_view| endplate(scene, &format!("L{number} {end}"), side_view);
        let size = match (plate("superior", true), plate("inferior", true)) {
            (Some(s), Some(i)) => {
                let depth = norm(sub(s[0], s[1])) / TEMPLATE[0];
                let middle = |p: [Vec3; 2]| [0, 1, 2].map(|k| 0.5 * (p[0][k] + p[1][k]));
                let height = norm(sub(middle(s), middle(i))) / TEMPLATE[1];
                [depth, height, depth].map(|v| if v.is_finite() { v.clamp(0.3, 2.0) } else { 1.0 })
            }
            _ => [1.0; 3],
        };
        let frame = frame.sized(size);
        let pen = Pen { frame: &frame, view };
        let mut bone = Bone::new(Part::Spine, None);
        for sign in [1.0, -1.0] {
            for chain in [&PEDICLE[..], &SUPERIOR_FACET, &INFERIOR_FACET, &TRANSVERSE] {
                let balls: Vec<Ball> = chain.iter().map(|b| [b[0], b[1], sign * b[2], b[3]]).collect();
                pen.tube(&mut bone.solid, &balls);
            }
        }
        pen.plate(&mut bone.solid, &SPINOUS);
        if !view.is_side() {
            pen.tube(&mut bone.solid, &[[-0.045, 0.016, 0.0, 0.006], [-0.070, 0.004, 0.0, 0.005]]);
        }
        let side_view = view.is_side();
        let mut body = Path::default();
        if let (Some(s), Some(i)) = (plate("superior", side_view), plate("inferior", side_view)) {
            body.waisted([s[0], s[1], i[1], i[0]].map(|p| view.project(p)), 0.10);
        }
        bones.push(bone);
        let mut front = Bone::new(Part::Spine, None);
        front.solid = body;
        bones.push(front);
    }
}
