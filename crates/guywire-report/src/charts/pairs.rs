//! Tensions left against right, per tissue group.

use super::{largest, share};
use crate::figure::muscles::{GroupForce, group_forces};
use crate::svg::coordinate;
use crate::words;
use guywire::results::{PositionResult, Quantiles, Side};
use maud::{Markup, html};

/// Least difference between the sides that is named, in newtons and as a share of the stronger side.
const UNEQUAL: (f64, f64) = (10.0, 0.1);

/// Below this, in newtons, a group is only named.
const IDLE_N: f64 = 1.0;

/// Forces of the tissue groups of one position: bars towards the left for the left side.
pub(crate) fn table(position: &PositionResult) -> Markup {
    let (groups, idle): (Vec<_>, Vec<_>) = group_forces(&position.person.posture)
        .into_iter()
        .partition(|g| g.total_n[0] >= IDLE_N || g.total_n[1] >= IDLE_N);
    let reference = group_forces(&position.reference.posture);
    let usual = |name: &str| reference.iter().find(|g| g.group == name).map(|g| g.total_n);
    let ends = groups.iter().flat_map(|g| Side::BOTH.map(|side| range(position, &g.group, side)));
    let ends = ends.flatten().map(|range| range.high90);
    let top = largest(groups.iter().chain(&reference).flat_map(|g| g.total_n).chain(ends), 1.0);
    html! {
        div class="scroll" tabindex="0" role="region" aria-label=(format!("Tensions, {}", position.title)) {
            table class="pairs" {
                caption { (position.title) ": pull of each muscle group, left against right, strongest first" }
                thead {
                    tr {
                        th scope="col" { "Muscle group" }
                        th scope="col" class="n" { "Left" }
                        th scope="col" class="bars-head" { span class="sr" { "Bars: left and right" } }
                        th scope="col" class="n" { "Right" }
                        th scope="col" { "Difference" }
                    }
                }
                tbody {
                    @for g in &groups {
                        tr {
                            th scope="row" { (words::group(&g.group)) }
                            @let spread = Side::BOTH.map(|side| range(position, &g.group, side));
                            (side(g, 0, spread[0]))
                            td class="bars" { (bars(g, usual(&g.group), spread, top)) }
                            (side(g, 1, spread[1]))
                            td class="quiet" { (difference(g)) }
                        }
                    }
                }
            }
        }
        @if !idle.is_empty() {
            @let names: Vec<String> = idle.iter().map(|g| words::group(&g.group)).collect();
            p class="quiet" { "Less than " (words::amount(IDLE_N, "N")) " on either side: " (names.join(", ")) "." }
        }
    }
}

/// The interval of a group's pull on one side.
fn range<'p>(position: &'p PositionResult, group: &str, side: Side) -> Option<&'p Quantiles> {
    position.spread.as_ref()?.of(&format!("force.{group}.{}_n", side.name()))
}

fn side(g: &GroupForce, i: usize, range: Option<&Quantiles>) -> Markup {
    html! {
        td class="n" {
            strong { (words::amount(g.total_n[i], "N")) }
            @if let Some(range) = range { br; small { (words::between(range, "N")) } }
            @if g.passive_n[i] >= 0.5 { br; small { (words::plain(g.passive_n[i], "N")) " passive" } }
        }
    }
}

fn difference(g: &GroupForce) -> String {
    let [left, right] = g.total_n;
    let gap = (left - right).abs();
    if gap < UNEQUAL.0 || gap < UNEQUAL.1 * left.max(right) {
        return String::from("about equal");
    }
    let stronger = if left > right { "left" } else { "right" };
    format!("{stronger} pulls {} more", words::amount(gap, "N"))
}

/// Two bars from the middle: whole pull, the passive part hatched, a tick where reference tissue pulls, a line over the interval.
fn bars(g: &GroupForce, reference: Option<[f64; 2]>, spread: [Option<&Quantiles>; 2], top: f64) -> Markup {
    let half = 118.0;
    let x = |side: usize, value: f64| {
        let length = half * share(value.max(0.0), top);
        if side == 0 { 120.0 - length } else { 120.0 + length }
    };
    html! {
        svg viewBox="0 0 240 26" aria-hidden="true" focusable="false" {
            @for side in 0..2 {
                @for (class, value, inset) in [("pull", g.total_n[side], 5.0), ("pull passive", g.passive_n[side], 5.0)] {
                    @let (from, to) = (x(side, 0.0), x(side, value));
                    rect class=(class) x=(coordinate(from.min(to))) width=(coordinate((to - from).abs()))
                        y=(coordinate(inset)) height=(coordinate(26.0 - 2.0 * inset)) {}
                }
                @if let Some(range) = spread[side] {
                    line class="between" x1=(coordinate(x(side, range.low90))) x2=(coordinate(x(side, range.high90))) y1="13" y2="13" {}
                }
                @if let Some(usual) = reference {
                    @let tick = x(side, usual[side]);
                    line class="usual" x1=(coordinate(tick)) x2=(coordinate(tick)) y1="1" y2="25" {}
                }
            }
            line class="mean" x1="120" x2="120" y1="0" y2="26" {}
        }
    }
}
