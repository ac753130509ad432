//! An exercise on a page: what to do, how much, what it reaches, when to stop.

use crate::figure::{self, Picture};
use crate::page::{head, patterns, side_by_side};
use crate::{screening, words};
use guywire::results::{
    ExerciseCondition, ExerciseMuscle, ExerciseResult, MuscleState, PositionResult, Quantiles, Screening,
    Side,
};
use maud::{DOCTYPE, Markup, html};

/// How many muscles the table holds besides those that the exercise is meant for.
const MOST_MUSCLES: usize = 10;
/// How many of those that it is meant for are told where there is little room.
const MOST_REACHED: usize = 3;
/// A muscle below both is left out: it neither stretches nor works.
const WORTH_A_ROW: [f64; 2] = [0.01, 0.03];

/// The poses side by side, as a file of their own.
pub(crate) fn picture(exercise: &ExerciseResult, poses: &[PositionResult]) -> Markup {
    side_by_side(pictures(exercise, poses))
}

/// The poses, each with a name of its own.
fn pictures(exercise: &ExerciseResult, poses: &[PositionResult]) -> Vec<Picture> {
    let lit = |muscle: &MuscleState| {
        let same = |m: &ExerciseMuscle| m.muscle == muscle.anatomical && m.side == muscle.side;
        exercise.muscles.iter().any(|m| m.is_target && same(m))
    };
    let side = exercise.side.map_or("both", Side::name);
    let named = |(k, pose): (usize, &PositionResult)| {
        let position = format!("{} {side} {}", pose.position, k + 1);
        figure::exercise(&PositionResult { position, ..pose.clone() }, &lit)
    };
    poses.iter().enumerate().map(named).collect()
}

/// The poses side by side within a page, without words.
pub(crate) fn plates(exercise: &ExerciseResult, poses: &[PositionResult]) -> Markup {
    html! {
        div class="pictures" {
            @for figure in pictures(exercise, poses) {
                figure style=(format!("--a:{:.3}", figure.aspect)) { (figure.image) }
            }
        }
    }
}

/// The muscles that are worth telling, in the order of the result.
fn told(exercise: &ExerciseResult) -> impl Iterator<Item = &ExerciseMuscle> {
    let worth = |m: &&ExerciseMuscle| m.passive_share >= WORTH_A_ROW[0] || m.activation >= WORTH_A_ROW[1];
    let mut others = 0;
    exercise.muscles.iter().filter(worth).filter(move |m| {
        others += usize::from(!m.is_target);
        m.is_target || others <= MOST_MUSCLES
    })
}

/// The muscles that it reaches most of those that it is meant for, each with what it does to it.
pub(crate) fn most_reached(exercise: &ExerciseResult) -> Vec<String> {
    let reached = told(exercise).filter(|m| m.is_target).take(MOST_REACHED).map(|m| {
        let longer = words::ranged(
            words::change(m.strain_percent, "%"),
            exercise.range_of_muscle(m, "strain_percent"),
            "%",
        );
        let pull = words::ranged(
            words::amount(m.passive_force_n, "N"),
            exercise.range_of_muscle(m, "passive_force_n"),
            "N",
        );
        let work = words::ranged(
            words::amount(100.0 * m.activation, "%"),
            in_percent(exercise.range_of_muscle(m, "activation")).as_ref(),
            "%",
        );
        format!("{}, {}: {longer}, {pull}, {work}", words::spaced(&m.muscle), m.side.name())
    });
    reached.collect()
}

/// The whole page.
pub(crate) fn page(
    (name, found): (&str, &Screening),
    exercise: &ExerciseResult,
    poses: &[PositionResult],
) -> Markup {
    let side = exercise.side.map(|side| format!(", {}", side.name())).unwrap_or_default();
    html! {
        (DOCTYPE)
        html lang="en" {
            (head(&format!("{}{side}: {name}", exercise.title), "light dark", ""))
            body {
                (patterns())
                header {
                    p class="kicker" { "guywire · an exercise, computed" }
                    h1 { (exercise.title) (side) }
                    p class="person" { "For " (name) }
                    (screening::section(found))
                }
                main id="main" {
                    @if found.shows_mechanics() { (body(exercise, poses)) }
                }
            }
        }
    }
}

