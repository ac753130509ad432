//! `InverseKinematicsTool` setups.

use super::{IkFiles, IkSettings};
use crate::setup::{SetupError, SetupObject};
use crate::tasks::IkTasks;

impl IkSettings {
    /// Settings and files of an `InverseKinematicsTool`; also of an `IKTool` of OpenSim 1 and 2, whose trial holds
    /// what the tool itself holds today.
    ///
    /// # Errors
    /// When a property cannot be understood.
    pub fn from_setup(tool: &SetupObject<'_>) -> Result<(Self, IkFiles), SetupError> {
        let trial = tool.objects("IKTrialSet").first().copied().unwrap_or(*tool);
        let defaults = Self::default();
        let file = |name: &str| tool.file(name).or_else(|| trial.file(name)).map(str::to_owned);
        let tasks = tool.object("IKTaskSet");
        let settings = Self {
            name: tool.name().to_owned(),
            time_range: trial.pair("time_range", defaults.time_range)?,
            tasks: tasks.map_or_else(|| Ok(IkTasks::default()), |set| IkTasks::from_set(&set))?,
            report_errors: tool.flag("report_errors", defaults.report_errors)?,
            report_marker_locations: tool
                .flag("report_marker_locations", defaults.report_marker_locations)?,
        };
        let files = IkFiles {
            model: file("model_file").unwrap_or_default(),
            markers: file("marker_file").unwrap_or_default(),
            coordinates: file("coordinate_file"),
            tasks: tasks.and_then(|set| set.document.attribute(set.node, "file")).map(str::to_owned),
            results: file("results_directory").unwrap_or_default(),
            motion: file("output_motion_file"),
        };
        Ok((settings, files))
    }
}
