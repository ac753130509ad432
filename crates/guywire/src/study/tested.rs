//! A case whose tests were fitted: the person is the most probable body, and every number has its interval.
//!
//! Of the fitted settings, dozens, those are told as causes that the person's readings set apart from other people: whose
//! 90 % interval leaves out what is usual (1 for a factor, the tone that is believed of everybody), and those that the case
//! itself states. The rest is in the body all the same.

use super::ensemble::Ensemble;
use super::members::Members;
use super::position::{self, Study};
use super::shelf::Shelf;
use super::states::States;
use super::uncertainty::neutral;
use super::{Asked, Progress, Steps, StudyError, Subject, gathered, of_the_case, uncertainty};
use crate::body::ReferenceBody;
use crate::case::{Case, Property, Setting, Tissue};
use crate::posture::Positions;
use crate::results::{self, FitResult, FittedParameter, PositionResult, Results};

/// What the tests of a person say, and where solved members are kept.
#[derive(Clone, Copy)]
pub struct Tested<'t> {
    /// The fit.
    pub fit: &'t FitResult,
    /// Bodies that it allows.
    pub members: &'t Members,
    /// Where the numbers of solved members are kept.
    pub shelf: &'t dyn Shelf,
}

/// Solves a whole case but its week with the body that its tests tell. Where `[report]` asks for no uncertainty, no member is solved.
///
/// # Errors
/// As [`report`](super::report).
pub fn report_tested(
    reference: &ReferenceBody,
    case: &Case,
    tested: Tested<'_>,
    progress: Progress<'_>,
) -> Result<Results, StudyError> {
    let Tested { fit, members, shelf } = tested;
    let here = &members.most_probable;
    let subject = Subject::Person(reference, &here.person);
    let asked = Asked { tissue: &here.tissue, positions: &case.positions, report: &case.report };
    let positions = Positions::read()?;
    for name in asked.positions {
        positions.get(name)?;
    }
    let told = told(fit, &case.tissue, &here.tissue);
    let states = States::of(asked.tissue, &told);
    let bodies = states.bodies(subject, states.used(asked.report))?;
    let complete = members.complete(reference, &case.tissue)?;
    let drawn = if asked.report.uncertainty { complete.members.as_slice() } else { &[] };
    let ensemble = |step| Ensemble {
        reference,
        positions: &positions,
        most_probable: &complete.most_probable,
        members: drawn,
        shelf,
        step,
    };
    let own = asked.positions.len() * bodies.len();
    let steps = Steps::new(own + ensemble(&|_: &str| {}).steps(asked.positions.len()), progress);
    let step = |what: &str| steps.step(what);
    let study = Study { positions: &positions, states: &states, bodies: &bodies, asked, step: &step };
    let (mut found, mut failures) = study.all()?;
    let mut summary = None;
    if !drawn.is_empty() {
        let spreads = ensemble(&step).spreads(&found)?;
        let mut kept = Vec::new();
        for (mut position, spread) in found.into_iter().zip(spreads) {
            match spread {
                Ok(spread) => {
                    position.result.spread = Some(spread);
                    kept.push(position);
                }
                Err(unsettled) => failures.push(unsettled),
            }
        }
        found = kept;
        if found.is_empty() {
            return Err(StudyError::NoEquilibrium(failures));
        }
        summary = Some(results::Ensemble { members: drawn.len(), seed: members.seed, drawn: complete.words });
    }
    for position in &mut found {
        intervals_of_causes(&mut position.result, &study.told().settings, fit);
    }
    let uncertainty = match (position::main(&found), &summary) {
        (Some(position), Some(summary)) => uncertainty::of_ensemble(&position.result, summary),
        _ => Vec::new(),
    };
    let mut results = gathered(&study, subject, found, failures)?;
    results.person = Some(case.person.clone());
    results.settings = study.told().settings.iter().map(|setting| in_words(setting, fit)).collect();
    results.uncertainty = uncertainty;
    results.ensemble = summary;
    results.fit = Some(fit.clone());
    of_the_case(case, results)
}

fn fitted<'f>(fit: &'f FitResult, setting: &Setting) -> Option<&'f FittedParameter> {
    let name = setting.path();
    fit.parameters.iter().find(|p| p.name == name)
}

/// The settings that are told as causes, by their places.
fn told(fit: &FitResult, given: &Tissue, fitted_tissue: &Tissue) -> Vec<usize> {
    let is_told = |setting: &Setting| {
        let same_side = |g: &Setting| g.side.is_none() || setting.side.is_none() || g.side == setting.side;
        let own = given
            .settings
            .iter()
            .any(|g| g.target == setting.target && g.property == setting.property && same_side(g));
        own || fitted(fit, setting).is_some_and(|p| {
            let usual = usual(setting.property, p);
            p.high90 < usual || p.low90 > usual
        })
    };
    let settings = fitted_tissue.settings.iter().enumerate();
    settings.filter(|(_, setting)| is_told(setting)).map(|(i, _)| i).collect()
}

/// What is usual: the reference; for tone, which nobody lacks altogether, the median of what was believed.
fn usual(property: Property, p: &FittedParameter) -> f64 {
    match property {
        // Median of a number whose logarithm is normal.
        Property::Tone => {
            p.prior_mean / libm::sqrt(1.0 + (p.prior_sd / p.prior_mean) * (p.prior_sd / p.prior_mean))
        }
        other => neutral(other),
    }
}

/// A setting in words, with its interval if it was fitted.
fn in_words(setting: &Setting, fit: &FitResult) -> String {
    match fitted(fit, setting) {
        Some(p) => {
            format!("{}: {:.2} ({:.2} to {:.2})", setting.describe(), setting.value, p.low90, p.high90)
        }
        None => setting.describe(),
    }
}

/// Intervals of what each setting does alone: taken as proportional to how far the setting lies from the reference.
fn intervals_of_causes(position: &mut PositionResult, told: &[Setting], fit: &FitResult) {
    for (cause, setting) in position.causes.iter_mut().zip(told) {
        let off = setting.value - neutral(setting.property);
        let Some(p) = fitted(fit, setting).filter(|_| off != 0.0) else { continue };
        let shares = [p.low90, p.high90].map(|end| (end - neutral(setting.property)) / off);
        for effect in &mut cause.effects {
            let [a, b] = shares.map(|share| share * effect.alone);
            effect.alone90 = Some([a.min(b), a.max(b)]);
        }
    }
}
