//! A whole case: every position solved for the person and for the same body with reference tissue, what each
//! tissue setting does, and how sure the numbers are.
//!
//! There is one rule for causes: nothing is added up or guessed. What a setting does *alone* is a position
//! solved again with the reference tissue and this setting; what is *removed* with it is the person's position
//! solved again without it. Every search starts from a solved neighbour, so that the change that is reported
//! is one of the same posture and not of another way to stand:
//!
//! ```text
//! reference (cold) ─▶ person ─▶ person without one setting
//!                 └─▶ reference with one setting
//! ```
//!
//! Positions and settings are solved in parallel; a solve depends on nothing but its body and its start, so
//! that the results are the same to the bit for any number of threads. Only [`Certificate::solve_ms`] differs
//! from run to run ([`clear_times`]).
//!
//! [`Certificate::solve_ms`]: crate::results::Certificate::solve_ms

mod causes;
mod error;
mod quantities;
mod ranges;
mod solve;
mod subject;
mod uncertainty;
mod words;

pub use error::{StudyError, Unsettled};
pub(crate) use quantities::MEASURES;
pub(crate) use ranges::{InputKind, inputs};
pub(crate) use solve::{Found, solve};
pub use subject::Subject;

use crate::body::foreign::ForeignBody;
use crate::body::{Body, BodyError, MuscleInfo, ReferenceBody};
use crate::case::{Case, Question, ReportOptions, Setting, TestVocabulary, Tissue, Vocabulary};
use crate::outcomes;
use crate::posture::Positions;
use crate::results::{PositionResult, Results, Solved, Visits};
use crate::screening::RuleSet;
use rayon::prelude::*;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Version of the layout of [`Results`].
const SCHEMA: u32 = 1;

/// Called with how many solves are done, of how many, and what was solved last.
pub type Progress<'p> = &'p (dyn Fn(usize, usize, &str) + Sync);

/// The names that a case file may use.
///
/// # Errors
/// When the body or the positions cannot be read.
pub fn vocabulary(reference: &ReferenceBody) -> Result<Vocabulary, StudyError> {
    words_for(&reference.muscles()?, reference.groups(), true)
}

/// The names that settings of another model may use.
///
/// # Errors
/// When the positions cannot be read.
pub fn model_vocabulary(model: &ForeignBody) -> Result<Vocabulary, StudyError> {
    words_for(model.muscles(), model.groups(), false)
}

fn words_for(
    infos: &[MuscleInfo],
    groups: Vec<crate::body::Group>,
    discs: bool,
) -> Result<Vocabulary, StudyError> {
    let mut muscles: Vec<String> = Vec::new();
    for name in infos.iter().map(|m| &m.key).chain(infos.iter().map(|m| &m.name)) {
        if !muscles.contains(name) {
            muscles.push(name.clone());
        }
    }
    Ok(Vocabulary {
        groups: groups.into_iter().map(|g| g.name).collect(),
        muscles,
        positions: Positions::read()?.all().iter().map(|p| p.name.clone()).collect(),
        discs,
        tests: TestVocabulary::all()?,
        today: None,
        screening_questions: RuleSet::read()?.names(),
    })
}

/// Solves one position of a case, as [`report`] does.
///
/// # Errors
/// When there is no such position or no equilibrium in it.
pub fn posture(reference: &ReferenceBody, case: &Case, position: &str) -> Result<Solved, StudyError> {
    posture_of(Subject::Person(reference, &case.person), &case.tissue, position)
}

/// Solves one position of a person or a model, as [`report_of`] does.
///
/// # Errors
/// When there is no such position or no equilibrium in it.
pub fn posture_of(subject: Subject<'_>, tissue: &Tissue, position: &str) -> Result<Solved, StudyError> {
    let positions = Positions::read()?;
    positions.get(position)?;
    let states = States::of(tissue);
    let bodies = states.bodies(subject, PERSON + 1)?;
    let settle = |state: usize, near: Option<&Found>| {
        solve(&bodies[states.body[state]], &positions, position, near).map_err(|problem| {
            let tissue = states.name(state, tissue);
            StudyError::NoEquilibrium(vec![Unsettled::new(position, tissue, problem)])
        })
    };
    let found = settle(REFERENCE, None)?;
    if states.body[PERSON] == states.body[REFERENCE] {
        return Ok(found.solved);
    }
    Ok(settle(PERSON, Some(&found))?.solved)
}

