//! `guywire so` and `guywire jr`, and the analyses of OpenSim's `AnalyzeTool`.

use super::files;
use super::inputs::{self, Followed, Model};
use super::output::{Output, place};
use crate::arguments::tools::{Accelerations, End, ModelFile, MotionFile, ReactionFrame};
use crate::failure::Failure;
use crate::progress;
use guywire_engine::joint_reaction::Side;
use guywire_osim::description::ForceKind;
use guywire_osim::table::Table;
use guywire_tools::Motion;
use guywire_tools::analysis_setup::AnalyzeSetup;
use guywire_tools::analyze::{self, AnalyzeSettings, Given};
use guywire_tools::jr::{self, ExpressedIn, JrSettings};
use guywire_tools::setup::SetupObject;
use guywire_tools::so::{self, SoSettings};
use std::path::{Path, PathBuf};

/// A motion of a model with actuators added, and where the results of analyses go.
#[derive(Debug)]
pub struct Job {
    model: PathBuf,
    allow_missing: bool,
    accelerations: Accelerations,
    /// Force sets, and whether they take the place of the model's.
    actuators: (Vec<PathBuf>, bool),
    motion: Followed,
    /// Whether fibres are in equilibrium whatever the states say of them.
    equilibrium: bool,
    /// Files of controls.
    controls: Vec<PathBuf>,
    /// What the names of result files begin with.
    name: String,
    folder: PathBuf,
}

/// One analysis.
#[derive(Debug)]
pub enum Analysis {
    /// Static optimisation.
    StaticOptimization(SoSettings),
    /// The same with an ideal actuator of every free coordinate in the place of the muscles.
    WithoutMuscles(SoSettings),
    /// Joint reactions, with the table of forces.
    JointReaction(JrSettings, Option<PathBuf>),
    /// What a motion says of coordinates, bodies and muscles; files have their own names.
    OfMotion(AnalyzeSettings),
}

impl Job {
    /// From the command line.
    pub fn from_arguments(model: ModelFile, motion: MotionFile, actuators: Vec<PathBuf>, name: &str) -> Self {
        Self {
            model: model.model,
            allow_missing: model.allow_missing,
            accelerations: Accelerations::default(),
            actuators: (actuators, false),
            motion: motion.into(),
            equilibrium: false,
            controls: vec![],
            name: name.into(),
            folder: PathBuf::new(),
        }
    }

    /// The same with other accelerations.
    pub fn with(mut self, accelerations: Accelerations) -> Self {
        self.accelerations = accelerations;
        self
    }

    /// The model with an ideal actuator of every free coordinate in the place of the muscles.
    fn without_muscles(&self, model: &Model) -> Result<Model, Failure> {
        let refuse = |error| files::refuse(&self.model, &error);
        let (mut file, reduced) = (model.file.clone(), &model.built.reduced);
        file.remove_forces(|kind| matches!(kind, ForceKind::Muscle(_))).map_err(refuse)?;
        let names = model.built.index.coordinate_names();
        let free: Vec<String> =
            (0..reduced.dof()).map(|k| names[reduced.coordinate_of_degree(k)].clone()).collect();
        file.add_coordinate_actuators(&free).map_err(refuse)?;
        let built = inputs::build(&file, &self.model)?;
        Ok(Model { file, built }.with(self.accelerations))
    }

    /// What muscles and actuators make by the states, if these say how active muscles are; as OpenSim, joint reactions
    /// without a file of forces are under these.
    fn forces_of_states(
        &self,
        model: &Model,
        motion: &Motion,
        window: [f64; 2],
    ) -> Result<Option<Table>, Failure> {
        let states = inputs::table(&self.motion.coordinates)?;
        let controls = inputs::controls(&self.model, model, &self.controls)?;
        let given = Given { states: Some(&states), controls: Some(&controls), loads: None };
        let (description, built) = (&model.file.description, &model.built);
        Ok(jr::forces_of_states(description, built, motion, &given, window, self.equilibrium)?)
    }

