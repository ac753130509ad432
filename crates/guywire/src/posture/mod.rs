//! From a body and a position to an equilibrium.

pub mod position;

pub use position::{GRAVITY, Position, PositionError, Positions};
