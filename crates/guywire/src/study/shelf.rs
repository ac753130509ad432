//! Where solved numbers are kept, so that what was interrupted goes on and what was solved once is not solved again.
//!
//! Numbers are kept under a key: a digest of all that they depend on beside the program and its tables. Who keeps numbers for
//! longer than a program runs tells programs apart.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Keeps numbers.
pub trait Shelf: Sync {
    /// What was kept under a key.
    fn take(&self, key: u64) -> Option<Vec<f64>>;
    /// Keeps numbers under a key.
    fn put(&self, key: u64, numbers: &[f64]);
}

/// Keeps nothing.
#[derive(Clone, Copy, Debug)]
pub struct NoShelf;

impl Shelf for NoShelf {
    fn take(&self, _: u64) -> Option<Vec<f64>> {
        None
    }
    fn put(&self, _: u64, _: &[f64]) {}
}

/// Keeps numbers for as long as the program runs, before a shelf that may keep them for longer: what is asked for twice in one run is
/// solved once.
pub struct Memory<'s> {
    below: &'s dyn Shelf,
    found: Mutex<BTreeMap<u64, Vec<f64>>>,
}

impl<'s> Memory<'s> {
    /// Before a shelf.
    pub fn before(below: &'s dyn Shelf) -> Self {
        Self { below, found: Mutex::default() }
    }

    fn found(&self) -> MutexGuard<'_, BTreeMap<u64, Vec<f64>>> {
        // Every change is a single insertion: what a panicking thread leaves is whole.
        self.found.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Shelf for Memory<'_> {
    fn take(&self, key: u64) -> Option<Vec<f64>> {
        let found = self.found().get(&key).cloned();
        found.or_else(|| self.below.take(key))
    }
    fn put(&self, key: u64, numbers: &[f64]) {
        self.below.put(key, numbers);
        self.found().insert(key, numbers.to_vec());
    }
}

/// FNV-1a of 64 bits (draft-eastlake-fnv): tells what is kept apart, and torn records from sound ones; keeps no secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Digest(u64);

impl Default for Digest {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Digest {
    /// The digest of what it is of, and of these bytes: where one thing ends and the next begins makes a difference.
    #[must_use]
    pub fn with(self, bytes: &[u8]) -> Self {
        let length = (bytes.len() as u64).to_le_bytes();
        Self(length.iter().chain(bytes).fold(self.0, |digest, byte| eaten(digest, *byte)))
    }

    /// The same with numbers, to the bit.
    #[must_use]
    pub fn with_numbers(self, numbers: &[f64]) -> Self {
        let length = (numbers.len() as u64).to_le_bytes();
        let bytes = numbers.iter().flat_map(|number| number.to_le_bytes());
        Self(length.into_iter().chain(bytes).fold(self.0, eaten))
    }

    /// The digest as a number.
    pub const fn value(self) -> u64 {
        self.0
    }
}

const fn eaten(digest: u64, byte: u8) -> u64 {
    (digest ^ byte as u64).wrapping_mul(0x0100_0000_01b3)
}

/// A place on a shelf: what is kept there depends on all that led to it.
#[derive(Clone, Copy)]
pub struct Place<'s> {
    shelf: &'s dyn Shelf,
    digest: Digest,
}

impl<'s> Place<'s> {
    /// The beginning of a shelf.
    pub fn on(shelf: &'s dyn Shelf) -> Self {
        Self { shelf, digest: Digest::default() }
    }

    /// Where that is kept which depends on these bytes too.
    #[must_use]
    pub fn at(self, bytes: &[u8]) -> Self {
        Self { digest: self.digest.with(bytes), ..self }
    }

    /// The numbers that are kept here and pass for what they should be; where there are none, those that `solve` finds, which
    /// are then kept.
    ///
    /// # Errors
    /// That of `solve`.
    pub fn kept<E>(
        self,
        fits: impl FnOnce(usize) -> bool,
        solve: impl FnOnce() -> Result<Vec<f64>, E>,
    ) -> Result<Vec<f64>, E> {
        let key = self.digest.value();
        if let Some(kept) = self.shelf.take(key).filter(|kept| fits(kept.len())) {
            return Ok(kept);
        }
        let numbers = solve()?;
        self.shelf.put(key, &numbers);
        Ok(numbers)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::convert::Infallible;

    #[test]
    fn numbers_are_solved_once_and_again_where_they_do_not_fit_or_depend_on_something_else() {
        let shelf = Memory::before(&NoShelf);
        let found = |place: Place<'_>, width: usize, value: f64| {
            place.kept::<Infallible>(|length| length == width, || Ok(vec![value; width])).unwrap()
        };
        let place = Place::on(&shelf).at(b"kim").at(b"week");
        assert_eq!(found(place, 2, 1.0), [1.0, 1.0]);
        assert_eq!(found(place, 2, 7.0), [1.0, 1.0], "kept");
        assert_eq!(found(place, 3, 7.0), [7.0; 3], "another width");
        assert_eq!(found(Place::on(&shelf).at(b"kimw").at(b"eek"), 3, 5.0), [5.0; 3], "another border");
    }

    #[test]
    fn what_the_memory_has_not_found_is_asked_of_the_shelf_behind_which_is_told_of_all() {
        let behind = Memory::before(&NoShelf);
        behind.put(1, &[1.0]);
        let memory = Memory::before(&behind);
        assert_eq!(memory.take(1), Some(vec![1.0]));
        memory.put(2, &[2.0]);
        assert_eq!([memory.take(2), behind.take(2)], [Some(vec![2.0]), Some(vec![2.0])]);
        assert_eq!(memory.take(3), None);
    }

    #[test]
    fn a_digest_tells_numbers_apart_to_the_bit() {
        let of = |numbers: &[f64]| Digest::default().with_numbers(numbers);
        assert_ne!(of(&[0.0]), of(&[-0.0]));
        assert_ne!(of(&[1.0]), of(&[1.0 + f64::EPSILON]));
        assert_ne!(of(&[]), of(&[0.0]));
        assert_eq!(of(&[2.5, 1.0]), of(&[2.5, 1.0]));
    }
}
