//! Which column of a table is which coordinate, and its numbers in SI units.
//!
//! OpenSim names coordinates by their paths (`/jointset/knee_r/knee_angle_r/value`), old files by their names. A path
//! whose last name only one coordinate has is that coordinate's, whatever joint it says; where several share the name,
//! the joint must be theirs, and a bare name is refused.

use super::{MotionError, Written};
use guywire_osim::Description;
use guywire_osim::description::{CoordinateMotion, Joint};
use guywire_osim::table::{Column, Table, Unit};

/// An angle above this many rad in a table that does not state its unit is not in radians (assumed: two turns).
const NO_ANGLE_IN_RADIANS: f64 = 4.0 * core::f64::consts::PI;

/// What of a coordinate a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Quantity {
    Value,
    Speed,
}

/// The joint and the coordinate that a column names, if it can be one of this quantity.
fn names(column: &str, quantity: Quantity) -> Option<(Option<&str>, &str)> {
    let (path, old) = match quantity {
        Quantity::Value => (column.strip_suffix("/value"), Some(column)),
        Quantity::Speed => (column.strip_suffix("/speed"), column.strip_suffix("_u")),
    };
    match path {
        Some(path) => {
            let mut parts = path.rsplit('/');
            let name = parts.next().unwrap_or(path);
            Some((parts.next(), name))
        }
        None => old.map(|name| (None, name)),
    }
}

/// The name of the coordinate whose values a column may be.
pub(crate) fn coordinate_of(column: &str) -> &str {
    names(column, Quantity::Value).map_or(column, |(_, name)| name)
}

/// Paths of all coordinates of a name.
fn of_name(model: &Description, name: &str) -> Vec<String> {
    let all = model.joints.iter().flat_map(|joint| joint.coordinates.iter().map(move |c| (joint, c)));
    let own = all.filter(|(_, coordinate)| coordinate.name == name);
    own.map(|(joint, _)| format!("/jointset/{}/{name}", joint.name)).collect()
}

/// Whether a column is that of a coordinate of a joint.
pub(crate) fn is(
    column: &str,
    quantity: Quantity,
    model: &Description,
    joint: &Joint,
    coordinate: &str,
) -> bool {
    names(column, quantity).is_some_and(|(own, name)| {
        name == coordinate && (own == Some(joint.name.as_str()) || of_name(model, name).len() < 2)
    })
}

/// The column of a coordinate's values.
pub(super) fn value<'t>(
    table: &'t Table,
    model: &Description,
    joint: &Joint,
    coordinate: &str,
) -> Result<Option<&'t Column>, MotionError> {
    let bare = table.columns.iter().find(|c| names(&c.name, Quantity::Value) == Some((None, coordinate)));
    if let Some(column) = bare {
        let candidates = of_name(model, coordinate);
        if candidates.len() > 1 {
            return Err(MotionError::Ambiguous {
                column: column.name.clone(),
                candidates: candidates.join(" or "),
            });
        }
    }
    let mut named = table.columns.iter().filter(|c| is(&c.name, Quantity::Value, model, joint, coordinate));
    let first = named.next();
    match (first, named.next()) {
        (Some(first), Some(second)) => Err(MotionError::Twice {
            coordinate: coordinate.to_owned(),
            first: first.name.clone(),
            second: second.name.clone(),
        }),
        _ => Ok(first),
    }
}

/// Whether a column is a state (`activation`, `fiber_length`) of a muscle, by OpenSim's path or its old name.
pub(crate) fn is_state_of(column: &str, muscle: &str, state: &str) -> bool {
    let own = column.strip_suffix(state).and_then(|rest| rest.strip_suffix(['/', '.']));
    own.is_some_and(|path| path.rsplit('/').next() == Some(muscle))
}

/// The speeds that a table of states has; none if it has none.
pub(super) fn written(table: &Table, model: &Description) -> Result<Option<Written>, MotionError> {
    let mut speeds = Vec::new();
    for joint in &model.joints {
        for (index, coordinate) in joint.coordinates.iter().enumerate() {
            let column =
                table.columns.iter().find(|c| is(&c.name, Quantity::Speed, model, joint, &coordinate.name));
            let Some(column) = column else {
                speeds.push(None);
                continue;
            };
            if let Some(row) = column.values.iter().position(|value| !value.is_finite()) {
                return Err(MotionError::Gap { column: column.name.clone(), time: table.time[row] });
            }
            let degrees =
                joint.motion(index) == CoordinateMotion::Rotational && table.in_degrees == Some(true);
            let factor = if degrees { core::f64::consts::PI / 180.0 } else { 1.0 };
            speeds.push(Some(column.values.iter().map(|value| value * factor).collect()));
        }
    }
    Ok(speeds.iter().any(Option::is_some).then_some(Written { speeds, accelerations: vec![] }))
}

/// Factor from a column's unit to SI, after checking its numbers.
pub(super) fn to_si(table: &Table, column: &Column, motion: CoordinateMotion) -> Result<f64, MotionError> {
    let name = || column.name.clone();
    if let Some(row) = column.values.iter().position(|value| !value.is_finite()) {
        return Err(MotionError::Gap { column: name(), time: table.time[row] });
    }
    let degree = core::f64::consts::PI / 180.0;
    let wrong = || Err(MotionError::WrongUnit { column: name(), unit: column.unit });
    match (column.unit, motion) {
        (Unit::Radian | Unit::Degree, CoordinateMotion::Translational) => wrong(),
        (Unit::Metre | Unit::Millimetre, CoordinateMotion::Rotational) => wrong(),
        (Unit::Newton | Unit::NewtonMetre | Unit::RadianPerSecond, _) => wrong(),
        (Unit::Degree, _) => Ok(degree),
        (Unit::Millimetre, _) => Ok(1e-3),
        (Unit::Radian | Unit::Metre | Unit::One, _) => Ok(1.0),
        (Unit::Unstated, CoordinateMotion::Rotational) => match table.in_degrees {
            Some(true) => Ok(degree),
            Some(false) => Ok(1.0),
            None => match column.values.iter().position(|value| value.abs() > NO_ANGLE_IN_RADIANS) {
                Some(row) => Err(MotionError::UnstatedAngles {
                    column: name(),
                    value: column.values[row],
                    time: table.time[row],
                }),
                None => Ok(1.0),
            },
        },
        (Unit::Unstated, _) => Ok(1.0),
    }
}
