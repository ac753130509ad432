//! The page: what comes in which order.

use crate::charts::{causes, discs, pairs, pressing, range};
use crate::figure::{Picture, muscles, pictures};
use crate::legend::{legend, strip_key};
use crate::screening;
use crate::sentences;
use crate::small_print::{small_print, uncertainty};
use crate::words;
use crate::{fitted, hypothesis, outlook, visits, week};
use guywire::case::{Person, Sex};
use guywire::results::{Ensemble, PositionResult, Results};
use maud::{DOCTYPE, Markup, PreEscaped, html};

const STYLE: &str = include_str!("style.css");

/// Least share of body weight for which a support is named.
const CARRIES: f64 = 0.005;

/// What stands before the body of every page: it is about `title`, in light or dark as `scheme` says, with `more` style.
pub(crate) fn head(title: &str, scheme: &str, more: &str) -> Markup {
    html! {
        head {
            meta charset="utf-8";
            meta name="viewport" content="width=device-width, initial-scale=1";
            meta name="color-scheme" content=(scheme);
            title { (title) }
            style { (PreEscaped(STYLE)) (PreEscaped(more)) }
        }
    }
}

/// The whole page.
pub(crate) fn page(results: &Results) -> Markup {
    let name = name(results);
    html! {
        (DOCTYPE)
        html lang="en" {
            (head(&format!("Posture and loads: {name}"), "light dark", ""))
            body {
                (patterns())
                a class="skip" href="#main" { "Skip to the report" }
                (header(results))
                main id="main" {
                    @if let Some(visits) = &results.visits { (visits::section(visits)) }
                    @if shows_mechanics(results) { (sections(results)) } @else { p { "This page holds nothing that was computed." } }
                }
                footer { "guywire " (results.engine_version) ", layout of results " (results.schema) "." }
            }
        }
    }
}

/// Whether the page holds more than the screening and what the visits found.
fn shows_mechanics(results: &Results) -> bool {
    results.screening.as_ref().is_none_or(|screening| screening.shows_mechanics())
}

/// Fill patterns that charts share.
pub(crate) fn patterns() -> Markup {
    html! {
        svg class="defs" width="0" height="0" aria-hidden="true" focusable="false" {
            defs {
                pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)" {
                    rect width="6" height="6" class="hatch-ground" {}
                    rect width="2.6" height="6" class="hatch-line" {}
                }
                pattern id="ground" width="22" height="22" patternUnits="userSpaceOnUse" patternTransform="rotate(45)" {
                    rect width="22" height="22" class="ground-fill" {}
                    rect width="5" height="22" class="ground-line" {}
                }
            }
        }
    }
}

/// Whom or what the report is about.
fn name(results: &Results) -> &str {
    let model = results.model.as_ref().map(|m| m.name.as_str());
    results.person.as_ref().map(|p| p.name.as_str()).or(model).unwrap_or_default()
}

/// What is known of a person before anything is computed.
pub(crate) fn person(p: &Person) -> Markup {
    let sex = match p.sex {
        Sex::Female => "female",
        Sex::Male => "male",
    };
    html! {
        p class="person" {
            (words::plain(p.age, "")) " years, " (sex) ", " (words::amount(p.height_cm, "cm")) ", " (words::amount(p.mass_kg, "kg"))
            @if let Some(incidence) = p.pelvic_incidence_deg {
                ", pelvic incidence " (words::amount(incidence, "deg"))
            }
        }
    }
}

fn subject(results: &Results) -> Markup {
    html! {
        @if let Some(p) = &results.person { (person(p)) }
        @else if let Some(m) = &results.model { p class="person" { "OpenSim model, " (words::amount(m.mass_kg, "kg")) } }
    }
}

fn header(results: &Results) -> Markup {
    html! {
        header {
            p class="kicker" { "guywire · posture, muscle pull and disc load, computed" }
            h1 { (name(results)) }
            (subject(results))
            @if let Some(screening) = &results.screening { (screening::section(screening)) }
            @if let Some(support) = results.visits.as_ref().and_then(|v| v.support.as_ref()) { (visits::support(support)) }
            @if shows_mechanics(results) { (settings(results)) }
        }
    }
}

