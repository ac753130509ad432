//! OpenSim's setup of `ForwardTool`.

use super::FdSettings;
use crate::analysis_setup::files;
use crate::analyze::{Scheduled, scheduled};
use crate::setup::{IgnoredProperty, SetupError, SetupObject};

/// A `ForwardTool`; file names are as written, empty where there is none.
#[derive(Clone, Debug, PartialEq)]
pub struct FdSetup {
    /// Name of the tool: what the names of result files begin with.
    pub name: String,
    /// How to integrate.
    pub settings: FdSettings,
    /// `.osim`.
    pub model_file: String,
    /// States to start from.
    pub states_file: String,
    /// Controls, a table or a control set, of every enabled `ControlSetController`.
    pub controls_files: Vec<String>,
    /// Whether the forces of `force_set_files` take the place of the model's.
    pub replace_force_set: bool,
    /// Files with more forces.
    pub force_set_files: Vec<String>,
    /// Analyses of the result.
    pub analyses: Vec<Scheduled>,
    /// What the setup says that is not done.
    pub ignored: Vec<IgnoredProperty>,
    /// External loads.
    pub external_loads_file: String,
    /// Folder of the results.
    pub results_directory: String,
    /// Whether the fibres start in equilibrium.
    pub solve_for_equilibrium: bool,
}

impl FdSettings {
    /// Reads a `ForwardTool` element, with OpenSim's names and defaults.
    ///
    /// # Errors
    /// When a property cannot be understood.
    pub fn from_setup(tool: &SetupObject<'_>) -> Result<FdSetup, SetupError> {
        // The precision is that of a double, always.
        const KNOWN: [&str; 18] = [
            "model_file",
            "replace_force_set",
            "force_set_files",
            "results_directory",
            "output_precision",
            "initial_time",
            "final_time",
            "solve_for_equilibrium_for_auxiliary_states",
            "maximum_number_of_integrator_steps",
            "maximum_integrator_step_size",
            "minimum_integrator_step_size",
            "integrator_error_tolerance",
            "AnalysisSet",
            "Analyses",
            "ControllerSet",
            "controls_file",
            "external_loads_file",
            "states_file",
        ];
        let defaults = Self::default();
        let file = |name: &str| tool.file(name).unwrap_or_default().to_owned();
        let settings = Self {
            window: [
                tool.number("initial_time", defaults.window[0])?,
                tool.number("final_time", defaults.window[1])?,
            ],
            tolerance: tool.number("integrator_error_tolerance", defaults.tolerance)?,
            longest_step: tool.number("maximum_integrator_step_size", defaults.longest_step)?,
            shortest_step: tool.number("minimum_integrator_step_size", defaults.shortest_step)?,
            most_steps: tool
                .number("maximum_number_of_integrator_steps", defaults.most_steps as f64)?
                .max(1.0) as usize,
            ..defaults
        };
        let mut ignored = tool.ignored(&KNOWN);
        let controls_files = controls_files(tool, &mut ignored)?;
        let (analyses, others) = scheduled(tool, &mut ignored)?;
        let document = tool.document;
        ignored.extend(others.into_iter().map(|node| SetupObject { document, node }.passed_over()));
        Ok(FdSetup {
            name: tool.name().to_owned(),
            settings,
            model_file: file("model_file"),
            states_file: file("states_file"),
            controls_files,
            analyses,
            replace_force_set: tool.flag("replace_force_set", false)?,
            force_set_files: files(tool.text("force_set_files").unwrap_or_default()),
            ignored,
            external_loads_file: file("external_loads_file"),
            results_directory: tool.file("results_directory").unwrap_or("./").to_owned(),
            solve_for_equilibrium: tool.flag("solve_for_equilibrium_for_auxiliary_states", false)?,
        })
    }
}

/// Controls of every enabled controller of a tool that has a file of them, and of the tool itself, as old setups have it.
pub(crate) fn controls_files(
    tool: &SetupObject<'_>,
    ignored: &mut Vec<IgnoredProperty>,
) -> Result<Vec<String>, SetupError> {
    let mut files = Vec::new();
    for controller in tool.objects("ControllerSet") {
        if !controller.flag("enabled", true)? || controller.flag("isDisabled", false)? {
            continue;
        }
        match (controller.class(), controller.file("controls_file")) {
            ("ControlSetController" | "PrescribedController", Some(file)) => files.push(file.to_owned()),
            _ => ignored.push(controller.passed_over()),
        }
    }
    files.extend(tool.file("controls_file").map(str::to_owned));
    Ok(files)
}
