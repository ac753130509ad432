//! A plan on paper, for the person: what to do, how sure it is, when to stop, and weeks to tick off.

use crate::exercise::plates;
use crate::page::{head, patterns};
use crate::words;
use guywire::case::Date;
use guywire::results::{
    ExerciseResult, GoalResult, PlanResult, PlannedExercise, PositionResult, Retest, Screening, SeriesKind,
};
use maud::{DOCTYPE, Markup, html};

const PAPER: &str = include_str!("handout.css");
/// More sessions a week than this are counted by hand: so many boxes fit a row.
const MOST_BOXES: usize = 7;
/// Where the library and the rules point to a command or to what follows on a screen, paper points to its list of signs.
const ON_PAPER: [(&str, &str); 4] = [
    ("(`guywire screen` lists them)", "(they are listed after the exercises)"),
    ("that `guywire screen` asks about", "of the signs at which to seek help"),
    ("any of the following", "any of the signs listed after the exercises"),
    ("any of what is listed below", "any of the signs listed after the exercises"),
];

/// How a handout is made.
#[derive(Clone, Copy, Debug, Default)]
pub struct HandoutOptions {
    /// The first day, so that weeks have dates.
    pub start: Option<Date>,
    /// Whether it is printed larger.
    pub large: bool,
}

/// What is printed.
pub(crate) struct Handout<'h> {
    pub(crate) name: &'h str,
    pub(crate) screening: &'h Screening,
    pub(crate) plan: &'h PlanResult,
    /// In the order of the plan's exercises.
    pub(crate) exercises: &'h [(ExerciseResult, Vec<PositionResult>)],
    pub(crate) options: HandoutOptions,
}

/// Words of the library as paper says them.
fn on_paper(text: &str) -> String {
    let replaced = ON_PAPER.iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to));
    words::unmarked(&replaced)
}

/// The day on which so many weeks are over.
pub(crate) fn after(start: Date, weeks: usize) -> Option<Date> {
    Date::from_days(start.days().checked_add(i64::try_from(weeks).ok()?.checked_mul(7)?)?)
}

/// Of ten, in words that need no arithmetic.
fn how_sure(probability: f64) -> String {
    let of_ten = (10.0 * probability.clamp(0.0, 1.0)).round();
    match of_ten {
        of_ten if of_ten >= 10.0 => "nearly all".to_owned(),
        of_ten if of_ten >= 1.0 => format!("about {of_ten:.0} in 10"),
        _ => "hardly any".to_owned(),
    }
}

