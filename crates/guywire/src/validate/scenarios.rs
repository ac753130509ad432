//! The equilibria that the questions need: each solved once.

use super::predict::Prediction;
use crate::body::{Body, ReferenceBody};
use crate::case::{Person, Setting, Tissue};
use crate::posture::{Positions, PostureError};
use crate::results::Posture;
use crate::study::{Found, Progress, StudyError, solve};
use guywire_engine::equilibrium::Equilibrium;
use guywire_engine::task::{Condition, Load};
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Straight-knee bends of the series, deg of trunk inclination.
const BENDS: [u32; 21] = [0, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 60, 65, 70, 75, 80, 85, 90, 95, 100];
/// The bend that is solved from its own start; the others follow from their neighbours.
const FIRST_BEND: &str = "bend_30";
const FIRST_BEND_DEG: u32 = 30;
/// Trunk inclination of the positions between which the pressure in the abdomen is interpolated.
const PRESSURES: [(&str, f64); 4] =
    [("standing", 0.0), ("bend_30", 30.0), ("bend_60", 60.0), ("bend_90", 90.0)];

/// One equilibrium: who, in which position, with which tissue.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Scenario {
    pub person: Option<String>,
    pub position: String,
    pub change: Option<Setting>,
}

/// What an equilibrium gives, or why there is none.
type Outcome<T> = Result<T, String>;

/// A person with a change of tissue.
struct Subject {
    person: Option<String>,
    change: Option<Setting>,
    body: Body,
}

/// The bends of one person.
struct Series {
    person: Option<String>,
    bends: Outcome<Vec<Posture>>,
}

/// Everything solved.
pub(super) struct Solved {
    subjects: Vec<Subject>,
    found: Vec<(Scenario, Outcome<Found>)>,
    series: Vec<Series>,
}

impl Prediction {
    /// The positions with reference tissue that it needs, and those with a change.
    fn needs(&self) -> (Vec<&str>, Option<(&str, &Setting)>) {
        let plain = match self {
            Prediction::PassiveHipMoment { .. }
            | Prediction::PassiveKneeMoment { .. }
            | Prediction::PeakHipForceBw { .. }
            | Prediction::Lengthening { .. }
            | Prediction::Course(_)
            | Prediction::Known(_)
            | Prediction::MeanReading { .. }
            | Prediction::SpreadOfReading { .. }
            | Prediction::MeanOfMeasure { .. }
            | Prediction::SpreadOfMeasure { .. }
            | Prediction::Silence { .. } => vec![],
            Prediction::Measure { position, .. }
            | Prediction::Pressure { position }
            | Prediction::Compression { position, .. }
            | Prediction::HipForceBw { position, .. }
            | Prediction::GroupActivation { position, .. }
            | Prediction::StrengthShare { position, .. }
            | Prediction::StrengthCompression { position, .. }
            | Prediction::TissueEffect { position, .. } => vec![position.as_str()],
            Prediction::PressureRatio { position } => vec![position.as_str(), "standing"],
            Prediction::Difference { position, from, .. }
            | Prediction::CompressionRatio { position, from, .. } => {
                vec![position.as_str(), from.as_str()]
            }
            Prediction::RiseShare { from, at, to, .. } => vec![from.as_str(), at.as_str(), to.as_str()],
            Prediction::LumbarShare { from, to } => vec![from.as_str(), to.as_str()],
        };
        let changed = match self {
            Prediction::TissueEffect { change, position, .. } => Some((position.as_str(), change)),
            _ => None,
        };
        (plain, changed)
    }
}

impl Solved {
    /// Solves what the questions need, in parallel; what has no equilibrium stays with its reason.
    pub fn all(
        reference: &ReferenceBody,
        positions: &Positions,
        people: &BTreeMap<String, Person>,
        questions: &[(Option<String>, &Prediction)],
        progress: Progress<'_>,
    ) -> Result<Self, StudyError> {
        let (mut plain, mut changed, mut bending) = (Vec::new(), Vec::new(), Vec::new());
        for (person, question) in questions {
            let (needed, with_change) = question.needs();
            for position in needed {
                let scenario =
                    Scenario { person: person.clone(), position: position.to_owned(), change: None };
                push_new(&mut plain, scenario);
            }
            if let Some((position, change)) = with_change {
                let change = Some(change.clone());
                push_new(
                    &mut changed,
                    Scenario { person: person.clone(), position: position.to_owned(), change },
                );
            }
            if matches!(question, Prediction::Silence { .. }) {
                push_new(&mut bending, person.clone());
            }
        }
        let mut wanted = vec![(None, None)];
        for (person, _) in questions {
            push_new(&mut wanted, (person.clone(), None));
        }
        for scenario in &changed {
            push_new(&mut wanted, (scenario.person.clone(), scenario.change.clone()));
        }
        let subjects = wanted
            .into_par_iter()
            .map(|(person, change)| {
                let body = build(reference, people, person.as_deref(), change.as_ref())?;
                Ok(Subject { person, change, body })
            })
            .collect::<Result<Vec<_>, StudyError>>()?;
        let mut solved = Self { subjects, found: Vec::new(), series: Vec::new() };
        let total = plain.len() + changed.len() + bending.len();
        let done = AtomicUsize::new(0);
        let step = |what: &str| progress(done.fetch_add(1, Ordering::Relaxed) + 1, total, what);
        let bend = |person: Option<String>| {
            let bends = bends(solved.body(person.as_deref(), None), positions).map_err(|e| e.to_string());
            step("bend");
            Series { person, bends }
        };
        let (series, found) = rayon::join(
            || bending.into_par_iter().map(bend).collect(),
            || solved.solve(plain, positions, &step),
        );
        solved.series = series;
        solved.found = found;
        let found = solved.solve(changed, positions, &step);
        solved.found.extend(found);
        Ok(solved)
    }

