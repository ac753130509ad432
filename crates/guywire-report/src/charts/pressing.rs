//! Which muscle and which part of the body presses how much on each disc.

use super::largest;
use crate::svg::{coordinate, finite, image};
use crate::words;
use guywire::results::{ContributionKind, DiscLoad, PositionResult};
use maud::{Markup, html};
use std::collections::BTreeMap;

/// Sources that are shown by name; everything else is added up.
const NAMED: usize = 8;

/// A source with both sides added, and what it presses on each level in newtons.
struct Source {
    name: String,
    kind: ContributionKind,
    by_level: Vec<f64>,
}

impl Source {
    fn weight(&self) -> f64 {
        self.by_level.iter().map(|v| v.abs()).sum()
    }
}

/// The sources of one position, heaviest first.
fn sources(discs: &[DiscLoad]) -> Vec<Source> {
    let mut found: BTreeMap<&str, Source> = BTreeMap::new();
    for (i, disc) in discs.iter().enumerate() {
        for c in &disc.contributions {
            let source = found.entry(words::unsided(&c.source)).or_insert_with_key(|name| Source {
                name: words::source(name),
                kind: c.kind,
                by_level: vec![0.0; discs.len()],
            });
            source.by_level[i] += c.compression_n;
        }
    }
    let mut sources: Vec<Source> = found.into_values().collect();
    sources.sort_by(|a, b| b.weight().total_cmp(&a.weight()).then_with(|| a.name.cmp(&b.name)));
    sources
}

/// Adds everything beyond the named sources into one.
fn shortened(mut sources: Vec<Source>, levels: usize) -> Vec<Source> {
    if sources.len() <= NAMED + 1 {
        return sources;
    }
    let rest = sources.split_off(NAMED);
    let count = rest.len();
    let by_level = (0..levels).map(|i| rest.iter().map(|s| s.by_level[i]).sum()).collect();
    sources.push(Source { name: format!("the {count} others"), kind: ContributionKind::Support, by_level });
    sources
}

/// Stacked bars, a key and the full table.
pub(crate) fn chart(position: &PositionResult) -> Markup {
    let discs = &position.person.posture.discs;
    let all = sources(discs);
    if all.is_empty() {
        return html! {};
    }
    let table = full_table(position, &all);
    let shown = shortened(all, discs.len());
    html! {
        figure class="pressing" {
            (bars(position, discs, &shown))
            figcaption {
                ol class="stack-key" {
                    @for (i, s) in shown.iter().enumerate() {
                        li class=(style(&shown, i)) { span class="swatch" { (i + 1) } " " (s.name) }
                    }
                }
                p class="quiet" {
                    "Left and right added up. What lies left of the zero line lifts the load off. "
                    "The black mark is the whole: the parts add up to it."
                }
            }
        }
        (table)
    }
}

/// Class of a source: its kind and its rank within the kind.
fn style(shown: &[Source], i: usize) -> String {
    let rank = shown[..i].iter().filter(|s| s.kind == shown[i].kind).count();
    let kind = match shown[i].kind {
        _ if i >= NAMED => "rest",
        ContributionKind::Muscle => "muscle",
        ContributionKind::BodyPart => "weight",
        ContributionKind::Load => "held",
        ContributionKind::Pressure => "belly",
        ContributionKind::Support => "support",
        ContributionKind::Ligament => "ligament",
    };
    format!("k-{kind} k{}", rank.min(5))
}

