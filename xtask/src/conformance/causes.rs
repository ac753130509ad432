//! Why OpenSim's line over surfaces differs from the shortest one by more than half a millimetre.
//!
//! A cause is a property of the path at the pose, and evidence that the difference is OpenSim's:
//!
//! * Where ours is shorter, it must keep clear of every surface: then OpenSim's line is not the shortest.
//! * Where ours is longer, OpenSim's must have left something out: an end that lies inside a surface, a contact, or
//!   the agreement between several. Otherwise ours would not be the shortest, which is a miss.
//!
//! | cause | rule |
//! | --- | --- |
//! | end inside | a point of the path lies inside a surface, where OpenSim drops the contact |
//! | several surfaces | more than one surface in a gap: OpenSim's turns stop at 0.5 mm or after eight |
//! | several gaps | OpenSim wraps a surface in one gap only, however many cut it |
//! | ellipsoid | OpenSim's line over an ellipsoid lies in a plane |
//! | ring | OpenSim's line over a ring runs over a cylinder |
//! | longer | OpenSim takes a longer line outside the same surfaces |
//! | contact left out | OpenSim's line is shorter and has fewer contacts |
//! | forbidden side | OpenSim's line is shorter than the shortest on the allowed sides, not than the shortest on any side |

use guywire_engine::Kinematics;
use guywire_engine::path::{AllowedSide, Path, Shape, Wrap};
use guywire_math::Vec3;
use std::collections::BTreeMap;

/// From here on a difference over a surface needs a cause, m.
pub const EXPLAINED_FROM: f64 = 5e-4;

/// Points at which a straight part or an arc is asked whether it is inside a surface.
const SAMPLES: usize = 40;

/// The explained differences of a model, by cause, and which lines they are.
#[derive(Default)]
pub struct Causes {
    tallies: BTreeMap<&'static str, Tally>,
    /// Model, pose, path, our length (m) and cause, a line each; what `conformance/lines.py` reads.
    pub lines: Vec<String>,
}

/// How many differences have a cause, and how much longer and shorter OpenSim's lines are, m.
#[derive(Default)]
struct Tally {
    count: usize,
    longer: f64,
    shorter: f64,
}

impl Causes {
    /// Counts a difference of a path whose length is ours less OpenSim's by `length`.
    pub fn add(&mut self, cause: &'static str, length: f64) {
        let tally = self.tallies.entry(cause).or_default();
        tally.count += 1;
        tally.longer = tally.longer.max(-length);
        tally.shorter = tally.shorter.max(length);
    }

    /// One line a cause.
    pub fn print(&self, model: &str) {
        for (cause, Tally { count, longer, shorter }) in &self.tallies {
            let (longer, shorter) = (longer * 1e3, shorter * 1e3);
            eprintln!(
                "{model}: {count} differences over 0.5 mm: {cause}; OpenSim's line is up to {longer:.2} mm longer, \
                 {shorter:.2} mm shorter"
            );
        }
    }
}

/// A path at a pose.
pub struct Line<'a> {
    /// The path.
    pub path: &'a Path,
    /// The tree at the pose.
    pub kinematics: &'a Kinematics<f64>,
    /// How many points OpenSim's path has there, wrap points included.
    pub opensim_points: usize,
}

