//! The `guywire` command.

mod arguments;
mod browser;
mod cache;
mod commands;
mod completions;
mod diagnostics;
mod engine;
mod examine;
mod exercise;
mod failure;
mod input;
mod interview;
mod json;
mod outcome;
mod outlook;
mod paper;
mod progress;
mod screen;
mod show;
mod solving;
mod subjects;
mod table;
mod tools;
mod week;
mod written;

use clap::Parser;
use failure::Failure;
use outcome::Outcome;
use std::io::Write;
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments = arguments::Arguments::parse();
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let outcome = commands::run(arguments.command, &mut out).and_then(|outcome| {
        out.flush()?;
        Ok(outcome)
    });
    match outcome {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::Outside | Outcome::Unsolved | Outcome::OutOfReach) => ExitCode::from(1),
        Err(failure) if failure.is_closed_pipe() => ExitCode::SUCCESS,
        Err(failure) => {
            match &failure {
                Failure::Input(text) => eprintln!("{text}"),
                Failure::Other(error) => eprintln!("error: {error:#}"),
            }
            ExitCode::from(failure.status())
        }
    }
}
