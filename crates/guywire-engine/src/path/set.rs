//! Many paths prepared for a model: which joints each crosses is known once and for all.

use super::Path;
use crate::{Kinematics, Model};
use guywire_math::{Real, Vec3};
use std::collections::BTreeMap;
use std::ops::Range;

/// Paths prepared for a model.
#[derive(Clone, Debug)]
pub struct PathSet {
    pub(super) paths: Vec<Path>,
    pub(super) plans: Vec<Plan>,
    /// Points of the plain paths.
    pub(super) stations: Vec<Station>,
    pub(super) spans: Vec<Span>,
    pub(super) crossings: Vec<Crossing>,
    /// How many motions of joints there are, and which each slot and term of every joint adds to.
    pub(super) motions: usize,
    pub(super) motion_of: Vec<u32>,
    rows: Vec<Range<usize>>,
    columns: Vec<usize>,
}

/// How the line of a path is found.
#[derive(Clone, Debug)]
pub(super) enum Plan {
    /// Through points that are always there and never move: parts within a body have a constant length.
    Plain { constant: f64, spans: Range<usize> },
    /// Anything else that has a line.
    Routed(Box<Routed>),
    /// By functions of coordinates: for every degree of every coordinate, its place in the row.
    Functions(Vec<usize>),
}

/// What the evaluation of a path with surfaces, conditional or moving points needs.
#[derive(Clone, Debug)]
pub(super) struct Routed {
    /// The path's bodies.
    pub bodies: Vec<usize>,
    /// Which of them each point and wrap belongs to.
    pub local: Vec<usize>,
    /// For every ordered pair of them, the joints between.
    pub between: Vec<Range<usize>>,
    /// For every term of every component of every moving point, the place of its degree in the row.
    pub moved: Vec<usize>,
}

/// A point on a body.
#[derive(Clone, Copy, Debug)]
pub(super) struct Station {
    pub body: u32,
    pub position: Vec3<f64>,
}

/// A straight part between two bodies, from a station to the next.
#[derive(Clone, Debug)]
pub(super) struct Span {
    pub station: u32,
    pub crossings: Range<u32>,
}

/// A motion of a joint between two bodies.
#[derive(Clone, Copy, Debug)]
pub(super) struct Crossing {
    /// Which motion.
    pub motion: u32,
    /// Which moment arm it adds to.
    pub target: u32,
    /// 1 if the joint moves the body at the start, −1 if that at the end.
    pub sign: f64,
}

/// A path that a [`PathSet`] cannot hold.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("path {index} {problem}")]
pub struct PathError {
    /// Which path.
    pub index: usize,
    /// What is wrong with it.
    pub problem: PathProblem,
}

/// What is wrong with a path.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum PathProblem {
    /// A line needs two points. Conditions may leave fewer at a pose; its length is then zero, as in OpenSim.
    #[error("has fewer than two points")]
    TooShort,
    /// A wrap that names points the path does not have.
    #[error("has a wrap over `{surface}` from point {first} to {last}, but points 0 to {points}")]
    Range {
        /// The surface.
        surface: String,
        /// First point.
        first: usize,
        /// Last point.
        last: usize,
        /// Index of the last point.
        points: usize,
    },
    /// A surface with a size that is not positive, or a tube thicker than its ring.
    #[error("wraps over `{surface}`, whose sizes do not make a surface")]
    Shape {
        /// The surface.
        surface: String,
    },
    /// A number that is not finite, or a function whose variables are not its coordinates.
    #[error("has a point or a function that is not finite")]
    NotFinite,
    /// A body or coordinate that the model does not have.
    #[error("names {what} {index}, which the model does not have")]
    Missing {
        /// What is missing.
        what: &'static str,
        /// Its index.
        index: usize,
    },
}

impl PathSet {
    /// Prepares paths for a model.
    ///
    /// # Errors
    /// When a path has fewer than two points, or names what is not there, or is not finite.
    pub fn new(model: &Model, paths: Vec<Path>) -> Result<Self, PathError> {
        let zero = Kinematics::<f64>::new(model);
        let joints = Joints::new(model, &zero);
        let mut set = Self {
            plans: Vec::new(),
            stations: Vec::new(),
            spans: Vec::new(),
            crossings: Vec::new(),
            motions: joints.count,
            motion_of: joints.motion_of.clone(),
            rows: Vec::new(),
            columns: Vec::new(),
            paths,
        };
        for index in 0..set.paths.len() {
            check(model, &set.paths[index]).map_err(|problem| PathError { index, problem })?;
            set.prepare(model, &zero, &joints, index);
        }
        Ok(set)
    }

