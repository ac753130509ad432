//! `guywire forecast`, `guywire plan` and `guywire diary`: what weeks make of a person, what to do, and how much of it next.

use crate::arguments::{DiaryOptions, EnsembleOptions, ForecastOptions, PlanOptions, ReportOptions};
use crate::engine::Engine;
use crate::failure::Failure;
use crate::outcome::Outcome;
use crate::paper::Paper;
use crate::solving::{Kept, solved};
use crate::subjects::Subjects;
use crate::{input, json, screen, show, written};
use guywire::adaptation::{Mechanism, Mechanisms};
use guywire::case::{Audience, Case, Vocabulary};
use guywire::forecast::ForecastError;
use guywire::plan::{Goal, PlanError, speaks_against};
use guywire::results::{ForecastResult, Level, Outlook, PlanResult, Screening};
use serde::Serialize;
use std::io::Write;
use std::path::Path;

/// A result, with where the screening leads; nothing where a clinician must see the person first.
#[derive(Serialize)]
struct Shown<'r, R> {
    screening: Level,
    #[serde(flatten)]
    result: Option<&'r R>,
}

/// A case, and where its screening leads.
fn screened(engine: &Engine, path: &Path) -> Result<(Case, Screening), Failure> {
    let case = input::case(path, &engine.vocabulary()?)?;
    let screening = engine.screening(&case)?;
    Ok((case, screening))
}

/// What is shown to a person who must be examined first.
fn nothing(screening: &Screening, as_json: bool) -> Result<String, Failure> {
    Ok(match as_json {
        true => json::full(&Shown::<ForecastResult> { screening: screening.result, result: None })?,
        false => format!("{}\n{}", show::screening(screening), show::NOTHING_SHOWN),
    })
}

/// Follows a person over the weeks.
pub fn forecast(options: &ForecastOptions, out: &mut dyn Write) -> Result<(), Failure> {
    let engine = Engine::load()?;
    let (case, screening) = screened(&engine, &options.case)?;
    if !screening.shows_mechanics() {
        out.write_all(nothing(&screening, options.json)?.as_bytes())?;
        return Ok(());
    }
    if let Some(path) = &options.picture {
        written::check(path)?;
    }
    let plan = programme(&options.plan)?;
    if screening.audience == Audience::Person {
        check(&engine, (&case, &screening), (&options.plan, &plan))?;
    }
    let mut mechanisms = Mechanisms::default().with(Mechanism::Tone, options.with_tone);
    for name in &options.without {
        let named = Mechanism::ALL.into_iter().find(|m| m.name() == name);
        mechanisms = named.map_or(mechanisms, |mechanism| mechanisms.with(mechanism, false));
    }
    let asked = (options.weeks, options.adherence, mechanisms);
    let found = follow(&engine, (&options.case, &case), (&options.plan, &plan), asked, options.ensemble)?;
    if let Some(path) = &options.picture {
        written::write(path, guywire_report::forecast(&case.person.name, &found))?;
    }
    let text = match options.json {
        true => json::full(&Shown { screening: screening.result, result: Some(&found) })?,
        false => show::first(&screening, None) + &show::forecast(&case.person.name, &found),
    };
    out.write_all(text.as_bytes())?;
    Ok(())
}

/// The argument of `--equipment`.
fn equipment(names: &str, vocabulary: &Vocabulary) -> Result<Vec<String>, Failure> {
    if names.trim() == "none" {
        return Ok(Vec::new());
    }
    vocabulary.check_equipment(names.split(',').map(str::trim)).map_err(|name| {
        let valid = vocabulary.equipment.join(", ");
        Failure::Input(format!(
            "error: --equipment: there is no `{name}`; expected `none`, or some of {valid}"
        ))
    })
}

/// The text of a plan's file; nothing for `none`.
fn programme(path: &Path) -> Result<String, Failure> {
    if path.to_str() == Some("none") { Ok(String::new()) } else { input::text(path, "plan") }
}

/// Follows a person with the exercises of a plan's file; what was solved before is not solved again.
fn follow(
    engine: &Engine,
    (file, case): (&Path, &Case),
    (path, plan): (&Path, &str),
    asked: (usize, f64, Mechanisms),
    ensemble: EnsembleOptions,
) -> Result<ForecastResult, Failure> {
    let found =
        solved((file, Kept::Weeks), ensemble, |solving| engine.forecast(case, (plan, asked), solving));
    found.map_err(|problem| refused(problem, path))
}

/// How many exercises a plan's text has; an error where one is not for the person.
fn check(
    engine: &Engine,
    (case, screening): (&Case, &Screening),
    (path, plan): (&Path, &str),
) -> Result<usize, Failure> {
    let exercises = engine.programme(plan).map_err(|problem| refused(problem, path))?.exercises;
    let library = engine.exercises()?;
    for given in &exercises {
        let exercise = library.get(&given.name).map_err(|problem| refused(problem.into(), path))?;
        if let Some(why) = speaks_against((&library, exercise), case, screening.audience) {
            let (file, name) = (path.display(), &given.name);
            return Err(Failure::Input(format!("error: `{file}`: `{name}` is not for this person: {why}")));
        }
    }
    Ok(exercises.len())
}

/// The coming weeks as a report tells of them.
pub struct Weeks<'o> {
    case: &'o Case,
    plan: String,
    path: &'o Path,
    options: &'o ReportOptions,
    /// Whether anything computed may be shown.
    shown: bool,
}

