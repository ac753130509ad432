//! Surfaces for contact, from the files that OpenSim reads: Wavefront `.obj`, `.stl`, and `.vtp` with text inside.
//!
//! Faces of four corners become two triangles, of more corners a fan about their middle, as in Simbody.

mod obj;
mod stl;
mod vtp;

use guywire_engine::force::mesh::{MeshError, TriangleMesh};
use guywire_math::Vec3;

/// Most vertices, and most corners of faces; scanned bones have 10⁵.
const MOST: usize = 4_000_000;

/// Why a file is no surface for contact.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum MeshFileError {
    /// Another ending.
    #[error("its name ends in none of .obj, .stl, .stla and .vtp")]
    Ending,
    /// A line of text.
    #[error("line {line}: expected {expected}")]
    Line {
        /// From 1.
        line: usize,
        /// What would do.
        expected: &'static str,
    },
    /// The bytes of a binary file.
    #[error("expected {expected}")]
    Bytes {
        /// What would do.
        expected: &'static str,
    },
    /// Not XML.
    #[error(transparent)]
    Xml(#[from] crate::xml::XmlError),
    /// Too large.
    #[error("it has more than {MOST} corners")]
    TooLarge,
    /// Not closed.
    #[error(transparent)]
    Surface(#[from] MeshError),
}

/// Vertices, and faces as their corners.
#[derive(Debug, Default)]
struct Polygons {
    vertices: Vec<Vec3<f64>>,
    /// Corners of all faces one after the other.
    corners: Vec<usize>,
    /// Where each face ends in `corners`.
    ends: Vec<usize>,
}

impl Polygons {
    fn end_face(&mut self) -> Result<(), MeshFileError> {
        self.ends.push(self.corners.len());
        self.check()
    }

    fn check(&self) -> Result<(), MeshFileError> {
        let too_large = self.vertices.len().max(self.corners.len()).max(self.ends.len()) > MOST;
        if too_large { Err(MeshFileError::TooLarge) } else { Ok(()) }
    }

    fn triangles(mut self) -> Result<TriangleMesh, MeshFileError> {
        let (mut triangles, mut from) = (Vec::new(), 0);
        for (face, &to) in self.ends.iter().enumerate() {
            let corners = &self.corners[from..to];
            from = to;
            let count = self.vertices.len();
            if let Some(&vertex) = corners.iter().find(|&&vertex| vertex >= count) {
                let vertex = vertex.saturating_add(1);
                return Err(MeshError::Vertex { face: face + 1, vertex, vertices: count }.into());
            }
            match *corners {
                [a, b, c] => triangles.push([a, b, c]),
                [a, b, c, d] => triangles.extend([[a, b, c], [c, d, a]]),
                [] | [_] | [_, _] => {}
                _ => {
                    let sum = corners.iter().fold(Vec3::zero(), |sum, &corner| sum + self.vertices[corner]);
                    self.vertices.push(sum.scaled(1.0 / corners.len() as f64));
                    let turn = (0..corners.len()).map(|k| (corners[k], corners[(k + 1) % corners.len()]));
                    triangles.extend(turn.map(|(a, b)| [a, b, count]));
                }
            }
        }
        Ok(TriangleMesh::new(&self.vertices, &triangles)?)
    }
}

/// Reads a mesh file; its name says which kind.
///
/// # Errors
/// What is wrong with it, or that its surface is not closed.
pub fn read(bytes: &[u8], name: &str) -> Result<TriangleMesh, MeshFileError> {
    let ending = name.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    match ending.as_str() {
        "obj" => obj::read(bytes),
        "stl" | "stla" => stl::read(bytes),
        "vtp" => vtp::read(bytes),
        _ => Err(MeshFileError::Ending),
    }?
    .triangles()
}

/// Three finite numbers at the start of some words.
fn point<'a>(mut words: impl Iterator<Item = &'a str>) -> Option<Vec3<f64>> {
    let mut next = || words.next()?.parse::<f64>().ok().filter(|value| value.is_finite());
    Some(Vec3::new(next()?, next()?, next()?))
}
