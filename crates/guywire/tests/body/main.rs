//! The body: where it comes from, what its tissue settings do, what a person's measures do to it.
#![allow(clippy::unwrap_used, reason = "a test may panic, in its helpers too")]

mod anatomy;
#[path = "../common/mod.rs"]
mod common;
mod continuity;
mod export;
mod register;
mod scaling;
mod sources;
mod tissue;
