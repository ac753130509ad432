//! Reads case files and the arguments that change them.

use crate::arguments::ModelOptions;
use crate::diagnostics::render;
use crate::engine::{Engine, Subjects};
use crate::failure::Failure;
use crate::tools::files;
use guywire::body::foreign::{ForeignBody, Naming};
use guywire::case::{Case, Tissue, Vocabulary};
use std::io::IsTerminal;
use std::path::Path;

/// Whether messages may be coloured (<https://no-color.org>).
fn colour() -> bool {
    std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

/// The case in the file at `path`.
pub fn case(path: &Path, vocabulary: &Vocabulary) -> Result<Case, Failure> {
    let shown = path.display();
    let bytes = std::fs::read(path)
        .map_err(|error| Failure::Input(format!("error: cannot read the case file `{shown}`: {error}")))?;
    let text = String::from_utf8(bytes).map_err(|error| {
        let sound = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = sound.iter().filter(|&&byte| byte == b'\n').count() + 1;
        Failure::Input(format!(
            "error: `{shown}` is not UTF-8 text from line {line} on; is it a case file, and saved as UTF-8?"
        ))
    })?;
    Case::parse(&text, vocabulary)
        .map_err(|errors| Failure::Input(render(&errors, &shown.to_string(), &text, colour())))
}

/// The case in a file, or the model if the file is one.
pub fn asked(path: &Path, options: &ModelOptions, engine: &Engine) -> Result<Subjects, Failure> {
    let is_model = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("osim"));
    if !is_model {
        if let Some(names) = &options.names {
            let problem = format!("error: `--names {}` is for OpenSim models (.osim)", names.display());
            return Err(Failure::Input(problem));
        }
        return Ok(Subjects::Case(Box::new(case(path, &engine.vocabulary()?)?)));
    }
    let model = files::model(path, options.allow_missing)?;
    let naming = match &options.names {
        None => Naming::default(),
        Some(names) => {
            let bytes = files::bytes(names)?;
            let text = String::from_utf8(bytes).map_err(|error| files::refuse(names, &error))?;
            Naming::parse(&text).map_err(|error| files::refuse(names, &error))?
        }
    };
    let body = ForeignBody::read(&model, &naming).map_err(|error| files::refuse(path, &error))?;
    Ok(Subjects::Model(Box::new(body), Tissue::default()))
}

/// Applies `--set` arguments to `tissue`, reporting the problems of all of them at once.
pub fn apply(settings: &[String], tissue: &mut Tissue, vocabulary: &Vocabulary) -> Result<(), Failure> {
    let refused: Vec<String> = settings
        .iter()
        .filter_map(|text| {
            let errors = tissue.apply_setting(text, vocabulary).err()?;
            Some(render(&errors, "--set", text, colour()))
        })
        .collect();
    if refused.is_empty() { Ok(()) } else { Err(Failure::Input(refused.join("\n\n"))) }
}

/// Checks the argument of `--position`.
pub fn position(name: &str, vocabulary: &Vocabulary) -> Result<(), Failure> {
    vocabulary
        .check_position(name)
        .map_err(|errors| Failure::Input(render(&errors, "--position", name, colour())))
}
