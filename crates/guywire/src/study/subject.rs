//! Whose body is solved: a person's, scaled from the reference body, or another model as it is.

use crate::body::foreign::ForeignBody;
use crate::body::{Body, BodyError, ReferenceBody};
use crate::case::{Person, Tissue};
use crate::results::ModelInfo;

/// Whose body is solved.
#[derive(Clone, Copy, Debug)]
pub enum Subject<'s> {
    /// A person, for whom the reference body is scaled.
    Person(&'s ReferenceBody, &'s Person),
    /// A model with its own size, mass and muscles.
    Model(&'s ForeignBody),
    /// A person, for whom a model stands as it is.
    PersonAs(&'s Person, &'s ForeignBody),
}

impl Subject<'_> {
    /// The body with a state of its tissues.
    pub(crate) fn body(&self, tissue: &Tissue) -> Result<Body, BodyError> {
        match self {
            Self::Person(reference, person) => reference.scaled_to(person, tissue),
            Self::Model(foreign) | Self::PersonAs(_, foreign) => foreign.with_tissue(tissue),
        }
    }

    /// The person, if it is one.
    pub(crate) fn person(&self) -> Option<&Person> {
        match self {
            Self::Person(_, person) | Self::PersonAs(person, _) => Some(person),
            Self::Model(_) => None,
        }
    }

    /// The model, if it is one.
    pub(crate) fn model(&self) -> Option<ModelInfo> {
        match self {
            Self::Person(..) => None,
            Self::Model(foreign) | Self::PersonAs(_, foreign) => Some(ModelInfo {
                name: foreign.name().to_owned(),
                mass_kg: foreign.mass_kg(),
                caveats: foreign.caveats().to_vec(),
            }),
        }
    }
}
