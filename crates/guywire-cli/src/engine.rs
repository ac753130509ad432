//! The model behind the commands: the only place that names the modules that solve.

use anyhow::{Result, bail};
use guywire::case::{Case, Vocabulary};
use guywire::results::{Posture, Results, ValidationRow};
use serde::Serialize;

pub use guywire::body::{MuscleInfo, SourceInfo};

/// A tissue group and its members, by their names in case files.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct GroupInfo {
    /// Name in case files.
    pub name: String,
    /// Anatomical muscles in it.
    pub members: Vec<String>,
}

/// To be called with (done, of how many, doing what).
pub type Progress<'p> = &'p (dyn Fn(usize, usize, &str) + Sync);

const NOT_BUILT_IN: &str = "this version of guywire has no solver built in";

/// The reference body, ready to be scaled to people. No version has it yet: loading it says so.
pub struct Engine(());

impl Engine {
    /// Reads the tables that are built into the program.
    pub fn load() -> Result<Self> {
        bail!(NOT_BUILT_IN)
    }

    /// The names that case files may use.
    pub fn vocabulary(&self) -> Result<Vocabulary> {
        bail!(NOT_BUILT_IN)
    }

    /// Solves one position of a case.
    pub fn posture(&self, _: &Case, _: &str) -> Result<Posture> {
        bail!(NOT_BUILT_IN)
    }

    /// Solves a whole case.
    pub fn report(&self, _: &Case, _: Progress<'_>) -> Result<Results> {
        bail!(NOT_BUILT_IN)
    }

    /// Compares the model with measured people.
    pub fn validate(&self, _: Progress<'_>) -> Result<Vec<ValidationRow>> {
        bail!(NOT_BUILT_IN)
    }

    /// The tissue groups and their members.
    pub fn groups(&self) -> Result<Vec<GroupInfo>> {
        bail!(NOT_BUILT_IN)
    }

    /// The muscle fascicles.
    pub fn muscles(&self) -> Result<Vec<MuscleInfo>> {
        bail!(NOT_BUILT_IN)
    }

    /// The data files and their licences.
    pub fn sources(&self) -> Result<Vec<SourceInfo>> {
        bail!(NOT_BUILT_IN)
    }
}

/// The report as one self-contained page.
pub fn page(results: &Results) -> String {
    guywire_report::html(results)
}
