//! Weeks that are spent otherwise than the person's usual one: part of a programme's file.
//!
//! ```toml
//! [[week]]
//! activity = "football_training"
//! hours = 2.0            # a week, instead of what the case says
//! from_week = 9
//! until_week = 16        # to the end where nothing is said
//! ```

use super::{PlanError, Programme};
use crate::case::{Counted, Habit, nearest};
use crate::forecast::{ForecastError, OtherWeek};
use crate::week::{Activities, HOURS_OF_A_WEEK, Response, Schedule};
use serde::{Deserialize, Serialize};

/// Hours of an activity for some weeks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WeekChange {
    /// The activity's name.
    pub activity: String,
    /// Hours a week, instead of what the case says.
    pub hours: f64,
    /// First week, from 1.
    #[serde(default = "super::prescription::first")]
    pub from_week: usize,
    /// Last week; to the end where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until_week: Option<usize>,
    /// Its line in the file, from 1.
    #[serde(skip)]
    pub line: usize,
}

impl WeekChange {
    fn until(&self) -> usize {
        self.until_week.unwrap_or(usize::MAX)
    }

    fn is_in(&self, week: usize) -> bool {
        (self.from_week..=self.until()).contains(&week)
    }

    /// What is wrong with it beside the ones before, if something is.
    pub(super) fn problem(&self, activities: &Activities, before: &[WeekChange]) -> Option<String> {
        let Ok(activity) = activities.get(&self.activity) else {
            let name = &self.activity;
            return Some(match nearest(name, activities.all().iter().map(|a| a.name.as_str())) {
                Some(meant) => format!("there is no activity `{name}`; did you mean `{meant}`?"),
                None => format!("there is no activity `{name}`; `guywire week --list` names them"),
            });
        };
        if activity.counted() != Counted::Hours {
            return Some(format!(
                "`{}` is counted in repetitions, expected an activity that is counted in hours",
                self.activity
            ));
        }
        if !(0.0..=HOURS_OF_A_WEEK).contains(&self.hours) {
            return Some(format!("`hours` is {}, expected 0 to {HOURS_OF_A_WEEK} a week", self.hours));
        }
        if self.from_week == 0 || self.until() < self.from_week {
            return Some("expected weeks from 1, the last not before the first".to_owned());
        }
        let meets = |other: &&WeekChange| {
            other.activity == self.activity
                && other.from_week <= self.until()
                && self.from_week <= other.until()
        };
        let other = before.iter().find(meets)?;
        Some(format!("`{}` has other hours in the same weeks in line {}", self.activity, other.line))
    }
}

impl Programme {
    /// The weeks that are spent otherwise than `usual`, in their order; `follow` solves one.
    ///
    /// # Errors
    /// When a week would have more hours than there are, or has no solution.
    pub fn other_weeks(
        &self,
        usual: &[Habit],
        follow: impl Fn(&Schedule) -> Result<Response, ForecastError>,
    ) -> Result<Vec<OtherWeek>, PlanError> {
        let activities = Activities::read()?;
        let mut edges: Vec<usize> =
            self.weeks.iter().flat_map(|w| [w.from_week, w.until().saturating_add(1)]).collect();
        edges.sort_unstable();
        edges.dedup();
        let mut list = Vec::new();
        for pair in edges.windows(2) {
            let active: Vec<&WeekChange> = self.weeks.iter().filter(|w| w.is_in(pair[0])).collect();
            if active.is_empty() {
                continue;
            }
            let habits = changed(usual, &active);
            let hours: f64 = habits.iter().map(|habit| habit.hours).sum();
            if let (true, Some(change)) = (hours > HOURS_OF_A_WEEK, active.last()) {
                let why = format!(
                    "week {} would have {hours:.1} hours, expected at most {HOURS_OF_A_WEEK}: say what is done less",
                    pair[0]
                );
                return Err(PlanError::File { line: change.line, why });
            }
            let words: Vec<String> = active
                .iter()
                .map(|change| {
                    let own = usual.iter().filter(|habit| habit.activity == change.activity);
                    let title = activities.get(&change.activity).map_or("", |a| a.title.as_str());
                    let was = own.fold(0.0, |sum, habit| sum + habit.hours);
                    format!("{title}: {} h a week instead of {was}", change.hours)
                })
                .collect();
            let schedule = Schedule::of(&habits, &activities)?;
            let week = follow(&schedule)?;
            let (from, until) = (pair[0], pair[1] - 1);
            list.push(OtherWeek { words: words.join("; "), from, until, schedule, week });
        }
        Ok(list)
    }
}

/// The habits with the hours of some replaced: the first entry of an activity has them all.
fn changed(usual: &[Habit], changes: &[&WeekChange]) -> Vec<Habit> {
    let told = |habit: &Habit| changes.iter().any(|change| change.activity == habit.activity);
    let mut habits: Vec<Habit> = usual.iter().filter(|habit| !told(habit)).cloned().collect();
    for change in changes.iter().filter(|change| change.hours > 0.0) {
        let lead = usual.iter().find(|habit| habit.activity == change.activity).and_then(|habit| habit.lead);
        habits.push(Habit {
            activity: change.activity.clone(),
            hours: change.hours,
            repetitions: None,
            lead,
            span: 0..0,
            line: change.line,
        });
    }
    habits
}