impl<'o> Weeks<'o> {
    /// What is wrong with the question is said before the work.
    pub fn asked(
        engine: &Engine,
        subject: &'o Subjects,
        path: &'o Path,
        options: &'o ReportOptions,
    ) -> Result<Self, Failure> {
        let Subjects::Case(case) = subject else {
            return Err(Failure::Input(
                "error: the coming weeks are told of a person's case with the built-in body, not of another model".to_owned(),
            ));
        };
        let (plan, screening) = (programme(path)?, engine.screening(case)?);
        let shown = screening.shows_mechanics();
        if shown && check(engine, (case, &screening), (path, &plan))? > 0 {
            screen::by_oneself(&screening, "no exercises in a report")?;
        }
        Ok(Self { case, plan, path, options, shown })
    }

    /// Follows the person, and draws what they do.
    pub fn followed(&self, engine: &Engine) -> Result<Option<Outlook>, Failure> {
        if !self.shown {
            return Ok(None);
        }
        let ReportOptions { case: file, weeks, adherence, start, ensemble, .. } = self.options;
        let exercises = solved((file, Kept::Weeks), *ensemble, |solving| {
            engine.drawn(self.case, (&self.plan, *weeks), solving)
        })?;
        let asked = (*weeks, *adherence, Mechanisms::default());
        let forecast = follow(engine, (file, self.case), (self.path, &self.plan), asked, *ensemble)?;
        Ok(Some(Outlook { forecast, exercises, start: *start }))
    }
}

/// Plans for a person.
pub fn plan(options: &PlanOptions, out: &mut dyn Write) -> Result<Outcome, Failure> {
    let goals = options.goals.iter().map(|text| Goal::read(text));
    let goals = goals.collect::<Result<Vec<_>, _>>().map_err(|e| refused(e.into(), &options.case))?;
    let engine = Engine::load()?;
    let (mut case, screening) = screened(&engine, &options.case)?;
    if !screening.shows_mechanics() {
        out.write_all(nothing(&screening, options.json)?.as_bytes())?;
        return Ok(Outcome::Done);
    }
    if let Some(names) = &options.equipment {
        case.plan.equipment = Some(equipment(names, &engine.vocabulary()?)?);
    }
    if let Some(path) = &options.save {
        written::check(path)?;
    }
    let paper = Paper::asked(options, &screening)?;
    let (weeks, probability) = (options.weeks, options.probability);
    let asked = (weeks, probability, options.adherence, options.minutes);
    let found = solved((&options.case, Kept::Weeks), options.ensemble, |solving| {
        engine.plan(&case, &screening, (&goals, asked), solving)
    });
    let found: PlanResult = found.map_err(|problem| refused(problem, &options.case))?;
    if let Some(path) = &options.save {
        written::write(path, found.programme().to_text())?;
    }
    paper.write(&engine, &case, &found)?;
    let text = match options.json {
        true => json::full(&Shown { screening: screening.result, result: Some(&found) })?,
        false => show::first(&screening, None) + &show::plan(&case.person.name, &found),
    };
    out.write_all(text.as_bytes())?;
    Ok(if found.reached { Outcome::Done } else { Outcome::OutOfReach })
}

/// Says what the diary does to the doses of a plan.
pub fn diary(options: &DiaryOptions, out: &mut dyn Write) -> Result<(), Failure> {
    let engine = Engine::load()?;
    let (case, screening) = screened(&engine, &options.case)?;
    if !screening.shows_mechanics() {
        out.write_all(nothing(&screening, options.json)?.as_bytes())?;
        return Ok(());
    }
    if case.diary.is_empty() {
        return Err(Failure::Input(format!(
            "error: `{}` has no `[[diary]]`\nfor example\n\n[[diary]]\ndate = 2026-03-09\ndone = 3\npain_during = 2\n\n\
             `guywire diary --help` shows all of it",
            options.case.display()
        )));
    }
    if let Some(path) = &options.save {
        written::check(path)?;
    }
    let plan = input::text(&options.plan, "plan")?;
    let found = engine.diary(&case, &screening, &plan);
    let (programme, found) = found.map_err(|problem| refused(problem, &options.plan))?;
    let mut text = match options.json {
        true => json::full(&Shown { screening: screening.result, result: Some(&found) })?,
        false => show::first(&screening, None) + &show::diary(&case.person.name, &options.case, &found),
    };
    if let Some(path) = &options.save {
        let said = match programme.revised(&found) {
            Some(next) => {
                written::write(path, next.to_text())?;
                format!("\nWrote {}\n", path.display())
            }
            None => {
                "\nNothing was written: there are no doses before somebody has looked at it.\n".to_owned()
            }
        };
        if !options.json {
            text += &said;
        }
    }
    out.write_all(text.as_bytes())?;
    Ok(())
}

/// What the person asked for wrongly is theirs to mend.
fn refused(problem: anyhow::Error, file: &Path) -> Failure {
    if let Some(PlanError::File { .. }) = problem.downcast_ref() {
        return Failure::Input(format!("error: `{}`, {problem}", file.display()));
    }
    let asked =
        matches!(
            problem.downcast_ref(),
            Some(
                PlanError::NoGoal
                    | PlanError::Goal { .. }
                    | PlanError::Contradiction { .. }
                    | PlanError::Probability(_)
                    | PlanError::NothingLeft { .. }
                    | PlanError::Forecast(ForecastError::Weeks(_) | ForecastError::Adherence(_))
            )
        ) || matches!(problem.downcast_ref(), Some(ForecastError::Weeks(_) | ForecastError::Adherence(_)));
    if asked { Failure::Input(format!("error: {problem}")) } else { problem.into() }
}
