//! `guywire fd`: the motion that controls make.

use super::files;
use super::inputs::{self, Model};
use super::output::{Output, place};
use crate::arguments::tools::{ModelFile, TimeRange};
use crate::failure::Failure;
use crate::progress;
use guywire_tools::fd::{self, Controls, FdSettings, FdStart};
use guywire_tools::setup::SetupObject;
use std::path::{Path, PathBuf};

/// A forward simulation with all its files.
#[derive(Debug)]
pub struct Job {
    model: PathBuf,
    allow_missing: bool,
    controls: Option<PathBuf>,
    states: Option<PathBuf>,
    external_loads: Option<PathBuf>,
    settings: FdSettings,
    /// Whether the fibres start in equilibrium.
    equilibrium: bool,
    name: String,
    folder: PathBuf,
}

impl Job {
    /// From the command line.
    pub fn from_arguments(
        model: ModelFile,
        controls: Option<PathBuf>,
        states: Option<PathBuf>,
        external_loads: Option<PathBuf>,
        accuracy: f64,
        range: TimeRange,
    ) -> Self {
        let defaults = FdSettings::default();
        Self {
            model: model.model,
            allow_missing: model.allow_missing,
            controls,
            states,
            external_loads,
            settings: FdSettings { window: range.or(defaults.window), tolerance: accuracy, ..defaults },
            equilibrium: true,
            name: "fd".into(),
            folder: PathBuf::new(),
        }
    }

    /// From OpenSim's setup file.
    pub fn from_setup(path: &Path, tool: &SetupObject<'_>) -> Result<Self, Failure> {
        let setup = FdSettings::from_setup(tool).map_err(|e| files::refuse(path, &e))?;
        let given = |name: &String| (!name.is_empty()).then(|| inputs::beside(path, name));
        Ok(Self {
            model: files::named(path, "model_file", &setup.model_file)?,
            allow_missing: false,
            controls: given(&setup.controls_file),
            states: given(&setup.states_file),
            external_loads: given(&setup.external_loads_file),
            settings: setup.settings,
            equilibrium: setup.solve_for_equilibrium,
            name: setup.name,
            folder: inputs::beside(path, &setup.results_directory),
        })
    }

    /// Integrates.
    pub fn run(&self, asked: Option<&Path>) -> Result<Output, Failure> {
        let model: Model = inputs::model(&self.model, self.allow_missing)?;
        let description = &model.file.description;
        let mut controls =
            Controls::of_model(description, &model.built).map_err(|e| files::refuse(&self.model, &e))?;
        if let Some(path) = &self.controls {
            controls = controls
                .with_table(&inputs::table(path)?, &model.built)
                .map_err(|e| files::refuse(path, &e))?;
        }
        let start = match &self.states {
            Some(path) => {
                FdStart::from_table(&inputs::table(path)?, self.settings.window[0], self.equilibrium)
            }
            None => FdStart { equilibrium: self.equilibrium, ..FdStart::default() },
        };
        let loads = self.external_loads.as_deref();
        let loads = loads.map(|path| inputs::external_loads(path, &model)).transpose()?;
        let result = progress::shown(|progress| {
            let part = |done: usize, of: usize| progress(done, of, "forward dynamics");
            fd::run(description, &model.built, &start, &controls, loads.as_ref(), &self.settings, &part)
        })?;
        let path = |part: &str| place(asked, &self.folder, &format!("{}_{part}.sto", self.name));
        Ok(Output {
            summary: vec![format!(
                "{} rows from {} s to {} s",
                result.time.len(),
                self.settings.window[0],
                self.settings.window[1]
            )],
            tables: vec![
                (path("states"), result.states_table()),
                (path("controls"), result.controls_table()),
            ],
            notes: result.notes,
            ..Output::default()
        })
    }
}
