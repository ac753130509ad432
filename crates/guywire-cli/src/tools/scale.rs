//! `guywire scale`: a model for a person.

use super::files;
use super::inputs;
use super::output::{Output, place};
use crate::failure::Failure;
use guywire_tools::scale::{self, ScaleInputs, ScaleSettings};
use guywire_tools::setup::SetupObject;
use std::path::Path;

/// Runs OpenSim's setup of a `ScaleTool`.
pub fn run(path: &Path, tool: &SetupObject<'_>, asked: Option<&Path>) -> Result<Output, Failure> {
    let (settings, named) = ScaleSettings::from_setup(tool).map_err(|e| files::refuse(path, &e))?;
    let beside = |name: &String| files::beside(path, name);
    let model = files::model(&files::named(path, "model_file", &named.model)?, false)?;
    let marker_set = named.marker_set.as_ref().map(|name| inputs::document(&beside(name))).transpose()?;
    let trial = |name: &Option<String>| name.as_ref().map(|name| inputs::markers(&beside(name))).transpose();
    let measured = trial(&named.measured)?;
    // Mostly one static trial serves for both.
    let posed = if named.posed == named.measured { measured.clone() } else { trial(&named.posed)? };
    let coordinates = named.coordinates.as_ref().map(|name| inputs::table(&beside(name))).transpose()?;
    let result = scale::run(
        ScaleInputs {
            model,
            marker_set: marker_set.as_ref(),
            measured: measured.as_ref(),
            posed: posed.as_ref(),
            coordinates: coordinates.as_ref(),
        },
        &settings,
    )
    .map_err(|e| files::refuse(path, &e))?;

    let folder = files::beside(path, "");
    let mut output = Output::default();
    for note in [&measured, &posed].into_iter().flatten().flat_map(|trial| &trial.notes) {
        if !output.notes.contains(note) {
            output.notes.push(note.clone());
        }
    }
    for found in &result.measured {
        output.summary.push(match found.factor {
            Some(factor) => format!("{}: × {factor:.4}, of {} marker pairs", found.name, found.lengths.len()),
            None => format!("{}: passed over, a marker is missing in the model or the trial", found.name),
        });
    }
    let mut file = |name: &Option<String>, content: Option<Vec<u8>>| {
        if let (Some(name), Some(content)) = (name, content) {
            output.files.push((place(asked, &folder, name), content));
        }
    };
    file(&named.scaled_model, result.scaled.as_ref().map(guywire_osim::OsimModel::to_bytes));
    file(&named.scale_factors, result.factors.as_ref().map(scale::factors::ScaleFactors::to_bytes));
    file(&named.placed_model, result.placed.as_ref().map(|_| result.model.to_bytes()));
    file(&named.placed_markers, result.placed.as_ref().and_then(|_| result.model.marker_file()));
    if let Some(placed) = &result.placed {
        if let Some(name) = &named.static_pose {
            output.tables.push((place(asked, &folder, name), placed.motion.clone()));
        }
        let square: f64 = placed.errors.iter().map(|(_, error)| error * error).sum();
        let mean = (square / placed.errors.len().max(1) as f64).sqrt();
        let worst = placed.errors.iter().max_by(|a, b| a.1.total_cmp(&b.1));
        let (worst, most) = worst.map_or(("", 0.0), |(name, error)| (name.as_str(), *error));
        output.summary.push(format!(
            "static pose: markers {:.1} mm off on average (root mean square), at most {:.1} mm (`{worst}`); {} moved to \
             where they were seen, {} that the trial does not have taken out",
            mean * 1e3,
            most * 1e3,
            placed.moved.len(),
            placed.removed,
        ));
    }
    Ok(output)
}
