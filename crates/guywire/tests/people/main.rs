//! People: what their answers, scores and tests say, and the report of the bodies that these allow.
#![allow(clippy::unwrap_used, reason = "a test may panic, in its helpers too")]

#[path = "../common/mod.rs"]
mod common;
mod ensemble;
mod examination;
mod intervals;
mod outcomes;
mod screening;
mod study;
mod validate;

use guywire::body::ReferenceBody;
use std::sync::LazyLock;

// Read once for all tests here.
static REFERENCE: LazyLock<ReferenceBody> = LazyLock::new(|| ReferenceBody::adult().unwrap());
