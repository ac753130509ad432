//! Muscle paths: points fixed to bodies, and cylinders that the line between them may not cut.
//!
//! The path is the shortest allowed line, so by the envelope theorem its length changes with the pose as
//! if every tangent point were fixed to the surface it touches. A tension of one newton therefore acts
//! on each body as unit forces at the path's points, and the moment arms are the generalised forces of
//! these:
//!
//! ```text
//! r_i = −∂L/∂q_i   (m or unitless; positive pulls q_i up)
//! ```
//!
//! One case is only nearly so (within about a hundredth): a point pressed into one of two surfaces that the
//! same gap touches, where the line is not quite the shortest.

pub mod cylinder;
mod set;

pub use cylinder::{AllowedSide, Cylinder, Touch};
pub use set::{MomentArms, PathError, PathSet};

use crate::Kinematics;
use guywire_math::{Real, Vec3};

/// Most places where one path may touch a surface: a surface counts once for each gap in its range.
pub const MAX_CONTACTS: usize = 12;

/// A point of a path, fixed to a body.
#[derive(Clone, Debug)]
pub struct PathPoint {
    /// Index of the body.
    pub body: usize,
    /// Position in the body frame, m.
    pub position: Vec3<f64>,
}

/// A cylinder that part of a path may touch.
#[derive(Clone, Debug)]
pub struct Wrap {
    /// The surface.
    pub surface: Cylinder,
    /// First point of the part (index into the path's points).
    pub first: usize,
    /// Last point of the part.
    pub last: usize,
}

/// A line from origin to insertion.
#[derive(Clone, Debug)]
pub struct Path {
    /// Fixed points in order; two or more.
    pub points: Vec<PathPoint>,
    /// Surfaces, in order along the path; together at most [`MAX_CONTACTS`] gaps.
    pub wraps: Vec<Wrap>,
}

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

/// The contacts of a path, in no order.
pub type Contacts<T> = [Option<Contact<T>>; MAX_CONTACTS];

impl<T: Real> Strand<T> {
    fn straight(from: usize, start: Vec3<T>, to: usize, end: Vec3<T>) -> Self {
        let along = end - start;
        let length = along.norm();
        let pull = if length.value() < 1e-12 { Vec3::zero() } else { along.scaled(T::one() / length) };
        Self { from, start, to, end, pull, at: start }
    }
}

impl Path {
    /// How many contacts the path can have.
    pub(crate) fn contact_count(&self) -> usize {
        self.wraps.iter().map(|w| w.last - w.first).sum()
    }

    fn point<T: Real>(&self, kinematics: &Kinematics<T>, k: usize) -> Vec3<T> {
        let point = &self.points[k];
        kinematics.bodies[point.body].point(point.position.lift())
    }

    /// Visits every straight part and returns the length in m.
    pub fn follow<T: Real>(&self, kinematics: &Kinematics<T>, visit: impl FnMut(Strand<T>)) -> T {
        if self.wraps.is_empty() {
            return self.strands(kinematics, &[], visit);
        }
        let contacts = self.contacts(kinematics);
        self.strands(kinematics, &contacts[..self.contact_count()], visit)
    }

    /// The contacts. Every gap in a surface's range keeps outside it on its own.
    pub fn contacts<T: Real>(&self, kinematics: &Kinematics<T>) -> Contacts<T> {
        let mut contacts: Contacts<T> = [None; MAX_CONTACTS];
        let count = self.contact_count();
        // One surface has a closed form. Several are solved in turn until nothing moves: each step can
        // only shorten the line, so this descends to the shortest one.
        let rounds = if self.wraps.len() > 1 { 64 } else { 1 };
        let mut previous = f64::INFINITY;
        let mut settled = 0;
        for _ in 0..rounds {
            let mut slot = 0;
            for (k, wrap) in self.wraps.iter().enumerate() {
                let carrier = &kinematics.bodies[wrap.surface.body];
                for gap in wrap.first..wrap.last {
                    contacts[slot] = None;
                    let ends = [self.point(kinematics, gap), self.point(kinematics, gap + 1)];
                    // A part between two points of one body is stiff: it takes the short way.
                    let stiff = self.points[gap].body == self.points[gap + 1].body;
                    let side = if stiff { AllowedSide::Any } else { wrap.surface.side };
                    let mut found = None;
                    self.gap(gap, ends, &contacts[..count], |strand| {
                        // Only a path point may be pressed into a surface, not a contact with another one.
                        let buried = |end: usize, at: Vec3<T>| {
                            end >= self.points.len() && wrap.surface.contains(carrier, at)
                        };
                        if found.is_none()
                            && !buried(strand.from, strand.start)
                            && !buried(strand.to, strand.end)
                        {
                            found = wrap.surface.touch(carrier, [strand.start, strand.end], side);
                        }
                    });
                    contacts[slot] = found.map(|touch| Contact { wrap: k, gap, touch });
                    slot += 1;
                }
            }
            if rounds > 1 {
                let length = self.strands(kinematics, &contacts[..count], |_| {}).value();
                settled += usize::from((previous - length).abs() < 1e-14);
                // Derivatives carried along settle one round after the value does.
                if settled > 2 {
                    break;
                }
                previous = length;
            }
        }
        contacts
    }

