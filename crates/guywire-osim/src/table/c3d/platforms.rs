//! Force platforms: what their channels say as force and moment in the laboratory.
//!
//! | type | channels | |
//! | --- | --- | --- |
//! | 1 | Fx Fy Fz, Px Py, Tz | point of application and free moment |
//! | 2 | Fx Fy Fz, Mx My Mz | moment about the sensor's origin |
//! | 3 | Fx12 Fx34 Fy14 Fy23 Fz1 … Fz4 | four sensors, `ORIGIN` holds their half distances and depth |
//! | 4 | six, times the calibration matrix | then as type 2 |
//!
//! With r = `ORIGIN`, the middle of the surface seen from the sensor's origin (its third component is negative; a file
//! that has it the other way round is corrected), the moment about the middle of the surface is `M + F × r`.
//! Source: The C3D File Format, chapter on FORCE_PLATFORM; signs and axes as ezc3d, which OpenSim uses.

use super::parameters::Parameters;
use crate::table::Table;
use guywire_math::{Mat3, Vec3};

/// A force platform over time, in laboratory axes.
#[derive(Clone, Debug, PartialEq)]
pub struct ForcePlatform {
    /// The file's type, 1 to 4.
    pub kind: u8,
    /// Corners, m.
    pub corners: [Vec3<f64>; 4],
    /// Force, N, one a sample of the analogue channels.
    pub force: Vec<Vec3<f64>>,
    /// Moment about the middle of the surface, N·m.
    pub moment: Vec<Vec3<f64>>,
}

impl ForcePlatform {
    /// Middle of the surface, m.
    pub fn center(&self) -> Vec3<f64> {
        let [a, b, c, d] = self.corners;
        (a + b + c + d) * 0.25
    }

    /// Normal of the surface, as its corners go round: `(c₁ − c₂) × (c₁ − c₄)`.
    pub fn normal(&self) -> Vec3<f64> {
        axes(&self.corners).column(2)
    }

    /// Where the force meets the surface, m; none where it does not press more than `least`, N.
    pub fn center_of_pressure(&self, sample: usize, least: f64) -> Option<Vec3<f64>> {
        let (force, moment, normal) = (*self.force.get(sample)?, *self.moment.get(sample)?, self.normal());
        let pressing = force.dot(normal);
        (pressing.abs() > least).then(|| self.center() + normal.cross(moment) * (1.0 / pressing))
    }
}

/// All platforms; those that cannot be read are named in the notes.
pub(super) fn read(
    parameters: &Parameters,
    analog: &Table,
    metres: f64,
    notes: &mut Vec<String>,
) -> Vec<ForcePlatform> {
    let used = parameters.numbers("FORCE_PLATFORM", "USED").first().copied().unwrap_or(0.0).max(0.0) as usize;
    // A platform needs a type of its own, so there are no more than types.
    let types = parameters.numbers("FORCE_PLATFORM", "TYPE");
    let mut out = Vec::new();
    for (index, &kind) in types.iter().enumerate().take(used) {
        match platform(parameters, analog, metres, index, kind) {
            Ok(platform) => out.push(platform),
            Err(problem) => notes.push(format!("force platform {} is left out: {problem}", index + 1)),
        }
    }
    out
}

fn platform(
    parameters: &Parameters,
    analog: &Table,
    metres: f64,
    index: usize,
    kind: f64,
) -> Result<ForcePlatform, String> {
    let kind = [1u8, 2, 3, 4]
        .into_iter()
        .find(|k| f64::from(*k) == kind)
        .ok_or(format!("type {kind} is not understood"))?;
    let part = |name: &'static str, size: usize| {
        let numbers = parameters.numbers("FORCE_PLATFORM", name);
        numbers.get(index * size..(index + 1) * size).ok_or(format!("{name} is too short"))
    };
    let corners = part("CORNERS", 12)?;
    let corner = |k: usize| Vec3::new(corners[3 * k], corners[3 * k + 1], corners[3 * k + 2]) * metres;
    let corners = [0, 1, 2, 3].map(corner);
    let origin = part("ORIGIN", 3)?;
    let mut origin = Vec3::new(origin[0], origin[1], origin[2]) * metres;
    if origin.z > 0.0 {
        origin = -origin;
    }
    let count = if kind == 3 { 8 } else { 6 };
    let width = parameters.dimensions("FORCE_PLATFORM", "CHANNEL").first().copied().unwrap_or(count);
    let channels = part("CHANNEL", width)?;
    let column = |k: usize| {
        let channel = channels.get(k).copied().unwrap_or(0.0) as usize;
        let column = channel.checked_sub(1).and_then(|c| analog.columns.get(c));
        column
            .map(|c| c.values.as_slice())
            .ok_or(format!("CHANNEL names channel {channel}, which does not exist"))
    };
    let columns = (0..count).map(column).collect::<Result<Vec<_>, _>>()?;
    let matrix = if kind == 4 { Some(part("CAL_MATRIX", 36)?) } else { None };
    let axes = axes(&corners);
    let (mut force, mut moment) = (Vec::new(), Vec::new());
    let mut values = [0.0; 8];
    for sample in 0..analog.time.len() {
        for (value, column) in values.iter_mut().zip(&columns) {
            *value = column[sample];
        }
        if let Some(matrix) = matrix {
            let raw = values;
            for (row, value) in values.iter_mut().enumerate().take(6) {
                *value = (0..6).map(|k| matrix[6 * k + row] * raw[k]).sum();
            }
        }
        let (f, m) = match kind {
            // Points come in the file's unit of length, moments in newtons times that.
            1 => {
                let f = Vec3::new(values[0], values[1], values[2]);
                let point = Vec3::new(values[3], values[4], 0.0) * metres;
                (f, point.cross(f) + Vec3::new(0.0, 0.0, values[5] * metres))
            }
            3 => {
                let [x12, x34, y14, y23, z1, z2, z3, z4] = values;
                let f = Vec3::new(x12 + x34, y14 + y23, z1 + z2 + z3 + z4);
                let m = Vec3::new(
                    origin.y * (z1 + z2 - z3 - z4),
                    origin.x * (z2 + z3 - z1 - z4),
                    origin.y * (x34 - x12) + origin.x * (y14 - y23),
                );
                (f, m + f.cross(Vec3::new(0.0, 0.0, origin.z)))
            }
            _ => {
                let f = Vec3::new(values[0], values[1], values[2]);
                let m = Vec3::new(values[3], values[4], values[5]) * metres;
                (f, m + f.cross(origin))
            }
        };
        force.push(axes * f);
        moment.push(axes * m);
    }
    Ok(ForcePlatform { kind, corners, force, moment })
}

/// Axes of a platform in the laboratory, from its corners.
fn axes(corners: &[Vec3<f64>; 4]) -> Mat3<f64> {
    let unit = |v: Vec3<f64>| v * (1.0 / v.norm());
    let x = corners[0] - corners[1];
    let z = x.cross(corners[0] - corners[3]);
    let (x, y, z) = (unit(x), unit(z.cross(x)), unit(z));
    Mat3 { rows: [x, y, z] }.transpose()
}
