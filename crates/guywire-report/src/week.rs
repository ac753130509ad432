//! A week as a bar: how long each activity lasts, and what an hour of it does.

use crate::svg::{coordinate, finite, image, text};
use crate::words;
use guywire::results::{ActivityResult, Side, WeekResult};
use maud::{Markup, html};

/// Hours of the whole bar.
const HOURS: f64 = 168.0;
const WIDTH: f64 = 760.0;
const BAR: f64 = 30.0;
const ROW: f64 = 24.0;
const RANGE: f64 = 12.0;
const TOP: f64 = 62.0;
/// Columns of the table under the bar.
const SWATCH: f64 = 8.0;
const NAME: f64 = 30.0;
const COLUMNS: [f64; 4] = [370.0, 490.0, 620.0, 750.0];
/// Fills that differ in print too: dark to light and back.
const FILLS: [&str; 8] =
    ["#1b4f72", "#7fb3d5", "#145a32", "#82c99b", "#784212", "#e5b17a", "#4a235a", "#b79ac8"];
const UNKNOWN: &str = "#e6e6e6";

/// A share in whole per cent, with its sign.
fn percent(share: f64) -> String {
    // Adding zero takes the sign from a rounded one.
    format!("{:+.0}", (100.0 * finite(share)).round() + 0.0)
}

/// Both sides as one text where they agree.
fn both(left: String, right: String) -> String {
    if left == right { left } else { format!("{left} / {right}") }
}

/// An activity of a week, by its place.
struct Row<'w> {
    week: &'w WeekResult,
    place: usize,
    activity: &'w ActivityResult,
}

impl Row<'_> {
    /// Where a number of the activity lies.
    fn range(&self, name: &str, written: impl Fn(f64) -> String) -> Option<String> {
        let range = self.week.range_in(self.place, name)?;
        Some(format!("{} to {}", written(range.low90), written(range.high90)))
    }

    /// How much longer a group is than in standing, and where that lies.
    fn group(&self, group: &str) -> [Option<String>; 2] {
        let of = |side: Side| {
            let found = self.activity.groups.iter().find(|g| g.group == group && g.side == side);
            found.map(|g| percent(g.longer_than_standing))
        };
        let range =
            |side: Side| self.range(&format!("groups.{group}.{}.longer_than_standing", side.name()), percent);
        let sides = |of: &dyn Fn(Side) -> Option<String>| Some(both(of(Side::Left)?, of(Side::Right)?));
        [sides(&of).map(|text| format!("{text} %")), sides(&range)]
    }

    /// The mean compression of the lowest disc, and where it lies.
    fn disc(&self) -> [Option<String>; 2] {
        let newton = |force: f64| format!("{:.0}", finite(force));
        let Some(disc) = self.activity.discs.last() else { return [None, None] };
        let range = self.range(&format!("discs.{}.compression_n", disc.level), newton);
        [Some(format!("{} N", newton(disc.compression_n))), range]
    }
}

/// Height of a row: a second line holds intervals.
fn row_height(week: &WeekResult) -> f64 {
    if week.spread.is_some() { ROW + RANGE } else { ROW }
}

fn height(week: &WeekResult) -> f64 {
    TOP + ROW * 2.0 + row_height(week) * week.activities.len() as f64
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
    let y = |row: usize| TOP + ROW + row_height(week) * row as f64;
    let rows = week.activities.iter().enumerate().map(|(place, activity)| Row { week, place, activity });
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
        @for (row, (_, _, fill)) in rows.zip(&parts) {
            @let (y, a) = (y(row.place), row.activity);
            rect x=(coordinate(SWATCH)) y=(coordinate(y - 11.0)) width="14" height="14" fill=(fill) {}
            (text("cell", [NAME, y], "start", &label(a)))
            (text("cell", [COLUMNS[0], y], "end", &format!("{:.1}", finite(a.hours))))
            @for (x, [number, range]) in COLUMNS[1..].iter().zip([row.group("hip_flexors"), row.group("hamstrings"), row.disc()]) {
                @if let Some(number) = number { (text("cell", [*x, y], "end", &number)) }
                @if let Some(range) = range { (text("range", [*x, y + RANGE], "end", &range)) }
            }
        }
        @let row = week.activities.len();
        rect x=(coordinate(SWATCH)) y=(coordinate(y(row) - 11.0)) width="14" height="14" fill=(UNKNOWN) {}
        (text("cell", [NAME, y(row)], "start", "not known"))
        (text("cell", [COLUMNS[0], y(row)], "end", &format!("{:.1}", finite(week.unknown_hours))))
    };
    let title =
        format!("The week of {name}: hours, mean fibre length against standing, load of the lowest disc");
    image("week", "week", [0.0, 0.0, WIDTH, height(week)], &title, &description, body)
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
                "left and right where they differ. Lowest disc: its mean compression. " (words::whose("Below each number", week.spread.as_ref())) " "
                "All of this says nothing of pain."
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
        svg xmlns="http://www.w3.org/2000/svg" viewBox=(format!("0 0 {} {}", WIDTH + 40.0, height(week) + 40.0))
            font-family="sans-serif" font-size="13" {
            style { ".head{font-weight:bold}.range{font-size:10px;fill:#5a6675}" }
            rect width="100%" height="100%" fill="#fff" {}
            svg x="20" y="20" width=(coordinate(WIDTH)) height=(coordinate(height(week))) {
                (bar(name, week))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use guywire::results::{DiscHours, GroupHours, Quantiles, Spread};

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
            spread: None,
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
    fn intervals_stand_below_their_numbers() {
        let mut told =
            week(vec![activity("Sitting", 38.0, [-0.19, -0.19]), activity("Sleeping", 56.0, [0.01, 0.01])]);
        let range = |quantity: &str, low90: f64, high90: f64| Quantiles {
            quantity: quantity.into(),
            low90,
            median: 0.0,
            high90,
        };
        let quantities = vec![
            range("activities.0.groups.hip_flexors.left.longer_than_standing", -0.25, -0.1),
            range("activities.0.groups.hip_flexors.right.longer_than_standing", -0.25, -0.1),
            range("activities.1.groups.hip_flexors.left.longer_than_standing", -0.02, 0.03),
            range("activities.1.groups.hip_flexors.right.longer_than_standing", -0.02, 0.04),
            range("activities.1.discs.L5/S1.compression_n", 400.4, 612.0),
        ];
        told.spread = Some(Spread { solved: 58, unsolved: 2, quantities, outlines: Vec::new() });
        let drawn = section("Ada", &told).into_string();
        for words in
            [">-25 to -10<", ">-2 to +3 / -2 to +4<", ">400 to 612<", "58 bodies", "2 of 60 such bodies"]
        {
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
