//! Checks of the repository itself, and what it says of itself: `cargo xtask help`.

mod conformance;
mod docs;
mod fuzz;
mod layers;
mod peers;
mod source;

use anyhow::{Context, Result};
use clap::Parser;
use guywire::results::Results;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Checks of the repository itself, and what it says of itself
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
enum Task {
    /// Crates and stages name only earlier ones; no files, clocks or environment inside
    Layers,
    /// Links between pages hold; every dependency has its line in docs/dependencies.md
    Docs,
    /// guywire beside OpenSim's numbers; writes docs/conformance.md
    Conformance(conformance::Options),
    /// Every fuzz target: the same inputs every time, or a search for others
    Fuzz {
        /// Search for so many seconds a target, going on from what was found before
        seconds: Option<u32>,
        /// What a search draws its inputs with
        #[arg(default_value_t = 1)]
        seed: u32,
    },
    /// The same work by other engines, in turn; writes docs/performance.md
    Peers {
        /// How often
        #[arg(default_value_t = 5)]
        rounds: usize,
    },
    /// The README's picture from the numbers of a report
    Picture {
        /// What `guywire report` wrote, as JSON
        report: PathBuf,
    },
}

fn main() -> Result<ExitCode> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let problems = match Task::parse() {
        Task::Layers => layers::check(&root)?,
        Task::Docs => docs::check(&root)?,
        Task::Conformance(options) => {
            let agrees = conformance::command(&root, &options)?;
            return Ok(if agrees { ExitCode::SUCCESS } else { ExitCode::FAILURE });
        }
        Task::Fuzz { seconds, seed } => {
            let search = |seconds| fuzz::Dose::Search { seconds, seed };
            fuzz::run(&root, seconds.map_or(fuzz::Dose::Same, search))?;
            return Ok(ExitCode::SUCCESS);
        }
        Task::Peers { rounds } => {
            peers::run(&root, rounds)?;
            return Ok(ExitCode::SUCCESS);
        }
        Task::Picture { report } => {
            let results: Results = serde_json::from_str(&source::read(&report)?)?;
            let first = results.positions.first().context("the report has no position")?;
            let picture = guywire_report::picture(first);
            std::fs::write(root.join("docs/standing.svg"), picture)?;
            return Ok(ExitCode::SUCCESS);
        }
    };
    for problem in &problems {
        eprintln!("{problem}");
    }
    Ok(if problems.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
