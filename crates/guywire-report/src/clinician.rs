//! A plan for a clinician: what it rests on, what it does, where its numbers come from, and what they cannot say.

use crate::exercise::{in_percent, most_reached};
use crate::handout::{after, side};
use crate::page::{head, patterns, person};
use crate::{fitted, outlook, screening, words};
use guywire::case::{Date, Person};
use guywire::results::{
    ExerciseResult, FitResult, ForecastResult, GoalResult, PlanResult, PlannedExercise, PositionResult,
    RateSource, Screening, Series,
};
use maud::{DOCTYPE, Markup, html};
use std::collections::BTreeSet;

const PAPER: &str = include_str!("clinician.css");
/// A rate is this person's own where visits took away this share of what is not known of it.
const OWN: f64 = 0.05;
/// What a case may say of a condition, as a clinician reads it.
const FOUND: [(&str, &str); 4] = [
    ("yes", "Speaks against it"),
    ("heed", "Take care"),
    ("not_asked", "Not asked"),
    ("no", "Answered with no"),
];

/// What a plan rests on.
#[derive(Clone, Copy, Debug)]
pub struct Behind<'r> {
    /// What the readings of the visits say of the tissue; none where there are none.
    pub fit: Option<&'r FitResult>,
    /// In the order of the plan's exercises, each with its poses.
    pub exercises: &'r [(ExerciseResult, Vec<PositionResult>)],
    /// Everybody's rates, and where they come from.
    pub rates: &'r [RateSource],
    /// What the body leaves out.
    pub limits: &'r [String],
    /// The first day, so that weeks have dates.
    pub start: Option<Date>,
}

/// What is printed.
pub(crate) struct Page<'p> {
    pub(crate) person: &'p Person,
    pub(crate) screening: &'p Screening,
    pub(crate) plan: &'p PlanResult,
    pub(crate) behind: Behind<'p>,
}

