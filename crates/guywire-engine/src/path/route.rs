//! The line of one path at a pose: which points and surfaces it meets, in which order.

use super::chain::Chain;
use super::surface::{AllowedSide, Manner, Touch};
use super::{NotFound, Path};
use crate::Kinematics;
use guywire_math::{Pose, Real, Vec3, Wrench};
use std::ops::Range;

/// Most rounds over the surfaces of one gap.
const MAX_ROUNDS: usize = 64;
/// The line has settled when its length changes by less, m; lines over ellipsoids are exact to about this.
const SETTLED: f64 = 1e-13;
/// Lengths that change by more after all rounds are not a line, m.
const LOST: f64 = 1e-9;
/// A straight part shorter than this takes its direction from the tangent beside it, m: that between its ends is
/// rounded by more than 1e-12.
pub(super) const SHORT: f64 = 1e-4;

/// A straight part of a path between two bodies, in ground.
#[derive(Clone, Copy, Debug)]
pub struct Strand<T> {
    /// Which of the path's bodies it starts on: point index, or number of points + wrap index.
    pub from: usize,
    /// Start.
    pub start: Vec3<T>,
    /// Which of the path's bodies it ends on.
    pub to: usize,
    /// End.
    pub end: Vec3<T>,
    /// Force on the body at the start per newton of tension; the body at the end feels the opposite. A unit
    /// vector along the line, but for a strand that ends at a point pressed into a surface.
    pub pull: Vec3<T>,
    /// Where it acts.
    pub at: Vec3<T>,
    /// Between two surfaces of which one has an end inside or its rim touched: what acts beside the pull, at the start and
    /// at the end, in the same way.
    pub beside: Option<[Vec3<T>; 2]>,
}

/// A contact with a surface.
#[derive(Clone, Copy, Debug)]
pub struct Contact<T> {
    /// The surface (index into the path's wraps).
    pub wrap: usize,
    /// The gap (after which path point) that it lies in.
    pub gap: usize,
    /// Where.
    pub touch: Touch<T>,
}

/// A surface that a gap may touch.
#[derive(Clone, Copy, Debug)]
pub(super) struct Slot<T> {
    pub wrap: usize,
    pub touch: Option<Touch<T>>,
    /// Which line is meant while all contacts are made to agree.
    pub manner: Manner,
}

/// Memory for the line of one path after another.
#[derive(Clone, Debug)]
pub struct Route<T> {
    /// Present points, in order, and where they are.
    pub(super) points: Vec<(usize, Vec3<T>)>,
    /// The surfaces of the path, in ground.
    pub(super) frames: Vec<Pose<T>>,
    pub(super) slots: Vec<Slot<T>>,
    /// The slots of every gap.
    pub(super) gaps: Vec<Range<usize>>,
    /// Touched slots of every gap in the order in which the line meets them, at the front of the gap's range.
    pub(super) order: Vec<usize>,
    pub(super) touched: Vec<usize>,
    pub(super) chain: Chain<T>,
}

impl<T: Real> Default for Route<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T: Real> Route<T> {
    /// Empty.
    pub fn new() -> Self {
        Self {
            points: Vec::new(),
            frames: Vec::new(),
            slots: Vec::new(),
            gaps: Vec::new(),
            order: Vec::new(),
            touched: Vec::new(),
            chain: Chain::new(),
        }
    }

    /// Lays the line of a path at a pose. Every gap in a surface's range keeps outside it on its own.
    ///
    /// # Errors
    /// The wrap whose line was not found; that gap stays straight there.
    pub fn lay(&mut self, path: &Path, kinematics: &Kinematics<T>) -> Result<(), usize> {
        self.points.clear();
        for (k, point) in path.points.iter().enumerate() {
            if point.is_present(kinematics) {
                self.points.push((k, point.in_ground(kinematics)));
            }
        }
        self.slots.clear();
        self.gaps.clear();
        self.order.clear();
        self.touched.clear();
        self.frames.clear();
        self.frames.extend(path.wraps.iter().map(|w| w.surface.pose(&kinematics.bodies[w.surface.body])));
        let mut lost = None;
        for gap in 0..self.points.len().saturating_sub(1) {
            let start = self.slots.len();
            let (from, to) = (self.points[gap].0, self.points[gap + 1].0);
            let stiff = path.points[from].body == path.points[to].body;
            for (wrap, w) in path.wraps.iter().enumerate() {
                if w.first <= from && to <= w.last {
                    // A part between two points of one body is stiff: it takes the short way.
                    let side = if stiff { AllowedSide::Any } else { w.surface.side };
                    let manner = Manner { side, near: None, endless: false };
                    self.slots.push(Slot { wrap, touch: None, manner });
                }
            }
            let range = start..self.slots.len();
            self.order.resize(range.end, 0);
            self.touched.push(0);
            self.gaps.push(range);
            if start < self.slots.len()
                && let Err(wrap) = self.settle(path, gap)
            {
                lost = Some(wrap);
            }
        }
        lost.map_or(Ok(()), Err)
    }

