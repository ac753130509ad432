//! The same work by other engines and by guywire, in turn on this machine, as a page of ratios.
//!
//! Each round runs every peer and then guywire, so that a machine that grows slower in between slows all of them;
//! ratios are taken within a round, and their spread over the rounds is printed beside the median.

use anyhow::{Context, Result, bail};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Times of the works of one engine in one round, ms (or counts, where the work says so).
type Times = BTreeMap<String, f64>;

/// A line of the page.
struct Row {
    work: &'static str,
    ours: &'static str,
    peer: &'static str,
    theirs: &'static str,
    /// The peer's time over ours that is wanted.
    target: f64,
    /// Names of the counts by which both times are divided: ours, theirs.
    per: Option<[&'static str; 2]>,
}

const fn row(work: &'static str, ours: &'static str, [peer, theirs]: [&'static str; 2], target: f64) -> Row {
    Row { work, ours, peer, theirs, target, per: None }
}

/// What is compared, and what is wanted.
const ROWS: [Row; 17] = [
    row("load and be ready, Rajagopal2016", "load Rajagopal2016", ["opensim", "load Rajagopal2016"], 20.0),
    row(
        "lengths and moment arms, against OpenSim's lengths alone, gait2392",
        "lengths and moment arms gait2392",
        ["opensim", "lengths gait2392"],
        15.0,
    ),
    row(
        "the same against its moment arms, gait2392",
        "lengths and moment arms gait2392",
        ["opensim", "moment arms gait2392"],
        3000.0,
    ),
    row(
        "lengths and moment arms, against OpenSim's lengths alone, Rajagopal2016",
        "lengths and moment arms Rajagopal2016",
        ["opensim", "lengths Rajagopal2016"],
        15.0,
    ),
    row(
        "the same against its moment arms, Rajagopal2016",
        "lengths and moment arms Rajagopal2016",
        ["opensim", "moment arms Rajagopal2016"],
        3000.0,
    ),
    Row {
        work: "lengths and moment arms a muscle: Rajagopal2016 against myolegs",
        ours: "lengths and moment arms Rajagopal2016",
        peer: "mujoco",
        theirs: "lengths and moment arms, legs",
        target: 1.0,
        per: Some(["muscles Rajagopal2016", "muscles, legs"]),
    },
    Row {
        work: "lengths and moment arms a muscle: the built-in body against myofullbody",
        ours: "lengths and moment arms built-in body",
        peer: "mujoco",
        theirs: "lengths and moment arms, full body",
        target: 1.0,
        per: Some(["muscles built-in body", "muscles, full body"]),
    },
    row(
        "inverse dynamics of the bare tree, 23 degrees of freedom",
        "inverse dynamics gait2392",
        ["pinocchio", "inverse dynamics, 23 degrees of freedom"],
        0.5,
    ),
    row(
        "inverse dynamics of the bare tree, 39 degrees of freedom",
        "inverse dynamics Rajagopal2016",
        ["pinocchio", "inverse dynamics, 39 degrees of freedom"],
        0.5,
    ),
    row(
        "inverse dynamics a frame, gait2392",
        "inverse dynamics gait2392",
        ["opensim", "inverse dynamics gait2392"],
        15.0,
    ),
    row(
        "inverse kinematics a frame, gait2392",
        "inverse kinematics gait2392",
        ["opensim", "inverse kinematics gait2392"],
        25.0,
    ),
    row(
        "inverse kinematics a frame, Rajagopal2016",
        "inverse kinematics Rajagopal2016",
        ["opensim", "inverse kinematics Rajagopal2016"],
        25.0,
    ),
    row(
        "static optimisation a frame, gait2392",
        "static optimisation gait2392",
        ["opensim", "static optimisation gait2392"],
        200.0,
    ),
    row(
        "joint reactions a frame, gait2392",
        "joint reactions gait2392",
        ["opensim", "joint reactions gait2392"],
        30.0,
    ),
    row(
        "0.2 s forward, elastic tendons, gait2392",
        "forward 0.2 s gait2392",
        ["opensim", "forward 0.2 s gait2392"],
        30.0,
    ),
    row(
        "a whole walk, files to files, one thread",
        "whole walk gait2392, one thread",
        ["opensim", "whole walk gait2392"],
        50.0,
    ),
    row(
        "a whole walk, files to files, all cores",
        "whole walk gait2392",
        ["opensim", "whole walk gait2392"],
        50.0,
    ),
];

/// The peers, as `conformance/peers.py` knows them.
const PEERS: [&str; 3] = ["opensim", "mujoco", "pinocchio"];

/// Runs `rounds` rounds on the reference data and writes `docs/performance.md`.
pub fn run(root: &Path, rounds: usize) -> Result<()> {
    let folder = &guywire_reference::root();
    if rounds == 0 {
        bail!("no rounds, no times");
    }
    if !folder.join("models").is_dir() {
        bail!("{} holds no reference models; set GUYWIRE_SHARED", folder.display());
    }
    let python = environment(root)?;
    // The whole walk runs the command itself.
    succeed(
        Command::new("cargo").args(["build", "--release", "--quiet", "-p", "guywire-cli"]).current_dir(root),
    )?;
    let script = root.join("conformance/peers.py");
    let mut measured: Vec<BTreeMap<&str, Times>> = Vec::new();
    for round in 0..rounds {
        let mut times = BTreeMap::new();
        for peer in PEERS {
            println!("round {} of {rounds}: {peer}", round + 1);
            times.insert(peer, read_times(Command::new(&python).arg(&script).arg(peer).arg(folder))?);
        }
        println!("round {} of {rounds}: guywire", round + 1);
        let mut own = Command::new("cargo");
        own.args(["run", "--release", "--quiet", "-p", "guywire-cli", "--example", "timings", "--"])
            .arg(folder);
        times.insert("guywire", read_times(own.current_dir(root))?);
        measured.push(times);
    }
    let page = page(&measured)?;
    print!("{page}");
    std::fs::write(root.join("docs/performance.md"), page)?;
    Ok(())
}

/// The Python of a virtual environment with the peers, made if it is not there.
fn environment(root: &Path) -> Result<PathBuf> {
    let folder = root.join("target/peers");
    let python = folder.join("bin/python");
    if !python.exists() {
        succeed(Command::new("python3").args(["-m", "venv"]).arg(&folder))?;
    }
    let requirements = root.join("conformance/requirements.txt");
    succeed(Command::new(&python).args(["-m", "pip", "install", "--quiet", "-r"]).arg(requirements))?;
    Ok(python)
}

fn succeed(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| format!("cannot start {command:?}"))?;
    if status.success() { Ok(()) } else { bail!("{command:?} failed") }
}

fn read_times(command: &mut Command) -> Result<Times> {
    let output = command
        .stderr(std::process::Stdio::inherit())
        .output()
        .with_context(|| format!("cannot start {command:?}"))?;
    if !output.status.success() {
        bail!("{command:?} failed");
    }
    serde_json::from_slice(&output.stdout).with_context(|| format!("{command:?} did not print times"))
}

/// Least, middle and greatest of some numbers.
fn spread(mut values: Vec<f64>) -> [f64; 3] {
    values.sort_by(f64::total_cmp);
    [values[0], values[values.len() / 2], values[values.len() - 1]]
}

fn shown(ms: f64) -> String {
    match ms {
        ms if ms >= 1.0 => format!("{ms:.3} ms"),
        ms if ms >= 1e-3 => format!("{:.2} µs", ms * 1e3),
        ms => format!("{:.1} ns", ms * 1e6),
    }
}

fn ratio(value: f64) -> String {
    if value >= 100.0 {
        format!("{value:.0}")
    } else {
        format!("{value:.3}")[..4].trim_end_matches('.').to_owned()
    }
}

fn page(measured: &[BTreeMap<&str, Times>]) -> Result<String> {
    let cores = std::thread::available_parallelism()?;
    let processor = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let processor = processor
        .lines()
        .find_map(|line| line.strip_prefix("model name"))
        .map_or("unknown processor", |name| name.trim_start_matches([' ', '\t', ':']));
    let mut page = format!(
        "# Performance\n\nWritten by `cargo xtask peers`: the same work by other engines (pinned in \
         [requirements.txt](../conformance/requirements.txt)) and by guywire, in turn on the same machine \
         ({processor}, {cores} cores), {} rounds. A ratio is the peer's time over guywire's within a round: \
         median, and in brackets the least and the greatest. One thread unless the line says otherwise.\n\n\
         | work | guywire | peer | ratio | wanted | |\n| --- | ---: | ---: | ---: | ---: | --- |\n",
        measured.len()
    );
    for row in &ROWS {
        let find = |round: &BTreeMap<&str, Times>, engine: &str, key: &str| -> Result<f64> {
            let value = round.get(engine).and_then(|times| times.get(key)).copied();
            value.with_context(|| format!("{engine} has no time of `{key}`"))
        };
        let (mut ours, mut theirs, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
        for round in measured {
            let mut times = [find(round, "guywire", row.ours)?, find(round, row.peer, row.theirs)?];
            if let Some([own, other]) = row.per {
                times[0] /= find(round, "guywire", own)?;
                times[1] /= find(round, row.peer, other)?;
            }
            ours.push(times[0]);
            theirs.push(times[1]);
            ratios.push(times[1] / times[0]);
        }
        let ([_, own, _], [_, other, _], [low, middle, high]) =
            (spread(ours), spread(theirs), spread(ratios));
        let verdict = if middle >= row.target { "met" } else { "**missed**" };
        writeln!(
            page,
            "| {} | {} | {} ({}) | {} ({}–{}) | {} | {verdict} |",
            row.work,
            shown(own),
            shown(other),
            row.peer,
            ratio(middle),
            ratio(low),
            ratio(high),
            row.target,
        )?;
    }
    page.push_str(NOTES);
    Ok(page)
}

const NOTES: &str = "
OpenSim and Pinocchio are called through their Python bindings, which add about a microsecond a call; OpenSim's tools run
inside its own library. MuJoCo computes lengths and moment arms of its own leg and body models (myo-sim), which have
other paths than the OpenSim models, so that comparison is a muscle at a time. A whole walk is scale → inverse kinematics
→ inverse dynamics → static optimisation → joint reactions on the public walk of the reference data, every step reading
and writing its files.

Loading and the whole walk are bounded by instructions, in flat profiles without a hot spot (callgrind).
Loading Rajagopal2016 (875 kB; 6753 elements and 5513 comments, which are kept to be written again) takes 27 million:
a third parsing, an eighth upgrading, two fifths typing with its report, a fifteenth the engine model; no function has a
twentieth of it to itself, allocation and freeing have a tenth together. It was 51 million before comments and text
were skipped by vectorised search, elements found by digests of their names and muscle curves shared by shape. A whole
walk takes 408 million: scaling 115, inverse kinematics 113, inverse dynamics 44, static optimisation 86, joint
reactions 50; it was 593 million when scaling described its model six times instead of three and most numbers were read
in two passes. Each of the five steps reads a model in about 17 million and starts a process, which is 1 ms of about 9;
the search for the first pose takes a third of scaling and of inverse kinematics. One process for all steps would save
the starts and three of the readings.
";
