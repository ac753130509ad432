//! From a [`Description`] to engine models.
//!
//! | file | question |
//! | --- | --- |
//! | `graph` | which joints span the tree, in which direction, what closes loops |
//! | `joints` | bodies, joints and coordinates |
//! | `constraints` | what restricts them |
//! | `functions` | functions of coordinates |
//! | `paths` | lines of pull |
//! | `muscles` | muscles |
//! | `forces`, `contact` | other forces, and the controls of muscles and actuators |

mod constraints;
mod contact;
pub mod forces;
pub mod functions;
mod graph;
mod joints;
mod mechanism;
mod muscles;
mod paths;

use crate::description::{Base, Constraint, ConstraintKind, Description, JointKind, NodeId};
use crate::names;
use constraints::Keeper;
use functions::{FunctionError, law};
use guywire_engine::force::{ExpressionError, Force};
use guywire_engine::muscle::{HillMuscle, MuscleError};
use guywire_engine::path::{PathError, PathProblem};
use guywire_engine::{Constraint as EngineConstraint, Coupler, Law, Model, ModelError, PathSet, Speeds};
use guywire_math::{Function, Multivariate, Vec3};

/// Engine models of an OpenSim model.
#[derive(Clone, Debug)]
pub struct Built {
    /// Every coordinate free, no coupler: OpenSim's multibody tree. Coordinates, and therefore degrees of
    /// freedom, are in the order of OpenSim's CoordinateSet.
    pub tree: Model,
    /// The same bodies and coordinates with locked coordinates held and couplers followed where the
    /// engine can; what is left of the constraints must be kept by constraint forces.
    pub reduced: Model,
    /// Constraints over either model: cut loops, locked and prescribed coordinates, the ConstraintSet. With the tree
    /// all of them hold.
    pub constraints: Vec<EngineConstraint>,
    /// Those that are left when the reduced model has followed what it can.
    pub reduced_constraints: Vec<EngineConstraint>,
    /// Their names in the file, or of what they come from: a loop's body, a prescribed coordinate.
    pub reduced_constraint_names: Vec<String>,
    /// What bodies that roll on a surface would have to keep. OpenSim 4.6 has these off whenever a model is initialised: they
    /// act only while their normal force presses, and that is taken as not so until it has been asked.
    pub rolling: Vec<EngineConstraint>,
    /// Which speeds of the tree are not the rates of coordinates.
    pub speeds: Speeds,
    /// Where bodies and coordinates of the description are in both models.
    pub index: Index,
    /// Where a loop is cut: engine indices of a body and of the copy that takes part of its mass.
    pub copies: Vec<[usize; 2]>,
    /// Markers, in the order of the MarkerSet.
    pub markers: Vec<Marker>,
    /// Lines of pull over the tree, in the order of [`forces::path_owners`]: muscles first.
    pub paths: PathSet,
    /// The same over the reduced model.
    pub reduced_paths: PathSet,
    /// The muscle, ligament, spring or actuator of every path.
    pub path_names: Vec<String>,
    /// Muscles, in the order of the ForceSet, also those that apply no force.
    pub muscles: Vec<HillMuscle>,
    /// Other forces, in the order of the ForceSet, also those that apply no force.
    pub forces: Vec<Force>,
    /// What drives muscles and actuators; control `i` is that of muscle `i` while there are muscles.
    pub controls: Vec<forces::Control>,
    /// Acceleration of free fall in ground, m/s².
    pub gravity: Vec3<f64>,
}

/// A point that a camera sees.
#[derive(Clone, Debug)]
pub struct Marker {
    /// Name.
    pub name: String,
    /// Engine body.
    pub body: usize,
    /// Position in the frame of the body, m.
    pub position: Vec3<f64>,
}

/// Where the parts of a description are in the engine models.
#[derive(Clone, Debug)]
pub struct Index {
    bodies: Vec<usize>,
    /// Of every coordinate of the tree.
    coordinates: Vec<String>,
    /// Of every joint of the description.
    first_coordinate: Vec<usize>,
    /// First coordinates of joints that the file does not have.
    added_free: Vec<usize>,
}

impl Index {
    /// Engine body of a base; ground is 0.
    pub fn body(&self, base: Base) -> usize {
        match base {
            Base::Ground => 0,
            Base::Body(i) => self.bodies[i],
        }
    }
    /// Index of a coordinate by name, the same in `Model::coordinates` of both models and in `q` of the tree.
    pub fn coordinate(&self, name: &str) -> Option<usize> {
        self.coordinates.iter().position(|c| c == name)
    }
    /// Names of the coordinates in the order of the tree.
    pub fn coordinate_names(&self) -> &[String] {
        &self.coordinates
    }
    /// As [`Index::coordinate`], an error when there is none.
    pub(crate) fn require(&self, node: NodeId, owner: &str, name: &str) -> Result<usize, BuildError> {
        self.coordinate(name).ok_or_else(|| {
            BuildError::unknown_coordinate(node, owner, name, self.coordinates.iter().map(String::as_str))
        })
    }
}

