//! What is drawn and written of a stored result with three positions.
#![allow(clippy::unwrap_used, reason = "a test may panic, in its helpers too")]

mod clinician;
mod gltf;
mod page;
mod plan;
mod visits;
