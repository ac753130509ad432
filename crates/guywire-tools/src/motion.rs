//! Coordinates over time as smooth functions, the way OpenSim's tools make them from a table: padded and filtered if
//! asked, then interpolated by natural splines of degree 5, whose first and second derivatives are the rates and
//! accelerations.
//!
//! Angles are rad from here on. A rotational coordinate's column is in degrees or radians as the table says; a
//! table that does not say is taken in radians, as OpenSim does, unless an angle is so large that it cannot be.

mod columns;

pub(crate) use columns::{Quantity, coordinate_of, is as is_column_of, is_state_of};

use crate::error::{ToolError, nearest_suffix};
use columns::{to_si, written};
use guywire_math::signal::{index_at, pad_and_low_pass};
use guywire_math::{GcvError, SplineBasis};
use guywire_osim::Description;
use guywire_osim::table::{Table, Unit};

/// Why a table does not give a motion.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum MotionError {
    /// No column is a coordinate of the model.
    #[error("no column is a coordinate of the model (such as `{example}`){}", nearest_suffix(.nearest))]
    NoCoordinate {
        /// A coordinate that could be there.
        example: String,
        /// A column whose name is close to it.
        nearest: Option<String>,
    },
    /// Two columns are the same coordinate.
    #[error("columns `{first}` and `{second}` are both the coordinate `{coordinate}`")]
    Twice {
        /// The coordinate.
        coordinate: String,
        /// A column.
        first: String,
        /// Another.
        second: String,
    },
    /// A name that several coordinates share.
    #[error("column `{column}` may be {candidates}; expected a column named by its path and `/value`")]
    Ambiguous {
        /// The column.
        column: String,
        /// Paths of the coordinates.
        candidates: String,
    },
    /// A gap in a coordinate's column.
    #[error("column `{column}` has no number at {time} s; fill the gap first")]
    Gap {
        /// The column.
        column: String,
        /// s.
        time: f64,
    },
    /// Angles of unknown unit that cannot be radians.
    #[error(
        "the table does not say whether angles are in degrees or radians (`inDegrees=yes` or `no`), \
         and `{column}` is {value} at {time} s, which is no angle in radians"
    )]
    UnstatedAngles {
        /// The column.
        column: String,
        /// Its value.
        value: f64,
        /// s.
        time: f64,
    },
    /// A unit that the coordinate cannot have.
    #[error("column `{column}` is in {unit:?}, which is no unit of that coordinate")]
    WrongUnit {
        /// The column.
        column: String,
        /// Its unit.
        unit: Unit,
    },
    /// A cut-off frequency that filters nothing or everything.
    #[error("the cut-off frequency is {hz} Hz; expected a number above zero")]
    Cutoff {
        /// Hz.
        hz: f64,
    },
    /// No row.
    #[error("the table has no rows")]
    Empty,
    /// Times that make no spline.
    #[error("the times of the table make no spline: {0}")]
    Spline(GcvError),
}

/// Where a coordinate takes its value from.
#[derive(Clone, Debug)]
enum Source {
    /// Coefficients in the basis.
    Spline(Vec<f64>),
    /// Always the same.
    Constant(f64),
    /// Values at the rows of the table, constant from each to the next.
    Rows(Vec<f64>),
}

/// Speeds and accelerations that a table of states has, row by row.
#[derive(Clone, Debug, Default)]
struct Written {
    /// Of every coordinate, its speeds as OpenSim counts them.
    speeds: Vec<Option<Vec<f64>>>,
    /// Of every coordinate, its second derivatives.
    accelerations: Vec<Option<Vec<f64>>>,
}

/// All coordinates of a model over time.
#[derive(Clone, Debug)]
pub struct Motion {
    /// None for a single frame.
    basis: Option<SplineBasis>,
    time: Vec<f64>,
    measured: [f64; 2],
    sources: Vec<Source>,
    /// None where the table was filtered or has no speeds.
    written: Option<Written>,
    notes: Vec<String>,
}

