//! Goals: `thomas.left>=0`, `discs.L5/S1.posterior_stress-10%`.
//!
//! ```text
//! goal     = quantity (">=" | "<=") number        what shall be read
//!          | quantity ("-" | "+") number "%"      how much less or more than now
//! quantity = the name of a number that can be followed, or how it begins; `.left` or `.right` last
//! ```

use super::PlanError;
use crate::case::nearest;
use crate::forecast::Number;

/// What shall be reached.
#[derive(Clone, Debug, PartialEq)]
pub struct Goal {
    /// As it was written.
    pub text: String,
    /// What is before the sign.
    pub asked: String,
    /// What shall be reached.
    pub aim: Aim,
}

/// How a goal says what shall be reached.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Aim {
    /// So much or more.
    AtLeast(f64),
    /// So much or less.
    AtMost(f64),
    /// A factor on what is now: below 1 or less of it, above 1 or more.
    Factor(f64),
}

impl Goal {
    /// Reads a goal.
    ///
    /// # Errors
    /// When it is none, with what was expected.
    pub fn read(text: &str) -> Result<Self, PlanError> {
        let wrong = |why: &str| PlanError::Goal { text: text.to_owned(), why: why.to_owned() };
        let number = |words: &str| -> Result<f64, PlanError> {
            let value: f64 = words.trim().parse().map_err(|_| wrong("expected a number after the sign"))?;
            if value.is_finite() { Ok(value) } else { Err(wrong("expected a finite number after the sign")) }
        };
        let goal =
            |asked: &str, aim: Aim| Self { text: text.to_owned(), asked: asked.trim().to_owned(), aim };
        if let Some((asked, value)) = text.split_once(">=") {
            return Ok(goal(asked, Aim::AtLeast(number(value)?)));
        }
        if let Some((asked, value)) = text.split_once("<=") {
            return Ok(goal(asked, Aim::AtMost(number(value)?)));
        }
        let expected =
            "expected `QUANTITY>=NUMBER`, `QUANTITY<=NUMBER`, `QUANTITY-NUMBER%` or `QUANTITY+NUMBER%`";
        let share = text.trim().strip_suffix('%').ok_or_else(|| wrong(expected))?;
        let (at, sign) =
            share.rfind(['-', '+']).map(|at| (at, &share[at..=at])).ok_or_else(|| wrong(expected))?;
        let by = number(&share[at + 1..])? / 100.0;
        if !(by > 0.0 && (by < 1.0 || sign == "+")) {
            return Err(wrong("expected more than 0 % and, of less, below 100 %"));
        }
        let factor = if sign == "-" { 1.0 - by } else { 1.0 + by };
        Ok(goal(&share[..at], Aim::Factor(factor)))
    }

    /// Which of the numbers it is about: the first whose name is what was asked, or begins so.
    ///
    /// # Errors
    /// When none does, with the nearest.
    pub fn find(&self, numbers: &[Number]) -> Result<usize, PlanError> {
        let (stem, side) = match self.asked.rsplit_once('.') {
            Some((stem, side @ ("left" | "right"))) => (stem, Some(side)),
            _ => (self.asked.as_str(), None),
        };
        let begins = |number: &Number| {
            let own = number.quantity.rsplit_once('.').filter(|(_, side)| matches!(*side, "left" | "right"));
            match (own, side) {
                (Some((own, of)), Some(side)) => own.starts_with(stem) && of == side,
                (None, None) => number.quantity.starts_with(stem),
                _ => false,
            }
        };
        let exact = numbers.iter().position(|n| n.quantity == self.asked);
        exact.or_else(|| numbers.iter().position(begins)).ok_or_else(|| {
            let names: Vec<&str> = numbers.iter().map(|n| n.quantity.as_str()).collect();
            // The first word of a name with its side is a name too.
            let short =
                |name: &&str| Some(format!("{}.{}", name.split_once('_')?.0, name.rsplit_once('.')?.1));
            let short: Vec<String> = names.iter().filter_map(short).collect();
            let all = names.iter().copied().chain(short.iter().map(String::as_str));
            let why = match nearest(&self.asked, all) {
                Some(name) => format!("there is no number `{}`; did you mean `{name}`?", self.asked),
                None => format!("there is no number `{}`; there are {}", self.asked, names.join(", ")),
            };
            PlanError::Goal { text: self.text.clone(), why }
        })
    }
}

