//! `[[visit]]`: what it accepts, what it refuses and in which words, and what it asks.

use crate::read_with as case;
use crate::{case_with, vocabulary};
use guywire::case::{Activity, Case, CaseError, RolandMorris, StartBack, TestVocabulary, VisitProblem};
use guywire::side::Side;

/// What is wrong, a line a problem.
fn refused(visits: &str) -> String {
    let text = case_with(visits);
    Case::parse(&text, &vocabulary()).unwrap_err().describe("case.toml", &text)
}

fn questions(visits: &str) -> Vec<String> {
    case(visits).questions.into_iter().map(|question| question.text).collect()
}

/// A visit of one day with these lines in one test.
fn read(test: &str) -> String {
    format!("[[visit]]\ndate = 2026-03-02\n[[visit.test]]\n{test}\n")
}

#[test]
fn a_whole_visit_is_read() {
    let case = case(
        "[[visit]]\ndate = 2026-03-02\nexaminer = \"anna\"\n\
         [[visit.test]]\nname = \"thomas_hip_extension\"\nside = \"left\"\nreadings = [-5, -4, -6]\nsem = 2.5\n\
         protocol = \"lumbar_flat\"\n\
         [[visit.test]]\nname = \"lordosis\"\nreading = 34\n\
         [visit.outcomes]\npain_0_10 = 4\noswestry_percent = 22\nroland_morris = 9\nstart_back = [5, 1, 2]\n\
         patient_specific = [ { activity = \"sitting at my desk\", score = 4 }, { activity = \"running\" } ]\n\
         [[visit]]\ndate = 2026-04-13\n[visit.outcomes]\nroland_morris = { ticked = [3, 1], unanswered = [7] }\n\
         start_back = { agreed = [1], bothersomeness = \"very_much\", unanswered = [4] }",
    );
    let [first, second] = &case.visits[..] else { panic!("two visits") };
    assert_eq!((first.date.to_string(), first.examiner.as_deref()), ("2026-03-02".into(), Some("anna")));
    let [thomas, lordosis] = &first.readings[..] else { panic!("two tests") };
    assert_eq!((thomas.side, thomas.sem, thomas.mean()), (Some(Side::Left), Some(2.5), -5.0));
    assert_eq!(thomas.protocol.as_deref(), Some("lumbar_flat"));
    assert_eq!(thomas.line, 12, "the line of its name");
    assert_eq!((lordosis.side, lordosis.values.as_slice()), (None, &[34.0][..]));
    let outcomes = &first.outcomes;
    assert_eq!((outcomes.pain, outcomes.oswestry_percent), (Some(4.0), Some(22.0)));
    assert_eq!(outcomes.roland_morris, Some(RolandMorris::Total(9)));
    assert_eq!(outcomes.start_back, Some(StartBack { agreed: vec![1, 2, 5], unanswered: vec![] }));
    let running = Activity { activity: "running".into(), score: None };
    assert_eq!(outcomes.patient_specific[1], running);
    let items = RolandMorris::Items { ticked: vec![1, 3], unanswered: vec![7] };
    assert_eq!(second.outcomes.roland_morris, Some(items));
    assert_eq!(second.outcomes.start_back, Some(StartBack { agreed: vec![1, 9], unanswered: vec![4] }));
    assert!(case.questions.is_empty(), "{:?}", case.questions);
}

#[test]
fn a_case_without_visits_has_none() {
    assert!(case("").visits.is_empty());
}

#[test]
fn everything_wrong_is_said_at_once_with_its_place() {
    let said = refused(
        "[[visit]]\ndate = \"2026-03-02\"\n[[visit.test]]\nname = \"straight_leg_rise\"\nside = \"left\"\nreading = 70\n\
         [[visit.test]]\nname = \"lordosis\"\nside = \"left\"\nreading = 30\n\
         [[visit.test]]\nname = \"ely\"\nreading = 110\nprotokol = \"pelvis_held\"\n\
         [visit.outcomes]\npain_0_10 = 40\nroland = 3",
    );
    assert_eq!(
        said,
        "case.toml:9:8: `date` must be a date without quotes and time, year-month-day as in `2026-03-02`, but here is the text \
         \"2026-03-02\"; write `date = 2026-03-02`\n\
         case.toml:11:8: there is no test `straight_leg_rise`; did you mean `straight_leg_raise`?\n\
         case.toml:16:8: `lordosis` is read once, not left and right; leave `side` out\n\
         case.toml:19:8: `ely` is read left and right, and no side is given; \
         write `side = \"left\"` or `side = \"right\"`\n\
         case.toml:21:1: there is no field `protokol` in `[[visit.test]]`; did you mean `protocol`?\n\
         case.toml:23:13: `pain_0_10` is 40; it must lie between 0 and 10\n\
         case.toml:24:1: there is no field `roland` in `[visit.outcomes]`; did you mean `roland_morris`?"
    );
}