/// What the numbers were computed with, and what must be known about them.
fn settings(results: &Results) -> Markup {
    html! {
        @if !results.settings.is_empty() {
            p class="settings-head" {
                @match &results.fit {
                    Some(fit) => { "What the tests of " (fit.visit) " say of the tissue, where it stands out, as a share of the reference (nine in ten between):" }
                    None => { "Computed with:" }
                }
            }
            ul class="settings" { @for s in &results.settings { li { (s) } } }
        } @else if results.fit.is_some() {
            p { "Computed with the body behind the tests; none of its tissue stands out." }
        } @else {
            p { "Computed with every tissue at its reference value." }
        }
        @if !results.warnings.is_empty() {
            section class="warnings" aria-labelledby="warnings-head" {
                h2 id="warnings-head" { "Before you read on" }
                ul { @for w in &results.warnings { li { (w) } } }
            }
        }
        @if !results.unsolved.is_empty() {
            section class="warnings" aria-labelledby="unsolved-head" {
                h2 id="unsolved-head" { "Not solved" }
                p { "In these positions no balance was found, and this report has no numbers of them." }
                ul { @for u in &results.unsolved { li { strong { (u.title) } ", " (u.tissue) ": " (words::unmarked(&u.problem)) } } }
            }
        }
    }
}

fn sections(results: &Results) -> Markup {
    let mut notes: Vec<String> = Vec::new();
    let positions = &results.positions;
    html! {
        section aria-labelledby="pictures-head" {
            h2 id="pictures-head" { "The picture" }
            @if let Some(ensemble) = &results.ensemble { (intervals(ensemble, positions)) }
            (legend(
                positions.iter().flat_map(|p| &p.person.posture.discs).any(|d| d.pressure_mpa.is_finite()),
                results.ensemble.is_some(),
            ))
            @for (i, p) in positions.iter().enumerate() { (picture(p, i == 0)) }
        }
        @if let Some(fit) = &results.fit { (fitted::section(fit)) }
        @if let Some(told) = &results.week { (week::section(name(results), told)) }
        @if let Some(told) = &results.outlook { (outlook::section(name(results), told)) }
        section aria-labelledby="measures-head" {
            h2 id="measures-head" { "Measures beside usual ranges" }
            p { "A usual range says where most people without complaints lie. Outside is not ill, and inside is not a promise." }
            p class="strip-key" { (strip_key()) }
            (first_open(positions, "Measures", |p| range::table(p, &results.normal_ranges, &mut notes)))
        }
        section aria-labelledby="tension-head" {
            h2 id="tension-head" { "Pull of the muscles, left against right" }
            p {
                "Hatched is the passive part: the pull of tissue that is stretched, which costs no effort. "
                "The thin mark is what reference tissue would pull."
            }
            (first_open(positions, "Pull", pairs::table))
        }
        @if positions.iter().any(|p| !p.person.posture.discs.is_empty()) { (discs_section(positions)) }
        section aria-labelledby="causes-head" {
            h2 id="causes-head" { "What pulls what" }
            p {
                "Each tissue setting was put into the reference body on its own and the position was solved again. "
                "The number on an arrow is how much that changes what the arrow points at. "
                (sentences::thresholds())
            }
            @for (i, p) in positions.iter().enumerate() { (causes_of(p, i == 0)) }
        }
        (hypothesis::section(positions))
        (uncertainty(&results.uncertainty))
        (small_print(results, &notes))
    }
}

fn discs_section(positions: &[PositionResult]) -> Markup {
    html! {
        section aria-labelledby="discs-head" {
            h2 id="discs-head" { "Load on the discs of the lower back" }
            p {
                "The levels are named after the bones above and below: L5/S1 is the lowest disc, on the sacrum. "
                "Darker is more, within each table."
            }
            (discs::tables(positions))
            h3 { "What presses on each disc" }
            (first_open(positions, "What presses", pressing::chart))
        }
    }
}

/// The first position in the open, the others folded.
fn first_open(
    positions: &[PositionResult],
    what: &str,
    mut draw: impl FnMut(&PositionResult) -> Markup,
) -> Markup {
    html! {
        @for (i, p) in positions.iter().enumerate() {
            @if i == 0 { (draw(p)) } @else {
                details {
                    summary { (what) ": " (p.title) }
                    (draw(p))
                }
            }
        }
    }
}

