//! Any musculoskeletal model: joints, paths, muscles, dynamics, equilibrium. Knows no files and no person.
//!
//! A [`Model`] never changes after building. Results live in workspaces that the caller owns and
//! reuses ([`Kinematics`], …), so that nothing allocates in a loop over poses. What a pose flows
//! through is generic over [`guywire_math::Real`]: `f64` for numbers, dual numbers for their exact derivatives.

pub mod constraint;
pub mod dynamics;
pub mod equilibrium;
pub mod force;
pub mod forward;
pub mod joint;
pub mod joint_reaction;
pub mod kinematics;
pub mod markers;
pub mod mechanism;
pub mod model;
pub mod muscle;
pub mod passive;
pub mod path;
pub mod reaction;
pub mod speeds;
pub mod static_optimization;
pub mod system;
pub mod task;

pub use constraint::{Constraint, ConstraintSolver};
pub use dynamics::Dynamics;
pub use joint::{Axis, Joint, Law};
pub use kinematics::{Kinematics, Motion};
pub use mechanism::{AtMoment, Mechanism};
pub use model::{Body, Coordinate, Coupler, Model, ModelError};
pub use path::{MomentArms, Path, PathSet};
pub use speeds::Speeds;
pub use system::{Actuator, Kept, Level, Muscle, System};
pub use task::Task;
