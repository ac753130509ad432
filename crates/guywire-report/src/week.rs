//! A week as a bar: how long each activity lasts, and what an hour of it does.

use crate::svg::{coordinate, finite, image, text};
use guywire::results::{ActivityResult, Side, WeekResult};
use maud::{Markup, html};

/// Hours of the whole bar.
const HOURS: f64 = 168.0;
const WIDTH: f64 = 760.0;
const BAR: f64 = 30.0;
const ROW: f64 = 24.0;
const TOP: f64 = 62.0;
/// Columns of the table under the bar.
const SWATCH: f64 = 8.0;
const NAME: f64 = 30.0;
const COLUMNS: [f64; 4] = [370.0, 490.0, 620.0, 750.0];
/// Fills that differ in print too: dark to light and back.
const FILLS: [&str; 8] =
    ["#1b4f72", "#7fb3d5", "#145a32", "#82c99b", "#784212", "#e5b17a", "#4a235a", "#b79ac8"];
const UNKNOWN: &str = "#e6e6e6";

fn group(activity: &ActivityResult, group: &str) -> String {
    let of = |side: Side| {
        let found = activity.groups.iter().find(|g| g.group == group && g.side == side);
        found.map(|g| format!("{:+.0}", 100.0 * finite(g.longer_than_standing)))
    };
    match (of(Side::Left), of(Side::Right)) {
        (Some(left), Some(right)) if left == right => format!("{left} %"),
        (Some(left), Some(right)) => format!("{left} / {right} %"),
        _ => String::new(),
    }
}

/// The bar with its numbers as one picture.
pub(crate) fn bar(name: &str, week: &WeekResult) -> Markup {
    let x = |hours: f64| finite(hours / HOURS * WIDTH);
    let mut from = 0.0;
    let parts: Vec<(f64, f64, &str)> = week
        .activities
        .iter()
        .enumerate()
        .map(|(i, a)| {
            let start = from;
            from += a.hours;
            (start, a.hours, FILLS[i % FILLS.len()])
        })
        .collect();
    let words: Vec<String> =
        week.activities.iter().map(|a| format!("{} {:.1} h", a.title, finite(a.hours))).collect();
    let description = format!("{}; not known {:.1} h", words.join(", "), finite(week.unknown_hours));
    let height = TOP + ROW * (week.activities.len() + 2) as f64;
    let y = |row: usize| TOP + ROW * (row + 1) as f64;
    let body = html! {
        @for (start, hours, fill) in &parts {
            rect x=(coordinate(x(*start))) y="0" width=(coordinate(x(*hours))) height=(coordinate(BAR))
                fill=(fill) stroke="#fff" {}
        }
        rect x=(coordinate(x(from))) y="0" width=(coordinate(x(week.unknown_hours))) height=(coordinate(BAR))
            fill=(UNKNOWN) stroke="#fff" {}
        (text("head", [NAME, TOP], "start", "hours of the week"))
        (text("head", [COLUMNS[0], TOP], "end", "hours"))
        (text("head", [COLUMNS[1], TOP], "end", "hip flexors"))
        (text("head", [COLUMNS[2], TOP], "end", "hamstrings"))
        (text("head", [COLUMNS[3], TOP], "end", "lowest disc"))
        @for (row, (a, (_, _, fill))) in week.activities.iter().zip(&parts).enumerate() {
            rect x=(coordinate(SWATCH)) y=(coordinate(y(row) - 11.0)) width="14" height="14" fill=(fill) {}
            (text("cell", [NAME, y(row)], "start", &label(a)))
            (text("cell", [COLUMNS[0], y(row)], "end", &format!("{:.1}", finite(a.hours))))
            (text("cell", [COLUMNS[1], y(row)], "end", &group(a, "hip_flexors")))
            (text("cell", [COLUMNS[2], y(row)], "end", &group(a, "hamstrings")))
            @if let Some(disc) = a.discs.last() {
                (text("cell", [COLUMNS[3], y(row)], "end", &format!("{:.0} N", finite(disc.compression_n))))
            }
        }
        @let row = week.activities.len();
        rect x=(coordinate(SWATCH)) y=(coordinate(y(row) - 11.0)) width="14" height="14" fill=(UNKNOWN) {}
        (text("cell", [NAME, y(row)], "start", "not known"))
        (text("cell", [COLUMNS[0], y(row)], "end", &format!("{:.1}", finite(week.unknown_hours))))
    };
    let title =
        format!("The week of {name}: hours, mean fibre length against standing, load of the lowest disc");
    image("week", "week", [0.0, 0.0, WIDTH, height], &title, &description, body)
}

fn label(activity: &ActivityResult) -> String {
    let lead = activity.lead.map(|side| format!(", {} first", side.name())).unwrap_or_default();
    let assumed = if activity.assumed { " (assumed)" } else { "" };
    format!("{}{lead}{assumed}", activity.title)
}

/// The picture as a file of its own.
pub(crate) fn on_its_own(name: &str, week: &WeekResult) -> Markup {
    html! {
        svg xmlns="http://www.w3.org/2000/svg" viewBox=(format!("0 0 {} {}", WIDTH + 40.0, 140.0 + ROW * week.activities.len() as f64))
            font-family="sans-serif" font-size="13" {
            style { ".head{font-weight:bold}" }
            rect width="100%" height="100%" fill="#fff" {}
            svg x="20" y="20" width=(coordinate(WIDTH)) height=(coordinate(TOP + ROW * (week.activities.len() + 2) as f64)) {
                (bar(name, week))
            }
        }
    }
}
