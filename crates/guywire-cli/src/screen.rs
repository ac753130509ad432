//! `guywire screen`: asks what is open, and says where the answers lead.

use crate::arguments::ScreenOptions;
use crate::engine::Engine;
use crate::failure::Failure;
use crate::subjects::Subjects;
use crate::{input, interview, json, show, written};
use guywire::results::Screening;
use guywire::screening::RuleSet;
use std::io::{IsTerminal, Write};

/// Screens the person of a case.
pub fn run(options: &ScreenOptions, out: &mut dyn Write) -> Result<(), Failure> {
    let engine = Engine::load()?;
    let (Subjects::Case(mut case) | Subjects::CaseAs(mut case, _)) =
        input::asked(&options.case, &options.model, &engine)?
    else {
        let shown = options.case.display();
        return Err(Failure::Input(format!(
            "error: `{shown}` is a model, and a screening asks about a person: give a case file"
        )));
    };
    let rules = RuleSet::read().map_err(anyhow::Error::from)?;
    if let Some(path) = &options.answers {
        case.screening =
            input::answers(path, &engine.vocabulary()?)?.over(std::mem::take(&mut case.screening));
    }
    if let Some(path) = &options.save {
        written::check(path)?;
    }
    let (input, prompt) = (std::io::stdin(), std::io::stderr());
    if input.is_terminal() && prompt.is_terminal() {
        interview::ask(&rules, &case.person, &mut case.screening, &mut input.lock(), &mut prompt.lock())?;
    }
    if let Some(path) = &options.save {
        written::write(path, rules.section(&case.person, &case.screening))?;
    }
    let screening = rules.screen_case(&case);
    let text = match options.json {
        true => json::full(&screening)?,
        false => {
            format!("{}: {}\n\n{}", case.person.name, screening.result.name(), show::screening(&screening))
        }
    };
    out.write_all(text.as_bytes())?;
    if let (Some(path), false) = (&options.save, options.json) {
        writeln!(out, "\nWrote {}", path.display())?;
    }
    Ok(())
}

/// What reaches the person, whoever asked for it, waits until the screening allows exercises by oneself.
pub fn by_oneself(screening: &Screening, what: &str) -> Result<(), Failure> {
    if screening.allows_self_care() {
        return Ok(());
    }
    let why = match screening.stops_self_care() {
        true => "a clinician must see this person first: record the examination in `[screening]`",
        false => "important questions of the screening are open: `guywire screen` asks them",
    };
    Err(Failure::Input(format!("error: {what}: {why}")))
}
