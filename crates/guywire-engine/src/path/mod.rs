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

pub mod cylinder;
mod set;

pub use cylinder::{AllowedSide, Cylinder, Touch};
pub use set::{MomentArms, PathError, PathSet};

use crate::Kinematics;
use guywire_math::{Real, Vec3};

/// Most surfaces that one path may touch.
pub const MAX_WRAPS: usize = 4;

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
    /// Surfaces, in order along the path; at most [`MAX_WRAPS`].
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
}

/// A contact and the gap between path points that it lies in.
type Placed<T> = (usize, Touch<T>);

impl Path {
    /// Visits every straight part and returns the length in m.
    pub fn follow<T: Real>(&self, kinematics: &Kinematics<T>, mut visit: impl FnMut(Strand<T>)) -> T {
        let at = |k: usize| {
            let point = &self.points[k];
            kinematics.bodies[point.body].point(point.position.lift())
        };
        if self.wraps.is_empty() {
            let mut length = T::zero();
            let mut start = at(0);
            for to in 1..self.points.len() {
                let end = at(to);
                length += (end - start).norm();
                visit(Strand { from: to - 1, start, to, end });
                start = end;
            }
            return length;
        }
        let touches = self.touches(kinematics);
        self.strands(kinematics, &touches, |_, strand| visit(strand))
    }

    /// The contacts, each with the gap (after which point) it lies in.
    pub fn touches<T: Real>(&self, kinematics: &Kinematics<T>) -> [Option<Placed<T>>; MAX_WRAPS] {
        let mut touches = [None; MAX_WRAPS];
        // One surface has a closed form. Several are solved in turn until nothing moves: each step can
        // only shorten the line, so this descends to the shortest one.
        let rounds = if self.wraps.len() > 1 { 64 } else { 1 };
        let mut previous = f64::INFINITY;
        let mut settled = 0;
        for _ in 0..rounds {
            for (k, wrap) in self.wraps.iter().enumerate() {
                touches[k] = None;
                let carrier = kinematics.bodies[wrap.surface.body];
                let mut best: Option<(f64, Placed<T>)> = None;
                self.strands(kinematics, &touches, |gap, strand| {
                    if gap < wrap.first || gap + 1 > wrap.last || best.is_some_and(|b| b.1.1.pierced) {
                        return;
                    }
                    if let Some(touch) = wrap.surface.touch(&carrier, strand.start, strand.end) {
                        let detour = (touch.enter - strand.start).norm() + touch.arc + (strand.end - touch.leave).norm()
                            - (strand.end - strand.start).norm();
                        if best.is_none_or(|b| detour.value() < b.0 || touch.pierced) {
                            best = Some((detour.value(), (gap, touch)));
                        }
                    }
                });
                touches[k] = best.map(|b| b.1);
            }
            if rounds > 1 {
                let length = self.strands(kinematics, &touches, |_, _| {}).value();
                settled += usize::from((previous - length).abs() < 1e-14);
                // Derivatives carried along settle one round after the value does.
                if settled > 2 {
                    break;
                }
                previous = length;
            }
        }
        touches
    }

    /// Visits the straight parts (with their gap) given the contacts; returns the whole length.
    fn strands<T: Real>(
        &self,
        kinematics: &Kinematics<T>,
        touches: &[Option<Placed<T>>; MAX_WRAPS],
        mut visit: impl FnMut(usize, Strand<T>),
    ) -> T {
        let at = |k: usize| {
            let point = &self.points[k];
            kinematics.bodies[point.body].point(point.position.lift())
        };
        let count = self.points.len();
        let mut length = T::zero();
        let mut here = at(0);
        for gap in 0..count - 1 {
            let next = at(gap + 1);
            let (mut from, mut start) = (gap, here);
            // Contacts of this gap in the order in which the line meets them.
            let along = (next - here).value();
            let mut done = [false; MAX_WRAPS];
            loop {
                let mut first: Option<(f64, usize, Touch<T>)> = None;
                for (k, touch) in touches.iter().enumerate() {
                    if let Some((g, touch)) = touch
                        && *g == gap
                        && !done[k]
                    {
                        let reach = (touch.enter - here).value().dot(along);
                        if first.is_none_or(|f| reach < f.0) {
                            first = Some((reach, k, *touch));
                        }
                    }
                }
                let Some((_, k, touch)) = first else { break };
                done[k] = true;
                length += (touch.enter - start).norm() + touch.arc;
                visit(gap, Strand { from, start, to: count + k, end: touch.enter });
                (from, start) = (count + k, touch.leave);
            }
            length += (next - start).norm();
            visit(gap, Strand { from, start, to: gap + 1, end: next });
            here = next;
        }
        length
    }

    /// The line in ground, arcs sampled, for drawing.
    pub fn polyline(&self, kinematics: &Kinematics<f64>) -> Vec<Vec3<f64>> {
        let touches = self.touches(kinematics);
        let mut line = Vec::new();
        self.strands(kinematics, &touches, |_, strand| {
            line.push(strand.start);
            if strand.to >= self.points.len() {
                let k = strand.to - self.points.len();
                if let Some((_, touch)) = &touches[k] {
                    let surface = &self.wraps[k].surface;
                    line.push(touch.enter);
                    line.extend(surface.sample_arc(&kinematics.bodies[surface.body], touch, 6));
                }
            }
        });
        if let Some(last) = self.points.last() {
            line.push(kinematics.bodies[last.body].point(last.position));
        }
        line
    }
}
