//! The equilibria of the real body, checked from scratch: what a solution claims is computed again here, from
//! its pose and forces alone, by other formulas than the solver's.
#![allow(clippy::unwrap_used, reason = "a test may panic, in its helpers too")]

mod balance;
mod cases;
#[path = "../common/mod.rs"]
mod common;
mod foreign;
mod invariance;
mod loads;
mod optimum;
mod sensitivity;
mod starts;