impl Page<'_> {
    pub(crate) fn page(&self) -> Markup {
        let Self { person: of, plan, .. } = self;
        html! {
            (DOCTYPE)
            html lang="en" {
                (head(&format!("For the clinician: {}", of.name), "light dark", PAPER))
                body class="clinician" {
                    (patterns())
                    header {
                        p class="kicker" { "guywire · a plan of " (plan.weeks) " weeks, for the clinician" }
                        h1 { (of.name) }
                        (person(of))
                        (screening::section(self.screening))
                    }
                    main id="main" { @if self.screening.shows_mechanics() { (self.computed()) } }
                }
            }
        }
    }

    fn computed(&self) -> Markup {
        html! {
            (self.goals())
            (self.exercises())
            (self.moves())
            (self.again())
            @match self.behind.fit {
                Some(fit) => (fitted::section(fit)),
                None => section aria-labelledby="fitted-head" {
                    h2 id="fitted-head" { "The tissue behind the plan" }
                    p { "There are no readings that were fitted: the bodies are drawn about what the case states, as widely as people differ." }
                }
            }
            (self.rates())
            (self.limits())
        }
    }

    fn goals(&self) -> Markup {
        let plan = self.plan;
        html! {
            section aria-labelledby="goals-head" {
                h2 id="goals-head" { "Goals" }
                table class="plain" {
                    caption { "Medians; in brackets 5 to 95 % of the bodies that the readings allow and of the rates that people have." }
                    thead { tr {
                        th scope="col" { "Goal" } th scope="col" { "Now" } th scope="col" { "After " (plan.weeks) " weeks" }
                        th scope="col" class="n" { "Probability" } th scope="col" class="n" { "Within reach with " (percent(plan.asked_probability)) } th scope="col" { "Carried by" }
                    } }
                    tbody { @for goal in &plan.goals { (self.goal(goal)) } }
                }
                p {
                    "All of it together: " strong { (percent(plan.probability)) } ", asked for " (percent(plan.asked_probability)) "; "
                    @if plan.reached { "reached." } @else { strong { "out of reach" } ", and this is what comes nearest." }
                    " Done is taken to be " (percent(plan.forecast.adherence)) " of the sessions."
                }
            }
        }
    }

    fn goal(&self, goal: &GoalResult) -> Markup {
        let carried = self.plan.forecast.of(&goal.quantity).map(outlook::carried).unwrap_or_default();
        html! {
            tr {
                th scope="row" { (goal.label) " " (if goal.at_least { "at least" } else { "at most" }) " " (words::amount(goal.target, &goal.unit)) }
                td { (words::band(goal.now, &goal.unit)) }
                td { (words::band(goal.end, &goal.unit)) }
                td class="n" { (percent(goal.probability)) }
                td class="n" { (words::amount(goal.within_reach, &goal.unit)) }
                td { (if carried.is_empty() { "–" } else { &carried }) }
            }
        }
    }

    fn exercises(&self) -> Markup {
        let plan = self.plan;
        let left_out: Vec<String> = plan
            .left_out
            .iter()
            .filter(|left| !left.why.starts_with("a habit"))
            .map(|left| format!("{} ({})", words::spaced(&left.exercise), left.why))
            .collect();
        html! {
            section aria-labelledby="exercises-head" {
                h2 id="exercises-head" { "Exercises, " (words::plain(plan.minutes_a_week, "")) " minutes a week" }
                @if let Some(said) = plan.without_exercises() {
                    p { (said) }
                } @else {
                    table class="plain exercises" {
                        caption { "As this body does it. Reached: how much longer than in standing, passive pull, activation. Disc: the one that is pressed most, beside standing. Adds: what each goal lacks without it. In brackets where nine in ten of the bodies lie that this person may have." }
                        thead { tr {
                            th scope="col" { "Exercise and dose" } th scope="col" { "Reached" } th scope="col" { "Disc" }
                            th scope="col" { "Adds" } th scope="col" { "Speaks against it" }
                        } }
                        tbody { @for (k, (planned, (told, _))) in plan.exercises.iter().zip(self.behind.exercises).enumerate() { (self.exercise(k + 1, planned, told)) } }
                    }
                }
                @if let Some(more) = &plan.one_more {
                    p { "One more would add: " (more.title) " (" (more.side) "), " (words::plain(more.minutes_a_week, "")) " minutes a week: " (self.adds(&more.adds).join(", ")) "." }
                }
                @if !left_out.is_empty() { p class="small" { "Left out: " (left_out.join("; ")) "." } }
            }
        }
    }

    fn exercise(&self, number: usize, planned: &PlannedExercise, told: &ExerciseResult) -> Markup {
        let pressed = told.discs.iter().max_by(|a, b| a.compression_n.total_cmp(&b.compression_n));
        html! {
            tr {
                th scope="row" {
                    strong { (number) ". " (told.title) } br;
                    (side(planned, told)) (planned.dose) ", " (words::plain(planned.minutes_a_week, "")) " minutes a week. Load: " (told.load) ". "
                    span class="quiet" { "Source of the dose: " (told.dose_source) "." }
                }
                td {
                    @for muscle in most_reached(told) { p { (muscle) } }
                    @if let Some(spread) = told.spread.as_ref().filter(|spread| spread.unsolved > 0) {
                        p class="quiet" { (spread.unsolved) " of " (spread.solved + spread.unsolved) " such bodies find no balance in it." }
                    }
                }
                td {
                    @if let Some(disc) = pressed {
                        (disc.level) ", "
                        (words::ranged(words::amount(disc.compression_n, "N"), told.range_of_disc(disc, "compression_n"), "N"))
                        ", of standing "
                        (words::ranged(words::amount(100.0 * disc.over_standing, "%"), in_percent(told.range_of_disc(disc, "over_standing")).as_ref(), "%"))
                        ", "
                        (words::ranged(words::amount(disc.pressure_mpa, "MPa"), told.range_of_disc(disc, "pressure_mpa"), "MPa"))
                    }
                }
                td { @for add in self.adds(&planned.adds) { p { (add) } } }
                td { (against(told)) }
            }
        }
    }

    /// What something adds to each goal.
    fn adds(&self, by: &[[f64; 3]]) -> Vec<String> {
        let each = self.plan.goals.iter().zip(by);
        each.map(|(goal, [low, median, high])| {
            let [low, high] = [low, high].map(|value| words::plain(*value, &goal.unit));
            format!("{} {} ({low} to {high})", goal.label, words::change(*median, &goal.unit))
        })
        .collect()
    }

    /// What else the weeks move beyond doubt.
    fn moves(&self) -> Markup {
        let is_goal = |series: &Series| self.plan.goals.iter().any(|goal| goal.quantity == series.quantity);
        let moved = |series: &Series| series.change.low90 * series.change.high90 > 0.0;
        html! {
            section aria-labelledby="moves-head" {
                h2 id="moves-head" { "What moves with it" }
                p { "The goals, and what else of tests, posture and discs changes one way in nine of ten bodies." }
                (outlook::numbers(&self.plan.forecast, &|series| is_goal(series) || moved(series)))
            }
        }
    }

    fn again(&self) -> Markup {
        let plan = self.plan;
        let when = |week: usize| match self.behind.start.and_then(|start| after(start, week)) {
            Some(day) => format!("week {week}, {day}"),
            None => format!("week {week}"),
        };
        html! {
            section aria-labelledby="again-head" {
                h2 id="again-head" { "Re-tests, and what changes the plan" }
                @if plan.retests.is_empty() {
                    p { "No test is expected to move by more than the error of a reading in " (plan.weeks) " weeks." }
                } @else {
                    table class="plain" {
                        thead { tr { th scope="col" { "After" } th scope="col" { "Test" } th scope="col" { "Now" } th scope="col" { "Expected" } th scope="col" { "Otherwise" } } }
                        tbody {
                            @for test in &plan.retests {
                                tr {
                                    td { (when(test.week)) }
                                    th scope="row" { (test.label) }
                                    td { (words::amount(test.now, &test.unit)) }
                                    td { (words::band(test.expected, &test.unit)) }
                                    td { (test.otherwise) }
                                }
                            }
                        }
                    }
                }
                p { "A new reading, entered as a visit, moves the body and this person's rates, and with them the plan. Doses between visits go by these rules:" }
                ul { @for rule in &plan.rules { li { (words::unmarked(rule)) } } }
            }
        }
    }

    /// The rates behind what moves: everybody's, and this person's where visits told of them.
    fn rates(&self) -> Markup {
        let forecast = &self.plan.forecast;
        let of_goals = self.plan.goals.iter().filter_map(|goal| forecast.of(&goal.quantity));
        let carried: BTreeSet<&str> =
            of_goals.flat_map(|series| &series.carried).map(|part| part.mechanism.as_str()).collect();
        let used: Vec<&RateSource> =
            self.behind.rates.iter().filter(|rate| carried.contains(rate.mechanism.as_str())).collect();
        let published: BTreeSet<&str> =
            used.iter().flat_map(|rate| &rate.published).map(String::as_str).collect();
        let cited = |cite: &String| {
            let at = published.iter().position(|published| published == cite);
            at.map(|at| format!(" [{}]", at + 1)).unwrap_or_default()
        };
        let state = |on: bool| {
            let named = forecast.mechanisms.iter().filter(|mechanism| mechanism.on == on);
            named.map(|mechanism| mechanism.name.as_str()).collect::<Vec<_>>().join(", ")
        };
        let told = used.iter().any(|rate| own(forecast, rate).is_some());
        html! {
            section class="rates" aria-labelledby="rates-head" {
                h2 id="rates-head" { "How fast and how far, and from where" }
                p {
                    "Mechanisms at work: " (state(true)) ". "
                    @if !state(false).is_empty() { "Switched off: " (state(false)) ". " }
                    @if used.is_empty() { "None of them moves a goal." } @else { "Below are the rates of those that move the goals." }
                }
                @if !used.is_empty() {
                    table class="plain" {
                        caption { "Medians; in brackets 5 to 95 % of people, what is not known included. Assumed: no measurement stands behind it." }
                        thead { tr { th scope="col" { "Rate" } th scope="col" { "Everybody's" } @if told { th scope="col" { "This person's" } } th scope="col" { "From" } } }
                        tbody {
                            @for rate in &used {
                                tr {
                                    th scope="row" { (words::spaced(&rate.mechanism)) ": " (rate.words.trim_end_matches('.')) }
                                    td { (finely(rate.range)) @if rate.unit != "1" { " " (rate.unit) } }
                                    @if told { td { (own(forecast, rate).unwrap_or_else(|| "as everybody's".to_owned())) } }
                                    td { (words::spaced(&rate.source)) @for cite in &rate.published { (cited(cite)) } }
                                }
                            }
                        }
                    }
                    ol class="small" { @for cite in &published { li { (cite) } } }
                }
            }
        }
    }

    fn limits(&self) -> Markup {
        let forecast = &self.plan.forecast;
        html! {
            section class="limits" aria-labelledby="limits-head" {
                h2 id="limits-head" { "What this cannot tell" }
                p { "These are the mechanics of one model. They are no diagnosis and do not predict pain; nobody has looked at them." }
                ul class="small" {
                    @for limit in forecast.limits.iter().chain(self.behind.limits) { li { (limit) } }
                    li {
                        "Bands hold " (forecast.members) " bodies (seed " (forecast.seed) ")"
                        @if forecast.lost > 0 { "; " (forecast.lost) " more had no solution and are left out" }
                        ". What an exercise adds is told over " (self.plan.judges) " of them."
                    }
                }
            }
        }
    }
}

