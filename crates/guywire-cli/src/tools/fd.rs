//! `guywire fd`: the motion that controls make.

use super::files;
use super::inputs::{self, Model};
use super::output::{Output, place};
use crate::arguments::tools::{Accelerations, ModelFile, TimeRange};
use crate::failure::Failure;
use crate::progress;
use guywire_tools::analyze::{self, AnalyzeSettings, Given, Scheduled};
use guywire_tools::fd::{self, FdSettings, FdStart};
use guywire_tools::setup::SetupObject;
use std::path::{Path, PathBuf};

/// A forward simulation with all its files.
#[derive(Debug)]
pub struct Job {
    model: PathBuf,
    allow_missing: bool,
    accelerations: Accelerations,
    /// Force sets, and whether they take the place of the model's.
    actuators: (Vec<PathBuf>, bool),
    controls: Vec<PathBuf>,
    states: Option<PathBuf>,
    external_loads: Option<PathBuf>,
    settings: FdSettings,
    /// Analyses of the result.
    analyses: Vec<Scheduled>,
    /// Whether the fibres start in equilibrium.
    equilibrium: bool,
    name: String,
    folder: PathBuf,
    notes: Vec<String>,
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
            accelerations: Accelerations::default(),
            actuators: (vec![], false),
            controls: controls.into_iter().collect(),
            states,
            external_loads,
            settings: FdSettings { window: range.or(defaults.window), tolerance: accuracy, ..defaults },
            analyses: vec![],
            equilibrium: true,
            name: "fd".into(),
            folder: PathBuf::new(),
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
        let setup = FdSettings::from_setup(tool).map_err(|e| files::refuse(path, &e))?;
        let given = |name: &String| (!name.is_empty()).then(|| files::beside(path, name));
        Ok(Self {
            model: files::named(path, "model_file", &setup.model_file)?,
            allow_missing: false,
            accelerations: Accelerations::default(),
            actuators: (
                setup.force_set_files.iter().map(|name| files::beside(path, name)).collect(),
                setup.replace_force_set,
            ),
            controls: setup.controls_files.iter().map(|name| files::beside(path, name)).collect(),
            states: given(&setup.states_file),
            external_loads: given(&setup.external_loads_file),
            settings: setup.settings,
            analyses: setup.analyses,
            equilibrium: setup.solve_for_equilibrium,
            name: setup.name,
            folder: files::beside(path, &setup.results_directory),
            notes: files::ignored(path, &setup.ignored),
        })
    }

    /// Integrates.
    pub fn run(&self, asked: Option<&Path>) -> Result<Output, Failure> {
        let (actuators, replace) = &self.actuators;
        let model: Model = inputs::model_with(&self.model, self.allow_missing, actuators, *replace)?
            .with(self.accelerations);
        let description = &model.file.description;
        let controls = inputs::controls(&self.model, &model, &self.controls)?;
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
        let states = result.states_table();
        let degrees = place(asked, &self.folder, &format!("{}_states_degrees.mot", self.name));
        let mut output = Output {
            summary: vec![format!(
                "{} rows from {} s to {} s",
                result.time.len(),
                self.settings.window[0],
                self.settings.window[1]
            )],
            tables: vec![(degrees, states.clone().to_degrees()), (path("controls"), result.controls_table())],
            notes: self.notes.iter().chain(&result.notes).cloned().collect(),
            ..Output::default()
        };
        if !self.analyses.is_empty() {
            let motion = result.motion(description).map_err(|e| files::refuse(&self.model, &e))?;
            let given = Given { states: Some(&states), controls: Some(&controls), loads: loads.as_ref() };
            let settings = AnalyzeSettings {
                name: self.name.clone(),
                analyses: self.analyses.clone(),
                ..AnalyzeSettings::default()
            };
            let found = progress::shown(|progress| {
                let frame = |done: usize, of: usize| progress(done, of, "analysis");
                analyze::run(description, &model.built, &motion, &given, &settings, &frame)
            })?;
            output.notes.extend(found.notes);
            let tables = found.tables.into_iter();
            output.tables.extend(tables.map(|named| (place(asked, &self.folder, &named.file), named.table)));
        }
        output.tables.insert(0, (path("states"), states));
        Ok(output)
    }
}