fn bars(position: &PositionResult, discs: &[DiscLoad], shown: &[Source]) -> Markup {
    let reach = |sign: f64| {
        (0..discs.len()).map(move |i| shown.iter().map(|s| (sign * s.by_level[i]).max(0.0)).sum::<f64>())
    };
    let right = largest(reach(1.0), 1.0);
    let left = largest(reach(-1.0), 0.0);
    let scale = 520.0 / (left + right);
    let x = |newtons: f64| 66.0 + finite(scale * (newtons + left));
    let row = 38.0;
    let height = row * discs.len() as f64 + 30.0;
    let step = round_step(left + right);
    let description: Vec<String> =
        discs.iter().map(|d| format!("{} {}", d.level, words::amount(d.compression_n, "N"))).collect();
    let body = html! {
        @for k in 1..=(right / step).min(12.0) as usize {
            @let at = coordinate(x(step * k as f64));
            line class="grid" x1=(at) x2=(at) y1="0" y2=(coordinate(height - 26.0)) {}
            text class="tick" x=(at) y=(coordinate(height - 8.0)) text-anchor="middle" { (words::amount(step * k as f64, "N")) }
        }
        @for (i, disc) in discs.iter().enumerate() {
            @let y = row * i as f64 + 5.0;
            text class="level" x="4" y=(coordinate(y + 19.0)) { (disc.level) }
            @for (k, from, to) in stack(shown, i) {
                @let (a, b) = (x(from), x(to));
                g class=(style(shown, k)) {
                    rect x=(coordinate(a.min(b))) y=(coordinate(y)) width=(coordinate((b - a).abs())) height="28" {}
                    @if (b - a).abs() > 13.0 {
                        text x=(coordinate(0.5 * (a + b))) y=(coordinate(y + 18.5)) text-anchor="middle" { (k + 1) }
                    }
                }
            }
            @let whole = coordinate(x(disc.compression_n));
            line class="whole" x1=(whole) x2=(whole) y1=(coordinate(y - 3.0)) y2=(coordinate(y + 31.0)) {}
        }
        line class="zero" x1=(coordinate(x(0.0))) x2=(coordinate(x(0.0))) y1="0" y2=(coordinate(height - 26.0)) {}
    };
    image(
        &words::identifier(&position.position, "pressing"),
        "chart stack",
        [0.0, 0.0, 600.0, height],
        &format!("{}: what presses on each disc", position.title),
        &format!(
            "Stacked bars of compression by source. Whole: {}. The table below has every number.",
            description.join(", ")
        ),
        body,
    )
}

/// Where each source's piece runs, positive ones to the right of zero and negative ones to the left.
fn stack(shown: &[Source], level: usize) -> Vec<(usize, f64, f64)> {
    let (mut up, mut down) = (0.0, 0.0);
    shown
        .iter()
        .enumerate()
        .map(|(k, s)| {
            let value = s.by_level[level];
            let end = if value >= 0.0 { &mut up } else { &mut down };
            let from = *end;
            *end += value;
            (k, from, *end)
        })
        .collect()
}

/// A round distance between grid lines: 1, 2 or 5 times a power of ten, five lines or so.
fn round_step(span: f64) -> f64 {
    let mut step = 1.0;
    while step * 5.0 < span && step < 1e9 {
        for factor in [2.0, 2.5, 2.0] {
            if step * 5.0 < span {
                step *= factor;
            }
        }
    }
    step
}

fn full_table(position: &PositionResult, all: &[Source]) -> Markup {
    let discs = &position.person.posture.discs;
    html! {
        details {
            summary { "Every source in numbers: " (position.title) }
            div class="scroll" tabindex="0" role="region" aria-label=(format!("Sources of disc load, {}", position.title)) {
                table class="plain" {
                    caption { (position.title) ": compression by source, N, both sides added" }
                    thead {
                        tr {
                            th scope="col" { "Source" }
                            @for d in discs { th scope="col" class="n" { (d.level) } }
                        }
                    }
                    tbody {
                        @for s in all {
                            tr {
                                th scope="row" { (s.name) }
                                @for v in &s.by_level { td class="n" { (words::plain(*v, "N")) } }
                            }
                        }
                    }
                    tfoot {
                        tr {
                            th scope="row" { "Whole" }
                            @for d in discs { td class="n" { strong { (words::plain(d.compression_n, "N")) } } }
                        }
                    }
                }
            }
        }
    }
}
