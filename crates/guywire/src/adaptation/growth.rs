//! Growth: bones lengthen first, muscle follows.
//!
//! ```text
//! velocity   v(age) = v_child + (v_peak − v_child) exp(−½ ((age − age_peak) / width)²)     cm a year, 0 once grown;
//!                     after the peak the childhood rate fades with the bell
//! bones      d ln(bone) / dt = v / height
//! lag        τ d(lag)/dt = τ v / height − lag
//! ```
//!
//! `lag` is how far fibres are behind, a logarithm; τ is that of all fibre length: in a steady spurt the lag is `τ v / height`.
//! All bones are taken to grow as the height does (assumed); which child is early or late is for the case to say.

use super::course::after_a_week;
use super::rates::{Rate, Rates};
use crate::case::{Person, Sex};
use serde::Deserialize;

/// Weeks of a year.
const YEAR_WEEKS: f64 = 365.25 / 7.0;

/// Height velocity by age.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Velocity {
    /// Age of the greatest velocity, years.
    pub peak_age: f64,
    /// Greatest velocity, cm a year.
    pub peak_cm_per_year: f64,
    /// Velocity before the spurt, cm a year.
    pub childhood_cm_per_year: f64,
    /// Width of the spurt, years.
    pub width_years: f64,
    /// Age at which growth ends, years.
    pub grown_age: f64,
}

/// Somebody who grows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Growing {
    /// Whether the curve of boys is taken.
    pub is_male: bool,
    /// Age, years.
    pub age: f64,
    /// Height, cm.
    pub height_cm: f64,
}

impl Velocity {
    /// What is wrong with the numbers.
    pub(super) fn wrong(&self) -> Option<&'static str> {
        let Self { peak_age, peak_cm_per_year, childhood_cm_per_year, width_years, grown_age } = *self;
        let all = [peak_age, peak_cm_per_year, childhood_cm_per_year, width_years, grown_age];
        if !all.iter().all(|x| x.is_finite() && *x > 0.0) {
            Some("expected positive numbers")
        } else if peak_cm_per_year < childhood_cm_per_year || grown_age < peak_age {
            Some("expected a peak above the childhood rate, before growth ends")
        } else {
            None
        }
    }

    /// Velocity at an age, cm a year.
    pub fn at(&self, age: f64) -> f64 {
        if age >= self.grown_age {
            return 0.0;
        }
        let off = (age - self.peak_age) / self.width_years;
        let bell = libm::exp(-0.5 * off * off);
        let childhood = self.childhood_cm_per_year * if age < self.peak_age { 1.0 } else { bell };
        childhood + (self.peak_cm_per_year - self.childhood_cm_per_year) * bell
    }
}

impl Growing {
    /// A person who still grows; none for who is grown.
    pub fn of(person: &Person, rates: &Rates) -> Option<Self> {
        let is_male = matches!(person.sex, Sex::Male);
        let growing = Self { is_male, age: person.age, height_cm: person.height_cm };
        (rates.velocity(is_male).at(growing.age) > 0.0).then_some(growing)
    }

    /// How fast bones lengthen now, share a week.
    pub fn per_week(&self, rates: &Rates) -> f64 {
        rates.velocity(self.is_male).at(self.age) / self.height_cm / YEAR_WEEKS
    }

    /// A week later.
    pub(super) fn week(&mut self, rates: &Rates) {
        let longer = self.per_week(rates);
        self.height_cm *= libm::exp(longer);
        self.age += 1.0 / YEAR_WEEKS;
    }
}

/// How far fibres are behind after a week in which bones lengthen by a share.
pub(super) fn lag(now: f64, longer: f64, rates: &Rates) -> f64 {
    let weeks = rates[Rate::LengthWeeks];
    after_a_week(now, weeks * longer, weeks)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adaptation::KnownRates;

    #[test]
    fn children_grow_fastest_at_their_peak_and_then_stop() {
        let rates = KnownRates::read().unwrap().median();
        let mut boy = Growing { is_male: true, age: 8.0, height_cm: 128.0 };
        let (mut fastest, mut at) = (0.0, 0.0);
        while boy.age < 20.0 {
            let velocity = boy.per_week(&rates) * boy.height_cm * YEAR_WEEKS;
            if velocity > fastest {
                (fastest, at) = (velocity, boy.age);
            }
            boy.week(&rates);
        }
        assert!((fastest - 9.5).abs() < 1e-3 && (at - 13.5).abs() < 0.02, "{fastest} at {at}");
        assert_eq!(boy.per_week(&rates), 0.0);
        // Men are 176 to 178 cm tall; boys of 8 are 128 (CDC growth charts, recalled).
        assert!((170.0..184.0).contains(&boy.height_cm), "{}", boy.height_cm);
    }

    #[test]
    fn the_grown_do_not_grow() {
        let rates = KnownRates::read().unwrap().median();
        let person = |age: f64| Person {
            name: "somebody".to_owned(),
            age,
            sex: Sex::Female,
            height_cm: 160.0,
            mass_kg: 50.0,
            pelvic_incidence_deg: None,
            segments: Default::default(),
        };
        assert_eq!(Growing::of(&person(30.0), &rates), None);
        let girl = Growing { is_male: false, age: 12.0, height_cm: 160.0 };
        assert_eq!(Growing::of(&person(12.0), &rates), Some(girl));
    }

    /// In a steady spurt fibres follow at a fixed distance.
    #[test]
    fn fibres_lag_by_their_own_time() {
        let rates = KnownRates::read().unwrap().median();
        let longer = 0.001;
        let behind = (0..100).fold(0.0, |now, _| lag(now, longer, &rates));
        assert!((behind - rates[Rate::LengthWeeks] * longer).abs() < 1e-12);
    }
}