impl Motion {
    /// From a table with columns named by coordinate, or by OpenSim's state paths (`/jointset/…/value`). Other
    /// columns are passed over; coordinates without a column keep their default value (see [`Motion::notes`]).
    ///
    /// `lowpass_hz` filters as OpenSim's tools do; see [`pad_and_low_pass`].
    ///
    /// # Errors
    /// When columns cannot be used.
    pub fn from_table(
        table: &Table,
        model: &Description,
        lowpass_hz: Option<f64>,
    ) -> Result<Self, MotionError> {
        let (Some(&first), Some(&last)) = (table.time.first(), table.time.last()) else {
            return Err(MotionError::Empty);
        };
        let mut notes = Vec::new();
        let mut given: Vec<Vec<f64>> = Vec::new();
        // For each coordinate the index in `given`, or its default.
        let mut places: Vec<Result<usize, f64>> = Vec::new();
        let mut missing = Vec::new();
        for joint in &model.joints {
            for (index, coordinate) in joint.coordinates.iter().enumerate() {
                let Some(column) = columns::value(table, model, joint, &coordinate.name)? else {
                    places.push(Err(coordinate.default_value));
                    missing.push(coordinate.name.as_str());
                    continue;
                };
                let factor = to_si(table, column, joint.motion(index))?;
                places.push(Ok(given.len()));
                given.push(column.values.iter().map(|value| value * factor).collect());
            }
        }
        if given.is_empty() {
            let example = missing.first().copied().unwrap_or("").to_owned();
            let names = table.columns.iter().map(|c| c.name.as_str());
            return Err(MotionError::NoCoordinate {
                nearest: crate::error::nearest(&example, names),
                example,
            });
        }
        if !missing.is_empty() {
            notes.push(format!("not in the table, kept at their defaults: {}", missing.join(", ")));
        }
        if table.in_degrees.is_none() {
            notes.push(
                "the table does not say whether angles are in degrees or radians: taken in radians".into(),
            );
        }
        let mut time = table.time.clone();
        if let Some(hz) = lowpass_hz {
            if !(hz > 0.0 && hz.is_finite()) {
                return Err(MotionError::Cutoff { hz });
            }
            (time, given) = pad_and_low_pass(&time, &given, hz).map_err(MotionError::Spline)?;
        }
        let degree = match time.len() {
            1 => None,
            2..4 => Some(1),
            4..6 => Some(3),
            _ => Some(5),
        };
        if degree != Some(5) {
            notes.push(format!(
                "only {} rows: a spline of degree {} joins them",
                time.len(),
                degree.unwrap_or(0)
            ));
        }
        let basis = degree.map(|d| SplineBasis::new(d, &time)).transpose().map_err(MotionError::Spline)?;
        let sources = places
            .into_iter()
            .map(|place| match (place, &basis) {
                (Err(default), _) => Ok(Source::Constant(default)),
                (Ok(index), Some(basis)) => basis.interpolate(&given[index]).map(Source::Spline),
                (Ok(index), None) => Ok(Source::Constant(given[index][0])),
            })
            .collect::<Result<_, _>>()
            .map_err(MotionError::Spline)?;
        let written = if lowpass_hz.is_none() { written(table, model)? } else { None };
        Ok(Self { basis, time, measured: [first, last], sources, written, notes })
    }

    /// The rows of a forward simulation as they are: no spline goes through them. `states` has a column of every value
    /// and speed, in SI units; `accelerations` those of every coordinate of the model, row by row.
    ///
    /// # Errors
    /// When there are no rows, a coordinate has no column or a number is missing.
    pub fn from_states(
        states: &Table,
        model: &Description,
        accelerations: &[f64],
    ) -> Result<Self, MotionError> {
        let (Some(&first), Some(&last)) = (states.time.first(), states.time.last()) else {
            return Err(MotionError::Empty);
        };
        let mut sources = Vec::new();
        for joint in &model.joints {
            for coordinate in &joint.coordinates {
                sources.push(match columns::value(states, model, joint, &coordinate.name)? {
                    Some(column) => Source::Rows(column.values.clone()),
                    None => Source::Constant(coordinate.default_value),
                });
            }
        }
        let mut written = written(states, model)?.unwrap_or_default();
        let (width, rows) = (sources.len().max(1), states.time.len());
        if accelerations.len() == width * rows {
            let of = |k: usize| Some(accelerations.iter().skip(k).step_by(width).copied().collect());
            written.accelerations = (0..sources.len()).map(of).collect();
        }
        let (time, notes) = (states.time.clone(), vec![]);
        Ok(Self { basis: None, time, measured: [first, last], sources, written: Some(written), notes })
    }