    fn prepare(&mut self, model: &Model, zero: &Kinematics<f64>, joints: &Joints, index: usize) {
        let path = &self.paths[index];
        if let Some(functions) = &path.by_coordinates {
            let mut degrees = Vec::new();
            for coordinate in functions.coordinates() {
                zero.to_degrees(model, coordinate, |degree, _| degrees.push(degree));
            }
            let mut columns = degrees.clone();
            columns.sort_unstable();
            columns.dedup();
            let start = self.columns.len();
            let place = |degree: usize| start + columns.partition_point(|&c| c < degree);
            self.plans.push(Plan::Functions(degrees.into_iter().map(place).collect()));
            self.columns.extend(columns);
            self.rows.push(start..self.columns.len());
            return;
        }
        let mut bodies: Vec<usize> = Vec::new();
        let mut local = Vec::new();
        for body in path.points.iter().map(|p| p.body).chain(path.wraps.iter().map(|w| w.surface.body)) {
            let known = bodies.iter().position(|&b| b == body);
            local.push(known.unwrap_or(bodies.len()));
            if known.is_none() {
                bodies.push(body);
            }
        }
        let moved: Vec<usize> = path
            .points
            .iter()
            .flat_map(|p| &p.motion)
            .flat_map(|c| {
                let mut degrees = Vec::new();
                zero.to_degrees(model, c.coordinate, |degree, _| degrees.push(degree));
                degrees
            })
            .collect();
        // Columns in ascending order, so that sums over them do not depend on the order of the joints.
        let mut columns = moved.clone();
        for pair in bodies.windows(2) {
            columns.extend(joints.between(model, pair[0], pair[1]).map(|(motion, _)| joints.degree[motion]));
        }
        columns.sort_unstable();
        columns.dedup();
        let start = self.columns.len();
        let place = |degree: usize| start + columns.partition_point(|&c| c < degree);
        let crossings = |a: usize, b: usize, list: &mut Vec<Crossing>| {
            let first = list.len();
            list.extend(joints.between(model, a, b).map(|(motion, sign)| Crossing {
                motion: motion as u32,
                target: place(joints.degree[motion]) as u32,
                sign,
            }));
            first..list.len()
        };
        if path.wraps.is_empty() && path.points.iter().all(super::PathPoint::is_plain) {
            let (mut constant, first) = (0.0, self.spans.len());
            for pair in path.points.windows(2) {
                let (a, b) = (&pair[0], &pair[1]);
                if a.body == b.body {
                    constant += (b.position - a.position).norm();
                    continue;
                }
                let range = crossings(a.body, b.body, &mut self.crossings);
                let station = self.stations.len() as u32;
                self.stations.extend([a, b].map(|p| Station { body: p.body as u32, position: p.position }));
                self.spans.push(Span { station, crossings: range.start as u32..range.end as u32 });
            }
            self.plans.push(Plan::Plain { constant, spans: first..self.spans.len() });
        } else {
            let mut between = Vec::new();
            for &a in &bodies {
                for &b in &bodies {
                    between.push(crossings(a, b, &mut self.crossings));
                }
            }
            let moved = moved.into_iter().map(place).collect();
            self.plans.push(Plan::Routed(Box::new(Routed { bodies, local, between, moved })));
        }
        self.columns.extend(columns);
        self.rows.push(start..self.columns.len());
    }

    /// Number of paths.
    pub fn len(&self) -> usize {
        self.paths.len()
    }
    /// Whether there is no path.
    pub fn is_empty(&self) -> bool {
        self.paths.is_empty()
    }
    /// The paths.
    pub fn paths(&self) -> &[Path] {
        &self.paths
    }
    /// Where path `m`'s moment arms stand in [`MomentArms::values`](super::MomentArms::values).
    pub fn row(&self, m: usize) -> Range<usize> {
        self.rows[m].clone()
    }
    /// The degree of freedom of every moment arm.
    pub fn columns(&self) -> &[usize] {
        &self.columns
    }
}

