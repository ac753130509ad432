//! `ScaleTool` setups.

use super::factors::{ManualScale, Measurement, ScalingStep};
use super::{PlacerSettings, ScaleSettings, ScalerSettings};
use crate::setup::{SetupError, SetupObject};
use crate::tasks::IkTasks;

/// The files that a setup names, as it names them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ScaleFiles {
    /// `.osim` of the generic model.
    pub model: String,
    /// Markers to add to it.
    pub marker_set: Option<String>,
    /// Trial for the measurements.
    pub measured: Option<String>,
    /// Where the scaled model goes.
    pub scaled_model: Option<String>,
    /// Where the scale factors go.
    pub scale_factors: Option<String>,
    /// Static trial for the markers.
    pub posed: Option<String>,
    /// Coordinates of the static pose.
    pub coordinates: Option<String>,
    /// Where the model with placed markers goes.
    pub placed_model: Option<String>,
    /// Where its markers go.
    pub placed_markers: Option<String>,
    /// Where the static pose goes.
    pub static_pose: Option<String>,
}

impl ScaleSettings {
    /// Settings and files of a `ScaleTool`.
    ///
    /// # Errors
    /// When a property cannot be understood.
    pub fn from_setup(tool: &SetupObject<'_>) -> Result<(Self, ScaleFiles), SetupError> {
        let mass = tool.number("mass", -1.0)?;
        let (generic, scaler) = (tool.object("GenericModelMaker"), tool.object("ModelScaler"));
        let placer = tool.object("MarkerPlacer");
        let file = |object: &Option<SetupObject<'_>>, name: &str| {
            object.and_then(|object| object.file(name).map(str::to_owned))
        };
        let settings = Self {
            name: tool.name().to_owned(),
            mass: Some(mass).filter(|m| *m > 0.0),
            scaler: match applied(scaler)? {
                Some(scaler) => Some(ScalerSettings::from_setup(&scaler)?),
                None => None,
            },
            placer: match applied(placer)? {
                Some(placer) => Some(PlacerSettings::from_setup(&placer)?),
                None => None,
            },
        };
        let files = ScaleFiles {
            model: file(&generic, "model_file").unwrap_or_default(),
            marker_set: file(&generic, "marker_set_file"),
            measured: file(&scaler, "marker_file"),
            scaled_model: file(&scaler, "output_model_file"),
            scale_factors: file(&scaler, "output_scale_file"),
            posed: file(&placer, "marker_file"),
            coordinates: file(&placer, "coordinate_file"),
            placed_model: file(&placer, "output_model_file"),
            placed_markers: file(&placer, "output_marker_file"),
            static_pose: file(&placer, "output_motion_file"),
        };
        Ok((settings, files))
    }
}

/// An object, if it is there and applies.
fn applied(object: Option<SetupObject<'_>>) -> Result<Option<SetupObject<'_>>, SetupError> {
    match object {
        Some(object) if object.flag("apply", true)? => Ok(Some(object)),
        _ => Ok(None),
    }
}

impl ScalerSettings {
    fn from_setup(scaler: &SetupObject<'_>) -> Result<Self, SetupError> {
        let step = |word: &str| match word {
            "measurements" => Ok(ScalingStep::Measurements),
            "manualScale" => Ok(ScalingStep::ManualScale),
            _ => Err(scaler.error("scaling_order", "measurements, manualScale, or both")),
        };
        let mut measurements = Vec::new();
        for object in scaler.objects("MeasurementSet") {
            let pairs = object.objects("MarkerPairSet").into_iter().map(|pair| {
                match pair.words("markers").as_slice() {
                    [a, b, ..] => Ok([(*a).to_owned(), (*b).to_owned()]),
                    _ => Err(pair.error("markers", "the names of two markers")),
                }
            });
            let segments = object.objects("BodyScaleSet").into_iter().map(|body| {
                let words = body.words("axes");
                let has = |axis: &str| words.iter().any(|word| word.eq_ignore_ascii_case(axis));
                (body.name().to_owned(), [has("x"), has("y"), has("z")])
            });
            measurements.push(Measurement {
                name: object.name().to_owned(),
                apply: object.flag("apply", true)?,
                pairs: pairs.collect::<Result<_, _>>()?,
                segments: segments.collect(),
            });
        }
        let mut scales = Vec::new();
        for object in scaler.objects("ScaleSet") {
            let factors = match object.numbers("scales")?.as_slice() {
                [] => [1.0; 3],
                [x, y, z, ..] if [x, y, z].iter().all(|s| s.is_finite() && **s != 0.0) => [*x, *y, *z],
                _ => return Err(object.error("scales", "three factors that are not zero")),
            };
            scales.push(ManualScale {
                segment: object.text("segment").unwrap_or_default().to_owned(),
                factors,
                apply: object.flag("apply", true)?,
            });
        }
        Ok(Self {
            order: scaler.words("scaling_order").into_iter().map(step).collect::<Result<_, _>>()?,
            measurements,
            scales,
            time_range: scaler.pair("time_range", [-1.0, -1.0])?,
            preserve_mass_distribution: scaler.flag("preserve_mass_distribution", false)?,
        })
    }
}

impl PlacerSettings {
    fn from_setup(placer: &SetupObject<'_>) -> Result<Self, SetupError> {
        let tasks = placer.object("IKTaskSet");
        Ok(Self {
            tasks: tasks.map_or_else(|| Ok(IkTasks::default()), |set| IkTasks::from_set(&set))?,
            time_range: placer.pair("time_range", [-1.0, -1.0])?,
        })
    }
}
