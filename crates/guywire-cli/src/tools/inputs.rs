//! Models, motions, markers and loads as the tools take them, from the files that a person or a setup names.

use super::files;
use crate::failure::Failure;
use guywire_osim::OsimModel;
use guywire_osim::build::Built;
use guywire_osim::table::{Format, MarkerTable, Table};
use guywire_osim::xml::Document;
use std::path::{Path, PathBuf};

/// A model, read and built.
#[derive(Debug)]
pub struct Model {
    /// The file's document and description.
    pub file: OsimModel,
    /// Engine models.
    pub built: Built,
}

/// Reads and builds a model.
pub fn model(path: &Path, allow_missing: bool) -> Result<Model, Failure> {
    let file = files::model(path, allow_missing)?;
    let built = build(&file, path)?;
    Ok(Model { file, built })
}

/// Engine models of a model that was read from `path`.
pub fn build(file: &OsimModel, path: &Path) -> Result<Built, Failure> {
    Built::new(&file.description).map_err(|error| match error.node() {
        Some(node) => files::refuse(path, &format!("line {}: {error}", file.document.line(node))),
        None => files::refuse(path, &error),
    })
}

/// A table of numbers over time.
pub fn table(path: &Path) -> Result<Table, Failure> {
    let refuse = |error: &dyn std::fmt::Display| files::refuse(path, error);
    let format = Format::of(&path.to_string_lossy()).map_err(|e| refuse(&e))?;
    Table::read(&files::bytes(path)?, format).map_err(|e| refuse(&e))
}

/// Markers over time.
pub fn markers(path: &Path) -> Result<MarkerTable, Failure> {
    MarkerTable::read_trc(&files::bytes(path)?).map_err(|e| files::refuse(path, &e))
}

/// An XML file.
pub fn document(path: &Path) -> Result<Document, Failure> {
    Document::parse(&files::bytes(path)?).map_err(|e| files::refuse(path, &e))
}

/// A file that another file names: relative names are beside that file. Setups written on another system may separate
/// folders by backslashes.
pub fn beside(file: &Path, name: &str) -> PathBuf {
    let folder = file.parent().unwrap_or(Path::new(""));
    folder.join(name.trim().replace('\\', "/"))
}
