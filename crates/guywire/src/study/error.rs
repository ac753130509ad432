//! Why a study, or a position of it, has no results.

use crate::body::BodyError;
use crate::case::TestsError;
use crate::examination::ExaminationError;
use crate::exercise::ExerciseError;
use crate::outcomes::OutcomesError;
use crate::posture::{PositionError, Positions, PostureError};
use crate::results::Unsolved;
use crate::screening::ScreeningError;
use crate::week::WeekError;

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
    /// The exercises cannot be read.
    #[error(transparent)]
    Exercise(#[from] ExerciseError),
    /// The activities of a week cannot be read.
    #[error(transparent)]
    Week(#[from] WeekError),
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
    pub problem: Obstacle,
}

/// What stands in the way of a position.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Obstacle {
    /// The body has no equilibrium in it.
    #[error(transparent)]
    Posture(Box<PostureError>),
    /// Too many of the bodies that the tests allow have none.
    #[error("{unsolved} of the {members} bodies that the tests allow have no equilibrium")]
    Members {
        /// Those without an equilibrium.
        unsolved: usize,
        /// All.
        members: usize,
    },
}

impl Unsettled {
    pub(super) fn new(position: &str, tissue: String, problem: PostureError) -> Self {
        Self { position: position.to_owned(), tissue, problem: Obstacle::Posture(Box::new(problem)) }
    }

    pub(super) fn members(position: &str, unsolved: usize, members: usize) -> Self {
        let tissue = "with what the tests leave open".to_owned();
        Self { position: position.to_owned(), tissue, problem: Obstacle::Members { unsolved, members } }
    }

    pub(super) fn result(self, positions: &Positions) -> Unsolved {
        let title = positions.get(&self.position).map_or_else(|_| self.position.clone(), |p| p.title.clone());
        Unsolved { position: self.position, title, tissue: self.tissue, problem: self.problem.to_string() }
    }
}
