//! Lists of sections: `[[week]]`, `[[done]]`, `[[diary]]`, `[[visit]]`.

use super::reader::{Key, Reader, Value};
use std::ops::Range;
use toml::de::{DeTable, DeValue};

/// What a list of sections is called where something else stands.
pub(super) struct Sections {
    /// Its field.
    pub field: &'static str,
    /// All of it, as in "a list of visits".
    pub list: &'static str,
    /// One of it, as in "a section `[[visit]]`".
    pub one: &'static str,
    /// What each says, as in "visit".
    pub each: &'static str,
}

impl Reader<'_> {
    /// Reads every section of a list, in its order; nothing in the place of one that is no section, which is said. None where
    /// there is no list.
    pub(super) fn sections<T>(
        &mut self,
        of: &Sections,
        (key, value): (&Key<'_>, &Value<'_>),
        mut read: impl FnMut(&mut Self, Range<usize>, &DeTable<'_>) -> Option<T>,
    ) -> Option<Vec<Option<T>>> {
        let Sections { field, list, one, each } = *of;
        let DeValue::Array(entries) = value.get_ref() else {
            let instead = matches!(value.get_ref(), DeValue::Table(_))
                .then(|| format!("write `[[{field}]]` with two brackets above each {each}"));
            return self.wrong_type(field, list, key, value, instead);
        };
        let each = entries.iter().map(|entry| match entry.get_ref() {
            DeValue::Table(table) => read(self, entry.span(), table),
            _ => self.wrong_type(field, one, key, entry, None),
        });
        Some(each.collect())
    }
}
