//! The immutable description of a musculoskeletal model: a tree of bodies, the joints and
//! coordinates that move them, and the coordinates that follow others.

use crate::joint::{Joint, Steps};
use guywire_math::{Function, Mat3, Pose, Vec3};
use std::ops::Range;

/// A rigid body.
#[derive(Clone, Debug)]
pub struct Body {
    /// Unique name.
    pub name: String,
    /// Mass in kg.
    pub mass: f64,
    /// Centre of mass in the body frame, m.
    pub center_of_mass: Vec3<f64>,
    /// Inertia about the centre of mass in body axes, kg·m².
    pub inertia: Mat3<f64>,
}

/// A scalar that moves joints.
#[derive(Clone, Debug)]
pub struct Coordinate {
    /// Unique name.
    pub name: String,
    /// Value when nothing else is said, rad or m.
    pub default: f64,
    /// Usual range, rad or m.
    pub range: Option<(f64, f64)>,
    /// A locked coordinate keeps its default value.
    pub locked: bool,
}

/// A coordinate that follows others: `dependent = function(Σ gain · source)`.
#[derive(Clone, Debug)]
pub struct Coupler {
    /// The coordinate that follows.
    pub dependent: usize,
    /// Sources and their gains; a source is not itself dependent.
    pub terms: Vec<(usize, f64)>,
    /// Of the weighted sum.
    pub function: Function,
}

/// Why a description is not a model.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ModelError {
    /// A body is the child of no joint or of several, or its parent stands after it.
    #[error(
        "joint `{joint}` breaks the tree: every body but ground is the child of one joint, after its parent"
    )]
    NotATree {
        /// The joint.
        joint: String,
    },
    /// A name that does not exist.
    #[error("`{owner}` names {what} {index}, which does not exist")]
    Missing {
        /// Who names it.
        owner: String,
        /// What is missing.
        what: &'static str,
        /// Its index.
        index: usize,
    },
    /// A coordinate follows one that follows another, or two couplers drive it.
    #[error(
        "coordinate `{name}` is driven by more than one coupler or by a coordinate that is itself driven"
    )]
    CoupledTwice {
        /// The coordinate.
        name: String,
    },
    /// A number that is not finite, or an axis of no length.
    #[error("`{owner}` has a number that is not finite or an axis without length")]
    NotFinite {
        /// Who has it.
        owner: String,
    },
}

/// Where a full coordinate takes its value from.
#[derive(Clone, Debug)]
pub(crate) enum Source {
    Free(usize),
    Locked,
    Coupled(usize),
}

/// A tree of bodies and its coordinates. Never changes after building.
///
/// *Coordinates* are all of them; *degrees of freedom* (the vector `q`) are those that are neither
/// locked nor driven by a coupler, in the same order.
#[derive(Clone, Debug)]
pub struct Model {
    pub(crate) bodies: Vec<Body>,
    pub(crate) joints: Vec<Joint>,
    pub(crate) coordinates: Vec<Coordinate>,
    pub(crate) couplers: Vec<Coupler>,
    pub(crate) sources: Vec<Source>,
    pub(crate) free: Vec<usize>,
    /// What joint `j` (the joint of body `j + 1`) does, ready to be computed.
    pub(crate) steps: Vec<Steps>,
    /// Slots of joint `j`: one for every coordinate of every driven axis, rotations first.
    pub(crate) slots: Vec<Range<usize>>,
    /// The coordinate behind each slot.
    pub(crate) slot_coordinate: Vec<usize>,
}

impl Model {
    /// Checks and completes a description. `bodies[0]` is ground; `joints[i]` carries `bodies[i + 1]`.
    ///
    /// # Errors
    /// When the description is not a tree or names something that does not exist.
    pub fn new(
        bodies: Vec<Body>,
        mut joints: Vec<Joint>,
        coordinates: Vec<Coordinate>,
        couplers: Vec<Coupler>,
    ) -> Result<Self, ModelError> {
        for body in &bodies {
            let inertia = body.inertia.rows.iter().flat_map(|r| r.to_array());
            let mut numbers = inertia.chain(body.center_of_mass.to_array()).chain([body.mass]);
            if !numbers.all(f64::is_finite) {
                return Err(ModelError::NotFinite { owner: body.name.clone() });
            }
        }
        if joints.len() + 1 != bodies.len() {
            let joint = joints.last().map_or_else(String::new, |j| j.name.clone());
            return Err(ModelError::NotATree { joint });
        }
        let (mut steps, mut slots, mut slot_coordinate) = (Vec::new(), Vec::new(), Vec::new());
        for (i, joint) in joints.iter_mut().enumerate() {
            if joint.child != i + 1 || joint.parent > i {
                return Err(ModelError::NotATree { joint: joint.name.clone() });
            }
            let first = slot_coordinate.len();
            for axis in joint.rotations.iter_mut().chain(&mut joint.translations) {
                let length = axis.direction.norm();
                if !(length > 0.0 && length.is_finite() && axis.law.is_sound()) {
                    return Err(ModelError::NotFinite { owner: joint.name.clone() });
                }
                axis.direction = axis.direction * (1.0 / length);
                for &index in axis.law.coordinates() {
                    if index >= coordinates.len() {
                        return Err(ModelError::Missing {
                            owner: joint.name.clone(),
                            what: "coordinate",
                            index,
                        });
                    }
                    slot_coordinate.push(index);
                }
            }
            slots.push(first..slot_coordinate.len());
            steps.push(Steps::of(joint, first));
        }
        let mut sources: Vec<Option<Source>> = vec![None; coordinates.len()];
        for (k, coupler) in couplers.iter().enumerate() {
            let owner = || coordinates.get(coupler.dependent).map_or_else(String::new, |c| c.name.clone());
            let indices = coupler.terms.iter().map(|t| t.0).chain([coupler.dependent]);
            if let Some(index) = indices.clone().find(|&i| i >= coordinates.len()) {
                return Err(ModelError::Missing { owner: owner(), what: "coordinate", index });
            }
            if sources[coupler.dependent].is_some() {
                return Err(ModelError::CoupledTwice { name: owner() });
            }
            sources[coupler.dependent] = Some(Source::Coupled(k));
        }
        for coupler in &couplers {
            if coupler.terms.iter().any(|&(i, _)| sources[i].is_some()) {
                return Err(ModelError::CoupledTwice { name: coordinates[coupler.dependent].name.clone() });
            }
        }
        let mut free = Vec::new();
        let sources = sources
            .into_iter()
            .zip(&coordinates)
            .enumerate()
            .map(|(i, (source, coordinate))| {
                source.unwrap_or_else(|| {
                    if coordinate.locked {
                        return Source::Locked;
                    }
                    free.push(i);
                    Source::Free(free.len() - 1)
                })
            })
            .collect();
        Ok(Self { bodies, joints, coordinates, couplers, sources, free, steps, slots, slot_coordinate })
    }