/// Solves a whole case. Positions without an equilibrium are named in [`Results::unsolved`].
///
/// # Errors
/// When the body cannot be built, or when no position has an equilibrium.
pub fn report(reference: &ReferenceBody, case: &Case, progress: Progress<'_>) -> Result<Results, StudyError> {
    let asked = Asked { tissue: &case.tissue, positions: &case.positions, report: &case.report };
    let mut results = report_of(Subject::Person(reference, &case.person), asked, progress)?;
    results.warnings = case.warnings().into_iter().chain(results.warnings).collect();
    results.visits = visits(case)?;
    results.screening = Some(RuleSet::read()?.screen_case(case));
    Ok(results)
}

/// Solves a whole case whose body is a model.
///
/// # Errors
/// As [`report`].
pub fn report_as(model: &ForeignBody, case: &Case, progress: Progress<'_>) -> Result<Results, StudyError> {
    let asked = Asked { tissue: &case.tissue, positions: &case.positions, report: &case.report };
    let mut results = report_of(Subject::PersonAs(&case.person, model), asked, progress)?;
    let own = words::size_of(&case.person, model);
    results.warnings = own.into_iter().chain(case.warnings()).chain(results.warnings).collect();
    results.visits = visits(case)?;
    results.screening = Some(RuleSet::read()?.screen_case(case));
    Ok(results)
}

/// What the case's visits found, if it has any.
///
/// # Errors
/// When the built-in figures cannot be read.
pub fn visits(case: &Case) -> Result<Option<Visits>, StudyError> {
    if case.visits.is_empty() {
        return Ok(None);
    }
    let asked = |question: &Question| format!("Line {}: {}", question.line, question.text);
    let questions = case.questions.iter().map(asked).collect();
    Ok(Some(Visits { questions, ..outcomes::follow_up(&case.visits, &TestVocabulary::all()?, case.today)? }))
}

/// What a report is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// The state of the tissues.
    pub tissue: &'a Tissue,
    /// Names of the positions, in order.
    pub positions: &'a [String],
    /// What the report shows.
    pub report: &'a ReportOptions,
}

/// Solves all positions of a person or a model.
///
/// # Errors
/// As [`report`].
pub fn report_of(
    subject: Subject<'_>,
    asked: Asked<'_>,
    progress: Progress<'_>,
) -> Result<Results, StudyError> {
    let positions = Positions::read()?;
    for name in asked.positions {
        positions.get(name)?;
    }
    let states = States::of(asked.tissue);
    let used = if asked.report.causes { states.body.len() } else { PERSON + 1 };
    let bodies = states.bodies(subject, used)?;
    let variations =
        if asked.report.uncertainty { uncertainty::variations(subject, asked.tissue)? } else { Vec::new() };
    let total = asked.positions.len() * bodies.len() + 2 * variations.len();
    let done = AtomicUsize::new(0);
    let step = |what: &str| progress(done.fetch_add(1, Ordering::Relaxed) + 1, total, what);
    let study = Study { positions: &positions, states: &states, bodies: &bodies, asked, step: &step };
    let solved: Vec<Result<PositionStudy, Vec<Unsettled>>> =
        asked.positions.par_iter().map(|name| study.position(name)).collect();
    let mut failures = Vec::new();
    let mut found = Vec::new();
    for result in solved {
        match result {
            Ok(position) => found.push(position),
            Err(unsettled) => failures.extend(unsettled),
        }
    }
    if found.is_empty() && !failures.is_empty() {
        return Err(StudyError::NoEquilibrium(failures));
    }
    let uncertainty = match found.iter().find(|p| p.result.position == "standing").or(found.first()) {
        Some(position) if !variations.is_empty() => {
            uncertainty::intervals((subject, asked.tissue), &positions, position, &variations, &step)?
        }
        _ => Vec::new(),
    };
    let measured = found.iter().map(|p| &p.result.person.posture.measures);
    let measured: Vec<&str> = MEASURES
        .iter()
        .filter(|m| measured.clone().any(|of| (m.of)(of).is_finite()))
        .map(|m| m.name)
        .collect();
    Ok(Results {
        schema: SCHEMA,
        engine_version: env!("CARGO_PKG_VERSION").to_owned(),
        person: subject.person().cloned(),
        model: subject.model(),
        screening: None,
        settings: asked.tissue.settings.iter().map(Setting::describe).collect(),
        warnings: words::warnings(asked.tissue),
        visits: None,
        fit: None,
        normal_ranges: ranges::normal_ranges(asked.positions, &measured)?,
        positions: found.into_iter().map(|p| p.result).collect(),
        unsolved: failures.into_iter().map(|f| f.result(&positions)).collect(),
        uncertainty,
        limits: words::limits(subject),
    })
}

