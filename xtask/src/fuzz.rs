//! Every fuzz target, without a nightly compiler: libFuzzer's counters are switched on by ordinary code generation
//! flags; only the memory sanitizer, of little use without `unsafe`, stays out.
//!
//! Two ways: the same inputs on every machine, so that a change is refused for what it did and not for what chance
//! found in older code, and a search for a stated time that goes on from what earlier ones found.

use anyhow::{Context, Result, bail};
use std::path::Path;
use std::process::Command;

/// What makes the compiler count branches for libFuzzer (`rustc -C llvm-args`, LLVM SanitizerCoverage).
const COVERAGE: &str = "--cfg fuzzing -Cdebug-assertions -Cpasses=sancov-module \
    -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters \
    -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares";

/// A reader that needs more for an input of a few kilobytes has lost count, MB.
const MEMORY_MB: u32 = 1024;

/// Longest time for one input, s: a reader's, and that of a target that solves for bodies, counting every branch.
const HANG_S: u32 = 5;
const HANG_SOLVING_S: u32 = 120;
const SOLVING: [&str; 1] = ["case_fit"];

/// Inputs of the first way, of a target that reads files in microseconds; of the others, its corpus among them.
const INPUTS: u32 = 150_000;
const FEWER_INPUTS: [(&str, u32); 2] = [("case_file", 3_000), ("case_fit", 4)];

/// What a run gives every target.
#[derive(Clone, Copy)]
pub enum Dose {
    /// The same inputs every time, drawn anew from the corpus alone.
    Same,
    /// What so many seconds and this seed bring, from the corpus and what was found before.
    Search { seconds: u32, seed: u32 },
}

/// Builds all targets and runs each, starting from its corpus. Fails with the first that crashes, hangs or takes too
/// much memory; the input is left in `fuzz/artifacts`.
pub fn run(root: &Path, dose: Dose) -> Result<()> {
    let folder = root.join("fuzz");
    let mut targets: Vec<String> = std::fs::read_dir(folder.join("fuzz_targets"))?
        .filter_map(|entry| {
            let path = entry.ok()?.path();
            (path.extension()? == "rs").then(|| path.file_stem()?.to_str().map(str::to_owned))?
        })
        .collect();
    targets.sort();
    let output = folder.join("target");
    // Naming the machine's own target keeps the flags off build scripts, which link without libFuzzer.
    let host = host()?;
    let built = Command::new("cargo")
        .args(["build", "--release", "--target", &host, "--target-dir"])
        .arg(&output)
        .current_dir(&folder)
        .env("RUSTFLAGS", COVERAGE)
        .status()
        .context("cannot start cargo")?;
    if !built.success() {
        bail!("the fuzz targets do not build");
    }
    for target in &targets {
        let (kept, limit, seed) = match dose {
            Dose::Same => {
                let fewer = FEWER_INPUTS.iter().find(|(name, _)| name == target);
                ("same", format!("-runs={}", fewer.map_or(INPUTS, |&(_, inputs)| inputs)), 1)
            }
            Dose::Search { seconds, seed } => ("found", format!("-max_total_time={seconds}"), seed),
        };
        let found = output.join(kept).join(target);
        if matches!(dose, Dose::Same) && found.exists() {
            std::fs::remove_dir_all(&found)?;
        }
        let artifacts = folder.join("artifacts").join(target);
        for made in [&found, &artifacts] {
            std::fs::create_dir_all(made)?;
        }
        println!("fuzzing {target} {limit}");
        let hang = if SOLVING.contains(&target.as_str()) { HANG_SOLVING_S } else { HANG_S };
        let status = Command::new(output.join(&host).join("release").join(target))
            .arg(&found)
            .arg(folder.join("corpus").join(target))
            .args([
                limit,
                format!("-rss_limit_mb={MEMORY_MB}"),
                format!("-timeout={hang}"),
                format!("-artifact_prefix={}/", artifacts.display()),
                "-verbosity=0".to_owned(),
                format!("-seed={seed}"),
                "-print_final_stats=1".to_owned(),
            ])
            .status()
            .with_context(|| format!("cannot start the target {target}"))?;
        if !status.success() {
            bail!("{target} failed; the input is in {}", artifacts.display());
        }
    }
    Ok(())
}

/// The target triple of this machine.
fn host() -> Result<String> {
    let said = Command::new("rustc").arg("-vV").output().context("cannot start rustc")?.stdout;
    let said = String::from_utf8_lossy(&said);
    let host = said.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(host.context("rustc does not name its host")?.to_owned())
}
