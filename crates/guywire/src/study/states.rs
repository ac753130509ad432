//! The tissue states of a study, and the bodies that have them.

use super::Subject;
use crate::body::{Body, BodyError};
use crate::case::{ReportOptions, Setting, Tissue};
use rayon::prelude::*;

/// The tissue states of a case: reference, person, without the hypothesis, and for each setting alone and removed.
pub(super) struct States {
    /// The different states of tissue.
    tissues: Vec<Tissue>,
    /// Which settings have roles.
    pub told: Vec<usize>,
    /// Which of them each of the roles is: reference, person, alone 0, removed 0, alone 1, …
    pub body: Vec<usize>,
}

/// Role of the reference tissue.
pub(super) const REFERENCE: usize = 0;
/// Role of the person's tissue.
pub(super) const PERSON: usize = 1;

/// Role of the person's tissue without reciprocal inhibition.
pub(super) const WITHOUT_HYPOTHESIS: usize = 2;

/// Role of one setting added to the reference.
pub(super) const fn alone(setting: usize) -> usize {
    3 + 2 * setting
}

/// Role of the person's tissue without one setting.
pub(super) const fn removed(setting: usize) -> usize {
    4 + 2 * setting
}

/// Whether a role is one of a setting added to the reference.
pub(super) const fn is_alone(role: usize) -> bool {
    role > WITHOUT_HYPOTHESIS && role % 2 == 1
}

impl States {
    /// The states with all settings, with none, and with each of the `told` ones alone and taken away.
    pub fn of(tissue: &Tissue, told: &[usize]) -> Self {
        let with = |settings: Vec<Setting>| Tissue { settings, ..tissue.clone() };
        let mut states = Self { tissues: Vec::new(), told: told.to_vec(), body: Vec::new() };
        let reference = if tissue.settings.is_empty() { tissue.clone() } else { with(Vec::new()) };
        states.add(reference);
        states.add(tissue.clone());
        states.add(Tissue { reciprocal_inhibition: 0.0, ..tissue.clone() });
        for &i in told {
            states.add(with(tissue.settings.get(i).cloned().into_iter().collect()));
            let others = tissue.settings.iter().enumerate().filter(|(k, _)| *k != i);
            states.add(with(others.map(|(_, setting)| setting.clone()).collect()));
        }
        states
    }

    fn add(&mut self, tissue: Tissue) {
        let known = self.tissues.iter().position(|t| *t == tissue);
        self.body.push(known.unwrap_or(self.tissues.len()));
        if known.is_none() {
            self.tissues.push(tissue);
        }
    }

    /// How many roles a report asks for.
    pub fn used(&self, report: &ReportOptions) -> usize {
        if report.causes { self.body.len() } else { WITHOUT_HYPOTHESIS + 1 }
    }

    /// The bodies of the first `roles` roles.
    pub fn bodies(&self, subject: Subject<'_>, roles: usize) -> Result<Vec<Body>, BodyError> {
        let last = self.body[..roles].iter().max().copied().unwrap_or(0);
        self.tissues[..=last].par_iter().map(|tissue| subject.body(tissue)).collect()
    }

    /// A role in words, for messages.
    pub fn name(&self, role: usize, tissue: &Tissue) -> String {
        let setting = |role: usize| &tissue.settings[self.told[(role - alone(0)) / 2]];
        match role {
            REFERENCE => "with reference tissue".to_owned(),
            PERSON => "with all settings".to_owned(),
            WITHOUT_HYPOTHESIS => "without reciprocal inhibition".to_owned(),
            role if is_alone(role) => format!("with `{}` alone", setting(role)),
            role => format!("without `{}`", setting(role)),
        }
    }
}
