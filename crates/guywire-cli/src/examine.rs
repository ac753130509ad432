//! `guywire test` and `guywire fit`: clinical tests on a body, and a body from clinical tests.

use crate::arguments::TestOptions;
use crate::engine::Engine;
use crate::failure::Failure;
use crate::solving::{Kept, solved};
use crate::subjects::Whose;
use crate::{input, json, progress, show, written};
use guywire::case::TestVocabulary;
use guywire::fit::FitError;
use guywire::results::{FitResult, Level};
use guywire::side::Side;
use serde::Serialize;
use std::io::Write;
use std::path::Path;
use std::time::Instant;

/// Does a test, or lists them.
pub fn test(options: &TestOptions, out: &mut dyn Write) -> Result<(), Failure> {
    let engine = Engine::load()?;
    let vocabulary = engine.vocabulary()?;
    let protocols = engine.protocols()?;
    let (Some(path), Some(name), false) = (&options.case, &options.name, options.list) else {
        let text = show::tests(&vocabulary.tests, &protocols, options.json)?;
        out.write_all(text.as_bytes())?;
        return Ok(());
    };
    let mut case = input::case(path, &vocabulary)?;
    input::apply(&options.settings, &mut case.tissue, &vocabulary)?;
    let test = vocabulary.test_or_nearest(name).map_err(|near| {
        let near = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
        Failure::Input(format!(
            "error: there is no test `{name}`{near}\n`guywire test --list` names them all"
        ))
    })?;
    let refused = |problem: &dyn std::fmt::Display| Failure::Input(format!("error: {problem}"));
    let protocol = protocols.get(name, options.protocol.as_deref()).map_err(|e| refused(&e))?;
    let side = side(test, options.side.as_deref())?;
    if let Some(picture) = &options.picture {
        written::check(picture)?;
    }
    let start = Instant::now();
    let whose = Whose::of(&options.settings);
    let (mut reading, drawn) = solved((path, Kept::Weeks), options.ensemble, |solving| {
        engine.test((&case, whose), (test, protocol), side, solving)
    })?;
    reading.certificate.solve_ms = start.elapsed().as_secs_f64() * 1e3;
    if let Some(picture) = &options.picture {
        written::write(picture, guywire_report::picture(&drawn))?;
    }
    let text = if options.json {
        json::full(&reading)?
    } else {
        let note = show::as_stated(whose.ignores_readings_of(&case));
        show::first(&engine.screening(&case)?, None) + &show::test(&case.person.name, &reading) + note
    };
    out.write_all(text.as_bytes())?;
    Ok(())
}

fn side(test: &TestVocabulary, wanted: Option<&str>) -> Result<Option<Side>, Failure> {
    let name = &test.name;
    match (test.sides, wanted) {
        (true, Some("left")) => Ok(Some(Side::Left)),
        (true, Some(_)) => Ok(Some(Side::Right)),
        (true, None) => {
            Err(Failure::Input(format!("error: `{name}` has sides; add `--side left` or `--side right`")))
        }
        (false, None) => Ok(None),
        (false, Some(side)) => {
            Err(Failure::Input(format!("error: `{name}` has no sides; leave out `--side {side}`")))
        }
    }
}

/// A fit, with where the screening leads.
#[derive(Serialize)]
struct Fitted<'f> {
    screening: Level,
    #[serde(flatten)]
    fit: &'f FitResult,
}

/// Fits a case. What must be known first stands on top; a person who must be examined first is shown nothing computed.
pub fn fit(path: &Path, as_json: bool, out: &mut dyn Write) -> Result<(), Failure> {
    let engine = Engine::load()?;
    let case = input::case(path, &engine.vocabulary()?)?;
    let screening = engine.screening(&case)?;
    if !as_json && !screening.shows_mechanics() {
        write!(out, "{}\n{}", show::screening(&screening), show::NOTHING_SHOWN)?;
        return Ok(());
    }
    let found = progress::shown(|progress| engine.fit(&case, progress));
    let found = found.map_err(|problem| match problem {
        FitError::NoReadings | FitError::NoneUsed { .. } => {
            Failure::Input(format!("error: `{}`: {problem}", path.display()))
        }
        other => other.into(),
    })?;
    let text = if as_json {
        json::full(&Fitted { screening: screening.result, fit: &found })?
    } else {
        let first = show::first(&screening, engine.visits(&case)?.as_ref());
        first + &show::fit(&case.person.name, &found)
    };
    out.write_all(text.as_bytes())?;
    Ok(())
}
