//! The model against measured people: every row of `data/evidence/validation.toml`, computed.
//!
//! A row asks one question in a small vocabulary (`predict`); the equilibria that all questions need are
//! solved once, in parallel. The reference person is the body of the tables as it is (a man of 170 cm and
//! 79.5 kg); a row measured on one known person names them, and the body is scaled to that person. A row
//! whose positions have no equilibrium gets no number, counts as outside and says why.

mod answer;
mod draws;
mod evidence;
mod population;
mod predict;
mod scenarios;
mod stretch;

use crate::body::{LEVELS, ReferenceBody};
use crate::examination::Protocols;
use crate::posture::Positions;
use crate::results::ValidationRow;
use crate::study::{self, Progress, StudyError};
use answer::Answers;
use evidence::Row;
use population::{Population, Wanted};
use predict::{Prediction, Vocabulary};
use scenarios::Solved;
use std::collections::BTreeMap;

/// Compares the model with every row of the evidence.
///
/// # Errors
/// When the body cannot be built or an evidence file is wrong; the message names line and row.
pub fn run(reference: &ReferenceBody, progress: Progress<'_>) -> Result<Vec<ValidationRow>, StudyError> {
    let positions = Positions::read()?;
    let mut evidence = evidence::read(&vocabulary(reference, &positions, &Protocols::read()?))?;
    for row in &mut evidence.rows {
        if let Prediction::Lengthening { stretch, after } = &row.prediction {
            row.prediction = stretch.question((reference, &positions), after);
        }
    }
    let questions: Vec<(Option<String>, &Prediction)> =
        evidence.rows.iter().map(|row| (row.person.clone(), &row.prediction)).collect();
    let solved = Solved::all(reference, &positions, &evidence.people, &questions, progress)?;
    let mut wanted = Wanted::default();
    for (_, question) in &questions {
        question.asks(&mut wanted);
    }
    let population = Population::drawn(reference, &positions, &study::vocabulary(reference)?, &wanted);
    Ok(evidence
        .rows
        .iter()
        .map(|row| {
            let person = row.person.as_deref();
            row.judged(Answers { solved: &solved, population: &population, person }.to(&row.prediction))
        })
        .collect())
}

fn vocabulary(reference: &ReferenceBody, positions: &Positions, protocols: &Protocols) -> Vocabulary {
    let groups = reference.groups();
    // A muscle is a group of its own, unless a group has its name.
    let mut members: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for muscle in groups.iter().flat_map(|g| &g.members) {
        members.insert(muscle.clone(), vec![muscle.clone()]);
    }
    members.extend(groups.into_iter().map(|g| (g.name, g.members)));
    Vocabulary {
        positions: positions.all().iter().map(|p| p.name.clone()).collect(),
        groups: members,
        levels: LEVELS.iter().map(|l| l.replace('_', "/")).collect(),
        tests: protocols.all().iter().filter(|p| p.posture().is_none()).map(|p| p.test.clone()).collect(),
    }
}

impl Row {
    fn judged(&self, answer: Result<f64, String>) -> ValidationRow {
        let mut note = self.note.clone();
        let predicted = answer.unwrap_or_else(|problem| {
            note = if note.is_empty() { problem } else { format!("{problem}; {note}") };
            f64::NAN
        });
        ValidationRow {
            id: self.id.clone(),
            quantity: self.quantity.clone(),
            condition: self.condition.clone(),
            unit: self.unit.clone(),
            measured: self.measured,
            low: self.low,
            high: self.high,
            spread: self.spread.clone(),
            source: self.source.clone(),
            predicted,
            difference: predicted - self.measured,
            inside: (self.low..=self.high).contains(&predicted),
            required: self.required,
            used_for: self.used_for.clone(),
            note,
        }
    }
}
