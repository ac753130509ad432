//! A forecast as small multiples: what nine in ten bodies do over the weeks, for tests, standing and discs.
//!
//! Panels of one unit have axes of one length, so that slopes can be compared; where an axis begins follows from its band.

use crate::svg::{Point, coordinate, finite, image, text};
use crate::words;
use guywire::results::{ForecastResult, Series, SeriesKind};
use maud::{Markup, PreEscaped, html};

/// A panel with its head, and the columns of panels.
const PANEL: [f64; 2] = [300.0, 204.0];
const COLUMNS: usize = 3;
const GAP: f64 = 22.0;
/// Edges of the plot within its panel: left, top, right, bottom.
const PLOT: [f64; 4] = [46.0, 58.0, 300.0, 174.0];
const MARGIN: f64 = 24.0;
const WIDTH: f64 = 2.0 * MARGIN + COLUMNS as f64 * PANEL[0] + (COLUMNS as f64 - 1.0) * GAP;
/// A line of text, and how many characters of it fit the whole width.
const LINE: f64 = 19.0;
const FIT: usize = 132;
/// Room above and below the widest band, as a share of it.
const ROOM: f64 = 0.1;
/// Axes are no shorter, so that what is too small to matter looks small: about twice the error of a reading, or a tenth of
/// what a disc carries in standing.
const LEAST: [(&str, f64); 5] = [("deg", 10.0), ("cm", 5.0), ("mm", 20.0), ("N", 60.0), ("MPa", 0.1)];
/// Most steps between the marks of an axis.
const MOST_STEPS: f64 = 5.0;
/// Numbers of weeks between marks.
const WEEKS: [usize; 8] = [1, 2, 4, 8, 13, 26, 52, 104];
const MOST_MARKS: usize = 7;
// Every rule begins at the picture: within a page it must not touch the rest.
const STYLE: &str = "\
.forecast{font:13px system-ui,sans-serif}.forecast text{fill:#1d2530}.forecast .head{font-size:21px;font-weight:700}\
.forecast .group{font-size:16px;font-weight:700}.forecast .label{font-size:13px;font-weight:700}\
.forecast .quiet{fill:#5a6675}.forecast .tick{font-size:11px;fill:#5a6675}.forecast .grid{stroke:#d4dae2}\
.forecast .frame{stroke:#1d2530;fill:none}.forecast .band{fill:#97cfcf;fill-opacity:.6;stroke:none}\
.forecast .median{fill:none;stroke:#0f2c52;stroke-width:2.4}.forecast .edge{fill:none;stroke:#27758f;stroke-width:1}\
.forecast .done{fill:#8a1c2b}.forecast .turn{stroke:#8a1c2b;stroke-dasharray:4 3}";

/// The kinds that are drawn, and their heads.
const GROUPS: [(SeriesKind, &str); 4] = [
    (SeriesKind::Test, "Tests"),
    (SeriesKind::Difference, "Left less right"),
    (SeriesKind::Posture, "Standing"),
    (SeriesKind::Disc, "Discs in standing"),
];

/// Text as lines of at most so many characters; a longer word has its own.
fn lines(content: &str, most: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in content.split_whitespace() {
        let Some(last) = lines.last_mut() else { continue };
        if last.is_empty() {
            last.push_str(word);
        } else if last.chars().count() + 1 + word.chars().count() <= most {
            last.push(' ');
            last.push_str(word);
        } else {
            lines.push(word.to_owned());
        }
    }
    lines
}

/// Least and greatest finite value of the band.
fn reach(series: &Series) -> Option<[f64; 2]> {
    let values = || [&series.low90, &series.median, &series.high90].into_iter().flatten().copied();
    let finite = || values().filter(|v| v.is_finite()).map(finite);
    let low = finite().reduce(f64::min)?;
    Some([low, finite().reduce(f64::max)?])
}

/// How long the axes of this unit are.
fn length<'s>(series: impl Iterator<Item = &'s Series>, unit: &str) -> f64 {
    let least = LEAST.iter().find(|(name, _)| *name == unit).map_or(0.1, |(_, least)| *least);
    let of = |s: &Series| reach(s).map_or(0.0, |[low, high]| (1.0 + 2.0 * ROOM) * (high - low));
    series.filter(|s| s.unit == unit).map(of).fold(least, f64::max)
}

/// The distance of marks on an axis so long: 1, 2 or 5 of some power of ten.
fn step(length: f64) -> f64 {
    let mut step = 0.001;
    for factor in [2.0, 2.5, 2.0].into_iter().cycle() {
        if length <= MOST_STEPS * step {
            break;
        }
        step *= factor;
    }
    step
}

/// Where numbers and weeks lie in a panel.
struct Axes {
    low: f64,
    length: f64,
    weeks: usize,
}

