//! Equilibria that are known by hand: levers, springs, blocks. And what is refused.
#![allow(clippy::unwrap_used, reason = "a test may panic, in its helpers too")]

mod bodies;
mod contacts;
mod poses;
mod refusals;
mod rest;
mod sharing;
