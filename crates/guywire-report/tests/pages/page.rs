//! The page as a whole, drawn from a stored result with three positions.

use guywire::case::{Answer, Audience, Person, ScreeningAnswers};
use guywire::results::{Contrast, Ensemble, Level, Outline, Quantiles, Results, Spread};
use guywire::screening::RuleSet;
use serde_json::Value;
use std::collections::BTreeSet;

const FIXTURE: &str = include_str!("fixture.json");

fn results() -> Results {
    serde_json::from_str(FIXTURE).unwrap()
}

fn page() -> String {
    guywire_report::html(&results())
}

/// Opening tags of the page with their attributes, closing tags as `/name`; checks that they nest.
fn tags(page: &str) -> Vec<&str> {
    const VOID: [&str; 3] = ["meta", "br", "!DOCTYPE"];
    let (mut open, mut all) = (Vec::new(), Vec::new());
    let mut rest = page;
    while let Some(start) = rest.find('<') {
        let end = start + rest[start..].find('>').expect("a tag that ends");
        let tag = &rest[start + 1..end];
        rest = &rest[end + 1..];
        let name = tag.split([' ', '\n']).next().unwrap();
        if let Some(closed) = name.strip_prefix('/') {
            assert_eq!(open.pop(), Some(closed), "before {}", &rest[..rest.len().min(80)]);
        } else if !VOID.contains(&name) {
            open.push(name);
        }
        all.push(tag);
        if name == "style" {
            rest = &rest[rest.find("</style").unwrap()..];
        }
    }
    assert!(open.is_empty(), "still open: {open:?}");
    all
}

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let start = tag.find(&format!(" {name}=\""))? + name.len() + 3;
    tag[start..].split('"').next()
}

#[test]
fn tags_nest_and_ids_are_unique_and_exist() {
    let page = page();
    let tags = tags(&page);
    let mut ids = BTreeSet::new();
    for id in tags.iter().filter_map(|t| attribute(t, "id")) {
        assert!(ids.insert(id), "id {id} twice");
    }
    for tag in &tags {
        let labels = attribute(tag, "aria-labelledby").into_iter().flat_map(|l| l.split(' '));
        let links = attribute(tag, "href").into_iter().filter_map(|h| h.strip_prefix('#'));
        for id in labels.chain(links) {
            assert!(ids.contains(id), "{id} does not exist");
        }
    }
}

#[test]
fn every_image_has_title_and_description_and_the_rest_is_hidden() {
    let page = page();
    let tags = tags(&page);
    let mut images = 0;
    for (i, tag) in tags.iter().enumerate().filter(|(_, t)| t.starts_with("svg")) {
        if attribute(tag, "role") == Some("img") {
            images += 1;
            assert!(tags[i + 1].starts_with("title ") && tags[i + 3].starts_with("desc "), "{tag}");
        } else {
            assert_eq!(attribute(tag, "aria-hidden"), Some("true"), "{tag}");
        }
    }
    // Three pictures and one chart of what presses per position, and graphs where something pulls.
    assert!(images >= 4 * results().positions.len(), "{images}");
}

#[test]
fn headings_descend_step_by_step_and_tables_have_captions() {
    let page = page();
    let tags = tags(&page);
    let levels: Vec<u8> = tags
        .iter()
        .filter(|t| t.starts_with('h') && t.as_bytes().get(1).is_some_and(u8::is_ascii_digit))
        .map(|t| t.as_bytes()[1] - b'0')
        .collect();
    assert_eq!(levels[0], 1);
    assert!(levels.windows(2).all(|w| w[1] <= w[0] + 1), "{levels:?}");
    for (i, _) in tags.iter().enumerate().filter(|(_, t)| t.starts_with("table")) {
        assert_eq!(tags[i + 1], "caption");
    }
    assert!(
        tags.iter().filter(|t| *t == &"th" || t.starts_with("th ")).all(|t| attribute(t, "scope").is_some())
    );
}

#[test]
fn the_page_needs_nothing_from_outside() {
    let page = page();
    for outside in ["<script", "<link", " src=", "@import", "url(http", "<iframe", "@font-face"] {
        assert!(!page.contains(outside), "{outside}");
    }
    assert!(page.contains("<html lang=\"en\">") && page.contains("name=\"viewport\""));
    assert!(page.contains("@media print"));
}

#[test]
fn a_name_is_text_whatever_it_holds() {
    let mut results = results();
    results.person.as_mut().unwrap().name = String::from("<script>alert(1)</script> & \"Co\"");
    results.positions[0].title = String::from("<b>Standing</b>");
    results.positions[0].position = String::from("a\" onload=\"x");
    let page = guywire_report::html(&results);
    assert!(!page.contains("<script") && !page.contains("<b>") && !page.contains("onload=\"x"));
    assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;Co&quot;"));
    tags(&page);
}