/// Why a description is not a model.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// The engine refuses the tree.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// A function that does not fit what it drives.
    #[error("`{owner}`: {problem}")]
    Function {
        /// Element.
        node: NodeId,
        /// What the function belongs to.
        owner: String,
        /// What is wrong with it.
        problem: FunctionError,
    },
    /// A joint with too many or too few coordinates.
    #[error("joint `{joint}` has {given} coordinates; its class has {expected}")]
    CoordinateCount {
        /// Element.
        node: NodeId,
        /// Name.
        joint: String,
        /// What the class has.
        expected: usize,
        /// What the file has.
        given: usize,
    },
    /// A muscle that cannot be.
    #[error("muscle `{muscle}`: {problem}")]
    Muscle {
        /// Element.
        node: NodeId,
        /// Name.
        muscle: String,
        /// What is wrong with it.
        problem: MuscleError,
    },
    /// A path that cannot be.
    #[error("the path of `{owner}` {problem}")]
    Path {
        /// Element.
        node: NodeId,
        /// The muscle, ligament, spring or actuator.
        owner: String,
        /// What is wrong with it.
        problem: PathProblem,
    },
    /// A formula that cannot be read.
    #[error("`{owner}`: {problem}")]
    Formula {
        /// Element.
        node: NodeId,
        /// What the formula belongs to.
        owner: String,
        /// What is wrong with it.
        problem: ExpressionError,
    },
    /// A contact geometry that does not exist or has the wrong shape.
    #[error("`{owner}` names a contact geometry `{name}`, which is not {expected}")]
    UnknownContact {
        /// Element.
        node: NodeId,
        /// Who names it.
        owner: String,
        /// The name.
        name: String,
        /// What it should be.
        expected: &'static str,
    },
    /// An actuator whose direction has no length.
    #[error("the direction of `{owner}` has no length")]
    NoDirection {
        /// Element.
        node: NodeId,
        /// The actuator.
        owner: String,
    },
    /// A joint of a body with itself.
    #[error("joint `{joint}` joins a body to itself")]
    JoinsItself {
        /// Element.
        node: NodeId,
        /// Name.
        joint: String,
    },
    /// A direction without length.
    #[error("`{owner}` has a direction without length or not finite")]
    Direction {
        /// Element.
        node: NodeId,
        /// Who has it.
        owner: String,
    },
    /// A name that no coordinate has.
    #[error("`{owner}` names a coordinate `{name}`, which does not exist{}", names::hint(.nearest))]
    UnknownCoordinate {
        /// Element.
        node: NodeId,
        /// Who names it.
        owner: String,
        /// The name.
        name: String,
        /// The coordinate with the most similar name.
        nearest: Option<String>,
    },
}

impl BuildError {
    /// The element to point at, if there is one.
    pub fn node(&self) -> Option<NodeId> {
        match self {
            Self::Model(_) => None,
            Self::Function { node, .. }
            | Self::CoordinateCount { node, .. }
            | Self::Muscle { node, .. }
            | Self::Formula { node, .. }
            | Self::Path { node, .. }
            | Self::UnknownContact { node, .. }
            | Self::NoDirection { node, .. }
            | Self::JoinsItself { node, .. }
            | Self::Direction { node, .. }
            | Self::UnknownCoordinate { node, .. } => Some(*node),
        }
    }

    pub(crate) fn unknown_coordinate<'n>(
        node: NodeId,
        owner: &str,
        name: &str,
        known: impl Iterator<Item = &'n str>,
    ) -> Self {
        let nearest =
            names::nearest(known, usize::MAX, |other| strsim::levenshtein(other, name)).map(str::to_owned);
        Self::UnknownCoordinate { node, owner: owner.to_owned(), name: name.to_owned(), nearest }
    }
}

