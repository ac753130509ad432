//! A person's week: what every hour of it does to muscles and discs.
//!
//! ```text
//! [[week]] of a case ─▶ schedule ─▶ scenes solved by the equilibrium ─▶ exposure, numbers of every activity
//!                       (hours of every scene)          ├─▶ similar: the same for similar bodies, each solved
//!                                                       └─▶ response: the same, to first order
//! ```
//!
//! Nothing says what sitting shortens: fibre lengths, activations and disc loads follow from the poses.

mod activity;
mod cycle;
mod exposure;
mod response;
mod scene;
mod schedule;
mod similar;
mod sole;

pub use activity::{Activities, Activity, Leg, Part, Phase, Scene};
pub use exposure::{exposure, moments, told};
pub use response::{Change, Response};
pub use scene::{Moment, Solver};
pub use schedule::{Entry, HOURS_OF_A_WEEK, SLEEP_HOURS, Schedule};
pub use similar::Similar;

use crate::body::BodyError;
use crate::posture::{PositionError, PostureError};
use guywire_engine::equilibrium::EquilibriumError;

/// Why a week cannot be solved.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WeekError {
    /// The table of activities is not what it should be.
    #[error("data/activities.toml: {0}")]
    File(String),
    /// An activity that the table does not have.
    #[error("there is no activity `{name}`")]
    UnknownActivity {
        /// The name asked for.
        name: String,
    },
    /// The position file, or a position that it does not have.
    #[error(transparent)]
    Position(#[from] PositionError),
    /// The body lacks something.
    #[error(transparent)]
    Body(#[from] BodyError),
    /// A scene has no equilibrium.
    #[error("{scene}: {problem}")]
    Unsolved {
        /// The scene.
        scene: String,
        /// Why.
        problem: Box<PostureError>,
    },
}

impl WeekError {
    fn unsolved(scene: &str, problem: impl Into<PostureError>) -> Self {
        Self::Unsolved { scene: scene.to_owned(), problem: Box::new(problem.into()) }
    }

    fn unbalanced(scene: &str, problem: EquilibriumError) -> Self {
        Self::unsolved(scene, problem)
    }
}
