//! The person whom the tests are about where nothing about them matters.

use guywire::case::{Person, Segments, Sex};

/// The reference person: height and mass are those of the tables of the body.
pub fn person() -> Person {
    Person {
        name: "Reference".into(),
        age: 30.0,
        sex: Sex::Male,
        height_cm: 170.0,
        mass_kg: 79.48,
        pelvic_incidence_deg: None,
        segments: Segments::default(),
    }
}
