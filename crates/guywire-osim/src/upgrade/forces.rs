//! Forces, muscles, constraints and controllers.

use super::{numbers, rename, text};
use crate::description::NodeId;
use crate::read::{is_actuator, is_constraint, is_force, is_muscle};
use crate::xml::Document;

/// Changes of a force, constraint, controller or probe.
pub(super) fn upgrade(document: &mut Document, node: NodeId, class: &str, version: u32) {
    let is_force = is_force(class);
    if version < 30_509 {
        let enabled = match class {
            _ if is_force => Some("appliesForce"),
            _ if is_constraint(class) => Some("isEnforced"),
            _ if class.ends_with("Controller") || class.ends_with("Probe") => Some("enabled"),
            _ => None,
        };
        if let Some(enabled) = enabled {
            negate(document, node, enabled);
        }
    }
    if version < 10_905 {
        before_10905(document, node, class);
    }
    if is_muscle(class) {
        muscle(document, node, version);
    }
    if is_force
        && version < 40_500
        && let Some(path) = document.child(node, "GeometryPath")
    {
        document.set_attribute(path, "name", "path");
    }
}

/// `isDisabled` became its opposite.
fn negate(document: &mut Document, node: NodeId, enabled: &str) {
    if let Some(old) = document.child(node, "isDisabled") {
        let is_disabled = document.text(old).eq_ignore_ascii_case("true") || document.text(old) == "1";
        document.set_name(old, enabled);
        document.set_text(old, if is_disabled { "false" } else { "true" });
    }
}

/// Forces and torques acted the other way round.
fn before_10905(document: &mut Document, node: NodeId, class: &str) {
    let direction = match class {
        "PointActuator" => {
            rename(document, node, "body_B", "body");
            rename(document, node, "point_B", "point");
            rename(document, node, "direction_A", "direction");
            if document.child(node, "force_is_global").is_none() {
                document.append_text(node, "force_is_global", "true");
            }
            ("direction", [1.0, 0.0, 0.0])
        }
        "TorqueActuator" => {
            rename(document, node, "body_A", "bodyB");
            rename(document, node, "body_B", "bodyA");
            rename(document, node, "direction_A", "axis");
            ("axis", [0.0, 0.0, 1.0])
        }
        _ => return,
    };
    let (property, default) = direction;
    let [x, y, z] = numbers(document, node, property, default);
    let opposite = format!("{} {} {}", -x, -y, -z);
    match document.child(node, property) {
        Some(child) => document.set_text(child, &opposite),
        None => {
            document.append_text(node, property, &opposite);
        }
    }
}

fn muscle(document: &mut Document, node: NodeId, version: u32) {
    if version <= 20_301 {
        if document.child(node, "GeometryPath").is_none() {
            let path = document.append(node, "GeometryPath");
            for set in ["PathPointSet", "PathWrapSet"] {
                if let Some(set) = document.child(node, set) {
                    document.move_to(set, path);
                }
            }
        }
        rename(document, node, "pennation_angle", "pennation_angle_at_optimal");
    }
    if version < 30_513 {
        // Muscles clamped their control silently; the old defaults are not the present ones.
        for (property, old_default) in [("min_control", 0.0), ("max_control", 1.0)] {
            let [value] = numbers(document, node, property, [f64::NAN]);
            if let Some(old) = document.child(node, property).filter(|_| (value - old_default).abs() < 1e-14)
            {
                document.remove(old);
            }
        }
    }
}

/// Controllers named their actuators; now they have the paths.
pub(super) fn name_actuators(document: &mut Document, model: NodeId) {
    let objects = |document: &Document, set: &str| {
        let set = document.child(model, set)?;
        document.child(set, "objects")
    };
    let Some(controllers) = objects(document, "ControllerSet") else { return };
    let mut all = Vec::new();
    if let Some(forces) = objects(document, "ForceSet") {
        for force in document.children(forces).filter(|&force| is_actuator(document.name(force))) {
            all.push(format!("/forceset/{}", document.attribute(force, "name").unwrap_or_default()));
        }
    }
    let all = all.join(" ");
    // A damaged file may have many controllers of many actuators: beyond this the names stay as they are.
    let mut room = crate::xml::MAX_BYTES;
    for controller in document.children(controllers).collect::<Vec<_>>() {
        let Some(names) = text(document, controller, "actuator_list") else { continue };
        let is_all = names.split_whitespace().any(|name| name.eq_ignore_ascii_case("all"));
        let paths = match is_all {
            true if all.len() <= room => {
                room -= all.len();
                all.clone()
            }
            true => names,
            false => {
                let paths = names.split_whitespace().map(|name| format!("/forceset/{name}"));
                paths.collect::<Vec<_>>().join(" ")
            }
        };
        rename(document, controller, "actuator_list", "socket_actuators");
        if let Some(socket) = document.child(controller, "socket_actuators") {
            document.set_text(socket, &paths);
        }
    }
}
