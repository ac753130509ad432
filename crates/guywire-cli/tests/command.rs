//! What a person at a terminal does.
#![allow(clippy::unwrap_used, reason = "a test may panic, in its helpers too")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn guywire(arguments: &[&str]) -> Output {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    Command::new(env!("CARGO_BIN_EXE_guywire")).args(arguments).current_dir(root).output().unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// A file for one test, in the build's own folder.
fn file(name: &str, content: &[u8]) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, content).unwrap();
    path
}

#[test]
fn help_shows_examples() {
    let output = guywire(&["--help"]);
    assert!(output.status.success());
    assert!(out(&output).contains("guywire posture examples/reference.toml --position standing --set"));
    assert!(out(&guywire(&["posture", "--help"])).contains("hamstrings.left.tone=0.05"));
}

#[test]
fn completions_know_the_verbs() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = out(&guywire(&["completions", shell]));
        assert!(script.contains("posture") && script.contains("validate"), "{shell}");
    }
}

#[test]
fn positions_are_listed() {
    let list = out(&guywire(&["positions"]));
    for position in ["standing", "sitting_relaxed", "lift_20kg_bent_knees"] {
        assert!(list.lines().any(|line| line.split_whitespace().next() == Some(position)), "{list}");
    }
}

#[test]
fn the_body_is_shown_to_people_and_programs() {
    for part in ["list", "muscles", "sources"] {
        let text = guywire(&["body", part]);
        assert!(text.status.success() && !text.stdout.is_empty(), "{}", err(&text));
        let json: serde_json::Value =
            serde_json::from_slice(&guywire(&["body", part, "--json"]).stdout).unwrap();
        assert!(json.is_array());
    }
}

