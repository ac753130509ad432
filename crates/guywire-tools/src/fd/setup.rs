//! OpenSim's setup of `ForwardTool`.

use super::FdSettings;
use crate::setup::{SetupError, SetupObject};

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
    /// Table of controls, of the first `ControlSetController`.
    pub controls_file: String,
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
        let controllers = tool.objects("ControllerSet");
        let controls = controllers.iter().find(|controller| controller.class() == "ControlSetController");
        let controls_file = controls.and_then(|c| c.file("controls_file")).unwrap_or_default().to_owned();
        Ok(FdSetup {
            name: tool.name().to_owned(),
            settings,
            model_file: file("model_file"),
            states_file: file("states_file"),
            controls_file,
            external_loads_file: file("external_loads_file"),
            results_directory: tool.file("results_directory").unwrap_or("./").to_owned(),
            solve_for_equilibrium: tool.flag("solve_for_equilibrium_for_auxiliary_states", false)?,
        })
    }
}