fn check(model: &Model, path: &Path) -> Result<(), PathProblem> {
    if let Some(functions) = &path.by_coordinates {
        let beyond = functions.names().find(|&index| index >= model.coordinates().len());
        return match beyond {
            Some(index) => Err(PathProblem::Missing { what: "coordinate", index }),
            None if functions.is_sound() => Ok(()),
            None => Err(PathProblem::NotFinite),
        };
    }
    if path.points.len() < 2 {
        return Err(PathProblem::TooShort);
    }
    let points = path.points.len() - 1;
    for w in &path.wraps {
        let surface = || w.surface.name.clone();
        if w.first > w.last || w.last > points {
            return Err(PathProblem::Range { surface: surface(), first: w.first, last: w.last, points });
        }
        let finite = w.surface.frame.position.to_array().into_iter().all(f64::is_finite)
            && w.surface.frame.rotation.rows.iter().all(|r| r.to_array().into_iter().all(f64::is_finite));
        if !w.surface.shape.is_sound() || !finite {
            return Err(PathProblem::Shape { surface: surface() });
        }
    }
    let bodies = path.points.iter().map(|p| p.body).chain(path.wraps.iter().map(|w| w.surface.body));
    if let Some(index) = bodies.max().filter(|&b| b >= model.bodies().len()) {
        return Err(PathProblem::Missing { what: "body", index });
    }
    let coordinates = path
        .points
        .iter()
        .flat_map(|p| p.motion.iter().map(|c| c.coordinate).chain(p.presence.iter().map(|c| c.coordinate)));
    if let Some(index) = coordinates.max().filter(|&c| c >= model.coordinates().len()) {
        return Err(PathProblem::Missing { what: "coordinate", index });
    }
    if !path.points.iter().all(|p| p.position.to_array().into_iter().all(f64::is_finite)) {
        return Err(PathProblem::NotFinite);
    }
    Ok(())
}

/// The motions of all joints: one for every joint and degree of freedom that moves it.
struct Joints {
    count: usize,
    motion_of: Vec<u32>,
    /// Degree of freedom of every motion.
    degree: Vec<usize>,
    /// Motions of every joint.
    of_joint: Vec<Range<usize>>,
}

impl Joints {
    fn new(model: &Model, zero: &Kinematics<f64>) -> Self {
        let (mut degree, mut motion_of, mut of_joint) = (Vec::new(), Vec::new(), Vec::new());
        for slots in &model.slots {
            let start = degree.len();
            let mut known: BTreeMap<usize, usize> = BTreeMap::new();
            for slot in slots.clone() {
                zero.to_degrees(model, model.slot_coordinate[slot], |d, _| {
                    let motion = *known.entry(d).or_insert_with(|| {
                        degree.push(d);
                        degree.len() - 1
                    });
                    motion_of.push(motion as u32);
                });
            }
            of_joint.push(start..degree.len());
        }
        Self { count: degree.len(), motion_of, degree, of_joint }
    }

    /// The motions between two bodies, with the sign of [`Crossing`].
    fn between<'a>(
        &'a self,
        model: &'a Model,
        mut a: usize,
        mut b: usize,
    ) -> impl Iterator<Item = (usize, f64)> + 'a {
        // A parent stands before its child: the later of the two bodies steps up until they meet.
        let mut list = Vec::new();
        while a != b {
            let (body, sign) = if a > b { (&mut a, 1.0) } else { (&mut b, -1.0) };
            list.extend(self.of_joint[*body - 1].clone().map(|motion| (motion, sign)));
            *body = model.joints()[*body - 1].parent;
        }
        list.into_iter()
    }
}

impl PathSet {
    /// Fills the motions of all joints at a pose.
    pub(super) fn fill_motions<T: Real>(
        &self,
        model: &Model,
        kinematics: &Kinematics<T>,
        motions: &mut [crate::kinematics::Motion<T>],
    ) {
        motions.fill(crate::kinematics::Motion::zero());
        let mut term = 0;
        for slots in &model.slots {
            for slot in slots.clone() {
                kinematics.to_degrees(model, model.slot_coordinate[slot], |_, gain| {
                    let motion = &mut motions[self.motion_of[term] as usize];
                    *motion = motion.plus(&kinematics.slots[slot].scaled(gain));
                    term += 1;
                });
            }
        }
    }
}
