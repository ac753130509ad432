//! Visits: what was read and said on which day, what of it changed, and a line through the days.

use crate::svg::{Point, coordinate};
use crate::words;
use guywire::case::Date;
use guywire::results::{Change, ChangeLabel, OutcomePoint, OutcomeSeries, Side, Support, TestSeries, Visits};
use maud::{Markup, html};

/// Size of a line chart.
const SIZE: Point = [190.0, 46.0];
/// Room around what is drawn in it.
const EDGE: f64 = 6.0;

/// What comes before any mechanics.
pub(crate) fn support(support: &Support) -> Markup {
    html! {
        section class="warnings" aria-labelledby="support-head" {
            h2 id="support-head" { "Support first" }
            p { strong { "STarT Back, " (support.date.to_string()) ": " (support.risk.words()) " of lasting trouble." } }
            p { (support.text) }
            p class="small" { (support.owner) }
        }
    }
}

/// The whole section.
pub(crate) fn section(visits: &Visits) -> Markup {
    html! {
        section aria-labelledby="visits-head" {
            h2 id="visits-head" { "Visits: what was found and what changed" }
            p {
                "As read and as said; nothing here is computed from the body or predicted. A difference is called real where "
                "it is more than error explains, and nothing is said where the days are too close together for a change."
            }
            @if !visits.questions.is_empty() {
                section class="warnings" aria-labelledby="questions-head" {
                    h3 id="questions-head" { "Please look again" }
                    ul { @for question in &visits.questions { li { (words::unmarked(question)) } } }
                }
            }
            @for note in &visits.notes { p { (note) } }
            @if !visits.tests.is_empty() { (tests(visits)) }
            @if !visits.outcomes.is_empty() { (outcomes(visits)) }
            @for owner in &visits.owners { p class="small" { (owner) } }
        }
    }
}

fn tests(visits: &Visits) -> Markup {
    html! {
        h3 { "Clinical tests" }
        p class="quiet" { "In a chart, the band is what error alone explains around the first reading." }
        div class="scroll" tabindex="0" role="region" aria-label="Clinical tests by visit" {
            table class="visits" {
                caption { "Readings of clinical tests, each in its own unit and sign" }
                (head("Test", &visits.dates))
                tbody {
                    @for series in &visits.tests {
                        tr {
                            th scope="row" {
                                (series.title) (side(series)) (way(series))
                                small class="quiet" { " " (series.convention) }
                            }
                            @for date in &visits.dates {
                                td class="n" { (series.points.iter().find(|p| p.date == *date).map_or_else(none, |p| html! { (words::tenths(p.reading, &series.unit)) })) }
                            }
                            @let last = series.points.last();
                            (change(last.and_then(|p| p.since_first.as_ref()), last.and_then(|p| p.since_previous.as_ref()), &series.unit))
                            td { (chart(&drawn(series))) }
                        }
                    }
                }
            }
        }
    }
}

fn outcomes(visits: &Visits) -> Markup {
    html! {
        h3 { "Pain and function, as the person says" }
        div class="scroll" tabindex="0" role="region" aria-label="Outcome measures by visit" {
            table class="visits" {
                caption { "Scores of outcome measures" }
                (head("Measure", &visits.dates))
                tbody {
                    @for series in &visits.outcomes {
                        tr {
                            th scope="row" {
                                (series.title)
                                small class="quiet" { " " (words::tenths(series.scale[0], "")) " to " (words::tenths(series.scale[1], "")) "; " (series.rule) }
                            }
                            @for date in &visits.dates {
                                td class="n" { (series.points.iter().find(|p| p.date == *date).map_or_else(none, score)) }
                            }
                            @let last = series.points.iter().rev().find(|p| p.since_first.is_some());
                            (change(last.and_then(|p| p.since_first.as_ref()), last.and_then(|p| p.since_previous.as_ref()), ""))
                            td { (chart(&scored(series))) }
                        }
                    }
                }
            }
        }
        @for (series, point, note) in noted(visits) {
            p class="small" { (series.title) ", " (point.date.to_string()) ": " (note) "." }
        }
    }
}

/// Scores with something to know about them.
fn noted(visits: &Visits) -> Vec<(&OutcomeSeries, &OutcomePoint, &str)> {
    let mut all = Vec::new();
    for series in &visits.outcomes {
        all.extend(series.points.iter().filter_map(|point| Some((series, point, point.note.as_deref()?))));
    }
    all
}

fn head(what: &str, dates: &[Date]) -> Markup {
    html! {
        thead {
            tr {
                th scope="col" { (what) }
                @for date in dates { th scope="col" class="n day" { (date.to_string()) } }
                th scope="col" class="n" { "Change since the first" }
                th scope="col" { "Which is" }
                th scope="col" { "Over the days" }
            }
        }
    }
}

