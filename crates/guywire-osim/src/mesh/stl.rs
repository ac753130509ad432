//! `.stl`, text or binary: triangles without common vertices. Corners in one place are one vertex.

use super::{MeshFileError, Polygons, point};
use guywire_math::Vec3;
use std::collections::HashMap;

/// Corners as near as this are one vertex: what a `float` resolves to the power 7/8, as in Simbody; m.
const SAME: f64 = 8.8e-7;

pub(super) fn read(bytes: &[u8]) -> Result<Polygons, MeshFileError> {
    // A binary file may begin with `solid` as well: its length tells.
    match binary_count(bytes) {
        Some(count) => binary(bytes, count),
        None => text(bytes),
    }
}

/// Vertices by the cell of a grid that they are in.
#[derive(Default)]
struct Merged {
    polygons: Polygons,
    cells: HashMap<[i64; 3], usize>,
}

impl Merged {
    fn corner(&mut self, p: Vec3<f64>) {
        let cell = |value: f64| libm::floor(value / SAME) as i64;
        let own = [cell(p.x), cell(p.y), cell(p.z)];
        let near = |k: usize| {
            let step = [k % 3, k / 3 % 3, k / 9].map(|s| s as i64 - 1);
            let cell = [0, 1, 2].map(|axis| own[axis].saturating_add(step[axis]));
            let index = *self.cells.get(&cell)?;
            ((self.polygons.vertices[index] - p).norm() <= SAME).then_some(index)
        };
        let found = (0..27).filter_map(near).min();
        let index = found.unwrap_or_else(|| {
            self.polygons.vertices.push(p);
            let index = self.polygons.vertices.len() - 1;
            self.cells.entry(own).or_insert(index);
            index
        });
        self.polygons.corners.push(index);
    }
}

/// Number of triangles of a binary file, if that is what its length says.
fn binary_count(bytes: &[u8]) -> Option<usize> {
    let count = u32::from_le_bytes(bytes.get(80..84)?.try_into().ok()?) as usize;
    (bytes.len() >= 84 + 50 * count && (count > 0 || !bytes.starts_with(b"solid"))).then_some(count)
}

fn binary(bytes: &[u8], count: usize) -> Result<Polygons, MeshFileError> {
    let mut merged = Merged::default();
    for triangle in bytes[84..].chunks_exact(50).take(count) {
        // After the normal, which the corners tell as well.
        for corner in triangle[12..48].chunks_exact(12) {
            let value = |k: usize| {
                let four = [corner[k], corner[k + 1], corner[k + 2], corner[k + 3]];
                f64::from(f32::from_le_bytes(four))
            };
            let p = Vec3::new(value(0), value(4), value(8));
            if !p.norm().is_finite() {
                return Err(MeshFileError::Bytes { expected: "finite coordinates" });
            }
            merged.corner(p);
        }
        merged.polygons.end_face()?;
    }
    Ok(merged.polygons)
}

fn text(bytes: &[u8]) -> Result<Polygons, MeshFileError> {
    let text = std::str::from_utf8(bytes)
        .ok()
        .filter(|text| text.trim_start().get(..5).is_some_and(|start| start.eq_ignore_ascii_case("solid")))
        .ok_or(MeshFileError::Bytes {
            expected: "`solid`, or a binary file as long as its number of faces says",
        })?;
    let mut merged = Merged::default();
    for (number, line) in text.lines().enumerate() {
        let mut words = line.split_whitespace();
        let word = words.next().unwrap_or_default();
        if word.eq_ignore_ascii_case("vertex") {
            let expected = "three finite numbers after `vertex`";
            let p = point(words).ok_or(MeshFileError::Line { line: number + 1, expected })?;
            merged.corner(p);
        } else if word.eq_ignore_ascii_case("endloop") {
            merged.polygons.end_face()?;
        }
    }
    Ok(merged.polygons)
}
