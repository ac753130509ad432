//! `[[week]]`: what it accepts, what it refuses and in which words.

use crate::{read_with, refused_with};
use guywire::case::Habit;
use guywire::side::Side;

fn week(text: &str) -> Vec<Habit> {
    read_with(text).week
}

#[test]
fn hours_and_repetitions_are_read() {
    let week = week(
        "[[week]]\nactivity = \"sitting_relaxed\"\nhours = 38\n\
         [[week]]\nactivity = \"stairs_up\"\nrepetitions = 360\nlead = \"left\"\n\
         [[week]]\nactivity = \"stairs_up\"\nhours = 0.5",
    );
    let [sitting, led, stairs] = &week[..] else { panic!("three habits") };
    assert_eq!((sitting.activity.as_str(), sitting.hours, sitting.lead), ("sitting_relaxed", 38.0, None));
    assert_eq!((led.repetitions, led.lead), (Some(360.0), Some(Side::Left)));
    assert!((led.hours - 360.0 * 0.7 / 3600.0).abs() < 1e-12, "seven tenths of a second a step");
    assert_eq!((stairs.repetitions, stairs.hours), (None, 0.5));
    assert_eq!(sitting.line, 8, "the line of its header");
}

#[test]
fn impossible_weeks_are_refused_with_the_place_and_the_nearest_name() {
    let one = |entry: &str| refused_with(&format!("[[week]]\n{entry}"));
    assert_eq!(
        one("activity = \"siting_relaxed\"\nhours = 3"),
        ":9:12: there is no activity `siting_relaxed`; did you mean `sitting_relaxed`?"
    );
    assert!(one("activity = \"walking\"\nhours = -1").starts_with(":10:9: `hours` is -1 hours; it must lie"));
    assert!(one("activity = \"walking\"\nhours = nan").starts_with(":10:9: `hours` must be a finite number"));
    assert!(one("activity = \"walking\"\nhours = 200").contains("must lie between 0 and 168 hours"));
    assert_eq!(
        one("activity = \"walking\"\nhours = 2\nlead = \"left\""),
        ":11:1: `lead` does not belong to `walking`: no leg of it goes first"
    );
    assert_eq!(
        one("activity = \"walking\"\nrepetitions = 2"),
        ":10:1: `repetitions` does not belong to `walking`: it is told in `hours`"
    );
    assert!(one("activity = \"stairs_up\"").contains("`repetitions` is missing from `[[week]]`"));
    assert!(one("hours = 3").contains("`activity` is missing from `[[week]]`"));
    assert!(one("activity = \"stairs_up\"\nrepetitions = 3\nhours = 1").contains("not in both"));
    assert!(refused_with("[week]\nactivity = \"walking\"\nhours = 3").contains("two brackets"));
    assert!(refused_with("hours = 3").contains("it belongs in a `[[week]]`"));
    let long =
        "[[week]]\nactivity = \"walking\"\nhours = 100\n[[week]]\nactivity = \"standing\"\nhours = 100";
    assert!(
        refused_with(long).contains("the activities of the week take 200 hours together; a week has 168")
    );
}
