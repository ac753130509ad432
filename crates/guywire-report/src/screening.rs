//! The screening on top of the page: where to go first, and why.

use crate::words;
use guywire::case::{Answer, Audience};
use guywire::results::{Asked, Level, Reason, Screening};
use maud::{Markup, html};

/// The whole screening, as one section.
pub(crate) fn section(screening: &Screening) -> Markup {
    let class = match screening.result {
        Level::Proceed => "screening go",
        Level::ProceedWithNote => "screening note",
        Level::SeeClinicianFirst => "screening first",
        Level::UrgentWithinDays | Level::EmergencyToday => "screening alarm",
    };
    html! {
        section class=(class) aria-labelledby="screening-head" {
            h2 id="screening-head" { (screening.title) }
            p class="screening-lead" { (words::unmarked(&screening.lead)) }
            @if !screening.notes.is_empty() { ul { @for note in &screening.notes { li { (words::unmarked(note)) } } } }
            @if screening.stops_self_care() {
                p { strong { "No exercises come with this page." } (why_the_rest_stands(screening)) }
            }
            @if !screening.reasons.is_empty() {
                h3 { "Why, and what to do" }
                ul class="reasons" { @for reason in &screening.reasons { (because(reason)) } }
            }
            @if let Some(examination) = &screening.examination {
                p {
                    "Examined by " strong { (examination.by) } " on " (examination.on)
                    @if let Some(note) = &examination.note { ": " (note) } @else { "." }
                }
            }
            (answers(screening))
            h3 { "Stop and seek help if you notice" }
            ul { @for sign in &screening.safety_net { li { (sign) } } }
            p class="quiet" {
                "Screening rules " (screening.rules_version) " of " (screening.rules_date) ". " (screening.rules_status)
            }
        }
    }
}

/// What of the page follows in spite of the stop.
fn why_the_rest_stands(screening: &Screening) -> &'static str {
    match screening.audience {
        Audience::Clinician => " The mechanics below are shown because this page is written for a clinician.",
        Audience::Person => " Posture and loads are left out until a clinician has examined.",
    }
}

fn because(reason: &Reason) -> Markup {
    html! {
        li {
            p { (words::unmarked(&reason.reason)) " " strong { (words::unmarked(&reason.action)) } }
            p class="quiet" {
                @if reason.unsure { "An answer was unsure, which does not count as no. " }
                @if reason.lowered_by_examination { "Without the recorded examination: " (words::spaced(reason.rule_level.name())) ". " }
                @if let Some(suspect) = &reason.suspect { "For the clinician: " (suspect) ". " }
                "Rule " (words::spaced(&reason.rule)) ", " (words::spaced(reason.level.name())) ". "
                "Source: " (reason.source) " (" (reason.status) ")."
            }
        }
    }
}

/// What was answered otherwise than no, in the open; all answers, and what was not asked, folded.
fn answers(screening: &Screening) -> Markup {
    let open: Vec<&Asked> = screening.open_questions().collect();
    let given = || screening.answers.iter().filter_map(|asked| Some((asked, asked.answer?)));
    let told: Vec<(&Asked, Answer)> = given().filter(|(_, answer)| *answer != Answer::No).collect();
    let table = html! {
        div class="scroll" tabindex="0" role="region" aria-label="Answers to the screening" {
            table class="plain" {
                caption { "Answers to the screening" }
                thead { tr { th scope="col" { "Question" } th scope="col" { "Answer" } } }
                tbody {
                    @for (asked, answer) in given() {
                        tr {
                            th scope="row" { (asked.question) }
                            td { @if answer == Answer::No { "no" } @else { strong { (answer.name()) } } }
                        }
                    }
                }
            }
        }
    };
    html! {
        @if !told.is_empty() {
            h3 { "Answered otherwise than no" }
            ul { @for (asked, answer) in &told { li { (asked.question) " " strong { (answer.name()) } } } }
        }
        @if screening.asked {
            details {
                summary { "All answers given" }
                (table)
            }
        }
        @if !open.is_empty() {
            details open[screening.asked] {
                summary { "Not asked: " (open.len()) " of " (screening.answers.len()) " questions" }
                p { "What was not asked does not count as no." }
                ul { @for asked in &open { li { (asked.question) } } }
            }
        }
    }
}
