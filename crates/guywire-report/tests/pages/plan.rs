//! A plan on paper and in a calendar.

use guywire::case::{Date, ScreeningAnswers};
use guywire::results::{
    Carried, Change90, ExerciseResult, ForecastResult, GoalResult, Outlook, PlanResult, PlannedExercise,
    PositionResult, ProgrammeExercise, Results, Retest, Screening, Series, SeriesKind,
};
use guywire::screening::RuleSet;
use guywire_report::HandoutOptions;

const NAME: &str = "Ada <Lovelace>; \"A, B\"";

fn planned(title: &str, side: &str, sessions_per_week: f64) -> PlannedExercise {
    PlannedExercise {
        exercise: title.to_lowercase(),
        title: title.into(),
        kind: "stretch".into(),
        side: side.into(),
        dose: format!("2 sets of 30 s, {sessions_per_week} times a week"),
        dose_share: 0.0,
        sessions_per_week,
        minutes_a_week: 3.2,
        adds: vec![[1.0, 2.0, 3.0]],
        needs: vec!["a strap & a hook".into()],
        to_ask: vec!["a fresh injury of the stretched muscle".into()],
    }
}

fn plan() -> PlanResult {
    PlanResult {
        goals: vec![GoalResult {
            asked: "straight_leg_raise.left>=75".into(),
            quantity: "straight_leg_raise.left".into(),
            label: "Straight-leg raise, left".into(),
            unit: "deg".into(),
            at_least: true,
            target: 75.0,
            now: [60.0, 68.0, 72.0],
            end: [70.0, 78.0, 84.0],
            probability: 0.72,
            within_reach: 73.5,
        }],
        weeks: 6,
        judges: 20,
        asked_probability: 0.8,
        probability: 0.72,
        reached: false,
        exercises: vec![planned("Strap, one leg", "left", 3.0), planned("Bridge", "both", 10.0)],
        minutes_a_week: 6.4,
        one_more: None,
        orders: Vec::new(),
        habits: Vec::new(),
        retests: vec![Retest {
            quantity: "straight_leg_raise.left".into(),
            label: "Straight-leg raise, left".into(),
            week: 4,
            now: 68.0,
            expected: [69.0, 75.0, 81.0],
            unit: "deg".into(),
            otherwise: "below 69 deg".into(),
        }],
        left_out: Vec::new(),
        equipment: None,
        rules: vec!["Stop and ask: anything new that `guywire screen` asks about.".into()],
        forecast: ForecastResult {
            start: None,
            weeks: (0..=6).collect(),
            programme: Vec::new(),
            programme_weeks: Vec::new(),
            other_weeks: 0,
            adherence: 0.8,
            members: 20,
            lost: 0,
            seed: 1,
            mechanisms: Vec::new(),
            series: Vec::new(),
            rates: Vec::new(),
            limits: vec!["Pain is not <forecast>.".into()],
        },
    }
}

fn screening() -> Screening {
    let results: Results = serde_json::from_str(include_str!("fixture.json")).unwrap();
    let person = results.person.unwrap();
    RuleSet::read().unwrap().screen(&person, &ScreeningAnswers::default())
}

fn drawn() -> Vec<(ExerciseResult, Vec<PositionResult>)> {
    let results: Results = serde_json::from_str(include_str!("fixture.json")).unwrap();
    let of = |title: &str, side: Option<&str>| ExerciseResult {
        exercise: title.to_lowercase(),
        title: title.into(),
        kind: "stretch".into(),
        side: side.map(|side| serde_json::from_value(side.into()).unwrap()),
        how: "Lie & raise.".into(),
        cue: Some("Keep the knee straight".into()),
        cued: true,
        load: "strap".into(),
        target: Vec::new(),
        dose: "2 sets".into(),
        dose_source: "somebody 2016".into(),
        session_hours: 0.1,
        sessions_per_week: 3.0,
        note: None,
        not_computed: None,
        clinician_only: false,
        phases: Vec::new(),
        muscles: Vec::new(),
        discs: Vec::new(),
        conditions: Vec::new(),
        stop_rules: vec!["any new sign (`guywire screen` lists them)".into()],
        general: Vec::new(),
        spread: None,
    };
    let poses = &results.positions;
    vec![(of("Strap, one leg", Some("left")), poses[..1].to_vec()), (of("Bridge", None), poses[..2].to_vec())]
}

