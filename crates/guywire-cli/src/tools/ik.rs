//! `guywire ik`: coordinates from markers.

use super::output::{Output, place};
use super::{files, inputs};
use crate::arguments::tools::{ModelFile, TimeRange};
use crate::failure::Failure;
use crate::progress;
use guywire_tools::ik::{self, IkSettings};
use guywire_tools::setup::SetupObject;
use guywire_tools::tasks::IkTasks;
use std::path::{Path, PathBuf};

/// Inverse kinematics with all its files.
#[derive(Debug)]
pub struct Job {
    model: PathBuf,
    allow_missing: bool,
    markers: PathBuf,
    coordinates: Option<PathBuf>,
    settings: IkSettings,
    /// Folder that the names below are relative to.
    folder: PathBuf,
    motion: String,
    reports: String,
}

impl Job {
    /// From the command line.
    pub fn from_arguments(
        model: ModelFile,
        markers: PathBuf,
        tasks: Option<&Path>,
        coordinates: Option<PathBuf>,
        range: TimeRange,
    ) -> Result<Self, Failure> {
        let mut settings = IkSettings { report_marker_locations: true, ..IkSettings::default() };
        settings.time_range = range.or(settings.time_range);
        if let Some(path) = tasks {
            settings.tasks = read_tasks(path)?;
        }
        Ok(Self {
            model: model.model,
            allow_missing: model.allow_missing,
            markers,
            coordinates,
            settings,
            folder: PathBuf::new(),
            motion: "ik.mot".into(),
            reports: String::new(),
        })
    }

    /// From OpenSim's setup file.
    pub fn from_setup(path: &Path, tool: &SetupObject<'_>) -> Result<Self, Failure> {
        let (mut settings, named) = IkSettings::from_setup(tool).map_err(|e| files::refuse(path, &e))?;
        if let Some(tasks) = &named.tasks {
            settings.tasks = read_tasks(&files::beside(path, tasks))?;
        }
        Ok(Self {
            model: files::named(path, "model_file", &named.model)?,
            allow_missing: false,
            markers: files::named(path, "marker_file", &named.markers)?,
            coordinates: named.coordinates.map(|name| files::beside(path, &name)),
            settings,
            folder: files::beside(path, ""),
            motion: named.motion.unwrap_or_else(|| "ik.mot".into()),
            reports: named.results,
        })
    }

    /// Solves all frames.
    pub fn run(&self, asked: Option<&Path>) -> Result<Output, Failure> {
        let model = inputs::model(&self.model, self.allow_missing)?;
        let markers = inputs::markers(&self.markers)?;
        let coordinates = self.coordinates.as_deref().map(inputs::table).transpose()?;
        let result = progress::shown(|progress| {
            let frame = |done: usize, of: usize| progress(done, of, "inverse kinematics");
            let description = &model.file.description;
            ik::run(description, &model.built, &markers, coordinates.as_ref(), &self.settings, &frame)
        })?;
        let mut output = Output { notes: markers.notes.clone(), ..Output::default() };
        output.tables.push((place(asked, &self.folder, &self.motion), result.motion()));
        let reports = self.folder.join(&self.reports);
        if self.settings.report_errors {
            let (name, table) = result.marker_errors();
            output.tables.push((place(asked, &reports, &name), table));
        }
        if self.settings.report_marker_locations {
            let (name, table) = result.marker_locations();
            output.tables.push((place(asked, &reports, &name), table));
        }
        let summaries = (0..result.time.len()).map(|k| result.error_summary(k));
        let (mut square, mut largest) = (0.0, (0.0, 0, 0.0));
        for ((_, mean, most, marker), time) in summaries.zip(&result.time) {
            square += mean * mean;
            if most > largest.0 {
                largest = (most, marker, *time);
            }
        }
        let count = result.time.len().max(1) as f64;
        let worst = result.markers.get(largest.1).map_or("", String::as_str);
        output.summary.push(format!(
            "{} frames, {} markers: {:.1} mm off on average (root mean square), at most {:.1} mm (`{worst}` at {} s)",
            result.time.len(),
            result.markers.len(),
            (square / count).sqrt() * 1e3,
            largest.0 * 1e3,
            largest.2,
        ));
        Ok(output)
    }
}

/// Tasks from a file of their own, or from the setup of a tool.
fn read_tasks(path: &Path) -> Result<IkTasks, Failure> {
    let document = inputs::document(path)?;
    let root = SetupObject::tool(&document);
    let set = if root.class() == "IKTaskSet" { Some(root) } else { root.object("IKTaskSet") };
    let set = set.ok_or_else(|| {
        files::refuse(
            path,
            &format!("expected an IKTaskSet or InverseKinematicsTool, found `{}`", root.class()),
        )
    })?;
    IkTasks::from_set(&set).map_err(|e| files::refuse(path, &e))
}
