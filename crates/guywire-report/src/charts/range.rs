//! Measures beside normal ranges.

use crate::svg::coordinate;
use crate::words::{self, MEASURES, Measure};
use guywire::results::{NormalRange, PositionResult, Quantiles};
use maud::{Markup, html};

/// Standard deviations either side of the mean that a strip shows at least.
const SPAN_SD: f64 = 3.0;

/// The measures of one position, with a strip where a range is known. `notes` collects the sources.
pub(crate) fn table(position: &PositionResult, ranges: &[NormalRange], notes: &mut Vec<String>) -> Markup {
    let person = &position.person.posture.measures;
    let reference = &position.reference.posture.measures;
    let known = |m: &Measure| ranges.iter().find(|r| r.measure == m.field && r.position == position.position);
    // What the model has no parts for is not a number.
    let measured = MEASURES.iter().filter(|m| (m.of)(person).is_finite());
    let mut rows: Vec<(&Measure, Option<&NormalRange>)> = measured.map(|m| (m, known(m))).collect();
    rows.sort_by_key(|(_, range)| range.is_none());
    html! {
        div class="scroll" tabindex="0" role="region" aria-label=(format!("Measures, {}", position.title)) {
            table class="measures" {
                caption { (position.title) ": measures of the posture" }
                thead {
                    tr {
                        th scope="col" { "Measure" }
                        th scope="col" class="n" { "You" }
                        th scope="col" class="n" { "With reference tissue" }
                        th scope="col" { "Usual range (mean ± 2 SD), where one is published" }
                    }
                }
                tbody {
                    @for (measure, range) in rows {
                        @let (value, normal) = ((measure.of)(person), (measure.of)(reference));
                        tr {
                            th scope="row" { (measure.label) }
                            @let spread = position.spread.as_ref().and_then(|s| s.of(measure.field));
                            td class="n" {
                                strong { (words::amount(value, measure.unit)) }
                                @if let Some(spread) = spread { br; small { (words::between(spread, measure.unit)) } }
                            }
                            td class="n" { (words::amount(normal, measure.unit)) }
                            td {
                                @match range {
                                    Some(range) => (cell(range, (value, spread), normal, note(&range.source, notes))),
                                    None => { span class="quiet" { "–" } },
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// The number of a source's footnote.
fn note(source: &str, notes: &mut Vec<String>) -> usize {
    if let Some(i) = notes.iter().position(|n| n == source) {
        return i + 1;
    }
    notes.push(String::from(source));
    notes.len()
}

fn cell(
    range: &NormalRange,
    (value, spread): (f64, Option<&Quantiles>),
    reference: f64,
    note: usize,
) -> Markup {
    let (low, high) = (range.mean - 2.0 * range.sd, range.mean + 2.0 * range.sd);
    let verdict = if value < low {
        "below the usual range"
    } else if value > high {
        "above the usual range"
    } else {
        "within the usual range"
    };
    html! {
        div class="strip-cell" {
            (strip(range, (value, spread), reference))
            span class="range-text" {
                (words::plain(low, &range.unit)) " to " (words::amount(high, &range.unit)) ", " (verdict) " "
                a href=(format!("#source-{note}")) { "[" (note) "]" }
            }
        }
    }
}

/// A strip: light band two standard deviations, dark band one, bar the mean, diamond the person on the line of their
/// interval, ring the reference.
fn strip(range: &NormalRange, (value, spread): (f64, Option<&Quantiles>), reference: f64) -> Markup {
    let sd = if range.sd.is_finite() && range.sd > 0.0 { range.sd } else { 1.0 };
    let at = |v: f64| {
        let z = (v - range.mean) / sd;
        let z = if z.is_finite() { z.clamp(-SPAN_SD - 1.0, SPAN_SD + 1.0) } else { 0.0 };
        100.0 + z * 95.0 / (SPAN_SD + 1.0)
    };
    let diamond = at(value);
    html! {
        svg class="strip" viewBox="0 0 200 22" aria-hidden="true" focusable="false" {
            line class="axis" x1="3" x2="197" y1="11" y2="11" {}
            rect class="sd2" x=(coordinate(at(range.mean - 2.0 * sd))) width=(coordinate(at(range.mean + 2.0 * sd) - at(range.mean - 2.0 * sd))) y="4" height="14" rx="3" {}
            rect class="sd1" x=(coordinate(at(range.mean - sd))) width=(coordinate(at(range.mean + sd) - at(range.mean - sd))) y="4" height="14" {}
            line class="mean" x1="100" x2="100" y1="3" y2="19" {}
            circle class="reference" cx=(coordinate(at(reference))) cy="11" r="4" {}
            @if let Some(spread) = spread {
                line class="between" x1=(coordinate(at(spread.low90))) x2=(coordinate(at(spread.high90))) y1="11" y2="11" {}
            }
            path class="you" d={ "M" (coordinate(diamond)) " 3l6 8l-6 8l-6-8Z" } {}
        }
    }
}
