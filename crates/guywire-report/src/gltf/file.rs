//! The subset of glTF 2.0 that a posed body needs, and its binary container.

use super::shape::Shape;
use serde::Serialize;
use serde_json::Value;

const MAGIC: u32 = 0x4654_6C67;
const VERSION: u32 = 2;
const JSON_CHUNK: u32 = 0x4E4F_534A;
const BINARY_CHUNK: u32 = 0x004E_4942;
/// Component types and buffer targets of the specification.
const FLOAT: u32 = 5126;
const UNSIGNED_INT: u32 = 5125;
const ARRAY_BUFFER: u32 = 34_962;
const ELEMENT_ARRAY_BUFFER: u32 = 34_963;

/// A colour and how shiny it is.
pub(super) struct Material {
    pub name: &'static str,
    /// Linear RGB and opacity.
    pub color: [f64; 4],
    pub rough: f64,
}

/// Position and rotation (row by row) in ground.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Pose {
    pub origin: [f64; 3],
    pub rotation: [[f64; 3]; 3],
}

/// Something in the scene.
pub(super) struct Node {
    pub name: String,
    pub mesh: Option<usize>,
    pub pose: Option<Pose>,
    pub extras: Option<Value>,
}

/// A file that is being put together.
#[derive(Default)]
pub(super) struct File {
    nodes: Vec<NodeEntry>,
    meshes: Vec<Mesh>,
    materials: Vec<MaterialEntry>,
    accessors: Vec<Accessor>,
    views: Vec<View>,
    binary: Vec<u8>,
}

#[derive(Serialize)]
struct Document<'a> {
    asset: Asset,
    scene: usize,
    scenes: [Scene; 1],
    nodes: &'a [NodeEntry],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    meshes: &'a [Mesh],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    materials: &'a [MaterialEntry],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    accessors: &'a [Accessor],
    #[serde(rename = "bufferViews", skip_serializing_if = "<[_]>::is_empty")]
    views: &'a [View],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    buffers: Vec<Buffer>,
}

#[derive(Serialize)]
struct Asset {
    version: &'static str,
    generator: &'static str,
}

#[derive(Serialize)]
struct Scene {
    name: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    nodes: Vec<usize>,
}

#[derive(Serialize)]
struct NodeEntry {
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    mesh: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    translation: Option<[f64; 3]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rotation: Option<[f64; 4]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    extras: Option<Value>,
}

#[derive(Serialize)]
struct Mesh {
    name: String,
    primitives: [Primitive; 1],
}

#[derive(Serialize)]
struct Primitive {
    attributes: Attributes,
    indices: usize,
    material: usize,
}

#[derive(Serialize)]
struct Attributes {
    #[serde(rename = "POSITION")]
    position: usize,
    #[serde(rename = "NORMAL")]
    normal: usize,
}

#[derive(Serialize)]
struct MaterialEntry {
    name: &'static str,
    #[serde(rename = "pbrMetallicRoughness")]
    surface: Surface,
}

#[derive(Serialize)]
struct Surface {
    #[serde(rename = "baseColorFactor")]
    color: [f64; 4],
    #[serde(rename = "metallicFactor")]
    metal: f64,
    #[serde(rename = "roughnessFactor")]
    rough: f64,
}

#[derive(Serialize)]
struct Accessor {
    #[serde(rename = "bufferView")]
    view: usize,
    #[serde(rename = "componentType")]
    component: u32,
    count: usize,
    #[serde(rename = "type")]
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    min: Option<[f32; 3]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max: Option<[f32; 3]>,
}

#[derive(Serialize)]
struct View {
    buffer: usize,
    #[serde(rename = "byteOffset")]
    offset: usize,
    #[serde(rename = "byteLength")]
    length: usize,
    target: u32,
}

#[derive(Serialize)]
struct Buffer {
    #[serde(rename = "byteLength")]
    length: usize,
}

impl File {
    /// Adds a material and returns its index.
    pub fn material(&mut self, material: &Material) -> usize {
        let surface = Surface { color: material.color, metal: 0.0, rough: material.rough };
        self.materials.push(MaterialEntry { name: material.name, surface });
        self.materials.len() - 1
    }

    /// Adds a shape, which is not empty, and returns the index of its mesh.
    pub fn mesh(&mut self, name: &str, shape: &Shape, material: usize) -> usize {
        let position = self.vectors(&shape.points, true);
        let normal = self.vectors(&shape.normals, false);
        let indices = shape.triangles.as_flattened();
        let view = self.view(indices.iter().flat_map(|i| i.to_le_bytes()), ELEMENT_ARRAY_BUFFER);
        let count = indices.len();
        let accessor =
            Accessor { view, component: UNSIGNED_INT, count, kind: "SCALAR", min: None, max: None };
        self.accessors.push(accessor);
        let indices = self.accessors.len() - 1;
        let attributes = Attributes { position, normal };
        self.meshes
            .push(Mesh { name: name.to_owned(), primitives: [Primitive { attributes, indices, material }] });
        self.meshes.len() - 1
    }

