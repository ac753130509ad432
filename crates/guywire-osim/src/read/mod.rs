//! From a document of version 40600 to a [`Description`].

mod bodies;
mod components;
mod constraints;
mod contact;
mod controllers;
mod curves;
mod elastic;
mod element;
pub mod error;
mod forces;
mod frames;
mod functions;
mod joints;
mod muscles;
mod paths;
mod sockets;
mod summary;
mod wraps;

use std::cell::{Cell, RefCell};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use guywire_engine::force::mesh::TriangleMesh;

use crate::description::{Base, Description, Frame, NodeId};
use crate::report::{Fate, ImportReport};
use crate::xml::Document;

use components::Components;
pub(crate) use constraints::is_constraint;
pub(crate) use elastic::{BUSHING_EXPRESSIONS, BUSHING_FUNCTIONS};
use element::Element;
pub(crate) use element::numbers as number_tokens;
pub use error::{Place, ReadError};
pub(crate) use forces::{is_actuator, is_force};
pub(crate) use muscles::is_muscle;
pub use sockets::Sockets;

/// How to read a model.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReadOptions {
    /// Leave out forces that cannot be read and say so in the report, instead of an error.
    pub allow_missing: bool,
}

/// Surfaces by the names of their files, or why there is none.
pub type Meshes = HashMap<String, Result<Arc<TriangleMesh>, String>>;

/// Reads a document that is in the form of version 40600.
///
/// # Errors
/// The first value, name or class that cannot be read; for forces, all of them at once.
pub fn describe(
    document: &Document,
    options: &ReadOptions,
    meshes: &Meshes,
) -> Result<(Description, ImportReport), ReadError> {
    let reader = Reader::new(document, Some(meshes))?;
    let description = reader.description()?;
    let report = reader.report();
    let refused: Vec<_> = report.refused().cloned().collect();
    if refused.is_empty() || options.allow_missing {
        Ok((description, report))
    } else {
        Err(ReadError::Forces(refused))
    }
}

/// The `Model` element of a document.
///
/// # Errors
/// When it has none.
pub fn model(document: &Document) -> Result<NodeId, ReadError> {
    let root = document.root();
    document.child(root, "Model").ok_or_else(|| {
        let found = document.children(root).next().unwrap_or(root);
        ReadError::NotAModel {
            line: document.line(found),
            expected: "Model",
            found: document.name(found).to_owned(),
        }
    })
}

/// A document being read.
pub(crate) struct Reader<'d> {
    document: &'d Document,
    /// Surfaces for contact, where forces are read.
    meshes: Option<&'d Meshes>,
    model: NodeId,
    components: Components<'d>,
    /// Objects of `<defaults>` by class.
    defaults: HashMap<&'d str, NodeId>,
    /// Index of every body.
    bodies: HashMap<NodeId, usize>,
    /// Coordinates by element.
    coordinates: HashMap<NodeId, &'d str>,
    /// Coordinates by name.
    coordinate_names: HashMap<&'d str, NodeId>,
    frames: RefCell<HashMap<NodeId, Frame>>,
    /// Frames through stations that are being built.
    open_frames: RefCell<Vec<NodeId>>,
    /// Names of coordinates that are angles.
    rotational: RefCell<HashSet<String>>,
    /// Elements that were read.
    read: Vec<Cell<bool>>,
    remarks: RefCell<Vec<(NodeId, Fate)>>,
    /// How many more messages get a nearest name: a damaged file may have many.
    suggestions: Cell<usize>,
}

impl<'d> Reader<'d> {
    fn new(document: &'d Document, meshes: Option<&'d Meshes>) -> Result<Self, ReadError> {
        let (root, model) = (document.root(), model(document)?);
        let mut defaults = HashMap::new();
        for parent in [root, model] {
            if let Some(list) = document.child(parent, "defaults") {
                defaults.extend(document.children(list).map(|node| (document.name(node), node)));
            }
        }
        let mut reader = Self {
            document,
            meshes,
            model,
            components: Components::new(document, model),
            defaults,
            bodies: HashMap::new(),
            coordinates: HashMap::new(),
            coordinate_names: HashMap::new(),
            frames: RefCell::default(),
            open_frames: RefCell::default(),
            rotational: RefCell::default(),
            read: vec![Cell::new(false); document.node_count()],
            remarks: RefCell::default(),
            suggestions: Cell::new(100),
        };
        reader.index();
        Ok(reader)
    }

