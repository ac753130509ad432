//! Checks of the repository itself, and its picture.
//!
//! ```text
//! cargo xtask layers   crates and stages name only earlier ones; no files, clocks or environment inside
//! cargo xtask docs     links between pages hold; every dependency has its line in docs/dependencies.md
//! cargo xtask conformance [--models DIR] [--data DIR]   guywire beside OpenSim's numbers; docs/conformance.md
//! cargo xtask fuzz [SECONDS [SEED]]   every fuzz target: the same inputs every time, or a search for so long
//! cargo xtask peers [ROUNDS]   the same work by other engines, in turn; writes docs/performance.md
//! cargo xtask picture REPORT.json     makes the README's picture from the numbers of a report
//! ```

mod conformance;
mod docs;
mod fuzz;
mod layers;
mod peers;
mod source;

use anyhow::{Context, Result, bail};
use guywire::results::Results;
use std::path::Path;
use std::process::ExitCode;

fn main() -> Result<ExitCode> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let problems = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["layers"] => layers::check(&root)?,
        ["docs"] => docs::check(&root)?,
        ["conformance", ref folders @ ..] => {
            let agrees = conformance::command(&root, folders)?;
            return Ok(if agrees { ExitCode::SUCCESS } else { ExitCode::FAILURE });
        }
        ["fuzz"] => {
            fuzz::run(&root, fuzz::Dose::Same)?;
            return Ok(ExitCode::SUCCESS);
        }
        ["fuzz", seconds, ref seed @ ..] => {
            let seconds = seconds.parse().context("how many seconds a target?")?;
            let seed = seed.first().map_or(Ok(1), |seed| seed.parse()).context("which seed?")?;
            fuzz::run(&root, fuzz::Dose::Search { seconds, seed })?;
            return Ok(ExitCode::SUCCESS);
        }
        ["peers", ref rounds @ ..] => {
            let rounds = rounds.first().map_or(Ok(5), |n| n.parse()).context("how many rounds?")?;
            peers::run(&root, rounds)?;
            return Ok(ExitCode::SUCCESS);
        }
        ["picture", report] => {
            let results: Results = serde_json::from_str(&source::read(Path::new(report))?)?;
            let first = results.positions.first().context("the report has no position")?;
            let picture = guywire_report::picture(first);
            std::fs::write(root.join("docs/standing.svg"), picture)?;
            return Ok(ExitCode::SUCCESS);
        }
        _ => bail!(
            "usage: cargo xtask layers | docs | conformance [--models DIR] [--data DIR] | fuzz [SECONDS [SEED]] | peers [ROUNDS] | picture REPORT.json"
        ),
    };
    for problem in &problems {
        eprintln!("{problem}");
    }
    Ok(if problems.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
