//! The frame of a model file: names of classes, sets, and joints that were inside bodies.

use super::{body_path, sockets};
use crate::description::NodeId;
use crate::xml::Document;

/// What a class is called today whose old name OpenSim 4.6 still takes.
fn new_name(class: &str) -> Option<&'static str> {
    // Most names are those of properties, which begin with a small letter.
    if !class.starts_with(|first: char| first.is_ascii_uppercase() || first == 'n') {
        return None;
    }
    Some(match class {
        "natCubicSpline" | "NaturalCubicSpline" => "SimmSpline",
        "ActuatorSet" => "ForceSet",
        "MuscleWrap" => "PathWrap",
        "MuscleWrapSet" => "PathWrapSet",
        "MusclePoint" => "PathPoint",
        "MuscleViaPoint" => "ConditionalPathPoint",
        "MovingMusclePoint" => "MovingPathPoint",
        "MusclePointSet" => "PathPointSet",
        "GeneralizedForce" => "CoordinateActuator",
        "Force" => "PointActuator",
        "Torque" => "TorqueActuator",
        "Schutte1993Muscle" => "Schutte1993Muscle_Deprecated",
        "Delp1990Muscle" => "Delp1990Muscle_Deprecated",
        "MuscleMetabolicPowerProbeUmberger2010" => "Umberger2010MuscleMetabolicsProbe",
        _ => return None,
    })
}

/// What a class is called today.
pub(crate) fn present_name(class: &str) -> &str {
    new_name(class).unwrap_or(class)
}

/// Gives renamed classes their present name, in files of every version.
pub(super) fn rename_classes(document: &mut Document, root: NodeId) {
    let present = |node: NodeId| Some((node, new_name(document.name(node))?));
    let renamed: Vec<_> = document.elements(root).filter_map(present).collect();
    for (node, name) in renamed {
        document.set_name(node, name);
    }
}

/// What every model has, whatever its file says: a name and a ground.
pub(super) fn complete(document: &mut Document, model: NodeId) {
    if document.attribute(model, "name").is_none_or(|name| name.trim().is_empty()) {
        document.set_attribute(model, "name", "model");
    }
    if document.child(model, "Ground").is_none() {
        let first = document.children(model).next();
        let ground = match first {
            Some(first) => document.insert_before(first, "Ground"),
            None => document.append(model, "Ground"),
        };
        document.set_attribute(ground, "name", "ground");
    }
}

/// Changes of a model as a whole.
pub(super) fn upgrade(document: &mut Document, model: NodeId, version: u32) {
    if version < 30_501
        && let Some(set) = document.child(model, "BodySet")
        && let Some(objects) = document.child(set, "objects")
    {
        split_bodies(document, model, set, objects);
    }
    if version < 30_512
        && let Some(frames) = document.child(model, "FrameSet")
    {
        let components = components(document, model, frames);
        let objects = document.child(frames, "objects").unwrap_or(frames);
        for frame in document.children(objects).collect::<Vec<_>>() {
            document.move_to(frame, components);
        }
        document.remove(frames);
    }
}

/// The `components` of an object, made before `sibling` where there are none.
pub(super) fn components(document: &mut Document, node: NodeId, sibling: NodeId) -> NodeId {
    match document.child(node, "components") {
        Some(components) => components,
        None => document.insert_before(sibling, "components"),
    }
}

/// The body `ground` becomes the ground, and joints leave their child bodies.
fn split_bodies(document: &mut Document, model: NodeId, set: NodeId, objects: NodeId) {
    let joint_set = document.append(model, "JointSet");
    document.set_attribute(joint_set, "name", "jointset");
    let joints = document.append(joint_set, "objects");
    let bodies: Vec<NodeId> =
        document.children(objects).filter(|&body| document.name(body) == "Body").collect();
    let mut has_ground = false;
    for body in bodies {
        let name = document.attribute(body, "name").unwrap_or_default();
        let name: String = name.chars().filter(|letter| !letter.is_whitespace()).collect();
        if name == "ground" && !has_ground {
            has_ground = true;
            ground(document, body, set);
            continue;
        }
        let Some(holder) = document.child(body, "Joint") else { continue };
        let joint = document.children(holder).next();
        if let Some(joint) = joint {
            let parent = super::text(document, joint, "parent_body").unwrap_or_default();
            let parent = if parent.is_empty() { "ground".to_owned() } else { parent };
            sockets::add(document, joint, "parent_frame", &body_path(&parent));
            sockets::add(document, joint, "child_frame", &body_path(&name));
            if let Some(old) = document.child(joint, "parent_body") {
                document.remove(old);
            }
            document.move_to(joint, joints);
        }
        document.remove(holder);
    }
}

/// Only what ground can have stays: meshes and wrap objects.
fn ground(document: &mut Document, body: NodeId, set: NodeId) {
    document.set_name(body, "Ground");
    document.set_attribute(body, "name", "ground");
    let kept = ["geometry", "VisibleObject", "WrapObjectSet", "attached_geometry"];
    for child in document.children(body).collect::<Vec<_>>() {
        if !kept.contains(&document.name(child)) {
            document.remove(child);
        }
    }
    document.move_before(body, set);
}
