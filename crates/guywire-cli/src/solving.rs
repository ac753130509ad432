//! How the bodies that a person may have are solved: which, kept where, shown how.

use crate::arguments::EnsembleOptions;
use crate::{cache, progress};
use guywire::study::{NoShelf, Progress, Shelf};
use std::path::Path;

/// Most bodies over which weeks and exercises are told beside a report or a plan: assumed, for the time that it takes. The ends of an
/// interval then vary from seed to seed by a quarter of a standard deviation (of a normal distribution).
const BESIDE: u32 = 60;

/// What the engine needs for it.
#[derive(Clone, Copy)]
pub struct Solving<'s> {
    /// How many, and which.
    pub ensemble: EnsembleOptions,
    /// Where their numbers are kept.
    pub shelf: &'s dyn Shelf,
    /// To be called with (done, of how many, doing what).
    pub progress: Progress<'s>,
}

impl Solving<'_> {
    /// The same with so many bodies at most.
    fn at_most(self, most: u32) -> Self {
        let members = self.ensemble.members.min(most);
        Self { ensemble: EnsembleOptions { members, ..self.ensemble }, ..self }
    }

    /// For what stands beside a report or a plan: its first bodies are enough.
    pub fn beside(self) -> Self {
        self.at_most(BESIDE)
    }

    /// With the most probable body alone: without intervals.
    pub fn alone(self) -> Self {
        self.at_most(0)
    }
}

/// What is kept apart on this machine.
#[derive(Clone, Copy, Debug)]
pub enum Kept {
    /// Postures of a report.
    Report,
    /// All else: tests, weeks and exercises, as they are and as they will be.
    Weeks,
}

/// Does `work` on the bodies of a case, with a progress bar; what was solved before is not solved again.
pub fn solved<T>(
    (case, kept): (&Path, Kept),
    ensemble: EnsembleOptions,
    work: impl FnOnce(Solving<'_>) -> T,
) -> T {
    let what: &[u8] = match kept {
        Kept::Report => b"report",
        Kept::Weeks => b"weeks",
    };
    let kept = if ensemble.no_cache { None } else { cache::of(case, ensemble, what) };
    let shelf: &dyn Shelf = kept.as_ref().map_or(&NoShelf, |kept| kept);
    progress::shown(|progress| work(Solving { ensemble, shelf, progress }))
}
