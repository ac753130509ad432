//! A coarse string through a ring, pulled taut outside the tube: where the taut line touches, roughly.
//!
//! The string keeps to its side of the plane of the ring, and passes the plane inside the tube if its ends lie on both
//! sides. It is laid over the tube as over a hill and then pulled: every point moves to the middle of its neighbours, weighted so that
//! far ends do not take points away from the ring, and is pushed out of the tube (successive
//! over-relaxation with projection).

use super::tube::{Places, Task};
use guywire_math::Vec3;
use std::f64::consts::PI;

/// Most pieces of a string.
const MOST: usize = 128;
/// Around the ring, in its outer radius, within which the points are spread.
const REACH: f64 = 1.2;
/// Most rounds, for each piece.
const ROUNDS: usize = 12;
/// The string lies still when no point moves by more than this share of the tube.
const STILL: f64 = 1e-4;
/// Directions away from the tube that differ by more than this cosine belong to two contacts.
const TOGETHER: f64 = 0.0;

/// The string.
pub(super) struct Slack {
    x: [Vec3<f64>; MOST + 1],
    /// Tension per length of each piece.
    stiff: [f64; MOST],
    on: [bool; MOST + 1],
    pieces: usize,
}

impl Slack {
    /// The contacts of the string of so many pieces that passes the plane of the ring at `gate`, if at all.
    pub fn contacts(task: &Task<f64>, gate: Option<Vec3<f64>>, pieces: usize) -> Places {
        let mut string = Self::lay(task, gate, pieces.min(MOST));
        string.pull(task, gate.is_some());
        string.places(task)
    }

    fn lay(task: &Task<f64>, gate: Option<Vec3<f64>>, pieces: usize) -> Self {
        let Task { ring, tube, ends, .. } = task;
        let (p, q) = (ends.p, ends.q);
        let ball = REACH * (ring + tube);
        let middle = gate.unwrap_or((p + q) * 0.5);
        // Where a leg of the guide enters the ball, as a share of the way from its far end.
        let enters = |from: Vec3<f64>| {
            let d = middle - from;
            let (a, b, c) = (d.dot(d), from.dot(d), from.dot(from) - ball * ball);
            if c <= 0.0 { 0.0 } else { ((-b - libm::sqrt((b * b - a * c).max(0.0))) / a).clamp(0.0, 1.0) }
        };
        let legs = [p, q].map(|end| {
            let share = enters(end);
            (end + (middle - end) * share, (middle - end).norm() * share)
        });
        let (first, last) = (legs[0].0, legs[1].0);
        let (one, two) = ((middle - first).norm(), (last - middle).norm());
        let inner = pieces - 2;
        let step = ((one + two) / inner as f64).max(1e-9 * tube);
        let mut string = Self { x: [p; MOST + 1], stiff: [1.0 / step; MOST], on: [false; MOST + 1], pieces };
        for k in 0..=inner {
            let along = k as f64 * step;
            let at = if along < one {
                first + (middle - first) * (along / one)
            } else {
                middle + (last - middle) * if two > 0.0 { (along - one) / two } else { 1.0 }
            };
            let up = if gate.is_none() || along < one { p.z } else { q.z };
            string.x[k + 1] = lifted(*ring, *tube, at, if up > 0.0 { 1.0 } else { -1.0 });
        }
        string.x[pieces] = q;
        string.stiff[0] = 1.0 / legs[0].1.max(step);
        string.stiff[pieces - 1] = 1.0 / legs[1].1.max(step);
        string
    }

    fn pull(&mut self, task: &Task<f64>, crosses: bool) {
        let Task { ring, tube, ends, .. } = *task;
        let over = 2.0 / (1.0 + libm::sin(PI / self.pieces as f64));
        let up = if ends.p.z > 0.0 { 1.0 } else { -1.0 };
        for _ in 0..ROUNDS * self.pieces {
            let mut change: f64 = 0.0;
            for k in 1..self.pieces {
                let (a, b) = (self.stiff[k - 1], self.stiff[k]);
                let middle = (self.x[k - 1] * a + self.x[k + 1] * b) * (1.0 / (a + b));
                let mut next = self.x[k] + (middle - self.x[k]) * over;
                if !crosses && next.z * up < 0.0 {
                    next.z = 0.0;
                }
                let rho = libm::sqrt(next.x * next.x + next.y * next.y);
                let across = rho - ring;
                let square = across * across + next.z * next.z;
                self.on[k] = square < tube * tube;
                if self.on[k] && square > 0.0 && rho > 0.0 {
                    let out = tube / libm::sqrt(square);
                    let turn = (ring + across * out) / rho;
                    next = Vec3::new(next.x * turn, next.y * turn, next.z * out);
                }
                let moved = next - self.x[k];
                change = change.max(moved.dot(moved));
                self.x[k] = next;
            }
            if change < STILL * STILL * tube * tube {
                break;
            }
        }
    }

    /// Runs of points that press on the tube.
    fn places(&self, task: &Task<f64>) -> Places {
        let mut places = Places::default();
        let out = |k: usize| {
            let x = self.x[k];
            let inward = 1.0 - task.ring / libm::hypot(x.x, x.y).max(1e-300);
            Vec3::new(x.x * inward, x.y * inward, x.z) * (1.0 / task.tube)
        };
        let mut k = 1;
        while k < self.pieces {
            if !self.on[k] {
                k += 1;
                continue;
            }
            // One that begins at an end on the tube begins there.
            let ashore = k == 1 && task.is_ashore();
            places.ashore |= ashore;
            let begin = if ashore { 0 } else { k };
            let mut length = (self.x[k] - self.x[begin]).norm();
            while k + 1 < self.pieces && self.on[k + 1] && out(k).dot(out(k + 1)) > TOGETHER {
                length += (self.x[k + 1] - self.x[k]).norm();
                k += 1;
            }
            let t = self.x[begin + 1] - self.x[begin.max(1) - 1];
            let is_room = places.push(task.place(self.x[begin], t, length));
            if !is_room {
                break;
            }
            k += 1;
        }
        places
    }
}

/// The point over the tube, on one side of the plane of the ring.
fn lifted(ring: f64, tube: f64, x: Vec3<f64>, up: f64) -> Vec3<f64> {
    let across = libm::hypot(x.x, x.y) - ring;
    let height = tube * tube - across * across;
    if height <= 0.0 {
        return x;
    }
    let height = libm::sqrt(height);
    if x.z * up < height { Vec3::new(x.x, x.y, up * height) } else { x }
}
