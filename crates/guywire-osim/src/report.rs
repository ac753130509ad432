//! What became of every element of a model file.

use std::fmt;

/// What was done with an element.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case", tag = "fate", content = "reason")]
pub enum Fate {
    /// It is in the model as OpenSim would have it.
    Used,
    /// It makes no force and moves nothing; it stays in the document and is written again.
    Kept,
    /// It is in the model, but not exactly as OpenSim would have it.
    Approximated(String),
    /// It should be in the model and is not.
    Refused(String),
}

/// One element.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Entry {
    /// The file in the model's file that holds the object, unless it is the model's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// Line in the file.
    pub line: usize,
    /// Class, which is the name of the element.
    pub class: String,
    /// Name of the object.
    pub name: String,
    /// What was done.
    #[serde(flatten)]
    pub fate: Fate,
}

impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(file) = &self.file {
            write!(f, "{file}, ")?;
        }
        write!(f, "line {}: {} `{}` ", self.line, self.class, self.name)?;
        match &self.fate {
            Fate::Used => f.write_str("used"),
            Fate::Kept => f.write_str("kept, without effect"),
            Fate::Approximated(reason) => write!(f, "approximated: {reason}"),
            Fate::Refused(reason) => write!(f, "refused: {reason}"),
        }
    }
}

/// What became of every object of a model file, by line.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct ImportReport {
    /// Document version that the file states.
    pub version: u32,
    /// Objects in the order of the file; more than one entry where several things are to be said of one object.
    pub entries: Vec<Entry>,
}

impl ImportReport {
    /// Entries that are not simply used or kept.
    pub fn remarks(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter().filter(|entry| !matches!(entry.fate, Fate::Used | Fate::Kept))
    }

    /// Whether an element that should be in the model is not.
    pub fn refused(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter().filter(|entry| matches!(entry.fate, Fate::Refused(_)))
    }
}
