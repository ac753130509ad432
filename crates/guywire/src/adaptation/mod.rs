//! What weeks do to tissue: from what a week brings every muscle to what the muscle is after it.
//!
//! ```text
//! State × Exposure × Rates × Mechanisms ─▶ State, a week later ─▶ settings of tissue ─▶ Body
//!                                                           └──▶ tolerance ─▶ what a test reads
//! ```
//!
//! A body is [at home](State::at_home_in) in some week: that week changes nothing, and every other one moves the body towards
//! where it would be at home. What shortens is not written anywhere: it follows from the lengths that positions give.
//! [`step`] is pure: the same arguments give the same bits.
//!
//! ```
//! use guywire::adaptation::{Bout, Deed, Exposure, KnownRates, Mechanisms, State, step};
//!
//! let rates = KnownRates::read()?.median();
//! let mut muscle = State::at_home_in(&Exposure::none(1, 0), 1);
//! let held = Bout {
//!     hours: 0.3,
//!     bouts: 40.0,
//!     normalized_fiber_length: 1.3,
//!     activation: 0.0,
//!     passive_force: 0.3,
//!     deed: Deed::Stretch,
//! };
//! let week = Exposure { muscles: vec![vec![held]], discs: vec![] };
//! for _ in 0..6 {
//!     muscle = step(&muscle, &week, &rates, Mechanisms::default());
//! }
//! assert!(muscle.muscles[0].tolerance > 0.3 && muscle.muscles[0].length() < 1.01);
//! # Ok::<(), guywire::adaptation::RatesError>(())
//! ```
//!
//! Page: `docs/adaptation.md`.

mod course;
mod examined;
mod exposure;
mod growth;
mod length;
mod own;
mod passive;
mod rates;
mod sources;
mod state;
mod step;
mod strength;
#[cfg(test)]
mod tests;
mod tolerance;

pub use examined::carried;
pub use exposure::{Bout, Deed, DiscBout, Exposure, ExposureError};
pub use growth::{Growing, Velocity};
pub use rates::{Known, KnownRates, Rate, Rates, RatesError, Spent};
pub use state::{Mechanism, Mechanisms, MuscleState, State, Usual};
pub use step::{after_session, step};
