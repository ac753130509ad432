//! `guywire forecast` and `guywire plan` at a terminal.
#![allow(clippy::unwrap_used, reason = "a test may panic, in its helpers too")]

mod common;

use common::{err, guywire, out, written};
use std::path::Path;
use std::process::{Command, Output};

const CASE: &str = "examples/desk-worker.toml";
/// Few bodies: what is tested is what is said.
const FEW: [&str; 3] = ["--members", "20", "--no-cache"];

fn json(output: &Output) -> serde_json::Value {
    assert!(output.status.success(), "{}", err(output));
    serde_json::from_str(&out(output)).unwrap()
}

#[test]
fn a_plan_is_saved_and_followed() {
    let plan = written("plan.toml");
    let plan = plan.to_str().unwrap();
    let goal = "straight_leg_raise.left+4%";
    let [paper, clinician, calendar, picture] =
        ["plan.html", "clinician.html", "plan.ics", "weeks.svg"].map(written);
    let asked = ["plan", CASE, "--goal", goal, "--weeks", "8", "--save", plan, "--json"];
    let start = ["--start", "2026-03-02", "--handout", paper.to_str().unwrap()];
    let calendar_too = ["--calendar", calendar.to_str().unwrap(), "--clinician", clinician.to_str().unwrap()];
    let found = json(&guywire(&[&asked[..], &FEW, &start, &calendar_too].concat()));
    assert_eq!(found["screening"], "proceed");
    assert!(found["reached"].as_bool().unwrap() && found["probability"].as_f64().unwrap() >= 0.8);
    let exercises = found["exercises"].as_array().unwrap();
    assert!((1..=4).contains(&exercises.len()));
    for exercise in exercises {
        let [low, median, high] = [0, 1, 2].map(|k| exercise["adds"][0][k].as_f64().unwrap());
        assert!(0.0 < median && low <= median && median <= high, "{exercise}");
    }
    assert!(
        !found["habits"].as_array().unwrap().is_empty() && !found["orders"].as_array().unwrap().is_empty()
    );
    assert_eq!(found["retests"][0]["quantity"], "straight_leg_raise.left");
    let page = std::fs::read_to_string(&paper).unwrap();
    for words in
        ["Dana, this is your plan for 8 weeks", "Go on, and keep watching", "m lit", "From 2026-03-02"]
    {
        assert!(page.contains(words), "{words}");
    }
    let page = std::fs::read_to_string(&clinician).unwrap();
    for words in [
        "a plan of 8 weeks, for the clinician",
        "Dana",
        "The tissue behind the tests",
        "Straight-leg raise, left at least",
        "week 8, 2026-04-27",
        "One skeleton, a man's of 1.70 m",
        "Speaks against it",
        "Everybody's",
        "[1]",
    ] {
        assert!(page.contains(words), "{words}");
    }
    assert!(!page.contains("NaN"));
    let events = std::fs::read_to_string(&calendar).unwrap();
    let count = events.matches("BEGIN:VEVENT").count();
    assert_eq!(count, exercises.len() + found["retests"].as_array().unwrap().len() + 1, "{events}");
    let asked =
        ["forecast", CASE, "--weeks", "16", "--plan", plan, "--json", "--picture", picture.to_str().unwrap()];
    let found = json(&guywire(&[&asked[..], &FEW].concat()));
    assert_eq!(found["programme"].as_array().unwrap().len(), exercises.len());
    let series = found["series"].as_array().unwrap();
    let raise = series.iter().find(|s| s["quantity"] == "straight_leg_raise.left").unwrap();
    let median = |week: usize| raise["median"][week].as_f64().unwrap();
    assert!(median(8) > median(0) + 1.0 && median(16) < median(8), "gained, and lost after it");
    assert!(!raise["carried"].as_array().unwrap().is_empty());
    assert_eq!(found["programme_weeks"][0], serde_json::json!([1, 8]));
    let svg = std::fs::read_to_string(&picture).unwrap();
    assert!(svg.starts_with("<svg") && svg.contains("class=\"turn\"") && !svg.contains("NaN"));
    let folder = written("report-of-weeks");
    let asked = ["report", CASE, "--weeks", "16", "--plan", plan, "-o", folder.to_str().unwrap()];
    let said = guywire(&[&asked[..], &FEW].concat());
    assert!(said.status.success(), "{}", err(&said));
    let told = std::fs::read_to_string(folder.join("desk-worker.json")).unwrap();
    let told: serde_json::Value = serde_json::from_str(&told).unwrap();
    let retold = told["outlook"]["forecast"]["series"].as_array().unwrap();
    assert_eq!(retold.len(), series.len());
    for (told, found) in retold.iter().zip(series) {
        assert_eq!(told["quantity"], found["quantity"]);
        for week in 0..=16 {
            // A report writes seven digits.
            let [told, found] = [told, found].map(|s| s["high90"][week].as_f64().unwrap());
            assert!(
                (told - found).abs() <= 1e-6 * found.abs(),
                "{told} is not what the forecast says: {found}"
            );
        }
    }
    assert_eq!(told["outlook"]["exercises"].as_array().unwrap().len(), exercises.len());
    let page = std::fs::read_to_string(folder.join("desk-worker.html")).unwrap();
    assert!(page.contains("The coming 16 weeks") && !page.contains("NaN"));
}

