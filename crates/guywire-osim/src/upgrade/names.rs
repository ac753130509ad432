//! Names: every component has one, without blanks, and no two siblings have the same.

use std::collections::HashMap;

use super::elements;
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
    // Names of the siblings so far, and the number that the next of that name tries first.
    let mut names: HashMap<String, usize> = HashMap::new();
    for owner in elements(document, model) {
        if !document.name(owner).starts_with(char::is_uppercase) {
            continue;
        }
        let lists = ["objects", "frames", "coordinates", "components", "attached_geometry"];
        let siblings: Vec<NodeId> = document
            .children(owner)
            .filter(|&list| lists.contains(&document.name(list)))
            .flat_map(|list| document.children(list).collect::<Vec<_>>())
            .collect();
        names.clear();
        for node in siblings {
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
}
