//! `cargo xtask conformance`: guywire beside OpenSim's numbers, on any folder of reference data.
//!
//! The format is that of `shared/conformance/README.md`. Every group of quantities has a file here with a function
//! `rows(&Case) -> Result<Vec<Row>>`; a [`Row`] is one quantity of one model with its worst difference.

mod case;
mod causes;
mod multibody;
mod muscles;
mod page;
mod passive;
mod paths;
mod row;
mod slopes;

use anyhow::{Context, Result, bail};
use case::Case;
use row::Row;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

/// What came of one model.
pub struct Outcome {
    /// Name of its data file.
    pub name: String,
    /// Its quantities, or why there are none.
    pub rows: Result<Vec<Row>>,
    /// Its lines over surfaces that differ, for `conformance/lines.py`.
    pub differences: Vec<String>,
}

impl Outcome {
    /// Whether every quantity is within its bound.
    pub fn agrees(&self) -> bool {
        self.rows.as_ref().is_ok_and(|rows| !rows.iter().any(Row::is_miss))
    }
}

/// Where models and reference data are; one stands beside the other, both by default in the shared folder.
#[derive(Default, clap::Args)]
pub struct Options {
    /// Folder of `.osim` files
    #[arg(long, value_name = "DIR")]
    pub models: Option<PathBuf>,
    /// Folder of `.json` or `.json.gz` files
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// Where to list the lines over surfaces that differ
    #[arg(long, value_name = "FILE")]
    pub differences: Option<PathBuf>,
}

/// The folders of the options.
struct Folders {
    models: PathBuf,
    data: PathBuf,
}

impl Folders {
    fn of(options: &Options, shared: &Path) -> Result<Self> {
        let beside = |folder: &Path, name: &str| folder.parent().map(|p| p.join(name));
        let data = options.data.clone().or_else(|| options.models.as_deref().and_then(|m| beside(m, "data")));
        let data = data.unwrap_or_else(|| shared.join("data"));
        let models =
            options.models.clone().or_else(|| beside(&data, "models")).context("no folder of models")?;
        Ok(Self { models, data })
    }
}

/// Compares every model of the folders, in the order of names.
fn run(folders: &Folders) -> Result<Vec<Outcome>> {
    let files = case::data_files(&folders.data)?;
    if files.is_empty() {
        bail!("no .json or .json.gz in {}", folders.data.display());
    }
    let next = Mutex::new(0..files.len());
    let outcomes = Mutex::new(Vec::new());
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(files.len());
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let taken = next.lock().ok().and_then(|mut next| next.next());
                    let Some(index) = taken else { break };
                    let outcome = compare(&files[index], &folders.models);
                    if let Ok(mut outcomes) = outcomes.lock() {
                        outcomes.push((index, outcome));
                    }
                }
            });
        }
    });
    let mut outcomes = outcomes.into_inner().unwrap_or_default();
    outcomes.sort_by_key(|(index, _)| *index);
    if outcomes.len() != files.len() {
        bail!("{} of {} models were compared", outcomes.len(), files.len());
    }
    Ok(outcomes.into_iter().map(|(_, outcome)| outcome).collect())
}

fn compare(data: &Path, models: &Path) -> Outcome {
    match Case::read(data, models) {
        Ok(case) => {
            let mut differences = vec![];
            let rows = rows(&case, &mut differences);
            Outcome { name: case.name, rows, differences }
        }
        Err(error) => {
            let name = data.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
            Outcome {
                name: name.trim_end_matches(".gz").trim_end_matches(".json").to_owned(),
                rows: Err(error),
                differences: vec![],
            }
        }
    }
}

/// Every group of quantities.
fn rows(case: &Case, differences: &mut Vec<String>) -> Result<Vec<Row>> {
    let mut rows = multibody::rows(case)?;
    rows.extend(passive::rows(case)?);
    rows.extend(muscles::rows(case)?);
    rows.extend(paths::rows(case, differences)?);
    rows.extend(slopes::rows(case)?);
    rows.retain(|row| row.compared + row.left_out > 0);
    Ok(rows)
}

/// The whole command: compares, prints, writes the page; whether everything agrees.
pub fn command(root: &Path, options: &Options) -> Result<bool> {
    let folders = Folders::of(options, &guywire_reference::root())?;
    let outcomes = run(&folders)?;
    let page = page::of(&outcomes);
    println!("{page}");
    std::fs::write(root.join("docs/conformance.md"), page)?;
    if let Some(file) = &options.differences {
        let lines: Vec<&str> = outcomes.iter().flat_map(|o| &o.differences).map(String::as_str).collect();
        std::fs::write(file, lines.join("\n") + "\n")?;
    }
    Ok(outcomes.iter().all(Outcome::agrees))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Muscles of every class, and unusual ones; the data are part of the repository.
    #[test]
    fn muscles_of_every_class_agree() {
        let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../conformance/muscles/data");
        let options = Options { data: Some(data), ..Options::default() };
        let folders = Folders::of(&options, Path::new("")).unwrap();
        let outcomes = run(&folders).unwrap();
        assert!(outcomes.iter().all(Outcome::agrees), "{}", page::of(&outcomes));
        let rows: usize =
            outcomes.iter().flat_map(|o| o.rows.as_ref().unwrap()).map(|row| row.compared).sum();
        assert!(rows > 5000, "only {rows} numbers were compared");
    }

    /// The small models of this repository agree: every joint, constraint, function and muscle class.
    #[test]
    fn own_models_agree() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../conformance");
        let mut compared = 0;
        for folder in ["joints", "muscles"].map(|name| root.join(name)) {
            let folders = Folders { models: folder.join("models"), data: folder.join("data") };
            let outcomes = run(&folders).unwrap();
            assert!(outcomes.iter().all(Outcome::agrees), "{}", page::of(&outcomes));
            compared += outcomes.len();
        }
        assert!(compared >= 40, "{compared} models");
    }

    /// Every model of the shared folder agrees in every quantity. Without the folder the test is skipped, loudly; in
    /// continuous integration it fails.
    #[test]
    fn shared_models_agree() {
        let Some(shared) = guywire_reference::find("shared_models_agree", "") else { return };
        let folders = Folders::of(&Options::default(), &shared).unwrap();
        let outcomes = run(&folders).unwrap();
        assert!(outcomes.iter().all(Outcome::agrees), "{}", page::of(&outcomes));
    }
}
