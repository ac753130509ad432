//! The lower back and pelvis from the side, large: discs with their pressure, pelvic tilt and lordosis as angles.

use super::bones::{self, Part, skeleton};
use super::scene::{Scene, View};
use super::{Drawn, Picture, discs, draw_bone, framed, ghost, load, lower_first, muscles, outlines, sheet};
use crate::svg::{Bounds, NOTHING, Path, Point, distance, image, joined, middle, path, text, unit};
use crate::words;
use guywire::results::{PositionResult, Side};
use maud::{Markup, html};

/// Landmarks that the picture must contain.
const CORNERS: [(&str, Option<Side>); 6] = [
    ("T12 inferior endplate centre", None),
    ("ASIS", Some(Side::Right)),
    ("PSIS", Some(Side::Right)),
    ("ischial tuberosity (lowest)", Some(Side::Right)),
    ("lesser trochanter (psoas insertion)", Some(Side::Right)),
    ("greater trochanter (lateral)", Some(Side::Right)),
];

pub(super) fn draw(drawn: &Drawn<'_>) -> Picture {
    let &Drawn { position, person, reference, .. } = drawn;
    let caption = "Lower back and pelvis close up, from the right side";
    let view = View::Side;
    let solved = &position.person;
    let labels = labels(position, person);
    let bounds = joined(extent(person), label_bounds(&labels));
    let (frame, aspect) = framed(bounds, [16.0, 40.0, 84.0, 20.0]);
    let (coarse, sheet) = (sheet(frame, 10), sheet(frame, 1));
    let pile = skeleton(person, view);
    let shown = |part: Part| pile.iter().filter(move |b| b.part == part && b.side != Some(Side::Left));
    let id = words::identifier(&position.position, "close");
    let title = format!("{}: {}", position.title, lower_first(caption));
    let body = html! {
        (coarse.path("skin", &bones::skin(person, view)))
        (ghost(coarse, person, reference, view))
        @for b in shown(Part::RibCage) { (draw_bone(sheet, b, "far")) }
        (muscles::lines(coarse, person, &solved.posture, view, "away", &|m| m.side == Side::Left))
        @for b in shown(Part::Sacrum) { (draw_bone(sheet, b, "")) }
        @for b in shown(Part::Spine) { (draw_bone(sheet, b, "")) }
        @for b in shown(Part::Femur) { (draw_bone(sheet, b, "")) }
        @for b in shown(Part::HipBone) { (draw_bone(sheet, b, "open")) }
        (outlines(coarse, drawn.ends))
        (discs(sheet, person, solved, view))
        (muscles::lines(coarse, person, &solved.posture, view, "thin", &|m| m.side == Side::Right))
        (angles(position, person))
        (draw_labels(&labels))
    };
    Picture { image: image(&id, "fig close", frame, &title, &description(position), body), aspect, caption }
}

fn extent(scene: &Scene<'_>) -> Bounds {
    let landmarks = CORNERS.iter().filter_map(|(name, side)| scene.landmark(name, *side));
    let spines = (1..=5).filter_map(|n| scene.body(&format!("lumbar{n}")).map(|f| f.at([-0.07, 0.0, 0.0])));
    landmarks.chain(spines).fold(NOTHING, |b, p| {
        let [x, y] = View::Side.project(p);
        joined(b, [x, y, x, y])
    })
}

fn description(position: &PositionResult) -> String {
    let levels: Vec<String> = position
        .person
        .posture
        .discs
        .iter()
        .map(|d| {
            let (value, unit) = load(d);
            format!("{} {}", d.level, words::amount(value, unit))
        })
        .collect();
    if levels.is_empty() {
        return "The back of this model has no discs.".to_owned();
    }
    format!("Load on the discs from above: {}.", levels.join(", "))
}

/// One disc's label: where the disc ends at the back, where the text stands and what it says.
struct Label {
    from: Point,
    at: Point,
    anchor: &'static str,
    level: &'static str,
    load: String,
}

/// Least distance between labels in a column and in a row.
const LABEL_PITCH: [f64; 2] = [28.0, 61.0];
/// How far behind the hindmost disc the labels stand: clear of the spinous processes.
const LABEL_REACH: f64 = 66.0;

/// Pressure in each disc, or the force on it, in a column or row behind the spine.
fn labels(position: &PositionResult, scene: &Scene<'_>) -> Vec<Label> {
    let found: Vec<_> = bones::LEVELS
        .into_iter()
        .filter_map(|(level, above, below)| {
            let ring = bones::disc_ring(scene, above, below, View::Side)?;
            let load = position.person.posture.discs.iter().find(|d| d.level == level)?;
            let (front, back) = (middle(ring[0], ring[3]), middle(ring[1], ring[2]));
            let outward = unit([back[0] - front[0], back[1] - front[1]]);
            let (value, unit) = super::load(load);
            Some((level, back, outward, words::amount(value, unit)))
        })
        .collect();
    let sum = found.iter().fold([0.0, 0.0], |s, (_, _, out, _)| [s[0] + out[0], s[1] + out[1]]);
    let across = usize::from(sum[1].abs() > sum[0].abs());
    let sign = if sum[across] < 0.0 { -1.0 } else { 1.0 };
    let hindmost = found.iter().map(|(_, back, _, _)| sign * back[across]).fold(-1e5, f64::max);
    let line = sign * (hindmost + LABEL_REACH);
    let wanted: Vec<f64> =
        found.iter().map(|(_, back, out, _)| back[1 - across] + 30.0 * out[1 - across]).collect();
    let anchor = match (across, sign < 0.0) {
        (1, _) => "middle",
        (_, true) => "end",
        _ => "start",
    };
    found
        .into_iter()
        .zip(apart(&wanted, LABEL_PITCH[across]))
        .map(|((level, from, _, load), along)| {
            let at = if across == 0 { [line, along] } else { [along, line + 8.0 * sign] };
            Label { from, at, anchor, level, load }
        })
        .collect()
}