    /// Finds the contacts of one gap.
    fn settle(&mut self, path: &Path, gap: usize) -> Result<(), usize> {
        let range = self.gaps[gap].clone();
        let mut lost = Ok(());
        if range.len() == 1 {
            let ends = [self.points[gap].1, self.points[gap + 1].1];
            match self.touch(path, range.start, ends) {
                Ok(touch) => self.slots[range.start].touch = touch,
                Err(NotFound) => lost = Err(self.slots[range.start].wrap),
            }
            self.sort(gap);
            return lost;
        }
        // One surface has a closed form or is solved at once. Several are solved in turn, each step shortening the
        // line, so this descends to the shortest one; once it is near, all are solved together.
        let (mut previous, mut settled) = (f64::INFINITY, 0);
        let mut alone = None;
        for round in 1..=MAX_ROUNDS {
            lost = Ok(());
            for slot in range.clone() {
                self.slots[slot].touch = None;
                self.sort(gap);
                match self.insert(path, gap, slot) {
                    Ok(touch) => {
                        self.slots[slot].touch = touch;
                    }
                    Err(NotFound) => lost = Err(self.slots[slot].wrap),
                }
            }
            self.sort(gap);
            // A contact between the two points, or none, that has met the others is exact.
            match self.touched[gap] {
                0 => return lost,
                1 if alone == Some(self.order[range.start]) => return lost,
                1 => alone = Some(self.order[range.start]),
                _ => alone = None,
            }
            if round > 1 && round.is_power_of_two() && lost.is_ok() && self.agree(path, gap, false) {
                return Ok(());
            }
            let length = self.gap(path, gap, |_| {}).value();
            let change = (previous - length).abs();
            settled += usize::from(change < SETTLED);
            previous = length;
            // Derivatives carried along settle one round after the value does.
            if settled > 2 {
                if lost.is_ok() && !self.agrees(path, gap) {
                    lost = Err(self.slots[range.start].wrap);
                }
                return lost;
            }
            if lost.is_ok() && change > LOST {
                lost = Err(self.slots[range.start].wrap);
            }
        }
        // Surfaces that cut one another may leave no line outside both.
        if lost.is_err() && self.agree(path, gap, true) {
            return Ok(());
        }
        lost
    }

    pub(super) fn touch(
        &self,
        path: &Path,
        slot: usize,
        ends: [Vec3<T>; 2],
    ) -> Result<Option<Touch<T>>, NotFound> {
        let Slot { wrap, manner, .. } = &self.slots[slot];
        path.wraps[*wrap].surface.touch_as(&self.frames[*wrap], ends, manner)
    }

    /// The contact of a slot with the first straight part of its gap that meets it.
    pub(super) fn insert(&self, path: &Path, gap: usize, slot: usize) -> Result<Option<Touch<T>>, NotFound> {
        let wrap = self.slots[slot].wrap;
        let surface = &path.wraps[wrap].surface;
        let mut found = Ok(None);
        self.gap(path, gap, |strand| {
            // Only a path point may be pressed into a surface, not a contact with another one.
            let buried = |end: usize, at: Vec3<T>| {
                end >= path.points.len() && surface.contains(&self.frames[wrap], at)
            };
            if matches!(found, Ok(None))
                && !buried(strand.from, strand.start)
                && !buried(strand.to, strand.end)
            {
                found = self.touch(path, slot, [strand.start, strand.end]);
            }
        });
        found
    }

