//! OpenSim's setup of `JointReaction`, an analysis of an `AnalyzeTool`.

use super::{ExpressedIn, JrSettings};
use crate::analysis_setup::{AnalysisCommon, AnalyzeSetup};
use crate::setup::{SetupError, SetupObject};
use guywire_engine::joint_reaction::Side;

/// A `JointReaction` of a setup.
#[derive(Clone, Debug, PartialEq)]
pub struct JrSetup {
    /// What every analysis has.
    pub common: AnalysisCommon,
    /// What to compute.
    pub settings: JrSettings,
    /// Table of the forces of muscles and actuators; empty if there is none.
    pub forces_file: String,
}

impl JrSettings {
    /// Reads a `JointReaction` element of a tool, with OpenSim's names and defaults.
    ///
    /// # Errors
    /// When a property cannot be understood.
    pub fn from_setup(tool: &AnalyzeSetup, analysis: &SetupObject<'_>) -> Result<JrSetup, SetupError> {
        let (common, defaults) = (AnalysisCommon::from_setup(analysis)?, Self::default());
        let list =
            |name: &str| -> Vec<String> { analysis.words(name).into_iter().map(str::to_owned).collect() };
        let side = |word: &String| match word.to_ascii_lowercase().as_str() {
            "child" => Ok(Side::Child),
            "parent" => Ok(Side::Parent),
            _ => Err(analysis.error("apply_on_bodies", "child or parent")),
        };
        let frame = |word: &String| match word.to_ascii_lowercase().as_str() {
            "child" => ExpressedIn::Child,
            "parent" => ExpressedIn::Parent,
            _ => ExpressedIn::Body(word.clone()),
        };
        let or_default =
            |given: Vec<String>, default: Vec<String>| if given.is_empty() { default } else { given };
        let settings = Self {
            window: tool.window,
            step_interval: common.step_interval,
            joint_names: or_default(list("joint_names"), defaults.joint_names),
            apply_on: list("apply_on_bodies").iter().map(side).collect::<Result<_, _>>()?,
            express_in: list("express_in_frame").iter().map(frame).collect(),
        };
        let forces_file = analysis.file("forces_file").unwrap_or_default().to_owned();
        Ok(JrSetup { common, settings, forces_file })
    }
}
