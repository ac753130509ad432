//! Who may name whom.
//!
//! ```text
//! crates   math ─▶ engine ─▶ osim ─▶ tools ─▶ guywire ─▶ report ─▶ cli         a crate uses earlier ones only
//! stages   side ─▶ evidence ─▶ case ─▶ results ─▶ screening ─▶ outcomes ─▶ body ─▶ loads ─▶ posture ─▶ examination ─▶ adaptation ─▶ week ─▶ exercise ─▶ study ─▶ intervals ─▶ fit ─▶ forecast ─▶ plan ─▶ own_rates ─▶ validate     (folders of `guywire`)
//! ```
//!
//! Stages of one step may name each other. Files, clocks and the environment are for the command line and
//! for this program; what is between them is a function of its arguments.

use crate::source::{files, names_behind, read, shipped};
use anyhow::{Context, Result};
use std::path::Path;

/// The crates, earliest first.
const CRATES: [&str; 7] = [
    "guywire-math",
    "guywire-engine",
    "guywire-osim",
    "guywire-tools",
    "guywire",
    "guywire-report",
    "guywire-cli",
];

/// The folders of `crates/guywire/src`, earliest first.
const STAGES: [&str; 20] = [
    "side",
    "evidence",
    "case",
    "results",
    "screening",
    "outcomes",
    "body",
    "loads",
    "posture",
    "examination",
    "adaptation",
    "week",
    "exercise",
    "study",
    "intervals",
    "fit",
    "forecast",
    "plan",
    "own_rates",
    "validate",
];

/// Parts of `std` that reach outside the program.
const OUTSIDE: [&str; 5] = ["env", "fs", "net", "process", "time"];

/// The crate that may reach outside.
const FACE: &str = "guywire-cli";

/// Files that may use a part of `std` all the same, and why.
const EXCEPTIONS: [(&str, &str, &str); 1] =
    [("guywire/src/study/solve.rs", "time", "a certificate states how long its solve took")];

/// Everything that breaks the order.
pub fn check(root: &Path) -> Result<Vec<String>> {
    let mut problems = Vec::new();
    let crates = root.join("crates");
    let mut used = [false; EXCEPTIONS.len()];
    for manifest in files(&crates, "toml")?.iter().filter(|f| f.ends_with("Cargo.toml")) {
        let Some(folder) = manifest.parent() else { continue };
        let name = folder.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        problems.extend(manifest_problems(&name, &read(manifest)?).with_context(|| name.clone())?);
        for file in files(&folder.join("src"), "rs")? {
            let short = file.strip_prefix(&crates)?.to_string_lossy().replace('\\', "/");
            if short.ends_with("/tests.rs") {
                continue;
            }
            let code = shipped(&read(&file)?);
            problems.extend(crate_problems(&name, &short, &code));
            if let Some(inner) = short.strip_prefix("guywire/src/") {
                problems.extend(stage_problems(inner, &code));
            }
            problems.extend(outside_problems(&name, &short, &code, &mut used));
        }
    }
    for ((file, part, _), used) in EXCEPTIONS.iter().zip(used) {
        if !used {
            problems.push(format!("{file} no longer uses std::{part}: take it off the exceptions"));
        }
    }
    Ok(problems)
}

fn rank(name: &str) -> Option<usize> {
    CRATES.iter().position(|c| *c == name)
}

/// Dependencies on crates that are not earlier.
fn manifest_problems(name: &str, manifest: &str) -> Result<Vec<String>> {
    let Some(own) = rank(name) else {
        return Ok(vec![format!("crates/{name} is not in the order of crates in xtask/src/layers.rs")]);
    };
    let table: toml::Table = manifest.parse()?;
    let sections = ["dependencies", "dev-dependencies", "build-dependencies"];
    let dependencies = sections.iter().filter_map(|s| table.get(*s)?.as_table()).flat_map(|t| t.keys());
    let later = dependencies.filter(|d| rank(d).is_some_and(|r| r >= own));
    Ok(later.map(|d| format!("crates/{name}/Cargo.toml: {name} depends on {d}, which comes later")).collect())
}

