//! The body behind the tests: readings beside what the fitted body reads, its tissue with intervals, what to measure next.

use crate::words;
use guywire::results::{FitResult, FittedParameter, FittedTest, NextTest, Side};
use maud::{Markup, html};

/// An unknown whose interval is narrower than this share of what was believed before counts as told by the tests.
const TOLD: f64 = 0.95;
/// Standard deviations across a 90 % interval.
const NINETY: f64 = 2.0 * 1.645;

/// The whole section.
pub(crate) fn section(fit: &FitResult) -> Markup {
    let told: Vec<&FittedParameter> = fit.parameters.iter().filter(|p| is_told(p)).collect();
    html! {
        section aria-labelledby="fitted-head" {
            h2 id="fitted-head" { "The tissue behind the tests" }
            p {
                "The readings of " (fit.visit) " were held against what a body with other tissue would read. "
                "An interval says where nine of ten such bodies lie; a test is a finding about a body, not a cause of pain."
            }
            (tests(fit))
            @if !told.is_empty() { (tissue(&told)) }
            @for entry in &fit.unidentifiable { p class="small" { "Note: " (spoken(&entry.why)) "." } }
            (next(fit))
        }
    }
}

fn is_told(p: &FittedParameter) -> bool {
    // Standard deviations of the logarithm, which is normal.
    let before = (p.prior_sd / p.prior_mean).powi(2).ln_1p().sqrt();
    let after = (p.high90 / p.low90).ln() / NINETY;
    after < TOLD * before
}

fn tests(fit: &FitResult) -> Markup {
    html! {
        div class="scroll" tabindex="0" role="region" aria-label="Tests as read and as fitted" {
            table {
                caption { "Tests as read, and what the fitted body reads" }
                thead { tr {
                    th scope="col" { "Test" } th scope="col" class="n" { "Read" } th scope="col" class="n" { "Fitted" }
                    th scope="col" class="n" { "Error" } th scope="col" { "" }
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
            td class="n" { (words::tenths(test.read, &test.unit)) }
            td class="n" { (words::tenths(test.predicted, &test.unit)) }
            td class="n" { "± " (words::tenths(test.sem, &test.unit)) }
            td { @if test.distrusted { "does not fit the others and was left out: read it again; if it stays, this body has no explanation for it and the joint should be examined" } }
        }
    }
}

fn tissue(told: &[&FittedParameter]) -> Markup {
    html! {
        div class="scroll" tabindex="0" role="region" aria-label="Tissue of the fitted body" {
            table {
                caption { "Tissue that these tests say something of: 1 is the reference body (tone: share of full activation)" }
                thead { tr {
                    th scope="col" { "Tissue" } th scope="col" class="n" { "Fitted" } th scope="col" class="n" { "90 % interval" }
                    th scope="col" class="n" { "Before the tests" }
                } }
                tbody {
                    @for p in told {
                        tr {
                            th scope="row" { (spoken(&p.name)) }
                            td class="n" { (format!("{:.2}", p.mean)) }
                            td class="n" { (format!("{:.2} to {:.2}", p.low90, p.high90)) }
                            td class="n" { (format!("{:.2} ± {:.2}", p.prior_mean, p.prior_sd)) }
                        }
                    }
                }
            }
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
