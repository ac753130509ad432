//! A model for a person: OpenSim's `ScaleTool`.
//!
//! 1. [`generic`]: the generic model, with the markers of a marker set.
//! 2. [`factors`], [`components`], [`inertia`], [`lengths`]: scaled by marker distances or by hand. Fibre and
//!    tendon lengths, ligaments and path springs follow the ratio of path lengths in the default pose.
//! 3. [`placer`]: posed by weighted inverse kinematics on a static trial; markers that are not fixed move to
//!    where they were seen.
//!
//! The document of the model is edited, so that whatever is not understood stays as it is. Where OpenSim
//! differs: its path lengths are those of its wrapping, not the shortest; its static pose stops at an accuracy
//! of 1e-4, this one is the optimum.

pub mod components;
mod edit;
pub mod factors;
pub mod generic;
pub mod inertia;
pub mod lengths;
pub mod placer;
mod setup;

use crate::tasks::IkTasks;
use components::Scaler;
use edit::Edit;
use factors::{ManualScale, Measured, Measurement, ScaleFactors, ScalingStep};
use guywire_engine::Kinematics;
use guywire_engine::constraint::{AssemblyError, ConstraintSolver};
use guywire_osim::build::{BuildError, Built};
use guywire_osim::read::{self, Sockets};
use guywire_osim::table::{MarkerTable, Table};
use guywire_osim::xml::Document;
use guywire_osim::{OsimModel, ReadError};
use inertia::Inertial;
use placer::Placed;
pub use setup::ScaleFiles;

/// What the tool is to do; defaults are OpenSim's.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ScaleSettings {
    /// Name of the model that comes out.
    pub name: String,
    /// Mass of the person, kg; none leaves it to the scale factors.
    pub mass: Option<f64>,
    /// Scaling; none leaves the model as it is.
    pub scaler: Option<ScalerSettings>,
    /// Placing of markers; none leaves them where they are.
    pub placer: Option<PlacerSettings>,
}

/// `ModelScaler`.
#[derive(Clone, Debug, PartialEq)]
pub struct ScalerSettings {
    /// Where factors come from; later ones replace earlier ones.
    pub order: Vec<ScalingStep>,
    /// Measurements.
    pub measurements: Vec<Measurement>,
    /// Manual scales.
    pub scales: Vec<ManualScale>,
    /// Window over which marker distances are averaged, s.
    pub time_range: [f64; 2],
    /// Whether segments keep their shares of the mass.
    pub preserve_mass_distribution: bool,
}

/// `MarkerPlacer`.
#[derive(Clone, Debug, PartialEq)]
pub struct PlacerSettings {
    /// What the static pose follows.
    pub tasks: IkTasks,
    /// Window over which markers are averaged, s.
    pub time_range: [f64; 2],
}

/// What the tool works on.
#[derive(Debug)]
pub struct ScaleInputs<'a> {
    /// The generic model.
    pub model: OsimModel,
    /// Markers to add to it.
    pub marker_set: Option<&'a Document>,
    /// Trial for the measurements.
    pub measured: Option<&'a MarkerTable>,
    /// Static trial for the markers.
    pub posed: Option<&'a MarkerTable>,
    /// Coordinates for tasks that take values from a file.
    pub coordinates: Option<&'a Table>,
}

/// Why there is no model.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ScaleError {
    /// The model cannot be read, before or after editing.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The model cannot be built.
    #[error(transparent)]
    Build(#[from] BuildError),
    /// The default pose cannot be brought to keep the constraints.
    #[error("the default pose: {0}")]
    Assembly(#[from] AssemblyError),
    /// The static pose cannot be found.
    #[error("the static pose: {0}")]
    Pose(#[from] crate::ik::IkError),
    /// Measurements without markers.
    #[error("scaling is by measurements, but there is no marker file")]
    NoMeasuredMarkers,
    /// Placing without markers.
    #[error("markers are to be placed, but there is no marker file")]
    NoPosedMarkers,
    /// A window without frames.
    #[error("the time range {from} to {to} s has no frames")]
    TimeRange {
        /// s.
        from: f64,
        /// s.
        to: f64,
    },
    /// A measurement that makes no factor.
    #[error("measurement `{name}` gives the factor {factor}; markers coincide in the model or in the trial")]
    Factor {
        /// The measurement.
        name: String,
        /// Its factor.
        factor: f64,
    },
    /// A number that is not one.
    #[error("line {line}: `{property}` is `{found}`; expected numbers")]
    Number {
        /// Line of the model file.
        line: usize,
        /// The property.
        property: &'static str,
        /// What is there.
        found: String,
    },
    /// A coupler of a distance under unequal factors, which OpenSim refuses as well.
    #[error(
        "line {line}: constraint `{name}` couples a distance; its parent's factors must be equal, not {factors:?}"
    )]
    UnevenCoupler {
        /// Line of the model file.
        line: usize,
        /// The constraint.
        name: String,
        /// Of the parent body.
        factors: [f64; 3],
    },
}

