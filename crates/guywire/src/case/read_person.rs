//! Reads the `[person]` section.

use super::error::CaseError;
use super::quantity::{self, Quantity};
use super::reader::{Key, Reader, Value, entries};
use super::vocabulary::nearest;
use super::{Person, Segments, Sex};
use std::ops::Range;
use toml::de::{DeTable, DeValue};

/// Longest name of a person.
const LONGEST_NAME: usize = 100;

/// Body mass indices outside which no adult or child is known to have lived (assumed from case reports:
/// lowest survived starvation, heaviest people measured).
const POSSIBLE_BODY_MASS_INDEX: Range<f64> = 7.0..110.0;

pub(super) const PERSON_FIELDS: [&str; 7] =
    ["name", "age", "sex", "height_cm", "mass_kg", "pelvic_incidence_deg", "segments"];
pub(super) const SEGMENT_FIELDS: [Quantity; 5] =
    [quantity::THIGH, quantity::SHANK, quantity::FOOT, quantity::HIP_WIDTH, quantity::TRUNK];

impl Reader<'_> {
    pub(super) fn person(&mut self, section: &Key<'_>, table: &DeTable<'_>) -> Option<Person> {
        let (mut name, mut sex, mut age, mut height, mut mass) = (None, None, None, None, None);
        let (mut pelvic_incidence, mut segments) = (Some(None), Some(Segments::default()));
        let (mut height_span, mut segments_span) = (section.span(), section.span());
        for (key, value) in entries(table) {
            match key.get_ref().as_ref() {
                "name" => name = self.name(key, value),
                "sex" => sex = self.sex(key, value),
                "age" => age = self.number("age", &quantity::AGE, key, value),
                "height_cm" => {
                    height = self.number("height_cm", &quantity::HEIGHT, key, value);
                    height_span = key.span();
                }
                "mass_kg" => mass = self.number("mass_kg", &quantity::MASS, key, value),
                "pelvic_incidence_deg" => {
                    let quantity = &quantity::PELVIC_INCIDENCE;
                    pelvic_incidence = self.number(quantity.field, quantity, key, value).map(Some);
                }
                "segments" => {
                    segments_span = key.span();
                    segments = self.section(key, value).and_then(|table| self.segments(table));
                }
                _ => self.unknown_quantity(
                    key,
                    value,
                    "`[person]`",
                    &PERSON_FIELDS,
                    &[quantity::HEIGHT, quantity::MASS, quantity::AGE, quantity::PELVIC_INCIDENCE],
                ),
            }
        }
        self.require(
            section,
            table,
            &[
                ("name", "name = \"Ada\""),
                ("age", "age = 35"),
                ("sex", "sex = \"female\""),
                ("height_cm", "height_cm = 170"),
                ("mass_kg", "mass_kg = 65"),
            ],
        );
        let (height_cm, segments) = (height?, segments?);
        let sum_cm: f64 = [segments.thigh_cm, segments.shank_cm, segments.trunk_cm].iter().flatten().sum();
        if sum_cm > height_cm {
            self.errors.push(CaseError::LongerThanPerson { sum_cm, height_cm, span: segments_span });
        }
        let person = Person {
            name: name?,
            age: age?,
            sex: sex?,
            height_cm,
            mass_kg: mass?,
            pelvic_incidence_deg: pelvic_incidence?,
            segments,
        };
        let bmi = person.body_mass_index();
        if !POSSIBLE_BODY_MASS_INDEX.contains(&bmi) {
            let Range { start: low, end: high } = POSSIBLE_BODY_MASS_INDEX;
            let mass_kg = person.mass_kg;
            self.errors.push(CaseError::ImpossibleBuild {
                mass_kg,
                height_cm,
                bmi,
                low,
                high,
                span: height_span,
            });
        }
        Some(person)
    }

    fn require(&mut self, section: &Key<'_>, table: &DeTable<'_>, fields: &[(&'static str, &'static str)]) {
        for &(field, example) in fields {
            // A field under a wrong name was reported there.
            let misspelt = |key: &str| {
                let known = [quantity::HEIGHT, quantity::MASS, quantity::AGE];
                let other_unit = known.iter().any(|q| q.field == field && q.other_unit(key).is_some());
                !PERSON_FIELDS.contains(&key) && (other_unit || nearest(key, PERSON_FIELDS) == Some(field))
            };
            if !table.iter().any(|(key, _)| key.get_ref() == field || misspelt(key.get_ref())) {
                let span = section.span();
                self.errors.push(CaseError::Missing { field, section: "`[person]`", example, span });
            }
        }
    }

    fn segments(&mut self, table: &DeTable<'_>) -> Option<Segments> {
        let mut segments = Segments::default();
        let names = SEGMENT_FIELDS.map(|quantity| quantity.field);
        for (key, value) in entries(table) {
            let field = key.get_ref().as_ref();
            let place = match field {
                "thigh_cm" => &mut segments.thigh_cm,
                "shank_cm" => &mut segments.shank_cm,
                "foot_cm" => &mut segments.foot_cm,
                "hip_width_cm" => &mut segments.hip_width_cm,
                "trunk_cm" => &mut segments.trunk_cm,
                _ => {
                    self.unknown_quantity(key, value, "`[person.segments]`", &names, &SEGMENT_FIELDS);
                    continue;
                }
            };
            let quantity = SEGMENT_FIELDS.iter().find(|quantity| quantity.field == field);
            *place = quantity.and_then(|quantity| self.number(field, quantity, key, value));
        }
        Some(segments)
    }

    fn name(&mut self, key: &Key<'_>, value: &Value<'_>) -> Option<String> {
        let expected = "the person's name on one line, in quotes";
        match value.get_ref() {
            DeValue::String(name) => {
                let printable = !name.contains(char::is_control) && !name.trim().is_empty();
                if printable && name.chars().count() <= LONGEST_NAME {
                    return Some(name.trim().to_owned());
                }
                self.wrong_type("name", expected, key, value, None)
            }
            _ => self.wrong_type("name", expected, key, value, None),
        }
    }

    fn sex(&mut self, key: &Key<'_>, value: &Value<'_>) -> Option<Sex> {
        let choices = [Sex::Female, Sex::Male].map(|sex| (sex.name(), sex));
        let meant = |word: &str| match word {
            "f" | "w" | "woman" | "girl" => Some("female"),
            "m" | "man" | "boy" => Some("male"),
            _ => None,
        };
        self.choice("sex", "\"female\" or \"male\"", &choices, meant, (key, value))
    }
}
