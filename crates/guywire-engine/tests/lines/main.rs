//! Lines over surfaces against independent searches for the shortest string, by hand, and against their own derivatives.
#![allow(clippy::unwrap_used, reason = "a test may panic, in its helpers too")]

mod balls;
mod cylinders;
mod rings;
mod scene;
mod several;
mod string;
