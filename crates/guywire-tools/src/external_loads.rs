//! Wrenches from outside at any time, from a table, as OpenSim's `ExternalForce` makes them.
//!
//! Every component is a natural cubic spline through its column (straight lines for two or three rows, a constant
//! for one), which goes on as a straight line beyond the table. The force acts at the point as the model stands:
//!
//! ```text
//! F = R_GE f      M = p × F + R_GE m        p = X_GQ p_Q
//! ```
//!
//! with E the body that force and torque are expressed in and Q the one of the point; without a point the force
//! acts at the origin of the body.

use crate::error::{nearest, nearest_suffix};
use guywire_math::{GcvError, Pose, SplineBasis, Vec3, Wrench};
use guywire_osim::description::{Base, Description};
use guywire_osim::external_loads as file;
use guywire_osim::table::{Table, Unit};

/// Why external loads cannot be used.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ExternalLoadsError {
    /// A body that does not exist.
    #[error("external force `{force}`: {field} names `{body}`, which is no body{}", nearest_suffix(.nearest))]
    Body {
        /// The force.
        force: String,
        /// Which of its bodies.
        field: &'static str,
        /// The name.
        body: String,
        /// The nearest name.
        nearest: Option<String>,
    },
    /// Not three columns for an identifier.
    #[error(
        "external force `{force}`: {field} `{identifier}` is the beginning of {found} column names; expected three{}",
        nearest_suffix(.nearest)
    )]
    Columns {
        /// The force.
        force: String,
        /// Which identifier.
        field: &'static str,
        /// The identifier.
        identifier: String,
        /// Number of columns.
        found: usize,
        /// A column that is close.
        nearest: Option<String>,
    },
    /// Neither force nor torque.
    #[error("external force `{force}` has neither a force_identifier nor a torque_identifier")]
    Nothing {
        /// The force.
        force: String,
    },
    /// A gap.
    #[error("external force `{force}`: column `{column}` has no number at {time} s; fill the gap first")]
    Gap {
        /// The force.
        force: String,
        /// The column.
        column: String,
        /// s.
        time: f64,
    },
    /// Times that make no spline.
    #[error("the times of the external loads make no spline: {0}")]
    Spline(GcvError),
    /// No row.
    #[error("the table of external loads has no rows")]
    Empty,
}

/// Three components over time: coefficients, or constants where the table has one row.
type Components = [Vec<f64>; 3];

#[derive(Clone, Debug)]
struct Load {
    /// What OpenSim calls its columns: body and name of the force.
    label: String,
    body: usize,
    force_in: usize,
    point_in: usize,
    force: Option<Components>,
    point: Option<Components>,
    torque: Option<Components>,
}

/// Forces and torques on bodies over time.
#[derive(Clone, Debug)]
pub struct ExternalLoads {
    basis: Option<SplineBasis>,
    measured: [f64; 2],
    loads: Vec<Load>,
}

impl ExternalLoads {
    /// From a file's loads and their table; `index` gives the engine body of a base.
    ///
    /// # Errors
    /// When a body or a column is missing, or a value.
    pub fn new(
        loads: &file::ExternalLoads,
        table: &Table,
        model: &Description,
        index: impl Fn(Base) -> usize,
    ) -> Result<Self, ExternalLoadsError> {
        let (Some(&first), Some(&last)) = (table.time.first(), table.time.last()) else {
            return Err(ExternalLoadsError::Empty);
        };
        let basis = match table.time.len() {
            1 => None,
            2 | 3 => Some(SplineBasis::new(1, &table.time)),
            _ => Some(SplineBasis::new(3, &table.time)),
        };
        let basis = basis.transpose().map_err(ExternalLoadsError::Spline)?;
        let mut built = Vec::with_capacity(loads.forces.len());
        for force in loads.forces.iter().filter(|force| !force.disabled) {
            let body = |field, name: &str| body_named(model, &force.name, field, name).map(&index);
            let components =
                |field, identifier: &str| components(table, &basis, &force.name, field, identifier);
            let load = Load {
                label: format!("{}_{}", force.applied_to_body.rsplit('/').next().unwrap_or(""), force.name),
                body: body("applied_to_body", &force.applied_to_body)?,
                force_in: body("force_expressed_in_body", &force.force_expressed_in_body)?,
                point_in: body("point_expressed_in_body", &force.point_expressed_in_body)?,
                force: components("force_identifier", &force.force_identifier)?,
                point: components("point_identifier", &force.point_identifier)?,
                torque: components("torque_identifier", &force.torque_identifier)?,
            };
            if load.force.is_none() && load.torque.is_none() {
                return Err(ExternalLoadsError::Nothing { force: force.name.clone() });
            }
            built.push(load);
        }
        Ok(Self { basis, measured: [first, last], loads: built })
    }