    /// Moves the joint frame of `body` on its parent by `turn` (in that frame): `X_PF ← X_PF · turn`.
    pub fn move_joint_frame(&mut self, body: usize, turn: Pose<f64>) {
        let joint = &mut self.joints[body - 1];
        joint.in_parent = joint.in_parent * turn;
        self.steps[body - 1] = Steps::of(joint, self.slots[body - 1].start);
    }

    /// The same model with the accelerations of its motion where it reproduces Simbody's; see
    /// [`Joint::mobilities`].
    pub fn with_true_accelerations(mut self) -> Self {
        for joint in &mut self.joints {
            joint.mobilities.clear();
        }
        for steps in &mut self.steps {
            steps.departure = None;
            steps.slides.iter_mut().chain(&mut steps.turns).for_each(|step| step.departs = false);
        }
        self
    }

    /// Names of the joints whose accelerations are Simbody's and not those of their motion.
    pub fn departing_joints(&self) -> impl Iterator<Item = &str> {
        let departs = |(_, steps): &(&Joint, &Steps)| {
            steps.departure.is_some() || steps.slides.iter().chain(&steps.turns).any(|step| step.departs)
        };
        self.joints.iter().zip(&self.steps).filter(departs).map(|(joint, _)| joint.name.as_str())
    }

    /// Number of degrees of freedom: the length of `q`.
    pub fn dof(&self) -> usize {
        self.free.len()
    }
    /// Index in [`Model::coordinates`] of degree of freedom `i`.
    pub fn coordinate_of_degree(&self, i: usize) -> usize {
        self.free[i]
    }
    /// All bodies, ground first.
    pub fn bodies(&self) -> &[Body] {
        &self.bodies
    }
    /// All joints; joint `i` carries body `i + 1`.
    pub fn joints(&self) -> &[Joint] {
        &self.joints
    }
    /// All couplers.
    pub fn couplers(&self) -> &[Coupler] {
        &self.couplers
    }
    /// All coordinates.
    pub fn coordinates(&self) -> &[Coordinate] {
        &self.coordinates
    }
    /// Index of a body by name.
    pub fn body(&self, name: &str) -> Option<usize> {
        self.bodies.iter().position(|b| b.name == name)
    }
    /// Index in `q` of a coordinate by name; none if locked, driven or unknown.
    pub fn degree(&self, coordinate: &str) -> Option<usize> {
        self.free.iter().position(|&c| self.coordinates[c].name == coordinate)
    }
    /// The coordinate behind degree of freedom `i`.
    pub fn degree_coordinate(&self, i: usize) -> &Coordinate {
        &self.coordinates[self.free[i]]
    }
    /// Whether degree of freedom `i` turns (its generalised force is a moment) or slides.
    pub fn degree_turns(&self, i: usize) -> bool {
        let coordinate = self.free[i];
        let turns = |j: &Joint| j.rotations.iter().any(|a| a.law.coordinates().contains(&coordinate));
        self.joints.iter().any(turns)
    }
    /// Default pose.
    pub fn default_pose(&self) -> Vec<f64> {
        self.free.iter().map(|&c| self.coordinates[c].default).collect()
    }
    /// Total mass in kg.
    pub fn mass(&self) -> f64 {
        self.bodies.iter().map(|b| b.mass).sum()
    }
    /// Whether `body` is `ancestor` or hangs on it.
    pub fn is_in_subtree(&self, mut body: usize, ancestor: usize) -> bool {
        while body > ancestor {
            body = self.joints[body - 1].parent;
        }
        body == ancestor
    }
}
