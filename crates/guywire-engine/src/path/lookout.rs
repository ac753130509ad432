//! All taut lines over a closed convex surface, found by looking around from one end.
//!
//! Every line from `p` that touches the surface is followed until `q` comes in sight, that is above the tangent
//! plane, or until it has passed by. The angle `α(ξ)` by which it then misses `q` (seen in half axes) is continuous in
//! the line's parameter, and the taut lines are its zeros. Where `α` falls, the line is a shortest one among its neighbours; where it rises, a longest. So the
//! shortest line of all is not missed, whatever the flatness of the surface; starting points from plane sections
//! alone do miss it.

use super::geodesic::{Curved, Ends, Horizon, Scene, Solution, State, direction, plus, position, slope};
use super::geodesic::{solve, state};
use guywire_math::Vec3;
use std::f64::consts::{PI, TAU};

/// Lines that are followed.
const LINES: usize = 16;
/// Turn of a step, in half axes, rad: a twentieth of the way round the back.
const STRIDE: f64 = PI / 20.0;
/// Most steps: a turn and a half.
const MAX_STEPS: usize = 60;
/// Most times that a bracket is narrowed before Newton's method is tried on it.
const NARROWINGS: usize = 12;
/// Newton's method is tried from here, rad.
const NEAR: f64 = 0.05;
/// Most tries of it; each comes with a miss ten times smaller.
const TRIES: usize = 4;
/// Lines that miss `q` by less all round, rad: the surface is one of revolution about the straight line.
const ALIKE: f64 = 1e-5;
/// Most zeros where the angle falls; an ellipsoid has two.
const MOST: usize = 4;

/// What is seen from one line.
#[derive(Clone, Copy, Debug)]
struct Sight {
    xi: f64,
    /// Length on the surface until there, m.
    length: f64,
    /// How far to the left of the line `q` then lies, rad.
    miss: f64,
    /// How far ahead `q` then lies, m.
    ahead: f64,
}

/// The place from which to look.
pub(super) struct Lookout<'a, S> {
    pub scene: &'a S,
    pub ends: &'a Ends<f64>,
    /// Half axes, for the length of a step.
    pub radii: Vec3<f64>,
    /// Size of the surface, m.
    pub size: f64,
    /// `q`, lifted a little where it lies close to the surface: it would be in sight from very near only.
    pub target: Vec3<f64>,
    /// How much of the way from where that is in sight to below it lies on the surface.
    pub descent: f64,
}