    /// Whether the table has speeds of its own.
    pub(crate) fn has_written_rates(&self) -> bool {
        self.written.is_some()
    }

    /// Replaces speeds (as OpenSim counts them) and accelerations by what the table has of them at the row of a frame.
    pub(crate) fn written_rates(&self, time: f64, speeds: &mut [f64], qdd: &mut [f64]) {
        let Some(written) = &self.written else { return };
        let row = index_at(&self.time, time);
        for (columns, to) in [(&written.speeds, speeds), (&written.accelerations, qdd)] {
            for (column, to) in columns.iter().zip(to) {
                if let Some(value) = column.as_ref().and_then(|values| values.get(row)) {
                    *to = *value;
                }
            }
        }
    }

    /// Number of coordinates.
    pub fn len(&self) -> usize {
        self.sources.len()
    }

    /// Whether the model has no coordinates.
    pub fn is_empty(&self) -> bool {
        self.sources.is_empty()
    }

    /// Times of the frames, s; after filtering they are even and reach beyond what was measured.
    pub fn time(&self) -> &[f64] {
        &self.time
    }

    /// First and last time of the table, s.
    pub fn measured(&self) -> [f64; 2] {
        self.measured
    }

    /// The frames that OpenSim's inverse dynamics reports for a window: from the last frame at or before its start
    /// to the last at or before its end, the window cut to what was measured.
    ///
    /// # Errors
    /// When no frame lies in the window.
    pub fn frames(&self, window: [f64; 2]) -> Result<&[f64], ToolError> {
        Ok(&self.time[self.frame_range(window)?])
    }

    /// Indices of [`Motion::frames`] in [`Motion::time`].
    pub(crate) fn frame_range(&self, window: [f64; 2]) -> Result<std::ops::RangeInclusive<usize>, ToolError> {
        let [first, last] = self.measured;
        let (start, end) = (window[0].max(first), window[1].min(last));
        if start > end {
            let [start, end] = window;
            return Err(ToolError::EmptyWindow { start, end, first, last });
        }
        Ok(index_at(&self.time, start)..=index_at(&self.time, end))
    }

    /// Values, rates and accelerations of all coordinates at a time, in the order of the model's joints, which is
    /// the order of `Built::tree`; entries beyond [`Motion::len`] (joints that the file does not have) become zero.
    pub fn at(&self, time: f64, q: &mut [f64], qd: &mut [f64], qdd: &mut [f64]) {
        for all in [&mut *q, &mut *qd, &mut *qdd] {
            all.iter_mut().skip(self.sources.len()).for_each(|value| *value = 0.0);
        }
        let local = self.basis.as_ref().map(|basis| basis.at(time));
        for (((source, q), qd), qdd) in self.sources.iter().zip(q).zip(qd).zip(qdd) {
            (*q, *qd, *qdd) = match (source, &local) {
                (Source::Spline(c), Some(local)) => {
                    (local.derivative(0, c), local.derivative(1, c), local.derivative(2, c))
                }
                (Source::Constant(value), _) => (*value, 0.0, 0.0),
                (Source::Rows(values), _) => (values[index_at(&self.time, time)], 0.0, 0.0),
                // A spline is only made with a basis.
                (Source::Spline(_), None) => (f64::NAN, f64::NAN, f64::NAN),
            };
        }
    }

    /// What was decided that the table does not say.
    pub fn notes(&self) -> &[String] {
        &self.notes
    }
}
