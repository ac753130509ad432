//! Names: every component has one, without blanks, and no two siblings have the same.

use std::collections::HashMap;

use crate::description::NodeId;
use crate::xml::Document;

/// Before 3.5 names could have blanks and be missing.
pub(super) fn clean(document: &mut Document, node: NodeId) {
    match document.attribute(node, "name") {
        Some(name) if name.contains(char::is_whitespace) => {
            let name: String = name.chars().filter(|letter| !letter.is_whitespace()).collect();
            document.set_attribute(node, "name", &name);
        }
        Some(_) => {}
        None if is_listed(document, node) => {
            let name = document.name(node).to_lowercase();
            document.set_attribute(node, "name", &name);
        }
        None => {}
    }
}

/// Whether an element is an object of a list; others are properties and have no need of a name.
fn is_listed(document: &Document, node: NodeId) -> bool {
    document.parent(node).is_some_and(|parent| {
        matches!(document.name(parent), "objects" | "frames" | "coordinates" | "components")
    })
}

/// Gives every component a name that none of its siblings has, as OpenSim does for every version.
pub(crate) fn make_unique(document: &mut Document, model: NodeId) {
    // As good as all lists of a file are in order; the others are gathered and changed afterwards.
    let mut changed: Vec<Vec<NodeId>> = Vec::new();
    let (mut siblings, mut digests) = (Vec::new(), Vec::new());
    for owner in document.elements(model) {
        if !super::is_class(document.name(owner)) {
            continue;
        }
        siblings.clear();
        for list in document.children(owner) {
            let is_empty = document.children(list).next().is_none();
            if !is_empty
                && matches!(
                    document.name(list),
                    "objects" | "frames" | "coordinates" | "components" | "attached_geometry"
                )
            {
                siblings.extend(document.children(list));
            }
        }
        let is_named = |&node: &NodeId| {
            document.attribute(node, "name").is_some_and(|name| !name.is_empty() && name == name.trim())
        };
        if !siblings.iter().all(is_named) || !document.differ(&siblings, "name", &mut digests) {
            changed.push(siblings.clone());
        }
    }
    changed.iter().for_each(|siblings| rename(document, siblings));
}

/// Gives components that have none a name, and numbers those of one name.
fn rename(document: &mut Document, siblings: &[NodeId]) {
    // Names of the siblings so far, and the number that the next of that name tries first.
    let mut names: HashMap<String, usize> = HashMap::new();
    for &node in siblings {
        let name = document.attribute(node, "name").unwrap_or_default().trim();
        // Functions and groups are no components; nothing refers to them by path.
        let name = match name {
            "" => document.name(node).to_lowercase(),
            name => name.to_owned(),
        };
        let mut unique = name.clone();
        if let Some(&first) = names.get(&name) {
            let mut count = first;
            unique = format!("{name}_{count}");
            while names.contains_key(&unique) {
                count += 1;
                unique = format!("{name}_{count}");
            }
            names.insert(name, count + 1);
        }
        if document.attribute(node, "name") != Some(unique.as_str()) {
            document.set_attribute(node, "name", &unique);
        }
        names.insert(unique, 0);
    }
}