/// Printed where there is a browser; where there is none, the page is still to be had, and that is said before the work.
#[test]
fn a_page_is_printed_or_it_is_said_what_is_missing() {
    let case = written("one-position.toml");
    let text = "positions = [\"standing\"]\n[person]\nname = \"Ada\"\nage = 35\nsex = \"female\"\nheight_cm = 168\nmass_kg = 62\n";
    std::fs::write(&case, text).unwrap();
    let folder = written("printed");
    let asked = ["report", case.to_str().unwrap(), "--pdf", "-o", folder.to_str().unwrap()];
    let none = Command::new(env!("CARGO_BIN_EXE_guywire"))
        .args(asked)
        .env("GUYWIRE_BROWSER", "no-such-browser")
        .output()
        .unwrap();
    assert_eq!(none.status.code(), Some(2));
    assert!(
        err(&none).contains("GUYWIRE_BROWSER is `no-such-browser`, and there is no such program"),
        "{}",
        err(&none)
    );
    let said = guywire(&asked);
    if said.status.code() == Some(2) && err(&said).contains("none is found here") {
        eprintln!("SKIPPED: no browser to print with");
        return;
    }
    assert!(said.status.success(), "{}", err(&said));
    let printed = std::fs::read(folder.join("one-position.pdf")).unwrap();
    assert!(printed.starts_with(b"%PDF-") && printed.len() > 20_000, "{} bytes", printed.len());
}

#[test]
fn nothing_changes_where_nothing_is_done() {
    let asked = ["forecast", CASE, "--weeks", "4"];
    let said = guywire(&[&asked[..], &FEW].concat());
    assert!(said.status.success(), "{}", err(&said));
    let text = out(&said);
    assert!(text.contains("nothing beside the week as it is") && text.contains("Pain is not forecast"));
    assert!(text.contains("Straight-leg raise, left [deg]") && !text.contains("NaN"), "{text}");
    assert!(out(&guywire(&["forecast", "--help"])).contains("--adherence 0.7"));
    assert!(out(&guywire(&["plan", "--help"])).contains("thomas.left>=5"));
}