/// Sets every wall time to zero: what is left is the same from run to run.
pub fn clear_times(results: &mut Results) {
    for position in &mut results.positions {
        for solved in [&mut position.person, &mut position.reference] {
            solved.posture.certificate.solve_ms = 0.0;
        }
    }
}

/// The tissue states of a case: reference, person, and for each setting alone and removed.
struct States {
    /// The different states of tissue.
    tissues: Vec<Tissue>,
    /// Which of them each of the roles is: reference, person, alone 0, removed 0, alone 1, …
    body: Vec<usize>,
}

/// Role of the reference tissue.
const REFERENCE: usize = 0;
/// Role of the person's tissue.
const PERSON: usize = 1;

/// Role of one setting added to the reference.
const fn alone(setting: usize) -> usize {
    2 + 2 * setting
}

/// Role of the person's tissue without one setting.
const fn removed(setting: usize) -> usize {
    3 + 2 * setting
}

impl States {
    fn of(tissue: &Tissue) -> Self {
        let with = |settings: Vec<Setting>| Tissue { settings, ..tissue.clone() };
        let mut states = Self { tissues: Vec::new(), body: Vec::new() };
        let reference = if tissue.settings.is_empty() { tissue.clone() } else { with(Vec::new()) };
        states.add(reference);
        states.add(tissue.clone());
        for (i, setting) in tissue.settings.iter().enumerate() {
            states.add(with(vec![setting.clone()]));
            let mut others = tissue.settings.clone();
            others.remove(i);
            states.add(with(others));
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

    /// The bodies of the first `roles` roles.
    fn bodies(&self, subject: Subject<'_>, roles: usize) -> Result<Vec<Body>, BodyError> {
        let last = self.body[..roles].iter().max().copied().unwrap_or(0);
        self.tissues[..=last].par_iter().map(|tissue| subject.body(tissue)).collect()
    }

    /// A role in words, for messages.
    fn name(&self, role: usize, tissue: &Tissue) -> String {
        let setting = |role: usize| &tissue.settings[(role - 2) / 2];
        match role {
            REFERENCE => "with reference tissue".to_owned(),
            PERSON => "with all settings".to_owned(),
            role if role % 2 == 0 => format!("with `{}` alone", setting(role)),
            role => format!("without `{}`", setting(role)),
        }
    }
}

/// Everything that the positions of a report share.
struct Study<'s> {
    positions: &'s Positions,
    states: &'s States,
    bodies: &'s [Body],
    asked: Asked<'s>,
    step: &'s (dyn Fn(&str) + Sync),
}

/// A position with what further solves start from.
struct PositionStudy {
    result: PositionResult,
    person: Found,
}

impl Study<'_> {
    fn settle(&self, name: &str, role: usize, near: Option<&Found>) -> Result<Found, Unsettled> {
        let body = &self.bodies[self.states.body[role]];
        let found = solve(body, self.positions, name, near);
        (self.step)(name);
        let tissue = || self.states.name(role, self.asked.tissue);
        found.map_err(|problem| Unsettled::new(name, tissue(), problem))
    }

    fn position(&self, name: &str) -> Result<PositionStudy, Vec<Unsettled>> {
        let refuse = |unsettled| vec![unsettled];
        let reference = self.settle(name, REFERENCE, None).map_err(refuse)?;
        let body = &self.states.body;
        let person = match body[PERSON] == body[REFERENCE] {
            true => reference.clone(),
            false => self.settle(name, PERSON, Some(&reference)).map_err(refuse)?,
        };
        // The states beyond the person's, each from the first role that it has.
        let others: Vec<Result<Found, Unsettled>> = (PERSON + 1..self.bodies.len().max(PERSON + 1))
            .into_par_iter()
            .map(|state| {
                let role = body.iter().position(|&b| b == state).unwrap_or(REFERENCE);
                let near = if role % 2 == 0 { &reference } else { &person };
                self.settle(name, role, Some(near))
            })
            .collect();
        let mut found = vec![reference, person];
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
        let causes = if self.asked.report.causes {
            // States are numbered by their bodies; without settings the person is the reference.
            let at = |role: usize| &found[body[role]].solved.posture;
            causes::causes(&self.asked.tissue.settings, at)
        } else {
            Vec::new()
        };
        let (title, description) = match self.positions.get(name) {
            Ok(position) => (position.title.clone(), position.description.clone()),
            Err(_) => (name.to_owned(), String::new()),
        };
        let [reference, person] = [&found[REFERENCE], &found[PERSON]];
        let result = PositionResult {
            position: name.to_owned(),
            title,
            description,
            person: person.solved.clone(),
            reference: reference.solved.clone(),
            causes,
        };
        Ok(PositionStudy { result, person: person.clone() })
    }
}
