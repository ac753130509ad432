//! Forecasts and plans in the terminal.

use crate::table::{Align, Table, fixed, signed};
use guywire::results::{ForecastResult, GoalResult, OwnRate, PlanResult, Series, SeriesKind};
use std::fmt::Write;

/// Weeks of the table besides now and the end: about what a person would look at.
const LOOKED_AT: [usize; 5] = [1, 2, 4, 8, 16];
/// Tissue that changes by less, a share, is no row.
const WORTH_A_ROW: f64 = 0.02;
/// Most rows of tissue: those that change most.
const ROWS_OF_TISSUE: usize = 6;

/// Least share of the variance of a rate that is told of.
const WORTH_TELLING: f64 = 0.05;

/// Digits after the point that a unit is read with.
fn digits(unit: &str) -> usize {
    match unit {
        "" | "MPa" => 2,
        "N" | "s" => 0,
        _ => 1,
    }
}

fn unit(unit: &str) -> String {
    if unit.is_empty() { "× now".to_owned() } else { unit.to_owned() }
}

/// What weeks make of a person.
pub fn forecast(name: &str, result: &ForecastResult) -> String {
    let weeks = result.weeks.len() - 1;
    let mut out = format!("{name}: {weeks} weeks");
    match &result.programme[..] {
        [] => out += ", nothing beside the week as it is\n",
        done => {
            let _ = writeln!(out, ", {:.0} % of the sessions done of", 100.0 * result.adherence);
            for (words, [from, until]) in done.iter().zip(&result.programme_weeks) {
                let _ = writeln!(out, "  weeks {from} to {until}: {words}");
            }
        }
    }
    if let Some(start) = result.start {
        let _ = writeln!(out, "Week 1 begins on {start}.");
    }
    out += &table(result);
    let _ = writeln!(
        out,
        "\nIn brackets where nine in ten of {} bodies lie that the tests allow, each with rates of its own.",
        result.members
    );
    let off: Vec<&str> = result.mechanisms.iter().filter(|m| !m.on).map(|m| m.name.as_str()).collect();
    if !off.is_empty() {
        let _ = writeln!(out, "Switched off: {}.", off.join(", "));
    }
    out += &sharpened(&result.rates);
    out += &carried(result);
    for limit in &result.limits {
        let _ = writeln!(out, "- {limit}");
    }
    out
}

/// Medians at some weeks, with the interval at the end.
fn table(result: &ForecastResult) -> String {
    let last = result.weeks.len() - 1;
    let shown: Vec<usize> =
        [0].into_iter().chain(LOOKED_AT.into_iter().filter(|week| 2 * week <= last)).chain([last]).collect();
    let names: Vec<String> = shown.iter().map(|week| format!("week {week}")).collect();
    let mut columns = vec![("", Align::Left)];
    columns.extend(names.iter().map(|name| (name.as_str(), Align::Right)));
    columns.push(("at the end", Align::Right));
    columns.push(("change", Align::Right));
    let mut table = Table::new(&columns);
    for series in rows(result) {
        let d = digits(&series.unit);
        let mut row = vec![format!("{} [{}]", series.label, unit(&series.unit))];
        row.extend(shown.iter().map(|&week| fixed(series.median[week], d)));
        row.push(format!("({} to {})", fixed(series.low90[last], d), fixed(series.high90[last], d)));
        let change = series.change;
        row.push(format!(
            "{} ({} to {})",
            signed(change.median, d),
            signed(change.low90, d),
            signed(change.high90, d)
        ));
        table.row(row);
    }
    format!("\n{table}")
}

/// How far a median ever gets from now.
fn furthest(series: &Series) -> f64 {
    series.median.iter().fold(0.0, |most, value| most.max((value - series.median[0]).abs()))
}

/// Everything that is solved, and the tissue that changes most.
fn rows(result: &ForecastResult) -> Vec<&Series> {
    let of = |tissue: bool| result.series.iter().filter(move |s| (s.kind == SeriesKind::Tissue) == tissue);
    let mut rows: Vec<&Series> = of(true).filter(|s| furthest(s) > WORTH_A_ROW).collect();
    rows.sort_by(|a, b| furthest(b).total_cmp(&furthest(a)));
    rows.truncate(ROWS_OF_TISSUE);
    rows.extend(of(false));
    rows
}

/// What later visits said of the person's rates: those of which they took away enough to be worth a line.
fn sharpened(rates: &[OwnRate]) -> String {
    if rates.is_empty() {
        return String::new();
    }
    let mut told: Vec<&OwnRate> = rates.iter().filter(|rate| rate.taken >= WORTH_TELLING).collect();
    told.sort_by(|a, b| b.taken.total_cmp(&a.taken));
    if told.is_empty() {
        return "What was done between visits and found after it says next to nothing of this person's rates.\n".to_owned();
    }
    let left = Align::Left;
    let mut table = Table::new(&[
        ("this person's rates, times the usual", left),
        ("now", Align::Right),
        ("nine in ten", Align::Right),
        ("before the visits", Align::Right),
        ("of the uncertainty gone", Align::Right),
    ]);
    let range = |[low, _, high]: [f64; 3]| format!("({} to {})", fixed(low, 2), fixed(high, 2));
    for rate in told {
        table.row([
            format!("{} ({})", rate.name, rate.words.trim_end_matches('.')),
            fixed(rate.posterior[1], 2),
            range(rate.posterior),
            range(rate.prior),
            format!("{:.0} %", 100.0 * rate.taken),
        ]);
    }
    format!("\nSharpened by what was done between the visits and found after it:\n{table}")
}

