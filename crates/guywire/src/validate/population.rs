//! A population: what people read in clinical tests, and how they stand, who differ as is believed before any test.
//!
//! Everybody has the size of the reference body. Tissue, tolerance and pelvic incidence are drawn from what a fit believes
//! before any test. Every person is then examined: nothing is made linear.
//!
//! ```text
//! sd² = sd(readings)² + error²        error: of one examiner, who reads everybody once
//! ```

use super::draws::standard_scores;
use crate::body::{Body, ReferenceBody};
use crate::case::{TestVocabulary, Tissue, Vocabulary};
use crate::examination::{Protocol, Protocols, Trial};
use crate::fit::unknowns::{Incidence, State, Unknowns};
use crate::posture::{Positions, Settled, settle, settle_near, start_at};
use crate::results::Measures;
use crate::side::Side;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// People drawn: what depends on their scores in a straight line has its exact spread, the rest to some percent.
const PEOPLE: usize = 256;
/// Seed of the draws.
const SEED: u64 = 20_100_305;

/// How a number is spread among people.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spread {
    pub mean: f64,
    pub sd: f64,
}

impl Spread {
    fn of(values: impl Iterator<Item = f64> + Clone) -> Self {
        let count = values.clone().count() as f64;
        let mean = values.clone().sum::<f64>() / count;
        let squares: f64 = values.map(|v| (v - mean) * (v - mean)).sum();
        Self { mean, sd: libm::sqrt(squares / (count - 1.0)) }
    }
}

/// What rows ask of a population.
#[derive(Debug, Default)]
pub(super) struct Wanted<'q> {
    /// Clinical tests.
    pub tests: BTreeSet<&'q str>,
    /// Positions that everybody takes.
    pub positions: BTreeSet<&'q str>,
}

/// What was found, or why it was not.
#[derive(Default)]
pub(super) struct Population {
    tests: BTreeMap<String, Result<Spread, String>>,
    positions: BTreeMap<String, Result<Vec<Measures>, String>>,
}

impl Population {
    /// Draws people, does the tests on their right side, and looks how they stand.
    pub fn drawn(
        reference: &ReferenceBody,
        positions: &Positions,
        vocabulary: &Vocabulary,
        wanted: &Wanted<'_>,
    ) -> Self {
        if wanted.tests.is_empty() && wanted.positions.is_empty() {
            return Self::default();
        }
        let people = people(reference, vocabulary);
        let protocols = Protocols::read().map_err(|e| e.to_string());
        let read = |name: &str| -> Result<Spread, String> {
            let (people, protocols) = (people.as_ref()?, protocols.as_ref()?);
            let protocol = protocols.get(name, None).map_err(|e| e.to_string())?;
            let test = vocabulary.tests.iter().find(|t| t.name == name).ok_or("there is no such test")?;
            readings(reference, people, positions, test, protocol)
        };
        let stand = |position: &str| -> Result<Vec<Measures>, String> {
            measures(reference, people.as_ref()?, positions, position)
        };
        let own = |name: &&str| (*name).to_owned();
        Self {
            tests: wanted.tests.iter().map(|name| (own(name), read(name))).collect(),
            positions: wanted.positions.iter().map(|name| (own(name), stand(name))).collect(),
        }
    }

    /// The readings of a test, with the examiner's error.
    pub fn of_test(&self, test: &str) -> Result<Spread, String> {
        self.tests.get(test).cloned().ok_or("nobody was examined")?
    }

    /// A measure of a position.
    pub fn of_measure(&self, position: &str, field: fn(&Measures) -> f64) -> Result<Spread, String> {
        let people = self.positions.get(position).ok_or("nobody took the position")?.as_ref()?;
        Ok(Spread::of(people.iter().map(field)))
    }
}

/// One of the population.
struct Person {
    state: State,
    body: Body,
}

fn people(reference: &ReferenceBody, vocabulary: &Vocabulary) -> Result<Vec<Person>, String> {
    let usual = reference.pelvic_incidence_deg().map_err(|e| e.to_string())?;
    let unknowns = Unknowns::of(vocabulary, &Tissue::default(), Incidence::Usual(usual));
    let unknowns = unknowns.map_err(|e| e.to_string())?;
    standard_scores(PEOPLE, unknowns.len(), SEED)?
        .par_iter()
        .map(|scores| {
            let state = unknowns.state(&unknowns.latents(scores));
            let body = reference.unscaled_as(state.incidence_deg - usual, &state.tissue);
            Ok(Person { state, body: body.map_err(|e| e.to_string())? })
        })
        .collect()
}

fn readings(
    reference: &ReferenceBody,
    people: &[Person],
    positions: &Positions,
    test: &TestVocabulary,
    protocol: &Protocol,
) -> Result<Spread, String> {
    let trial = |person: &Person| Trial { protocol, side: Side::Right, tolerance: person.state.tolerance };
    let readings: Vec<f64> = match protocol.posture() {
        None => {
            let read = |person: &Person| trial(person).reading(&person.body, positions, None).map(|r| r.0);
            people.par_iter().map(|p| read(p).map_err(|e| e.to_string())).collect::<Result<_, String>>()?
        }
        Some(position) => {
            let felt = |person: &Person| protocol.felt().map_or(0.0, |felt| person.state.adds(felt));
            let read = |(person, settled): (&Person, &Settled)| {
                let read = trial(person).read(&person.body, &settled.solution.q, settled.is_lying());
                Ok(read.map_err(|e| e.to_string())? + felt(person))
            };
            let settled = postures(reference, people, positions, position)?;
            people.iter().zip(&settled).map(read).collect::<Result<_, String>>()?
        }
    };
    let people = Spread::of(readings.iter().copied());
    let error = test.sem_same.unwrap_or(test.sem);
    Ok(Spread { sd: libm::sqrt(people.sd * people.sd + error * error), ..people })
}

/// How everybody takes a position: one of many similar bodies each, looked for from a person with middling tissue, and to the
/// last digit where that finds nothing.
fn postures(
    reference: &ReferenceBody,
    people: &[Person],
    positions: &Positions,
    position: &str,
) -> Result<Vec<Settled>, String> {
    let middle = reference.unscaled().map_err(|e| e.to_string())?;
    let settled = settle(&middle, positions, position, None).map_err(|e| e.to_string())?;
    let near = start_at(&middle, &settled).map_err(|e| e.to_string())?;
    let stand = |person: &Person| {
        let body = &person.body;
        let found = settle_near(body, positions, position, near.clone())
            .or_else(|_| settle(body, positions, position, Some(&settled.solution)));
        found.map_err(|e| e.to_string())
    };
    people.par_iter().map(stand).collect()
}

fn measures(
    reference: &ReferenceBody,
    people: &[Person],
    positions: &Positions,
    position: &str,
) -> Result<Vec<Measures>, String> {
    let settled = postures(reference, people, positions, position)?;
    let measured = people.par_iter().zip(&settled).map(|(person, settled)| {
        let described = settled.describe(&person.body, 0.0).map_err(|e| e.to_string())?;
        Ok(described.posture.measures)
    });
    measured.collect()
}
