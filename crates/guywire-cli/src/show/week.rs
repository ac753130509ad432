//! A week in the terminal.

use super::examination::sided;
use crate::json;
use crate::table::{Align, Table, fixed, signed};
use guywire::case::Counted;
use guywire::results::{ActivityResult, FootHours, Side, WeekResult};
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

/// Length of a group against standing, both sides: one number where they agree.
fn length(activity: &ActivityResult, group: &str) -> String {
    let of = |side: Side| {
        let found = activity.groups.iter().find(|g| g.group == group && g.side == side);
        signed(found.map_or(f64::NAN, |g| 100.0 * g.longer_than_standing), 0)
    };
    let [left, right] = [of(Side::Left), of(Side::Right)];
    if left == right { left } else { format!("{left} / {right}") }
}

/// What pulls at the heels and ties the arches of the feet.
fn feet(week: &WeekResult) -> String {
    type Of = fn(&FootHours) -> f64;
    let right = Align::Right;
    let mut table = Table::new(&[
        ("calf and sole", Align::Left),
        ("Achilles, most [BW]", right),
        ("sole, most [BW]", right),
        ("Achilles above 1 BW [h]", right),
        ("sole above 1 BW [h]", right),
    ]);
    let feet = |of: Of, side: Side, activities: &[ActivityResult]| -> f64 {
        activities.iter().flat_map(|a| &a.feet).filter(|foot| foot.side == side).map(of).sum()
    };
    let both = |of: Of, activities: &[ActivityResult]| {
        let [left, right] = Side::BOTH.map(|side| fixed(feet(of, side, activities), 1));
        if left == right { left } else { format!("{left} / {right}") }
    };
    let most = |of: Of, activity: &ActivityResult| {
        fixed(activity.feet.iter().map(of).fold(f64::NAN, f64::max) / week.body_weight_n, 1)
    };
    let hours: [Of; 2] = [|foot| foot.achilles_hours_above_weight, |foot| foot.sole_hours_above_weight];
    for a in &week.activities {
        let own = std::slice::from_ref(a);
        table.row([
            a.title.clone(),
            most(|foot| foot.greatest_achilles_n, a),
            most(|foot| foot.greatest_sole_n, a),
            both(hours[0], own),
            both(hours[1], own),
        ]);
    }
    let [achilles, sole] = hours.map(|of| both(of, &week.activities));
    table.row(["all of the week".to_owned(), String::new(), String::new(), achilles, sole]);
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
    for a in &week.activities {
        let disc = a.discs.last();
        let of =
            |f: fn(&guywire::results::DiscHours) -> f64, decimals| fixed(disc.map_or(f64::NAN, f), decimals);
        let counted = a.repetitions.map(|n| format!("{} times", fixed(n, 0)));
        let lead = a.lead.map(|side| format!("{} first", side.name()));
        let assumed = a.assumed.then(|| "assumed, not told".to_owned());
        let notes: Vec<String> = [counted, lead, assumed].into_iter().flatten().collect();
        table.row([
            sided(&a.title, None),
            fixed(a.hours, 1),
            length(a, "hip_flexors"),
            length(a, "hamstrings"),
            of(|d| d.compression_n, 0),
            of(|d| d.greatest_compression_n, 0),
            of(|d| d.newton_hours / 1000.0, 1),
            fixed(a.greatest_hip_force_bw[0].max(a.greatest_hip_force_bw[1]), 1),
            notes.join(", "),
        ]);
    }
    let _ = writeln!(out, "{table}");
    let _ = writeln!(
        out,
        "Hip flexors, hamstrings: mean fibre length against standing, in % of optimal length; left / right where they differ.\n\
         Rectus femoris is among the hip flexors, and a bent knee lengthens it.\n\
         Lowest disc: mean compression, the most in the activity, and compression times hours. Hip: greatest contact force in\n\
         body weights. All of it follows from the poses (docs/week.md); it says nothing of pain."
    );
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
