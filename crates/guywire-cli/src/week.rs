//! `guywire week`: what each hour of a person's week does.

use crate::arguments::WeekOptions;
use crate::engine::Engine;
use crate::failure::Failure;
use crate::solving::{Kept, solved};
use crate::subjects::Whose;
use crate::{input, json, show, written};
use guywire::results::{Level, WeekResult};
use guywire::week::Activities;
use serde::Serialize;
use std::io::Write;

/// A week, with where the screening leads.
#[derive(Serialize)]
struct Week<'w> {
    screening: Level,
    #[serde(flatten)]
    week: &'w WeekResult,
}

/// Solves a week, or lists what it may hold. A person who must be examined first is shown nothing computed.
pub fn week(options: &WeekOptions, out: &mut dyn Write) -> Result<(), Failure> {
    let engine = Engine::load()?;
    let (Some(path), false) = (&options.case, options.list) else {
        let activities = Activities::read().map_err(anyhow::Error::from)?;
        out.write_all(show::activities(&activities, options.json)?.as_bytes())?;
        return Ok(());
    };
    let vocabulary = engine.vocabulary()?;
    let mut case = input::case(path, &vocabulary)?;
    input::apply(&options.settings, &mut case.tissue, &vocabulary)?;
    if case.week.is_empty() {
        return Err(Failure::Input(format!(
            "error: `{}` has no `[[week]]`\nfor example\n\n[[week]]\nactivity = \"sitting_relaxed\"\nhours = 38\n\n\
             `guywire week --list` names the activities",
            path.display()
        )));
    }
    let screening = engine.screening(&case)?;
    if !options.json && !screening.shows_mechanics() {
        write!(out, "{}\n{}", show::screening(&screening), show::NOTHING_SHOWN)?;
        return Ok(());
    }
    if let Some(picture) = &options.picture {
        written::check(picture)?;
    }
    let whose = Whose::of(&options.settings);
    let week = solved((path, Kept::Weeks), options.ensemble, |solving| engine.week((&case, whose), solving))?;
    if let Some(picture) = &options.picture {
        written::write(picture, guywire_report::week(&case.person.name, &week))?;
    }
    let text = if options.json {
        json::full(&Week { screening: screening.result, week: &week })?
    } else {
        let visits = engine.visits(&case)?;
        let note = show::as_stated(whose.ignores_readings_of(&case));
        show::first(&screening, visits.as_ref()) + &show::week(&case.person.name, &week) + note
    };
    out.write_all(text.as_bytes())?;
    Ok(())
}
