//! The model behind the commands: the only place that names the modules that solve.

use anyhow::{Context, Result};
use guywire::body::ReferenceBody;
use guywire::case::{Case, Vocabulary};
use guywire::results::{Posture, Results, ValidationRow};

pub use guywire::body::{Group as GroupInfo, MuscleInfo, SourceInfo};

/// To be called with (done, of how many, doing what).
pub type Progress<'p> = &'p (dyn Fn(usize, usize, &str) + Sync);

/// The reference body, ready to be scaled to people.
pub struct Engine {
    body: ReferenceBody,
}

impl Engine {
    /// Reads the tables that are built into the program.
    pub fn load() -> Result<Self> {
        Ok(Engine { body: ReferenceBody::adult().context("the body's tables are wrong")? })
    }

    /// The names that case files may use.
    pub fn vocabulary(&self) -> Result<Vocabulary> {
        Ok(guywire::study::vocabulary(&self.body)?)
    }

    /// Solves one position of a case.
    pub fn posture(&self, case: &Case, position: &str) -> Result<Posture> {
        Ok(guywire::study::posture(&self.body, case, position)?.posture)
    }

    /// Solves a whole case.
    pub fn report(&self, case: &Case, progress: Progress<'_>) -> Result<Results> {
        Ok(guywire::study::report(&self.body, case, progress)?)
    }

    /// Compares the model with measured people.
    pub fn validate(&self, progress: Progress<'_>) -> Result<Vec<ValidationRow>> {
        Ok(guywire::validate::run(&self.body, progress)?)
    }

    /// The tissue groups and their members.
    pub fn groups(&self) -> Result<Vec<GroupInfo>> {
        Ok(self.body.groups())
    }

    /// The muscle fascicles.
    pub fn muscles(&self) -> Result<Vec<MuscleInfo>> {
        Ok(self.body.muscles()?)
    }

    /// The data files and their licences.
    pub fn sources(&self) -> Result<Vec<SourceInfo>> {
        Ok(self.body.sources()?)
    }
}

/// The report as one self-contained page.
pub fn page(results: &Results) -> String {
    guywire_report::html(results)
}
