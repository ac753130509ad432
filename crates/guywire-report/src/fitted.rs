//! The body behind the tests: readings beside what the fitted body reads, its tissue with intervals, what to measure next.

use crate::words;
use guywire::results::{FitResult, FittedChange, FittedParameter, FittedTest, NextTest, Side};
use maud::{Markup, html};

/// The whole section.
pub(crate) fn section(fit: &FitResult) -> Markup {
    let told: Vec<&FittedParameter> = fit.parameters.iter().filter(|p| p.told).collect();
    html! {
        section class="fitted" aria-labelledby="fitted-head" {
            h2 id="fitted-head" { "The tissue behind the tests" }
            p {
                "The readings of all visits were held together against what a body with other tissue would read; tissue may change between visits, bones do not. Tissue is that of " (fit.visit) ". "
                "An interval says where nine of ten such bodies lie; a test is a finding about a body, not a cause of pain."
            }
            (tests(fit))
            @if !told.is_empty() { (tissue(&told)) }
            (changes(fit))
            @for entry in &fit.unidentifiable { p class="small" { "Note: " (spoken(&entry.why)) "." } }
            (next(fit))
        }
    }
}

fn tests(fit: &FitResult) -> Markup {
    html! {
        div class="scroll" tabindex="0" role="region" aria-label="Tests as read and as fitted" {
            table {
                caption { "Tests as read, and what the fitted body reads; off: read less fitted, beside the standard error of a reading" }
                thead { tr {
                    th scope="col" { "Test" } th scope="col" { "Day" } th scope="col" class="n" { "Read" } th scope="col" class="n" { "Fitted" }
                    th scope="col" class="n" { "Off" } th scope="col" class="n" { "Error" } th scope="col" { "" }
                } }
                tbody { @for test in &fit.tests { (row(test)) } }
            }
        }
        @for left in &fit.left_out {
            p class="small" { (named(&left.name, left.side)) " was not used: " (left.why) "." }
        }
    }
}

fn row(test: &FittedTest) -> Markup {
    html! {
        tr {
            th scope="row" { (named(&test.name, test.side)) }
            td { (test.visit) }
            td class="n" { (words::tenths(test.read, &test.unit)) }
            td class="n" { (words::tenths(test.predicted, &test.unit)) }
            td class="n" { (words::tenths(test.read - test.predicted, &test.unit)) }
            td class="n" { "± " (words::tenths(test.sem, &test.unit)) }
            td { @if test.distrusted { "does not fit the others and was left out: read it again; if it stays, this body has no explanation for it and the joint should be examined" } }
        }
    }
}

fn tissue(told: &[&FittedParameter]) -> Markup {
    html! {
        div class="scroll" tabindex="0" role="region" aria-label="Tissue of the fitted body" {
            table {
                caption { "Tissue that these tests say something of: 1 is the reference body (tone: share of full activation; pelvic incidence: its angle; other degrees: from the reference body)" }
                thead { tr {
                    th scope="col" { "Tissue" } th scope="col" class="n" { "Fitted" } th scope="col" class="n" { "90 % interval" }
                    th scope="col" class="n" { "Before the tests" }
                } }
                tbody {
                    @for p in told {
                        tr {
                            th scope="row" { (spoken(&p.name)) }
                            td class="n" { (number(p, p.mean)) }
                            td class="n" { (number(p, p.low90)) " to " (number(p, p.high90)) }
                            td class="n" { (number(p, p.prior_mean)) " ± " (number(p, p.prior_sd)) }
                        }
                    }
                }
            }
        }
    }
}

fn number(p: &FittedParameter, value: f64) -> String {
    if p.unit == "deg" { words::tenths(value, "deg") } else { format!("{value:.2}") }
}

/// What changed between the first visit and the last, beyond what readings can err.
fn changes(fit: &FitResult) -> Markup {
    let real: Vec<&FittedChange> = fit.changes.iter().filter(|c| c.real).collect();
    let told = |c: &FittedChange| {
        let number = |v: f64| if c.factor { format!("× {v:.2}") } else { format!("{v:+.1}°") };
        format!("{}: {} ({} to {})", spoken(&c.name), number(c.change), number(c.low90), number(c.high90))
    };
    html! {
        @if !real.is_empty() {
            p { "Changed since the first visit, beyond what readings can err (90 % interval):" }
            ul { @for change in real { li { (told(change)) } } }
        } @else if !fit.changes.is_empty() {
            p { "Since the first visit no tissue changed beyond what readings can err." }
        }
    }
}

fn next(fit: &FitResult) -> Markup {
    let share = |next: &NextTest| format!("{:.0} %", 100.0 * next.reduction);
    html! {
        @if fit.enough {
            p { "No further test would tell much of how this body stands." }
        } @else {
            h3 { "What to measure next" }
            p { "Each would take away this share of what is unsure in how the body stands and is loaded:" }
            ul { @for next in &fit.next_tests { li { (named(&next.name, next.side)) ": " (share(next)) } } }
        }
    }
}

fn named(test: &str, side: Option<Side>) -> String {
    let side = side.map(|side| format!(", {}", side.name())).unwrap_or_default();
    format!("{}{side}", words::spaced(test))
}

/// `hip_flexors.left.length` as words.
fn spoken(text: &str) -> String {
    text.replace(['_', '.'], " ")
}
