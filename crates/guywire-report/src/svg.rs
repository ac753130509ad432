//! Small pieces of SVG: numbers that are always finite, elements, and the wrapper with title and description.

mod outline;
mod plane;

pub(crate) use outline::{Path, Sheet};
pub(crate) use plane::{Bounds, NOTHING, Point, distance, hull, joined, middle, unit};

use maud::{Markup, PreEscaped, html};

/// Farthest that anything is drawn from the origin: keeps absurd input from producing absurd numbers.
const FAR: f64 = 1e5;

/// A number fit for drawing: finite and within ±[`FAR`].
pub(crate) fn finite(value: f64) -> f64 {
    if value.is_finite() { value.clamp(-FAR, FAR) } else { 0.0 }
}

/// A coordinate with one decimal at most.
pub(crate) fn coordinate(value: f64) -> String {
    tenths(tenth(value))
}

/// A number in tenths.
fn tenth(value: f64) -> i64 {
    // Within ±10 FAR, so the conversion is exact.
    (finite(value) * 10.0).round() as i64
}

/// Tenths as a number, without a zero before the point.
fn tenths(value: i64) -> String {
    let (sign, whole, tenth) = (if value < 0 { "-" } else { "" }, value.abs() / 10, value.abs() % 10);
    match (whole, tenth) {
        (whole, 0) => format!("{}{whole}", if whole == 0 { "" } else { sign }),
        (0, tenth) => format!("{sign}.{tenth}"),
        (whole, tenth) => format!("{sign}{whole}.{tenth}"),
    }
}

/// Wraps drawn content into an image that a screen reader can announce.
pub(crate) fn image(
    id: &str,
    class: &str,
    frame: [f64; 4],
    title: &str,
    description: &str,
    body: Markup,
) -> Markup {
    let view_box = frame.map(coordinate).join(" ");
    html! {
        svg id=(id) class=(class) viewBox=(view_box) role="img" xmlns="http://www.w3.org/2000/svg"
            aria-labelledby=(format!("{id}-t {id}-d")) {
            title id=(format!("{id}-t")) { (title) }
            desc id=(format!("{id}-d")) { (description) }
            (body)
        }
    }
}

/// A whole path with a class.
pub(crate) fn path(class: &str, path: &Path) -> Markup {
    element(class, &path.data())
}

fn element(class: &str, d: &str) -> Markup {
    let class = class.trim();
    if d.is_empty() {
        return PreEscaped(String::new());
    }
    html! { path class=(class) d=(d) {} }
}

/// A text element.
pub(crate) fn text(class: &str, at: Point, anchor: &str, content: &str) -> Markup {
    html! {
        text class=(class) x=(coordinate(at[0])) y=(coordinate(at[1])) text-anchor=(anchor) { (content) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coordinates_are_short_and_finite() {
        for (value, written) in [
            (1.0, "1"),
            (-0.04, "0"),
            (-0.26, "-.3"),
            (12.34, "12.3"),
            (f64::NAN, "0"),
            (-2.5, "-2.5"),
            (1e300, "100000"),
        ] {
            assert_eq!(coordinate(value), written);
        }
    }
}
