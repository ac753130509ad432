//! The coming weeks as a section of a report: bands, what is done in which week, and every exercise as this body does it.

use crate::exercise::plates;
use crate::forecast::{axis_unit, finely, panels, told};
use crate::handout::after;
use crate::svg::finite;
use crate::words;
use guywire::results::{ForecastResult, Outlook, ProgrammeExercise, Series, SeriesKind};
use maud::{Markup, html};

/// Parts that a mechanism carried are named from this share of the change on.
const WORTH_SAYING: f64 = 0.05;

pub(crate) fn section(name: &str, outlook: &Outlook) -> Markup {
    let forecast = &outlook.forecast;
    let weeks = forecast.weeks.len().saturating_sub(1);
    html! {
        section aria-labelledby="outlook-head" {
            h2 id="outlook-head" { "The coming " (weeks) " weeks" }
            p {
                "If the week " (if forecast.other_weeks == 0 { "stays as it is" } else { "is spent as told here" }) " and "
                @if outlook.exercises.is_empty() { "nothing else is done." }
                @else { (words::amount(100.0 * finite(forecast.adherence), "%")) " of the sessions are done. The exercises are below." }
            }
            @if forecast.other_weeks > 0 {
                ul { @for ([from, until], how) in forecast.spent_otherwise() { li { "Weeks " (from) " to " (until) ": " (how) } } }
            }
            figure { (panels(name, forecast)) }
            (numbers(forecast, &|_| true))
            ul class="quiet" { @for limit in &forecast.limits { li { (limit) } } }
            @if !outlook.exercises.is_empty() {
                h3 { "What is done in which week" }
                (calendar(outlook, weeks))
                h3 { "The exercises" }
                p { "Each is drawn as this body does it, from the solved pose; the muscles that it is meant for are lit." }
                div class="what" { @for (k, planned) in outlook.exercises.iter().enumerate() { (exercise(k + 1, planned)) } }
                (stop(&outlook.exercises))
            }
        }
    }
}

/// What is drawn, in numbers, and what carried it, of those that are worth it.
pub(crate) fn numbers(forecast: &ForecastResult, worth: &dyn Fn(&Series) -> bool) -> Markup {
    let last = forecast.weeks.len().saturating_sub(1);
    let rows =
        forecast.series.iter().filter(|s| s.kind != SeriesKind::Tissue && !s.median.is_empty() && worth(s));
    html! {
        div class="scroll" tabindex="0" role="region" aria-label="The coming weeks in numbers" {
            table class="plain" {
                caption { "Medians; in brackets where nine in ten bodies lie. The change is each body's own." }
                thead { tr {
                    th scope="col" { "Number" } th scope="col" { "Now" } th scope="col" { "After " (last) " weeks" }
                    th scope="col" { "Change" } th scope="col" { "Carried by" }
                } }
                tbody {
                    @for series in rows {
                        @let change = &series.change;
                        tr {
                            th scope="row" { (series.label) ", " (axis_unit(&series.unit)) }
                            td { (told(series, 0)) }
                            td { (told(series, last)) }
                            td { (signed(change.median, series)) " (" (signed(change.low90, series)) " to " (signed(change.high90, series)) ")" }
                            td { (carried(series)) }
                        }
                    }
                }
            }
        }
    }
}

fn signed(value: f64, series: &Series) -> String {
    let plain = finely(value, series);
    if value > 0.0 && plain.chars().any(|c| ('1'..='9').contains(&c)) { format!("+{plain}") } else { plain }
}

/// Mechanisms, the one that carried most first.
pub(crate) fn carried(series: &Series) -> String {
    let whole: f64 = series.carried.iter().map(|part| finite(part.by).abs()).sum();
    let mut parts: Vec<_> =
        series.carried.iter().filter(|part| finite(part.by).abs() > WORTH_SAYING * whole).collect();
    parts.sort_by(|a, b| finite(b.by).abs().total_cmp(&finite(a.by).abs()));
    parts
        .iter()
        .map(|part| format!("{} {}", part.mechanism, signed(part.by, series)))
        .collect::<Vec<_>>()
        .join(", ")
}

/// A row for every exercise, a column for every week.
fn calendar(outlook: &Outlook, weeks: usize) -> Markup {
    html! {
        div class="scroll" tabindex="0" role="region" aria-label="What is done in which week" {
            table class="plain weeks" {
                thead { tr {
                    th scope="col" { "Exercise" } th scope="col" { "A week" }
                    @for week in 1..=weeks { th scope="col" class="n" { (week) } }
                } }
                tbody {
                    @for (k, planned) in outlook.exercises.iter().enumerate() {
                        tr {
                            th scope="row" { (k + 1) ". " (planned.exercise.title) (side(planned)) }
                            td { (words::plain(planned.sessions_per_week, "")) "×" }
                            @for week in 1..=weeks {
                                td class="n" { @if (planned.weeks[0]..=planned.weeks[1]).contains(&week) { "■" } @else { "·" } }
                            }
                        }
                    }
                }
            }
        }
        @if let Some(start) = outlook.start {
            p class="quiet" {
                "Week 1 begins on " (start)
                @if let Some(end) = after(start, weeks) { ", week " (weeks) " is over on " (end) }
                "."
            }
        }
    }
}

fn side(planned: &ProgrammeExercise) -> &'static str {
    match (planned.side, planned.exercise.side) {
        (Some(guywire::results::Side::Left), _) => ", left",
        (Some(guywire::results::Side::Right), _) => ", right",
        (None, Some(_)) => ", each side",
        (None, None) => "",
    }
}

fn exercise(number: usize, planned: &ProgrammeExercise) -> Markup {
    let ProgrammeExercise { exercise, dose, poses, .. } = planned;
    let asked: Vec<&str> =
        exercise.conditions.iter().filter(|c| c.found == "not_asked").map(|c| c.text.as_str()).collect();
    html! {
        article {
            (plates(exercise, poses))
            div {
                h4 { (number) ". " (exercise.title) (side(planned)) }
                p { strong { (dose) "." } " Load: " (exercise.load) "." }
                p { (exercise.how) @if let Some(cue) = &exercise.cue { " " strong { (cue) "." } } }
                @if !asked.is_empty() { p { strong { "Ask first" } ": " (asked.join("; ")) "." } }
            }
        }
    }
}

fn stop(exercises: &[ProgrammeExercise]) -> Markup {
    let Some(first) = exercises.first() else { return html! {} };
    html! {
        h3 { "When to stop" }
        ul {
            @for rule in &first.exercise.stop_rules { li { (words::unmarked(rule)) } }
            @for rule in &first.exercise.general { li { (words::unmarked(rule)) } }
        }
    }
}
