//! A closed surface of triangles, and the nearest point on it.
//!
//! The nearest triangle is found in a tree of boxes. Whether a point is inside is told by the side of the nearest
//! triangle it is on; of triangles equally near, as about an edge, the one that is seen most steeply decides (Simbody's
//! rule). Source: closest point of a triangle as in Ericson 2005, Real-Time Collision Detection, 5.1.5.

use guywire_math::{Real, Vec3};
use std::collections::HashMap;

/// Why triangles are not a closed surface.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum MeshError {
    /// Nothing there.
    #[error("it has no faces")]
    Empty,
    /// A vertex that does not exist.
    #[error("face {face} has a vertex {vertex}, of {vertices}")]
    Vertex {
        /// From 1.
        face: usize,
        /// From 1.
        vertex: usize,
        /// How many there are.
        vertices: usize,
    },
    /// A face without area.
    #[error("face {face} has no area")]
    Degenerate {
        /// From 1.
        face: usize,
    },
    /// An edge with one face or more than two, or two that turn against each other.
    #[error(
        "the edge between vertices {} and {} does not belong to exactly two faces that turn alike; contact needs a \
         closed surface", .edge[0], .edge[1]
    )]
    Open {
        /// Vertices, from 1.
        edge: [usize; 2],
    },
}

/// A triangle.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Face {
    pub corners: [Vec3<f64>; 3],
    /// Outwards, of length 1.
    normal: Vec3<f64>,
    pub centroid: Vec3<f64>,
    /// m².
    pub area: f64,
}

/// A box of the tree: its triangles, or two boxes.
#[derive(Clone, Debug, PartialEq)]
struct Node {
    low: Vec3<f64>,
    high: Vec3<f64>,
    /// Faces from … to.
    faces: [usize; 2],
    /// The second of two boxes; the first follows its parent. 0 for none.
    second: usize,
}

/// A closed surface.
#[derive(Clone, PartialEq)]
pub struct TriangleMesh {
    faces: Vec<Face>,
    nodes: Vec<Node>,
}

impl std::fmt::Debug for TriangleMesh {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "TriangleMesh of {} faces", self.faces.len())
    }
}

/// Faces in the smallest boxes.
const LEAF: usize = 4;

/// Triangles equally near, relative to the square of the distance: 100 times the double's resolution, as in Simbody.
const TIE: f64 = 100.0 * f64::EPSILON;

impl TriangleMesh {
    /// A surface of triangles, corners in turning order; turned outside in where the file has it inside out.
    ///
    /// # Errors
    /// When the triangles do not close.
    pub fn new(vertices: &[Vec3<f64>], triangles: &[[usize; 3]]) -> Result<Self, MeshError> {
        let (mut faces, mut edges) = (Vec::with_capacity(triangles.len()), HashMap::new());
        let mut volume = 0.0;
        for (k, triangle) in triangles.iter().enumerate() {
            let corner = |i: usize| {
                let unknown =
                    MeshError::Vertex { face: k + 1, vertex: triangle[i] + 1, vertices: vertices.len() };
                vertices.get(triangle[i]).copied().ok_or(unknown)
            };
            let corners = [corner(0)?, corner(1)?, corner(2)?];
            let across = (corners[1] - corners[0]).cross(corners[2] - corners[0]);
            let norm = across.norm();
            if norm.is_nan() || norm <= 0.0 || !norm.is_finite() {
                return Err(MeshError::Degenerate { face: k + 1 });
            }
            for i in 0..3 {
                let edge = [triangle[i], triangle[(i + 1) % 3]];
                if edges.insert(edge, k).is_some() {
                    return Err(MeshError::Open { edge: edge.map(|v| v + 1) });
                }
            }
            volume += corners[0].dot(across);
            faces.push(Face {
                normal: across.scaled(1.0 / norm),
                centroid: (corners[0] + corners[1] + corners[2]).scaled(1.0 / 3.0),
                area: 0.5 * norm,
                corners,
            });
        }
        let first_open = |[a, b]: [usize; 2]| !edges.contains_key(&[b, a]);
        let open = triangles.iter().flat_map(|&[a, b, c]| [[a, b], [b, c], [c, a]]).find(|&e| first_open(e));
        if let Some(edge) = open {
            return Err(MeshError::Open { edge: edge.map(|v| v + 1) });
        }
        if faces.is_empty() {
            return Err(MeshError::Empty);
        }
        if volume < 0.0 {
            faces.iter_mut().for_each(|face| face.normal = -face.normal);
        }
        let mut mesh = Self { nodes: Vec::new(), faces };
        let all = mesh.faces.len();
        mesh.divide(0, all);
        Ok(mesh)
    }

    /// Puts faces into a box and halves it while they are many; depth is the logarithm of their number.
    fn divide(&mut self, from: usize, to: usize) {
        let own = &mut self.faces[from..to];
        let mut low = own[0].corners[0];
        let mut high = low;
        for corner in own.iter().flat_map(|face| face.corners) {
            low = Vec3::new(low.x.min(corner.x), low.y.min(corner.y), low.z.min(corner.z));
            high = Vec3::new(high.x.max(corner.x), high.y.max(corner.y), high.z.max(corner.z));
        }
        let index = self.nodes.len();
        self.nodes.push(Node { low, high, faces: [from, to], second: 0 });
        if to - from <= LEAF {
            return;
        }
        let size = high - low;
        let along = |p: Vec3<f64>| match (size.x >= size.y, size.x >= size.z, size.y >= size.z) {
            (true, true, _) => p.x,
            (_, _, true) => p.y,
            _ => p.z,
        };
        let middle = (to - from) / 2;
        own.select_nth_unstable_by(middle, |a, b| along(a.centroid).total_cmp(&along(b.centroid)));
        self.divide(from, from + middle);
        self.nodes[index].second = self.nodes.len();
        self.divide(from + middle, to);
    }

