//! Scale factors of the segments: from marker distances and by hand.

use super::ScaleError;
use guywire_osim::Description;
use guywire_osim::build::Built;
use guywire_osim::description::Base;
use guywire_osim::table::MarkerTable;
use guywire_osim::xml::Document;

/// A distance between markers that says how large segments are.
#[derive(Clone, Debug, PartialEq)]
pub struct Measurement {
    /// Name.
    pub name: String,
    /// Whether it is used.
    pub apply: bool,
    /// Pairs of markers; the factor is the mean of measured over model distance.
    pub pairs: Vec<[String; 2]>,
    /// Segments, and which of their axes x, y, z take the factor.
    pub segments: Vec<(String, [bool; 3])>,
}

/// Factors given by hand.
#[derive(Clone, Debug, PartialEq)]
pub struct ManualScale {
    /// Segment.
    pub segment: String,
    /// Along x, y, z of its frame.
    pub factors: [f64; 3],
    /// Whether it is used.
    pub apply: bool,
}

/// A way to come to factors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScalingStep {
    /// `measurements`.
    Measurements,
    /// `manualScale`.
    ManualScale,
}

/// What a measurement found.
#[derive(Clone, Debug, PartialEq)]
pub struct Measured {
    /// Name of the measurement.
    pub name: String,
    /// Of each pair: distance in the model and mean measured distance, m.
    pub lengths: Vec<[f64; 2]>,
    /// The factor; none when a marker is missing, and the measurement is passed over as in OpenSim.
    pub factor: Option<f64>,
}

/// Factors of every frame of a model, bodies and ground first; one frame may stand there several times, as in
/// OpenSim's `ScaleSet`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ScaleFactors {
    /// Name of the segment and its factors along x, y, z.
    pub segments: Vec<(String, [f64; 3])>,
}

impl ScaleFactors {
    /// One everywhere, for the frames of a document in its order.
    pub(super) fn ones(frames: impl Iterator<Item = String>) -> Self {
        Self { segments: frames.map(|name| (name, [1.0; 3])).collect() }
    }

    /// Factors of a body or of ground.
    pub fn of(&self, base: Base, description: &Description) -> [f64; 3] {
        let name = match base {
            Base::Ground => "ground",
            Base::Body(i) => description.bodies.get(i).map_or("", |body| &body.name),
        };
        self.segments.iter().find(|(segment, _)| segment == name).map_or([1.0; 3], |(_, factors)| *factors)
    }

    fn set(&mut self, segment: &str, axes: [bool; 3], factors: [f64; 3]) {
        for (_, old) in self.segments.iter_mut().filter(|(name, _)| name == segment) {
            for axis in (0..3).filter(|&axis| axes[axis]) {
                old[axis] = factors[axis];
            }
        }
    }

    /// Takes the factors of manual scales.
    pub(super) fn by_hand(&mut self, scales: &[ManualScale]) {
        for scale in scales.iter().filter(|s| s.apply) {
            self.set(&scale.segment, [true; 3], scale.factors);
        }
    }

    /// Takes the factors of measurements.
    pub(super) fn measure(
        &mut self,
        built: &Built,
        measurements: &[Measurement],
        markers: Option<&MarkerTable>,
        time_range: [f64; 2],
    ) -> Result<Vec<Measured>, ScaleError> {
        let mut found = Vec::new();
        let kinematics = super::default_pose(built)?;
        let in_model = |name: &str| {
            let marker = built.markers.iter().find(|m| m.name == name)?;
            Some(kinematics.bodies[marker.body].point(marker.position))
        };
        for measurement in measurements.iter().filter(|m| m.apply) {
            let markers = markers.ok_or(ScaleError::NoMeasuredMarkers)?;
            let rows = frame_range(&markers.time, time_range)?;
            let mut lengths = Vec::new();
            for [a, b] in &measurement.pairs {
                let model_length = in_model(a).zip(in_model(b)).map(|(a, b)| (a - b).norm());
                let measured = mean_distance(markers, a, b, rows.clone());
                lengths.extend(model_length.zip(measured).map(|(model, measured)| [model, measured]));
            }
            // A pair without its markers makes OpenSim pass over the whole measurement.
            let complete = lengths.len() == measurement.pairs.len() && !lengths.is_empty();
            let sum: f64 = lengths.iter().map(|[model, measured]| measured / model).sum();
            let factor = complete.then_some(sum / lengths.len() as f64);
            if let Some(factor) = factor {
                if !(factor > 0.0 && factor.is_finite()) {
                    return Err(ScaleError::Factor { name: measurement.name.clone(), factor });
                }
                for (segment, axes) in &measurement.segments {
                    self.set(segment, *axes, [factor; 3]);
                }
            }
            found.push(Measured { name: measurement.name.clone(), lengths, factor });
        }
        Ok(found)
    }

    /// OpenSim's `ScaleSet` file.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut document = Document::new("OpenSimDocument");
        let root = document.root();
        document.set_attribute(root, "Version", "40600");
        let set = document.append(root, "ScaleSet");
        document.set_attribute(set, "name", "ScaleSet");
        let objects = document.append(set, "objects");
        for (segment, factors) in &self.segments {
            let scale = document.append(objects, "Scale");
            document.append_text(scale, "scales", &super::edit::numbers(factors));
            document.append_text(scale, "segment", segment);
            document.append_text(scale, "apply", "true");
        }
        document.append(set, "groups");
        document.to_bytes()
    }
}

/// Mean distance of two markers over rows; none when the file lacks one, or one is hidden in a row (OpenSim's
/// mean is not a number then).
fn mean_distance(markers: &MarkerTable, a: &str, b: &str, rows: std::ops::Range<usize>) -> Option<f64> {
    let column = |name: &str| markers.names.iter().position(|n| n == name);
    let (a, b) = (column(a)?, column(b)?);
    let count = rows.len();
    let mut sum = 0.0;
    for row in rows {
        let frame = markers.frame(row);
        sum += ((*frame.get(b)?)? - (*frame.get(a)?)?).norm();
    }
    (count > 0).then(|| sum / count as f64)
}

/// Rows from the last one not after the start to the first not before the end, as OpenSim's `MarkerData`.
pub(super) fn frame_range(time: &[f64], [from, to]: [f64; 2]) -> Result<std::ops::Range<usize>, ScaleError> {
    // OpenSim compares the end with `SimTK::Zero` less, 1e-16.
    const ROUNDING: f64 = 1e-16;
    if from.is_nan() || to.is_nan() || from > to || time.is_empty() {
        return Err(ScaleError::TimeRange { from, to });
    }
    let start = time.iter().rposition(|t| *t <= from).unwrap_or(0);
    let end = (start..time.len()).find(|&i| time[i] >= to - ROUNDING).unwrap_or(time.len() - 1);
    Ok(start..end + 1)
}
