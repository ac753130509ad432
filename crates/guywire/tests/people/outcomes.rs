//! Scores, their missing-item rules, and what counts as a change between visits.

use guywire::case::{Activity, Case, RolandMorris, StartBack, TestVocabulary, Visit, Vocabulary};
use guywire::outcomes::{Evidence, detectable, follow_up, patient_specific, roland_morris, start_back};
use guywire::results::{Change, ChangeLabel, Risk, TestSeries, Visits};
use guywire::side::Side;
use proptest::prelude::*;

const PERSON: &str = "positions = [\"standing\"]\n[person]\nname = \"Ada\"\nage = 35\nsex = \"female\"\n\
                      height_cm = 168\nmass_kg = 62\n";

fn visits(text: &str) -> Vec<Visit> {
    let vocabulary = Vocabulary {
        positions: vec!["standing".into()],
        tests: TestVocabulary::all().unwrap(),
        ..Vocabulary::default()
    };
    let text = format!("{PERSON}{text}");
    Case::parse(&text, &vocabulary).unwrap_or_else(|e| panic!("{}", e.describe("case", &text))).visits
}

fn followed(text: &str) -> Visits {
    follow_up(&visits(text), &TestVocabulary::all().unwrap(), None).unwrap()
}

/// A visit with one reading of the left straight-leg raise and further fields of it.
fn raise(date: &str, examiner: &str, reading: f64, more: &str) -> String {
    format!(
        "[[visit]]\ndate = {date}\nexaminer = \"{examiner}\"\n[[visit.test]]\nname = \"straight_leg_raise\"\n\
         side = \"left\"\nreading = {reading}\n{more}\n"
    )
}

fn last(series: &TestSeries) -> &Change {
    series.points.last().unwrap().since_first.as_ref().unwrap()
}

fn outcomes(date: &str, lines: &str) -> String {
    format!("[[visit]]\ndate = {date}\n[visit.outcomes]\n{lines}\n")
}

#[test]
fn readings_older_than_a_change_takes_are_named() {
    let tests = TestVocabulary::all().unwrap();
    let text = raise("2026-03-02", "anna", 60.0, "") + &raise("2026-04-13", "anna", 67.0, "");
    let leg = "[[visit.test]]\nname = \"leg_length_supine\"\nside = \"left\"\nreading = 86\n";
    let visits = visits(&(text + leg));
    let on = |today: &str| follow_up(&visits, &tests, Some(today.parse().unwrap())).unwrap().notes;
    assert!(on("2026-05-04").is_empty(), "21 days");
    let notes = on("2026-05-05");
    assert_eq!(
        notes,
        [
            "The last reading of range of movement is of 2026-04-13, longer ago than the 21 days after which it may have \
          changed: read again before relying on it."
        ]
    );
    assert_eq!(on("2036-05-05"), notes, "bones keep");
    assert!(follow_up(&visits, &tests, None).unwrap().notes.is_empty(), "no calendar");
}

#[test]
fn a_change_is_judged_by_who_measured() {
    let change = |later: String| {
        let text = raise("2026-03-02", "anna", 60.0, "") + &later;
        last(&followed(&text).tests[0]).clone()
    };
    // One examiner: published 7 degrees.
    let same = change(raise("2026-04-13", "anna", 67.0, ""));
    assert_eq!((same.label, same.value, same.days, same.detectable), (ChangeLabel::Real, 7.0, 42, 7.0));
    assert_eq!(
        change(raise("2026-04-13", "anna", 53.0, "")).label,
        ChangeLabel::Real,
        "for the worse as well"
    );
    assert_eq!(change(raise("2026-04-13", "anna", 66.9, "")).label, ChangeLabel::WithinError);
    // Two examiners: 1.96 sqrt(2) 4.3 = 11.9.
    let two = change(raise("2026-04-13", "bert", 67.0, ""));
    assert_eq!((two.label, two.detectable), (ChangeLabel::WithinError, 11.9));
    assert_eq!(change(raise("2026-04-13", "bert", 72.0, "")).label, ChangeLabel::Real);
    // An own error of 1 and the other's usual 4.3.
    let own = change(raise("2026-04-13", "bert", 67.0, "sem = 1"));
    assert!((own.detectable - 1.96 * (4.3_f64.powi(2) + 1.0).sqrt()).abs() < 1e-12);
    // Two weeks are too short for tissue, whatever was read.
    let early = change(raise("2026-03-16", "anna", 80.0, ""));
    assert_eq!(early.label, ChangeLabel::TooEarly);
    assert!(
        early.because.contains("14 days apart") && early.because.contains("about 21 days"),
        "{}",
        early.because
    );
    assert_eq!(change(raise("2026-03-23", "anna", 80.0, "")).label, ChangeLabel::Real, "on the day");
}