    /// Visits the faces of boxes that may matter: `may(middle, half size)`.
    pub(super) fn visit(&self, may: &impl Fn(Vec3<f64>, Vec3<f64>) -> bool, face: &mut impl FnMut(&Face)) {
        let mut at = 0;
        let mut waiting = Waiting::default();
        loop {
            let node = &self.nodes[at];
            let middle = (node.low + node.high).scaled(0.5);
            if may(middle, node.high - middle) {
                if node.second == 0 {
                    self.faces[node.faces[0]..node.faces[1]].iter().for_each(&mut *face);
                } else {
                    waiting.push(node.second);
                    at += 1;
                    continue;
                }
            }
            match waiting.pop() {
                Some(next) => at = next,
                None => return,
            }
        }
    }

    /// Middle and half size of the box around everything.
    pub(super) fn bounds(&self) -> (Vec3<f64>, Vec3<f64>) {
        let middle = (self.nodes[0].low + self.nodes[0].high).scaled(0.5);
        (middle, self.nodes[0].high - middle)
    }

    /// The nearest point of the surface, if the point is inside.
    pub(super) fn nearest_from_inside<T: Real>(&self, point: Vec3<T>) -> Option<Vec3<T>> {
        let p = point.value();
        let (mut best, mut least, mut steepness) = (0, f64::INFINITY, 0.0);
        let (mut at, mut waiting) = (0, Waiting::default());
        loop {
            let node = &self.nodes[at];
            if node.distance(p) <= least * (1.0 + TIE) {
                if node.second == 0 {
                    for k in node.faces[0]..node.faces[1] {
                        let face = &self.faces[k];
                        let away = p - face.nearest(p);
                        let (square, steep) = (away.dot(away), away.dot(face.normal).abs());
                        let tied = square <= least * (1.0 + TIE) && steep > steepness;
                        if square < least * (1.0 - TIE) || tied {
                            (best, least, steepness) = (k, square, steep);
                        }
                    }
                } else {
                    // The nearer box first.
                    let (first, second) = (at + 1, node.second);
                    let nearer = self.nodes[second].distance(p) < self.nodes[first].distance(p);
                    let (now, later) = if nearer { (second, first) } else { (first, second) };
                    waiting.push(later);
                    at = now;
                    continue;
                }
            }
            match waiting.pop() {
                Some(next) => at = next,
                None => break,
            }
        }
        let face = &self.faces[best];
        let nearest = face.nearest(point);
        ((p - nearest.value()).dot(face.normal) < 0.0).then_some(nearest)
    }
}

impl Node {
    /// Square of the distance of a point, m².
    fn distance(&self, p: Vec3<f64>) -> f64 {
        let off = |value: f64, low: f64, high: f64| (low - value).max(value - high).max(0.0);
        let away = Vec3::new(
            off(p.x, self.low.x, self.high.x),
            off(p.y, self.low.y, self.high.y),
            off(p.z, self.low.z, self.high.z),
        );
        away.dot(away)
    }
}

impl Face {
    /// The nearest point of the triangle.
    fn nearest<T: Real>(&self, p: Vec3<T>) -> Vec3<T> {
        let [a, b, c] = self.corners;
        let (ab, ac) = (b - a, c - a);
        let along = |edge: Vec3<f64>, from: Vec3<f64>| (p - from.lift()).dot(edge.lift());
        let (d1, d2) = (along(ab, a), along(ac, a));
        if d1.value() <= 0.0 && d2.value() <= 0.0 {
            return a.lift();
        }
        let (d3, d4) = (along(ab, b), along(ac, b));
        if d3.value() >= 0.0 && d4.value() <= d3.value() {
            return b.lift();
        }
        let vc = d1 * d4 - d3 * d2;
        let point = |from: Vec3<f64>, way: Vec3<f64>, share: T| {
            let way: Vec3<T> = way.lift();
            way.scaled(share) + from.lift()
        };
        if vc.value() <= 0.0 && d1.value() >= 0.0 && d3.value() <= 0.0 {
            return point(a, ab, d1 / (d1 - d3));
        }
        let (d5, d6) = (along(ab, c), along(ac, c));
        if d6.value() >= 0.0 && d5.value() <= d6.value() {
            return c.lift();
        }
        let vb = d5 * d2 - d1 * d6;
        if vb.value() <= 0.0 && d2.value() >= 0.0 && d6.value() <= 0.0 {
            return point(a, ac, d2 / (d2 - d6));
        }
        let va = d3 * d6 - d5 * d4;
        let (e, f) = (d4 - d3, d5 - d6);
        if va.value() <= 0.0 && e.value() >= 0.0 && f.value() >= 0.0 {
            return point(b, c - b, e / (e + f));
        }
        let sum = va + vb + vc;
        point(a, ab, vb / sum) + ac.lift().scaled(vc / sum)
    }
}

/// Boxes still to be looked at. A halved box has half its faces, so that 64 are enough for any number of them.
#[derive(Debug)]
struct Waiting {
    boxes: [usize; 64],
    count: usize,
}

impl Default for Waiting {
    fn default() -> Self {
        Self { boxes: [0; 64], count: 0 }
    }
}

impl Waiting {
    fn push(&mut self, index: usize) {
        self.boxes[self.count] = index;
        self.count += 1;
    }

    fn pop(&mut self) -> Option<usize> {
        self.count = self.count.checked_sub(1)?;
        Some(self.boxes[self.count])
    }
}