    fn solve(
        &self,
        scenarios: Vec<Scenario>,
        positions: &Positions,
        step: &(dyn Fn(&str) + Sync),
    ) -> Vec<(Scenario, Outcome<Found>)> {
        let one = |scenario: Scenario| {
            let near =
                scenario.change.is_some().then(|| self.find(&Scenario { change: None, ..scenario.clone() }));
            let near = near.and_then(Result::ok);
            let body = self.body(scenario.person.as_deref(), scenario.change.as_ref());
            let found = solve(body, positions, &scenario.position, near).map_err(|e| e.to_string());
            step(&scenario.position);
            (scenario, found)
        };
        scenarios.into_par_iter().map(one).collect()
    }

    /// The body of a person with a change of tissue; the reference body if it was not asked for before.
    pub fn body(&self, person: Option<&str>, change: Option<&Setting>) -> &Body {
        let found =
            self.subjects.iter().find(|s| s.person.as_deref() == person && s.change.as_ref() == change);
        &found.unwrap_or(&self.subjects[0]).body
    }

    /// A solved position, or why it has no equilibrium.
    pub fn find(&self, scenario: &Scenario) -> Outcome<&Found> {
        match self.found.iter().find(|(s, _)| s == scenario) {
            Some((_, Ok(found))) => Ok(found),
            Some((_, Err(problem))) => Err(problem.clone()),
            None => Err(format!("`{}` was not solved", scenario.position)),
        }
    }

    /// The series of bends.
    pub fn bends(&self, person: Option<&str>) -> Outcome<&[Posture]> {
        match self.series.iter().find(|s| s.person.as_deref() == person) {
            Some(series) => series.bends.as_deref().map_err(Clone::clone),
            None => Err("the bends were not solved".to_owned()),
        }
    }
}

fn push_new<T: PartialEq>(list: &mut Vec<T>, item: T) {
    if !list.contains(&item) {
        list.push(item);
    }
}

fn build(
    reference: &ReferenceBody,
    people: &BTreeMap<String, Person>,
    person: Option<&str>,
    change: Option<&Setting>,
) -> Result<Body, StudyError> {
    let tissue = Tissue { settings: change.cloned().into_iter().collect(), ..Tissue::default() };
    match person.and_then(|name| people.get(name)) {
        Some(person) => Ok(reference.scaled_to(person, &tissue)?),
        None => Ok(reference.unscaled_with(&tissue)?),
    }
}

/// Bends with straight knees from upright to the deepest: each from its neighbour, outwards from 30°.
fn bends(body: &Body, positions: &Positions) -> Result<Vec<Posture>, PostureError> {
    let first = solve(body, positions, FIRST_BEND, None)?;
    let start = BENDS.iter().position(|&b| b == FIRST_BEND_DEG).unwrap_or(0);
    let mut up = walk(body, positions, &first, &BENDS[start..])?;
    let down: Vec<u32> = BENDS[..start].iter().rev().copied().collect();
    let mut series = walk(body, positions, &first, &down)?;
    series.reverse();
    series.append(&mut up);
    Ok(series)
}

fn walk(
    body: &Body,
    positions: &Positions,
    first: &Found,
    inclinations: &[u32],
) -> Result<Vec<Posture>, PostureError> {
    let own_pressure = positions.get(FIRST_BEND)?.abdominal_pressure_pa;
    let mut equilibrium = Equilibrium::new(&body.system, body.settings.clone());
    let mut settled = first.settled.clone();
    let mut series = Vec::new();
    for &inclination in inclinations {
        let inclination = f64::from(inclination);
        let pressure = pressure_at(positions, inclination)?;
        settled.task.clone_from(&first.settled.task);
        for condition in &mut settled.task.conditions {
            if let Condition::Inclination { angle, .. } = condition {
                *angle = inclination.to_radians();
            }
        }
        for load in &mut settled.task.loads {
            if let Load::Push { force, .. } = load {
                *force *= pressure / own_pressure;
            }
        }
        settled.solution = equilibrium.solve_from(&settled.task, &settled.solution)?;
        series.push(settled.describe(body, 0.0)?.posture);
    }
    Ok(series)
}

/// Abdominal pressure of a bend, Pa: linear between the positions that give one.
fn pressure_at(positions: &Positions, inclination: f64) -> Result<f64, PostureError> {
    let mut below: Option<(f64, f64)> = None;
    for (name, at) in PRESSURES {
        let pressure = positions.get(name)?.abdominal_pressure_pa;
        match below {
            Some((x, p)) if inclination <= at => return Ok(p + (pressure - p) * (inclination - x) / (at - x)),
            _ => below = Some((at, pressure)),
        }
    }
    Ok(below.map_or(0.0, |(_, pressure)| pressure))
}
