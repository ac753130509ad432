//! What a person at a terminal does.
#![allow(clippy::unwrap_used, reason = "a test may panic, in its helpers too")]

mod common;

use common::{err, guywire, guywire_with, out, written};
use std::path::PathBuf;

/// A file for one test, in the build's own folder.
fn file(name: &str, content: &[u8]) -> PathBuf {
    let path = written(name);
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
    let folder = written("taken");
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

fn screened(arguments: &[&str]) -> serde_json::Value {
    let output = guywire(&[&["screen"], arguments, &["--json"]].concat());
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn the_example_cases_are_screened() {
    for name in ["desk-worker", "runner", "stairs-leader"] {
        let screening = screened(&[&format!("examples/{name}.toml")]);
        assert_eq!(screening["result"], "proceed", "{name}: {screening}");
        assert_eq!(screening["unanswered"].as_array().map(Vec::len), Some(0));
    }
    let child = screened(&["examples/footballer-12.toml"]);
    assert_eq!(child["result"], "see_clinician_first");
    let rules: Vec<&str> =
        child["reasons"].as_array().unwrap().iter().filter_map(|r| r["rule"].as_str()).collect();
    assert!(rules.contains(&"child_hip_groin_or_limp"), "{rules:?}");
    let nobody = screened(&["examples/reference.toml"]);
    assert_eq!(nobody["result"], "proceed_with_note");
    assert!(nobody["unanswered"].as_array().is_some_and(|all| all.iter().any(|q| q == "bladder_change")));
}

#[test]
fn answers_of_a_file_take_the_place_of_the_case_s() {
    let path = file("answers.toml", b"[screening]\nsaddle_numbness = true\n");
    let path = path.to_str().unwrap();
    assert_eq!(screened(&["examples/desk-worker.toml", "--answers", path])["result"], "emergency_today");
    let saved = written("saved-answers.toml");
    let saved = saved.to_str().unwrap();
    let output = guywire(&["screen", "examples/desk-worker.toml", "--answers", path, "--save", saved]);
    assert!(out(&output).contains("Please go to an emergency department now"), "{}", out(&output));
    assert!(out(&output).contains("Stop and seek help if you notice"), "{}", out(&output));
    // All answers are in the file: it stands for the case's own.
    assert_eq!(screened(&["examples/reference.toml", "--answers", saved])["result"], "emergency_today");
    let wrong = file("wrong-answers.toml", b"limp = 3\nsadle_numbness = true\n");
    let output = guywire(&["screen", "examples/desk-worker.toml", "--answers", wrong.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        err(&output).contains("wrong-answers.toml:1:8")
            && err(&output).contains("did you mean `saddle_numbness`?")
    );
}

#[test]
fn screening_needs_a_person() {
    let output = guywire(&["screen", "examples/nobody.toml"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(out(&guywire(&["screen", "--help"])).contains("--answers answers.toml --json"));
    assert!(out(&guywire(&["completions", "bash"])).contains("screen"));
}

/// A report of a child with groin pain for the family: the page and the summary hold the screening alone.
#[test]
fn a_child_s_own_report_holds_the_screening_alone() {
    let case = "positions = [\"standing\"]\n[person]\nname = \"Jonas\"\nage = 12\nsex = \"male\"\nheight_cm = 152\n\
                mass_kg = 42\n[screening]\ngroin_pain = true\n[report]\ncauses = false\nuncertainty = false\n";
    let path = file("jonas.toml", case.as_bytes());
    let folder = path.with_file_name("jonas");
    let output = guywire(&["report", path.to_str().unwrap(), "-o", folder.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    let text = out(&output);
    assert!(text.starts_with("!!! See a clinician before any programme\n"), "{text}");
    assert!(text.contains("Not asked: ") && !text.contains("pelvic tilt"), "{text}");
    let page = std::fs::read_to_string(folder.join("jonas.html")).unwrap();
    assert!(page.contains("See a clinician before any programme") && !page.contains("The picture"));
    assert!(page.contains("nothing that was computed"));
    let json: serde_json::Value =
        serde_json::from_slice(&std::fs::read(folder.join("jonas.json")).unwrap()).unwrap();
    assert_eq!(json["screening"]["result"], "see_clinician_first");
    assert_eq!(json["positions"][0]["position"], "standing");
}

/// Visits come out as labels in the JSON and in the summary, and a high STarT Back risk before everything but screening.
#[test]
fn visits_are_reported_and_none_may_lie_in_the_future() {
    let case = |second: &str| {
        format!(
            "positions = [\"standing\"]\n[person]\nname = \"Ada\"\nage = 35\nsex = \"female\"\nheight_cm = 168\n\
             mass_kg = 62\n[report]\ncauses = false\nuncertainty = false\n\
             [[visit]]\ndate = 2020-01-06\n[[visit.test]]\nname = \"finger_to_floor\"\nreading = 12\n\
             [visit.outcomes]\nstart_back = [1, 5, 6, 7, 8]\n\
             [[visit]]\ndate = {second}\n[[visit.test]]\nname = \"finger_to_floor\"\nreading = 5\n"
        )
    };
    let path = file("ada-later.toml", case("2999-01-01").as_bytes());
    let output = guywire(&["report", path.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(2));
    assert!(err(&output).contains("`date` = 2999-01-01 lies in the future: today is "), "{}", err(&output));

    let path = file("ada-visits.toml", case("2020-03-02").as_bytes());
    let folder = path.with_file_name("ada-visits");
    let output = guywire(&["report", path.to_str().unwrap(), "-o", folder.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    let text = out(&output);
    let at = |what: &str| text.find(what).unwrap_or_else(|| panic!("no {what} in {text}"));
    assert!(
        at("SUPPORT FIRST") < at("Ada, 35 years") && at("© Keele University") < at("Ada, 35 years"),
        "{text}"
    );
    assert!(at("finger_to_floor [cm]") < at("Pelvic tilt"), "{text}");
    let json: serde_json::Value =
        serde_json::from_slice(&std::fs::read(folder.join("ada-visits.json")).unwrap()).unwrap();
    let change = &json["visits"]["tests"][0]["points"][1]["since_first"];
    assert_eq!((change["label"].as_str(), change["value"].as_f64()), (Some("real"), Some(-7.0)));
    assert_eq!(json["visits"]["support"]["risk"], "high");
}

/// A test says what is read, in which unit and with which error; the reading follows the tissue.
#[test]
fn a_clinical_test_is_read() {
    let read = |set: &[&str]| -> serde_json::Value {
        let first = ["test", "examples/reference.toml", "straight_leg_raise", "--side", "left", "--json"];
        let output = guywire(&[&first[..], set].concat());
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        serde_json::from_str(&out(&output)).unwrap()
    };
    let (usual, short) = (read(&[]), read(&["--set", "hamstrings.left.length=0.95"]));
    assert_eq!(usual["test"], "straight_leg_raise");
    assert_eq!(usual["side"], "left");
    assert_eq!(usual["unit"], "deg");
    assert!(usual["sem"].as_f64().unwrap() > 0.0);
    assert!(usual["certificate"]["max_residual_nm"].as_f64().unwrap() < 1e-6);
    assert_eq!(usual["spread"]["solved"], 60);
    let [usual, short] = [usual, short].map(|r| r["reading"].as_f64().unwrap());
    assert!(short < usual - 3.0, "{short} {usual}");
    let list = out(&guywire(&["test", "--list"]));
    assert!(list.contains("thomas_hip_extension") && list.contains("lumbar_free"), "{list}");
}

/// A wrong name, side or protocol is refused with what would do.
#[test]
fn a_clinical_test_that_is_none_is_refused() {
    for (arguments, expected) in [
        (&["straight_leg_rise", "--side", "left"][..], "did you mean `straight_leg_raise`"),
        (&["straight_leg_raise"], "add `--side left`"),
        (&["pelvic_tilt", "--side", "left"], "has no sides"),
        (&["ely", "--side", "left", "--protocol", "sideways"], "pelvis_held, pelvis_free"),
        (&["side_bridge", "--side", "left"], "cannot be simulated"),
    ] {
        let output = guywire(&[&["test", "examples/reference.toml"], arguments].concat());
        assert_eq!(output.status.code(), Some(2), "{output:?}");
        let message = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(message.contains(expected), "{message}");
    }
}

/// The fit of an example has an interval about every mean, and every reading beside what the fitted body reads.
#[test]
fn a_case_with_visits_is_fitted() {
    let output = guywire(&["fit", "examples/desk-worker.toml", "--json"]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let fit: serde_json::Value = serde_json::from_str(&out(&output)).unwrap();
    for parameter in fit["parameters"].as_array().unwrap() {
        let number = |name: &str| parameter[name].as_f64().unwrap();
        assert!(number("low90") < number("mean") && number("mean") < number("high90"), "{parameter}");
        assert!(number("prior_sd") > 0.0);
    }
    let tests = fit["tests"].as_array().unwrap();
    assert!(!tests.is_empty());
    for test in tests.iter().filter(|t| t["distrusted"] == false) {
        let number = |name: &str| test[name].as_f64().unwrap();
        assert!((number("read") - number("predicted")).abs() < 5.0 * number("sem"), "{test}");
    }
    assert!(fit["unidentifiable"].is_array() && fit["next_tests"].is_array());
    let without = guywire(&["fit", "examples/reference.toml"]);
    assert_eq!(without.status.code(), Some(2));
    assert!(err(&without).contains("`examples/reference.toml`: no visit has a reading"), "{without:?}");
}

/// A report of fitted tests: the fitted body with intervals, kept numbers, and the same bytes from them.
#[test]
fn a_report_of_fitted_tests_has_intervals_and_goes_on_from_what_was_kept() {
    let raise = "[report]\ncauses = false\n[[visit]]\ndate = 2026-03-02\n[[visit.test]]\n\
                 name = \"straight_leg_raise\"\nside = \"left\"\nreadings = [52, 54]\n";
    let path = file("intervals.toml", with_visit("bladder_change = false", raise).as_bytes());
    // Other tests keep their runs while this one counts its own.
    let kept = written("cache-of-intervals");
    // What an earlier test run kept would be gone on from.
    let _ = std::fs::remove_dir_all(&kept);
    let runs = || std::fs::read_dir(kept.join("guywire")).map_or(0, Iterator::count);
    let report = |folder: &str, more: &[&str]| {
        let folder = path.with_file_name(folder);
        let arguments = ["report", path.to_str().unwrap(), "--members", "20", "-o", folder.to_str().unwrap()];
        let output = guywire_with(&kept, &[&arguments, more].concat());
        assert_eq!(output.status.code(), Some(0), "{}", err(&output));
        let json = std::fs::read(folder.join("intervals.json")).unwrap();
        let mut json: serde_json::Value = serde_json::from_slice(&json).unwrap();
        for body in ["person", "reference"] {
            json["positions"][0][body]["posture"]["certificate"]["solve_ms"] = 0.into();
        }
        (json, out(&output))
    };
    let before = runs();
    let (plain, text) = report("intervals-plain", &["--no-cache"]);
    assert_eq!(runs(), before, "nothing is kept");
    assert!(text.contains("The body behind the tests of 2026-03-02"), "{text}");
    assert!(text.contains("nine in ten of 20 bodies lie that the tests allow"), "{text}");
    assert_eq!((&plain["ensemble"]["members"], &plain["ensemble"]["seed"]), (&20.into(), &1.into()));
    let spread = &plain["positions"][0]["spread"];
    assert_eq!(spread["solved"], 20);
    assert!(spread["quantities"][0]["low90"].as_f64() < spread["quantities"][0]["high90"].as_f64());
    let (first, _) = report("intervals-first", &[]);
    assert_eq!(first, plain);
    assert_eq!(runs(), before + 1, "one file a run");
    let (again, _) = report("intervals-again", &[]);
    assert_eq!(again, plain);
    assert_eq!(runs(), before + 1);
    let (other, _) = report("intervals-other", &["--seed", "2", "--no-cache"]);
    assert_ne!(other["positions"][0]["spread"], plain["positions"][0]["spread"]);
}

const ENDURANCE: &str =
    "[[visit]]\ndate = 2026-03-02\n[[visit.test]]\nname = \"trunk_extensor_endurance\"\nreading = 90\n";

fn with_visit(screening: &str, visit: &str) -> String {
    format!(
        "positions = [\"standing\"]\n[person]\nname = \"Ada\"\nage = 35\nsex = \"female\"\nheight_cm = 168\n\
         mass_kg = 62\n[screening]\n{screening}\n{visit}"
    )
}

#[test]
fn readings_that_tell_nothing_of_tissue_are_named() {
    let path = file("endurance.toml", with_visit("", ENDURANCE).as_bytes());
    let output = guywire(&["fit", path.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(2));
    let said = err(&output);
    assert!(
        said.contains("of the readings of 2026-03-02 none can be fitted: `trunk_extensor_endurance`: "),
        "{said}"
    );
}

/// Who must be examined first is told so by `fit` and shown nothing that was computed; a clinician is told and shown.
#[test]
fn what_stops_self_care_stands_on_top_of_a_fit() {
    let raise = "[[visit]]\ndate = 2026-03-02\n[visit.outcomes]\nstart_back = [5, 6, 7, 8]\n[[visit.test]]\n\
                 name = \"straight_leg_raise\"\nside = \"left\"\nreadings = [60, 90]\n";
    let fitted = |screening: &str| {
        let path = file("stopped.toml", with_visit(screening, raise).as_bytes());
        out(&guywire(&["fit", path.to_str().unwrap()]))
    };
    let own = fitted("bladder_change = true");
    assert!(own.starts_with("!!! Get medical help today"), "{own}");
    assert!(own.ends_with("Nothing that was computed is shown until a clinician has examined.\n"), "{own}");
    assert!(!own.contains("hamstrings"), "{own}");
    let clinical = fitted("audience = \"clinician\"\nbladder_change = true");
    let at = |words: &str| clinical.find(words).unwrap_or_else(|| panic!("{words}: {clinical}"));
    assert_eq!(at("!!! Get medical help today"), 0);
    assert!(at("emergency_today: ") < at("SUPPORT FIRST"), "why, and what to do");
    assert!(at("`guywire screen` lists them") < at("SUPPORT FIRST"), "the lead speaks of signs");
    assert!(at("SUPPORT FIRST") < at("Please look again. Line 16: The repeats of `straight_leg_raise`"));
    assert!(at("Please look again") < at("Note: The last reading of range of movement is of 2026-03-02"));
    assert!(at("Note: The last reading") < at("hamstrings.left.length"));
}

/// A week is told hour by hour, drawn, and given to other programs; a case without one is told what to write.
#[test]
fn week_tells_what_each_hour_does() {
    let list = out(&guywire(&["week", "--list"]));
    assert!(list.contains("sitting_relaxed") && list.contains("left, right"), "{list}");
    let picture = written("week.svg");
    let picture = picture.to_str().unwrap();
    let told = guywire(&["week", "examples/stairs-leader.toml", "--picture", picture, "--members", "20"]);
    let text = out(&told);
    assert!(told.status.success() && text.contains("1400 times, right first"), "{text}{}", err(&told));
    assert!(text.contains("No sleep was told: 56 hours are assumed"), "{text}");
    let drawn = std::fs::read_to_string(picture).unwrap();
    assert!(drawn.contains("Stairs up, right first") && !drawn.contains("NaN"), "{drawn}");
    assert!(text.contains("Below each number where nine in ten of 20 bodies lie"), "{text}");
    let json = out(&guywire(&["week", "examples/stairs-leader.toml", "--json", "--members", "20"]));
    let week: serde_json::Value = serde_json::from_str(&json).unwrap();
    let stairs = &week["activities"][0];
    assert_eq!((stairs["activity"].as_str(), stairs["lead"].as_str()), (Some("stairs_up"), Some("right")));
    assert!(stairs["muscles"].as_array().unwrap().len() > 100, "{stairs}");
    assert_eq!(week["spread"]["solved"], 20);
    let none = guywire(&["week", "examples/reference.toml"]);
    assert_eq!(none.status.code(), Some(2));
    assert!(err(&none).contains("activity = \"sitting_relaxed\""), "{}", err(&none));
}