impl Axes {
    fn of(series: &Series, length: f64, weeks: usize) -> Option<Self> {
        let [low, high] = reach(series)?;
        Some(Self { low: 0.5 * (low + high - length), length, weeks: weeks.max(1) })
    }

    fn x(&self, week: usize) -> f64 {
        PLOT[0] + (PLOT[2] - PLOT[0]) * week as f64 / self.weeks as f64
    }

    fn y(&self, value: f64) -> f64 {
        let share = (finite(value) - self.low) / self.length;
        (PLOT[3] - (PLOT[3] - PLOT[1]) * share).clamp(PLOT[1], PLOT[3])
    }

    /// Marks of the numbers.
    fn marks(&self) -> Vec<f64> {
        let step = step(self.length);
        let first = (self.low / step).ceil();
        let marks = (0..=MOST_STEPS as usize + 1).map(|k| (first + k as f64) * step);
        marks.filter(|mark| *mark <= self.low + self.length).collect()
    }

    /// Marks of the weeks.
    fn weeks(&self) -> Vec<usize> {
        let step = WEEKS.into_iter().find(|step| self.weeks / step <= MOST_MARKS);
        (0..=self.weeks).step_by(step.unwrap_or(self.weeks.max(1))).collect()
    }

    /// A line through weekly values.
    fn points(&self, values: impl Iterator<Item = (usize, f64)>) -> String {
        let at = |(week, value): (usize, f64)| {
            format!("{} {}", coordinate(self.x(week)), coordinate(self.y(value)))
        };
        values.map(at).collect::<Vec<_>>().join(" ")
    }
}

/// Weeks in which anything is done, joined where they meet.
fn done(result: &ForecastResult) -> Vec<[usize; 2]> {
    let last = result.weeks.len().saturating_sub(1);
    let mut spans: Vec<[usize; 2]> =
        result.programme_weeks.iter().map(|[a, b]| [*a, (*b).min(last)]).filter(|[a, b]| a <= b).collect();
    spans.sort_unstable();
    let mut joined: Vec<[usize; 2]> = Vec::new();
    for [from, until] in spans {
        match joined.last_mut() {
            Some(before) if from <= before[1] + 1 => before[1] = before[1].max(until),
            _ => joined.push([from, until]),
        }
    }
    joined
}

/// A value without its unit, as finely as it is read: centimetres and millimetres to a tenth as degrees are.
pub(crate) fn finely(value: f64, series: &Series) -> String {
    words::plain(value, if ["cm", "mm"].contains(&series.unit.as_str()) { "deg" } else { &series.unit })
}

/// A median with its interval, without its unit.
pub(crate) fn told(series: &Series, week: usize) -> String {
    let plain = |values: &[f64]| finely(values.get(week).copied().unwrap_or(f64::NAN), series);
    format!("{} ({} to {})", plain(&series.median), plain(&series.low90), plain(&series.high90))
}

/// Now with its unit, and at the end: together wider than a panel in some fonts.
fn course(series: &Series) -> [String; 2] {
    let (unit, last) = (axis_unit(&series.unit), series.median.len().saturating_sub(1));
    [format!("{unit}: {},", told(series, 0)), format!("then {}", told(series, last))]
}

pub(crate) fn axis_unit(unit: &str) -> &str {
    if unit == "deg" { "degrees" } else { unit }
}

fn panel(series: &Series, length: f64, spans: &[[usize; 2]]) -> Option<Markup> {
    let weeks = series.median.len().checked_sub(1)?;
    let axes = Axes::of(series, length, weeks)?;
    let [left, top, right, bottom] = PLOT;
    let decimals = if step(axes.length) < 1.0 { "MPa" } else { "" };
    let every = || [&series.low90, &series.high90].map(|v| v.iter().copied().enumerate());
    let [low, high] = every();
    let around = axes.points(low.chain(high.rev()));
    let own =
        [" in standing", ", left less right"].into_iter().find_map(|end| series.label.strip_suffix(end));
    let label = own.unwrap_or(&series.label);
    Some(html! {
        (text("label", [0.0, 13.0], "start", label))
        @for (line, y) in course(series).iter().zip([30.0, 44.0]) { (text("tick", [0.0, y], "start", line)) }
        @for mark in axes.marks() {
            line class="grid" x1=(coordinate(left)) x2=(coordinate(right)) y1=(coordinate(axes.y(mark))) y2=(coordinate(axes.y(mark))) {}
            (text("tick", [left - 6.0, axes.y(mark) + 4.0], "end", &words::plain(mark, decimals)))
        }
        polygon class="band" points=(around) {}
        @for edge in every() { polyline class="edge" points=(axes.points(edge)) {} }
        polyline class="median" points=(axes.points(series.median.iter().copied().enumerate())) {}
        @for [from, until] in spans {
            // What is done in a week lies between the end of the week before and its own.
            @let [start, end] = [from.saturating_sub(1), *until].map(|week| axes.x(week.min(weeks)));
            rect class="done" x=(coordinate(start)) y=(coordinate(bottom - 5.0)) width=(coordinate(end - start)) height="5" {}
            @if *until < weeks {
                line class="turn" x1=(coordinate(end)) x2=(coordinate(end)) y1=(coordinate(top)) y2=(coordinate(bottom)) {}
            }
        }
        line class="frame" x1=(coordinate(left)) x2=(coordinate(right)) y1=(coordinate(bottom)) y2=(coordinate(bottom)) {}
        @for week in axes.weeks() {
            (text("tick", [axes.x(week), bottom + 14.0], "middle", &week.to_string()))
        }
        (text("tick", [left - 6.0, bottom + 14.0], "end", "week"))
    })
}