/// What speaks against an exercise, by what the case says of it.
fn against(told: &ExerciseResult) -> Markup {
    let of = |found: &str| {
        let texts = told.conditions.iter().filter(|condition| condition.found == found);
        texts.map(|condition| condition.text.as_str()).collect::<Vec<_>>().join("; ")
    };
    html! {
        @for (found, words) in FOUND {
            @let texts = of(found);
            @if !texts.is_empty() { p { strong { (words) ": " } (texts) "." } }
        }
        @if told.conditions.is_empty() { "–" }
    }
}

fn percent(share: f64) -> String {
    words::amount(100.0 * share, "%")
}

/// Two digits that count, whatever the size.
fn finely(range: [f64; 3]) -> String {
    let decimals = if range[1].abs() >= 10.0 {
        0
    } else if range[1].abs() >= 1.0 {
        1
    } else {
        2
    };
    let [low, median, high] = range.map(|value| format!("{:.decimals$}", crate::svg::finite(value)));
    format!("{median} ({low} to {high})")
}

/// This person's rate, where the visits told enough of it.
fn own(forecast: &ForecastResult, of: &RateSource) -> Option<String> {
    let rate = forecast.rates.iter().find(|rate| rate.name == of.name && rate.taken >= OWN)?;
    Some(finely(rate.posterior.map(|share| share * rate.usual)))
}
