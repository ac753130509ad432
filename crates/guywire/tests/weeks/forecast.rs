//! What weeks make of a person: what must be so whatever the rates are.

use crate::{POSITIONS, REFERENCE, common};
use guywire::adaptation::{Deed, Exposure, KnownRates, Mechanism, Mechanisms};
use guywire::case::{Case, Habit, Property, Setting, Target, TestVocabulary, Tissue};
use guywire::examination::{Protocols, Trial};
use guywire::forecast::{
    Asked, Doing, Followed, ForecastError, Ground, Material, OtherWeek, Session, TestOn,
};
use guywire::results::ForecastResult;
use guywire::side::Side;
use guywire::study::{Member, Members, vocabulary};
use guywire::week::{Activities, Moment, Schedule};
use std::sync::LazyLock;

static PROTOCOLS: LazyLock<Protocols> = LazyLock::new(|| Protocols::read().unwrap());
static TESTS: LazyLock<Vec<TestVocabulary>> = LazyLock::new(|| TestVocabulary::all().unwrap());
static RATES: LazyLock<KnownRates> = LazyLock::new(|| KnownRates::read().unwrap());
static WEEK: LazyLock<Schedule> =
    LazyLock::new(|| schedule(&[("sitting_relaxed", 40.0), ("standing", 30.0), ("sleeping_back", 56.0)]));

const RAISE: [&str; 2] = ["straight_leg_raise.left", "straight_leg_raise.right"];

fn schedule(week: &[(&str, f64)]) -> Schedule {
    let habit = |(activity, hours): &(&str, f64)| Habit {
        activity: (*activity).into(),
        hours: *hours,
        repetitions: None,
        lead: None,
        span: 0..0,
        line: 1,
    };
    Schedule::of(&week.iter().map(habit).collect::<Vec<_>>(), &Activities::read().unwrap()).unwrap()
}

fn member(length: f64) -> Member {
    let target = Target::Group("hamstrings".into());
    let setting = Setting { target, side: None, property: Property::Length, value: length };
    let tissue = Tissue { settings: vec![setting], ..Tissue::default() };
    Member { person: common::person(), tissue, tolerance: 1.0 }
}

/// So many minutes a week in the pose at the end of a straight-leg raise, in the weeks from 1 to `until`.
fn stretching(sides: &[Side], minutes: f64, until: usize) -> Vec<Session> {
    let body = REFERENCE.scaled_to(&common::person(), &Tissue::default()).unwrap();
    let each = |side: &Side| {
        let protocol = PROTOCOLS.get("straight_leg_raise", None).unwrap();
        let trial = Trial { protocol, side: *side, tolerance: 1.0 };
        let (_, settled) = trial.reading(&body, &POSITIONS, None).unwrap();
        let moment = Moment::of(&body, &settled).unwrap();
        let exposure =
            Exposure::held(&body, &settled.solution, (minutes / 60.0, 2.0 * minutes), Deed::Stretch);
        let words = format!("{minutes} min of stretching, {}", side.name());
        Session { words, from: 1, until, exposure, path_lengths: vec![moment.path_length] }
    };
    sides.iter().map(each).collect()
}

struct Question {
    sessions: Vec<Session>,
    weeks: usize,
    adherence: f64,
    mechanisms: Mechanisms,
    members: usize,
    /// Another week in some of the weeks.
    other: Option<(usize, usize, Schedule)>,
}

impl Default for Question {
    fn default() -> Self {
        let mechanisms = Mechanisms::default();
        Self { sessions: Vec::new(), weeks: 12, adherence: 1.0, mechanisms, members: 6, other: None }
    }
}

fn try_answered(question: &Question) -> Result<ForecastResult, ForecastError> {
    let ground =
        Ground { reference: &REFERENCE, positions: &POSITIONS, protocols: &PROTOCOLS, rates: &RATES };
    let members: Vec<Member> = (0..question.members).map(|m| member(0.94 + 0.02 * m as f64)).collect();
    let test = TESTS.iter().find(|t| t.name == "straight_leg_raise").unwrap();
    let protocol = PROTOCOLS.get(&test.name, None).unwrap();
    let tests = Side::BOTH.map(|side| TestOn { test, protocol, side: Some(side) });
    let asked = Asked { most_probable: &member(1.0), members: &members, seed: 7, week: &WEEK, tests: &tests };
    let followed = Followed::new(ground, asked)?;
    let mut other_weeks = Vec::new();
    if let Some((from, until, week)) = &question.other {
        let (words, schedule, week) = ("otherwise".into(), week.clone(), followed.other_week(week)?);
        other_weeks.push(OtherWeek { words, from: *from, until: *until, schedule, week });
    }
    let doing = Doing {
        weeks: question.weeks,
        sessions: &question.sessions,
        adherence: question.adherence,
        other_weeks: &other_weeks,
        mechanisms: question.mechanisms,
    };
    followed.forecast(doing, &|_, _, _| {})
}

