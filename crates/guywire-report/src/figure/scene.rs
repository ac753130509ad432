//! A solved figure made ready for drawing: bodies by name, landmarks by name and side, and the direction of view.

use crate::svg::{Point, finite};
use guywire::results::{Figure, Side};
use std::collections::BTreeMap;

/// A point or direction in metres in the ground frame (x forward, y up, z to the right).
pub(crate) type Vec3 = [f64; 3];

pub(crate) fn add(a: Vec3, b: Vec3) -> Vec3 {
    [a[0] + b[0], a[1] + b[1], a[2] + b[2]]
}

pub(crate) fn sub(a: Vec3, b: Vec3) -> Vec3 {
    [a[0] - b[0], a[1] - b[1], a[2] - b[2]]
}

pub(crate) fn scaled(a: Vec3, s: f64) -> Vec3 {
    [a[0] * s, a[1] * s, a[2] * s]
}

pub(crate) fn dot(a: Vec3, b: Vec3) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

pub(crate) fn norm(a: Vec3) -> f64 {
    dot(a, a).sqrt()
}

/// Position between two points.
pub(crate) fn lerp(a: Vec3, b: Vec3, t: f64) -> Vec3 {
    add(scaled(a, 1.0 - t), scaled(b, t))
}

/// Where the viewer stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum View {
    /// From the person's right: forward is to the right of the picture.
    Side,
    /// Facing the person: their right is on the left of the picture.
    Front,
    /// Looking down on a person who lies on the back, feet to the right: their right is at the bottom.
    Above {
        /// Horizontal direction of the head.
        head: Vec3,
    },
}

impl View {
    /// The picture of a point in millimetres, right and down.
    pub(crate) fn project(self, p: Vec3) -> Point {
        let (right, up) = match self {
            View::Side => (p[0], p[1]),
            View::Front => (-p[2], p[1]),
            // Right of the picture is towards the feet, up is y × right.
            View::Above { head } => (-dot(p, head), dot(p, [-head[2], 0.0, head[0]])),
        };
        [finite(right * 1000.0), finite(-up * 1000.0)]
    }

    /// Whether the picture shows the sagittal plane.
    pub(crate) fn is_side(self) -> bool {
        self == View::Side
    }
}

/// Pose of a body together with how much larger it is than the drawn template.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Frame {
    origin: Vec3,
    rotation: [Vec3; 3],
    /// Size over the template along the body's axes.
    pub(crate) size: Vec3,
    mirrored: bool,
}

impl Frame {
    /// A template point (right side, metres, body frame) in ground.
    pub(crate) fn at(&self, p: Vec3) -> Vec3 {
        let z = if self.mirrored { -p[2] } else { p[2] };
        self.place([p[0] * self.size[0], p[1] * self.size[1], z * self.size[2]])
    }

    /// A direction of the body in ground.
    pub(crate) fn direction(&self, d: Vec3) -> Vec3 {
        self.rotation.map(|row| dot(row, d))
    }

    /// Mean size, for radii.
    pub(crate) fn mean_size(&self) -> f64 {
        (self.size[0] + self.size[1] + self.size[2]) / 3.0
    }

    /// The same frame, drawn at another size.
    pub(crate) fn sized(self, size: Vec3) -> Frame {
        Frame { size, ..self }
    }

    fn place(&self, p: Vec3) -> Vec3 {
        add(self.origin, self.direction(p))
    }

    fn local(&self, ground: Vec3) -> Vec3 {
        let d = sub(ground, self.origin);
        let r = &self.rotation;
        [0, 1, 2].map(|i| r[0][i] * d[0] + r[1][i] * d[1] + r[2][i] * d[2])
    }
}

/// A figure with its names looked up.
pub(crate) struct Scene<'a> {
    /// The figure itself.
    pub(crate) figure: &'a Figure,
    /// Added to every point: brings a reference figure onto the person's supports.
    shift: Vec3,
    bodies: BTreeMap<&'a str, Frame>,
    landmarks: BTreeMap<(&'a str, Option<Side>), Vec3>,
}

impl<'a> Scene<'a> {
    /// Reads a figure.
    pub(crate) fn new(figure: &'a Figure) -> Self {
        Self::shifted(figure, [0.0; 3])
    }

