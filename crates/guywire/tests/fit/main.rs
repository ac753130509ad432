//! The fit of a body to readings of clinical tests.
#![allow(clippy::unwrap_used, reason = "a test may panic, in its helpers too")]

mod anything;
#[path = "../common/mod.rs"]
mod common;
mod synthetic;