    /// Visits the straight parts given the contacts; returns the whole length.
    fn strands<T: Real>(
        &self,
        kinematics: &Kinematics<T>,
        contacts: &[Option<Contact<T>>],
        mut visit: impl FnMut(Strand<T>),
    ) -> T {
        let mut length = T::zero();
        let mut here = self.point(kinematics, 0);
        for gap in 0..self.points.len() - 1 {
            let next = self.point(kinematics, gap + 1);
            length += self.gap(gap, [here, next], contacts, &mut visit);
            here = next;
        }
        length
    }

    /// The same between one path point and the next, given where these are.
    fn gap<T: Real>(
        &self,
        gap: usize,
        [here, next]: [Vec3<T>; 2],
        contacts: &[Option<Contact<T>>],
        mut visit: impl FnMut(Strand<T>),
    ) -> T {
        let mut length = T::zero();
        let (mut from, mut start) = (gap, here);
        // Force on the surface that the line comes from, where it presses a path point into it.
        let mut pressed: Option<Vec3<T>> = None;
        // Contacts of this gap in the order in which the line meets them.
        let along = (next - here).value();
        let mut done = [false; MAX_CONTACTS];
        loop {
            let mut first: Option<(f64, usize, &Contact<T>)> = None;
            for (slot, contact) in contacts.iter().enumerate() {
                if let Some(contact) = contact
                    && contact.gap == gap
                    && !done[slot]
                {
                    let reach = (contact.touch.enter - here).value().dot(along);
                    if first.is_none_or(|f| reach < f.0) {
                        first = Some((reach, slot, contact));
                    }
                }
            }
            let Some((_, slot, Contact { wrap, touch, .. })) = first else { break };
            done[slot] = true;
            let surface = self.points.len() + wrap;
            length += (touch.enter - start).norm() + touch.arc;
            let mut strand = Strand::straight(from, start, surface, touch.enter);
            if let (true, Some([slope, _])) = (from == gap, touch.slopes) {
                strand.pull = -slope;
            }
            visit(strand);
            (from, start) = (surface, touch.leave);
            pressed = touch.slopes.map(|[_, slope]| slope);
        }
        length += (next - start).norm();
        let mut strand = Strand::straight(from, start, gap + 1, next);
        if let Some(slope) = pressed {
            (strand.pull, strand.at) = (slope, next);
        }
        visit(strand);
        length
    }

    /// The line in ground, arcs sampled, for drawing.
    pub fn polyline(&self, kinematics: &Kinematics<f64>) -> Vec<Vec3<f64>> {
        let contacts = if self.wraps.is_empty() { [None; MAX_CONTACTS] } else { self.contacts(kinematics) };
        let mut line = Vec::new();
        self.strands(kinematics, &contacts, |strand| {
            line.push(strand.start);
            // The contact that this strand runs into, if it ends on a surface.
            let met = contacts
                .iter()
                .flatten()
                .find(|c| c.wrap + self.points.len() == strand.to && c.touch.enter == strand.end);
            if let Some(contact) = met {
                let surface = &self.wraps[contact.wrap].surface;
                line.push(strand.end);
                line.extend(surface.sample_arc(&kinematics.bodies[surface.body], &contact.touch, 6));
            }
        });
        if let Some(last) = self.points.last() {
            line.push(kinematics.bodies[last.body].point(last.position));
        }
        line
    }
}
