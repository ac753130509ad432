//! Models, motions, markers and loads as the tools take them, from the files that a person or a setup names.

use super::files;
use crate::arguments::tools::{Accelerations, MotionFile};
use crate::failure::Failure;
use guywire_osim::OsimModel;
use guywire_osim::build::Built;
use guywire_osim::control_set::ControlSet;
use guywire_osim::external_loads;
use guywire_osim::inclusion;
use guywire_osim::table::{Format, MarkerTable, Table, c3d};
use guywire_osim::xml::Document;
use guywire_tools::Motion;
use guywire_tools::external_loads::ExternalLoads;
use guywire_tools::fd::Controls;
use std::path::{Path, PathBuf};

/// A model, read and built.
#[derive(Debug)]
pub struct Model {
    /// The file's document and description.
    pub file: OsimModel,
    /// Engine models.
    pub built: Built,
}

impl Model {
    /// The same with the accelerations asked for.
    pub fn with(self, accelerations: Accelerations) -> Self {
        match accelerations.true_accelerations {
            true => Self { built: self.built.with_true_accelerations(), ..self },
            false => self,
        }
    }
}

/// Reads and builds a model.
pub fn model(path: &Path, allow_missing: bool) -> Result<Model, Failure> {
    let file = files::model(path, allow_missing)?;
    let built = build(&file, path)?;
    Ok(Model { file, built })
}

/// Reads and builds a model with the forces of other files added to its own, or in their place.
pub fn model_with(
    path: &Path,
    allow_missing: bool,
    force_sets: &[PathBuf],
    replace: bool,
) -> Result<Model, Failure> {
    let mut file = files::model(path, allow_missing)?;
    if replace {
        file.remove_forces(|_| true).map_err(|e| files::refuse(path, &e))?;
    }
    for set in force_sets {
        file.add_forces(&files::bytes(set)?).map_err(|e| files::refuse(set, &e))?;
    }
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

/// Markers over time, from `.trc` or C3D.
pub fn markers(path: &Path) -> Result<MarkerTable, Failure> {
    let bytes = files::bytes(path)?;
    let is_c3d = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("c3d"));
    let read = if is_c3d {
        c3d::read(&bytes).map(|file| {
            let mut markers = file.markers;
            markers.notes.extend(file.notes);
            markers
        })
    } else {
        MarkerTable::read_trc(&bytes)
    };
    read.map_err(|e| files::refuse(path, &e))
}

/// An XML file, with the sets that it keeps in other files.
pub fn document(path: &Path) -> Result<Document, Failure> {
    let mut document = Document::parse(&files::bytes(path)?).map_err(|e| files::refuse(path, &e))?;
    inclusion::include(&mut document, &mut |name| files::near(path, name))
        .map_err(|e| files::refuse(path, &e))?;
    Ok(document)
}

/// Controls of a model's controllers, with the files that they name beside the model, and of more files.
pub fn controls(path: &Path, model: &Model, more: &[PathBuf]) -> Result<Controls, Failure> {
    let (description, built) = (&model.file.description, &model.built);
    let mut controls = Controls::of_model(description, built).map_err(|e| files::refuse(path, &e))?;
    for controller in description.controllers.iter().filter(|controller| controller.enabled) {
        let Some(name) = &controller.controls_file else { continue };
        let file = files::beside(path, name);
        controls = match is_xml(&file) {
            true => controls.with_control_set(&control_set(&file)?, built),
            false => controls.with_file_of(controller, &table(&file)?, built),
        }
        .map_err(|e| files::refuse(&file, &e))?;
    }
    for file in more {
        controls = match is_xml(file) {
            true => controls.with_control_set(&control_set(file)?, built),
            false => controls.with_table(&table(file)?, built),
        }
        .map_err(|e| files::refuse(file, &e))?;
    }
    Ok(controls)
}

fn is_xml(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("xml"))
}

fn control_set(path: &Path) -> Result<ControlSet, Failure> {
    ControlSet::parse(&files::bytes(path)?).map_err(|e| files::refuse(path, &e))
}

/// A motion that a tool follows, and the loads that go with it.
#[derive(Clone, Debug)]
pub struct Followed {
    /// Coordinates over time.
    pub coordinates: PathBuf,
    /// External loads, if any.
    pub external_loads: Option<PathBuf>,
    /// Low-pass of the coordinates.
    pub lowpass_hz: Option<f64>,
}

impl From<MotionFile> for Followed {
    fn from(file: MotionFile) -> Self {
        Self { coordinates: file.motion, external_loads: file.external_loads, lowpass_hz: file.lowpass_hz }
    }
}

impl Followed {
    /// The coordinates as smooth functions of time.
    pub fn motion(&self, model: &Model) -> Result<Motion, Failure> {
        Motion::from_table(&table(&self.coordinates)?, &model.file.description, self.lowpass_hz)
            .map_err(|e| files::refuse(&self.coordinates, &e))
    }

    /// The loads on the bodies.
    pub fn loads(&self, model: &Model) -> Result<Option<ExternalLoads>, Failure> {
        self.external_loads.as_deref().map(|path| external_loads(path, model)).transpose()
    }
}

/// External loads and the table that they name.
pub fn external_loads(path: &Path, model: &Model) -> Result<ExternalLoads, Failure> {
    let file =
        external_loads::ExternalLoads::parse(&files::bytes(path)?).map_err(|e| files::refuse(path, &e))?;
    let data = table(&files::named(path, "datafile", &file.data_file)?)?;
    ExternalLoads::new(&file, &data, &model.file.description, |base| model.built.index.body(base))
        .map_err(|e| files::refuse(path, &e))
}
