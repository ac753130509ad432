//! Surfaces made of triangles: tubes along lines, balls, boxes. Points and unit normals, counter-clockwise outside.

use crate::figure::scene::{Vec3, add, dot, norm, scaled, sub};
use std::f64::consts::{PI, TAU};

/// A closed surface.
#[derive(Clone, Debug, Default)]
pub(super) struct Shape {
    pub points: Vec<[f32; 3]>,
    pub normals: Vec<[f32; 3]>,
    pub triangles: Vec<[u32; 3]>,
}

/// A unit vector across a unit vector.
fn across(u: Vec3) -> Vec3 {
    let least = (0..3).min_by(|&a, &b| u[a].abs().total_cmp(&u[b].abs())).unwrap_or(0);
    let mut e = [0.0; 3];
    e[least] = 1.0;
    let v = cross(u, e);
    scaled(v, 1.0 / norm(v))
}

fn cross(a: Vec3, b: Vec3) -> Vec3 {
    [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
}

impl Shape {
    /// Whether there is nothing to draw.
    pub fn is_empty(&self) -> bool {
        self.triangles.is_empty()
    }

    fn push(&mut self, point: Vec3, normal: Vec3) -> u32 {
        self.points.push(point.map(|v| v as f32));
        self.normals.push(normal.map(|v| v as f32));
        (self.points.len() - 1) as u32
    }

    /// Joins rings of points in turn; every ring has `sides` points, counter-clockwise along the way.
    fn skin(&mut self, rings: &[u32], sides: u32) {
        for pair in rings.windows(2) {
            for k in 0..sides {
                let next = (k + 1) % sides;
                let (a, b) = (pair[0] + k, pair[0] + next);
                let (c, d) = (pair[1] + k, pair[1] + next);
                self.triangles.push([a, b, c]);
                self.triangles.push([b, d, c]);
            }
        }
    }

    /// A tube of this radius along a line, with flat ends. Points that coincide count once.
    pub fn tube(&mut self, line: &[Vec3], radius: f64, sides: usize) {
        let mut way: Vec<Vec3> = Vec::new();
        for point in line.iter().filter(|p| p.iter().all(|v| v.is_finite())) {
            if way.last().is_none_or(|last| norm(sub(*point, *last)) > 1e-6) {
                way.push(*point);
            }
        }
        if way.len() < 2 {
            return;
        }
        let steps: Vec<Vec3> = way.windows(2).map(|w| sub(w[1], w[0])).collect();
        let steps: Vec<Vec3> = steps.iter().map(|s| scaled(*s, 1.0 / norm(*s))).collect();
        let mut side = across(steps[0]);
        let mut rings = Vec::new();
        for (k, point) in way.iter().enumerate() {
            let before = steps[k.saturating_sub(1)];
            let after = steps[k.min(steps.len() - 1)];
            let mean = add(before, after);
            let along = if norm(mean) > 1e-9 { scaled(mean, 1.0 / norm(mean)) } else { after };
            // The side is carried along without turning about the line.
            let carried = sub(side, scaled(along, dot(side, along)));
            side = if norm(carried) > 1e-9 { scaled(carried, 1.0 / norm(carried)) } else { across(along) };
            rings.push(self.ring(*point, side, cross(along, side), radius, sides));
        }
        self.skin(&rings, sides as u32);
        self.lid(way[0], scaled(steps[0], -1.0), across(steps[0]), radius, sides);
        let (last, end) = (way[way.len() - 1], steps[steps.len() - 1]);
        self.lid(last, end, across(end), radius, sides);
    }

    fn ring(&mut self, center: Vec3, u: Vec3, v: Vec3, radius: f64, sides: usize) -> u32 {
        let first = self.points.len() as u32;
        for k in 0..sides {
            let (s, c) = (TAU * k as f64 / sides as f64).sin_cos();
            let normal = add(scaled(u, c), scaled(v, s));
            self.push(add(center, scaled(normal, radius)), normal);
        }
        first
    }

    /// A disc that faces along `outwards`.
    fn lid(&mut self, center: Vec3, outwards: Vec3, u: Vec3, radius: f64, sides: usize) {
        let v = cross(outwards, u);
        let middle = self.push(center, outwards);
        for k in 0..sides {
            let (s, c) = (TAU * k as f64 / sides as f64).sin_cos();
            self.push(add(center, scaled(add(scaled(u, c), scaled(v, s)), radius)), outwards);
        }
        for k in 0..sides as u32 {
            self.triangles.push([middle, middle + 1 + k, middle + 1 + (k + 1) % sides as u32]);
        }
    }

    /// A ball.
    pub fn ball(&mut self, center: Vec3, radius: f64, sides: usize) {
        self.blob(center, [radius; 3], sides);
    }

    /// A ball with half axes along x, y, z.
    pub fn blob(&mut self, center: Vec3, radii: Vec3, sides: usize) {
        let rows = sides.max(3);
        let mut rings = Vec::new();
        for row in 0..=rows {
            let (sin, cos) = (PI * row as f64 / rows as f64).sin_cos();
            let first = self.points.len() as u32;
            for k in 0..sides {
                let (s, c) = (TAU * k as f64 / sides as f64).sin_cos();
                // From the lower pole up; seen from outside the rings run counter-clockwise.
                let unit = [sin * s, -cos, sin * c];
                let steep = [0, 1, 2].map(|i| unit[i] / radii[i]);
                let point = [0, 1, 2].map(|i| center[i] + radii[i] * unit[i]);
                self.push(point, scaled(steep, 1.0 / norm(steep)));
            }
            rings.push(first);
        }
        self.skin(&rings, sides as u32);
    }

    /// A rod with round ends from one point to another.
    pub fn rod(&mut self, from: Vec3, to: Vec3, radius: f64, sides: usize) {
        self.tube(&[from, to], radius, sides);
        self.ball(from, radius, sides);
        self.ball(to, radius, sides);
    }

    /// A box from its centre by three half edges that are perpendicular and right-handed.
    pub fn block(&mut self, center: Vec3, edges: [Vec3; 3]) {
        for axis in 0..3 {
            for sign in [1.0, -1.0] {
                let out = scaled(edges[axis], sign);
                let (u, v) = (edges[(axis + 1) % 3], scaled(edges[(axis + 2) % 3], sign));
                let normal = scaled(out, 1.0 / norm(out));
                let corners = [(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)];
                let first = self.points.len() as u32;
                for (a, b) in corners {
                    self.push(add(add(center, out), add(scaled(u, a), scaled(v, b))), normal);
                }
                self.triangles.push([first, first + 1, first + 2]);
                self.triangles.push([first, first + 2, first + 3]);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Six times the volume within the triangles: positive if they face outwards.
    fn volume(shape: &Shape) -> f64 {
        let at = |i: u32| shape.points[i as usize].map(f64::from);
        shape.triangles.iter().map(|t| dot(at(t[0]), cross(at(t[1]), at(t[2])))).sum::<f64>() / 6.0
    }

    fn check(shape: &Shape, expected: f64, tolerance: f64) {
        let found = volume(shape);
        assert!((found - expected).abs() < tolerance * expected, "{found} instead of {expected}");
        for n in &shape.normals {
            assert!((norm(n.map(f64::from)) - 1.0).abs() < 1e-5);
        }
        // Every triangle faces as its corners' normals do.
        for t in &shape.triangles {
            let [a, b, c] = t.map(|i| shape.points[i as usize].map(f64::from));
            let face = cross(sub(b, a), sub(c, a));
            let sum = t.iter().fold([0.0; 3], |s, i| add(s, shape.normals[*i as usize].map(f64::from)));
            assert!(dot(face, sum) >= -1e-9, "{t:?}");
        }
    }

    #[test]
    fn shapes_are_closed_and_face_outwards() {
        let mut tube = Shape::default();
        tube.tube(&[[0.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 1.0, 0.0], [0.0, 3.0, 0.0]], 0.1, 64);
        check(&tube, PI * 0.01 * 3.0, 0.01);
        let mut ball = Shape::default();
        ball.blob([1.0, 2.0, 3.0], [0.3, 0.4, 0.5], 64);
        check(&ball, 4.0 / 3.0 * PI * 0.06, 0.01);
        let mut block = Shape::default();
        block.block([1.0, 0.0, 0.0], [[0.5, 0.0, 0.0], [0.0, 0.2, 0.0], [0.0, 0.0, 0.1]]);
        check(&block, 8.0 * 0.5 * 0.2 * 0.1, 1e-5);
    }

    #[test]
    fn a_line_without_length_is_nothing() {
        let mut shape = Shape::default();
        shape.tube(&[[0.1; 3], [0.1; 3], [f64::NAN; 3]], 0.01, 8);
        assert!(shape.is_empty());
    }
}
