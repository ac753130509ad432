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

mod course;
mod examined;
mod exposure;
mod growth;
mod length;
mod passive;
mod rates;
mod state;
mod step;
mod strength;
#[cfg(test)]
mod tests;
mod tolerance;
mod usual;

pub use examined::carried;
pub use exposure::{Bout, Deed, DiscBout, Exposure, ExposureError};
pub use growth::{Growing, Velocity};
pub use rates::{Known, KnownRates, Rate, Rates, RatesError};
pub use state::{Mechanism, Mechanisms, MuscleState, State, Usual};
pub use step::{after_session, step};
pub use usual::{Spent, UsualError};
