//! What pulls what: a graph with the computed changes on its arrows.
//!
//! A lane per tissue setting: the setting, the muscle forces that it changes, and bars that all lanes share for
//! pelvic tilt, lordosis and disc load. The number on an arrow is the change of what the arrow points at, when
//! that setting alone is added to reference tissue.

use crate::sentences::{DISC_QUANTITY, LORDOSIS, TILT, large, weighty};
use crate::svg::{coordinate, image};
use crate::words;
use guywire::results::{Cause, Effect, PositionResult};
use maud::{Markup, html};

/// Muscle forces that a lane names at most.
const FORCES: usize = 2;
/// Height of a lane and of the header above the lanes.
const LANE: f64 = 104.0;
const HEAD: f64 = 58.0;
/// Height of the line below the lanes that says what all settings do together.
const FOOT: f64 = 44.0;
/// Left edge and width of each column: setting, forces, tilt, lordosis, disc.
const COLUMNS: [(f64, f64); 5] =
    [(0.0, 196.0), (272.0, 170.0), (520.0, 112.0), (706.0, 112.0), (888.0, 112.0)];

/// A shared bar of the graph.
const TARGETS: [(&str, &str); 3] =
    [(TILT, "pelvic tilt"), (LORDOSIS, "lordosis"), (DISC_QUANTITY, "L5/S1 load")];

fn effect<'a>(cause: &'a Cause, quantity: &str) -> Option<&'a Effect> {
    cause.effects.iter().find(|e| e.quantity == quantity)
}

/// The forces that a setting changes most, if they matter.
fn forces(cause: &Cause) -> Vec<&Effect> {
    let mut forces: Vec<&Effect> =
        cause.effects.iter().filter(|e| e.quantity.starts_with("force.") && large(e)).collect();
    forces.sort_by(|a, b| b.alone.abs().total_cmp(&a.alone.abs()).then_with(|| a.quantity.cmp(&b.quantity)));
    forces.truncate(FORCES);
    forces
}

/// The graph of one position, or a line that says why there is none.
pub(crate) fn graph(position: &PositionResult) -> Markup {
    let lanes: Vec<&Cause> = position.causes.iter().filter(|c| weighty(c)).collect();
    if lanes.is_empty() {
        return html! {};
    }
    let height = HEAD + LANE * lanes.len() as f64 + FOOT;
    let id = words::identifier(&position.position, "causes");
    let says: Vec<String> = lanes.iter().map(|c| lane_in_words(c)).collect();
    let body = html! {
        defs {
            marker id=(format!("{id}-tip")) viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" orient="auto" {
                path d="M0 0L10 5L0 10Z" class="tip" {}
            }
        }
        @for (k, (quantity, name)) in TARGETS.iter().enumerate() {
            (target(lanes.iter().find_map(|c| effect(c, quantity)), name, COLUMNS[k + 2], height))
        }
        @for (i, cause) in lanes.iter().enumerate() {
            (lane(cause, HEAD + LANE * i as f64, &id))
        }
    };
    html! {
        div class="scroll graph-wide" tabindex="0" role="region" aria-label=(format!("What pulls what, {}", position.title)) {
            (image(&id, "chart graph", [-4.0, 0.0, 1008.0, height + 4.0],
                &format!("{}: what pulls what", position.title),
                &format!("Each arrow carries the change of what it points at. {}", says.join(" ")), body))
        }
        (narrow(&lanes))
    }
}

/// A bar shared by all lanes, with reference and present value on its head.
fn target(effect: Option<&Effect>, name: &str, (x, width): (f64, f64), height: f64) -> Markup {
    html! {
        rect class="target" x=(coordinate(x)) y="2" width=(coordinate(width)) height=(coordinate(height)) rx="10" {}
        text class="target-name" x=(coordinate(x + 0.5 * width)) y="22" text-anchor="middle" { (name) }
        @if let Some(e) = effect {
            text class="target-value" x=(coordinate(x + 0.5 * width)) y="43" text-anchor="middle" {
                (words::plain(e.reference, &e.unit)) " → " (words::amount(e.person, &e.unit))
            }
            text class="quiet" x=(coordinate(x + 0.5 * width)) y=(coordinate(height - 27.0)) text-anchor="middle" { "all together" }
            text class="target-name" x=(coordinate(x + 0.5 * width)) y=(coordinate(height - 9.0)) text-anchor="middle" {
                (words::change(e.person - e.reference, &e.unit))
            }
        }
    }
}

