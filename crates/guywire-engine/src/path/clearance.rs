//! Whether a line over a ring is taut and keeps outside, and what to try where it is not.
//!
//! A contact must press all along, or it is parted; a straight part must not cut the tube, or there is one contact more;
//! nothing may cross the plane of the ring outside its circle.

use super::geodesic::{Curved, State, direction, follow, position};
use super::lookout::stride;
use super::surface::NotFound;
use super::tube::{Places, Task};
use guywire_math::Vec3;

/// Steps along a contact in which its pressing is looked at, at least and at most.
const PRESSES: [usize; 2] = [16, 80];
/// A curvature times the tube's radius that is none.
const FLAT: f64 = 1e-12;
/// Such a step in the smaller of the tube's radius and the hole's.
const PRESS: f64 = 0.4;
/// Share of a contact that is left at least on either side of where it lifts.
const LEAST_LEFT: f64 = 0.2;
/// Share of the tube that a line may miss or cut it by.
const CLEAR: f64 = 1e-12;
/// The same of a whole line that may be long beside the ring.
const WHOLE: usize = 200;
/// Stretches of a straight part that are looked at for a place nearest to the tube.
const STRETCHES: usize = 16;

impl Task<f64> {
    /// Other contacts to try, where these do not make a taut line outside the tube.
    pub fn judge(&self, places: &Places, runs: &[[State<f64>; 2]]) -> Result<Option<Places>, NotFound> {
        let mut better = *places;
        for (k, place) in places.as_slice().iter().enumerate() {
            if place[3] < 0.0 {
                better.remove(k);
                return Ok(Some(better));
            }
        }
        for (k, place) in places.as_slice().iter().enumerate() {
            if let Some([lifts, lands]) = self.lift_off(&runs[k][0], place[3])? {
                let again = follow(&self.torus(), runs[k][0], lands)?;
                let second = self.place(position(&again), direction(&again), place[3] - lands);
                if k == 0 && self.is_ashore() && lifts <= 0.0 {
                    // Where it does not press at the end that lies on the tube, it begins farther on.
                    better.list[0] = second;
                    better.ashore = false;
                    return Ok(Some(better));
                }
                better.list[k][3] = lifts;
                return if better.insert(k + 1, second) { Ok(Some(better)) } else { Err(NotFound) };
            }
        }
        let mut from = self.ends.p;
        let mut leaves: Option<Vec3<f64>> = None;
        for k in 0..=runs.len() {
            let to = runs.get(k).map_or(self.ends.q, |run| position(&run[0]));
            let d = to - from;
            let back = |t: Vec3<f64>| t.dot(d) < -1e-9 * self.tube;
            if leaves.is_some_and(back) || runs.get(k).is_some_and(|run| back(direction(&run[0]))) {
                return Err(NotFound);
            }
            if through_wall(self.ring, from, to) {
                return Err(NotFound);
            }
            if let Some((share, depth)) = deepest(self.ring, self.tube, from, to) {
                let t = d * (1.0 / d.norm());
                // From an end on the tube the line begins on it.
                let begins = k == 0 && self.is_ashore() && self.torus().bend(from, t).0.dot(t) < 0.0;
                better.ashore |= begins;
                let place = if begins {
                    self.place(from, t, 2.0 * share * d.norm())
                } else {
                    let half = libm::sqrt(2.0 * self.tube * depth).min(0.5 * self.tube);
                    self.place(from + d * share - t * half, t, 2.0 * half)
                };
                return if better.insert(k, place) { Ok(Some(better)) } else { Err(NotFound) };
            }
            if let Some(run) = runs.get(k) {
                from = position(&run[1]);
                leaves = Some(direction(&run[1]));
            }
        }
        Ok(None)
    }

    /// Where along a contact the line would leave the tube and meet it again, roughly.
    fn lift_off(&self, first: &State<f64>, length: f64) -> Result<Option<[f64; 2]>, NotFound> {
        let step = PRESS * self.tube.min(self.ring - self.tube);
        let count = ((length / step) as usize).clamp(PRESSES[0], PRESSES[1]);
        let Some([a, b]) = self.hollow(first, length, count)? else { return Ok(None) };
        // Once more, with finer steps.
        let more = length / count as f64;
        let (a, b) = ((a - more).max(0.0), (b + more).min(length));
        let near = follow(&self.torus(), *first, a)?;
        let Some([lifts, lands]) = self.hollow(&near, b - a, PRESSES[1])? else { return Ok(None) };
        let (lifts, lands) = (a + lifts, a + lands);
        // With a curvature that is a parabola, the straight part between ends √3 times as far out.
        let more = (libm::sqrt(3.0) - 1.0) * 0.5 * (lands - lifts);
        let share = |room: f64| (room - more).max(LEAST_LEFT * room);
        Ok(Some([share(lifts), length - share(length - lands)]))
    }