#[test]
fn nobody_named_is_nobody_the_same() {
    let text = "[[visit]]\ndate = 2026-03-02\n[[visit.test]]\nname = \"lordosis\"\nreading = 30\n\
                [[visit]]\ndate = 2026-05-02\n[[visit.test]]\nname = \"lordosis\"\nreading = 37\n";
    let change = last(&followed(text).tests[0]).clone();
    assert_eq!((change.label, change.detectable), (ChangeLabel::WithinError, 11.1));
}

#[test]
fn sides_and_ways_are_kept_apart() {
    let text = raise("2026-03-02", "anna", 60.0, "protocol = \"ankle_free\"")
        + &raise("2026-04-20", "anna", 75.0, "")
        + &raise("2026-06-01", "anna", 64.0, "protocol = \"ankle_free\"")
        + "[[visit.test]]\nname = \"straight_leg_raise\"\nside = \"right\"\nreadings = [70, 72]\n";
    let found = followed(&text);
    let keys: Vec<_> = found.tests.iter().map(|s| (s.side, s.protocol.as_deref(), s.points.len())).collect();
    let (left, right) = (Some(Side::Left), Some(Side::Right));
    assert_eq!(keys, [(left, None, 1), (left, Some("ankle_free"), 2), (right, None, 1)]);
    assert_eq!(last(&found.tests[1]).value, 4.0);
    assert!(found.tests[0].points[0].since_first.is_none());
    assert_eq!(found.tests[2].points[0].reading, 71.0);
}

#[test]
fn each_visit_is_compared_with_the_first_and_with_the_one_before() {
    let text = raise("2026-01-05", "anna", 60.0, "")
        + &raise("2026-02-16", "anna", 70.0, "")
        + &raise("2026-03-30", "anna", 71.0, "");
    let points = &followed(&text).tests[0].points;
    assert!(points[0].since_first.is_none() && points[1].since_previous.is_none());
    let third = &points[2];
    assert_eq!(third.since_first.as_ref().unwrap().value, 11.0);
    assert_eq!(third.since_first.as_ref().unwrap().label, ChangeLabel::Real);
    assert_eq!(third.since_previous.as_ref().unwrap().value, 1.0);
    assert_eq!(third.since_previous.as_ref().unwrap().label, ChangeLabel::WithinError);
}

#[test]
fn outcomes_are_scored_and_their_changes_judged() {
    let text = outcomes(
        "2026-03-02",
        "pain_0_10 = 6\noswestry_percent = 40\nroland_morris = 14\nstart_back = [1, 2, 5]\n\
         patient_specific = [{ activity = \"sit\", score = 3 }, { activity = \"run\", score = 2 }, \
         { activity = \"lift\", score = 4 }]",
    ) + &outcomes(
        "2026-04-13",
        "pain_0_10 = 4\noswestry_percent = 31\nroland_morris = [1, 2, 3]\nstart_back = [1]\n\
         patient_specific = [{ activity = \"run\", score = 5 }, { activity = \"sit\", score = 5 }, { activity = \"lift\" }]",
    );
    let found = followed(&text);
    let series = |name: &str| found.outcomes.iter().find(|series| series.outcome == name).unwrap();
    let change = |name: &str| series(name).points[1].since_first.clone().unwrap();
    assert_eq!((change("pain_0_10").value, change("pain_0_10").label), (-2.0, ChangeLabel::Real));
    assert_eq!(change("pain_0_10").important, Some(true));
    let oswestry = change("oswestry_percent");
    assert_eq!(
        (oswestry.value, oswestry.label, oswestry.important),
        (-9.0, ChangeLabel::WithinError, Some(false))
    );
    assert_eq!((change("roland_morris").value, change("roland_morris").label), (-11.0, ChangeLabel::Real));
    let note = series("roland_morris").points[1].note.clone().unwrap();
    assert!(note.contains("below 4"), "{note}");
    // Sit and run were rated twice: +2 and +3; two activities need three points.
    let own = change("patient_specific");
    assert_eq!((own.value, own.detectable, own.label), (2.5, 3.0, ChangeLabel::WithinError));
    assert_eq!(series("patient_specific").points[1].score, Some(5.0));
    assert_eq!(series("start_back").points[0].risk, Some(Risk::Low));
    assert!(found.support.is_none());
    assert!(found.owners.iter().any(|line| line.contains("© Keele University")));
    let early =
        followed(&(outcomes("2026-03-02", "pain_0_10 = 8") + &outcomes("2026-03-05", "pain_0_10 = 2")));
    assert_eq!(early.outcomes[0].points[1].since_first.as_ref().unwrap().label, ChangeLabel::TooEarly);
}

