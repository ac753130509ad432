//! `guywire id`: the moments that a motion needs.

use super::files;
use super::inputs::{self, Followed};
use super::output::{Output, place};
use crate::arguments::tools::{Accelerations, ModelFile, MotionFile, TimeRange};
use crate::failure::Failure;
use crate::progress;
use guywire_tools::id::{self, IdSettings};
use guywire_tools::setup::SetupObject;
use std::path::{Path, PathBuf};

/// Inverse dynamics with all its files.
#[derive(Debug)]
pub struct Job {
    model: PathBuf,
    allow_missing: bool,
    accelerations: Accelerations,
    motion: Followed,
    settings: IdSettings,
    folder: PathBuf,
    forces: String,
    at_joints: String,
    notes: Vec<String>,
}

impl Job {
    /// From the command line.
    pub fn from_arguments(model: ModelFile, motion: MotionFile, range: TimeRange) -> Self {
        // What muscles do is not known here; what they must do is what is asked for.
        let mut settings = IdSettings { forces_to_exclude: vec!["muscles".into()], ..IdSettings::default() };
        settings.window = range.or(settings.window);
        Self {
            model: model.model,
            allow_missing: model.allow_missing,
            accelerations: Accelerations::default(),
            motion: motion.into(),
            settings,
            folder: PathBuf::new(),
            forces: "id.sto".into(),
            at_joints: "body_forces_at_joints.sto".into(),
            notes: vec![],
        }
    }

    /// The same with other accelerations.
    pub fn with(mut self, accelerations: Accelerations) -> Self {
        self.accelerations = accelerations;
        self
    }

    /// From OpenSim's setup file.
    pub fn from_setup(path: &Path, tool: &SetupObject<'_>) -> Result<Self, Failure> {
        let setup = IdSettings::from_setup(tool.document, tool.node).map_err(|e| files::refuse(path, &e))?;
        let loads = Some(setup.external_loads_file).filter(|name| !name.is_empty());
        Ok(Self {
            model: files::named(path, "model_file", &setup.model_file)?,
            allow_missing: false,
            accelerations: Accelerations::default(),
            motion: Followed {
                coordinates: files::named(path, "coordinates_file", &setup.coordinates_file)?,
                external_loads: loads.map(|name| files::beside(path, &name)),
                lowpass_hz: setup.lowpass_hz,
            },
            settings: setup.settings,
            folder: files::beside(path, &setup.results_directory),
            forces: setup.output_gen_force_file,
            at_joints: setup.output_body_forces_file,
            notes: files::ignored(path, &setup.ignored),
        })
    }

    /// Solves all frames.
    pub fn run(self, asked: Option<&Path>) -> Result<Output, Failure> {
        let model = inputs::model(&self.model, self.allow_missing)?.with(self.accelerations);
        let motion = self.motion.motion(&model)?;
        let loads = self.motion.loads(&model)?;
        let result = progress::shown(|progress| {
            let frame = |done: usize, of: usize| progress(done, of, "inverse dynamics");
            let description = &model.file.description;
            id::run(description, &model.built, &motion, loads.as_ref(), &self.settings, &frame)
        })?;
        let mut output = Output { notes: self.notes, ..Output::default() };
        output.notes.extend(result.notes.iter().cloned());
        output.summary.push(format!("{} frames of {} forces", result.time.len(), result.coordinates.len()));
        output.tables.push((place(asked, &self.folder, &self.forces), result.to_table()));
        if let Some(table) = result.joint_table() {
            output.tables.push((place(asked, &self.folder, &self.at_joints), table));
        }
        Ok(output)
    }
}
