//! Exercises: how each is done on a body, what it stretches, what works, and what it presses on the discs.
//!
//! ```text
//! data/exercises.toml ─▶ Library ─▶ Phase ─▶ pose ─▶ share the load ─▶ Done ─▶ strain, activation, moments, discs
//!                                                                        ├──▶ Exposure of a week
//!                                                                        └──▶ rank for a target
//! ```
//!
//! A phase holds what the person holds and solves the rest ([`Phase`]); a relaxed limb first comes to rest against a strap, a
//! hand or its own weight. Then muscles and supports share the load by least effort, as in any position. Nothing is said of
//! a muscle that does not follow from the pose; a [`Kind::Release`] presses and has no strain, and its pose is for the picture.

mod conditions;
mod dose_rules;
mod library;
mod phase;
mod picture;
mod pose;
mod rank;
mod session;
mod solve;
mod told;

pub use conditions::{Against, against};
pub use dose_rules::DoseRules;
pub use library::{Condition, Dose, Exercise, General, Kind, Library, Sides, Source};
pub use phase::{Cue, Phase};
pub use rank::{Ranked, Target, rank};
pub use session::{Amount, Effect};
pub use solve::{Done, PhaseDone, Standing, Way, solve};
pub(crate) use told::result;
pub use told::{Asked, told};

use crate::body::BodyError;
use crate::posture::PostureError;
use guywire_engine::equilibrium::EquilibriumError;

/// Why an exercise has no result.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ExerciseError {
    /// The library is not what it should be.
    #[error("data/exercises.toml: {0}")]
    File(String),
    /// An exercise that the library does not have.
    #[error("there is no exercise `{name}`{}", nearest.as_ref().map(|n| format!("; did you mean `{n}`?")).unwrap_or_default())]
    Unknown {
        /// The name asked for.
        name: String,
        /// The one that was most likely meant.
        nearest: Option<String>,
    },
    /// A target that the body does not have.
    #[error("there is no muscle or group `{name}`{}", nearest.as_ref().map(|n| format!("; did you mean `{n}`?")).unwrap_or_default())]
    UnknownTarget {
        /// The name asked for.
        name: String,
        /// The one that was most likely meant.
        nearest: Option<String>,
    },
    /// The body lacks something.
    #[error(transparent)]
    Body(#[from] BodyError),
    /// A phase has no posture.
    #[error(transparent)]
    Posture(#[from] PostureError),
    /// A phase does not come to rest, or its load cannot be shared.
    #[error(transparent)]
    Equilibrium(#[from] EquilibriumError),
}
