//! Whom or what is asked about.

use guywire::body::foreign::ForeignBody;
use guywire::case::{Case, Tissue};

/// What postures are asked for: a case, or another model with a state of its tissues.
#[derive(Debug)]
pub enum Subjects {
    /// A person.
    Case(Box<Case>),
    /// A person for whom a model stands.
    CaseAs(Box<Case>, Box<ForeignBody>),
    /// Another model, all positions.
    Model(Box<ForeignBody>, Tissue),
}

impl Subjects {
    /// Whom or what it is about.
    pub fn name(&self) -> &str {
        match self {
            Self::Case(case) | Self::CaseAs(case, _) => &case.person.name,
            Self::Model(model, _) => model.name(),
        }
    }

    /// The case, if it is about a person.
    pub fn case(&self) -> Option<&Case> {
        match self {
            Self::Case(case) | Self::CaseAs(case, _) => Some(case),
            Self::Model(..) => None,
        }
    }

    /// The state of the tissues.
    pub fn tissue(&self) -> &Tissue {
        match self {
            Self::Case(case) | Self::CaseAs(case, _) => &case.tissue,
            Self::Model(_, tissue) => tissue,
        }
    }

    /// The same, to be changed.
    pub fn tissue_mut(&mut self) -> &mut Tissue {
        match self {
            Self::Case(case) | Self::CaseAs(case, _) => &mut case.tissue,
            Self::Model(_, tissue) => tissue,
        }
    }

    /// Whether tests may say otherwise than the tissue that is stated.
    pub fn has_readings(&self) -> bool {
        match self {
            Self::Case(case) => has_readings(case),
            Self::CaseAs(..) | Self::Model(..) => false,
        }
    }

    /// What was assumed about a model.
    pub fn caveats(&self) -> &[String] {
        match self {
            Self::Case(_) => &[],
            Self::Model(model, _) | Self::CaseAs(_, model) => model.caveats(),
        }
    }
}

/// Whose body it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// The one that the tests of the visits tell; where there are no readings, the stated one.
    Tested,
    /// The one that the case states: to try changes.
    Stated,
}

impl Whose {
    /// Whom somebody asks about who gives settings on top of a case.
    pub fn of(settings: &[String]) -> Self {
        if settings.is_empty() { Self::Tested } else { Self::Stated }
    }

    /// Whether readings of the case are left aside.
    pub fn ignores_readings_of(self, case: &Case) -> bool {
        self == Self::Stated && has_readings(case)
    }
}

fn has_readings(case: &Case) -> bool {
    case.visits.iter().any(|visit| !visit.readings.is_empty())
}
