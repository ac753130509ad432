//! The analyses of an `AnalyzeTool` that are made of the motion alone.

use super::{Analysis, AnalyzeSettings, Scheduled};
use crate::analysis_setup::{AnalysisCommon, AnalyzeSetup};
use crate::setup::{IgnoredProperty, SetupError, SetupObject};
use guywire_math::Vec3;
use guywire_osim::description::NodeId;

/// What of a setup is made here, and what is not.
#[derive(Clone, Debug, PartialEq)]
pub struct MotionAnalyses {
    /// What to compute.
    pub settings: AnalyzeSettings,
    /// Analyses of other tools (static optimisation, joint reactions), for whoever runs them.
    pub other_analyses: Vec<NodeId>,
    /// Properties without effect here.
    pub ignored: Vec<IgnoredProperty>,
}

impl AnalyzeSettings {
    /// Reads the analyses of an `AnalyzeTool` element, with OpenSim's names and defaults; `setup` is what they share.
    ///
    /// # Errors
    /// When a value cannot be.
    pub fn from_setup(setup: &AnalyzeSetup, tool: &SetupObject<'_>) -> Result<MotionAnalyses, SetupError> {
        // Force sets and controls are for whoever reads the model; integration has no meaning here, but every setup
        // has its settings.
        const KNOWN: [&str; 20] = [
            "model_file",
            "results_directory",
            "initial_time",
            "final_time",
            "AnalysisSet",
            "Analyses",
            "external_loads_file",
            "states_file",
            "coordinates_file",
            "lowpass_cutoff_frequency_for_coordinates",
            "solve_for_equilibrium_for_auxiliary_states",
            "output_precision",
            "replace_force_set",
            "force_set_files",
            "maximum_number_of_integrator_steps",
            "maximum_integrator_step_size",
            "minimum_integrator_step_size",
            "integrator_error_tolerance",
            "ControllerSet",
            "controls_file",
        ];
        let mut ignored = tool.ignored(&KNOWN);
        ignored.extend(setup.ignored.iter().cloned());
        let (analyses, other_analyses) = scheduled(tool, &mut ignored)?;
        let equilibrium = tool.flag("solve_for_equilibrium_for_auxiliary_states", false)?;
        let settings = Self { name: setup.name.clone(), window: setup.window, equilibrium, analyses };
        Ok(MotionAnalyses { settings, other_analyses, ignored })
    }
}

/// The analyses of a tool that are made of the motion, and the others.
pub(crate) fn scheduled(
    tool: &SetupObject<'_>,
    ignored: &mut Vec<IgnoredProperty>,
) -> Result<(Vec<Scheduled>, Vec<NodeId>), SetupError> {
    let (mut analyses, mut others) = (Vec::new(), Vec::new());
    for object in AnalyzeSetup::analyses(tool) {
        if !object.flag("on", true)? {
            continue;
        }
        let common = AnalysisCommon::from_setup(&object)?;
        match analysis(&object, ignored)? {
            Some(analysis) => analyses.push(Scheduled { analysis, step_interval: common.step_interval }),
            None => others.push(object.node),
        }
    }
    Ok((analyses, others))
}

/// An analysis of this tool, or nothing for another's.
fn analysis(
    object: &SetupObject<'_>,
    ignored: &mut Vec<IgnoredProperty>,
) -> Result<Option<Analysis>, SetupError> {
    let words = |name| object.words(name).into_iter().map(str::to_owned).collect::<Vec<String>>();
    let name = object.name().to_owned();
    let in_degrees = object.flag("in_degrees", true)?;
    let (analysis, known): (_, &[&str]) = match object.class() {
        "Kinematics" => {
            (Analysis::Kinematics { name, coordinates: words("coordinates"), in_degrees }, &["coordinates"])
        }
        "BodyKinematics" => {
            let mut bodies = words("bodies");
            let named = bodies.len();
            bodies.retain(|body| body != "center_of_mass");
            let all = bodies.is_empty() && named == 0 || bodies.iter().any(|b| b.eq_ignore_ascii_case("all"));
            let center_of_mass = all || bodies.len() < named;
            let bodies = if all { vec![] } else { bodies };
            let local = object.flag("express_results_in_body_local_frame", false)?;
            let analysis = Analysis::BodyKinematics { name, bodies, center_of_mass, local, in_degrees };
            (analysis, &["bodies", "express_results_in_body_local_frame"])
        }
        "PointKinematics" => {
            let relative_to = object.text("relative_to_body_name").filter(|name| *name != "none");
            let point = match object.numbers("point")?[..] {
                [] => Vec3::zero(),
                [x, y, z] => Vec3::new(x, y, z),
                _ => return Err(object.error("point", "three numbers in m")),
            };
            let analysis = Analysis::PointKinematics {
                name,
                body: object.text("body_name").unwrap_or("ground").to_owned(),
                relative_to: relative_to.map(str::to_owned),
                point_name: object.text("point_name").unwrap_or("NONAME").to_owned(),
                point,
            };
            (analysis, &["body_name", "relative_to_body_name", "point_name", "point"])
        }
        "MuscleAnalysis" => {
            let analysis = Analysis::MuscleAnalysis {
                name,
                muscles: words("muscle_list"),
                coordinates: words("moment_arm_coordinate_list"),
                moments: object.flag("compute_moments", true)?,
            };
            (analysis, &["muscle_list", "moment_arm_coordinate_list", "compute_moments"])
        }
        "ForceReporter" => {
            let constraints = object.flag("include_constraint_forces", false)?;
            let known: &[&str] = if constraints { &[] } else { &["include_constraint_forces"] };
            (Analysis::ForceReporter { name }, known)
        }
        "Actuation" => (Analysis::Actuation { name }, &[]),
        "StatesReporter" => (Analysis::StatesReporter { name }, &[]),
        _ => return Ok(None),
    };
    ignored.extend(object.ignored(&[known, &["on", "in_degrees", "step_interval"]].concat()));
    Ok(Some(analysis))
}
