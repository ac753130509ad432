//! What reciprocal inhibition does where a case asks for it: every number with and without.

use crate::words;
use guywire::results::{Contrast, PositionResult};
use maud::{Markup, html};

/// Numbers that are shown otherwise with than without.
fn differing(position: &PositionResult) -> Vec<&Contrast> {
    let shown = |of: &&Contrast| words::plain(of.with, &of.unit) != words::plain(of.without, &of.unit);
    position.reciprocal_inhibition.iter().filter(shown).collect()
}

/// The section; nothing where the hypothesis is off.
pub(crate) fn section(positions: &[PositionResult]) -> Markup {
    if positions.iter().all(|p| p.reciprocal_inhibition.is_empty()) {
        return html! {};
    }
    html! {
        section aria-labelledby="hypothesis-head" {
            h2 id="hypothesis-head" { "With and without reciprocal inhibition" }
            p {
                "That a tense muscle keeps its opponent weak as a lasting state is a hypothesis with little evidence for it. "
                "This case asks for it, so every number of this report has it in; beside it stands the same body without it."
            }
            @let (moved, still): (Vec<_>, Vec<_>) = positions.iter().partition(|p| !differing(p).is_empty());
            @for p in moved {
                h3 { (p.title) }
                table class="plain" {
                    caption { (p.title) ": what differs" }
                    thead { tr {
                        th scope="col" { "Number" } th scope="col" class="n" { "With" } th scope="col" class="n" { "Without" }
                    } }
                    tbody {
                        @for row in differing(p) {
                            tr {
                                th scope="row" { (row.label) }
                                td class="n" { (words::amount(row.with, &row.unit)) }
                                td class="n" { (words::amount(row.without, &row.unit)) }
                            }
                        }
                    }
                }
            }
            @if !still.is_empty() {
                @let titles: Vec<&str> = still.iter().map(|p| p.title.as_str()).collect();
                p { "Nothing differs by as much as is shown, since no muscle comes near its lowered ceiling: " (titles.join("; ")) "." }
            }
        }
    }
}
