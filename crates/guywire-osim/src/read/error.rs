//! Why a file is no model.

use crate::inclusion::InclusionError;
use crate::names;
use crate::report::Entry;
use crate::xml::XmlError;

/// Where in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The file in the model's file that holds the object, unless it is the model's own.
    pub file: Option<String>,
    /// From 1.
    pub line: usize,
    /// Class of the object.
    pub class: String,
    /// Its name.
    pub name: String,
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let Some(file) = &self.file {
            write!(f, "{file}, ")?;
        }
        write!(f, "line {}: {} `{}`", self.line, self.class, self.name)
    }
}

/// Why a file is no model.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// Not XML.
    #[error(transparent)]
    Xml(#[from] XmlError),
    /// An object in a file of its own.
    #[error(transparent)]
    Inclusion(#[from] InclusionError),
    /// XML, but something else.
    #[error("line {line}: expected `{expected}`, found `{found}`")]
    NotAModel {
        /// Line.
        line: usize,
        /// Element that a model file has there.
        expected: &'static str,
        /// What is there.
        found: String,
    },
    /// A version that OpenSim 4.6 does not read either.
    #[error("line {line}: document version {found}; expected {oldest} to {newest}")]
    Version {
        /// Line.
        line: usize,
        /// What the file says.
        found: String,
        /// Oldest version that is read.
        oldest: u32,
        /// Newest version that is read.
        newest: u32,
    },
    /// A value that cannot be read.
    #[error("{place}: `{property}` is `{found}`; expected {expected}")]
    Value {
        /// Object.
        place: Box<Place>,
        /// Property.
        property: String,
        /// What is there, shortened.
        found: String,
        /// What would be right.
        expected: &'static str,
    },
    /// A property that has no default.
    #[error("{place}: `{property}` is missing; expected {expected}")]
    Missing {
        /// Object.
        place: Box<Place>,
        /// Property.
        property: String,
        /// What would be right.
        expected: &'static str,
    },
    /// A name that nothing has.
    #[error("{place}: `{property}` names the {what} `{name}`, which does not exist{}", names::hint(.nearest))]
    Unknown {
        /// Object.
        place: Box<Place>,
        /// Property.
        property: String,
        /// Kind of thing.
        what: &'static str,
        /// The name.
        name: String,
        /// The nearest existing one.
        nearest: Option<Box<str>>,
    },
    /// A class that cannot be read where the model needs one.
    #[error("{place}: the class `{class}` is not read; expected {expected}")]
    Class {
        /// Object that has it.
        place: Box<Place>,
        /// The class.
        class: String,
        /// What would be right.
        expected: &'static str,
    },
    /// Frames that hang on each other.
    #[error("{place}: the frame hangs on itself through {through}")]
    FrameCycle {
        /// The frame.
        place: Box<Place>,
        /// The frame where it was noticed.
        through: String,
    },
    /// A rule between values.
    #[error("{place}: {rule}")]
    Rule {
        /// Object.
        place: Box<Place>,
        /// What is violated.
        rule: String,
    },
    /// Elements that make force and cannot be read.
    #[error("{} cannot be read; allow missing forces to leave out what is refused:{}", count(.0), lines(.0))]
    Forces(Vec<Entry>),
}

fn count(entries: &[Entry]) -> String {
    match entries.len() {
        1 => "a force".to_owned(),
        n => format!("{n} forces"),
    }
}

fn lines(entries: &[Entry]) -> String {
    entries.iter().map(|entry| format!("\n  {entry}")).collect()
}

/// The candidate nearest to a name, letters compared without case, if at most about half of the letters are wrong.
pub(crate) fn nearest<'a>(name: &str, candidates: impl Iterator<Item = &'a str>) -> Option<Box<str>> {
    // Longer names come from damaged files; the table of distances stays small.
    const LONGEST: usize = 100;
    if name.len() > LONGEST {
        return None;
    }
    let at_most = name.chars().count() / 2 + 1;
    let name = name.to_lowercase();
    let candidates = candidates.filter(|candidate| candidate.len() <= LONGEST);
    names::nearest(candidates, at_most, |other| strsim::levenshtein(&name, &other.to_lowercase()))
        .map(Into::into)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nearest_name_is_found_when_near() {
        let names = ["femur_r", "femur_l", "tibia_r"];
        assert_eq!(nearest("Femur_rr", names.into_iter()).as_deref(), Some("femur_r"));
        assert_eq!(nearest("scapula_left", names.into_iter()), None);
    }
}
