//! Many similar bodies in the scenes of a week, each looked for from where one of them was found: what differs is then the body, not
//! another way to stand.

use super::exposure::{STANDING, result};
use super::{Moment, Scene, Schedule, Solver, WeekError};
use crate::body::Body;
use crate::posture::Positions;
use crate::results::WeekResult;
use guywire_engine::equilibrium::Near;
use rayon::prelude::*;
use std::sync::LazyLock;

/// A scene of one body, from which similar bodies are looked for.
pub(super) struct Start<'s> {
    pub scene: &'s Scene,
    pub near: Near,
    pub here: Moment,
}

impl<'s> Start<'s> {
    /// Solves a scene of a body.
    pub fn of(solver: Solver<'_>, body: &Body, scene: &'s Scene) -> Result<Self, WeekError> {
        let settled = solver.solve(scene, body)?;
        let near = solver.start(scene, body, &settled)?;
        Ok(Self { scene, near, here: Moment::of(body, &settled)? })
    }

    /// The scene of a similar body.
    fn similar(&self, solver: Solver<'_>, body: &Body) -> Result<Moment, WeekError> {
        // A start that led astray is no reason to fail.
        let near = solver.solve_near(self.scene, body, self.near.clone());
        Moment::of(body, &near.or_else(|_| solver.solve(self.scene, body))?)
    }
}

/// What lengths are compared with.
static UPRIGHT: LazyLock<Scene> = LazyLock::new(|| Scene::Position(STANDING.to_owned()));

/// The week of one body, solved, and the weeks of bodies like it.
pub struct Similar<'s> {
    schedule: &'s Schedule,
    solver: Solver<'s>,
    starts: Vec<Start<'s>>,
    standing: Start<'static>,
}

impl<'s> Similar<'s> {
    /// Solves the week of a body.
    ///
    /// # Errors
    /// When a scene does not fit the body or has no equilibrium.
    pub fn to(body: &Body, positions: &'s Positions, schedule: &'s Schedule) -> Result<Self, WeekError> {
        let solver = Solver { positions };
        let starts = all(schedule.scenes.par_iter().map(|scene| Start::of(solver, body, scene)))?;
        Ok(Self { schedule, solver, starts, standing: Start::of(solver, body, &UPRIGHT)? })
    }

    /// What its activities do.
    pub fn told(&self, body: &Body) -> WeekResult {
        let moments: Vec<&Moment> = self.starts.iter().map(|start| &start.here).collect();
        result(body, self.schedule, &moments, &self.standing.here)
    }

    /// What the same activities do to a similar body.
    ///
    /// # Errors
    /// As [`Similar::to`].
    pub fn week(&self, body: &Body) -> Result<WeekResult, WeekError> {
        let solved = self.starts.iter().map(|start| start.similar(self.solver, body));
        let moments = solved.collect::<Result<Vec<Moment>, WeekError>>()?;
        let standing = self.standing.similar(self.solver, body)?;
        Ok(result(body, self.schedule, &moments.iter().collect::<Vec<_>>(), &standing))
    }
}

/// All results in their order, or the first problem among them: the same whatever the threads do.
pub(super) fn all<T: Send>(
    each: impl IndexedParallelIterator<Item = Result<T, WeekError>>,
) -> Result<Vec<T>, WeekError> {
    each.collect::<Vec<_>>().into_iter().collect()
}
