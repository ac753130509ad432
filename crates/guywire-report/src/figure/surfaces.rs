//! What the body rests on, what it holds, and the line of gravity.

use super::bones;
use super::scene::{Scene, Vec3, View, add, dot, scaled, sub};
use crate::svg::{Bounds, Path, Point, coordinate, path, text};
use crate::words;
use guywire::results::{Side, Surface};
use maud::{Markup, html};

/// How near a bony point must be for the surface to reach under it, in metres.
const REACH_M: f64 = 0.16;
/// How far a surface runs on beyond the outermost point over it, in metres.
const MARGIN_M: f64 = 0.07;
/// Skin of the calf below the knee in the shank's frame, in metres: where a chair carries it.
const CALF_M: Vec3 = [-0.06, -0.20, 0.0];
/// Thickness of a drawn surface, in millimetres.
const THICKNESS: f64 = 26.0;

/// Every surface that the view shows edge-on, and the table from above.
pub(crate) fn draw(scene: &Scene<'_>, view: View, bounds: Bounds) -> Markup {
    let floor = scene.figure.surfaces.iter().find(|s| s.name == "floor");
    let floor_y = floor.map(|s| view.project(scene.moved(s.point_m))[1]);
    html! {
        @for surface in &scene.figure.surfaces {
            @match view {
                View::Above { .. } => (from_above(surface, bounds)),
                _ => (edge(scene, surface, view, bounds, floor_y)),
            }
        }
    }
}

/// A table under a person who is seen from above.
fn from_above(surface: &Surface, bounds: Bounds) -> Markup {
    if surface.name != "table" {
        return html! {};
    }
    let [left, top, right, bottom] = bounds;
    html! {
        rect class="from-above" x=(coordinate(left - 40.0)) y=(coordinate(top - 40.0)) rx="20"
            width=(coordinate(right - left + 80.0)) height=(coordinate(bottom - top + 80.0)) {}
    }
}

fn edge(scene: &Scene<'_>, surface: &Surface, view: View, bounds: Bounds, floor_y: Option<f64>) -> Markup {
    let normal = surface.normal.map(|v| if v.is_finite() { v.clamp(-1.0, 1.0) } else { 0.0 });
    let flat = normal[1] > 0.9;
    if !(view.is_side() || flat) {
        return html! {};
    }
    let point = met(scene, surface, normal);
    let along: Vec3 = if view.is_side() { [normal[1], -normal[0], 0.0] } else { [0.0, 0.0, -1.0] };
    let bony = scene.figure.landmarks.iter().map(|l| scene.moved(l.position_m));
    let joints = scene.figure.bodies.iter().map(|b| scene.moved(b.origin_m));
    let back = bones::back_of_trunk(scene);
    let (mut from, mut to) = (f64::MAX, f64::MIN);
    for p in bony.chain(joints).chain(back) {
        let offset = sub(p, point);
        if dot(offset, normal).abs() < REACH_M {
            from = from.min(dot(offset, along));
            to = to.max(dot(offset, along));
        }
    }
    if from > to {
        (from, to) = (-0.2, 0.2);
    }
    let (mut a, mut b) = (
        view.project(add(point, scaled(along, from - MARGIN_M))),
        view.project(add(point, scaled(along, to + MARGIN_M))),
    );
    let is_floor = surface.name == "floor";
    if is_floor && flat {
        (a[0], b[0]) = (bounds[0] - 60.0, bounds[2] + 60.0);
    }
    // Into the support: against its normal, which in the picture points down where it is positive.
    let into = if view.is_side() { [-normal[0], normal[1]] } else { [0.0, 1.0] };
    let back = |p: Point, d: f64| [p[0] + into[0] * d, p[1] + into[1] * d];
    let mut slab = Path::default();
    slab.polygon(&[a, b, back(b, THICKNESS), back(a, THICKNESS)]);
    let mut top = Path::default();
    top.polyline(&[a, b]);
    let mut legs = Path::default();
    if let (false, true, Some(foot)) = (is_floor, flat, floor_y) {
        for x in [a[0].min(b[0]) + 40.0, a[0].max(b[0]) - 40.0] {
            legs.polyline(&[[x, a[1] + THICKNESS], [x, foot]]);
        }
    }
    html! {
        (path("legs", &legs))
        (path(if is_floor { "surface floor" } else { "surface" }, &slab))
        (path("edge", &top))
    }
}

/// A point of the surface. What is soft gives way, so a chair or backrest is drawn where the body meets it.
fn met(scene: &Scene<'_>, surface: &Surface, normal: Vec3) -> Vec3 {
    let point = scene.moved(surface.point_m);
    let touching: Vec<Vec3> = match surface.name.as_str() {
        "backrest" => bones::back_of_trunk(scene),
        "chair" => {
            Side::BOTH.iter().filter_map(|side| scene.limb("tibia", *side)).map(|f| f.at(CALF_M)).collect()
        }
        _ => return point,
    };
    let gap = touching.iter().map(|p| dot(sub(*p, point), normal)).fold(f64::MAX, f64::min);
    if gap < f64::MAX { add(point, scaled(normal, gap)) } else { point }
}

/// Weights in the hands.
pub(crate) fn held(scene: &Scene<'_>, view: View) -> Markup {
    html! {
        @for load in &scene.figure.held {
            @let c = view.project(scene.moved(load.position_m));
            g class="load" {
                rect x=(coordinate(c[0] - 120.0)) y=(coordinate(c[1] - 90.0)) width="240" height="180" rx="14" {}
                (text("", [c[0], c[1] + 16.0], "middle", &words::amount(load.mass_kg, "kg")))
            }
        }
    }
}

/// Centre of mass and the vertical through it.
pub(crate) fn gravity(scene: &Scene<'_>, view: View, bounds: Bounds) -> Markup {
    if matches!(view, View::Above { .. }) {
        return html! {};
    }
    let centre = view.project(scene.moved(scene.figure.centre_of_mass_m));
    let mut line = Path::default();
    line.polyline(&[[centre[0], bounds[1]], [centre[0], bounds[3]]]);
    html! {
        (path("plumb", &line))
        g class="centre" {
            circle cx=(coordinate(centre[0])) cy=(coordinate(centre[1])) r="17" {}
            path d={
                "M" (coordinate(centre[0])) " " (coordinate(centre[1])) "v-17a17 17 0 0 1 17 17h-34a17 17 0 0 0 17 17Z"
            } {}
        }
    }
}