    /// Reads a figure and moves it.
    pub(crate) fn shifted(figure: &'a Figure, shift: Vec3) -> Self {
        let clean = |p: Vec3| p.map(|v| finite(v * 1000.0) / 1000.0);
        let bodies = figure.bodies.iter().map(|b| {
            let frame = Frame {
                origin: add(clean(b.origin_m), shift),
                rotation: b
                    .rotation
                    .map(|row| row.map(|v| if v.is_finite() { v.clamp(-1.0, 1.0) } else { 0.0 })),
                size: [1.0; 3],
                mirrored: b.body.ends_with("_l"),
            };
            (b.body.as_str(), frame)
        });
        let landmarks =
            figure.landmarks.iter().map(|l| ((l.landmark.as_str(), l.side), add(clean(l.position_m), shift)));
        Scene { figure, shift, bodies: bodies.collect(), landmarks: landmarks.collect() }
    }

    /// A point of the figure, moved like everything else.
    pub(crate) fn moved(&self, p: Vec3) -> Vec3 {
        add(p.map(|v| finite(v * 1000.0) / 1000.0), self.shift)
    }

    /// Pose of a body at template size.
    pub(crate) fn body(&self, name: &str) -> Option<Frame> {
        self.bodies.get(name).copied()
    }

    /// Pose of a limb's body: `side` picks `_l` or `_r`.
    pub(crate) fn limb(&self, name: &str, side: Side) -> Option<Frame> {
        let suffix = if side == Side::Left { "_l" } else { "_r" };
        self.body(&format!("{name}{suffix}"))
    }

    /// A landmark in ground.
    pub(crate) fn landmark(&self, name: &str, side: Option<Side>) -> Option<Vec3> {
        self.landmarks.get(&(name, side)).copied()
    }

    /// Sizes a body along each axis by least squares of its landmarks on where the template has them.
    ///
    /// An axis along which the template's landmarks hardly spread takes the size along y.
    pub(crate) fn fitted(&self, frame: Frame, side: Option<Side>, template: &[(&str, Vec3)]) -> Frame {
        let mut size = [None; 3];
        for axis in 0..3 {
            let (mut product, mut square) = (0.0, 0.0);
            for (name, expected) in template {
                let side = if expected[2].abs() > 1e-9 || side.is_some() {
                    side.or(Some(Side::Right))
                } else {
                    None
                };
                if let Some(ground) = self.landmark(name, side) {
                    let found = frame.local(ground)[axis];
                    let found = if axis == 2 { found.abs() } else { found };
                    let expected = if axis == 2 { expected[2].abs() } else { expected[axis] };
                    product += expected * found;
                    square += expected * expected;
                }
            }
            // 25 mm of spread: below it a shifted landmark would pass for a different size.
            size[axis] = (square > 0.025 * 0.025).then(|| plausible(product / square));
        }
        let fallback = size[1].or(size[0]).or(size[2]).unwrap_or(1.0);
        frame.sized(size.map(|s| s.unwrap_or(fallback)))
    }

    /// Distance between two bodies' origins over what the template has.
    pub(crate) fn ratio(&self, a: &str, b: &str, template: f64) -> f64 {
        match (self.body(a), self.body(b)) {
            (Some(a), Some(b)) => plausible(norm(sub(a.origin, b.origin)) / template),
            _ => 1.0,
        }
    }

    /// Whether the person lies on the back: the pelvis faces up.
    pub(crate) fn lies(&self) -> bool {
        self.body("pelvis").is_some_and(|p| p.direction([1.0, 0.0, 0.0])[1] > 0.7)
    }

    /// Facing the person, or from above if they lie.
    pub(crate) fn front_view(&self) -> View {
        if !self.lies() {
            return View::Front;
        }
        let up = self.body("pelvis").map_or([-1.0, 0.0, 0.0], |p| p.direction([0.0, 1.0, 0.0]));
        let length = (up[0] * up[0] + up[2] * up[2]).sqrt();
        let head = if length > 1e-6 { [up[0] / length, 0.0, up[2] / length] } else { [-1.0, 0.0, 0.0] };
        View::Above { head }
    }
}

/// A size that a drawing can bear.
fn plausible(ratio: f64) -> f64 {
    if ratio.is_finite() { ratio.clamp(0.3, 2.0) } else { 1.0 }
}
