//! Weeks, exercises and what both make of a person: what must be so for everybody, and against what was measured.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic, in its helpers too")]

mod case_study;
#[path = "../common/mod.rs"]
mod common;
mod diary;
mod exercise;
mod forecast;
mod own_rates;
mod plan;
mod week;

use guywire::body::ReferenceBody;
use guywire::exercise::Library;
use guywire::posture::Positions;
use std::sync::LazyLock;

// Read once for all tests here.
static REFERENCE: LazyLock<ReferenceBody> = LazyLock::new(|| ReferenceBody::adult().unwrap());
static POSITIONS: LazyLock<Positions> = LazyLock::new(|| Positions::read().unwrap());
static LIBRARY: LazyLock<Library> = LazyLock::new(|| Library::read().unwrap());
