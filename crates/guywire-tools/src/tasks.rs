//! What inverse kinematics is to follow: OpenSim's `IKTaskSet`.

use crate::error::nearest;
use crate::ik::IkError;
use crate::motion::{Motion, coordinate_of};
use crate::setup::{SetupError, SetupObject};
use guywire_engine::markers::{CoordinateTarget, FitSettings, MarkerFit, MarkerPoint};
use guywire_osim::Description;
use guywire_osim::build::Built;
use guywire_osim::table::Table;

/// A marker to follow (`IKMarkerTask`).
#[derive(Clone, Debug, PartialEq)]
pub struct MarkerTask {
    /// Name of the marker, in the model and in the file.
    pub name: String,
    /// Whether it is followed.
    pub apply: bool,
    /// Weight.
    pub weight: f64,
}

/// Where the wanted value of a coordinate comes from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum WantedValue {
    /// The coordinate's default value.
    Default,
    /// This value, rad or m.
    Manual(f64),
    /// The column of its name in the coordinate file.
    FromFile,
}

/// A coordinate to keep near a value (`IKCoordinateTask`).
#[derive(Clone, Debug, PartialEq)]
pub struct CoordinateTask {
    /// Name of the coordinate.
    pub name: String,
    /// Whether it is kept.
    pub apply: bool,
    /// Weight.
    pub weight: f64,
    /// The value.
    pub value: WantedValue,
}

/// All tasks.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct IkTasks {
    /// Markers. Without any, every marker that model and file share is followed with weight 1, as in OpenSim.
    pub markers: Vec<MarkerTask>,
    /// Coordinates.
    pub coordinates: Vec<CoordinateTask>,
}

impl IkTasks {
    /// Tasks of an `IKTaskSet`.
    ///
    /// # Errors
    /// When a property cannot be understood.
    pub fn from_set(set: &SetupObject<'_>) -> Result<Self, SetupError> {
        let mut tasks = Self::default();
        for task in set.members() {
            let (name, apply) = (task.name().to_owned(), task.flag("apply", true)?);
            let weight = task.number("weight", 0.0)?;
            if !(weight >= 0.0 && weight.is_finite()) {
                return Err(task.error("weight", "a weight that is not negative"));
            }
            match task.class() {
                "IKMarkerTask" => tasks.markers.push(MarkerTask { name, apply, weight }),
                "IKCoordinateTask" => {
                    let value = match task.text("value_type").unwrap_or("default_value") {
                        kind if kind.eq_ignore_ascii_case("default_value") => WantedValue::Default,
                        kind if kind.eq_ignore_ascii_case("manual_value") => {
                            WantedValue::Manual(task.number("value", 0.0)?)
                        }
                        kind if kind.eq_ignore_ascii_case("from_file") => WantedValue::FromFile,
                        _ => return Err(task.error("value_type", "default_value, manual_value or from_file")),
                    };
                    tasks.coordinates.push(CoordinateTask { name, apply, weight, value });
                }
                _ => {}
            }
        }
        Ok(tasks)
    }
}

/// A coordinate target's value over time.
#[derive(Clone, Copy, Debug)]
enum Wanted {
    Constant(f64),
    /// The coordinate of this index in the file's motion.
    FromFile(usize),
}

/// A fit set up for tasks, a model and the markers of a file.
#[derive(Debug)]
pub(crate) struct Follower<'m> {
    pub(crate) fit: MarkerFit<'m>,
    /// Names of the markers followed, in the order of the file.
    pub(crate) names: Vec<String>,
    /// Where they stand in a frame of the file.
    pub(crate) columns: Vec<usize>,
    wanted: Vec<Wanted>,
    /// The coordinate file, if a task takes values from it.
    motion: Option<Motion>,
    pose: Vec<f64>,
}

