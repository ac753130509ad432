//! Exercises with their intervals.

use super::{Bodies, Number};
use crate::body::{Body, Group};
use crate::case::Case;
use crate::exercise::{self, Asked, ExerciseError, Kind, Library, Ranked, Target};
use crate::results::{ExerciseResult, PositionResult};

impl Bodies<'_> {
    /// What an exercise does, and the pose of every phase for drawing.
    ///
    /// # Errors
    /// When the most probable body cannot be built, or a phase of it cannot be reached or balanced.
    pub fn exercise(
        &self,
        asked: Asked<'_>,
        groups: &[Group],
    ) -> Result<(ExerciseResult, Vec<PositionResult>), ExerciseError> {
        let (told, poses) = exercise::told(asked, &self.most_probable()?, groups)?;
        let what = format!("exercise {} {:?}", told.exercise, asked.way);
        let solved = self.solved((&what, told.numbers()), |body, _| {
            let (told, _) = exercise::result(asked, body, groups).ok()?;
            Some(told.numbers())
        });
        Ok((ExerciseResult { spread: solved.spread(""), ..told }, poses))
    }

    /// The library in the order of what it does to a target.
    ///
    /// # Errors
    /// When there is no such target, or the most probable body does not stand.
    pub fn rank(
        &self,
        (library, case, groups): (&Library, &Case, &[Group]),
        target: &str,
        kind: Option<Kind>,
    ) -> Result<Ranked, ExerciseError> {
        let body = self.most_probable()?;
        let target = Target::read(target, &body, groups)?;
        let rank =
            |body: &Body| exercise::rank((body, groups), self.positions, (library, case), target, kind);
        let mut ranks = rank(&body)?;
        let what = format!("rank {target:?} {kind:?}");
        let solved = self.solved((&what, numbers(&ranks)), |body, _| Some(numbers(&rank(body).ok()?)));
        for ranked in &mut ranks.ranked {
            ranked.spread = solved.spread(&format!("{}.", ranked.exercise));
        }
        Ok(ranks)
    }
}

/// The numbers of a ranking, by exercise and name.
fn numbers(ranks: &Ranked) -> Vec<Number> {
    let of = ranks.ranked.iter().flat_map(|ranked| {
        ranked.numbers().into_iter().map(|(name, value)| (format!("{}.{name}", ranked.exercise), value))
    });
    of.collect()
}
