//! When a dose goes up, stays, goes down or stops by what a diary says (`[dose_rules]` of `data/exercises.toml`).

use super::library::Dose;
use serde::Deserialize;

/// The numbers of the rules.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DoseRules {
    /// More pain than this during an exercise, of 10, stops everything.
    pub stop_above_pain: f64,
    /// Pain up to this, of 10, does not keep a dose from going up.
    pub raise_up_to_pain: f64,
    /// Days that a dose is done and written down before it goes up.
    pub raise_after_days: u16,
    /// Share of the sessions that must have been done.
    pub raise_share_done: f64,
    /// More sore days than these lower a dose.
    pub lower_above_sore_days: f64,
    /// One step, a share of the range of a dose.
    pub step: f64,
    /// Key of `[source]`.
    pub source: String,
    /// Which of the numbers no source gives.
    pub assumed: Vec<String>,
}

impl DoseRules {
    pub(super) fn check(&self) -> Result<(), String> {
        let pain = 0.0..=10.0;
        if !(pain.contains(&self.raise_up_to_pain) && pain.contains(&self.stop_above_pain)) {
            return Err("pain is a number from 0 to 10".into());
        }
        if self.raise_up_to_pain > self.stop_above_pain {
            return Err("a dose goes up at more pain than that at which it stops".into());
        }
        let shares = [self.raise_share_done, self.step];
        if shares.iter().any(|share| !(*share > 0.0 && *share <= 1.0)) {
            return Err("`raise_share_done` and `step` are shares above 0, 1 at most".into());
        }
        if !(self.lower_above_sore_days >= 0.0 && self.raise_after_days > 0) {
            return Err("days are no less than 0, and a dose is done for one at least".into());
        }
        Ok(())
    }

    /// The rules in words, from more to none.
    pub fn in_words(&self) -> [String; 4] {
        let Self { stop_above_pain: stop, raise_up_to_pain: calm, lower_above_sore_days: sore, .. } = self;
        let (days, share) = (self.raise_after_days, 100.0 * self.raise_share_done);
        [
            format!(
                "More (one step of the dose, not above its range): {days} days in which at least {share:.0} % of the sessions were \
                 done, pain during them never above {calm} of 10 and no worse the next morning, no muscle sore for more than \
                 {sore} days and nothing new, all of it written down."
            ),
            format!(
                "Keep on: pain above {calm} and up to {stop} of 10 during an exercise that is no worse the next morning, fewer \
                 sessions or days than that, or something not written down."
            ),
            format!(
                "Less (one step back; below its range, leave it out): pain that is worse the next morning, or a session that left a \
                 muscle sore for more than {sore} days."
            ),
            format!(
                "Stop and ask: pain above {stop} of 10, pain or numbness that moves further down the leg, or anything new that \
                 `guywire screen` asks about."
            ),
        ]
    }
}

impl Dose {
    /// The next place in its range, one or more steps on, at which it is another dose; none at its end.
    pub fn stepped(&self, share: f64, step: f64) -> Option<f64> {
        if share.is_nan() {
            return None;
        }
        let now = self.narrowed(share);
        let mut at = share.clamp(0.0, 1.0);
        loop {
            let next = (at + step).clamp(0.0, 1.0);
            if next == at {
                return None;
            }
            at = next;
            if self.narrowed(at) != now {
                return Some(at);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exercise::Library;

    fn dose(sets: [f64; 2], per_week: [f64; 2]) -> Dose {
        let reps = Some([10.0, 10.0]);
        Dose { hold_s: None, minutes: None, sets: Some(sets), reps, per_week, source: "acsm2011".into() }
    }

    #[test]
    fn a_step_is_another_dose_and_never_out_of_the_range() {
        let wide = dose([2.0, 6.0], [3.0, 7.0]);
        assert_eq!(wide.stepped(0.5, 0.25), Some(0.75));
        assert_eq!(wide.stepped(0.5, -0.25), Some(0.25));
        assert_eq!(wide.stepped(0.8, 0.25), Some(1.0));
        assert_eq!(wide.stepped(0.9, 0.25), None, "the most already, in whole sets and sessions");
        assert_eq!((wide.stepped(1.0, 0.25), wide.stepped(0.0, -0.25)), (None, None));
        // Nobody does a quarter of a set more: steps go on until something changes.
        let narrow = dose([2.0, 3.0], [3.0, 3.0]);
        assert_eq!(narrow.stepped(0.0, 0.25), Some(0.5));
        assert_eq!(narrow.stepped(1.0, -0.25), Some(0.25));
        assert_eq!(dose([2.0, 2.0], [3.0, 3.0]).stepped(0.5, 0.25), None, "no range");
        for share in [f64::NAN, f64::INFINITY, -3.0] {
            assert!(wide.stepped(share, 0.25).is_none_or(|at| (0.0..=1.0).contains(&at)), "{share}");
        }
    }

    #[test]
    fn the_words_hold_the_numbers_of_the_data() {
        let library = Library::read().unwrap();
        let rules = &library.dose_rules;
        let [more, keep, less, stop] = rules.in_words();
        assert!(more.contains(&format!("{} days", rules.raise_after_days)), "{more}");
        assert!(more.contains(&format!("above {} of 10", rules.raise_up_to_pain)), "{more}");
        let between = format!("above {} and up to {} of 10", rules.raise_up_to_pain, rules.stop_above_pain);
        assert!(keep.contains(&between), "{keep}");
        assert!(less.contains(&format!("more than {} days", rules.lower_above_sore_days)), "{less}");
        let most = format!("pain above {} of 10", rules.stop_above_pain);
        assert!(stop.contains(&most), "{stop}");
        assert!(library.general.stop_rules[0].starts_with(&most), "{:?}", library.general.stop_rules);
        assert!(library.source(&rules.source).is_some());
    }

    #[test]
    fn rules_that_cannot_be_are_refused() {
        let rules = Library::read().unwrap().dose_rules;
        let wrong = |change: &dyn Fn(&mut DoseRules)| {
            let mut rules = rules.clone();
            change(&mut rules);
            rules.check().is_err()
        };
        assert!(rules.check().is_ok());
        assert!(wrong(&|r| r.stop_above_pain = 11.0) && wrong(&|r| r.raise_up_to_pain = 6.0));
        assert!(
            wrong(&|r| r.step = 0.0) && wrong(&|r| r.step = f64::NAN) && wrong(&|r| r.raise_share_done = 1.1)
        );
        assert!(wrong(&|r| r.lower_above_sore_days = -1.0) && wrong(&|r| r.raise_after_days = 0));
    }
}
