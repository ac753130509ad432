//! Why a study, or a position of it, has no results.

use crate::body::BodyError;
use crate::case::TestsError;
use crate::examination::ExaminationError;
use crate::outcomes::OutcomesError;
use crate::posture::{PositionError, Positions, PostureError};
use crate::results::Unsolved;
use crate::screening::ScreeningError;

/// Why a study has no results.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StudyError {
    /// The body cannot be built.
    #[error(transparent)]
    Body(#[from] BodyError),
    /// The positions cannot be read, or there is none of that name.
    #[error(transparent)]
    Position(#[from] PositionError),
    /// The clinical tests cannot be read.
    #[error(transparent)]
    Tests(#[from] TestsError),
    /// The protocols of the clinical tests cannot be read.
    #[error(transparent)]
    Examination(#[from] ExaminationError),
    /// The figures of outcome measures cannot be read.
    #[error(transparent)]
    Outcomes(#[from] OutcomesError),
    /// The rules of the screening cannot be read.
    #[error(transparent)]
    Screening(#[from] ScreeningError),
    /// An evidence file is not what it should be.
    #[error("data/evidence/{file}, line {line}: {problem}")]
    Evidence {
        /// File name.
        file: &'static str,
        /// Line.
        line: usize,
        /// What is wrong there.
        problem: String,
    },
    /// None of the positions has an equilibrium: all of them.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    NoEquilibrium(Vec<Unsettled>),
}

/// A position in which no equilibrium was found.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{position}, {tissue}: {problem}")]
pub struct Unsettled {
    /// Name of the position.
    pub position: String,
    /// With what tissue.
    pub tissue: String,
    /// Why.
    #[source]
    pub problem: Box<PostureError>,
}

impl Unsettled {
    pub(super) fn new(position: &str, tissue: String, problem: PostureError) -> Self {
        Self { position: position.to_owned(), tissue, problem: Box::new(problem) }
    }

    pub(super) fn result(self, positions: &Positions) -> Unsolved {
        let title = positions.get(&self.position).map_or_else(|_| self.position.clone(), |p| p.title.clone());
        Unsolved { position: self.position, title, tissue: self.tissue, problem: self.problem.to_string() }
    }
}
