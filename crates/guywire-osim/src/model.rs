//! A model file: what it says and what it is.

use crate::description::Description;
use crate::read::{self, ReadError, ReadOptions};
use crate::report::ImportReport;
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
        let document = Document::parse(bytes)?;
        let (description, report) = read::describe(&document, options)?;
        Ok(Self { document, description, report, options: *options })
    }

    /// Reads the description again from the document.
    ///
    /// # Errors
    /// As [`OsimModel::read`]; the model keeps its description then.
    pub fn reread(&mut self) -> Result<(), ReadError> {
        (self.description, self.report) = read::describe(&self.document, &self.options)?;
        Ok(())
    }

    /// The file that OpenSim 4.6 loads.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.document.to_bytes()
    }
}
