//! Results as OpenSim lays them out.

use super::{IkResult, IkSettings};
use guywire_engine::markers::{Fit, MarkerFit};
use guywire_math::Vec3;
use guywire_osim::Description;
use guywire_osim::build::Built;
use guywire_osim::description::CoordinateMotion;
use guywire_osim::table::{Table, Unit};

/// A result without frames, with room for them.
pub(super) fn empty(
    description: &Description,
    built: &Built,
    settings: &IkSettings,
    markers: &[String],
    frames: usize,
) -> IkResult {
    let coordinates = built.index.coordinate_names().to_vec();
    let n = coordinates.len();
    IkResult {
        name: settings.name.clone(),
        time: Vec::with_capacity(frames),
        rotational: rotational(description, built),
        values: Vec::with_capacity(frames * n),
        coordinates,
        markers: markers.to_vec(),
        positions: Vec::with_capacity(frames * markers.len()),
        errors: Vec::with_capacity(frames * markers.len()),
        costs: Vec::with_capacity(frames),
        steps: Vec::with_capacity(frames),
    }
}

/// Which coordinates of the tree are angles.
pub(crate) fn rotational(description: &Description, built: &Built) -> Vec<bool> {
    let mut rotational = vec![false; built.index.coordinate_names().len()];
    for joint in &description.joints {
        for (k, coordinate) in joint.coordinates.iter().enumerate() {
            if let Some(index) = built.index.coordinate(&coordinate.name) {
                rotational[index] = joint.motion(k) == CoordinateMotion::Rotational;
            }
        }
    }
    rotational
}

impl IkResult {
    pub(super) fn push(
        &mut self,
        time: f64,
        fit: &MarkerFit<'_>,
        observed: &[Option<Vec3<f64>>],
        found: &Fit,
    ) {
        self.time.push(time);
        self.values.extend_from_slice(&fit.kinematics().coordinates);
        for (position, seen) in fit.positions().iter().zip(observed) {
            self.positions.push(*position);
            self.errors.push(seen.map_or(0.0, |seen| (*position - seen).norm()));
        }
        self.costs.push(found.cost);
        self.steps.push(found.steps);
    }

    /// Coordinates of frame `k`, rad or m.
    pub fn frame(&self, k: usize) -> &[f64] {
        let n = self.coordinates.len();
        self.values.get(k * n..(k + 1) * n).unwrap_or(&[])
    }

    /// Marker errors of frame `k`: sum of squares (m²), root mean square (m), largest (m) and whose it is.
    pub fn error_summary(&self, k: usize) -> (f64, f64, f64, usize) {
        let n = self.markers.len();
        let errors = self.errors.get(k * n..(k + 1) * n).unwrap_or(&[]);
        let total: f64 = errors.iter().map(|e| e * e).sum();
        let (mut largest, mut worst) = (0.0, 0);
        for (index, error) in errors.iter().enumerate() {
            if *error > largest {
                (largest, worst) = (*error, index);
            }
        }
        let mean = if n > 0 { libm::sqrt(total / n as f64) } else { 0.0 };
        (total, mean, largest, worst)
    }

    /// The motion, angles in degrees: OpenSim's `ik.mot`.
    pub fn motion(&self) -> Table {
        let unit = |angle: &bool| if *angle { Unit::Degree } else { Unit::Unstated };
        let columns = self.coordinates.iter().cloned().zip(self.rotational.iter().map(unit));
        let mut table = Table::with_columns("Coordinates", columns);
        table.in_degrees = Some(true);
        for (k, time) in self.time.iter().enumerate() {
            let values = self.frame(k).iter().zip(&self.rotational);
            table.push_row(*time, values.map(|(v, angle)| if *angle { v.to_degrees() } else { *v }));
        }
        table
    }

    /// File name and table of OpenSim's `_ik_marker_errors.sto`.
    pub fn marker_errors(&self) -> (String, Table) {
        let names = ["total_squared_error", "marker_error_RMS", "marker_error_max"];
        let columns = names.map(|n| (n.to_owned(), Unit::Unstated));
        let mut table = Table::with_columns("Model Marker Errors from IK", columns);
        table.in_degrees = Some(false);
        for (k, time) in self.time.iter().enumerate() {
            let (total, mean, largest, _) = self.error_summary(k);
            table.push_row(*time, [total, mean, largest]);
        }
        (format!("{}_ik_marker_errors.sto", self.name), table)
    }

    /// File name and table of OpenSim's `_ik_model_marker_locations.sto`.
    pub fn marker_locations(&self) -> (String, Table) {
        let axes = ["_tx", "_ty", "_tz"];
        let columns = self.markers.iter().flat_map(|m| axes.map(|axis| (format!("{m}{axis}"), Unit::Metre)));
        let mut table = Table::with_columns("Model Marker Locations from IK", columns);
        table.in_degrees = Some(false);
        let n = self.markers.len();
        for (k, time) in self.time.iter().enumerate() {
            let positions = self.positions.get(k * n..(k + 1) * n).unwrap_or(&[]);
            table.push_row(*time, positions.iter().flat_map(|p| p.to_array()));
        }
        (format!("{}_ik_model_marker_locations.sto", self.name), table)
    }
}