impl Handout<'_> {
    pub(crate) fn page(&self) -> Markup {
        let (name, weeks) = (self.name, self.plan.weeks);
        let end = self.options.start.and_then(|start| after(start, weeks));
        html! {
            (DOCTYPE)
            html lang="en" {
                (head(&format!("Plan of {weeks} weeks: {name}"), "light", PAPER))
                body class=(if self.options.large { "handout large" } else { "handout" }) {
                    (patterns())
                    header {
                        h1 { (name) ", this is your plan for " (weeks) " weeks" }
                        @if let (Some(start), Some(end)) = (self.options.start, end) {
                            p class="person" { "From " (start) " to " (end) ". About " (minutes(self.plan)) " minutes a week." }
                        } @else {
                            p class="person" { "About " (minutes(self.plan)) " minutes a week." }
                        }
                        (self.first())
                    }
                    main id="main" {
                        (self.what())
                        div class="overleaf" {
                            div class="beside" { (self.signs()) (self.goals()) (self.again()) (self.dose()) }
                            (self.diary())
                        }
                    }
                    footer {
                        p {
                            "Computed by guywire from your case; nobody has looked at it. It says nothing about pain and is no diagnosis."
                            @for limit in &self.plan.forecast.limits { " " (limit) }
                        }
                    }
                }
            }
        }
    }

    /// The screening's result.
    fn first(&self) -> Markup {
        let found = self.screening;
        html! {
            section class="screening go" aria-labelledby="screening-head" {
                h2 id="screening-head" { (found.title) }
                p { (on_paper(&found.lead)) }
                @for note in &found.notes { p { (on_paper(note)) } }
                @for reason in &found.reasons {
                    p { (words::unmarked(&reason.reason)) " " strong { (words::unmarked(&reason.action)) } }
                }
            }
        }
    }

    fn signs(&self) -> Markup {
        html! {
            section class="signs" aria-labelledby="signs-head" {
                h2 id="signs-head" { "Stop and seek help if you notice" }
                ul { @for sign in &self.screening.safety_net { li { (sign) } } }
            }
        }
    }

    fn goals(&self) -> Markup {
        let plan = self.plan;
        html! {
            section aria-labelledby="goals-head" {
                h2 id="goals-head" { "What you are after, and how sure it is" }
                ul { @for goal in &plan.goals { li { (told(goal, plan)) } } }
                @if plan.goals.len() > 1 { p { "All of it together: " (how_sure(plan.probability)) "." } }
                p class="quiet" {
                    "Counted are bodies that fit what is known of you; in brackets is where nine in ten of them lie. "
                    "Computed, and no promise: the tests that you repeat decide."
                }
            }
        }
    }

    fn what(&self) -> Markup {
        html! {
            section aria-labelledby="what-head" {
                h2 id="what-head" { "What you do" }
                @if let Some(said) = self.plan.without_exercises() { p { (said) } }
                (self.stop())
                div class="what" {
                    @for (k, (planned, (exercise, poses))) in self.plan.exercises.iter().zip(self.exercises).enumerate() {
                        article {
                            (plates(exercise, poses))
                            div {
                                h3 { (k + 1) ". " (exercise.title) }
                                p { strong { (side(planned, exercise)) (planned.dose) "." } " About " (format!("{:.0}", crate::svg::finite(planned.minutes_a_week).ceil())) " minutes a week." }
                                p { (exercise.how) @if let Some(cue) = &exercise.cue { " " strong { (cue) "." } } }
                                p {
                                    "Load: " (exercise.load) "."
                                    @if !planned.needs.is_empty() { " You need " (planned.needs.join(" and ")) "." }
                                }
                                @if !planned.to_ask.is_empty() {
                                    p class="ask" { strong { "Ask first" } ", and leave it out if any is true of you: " (planned.to_ask.join("; ")) "." }
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    /// When to stop an exercise, and for whom there are limits: before the exercises, where it is read.
    fn stop(&self) -> Markup {
        let Some((exercise, _)) = self.exercises.first() else { return html! {} };
        let together =
            |rules: &[String]| rules.iter().map(|rule| on_paper(rule)).collect::<Vec<_>>().join("; ");
        html! {
            p class="warnings" {
                strong { "Stop at " } (together(&exercise.stop_rules)) "."
                @if !exercise.general.is_empty() { strong { " With limits only: " } (together(&exercise.general)) "." }
            }
            p class="quiet" { "Drawn as your body does it. The muscles that an exercise is meant for are lit." }
        }
    }

    /// When to do more or less.
    fn dose(&self) -> Markup {
        html! {
            section aria-labelledby="dose-head" {
                h2 id="dose-head" { "More, the same or less" }
                ul { @for rule in &self.plan.rules { li { (on_paper(rule)) } } }
            }
        }
    }

    /// When to measure again.
    fn again(&self) -> Markup {
        let weeks = self.plan.weeks;
        html! {
            section aria-labelledby="again-head" {
                h2 id="again-head" { "When to measure again" }
                @if self.plan.retests.is_empty() {
                    p {
                        "No test is expected to change by more than the error of a reading before the " (weeks) " weeks are over, so do not "
                        "measure sooner. At the end (" (self.when(weeks)) ") measure again, and plan anew."
                    }
                } @else {
                    table class="plain" {
                        thead { tr { th scope="col" { "What, and when" } th scope="col" { "Now" } th scope="col" { "Expected" } th scope="col" { "You read" } } }
                        tbody { @for test in &self.plan.retests { (self.retest(test)) } }
                    }
                    p class="quiet" { "Outside the brackets on the wrong side: it does less for you than for nine in ten. Enter the reading as a visit, and plan again." }
                }
            }
        }
    }

    fn retest(&self, test: &Retest) -> Markup {
        html! {
            tr {
                th scope="row" { (test.label) ", " (self.when(test.week)) }
                td { (words::amount(test.now, &test.unit)) }
                td { (words::band(test.expected, &test.unit)) }
                td class="write" {}
            }
        }
    }

    /// A week, with the day on which it is over.
    fn when(&self, week: usize) -> String {
        match self.options.start.and_then(|start| after(start, week)) {
            Some(day) => format!("after week {week}, {day}"),
            None => format!("after week {week}"),
        }
    }

    fn diary(&self) -> Markup {
        if self.plan.exercises.is_empty() {
            return html! {};
        }
        let begins = |week: usize| self.options.start.and_then(|start| after(start, week - 1));
        html! {
            section class="diary" aria-labelledby="diary-head" {
                h2 id="diary-head" { "Your weeks" }
                p { "Tick every session; on the line write the worst pain during it, from 0 (none) to 10 (the worst there is)." }
                table class="plain" {
                    thead {
                        tr {
                            th scope="col" { "Week" @if self.options.start.is_some() { " from" } }
                            @for (k, planned) in self.plan.exercises.iter().enumerate() { th scope="col" { (k + 1) ". " (planned.title) } }
                            th scope="col" class="morning" { "Worse next morning" }
                        }
                    }
                    tbody {
                        @for week in 1..=self.plan.weeks {
                            tr {
                                th scope="row" { (week) @if let Some(day) = begins(week) { " · " (day) } }
                                @for planned in &self.plan.exercises { td { (boxes(planned)) } }
                                td { span class="box" {} }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn minutes(plan: &PlanResult) -> String {
    format!("{:.0}", crate::svg::finite(plan.minutes_a_week).ceil())
}

/// Sessions a week as a number that can be counted.
pub(crate) fn sessions(planned: &PlannedExercise) -> usize {
    // A finite number below 1e5.
    crate::svg::finite(planned.sessions_per_week).round().max(1.0) as usize
}

/// The side in front of a dose.
pub(crate) fn side(planned: &PlannedExercise, exercise: &ExerciseResult) -> &'static str {
    match (exercise.side, planned.side.as_str()) {
        (None, _) => "",
        (_, "left") => "Left side: ",
        (_, "right") => "Right side: ",
        _ => "Each side, one after the other: ",
    }
}

fn boxes(planned: &PlannedExercise) -> Markup {
    let sessions = sessions(planned);
    html! {
        @if sessions <= MOST_BOXES { @for _ in 0..sessions { span class="box" {} } }
        @else { span class="count" {} " of " (sessions) " " }
        span class="count" {}
    }
}

fn told(goal: &GoalResult, plan: &PlanResult) -> Markup {
    let amount = |value: f64| words::amount(value, &goal.unit);
    let is_test = plan.forecast.of(&goal.quantity).is_some_and(|s| s.kind == SeriesKind::Test);
    html! {
        strong { (goal.label) ": " (if goal.at_least { "at least" } else { "at most" }) " " (amount(goal.target)) "." }
        " Now " (words::band(goal.now, &goal.unit)) ", after " (plan.weeks) " weeks " (words::band(goal.end, &goal.unit)) ": "
        strong { (how_sure(goal.probability)) " get there" }
        @if goal.probability < plan.asked_probability {
            ", fewer than you asked for; as surely as you asked, it is " (amount(goal.within_reach))
        }
        "."
        @if !is_test { " It cannot be read off your body." }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paper_points_to_no_command() {
        let library = guywire::exercise::Library::read().unwrap();
        for rule in &library.general.stop_rules {
            assert!(!on_paper(rule).contains("guywire"), "{rule}");
        }
        assert!(
            on_paper("anything new that `guywire screen` asks about.")
                .ends_with("the signs at which to seek help.")
        );
    }

    #[test]
    fn sureness_is_told_of_ten() {
        let told = [0.0, 0.04, 0.8, 0.96, 1.0, f64::NAN].map(how_sure);
        assert_eq!(
            told,
            ["hardly any", "hardly any", "about 8 in 10", "nearly all", "nearly all", "hardly any"]
        );
    }

    #[test]
    fn weeks_end_on_the_weekday_they_began() {
        let start: Date = "2026-12-28".parse().unwrap();
        assert_eq!(after(start, 1).unwrap().to_string(), "2027-01-04");
        assert_eq!(after(start, usize::MAX), None);
        assert_eq!(after("9999-12-30".parse().unwrap(), 1), None);
    }
}
