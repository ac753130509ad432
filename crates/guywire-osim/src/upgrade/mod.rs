//! Documents of versions 10901 to 40600 to the form of 40600, change by change as OpenSim 4.6 makes them.
//!
//! The version says which changes an element has behind it. OpenSim changes every object while it reads it;
//! here the whole document is changed first, so that one reader serves all versions and what is written again
//! has one form. Numbers that OpenSim rewrites on the way keep six significant digits, as there.

mod digits;
mod forces;
mod frames;
mod geometry;
mod joints;
mod names;
mod sockets;
mod structure;

pub(crate) use names::make_unique;
pub(crate) use structure::present_name;

use crate::description::NodeId;
use crate::read::ReadError;
use crate::xml::Document;

/// Oldest version of a model that OpenSim 4.6 takes; earlier files it wants saved by OpenSim 3.3 first.
pub const OLDEST: u32 = 10_901;
/// The version of OpenSim 4.6.
pub const NEWEST: u32 = 40_600;

/// Brings a document to the newest form and returns the version that it had.
///
/// # Errors
/// A version that is none, or is not between [`OLDEST`] and [`NEWEST`].
pub fn upgrade(document: &mut Document) -> Result<u32, ReadError> {
    let root = document.root();
    if document.name(root) != "OpenSimDocument" {
        let (line, found) = (document.line(root), document.name(root).to_owned());
        return Err(ReadError::NotAModel { line, expected: "OpenSimDocument", found });
    }
    let stated = document.attribute(root, "Version").unwrap_or_default().trim().to_owned();
    let version = stated.parse().ok().filter(|version| (OLDEST..=NEWEST).contains(version));
    let Some(version) = version else {
        let line = document.line(root);
        return Err(ReadError::Version { line, found: stated, oldest: OLDEST, newest: NEWEST });
    };
    document.set_attribute(root, "Version", &NEWEST.to_string());
    structure::rename_classes(document, root);
    let model = document.child(root, "Model");
    if version < NEWEST {
        if let Some(model) = model {
            structure::upgrade(document, model, version);
        }
        let joints = model.map(|model| joints::coordinate_paths(document, model)).unwrap_or_default();
        let classes = document.elements(root).filter(|&node| is_class(document.name(node)));
        let mut class = String::new();
        for node in classes.collect::<Vec<_>>() {
            class.clear();
            class.push_str(document.name(node));
            element(document, node, &class, version, &joints);
        }
        if let Some(model) = model.filter(|_| version < 40_600) {
            forces::name_actuators(document, model);
        }
    }
    if let Some(model) = model {
        structure::complete(document, model);
        names::make_unique(document, model);
    }
    Ok(version)
}

/// Whether a name is that of a class; names of properties begin with a small letter.
fn is_class(name: &str) -> bool {
    name.starts_with(char::is_uppercase)
}

/// Changes of one element; those of a derived class come before those of its bases.
fn element(
    document: &mut Document,
    node: NodeId,
    class: &str,
    version: u32,
    coordinates: &joints::CoordinatePaths,
) {
    // An older property of this name may have become one of today's.
    if !is_class(class) {
        return;
    }
    if version < 30_500 {
        names::clean(document, node);
    }
    forces::upgrade(document, node, class, version);
    frames::upgrade(document, node, class, version, coordinates);
    if class.ends_with("Joint") {
        joints::upgrade(document, node, version);
    }
    if class == "Body" || class == "Ground" {
        geometry::upgrade(document, node, version);
    }
    sockets::upgrade(document, node, version);
}

/// Text of a child, unless there is none.
fn text(document: &Document, node: NodeId, child: &str) -> Option<String> {
    document.child(node, child).map(|child| document.text(child).to_owned())
}

/// Renames the first child of a name.
fn rename(document: &mut Document, node: NodeId, from: &str, to: &str) {
    if let Some(child) = document.child(node, from) {
        document.set_name(child, to);
    }
}

/// Path of a body by its name.
fn body_path(name: &str) -> String {
    match name {
        "ground" => "/ground".to_owned(),
        _ => format!("/bodyset/{name}"),
    }
}

/// `N` numbers of a child, as given where it has no text. What is no number, or missing, is none, and is refused where
/// the upgraded property is read.
fn numbers<const N: usize>(document: &Document, node: NodeId, child: &str, otherwise: [f64; N]) -> [f64; N] {
    let mut values = otherwise;
    if let Some(child) = document.child(node, child) {
        let text = document.text(child);
        let mut tokens = crate::read::number_tokens(text);
        for value in values.iter_mut().filter(|_| !text.is_empty()) {
            *value = tokens.next().and_then(|token| token.parse().ok()).unwrap_or(f64::NAN);
        }
    }
    values
}
