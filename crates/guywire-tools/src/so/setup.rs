//! OpenSim's setup of `StaticOptimization`, an analysis of an `AnalyzeTool`.

use super::{MuscleStrength, SoSettings};
use crate::analysis_setup::{AnalysisCommon, AnalyzeSetup};
use crate::setup::{SetupError, SetupObject};

/// A `StaticOptimization` of a setup.
#[derive(Clone, Debug, PartialEq)]
pub struct SoSetup {
    /// What every analysis has.
    pub common: AnalysisCommon,
    /// What to compute.
    pub settings: SoSettings,
    /// Whether muscles and actuators share the load; if not, ideal actuators of every coordinate carry it.
    pub use_model_force_set: bool,
}

impl SoSettings {
    /// Reads a `StaticOptimization` element of a tool, with OpenSim's names and defaults. Convergence criterion and
    /// number of iterations have no effect: the search is exact.
    ///
    /// # Errors
    /// When a property cannot be understood.
    pub fn from_setup(tool: &AnalyzeSetup, analysis: &SetupObject<'_>) -> Result<SoSetup, SetupError> {
        let (common, defaults) = (AnalysisCommon::from_setup(analysis)?, Self::default());
        let settings = Self {
            window: tool.window,
            step_interval: common.step_interval,
            activation_exponent: analysis.number("activation_exponent", defaults.activation_exponent)?,
            strength: match analysis.flag("use_muscle_physiology", true)? {
                true => defaults.strength,
                false => MuscleStrength::Isometric,
            },
        };
        if settings.activation_exponent <= 1.0 {
            return Err(analysis.error("activation_exponent", "a number above 1"));
        }
        let use_model_force_set = analysis.flag("use_model_force_set", true)?;
        Ok(SoSetup { common, settings, use_model_force_set })
    }
}
