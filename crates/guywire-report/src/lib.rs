//! Results as SVG figures and one self-contained HTML page; a posture as glTF.
//!
//! The page needs no network, no fonts and no scripts to be read; it prints on A4 and in black and white, and
//! every picture and chart has a title, a description and its numbers in a table or in words.

mod calendar;
mod charts;
mod clinician;
mod exercise;
mod figure;
mod fitted;
mod forecast;
mod gltf;
mod handout;
mod hypothesis;
mod legend;
mod outlook;
mod page;
mod screening;
mod sentences;
mod small_print;
mod svg;
mod visits;
mod week;
mod words;

pub use clinician::Behind;
pub use gltf::gltf;
pub use handout::HandoutOptions;

use guywire::case::{Date, Person};
use guywire::results::{
    ExerciseResult, ForecastResult, PlanResult, PositionResult, Results, Screening, WeekResult,
};

/// The whole report as one HTML page.
///
/// The same results give the same bytes; nothing outside the value is read.
pub fn html(results: &Results) -> String {
    page::page(results).into_string()
}

/// A position as one SVG picture: from the right side, from the front or above, and the lower back close up.
pub fn picture(position: &PositionResult) -> String {
    page::on_its_own(position).into_string()
}

/// A person's week as one SVG picture: how long each activity lasts, and what an hour of it does.
pub fn week(name: &str, week: &WeekResult) -> String {
    week::on_its_own(name, week).into_string()
}

/// A forecast as one SVG picture: bands over the weeks for tests, standing and discs.
pub fn forecast(name: &str, forecast: &ForecastResult) -> String {
    forecast::picture(name, forecast).into_string()
}

/// The poses of an exercise as one SVG picture, the muscles that it is meant for lit.
pub fn exercise_picture(exercise: &ExerciseResult, poses: &[PositionResult]) -> String {
    exercise::picture(exercise, poses).into_string()
}

/// An exercise as one HTML page for the person of this name: where the screening leads, what to do, what it does.
pub fn exercise_page(
    name: &str,
    screening: &Screening,
    exercise: &ExerciseResult,
    poses: &[PositionResult],
) -> String {
    exercise::page((name, screening), exercise, poses).into_string()
}

/// A plan as an HTML page to be printed, for the person of this name; each exercise of the plan with its poses.
pub fn handout(
    (name, screening): (&str, &Screening),
    plan: &PlanResult,
    exercises: &[(ExerciseResult, Vec<PositionResult>)],
    options: HandoutOptions,
) -> String {
    handout::Handout { name, screening, plan, exercises, options }.page().into_string()
}

/// A plan as an HTML page for a clinician: the screening, goals, exercises, readings, tissue, rates with their sources, and limits.
/// Where the screening lets nothing computed be shown, it holds the screening alone.
pub fn clinician(person: &Person, screening: &Screening, plan: &PlanResult, behind: Behind<'_>) -> String {
    clinician::Page { person, screening, plan, behind }.page().into_string()
}

/// A plan as an iCalendar that begins on a day; none where it would go on after the year 9999.
pub fn calendar(name: &str, plan: &PlanResult, start: Date) -> Option<String> {
    calendar::calendar(name, plan, start)
}
