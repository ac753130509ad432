//! OpenSim's setup of `InverseDynamicsTool`.

use super::IdSettings;
use crate::setup::{IgnoredProperty, SetupError, SetupObject};
use guywire_osim::description::NodeId;
use guywire_osim::xml::Document;

/// A setup: settings, and the files that it names (empty where it names none).
#[derive(Clone, Debug, PartialEq)]
pub struct IdSetup {
    /// Name of the tool.
    pub name: String,
    /// What to compute.
    pub settings: IdSettings,
    /// Low-pass of the coordinates, Hz.
    pub lowpass_hz: Option<f64>,
    /// `.osim`.
    pub model_file: String,
    /// `.mot` or `.sto`.
    pub coordinates_file: String,
    /// External loads.
    pub external_loads_file: String,
    /// Folder of the results.
    pub results_directory: String,
    /// Name of the file of generalised forces.
    pub output_gen_force_file: String,
    /// Name of the file of forces at joints.
    pub output_body_forces_file: String,
    /// Properties without effect here.
    pub ignored: Vec<IgnoredProperty>,
}

impl IdSettings {
    /// Reads an `InverseDynamicsTool` element, with OpenSim's names and defaults.
    ///
    /// # Errors
    /// When a value cannot be.
    pub fn from_setup(document: &Document, node: NodeId) -> Result<IdSetup, SetupError> {
        const KNOWN: [&str; 10] = [
            "results_directory",
            "model_file",
            "time_range",
            "forces_to_exclude",
            "external_loads_file",
            "coordinates_file",
            "lowpass_cutoff_frequency_for_coordinates",
            "output_gen_force_file",
            "joints_to_report_body_forces",
            "output_body_forces_file",
        ];
        let setup = SetupObject { document, node };
        let words = |name| setup.words(name).into_iter().map(str::to_owned).collect();
        let file = |name, default: &str| setup.file(name).unwrap_or(default).to_owned();
        let settings = Self {
            window: setup.pair("time_range", Self::default().window)?,
            joints_to_report: words("joints_to_report_body_forces"),
            forces_to_exclude: words("forces_to_exclude"),
            ..Self::default()
        };
        let lowpass = setup.number("lowpass_cutoff_frequency_for_coordinates", -1.0)?;
        Ok(IdSetup {
            name: setup.name().to_owned(),
            settings,
            lowpass_hz: (lowpass >= 0.0).then_some(lowpass),
            model_file: file("model_file", ""),
            coordinates_file: file("coordinates_file", ""),
            external_loads_file: file("external_loads_file", ""),
            results_directory: file("results_directory", "./"),
            output_gen_force_file: file("output_gen_force_file", "inverse_dynamics.sto"),
            output_body_forces_file: file("output_body_forces_file", "body_forces_at_joints.sto"),
            ignored: setup.ignored(&KNOWN),
        })
    }
}