/// Every answer sheet of the nine items against the published flowchart.
#[test]
fn start_back_groups_follow_the_flowchart() {
    for sheet in 0_u16..512 {
        let agreed: Vec<u8> = (1..=9).filter(|item| sheet & (1 << (item - 1)) != 0).collect();
        let psychosocial = (sheet >> 4).count_ones();
        let expected = if sheet.count_ones() <= 3 {
            Risk::Low
        } else if psychosocial <= 3 {
            Risk::Medium
        } else {
            Risk::High
        };
        let score = start_back(&StartBack { agreed, unanswered: vec![] });
        assert_eq!(score.risk, Some(expected), "{sheet:09b}");
        assert_eq!(score.total.value, Some(f64::from(sheet.count_ones())));
        assert_eq!(score.distress.value, Some(f64::from(psychosocial)));
    }
}

#[test]
fn a_high_risk_is_told_before_anything_and_only_while_it_lasts() {
    let high = outcomes("2026-03-02", "start_back = [1, 5, 6, 7, 8]");
    let support = followed(&high).support.unwrap();
    assert_eq!((support.risk, support.date.to_string().as_str()), (Risk::High, "2026-03-02"));
    assert!(
        support.text.contains("support, not about tissue") && support.owner.contains("© Keele University")
    );
    let later = high.clone() + &outcomes("2026-05-02", "start_back = [1]");
    assert!(followed(&later).support.is_none());
    // A later visit that did not ask, or whose group is open, leaves it standing.
    assert!(followed(&(high.clone() + &outcomes("2026-05-02", "pain_0_10 = 2"))).support.is_some());
    let open = outcomes("2026-05-02", "start_back = { agreed = [1, 5], unanswered = [6, 7, 8] }");
    assert!(followed(&(high + &open)).support.is_some());
}

#[test]
fn missing_items_follow_their_rules() {
    let evidence = Evidence::read().unwrap();
    let roland = evidence.measure("roland_morris").unwrap();
    let items = |ticked: u8, missing: u8| RolandMorris::Items {
        ticked: (1..=ticked).collect(),
        unanswered: (ticked + 1..=ticked + missing).collect(),
    };
    assert_eq!(roland_morris(&items(10, 4), roland).value, Some(12.0), "10 of 20 as of 24");
    assert_eq!(roland_morris(&items(10, 5), roland).value, None);
    assert_eq!(
        (roland_morris(&items(10, 5), roland).low, roland_morris(&items(10, 5), roland).high),
        (10.0, 15.0)
    );
    let own = evidence.measure("patient_specific").unwrap();
    let rated = |scores: &[Option<f64>]| -> Vec<Activity> {
        scores.iter().enumerate().map(|(i, s)| Activity { activity: i.to_string(), score: *s }).collect()
    };
    assert_eq!(patient_specific(&rated(&[Some(4.0), None, Some(7.0)]), own).value, Some(5.5));
    assert_eq!(patient_specific(&rated(&[None]), own).value, None);
    let back = |agreed: &[u8], unanswered: &[u8]| {
        start_back(&StartBack { agreed: agreed.to_vec(), unanswered: unanswered.to_vec() })
    };
    assert_eq!(back(&[1], &[2]).risk, Some(Risk::Low), "2 of 9 at most");
    assert_eq!(back(&[1, 2, 3], &[4]).risk, None, "low or medium");
    assert_eq!(back(&[5, 6, 7, 8], &[9]).risk, Some(Risk::High), "high already");
    assert_eq!(back(&[1], &[2]).total.value, None);
}

