//! A plan: what to do, how sure it is to reach its goals, and what else was looked at.

use super::ForecastResult;
use serde::{Deserialize, Serialize};

/// A plan: what `guywire plan --json` prints.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlanResult {
    /// The goals, as they were understood.
    pub goals: Vec<GoalResult>,
    /// Weeks until the goals are asked for.
    pub weeks: usize,
    /// Bodies over which what an exercise, an order or an hour does is told.
    pub judges: usize,
    /// The probability with which they shall be reached together.
    pub asked_probability: f64,
    /// The probability with which they are, over the bodies that the tests allow and what is not known of the rates.
    pub probability: f64,
    /// Whether that is enough.
    pub reached: bool,
    /// What to do; at most four exercises.
    pub exercises: Vec<PlannedExercise>,
    /// Minutes a week, all of it.
    pub minutes_a_week: f64,
    /// What one exercise more would add, if one would.
    pub one_more: Option<OneMore>,
    /// Release, stretch and strengthening in different orders, each block a third of the time.
    pub orders: Vec<OrderResult>,
    /// What an hour a week of something else instead is worth.
    pub habits: Vec<HabitWorth>,
    /// When to measure again.
    pub retests: Vec<Retest>,
    /// Exercises that were left out, and why.
    pub left_out: Vec<LeftOutExercise>,
    /// What there is to exercise with, by name, where that is known.
    pub equipment: Option<Vec<String>>,
    /// When to do more, keep on, or stop.
    pub rules: Vec<String>,
    /// What the plan does, week by week.
    pub forecast: ForecastResult,
}

impl PlanResult {
    /// What is said of a plan of no exercises.
    pub fn without_exercises(&self) -> Option<&'static str> {
        self.exercises.is_empty().then_some(match self.reached {
            true => "Nothing has to be done for it.",
            false => "No exercise that may be done brings it nearer.",
        })
    }
}

/// A goal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GoalResult {
    /// As it was asked for.
    pub asked: String,
    /// The number that it is about.
    pub quantity: String,
    /// In words.
    pub label: String,
    /// Its unit.
    pub unit: String,
    /// Whether it shall be at least `target`, or at most.
    pub at_least: bool,
    /// What shall be reached by the most probable body.
    pub target: f64,
    /// Now: low, median, high.
    pub now: [f64; 3],
    /// At the end: low, median, high.
    pub end: [f64; 3],
    /// Probability of this goal by itself.
    pub probability: f64,
    /// What is reached with the probability that was asked for: the nearest goal that can be promised.
    pub within_reach: f64,
}

/// An exercise of a plan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlannedExercise {
    /// Its name.
    pub exercise: String,
    /// In words.
    pub title: String,
    /// What it is done for.
    pub kind: String,
    /// `left`, `right` or `both`.
    pub side: String,
    /// How much, in words, on each side that does it.
    pub dose: String,
    /// Where in the range of its dose: 0 is the least, 1 the most.
    pub dose_share: f64,
    /// Sessions a week; where both sides do it, one after the other in the same session.
    pub sessions_per_week: f64,
    /// Minutes a week.
    pub minutes_a_week: f64,
    /// What it cannot be done without.
    pub needs: Vec<String>,
    /// What it adds to each goal's number, in the order of the goals: what is lacking without it. Low, median, high.
    pub adds: Vec<[f64; 3]>,
    /// What nobody asked about that would speak against it.
    pub to_ask: Vec<String>,
}

/// An exercise that could be done as well.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OneMore {
    /// Its name.
    pub exercise: String,
    /// In words.
    pub title: String,
    /// `left`, `right` or `both`.
    pub side: String,
    /// Minutes a week.
    pub minutes_a_week: f64,
    /// What it adds to each goal's number: low, median, high.
    pub adds: Vec<[f64; 3]>,
}

/// An order of doing things.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OrderResult {
    /// In words.
    pub order: String,
    /// What each goal's number changes by until the end: low, median, high.
    pub changes: Vec<[f64; 3]>,
}

/// Something done for an hour a week instead of something else.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HabitWorth {
    /// What is done less.
    pub instead_of: String,
    /// What is done more.
    pub activity: String,
    /// What an hour a week changes of each goal's number by the end: low, median, high.
    pub an_hour_changes: Vec<[f64; 3]>,
}

/// When a test tells something.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Retest {
    /// The number.
    pub quantity: String,
    /// In words.
    pub label: String,
    /// Week in which the median has changed by more than the smallest change that is no error; the end, if none has.
    pub week: usize,
    /// What it reads now, median.
    pub now: f64,
    /// What it should read then: low, median, high.
    pub expected: [f64; 3],
    /// Unit.
    pub unit: String,
    /// What another reading would say.
    pub otherwise: String,
}

/// An exercise that is no part of any plan for this person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOutExercise {
    /// Its name.
    pub exercise: String,
    /// Why.
    pub why: String,
}
