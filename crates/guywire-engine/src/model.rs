//! The immutable description of a musculoskeletal model: a tree of bodies, the joints and
//! coordinates that move them, and the coordinates that follow others.
//!
//! A joint carries frame `M` of its child relative to frame `F` of its parent:
//!
//! ```text
//! X_GB = X_GP · X_PF · X_FM(q) · X_BM⁻¹
//! X_FM = (R(a₁, f₁) R(a₂, f₂) R(a₃, f₃),  Σ bₖ gₖ)
//! ```
//!
//! with three rotation axes applied in order and three translations along axes fixed in `F`; each
//! angle and distance is a [`Function`] of one coordinate (Seth et al. 2010, Nonlinear Dyn 62:291).
//! Weld, hinge, universal, ball, free and slider joints are special cases with their own constructors.
//! A ball joint's coordinates are body-fixed X-Y-Z Euler angles, as OpenSim's.

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

/// One rotation or translation of a joint.
#[derive(Clone, Debug)]
pub struct Axis {
    /// Unit direction in the joint frame.
    pub direction: Vec3<f64>,
    /// Which coordinate drives it; none for a constant.
    pub coordinate: Option<usize>,
    /// Angle (rad) or distance (m) as a function of the coordinate.
    pub function: Function,
}

impl Axis {
    /// The coordinate itself is the angle or distance.
    pub fn direct(direction: [f64; 3], coordinate: usize) -> Self {
        Self {
            direction: Vec3::from_array(direction),
            coordinate: Some(coordinate),
            function: Function::IDENTITY,
        }
    }
}

/// A joint between a parent and a child body.
#[derive(Clone, Debug)]
pub struct Joint {
    /// Unique name.
    pub name: String,
    /// Index of the parent body; 0 is ground.
    pub parent: usize,
    /// Index of the child body.
    pub child: usize,
    /// Joint frame on the parent, `X_PF`.
    pub in_parent: Pose<f64>,
    /// Joint frame on the child, `X_BM`.
    pub in_child: Pose<f64>,
    /// Rotations, applied in order.
    pub rotations: Vec<Axis>,
    /// Translations along axes of `F`.
    pub translations: Vec<Axis>,
}

impl Joint {
    /// No motion.
    pub fn weld(name: &str, parent: usize, child: usize, in_parent: Pose<f64>, in_child: Pose<f64>) -> Self {
        Self {
            name: name.into(),
            parent,
            child,
            in_parent,
            in_child,
            rotations: vec![],
            translations: vec![],
        }
    }
    /// One rotation about z, as OpenSim's `PinJoint`.
    pub fn hinge(self, coordinate: usize) -> Self {
        self.turning(&[([0.0, 0.0, 1.0], coordinate)])
    }
    /// Rotation about x, then y.
    pub fn universal(self, coordinates: [usize; 2]) -> Self {
        self.turning(&[([1.0, 0.0, 0.0], coordinates[0]), ([0.0, 1.0, 0.0], coordinates[1])])
    }
    /// Rotation about x, then y, then z.
    pub fn ball(self, [x, y, z]: [usize; 3]) -> Self {
        self.turning(&[([1.0, 0.0, 0.0], x), ([0.0, 1.0, 0.0], y), ([0.0, 0.0, 1.0], z)])
    }
    /// Three rotations as a ball joint, and three translations.
    pub fn free(self, rotations: [usize; 3], [x, y, z]: [usize; 3]) -> Self {
        let mut joint = self.ball(rotations);
        joint.translations = vec![
            Axis::direct([1.0, 0.0, 0.0], x),
            Axis::direct([0.0, 1.0, 0.0], y),
            Axis::direct([0.0, 0.0, 1.0], z),
        ];
        joint
    }
    fn turning(mut self, axes: &[([f64; 3], usize)]) -> Self {
        self.rotations = axes.iter().map(|&(direction, c)| Axis::direct(direction, c)).collect();
        self
    }
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
    /// Driven axes of joint `j` (the joint of body `j + 1`) as a range of slots.
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
        let (mut slots, mut slot_coordinate) = (Vec::new(), Vec::new());
        for (i, joint) in joints.iter_mut().enumerate() {
            if joint.child != i + 1 || joint.parent > i {
                return Err(ModelError::NotATree { joint: joint.name.clone() });
            }
            let first = slot_coordinate.len();
            for axis in joint.rotations.iter_mut().chain(&mut joint.translations) {
                let length = axis.direction.norm();
                if !(length > 0.0 && length.is_finite()) {
                    return Err(ModelError::NotFinite { owner: joint.name.clone() });
                }
                axis.direction = axis.direction * (1.0 / length);
                if let Some(index) = axis.coordinate {
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
        Ok(Self { bodies, joints, coordinates, couplers, sources, free, slots, slot_coordinate })
    }

    /// Moves the joint frame of `body` on its parent by `turn` (in that frame): `X_PF ← X_PF · turn`.
    pub fn move_joint_frame(&mut self, body: usize, turn: Pose<f64>) {
        let joint = &mut self.joints[body - 1];
        joint.in_parent = joint.in_parent * turn;
    }

    /// Number of degrees of freedom: the length of `q`.
    pub fn dof(&self) -> usize {
        self.free.len()
    }
    /// All bodies, ground first.
    pub fn bodies(&self) -> &[Body] {
        &self.bodies
    }
    /// All joints; joint `i` carries body `i + 1`.
    pub fn joints(&self) -> &[Joint] {
        &self.joints
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
        self.joints.iter().any(|j| j.rotations.iter().any(|a| a.coordinate == Some(coordinate)))
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
