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
        // Adding zero takes the sign from a rounded one.
        found.map(|g| format!("{:+.0}", (100.0 * finite(g.longer_than_standing)).round() + 0.0))
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

/// The section of a report.
pub(crate) fn section(name: &str, week: &WeekResult) -> Markup {
    html! {
        section aria-labelledby="week-head" {
            h2 id="week-head" { "What each hour of your week does" }
            p {
                "Every activity was solved as one or a few poses of this body; what lies below follows from them. "
                "Hip flexors and hamstrings: how much longer or shorter their fibres are than in standing, of their optimal length; "
                "left and right where they differ. Lowest disc: its mean compression. These are single numbers without intervals, "
                "and they say nothing of pain."
            }
            figure { (bar(name, week)) }
            p class="small" {
                (format!("Told: {:.1} of 168 hours; of {:.1} hours nothing is known.", finite(week.told_hours), finite(week.unknown_hours)))
                @if week.assumed_sleep_hours > 0.0 {
                    (format!(" No sleep was told: {:.0} hours are assumed.", finite(week.assumed_sleep_hours)))
                }
            }
        }
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use guywire::results::{DiscHours, GroupHours};

    fn activity(title: &str, hours: f64, longer: [f64; 2]) -> ActivityResult {
        let group = |side: Side, longer_than_standing: f64| GroupHours {
            group: "hip_flexors".into(),
            side,
            normalized_fiber_length: 1.0,
            longer_than_standing,
            activation: 0.0,
        };
        ActivityResult {
            activity: title.to_lowercase(),
            title: title.into(),
            lead: None,
            hours,
            repetitions: None,
            assumed: title == "Sleeping",
            groups: vec![group(Side::Left, longer[0]), group(Side::Right, longer[1])],
            muscles: Vec::new(),
            discs: vec![DiscHours {
                level: "L5/S1".into(),
                compression_n: 417.4,
                greatest_compression_n: 500.0,
                posterior_stress_mpa: 0.4,
                pressure_mpa: 0.3,
                newton_hours: 417.4 * hours,
            }],
            feet: Vec::new(),
            greatest_hip_force_bw: [0.2, 0.2],
        }
    }

    fn week(activities: Vec<ActivityResult>) -> WeekResult {
        WeekResult {
            body_weight_n: 700.0,
            told_hours: 38.0,
            assumed_sleep_hours: 56.0,
            unknown_hours: 74.0,
            activities,
        }
    }

    #[test]
    fn sides_are_told_apart_where_they_differ() {
        let told =
            week(vec![activity("Sitting", 38.0, [-0.19, -0.19]), activity("Sleeping", 56.0, [0.01, -0.001])]);
        let drawn = section("Ada", &told).into_string();
        for words in ["-19 %<", "+1 / +0 %<", "417 N", "Sleeping (assumed)", "56 hours are assumed"] {
            assert!(drawn.contains(words), "{words}: {drawn}");
        }
    }

    #[test]
    fn nothing_drawn_is_no_number() {
        let told = week(vec![activity("Sitting", f64::NAN, [f64::INFINITY, f64::NAN])]);
        let drawn = on_its_own("Ada", &told).into_string();
        assert!(!drawn.contains("NaN") && !drawn.contains("inf"), "{drawn}");
    }
}
