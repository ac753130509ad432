//! Where a number lies over the bodies that a person may have.

use guywire::results::{Quantiles, Spread};

/// The ends of an interval, written as the number is; nothing where there is none.
pub(super) fn between(range: Option<&Quantiles>, written: impl Fn(f64) -> String) -> String {
    range.map_or_else(String::new, |r| format!("{} to {}", written(r.low90), written(r.high90)))
}

/// A number, and its interval in brackets.
pub(super) fn with(value: f64, range: Option<&Quantiles>, written: impl Fn(f64) -> String) -> String {
    match range {
        Some(_) => format!("{} ({})", written(value), between(range, &written)),
        None => written(value),
    }
}

/// Whose the intervals are, as a sentence that begins with where they stand.
pub(super) fn whose(place: &str, spread: Option<&Spread>) -> String {
    let Some(Spread { solved, unsolved, .. }) = spread else {
        return "No body that this person may have besides the most probable one was solved: there are no intervals.\n".to_owned();
    };
    let all = solved + unsolved;
    let lost = match unsolved {
        0 => String::new(),
        lost => format!(
            "{lost} of {all} such bodies find no balance in it: the intervals are those of the others.\n"
        ),
    };
    format!("{place} where nine in ten of {solved} bodies lie that this person may have.\n{lost}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::{fixed, signed};

    #[test]
    fn an_interval_is_written_as_its_number() {
        let range = Quantiles { quantity: String::new(), low90: -1.26, median: 0.0, high90: 2.0 };
        assert_eq!(with(0.4, Some(&range), |v| signed(v, 1)), "+0.4 (-1.3 to +2.0)");
        assert_eq!(between(Some(&range), |v| fixed(v, 0)), "-1 to 2");
        assert_eq!(
            (with(0.4, None, |v| fixed(v, 1)), between(None, |v| fixed(v, 1))),
            ("0.4".into(), "".into())
        );
    }

    #[test]
    fn lost_bodies_are_told() {
        let spread = |unsolved| Spread { solved: 57, unsolved, quantities: Vec::new(), outlines: Vec::new() };
        let told = whose("In brackets", Some(&spread(3)));
        assert!(told.starts_with("In brackets where nine in ten of 57 bodies lie"), "{told}");
        assert!(told.contains("3 of 60 such bodies find no balance"), "{told}");
        assert!(!whose("Below", Some(&spread(0))).contains("no balance"));
        assert!(whose("Below", None).contains("no intervals"));
    }
}