impl<S: Scene> Lookout<'_, S> {
    /// Follows the line of parameter `xi` (Runge and Kutta's rule of order 4).
    fn look(&self, xi: f64) -> Option<Sight> {
        let surface = self.scene.surface(self.ends);
        let (x, t) = self.scene.horizon(self.ends).start(xi)?;
        let over = |v: Vec3<f64>| Vec3::new(v.x / self.radii.x, v.y / self.radii.y, v.z / self.radii.z);
        let target = over(self.target);
        // Above the tangent plane or below, and rising or falling; both change sign where the line is left.
        let above = |s: &State<f64>| over(position(s)).dot(target) - 1.0;
        let rising = |s: &State<f64>| over(direction(s)).dot(target);
        let mut here = state(x, t);
        let mut length = 0.0;
        if above(&here) < 0.0 {
            let mut has_risen = rising(&here) > 0.0;
            for step in 0..=MAX_STEPS {
                let h = STRIDE / over(direction(&here)).norm();
                let next = stride(&surface, &here, h);
                let (comes, passes) = (above(&next) >= 0.0, has_risen && rising(&next) <= 0.0);
                if comes || passes {
                    let top = |share: f64| stride(&surface, &here, h * share);
                    // It may have come in sight and gone again within the step.
                    let share = if passes { chord(rising(&here), |k| rising(&top(k))) } else { 1.0 };
                    let share = if above(&top(share)) >= 0.0 {
                        share * chord(above(&here), |k| above(&top(k * share)))
                    } else {
                        share
                    };
                    here = top(share);
                    length += h * share;
                    break;
                }
                if step == MAX_STEPS {
                    return None;
                }
                has_risen |= rising(&next) > 0.0;
                (here, length) = (next, length + h);
            }
        }
        let (end, t) = (position(&here), direction(&here));
        let along = over(t) * (1.0 / over(t).norm());
        let miss = libm::atan2(over(end).cross(along).dot(target), along.dot(target));
        let ahead = t.dot(self.target - end);
        miss.is_finite().then_some(Sight { xi, length, miss, ahead })
    }

    /// Length on the surface, m, of the line of parameter `xi` until `q` comes in sight.
    pub fn length(&self, xi: f64) -> Option<f64> {
        self.look(xi).map(|s| s.length)
    }

    /// The lines that are shortest among their neighbours; the shortest first.
    pub fn lines(&self) -> [Option<Solution>; MOST] {
        let around: [Option<Sight>; LINES] =
            core::array::from_fn(|k| self.look(TAU * k as f64 / LINES as f64));
        let mut found: [Option<(f64, Solution)>; MOST] = [None; MOST];
        if around.iter().flatten().all(|s| s.miss.abs() < ALIKE) {
            return [None; MOST];
        }
        let mut brackets: [Option<[Sight; 2]>; MOST] = [None; MOST];
        let mut count = 0;
        for k in 0..LINES {
            let (Some(left), Some(mut right)) = (around[k], around[(k + 1) % LINES]) else { continue };
            if k + 1 == LINES {
                right.xi += TAU;
            }
            let falls = left.miss > 0.0 && right.miss <= 0.0;
            if falls && count < MOST {
                brackets[count] = Some([left, right]);
                count += 1;
            }
        }
        for bracket in brackets.iter_mut().flatten() {
            self.narrow(bracket, NEAR);
        }
        let nearer = |[a, b]: &[Sight; 2]| if a.miss.abs() < b.miss.abs() { *a } else { *b };
        for mut bracket in brackets.into_iter().flatten() {
            let mut near = NEAR;
            for _ in 0..TRIES {
                if let Some(solution) = self.exact(nearer(&bracket)) {
                    self.keep(&mut found, solution);
                    break;
                }
                near *= 0.1;
                self.narrow(&mut bracket, near);
            }
        }
        found.map(|f| f.map(|f| f.1))
    }

    /// Narrows a bracket of a zero until one side misses by less than `near` (rad).
    fn narrow(&self, [left, right]: &mut [Sight; 2], near: f64) {
        for turn in 0..NARROWINGS {
            if left.miss.min(-right.miss) < near {
                return;
            }
            // By the chord, and every third time by half, so that both sides move.
            let share = if turn % 3 == 2 { 0.5 } else { left.miss / (left.miss - right.miss) };
            let Some(middle) = self.look(left.xi + (right.xi - left.xi) * share.clamp(0.05, 0.95)) else {
                return;
            };
            *(if middle.miss > 0.0 { &mut *left } else { &mut *right }) = middle;
        }
    }

    /// The taut line near what was seen.
    fn exact(&self, near: Sight) -> Option<Solution> {
        self.near([near.xi, near.length + near.ahead * self.descent])
    }

    /// The taut line near a guess of its parameter and its length on the surface, m.
    pub fn near(&self, guess: [f64; 2]) -> Option<Solution> {
        let solution = solve(self.scene, self.ends, guess, self.size).ok()?;
        (solution.is_shortest() && self.is_taut(&solution)).then_some(solution)
    }

    /// A root on the way back, or round the other way, is no taut line.
    fn is_taut(&self, solution: &Solution) -> bool {
        let [first, last] = solution.ends();
        let back = |x: Vec3<f64>, t: Vec3<f64>, to: Vec3<f64>| (to - x).dot(t) < -1e-9 * self.size;
        solution.at[1] >= 0.0
            && !back(position(&last), direction(&last), self.ends.q)
            && !back(position(&first), -direction(&first), self.ends.p)
    }

    /// Keeps a solution in order of length.
    fn keep(&self, found: &mut [Option<(f64, Solution)>; MOST], solution: Solution) {
        let [first, last] = solution.ends();
        let straight = (position(&first) - self.ends.p).norm() + (self.ends.q - position(&last)).norm();
        let mut own = Some((straight + solution.at[1], solution));
        for place in found {
            let longer = match (&own, &place) {
                (Some(new), Some(known)) => known.0 > new.0,
                _ => place.is_none(),
            };
            if longer {
                core::mem::swap(place, &mut own);
            }
        }
    }
}

/// Where a function on 0 to 1 that begins with `first` changes sign: by the chord, twice.
fn chord(first: f64, f: impl Fn(f64) -> f64) -> f64 {
    let (mut low, mut high) = ((0.0, first), (1.0, f(1.0)));
    for _ in 0..2 {
        let share = low.0 + (high.0 - low.0) * low.1 / (low.1 - high.1);
        let value = f(share);
        *(if (value > 0.0) == (first > 0.0) { &mut low } else { &mut high }) = (share, value);
    }
    low.0 + (high.0 - low.0) * low.1 / (low.1 - high.1)
}

/// A step of Runge and Kutta's rule of order 4.
pub(super) fn stride(surface: &impl Curved<f64>, from: &State<f64>, h: f64) -> State<f64> {
    let a = slope(surface, from);
    let b = slope(surface, &plus(from, &a, 0.5 * h));
    let c = slope(surface, &plus(from, &b, 0.5 * h));
    let d = slope(surface, &plus(from, &c, h));
    core::array::from_fn(|i| from[i] + (a[i] + 2.0 * (b[i] + c[i]) + d[i]) * (h / 6.0))
}