#[test]
fn the_same_results_give_the_same_bytes_whatever_the_clock_says() {
    let mut results = results();
    let first = guywire_report::html(&results);
    for position in &mut results.positions {
        position.person.posture.certificate.solve_ms *= 3.0;
    }
    assert!(first == guywire_report::html(&results));
}

/// Replaces every number except counts by what `pick` gives.
fn renumber(value: &mut Value, pick: &mut impl FnMut() -> f64) {
    match value {
        Value::Number(n) => *n = serde_json::Number::from_f64(pick()).unwrap(),
        Value::Array(all) => all.iter_mut().for_each(|v| renumber(v, pick)),
        Value::Object(map) => {
            let counts = ["schema", "iterations"];
            map.iter_mut()
                .filter(|(k, _)| !counts.contains(&k.as_str()))
                .for_each(|(_, v)| renumber(v, pick));
        }
        _ => {}
    }
}

#[test]
fn no_finite_input_draws_a_number_that_is_none() {
    let stored: Value = serde_json::from_str(FIXTURE).unwrap();
    let extremes = [0.0, 1.0, -1.0, 1e-300, 1e12, -1e12, f64::MAX, f64::MIN];
    let mut state = 1_u64;
    let mut mixed = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        extremes[(state >> 33) as usize % extremes.len()]
    };
    let draw = |pick: &mut dyn FnMut() -> f64| {
        let mut value = stored.clone();
        renumber(&mut value, &mut || pick());
        let page = guywire_report::html(&serde_json::from_value(value).unwrap());
        for wrong in ["NaN", "\"inf", " inf ", ">inf", "-inf", "Infinity", "Linf", " inf\""] {
            assert!(!page.contains(wrong), "{wrong}");
        }
        tags(&page);
    };
    for extreme in extremes {
        draw(&mut || extreme);
    }
    for _ in 0..4 {
        draw(&mut mixed);
    }
}

#[test]
fn nothing_but_a_name_still_makes_a_page() {
    let mut results = results();
    for position in &mut results.positions {
        for solved in [&mut position.person, &mut position.reference] {
            solved.figure.bodies.clear();
            solved.figure.landmarks.clear();
            solved.figure.muscle_lines.clear();
            solved.posture.discs.clear();
            solved.posture.muscles.clear();
        }
        position.causes.clear();
    }
    tags(&guywire_report::html(&results));
    results.positions.clear();
    tags(&guywire_report::html(&results));
}

#[test]
fn the_graph_carries_the_computed_changes() {
    let results = results();
    let page = guywire_report::html(&results);
    let start = page.find("<svg id=\"standing-causes\"").unwrap();
    let graph = &page[start..start + page[start..].find("</svg>").unwrap()];
    let mut checked = 0;
    for cause in &results.positions[0].causes {
        let told = cause.effects.iter().any(|e| e.unit == "deg" && e.alone.abs() >= 0.5);
        for effect in cause.effects.iter().filter(|_| told) {
            let label = match effect.quantity.as_str() {
                "pelvic_tilt_deg" | "lumbar_lordosis_deg" => format!("{:+.1}°", effect.alone),
                "discs.L5/S1.compression_n" => format!("{:+.0}\u{a0}N", effect.alone),
                _ => continue,
            };
            assert!(graph.contains(&format!(">{label}<")), "{label} of {}", cause.label);
            checked += 1;
        }
    }
    assert!(checked >= 3);
}

#[test]
fn sentences_tell_direction_and_size() {
    let mut results = results();
    let cause = &mut results.positions[0].causes[0];
    cause.label = String::from("hip flexors 10 % shorter");
    cause.effects.retain(|e| e.quantity == "pelvic_tilt_deg" || e.quantity == "discs.L5/S1.compression_n");
    for (effect, value) in cause.effects.iter_mut().zip([5.2, 210.0]) {
        effect.alone = value;
        effect.removed = value;
    }
    let page = guywire_report::html(&results);
    let expected = "With the hip flexors 10 % shorter, the pelvis tips 5.2° further forward and L5/S1 carries 210\u{a0}N more.";
    assert!(page.contains(expected));
    results.positions[0].causes[0].effects[0].removed = 2.0;
    let page = guywire_report::html(&results);
    assert!(page.contains("+5.2° on its own, but +2.0° goes away"));
}

/// The results of a person of `age` who answered every question with no, but for those in `yes`.
fn screened(age: f64, audience: Audience, yes: &[&str]) -> Results {
    let rules = RuleSet::read().unwrap();
    let mut results = results();
    let person = Person { age, ..results.person.clone().unwrap() };
    let mut answers = ScreeningAnswers { audience, ..Default::default() };
    for question in rules.for_person(&person, audience) {
        answers.record(&question.name, Answer::No);
    }
    yes.iter().for_each(|name| answers.record(name, Answer::Yes));
    results.screening = Some(rules.screen(&person, &answers));
    results.person = Some(person);
    results
}

