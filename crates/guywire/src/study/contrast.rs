//! A posture with a hypothesis beside the same one without it.

use super::quantities::quantities;
use crate::results::{Contrast, Posture};

/// The quantities that causes are told of, with and without. Both postures are of one body in one position.
pub fn contrast(with: &Posture, without: &Posture) -> Vec<Contrast> {
    let pairs = quantities(with).into_iter().zip(quantities(without));
    let of = pairs.map(|(with, without)| Contrast {
        quantity: with.name,
        label: with.label,
        unit: with.unit.to_owned(),
        with: with.value,
        without: without.value,
    });
    of.collect()
}
