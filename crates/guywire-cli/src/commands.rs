//! What each verb does.

use crate::arguments::{BodyPart, Command, ModelOptions, ReportOptions};
use crate::engine::{Engine, page};
use crate::failure::Failure;
use crate::outcome::Outcome;
use crate::solving::{Kept, solved};
use crate::{
    browser, completions, examine, exercise, input, json, outlook, progress, screen, show, tools, week,
    written,
};
use anyhow::{Context, anyhow};
use serde::Serialize;
use std::io::Write;
use std::path::Path;

/// Runs `command`, writing what was asked for to `out`.
pub fn run(command: Command, out: &mut dyn Write) -> Result<Outcome, Failure> {
    match command {
        Command::Screen(options) => screen::run(&options, out)?,
        Command::Test(options) => examine::test(&options, out)?,
        Command::Exercise(options) => exercise::run(&options, out)?,
        Command::Fit { case, json } => examine::fit(&case, json, out)?,
        Command::Week(options) => week::week(&options, out)?,
        Command::Forecast(options) => outlook::forecast(&options, out)?,
        Command::Plan(options) => return outlook::plan(&options, out),
        Command::Diary(options) => outlook::diary(&options, out)?,
        Command::Report(options) => return report(&options, out),
        Command::Posture { case, model, position, settings, gltf, json } => {
            posture((&case, &model), &position, &settings, (gltf.as_deref(), json), out)?;
        }
        Command::Export { case, output, json } => export(case.as_deref(), &output, json, out)?,
        Command::Validate { json } => return validate(json, out),
        Command::Body { what, json } => body(what, json, out)?,
        Command::Positions => {
            for name in Engine::load()?.vocabulary()?.positions {
                writeln!(out, "{name}")?;
            }
        }
        Command::Tool(command) => tools::run(*command, out)?,
        Command::Completions { shell } => {
            out.write_all(&completions::script(shell, &Engine::load()?.vocabulary()?))?;
        }
    }
    Ok(Outcome::Done)
}

fn report(options: &ReportOptions, out: &mut dyn Write) -> Result<Outcome, Failure> {
    let ReportOptions { case: file, output: folder, ensemble, .. } = options;
    let engine = Engine::load()?;
    let asked = input::asked(file, &options.model, &engine)?;
    let name = file.file_stem().ok_or_else(|| anyhow!("`{}` has no file name", file.display()))?;
    let weeks = options.plan.as_deref().map(|plan| outlook::Weeks::asked(&engine, &asked, plan, options));
    let weeks = weeks.transpose()?;
    let browser = options.pdf.then(browser::find).transpose()?;
    // Before the work, so that no work is lost.
    std::fs::create_dir_all(folder)
        .with_context(|| format!("cannot make the folder `{}`", folder.display()))?;
    let named = |extension: &str| {
        let mut file_name = name.to_owned();
        file_name.push(".");
        file_name.push(extension);
        folder.join(file_name)
    };
    let (page_path, data_path, pdf_path) = (named("html"), named("json"), named("pdf"));
    written::check(&page_path)?;
    written::check(&data_path)?;
    let mut results = solved((file, Kept::Report), *ensemble, |solving| engine.report(&asked, solving))?;
    if let Some(weeks) = &weeks {
        results.outlook = weeks.followed(&engine)?;
    }
    let mut names = Vec::new();
    for (path, content) in [(&page_path, page(&results)), (&data_path, json::rows(&results)?)] {
        written::write(path, content)?;
        names.push(path.display().to_string());
    }
    if let Some(browser) = browser {
        browser.print(&page_path, &pdf_path)?;
        names.push(pdf_path.display().to_string());
    }
    writeln!(out, "{}\n\nWrote {}", show::summary(&results).trim_end(), names.join(" and "))?;
    Ok(if results.unsolved.is_empty() { Outcome::Done } else { Outcome::Unsolved })
}

fn posture(
    (file, options): (&Path, &ModelOptions),
    position: &str,
    settings: &[String],
    (gltf, json): (Option<&Path>, bool),
    out: &mut dyn Write,
) -> Result<(), Failure> {
    let engine = Engine::load()?;
    let mut asked = input::asked(file, options, &engine)?;
    let vocabulary = engine.vocabulary_of(&asked)?;
    input::position(position, &vocabulary)?;
    input::apply(settings, asked.tissue_mut(), &vocabulary)?;
    if let Some(path) = gltf {
        written::check(path)?;
    }
    let solved = engine.posture(&asked, position)?;
    // A hypothesis that was asked for is shown with and without.
    let gain = std::mem::take(&mut asked.tissue_mut().reciprocal_inhibition);
    let without = if gain > 0.0 { Some(engine.posture(&asked, position)?.posture) } else { None };
    asked.tissue_mut().reciprocal_inhibition = gain;
    if let Some(path) = gltf {
        written::write(path, guywire_report::gltf(&solved))?;
    }
    let posture = &solved.posture;
    let text = if json {
        json::full(&show::Compared { posture, without_reciprocal_inhibition: without.as_ref() })?
    } else {
        let screening = asked.case().map(|case| engine.screening(case)).transpose()?;
        let first = screening.map(|screening| show::first(&screening, None));
        let shown = show::posture(asked.name(), asked.tissue(), asked.caveats(), posture);
        let note = show::as_stated(asked.has_readings());
        let compared = without.map(|without| format!("\n{}", show::hypothesis(posture, &without)));
        first.unwrap_or_default() + &shown + &compared.unwrap_or_default() + note
    };
    out.write_all(text.as_bytes())?;
    Ok(())
}

fn export(file: Option<&Path>, output: &Path, json: bool, out: &mut dyn Write) -> Result<(), Failure> {
    let engine = Engine::load()?;
    let case = file.map(|file| input::case(file, &engine.vocabulary()?)).transpose()?;
    written::check(output)?;
    let (bytes, notes) = engine.export(case.as_ref())?;
    written::write(output, bytes)?;
    let text = if json {
        json::full(&notes)?
    } else {
        format!("{}\nWrote {}\n", show::export(&notes), output.display())
    };
    out.write_all(text.as_bytes())?;
    Ok(())
}

fn validate(json: bool, out: &mut dyn Write) -> Result<Outcome, Failure> {
    let engine = Engine::load()?;
    let rows = progress::shown(|progress| engine.validate(progress))?;
    let text = if json { json::full(&rows)? } else { show::validation(&rows) };
    out.write_all(text.as_bytes())?;
    let outside = rows.iter().any(|row| row.required && !row.inside);
    Ok(if outside { Outcome::Outside } else { Outcome::Done })
}

fn body(what: BodyPart, json: bool, out: &mut dyn Write) -> Result<(), Failure> {
    fn text<T: Serialize>(rows: &[T], json: bool, show: fn(&[T]) -> String) -> Result<String, Failure> {
        if json { Ok(json::full(rows)?) } else { Ok(show(rows)) }
    }
    let engine = Engine::load()?;
    let text = match what {
        BodyPart::List => text(&engine.groups()?, json, show::groups)?,
        BodyPart::Muscles => text(&engine.muscles()?, json, show::muscles)?,
        BodyPart::Sources => text(&engine.sources()?, json, show::sources)?,
    };
    out.write_all(text.as_bytes())?;
    Ok(())
}
