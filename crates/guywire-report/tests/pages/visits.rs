//! Visits on the page: what comes first, what is written, and that nothing drawn is no number.

use guywire::results::{
    Better, Change, ChangeLabel, OutcomePoint, OutcomeSeries, Results, Risk, Side, Support, TestPoint,
    TestSeries, Visits,
};

fn change(value: f64, label: ChangeLabel) -> Change {
    Change {
        value,
        days: 56,
        detectable: 7.0,
        label,
        because: "because of that".into(),
        source: "somebody 2015".into(),
        important: None,
    }
}

/// Two visits with these readings and this risk in the second.
fn page(readings: [f64; 2], label: ChangeLabel, risk: Risk) -> String {
    let dates: [guywire::case::Date; 2] = ["2025-01-13", "2025-03-10"].map(|date| date.parse().unwrap());
    let since = |i: usize| (i > 0).then(|| change(readings[1] - readings[0], label));
    let test = |i: usize| TestPoint {
        date: dates[i],
        examiner: None,
        reading: readings[i],
        repeats: vec![readings[i]],
        sem: 2.6,
        since_first: since(i),
        since_previous: None,
    };
    let outcome = |i: usize| OutcomePoint {
        date: dates[i],
        score: (i > 0).then_some(readings[i]),
        low: 1.0,
        high: 3.0,
        missing: 2 - 2 * i,
        risk: (i > 0).then_some(risk),
        note: Some("a <note>".into()),
        since_first: None,
        since_previous: None,
    };
    let mut results: Results = serde_json::from_str(include_str!("fixture.json")).unwrap();
    results.visits = Some(Visits {
        dates: dates.to_vec(),
        support: (risk == Risk::High).then(|| Support {
            date: dates[1],
            risk,
            text: "This is about support.".into(),
            owner: "© Keele University".into(),
        }),
        tests: vec![TestSeries {
            test: "straight_leg_raise".into(),
            title: "Straight-leg raise".into(),
            side: Some(Side::Left),
            protocol: Some("ankle_free".into()),
            unit: "deg".into(),
            convention: "larger is longer".into(),
            points: vec![test(0), test(1)],
        }],
        outcomes: vec![OutcomeSeries {
            outcome: "start_back".into(),
            title: "STarT Back".into(),
            scale: [0.0, 9.0],
            better: Better::Lower,
            rule: "items agreed to".into(),
            points: vec![outcome(0), outcome(1)],
        }],
        questions: vec!["Line 12: is `this` <right>?".into()],
        notes: vec!["Read <long> ago.".into()],
        owners: vec!["© Keele University".into()],
    });
    guywire_report::html(&results)
}

#[test]
fn high_risk_stands_before_any_mechanics_and_names_its_owner() {
    let page = page([60.0, 70.5], ChangeLabel::Real, Risk::High);
    let at = |text: &str| page.find(text).unwrap_or_else(|| panic!("no {text}"));
    assert!(at("Support first") < at("Computed with"));
    assert!(at("This is about support.") < at("id=\"pictures-head\""));
    assert!(at("© Keele University") < at("Computed with"));
    assert!(at("id=\"visits-head\"") < at("id=\"pictures-head\""));
}

#[test]
fn without_high_risk_nothing_is_put_first() {
    assert!(!page([60.0, 70.5], ChangeLabel::Real, Risk::Medium).contains("Support first"));
    let results: Results = serde_json::from_str(include_str!("fixture.json")).unwrap();
    assert!(
        !guywire_report::html(&results).contains("visits-head"),
        "a case without visits has no such section"
    );
}

#[test]
fn readings_changes_and_labels_are_told() {
    let page = page([60.0, 70.5], ChangeLabel::Real, Risk::Low);
    for text in [
        "Straight-leg raise, left (ankle free)",
        "2025-01-13",
        "70.5°",
        "+10.5°",
        "<strong>real</strong>",
        "which is 7°",
        "somebody 2015",
        "1 to 3",
        "low risk",
        "a &lt;note&gt;",
        "no two to compare",
        "Line 12: is this &lt;right&gt;?",
        "Read &lt;long&gt; ago.",
    ] {
        assert!(page.contains(text), "{text}");
    }
    assert!(self::page([60.0, 61.0], ChangeLabel::TooEarly, Risk::Low).contains("too early to tell"));
}

#[test]
fn no_reading_draws_a_number_that_is_none() {
    for readings in [[0.0, 0.0], [f64::MAX, f64::MIN], [1e300, -1e-300], [-1.0, 1e12]] {
        let page = page(readings, ChangeLabel::Real, Risk::High);
        for wrong in ["NaN", "\"inf", " inf ", ">inf", "-inf", "Infinity", "Linf", " inf\""] {
            assert!(!page.contains(wrong), "{readings:?}: {wrong}");
        }
    }
}
