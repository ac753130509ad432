//! The model against measured people: every row of `data/evidence/validation.toml`, computed.
//!
//! A row asks one question in a small vocabulary (`predict`); the equilibria that all questions need are
//! solved once, in parallel. The reference person is the body of the tables as it is (a man of 170 cm and
//! 79.5 kg); a row measured on one known person names them, and the body is scaled to that person. A row
//! whose positions have no equilibrium gets no number, counts as outside and says why.

mod activity;
mod answer;
mod course;
mod course_text;
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
use course::Ground;
use evidence::Row;
use population::{Population, Wanted};
use predict::{Prediction, Vocabulary};
use rayon::prelude::*;
use scenarios::Solved;
use std::collections::BTreeMap;
use stretch::Room;

/// Compares the model with every row of the evidence.
///
/// # Errors
/// When the body cannot be built or an evidence file is wrong; the message names line and row.
pub fn run(reference: &ReferenceBody, progress: Progress<'_>) -> Result<Vec<ValidationRow>, StudyError> {
    let (positions, protocols) = (Positions::read()?, Protocols::read()?);
    let room = Room { reference, positions: &positions, protocols: &protocols };
    let mut evidence = evidence::read(&vocabulary(reference, &positions, &protocols))?;
    for row in &mut evidence.rows {
        if let Prediction::Lengthening { stretch, after } = &row.prediction {
            row.prediction = stretch.question(&room, after);
        }
        if let Prediction::PeakHipForceBw { activity } = &row.prediction {
            let peak = activity::peak_hip_force(reference, &positions, activity);
            row.prediction = Prediction::Known(peak.map_err(|problem| problem.to_string()));
        }
    }
    let ground = Ground::of(reference, &positions);
    evidence.rows.par_iter_mut().for_each(|row| row.follow(ground.as_ref()));
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
        tests: protocols.all().iter().map(|p| p.test.clone()).collect(),
    }
}

/// Rates that are drawn for the band of a course.
const DRAWS: usize = 32;

impl Row {
    /// Answers a course of weeks, and says how wide its answer is.
    fn follow(&mut self, ground: Result<&Ground<'_>, &String>) {
        let Prediction::Course(course) = &self.prediction else { return };
        let answer = ground.map_err(Clone::clone).and_then(|ground| course.answer(ground, DRAWS));
        if let Ok(answer) = &answer {
            self.note =
                [answer.words(), self.note.clone()].join(if self.note.is_empty() { "" } else { "; " });
        }
        self.prediction = Prediction::Known(answer.map(|answer| answer.median));
    }

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

#[cfg(test)]
mod tests {
    use super::*;

    /// Every programme of weeks has its number, and those that the rates were set to are met.
    #[test]
    fn courses_have_answers() {
        let reference = ReferenceBody::adult().unwrap();
        let positions = Positions::read().unwrap();
        let evidence =
            evidence::read(&vocabulary(&reference, &positions, &Protocols::read().unwrap())).unwrap();
        let ground = Ground::of(&reference, &positions).unwrap();
        let mut count = 0;
        for row in &evidence.rows {
            let Prediction::Course(course) = &row.prediction else { continue };
            let judged = row.judged(course.answer(&ground, 0).map(|answer| answer.median));
            println!(
                "{:26} {:8.3} [{:7.3}, {:7.3}] {}",
                row.id, judged.predicted, row.low, row.high, judged.inside
            );
            assert!(judged.predicted.is_finite(), "{}: {}", row.id, judged.note);
            assert!(judged.inside || !row.required, "{}: {}", row.id, judged.predicted);
            count += usize::from(row.used_for == "validate");
        }
        assert!(count >= 10, "{count} are held out");
    }
}