    /// Puts the touched slots of a gap into the order in which the line meets them.
    pub(super) fn sort(&mut self, gap: usize) {
        let range = self.gaps[gap].clone();
        let here = self.points[gap].1.value();
        let along = self.points[gap + 1].1.value() - here;
        let reach = |touch: &Touch<T>| (touch.enter.value() - here).dot(along);
        let mut count = 0;
        for slot in range.clone() {
            let Some(touch) = &self.slots[slot].touch else { continue };
            let far = reach(touch);
            let mut at = range.start + count;
            while at > range.start {
                let before = self.slots[self.order[at - 1]].touch.as_ref().map_or(0.0, reach);
                if before <= far {
                    break;
                }
                self.order[at] = self.order[at - 1];
                at -= 1;
            }
            self.order[at] = slot;
            count += 1;
        }
        self.touched[gap] = count;
    }

    /// Visits the straight parts; returns the whole length in m.
    pub fn strands(&self, path: &Path, mut visit: impl FnMut(Strand<T>)) -> T {
        let mut length = T::zero();
        for gap in 0..self.gaps.len() {
            length += self.gap(path, gap, &mut visit);
        }
        length
    }

    /// The same for one gap.
    fn gap(&self, path: &Path, gap: usize, mut visit: impl FnMut(Strand<T>)) -> T {
        let ((first, here), (last, next)) = (self.points[gap], self.points[gap + 1]);
        let mut length = T::zero();
        let (mut from, mut start) = (first, here);
        // The contact that the line comes from.
        let mut left: Option<&Touch<T>> = None;
        let begin = self.gaps[gap].start;
        for &slot in &self.order[begin..begin + self.touched[gap]] {
            let Slot { wrap, touch: Some(touch), .. } = &self.slots[slot] else { continue };
            let surface = path.points.len() + wrap;
            let (mut strand, straight) = Strand::between(from, start, surface, touch.enter);
            if straight.value() < SHORT {
                strand.pull = touch.along[0];
            }
            match (left, touch.slopes) {
                (None, Some([slope, _])) => strand.pull = -slope,
                (Some(before), Some([slope, _])) => {
                    let ahead = before.slopes.map_or(strand.pull, |slopes| slopes[1]);
                    strand.beside = Some([-slope - strand.pull, ahead - strand.pull]);
                }
                (_, None) => {}
            }
            length += straight + touch.arc;
            visit(strand);
            (from, start) = (surface, touch.leave);
            left = Some(touch);
        }
        let (mut strand, straight) = Strand::between(from, start, last, next);
        if let Some(touch) = left {
            if straight.value() < SHORT {
                strand.pull = touch.along[1];
            }
            if let Some([_, slope]) = touch.slopes {
                (strand.pull, strand.at) = (slope, next);
            }
        }
        visit(strand);
        length + straight
    }

    /// The contacts, gap by gap.
    pub fn contacts(&self) -> impl Iterator<Item = Contact<T>> + '_ {
        self.gaps.iter().enumerate().flat_map(move |(gap, range)| {
            let met = &self.order[range.start..range.start + self.touched[gap]];
            met.iter().filter_map(move |&slot| {
                let Slot { wrap, touch, .. } = self.slots[slot];
                touch.map(|touch| Contact { wrap, gap: self.points[gap].0, touch })
            })
        })
    }

    /// The last point on the path.
    pub(super) fn last_point(&self) -> Option<Vec3<T>> {
        self.points.last().map(|p| p.1)
    }
}

impl<T: Real> Strand<T> {
    /// What acts on the body at the start, per newton of tension.
    #[inline]
    pub fn wrench(&self) -> Wrench<T> {
        let pull = Wrench::at(self.at, self.pull);
        match self.beside {
            None => pull,
            Some([first, last]) => pull + Wrench::at(self.start, first) + Wrench::at(self.end, last),
        }
    }

    fn between(from: usize, start: Vec3<T>, to: usize, end: Vec3<T>) -> (Self, T) {
        let along = end - start;
        let length = along.norm();
        let pull = if length.value() < 1e-12 { Vec3::zero() } else { along.scaled(T::one() / length) };
        (Self { from, start, to, end, pull, at: start, beside: None }, length)
    }
}