fn none() -> Markup {
    html! { span class="quiet" { "–" } }
}

fn side(series: &TestSeries) -> &'static str {
    match series.side {
        Some(Side::Left) => ", left",
        Some(Side::Right) => ", right",
        None => "",
    }
}

fn way(series: &TestSeries) -> String {
    series.protocol.as_deref().map(|protocol| format!(" ({})", words::spaced(protocol))).unwrap_or_default()
}

fn score(point: &OutcomePoint) -> Markup {
    let value = match point.score {
        Some(score) => words::tenths(score, ""),
        None => format!("{} to {}", words::tenths(point.low, ""), words::tenths(point.high, "")),
    };
    html! { (value) @if let Some(risk) = point.risk { br; small { (risk.words()) } } }
}

/// The cells of a change: how much since the first day and what that is, and since the day before where that is another.
fn change(change: Option<&Change>, previous: Option<&Change>, unit: &str) -> Markup {
    let Some(change) = change else {
        return html! { td class="n" { (none()) } td { span class="quiet" { "no two to compare" } } };
    };
    html! {
        td class="n" { (signed(change.value, unit)) }
        td {
            strong { (change.label.words()) } ": " (change.because)
            @if change.label != ChangeLabel::TooEarly { ", which is " (words::tenths(change.detectable, unit)) }
            @if change.important == Some(true) { "; people call this better" }
            small class="quiet" { (change.source) }
            @if let Some(previous) = previous {
                small { "Since the visit before: " (signed(previous.value, unit)) ", " (previous.label.words()) }
            }
        }
    }
}

fn signed(value: f64, unit: &str) -> String {
    let sign = if value > 0.0 { "+" } else { "" };
    format!("{sign}{}", words::tenths(value, unit))
}

/// A line through the days.
struct Line {
    /// Day and value of each point.
    points: Vec<(f64, f64)>,
    /// Half the width of the band around the first value.
    error: Option<f64>,
    /// Lowest and highest that is shown at least.
    scale: Option<[f64; 2]>,
}

fn drawn(series: &TestSeries) -> Line {
    let points = series.points.iter().map(|p| (p.date.days() as f64, p.reading)).collect();
    let error = series.points.iter().rev().find_map(|p| p.since_first.as_ref()).map(|c| c.detectable);
    Line { points, error, scale: None }
}

fn scored(series: &OutcomeSeries) -> Line {
    let points = series.points.iter().filter_map(|p| Some((p.date.days() as f64, p.score?))).collect();
    let error = series.points.iter().rev().find_map(|p| p.since_first.as_ref()).map(|c| c.detectable);
    Line { points, error, scale: Some(series.scale) }
}

/// The chart; its numbers stand in the row beside it.
fn chart(line: &Line) -> Markup {
    let [(first_day, first), .., (last_day, _)] = line.points[..] else { return none() };
    let error = line.error.unwrap_or(0.0);
    let shown = line.points.iter().map(|(_, value)| *value).chain([first - error, first + error]);
    let within = |value: f64| line.scale.map_or(value, |[low, high]| value.clamp(low, high));
    let shown: Vec<f64> = shown.map(within).chain(line.scale.into_iter().flatten()).collect();
    let low = shown.iter().copied().fold(f64::INFINITY, f64::min);
    let high = shown.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let share = |value: f64, from: f64, to: f64| {
        let share = (value - from) / (to - from);
        if share.is_finite() { share.clamp(0.0, 1.0) } else { 0.5 }
    };
    let x = |day: f64| EDGE + share(day, first_day, last_day) * (SIZE[0] - 2.0 * EDGE);
    let y = |value: f64| SIZE[1] - EDGE - share(value, low, high) * (SIZE[1] - 2.0 * EDGE);
    let at = |(day, value): &(f64, f64)| format!("{} {}", coordinate(x(*day)), coordinate(y(*value)));
    let path = line.points.iter().map(at).collect::<Vec<_>>().join("L");
    let (top, bottom) = (y(within(first + error)), y(within(first - error)));
    html! {
        svg class="days" viewBox={ "0 0 " (coordinate(SIZE[0])) " " (coordinate(SIZE[1])) } aria-hidden="true" focusable="false" {
            rect class="sd2" x="0" width=(coordinate(SIZE[0])) y=(coordinate(top)) height=(coordinate(bottom - top)) {}
            path class="course" d={ "M" (path) } {}
            @for (day, value) in &line.points {
                circle class="you" cx=(coordinate(x(*day))) cy=(coordinate(y(*value))) r="4" {}
            }
        }
    }
}