#[test]
fn the_screening_stands_on_top_and_the_safety_net_always() {
    for (audience, yes, title) in [
        (Audience::Person, &[][..], "Go on, and keep watching"),
        (Audience::Person, &["saddle_numbness"][..], "Get medical help today"),
        (Audience::Clinician, &["cancer_history", "weight_loss"][..], "Be examined within the next days"),
    ] {
        let page = guywire_report::html(&screened(35.0, audience, yes));
        tags(&page);
        let at = |text: &str| page.find(text).unwrap_or_else(|| panic!("{text} is not in the page"));
        assert!(at(title) < at("id=\"main\""));
        assert!(page.contains("emergency department, now") && page.contains("Screening rules 1."));
    }
}

#[test]
fn where_self_care_stops_the_person_sees_the_screening_alone() {
    let hidden = ["The picture", "What pulls what", "Load on the discs", "Computed with"];
    let own = screened(12.0, Audience::Person, &["groin_pain"]);
    let page = guywire_report::html(&own);
    tags(&page);
    assert_eq!(own.screening.unwrap().result, Level::SeeClinicianFirst);
    assert!(
        page.contains("See a clinician before any programme") && page.contains("growth plates of the hips")
    );
    assert!(!page.contains("slipped upper femoral epiphysis"), "for clinicians");
    hidden.iter().for_each(|text| assert!(!page.contains(text), "{text}"));
    let page = guywire_report::html(&screened(12.0, Audience::Clinician, &["groin_pain"]));
    tags(&page);
    assert!(page.contains("slipped upper femoral epiphysis"));
    hidden.iter().for_each(|text| assert!(page.contains(text), "{text}"));
    let banner = page.find("See a clinician before any programme").unwrap();
    hidden.iter().for_each(|text| assert!(banner < page.find(text).unwrap(), "{text}"));
}

#[test]
fn where_nothing_was_asked_the_page_says_so() {
    let mut results = results();
    let rules = RuleSet::read().unwrap();
    let person = Person { age: 35.0, ..results.person.clone().unwrap() };
    results.screening = Some(rules.screen(&person, &ScreeningAnswers::default()));
    let page = guywire_report::html(&results);
    tags(&page);
    assert!(page.contains("No screening question was asked") && page.contains("The picture"));
    assert!(page.contains("Not asked: "), "the open questions are listed");
}

/// Where tests were fitted, every main number has its interval, and the page says what it is.
#[test]
fn intervals_stand_beside_the_numbers() {
    let mut results = results();
    let plain = guywire_report::html(&results);
    assert!(!plain.contains("nine in ten"));
    results.ensemble = Some(Ensemble { members: 200, seed: 5, drawn: Vec::new() });
    let range = |quantity: &str, low90, high90| Quantiles {
        quantity: quantity.to_owned(),
        low90,
        median: 0.5 * (low90 + high90),
        high90,
    };
    let person = results.positions[0].person.clone();
    let outline = |value| Outline {
        quantity: "pelvic_tilt_deg".into(),
        value,
        bodies: person.figure.bodies.clone(),
        landmarks: person.figure.landmarks.clone(),
    };
    results.positions[0].spread = Some(Spread {
        solved: 197,
        unsolved: 3,
        quantities: vec![
            range("pelvic_tilt_deg", 4.25, 17.75),
            range("discs.L5/S1.compression_n", 311.0, 777.0),
            range("hips.left.contact_force_n", 222.0, 444.0),
            range("force.hamstrings.left_n", 33.0, 99.0),
        ],
        outlines: vec![outline(4.0), outline(18.0)],
    });
    let page = guywire_report::html(&results);
    tags(&page);
    for words in [
        "200 of them were drawn (seed 5)",
        "left out: 3 in ",
        "4.2 to 17.8",
        "311 to 777",
        "222 to 444",
        "33 to 99",
    ] {
        assert!(page.contains(words), "{words}");
    }
    assert!(page.contains("class=\"end\""));
}

/// A hypothesis that was asked for stands with and without, only what differs; one that is off is not mentioned.
#[test]
fn a_hypothesis_stands_with_and_without() {
    assert!(!page().contains("With and without"));
    let mut results = results();
    let contrast = |label: &str, with: f64, without: f64| Contrast {
        quantity: String::new(),
        label: label.to_owned(),
        unit: "N".to_owned(),
        with,
        without,
    };
    let told =
        [contrast("force in the left hamstrings", 123.0, 98.0), contrast("L5/S1 compression", 501.2, 500.9)];
    results.positions[0].reciprocal_inhibition = told.to_vec();
    let page = guywire_report::html(&results);
    tags(&page);
    let section = &page[page.find("id=\"hypothesis-head\"").unwrap()..];
    let section = &section[..section.find("</section>").unwrap()];
    assert!(section.contains("123\u{a0}N") && section.contains("98\u{a0}N"), "{section}");
    assert!(!section.contains("L5/S1"), "501 N either way: {section}");
    assert!(section.contains("a hypothesis with little evidence"), "{section}");
}