#[test]
fn mistakes_are_told_with_what_was_expected() {
    let refused = |arguments: &[&str], words: &str| {
        let said = guywire(&[arguments, &FEW].concat());
        assert_eq!(said.status.code(), Some(2), "{arguments:?}: {}", err(&said));
        assert!(err(&said).contains(words), "{}", err(&said));
    };
    refused(&["plan", CASE, "--goal", "thomas.left"], "expected `QUANTITY>=NUMBER`");
    refused(&["plan", CASE, "--goal", "thomas.left>=5", "--goal", "thomas.left<=1"], "exclude each other");
    refused(
        &["plan", CASE, "--goal", "thomas.left>=5", "--probability", "1.5"],
        "more than 0 and less than 1",
    );
    let goal = ["plan", CASE, "--goal", "thomas.left>=5"];
    refused(
        &[&goal[..], &["--equipment", "mat,bend"]].concat(),
        "there is no `bend`; expected `none`, or some of",
    );
    refused(&["forecast", CASE, "--weeks", "0"], "1 to 260 weeks");
    refused(&["forecast", CASE, "--adherence", "1.5"], "from 0 to 1");
    let wrong = written("wrong-plan.toml");
    std::fs::write(&wrong, "# mine\n[[exercise]]\nname = \"strap_hamstrin\"\n").unwrap();
    let words = "line 2: there is no exercise `strap_hamstrin`; did you mean `strap_hamstring`?";
    refused(&["forecast", CASE, "--plan", wrong.to_str().unwrap()], words);
    refused(&["report", CASE, "--plan", wrong.to_str().unwrap()], words);
    refused(&["report", CASE, "--weeks", "8"], "--plan");
}

/// A child with a sore groin is sent to a clinician, whoever asks for a plan; a clinician is told what a programme waits for.
#[test]
fn a_child_gets_no_plan_before_an_examination() {
    let case = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/footballer-12.toml");
    let text = std::fs::read_to_string(case).unwrap();
    let told = text.replace("audience = \"clinician\"", "audience = \"person\"");
    assert_ne!(text, told);
    let boy = written("outlook-for-the-boy.toml");
    std::fs::write(&boy, told).unwrap();
    let goal = ["--goal", "straight_leg_raise.left>=80"];
    let page = written("clinician-not-written.html");
    for verb in [vec!["plan", "--clinician", page.to_str().unwrap()], vec!["forecast"]] {
        let asked =
            [&verb[..], &[boy.to_str().unwrap()], if verb[0] == "plan" { &goal[..] } else { &[] }, &FEW]
                .concat();
        let said = guywire(&asked);
        assert!(said.status.success(), "{}", err(&said));
        let text = out(&said);
        assert!(
            text.contains("See a clinician before any programme") && !text.contains("minutes a week"),
            "{text}"
        );
    }
    assert!(!page.exists());
    let said = guywire(&[&["plan", "examples/footballer-12.toml"], &goal[..], &FEW].concat());
    assert_eq!(said.status.code(), Some(2), "{}", out(&said));
    let words = "error: no exercise of the library is left for this person: No programme until an examination has excluded";
    assert!(err(&said).starts_with(words) && err(&said).lines().count() == 1, "{}", err(&said));
    // What is printed reaches the child, whoever asks for it.
    let paper = written("plan-not-written.html");
    let asked = ["plan", "examples/footballer-12.toml", "--handout", paper.to_str().unwrap()];
    let said = guywire(&[&asked[..], &goal, &FEW].concat());
    assert_eq!(said.status.code(), Some(2), "{}", out(&said));
    assert!(
        err(&said).contains("no handout or calendar: a clinician must see this person first"),
        "{}",
        err(&said)
    );
    assert!(!paper.exists());
    let said = guywire(&[&["plan", CASE, "--calendar", "plan.ics"], &goal[..], &FEW].concat());
    assert!(said.status.code() == Some(2) && err(&said).contains("--start"), "{}", err(&said));
}