fn body(exercise: &ExerciseResult, poses: &[PositionResult]) -> Markup {
    html! {
        @let excluded: Vec<_> = exercise.excluded_by().collect();
        @if !excluded.is_empty() {
            div class="warnings" {
                h2 { "Not for this person" }
                ul { @for condition in excluded { li { (condition.text) } } }
            }
        }
        h2 { "What to do" }
        p { (exercise.how) }
        @if let Some(cue) = &exercise.cue {
            p { strong { (cue) "." } @if !exercise.cued { " Here it is done without this." } }
        }
        p { (exercise.dose) ". " span class="quiet" { "Load: " (exercise.load) ". Source of the dose: " (exercise.dose_source) "." } }
        @if exercise.clinician_only { p { strong { "Only a clinician does this, never the person." } } }
        div class="pictures" {
            @for (figure, phase) in pictures(exercise, poses).into_iter().zip(&exercise.phases) {
                figure style=(format!("--a:{:.3}", figure.aspect)) {
                    (figure.image)
                    figcaption { (phase.title) ". The muscles that it is meant for are lit." }
                }
            }
        }
        (muscles(exercise))
        (discs(exercise))
        p class="quiet" { (words::whose("Small numbers", exercise.spread.as_ref())) }
        @if let Some(missing) = &exercise.not_computed { p { "Not computed: " (missing) "." } }
        @if let Some(note) = &exercise.note { p class="quiet" { (note) "." } }
        h2 { "What speaks against it" }
        @if exercise.conditions.is_empty() { p { "The library names nothing." } }
        ul { @for condition in &exercise.conditions { li { (condition.text) " " span class="quiet" { "(" (found(condition)) ")" } } } }
        h2 { "Stop" }
        ul {
            @for rule in &exercise.stop_rules { li { (rule) } }
            @for rule in &exercise.general { li { (rule) } }
        }
    }
}

/// What the answers say of a condition, in words.
fn found(condition: &ExerciseCondition) -> &'static str {
    match condition.found.as_str() {
        "yes" => "the answers say so: not this exercise",
        "heed" => "the answers say so: take care",
        "no" => "answered with no",
        _ => "not asked: ask yourself",
    }
}

/// Where a share lies, in per cent.
pub(crate) fn in_percent(share: Option<&Quantiles>) -> Option<Quantiles> {
    share.map(|range| range.times(100.0))
}

/// A number, and below it where it lies.
fn cell(number: &str, range: Option<&Quantiles>, unit: &str) -> Markup {
    html! {
        td class="n" {
            (number)
            @if let Some(range) = range { br; small { (words::between(range, unit)) } }
        }
    }
}

fn muscles(exercise: &ExerciseResult) -> Markup {
    html! {
        div class="scroll" tabindex="0" role="region" aria-label="Muscles" {
            table class="plain" {
                caption { "What is stretched and what works. Longer: fibres against standing. Tension: passive force. Work: share of full activation." }
                thead { tr { th scope="col" { "Muscle" } th class="n" scope="col" { "Longer" } th class="n" scope="col" { "Tension" } th class="n" scope="col" { "Work" } } }
                tbody {
                    @for m in told(exercise) {
                        tr {
                            th scope="row" {
                                @if m.is_target { strong { (words::spaced(&m.muscle)) ", " (m.side.name()) } }
                                @else { (words::spaced(&m.muscle)) ", " (m.side.name()) }
                            }
                            (cell(&words::change(m.strain_percent, "%"), exercise.range_of_muscle(m, "strain_percent"), "%"))
                            (cell(&words::amount(m.passive_force_n, "N"), exercise.range_of_muscle(m, "passive_force_n"), "N"))
                            (cell(&words::amount(100.0 * m.activation, "%"), in_percent(exercise.range_of_muscle(m, "activation")).as_ref(), "%"))
                        }
                    }
                }
            }
        }
    }
}

fn discs(exercise: &ExerciseResult) -> Markup {
    html! {
        div class="scroll" tabindex="0" role="region" aria-label="Discs" {
            table class="plain" {
                caption { "What the discs carry, in the moment that presses them most." }
                thead { tr { th scope="col" { "Disc" } th class="n" scope="col" { "Compression" } th class="n" scope="col" { "Over standing" } th class="n" scope="col" { "Pressure" } } }
                tbody {
                    @for d in &exercise.discs {
                        tr {
                            th scope="row" { (d.level) }
                            (cell(&words::amount(d.compression_n, "N"), exercise.range_of_disc(d, "compression_n"), "N"))
                            (cell(&words::amount(100.0 * d.over_standing, "%"), in_percent(exercise.range_of_disc(d, "over_standing")).as_ref(), "%"))
                            (cell(&words::amount(d.pressure_mpa, "MPa"), exercise.range_of_disc(d, "pressure_mpa"), "MPa"))
                        }
                    }
                }
            }
        }
    }
}
