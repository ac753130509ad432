//! Compares two model files as typed values: `compare_models A.osim B.osim`, or lines `A<tab>B` on standard input.
//!
//! Prints a line a pair: `same`, `differ` with the first difference, or `error` with the reason. Numbers may
//! differ by 1e-9 of their size or by 1e-12, points of functions by 5e-6 of their size, because OpenSim prints
//! those with six digits; elements' ids are not compared.

#[path = "../tests/common/mod.rs"]
mod common;

use std::io::BufRead;
use std::process::ExitCode;

use common::{difference, lines};
use guywire_osim::description::ForceKind;
use guywire_osim::{OsimModel, ReadOptions, write};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let pairs: Vec<(String, String)> = match arguments.as_slice() {
        [first, second] => vec![(first.clone(), second.clone())],
        _ => std::io::stdin()
            .lock()
            .lines()
            .map_while(Result::ok)
            .filter_map(|line| line.split_once('\t').map(|(a, b)| (a.to_owned(), b.to_owned())))
            .collect(),
    };
    let mut worst = ExitCode::SUCCESS;
    for (first, second) in pairs {
        match (describe(&first), describe(&second)) {
            (Ok(a), Ok(b)) => match difference(&a, &b) {
                None => println!("same\t{first}"),
                Some(text) => {
                    println!("differ\t{first}\t{text}");
                    worst = ExitCode::FAILURE;
                }
            },
            (Err(error), Ok(_)) => {
                println!("error\t{first}\t{error}");
                worst = ExitCode::FAILURE;
            }
            (Ok(_), Err(error)) => {
                println!("error of the second\t{second}\t{error}");
                worst = ExitCode::FAILURE;
            }
            (Err(error), Err(_)) => println!("both fail\t{first}\t{error}"),
        }
    }
    worst
}

/// The typed values as lines, without ids; an error when what is written, edited or anew, is not read the same.
fn describe(path: &str) -> Result<Vec<String>, String> {
    let bytes = std::fs::read(path).map_err(|error| error.to_string())?;
    let model = OsimModel::read(&bytes, &ReadOptions { allow_missing: true })
        .map_err(|error| error.to_string().replace('\n', " "))?;
    let of_file = lines(&model.description);
    let again = OsimModel::read(&model.to_bytes(), &ReadOptions { allow_missing: true })
        .map_err(|error| format!("as written: {error}"))?;
    if let Some(text) = difference(&of_file, &lines(&again.description)) {
        return Err(format!("as written: {text}"));
    }
    // What is not understood cannot be written anew.
    let mut known = model.clone();
    known.description.forces.retain(|force| !matches!(force.kind, ForceKind::Unknown { .. }));
    let of_known = lines(&known.description);
    let written = write::document(&known.description).to_bytes();
    let again = OsimModel::read(&written, &ReadOptions { allow_missing: true })
        .map_err(|error| format!("as written anew: {error}"))?;
    match difference(&of_known, &lines(&again.description)) {
        None => Ok(of_file),
        Some(text) => Err(format!("as written anew: {text}")),
    }
}
