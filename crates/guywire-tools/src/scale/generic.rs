//! The generic model and its markers: OpenSim's `GenericModelMaker`.

use super::ScaleError;
use super::components::{is_frame, walk};
use guywire_osim::OsimModel;
use guywire_osim::description::NodeId;
use guywire_osim::read;
use guywire_osim::report::Entry;
use guywire_osim::xml::Document;
use std::collections::HashSet;

/// Adds the markers of a `MarkerSet` file of any version; one of a name that the model has takes its place.
///
/// # Errors
/// When the model cannot be read afterwards.
pub fn update_markers(model: &mut OsimModel, set: &Document) -> Result<(), ScaleError> {
    let root = set.root();
    let list = match set.name(root) {
        "MarkerSet" => Some(root),
        _ => set.child(root, "MarkerSet"),
    };
    let markers = list.and_then(|list| set.child(list, "objects"));
    let markers: Vec<NodeId> = markers.map_or_else(Vec::new, |objects| set.children(objects).collect());
    let objects = marker_list(model)?;
    let document = &mut model.document;
    for marker in markers {
        let name = set.attribute(marker, "name").unwrap_or_default().trim();
        let same: Vec<NodeId> = document
            .children(objects)
            .filter(|&old| document.attribute(old, "name").map(str::trim) == Some(name))
            .collect();
        same.into_iter().for_each(|old| document.remove(old));
        let new = document.append(objects, "Marker");
        document.set_attribute(new, "name", name);
        let text = |property: &str| set.child(marker, property).map(|node| set.text(node));
        document.append_text(new, "socket_parent_frame", &parent(text));
        document.append_text(new, "location", text("location").unwrap_or("0 0 0"));
        document.append_text(new, "fixed", text("fixed").unwrap_or("false"));
    }
    Ok(())
}

/// Path of the frame that carries a marker: a socket since version 4, before that the name of a body.
fn parent<'t>(text: impl Fn(&str) -> Option<&'t str>) -> String {
    let socket = text("socket_parent_frame").or_else(|| text("socket_parent_frame_connectee_name"));
    match (socket, text("body")) {
        // Early versions of 4 give the path relative to the marker in its set.
        (Some(path), _) => path.strip_prefix("../../").map_or_else(|| path.to_owned(), |p| format!("/{p}")),
        (None, Some("ground")) => "/ground".into(),
        (None, Some(body)) => format!("/bodyset/{body}"),
        (None, None) => "/ground".into(),
    }
}

/// The element that holds the model's markers.
fn marker_list(model: &mut OsimModel) -> Result<NodeId, ScaleError> {
    let root = read::model(&model.document)?;
    let document = &mut model.document;
    let set = document.child(root, "MarkerSet").unwrap_or_else(|| {
        let set = document.append(root, "MarkerSet");
        document.set_attribute(set, "name", "markerset");
        set
    });
    Ok(document.child(set, "objects").unwrap_or_else(|| document.append(set, "objects")))
}

/// Takes out the markers that a list does not have, from the description and the report too; returns how many.
///
/// # Errors
/// When the model has no markers to read, or cannot be read without those taken out.
pub(super) fn keep_markers(model: &mut OsimModel, names: &[String]) -> Result<usize, ScaleError> {
    let known = model.document.node_count();
    let objects = marker_list(model)?;
    let document = &mut model.document;
    let unused: Vec<NodeId> = document
        .children(objects)
        .filter(|&marker| {
            let name = document.attribute(marker, "name").unwrap_or_default().trim();
            !names.iter().any(|n| n == name)
        })
        .collect();
    let entry = |&node: &NodeId| {
        let file = document.file_of(node).map(str::to_owned);
        let name = document.attribute(node, "name").unwrap_or_default().to_owned();
        (file, document.line(node), document.name(node).to_owned(), name)
    };
    let gone: HashSet<_> = unused.iter().map(entry).collect();
    unused.iter().for_each(|&marker| document.remove(marker));
    if document.node_count() > known || carry_frames(document) {
        model.reread()?;
        return Ok(unused.len());
    }
    let nodes: HashSet<NodeId> = unused.iter().copied().collect();
    model.description.markers.retain(|marker| !nodes.contains(&marker.node));
    let is_gone = |entry: &Entry| {
        let Entry { file, line, class, name, .. } = entry;
        gone.contains(&(file.clone(), *line, class.clone(), name.clone()))
    };
    model.report.entries.retain(|entry| entry.class != "Marker" || !is_gone(entry));
    Ok(unused.len())
}

/// Whether markers may say where anything else is: a frame may be defined by stations, which may be markers.
pub(super) fn carry_frames(document: &Document) -> bool {
    document.elements(document.root()).any(|node| document.name(node) == "StationDefinedFrame")
}

/// Names of all frames in the order of the file: ground, bodies, then those of joints and constraints.
pub(super) fn frame_names(document: &Document) -> Result<Vec<String>, ScaleError> {
    let model = read::model(document)?;
    let name = |node: &NodeId| match document.name(*node) {
        "Ground" => "ground".to_owned(),
        _ => document.attribute(*node, "name").unwrap_or_default().trim().to_owned(),
    };
    let all = walk(document, model);
    Ok(all.iter().filter(|&&node| is_frame(document.name(node))).map(name).collect())
}
