//! Bones as shapes: each is a template in its body's frame, sized by the body's landmarks and projected.
//!
//! Long bones are chains of spheres joined by cones, flat bones are smooth closed curves in space, lumbar
//! vertebrae stand on their endplate landmarks. The templates are drawings (right side, metres, after the
//! landmarks and muscle attachments of the body tables), so only landmarks carry measured positions.

mod leg;
mod pelvis;
mod skin;
mod spine;
mod thorax;

use super::scene::{Frame, Scene, Vec3, View};
use crate::svg::Path;
use guywire::results::Side;

pub(crate) use skin::{arms, back_of_trunk, outline as skin};
pub(crate) use spine::{LEVELS, disc_ring};

/// What a shape belongs to; decides its place in the stack and its style.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Skull,
    ShoulderGirdle,
    RibCage,
    Spine,
    Sacrum,
    HipBone,
    Femur,
    Patella,
    Shank,
    Foot,
}

/// A projected bone.
#[derive(Clone, Debug)]
pub(crate) struct Bone {
    /// What it belongs to.
    pub(crate) part: Part,
    /// Side, or none on the midline.
    pub(crate) side: Option<Side>,
    /// Outlines wound alike: a union when filled by the nonzero rule.
    pub(crate) solid: Path,
    /// Lines drawn as tubes: ribs.
    pub(crate) tubes: Path,
    /// Fine lines on top: sutures, rims, joint spaces.
    pub(crate) detail: Path,
}

impl Bone {
    fn new(part: Part, side: Option<Side>) -> Self {
        Bone { part, side, solid: Path::default(), tubes: Path::default(), detail: Path::default() }
    }
}

/// A sphere of a template: position and radius in metres.
type Ball = [f64; 4];

/// Draws in one body's frame.
struct Pen<'a> {
    frame: &'a Frame,
    view: View,
}

impl Pen<'_> {
    fn point(&self, p: Vec3) -> [f64; 2] {
        self.view.project(self.frame.at(p))
    }

    fn points(&self, template: &[Vec3]) -> Vec<[f64; 2]> {
        template.iter().map(|p| self.point(*p)).collect()
    }

    /// A chain of balls joined by cones.
    fn tube(&self, path: &mut Path, balls: &[Ball]) {
        let place = |b: &Ball| (self.point([b[0], b[1], b[2]]), b[3] * 1000.0 * self.frame.mean_size());
        if let [only] = balls {
            let (centre, radius) = place(only);
            path.circle(centre, radius);
        }
        for pair in balls.windows(2) {
            let ((a, ra), (b, rb)) = (place(&pair[0]), place(&pair[1]));
            path.capsule(a, ra, b, rb);
        }
    }

    /// A flat bone with a smooth rim.
    fn plate(&self, path: &mut Path, rim: &[Vec3]) {
        path.ring(&self.points(rim));
    }
}

/// Every bone of a figure, projected.
pub(crate) fn skeleton(scene: &Scene<'_>, view: View) -> Vec<Bone> {
    let mut bones = Vec::new();
    spine::draw(scene, view, &mut bones);
    pelvis::draw(scene, view, &mut bones);
    thorax::draw(scene, view, &mut bones);
    for side in Side::BOTH {
        leg::draw(scene, view, side, &mut bones);
    }
    bones
}