/// Names of crates that are not earlier.
fn crate_problems(name: &str, file: &str, code: &str) -> Vec<String> {
    let Some(own) = rank(name) else { return Vec::new() };
    let mut problems = Vec::new();
    for later in &CRATES[own + 1..] {
        for (line, _) in names_behind(code, &later.replace('-', "_")) {
            problems.push(format!("crates/{file}:{line}: {name} names {later}, which comes later"));
        }
    }
    problems
}

fn step(stage: &str) -> Option<usize> {
    STAGES.iter().position(|s| *s == stage)
}

/// Names of later stages. `file` is relative to `crates/guywire/src`.
fn stage_problems(file: &str, code: &str) -> Vec<String> {
    let modules = file.trim_end_matches(".rs").trim_end_matches("/mod");
    if modules == "lib" {
        return Vec::new();
    }
    let stage = modules.split('/').next().unwrap_or_default();
    let Some(own) = step(stage) else {
        return vec![format!("crates/guywire/src/{file}: `{stage}` is not in the order of stages")];
    };
    let to_root = vec!["super"; modules.split('/').count()].join("::");
    let mut problems = Vec::new();
    for (line, name) in names_behind(code, "crate").into_iter().chain(names_behind(code, &to_root)) {
        if step(name).is_some_and(|other| other > own) {
            problems
                .push(format!("crates/guywire/src/{file}:{line}: `{stage}` names the later stage `{name}`"));
        }
    }
    problems
}

/// Uses of files, clocks and the environment; marks the exceptions that are used.
fn outside_problems(name: &str, file: &str, code: &str, used: &mut [bool]) -> Vec<String> {
    if name == FACE {
        return Vec::new();
    }
    let mut problems = Vec::new();
    for (line, part) in names_behind(code, "std") {
        if !OUTSIDE.contains(&part) {
            continue;
        }
        match EXCEPTIONS.iter().position(|(f, p, _)| *f == file && *p == part) {
            Some(k) => used[k] = true,
            None => problems.push(format!("crates/{file}:{line}: std::{part} is for {FACE} alone")),
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crate_may_depend_on_earlier_ones_only() {
        let manifest = "[dependencies]\nguywire-math.workspace = true\n[dev-dependencies]\nguywire = \"1\"";
        let problems = manifest_problems("guywire-engine", manifest).unwrap();
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert!(problems[0].contains("depends on guywire,"), "{problems:?}");
        assert_eq!(manifest_problems("guywire-new", "").unwrap().len(), 1);
        assert_eq!(
            crate_problems("guywire", "a.rs", "use guywire_report::html; guywire_math::Vec3").len(),
            1
        );
    }

    #[test]
    fn a_stage_may_name_earlier_ones_only() {
        let code = "use crate::{case::Case, study};\nfn f() { super::super::validate::run() }";
        assert_eq!(stage_problems("posture/measures.rs", code).len(), 2);
        assert!(stage_problems("validate/mod.rs", code).is_empty());
        assert!(stage_problems("lib.rs", code).is_empty());
        assert_eq!(stage_problems("unheard_of.rs", "").len(), 1);
    }

    #[test]
    fn only_the_command_line_reaches_outside() {
        let code = "use std::{collections::BTreeMap, fs};\nuse std::time::Instant;";
        let mut used = [false; EXCEPTIONS.len()];
        assert_eq!(outside_problems("guywire-report", "guywire-report/src/a.rs", code, &mut used).len(), 2);
        assert_eq!(outside_problems("guywire", EXCEPTIONS[0].0, code, &mut used).len(), 1);
        assert_eq!(used, [true]);
        assert!(outside_problems(FACE, "guywire-cli/src/a.rs", code, &mut used).is_empty());
    }
}
