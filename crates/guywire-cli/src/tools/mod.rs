//! The verbs that put whole motions through an OpenSim model: reads the files, calls the library, writes tables.

mod analysis;
mod fd;
pub mod files;
mod id;
mod ik;
mod import;
mod inputs;
mod output;
mod scale;

use crate::arguments::tools::ToolCommand;
use crate::failure::Failure;
use analysis::{Analysis, Job};
use guywire_tools::jr::JrSettings;
use guywire_tools::setup::SetupObject;
use guywire_tools::so::{MuscleStrength, SoSettings};
use output::Output;
use std::io::Write;
use std::path::Path;

/// Runs a verb.
pub fn run(command: ToolCommand, out: &mut dyn Write) -> Result<(), Failure> {
    let (output, common) = match command {
        ToolCommand::Import { model, all, allow_missing, output, json } => {
            let wanted = import::Wanted { all, allow_missing, json };
            return import::run(&model, wanted, output.as_deref(), out);
        }
        ToolCommand::Tool { setup, common } => (tool(&setup, common.output.as_deref())?, common),
        ToolCommand::Scale { setup, common } => {
            let document = inputs::document(&setup)?;
            let tool = SetupObject::tool(&document);
            if tool.class() != "ScaleTool" {
                let problem = format!("expected a setup of ScaleTool, found `{}`", tool.class());
                return Err(files::refuse(&setup, &problem));
            }
            (scale::run(&setup, &tool, common.output.as_deref())?, common)
        }
        ToolCommand::Ik { model, markers, tasks, coordinates, range, common } => {
            let job = ik::Job::from_arguments(model, markers, tasks.as_deref(), coordinates, range)?;
            (job.run(common.output.as_deref())?, common)
        }
        ToolCommand::Id { model, accelerations, motion, range, common } => {
            let job = id::Job::from_arguments(model, motion, range).with(accelerations);
            (job.run(common.output.as_deref())?, common)
        }
        ToolCommand::So {
            model,
            accelerations,
            motion,
            actuators,
            exponent,
            no_physiology,
            along_tendon,
            range,
            common,
        } => {
            let defaults = SoSettings::default();
            let settings = SoSettings {
                window: range.or(defaults.window),
                activation_exponent: exponent,
                strength: match (no_physiology, along_tendon) {
                    (true, _) => MuscleStrength::Isometric,
                    (_, true) => MuscleStrength::AlongTendon,
                    _ => defaults.strength,
                },
                ..defaults
            };
            let analyses = [("StaticOptimization".into(), Analysis::StaticOptimization(settings))];
            let job = Job::from_arguments(model, motion, actuators, "so").with(accelerations);
            (job.run(&analyses, common.output.as_deref())?, common)
        }
        ToolCommand::Jr {
            model,
            accelerations,
            motion,
            actuators,
            forces,
            joints,
            on,
            frame,
            range,
            common,
        } => {
            let window = range.or(JrSettings::default().window);
            let settings = analysis::reactions(joints, on, frame, window);
            let analyses = [("JointReaction".into(), Analysis::JointReaction(settings, Some(forces)))];
            let job = Job::from_arguments(model, motion, actuators, "jr").with(accelerations);
            (job.run(&analyses, common.output.as_deref())?, common)
        }
        ToolCommand::Analyze { model, motion, muscles, range, common } => {
            let window = range.or([f64::NEG_INFINITY, f64::INFINITY]);
            let analyses = [(String::new(), Analysis::OfMotion(analysis::of_motion(muscles, window)))];
            let job = Job::from_arguments(model, motion, vec![], "analyze");
            (job.run(&analyses, common.output.as_deref())?, common)
        }
        ToolCommand::Fd {
            model,
            accelerations,
            controls,
            states,
            external_loads,
            accuracy,
            range,
            common,
        } => {
            let job = fd::Job::from_arguments(model, controls, states, external_loads, accuracy, range)
                .with(accelerations);
            (job.run(common.output.as_deref())?, common)
        }
    };
    output.finish(&common, out)
}

/// Runs whatever tool a setup file is for.
fn tool(path: &Path, asked: Option<&Path>) -> Result<Output, Failure> {
    let document = inputs::document(path)?;
    let tool = SetupObject::tool(&document);
    match tool.class() {
        "InverseKinematicsTool" | "IKTool" => ik::Job::from_setup(path, &tool)?.run(asked),
        "ScaleTool" => scale::run(path, &tool, asked),
        "ForwardTool" => fd::Job::from_setup(path, &tool)?.run(asked),
        "AnalyzeTool" => analysis::from_setup(path, &tool, asked),
        "InverseDynamicsTool" => id::Job::from_setup(path, &tool)?.run(asked),
        other => Err(files::refuse(
            path,
            &format!(
                "`{other}` is not a tool that guywire runs; expected a setup of ScaleTool, InverseKinematicsTool, \
                 InverseDynamicsTool, AnalyzeTool or ForwardTool"
            ),
        )),
    }
}
