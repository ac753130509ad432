//! `guywire import`: what of a model is used.

use super::{files, inputs};
use crate::failure::Failure;
use crate::json;
use guywire_osim::build::Built;
use guywire_osim::description::ForceKind;
use guywire_osim::report::{Entry, Fate};
use guywire_osim::{ImportReport, OsimModel};
use serde::Serialize;
use std::io::Write;
use std::path::Path;

/// What to do and show.
#[derive(Clone, Copy, Debug)]
pub struct Wanted {
    /// Every element, not only what is approximated or refused.
    pub all: bool,
    /// Go on without forces that are not understood.
    pub allow_missing: bool,
    /// One JSON object.
    pub json: bool,
}

/// A model in numbers, and what became of its elements.
#[derive(Debug, Serialize)]
struct Summary<'a> {
    name: &'a str,
    mass_kg: f64,
    bodies: usize,
    joints: usize,
    coordinates: usize,
    degrees_of_freedom: usize,
    constraints: usize,
    muscles: usize,
    other_forces: usize,
    markers: usize,
    used: usize,
    kept: usize,
    approximated: usize,
    refused: usize,
    report: &'a ImportReport,
}

impl<'a> Summary<'a> {
    fn new(model: &'a OsimModel, built: &Built) -> Self {
        let description = &model.description;
        let muscles =
            description.forces.iter().filter(|force| matches!(force.kind, ForceKind::Muscle(_))).count();
        let count = |is: fn(&Fate) -> bool| model.report.entries.iter().filter(|e| is(&e.fate)).count();
        Self {
            name: &description.name,
            mass_kg: description.bodies.iter().map(|body| body.mass).sum(),
            bodies: description.bodies.len(),
            joints: description.joints.len(),
            coordinates: built.tree.coordinates().len(),
            degrees_of_freedom: built.reduced.dof(),
            constraints: description.constraints.len(),
            muscles,
            other_forces: description.forces.len() - muscles,
            markers: description.markers.len(),
            used: count(|fate| *fate == Fate::Used),
            kept: count(|fate| *fate == Fate::Kept),
            approximated: count(|fate| matches!(fate, Fate::Approximated(_))),
            refused: count(|fate| matches!(fate, Fate::Refused(_))),
            report: &model.report,
        }
    }

    fn text(&self, all: bool) -> String {
        let mut text = format!(
            "{}: document version {}\n{} bodies ({:.2} kg), {} joints, {} coordinates of which {} are free, {} constraints\n\
             {} muscles, {} other forces, {} markers\n\n\
             {} objects used, {} kept without effect, {} approximated, {} refused\n",
            self.name,
            self.report.version,
            self.bodies,
            self.mass_kg,
            self.joints,
            self.coordinates,
            self.degrees_of_freedom,
            self.constraints,
            self.muscles,
            self.other_forces,
            self.markers,
            self.used,
            self.kept,
            self.approximated,
            self.refused,
        );
        let list: Vec<&Entry> =
            if all { self.report.entries.iter().collect() } else { self.report.remarks().collect() };
        for entry in list {
            text.push_str(&format!("{entry}\n"));
        }
        text
    }
}

/// Reads `file`, says what of it is used, and writes it again if asked to.
pub fn run(file: &Path, wanted: Wanted, output: Option<&Path>, out: &mut dyn Write) -> Result<(), Failure> {
    let model = files::model(file, wanted.allow_missing)?;
    let built = inputs::build(&model, file)?;
    let summary = Summary::new(&model, &built);
    let text = if wanted.json { json::full(&summary)? } else { summary.text(wanted.all) };
    out.write_all(text.as_bytes())?;
    if let Some(output) = output {
        files::write(output, &model.to_bytes())?;
        if !wanted.json {
            writeln!(out, "Wrote {}", output.display())?;
        }
    }
    Ok(())
}
