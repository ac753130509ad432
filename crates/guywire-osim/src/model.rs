//! A model file: what it says and what it is.

use crate::description::Description;
use crate::read::{self, ReadError, ReadOptions};
use crate::report::ImportReport;
use crate::upgrade::upgrade;
use crate::xml::Document;

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
}

impl OsimModel {
    /// Reads a model file of any version that OpenSim 4.6 reads.
    ///
    /// # Errors
    /// What is wrong with the file, with line, element, property and what was expected.
    pub fn read(bytes: &[u8], options: &ReadOptions) -> Result<Self, ReadError> {
        let mut document = Document::parse(bytes)?;
        let version = upgrade(&mut document)?;
        let (description, mut report) = read::describe(&document, options)?;
        report.version = version;
        Ok(Self { document, description, report, options: *options })
    }

    /// Reads the description again from the document.
    ///
    /// # Errors
    /// As [`OsimModel::read`]; the model keeps its description then.
    pub fn reread(&mut self) -> Result<(), ReadError> {
        let (description, report) = read::describe(&self.document, &self.options)?;
        self.description = description;
        self.report = ImportReport { version: self.report.version, ..report };
        Ok(())
    }

    /// The file that OpenSim 4.6 loads.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.document.to_bytes()
    }

    /// Adds the forces of a `ForceSet` file of any version that is read, or puts them in the place of the model's.
    ///
    /// # Errors
    /// When the file holds something else, or the model cannot be read with these forces; the model is as before then.
    pub fn add_forces(&mut self, bytes: &[u8], replace: bool) -> Result<(), ReadError> {
        let mut file = Document::parse(bytes)?;
        upgrade(&mut file)?;
        let root = file.root();
        let set = file.child(root, "ForceSet").ok_or_else(|| {
            let found = file.children(root).next().map_or("nothing", |node| file.name(node)).to_owned();
            ReadError::NotAModel { line: file.line(root), expected: "ForceSet", found }
        })?;
        let before = self.document.clone();
        let model = read::Sockets::new(&self.document)?.model();
        let document = &mut self.document;
        let own = document.child(model, "ForceSet").unwrap_or_else(|| document.append(model, "ForceSet"));
        let objects = document.child(own, "objects").unwrap_or_else(|| document.append(own, "objects"));
        if replace {
            let forces: Vec<_> = document.children(objects).collect();
            forces.into_iter().for_each(|force| document.remove(force));
        }
        if let Some(added) = file.child(set, "objects") {
            file.children(added).for_each(|force| document.append_from(&file, force, objects));
        }
        self.reread().inspect_err(|_| self.document = before)
    }
}