fn answered(question: &Question) -> ForecastResult {
    try_answered(question).unwrap()
}

fn median(result: &ForecastResult, quantity: &str) -> Vec<f64> {
    result.of(quantity).unwrap().median.clone()
}

#[test]
fn a_grown_body_stays_as_it_is_in_its_week() {
    let result = answered(&Question::default());
    assert_eq!(result.weeks.len(), 13);
    for series in &result.series {
        for week in 1..=12 {
            let moved = (series.median[week] - series.median[0]).abs();
            let scale = 1.0 + series.median[0].abs();
            // A sum of shares of hours is 1 but for rounding, and a search ends within what it is asked for.
            assert!(moved < 1e-6 * scale, "{} in week {week}: {moved}", series.quantity);
        }
    }
}

#[test]
fn without_mechanisms_nothing_moves_at_all() {
    let sessions = stretching(&Side::BOTH, 10.0, 12);
    let result = answered(&Question { sessions, mechanisms: Mechanisms::NONE, ..Question::default() });
    for series in &result.series {
        for band in [&series.low90, &series.median, &series.high90] {
            assert!(band.iter().all(|v| v == &band[0]), "{}", series.quantity);
        }
        assert!(series.carried.is_empty());
    }
}

#[test]
fn stretching_gains_and_is_lost_when_it_stops() {
    let result =
        answered(&Question { sessions: stretching(&Side::BOTH, 10.0, 8), weeks: 24, ..Question::default() });
    for test in RAISE {
        let raise = median(&result, test);
        assert!(raise[8] > raise[0] + 3.0, "{test}: {raise:?}");
        assert!((1..=8).all(|w| raise[w] >= raise[w - 1]), "{test}: {raise:?}");
        assert!((9..=24).all(|w| raise[w] <= raise[w - 1] + 1e-9), "{test}: {raise:?}");
        assert!(
            raise[24] < raise[8] - 0.5 * (raise[8] - raise[0]) && raise[24] > raise[0] - 0.1,
            "{raise:?}"
        );
    }
    let carried = &result.of(RAISE[0]).unwrap().carried;
    assert!(carried.iter().any(|part| part.mechanism == Mechanism::Tolerance.name()), "{carried:?}");
}

#[test]
fn half_of_the_sessions_give_less_and_the_other_side_nothing() {
    let ends = |sides: &[Side], adherence: f64| {
        let sessions = stretching(sides, 4.0, 8);
        let result = answered(&Question { sessions, adherence, weeks: 8, ..Question::default() });
        RAISE.map(|test| result.of(test).unwrap().change.median)
    };
    let [left, right] = ends(&Side::BOTH, 1.0);
    assert!((left - right).abs() < 0.1, "alike on both sides: {left}, {right}");
    let [half, _] = ends(&Side::BOTH, 0.5);
    assert!(half > 0.0 && half < left, "{half} of {left}");
    let [alone, other] = ends(&[Side::Left], 1.0);
    // Lying flat beside the stretched leg stretches the other one a little too.
    assert!((alone - left).abs() < 0.5 && (0.0..0.1 * alone).contains(&other), "{alone}, {other}");
}

/// Between knots the numbers follow the state: solved in every week they are the same within what nobody reads.
#[test]
fn weeks_between_are_as_if_solved() {
    let question = |weeks: usize| Question {
        sessions: stretching(&Side::BOTH, 10.0, 26),
        weeks,
        members: 3,
        ..Question::default()
    };
    let long = answered(&question(26));
    for weeks in [1, 3, 7, 8, 17, 21] {
        let short = answered(&question(weeks));
        for name in [RAISE[0], "standing.pelvic_tilt_deg"] {
            let off = short.of(name).unwrap().median[weeks] - long.of(name).unwrap().median[weeks];
            assert!(off.abs() < 0.3, "{name} in week {weeks}: {off}");
        }
    }
}

