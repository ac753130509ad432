//! `[[diary]]`: what it accepts, what it refuses and in which words.

use crate::{read_with, refused_with};
use guywire::case::{DiaryEntry, NextMorning};
use guywire::side::Side;

fn diary(text: &str) -> Vec<DiaryEntry> {
    read_with(text).diary
}

#[test]
fn entries_are_read_and_what_is_absent_stays_unknown() {
    let diary = diary(
        "[[diary]]\ndate = 2026-03-09\ndone = 3\n\
         [[diary]]\ndate = 2026-03-09\nexercise = \"strap_hamstring\"\nside = \"left\"\ndone = 2\nplanned = 4\n\
         pain_during = 2.5\npain_next_morning = \"same\"\nsore_days = 0\nnew_sign = false",
    );
    let [all, strap] = &diary[..] else { panic!("two entries") };
    assert_eq!((all.done, all.line, all.exercise.as_deref()), (3.0, 8, None));
    assert_eq!((all.planned, all.pain_during, all.sore_days, all.new_sign), (None, None, None, None));
    assert_eq!(all.pain_next_morning, None);
    assert_eq!((strap.side, strap.planned, strap.pain_during), (Some(Side::Left), Some(4.0), Some(2.5)));
    assert_eq!((strap.pain_next_morning, strap.new_sign), (Some(NextMorning::Same), Some(false)));
    assert!(all.is_about("squat", None) && !strap.is_about("squat", None));
    assert!(strap.is_about("strap_hamstring", None) && !strap.is_about("strap_hamstring", Some(Side::Right)));
}

#[test]
fn wrong_entries_are_refused_with_the_place_and_what_was_expected() {
    let one = |entry: &str| refused_with(&format!("[[diary]]\n{entry}"));
    let given = |more: &str| one(&format!("date = 2026-03-09\ndone = 3\n{more}"));
    assert_eq!(
        given("exercise = \"strap_hamstrin\""),
        ":11:12: there is no exercise `strap_hamstrin`; did you mean `strap_hamstring`?"
    );
    assert!(given("exercise = \"headstand\"").contains("`guywire exercise --list` names them all"));
    assert!(
        given("pain_during = 11").starts_with(":11:15: `pain_during` is 11; it must lie between 0 and 10")
    );
    assert!(given("pain_during = nan").contains("must be a finite number"));
    assert!(given("pain_during = \"little\"").contains("a number without quotes"));
    assert!(given("pain_next_morning = \"more\"").contains("did you mean `worse`?"));
    assert!(given("pain_next_morning = true").contains("must be \"better\", \"same\" or \"worse\""));
    assert!(given("sore_days = -1").contains("`sore_days` is -1"));
    assert!(given("new_sign = 0").contains("must be `true` or `false`"));
    assert!(given("side = \"middle\"").contains("`side` cannot be \"middle\""));
    assert!(given("pain = 3").contains("there is no field `pain` in `[[diary]]`"));
    assert!(given("planned = 2.5").contains("`planned` must be a whole number of sessions"));
    assert!(one("date = 2026-03-09").contains("`done` is missing from `[[diary]]`"));
    assert!(one("done = 3").contains("`date` is missing from `[[diary]]`"));
    assert!(one("date = 2026-03-09\ndone = 101").contains("`done` is 101; it must lie between 0 and 100"));
    assert!(one("date = 2026-11-22\ndone = 3").contains("lies in the future"));
    assert!(one("date = 1926-03-09\ndone = 3").contains("before 1950-01-01"));
    assert!(one("date = \"9 March\"\ndone = 3").contains("year-month-day"));
    assert!(refused_with("[diary]\ndate = 2026-03-09\ndone = 3").contains("two brackets"));
    assert!(refused_with("sore_days = 3").contains("it belongs in a `[[diary]]`"));
}

#[test]
fn entries_stand_in_the_order_of_their_days_each_once() {
    let entry = |day: &str, more: &str| format!("[[diary]]\ndate = {day}\ndone = 1\n{more}\n");
    let text = entry("2026-03-09", "") + &entry("2026-03-08", "");
    assert!(
        refused_with(&text)
            .starts_with(":12:1: the entry of 2026-03-08 stands after that of 2026-03-09; entries"),
        "{}",
        refused_with(&text)
    );
    let text = entry("2026-03-09", "") + &entry("2026-03-09", "pain_during = 3");
    assert!(
        refused_with(&text).contains("there are two entries of 2026-03-09 about all exercises; write one")
    );
    let squat = "exercise = \"squat\"";
    let text = entry("2026-03-09", squat) + &entry("2026-03-09", squat);
    assert!(refused_with(&text).contains("two entries of 2026-03-09 about squat"), "{}", refused_with(&text));
    // One wrong entry hides nothing of the others.
    let text = entry("2026-03-09", "") + &entry("2026-03-09", "pain_during = 30") + &entry("2026-03-07", "");
    assert_eq!(refused_with(&text).lines().count(), 2, "{}", refused_with(&text));
}
