//! What lines, colours and signs of a report mean.

use crate::figure::PRESSURE_STEPS_MPA;
use crate::figure::muscles::STEPS_N;
use crate::words;
use maud::{Markup, html};

/// What lines and colours mean; `pressure`: whether any disc has one, `ends`: whether members of an ensemble are drawn.
pub(crate) fn legend(pressure: bool, ends: bool) -> Markup {
    let limits: Vec<String> = STEPS_N.iter().map(|v| words::plain(*v, "N")).collect();
    let pressures: Vec<String> = PRESSURE_STEPS_MPA.iter().map(|v| words::plain(*v, "MPa")).collect();
    let step = |limits: &[String], i: usize| match i {
        0 => format!("< {}", limits[0]),
        i if i == limits.len() => format!("> {}", limits[i - 1]),
        i => format!("{}–{}", limits[i - 1], limits[i]),
    };
    html! {
        div class="legend" {
            div {
                p { "Pull of one muscle line, N" }
                ul {
                    @for i in 0..=limits.len() {
                        li {
                            svg viewBox="0 0 40 14" aria-hidden="true" focusable="false" class="full" { path class=(format!("m key m{i}")) d="M2 7H38" {} }
                            (step(&limits, i))
                        }
                    }
                }
            }
            @if pressure {
                div {
                    p { "Pressure in a disc, MPa" }
                    ul {
                        @for i in 0..=pressures.len() {
                            li {
                                svg viewBox="0 0 28 14" aria-hidden="true" focusable="false" { rect class=(format!("disc p{i}")) x="1" y="1" width="26" height="12" rx="4" {} }
                                (step(&pressures, i))
                            }
                        }
                    }
                }
            }
            div {
                p { "Also drawn" }
                ul {
                    li { svg viewBox="0 0 28 14" aria-hidden="true" focusable="false" { rect class="ghost" x="1" y="1" width="26" height="12" rx="4" {} } "the same body with reference tissue" }
                    @if ends {
                        li { svg viewBox="0 0 28 14" aria-hidden="true" focusable="false" { rect class="end" x="1" y="1" width="26" height="12" rx="4" {} } "close up: the pelvis of bodies near both ends of what the tests allow" }
                    }
                    li { svg viewBox="0 0 28 14" aria-hidden="true" focusable="false" { path class="plumb" d="M2 7H26" style="stroke-width:2;stroke-dasharray:8 3 2 3" {} } "line of gravity" }
                }
                p class="quiet" { "Bones follow the solved pose; skin, arms and head are drawn for orientation." }
            }
        }
    }
}

/// What the signs on a strip of a usual range mean.
pub(crate) fn strip_key() -> Markup {
    html! {
        svg class="strip" aria-hidden="true" focusable="false" viewBox="0 0 14 22" { path class="you" d="M7 3l6 8l-6 8l-6-8Z" {} } " you "
        svg class="strip" aria-hidden="true" focusable="false" viewBox="0 0 14 22" { circle class="reference" cx="7" cy="11" r="4" {} } " with reference tissue "
        svg class="strip" aria-hidden="true" focusable="false" viewBox="0 0 34 22" { rect class="sd2" x="0" y="4" width="34" height="14" rx="3" {} rect class="sd1" x="9" y="4" width="16" height="14" {} line class="mean" x1="17" x2="17" y1="3" y2="19" {} }
        " 95 % of people (light), 68 % (dark), mean (bar)"
    }
}
