//! Where the numbers of a week, of an exercise, of a ranking and of a test lie over the bodies that a person may have.
//!
//! ```text
//! Members ─▶ most probable body ─▶ the result, in full ─────────────────┐
//!        └─▶ every drawn body ──▶ the same numbers, by their names ─▶ Spread
//! ```
//!
//! Everything is told of the most probable body. The same is solved for every drawn one; of each number the median and the ends of 90 %
//! are told. A body in which something has no equilibrium is counted, and takes part in the rest.

mod exercise;
mod table;
mod test;
mod week;

use crate::body::{Body, BodyError, ReferenceBody};
use crate::posture::Positions;
use crate::study::{Member, Members, Place, Progress, Shelf};
use rayon::prelude::*;
use std::convert::Infallible;
use std::sync::atomic::{AtomicUsize, Ordering};
use table::Table;

/// A number and its name.
type Number = (String, f64);

/// The bodies that a person may have.
#[derive(Clone, Copy)]
pub struct Bodies<'b> {
    /// What they are scaled from.
    pub reference: &'b ReferenceBody,
    /// The positions.
    pub positions: &'b Positions,
    /// The most probable one, and those over which intervals are told, [completed](Members::completed).
    pub members: &'b Members,
    /// Where numbers of solved bodies are kept.
    pub shelf: &'b dyn Shelf,
    /// Called with every body that is solved.
    pub progress: Progress<'b>,
}

impl Bodies<'_> {
    fn most_probable(&self) -> Result<Body, BodyError> {
        self.body(&self.members.most_probable)
    }

    fn body(&self, member: &Member) -> Result<Body, BodyError> {
        self.reference.scaled_to(&member.person, &member.tissue)
    }

    /// The numbers that `solve` finds of every drawn body, in the place of those of `told` that are numbers; `what` they are of tells them
    /// apart on the shelf.
    fn solved(
        &self,
        (what, told): (&str, Vec<Number>),
        solve: impl Fn(&Body, &Member) -> Option<Vec<Number>> + Sync,
    ) -> Table {
        let names: Vec<String> =
            told.into_iter().filter(|(_, value)| value.is_finite()).map(|(name, _)| name).collect();
        let place = Place::on(self.shelf).at(what.as_bytes()).at(names.join("\n").as_bytes());
        let (done, total) = (AtomicUsize::new(0), self.members.drawn.len());
        let rows = self.members.drawn.par_iter().map(|member| {
            let find = || {
                let found = self.body(member).ok().and_then(|body| solve(&body, member)).unwrap_or_default();
                Ok::<_, Infallible>(table::row(&names, &found))
            };
            let Ok(row) = place.at(format!("{member:?}").as_bytes()).kept(|width| width == names.len(), find);
            (self.progress)(done.fetch_add(1, Ordering::Relaxed) + 1, total, "bodies");
            row
        });
        Table { rows: rows.collect(), names }
    }
}