#[test]
fn impossible_readings_are_refused_and_other_conventions_recognised() {
    let said = refused(&read("name = \"straight_leg_raise\"\nside = \"left\"\nreading = -70"));
    assert!(said.contains("reads -70°; a person's lies between 0 and 150°"), "{said}");
    assert!(
        said.contains(
            "if the sign is the other way round, write `70`; the reading is the angle of the thigh"
        ),
        "{said}"
    );
    let said = refused(&read("name = \"active_knee_extension\"\nside = \"left\"\nreadings = [22, 158]"));
    assert!(said.contains("if this is the popliteal angle, 180 straight, write `22`"), "{said}");
    let said = refused(&read("name = \"leg_length_supine\"\nside = \"left\"\nreading = 865"));
    assert!(said.contains("if this is millimetres, write `86.5`"), "{said}");
    let said = refused(&read("name = \"straight_leg_raise\"\nside = \"left\"\nreading = 700"));
    assert!(
        said.ends_with(
            "; the reading is the angle of the thigh above the horizontal, knee straight; larger is longer"
        ),
        "{said}"
    );
    let said = refused(&read("name = \"lordosis\"\nreading = nan"));
    assert!(
        said.ends_with(
            "`reading` must be a finite number, but here is the number nan; leave out what was not read"
        ),
        "{said}"
    );
    let said = refused(&read("name = \"lordosis\"\nreading = 30\nsem = 0"));
    let sem =
        "`sem` is 0; it must lie between 0.01 and 140; it is the examiner's standard error of measurement";
    assert!(said.contains(sem), "{said}");
    for (written, meant) in [("70°", "`70`"), ("70 deg", "`70`"), ("70,5", "`70.5`")] {
        let said = refused(&read(&format!(
            "name = \"straight_leg_raise\"\nside = \"left\"\nreading = \"{written}\""
        )));
        assert!(said.ends_with(&format!("write {meant}")), "{said}");
    }
    let said = refused(&read("name = \"lordosis\"\nreading = [30, 31]"));
    assert!(said.ends_with("repeats are written as `readings = […]`"), "{said}");
}

#[test]
fn duplicates_propose_repeats() {
    let said = refused(
        "[[visit]]\ndate = 2026-03-02\n\
         [[visit.test]]\nname = \"ely\"\nside = \"left\"\nreading = 110\n\
         [[visit.test]]\nname = \"ely\"\nside = \"right\"\nreading = 108\n\
         [[visit.test]]\nname = \"ely\"\nside = \"left\"\nreadings = [114, 112]",
    );
    assert_eq!(
        said,
        "case.toml:19:8: `ely` on the left is there twice in this visit; \
         write repeats as one entry: `readings = [110, 114, 112]`"
    );
    // Done in another way it is another reading.
    case(
        "[[visit]]\ndate = 2026-03-02\n\
         [[visit.test]]\nname = \"ely\"\nside = \"left\"\nreading = 110\nprotocol = \"pelvis_held\"\n\
         [[visit.test]]\nname = \"ely\"\nside = \"left\"\nreading = 120\nprotocol = \"pelvis_free\"",
    );
    let said = refused(&read("name = \"lordosis\"\nreading = 30\nreadings = [30, 31]"));
    assert!(said.contains("case.toml:13:1: `readings` and `reading` cannot both be given"), "{said}");
    let said = refused(&read("name = \"lordosis\""));
    assert!(
        said.contains("`reading` is missing from `[[visit.test]]`; for example `reading = 12`"),
        "{said}"
    );
    let said = refused(&read("name = \"lordosis\"\nreadings = []"));
    assert!(
        said.contains("`readings` has 0 entries; it has 1 to 20; leave out what was not asked or read"),
        "{said}"
    );
}

#[test]
fn days_are_checked() {
    let days = |days: &[&str]| {
        let visits: Vec<String> = days.iter().map(|day| format!("[[visit]]\ndate = {day}")).collect();
        refused(&visits.join("\n"))
    };
    let said = days(&["2026-11-22"]);
    assert!(
        said.contains("`date` = 2026-11-22 lies in the future: today is 2026-11-21 at the latest"),
        "{said}"
    );
    let said = days(&["2026-03-02", "2026-02-02", "2026-03-02"]);
    assert_eq!(
        said,
        "case.toml:11:8: the visit of 2026-02-02 stands after that of 2026-03-02; \
         put the visits in the order of their dates, or check the dates\n\
         case.toml:13:8: there are two visits of 2026-03-02; put all that was read on one day into one visit"
    );
    let said = days(&["0206-03-02"]);
    assert!(said.contains("none before 1950-01-01"), "{said}");
    for day in ["2026-02-30", "12", "2026-03-02T10:00:00", "\"2.3.2026\""] {
        days(&[day]);
    }
    let said = refused("[[visit]]\nexaminer = \"anna\"");
    assert_eq!(said, "case.toml:8:1: `date` is missing from `[[visit]]`; for example `date = 2026-03-02`");
    // Who knows no clock refuses no day.
    let text = case_with("[[visit]]\ndate = 2999-01-01");
    let timeless = guywire::case::Vocabulary { today: None, ..vocabulary() };
    assert!(Case::parse(&text, &timeless).is_ok());
}