fn lane(cause: &Cause, y: f64, id: &str) -> Markup {
    let middle = y + 0.5 * LANE;
    let pulls = forces(cause);
    let (setting_x, setting_width) = COLUMNS[0];
    let start = setting_x + setting_width;
    let lines = wrapped(&cause.label, 20);
    html! {
        rect class="setting" x=(coordinate(setting_x)) y=(coordinate(y + 10.0)) width=(coordinate(setting_width)) height=(coordinate(LANE - 20.0)) rx="10" {}
        @for (i, line) in lines.iter().enumerate() {
            text class="setting-name" x=(coordinate(setting_x + 12.0)) y=(coordinate(middle + 5.0 + 17.0 * (i as f64 - 0.5 * (lines.len() as f64 - 1.0)))) { (line) }
        }
        @for (i, pull) in pulls.iter().enumerate() {
            @let at = middle + 48.0 * (i as f64 - 0.5 * (pulls.len() as f64 - 1.0));
            (arrow(start, middle, COLUMNS[1].0, at, id, pull))
            (pull_box(pull, at))
        }
        @for (k, (quantity, _)) in TARGETS.iter().enumerate() {
            @if let Some(e) = effect(cause, quantity) {
                @let from = match (k, pulls.is_empty()) {
                    (0, true) => start,
                    _ => COLUMNS[k + 1].0 + COLUMNS[k + 1].1,
                };
                (arrow(from, middle, COLUMNS[k + 2].0, middle, id, e))
            }
        }
    }
}

fn pull_box(pull: &Effect, at: f64) -> Markup {
    let (x, width) = COLUMNS[1];
    let name = pull.label.strip_prefix("force in the ").unwrap_or(&pull.label);
    html! {
        rect class="pull-box" x=(coordinate(x)) y=(coordinate(at - 18.0)) width=(coordinate(width)) height="36" rx="8" {}
        text class="pull-name" x=(coordinate(x + 10.0)) y=(coordinate(at - 3.0)) { (name) }
        text class="quiet" x=(coordinate(x + 10.0)) y=(coordinate(at + 12.0)) {
            (words::plain(pull.reference, &pull.unit)) " → " (words::amount(pull.reference + pull.alone, &pull.unit))
        }
    }
}

/// An arrow whose width follows the size of the change, dashed where it is below the threshold.
fn arrow(x0: f64, y0: f64, x1: f64, y1: f64, id: &str, e: &Effect) -> Markup {
    let bend = 0.45 * (x1 - x0);
    let class = match (large(e), e.alone < 0.0) {
        (false, _) => "arrow faint",
        (true, false) => "arrow more",
        (true, true) => "arrow less",
    };
    let label = if large(e) { words::change(e.alone, &e.unit) } else { String::from("≈ 0") };
    let (lx, ly) = if (y1 - y0).abs() > 1.0 {
        (0.5 * (x0 + x1) + 4.0, y1 + if y1 < y0 { -7.0 } else { 17.0 })
    } else {
        (0.5 * (x0 + x1) - 3.0, y1 - 10.0)
    };
    html! {
        path class=(class) marker-end=(format!("url(#{id}-tip)"))
            d={ "M" (coordinate(x0)) " " (coordinate(y0)) "C" (coordinate(x0 + bend)) " " (coordinate(y0)) " " (coordinate(x1 - bend)) " " (coordinate(y1)) " " (coordinate(x1 - 3.0)) " " (coordinate(y1)) } {}
        text class="arrow-label" x=(coordinate(lx)) y=(coordinate(ly)) text-anchor="middle" { (label) }
    }
}

/// Words broken into lines of at most `width` letters.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(String::from(word)),
        }
    }
    lines
}

fn lane_in_words(cause: &Cause) -> String {
    let parts: Vec<String> = forces(cause)
        .into_iter()
        .chain(TARGETS.iter().filter_map(|(q, _)| effect(cause, q)))
        .map(|e| format!("{} {}", e.label, words::change(e.alone, &e.unit)))
        .collect();
    format!("{}: {}.", cause.label, parts.join(", "))
}

/// The same chains one below the other, for narrow screens; the wide graph already speaks to screen readers.
fn narrow(lanes: &[&Cause]) -> Markup {
    html! {
        div class="graph-narrow" aria-hidden="true" {
            @for cause in lanes {
                ol class="chain" {
                    li class="chain-setting" { (cause.label) }
                    @for e in forces(cause).into_iter().chain(TARGETS.iter().filter_map(|(q, _)| effect(cause, q))) {
                        li {
                            span class="chain-arrow" { "↓ " (words::change(e.alone, &e.unit)) }
                            span { (e.label) " " span class="quiet" { (words::plain(e.reference, &e.unit)) " → " (words::amount(e.reference + e.alone, &e.unit)) } }
                        }
                    }
                }
            }
        }
    }
}
