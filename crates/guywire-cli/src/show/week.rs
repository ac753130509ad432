//! A week in the terminal.

use super::examination::sided;
use super::range::{between, whose};
use crate::json;
use crate::table::{Align, Table, fixed, signed};
use guywire::case::Counted;
use guywire::results::{DiscHours, FootHours, Quantiles, Side, WeekResult};
use guywire::week::Activities;
use serde::Serialize;
use std::fmt::Write;

/// An activity that a week may hold.
#[derive(Serialize)]
struct Listed<'a> {
    activity: &'a str,
    title: &'a str,
    counted: &'static str,
    leads: bool,
    description: &'a str,
    source: &'a str,
}

/// Every activity that a week may hold.
pub fn activities(activities: &Activities, as_json: bool) -> anyhow::Result<String> {
    let names = activities.names();
    let list: Vec<Listed<'_>> = activities
        .all()
        .iter()
        .zip(&names)
        .map(|(activity, name)| Listed {
            activity: &activity.name,
            title: &activity.title,
            counted: if name.counted == Counted::Hours { "hours" } else { "repetitions" },
            leads: name.leads,
            description: &activity.description,
            source: &activity.source,
        })
        .collect();
    if as_json {
        return Ok(json::rows(&list)?);
    }
    let left = Align::Left;
    let mut table =
        Table::new(&[("activity", left), ("counted in", left), ("lead", left), ("what it is", left)]);
    for activity in &list {
        let lead = if activity.leads { "left, right" } else { "" };
        table.row([activity.activity, activity.counted, lead, activity.description].map(str::to_owned));
    }
    Ok(table.to_string())
}

/// The two sides: one text where they agree.
fn both([left, right]: [String; 2]) -> String {
    if left == right { left } else { format!("{left} / {right}") }
}

/// A share, in per cent.
fn percent(share: f64) -> String {
    signed(100.0 * share, 0)
}

/// The numbers of an activity, by their names.
struct Ranges<'w> {
    week: &'w WeekResult,
    activity: usize,
}

impl Ranges<'_> {
    fn of(&self, name: &str) -> Option<&Quantiles> {
        self.week.range_in(self.activity, name)
    }

    /// Lengths of a group against standing, and where they lie.
    fn lengths(&self, group: &str) -> [String; 2] {
        let groups = &self.week.activities[self.activity].groups;
        let length = Side::BOTH.map(|side| {
            let found = groups.iter().find(|g| g.group == group && g.side == side);
            percent(found.map_or(f64::NAN, |g| g.longer_than_standing))
        });
        let range = Side::BOTH.map(|side| {
            between(self.of(&format!("groups.{group}.{}.longer_than_standing", side.name())), percent)
        });
        [both(length), both(range)]
    }

    /// The greater number of both sides, and where it lies.
    fn greater(&self, [left, right]: [f64; 2], name: impl Fn(Side) -> String, scale: f64) -> [String; 2] {
        let (side, value) = if right > left { (Side::Right, right) } else { (Side::Left, left) };
        let written = |v: f64| fixed(scale * v, 1);
        [written(value), between(self.of(&name(side)), written)]
    }
}

/// What pulls at the heels and ties the arches of the feet.
fn feet(week: &WeekResult) -> String {
    type Of = fn(&FootHours) -> f64;
    const MOST: [(&str, Of); 2] = [
        ("greatest_achilles_n", |foot| foot.greatest_achilles_n),
        ("greatest_sole_n", |foot| foot.greatest_sole_n),
    ];
    const HOURS: [(&str, Of); 2] = [
        ("achilles_hours_above_weight", |foot| foot.achilles_hours_above_weight),
        ("sole_hours_above_weight", |foot| foot.sole_hours_above_weight),
    ];
    let right = Align::Right;
    let mut table = Table::new(&[
        ("calf and sole", Align::Left),
        ("Achilles, most [BW]", right),
        ("sole, most [BW]", right),
        ("Achilles above 1 BW [h]", right),
        ("sole above 1 BW [h]", right),
    ]);
    let named = |field: &str, side: Side| format!("feet.{}.{field}", side.name());
    let hour = |hours: f64| fixed(hours, 1);
    for (activity, a) in week.activities.iter().enumerate() {
        let ranges = Ranges { week, activity };
        let of =
            |of: Of| Side::BOTH.map(|side| a.feet.iter().find(|foot| foot.side == side).map_or(f64::NAN, of));
        let most = MOST.map(|(field, force)| {
            ranges.greater(of(force), |side| named(field, side), week.body_weight_n.recip())
        });
        let hours = HOURS.map(|(field, hours)| {
            let range = Side::BOTH.map(|side| between(ranges.of(&named(field, side)), hour));
            [both(of(hours).map(hour)), both(range)]
        });
        let cells = most.into_iter().chain(hours);
        let (numbers, below): (Vec<String>, Vec<String>) =
            cells.map(|[number, below]| (number, below)).unzip();
        table.row([a.title.clone()].into_iter().chain(numbers));
        table.row([String::new()].into_iter().chain(below));
    }
    let all = HOURS.map(|(field, of)| {
        let range = Side::BOTH.map(|side| between(week.range(&named(field, side)), hour));
        [both(Side::BOTH.map(|side| hour(week.hours(side, of)))), both(range)]
    });
    let none = String::new;
    table.row(["all of the week".to_owned(), none(), none(), all[0][0].clone(), all[1][0].clone()]);
    table.row([none(), none(), none(), all[0][1].clone(), all[1][1].clone()]);
    format!(
        "\n{table}\nAchilles: force of the calf. Sole: tension of all that ties the arch, of which the plantar fascia carries a part.\n\
         Hours of the week above body weight, left / right where they differ; a stride has eight phases.\n"
    )
}

