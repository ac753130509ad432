//! The fit of any case, and of any readings inside what is possible: finite numbers or an error that says why.
//!
//! Bytes that are a case file are fitted as it; all others are a person and readings, see `made_up`.
//!
//! ```sh
//! cargo +nightly fuzz run case_fit -- -max_len=400
//! ```
#![no_main]

use guywire::body::ReferenceBody;
use guywire::case::{Case, Date, Reading, Visit, Vocabulary};
use guywire::results::FitResult;
use guywire::side::Side;
use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;

static REFERENCE: LazyLock<ReferenceBody> =
    LazyLock::new(|| ReferenceBody::adult().expect("the body's tables"));

static VOCABULARY: LazyLock<Vocabulary> = LazyLock::new(|| Vocabulary {
    today: Date::new(2026, 11, 21),
    ..guywire::study::vocabulary(&REFERENCE).expect("the names of the body")
});

/// The person of the case that readings are put into.
const PERSON: &str = "positions = [\"standing\"]\n[person]\nname = \"Ada\"\nage = 35\nsex = \"female\"\n\
                      height_cm = 168\nmass_kg = 62\n";

/// More readings than these only make the search slower.
const MOST_READINGS: usize = 8;

/// A case of two bytes for the person's size, then readings of four: test, side and protocol, value, error.
fn made_up(bytes: &[u8]) -> Option<Case> {
    let mut case = Case::parse(PERSON, &VOCABULARY).ok()?;
    let (size, readings) = bytes.split_first_chunk::<2>()?;
    let share = |byte: u8| f64::from(byte) / 255.0;
    case.person.height_cm = 120.0 + 90.0 * share(size[0]);
    case.person.mass_kg = (14.0 + 30.0 * share(size[1])) * (case.person.height_cm / 100.0).powi(2);
    let mut found: Vec<Reading> = Vec::new();
    for four in readings.as_chunks::<4>().0.iter().take(MOST_READINGS) {
        let [name, way, value, error] = *four;
        let test = &VOCABULARY.tests[usize::from(name) % VOCABULARY.tests.len()];
        let [low, high] = test.possible;
        let side = Side::BOTH[usize::from(way & 1)];
        let reading = Reading {
            test: test.name.clone(),
            side: test.sides.then_some(side),
            values: vec![low + (high - low) * share(value)],
            // Zero: not told. Else from what a case file may state at the least.
            sem: (error > 0).then(|| 0.01 + (high - low) * share(error - 1) / 4.0),
            protocol: test.protocols.get(usize::from(way >> 1)).cloned(),
            span: 0..0,
            line: 1,
        };
        let same =
            |r: &Reading| (&r.test, r.side, &r.protocol) == (&reading.test, reading.side, &reading.protocol);
        if !found.iter().any(same) {
            found.push(reading);
        }
    }
    let date = Date::new(2026, 3, 2)?;
    case.visits = vec![Visit { date, examiner: None, readings: found, outcomes: Default::default() }];
    Some(case)
}

fn check(fit: &FitResult) {
    for p in &fit.parameters {
        let all = [p.mean, p.low90, p.high90, p.prior_mean, p.prior_sd];
        assert!(all.iter().all(|value| value.is_finite()) && (0.0 < p.low90 || p.unit == "deg") && p.low90 <= p.high90, "{p:?}");
    }
    for t in &fit.tests {
        assert!([t.read, t.predicted, t.sem].iter().all(|value| value.is_finite()) && t.sem > 0.0, "{t:?}");
    }
    for o in &fit.standing {
        assert!([o.mean, o.low90, o.high90].iter().all(|value| value.is_finite()), "{o:?}");
    }
    assert!(fit.next_tests.iter().all(|next| next.reduction.is_finite()), "{:?}", fit.next_tests);
}

fuzz_target!(|bytes: &[u8]| {
    let written = std::str::from_utf8(bytes).ok().and_then(|text| Case::parse(text, &VOCABULARY).ok());
    let Some(case) = written.or_else(|| made_up(bytes)) else { return };
    match guywire::fit::of_case(&REFERENCE, &case, &|_, _, _| {}) {
        Ok(fitted) => check(&fitted.result),
        Err(problem) => assert!(!problem.to_string().contains("NaN"), "{problem}"),
    }
});
