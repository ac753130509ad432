//! From a [`Description`] to a document that OpenSim 4.6 loads, for models that did not come from a file.
//!
//! What has a pose of its own on a body (a path point's frame, a bushing's end) becomes a
//! `PhysicalOffsetFrame` among the components of its body; equal frames are written once. Wrap objects are
//! written once for all paths that use them; two different ones of one name get different names, because
//! OpenSim finds them by name.

mod carriers;
mod contact;
mod elastic;
mod forces;
mod functions;
mod joints;
mod muscles;
mod paths;
mod values;

use crate::description::{Base, Description, Frame, NodeId, WrapObject};
use crate::xml::Document;

use values::Value;

/// The document of a model.
pub fn document(description: &Description) -> Document {
    let mut document = Document::new("OpenSimDocument");
    let root = document.root();
    document.set_attribute(root, "Version", &crate::upgrade::NEWEST.to_string());
    let model = document.append(root, "Model");
    document.set_attribute(model, "name", &description.name);
    let ground = document.append(model, "Ground");
    document.set_attribute(ground, "name", "ground");
    let mut writer = Writer {
        description,
        document,
        model,
        ground,
        bodies: Vec::new(),
        frames: Vec::new(),
        wraps: Vec::new(),
    };
    writer.value(model, "gravity", description.gravity);
    writer.bodies();
    writer.joints();
    writer.constraints();
    writer.forces();
    writer.markers();
    writer.contact_geometry();
    writer.controllers();
    writer.document
}

/// A document being written.
struct Writer<'a> {
    description: &'a Description,
    document: Document,
    model: NodeId,
    ground: NodeId,
    /// Elements of the bodies.
    bodies: Vec<NodeId>,
    /// Frames that were made, and their paths.
    frames: Vec<(Frame, String)>,
    /// Wrap objects that were written, and their names in the file.
    wraps: Vec<(&'a WrapObject, String)>,
}

impl Writer<'_> {
    /// A property.
    fn value(&mut self, node: NodeId, property: &str, value: impl Value) {
        self.document.append_text(node, property, &value.text());
    }

    /// An object with a name.
    fn object(&mut self, parent: NodeId, class: &str, name: &str) -> NodeId {
        let node = self.document.append(parent, class);
        self.document.set_attribute(node, "name", name);
        node
    }

    /// A set of the model; returns its list of objects.
    fn set(&mut self, class: &str) -> NodeId {
        let set = self.object(self.model, class, &class.to_lowercase());
        let objects = self.document.append(set, "objects");
        self.document.append(set, "groups");
        objects
    }

    fn base_name(&self, base: Base) -> &str {
        match base {
            Base::Ground => "ground",
            Base::Body(index) => self.description.bodies.get(index).map_or("", |body| body.name.as_str()),
        }
    }

    fn base_path(&self, base: Base) -> String {
        match base {
            Base::Ground => "/ground".to_owned(),
            Base::Body(_) => format!("/bodyset/{}", self.base_name(base)),
        }
    }
}