#[test]
fn a_diary_changes_doses_once_and_a_new_sign_stops_them() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let base = std::fs::read_to_string(root.join(CASE)).unwrap();
    let entry = |day: u32, sign: bool| {
        format!(
            "\n[[diary]]\ndate = 2025-04-{day:02}\ndone = 1\npain_during = 1\npain_next_morning = \"same\"\nsore_days = 0\nnew_sign = {sign}\n"
        )
    };
    let well: String = (1..=14).map(|day| entry(day, false)).collect();
    let [case, stopped, plan, next, none] =
        ["diary.toml", "diary-stopped.toml", "diary-plan.toml", "diary-next.toml", "diary-none.toml"]
            .map(written);
    std::fs::write(&case, base.clone() + &well).unwrap();
    std::fs::write(&stopped, base + &well + &entry(15, true)).unwrap();
    std::fs::write(&plan, "[[exercise]]\nname = \"strap_hamstring\"\nside = \"left\"\ndose = 0.5\n").unwrap();
    let _ = std::fs::remove_file(&none);
    let [case, stopped, plan, next, none] =
        [&case, &stopped, &plan, &next, &none].map(|p| p.to_str().unwrap());
    let found = json(&guywire(&["diary", case, "--plan", plan, "--save", next, "--json"]));
    assert_eq!((&found["screening"], &found["exercises"][0]["action"]), (&"proceed".into(), &"raise".into()));
    assert_eq!(found["exercises"][0]["dose_share_next"], 0.75);
    assert_eq!(found["exercises"][0]["entries"].as_array().unwrap().len(), 14);
    let saved = std::fs::read_to_string(next).unwrap();
    assert!(saved.contains("dose = 0.75") && saved.contains("changed_on = \"2025-04-14\""), "{saved}");
    let again = out(&guywire(&["diary", case, "--plan", next]));
    assert!(again.contains("strap_hamstring, hold: nothing is written down of this dose"), "{again}");
    assert!(again.contains("More (one step of the dose"), "{again}");
    // Something new: no exercises, nothing written, on to the screening.
    let said = guywire(&["diary", stopped, "--plan", plan, "--save", none]);
    let text = out(&said);
    assert!(
        text.contains("!!! Stop") && text.contains("guywire screen") && text.contains("2025-04-15"),
        "{text}"
    );
    assert!(
        text.contains("Nothing was written") && !text.contains("Strap") && !Path::new(none).exists(),
        "{text}"
    );
    assert!(
        json(&guywire(&["diary", stopped, "--plan", plan, "--json"]))["exercises"]
            .as_array()
            .unwrap()
            .is_empty()
    );
    // What is wrong is told.
    let said = guywire(&["diary", CASE, "--plan", plan]);
    assert!(said.status.code() == Some(2) && err(&said).contains("has no `[[diary]]`"), "{}", err(&said));
    let wrong = written("diary-wrong.toml");
    std::fs::write(
        &wrong,
        std::fs::read_to_string(case).unwrap().replace("pain_during = 1", "pain_during = 12"),
    )
    .unwrap();
    let said = guywire(&["diary", wrong.to_str().unwrap(), "--plan", plan]);
    assert!(said.status.code() == Some(2) && err(&said).contains("`pain_during` is 12"), "{}", err(&said));
    assert!(out(&guywire(&["diary", "--help"])).contains("pain_next_morning"));
}

/// What was done between the visits of a case and found after it tells of the person's rates; where nothing is told, nothing is said.
#[test]
fn a_forecast_says_which_rates_the_visits_sharpened() {
    let short = ["--weeks", "1"];
    let found = json(&guywire(&[&["forecast", CASE, "--json"][..], &short, &FEW].concat()));
    let rates = found["rates"].as_array().unwrap();
    let named = |name: &str| rates.iter().find(|rate| rate["name"] == name).unwrap();
    let width = |range: &serde_json::Value| (range[2].as_f64().unwrap() / range[0].as_f64().unwrap()).ln();
    let gain = named("tolerance_gain");
    assert!(
        gain["taken"].as_f64().unwrap() > 0.05 && width(&gain["posterior"]) < width(&gain["prior"]),
        "{gain}"
    );
    let eccentric = named("eccentric_gain");
    assert_eq!(eccentric["posterior"], eccentric["prior"], "nothing eccentric was done");
    let said = out(&guywire(&[&["forecast", CASE][..], &short, &FEW].concat()));
    assert!(said.contains("Sharpened by what was done between the visits"), "{said}");
    assert!(said.contains("tolerance_gain (Logarithm of the tolerated moment"), "{said}");
    let once = json(&guywire(&[&["forecast", "examples/runner.toml", "--json"][..], &short, &FEW].concat()));
    assert!(once.get("rates").is_none());
}