    /// Runs analyses, each with its name, one after the other.
    pub fn run(&self, analyses: &[(String, Analysis)], asked: Option<&Path>) -> Result<Output, Failure> {
        let (actuators, replace) = &self.actuators;
        let model = inputs::model_with(&self.model, self.allow_missing, actuators, *replace)?
            .with(self.accelerations);
        let motion = self.motion.motion(&model)?;
        let loads = self.motion.loads(&model)?;
        let description = &model.file.description;
        let mut output = Output::default();
        for (name, analysis) in analyses {
            let path = |part: &str| place(asked, &self.folder, &format!("{}_{name}_{part}.sto", self.name));
            let notes = match analysis {
                Analysis::StaticOptimization(settings) | Analysis::WithoutMuscles(settings) => {
                    let ideal = match analysis {
                        Analysis::WithoutMuscles(_) => Some(self.without_muscles(&model)?),
                        _ => None,
                    };
                    let Model { file, built } = ideal.as_ref().unwrap_or(&model);
                    let result = progress::shown(|progress| {
                        let frame = |done: usize, of: usize| progress(done, of, "static optimisation");
                        so::run(&file.description, built, &motion, loads.as_ref(), settings, &frame)
                    })?;
                    output.summary.push(format!(
                        "static optimisation: {} frames, {} muscles and actuators",
                        result.time.len(),
                        result.names.len()
                    ));
                    for frame in &result.infeasible {
                        for missing in &frame.missing {
                            output.failed.push(format!("at {:.4} s {missing}", frame.time));
                        }
                    }
                    output.tables.push((path("activation"), result.activation_table()));
                    output.tables.push((path("force"), result.force_table()));
                    let controls = place(asked, &self.folder, &format!("{}_{name}_controls.xml", self.name));
                    output.files.push((controls, result.control_set().to_bytes()));
                    result.notes
                }
                Analysis::JointReaction(settings, forces) => {
                    let forces = match forces.as_deref() {
                        Some(path) => Some(inputs::table(path)?),
                        None => self.forces_of_states(&model, &motion, settings.window)?,
                    };
                    let result = progress::shown(|progress| {
                        let frame = |done: usize, of: usize| progress(done, of, "joint reactions");
                        let (loads, forces) = (loads.as_ref(), forces.as_ref());
                        jr::run(description, &model.built, &motion, loads, forces, settings, &frame)
                    })?;
                    output.summary.push(format!(
                        "joint reactions: {} frames, {} joints",
                        result.time.len(),
                        result.labels.len()
                    ));
                    output.tables.push((path("ReactionLoads"), result.to_table()));
                    result.notes
                }
                Analysis::OfMotion(settings) => {
                    let states = inputs::table(&self.motion.coordinates)?;
                    let controls = inputs::controls(&self.model, &model, &self.controls)?;
                    let given =
                        Given { states: Some(&states), controls: Some(&controls), loads: loads.as_ref() };
                    let result = progress::shown(|progress| {
                        let frame = |done: usize, of: usize| progress(done, of, "analysis");
                        analyze::run(description, &model.built, &motion, &given, settings, &frame)
                    })?;
                    let files = result.tables.len();
                    output.summary.push(format!("analysis: {files} tables"));
                    for named in result.tables {
                        output.tables.push((place(asked, &self.folder, &named.file), named.table));
                    }
                    result.notes
                }
            };
            output.notes.extend(notes);
        }
        output.notes.sort();
        output.notes.dedup();
        Ok(output)
    }
}

/// Muscles and coordinates of a motion, as the command line asks for them.
pub fn of_motion(muscles: Vec<String>, window: [f64; 2]) -> AnalyzeSettings {
    AnalyzeSettings {
        window,
        analyses: vec![
            analyze::Analysis::Kinematics {
                name: "Kinematics".into(),
                coordinates: vec![],
                in_degrees: true,
            }
            .into(),
            analyze::Analysis::MuscleAnalysis {
                name: "MuscleAnalysis".into(),
                muscles,
                coordinates: vec![],
                moments: true,
            }
            .into(),
        ],
        ..AnalyzeSettings::default()
    }
}

/// Joint reactions as the command line asks for them.
pub fn reactions(joints: Vec<String>, on: End, frame: ReactionFrame, window: [f64; 2]) -> JrSettings {
    let defaults = JrSettings::default();
    JrSettings {
        window,
        joint_names: if joints.is_empty() { defaults.joint_names } else { joints },
        apply_on: vec![match on {
            End::Parent => Side::Parent,
            End::Child => Side::Child,
        }],
        express_in: match frame {
            ReactionFrame::Ground => defaults.express_in,
            ReactionFrame::Parent => vec![ExpressedIn::Parent],
            ReactionFrame::Child => vec![ExpressedIn::Child],
        },
        ..defaults
    }
}

/// Runs OpenSim's setup of an `AnalyzeTool`.
pub fn from_setup(path: &Path, tool: &SetupObject<'_>, asked: Option<&Path>) -> Result<Output, Failure> {
    let refuse = |error: &dyn std::fmt::Display| files::refuse(path, error);
    let setup = AnalyzeSetup::from_setup(tool).map_err(|e| refuse(&e))?;
    let beside = |name: &String| files::beside(path, name);
    let given = |name: &String| (!name.is_empty()).then(|| beside(name));
    let own = AnalyzeSettings::from_setup(&setup, tool).map_err(|e| refuse(&e))?;
    let mut notes = files::ignored(path, &own.ignored);
    let equilibrium = own.settings.equilibrium;
    let mut analyses = Vec::new();
    if !own.settings.analyses.is_empty() {
        analyses.push((String::new(), Analysis::OfMotion(own.settings)));
    }
    for node in own.other_analyses {
        let analysis = SetupObject { document: tool.document, node };
        match analysis.class() {
            "StaticOptimization" => {
                let found = SoSettings::from_setup(&setup, &analysis).map_err(|e| refuse(&e))?;
                let analysis = match found.use_model_force_set {
                    true => Analysis::StaticOptimization(found.settings),
                    false => Analysis::WithoutMuscles(found.settings),
                };
                analyses.push((found.common.name, analysis));
            }
            "JointReaction" => {
                let found = JrSettings::from_setup(&setup, &analysis).map_err(|e| refuse(&e))?;
                let forces = given(&found.forces_file);
                analyses.push((found.common.name, Analysis::JointReaction(found.settings, forces)));
            }
            other => notes.push(format!(
                "{}: line {}: the analysis `{other}` is not made",
                path.display(),
                tool.document.line(node)
            )),
        }
    }
    let coordinates = given(&setup.motion_file)
        .ok_or_else(|| refuse(&"names neither `coordinates_file` nor `states_file`"))?;
    let job = Job {
        model: files::named(path, "model_file", &setup.model_file)?,
        allow_missing: false,
        accelerations: Accelerations::default(),
        actuators: (setup.force_set_files.iter().map(beside).collect(), setup.replace_force_set),
        motion: Followed {
            coordinates,
            external_loads: given(&setup.external_loads_file),
            lowpass_hz: setup.lowpass_hz,
        },
        equilibrium,
        controls: setup.controls_files.iter().map(beside).collect(),
        name: setup.name,
        folder: beside(&setup.results_directory),
    };
    let mut output = job.run(&analyses, asked)?;
    output.notes.extend(notes);
    Ok(output)
}
