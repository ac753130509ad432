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
//! Where tests were fitted, the person is the most probable body, and every position is solved for the bodies that the tests
//! allow as well ([`report_tested`]).
//!
//! Positions and settings are solved in parallel; a solve depends on nothing but its body and its start, so
//! that the results are the same to the bit for any number of threads. Only [`Certificate::solve_ms`] differs
//! from run to run ([`clear_times`]).
//!
//! [`Certificate::solve_ms`]: crate::results::Certificate::solve_ms

mod causes;
mod contrast;
mod ensemble;
mod error;
mod members;
mod position;
mod quantities;
mod ranges;
mod shelf;
mod solve;
mod states;
mod subject;
mod tested;
mod uncertainty;
mod words;

pub use contrast::contrast;
pub use error::{Obstacle, StudyError, Unsettled};
pub use members::{Member, Members};
pub(crate) use quantities::MEASURES;
pub(crate) use ranges::{InputKind, inputs};
pub use shelf::{Digest, Memory, NoShelf, Place, Shelf};
pub(crate) use solve::{Found, solve};
pub use subject::Subject;
pub use tested::{Tested, report_tested};
pub use words::body_limits;

use crate::body::foreign::ForeignBody;
use crate::body::{MuscleInfo, ReferenceBody};
use crate::case::{Case, Question, ReportOptions, Setting, TestVocabulary, Tissue, Vocabulary};
use crate::exercise::Library;
use crate::outcomes;
use crate::posture::Positions;
use crate::results::{Results, Solved, Visits};
use crate::screening::RuleSet;
use crate::week::Activities;
use position::{PositionStudy, Study};
use states::{PERSON, REFERENCE, States};
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
    let library = Library::read()?;
    let angles = MEASURES.iter().filter(|measure| measure.name.ends_with("_deg"));
    Ok(Vocabulary {
        groups: groups.into_iter().map(|g| g.name).collect(),
        muscles,
        positions: Positions::read()?.all().iter().map(|p| p.name.clone()).collect(),
        discs,
        tests: TestVocabulary::all()?,
        activities: Activities::read()?.names(),
        equipment: library.equipment().map(|(name, _)| name.to_owned()).collect(),
        measures: angles.map(|measure| measure.name.to_owned()).collect(),
        exercises: library.names(),
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
    let states = States::of(tissue, &[]);
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

/// Solves a whole case but its week ([`Bodies::week`](crate::intervals::Bodies::week)). Positions without an equilibrium are named in
/// [`Results::unsolved`].
///
/// # Errors
/// When the body cannot be built, or when no position has an equilibrium.
pub fn report(reference: &ReferenceBody, case: &Case, progress: Progress<'_>) -> Result<Results, StudyError> {
    let asked = Asked { tissue: &case.tissue, positions: &case.positions, report: &case.report };
    of_the_case(case, report_of(Subject::Person(reference, &case.person), asked, progress)?)
}

/// Adds what the case says beside its body.
fn of_the_case(case: &Case, mut results: Results) -> Result<Results, StudyError> {
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
    results = of_the_case(case, results)?;
    results.warnings.splice(0..0, words::size_of(&case.person, model));
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
    let all: Vec<usize> = (0..asked.tissue.settings.len()).collect();
    let states = States::of(asked.tissue, &all);
    let bodies = states.bodies(subject, states.used(asked.report))?;
    let variations =
        if asked.report.uncertainty { uncertainty::variations(subject, asked.tissue)? } else { Vec::new() };
    let steps = Steps::new(asked.positions.len() * bodies.len() + 2 * variations.len(), progress);
    let step = |what: &str| steps.step(what);
    let study = Study { positions: &positions, states: &states, bodies: &bodies, asked, step: &step };
    let (found, failures) = study.all()?;
    let uncertainty = match position::main(&found) {
        Some(position) if !variations.is_empty() => {
            uncertainty::intervals((subject, asked.tissue), &positions, position, &variations, &step)?
        }
        _ => Vec::new(),
    };
    let mut results = gathered(&study, subject, found, failures)?;
    results.uncertainty = uncertainty;
    Ok(results)
}

/// Everything of a study but how sure it is.
fn gathered(
    study: &Study<'_>,
    subject: Subject<'_>,
    found: Vec<PositionStudy>,
    failures: Vec<Unsettled>,
) -> Result<Results, StudyError> {
    let measured = found.iter().map(|p| &p.result.person.posture.measures);
    let measured: Vec<&str> = MEASURES
        .iter()
        .filter(|m| measured.clone().any(|of| (m.of)(of).is_finite()))
        .map(|m| m.name)
        .collect();
    let told = study.told();
    Ok(Results {
        schema: SCHEMA,
        engine_version: env!("CARGO_PKG_VERSION").to_owned(),
        person: subject.person().cloned(),
        model: subject.model(),
        screening: None,
        settings: told.settings.iter().map(Setting::describe).collect(),
        warnings: words::warnings(&told),
        visits: None,
        fit: None,
        week: None,
        outlook: None,
        ensemble: None,
        normal_ranges: ranges::normal_ranges(study.asked.positions, &measured)?,
        positions: found.into_iter().map(|p| p.result).collect(),
        unsolved: failures.into_iter().map(|f| f.result(study.positions)).collect(),
        uncertainty: Vec::new(),
        limits: words::limits(subject),
    })
}

/// Counts solves for the progress.
struct Steps<'p> {
    done: AtomicUsize,
    total: usize,
    progress: Progress<'p>,
}

impl<'p> Steps<'p> {
    fn new(total: usize, progress: Progress<'p>) -> Self {
        Self { done: AtomicUsize::new(0), total, progress }
    }

    fn step(&self, what: &str) {
        (self.progress)(self.done.fetch_add(1, Ordering::Relaxed) + 1, self.total, what);
    }
}

/// Sets every wall time to zero: what is left is the same from run to run.
pub fn clear_times(results: &mut Results) {
    for position in &mut results.positions {
        for solved in [&mut position.person, &mut position.reference] {
            solved.posture.certificate.solve_ms = 0.0;
        }
    }
}