    /// Finds bodies and coordinates, which everything else refers to.
    fn index(&mut self) {
        let bodies: Vec<NodeId> = self.members("BodySet", bodies::is_body).map(|body| body.node).collect();
        self.bodies = bodies.into_iter().enumerate().map(|(index, node)| (node, index)).collect();
        let joints: Vec<NodeId> =
            self.members("JointSet", joints::is_joint).map(|joint| joint.node).collect();
        for joint in joints {
            let Some(list) = self.document.child(joint, "coordinates") else { continue };
            for coordinate in self.document.children(list) {
                let name = self.document.attribute(coordinate, "name").unwrap_or_default().trim();
                self.coordinates.insert(coordinate, name);
                self.coordinate_names.entry(name).or_insert(coordinate);
            }
        }
    }

    fn element(&self, node: NodeId) -> Element<'_, 'd> {
        if let Some(read) = self.read.get(node.0 as usize) {
            read.set(true);
        }
        let inherited = self.defaults.get(self.document.name(node)).copied().filter(|&own| own != node);
        Element { reader: self, node, inherited }
    }

    fn remark(&self, node: NodeId, fate: Fate) {
        self.remarks.borrow_mut().push((node, fate));
    }

    /// Members of a set of the model, then components of these classes elsewhere in the model.
    fn members<'a>(
        &'a self,
        set: &'static str,
        is_class: impl Fn(&str) -> bool + 'a,
    ) -> impl Iterator<Item = Element<'a, 'd>> {
        let document = self.document;
        let list = document.child(self.model, set);
        let objects = list.map(|set| document.child(set, "objects").unwrap_or(set));
        let in_set = objects.into_iter().flat_map(|objects| document.children(objects));
        let elsewhere = self.components.all().iter().copied().filter(move |&node| {
            let parent = document.parent(node);
            is_class(document.name(node))
                && parent.is_some_and(|parent| match document.name(parent) {
                    "components" => true,
                    "objects" => {
                        document.parent(parent).is_some_and(|set| document.name(set) == "ComponentSet")
                    }
                    _ => false,
                })
        });
        in_set.chain(elsewhere).map(|node| self.element(node))
    }

    fn description(&self) -> Result<Description, ReadError> {
        let model = self.element(self.model);
        self.remark_files();
        let bodies = self.read_bodies()?;
        let joints = self.read_joints(&bodies)?;
        self.classify_coordinates(&joints);
        let description = Description {
            name: model.name().to_owned(),
            gravity: model.vec3("gravity", [0.0, -9.80665, 0.0])?,
            bodies,
            joints,
            constraints: self.read_constraints()?,
            forces: self.read_forces()?,
            markers: self.read_markers()?,
            contact_geometry: self.read_contact_geometry()?,
            controllers: self.read_controllers()?,
        };
        Ok(description)
    }

    /// Objects whose own file was not put in.
    fn remark_files(&self) {
        if !self.document.has_attribute("file") {
            return;
        }
        let mut open = vec![self.model];
        while let Some(node) = open.pop() {
            if let Some(file) = crate::inclusion::named_file(self.document, node) {
                let reason = format!("its objects are in the file `{file}`, which cannot be had or read");
                self.remark(node, Fate::Refused(reason));
            }
            open.extend(self.document.children(node));
        }
    }

    fn nearest<'a>(&self, name: &str, candidates: impl Iterator<Item = &'a str>) -> Option<Box<str>> {
        let left = self.suggestions.get().checked_sub(1)?;
        self.suggestions.set(left);
        error::nearest(name, candidates)
    }

    fn base_frame(base: Base) -> Frame {
        Frame { base, offset: guywire_math::Pose::identity() }
    }
}
