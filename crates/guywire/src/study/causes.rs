//! What each tissue setting does in a position.

use super::quantities::{Quantity, quantities};
use super::states::{PERSON, REFERENCE, alone, removed};
use crate::case::Setting;
use crate::results::{Cause, Effect, Posture};

/// The effects of every setting, from the postures of the roles.
pub(super) fn causes<'p>(settings: &[Setting], at: impl Fn(usize) -> &'p Posture) -> Vec<Cause> {
    let reference = quantities(at(REFERENCE));
    let person = quantities(at(PERSON));
    let cause = |(i, setting): (usize, &Setting)| {
        let with = quantities(at(alone(i)));
        let without = quantities(at(removed(i)));
        let effect = |k: usize, quantity: &Quantity| Effect {
            quantity: quantity.name.clone(),
            label: quantity.label.clone(),
            unit: quantity.unit.to_owned(),
            reference: quantity.value,
            person: person[k].value,
            alone: with[k].value - quantity.value,
            removed: person[k].value - without[k].value,
            alone90: None,
        };
        Cause {
            setting: setting.to_string(),
            label: setting.describe(),
            effects: reference.iter().enumerate().map(|(k, quantity)| effect(k, quantity)).collect(),
        }
    };
    settings.iter().enumerate().map(cause).collect()
}