/// A scaled model and how it came about.
#[derive(Clone, Debug)]
pub struct ScaleResult {
    /// The model before markers were placed, if it was scaled.
    pub scaled: Option<OsimModel>,
    /// Factors of every frame, if it was scaled.
    pub factors: Option<ScaleFactors>,
    /// What the measurements found.
    pub measured: Vec<Measured>,
    /// The model.
    pub model: OsimModel,
    /// The static pose and the markers moved, if markers were placed.
    pub placed: Option<Placed>,
}

/// Makes a person's model.
///
/// # Errors
/// When a file does not fit the settings or the model cannot be scaled.
pub fn run(inputs: ScaleInputs<'_>, settings: &ScaleSettings) -> Result<ScaleResult, ScaleError> {
    let ScaleInputs { mut model, marker_set, measured, posed, coordinates } = inputs;
    let root = read::model(&model.document)?;
    model.document.set_attribute(root, "name", &settings.name);
    model.description.name = settings.name.trim().to_owned();
    if let Some(set) = marker_set {
        generic::update_markers(&mut model, set)?;
        model.reread()?;
    }
    let mut result = ScaleResult { scaled: None, factors: None, measured: vec![], model, placed: None };
    if let Some(scaler) = &settings.scaler {
        let built = Built::new(&result.model.description)?;
        let mut factors = ScaleFactors::ones(generic::frame_names(&result.model.document)?.into_iter());
        for step in &scaler.order {
            match step {
                ScalingStep::ManualScale => factors.by_hand(&scaler.scales),
                ScalingStep::Measurements => {
                    let range = scaler.time_range;
                    result.measured.extend(factors.measure(&built, &scaler.measurements, measured, range)?);
                }
            }
        }
        let before = lengths::path_lengths(&result.model.description, &built)?;
        let (preserve, mass) = (scaler.preserve_mass_distribution, settings.mass);
        scale_from(&mut result.model, &before, &factors, preserve, mass)?;
        result.scaled = Some(result.model.clone());
        result.factors = Some(factors);
    }
    if let Some(placer) = &settings.placer {
        let posed = posed.ok_or(ScaleError::NoPosedMarkers)?;
        result.placed = Some(placer::place(&mut result.model, posed, coordinates, placer)?);
    }
    Ok(result)
}

/// Scales a model by factors; to a total `mass` (kg) if there is one.
///
/// # Errors
/// When a component cannot be scaled.
pub fn scale(
    model: &mut OsimModel,
    factors: &ScaleFactors,
    preserve_mass_distribution: bool,
    mass: Option<f64>,
) -> Result<(), ScaleError> {
    let before = lengths::path_lengths(&model.description, &Built::new(&model.description)?)?;
    scale_from(model, &before, factors, preserve_mass_distribution, mass)
}

/// As [`scale`], from known lengths of the paths.
fn scale_from(
    model: &mut OsimModel,
    before: &[Option<f64>],
    factors: &ScaleFactors,
    preserve_mass_distribution: bool,
    mass: Option<f64>,
) -> Result<(), ScaleError> {
    let mut edits = {
        let sockets = Sockets::new(&model.document)?;
        let (document, description) = (&model.document, &model.description);
        Scaler { document, sockets: &sockets, description, factors }.edits()?
    };
    edits.extend(inertias(model, factors, preserve_mass_distribution, mass));
    edits.iter().for_each(|edit| edit.apply(&mut model.document));
    model.reread()?;
    let after = lengths::path_lengths(&model.description, &Built::new(&model.description)?)?;
    lengths::follow(model, before, &after)
}

/// The default pose, brought to keep the constraints as OpenSim does before it measures.
fn default_pose(built: &Built) -> Result<Kinematics<f64>, ScaleError> {
    // OpenSim's default assembly accuracy is 1e-9.
    const TOLERANCE: f64 = 1e-10;
    let model = &built.reduced;
    let mut kinematics = Kinematics::new(model);
    let mut q = model.default_pose();
    let ease = vec![1.0; q.len()];
    ConstraintSolver::new(model).assemble(
        model,
        &built.reduced_constraints,
        0.0,
        &ease,
        TOLERANCE,
        &mut kinematics,
        &mut q,
    )?;
    Ok(kinematics)
}

/// Mass and inertia of every body.
fn inertias(
    model: &OsimModel,
    factors: &ScaleFactors,
    preserve_mass_distribution: bool,
    mass: Option<f64>,
) -> Vec<Edit> {
    let description = &model.description;
    let scaled: Vec<Inertial> = description
        .bodies
        .iter()
        .enumerate()
        .map(|(i, body)| {
            let s = factors.of(guywire_osim::description::Base::Body(i), description);
            let inertial = Inertial { mass: body.mass, inertia: body.inertia };
            inertial.scaled(s, !preserve_mass_distribution)
        })
        .collect();
    let total: f64 = scaled.iter().map(|i| i.mass).sum();
    let density = match mass {
        Some(mass) if mass > 0.0 && total > 0.0 => mass / total,
        _ => 1.0,
    };
    let mut edits = Vec::new();
    for (body, scaled) in description.bodies.iter().zip(scaled) {
        let Inertial { mass, inertia } = scaled.times(density);
        edits.push(Edit::numbers(body.node, "mass", &[mass]));
        edits.push(Edit::numbers(body.node, "inertia", &inertia));
    }
    edits
}