    /// Where a line over the tube first and last does not press on it, from steps.
    fn hollow(&self, first: &State<f64>, length: f64, count: usize) -> Result<Option<[f64; 2]>, NotFound> {
        let torus = self.torus();
        let h = length / count as f64;
        let press = |s: &State<f64>| torus.bend(position(s), direction(s)).1 * self.tube;
        let mut found: Option<[f64; 2]> = None;
        let (mut here, mut pressing) = (*first, press(first));
        for k in 0..count {
            let next = stride(&torus, &here, h);
            if through_wall(self.ring, position(&here), position(&next)) {
                return Err(NotFound);
            }
            let then = press(&next);
            let zero = h * (k as f64 + (pressing / (pressing - then)).clamp(0.0, 1.0));
            if pressing.min(then) < -FLAT {
                let from = if pressing > 0.0 { zero } else { h * k as f64 };
                let to = if then > 0.0 { zero } else { h * (k + 1) as f64 };
                found = Some([found.map_or(from, |f| f[0]), to]);
            }
            (here, pressing) = (next, then);
        }
        Ok(found)
    }
}

/// Whether a straight part crosses the plane of the ring outside its circle.
pub(super) fn through_wall(ring: f64, a: Vec3<f64>, b: Vec3<f64>) -> bool {
    (a.z > 0.0) != (b.z > 0.0) && {
        let at = a + (b - a) * (a.z / (a.z - b.z));
        libm::hypot(at.x, at.y) > ring
    }
}

/// Half the slope of the square of the distance from the circle of the ring, by the share of the way along `d` from `a`.
fn approach(ring: f64, a: Vec3<f64>, d: Vec3<f64>) -> impl Fn(f64) -> f64 {
    move |share: f64| {
        let x = a + d * share;
        let rho = libm::sqrt(x.x * x.x + x.y * x.y);
        let inward = if rho > 0.0 { 1.0 - ring / rho } else { 0.0 };
        (x.x * d.x + x.y * d.y) * inward + x.z * d.z
    }
}

/// The point of a straight line nearest to the circle of the ring.
pub(super) fn nearest(ring: f64, a: Vec3<f64>, b: Vec3<f64>) -> Vec3<f64> {
    let d = b - a;
    let slope = approach(ring, a, d);
    let away = |x: Vec3<f64>| libm::hypot(libm::hypot(x.x, x.y) - ring, x.z);
    let mut best = if away(a) < away(b) { a } else { b };
    let (mut left, mut falls) = (0.0, slope(0.0));
    for k in 1..=WHOLE {
        let right = k as f64 / WHOLE as f64;
        let rises = slope(right);
        if falls < 0.0 && rises >= 0.0 {
            let x = a + d * zero(&slope, (left, falls), (right, rises));
            if away(x) < away(best) {
                best = x;
            }
        }
        (left, falls) = (right, rises);
    }
    best
}

/// Where a straight part whose ends are not inside is deepest in the tube, as a share of it, and how deep, m.
pub(super) fn deepest(ring: f64, tube: f64, a: Vec3<f64>, b: Vec3<f64>) -> Option<(f64, f64)> {
    let d = b - a;
    // Only between the planes that touch the tube, and within the ball that does.
    let (mut low, mut high): (f64, f64) = (0.0, 1.0);
    if d.z != 0.0 {
        let (s, t) = ((-tube - a.z) / d.z, (tube - a.z) / d.z);
        (low, high) = (low.max(s.min(t)), high.min(s.max(t)));
    } else if a.z.abs() >= tube {
        return None;
    }
    let (square, half, rest) = (d.dot(d), a.dot(d), a.dot(a) - (ring + tube) * (ring + tube));
    let root = half * half - square * rest;
    if root <= 0.0 {
        return None;
    }
    let root = libm::sqrt(root);
    (low, high) = (low.max((-half - root) / square), high.min((-half + root) / square));
    if low.is_nan() || high.is_nan() || low >= high {
        return None;
    }
    let slope = approach(ring, a, d);
    let mut worst: Option<(f64, f64)> = None;
    let at = |k: usize| low + (high - low) * (k as f64 / STRETCHES as f64);
    let (mut left, mut falls) = (low, slope(low));
    for k in 1..=STRETCHES {
        let (right, rises) = (at(k), slope(at(k)));
        if falls < 0.0 && rises >= 0.0 {
            let share = zero(&slope, (left, falls), (right, rises));
            let x = a + d * share;
            let depth = tube - libm::hypot(libm::hypot(x.x, x.y) - ring, x.z);
            if depth > worst.map_or(CLEAR * tube, |w| w.1) {
                worst = Some((share, depth));
            }
        }
        (left, falls) = (right, rises);
    }
    worst
}

/// Where a rising function is zero (Illinois rule).
fn zero(f: &impl Fn(f64) -> f64, mut low: (f64, f64), mut high: (f64, f64)) -> f64 {
    let mut kept = 0;
    for _ in 0..30 {
        let x = (low.0 * high.1 - high.0 * low.1) / (high.1 - low.1);
        if !x.is_finite() || high.0 - low.0 < 1e-13 {
            break;
        }
        let y = f(x);
        if y == 0.0 {
            return x;
        }
        if y < 0.0 {
            low = (x, y);
            if kept == -1 {
                high.1 *= 0.5;
            }
            kept = -1;
        } else {
            high = (x, y);
            if kept == 1 {
                low.1 *= 0.5;
            }
            kept = 1;
        }
    }
    0.5 * (low.0 + high.0)
}
