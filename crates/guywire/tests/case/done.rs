//! `[[done]]`: what it accepts, what it refuses and in which words.

use crate::{read_with, refused_with};
use guywire::case::DoneExercise;
use guywire::side::Side;

fn done(text: &str) -> Vec<DoneExercise> {
    read_with(text).done
}

#[test]
fn what_was_done_is_read() {
    let found = done(
        "[[done]]\nexercise = \"strap_hamstring\"\nside = \"left\"\ndose = 1\nfrom = 2026-01-05\n\
         until = 2026-03-01\nadherence = 0.8\n\
         [[done]]\nexercise = \"bridge\"\nfrom = 2026-01-05",
    );
    let [stretch, bridge] = &found[..] else { panic!("two exercises") };
    assert_eq!(
        (stretch.exercise.as_str(), stretch.side, stretch.dose),
        ("strap_hamstring", Some(Side::Left), 1.0)
    );
    assert_eq!(stretch.from.to_string(), "2026-01-05");
    assert_eq!(stretch.until.map(|day| day.to_string()).as_deref(), Some("2026-03-01"));
    assert_eq!((stretch.adherence, stretch.line), (0.8, 8));
    assert_eq!((bridge.side, bridge.dose, bridge.until, bridge.adherence), (None, 0.5, None, 1.0));
}

#[test]
fn what_cannot_have_been_done_is_refused_with_its_place() {
    let one = |entry: &str| refused_with(&format!("[[done]]\n{entry}"));
    let strap = "exercise = \"strap_hamstring\"\nfrom = 2026-01-05";
    let misspelt = one("exercise = \"strap_hamstrings\"\nfrom = 2026-01-05");
    assert_eq!(misspelt, ":9:12: there is no exercise `strap_hamstrings`; did you mean `strap_hamstring`?");
    assert_eq!(
        one(&format!("{strap}\nuntil = 2026-01-04")),
        ":11:9: `until` = 2026-01-04 lies before `from` = 2026-01-05; the days are the first and the last on which it was done"
    );
    assert!(one(&format!("{strap}\nuntil = 2027-01-04")).contains("`until` = 2027-01-04 lies in the future"));
    let often = one(&format!("{strap}\nadherence = 80"));
    assert!(often.starts_with(":11:13: `adherence` is 80; it must lie between 0 and 1"), "{often}");
    assert!(often.ends_with("if this is in per cent, write `adherence = 0.8`"), "{often}");
    assert!(one(&format!("{strap}\ndose = nan")).contains("`dose` must be a finite number"));
    assert!(one("exercise = \"strap_hamstring\"").contains("`from` is missing from `[[done]]`; for example"));
    assert!(one("from = 2026-01-05").contains("`exercise` is missing from `[[done]]`"));
    assert_eq!(
        one("exercise = \"bridge\"\nfrom = 2026-01-05\nside = \"left\""),
        ":11:1: `side` does not belong to `bridge`: both sides do it at once"
    );
    assert!(refused_with("[done]\nexercise = \"bridge\"").contains("two brackets"));
    assert!(refused_with("adherence = 0.5").contains("it belongs in a `[[done]]`"));
}