fn handout(start: Option<&str>, large: bool) -> String {
    let options = HandoutOptions { start: start.map(|day| day.parse().unwrap()), large };
    guywire_report::handout((NAME, &screening()), &plan(), &drawn(), options)
}

#[test]
fn a_handout_says_what_how_sure_when_to_stop_and_has_weeks_to_tick() {
    let page = handout(Some("2026-03-02"), false);
    for words in [
        "Ada &lt;Lovelace&gt;; &quot;A, B&quot;, this is your plan for 6 weeks",
        "From 2026-03-02 to 2026-04-13",
        "at least 75.0°",
        "Now 68.0° (60.0 to 72.0), after 6 weeks 78.0° (70.0 to 84.0): <strong>about 7 in 10 get there</strong>",
        "fewer than you asked for; as surely as you asked, it is 73.5°",
        "Left side: 2 sets of 30 s, 3 times a week",
        "Lie &amp; raise. <strong>Keep the knee straight.</strong>",
        "Ask first",
        "after week 4, 2026-03-30",
        "of the signs at which to seek help",
        "Pain is not &lt;forecast&gt;.",
        "6 · 2026-04-06",
    ] {
        assert!(page.contains(words), "{words}");
    }
    assert!(page.find("screening-head").unwrap() < page.find("What you are after").unwrap());
    // Three boxes a week of one, a count of ten of the other, and one for the next morning.
    assert_eq!(page.matches("class=\"box\"").count(), 6 * (3 + 1));
    assert_eq!(page.matches(" of 10").count(), 6);
    assert_eq!(page.matches("role=\"img\"").count(), 3, "a picture a pose");
    assert!(!page.contains("`guywire") && !page.contains("NaN"));
    assert!(page.contains("class=\"handout\"") && handout(None, true).contains("class=\"handout large\""));
    assert!(!handout(None, false).contains("2026"), "no dates without a first day");
}

fn raise() -> Series {
    let values = |off: f64| (0..=6).map(|week| 60.0 + off + f64::from(week)).collect();
    let carried = [("tolerance", 5.5), ("length", 0.4), ("stiffness", 0.1)];
    Series {
        quantity: "straight_leg_raise.left".into(),
        label: "Straight-leg raise, left".into(),
        kind: SeriesKind::Test,
        unit: "deg".into(),
        low90: values(-5.0),
        median: values(0.0),
        high90: values(5.0),
        change: Change90 { low90: -1.0, median: 6.0, high90: 11.0 },
        carried: carried.map(|(mechanism, by)| Carried { mechanism: mechanism.into(), by }).into(),
    }
}

/// A report with two exercises in the coming weeks.
fn report(start: Option<&str>) -> String {
    let mut results: Results = serde_json::from_str(include_str!("fixture.json")).unwrap();
    let done = |(k, (exercise, poses)): (usize, (ExerciseResult, Vec<PositionResult>))| ProgrammeExercise {
        side: exercise.side,
        exercise,
        dose: "2 sets of 30 s".into(),
        sessions_per_week: 3.0,
        weeks: [1 + k, 3 + k],
        poses,
    };
    let forecast = ForecastResult { series: vec![raise()], ..plan().forecast };
    let exercises = drawn().into_iter().enumerate().map(done).collect();
    results.outlook = Some(Outlook { forecast, exercises, start: start.map(|day| day.parse().unwrap()) });
    guywire_report::html(&results)
}