/// The whole picture, as a file of its own.
pub(crate) fn picture(name: &str, result: &ForecastResult) -> Markup {
    let drawing = drawing(name, result, true);
    html! {
        svg xmlns="http://www.w3.org/2000/svg" viewBox=(format!("0 0 {} {}", coordinate(WIDTH), coordinate(drawing.height))) {
            (drawing.image)
        }
    }
}

/// The picture within a page that says the rest.
pub(crate) fn panels(name: &str, result: &ForecastResult) -> Markup {
    drawing(name, result, false).image
}

struct Drawing {
    image: Markup,
    height: f64,
}

/// `alone`: with what is done and what is not known in words.
fn drawing(name: &str, result: &ForecastResult, alone: bool) -> Drawing {
    let spans = done(result);
    let weeks = result.weeks.len().saturating_sub(1);
    let head = if result.programme.is_empty() {
        "nothing beside the week as it is".to_owned()
    } else {
        format!("{:.0} % of the sessions done of", 100.0 * finite(result.adherence))
    };
    let mut y = MARGIN;
    let mut rows: Vec<(&str, Point, String)> = Vec::new();
    let mut say = |y: &mut f64, class: &'static str, content: &str, indent: f64| {
        for line in lines(content, if class == "head" { FIT * 13 / 21 } else { FIT }) {
            *y += if class == "head" { 1.4 * LINE } else { LINE };
            rows.push((class, [MARGIN + indent, *y], line));
        }
    };
    if alone {
        say(&mut y, "head", &format!("{name}: {weeks} weeks"), 0.0);
        say(&mut y, "", &head, 0.0);
        for done in &result.programme {
            say(&mut y, "", done, 16.0);
        }
    }
    let mut panels: Vec<(Point, Markup)> = Vec::new();
    for (kind, title) in GROUPS {
        let of = || result.series.iter().filter(move |s| s.kind == kind);
        let drawn: Vec<Markup> = of().filter_map(|s| panel(s, length(of(), &s.unit), &spans)).collect();
        if drawn.is_empty() {
            continue;
        }
        y += 0.7 * LINE;
        say(&mut y, "group", title, 0.0);
        y += 0.5 * LINE;
        let count = drawn.len();
        for (k, panel) in drawn.into_iter().enumerate() {
            let (row, column) = (k / COLUMNS, k % COLUMNS);
            let at = [MARGIN + column as f64 * (PANEL[0] + GAP), y + row as f64 * PANEL[1]];
            panels.push((at, panel));
        }
        y += count.div_ceil(COLUMNS) as f64 * PANEL[1];
    }
    y += 0.5 * LINE;
    let [line, band] = ["The line: half of the bodies lie above, half below.", "The band: nine in ten"];
    say(
        &mut y,
        "quiet",
        &format!(
            "{line} {band} of {} bodies that the tests allow, each with rates of its own. {}",
            result.members,
            if spans.is_empty() {
                ""
            } else {
                "The bar at the bottom of a panel: the weeks in which any of it is done."
            }
        ),
        0.0,
    );
    for limit in result.limits.iter().filter(|_| alone) {
        say(&mut y, "quiet", limit, 0.0);
    }
    let height = y + MARGIN;
    let told: Vec<String> = result
        .series
        .iter()
        .filter(|s| s.kind != SeriesKind::Tissue && !s.median.is_empty())
        .map(|s| format!("{}, {}", s.label, course(s).join(" ")))
        .collect();
    let body = html! {
        style { (PreEscaped(STYLE)) }
        rect width="100%" height="100%" fill="#fff" {}
        @for (class, at, line) in &rows { (text(class, *at, "start", line)) }
        @for (at, panel) in &panels {
            g transform=(format!("translate({} {})", coordinate(at[0]), coordinate(at[1]))) { (panel) }
        }
    };
    let title = format!("{name}: {weeks} weeks in bands");
    let image = image("forecast", "forecast", [0.0, 0.0, WIDTH, height], &title, &told.join("; "), body);
    Drawing { image, height }
}