impl Aim {
    /// What a body shall reach that reads `now`, and whether it shall be at least that.
    pub fn target(self, now: f64) -> (f64, bool) {
        match self {
            Self::AtLeast(value) => (value, true),
            Self::AtMost(value) => (value, false),
            // Less of a negative number is nearer to zero.
            Self::Factor(factor) => (now * factor, (factor > 1.0) == (now > 0.0)),
        }
    }

    /// Whether a body that reads `now` has reached it with `end`.
    pub fn is_met(self, now: f64, end: f64) -> bool {
        let (target, at_least) = self.target(now);
        if at_least { end >= target } else { end <= target }
    }
}

/// Two goals that no body can reach together.
pub fn contradiction<'g>(goals: &'g [Goal], found: &[usize]) -> Option<(&'g Goal, &'g Goal)> {
    for (i, one) in goals.iter().enumerate() {
        for (k, other) in goals.iter().enumerate() {
            if let (true, Aim::AtLeast(least), Aim::AtMost(most)) = (found[i] == found[k], one.aim, other.aim)
                && least > most
            {
                return Some((one, other));
            }
            if let (true, Aim::Factor(less), Aim::Factor(more)) = (found[i] == found[k], one.aim, other.aim)
                && less < 1.0
                && more > 1.0
            {
                return Some((one, other));
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::results::SeriesKind;

    fn numbers() -> Vec<Number> {
        let names =
            ["thomas_hip_extension.left", "thomas_hip_extension.right", "discs.L5/S1.posterior_stress_mpa"];
        let number = |name: &&str| Number {
            quantity: (*name).to_owned(),
            label: String::new(),
            kind: SeriesKind::Test,
            unit: String::new(),
        };
        names.iter().map(number).collect()
    }

    #[test]
    fn goals_are_read() {
        let goal = Goal::read("thomas.left>=0").unwrap();
        assert_eq!((goal.aim, goal.find(&numbers()).unwrap()), (Aim::AtLeast(0.0), 0));
        let goal = Goal::read("discs.L5/S1.posterior_stress-10%").unwrap();
        assert_eq!((goal.aim, goal.find(&numbers()).unwrap()), (Aim::Factor(0.9), 2));
        assert_eq!(Goal::read("thomas_hip_extension.right <= -3.5").unwrap().aim, Aim::AtMost(-3.5));
        let why = |text: &str| Goal::read(text).unwrap_err().to_string();
        assert!(why("thomas.left").contains("expected `QUANTITY>=NUMBER`"));
        assert!(why("thomas.left>=much").contains("expected a number"));
        assert!(why("thomas.left-120%").contains("below 100 %"));
        assert!(why("thomas.left>=inf").contains("finite"));
        let unknown = Goal::read("tomas.left>=0").unwrap().find(&numbers()).unwrap_err().to_string();
        assert!(
            unknown.contains("there is no number `tomas.left`; did you mean `thomas.left`?"),
            "{unknown}"
        );
        let unknown = Goal::read("weight<=60").unwrap().find(&numbers()).unwrap_err().to_string();
        assert!(unknown.contains("there are thomas_hip_extension.left, "), "{unknown}");
    }

    #[test]
    fn less_of_a_negative_number_is_nearer_to_zero() {
        assert_eq!(Aim::Factor(0.9).target(-10.0), (-9.0, true));
        assert_eq!(Aim::Factor(0.9).target(10.0), (9.0, false));
        assert_eq!(Aim::Factor(1.1).target(10.0), (11.0, true));
        assert!(Aim::AtLeast(0.0).is_met(-5.0, 0.0) && !Aim::AtLeast(0.0).is_met(-5.0, -0.1));
    }

    #[test]
    fn contradictions_are_found() {
        let goals = ["a>=3", "a<=2"].map(|text| Goal::read(text).unwrap());
        assert!(contradiction(&goals, &[0, 0]).is_some());
        assert!(contradiction(&goals, &[0, 1]).is_none());
    }
}