impl<'m> Follower<'m> {
    /// Bounds clamped coordinates, as OpenSim does; holds locked ones; a locked coordinate, and one that
    /// `is_free_to_satisfy_constraints`, is no target.
    pub(crate) fn new(
        description: &Description,
        built: &'m Built,
        tasks: &IkTasks,
        file_markers: &[String],
        coordinates: Option<&Table>,
    ) -> Result<Self, IkError> {
        let (mut names, mut columns, mut points) = (Vec::new(), Vec::new(), Vec::new());
        let followed: Vec<&MarkerTask> = tasks.markers.iter().filter(|t| t.apply).collect();
        for (column, name) in file_markers.iter().enumerate() {
            let weight = match followed.iter().find(|t| t.name == *name) {
                Some(task) => task.weight,
                None if followed.is_empty() => 1.0,
                None => continue,
            };
            let Some(marker) = built.markers.iter().find(|m| m.name == *name) else { continue };
            if names.contains(name) {
                continue;
            }
            names.push(name.clone());
            columns.push(column);
            points.push(MarkerPoint { body: marker.body, position: marker.position, weight });
        }
        if points.is_empty() {
            return Err(IkError::NoMarkers {
                tasks: followed.len(),
                model: built.markers.len(),
                file: file_markers.len(),
            });
        }
        let (mut targets, mut wanted, mut motion) = (Vec::new(), Vec::new(), None);
        for task in tasks.coordinates.iter().filter(|t| t.apply) {
            let unknown = || IkError::UnknownCoordinate {
                name: task.name.clone(),
                nearest: nearest(&task.name, built.index.coordinate_names().iter().map(String::as_str)),
            };
            let index = built.index.coordinate(&task.name).ok_or_else(unknown)?;
            let joints = description.joints.iter().flat_map(|j| &j.coordinates);
            let coordinate = joints.into_iter().find(|c| c.name == task.name).ok_or_else(unknown)?;
            if coordinate.locked || coordinate.is_free_to_satisfy_constraints {
                continue;
            }
            wanted.push(match task.value {
                WantedValue::Default => Wanted::Constant(coordinate.default_value),
                WantedValue::Manual(value) => Wanted::Constant(value),
                WantedValue::FromFile => {
                    let has = |t: &&Table| t.columns.iter().any(|c| coordinate_of(&c.name) == task.name);
                    let missing = || IkError::NoColumn { name: task.name.clone() };
                    let table = coordinates.filter(has).ok_or_else(missing)?;
                    if motion.is_none() {
                        motion = Some(Motion::from_table(table, description, None)?);
                    }
                    Wanted::FromFile(index)
                }
            });
            targets.push(CoordinateTarget { coordinate: index, weight: task.weight });
        }
        let mut fit = MarkerFit::new(&built.reduced, points, targets, FitSettings::default())?;
        fit.set_constraints(built.reduced_constraints.clone());
        for coordinate in description.joints.iter().flat_map(|j| &j.coordinates) {
            if coordinate.clamped
                && !coordinate.locked
                && let Some(index) = built.index.coordinate(&coordinate.name)
            {
                let [lower, upper] = coordinate.range;
                fit.bound_coordinate(index, lower, upper).map_err(|_| IkError::EmptyRange {
                    name: coordinate.name.clone(),
                    lower,
                    upper,
                })?;
            }
        }
        let pose = vec![0.0; 3 * built.tree.dof()];
        Ok(Self { fit, names, columns, wanted, motion, pose })
    }

    /// Wanted values of the coordinate targets at a time.
    pub(crate) fn wanted(&mut self, time: f64, out: &mut Vec<f64>) {
        let n = self.pose.len() / 3;
        let (q, rates) = self.pose.split_at_mut(n);
        if let Some(motion) = &self.motion {
            let (qd, qdd) = rates.split_at_mut(n);
            motion.at(time, q, qd, qdd);
        }
        out.clear();
        out.extend(self.wanted.iter().map(|w| match w {
            Wanted::Constant(value) => *value,
            Wanted::FromFile(index) => q[*index],
        }));
    }
}