#[cfg(test)]
mod tests {
    use super::*;
    use guywire::results::Change90;

    fn series(
        quantity: &str,
        kind: SeriesKind,
        unit: &str,
        [low90, median, high90]: [Vec<f64>; 3],
    ) -> Series {
        let change = Change90 { low90: 0.0, median: 0.0, high90: 0.0 };
        let (quantity, label, unit) = (quantity.to_owned(), format!("{quantity} & more"), unit.to_owned());
        Series { quantity, label, kind, unit, low90, median, high90, change, carried: Vec::new() }
    }

    fn forecast(series: Vec<Series>) -> ForecastResult {
        ForecastResult {
            weeks: (0..=4).collect(),
            start: None,
            programme: vec!["Bridge <both>: 2 sets".into()],
            programme_weeks: vec![[1, 2]],
            other_weeks: 0,
            adherence: 0.8,
            members: 20,
            lost: 0,
            seed: 1,
            mechanisms: Vec::new(),
            series,
            rates: Vec::new(),
            limits: vec!["Pain is not forecast.".into()],
        }
    }

    fn rising(from: f64, by: f64) -> [Vec<f64>; 3] {
        [-5.0, 0.0, 5.0].map(|off| (0..=4).map(|week| from + off + by * f64::from(week)).collect())
    }

    #[test]
    fn every_kind_is_drawn_but_tissue_and_names_are_escaped() {
        let all = vec![
            series("straight", SeriesKind::Test, "deg", rising(60.0, 2.0)),
            series("tilt", SeriesKind::Posture, "deg", rising(12.0, -0.5)),
            series("disc", SeriesKind::Disc, "N", rising(600.0, 1.0)),
            series("length", SeriesKind::Tissue, "", rising(1.0, 0.0)),
        ];
        let drawn = picture("Ada <& Co>", &forecast(all)).into_string();
        assert_eq!(drawn.matches("class=\"median\"").count(), 3, "{drawn}");
        for words in ["Ada &lt;&amp; Co&gt;: 4 weeks", "Bridge &lt;both&gt;", "straight &amp; more<", "Tests"]
        {
            assert!(drawn.contains(words), "{words}: {drawn}");
        }
        assert!(drawn.contains("degrees: 60.0 (55.0 to 65.0), then 68.0 (63.0 to 73.0)"), "{drawn}");
        assert!(!drawn.contains("length"));
        // Done in two of four weeks: half of the axis, and a line where it ends.
        assert_eq!(drawn.matches("class=\"done\" x=\"46\" y=\"169\" width=\"127\"").count(), 3, "{drawn}");
        assert_eq!(drawn.matches("class=\"turn\"").count(), 3);
    }

    #[test]
    fn panels_of_a_unit_share_the_length_of_their_axes() {
        let wide = series("wide", SeriesKind::Test, "deg", rising(60.0, 10.0));
        let narrow = series("narrow", SeriesKind::Test, "deg", rising(0.0, 0.0));
        let shared = length([&wide, &narrow].into_iter(), "deg");
        assert!((shared - 1.2 * 50.0).abs() < 1e-9);
        assert!((length([&narrow].into_iter(), "deg") - 12.0).abs() < 1e-9);
        let axes = Axes::of(&narrow, shared, 4).unwrap();
        assert!((axes.y(0.0) - 116.0).abs() < 1e-9, "its middle is the middle of the plot");
        assert_eq!(axes.marks(), [-20.0, 0.0, 20.0]);
    }

    #[test]
    fn nothing_drawn_is_no_number_and_nothing_at_all_is_a_picture() {
        let bad = || [f64::NAN, f64::INFINITY, 1e300].map(|v| vec![v; 5]);
        let none = || [Vec::new(), Vec::new(), Vec::new()];
        for values in [bad(), none(), rising(1e9, 1e300), rising(-1e-300, 0.0)] {
            let drawn =
                picture("Ada", &forecast(vec![series("odd", SeriesKind::Test, "deg", values)])).into_string();
            assert!(!drawn.contains("NaN") && !drawn.contains("inf\"") && !drawn.contains("inf "), "{drawn}");
            assert_eq!(drawn.matches("<svg").count(), drawn.matches("</svg>").count());
        }
        let mut empty = forecast(Vec::new());
        (empty.weeks, empty.programme_weeks) = (Vec::new(), vec![[3, 1], [0, 7]]);
        assert!(picture("", &empty).into_string().contains("0 weeks"));
    }

    #[test]
    fn text_is_broken_between_words() {
        assert_eq!(lines("one two three", 7), ["one two", "three"]);
        assert_eq!(lines("immeasurable", 3), ["immeasurable"]);
        assert_eq!(lines("", 3), [""]);
    }
}