#[test]
fn a_report_tells_of_the_coming_weeks() {
    let page = report(Some("2026-03-02"));
    for words in [
        "The coming 6 weeks",
        "and 80\u{a0}% of the sessions are done",
        "60.0 (55.0 to 65.0)",
        "66.0 (61.0 to 71.0)",
        "+6.0 (−1.0 to +11.0)",
        "tolerance +5.5, length +0.4<",
        "1. Strap, one leg, left",
        "Lie &amp; raise. <strong>Keep the knee straight.</strong>",
        "Week 1 begins on 2026-03-02, week 6 is over on 2026-04-13.",
        "Pain is not &lt;forecast&gt;.",
    ] {
        assert!(page.contains(words), "{words}");
    }
    assert_eq!(page.matches('■').count(), 6, "three weeks of each");
    assert!(page.contains("class=\"median\"") && !page.contains("NaN"));
    assert!(!report(None).contains("2026-0"), "no dates without a first day");
}

#[test]
fn no_identifier_stands_twice_on_a_page() {
    no_identifier_stands_twice(&handout(None, false));
    no_identifier_stands_twice(&report(None));
}

fn no_identifier_stands_twice(page: &str) {
    let mut ids: Vec<&str> = page.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    ids.sort_unstable();
    assert!(ids.len() > 6 && ids.windows(2).all(|two| two[0] != two[1]), "{ids:?}");
}

/// Events as their properties, read back by the rules of RFC 5545.
fn events(calendar: &str) -> Vec<Vec<(String, String)>> {
    assert!(calendar.ends_with("END:VCALENDAR\r\n"));
    assert!(calendar.split("\r\n").all(|line| line.len() <= 75 && !line.contains(['\r', '\n'])));
    let unfolded = calendar.replace("\r\n ", "");
    let (mut all, mut open): (Vec<_>, Option<Vec<_>>) = (Vec::new(), None);
    for line in unfolded.split_terminator("\r\n") {
        let (name, value) = line.split_once(':').unwrap();
        match (name, value) {
            ("BEGIN", "VEVENT") => open = Some(Vec::new()),
            ("END", "VEVENT") => all.push(open.take().unwrap()),
            _ => open.iter_mut().for_each(|event| event.push((name.to_owned(), value.to_owned()))),
        }
    }
    all
}

fn of<'e>(event: &'e [(String, String)], name: &str) -> &'e str {
    &event.iter().find(|(n, _)| n == name).unwrap_or_else(|| panic!("no {name}")).1
}

#[test]
fn a_calendar_is_read_back() {
    let start: Date = "2026-03-02".parse().unwrap();
    let calendar = guywire_report::calendar(NAME, &plan(), start).unwrap();
    assert!(calendar.starts_with("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n"));
    assert!(calendar.contains("X-WR-CALNAME:Exercises of Ada <Lovelace>\\; \"A\\, B\"\r\n"));
    let events = events(&calendar);
    let rules: Vec<&str> = events[..2].iter().map(|event| of(event, "RRULE")).collect();
    assert_eq!(rules, ["FREQ=WEEKLY;BYDAY=MO,WE,FR;COUNT=18", "FREQ=DAILY;COUNT=42"]);
    assert_eq!(of(&events[0], "SUMMARY"), "Strap\\, one leg\\, left");
    assert!(of(&events[1], "DESCRIPTION").contains("That is 1 to 2 times a day."));
    let days: Vec<&str> = events.iter().map(|event| of(event, "DTSTART;VALUE=DATE")).collect();
    assert_eq!(days, ["20260302", "20260302", "20260330", "20260413"]);
    assert_eq!(of(&events[2], "DTEND;VALUE=DATE"), "20260331");
    assert!(events.iter().all(|event| of(event, "DTSTAMP") == "20260302T000000Z"));
    let mut names: Vec<&str> = events.iter().map(|event| of(event, "UID")).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), 4);
    assert_eq!(calendar, guywire_report::calendar(NAME, &plan(), start).unwrap());
    let other = guywire_report::calendar("Bob", &plan(), start).unwrap();
    assert!(names.iter().all(|name| !other.contains(name)), "two people's events are told apart");
}

#[test]
fn no_day_lies_after_the_year_9999() {
    assert_eq!(guywire_report::calendar(NAME, &plan(), "9999-12-01".parse().unwrap()), None);
}
