//! Reads `[plan]`: what a plan must keep to.
//!
//! ```toml
//! [plan]
//! equipment = ["mat", "band"]   # what there is; without it that is not known, and `[]` is nothing
//! painful = ["hip_flexion.left > 90", "lumbar_flexion > 20"]    # degrees of a pose beyond which it hurts
//! ```

use super::error::CaseError;
use super::limits::{PainLimit, PlanLimits};
use super::reader::{Key, Reader, Value, entries, owned, place, shown};
use super::vocabulary::nearest;
use toml::de::{DeTable, DeValue};

pub(super) const PLAN_FIELDS: [&str; 2] = ["equipment", "painful"];

impl Reader<'_> {
    pub(super) fn plan_limits(&mut self, table: &DeTable<'_>) -> Option<PlanLimits> {
        let problems = self.errors.len();
        let mut limits = PlanLimits::default();
        for (key, value) in entries(table) {
            match key.get_ref().as_ref() {
                "equipment" => limits.equipment = self.equipment(key, value),
                "painful" => limits.painful = self.painful(key, value),
                _ => self.unknown_field(key, "`[plan]`", &PLAN_FIELDS),
            }
        }
        (self.errors.len() == problems).then_some(limits)
    }

    fn equipment(&mut self, key: &Key<'_>, value: &Value<'_>) -> Option<Vec<String>> {
        let mut list: Vec<String> = Vec::new();
        for (name, entry) in self.texts("equipment", "a list of names", key, value) {
            let known = &self.vocabulary.equipment;
            if known.contains(&name) {
                if !list.contains(&name) {
                    list.push(name);
                }
                continue;
            }
            let valid: Vec<&str> = known.iter().map(String::as_str).collect();
            self.errors.push(CaseError::WrongChoice {
                field: "equipment".into(),
                found: shown(&name),
                nearest: nearest(&name, valid.iter().copied()).map(str::to_owned),
                valid: owned(&valid),
                span: place(key, entry),
            });
        }
        Some(list)
    }

    fn painful(&mut self, key: &Key<'_>, value: &Value<'_>) -> Vec<PainLimit> {
        let mut list = Vec::new();
        let expected = "a list of texts such as \"hip_flexion.left > 90\"";
        for (text, entry) in self.texts("painful", expected, key, value) {
            match PainLimit::read(&text, &self.vocabulary.measures) {
                Ok(limits) => list.extend(limits),
                Err((why, nearest)) => self.errors.push(CaseError::WrongPainLimit {
                    text: shown(&text),
                    why,
                    nearest,
                    span: place(key, entry),
                }),
            }
        }
        list
    }

    /// The texts of a list; what is none is reported.
    fn texts<'t, 'i>(
        &mut self,
        field: &str,
        expected: &'static str,
        key: &Key<'_>,
        value: &'t Value<'i>,
    ) -> Vec<(String, &'t Value<'i>)> {
        let DeValue::Array(list) = value.get_ref() else {
            self.wrong_type::<()>(field, expected, key, value, None);
            return Vec::new();
        };
        let mut texts = Vec::new();
        for entry in list.iter() {
            match entry.get_ref() {
                DeValue::String(text) => texts.push((text.to_string(), entry)),
                _ => {
                    self.wrong_type::<()>(field, expected, key, entry, None);
                }
            }
        }
        texts
    }
}