fn picture(p: &PositionResult, first: bool) -> Markup {
    let id = words::identifier(&p.position, "head");
    let lowest = p.person.posture.discs.last();
    let drawn = pictures(p);
    let wide = drawn.first().is_some_and(|d| d.aspect > 1.6);
    html! {
        article class=(if first { "position first" } else { "position" }) aria-labelledby=(id) {
            h3 id=(id) { (p.title) }
            p { (p.description) }
            div class="plate" {
                div class=(if wide { "pictures lying" } else { "pictures" }) {
                    @for picture in &drawn {
                        figure style=(format!("--a:{:.3}", picture.aspect)) {
                            (picture.image)
                            figcaption { (picture.caption) }
                        }
                    }
                }
                div class="key" {
                    (muscles::key(&p.person.posture))
                    @if let Some(disc) = lowest {
                        p {
                            "The lowest disc (" (disc.level) ") carries " strong { (words::amount(disc.compression_n, "N")) }
                            (aside(p, &format!("discs.{}.compression_n", disc.level), "N"))
                            @if let Some(usual) = p.reference.posture.discs.last() {
                                ", with reference tissue " (words::amount(usual.compression_n, "N"))
                            } "."
                        }
                    }
                    @if !p.person.posture.hips.is_empty() {
                        p {
                            "Hip joints: "
                            @for (i, hip) in p.person.posture.hips.iter().enumerate() {
                                @if i > 0 { ", " }
                                (hip.side.name()) " " (words::amount(hip.contact_force_n, "N"))
                                (aside(p, &format!("hips.{}.contact_force_n", hip.side.name()), "N"))
                                " (" (format_ratio(hip.contact_force_bw)) " × body weight)"
                            } "."
                        }
                    }
                    @let carrying: Vec<_> = p.person.posture.supports.iter().filter(|s| s.share_of_weight >= CARRIES).collect();
                    @if !carrying.is_empty() {
                        p class="quiet" {
                            "Carried by "
                            @for (i, s) in carrying.iter().enumerate() {
                                @if i > 0 { ", " }
                                (s.support) " " (words::plain(100.0 * s.share_of_weight, "")) "\u{a0}%"
                            } "."
                        }
                    }
                }
            }
        }
    }
}

/// The interval of a number beside it, where there is one.
fn aside(position: &PositionResult, quantity: &str, unit: &str) -> Markup {
    let range = position.spread.as_ref().and_then(|spread| spread.of(quantity));
    html! { @if let Some(range) = range { " " span class="quiet" { "(" (words::between(range, unit)) ")" } } }
}

fn format_ratio(value: f64) -> String {
    words::plain(value, "Nm")
}

/// What the small numbers beside the others are.
fn intervals(ensemble: &Ensemble, positions: &[PositionResult]) -> Markup {
    let lost =
        positions.iter().filter_map(|p| Some((p, p.spread.as_ref()?.unsolved))).filter(|(_, n)| *n > 0);
    let lost: Vec<String> = lost.map(|(p, n)| format!("{n} in {}", p.title.to_lowercase())).collect();
    html! {
        p {
            "The body is the most probable one behind the tests. The tests allow others: " (ensemble.members)
            " of them were drawn (seed " (ensemble.seed) ") and solved in every position. Two small numbers beside a "
            "number say between which nine in ten of them lie; a line beside a bar or a diamond says the same."
            @if !lost.is_empty() { " Without a balance, and left out: " (lost.join(", ")) "." }
        }
    }
}

fn causes_of(p: &PositionResult, first: bool) -> Markup {
    let inside = html! { (causes::graph(p)) (sentences::list(p)) };
    html! {
        @if first {
            h3 { (p.title) }
            (inside)
        } @else if !p.causes.is_empty() {
            details {
                summary { "What pulls what: " (p.title) }
                (inside)
            }
        }
    }
}

/// Height of a picture on its own, px, and the space between its parts.
const PICTURE: f64 = 620.0;
const BETWEEN: f64 = 14.0;

/// All figures of a position, side by side, as a file of its own.
pub(crate) fn on_its_own(position: &PositionResult) -> Markup {
    side_by_side(crate::figure::pictures(position))
}

/// Pictures side by side, as a file of their own.
pub(crate) fn side_by_side(pictures: Vec<Picture>) -> Markup {
    let mut whole = -BETWEEN;
    let figures: Vec<(Markup, f64, f64)> = pictures
        .into_iter()
        .map(|figure| {
            let (x, width) = (whole + BETWEEN, figure.aspect * PICTURE);
            whole = x + width;
            (figure.image, x, width)
        })
        .collect();
    html! {
        svg xmlns="http://www.w3.org/2000/svg" viewBox=(format!("0 0 {whole:.0} {PICTURE:.0}")) font-family="sans-serif" {
            style { (PreEscaped(STYLE)) "svg .fig{width:auto}" }
            (patterns())
            rect width="100%" height="100%" fill="#fff" {}
            @for (image, x, width) in &figures {
                svg x=(format!("{x:.0}")) width=(format!("{width:.0}")) height=(format!("{PICTURE:.0}")) { (image) }
            }
        }
    }
}
