//! OpenSim's setup of `AnalyzeTool`.

use super::{Analysis, AnalyzeSettings};
use crate::setup::{IgnoredProperty, SetupError, SetupObject};
use guywire_math::Vec3;
use guywire_osim::description::NodeId;
use guywire_osim::xml::Document;

/// A setup: settings, and the files that it names (empty where it names none).
#[derive(Clone, Debug, PartialEq)]
pub struct AnalyzeSetup {
    /// What to compute.
    pub settings: AnalyzeSettings,
    /// Low-pass of the coordinates, Hz.
    pub lowpass_hz: Option<f64>,
    /// `.osim`.
    pub model_file: String,
    /// Coordinates, or the states file where there is one: both are read alike.
    pub coordinates_file: String,
    /// External loads; they move nothing here.
    pub external_loads_file: String,
    /// Folder of the results.
    pub results_directory: String,
    /// Analyses of other tools (static optimisation, joint reactions), for whoever runs them.
    pub other_analyses: Vec<NodeId>,
    /// Properties without effect here.
    pub ignored: Vec<IgnoredProperty>,
}

impl AnalyzeSettings {
    /// Reads an `AnalyzeTool` element, with OpenSim's names and defaults.
    ///
    /// # Errors
    /// When a value cannot be.
    pub fn from_setup(document: &Document, node: NodeId) -> Result<AnalyzeSetup, SetupError> {
        // The force sets are for whoever reads the model; the last five have no meaning without integration, but every
        // setup has them.
        const KNOWN: [&str; 19] = [
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
        ];
        let setup = SetupObject { document, node };
        let file = |name, default: &str| setup.file(name).unwrap_or(default).to_owned();
        let (mut analyses, mut other_analyses) = (Vec::new(), Vec::new());
        let mut ignored = setup.ignored(&KNOWN);
        let sets = ["AnalysisSet", "Analyses"].into_iter().flat_map(|set| setup.objects(set));
        for object in sets {
            if !object.flag("on", true)? {
                continue;
            }
            match analysis(&object, &mut ignored)? {
                Some(analysis) => analyses.push(analysis),
                None => other_analyses.push(object.node),
            }
        }
        let lowpass = setup.number("lowpass_cutoff_frequency_for_coordinates", -1.0)?;
        let states = file("states_file", "");
        Ok(AnalyzeSetup {
            settings: Self {
                name: setup.name().to_owned(),
                window: [setup.number("initial_time", 0.0)?, setup.number("final_time", 1.0)?],
                analyses,
            },
            // Only coordinates are filtered.
            lowpass_hz: (lowpass >= 0.0 && states.is_empty()).then_some(lowpass),
            model_file: file("model_file", ""),
            coordinates_file: if states.is_empty() { file("coordinates_file", "") } else { states },
            external_loads_file: file("external_loads_file", ""),
            results_directory: file("results_directory", "./"),
            other_analyses,
            ignored,
        })
    }
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
        _ => return Ok(None),
    };
    ignored.extend(object.ignored(&[known, &["on", "in_degrees", "step_interval"]].concat()));
    Ok(Some(analysis))
}
