//! Muscles as lines: thicker and darker with tension, so that the picture also reads without colour.

use super::scene::{Scene, View};
use crate::svg::{Path, Point, Sheet, coordinate, distance, path, unit};
use crate::words;
use guywire::results::{MuscleState, Posture, Side};
use maud::{Markup, html};
use std::collections::BTreeMap;

/// Upper ends of the tension steps in newtons per line; the last step is open.
pub(crate) const STEPS_N: [f64; 5] = [2.0, 10.0, 30.0, 100.0, 300.0];

/// Groups that lie behind the bones when the person is seen from the front.
const BEHIND: [&str; 6] =
    ["back_extensors", "gluteus_maximus", "hamstrings", "calf", "quadratus_lumborum", "hip_rotators"];

/// The step of a tension: 0 is slack.
pub(crate) fn step(force_n: f64) -> usize {
    STEPS_N.iter().filter(|limit| force_n >= **limit).count()
}

/// Whether a muscle is drawn.
pub(crate) type Choice<'a> = &'a dyn Fn(&MuscleState) -> bool;

/// The lines of the chosen muscles, slack ones first.
pub(crate) fn lines(
    sheet: Sheet,
    scene: &Scene<'_>,
    posture: &Posture,
    view: View,
    class: &str,
    choose: Choice<'_>,
) -> Markup {
    let mut by_step: [Path; STEPS_N.len() + 1] = Default::default();
    for (muscle, line) in posture.muscles.iter().zip(&scene.figure.muscle_lines) {
        if choose(muscle) && line.len() > 1 {
            let points: Vec<Point> = line.iter().map(|p| view.project(scene.moved(*p))).collect();
            by_step[step(muscle.force_n)].polyline(&points);
        }
    }
    html! {
        @for (i, lines) in by_step.iter().enumerate() {
            (sheet.path(&format!("m {class} m{i}"), lines))
        }
    }
}

/// The chosen muscles once more, bright and thick whatever they pull.
pub(crate) fn lit(
    sheet: Sheet,
    scene: &Scene<'_>,
    posture: &Posture,
    view: View,
    choose: Choice<'_>,
) -> Markup {
    let mut lines = Path::default();
    for (muscle, line) in posture.muscles.iter().zip(&scene.figure.muscle_lines) {
        if choose(muscle) && line.len() > 1 {
            let points: Vec<Point> = line.iter().map(|p| view.project(scene.moved(*p))).collect();
            lines.polyline(&points);
        }
    }
    sheet.path("m lit", &lines)
}

/// Whether a muscle lies behind the bones in a view from the front.
pub(crate) fn is_behind(muscle: &MuscleState) -> bool {
    BEHIND.contains(&muscle.group.as_str())
}

/// Forces of one tissue group.
#[derive(Clone, Debug)]
pub(crate) struct GroupForce {
    /// Name as in case files.
    pub(crate) group: String,
    /// Total force, left then right.
    pub(crate) total_n: [f64; 2],
    /// Passive part, left then right.
    pub(crate) passive_n: [f64; 2],
}

impl GroupForce {
    /// Both sides together.
    pub(crate) fn both(&self) -> f64 {
        self.total_n[0] + self.total_n[1]
    }
}

/// Every group's force, strongest first.
pub(crate) fn group_forces(posture: &Posture) -> Vec<GroupForce> {
    let mut groups: BTreeMap<&str, GroupForce> = BTreeMap::new();
    for muscle in &posture.muscles {
        let entry = groups.entry(&muscle.group).or_insert_with(|| GroupForce {
            group: muscle.group.clone(),
            total_n: [0.0; 2],
            passive_n: [0.0; 2],
        });
        let side = usize::from(muscle.side == Side::Right);
        entry.total_n[side] += muscle.force_n;
        entry.passive_n[side] += muscle.passive_force_n;
    }
    let mut groups: Vec<_> = groups.into_values().collect();
    groups.sort_by(|a, b| b.both().total_cmp(&a.both()).then_with(|| a.group.cmp(&b.group)));
    groups
}

/// How many groups are numbered in the picture.
const NUMBERED: usize = 6;
/// Least force of both sides together that earns a number, in newtons.
const WORTH_A_NUMBER_N: f64 = 10.0;

/// How many lines of a group are tried to find room for its number.
const LINES_TRIED: usize = 12;

