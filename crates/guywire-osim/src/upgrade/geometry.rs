//! Meshes: `VisibleObject` became geometry attached to frames.

use guywire_math::{Mat3, Pose, Vec3};

use super::{digits, numbers, sockets, structure};
use crate::description::NodeId;
use crate::xml::Document;

/// Changes of a body or of ground.
pub(super) fn upgrade(document: &mut Document, body: NodeId, version: u32) {
    if version < 30_502
        && let Some(visible) = document.child(body, "VisibleObject")
    {
        attach(document, body, visible, version);
        document.remove(visible);
    }
    if version < 30_506
        && let Some(geometry) = document.child(body, "geometry")
    {
        let components = structure::components(document, body, geometry);
        for child in document.children(geometry).collect::<Vec<_>>() {
            document.move_to(child, components);
        }
        document.remove(geometry);
    }
}

fn attach(document: &mut Document, body: NodeId, visible: NodeId, version: u32) {
    let name = document.attribute(body, "name").unwrap_or_default().to_owned();
    let scale = numbers(document, visible, "scale_factors", [1.0; 3]);
    let outer = numbers(document, visible, "transform", [0.0; 6]);
    let attached = document.append(body, "attached_geometry");
    if version < 20_101 {
        let files = super::text(document, visible, "geometry_files").unwrap_or_default();
        for (index, file) in files.split_whitespace().enumerate() {
            mesh(document, attached, &format!("{name}_geom_{index}"), file, scale);
        }
        return;
    }
    let Some(set) = document.child(visible, "GeometrySet") else { return };
    let objects = document.child(set, "objects").unwrap_or(set);
    let shown: Vec<NodeId> =
        document.children(objects).filter(|&geometry| document.name(geometry) == "DisplayGeometry").collect();
    for (index, display) in shown.into_iter().enumerate() {
        let file = super::text(document, display, "geometry_file").unwrap_or_default();
        let inner = numbers(document, display, "transform", [0.0; 6]);
        let own = numbers(document, display, "scale_factors", [1.0; 3]);
        let total = [own[0] * scale[0], own[1] * scale[1], own[2] * scale[2]];
        let identity = inner.iter().chain(&outer).all(|value| value.abs() < f64::EPSILON);
        let list = match identity {
            true => attached,
            false => {
                frame(document, body, attached, &format!("{name}_geom_frame_{}", index + 1), outer, inner)
            }
        };
        let mesh = mesh(document, list, &format!("{name}_geom_{}", index + 1), &file, total);
        let appearance = document.append(mesh, "Appearance");
        for property in ["color", "opacity"] {
            if let Some(child) = document.child(display, property) {
                document.move_to(child, appearance);
            }
        }
    }
}

fn mesh(document: &mut Document, list: NodeId, name: &str, file: &str, scale: [f64; 3]) -> NodeId {
    let mesh = document.append(list, "Mesh");
    document.set_attribute(mesh, "name", name);
    sockets::add(document, mesh, "frame", "..");
    document.append_text(mesh, "scale_factors", &digits::list(&scale));
    document.append_text(mesh, "mesh_file", file);
    mesh
}

/// A frame on the body for a mesh that has a pose of its own; returns its list of geometry.
fn frame(
    document: &mut Document,
    body: NodeId,
    sibling: NodeId,
    name: &str,
    outer: [f64; 6],
    inner: [f64; 6],
) -> NodeId {
    let pose = |numbers: [f64; 6]| Pose {
        rotation: Mat3::euler_xyz(numbers[0], numbers[1], numbers[2]),
        position: Vec3::new(numbers[3], numbers[4], numbers[5]),
    };
    let composed = pose(outer) * pose(inner);
    let components = structure::components(document, body, sibling);
    let frame = document.append(components, "PhysicalOffsetFrame");
    document.set_attribute(frame, "name", name);
    let list = document.append(frame, "attached_geometry");
    sockets::add(document, frame, "parent", "..");
    let p = composed.position;
    document.append_text(frame, "translation", &digits::list(&[p.x, p.y, p.z]));
    document.append_text(frame, "orientation", &digits::list(&crate::angles::euler_xyz(&composed.rotation)));
    list
}