/// What each hour of a week does.
pub fn week(name: &str, week: &WeekResult) -> String {
    let mut out = format!("{name}: what each hour of the week does\n\n");
    let right = Align::Right;
    let mut table = Table::new(&[
        ("activity", Align::Left),
        ("hours", right),
        ("hip flexors [%]", right),
        ("hamstrings [%]", right),
        ("lowest disc [N]", right),
        ("most [N]", right),
        ("kN h", right),
        ("hip [BW]", right),
        ("", Align::Left),
    ]);
    for (activity, a) in week.activities.iter().enumerate() {
        let ranges = Ranges { week, activity };
        let of = |field: &str, number: fn(&DiscHours) -> f64, decimals: usize, scale: f64| {
            let written = |v: f64| fixed(scale * v, decimals);
            let disc = a.discs.last();
            let range = disc.and_then(|disc| ranges.of(&format!("discs.{}.{field}", disc.level)));
            [written(disc.map_or(f64::NAN, number)), between(range, written)]
        };
        let hip = |side: Side| format!("hips.{}.greatest_force_bw", side.name());
        let cells = [
            ranges.lengths("hip_flexors"),
            ranges.lengths("hamstrings"),
            of("compression_n", |d| d.compression_n, 0, 1.0),
            of("greatest_compression_n", |d| d.greatest_compression_n, 0, 1.0),
            of("newton_hours", |d| d.newton_hours, 1, 1e-3),
            ranges.greater(a.greatest_hip_force_bw, hip, 1.0),
        ];
        let counted = a.repetitions.map(|n| format!("{} times", fixed(n, 0)));
        let lead = a.lead.map(|side| format!("{} first", side.name()));
        let assumed = a.assumed.then(|| "assumed, not told".to_owned());
        let notes: Vec<String> = [counted, lead, assumed].into_iter().flatten().collect();
        let (numbers, below): (Vec<String>, Vec<String>) =
            cells.into_iter().map(|[number, below]| (number, below)).unzip();
        let first = [sided(&a.title, None), fixed(a.hours, 1)];
        table.row(first.into_iter().chain(numbers).chain([notes.join(", ")]));
        table.row([String::new(), String::new()].into_iter().chain(below));
    }
    let _ = writeln!(out, "{table}");
    let _ = writeln!(
        out,
        "Hip flexors, hamstrings: mean fibre length against standing, in % of optimal length; left / right where they differ.\n\
         Rectus femoris is among the hip flexors, and a bent knee lengthens it.\n\
         Lowest disc: mean compression, the most in the activity, and compression times hours. Hip: greatest contact force in\n\
         body weights. All of it follows from the poses (docs/week.md); it says nothing of pain."
    );
    out += &whose("Below each number", week.spread.as_ref());
    out += &feet(week);
    let [told, unknown] = [week.told_hours, week.unknown_hours].map(|hours| fixed(hours, 1));
    let _ = writeln!(out, "\nTold: {told} of 168 hours; of {unknown} hours nothing is known.");
    if week.assumed_sleep_hours > 0.0 {
        let sleep = fixed(week.assumed_sleep_hours, 0);
        let _ = writeln!(
            out,
            "No sleep was told: {sleep} hours are assumed, in the positions that people sleep in."
        );
    }
    out
}
