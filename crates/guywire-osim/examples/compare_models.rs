//! Compares two model files as typed values: `compare_models A.osim B.osim`, or lines `A<tab>B` on standard input.
//!
//! Prints a line a pair: `same`, `differ` with the first difference, or `error` with the reason. Numbers may
//! differ by 1e-9 of their size or by 1e-12, points of functions by 5e-6 of their size, because OpenSim prints
//! those with six digits; elements' ids are not compared.

use std::io::BufRead;
use std::process::ExitCode;

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
    let lines = lines(&model);
    let again = OsimModel::read(&model.to_bytes(), &ReadOptions { allow_missing: true })
        .map_err(|error| format!("as written: {error}"))?;
    if let Some(text) = difference(&lines, &self::lines(&again)) {
        return Err(format!("as written: {text}"));
    }
    // What is not understood cannot be written anew.
    let mut known = model.clone();
    known.description.forces.retain(|force| !matches!(force.kind, ForceKind::Unknown { .. }));
    let lines_of_known = self::lines(&known);
    let written = write::document(&known.description).to_bytes();
    let again = OsimModel::read(&written, &ReadOptions { allow_missing: true })
        .map_err(|error| format!("as written anew: {error}"))?;
    match difference(&lines_of_known, &self::lines(&again)) {
        None => Ok(lines),
        Some(text) => Err(format!("as written anew: {text}")),
    }
}

fn lines(model: &OsimModel) -> Vec<String> {
    let text = format!("{:#?}", model.description);
    let mut lines: Vec<String> = Vec::new();
    let mut skip = 0;
    for line in text.lines() {
        if line.trim_start().starts_with("node: NodeId(") {
            // The number and the closing bracket follow.
            skip = 2;
        } else if skip > 0 {
            skip -= 1;
        } else {
            lines.push(line.trim().to_owned());
        }
    }
    lines
}

fn difference(a: &[String], b: &[String]) -> Option<String> {
    let mut heading = "";
    for (x, y) in a.iter().zip(b) {
        if x.starts_with("name:") {
            heading = x;
        }
        if x != y && !close(x, y) {
            return Some(format!("at {heading} {x} | {y}"));
        }
    }
    (a.len() != b.len()).then(|| format!("{} lines | {} lines", a.len(), b.len()))
}

/// Whether the last words are numbers near each other and everything before is the same.
fn close(x: &str, y: &str) -> bool {
    let split = |line: &str| -> Option<(String, f64)> {
        let line = line.trim_end_matches(',');
        let (head, tail) = line.rsplit_once(' ').unwrap_or(("", line));
        Some((head.to_owned(), tail.parse().ok()?))
    };
    match (split(x), split(y)) {
        (Some((head, a)), Some((other, b))) => {
            // A number on a line of its own is of a list, as the points of functions are.
            let relative = if head.is_empty() { 5.1e-6 } else { 1e-9 };
            head == other && (a == b || (a - b).abs() <= 1e-12 + relative * a.abs().max(b.abs()))
        }
        _ => false,
    }
}
