//! One position of a study.

use super::causes::causes;
use super::contrast::contrast;
use super::solve::{Found, solve};
use super::states::{PERSON, REFERENCE, States, WITHOUT_HYPOTHESIS, is_alone};
use super::{Asked, StudyError, Unsettled};
use crate::body::Body;
use crate::case::Tissue;
use crate::posture::Positions;
use crate::results::PositionResult;
use rayon::prelude::*;

/// Everything that the positions of a report share.
pub(super) struct Study<'s> {
    pub positions: &'s Positions,
    pub states: &'s States,
    pub bodies: &'s [Body],
    pub asked: Asked<'s>,
    pub step: &'s (dyn Fn(&str) + Sync),
}

/// A position with what further solves start from.
pub(super) struct PositionStudy {
    pub result: PositionResult,
    pub person: Found,
}

/// The position whose main numbers are told as sure or unsure: standing, or else the first.
pub(super) fn main(found: &[PositionStudy]) -> Option<&PositionStudy> {
    found.iter().find(|p| p.result.position == "standing").or(found.first())
}

impl Study<'_> {
    /// Every position, and those without an equilibrium.
    ///
    /// # Errors
    /// When none of the positions has one.
    pub fn all(&self) -> Result<(Vec<PositionStudy>, Vec<Unsettled>), StudyError> {
        let solved: Vec<Result<PositionStudy, Vec<Unsettled>>> =
            self.asked.positions.par_iter().map(|name| self.position(name)).collect();
        let (mut found, mut failures) = (Vec::new(), Vec::new());
        for result in solved {
            match result {
                Ok(position) => found.push(position),
                Err(unsettled) => failures.extend(unsettled),
            }
        }
        if found.is_empty() && !failures.is_empty() {
            return Err(StudyError::NoEquilibrium(failures));
        }
        Ok((found, failures))
    }

    /// The tissue with no more than the settings that are told.
    pub fn told(&self) -> Tissue {
        let Tissue { settings, .. } = self.asked.tissue;
        let told = self.states.told.iter().filter_map(|&i| settings.get(i).cloned());
        Tissue { settings: told.collect(), ..self.asked.tissue.clone() }
    }

    fn settle(&self, name: &str, role: usize, near: Option<&Found>) -> Result<Found, Unsettled> {
        let body = &self.bodies[self.states.body[role]];
        let found = solve(body, self.positions, name, near);
        (self.step)(name);
        let tissue = || self.states.name(role, self.asked.tissue);
        found.map_err(|problem| Unsettled::new(name, tissue(), problem))
    }

    /// A position of the person and of the reference, and what every told setting does to it.
    pub fn position(&self, name: &str) -> Result<PositionStudy, Vec<Unsettled>> {
        let refuse = |unsettled| vec![unsettled];
        let reference = self.settle(name, REFERENCE, None).map_err(refuse)?;
        let body = &self.states.body;
        let mut found = vec![reference];
        if body[PERSON] != body[REFERENCE] {
            found.push(self.settle(name, PERSON, Some(&found[REFERENCE])).map_err(refuse)?);
        }
        let (reference, person) = (&found[body[REFERENCE]], &found[body[PERSON]]);
        // The states beyond the person's, each from the first role that it has.
        let others: Vec<Result<Found, Unsettled>> = (found.len()..self.bodies.len())
            .into_par_iter()
            .map(|state| {
                let role = body.iter().position(|&b| b == state).unwrap_or(REFERENCE);
                let near = if is_alone(role) { reference } else { person };
                self.settle(name, role, Some(near))
            })
            .collect();
        let mut failures = Vec::new();
        for other in others {
            match other {
                Ok(other) => found.push(other),
                Err(unsettled) => failures.push(unsettled),
            }
        }
        if !failures.is_empty() {
            return Err(failures);
        }
        // States are numbered by their bodies; without settings the person is the reference.
        let at = |role: usize| &found[body[role]].solved.posture;
        let causes = if self.asked.report.causes { causes(&self.told().settings, at) } else { Vec::new() };
        let reciprocal_inhibition = match body[WITHOUT_HYPOTHESIS] == body[PERSON] {
            true => Vec::new(),
            false => contrast(at(PERSON), at(WITHOUT_HYPOTHESIS)),
        };
        let (title, description) = match self.positions.get(name) {
            Ok(position) => (position.title.clone(), position.description.clone()),
            Err(_) => (name.to_owned(), String::new()),
        };
        let [reference, person] = [REFERENCE, PERSON].map(|role| &found[body[role]]);
        let result = PositionResult {
            position: name.to_owned(),
            title,
            description,
            person: person.solved.clone(),
            reference: reference.solved.clone(),
            causes,
            reciprocal_inhibition,
            spread: None,
        };
        Ok(PositionStudy { result, person: person.clone() })
    }
}
