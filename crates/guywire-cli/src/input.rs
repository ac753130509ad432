//! Reads case files and the arguments that change them.

use crate::arguments::ModelOptions;
use crate::diagnostics::render;
use crate::engine::Engine;
use crate::failure::Failure;
use crate::subjects::Subjects;
use crate::tools::files;
use guywire::body::foreign::{ForeignBody, Naming};
use guywire::case::{AnswersFile, Case, CaseErrors, FileName, ModelFile, Tissue, Vocabulary};
use std::io::IsTerminal;
use std::path::Path;

/// Whether messages may be coloured (<https://no-color.org>).
fn colour() -> bool {
    std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

/// The text of a case file, or of another file of this kind.
pub fn text(path: &Path, what: &str) -> Result<String, Failure> {
    let shown = path.display();
    let bytes = std::fs::read(path)
        .map_err(|error| Failure::Input(format!("error: cannot read the {what} `{shown}`: {error}")))?;
    String::from_utf8(bytes).map_err(|error| {
        let sound = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = sound.iter().filter(|&&byte| byte == b'\n').count() + 1;
        Failure::Input(format!(
            "error: `{shown}` is not UTF-8 text from line {line} on; is it a {what}, and saved as UTF-8?"
        ))
    })
}

/// A case about the built-in body in the file at `path`.
pub fn case(path: &Path, vocabulary: &Vocabulary) -> Result<Case, Failure> {
    let text = text(path, "case file")?;
    let case = parsed(path, &text, vocabulary)?;
    match &case.model {
        None => Ok(case),
        Some(file) => {
            let error = file.model.unusable(
                "model",
                "a model is an OpenSim file already; only the built-in body is written as one",
            );
            Err(refused(path, &text, &CaseErrors::one(error)))
        }
    }
}

fn parsed(path: &Path, text: &str, vocabulary: &Vocabulary) -> Result<Case, Failure> {
    Case::parse(text, vocabulary).map_err(|errors| refused(path, text, &errors))
}

fn refused(path: &Path, text: &str, errors: &CaseErrors) -> Failure {
    Failure::Input(render(errors, &path.display().to_string(), text, colour()))
}

/// The case in a file, or the model if the file is one.
pub fn asked(path: &Path, options: &ModelOptions, engine: &Engine) -> Result<Subjects, Failure> {
    let is_model = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("osim"));
    if is_model {
        let naming = options.names.as_deref().map(naming).transpose()?.unwrap_or_default();
        let body = foreign(path, &naming, options)?;
        return Ok(Subjects::Model(Box::new(body), Tissue::default()));
    }
    let text = text(path, "case file")?;
    let Some(files) = ModelFile::of(&text) else {
        if let Some(names) = &options.names {
            let problem = format!("error: `--names {}` is for OpenSim models (.osim)", names.display());
            return Err(Failure::Input(problem));
        }
        return Ok(Subjects::Case(Box::new(parsed(path, &text, &engine.vocabulary()?)?)));
    };
    // Files that a case names lie beside it.
    let beside = |file: &FileName| path.parent().unwrap_or(Path::new("")).join(&file.path);
    let at = |field, file: &FileName, failure: Failure| match failure {
        Failure::Input(problem) => {
            let problem = problem.trim_start_matches("error: ");
            refused(path, &text, &CaseErrors::one(file.unusable(field, problem)))
        }
        other => other,
    };
    let naming = match (&options.names, &files.names) {
        (Some(names), _) => naming(names)?,
        (None, Some(names)) => naming(&beside(names)).map_err(|e| at("names", names, e))?,
        (None, None) => Naming::default(),
    };
    let body = foreign(&beside(&files.model), &naming, options).map_err(|e| at("model", &files.model, e))?;
    let vocabulary = Engine::model_vocabulary(&body)?;
    let case = parsed(path, &text, &vocabulary)?;
    Ok(Subjects::CaseAs(Box::new(case), Box::new(body)))
}

/// A file of answers to the screening.
pub fn answers(path: &Path, vocabulary: &Vocabulary) -> Result<AnswersFile, Failure> {
    let text = text(path, "file of answers")?;
    AnswersFile::parse(&text, vocabulary).map_err(|errors| refused(path, &text, &errors))
}

/// A file of names.
fn naming(path: &Path) -> Result<Naming, Failure> {
    let text = String::from_utf8(files::bytes(path)?).map_err(|error| files::refuse(path, &error))?;
    Naming::parse(&text).map_err(|error| files::refuse(path, &error))
}

/// A model ready to be posed.
fn foreign(path: &Path, naming: &Naming, options: &ModelOptions) -> Result<ForeignBody, Failure> {
    let model = files::model(path, options.allow_missing)?;
    ForeignBody::read(&model, naming).map_err(|error| files::refuse(path, &error))
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
