//! Reads the `[body]` section: a model that stands for the person's body instead of the built-in one.

use super::error::CaseError;
use super::reader::{Key, Reader, Value, entries, place, shown};
use super::{Vocabulary, syntax};
use std::ops::Range;
use toml::de::{DeTable, DeValue};

pub(super) const MODEL_FIELDS: [&str; 2] = ["model", "names"];

/// Fields of `[person]` that only the built-in body can follow.
const SHAPE: [&str; 2] = ["pelvic_incidence_deg", "segments"];

/// The name of a file as a case gives it: as it is, or beside the case. Opening it is left to the caller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileName {
    /// The name.
    pub path: String,
    /// Where it stands, in bytes of the case's text.
    pub span: Range<usize>,
}

/// The files of `[body]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelFile {
    /// The OpenSim model.
    pub model: FileName,
    /// What it calls its parts, where its names are unusual.
    pub names: Option<FileName>,
}

impl ModelFile {
    /// The files that the text of a case names, to be opened before the case is read: its tissue is named by them.
    /// What is wrong with the section is told by [`super::Case::parse`].
    pub fn of(text: &str) -> Option<ModelFile> {
        if text.len() > super::read::LONGEST_TEXT {
            return None;
        }
        let (sound, _) = syntax::sound_part(text);
        let (document, _) = DeTable::parse_recoverable(&sound);
        let mut reader = Reader { vocabulary: &Vocabulary::default(), text: &sound, errors: Vec::new() };
        let entries = entries(document.get_ref());
        let (key, value) = entries.into_iter().find(|(key, _)| key.get_ref() == "body")?;
        let table = reader.section(key, value)?;
        reader.model_file(key, table)
    }

    /// The files and the fields that name them.
    pub fn files(&self) -> impl Iterator<Item = (&'static str, &FileName)> {
        [("model", Some(&self.model)), ("names", self.names.as_ref())]
            .into_iter()
            .filter_map(|(field, file)| Some((field, file?)))
    }
}

impl FileName {
    /// Why a file cannot be used, at the place where the case names it.
    pub fn unusable(&self, field: &'static str, problem: impl ToString) -> CaseError {
        CaseError::UnusableFile {
            field,
            path: shown(&self.path),
            problem: problem.to_string(),
            span: self.span.clone(),
        }
    }
}

impl Reader<'_> {
    pub(super) fn model_file(&mut self, section: &Key<'_>, table: &DeTable<'_>) -> Option<ModelFile> {
        let (mut model, mut names) = (None, Some(None));
        for (key, value) in entries(table) {
            match key.get_ref().as_ref() {
                "model" => model = self.file_name("model", ".osim", key, value),
                "names" => names = self.file_name("names", ".toml", key, value).map(Some),
                _ => self.unknown_field(key, "`[body]`", &MODEL_FIELDS),
            }
        }
        if !table.iter().any(|(key, _)| key.get_ref() == "model") {
            let example = "model = \"gait2392.osim\"";
            let span = section.span();
            self.errors.push(CaseError::Missing { field: "model", section: "`[body]`", example, span });
        }
        Some(ModelFile { model: model?, names: names? })
    }

    fn file_name(
        &mut self,
        field: &'static str,
        extension: &'static str,
        key: &Key<'_>,
        value: &Value<'_>,
    ) -> Option<FileName> {
        let DeValue::String(path) = value.get_ref() else {
            return self.wrong_type(field, "the name of a file in quotes", key, value, None);
        };
        let file = FileName { path: path.to_string(), span: place(key, value) };
        let ends = path.len() > extension.len()
            && path.to_ascii_lowercase().ends_with(extension)
            && !path.contains(char::is_control);
        if !ends {
            let problem = format!("the name of such a file ends in `{extension}`");
            self.errors.push(file.unusable(field, problem));
            return None;
        }
        Some(file)
    }

    /// Refuses what of the person shapes the built-in body.
    pub(super) fn refuse_shape(&mut self, document: &DeTable<'_>) {
        let person = document.iter().find(|(key, _)| key.get_ref() == "person");
        let Some(DeValue::Table(person)) = person.map(|(_, value)| value.get_ref()) else { return };
        for (key, _) in entries(person) {
            if SHAPE.contains(&key.get_ref().as_ref()) {
                self.errors.push(CaseError::NotForModel { field: shown(key.get_ref()), span: key.span() });
            }
        }
    }
}
