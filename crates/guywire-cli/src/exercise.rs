//! `guywire exercise`: exercises on a body, and the library in the order of what they reach.

use crate::arguments::ExerciseOptions;
use crate::engine::Engine;
use crate::failure::Failure;
use crate::solving::{Kept, solved};
use crate::subjects::Whose;
use crate::{input, json, show, written};
use guywire::case::Audience;
use guywire::exercise::{ExerciseError, Kind, Ranked, Way};
use guywire::results::{ExerciseRank, ExerciseResult, LeftOutExercise, Level, Screening, UnrankedExercise};
use guywire::side::Side;
use serde::Serialize;
use std::io::Write;
use std::path::Path;

/// An exercise, with where the screening leads; none is shown to a person who must be examined first.
#[derive(Serialize)]
struct Shown<'e> {
    screening: Level,
    exercise: Option<&'e ExerciseResult>,
}

/// A rank, with where the screening leads.
#[derive(Serialize)]
struct ShownRanks<'e> {
    screening: Level,
    ranked: &'e [ExerciseRank],
    unsolved: &'e [UnrankedExercise],
    /// What the answers speak against.
    left_out: &'e [LeftOutExercise],
}

/// Does an exercise, ranks the library, or lists it.
pub fn run(options: &ExerciseOptions, out: &mut dyn Write) -> Result<(), Failure> {
    let engine = Engine::load()?;
    let library = engine.exercises()?;
    let kind = options.kind.as_deref().and_then(|name| Kind::ALL.into_iter().find(|k| k.name() == name));
    let Some(path) = options.case.as_deref().filter(|_| !options.list) else {
        out.write_all(show::exercises(&library, kind, options.json)?.as_bytes())?;
        return Ok(());
    };
    let vocabulary = engine.vocabulary()?;
    let mut case = input::case(path, &vocabulary)?;
    input::apply(&options.settings, &mut case.tissue, &vocabulary)?;
    let screening = engine.screening(&case)?;
    let whose = Whose::of(&options.settings);
    let note = show::as_stated(whose.ignores_readings_of(&case));
    let text = if let Some(target) = &options.rank {
        let mut found = if screening.shows_mechanics() {
            let found = solved((path, Kept::Weeks), options.ensemble, |solving| {
                engine.rank((&case, whose), &library, (target, kind), solving)
            });
            found.map_err(mendable)?
        } else {
            Ranked::default()
        };
        // What the answers speak against is shown to a clinician only.
        let left_out = match screening.audience {
            Audience::Person => found.leave_out(),
            Audience::Clinician => Vec::new(),
        };
        let (ranked, unsolved, left_out) = (&found.ranked[..], &found.unsolved[..], &left_out[..]);
        match options.json {
            true => json::full(&ShownRanks { screening: screening.result, ranked, unsolved, left_out })?,
            false if !screening.shows_mechanics() => nothing(&screening),
            false => {
                let shown = show::ranks(&case.person.name, target, &found, left_out);
                show::first(&screening, None) + &shown + note
            }
        }
    } else {
        let name = options.name.as_deref().unwrap_or_default();
        let exercise = library.get(name).map_err(refused)?;
        if !screening.shows_mechanics() {
            let text = match options.json {
                true => json::full(&Shown { screening: screening.result, exercise: None })?,
                false => nothing(&screening),
            };
            out.write_all(text.as_bytes())?;
            return Ok(());
        }
        let drawing = options.output.as_deref().map(Drawing::of).transpose()?;
        let side = if options.side == "left" { Side::Left } else { Side::Right };
        let way = Way { side, cued: !options.without_cue };
        let (told, poses) = solved((path, Kept::Weeks), options.ensemble, |solving| {
            engine.exercise((&case, whose), (&library, exercise), way, solving)
        })?;
        // What the answers speak against is shown to a clinician only.
        let hidden = told.excluded_by().next().is_some() && screening.audience == Audience::Person;
        if let (Some(Drawing { path, is_page }), false) = (drawing, hidden) {
            let drawn = match is_page {
                true => guywire_report::exercise_page(&case.person.name, &screening, &told, &poses),
                false => guywire_report::exercise_picture(&told, &poses),
            };
            written::write(path, drawn)?;
        }
        match options.json {
            true => {
                json::full(&Shown { screening: screening.result, exercise: Some(&told).filter(|_| !hidden) })?
            }
            false => {
                let shown = show::exercise(&case.person.name, &told, hidden);
                show::first(&screening, None) + &shown + note
            }
        }
    };
    out.write_all(text.as_bytes())?;
    Ok(())
}

/// What is shown to a person who must be examined first.
fn nothing(screening: &Screening) -> String {
    format!("{}\n{}", show::screening(screening), show::NOTHING_SHOWN)
}

/// A file to draw to.
#[derive(Clone, Copy)]
struct Drawing<'p> {
    path: &'p Path,
    is_page: bool,
}

impl<'p> Drawing<'p> {
    fn of(path: &'p Path) -> Result<Self, Failure> {
        let is = |ending: &str| path.extension().is_some_and(|e| e.eq_ignore_ascii_case(ending));
        if !is("svg") && !is("html") {
            let shown = path.display();
            return Err(Failure::Input(format!(
                "error: `{shown}` is neither a picture (.svg) nor a page (.html)"
            )));
        }
        written::check(path)?;
        Ok(Self { path, is_page: is("html") })
    }
}

/// What is the person's to mend among what may go wrong.
fn mendable(problem: anyhow::Error) -> Failure {
    match problem.downcast() {
        Ok(problem) => refused(problem),
        Err(other) => other.into(),
    }
}

/// A name that is not known is the person's to mend.
fn refused(problem: ExerciseError) -> Failure {
    match problem {
        ExerciseError::Unknown { .. } => {
            Failure::Input(format!("error: {problem}\n`guywire exercise --list` names them all"))
        }
        ExerciseError::UnknownTarget { .. } => {
            Failure::Input(format!("error: {problem}\n`guywire body` names groups and muscles"))
        }
        other => other.into(),
    }
}
