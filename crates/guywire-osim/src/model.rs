//! A model file: what it says and what it is.

use crate::description::{Description, ForceKind};
use crate::inclusion::{self, Files, Inclusion, InclusionError, Versions};
use crate::mesh;
use crate::read::{self, Meshes, ReadError, ReadOptions};
use crate::report::ImportReport;
use crate::upgrade::{self, upgrade};
use crate::xml::Document;
use std::sync::Arc;

/// An OpenSim model with the document that it comes from.
#[derive(Clone, Debug)]
pub struct OsimModel {
    /// The file, in the form of version 40600; edits here are written.
    pub document: Document,
    /// What the document says; [`OsimModel::reread`] brings it up to date after edits.
    pub description: Description,
    /// What became of every element.
    pub report: ImportReport,
    options: ReadOptions,
    /// Surfaces for contact by file name.
    meshes: Meshes,
}

/// Reads the meshes of a model in which a force presses them.
fn contact_meshes(document: &Document, files: &mut Files<'_>) -> Meshes {
    let mut meshes = Meshes::new();
    if !document.has_element("ElasticFoundationForce") {
        return meshes;
    }
    let mut open = vec![document.root()];
    while let Some(node) = open.pop() {
        open.extend(document.children(node));
        let file = document.child(node, "filename").filter(|_| document.name(node) == "ContactMesh");
        let Some(name) = file.map(|file| document.text(file)).filter(|name| !name.is_empty()) else {
            continue;
        };
        if meshes.len() < MOST_MESHES && !meshes.contains_key(name) {
            let bytes = files(name);
            let mesh = bytes.and_then(|bytes| mesh::read(&bytes, name).map_err(|error| error.to_string()));
            meshes.insert(name.to_owned(), mesh.map(Arc::new));
        }
    }
    meshes
}

/// Most mesh files of a model; one of every bone are 300.
const MOST_MESHES: usize = 1000;

impl OsimModel {
    /// Reads a model file of any version that OpenSim 4.6 reads, all of which is in the one file.
    ///
    /// # Errors
    /// What is wrong with the file, with line, element, property and what was expected.
    pub fn read(bytes: &[u8], options: &ReadOptions) -> Result<Self, ReadError> {
        Self::read_with_files(bytes, options, &mut |_| Err("no other file is at hand".to_owned()))
    }

    /// Reads a model file and the files in which it keeps sets ([`inclusion`]).
    ///
    /// # Errors
    /// As [`OsimModel::read`]; a file that cannot be had or read, unless missing ones are allowed.
    pub fn read_with_files(
        bytes: &[u8],
        options: &ReadOptions,
        files: &mut Files<'_>,
    ) -> Result<Self, ReadError> {
        let mut document = Document::parse(bytes)?;
        let mut inclusion = Inclusion::new(files);
        // What fails and is allowed to stays where it is, and the report says so.
        let mut put_in = |document: &mut Document, versions| {
            inclusion.run(document, versions, options.allow_missing).map_or(Ok(()), Err)
        };
        // Files of the version of the model are upgraded with it, others before they are put in.
        put_in(&mut document, Versions::Same)?;
        let version = upgrade(&mut document)?;
        let own = document.node_count();
        put_in(&mut document, Versions::Upgraded)?;
        if document.node_count() > own
            && let Some(model) = document.child(document.root(), "Model")
        {
            upgrade::make_unique(&mut document, model);
        }
        let meshes = contact_meshes(&document, files);
        let (description, mut report) = read::describe(&document, options, &meshes)?;
        report.version = version;
        Ok(Self { document, description, report, options: *options, meshes })
    }

    /// Reads the description again from the document.
    ///
    /// # Errors
    /// As [`OsimModel::read`]; the model keeps its description then.
    pub fn reread(&mut self) -> Result<(), ReadError> {
        let (description, report) = read::describe(&self.document, &self.options, &self.meshes)?;
        self.description = description;
        self.report = ImportReport { version: self.report.version, ..report };
        Ok(())
    }

    /// The file that OpenSim 4.6 loads.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.document.to_bytes()
    }

    /// The markers as a file of their own, as OpenSim writes them; none if the model has no set of them.
    pub fn marker_file(&self) -> Option<Vec<u8>> {
        let model = self.document.child(self.document.root(), "Model")?;
        let markers = self.document.child(model, "MarkerSet")?;
        let mut file = Document::new("OpenSimDocument");
        let root = file.root();
        file.set_attribute(root, "Version", &upgrade::NEWEST.to_string());
        file.append_from(&self.document, markers, root);
        Some(file.to_bytes())
    }

    /// Takes forces out of the model.
    ///
    /// # Errors
    /// When the model cannot be read without them; it is as before then.
    pub fn remove_forces(&mut self, is_removed: impl Fn(&ForceKind) -> bool) -> Result<(), ReadError> {
        let before = self.document.clone();
        let forces = self.description.forces.iter().filter(|force| is_removed(&force.kind));
        forces.for_each(|force| self.document.remove(force.node));
        self.reread().inspect_err(|_| self.document = before)
    }

    /// Adds an actuator of one N or N·m and no bounds to every coordinate that is named, as OpenSim's static optimisation
    /// does where it leaves out the muscles.
    ///
    /// # Errors
    /// As [`OsimModel::add_forces`].
    pub fn add_coordinate_actuators(&mut self, coordinates: &[String]) -> Result<(), ReadError> {
        let mut file = Document::new("OpenSimDocument");
        let root = file.root();
        file.set_attribute(root, "Version", &upgrade::NEWEST.to_string());
        let set = file.append(root, "ForceSet");
        let objects = file.append(set, "objects");
        for coordinate in coordinates {
            let actuator = file.append(objects, "CoordinateActuator");
            file.set_attribute(actuator, "name", &format!("{coordinate}_actuator"));
            file.append_text(actuator, "coordinate", coordinate);
            file.append_text(actuator, "optimal_force", "1");
        }
        self.add_forces(&file.to_bytes())
    }

    /// Adds the forces of a `ForceSet` file of any version that is read.
    ///
    /// # Errors
    /// When the file holds something else, or the model cannot be read with these forces; the model is as before then.
    pub fn add_forces(&mut self, bytes: &[u8]) -> Result<(), ReadError> {
        let mut file = Document::parse(bytes)?;
        upgrade(&mut file)?;
        let root = file.root();
        let set = file.child(root, "ForceSet").ok_or_else(|| {
            let found = file.children(root).next().map_or("nothing", |node| file.name(node)).to_owned();
            ReadError::NotAModel { line: file.line(root), expected: "ForceSet", found }
        })?;
        if !inclusion::apply_defaults(&mut file, set) {
            let at =
                Box::new(inclusion::At { inside: None, line: file.line(set), class: "ForceSet".to_owned() });
            let what = "`defaults` make more than 4194304 elements";
            return Err(InclusionError::TooMuch { at, file: "ForceSet".to_owned(), what }.into());
        }
        let before = self.document.clone();
        let model = read::model(&self.document)?;
        let document = &mut self.document;
        let own = document.child(model, "ForceSet").unwrap_or_else(|| document.append(model, "ForceSet"));
        let objects = document.child(own, "objects").unwrap_or_else(|| document.append(own, "objects"));
        if let Some(added) = file.child(set, "objects") {
            let first = document.node_count();
            file.children(added).for_each(|force| document.append_from(&file, force, objects));
            document.mark_file(first, "the force set");
        }
        self.reread().inspect_err(|_| self.document = before)
    }
}