/// Which mechanism carried what of the changes that matter.
fn carried(result: &ForecastResult) -> String {
    let mut out = String::new();
    for series in result.series.iter().filter(|s| s.kind == SeriesKind::Test && !s.carried.is_empty()) {
        let d = digits(&series.unit);
        let parts: Vec<String> = series
            .carried
            .iter()
            .map(|part| format!("{} {} {}", part.mechanism, signed(part.by, d), series.unit))
            .collect();
        let _ = writeln!(out, "{}: carried by {}", series.label, parts.join(", "));
    }
    if out.is_empty() { out } else { format!("\n{out}\n") }
}

fn goal(goal: &GoalResult) -> String {
    let d = digits(&goal.unit);
    let sign = if goal.at_least { "at least" } else { "at most" };
    let [low, now, high] = goal.now.map(|v| fixed(v, d));
    let [end_low, end, end_high] = goal.end.map(|v| fixed(v, d));
    format!(
        "{}: {sign} {} {u}; now {now} ({low} to {high}), then {end} ({end_low} to {end_high}); reached with {:.0} %",
        goal.label,
        fixed(goal.target, d),
        100.0 * goal.probability,
        u = goal.unit,
    )
}

/// Changes of the goals' numbers, with their units.
fn adds(result: &PlanResult, by: &[[f64; 3]]) -> String {
    let each = result.goals.iter().zip(by).map(|(goal, by)| {
        let [low, median, high] = by.map(|v| signed(v, digits(&goal.unit) + 1));
        format!("{median} {} ({low} to {high})", goal.unit)
    });
    each.collect::<Vec<_>>().join(", ")
}

/// A plan.
pub fn plan(name: &str, result: &PlanResult) -> String {
    let mut out = format!("{name}: a plan of {} weeks\n\n", result.weeks);
    for of in &result.goals {
        let _ = writeln!(out, "Goal  {}", goal(of));
    }
    let together = 100.0 * result.probability;
    if result.reached {
        let _ = writeln!(out, "\nAll of it is reached with {together:.0} %.");
    } else {
        let _ = writeln!(
            out,
            "\n!!! Out of reach with {:.0} % in {} weeks: what comes nearest reaches it with {together:.0} %.",
            100.0 * result.asked_probability,
            result.weeks
        );
        for of in &result.goals {
            let d = digits(&of.unit);
            let _ = writeln!(
                out,
                "    within reach with {:.0} %: {} of {} {}",
                100.0 * result.asked_probability,
                of.label,
                fixed(of.within_reach, d),
                of.unit
            );
        }
    }
    let left = Align::Left;
    let mut table = Table::new(&[
        ("do", left),
        ("side", left),
        ("how much", left),
        ("min a week", Align::Right),
        ("adds", left),
    ]);
    for exercise in &result.exercises {
        table.row([
            format!("{} ({})", exercise.title, exercise.exercise),
            exercise.side.clone(),
            exercise.dose.clone(),
            fixed(exercise.minutes_a_week, 0),
            adds(result, &exercise.adds),
        ]);
    }
    let _ = match result.without_exercises() {
        Some(said) => writeln!(out, "\n{said}"),
        None => writeln!(out, "\n{table}{:.0} minutes a week.", result.minutes_a_week),
    };
    let mut needs: Vec<&str> = result.exercises.iter().flat_map(|e| &e.needs).map(String::as_str).collect();
    needs.sort_unstable();
    needs.dedup();
    if !needs.is_empty() {
        let _ = write!(out, "It needs {}", needs.join(", "));
        out += if result.equipment.is_none() {
            "; what there is was not told (`--equipment`).\n"
        } else {
            ".\n"
        };
    }
    for exercise in result.exercises.iter().filter(|e| !e.to_ask.is_empty()) {
        let _ = writeln!(out, "Ask first, for {}: {}", exercise.exercise, exercise.to_ask.join("; "));
    }
    if let Some(more) = &result.one_more {
        let _ = writeln!(
            out,
            "One more would add: {} ({}), {:.0} minutes a week: {}",
            more.title,
            more.side,
            more.minutes_a_week,
            adds(result, &more.adds)
        );
    }
    if !result.orders.is_empty() {
        out += "\nIn which order: what changes until the end\n";
        for order in &result.orders {
            let _ = writeln!(out, "  {}: {}", order.order, adds(result, &order.changes));
        }
    }
    if !result.habits.is_empty() {
        out += "\nWhat an hour a week is worth\n";
        for habit in &result.habits {
            let by = adds(result, &habit.an_hour_changes);
            let _ = writeln!(out, "  {} instead of {}: {by}", habit.activity, habit.instead_of);
        }
    }
    if !result.retests.is_empty() {
        out += "\nMeasure again\n";
        for test in &result.retests {
            let d = digits(&test.unit);
            let [low, median, high] = test.expected.map(|v| fixed(v, d));
            let _ = writeln!(
                out,
                "  week {}: {} {median} {u} ({low} to {high}), now {}; {}",
                test.week,
                test.label,
                fixed(test.now, d),
                test.otherwise,
                u = test.unit
            );
        }
    }
    out += "\nThe dose\n";
    result.rules.iter().for_each(|rule| {
        let _ = writeln!(out, "  {rule}");
    });
    let excluded = result.left_out.iter().filter(|l| !l.why.starts_with("a habit"));
    let excluded: Vec<String> = excluded.map(|l| format!("{} ({})", l.exercise, l.why)).collect();
    if !excluded.is_empty() {
        let _ = writeln!(out, "\nNot for {name}: {}", excluded.join("; "));
    }
    out + "\n" + &result.forecast.limits.iter().map(|limit| format!("- {limit}\n")).collect::<String>()
}