    /// Adds something to the scene.
    pub fn add(&mut self, node: Node) {
        self.nodes.push(NodeEntry {
            name: node.name,
            mesh: node.mesh,
            translation: node.pose.map(|p| p.origin),
            rotation: node.pose.map(|p| quaternion(p.rotation)),
            extras: node.extras,
        });
    }

    /// The whole file: header, JSON, binary.
    pub fn to_glb(&self) -> Vec<u8> {
        let length = self.binary.len();
        let document = Document {
            asset: Asset { version: "2.0", generator: concat!("guywire ", env!("CARGO_PKG_VERSION")) },
            scene: 0,
            scenes: [Scene { name: "posture", nodes: (0..self.nodes.len()).collect() }],
            nodes: &self.nodes,
            meshes: &self.meshes,
            materials: &self.materials,
            accessors: &self.accessors,
            views: &self.views,
            buffers: if length == 0 { Vec::new() } else { vec![Buffer { length }] },
        };
        // Only maps with keys that are no strings cannot be written, and there are none.
        let mut json = serde_json::to_vec(&document).unwrap_or_default();
        json.resize(json.len().next_multiple_of(4), b' ');
        let mut bytes = Vec::with_capacity(28 + json.len() + length);
        let whole = 12 + 8 + json.len() + if length == 0 { 0 } else { 8 + length };
        for word in [MAGIC, VERSION, whole as u32, json.len() as u32, JSON_CHUNK] {
            bytes.extend(word.to_le_bytes());
        }
        bytes.extend(json);
        if length > 0 {
            for word in [length as u32, BINARY_CHUNK] {
                bytes.extend(word.to_le_bytes());
            }
            bytes.extend(&self.binary);
        }
        bytes
    }

    fn vectors(&mut self, vectors: &[[f32; 3]], bounds: bool) -> usize {
        let view = self.view(vectors.as_flattened().iter().flat_map(|v| v.to_le_bytes()), ARRAY_BUFFER);
        let bound = |pick: fn(f32, f32) -> f32, start: f32| {
            bounds.then(|| vectors.iter().fold([start; 3], |b, v| [0, 1, 2].map(|i| pick(b[i], v[i]))))
        };
        self.accessors.push(Accessor {
            view,
            component: FLOAT,
            count: vectors.len(),
            kind: "VEC3",
            min: bound(f32::min, f32::INFINITY),
            max: bound(f32::max, f32::NEG_INFINITY),
        });
        self.accessors.len() - 1
    }

    /// Every component has four bytes, so that every view begins on a multiple of four.
    fn view(&mut self, bytes: impl Iterator<Item = u8>, target: u32) -> usize {
        let offset = self.binary.len();
        self.binary.extend(bytes);
        let length = self.binary.len() - offset;
        self.views.push(View { buffer: 0, offset, length, target });
        self.views.len() - 1
    }
}

/// The unit quaternion (x, y, z, w) of a rotation, by its largest component (Shepperd 1978, J Guid Control 1:223).
fn quaternion(r: [[f64; 3]; 3]) -> [f64; 4] {
    let [[xx, xy, xz], [yx, yy, yz], [zx, zy, zz]] = r;
    let trace = xx + yy + zz;
    let squares = [xx, yy, zz, trace];
    let largest = (0..4).max_by(|&a, &b| squares[a].total_cmp(&squares[b])).unwrap_or(3);
    let q = match largest {
        0 => [1.0 + 2.0 * xx - trace, xy + yx, xz + zx, zy - yz],
        1 => [xy + yx, 1.0 + 2.0 * yy - trace, yz + zy, xz - zx],
        2 => [xz + zx, yz + zy, 1.0 + 2.0 * zz - trace, yx - xy],
        _ => [zy - yz, xz - zx, yx - xy, 1.0 + trace],
    };
    let length = q.iter().map(|v| v * v).sum::<f64>().sqrt();
    if length > 0.0 && length.is_finite() { q.map(|v| v / length) } else { [0.0, 0.0, 0.0, 1.0] }
}

#[cfg(test)]
mod tests {
    use super::quaternion;

    /// Rodrigues' formula against the quaternion of the same axis and angle.
    #[test]
    fn quaternions_turn_as_their_matrices() {
        for k in 0..40 {
            let t = 0.37 * f64::from(k);
            let axis = [t.sin(), (1.7 * t).cos(), (0.6 * t + 1.0).sin()];
            let size = axis.iter().map(|v| v * v).sum::<f64>().sqrt();
            let [x, y, z] = axis.map(|v| v / size);
            let (s, c) = (0.5 * t).sin_cos();
            let (sin, cos, v) = (t.sin(), t.cos(), 1.0 - t.cos());
            let r = [
                [cos + x * x * v, x * y * v - z * sin, x * z * v + y * sin],
                [y * x * v + z * sin, cos + y * y * v, y * z * v - x * sin],
                [z * x * v - y * sin, z * y * v + x * sin, cos + z * z * v],
            ];
            let (found, expected) = (quaternion(r), [x * s, y * s, z * s, c]);
            let dot: f64 = found.iter().zip(expected).map(|(a, b)| a * b).sum();
            assert!((dot.abs() - 1.0).abs() < 1e-12, "{found:?} {expected:?}");
        }
    }
}