#[test]
fn what_examiners_call_a_test_is_recognised() {
    for (called, test) in [
        ("SLR", "straight_leg_raise"),
        ("Thomas", "thomas_hip_extension"),
        ("Biering-Sorensen", "trunk_extensor_endurance"),
        ("knee to wall", "dorsiflexion_lunge"),
        ("hip_internal_rotaton", "hip_internal_rotation"),
    ] {
        let said = refused(&read(&format!("name = \"{called}\"\nside = \"left\"\nreading = 30")));
        assert!(said.ends_with(&format!("there is no test `{called}`; did you mean `{test}`?")), "{said}");
    }
}

#[test]
fn brackets_and_places_are_explained() {
    let said = refused("[visit]\ndate = 2026-03-02");
    assert!(said.contains("write `[[visit]]` with two brackets"), "{said}");
    let said = refused("[[visit]]\ndate = 2026-03-02\n[visit.test]\nname = \"ely\"");
    assert!(said.contains("write `[[visit.test]]` with two brackets"), "{said}");
    let said = refused("[[visit]]\ndate = 2026-03-02\nname = \"ely\"\npain_0_10 = 3");
    assert!(
        said.contains("`name` does not belong in `[[visit]]`; it belongs in a `[[visit.test]]` below it"),
        "{said}"
    );
    assert!(
        said.contains("`pain_0_10` does not belong in `[[visit]]`; it belongs in `[visit.outcomes]`"),
        "{said}"
    );
}

#[test]
fn items_are_checked() {
    let outcome = |line: &str| refused(&format!("[[visit]]\ndate = 2026-03-02\n[visit.outcomes]\n{line}"));
    for (line, expected) in [
        ("roland_morris = [1, 25]", "`an item of roland_morris` is 25; it must lie between 1 and 24"),
        ("roland_morris = [1, 1]", "item 1 of `roland_morris` is there twice"),
        ("roland_morris = 9.5", "a whole number or a list of items"),
        ("roland_morris = 25", "must lie between 0 and 24"),
        ("roland_morris = { unanswered = [1] }", "`ticked` is missing"),
        (
            "roland_morris = { ticked = [1], unanswered = [1] }",
            "item 1 of `ticked and unanswered` is there twice",
        ),
        ("start_back = [0]", "must lie between 1 and 9"),
        ("start_back = 4", "write `start_back = [1, 2, 5]`"),
        ("start_back = { agreed = [9], bothersomeness = \"slightly\" }", "cannot both be given"),
        ("start_back = { agreed = [], bothersomeness = \"extreme\" }", "did you mean `extremely`?"),
        ("oswestry_percent = 0.22e3", "must lie between 0 and 100"),
        ("patient_specific = []", "`patient_specific` has 0 entries; it has 1 to 5"),
        ("patient_specific = [{ score = 3 }]", "`activity` is missing"),
        ("patient_specific = [{ activity = \"a\", score = 11 }]", "`score` is 11"),
        (
            "patient_specific = [{ activity = \"a\" }, { activity = \"a\" }]",
            "the activity \"a\" is there twice",
        ),
    ] {
        let said = outcome(line);
        assert!(said.contains(expected), "{line}: {said}");
    }
}

#[test]
fn oddities_are_asked_and_nothing_is_changed() {
    let both = |test: &str, left: f64, right: f64, day: &str| {
        format!(
            "[[visit]]\ndate = {day}\n[[visit.test]]\nname = \"{test}\"\nside = \"left\"\nreading = {left}\n\
             [[visit.test]]\nname = \"{test}\"\nside = \"right\"\nreading = {right}\n"
        )
    };
    let asked = questions(&both("straight_leg_raise", 80.0, 60.0, "2026-03-02"));
    assert_eq!(
        asked,
        [
            "`straight_leg_raise` reads 80° on the left and 60° on the right; sides seldom differ by more than 16°: \
          are both right?"
        ]
    );
    assert!(questions(&both("straight_leg_raise", 80.0, 70.0, "2026-03-02")).is_empty());
    let mirrored = both("straight_leg_raise", 80.0, 66.0, "2026-03-02")
        + &both("straight_leg_raise", 67.0, 81.0, "2026-04-20");
    let asked = questions(&mirrored);
    assert!(asked.len() == 1 && asked[0].ends_with("were left and right exchanged?"), "{asked:?}");
    let asked = questions(&read("name = \"thomas_hip_extension\"\nside = \"left\"\nreading = -12"));
    assert!(
        asked.len() == 1 && asked[0].contains("which is rare, while 12° is usual: is the sign right?"),
        "{asked:?}"
    );
    let asked = questions(&read("name = \"lordosis\"\nreadings = [30, 31, 50]"));
    assert!(
        asked.len() == 1 && asked[0].contains("The repeats of `lordosis` run from 30° to 50°"),
        "{asked:?}"
    );
    let case = case(&mirrored);
    assert_eq!(case.visits[1].readings[0].values, [67.0], "as written");
    assert_eq!(case.questions[0].line, 25);
}

