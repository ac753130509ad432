//! The end of a report: how sure it is, what it cannot tell, and its proof.

use crate::words;
use guywire::results::{Results, Uncertainty};
use maud::{Markup, html};

/// Main results with how sure they are.
pub(crate) fn uncertainty(rows: &[Uncertainty]) -> Markup {
    if rows.is_empty() {
        return html! {};
    }
    html! {
        section aria-labelledby="uncertain-head" {
            h2 id="uncertain-head" { "What is uncertain" }
            p {
                "The intervals come from what is not exactly known about a body: nine times in ten the model's answer "
                "lies between the ends. What the model leaves out is not in them."
            }
            div class="scroll" tabindex="0" role="region" aria-label="What is uncertain" {
                table class="plain" {
                    caption { "Main results with their 90 % intervals" }
                    thead { tr {
                        th scope="col" { "Result" } th scope="col" class="n" { "Value" }
                        th scope="col" { "Between" } th scope="col" { "Because of" }
                    } }
                    tbody {
                        @for u in rows {
                            tr {
                                th scope="row" { (u.quantity) }
                                td class="n" { strong { (words::amount(u.value, &u.unit)) } }
                                td { (words::plain(u.low90, &u.unit)) " and " (words::amount(u.high90, &u.unit)) }
                                td { (u.because) }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// What cannot be told, the proof of balance, and where usual ranges come from.
pub(crate) fn small_print(results: &Results, notes: &[String]) -> Markup {
    html! {
        section aria-labelledby="limits-head" {
            h2 id="limits-head" { "What this cannot tell" }
            p { "These are the mechanics of a model. They are no diagnosis and do not predict pain." }
            ul { @for l in &results.limits { li { (l) } } }
        }
        section class="small" aria-labelledby="proof-head" {
            h2 id="proof-head" { "Proof of balance" }
            p { "In every position all forces and moments must cancel. What is left over:" }
            div class="scroll" tabindex="0" role="region" aria-label="Proof of balance" {
                table class="plain" {
                    caption { "Residuals of the solved positions" }
                    thead { tr {
                        th scope="col" { "Position" } th scope="col" class="n" { "Force, N" } th scope="col" class="n" { "Moment, N·m" }
                        th scope="col" class="n" { "Optimality (KKT)" } th scope="col" class="n" { "Steps" }
                    } }
                    tbody {
                        @for p in &results.positions {
                            @let c = &p.person.posture.certificate;
                            tr {
                                th scope="row" { (p.title) }
                                td class="n" { (scientific(c.max_residual_n)) }
                                td class="n" { (scientific(c.max_residual_nm)) }
                                td class="n" { (scientific(c.kkt_residual)) }
                                td class="n" { (c.iterations) }
                            }
                        }
                    }
                }
            }
        }
        @if !notes.is_empty() {
            section class="small" aria-labelledby="sources-head" {
                h2 id="sources-head" { "Sources of the usual ranges" }
                ol { @for (i, n) in notes.iter().enumerate() { li id=(format!("source-{}", i + 1)) { (n) } } }
            }
        }
    }
}

fn scientific(value: f64) -> String {
    if value.is_finite() { format!("{:.1e}", value.abs()).replace('-', "−") } else { String::from("–") }
}