    /// First and last time of the table, s.
    pub fn measured(&self) -> [f64; 2] {
        self.measured
    }

    /// Names and units of the columns in which OpenSim reports the loads: force and torque in ground, and the point in
    /// the frame of the body that it acts on.
    pub fn columns(&self) -> Vec<(String, Unit)> {
        let mut columns = Vec::new();
        for load in &self.loads {
            let mut add = |letter: char, unit| {
                columns.extend(['x', 'y', 'z'].map(|axis| (format!("{}_{letter}{axis}", load.label), unit)));
            };
            if load.force.is_some() {
                add('F', Unit::Newton);
                if load.point.is_some() {
                    add('p', Unit::Metre);
                }
            }
            if load.torque.is_some() {
                add('T', Unit::NewtonMetre);
            }
        }
        columns
    }

    /// What three columns of the table say at a time.
    fn values(&self, time: f64) -> impl Fn(&Components) -> Vec3<f64> {
        let local = self.basis.as_ref().map(|basis| basis.at(time));
        move |components| {
            Vec3::from_array([0, 1, 2].map(|axis| match &local {
                Some(local) => local.derivative(0, &components[axis]),
                None => components[axis][0],
            }))
        }
    }

    /// Appends the values of [`ExternalLoads::columns`] at a time; `poses` are the bodies' in ground.
    pub fn report(&self, time: f64, poses: &[Pose<f64>], out: &mut Vec<f64>) {
        let at = self.values(time);
        for load in &self.loads {
            let axes = poses[load.force_in].rotation;
            if let Some(force) = &load.force {
                out.extend((axes * at(force)).to_array());
                if let Some(point) = &load.point {
                    let point = poses[load.point_in].point(at(point));
                    out.extend(poses[load.body].inverse_point(point).to_array());
                }
            }
            if let Some(torque) = &load.torque {
                out.extend((axes * at(torque)).to_array());
            }
        }
    }

    /// Adds the wrenches at a time to `out`, one a body; `poses` are the bodies' in ground.
    pub fn add_wrenches(&self, time: f64, poses: &[Pose<f64>], out: &mut [Wrench<f64>]) {
        let at = self.values(time);
        for load in &self.loads {
            let axes = poses[load.force_in].rotation;
            if let Some(force) = &load.force {
                let point = match &load.point {
                    Some(point) => poses[load.point_in].point(at(point)),
                    None => poses[load.body].position,
                };
                out[load.body] += Wrench::at(point, axes * at(force));
            }
            if let Some(torque) = &load.torque {
                out[load.body] += Wrench { force: Vec3::zero(), moment: axes * at(torque) };
            }
        }
    }
}

/// A body by name or by path; empty and `ground` are ground.
fn body_named(
    model: &Description,
    force: &str,
    field: &'static str,
    path: &str,
) -> Result<Base, ExternalLoadsError> {
    let name = path.trim().rsplit('/').next().unwrap_or("");
    if name == "ground" || name.is_empty() && field != "applied_to_body" {
        return Ok(Base::Ground);
    }
    model.bodies.iter().position(|body| body.name == name).map(Base::Body).ok_or_else(|| {
        let names = model.bodies.iter().map(|b| b.name.as_str()).chain(["ground"]);
        let (force, body) = (force.to_owned(), name.to_owned());
        ExternalLoadsError::Body { force, field, body, nearest: nearest(name, names) }
    })
}

/// The three columns whose names begin with an identifier.
fn components(
    table: &Table,
    basis: &Option<SplineBasis>,
    force: &str,
    field: &'static str,
    identifier: &str,
) -> Result<Option<Components>, ExternalLoadsError> {
    if identifier.is_empty() {
        return Ok(None);
    }
    let columns: Vec<_> = table.columns.iter().filter(|c| c.name.starts_with(identifier)).collect();
    let [x, y, z] = columns[..] else {
        return Err(ExternalLoadsError::Columns {
            force: force.to_owned(),
            field,
            identifier: identifier.to_owned(),
            found: columns.len(),
            nearest: nearest(identifier, table.columns.iter().map(|c| c.name.as_str())),
        });
    };
    let mut out = Components::default();
    for (coefficients, column) in out.iter_mut().zip([x, y, z]) {
        if let Some(row) = column.values.iter().position(|value| !value.is_finite()) {
            return Err(ExternalLoadsError::Gap {
                force: force.to_owned(),
                column: column.name.clone(),
                time: table.time[row],
            });
        }
        *coefficients = match basis {
            Some(basis) => basis.interpolate(&column.values).map_err(ExternalLoadsError::Spline)?,
            None => column.values.clone(),
        };
    }
    Ok(Some(out))
}