impl Built {
    /// Builds the engine models.
    ///
    /// # Errors
    /// When the description does not make a model; see [`BuildError`].
    pub fn new(description: &Description) -> Result<Self, BuildError> {
        if let Some(joint) = description.joints.iter().find(|j| j.parent.base == j.child.base) {
            return Err(BuildError::JoinsItself { node: joint.node, joint: joint.name.clone() });
        }
        let graph = graph::span(description);
        let joints::Tree { bodies, joints, coordinates, index, copies } = joints::tree(description, &graph)?;
        let markers = description
            .markers
            .iter()
            .map(|m| Marker {
                name: m.name.clone(),
                body: index.body(m.station.base),
                position: m.station.position,
            })
            .collect();
        let mut held = coordinates.clone();
        for (joint, &first) in description.joints.iter().zip(&index.first_coordinate) {
            for (k, coordinate) in joint.coordinates.iter().enumerate() {
                held[first + k].locked = coordinate.locked;
            }
        }
        let couplers = couplers(description, &index, &held)?;
        let folded: Vec<usize> = couplers.iter().map(|c| c.dependent).collect();
        let made = constraints::constraints(description, &index, &copies, &graph.loop_welds, &folded)?;
        let kept_by = |keepers: &[Keeper]| -> Vec<EngineConstraint> {
            made.iter().filter(|m| keepers.contains(&m.keeper)).map(|m| m.constraint.clone()).collect()
        };
        let reduced_constraints = kept_by(&[Keeper::Forces]);
        let kept = made.iter().filter(|m| m.keeper == Keeper::Forces);
        let reduced_constraint_names = kept.map(|m| m.name.clone()).collect();
        let constraints = kept_by(&[Keeper::Forces, Keeper::Reduced]);
        let rolling = kept_by(&[Keeper::Nobody]);
        let speeds = Speeds::new(turns(description, &index));
        let reduced = Model::new(bodies.clone(), joints.clone(), held, couplers)?;
        let tree = Model::new(bodies, joints, coordinates, vec![])?;
        let paths::Paths { paths, names: path_names } = paths::paths(description, &index)?;
        let made = |model: &Model, paths| {
            PathSet::new(model, paths).map_err(|error: PathError| BuildError::Path {
                node: description.forces[forces::path_owners(description)[error.index]].node,
                owner: path_names[error.index].clone(),
                problem: error.problem,
            })
        };
        let reduced_paths = made(&reduced, paths.clone())?;
        let paths = made(&tree, paths)?;
        let muscles = muscles::muscles(description)?;
        let forces::Forces { forces, controls } = forces::forces(description, &index)?;
        Ok(Self {
            tree,
            reduced,
            constraints,
            reduced_constraints,
            reduced_constraint_names,
            rolling,
            speeds,
            index,
            copies,
            markers,
            paths,
            reduced_paths,
            path_names,
            muscles,
            forces,
            controls,
            gravity: description.gravity,
        })
    }
}

/// The X-Y-Z angles whose speeds are an angular velocity.
fn turns(description: &Description, index: &Index) -> Vec<[usize; 3]> {
    let of_class = description.joints.iter().zip(&index.first_coordinate).filter(|(joint, _)| {
        matches!(
            joint.kind,
            JointKind::Ball
                | JointKind::Free
                | JointKind::Ellipsoid { .. }
                | JointKind::Scapulothoracic { .. }
        )
    });
    of_class.map(|(_, first)| first).chain(&index.added_free).map(|&c| [c, c + 1, c + 2]).collect()
}

/// The couplers that the engine can follow: those of free coordinates by a function of a weighted sum, whose
/// sources do not themselves follow.
fn couplers(
    description: &Description,
    index: &Index,
    coordinates: &[guywire_engine::Coordinate],
) -> Result<Vec<Coupler>, BuildError> {
    let mut couplers: Vec<Coupler> = Vec::new();
    for constraint in &description.constraints {
        let Some((dependent, law)) = coupling(index, constraint)? else { continue };
        let (terms, function) = match law {
            Law::Constant(value) => (vec![], Function::Constant(value)),
            Law::Of([source], function) => (vec![(source, 1.0)], function),
            Law::OfSeveral(sources, Multivariate::Linear { gains, constant }) => {
                let terms: Vec<(usize, f64)> = sources.into_iter().zip(gains).collect();
                (terms, Function::Linear { slope: 1.0, intercept: constant })
            }
            Law::OfSeveral(..) => continue,
        };
        let follows = |c: usize| couplers.iter().any(|k| k.dependent == c);
        let leads = |c: usize| couplers.iter().any(|k| k.terms.iter().any(|t| t.0 == c));
        let clear = !coordinates[dependent].locked && !follows(dependent) && !leads(dependent);
        if clear && terms.iter().all(|&(c, _)| c != dependent && !follows(c)) {
            couplers.push(Coupler { dependent, terms, function });
        }
    }
    Ok(couplers)
}

/// The coordinate that an enforced coupler drives, and how.
fn coupling(index: &Index, constraint: &Constraint) -> Result<Option<(usize, Law)>, BuildError> {
    let ConstraintKind::CoordinateCoupler { independent, dependent, function, scale } = &constraint.kind
    else {
        return Ok(None);
    };
    if !constraint.enforced {
        return Ok(None);
    }
    let owner = &constraint.name;
    let find = |name: &String| index.require(constraint.node, owner, name);
    let sources = independent.iter().map(find).collect::<Result<Vec<usize>, _>>()?;
    let scaled =
        crate::description::Function::Multiplier { scale: *scale, function: Box::new(function.clone()) };
    let law = law(&scaled, &sources).map_err(|problem| BuildError::Function {
        node: constraint.node,
        owner: owner.clone(),
        problem,
    })?;
    Ok(Some((find(dependent)?, law)))
}