impl Line<'_> {
    /// Why OpenSim's line differs, given ours less OpenSim's length in m.
    pub fn cause(&self, difference: f64) -> Option<&'static str> {
        let (path, kinematics) = (self.path, self.kinematics);
        let present: Vec<usize> =
            (0..path.points.len()).filter(|&k| path.points[k].is_present(kinematics)).collect();
        let contacts = path.contacts(kinematics);
        let opensim_contacts = self.opensim_points.saturating_sub(present.len()) / 2;
        if difference < 0.0 && !self.clears(&present) {
            return None;
        }
        let inside = |w: &Wrap| {
            let ends = present.iter().filter(|&&k| (w.first..=w.last).contains(&k));
            ends.clone().any(|&k| self.contains(w, path.points[k].in_ground(kinematics)))
        };
        if path.wraps.iter().any(inside) {
            return Some("an end lies inside a surface");
        }
        // Surfaces that the straight line of a gap meets, each by itself.
        let met = |gap: &[usize]| {
            let ends = [0, 1].map(|k| path.points[gap[k]].in_ground(kinematics));
            let own = path.wraps.iter().filter(|w| w.first <= gap[0] && gap[1] <= w.last);
            let pose = |w: &Wrap| w.surface.pose(&kinematics.bodies[w.surface.body]);
            own.filter(|w| !matches!(w.surface.touch(&pose(w), ends, w.surface.side), Ok(None))).count()
        };
        let in_gap = |gap: usize| contacts.iter().filter(|c| c.gap == gap).count();
        if present.windows(2).any(|gap| met(gap) > 1)
            || contacts.iter().any(|c| in_gap(c.gap) > 1)
            || path.wraps.len() > 1 && contacts.len() != opensim_contacts
        {
            return Some("several surfaces in a gap");
        }
        if contacts.iter().any(|c| contacts.iter().filter(|d| d.wrap == c.wrap).count() > 1) {
            return Some("a surface in several gaps");
        }
        if difference > EXPLAINED_FROM {
            if contacts.len() > opensim_contacts {
                return Some("OpenSim leaves a contact out");
            }
            let mut free = path.clone();
            for wrap in &mut free.wraps {
                wrap.surface.side = AllowedSide::Any;
            }
            let opensim = path.follow(kinematics, |_| {}) - difference;
            let shortest = free.follow(kinematics, |_| {});
            return (shortest < opensim + EXPLAINED_FROM).then_some("OpenSim passes on a forbidden side");
        }
        let touches = |shape: &dyn Fn(&Shape) -> bool| path.wraps.iter().any(|w| shape(&w.surface.shape));
        if touches(&|s| matches!(s, Shape::Ellipsoid { .. })) {
            return Some("ellipsoid");
        }
        if touches(&|s| matches!(s, Shape::Torus { .. })) {
            return Some("ring");
        }
        if difference < -1e-9 && !contacts.is_empty() || difference < -EXPLAINED_FROM {
            return Some("OpenSim takes a longer line over one surface");
        }
        (contacts.len() != opensim_contacts).then_some("OpenSim has other contacts")
    }

    fn contains(&self, wrap: &Wrap, point: Vec3<f64>) -> bool {
        let surface = &wrap.surface;
        surface.contains(&surface.pose(&self.kinematics.bodies[surface.body]), point)
    }

    /// Whether a point is inside a surface as long as it is: past the end of a cylinder a line is free.
    fn cuts(&self, wrap: &Wrap, point: Vec3<f64>) -> bool {
        let surface = &wrap.surface;
        let ends = |half: f64| {
            let frame = surface.pose(&self.kinematics.bodies[surface.body]);
            frame.inverse_point(point).z.abs() <= half
        };
        let along = match surface.shape {
            Shape::Cylinder { length, .. } if length > 0.0 => ends(0.5 * length),
            _ => true,
        };
        along && self.contains(wrap, point)
    }

    /// Whether our line is outside every surface of its gaps, but for those that an end of the gap lies in.
    fn clears(&self, present: &[usize]) -> bool {
        let (path, kinematics) = (self.path, self.kinematics);
        let end = |k: usize| path.points[k].in_ground(kinematics);
        // Surfaces that a part of the line from point `from` on, other than over surface `but`, must keep out of.
        let free = |from: usize, but: usize, points: &[Vec3<f64>]| {
            let Some(to) = present.iter().copied().find(|&k| k > from) else { return true };
            let own =
                path.wraps.iter().enumerate().filter(|(k, w)| *k != but && w.first <= from && to <= w.last);
            let mut walls = own.filter(|(_, w)| !self.contains(w, end(from)) && !self.contains(w, end(to)));
            walls.all(|(_, w)| !points.iter().any(|p| self.cuts(w, *p)))
        };
        let (mut clear, mut gap) = (true, 0);
        path.follow(kinematics, |strand| {
            if strand.from < path.points.len() {
                gap = strand.from;
            }
            let along = strand.end - strand.start;
            // Tangent points lie on a surface; just off them the line is outside.
            let inner = (1..SAMPLES).map(|k| strand.start + along.scaled(k as f64 / SAMPLES as f64));
            clear &= free(gap, usize::MAX, &inner.collect::<Vec<_>>());
        });
        clear
            && path.contacts(kinematics).iter().all(|contact| {
                let surface = &path.wraps[contact.wrap].surface;
                let arc = surface.sample_arc(&kinematics.bodies[surface.body], &contact.touch, SAMPLES);
                free(contact.gap, contact.wrap, &arc)
            })
    }
}