#[test]
fn a_case_that_is_not_there() {
    let output = guywire(&["report", "examples/nobody.toml"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        err(&output).starts_with("error: cannot read the case file `examples/nobody.toml`: "),
        "{}",
        err(&output)
    );
}

#[test]
fn a_case_that_is_not_text() {
    let path = file("not-text.toml", b"positions = []\n\xff\xfe");
    let output = guywire(&["report", path.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(2));
    assert!(err(&output).contains("is not UTF-8 text from line 2 on"), "{}", err(&output));
}

#[test]
fn a_case_with_problems_names_file_line_and_column() {
    let path = file("wrong.toml", b"positions = [\"siting_relaxed\"]\n[person]\nheight_m = 1.75\n");
    let output = guywire(&["posture", path.to_str().unwrap(), "--position", "standing"]);
    assert_eq!(output.status.code(), Some(2));
    let text = err(&output);
    assert!(output.stdout.is_empty());
    for expected in [
        "error: there is no position `siting_relaxed`",
        "wrong.toml:1:14",
        "= help: did you mean `sitting_relaxed`?",
        "wrong.toml:3:1",
        "= help: write `height_cm = 175`",
        "6 problems, nothing was computed",
    ] {
        assert!(text.contains(expected), "`{expected}` is not in\n{text}");
    }
}

#[test]
fn wrong_arguments_are_drawn_like_wrong_files() {
    let output = guywire(&["posture", "examples/reference.toml", "--position", "standin"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(err(&output).contains("--position:1:1") && err(&output).contains("did you mean `standing`?"));
    let output = guywire(&[
        "posture",
        "examples/reference.toml",
        "--position",
        "standing",
        "--set",
        "hip_flexor.length=0.9",
        "--set",
        "hamstrings.tone=5",
    ]);
    assert_eq!(output.status.code(), Some(2));
    assert!(err(&output).contains("did you mean `hip_flexors`?"), "{}", err(&output));
    assert!(
        err(&output).contains("`hamstrings.tone` is 5; it must lie between 0 and 0.5"),
        "{}",
        err(&output)
    );
}

#[test]
fn a_folder_that_cannot_be_made() {
    let path = file("a-file", b"");
    let output = guywire(&["report", "examples/reference.toml", "-o", path.join("below").to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(1));
    assert!(err(&output).starts_with("error: cannot make the folder `"), "{}", err(&output));
}

#[test]
fn a_report_that_cannot_be_written_is_refused_before_the_work() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("taken");
    std::fs::create_dir_all(folder.join("reference.json")).unwrap();
    let output = guywire(&["report", "examples/reference.toml", "-o", folder.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(1));
    assert!(err(&output).starts_with("error: cannot write `"), "{}", err(&output));
    assert!(!folder.join("reference.html").exists());
}

/// What balances is written, what does not is named, and the exit status says that not all was solved.
#[test]
fn a_report_names_the_positions_that_have_no_balance() {
    let weak: String = ["back_extensors", "hamstrings", "adductors", "gluteus_maximus", "gluteus_medius"]
        .iter()
        .map(|group| format!("{group} = {{ strength = 0.05 }}\n"))
        .collect();
    let person = "[person]\nname = \"Ada\"\nage = 35\nsex = \"female\"\nheight_cm = 168\nmass_kg = 62\n";
    let case = format!(
        "positions = [\"standing\", \"lift_20kg_bent_back\"]\n{person}[tissue]\n{weak}[report]\ncauses = false\n\
         uncertainty = false\n"
    );
    let path = file("weak.toml", case.as_bytes());
    let folder = path.with_file_name("weak");
    let output = guywire(&["report", path.to_str().unwrap(), "-o", folder.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(1), "{}", err(&output));
    let text = out(&output);
    assert!(text.contains("Not solved:\n- lift_20kg_bent_back, with all settings: "), "{text}");
    assert!(text.contains("lacks") && text.contains("fully active already: "), "{text}");
    let json: serde_json::Value =
        serde_json::from_slice(&std::fs::read(folder.join("weak.json")).unwrap()).unwrap();
    let names =
        |key: &str| json[key].as_array().unwrap().iter().map(|p| p["position"].clone()).collect::<Vec<_>>();
    assert_eq!(
        (names("positions"), names("unsolved")),
        (vec!["standing".into()], vec!["lift_20kg_bent_back".into()])
    );
    let page = std::fs::read_to_string(folder.join("weak.html")).unwrap();
    assert!(page.contains("Not solved") && page.contains("Lifting 20 kg with a bent back"));
}

#[test]
fn line_ends_and_a_byte_order_mark_do_not_matter() {
    let text = "\u{feff}positions = []\r\n[person]\r\nheight_m = 1.75\r\n";
    let path = file("windows.toml", text.as_bytes());
    let output = guywire(&["report", path.to_str().unwrap()]);
    assert!(err(&output).contains("windows.toml:3:1"), "{}", err(&output));
    let folder = guywire(&["report", "examples"]);
    assert_eq!(folder.status.code(), Some(2));
    assert!(err(&folder).starts_with("error: cannot read the case file `examples`: "));
}

#[test]
fn the_json_of_a_posture_has_the_promised_names() {
    let output = guywire(&["posture", "examples/reference.toml", "--position", "standing", "--json"]);
    assert!(output.status.success(), "{}", err(&output));
    let posture: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let has = |value: &serde_json::Value, names: &str| {
        names.split(' ').for_each(|name| assert!(!value[name].is_null(), "{name} is not in {value}"));
    };
    has(&posture, "position measures muscles discs hips certificate");
    has(
        &posture["measures"],
        "pelvic_tilt_deg sacral_slope_deg lumbar_lordosis_deg thorax_inclination_deg hip_flexion_left_deg \
         hip_flexion_right_deg femoral_rotation_left_deg femoral_rotation_right_deg pelvic_obliquity_deg \
         functional_leg_length_difference_mm gravity_line_mm",
    );
    has(&posture["muscles"][0], "name group side force_n passive_force_n activation normalized_fiber_length");
    has(
        &posture["discs"][0],
        "level compression_n anterior_shear_n lateral_shear_n flexion_moment_nm pressure_mpa \
         anterior_stress_mpa posterior_stress_mpa",
    );
    has(&posture["hips"][0], "side contact_force_n contact_force_bw");
    has(&posture["certificate"], "max_residual_n max_residual_nm kkt_residual iterations solve_ms");
}
