//! Joints: frames instead of places in bodies, a list instead of a set of coordinates, no `reverse`.

use std::collections::HashMap;

use super::{digits, numbers, sockets};
use crate::description::NodeId;
use crate::xml::Document;

/// Path of every coordinate by its name; the first of several.
pub(super) type CoordinatePaths = HashMap<String, String>;

/// Paths of the coordinates of a model whose joints are in its joint set.
pub(super) fn coordinate_paths(document: &Document, model: NodeId) -> CoordinatePaths {
    let mut paths = CoordinatePaths::new();
    let Some(set) = document.child(model, "JointSet") else { return paths };
    let Some(objects) = document.child(set, "objects") else { return paths };
    let without_blanks = |name: &str| name.split_whitespace().collect::<String>();
    for joint in document.children(objects) {
        let name = match document.attribute(joint, "name") {
            Some(name) if !name.trim().is_empty() => without_blanks(name),
            _ => document.name(joint).to_lowercase(),
        };
        let set = document.child(joint, "CoordinateSet").and_then(|set| document.child(set, "objects"));
        let Some(list) = document.child(joint, "coordinates").or(set) else { continue };
        for coordinate in document.children(list) {
            let own = without_blanks(document.attribute(coordinate, "name").unwrap_or_default());
            let path = format!("/jointset/{name}/{own}");
            paths.entry(own).or_insert(path);
        }
    }
    paths
}

/// Changes of a joint.
pub(super) fn upgrade(document: &mut Document, joint: NodeId, version: u32) {
    if version < 30_500 {
        super::rename(document, joint, "location", "location_in_child");
        super::rename(document, joint, "orientation", "orientation_in_child");
    }
    // Earlier than the other changes of sockets, because the frames are made from them.
    sockets::upgrade(document, joint, version);
    if version < 30_505 {
        super::rename(document, joint, "socket_parent_body", "socket_parent_frame");
        super::rename(document, joint, "socket_child_body", "socket_child_frame");
        offset_frame(document, joint, "parent");
        offset_frame(document, joint, "child");
    }
    if version < 30_507
        && let Some(set) = document.child(joint, "CoordinateSet")
    {
        let coordinates = document.insert_before(set, "coordinates");
        if let Some(objects) = document.child(set, "objects") {
            for coordinate in document.children(objects).collect::<Vec<_>>() {
                if document.name(coordinate) == "Coordinate" {
                    document.move_to(coordinate, coordinates);
                }
            }
        }
        document.remove(set);
    }
    if version < 30_514
        && let Some(reverse) = document.child(joint, "reverse")
    {
        if document.text(reverse).eq_ignore_ascii_case("true") || document.text(reverse) == "1" {
            swap_frames(document, joint);
        }
        document.remove(reverse);
    }
}

/// Replaces `location_in_parent` and its like by a frame of the joint.
fn offset_frame(document: &mut Document, joint: NodeId, side: &str) {
    let socket = format!("socket_{side}_frame");
    let Some(socket) = document.child(joint, &socket) else { return };
    let path = document.text(socket).to_owned();
    let body = path.rsplit('/').next().unwrap_or_default().to_owned();
    let translation = numbers(document, joint, &format!("location_in_{side}"), [0.0; 3]);
    let orientation = numbers(document, joint, &format!("orientation_in_{side}"), [0.0; 3]);
    let name = add_frame(document, joint, &body, translation, orientation);
    document.set_text(socket, &name);
    for old in ["location_in_", "orientation_in_"] {
        if let Some(old) = document.child(joint, &format!("{old}{side}")) {
            document.remove(old);
        }
    }
}

/// Adds a frame on a body to the frames of a joint, constraint or bushing, and returns its name.
pub(super) fn add_frame(
    document: &mut Document,
    owner: NodeId,
    body: &str,
    translation: [f64; 3],
    orientation: [f64; 3],
) -> String {
    let frames = match document.child(owner, "frames") {
        Some(frames) => frames,
        None => document.append(owner, "frames"),
    };
    let name = format!("{body}_offset");
    let frame = document.append(frames, "PhysicalOffsetFrame");
    document.set_attribute(frame, "name", &name);
    sockets::add(document, frame, "parent", &super::body_path(body));
    document.append_text(frame, "translation", &digits::list(&translation));
    document.append_text(frame, "orientation", &digits::list(&orientation));
    name
}

fn swap_frames(document: &mut Document, joint: NodeId) {
    let parent = document.child(joint, "socket_parent_frame");
    let child = document.child(joint, "socket_child_frame");
    if let (Some(parent), Some(child)) = (parent, child) {
        document.set_name(parent, "socket_child_frame");
        document.set_name(child, "socket_parent_frame");
    }
}