#[test]
fn the_list_of_tests_is_whole() {
    let tests = TestVocabulary::all().unwrap();
    let names: Vec<&str> = tests.iter().map(|test| test.name.as_str()).collect();
    for name in [
        "thomas_hip_extension",
        "thomas_knee_flexion",
        "thomas_hip_abduction",
        "straight_leg_raise",
        "active_knee_extension",
        "passive_knee_extension",
        "ely",
        "hip_internal_rotation",
        "hip_external_rotation",
        "dorsiflexion_lunge",
        "pelvic_tilt",
        "lordosis",
        "finger_to_floor",
        "leg_length_supine",
        "leg_length_standing",
        "strength_hip_flexion",
        "strength_hip_extension",
        "strength_hip_abduction",
        "strength_hip_adduction",
        "strength_hip_internal_rotation",
        "strength_hip_external_rotation",
        "strength_knee_flexion",
        "strength_knee_extension",
        "trunk_extensor_endurance",
        "trunk_flexor_endurance",
        "side_bridge",
    ] {
        assert_eq!(names.iter().filter(|other| **other == name).count(), 1, "{name}");
    }
    for test in &tests {
        let name = &test.name;
        assert!(["deg", "cm", "mm", "N*m", "s"].contains(&test.unit.as_str()), "{name}: {}", test.unit);
        let [low, high] = test.possible;
        assert!(low < high && 0.0 < test.sem && test.sem < test.mdc && test.mdc < high - low, "{name}");
        // No published change is far from the one that follows from the standard error.
        let derived = 1.96 * 2f64.sqrt() * test.sem;
        assert!((test.mdc / derived - 1.0).abs() < 0.03, "{name}: {} and {derived}", test.mdc);
        assert!(test.usual.is_none_or(|[a, b]| low <= a && a < b && b <= high), "{name}");
        assert!(test.side_difference.is_none_or(|most| test.sides && most > test.mdc), "{name}");
        assert_eq!(test.mdc_same.is_some() || test.sem_same.is_some(), test.same_source.is_some(), "{name}");
        assert!(test.sem_same.is_none() || test.mdc_same.is_some(), "{name}");
        let own = |other: &TestVocabulary| other.also.iter().any(|also| names.contains(&also.as_str()));
        assert!(!own(test), "{name}: another test has this name");
        for text in [&test.title, &test.convention, &test.sem_source, &test.mdc_source] {
            assert!(!text.trim().is_empty(), "{name}");
        }
    }
}

/// The user's page says of every test what the data say.
#[test]
fn the_page_lists_the_tests_as_they_are() {
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/visits.md")).unwrap();
    for test in TestVocabulary::all().unwrap() {
        let sides = if test.sides { "left, right" } else { "once" };
        let unit = test.symbol().trim();
        let same = test.mdc_same.map(|mdc| format!(" ({mdc})")).unwrap_or_default();
        let TestVocabulary { name, convention, sem, mdc, .. } = &test;
        let row = format!("| `{name}` | {sides} | {unit} | {convention} | {sem} | {mdc}{same} |");
        assert!(page.contains(&row), "docs/visits.md lacks\n{row}");
        for protocol in test.protocols.iter().filter(|_| test.protocols.len() > 1) {
            assert!(page.contains(&format!("`{protocol}`")), "{name}: {protocol}");
        }
    }
}

#[test]
fn problems_can_be_matched_on() {
    let text = case_with(&read("name = \"elly\"\nside = \"left\"\nreading = 100"));
    let errors = Case::parse(&text, &vocabulary()).unwrap_err();
    let [error @ CaseError::Visit { problem, .. }] = errors.as_slice() else { panic!("{errors}") };
    let VisitProblem::UnknownTest { name, .. } = problem.as_ref() else { panic!("{errors}") };
    assert_eq!((name.as_str(), error.nearest()), ("elly", Some("ely")));
}