#[test]
fn threads_change_nothing() {
    let question = Question { sessions: stretching(&Side::BOTH, 10.0, 6), weeks: 6, ..Question::default() };
    let many = answered(&question);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    assert_eq!(pool.install(|| answered(&question)), many);
}

#[test]
fn what_cannot_be_is_refused() {
    let refused = |question: &Question| try_answered(question).unwrap_err().to_string();
    assert_eq!(
        refused(&Question { weeks: 0, ..Question::default() }),
        "a forecast is of 1 to 260 weeks, not of 0"
    );
    let less = refused(&Question { adherence: f64::NAN, ..Question::default() });
    assert_eq!(less, "adherence is a share of the sessions, from 0 to 1, not NaN");
}

/// Of one body the difference of the sides is that of its readings, in every week.
#[test]
fn differences_are_left_less_right() {
    let sessions = stretching(&[Side::Left], 10.0, 4);
    let result = answered(&Question { sessions, weeks: 6, members: 1, ..Question::default() });
    let [left, right] = RAISE.map(|test| median(&result, test));
    let difference = median(&result, "difference.straight_leg_raise");
    for week in 0..=6 {
        let own = left[week] - right[week];
        assert!((difference[week] - own).abs() < 1e-9, "week {week}: {} against {own}", difference[week]);
    }
    assert!(difference[4] > 1.0, "{difference:?}");
}

/// Weeks spent otherwise count from their first to their last; spent as ever, they are no other weeks.
#[test]
fn other_weeks_count_while_they_last() {
    let question = |other| Question { weeks: 8, members: 3, other, ..Question::default() };
    let usual = answered(&question(None));
    let same = answered(&question(Some((3, 6, WEEK.clone()))));
    for (one, other) in usual.series.iter().zip(&same.series) {
        for week in 0..=8 {
            let off = (one.median[week] - other.median[week]).abs();
            assert!(off < 1e-6 * (1.0 + one.median[week].abs()), "{} in week {week}", one.quantity);
        }
    }
    assert_eq!((&same.programme, &same.programme_weeks), (&vec!["otherwise".to_owned()], &vec![[3, 6]]));
    let sitting = schedule(&[("sitting_relaxed", 70.0), ("sleeping_back", 56.0)]);
    let other = answered(&question(Some((3, 6, sitting))));
    let length = |result: &ForecastResult| median(result, "length.hip_flexors.left");
    let (usual, other) = (length(&usual), length(&other));
    assert!((0..=2).all(|week| (usual[week] - other[week]).abs() < 1e-12), "{other:?}");
    assert!((3..=6).all(|week| other[week] < other[week - 1] - 1e-5), "it shortens: {other:?}");
    assert!(other[8] > other[6] + 1e-5, "and comes back: {other:?}");
}

/// What is asked for is followed as the person's own readings were taken, the last of them, whether it is a goal or not.
#[test]
fn a_test_is_followed_as_it_was_read() {
    let reading = |side: &str, protocol: &str| {
        format!(
            "[[visit.test]]\nname = \"thomas_hip_extension\"\nside = \"{side}\"\nreading = -3\nprotocol = \"{protocol}\"\n"
        )
    };
    let text = format!(
        "positions = [\"standing\"]\n[person]\nname = \"Kim\"\nage = 30\nsex = \"male\"\nheight_cm = 170\nmass_kg = 79\n\
         [[visit]]\ndate = 2026-01-05\n{}[[visit]]\ndate = 2026-03-02\n{}",
        reading("left", "lumbar_flat"),
        reading("left", "lumbar_free"),
    );
    let case = Case::parse(&text, &vocabulary(&REFERENCE).unwrap()).unwrap();
    let followed = |more: &[&str]| {
        let members = Members::as_stated(&case.person, &case.tissue, (1, 20));
        let more: Vec<String> = more.iter().map(|name| (*name).to_owned()).collect();
        let material = Material::of(&REFERENCE, &case, members, &more).unwrap();
        let tests = material.tests().unwrap();
        tests.iter().map(|on| (on.name(), on.protocol.names.clone())).collect::<Vec<_>>()
    };
    let left = || ("thomas_hip_extension.left".to_owned(), vec!["lumbar_free".to_owned()]);
    assert_eq!(followed(&[]), [left()]);
    assert_eq!(followed(&["thomas.left"]), [left()]);
    let right = ("thomas_hip_extension.right".to_owned(), vec!["lumbar_free".to_owned()]);
    assert_eq!(followed(&["thomas.right"]), [right, left()]);
}
