//! What is fixed to a body: the name of the body became the path of a frame.

use super::joints::{CoordinatePaths, add_frame};
use super::{body_path, numbers, rename, sockets, text};
use crate::description::NodeId;
use crate::xml::Document;

/// Changes of path points, markers, contact geometry, constraints and bodies.
pub(super) fn upgrade(
    document: &mut Document,
    node: NodeId,
    class: &str,
    version: u32,
    coordinates: &CoordinatePaths,
) {
    match class {
        "Body" if version < 30_500 => inertia(document, node),
        "PathPoint" if version < 30_505 => on_body(document, node, "body", "parent_frame"),
        "ConditionalPathPoint" if version < 30_505 => {
            if version <= 20_001 {
                rename(document, node, "coordinates", "coordinate");
            }
            coordinate(document, node, "coordinate", coordinates);
            on_body(document, node, "body", "parent_frame");
        }
        "MovingPathPoint" if version < 30_505 => {
            if version < 30_000 {
                rename(document, node, "XAttachment", "x_location");
                rename(document, node, "YAttachment", "y_location");
                rename(document, node, "ZAttachment", "z_location");
            }
            for name in ["x_coordinate", "y_coordinate", "z_coordinate"] {
                coordinate(document, node, name, coordinates);
            }
            on_body(document, node, "body", "parent_frame");
        }
        "Marker" if version < 30_501 => on_body(document, node, "body", "parent_frame"),
        "ContactSphere" | "ContactHalfSpace" | "ContactMesh" if version < 30_505 => {
            on_body(document, node, "body_name", "frame");
        }
        "PointConstraint" | "ConstantDistanceConstraint" if version < 30_500 => {
            on_body(document, node, "body_1", "body_1");
            on_body(document, node, "body_2", "body_2");
        }
        "PointOnLineConstraint" if version < 30_500 => {
            on_body(document, node, "line_body", "line_body");
            on_body(document, node, "follower_body", "follower_body");
        }
        "RollingOnSurfaceConstraint" if version < 30_500 => {
            on_body(document, node, "rolling_body", "rolling_body");
            on_body(document, node, "surface_body", "surface_body");
        }
        "PointToPointSpring" if version < 30_500 => {
            on_body(document, node, "body1", "body1");
            on_body(document, node, "body2", "body2");
        }
        "PrescribedForce" if version < 30_506 => on_body(document, node, "body", "frame"),
        "WeldConstraint" | "BushingForce" | "FunctionBasedBushingForce" | "ExpressionBasedBushingForce"
            if version < 30_505 =>
        {
            for side in ["1", "2"] {
                linked_frame(document, node, side);
            }
        }
        _ => {}
    }
}

/// Replaces the name of a body by a socket.
fn on_body(document: &mut Document, node: NodeId, property: &str, socket: &str) {
    let Some(old) = document.child(node, property) else { return };
    let name = document.text(old).to_owned();
    document.set_name(old, &format!("socket_{socket}"));
    document.set_text(old, &body_path(&name));
}

/// Replaces the name of a coordinate by a socket.
fn coordinate(document: &mut Document, node: NodeId, property: &str, paths: &CoordinatePaths) {
    let Some(name) = text(document, node, property) else { return };
    if let Some(old) = document.child(node, property) {
        document.remove(old);
    }
    if !name.is_empty() {
        sockets::add(document, node, property, paths.get(&name).unwrap_or(&name));
    }
}

/// A body and a place in it become a frame; the body itself where the place is its origin.
fn linked_frame(document: &mut Document, node: NodeId, side: &str) {
    let Some(old) = document.child(node, &format!("body_{side}")) else { return };
    let body = document.text(old).to_owned();
    let translation = numbers(document, node, &format!("location_body_{side}"), [0.0; 3]);
    let orientation = numbers(document, node, &format!("orientation_body_{side}"), [0.0; 3]);
    let path = match translation.iter().chain(&orientation).all(|&value| value == 0.0) {
        true => body_path(&body),
        false => add_frame(document, node, &body, translation, orientation),
    };
    for property in ["location_body_", "orientation_body_"] {
        if let Some(old) = document.child(node, &format!("{property}{side}")) {
            document.remove(old);
        }
    }
    document.set_name(old, &format!("socket_frame{side}"));
    document.set_text(old, &path);
}

/// Six elements became one; those that a file does not have are 1 on the diagonal and 0 beside it.
fn inertia(document: &mut Document, body: NodeId) {
    let parts = ["xx", "yy", "zz", "xy", "xz", "yz"];
    let mut values = [1.0, 1.0, 1.0, 0.0, 0.0, 0.0];
    for (value, part) in values.iter_mut().zip(parts) {
        let property = format!("inertia_{part}");
        [*value] = numbers(document, body, &property, [*value]);
        if let Some(old) = document.child(body, &property) {
            document.remove(old);
        }
    }
    if document.child(body, "inertia").is_none() {
        document.append_text(body, "inertia", &super::digits::list(&values));
    }
}
