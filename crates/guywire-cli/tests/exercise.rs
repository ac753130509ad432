//! `guywire exercise` at a terminal.
#![allow(clippy::unwrap_used, reason = "a test may panic, in its helpers too")]

mod common;

use common::{err, guywire, out, written};
use std::path::{Path, PathBuf};

/// The footballer's case, written for him instead of for a clinician.
fn for_the_boy() -> PathBuf {
    let case = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/footballer-12.toml");
    let text = std::fs::read_to_string(case).unwrap();
    let told = text.replace("audience = \"clinician\"", "audience = \"person\"");
    assert_ne!(text, told);
    let path = written("exercise-for-the-boy.toml");
    std::fs::write(&path, told).unwrap();
    path
}

#[test]
fn the_library_is_listed() {
    let list = out(&guywire(&["exercise", "--list"]));
    assert_eq!(list.lines().count(), 54, "a head and 53 exercises");
    let stretches = out(&guywire(&["exercise", "--list", "--kind", "stretch"]));
    assert!(stretches.contains("kneel_hip_flexor_ppt") && !stretches.contains("bridge"));
    assert!(out(&guywire(&["exercise", "--help"])).contains("--rank hip_flexors.left"));
}

#[test]
fn an_exercise_says_what_it_does_and_draws_it() {
    let picture = written("exercise.svg");
    let case = "examples/desk-worker.toml";
    let few = ["--members", "20"];
    let asked = ["exercise", case, "strap_hamstring", "--side", "left", "-o", picture.to_str().unwrap()];
    let said = guywire(&[&asked[..], &few].concat());
    assert!(said.status.success(), "{}", err(&said));
    let text = out(&said);
    for words in ["semimembranosus.left", "L5/S1", "Stop", "nine in ten of 20 bodies"] {
        assert!(text.contains(words), "{words}: {text}");
    }
    // What is tried is tried on the body that the case states.
    let tried = [&asked[..5], &few, &["--set", "hamstrings.length=0.9"]].concat();
    assert!(out(&guywire(&tried)).contains("this is the tissue that the case states"));
    assert!(!text.contains("this is the tissue that the case states"), "{text}");
    let svg = std::fs::read_to_string(&picture).unwrap();
    assert!(svg.starts_with("<svg") && svg.contains("m lit") && !svg.contains("NaN"));
    let page = written("exercise.html");
    let asked = ["exercise", case, "bridge_single", "-o", page.to_str().unwrap()];
    let said = guywire(&[&asked[..], &few].concat());
    assert!(said.status.success(), "{}", err(&said));
    let html = std::fs::read_to_string(&page).unwrap();
    assert!(
        html.contains("What to do") && html.contains("Go on, and keep watching") && !html.contains("NaN")
    );
}

#[test]
fn a_name_that_is_not_known_suggests_one() {
    let case = "examples/desk-worker.toml";
    let said = guywire(&["exercise", case, "bridge_singel"]);
    assert_eq!(said.status.code(), Some(2));
    assert!(err(&said).contains("did you mean `bridge_single`"), "{}", err(&said));
    let said = guywire(&["exercise", case, "--rank", "hip_flexers.left"]);
    assert_eq!(said.status.code(), Some(2));
    assert!(err(&said).contains("did you mean `hip_flexors`"), "{}", err(&said));
    let said = guywire(&["exercise", case, "bridge", "-o", "bridge.png"]);
    assert_eq!(said.status.code(), Some(2));
}

#[test]
fn who_must_be_examined_first_is_shown_no_exercise() {
    let case = for_the_boy();
    let case = case.to_str().unwrap();
    let page = written("exercise-not-written.html");
    let said = guywire(&["exercise", case, "strap_hamstring", "-o", page.to_str().unwrap()]);
    assert!(said.status.success());
    assert!(!out(&said).contains("strap") && !page.exists(), "{}", out(&said));
    let json = out(&guywire(&["exercise", case, "strap_hamstring", "--json"]));
    assert!(json.contains("\"exercise\": null"), "{json}");
    let ranks = out(&guywire(&["exercise", case, "--rank", "hamstrings.left", "--json"]));
    assert!(ranks.contains("\"ranked\": []"), "{ranks}");
    // A clinician sees it, with what speaks against it on top.
    let told = out(&guywire(&[
        "exercise",
        "examples/footballer-12.toml",
        "pigeon",
        "--side",
        "left",
        "--members",
        "20",
    ]));
    assert!(told.contains("!!! Not for Jonas: hip impingement or pain in the groin"), "{told}");
    assert!(told.contains("piriformis.left"));
}

#[test]
fn a_rank_names_the_exercise_that_reaches_its_target() {
    let case = "examples/desk-worker.toml";
    let json = out(&guywire(&[
        "exercise",
        case,
        "--rank",
        "psoas.left",
        "--kind",
        "stretch",
        "--json",
        "--members",
        "20",
    ]));
    let found: serde_json::Value = serde_json::from_str(&json).unwrap();
    let ranked = found["ranked"].as_array().unwrap();
    assert!(found["unsolved"].as_array().unwrap().is_empty());
    let share = |i: usize| ranked[i]["passive_share"].as_f64().unwrap();
    assert!((1..ranked.len()).all(|i| share(i - 1) >= share(i)));
    assert!(["kneel_hip_flexor_ppt", "thomas_stretch"].contains(&ranked[0]["exercise"].as_str().unwrap()));
}

/// A person is shown nothing of what the answers speak against, by whatever way it is asked for; a clinician is.
#[test]
fn what_the_answers_speak_against_is_left_out_of_every_list() {
    let case = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/desk-worker.toml");
    let text = std::fs::read_to_string(case).unwrap();
    let replaced = text.replace(
        "hip_replacement = false",
        "hip_replacement = true\nexamined_by = \"Dr. W\"\nexamined_on = 2025-06-01\naudience = \"person\"",
    );
    assert_ne!(text, replaced);
    let (path, plan) = (written("new-hip.toml"), written("new-hip-plan.toml"));
    std::fs::write(&path, &replaced).unwrap();
    std::fs::write(&plan, "[[exercise]]\nname = \"pigeon\"\n").unwrap();
    let case = path.to_str().unwrap();
    let rank = ["exercise", case, "--rank", "hip_rotators.left", "--kind", "stretch", "--members", "20"];
    let said = out(&guywire(&rank));
    assert!(said.contains("Left out: pigeon: ") && !said.contains("\npigeon"), "{said}");
    let json = out(&guywire(&[&rank[..], &["--json"]].concat()));
    let found: serde_json::Value = serde_json::from_str(&json).unwrap();
    let has = |list: &str| found[list].as_array().unwrap().iter().any(|row| row["exercise"] == "pigeon");
    assert!(has("left_out") && !has("ranked"), "{json}");
    let plan = plan.to_str().unwrap();
    for asked in [["forecast", case, "--plan", plan], ["report", case, "--plan", plan]] {
        let said = guywire(&asked);
        assert_eq!(said.status.code(), Some(2), "{asked:?}");
        assert!(err(&said).contains("`pigeon` is not for this person: "), "{}", err(&said));
    }
}