#[test]
fn the_figures_are_whole_and_derived_ones_are_derived() {
    let evidence = Evidence::read().unwrap();
    let names: Vec<&str> = evidence.measures.iter().map(|m| m.name.as_str()).collect();
    assert_eq!(names, ["pain_0_10", "patient_specific", "roland_morris", "start_back", "oswestry_percent"]);
    for measure in &evidence.measures {
        let [low, high] = measure.scale;
        assert!(low < high && measure.mdc > 0.0 && measure.mdc < high - low && measure.days > 0);
        assert_eq!(measure.important.is_some(), measure.important_source.is_some(), "{}", measure.name);
        assert_eq!(measure.mdc_few.is_some(), measure.mdc_few_source.is_some(), "{}", measure.name);
        for text in
            [&measure.rule, &measure.rule_source, &measure.missing, &measure.mdc_source, &measure.days_source]
        {
            assert!(!text.trim().is_empty(), "{}", measure.name);
        }
    }
    for test in TestVocabulary::all().unwrap() {
        assert!(evidence.waiting(test.kind).unwrap().days > 0);
    }
    // ICC 0.89, SD 2.6.
    let sem = 2.6 * (1.0_f64 - 0.89).sqrt();
    assert!((evidence.measure("start_back").unwrap().mdc - detectable(sem, sem)).abs() < 0.05);
}

fn item_sheet(last: u8) -> impl Strategy<Value = (Vec<u8>, Vec<u8>)> {
    prop::collection::vec(0..3_u8, usize::from(last)).prop_map(|marks| {
        let of = |mark: u8| (1_u8..).zip(&marks).filter(|(_, m)| **m == mark).map(|(item, _)| item).collect();
        (of(1), of(2))
    })
}

proptest! {
    #[test]
    fn scores_stay_on_their_scale((ticked, unanswered) in item_sheet(24), scores in prop::collection::vec(prop::option::of(0.0..=10.0), 1..6)) {
        let evidence = Evidence::read().unwrap();
        let roland = roland_morris(&RolandMorris::Items { ticked, unanswered }, evidence.measure("roland_morris").unwrap());
        prop_assert!(0.0 <= roland.low && roland.low <= roland.high && roland.high <= 24.0);
        prop_assert!(roland.value.is_none_or(|value| roland.low <= value && value <= roland.high));
        let activities: Vec<_> = scores.iter().enumerate().map(|(i, score)| Activity { activity: i.to_string(), score: *score }).collect();
        let own = patient_specific(&activities, evidence.measure("patient_specific").unwrap());
        prop_assert!(0.0 <= own.low && own.low <= own.high + 1e-12 && own.high <= 10.0 + 1e-12);
        prop_assert!(own.value.is_none_or(|value| own.low - 1e-9 <= value && value <= own.high + 1e-9));
    }

    /// What the answers leave open covers every way to fill them in.
    #[test]
    fn a_group_is_given_only_if_no_answer_changes_it((agreed, unanswered) in item_sheet(9), fill in any::<u16>()) {
        let known = start_back(&StartBack { agreed: agreed.clone(), unanswered: unanswered.clone() });
        let more = unanswered.iter().filter(|item| fill & (1 << **item) != 0);
        let filled = start_back(&StartBack { agreed: agreed.iter().chain(more).copied().collect(), unanswered: vec![] });
        let total = filled.total.value.unwrap();
        prop_assert!(known.total.low <= total && total <= known.total.high);
        prop_assert!(known.risk.is_none() || known.risk == filled.risk);
    }

    /// Turning time round turns every change round and keeps what it is called.
    #[test]
    fn changes_are_antisymmetric(a in 0.0..150.0_f64, b in 0.0..150.0_f64) {
        let change = |first: f64, second: f64| {
            let text = raise("2026-01-05", "anna", first, "") + &raise("2026-03-05", "anna", second, "");
            last(&followed(&text).tests[0]).clone()
        };
        let (there, back) = (change(a, b), change(b, a));
        prop_assert_eq!(there.value, -back.value);
        prop_assert_eq!(there.label, back.label);
    }

    #[test]
    fn any_visits_are_followed(readings in prop::collection::vec((0.0..150.0_f64, prop::bool::ANY, 0..3_u8), 0..12)) {
        let text: String = readings.iter().enumerate().map(|(i, (reading, named, way))| {
            let way = ["", "protocol = \"ankle_free\"", "sem = 2"][usize::from(*way)];
            raise(&format!("2026-{:02}-{:02}", 1 + i / 2, 1 + 14 * (i % 2)), if *named { "anna" } else { "bert" }, *reading, way)
        }).collect();
        let found = followed(&text);
        let points: usize = found.tests.iter().map(|series| series.points.len()).sum();
        prop_assert_eq!(points, readings.len());
        for change in found.tests.iter().flat_map(|s| &s.points).flat_map(|p| p.since_first.iter().chain(&p.since_previous)) {
            prop_assert!(change.value.is_finite() && change.detectable > 0.0 && change.days > 0);
        }
        let json = serde_json::to_string(&found).unwrap();
        prop_assert_eq!(serde_json::from_str::<Visits>(&json).unwrap().dates, found.dates);
    }
}