/// The groups that pull most, in the order of their numbers.
pub(crate) fn strongest(posture: &Posture) -> Vec<GroupForce> {
    let mut groups = group_forces(posture);
    groups.retain(|g| g.both() >= WORTH_A_NUMBER_N);
    groups.truncate(NUMBERED);
    groups
}

/// How much more one side must pull for its lines to carry the number.
const ONE_SIDED: f64 = 1.5;

/// Numbered discs on the strongest groups, kept apart from each other; where there is no room on a line the
/// number stands beside it.
pub(crate) fn numbers(scene: &Scene<'_>, posture: &Posture, view: View, radius: f64) -> Markup {
    let mut placed: Vec<(Point, Point)> = Vec::new();
    let mut discs = Vec::new();
    for (i, group) in strongest(posture).iter().enumerate() {
        let [left, right] = group.total_n;
        let side = if left > ONE_SIDED * right { Side::Left } else { Side::Right };
        let mut own: Vec<_> = posture
            .muscles
            .iter()
            .zip(&scene.figure.muscle_lines)
            .filter(|(m, line)| m.group == group.group && m.side == side && line.len() > 1)
            .collect();
        own.sort_by(|a, b| b.0.force_n.total_cmp(&a.0.force_n).then_with(|| a.0.name.cmp(&b.0.name)));
        let clearance = |p: Point| placed.iter().map(|(q, _)| distance(p, *q)).fold(1e9, f64::min);
        let spots: Vec<Point> = own
            .iter()
            .take(LINES_TRIED)
            .flat_map(|(_, line)| {
                let line: Vec<Point> = line.iter().map(|p| view.project(scene.moved(*p))).collect();
                [0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8].map(|t| along(&line, t))
            })
            .collect();
        let Some(first) = spots.first().copied() else { continue };
        let beside = [2.4, 3.6, 4.8, 6.0].into_iter().flat_map(|reach| {
            BESIDE
                .map(unit)
                .map(move |d| [first[0] + d[0] * reach * radius, first[1] + d[1] * reach * radius])
        });
        let on_line = spots.iter().map(|p| (*p, *p));
        let best = on_line.chain(beside.map(|p| (p, first))).find(|(p, _)| clearance(*p) > 2.2 * radius);
        let (at, from) = best.unwrap_or((first, first));
        placed.push((at, from));
        discs.push((i + 1, at, from));
    }
    html! {
        @for (_, at, from) in &discs {
            @if distance(*at, *from) > radius {
                @let tie = tie(*from, *at);
                (path("tie", &tie))
            }
        }
        @for (number, at, _) in &discs {
            g class="number" transform=(format!("translate({} {})", coordinate(at[0]), coordinate(at[1]))) {
                circle r=(coordinate(radius)) {}
                text y=(coordinate(radius * 0.36)) text-anchor="middle" { (number) }
            }
        }
    }
}

/// Directions in which a number may stand beside its line.
const BESIDE: [Point; 6] = [[1.0, 0.0], [-1.0, 0.0], [1.0, -1.0], [-1.0, -1.0], [1.0, 1.0], [-1.0, 1.0]];

fn tie(from: Point, to: Point) -> Path {
    let mut line = Path::default();
    line.polyline(&[from, to]);
    line
}

/// The point at a share of a polyline's length.
fn along(line: &[Point], share: f64) -> Point {
    let total: f64 = line.windows(2).map(|w| distance(w[0], w[1])).sum();
    let mut left = total * share;
    for w in line.windows(2) {
        let length = distance(w[0], w[1]);
        if left <= length && length > 0.0 {
            let t = left / length;
            return [w[0][0] + t * (w[1][0] - w[0][0]), w[0][1] + t * (w[1][1] - w[0][1])];
        }
        left -= length;
    }
    line.first().copied().unwrap_or([0.0; 2])
}

/// The key to the numbers.
pub(crate) fn key(posture: &Posture) -> Markup {
    let groups = strongest(posture);
    html! {
        @if groups.is_empty() {
            p { "No muscle group pulls more than " (words::amount(WORTH_A_NUMBER_N, "N")) " here." }
        } @else {
            p { "Pulling most:" }
            ol {
                @for g in &groups {
                    li {
                        (words::group(&g.group)) " "
                        span class="quiet" {
                            "left " (words::amount(g.total_n[0], "N")) ", right " (words::amount(g.total_n[1], "N"))
                        }
                    }
                }
            }
        }
    }
}