fn draw_labels(labels: &[Label]) -> Markup {
    html! {
        @for l in labels {
            @let nudge = match l.anchor { "end" => -4.0, "start" => 4.0, _ => 0.0 };
            @let tie = leader(l.from, l.at);
            (path("leader", &tie))
            (text("level", [l.at[0] + nudge, l.at[1] - 1.0], l.anchor, l.level))
            (text("", [l.at[0] + nudge, l.at[1] + 11.0], l.anchor, &l.load))
        }
    }
}

/// Box round the labels with room for their text.
fn label_bounds(labels: &[Label]) -> Bounds {
    labels.iter().fold(NOTHING, |b, l| {
        let (left, right) = match l.anchor {
            "end" => (66.0, 0.0),
            "start" => (0.0, 66.0),
            _ => (30.0, 30.0),
        };
        joined(b, [l.at[0] - left, l.at[1] - 14.0, l.at[0] + right, l.at[1] + 18.0])
    })
}

/// Moves values apart until neighbours differ by `pitch`, keeping their order and their centre.
fn apart(wanted: &[f64], pitch: f64) -> Vec<f64> {
    let mut order: Vec<usize> = (0..wanted.len()).collect();
    order.sort_by(|a, b| wanted[*a].total_cmp(&wanted[*b]));
    let mut placed = wanted.to_vec();
    for pair in order.windows(2) {
        placed[pair[1]] = placed[pair[1]].max(placed[pair[0]] + pitch);
    }
    let drift: f64 = placed.iter().zip(wanted).map(|(p, w)| p - w).sum::<f64>() / wanted.len().max(1) as f64;
    placed.iter().map(|p| p - drift).collect()
}

fn leader(from: Point, to: Point) -> Path {
    let mut line = Path::default();
    line.polyline(&[from, to]);
    line
}

/// Pelvic tilt between the iliac spines, and lordosis between the plates of L1 and S1.
fn angles(position: &PositionResult, scene: &Scene<'_>) -> Markup {
    let m = &position.person.posture.measures;
    let r = &position.reference.posture.measures;
    let place = |name: &str, side| scene.landmark(name, side).map(|p| View::Side.project(p));
    let line = |front: Point, back: Point, ahead: f64, behind: f64| {
        let d = unit([front[0] - back[0], front[1] - back[1]]);
        let mut line = Path::default();
        line.polyline(&[
            [back[0] - d[0] * behind, back[1] - d[1] * behind],
            [front[0] + d[0] * ahead, front[1] + d[1] * ahead],
        ]);
        line
    };
    let plate = |name: &str| {
        let front = place(&format!("{name} superior endplate anterior"), None)?;
        let back = place(&format!("{name} superior endplate posterior"), None)?;
        Some((front, back))
    };
    html! {
        @if let (false, Some(front), Some(back)) = (scene.lies(), place("ASIS", Some(Side::Right)), place("PSIS", Some(Side::Right))) {
            @let reach = distance(front, back) + 40.0;
            @let tilt = line(front, back, 40.0, 0.0);
            @let level = line([back[0] + reach, back[1]], back, 0.0, 0.0);
            (path("angle", &tilt))
            (path("angle level-line", &level))
            g class="dot" {
                @for p in [front, back] { circle cx=(crate::svg::coordinate(p[0])) cy=(crate::svg::coordinate(p[1])) r="3.2" {} }
            }
            // Clear of the level line where the pelvis is tipped back.
            @let name = [front[0] + 14.0, (front[1] + 34.0).max(back[1] + 15.0)];
            (text("angle-name", name, "start", "pelvic tilt"))
            (text("angle-value", [name[0], name[1] + 13.0], "start", &words::amount(m.pelvic_tilt_deg, "deg")))
            (text("quiet", [name[0], name[1] + 25.0], "start", &format!("ref. {}", words::amount(r.pelvic_tilt_deg, "deg"))))
        }
        @if let (Some((l1_front, l1_back)), Some((s1_front, s1_back))) = (plate("L1"), plate("S1")) {
            @let top = line(l1_front, l1_back, 46.0, 0.0);
            @let bottom = line(s1_front, s1_back, 46.0, 0.0);
            (path("angle", &top))
            (path("angle", &bottom))
            @let d = unit([l1_front[0] - l1_back[0], l1_front[1] - l1_back[1]]);
            @let spot = middle(l1_front, s1_front);
            @let clear = if d[1].abs() > 0.7 { 82.0 } else { 40.0 };
            @let spot = [spot[0] + d[0] * clear, spot[1] + d[1] * clear];
            (text("angle-name", spot, "start", "lordosis"))
            (text("angle-value", [spot[0], spot[1] + 13.0], "start", &words::amount(m.lumbar_lordosis_deg, "deg")))
            (text("quiet", [spot[0], spot[1] + 25.0], "start", &format!("ref. {}", words::amount(r.lumbar_lordosis_deg, "deg"))))
        }
    }
}
