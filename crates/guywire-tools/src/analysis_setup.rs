//! OpenSim's `AnalyzeTool` setups: what all analyses of a run share, and which analyses there are.

use crate::setup::{IgnoredProperty, SetupError, SetupObject};

/// A setup of `AnalyzeTool`; file names are as written, empty where there is none.
#[derive(Clone, Debug, PartialEq)]
pub struct AnalyzeSetup {
    /// Name of the tool: what the names of result files begin with.
    pub name: String,
    /// `.osim`.
    pub model_file: String,
    /// Whether the forces of `force_set_files` take the place of the model's.
    pub replace_force_set: bool,
    /// Files with more forces.
    pub force_set_files: Vec<String>,
    /// Folder of the results.
    pub results_directory: String,
    /// s.
    pub window: [f64; 2],
    /// External loads.
    pub external_loads_file: String,
    /// Coordinates over time, or the states where there is a file of them: both are read alike.
    pub motion_file: String,
    /// Low-pass of the motion, Hz.
    pub lowpass_hz: Option<f64>,
    /// Controls, a table or a control set, of every enabled controller that has a file.
    pub controls_files: Vec<String>,
    /// Controllers that are not used.
    pub ignored: Vec<IgnoredProperty>,
}

/// What every analysis has. Its `start_time` and `end_time` have no effect, as in OpenSim 4.6: the tool's do.
#[derive(Clone, Debug, PartialEq)]
pub struct AnalysisCommon {
    /// Name: part of the names of result files.
    pub name: String,
    /// Whether it runs.
    pub on: bool,
    /// Every how many frames.
    pub step_interval: usize,
}

impl AnalyzeSetup {
    /// Reads an `AnalyzeTool` element, with OpenSim's names and defaults.
    ///
    /// # Errors
    /// When a property cannot be understood.
    pub fn from_setup(tool: &SetupObject<'_>) -> Result<Self, SetupError> {
        let file = |name: &str| tool.file(name).unwrap_or_default().to_owned();
        let lowpass = tool.number("lowpass_cutoff_frequency_for_coordinates", -1.0)?;
        let states = tool.file("states_file");
        let mut ignored = Vec::new();
        let controls_files = crate::fd::controls_files(tool, &mut ignored)?;
        Ok(Self {
            name: tool.name().to_owned(),
            model_file: file("model_file"),
            replace_force_set: tool.flag("replace_force_set", false)?,
            force_set_files: files(tool.text("force_set_files").unwrap_or_default()),
            results_directory: tool.file("results_directory").unwrap_or("./").to_owned(),
            window: [tool.number("initial_time", 0.0)?, tool.number("final_time", 1.0)?],
            external_loads_file: file("external_loads_file"),
            motion_file: states.map_or_else(|| file("coordinates_file"), str::to_owned),
            // Only coordinates are filtered.
            lowpass_hz: (lowpass > 0.0 && states.is_none()).then_some(lowpass),
            controls_files,
            ignored,
        })
    }

    /// The analyses of an `AnalyzeTool` element, each an object of its class.
    pub fn analyses<'d>(tool: &SetupObject<'d>) -> Vec<SetupObject<'d>> {
        ["AnalysisSet", "Analyses"].into_iter().flat_map(|set| tool.objects(set)).collect()
    }
}

/// File names of a list, which may hold spaces inside quotes only.
pub(crate) fn files(text: &str) -> Vec<String> {
    let mut names = Vec::new();
    for (k, part) in text.split('"').enumerate() {
        if k % 2 == 1 {
            names.push(part.to_owned());
        } else {
            names.extend(part.split_whitespace().map(str::to_owned));
        }
    }
    names.retain(|name| !name.is_empty() && !name.eq_ignore_ascii_case("unassigned"));
    names
}

impl AnalysisCommon {
    /// Of an analysis' element.
    ///
    /// # Errors
    /// When a property cannot be understood.
    pub fn from_setup(analysis: &SetupObject<'_>) -> Result<Self, SetupError> {
        let interval = analysis.number("step_interval", 1.0)?;
        if !(interval >= 1.0 && interval <= f64::from(u32::MAX)) {
            return Err(analysis.error("step_interval", "a whole number above zero"));
        }
        Ok(Self {
            name: analysis.name().to_owned(),
            on: analysis.flag("on", true)?,
            step_interval: interval as usize,
        })
    }
}
