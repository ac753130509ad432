//! Lines that run straight on a curved surface, and the taut line with one such part.
//!
//! A string on a smooth surface without friction turns only towards the surface:
//!
//! ```text
//! x' = t      t' = −κ n      κ = tᵀ (dn/dx) t
//! ```
//!
//! with `n` the outer normal and `κ` the normal curvature along the line. From a point outside, the lines that
//! touch the surface form a one-parameter family; follow one of them by its parameter `ξ` and for a length `ℓ`
//! over the surface, and two conditions say that the line then leaves towards the other end:
//!
//! ```text
//! n₁ · (q − x₁) = 0      (n₁ × t₁) · (q − x₁) = 0
//! ```
//!
//! or, where that end lies on the surface, `t₁ · (q − x₁) = 0` in place of the first. Newton's method finds `ξ` and `ℓ`;
//! their derivatives come from integrating dual numbers (Scholz et al. 2015, Multibody Syst Dyn 36:195 solve the
//! same equations with Jacobi fields). The integration is Gragg's midpoint rule, extrapolated (Hairer, Nørsett,
//! Wanner 1993, Solving Ordinary Differential Equations I, II.9).

use super::surface::{NotFound, Shape};
use guywire_math::{Dual, Real, Vec3};

/// Midpoint steps of the columns of the extrapolation.
const COLUMNS: [usize; 6] = [2, 4, 6, 8, 10, 12];
/// Error of a step, relative to a curvature radius of one.
const STEP_ERROR: f64 = 1e-13;
/// Share of a number that its rounding in one step may change.
const ROUNDING: f64 = 16.0 * f64::EPSILON;
/// Angle that a step first tries to turn, rad (assumed; the error decides).
const FIRST_TURN: f64 = 1.2;
/// Most steps of one line; two turns about a flat ellipsoid need some dozens.
const MAX_STEPS: usize = 400;
/// Most iterations of Newton's method.
const MAX_ITERATIONS: usize = 60;

/// How long Newton's method is tried.
#[derive(Clone, Copy, Debug)]
struct Patience {
    iterations: usize,
    /// Least share of a step.
    share: f64,
}
/// Where there is no other way.
const PATIENT: Patience = Patience { iterations: MAX_ITERATIONS, share: 1e-6 };
/// Where there is another way to begin.
const IMPATIENT: Patience = Patience { iterations: 12, share: 0.1 };

/// The conditions hold to this share of the size of the surface.
const TOLERANCE: f64 = 1e-13;

/// Position, direction and the integral of the curvature along the line.
pub(super) type State<T> = [T; 7];

pub(super) fn state<T: Real>(x: Vec3<T>, t: Vec3<T>) -> State<T> {
    [x.x, x.y, x.z, t.x, t.y, t.z, T::zero()]
}
pub(super) fn position<T: Real>(s: &State<T>) -> Vec3<T> {
    Vec3::new(s[0], s[1], s[2])
}
pub(super) fn direction<T: Real>(s: &State<T>) -> Vec3<T> {
    Vec3::new(s[3], s[4], s[5])
}

/// A surface as the line feels it.
pub(super) trait Curved<T: Real>: Copy {
    /// Unit outer normal at a point of the surface, and the normal curvature in a unit direction there.
    fn bend(&self, x: Vec3<T>, t: Vec3<T>) -> (Vec3<T>, T);
}

/// The lines from one end that touch the surface, in the frame of the surface.
pub(super) trait Horizon<T: Real>: Copy {
    /// Where the line of parameter `ξ` touches and its direction there; none if there is no such line.
    fn start(&self, xi: T) -> Option<(Vec3<T>, Vec3<T>)>;
}

pub(super) fn slope<T: Real>(surface: &impl Curved<T>, s: &State<T>) -> State<T> {
    let t = direction(s);
    let (n, curvature) = surface.bend(position(s), t);
    [t.x, t.y, t.z, -(n.x * curvature), -(n.y * curvature), -(n.z * curvature), curvature]
}

pub(super) fn plus<T: Real>(s: &State<T>, d: &State<T>, h: f64) -> State<T> {
    core::array::from_fn(|i| s[i] + d[i] * h)
}

/// One extrapolated step, and its error.
fn step<T: Real>(surface: &impl Curved<T>, from: &State<T>, h: f64) -> (State<T>, f64) {
    let first = slope(surface, from);
    let mut table = [*from; COLUMNS.len()];
    let mut error = f64::INFINITY;
    for (k, &n) in COLUMNS.iter().enumerate() {
        let sub = h / n as f64;
        let (mut before, mut now) = (*from, plus(from, &first, sub));
        for _ in 1..n {
            let next = plus(&before, &slope(surface, &now), 2.0 * sub);
            (before, now) = (now, next);
        }
        // Gragg's smoothing leaves only even powers of the step.
        let end = plus(&before, &slope(surface, &now), sub);
        let mut newer: State<T> = core::array::from_fn(|i| (now[i] + end[i]) * 0.5);
        for j in 1..=k {
            let ratio = n as f64 / COLUMNS[k - j] as f64;
            let weight = 1.0 / (ratio * ratio - 1.0);
            let older = core::mem::replace(&mut table[j - 1], newer);
            let better: State<T> = core::array::from_fn(|i| newer[i] + (newer[i] - older[i]) * weight);
            if j == k {
                // What rounding alone leaves is no error, however short the step.
                let miss = |i: usize| {
                    let noise = ROUNDING * better[i].value().abs();
                    ((better[i] - newer[i]).value().abs() - noise).max(0.0)
                };
                // Positions count by the length of the step, directions as they are.
                error = (0..3).map(|i| miss(i) / h.abs()).chain((3..6).map(miss)).fold(0.0, f64::max);
            }
            newer = better;
        }
        table[k] = newer;
    }
    (table[COLUMNS.len() - 1], error)
}

/// Follows the line over the surface for a length.
pub(super) fn follow<T: Real>(
    surface: &impl Curved<T>,
    from: State<T>,
    length: T,
) -> Result<State<T>, NotFound> {
    let mut s = from;
    let mut left = length.value();
    let curvature = slope(surface, &s)[6].value().abs();
    let mut h = if curvature > 0.0 { FIRST_TURN / curvature } else { left.abs() };
    let tiny = left.abs() * 1e-15;
    for _ in 0..MAX_STEPS {
        if left.abs() <= tiny {
            // How the end moves with the length.
            let d = slope(surface, &s);
            let more = length - length.value();
            return Ok(core::array::from_fn(|i| s[i] + d[i] * more));
        }
        h = h.min(left.abs());
        let (next, error) = step(surface, &s, h.copysign(left));
        if !error.is_finite() {
            h *= 0.25;
            continue;
        }
        // Order 12 of the last column but one.
        let scale = (0.5 * STEP_ERROR / error.max(1e-30)).powf(1.0 / 11.0).clamp(0.2, 2.0);
        if error <= STEP_ERROR {
            s = next;
            left -= h.copysign(left);
        }
        h *= scale;
    }
    Err(NotFound)
}

/// The taut line: its length on the surface and the states at both ends of that part.
#[derive(Clone, Copy, Debug)]
pub(super) struct Taut<T> {
    pub length: T,
    pub first: State<T>,
    pub last: State<T>,
}

/// A solution of the conditions in plain numbers, with how it moves when they are missed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Solution {
    /// `ξ` and `ℓ`.
    pub at: [f64; 2],
    /// Of the slopes of the conditions by `ξ` and `ℓ`.
    inverse: [[f64; 2]; 2],
    /// Both ends of the curved part, with their slopes by `ξ` and `ℓ`.
    states: [State<Dual<2>>; 2],
}

/// The conditions at the far end, over the size of the surface.
fn conditions<T: Real>(surface: &impl Curved<T>, last: &State<T>, ends: &Ends<T>, size: f64) -> [T; 2] {
    let (x, t) = (position(last), direction(last));
    let (n, _) = surface.bend(x, t);
    let to = (ends.q - x) * (1.0 / size);
    [n.cross(t).dot(to), if ends.landed { t.dot(to) } else { n.dot(to) }]
}

fn shoot<T: Real>(
    surface: &impl Curved<T>,
    horizon: &impl Horizon<T>,
    [xi, length]: [T; 2],
) -> Result<[State<T>; 2], NotFound> {
    let (x, t) = horizon.start(xi).ok_or(NotFound)?;
    let first = state(x, t);
    Ok([first, follow(surface, first, length)?])
}

/// A surface and the lines that touch it from one end, in any scalar.
pub(super) trait Scene {
    /// The surface.
    fn surface<T: Real>(&self, lifted: &Ends<T>) -> impl Curved<T>;
    /// The lines from `p`.
    fn horizon<T: Real>(&self, lifted: &Ends<T>) -> impl Horizon<T>;
}

/// The ends of a line, and the size by which the surface is shrunk to an end inside (1: not at all).
#[derive(Clone, Copy, Debug)]
pub(super) struct Ends<T> {
    pub p: Vec3<T>,
    pub q: Vec3<T>,
    pub shrunk: T,
    /// Whether `q` lies on the surface: the line then ends there.
    pub landed: bool,
}

impl<T: Real> Ends<T> {
    pub(super) fn value(&self) -> Ends<f64> {
        Ends { p: self.p.value(), q: self.q.value(), shrunk: self.shrunk.value(), landed: self.landed }
    }
}
impl Ends<f64> {
    fn lift<T: Real>(&self) -> Ends<T> {
        Ends { p: self.p.lift(), q: self.q.lift(), shrunk: T::lift(self.shrunk), landed: self.landed }
    }
}

/// Solves the conditions near a guess of `ξ` and `ℓ`. `size`: of the surface, m.
pub(super) fn solve(
    scene: &impl Scene,
    plain: &Ends<f64>,
    guess: [f64; 2],
    size: f64,
) -> Result<Solution, NotFound> {
    solve_with(PATIENT, scene, plain, guess, size)
}

/// The same with some patience.
fn solve_with(
    patience: Patience,
    scene: &impl Scene,
    plain: &Ends<f64>,
    guess: [f64; 2],
    size: f64,
) -> Result<Solution, NotFound> {
    let (plain_surface, plain_horizon) = (scene.surface(plain), scene.horizon(plain));
    let lifted: Ends<Dual<2>> = plain.lift();
    let (surface, horizon) = (scene.surface(&lifted), scene.horizon(&lifted));
    let miss = |z: [f64; 2]| -> f64 {
        shoot(&plain_surface, &plain_horizon, z)
            .map(|[_, last]| conditions(&plain_surface, &last, plain, size))
            .map_or(f64::INFINITY, |f| libm::hypot(f[0], f[1]))
    };
    let mut z = guess;
    let mut inverse = [[0.0; 2]; 2];
    let mut states = None;
    let mut settled = false;
    for _ in 0..patience.iterations {
        let at = [Dual::variable(z[0], 0), Dual::variable(z[1], 1)];
        let both = shoot(&surface, &horizon, at)?;
        let f = conditions(&surface, &both[1], &lifted, size);
        let [[a, b], [c, d]] = [f[0].slope, f[1].slope];
        let determinant = a * d - b * c;
        if !(determinant.abs() > 0.0 && determinant.is_finite()) {
            return Err(NotFound);
        }
        inverse = [[d / determinant, -b / determinant], [-c / determinant, a / determinant]];
        states = Some(both);
        let now = libm::hypot(f[0].value, f[1].value);
        if settled || now < TOLERANCE * 1e-2 {
            settled = now < 1e-9;
            break;
        }
        let mut full = inverse.map(|row| -(row[0] * f[0].value + row[1] * f[1].value));
        // Far from the solution a step turns by no more than half a radian about the surface.
        let largest = (full[1] / size).abs().max(full[0].abs() * 0.5) / 0.5;
        if largest > 1.0 {
            full = full.map(|v| v / largest);
        }
        let mut share = 1.0;
        loop {
            let next = [z[0] + full[0] * share, z[1] + full[1] * share];
            let then = miss(next);
            if then < now || (now < TOLERANCE && then.is_finite()) {
                settled = now < TOLERANCE || then < TOLERANCE * 1e-1;
                z = next;
                break;
            }
            share *= 0.5;
            if share < patience.share {
                // No better number can be written down.
                if now < 1e-10 {
                    settled = true;
                    break;
                }
                return Err(NotFound);
            }
        }
    }
    let Some(states) = states.filter(|_| settled) else { return Err(NotFound) };
    Ok(Solution { at: z, inverse, states })
}

/// Solves for the length alone: for a surface of revolution about the straight line, on which every `ξ` will do.
pub(super) fn solve_along(
    scene: &impl Scene,
    plain: &Ends<f64>,
    [xi, guess]: [f64; 2],
    size: f64,
) -> Result<Solution, NotFound> {
    let lifted: Ends<Dual<2>> = plain.lift();
    let (surface, horizon) = (scene.surface(&lifted), scene.horizon(&lifted));
    let mut length = guess;
    for _ in 0..MAX_ITERATIONS {
        let states = shoot(&surface, &horizon, [Dual::lift(xi), Dual::variable(length, 1)])?;
        let height = conditions(&surface, &states[1], &lifted, size)[1];
        let slope = height.slope[1];
        if slope == 0.0 || slope.is_nan() {
            return Err(NotFound);
        }
        if height.value.abs() < TOLERANCE {
            return Ok(Solution { at: [xi, length], inverse: [[0.0; 2], [0.0, 1.0 / slope]], states });
        }
        length -= height.value / slope;
    }
    Err(NotFound)
}

impl Solution {
    /// The same line in the scalar of the ends: one step more, whose value is nothing and whose derivatives are
    /// those of the solution.
    pub fn line<T: Real>(&self, scene: &impl Scene, ends: &Ends<T>, size: f64) -> Result<Taut<T>, NotFound> {
        let (surface, horizon) = (scene.surface(ends), scene.horizon(ends));
        let [first, last] = shoot(&surface, &horizon, self.at.map(T::lift))?;
        let f = conditions(&surface, &last, ends, size);
        let change = self.inverse.map(|row| -(f[0] * row[0] + f[1] * row[1]));
        let moved = |s: State<T>, by: &State<Dual<2>>| -> State<T> {
            core::array::from_fn(|i| s[i] + change[0] * by[i].slope[0] + change[1] * by[i].slope[1])
        };
        Ok(Taut {
            length: change[1] + self.at[1],
            first: moved(first, &self.states[0]),
            last: moved(last, &self.states[1]),
        })
    }

    /// Whether the line is shorter than its neighbours, not longer: a line further to the left then passes further to the
    /// left of the other end.
    pub fn is_shortest(&self) -> bool {
        self.inverse[0][0] < 0.0
    }

    /// The states at both ends of the curved part, in plain numbers.
    pub fn ends(&self) -> [State<f64>; 2] {
        self.states.map(|s| s.map(|v| v.value))
    }
}

/// Finds the taut line near a good guess of `ξ` and `ℓ`. `size`: of the surface, m.
pub(super) fn taut<T: Real>(
    scene: &impl Scene,
    ends: &Ends<T>,
    guess: [f64; 2],
    size: f64,
) -> Result<Taut<T>, NotFound> {
    solve_with(IMPATIENT, scene, &ends.value(), guess, size)?.line(scene, ends, size)
}

/// The point after `length` from `p` in direction `t`, on a surface; `q` if the line cannot be followed.
pub(super) fn on(shape: Shape, p: Vec3<f64>, t: Vec3<f64>, length: f64, q: Vec3<f64>) -> Vec3<f64> {
    let end = match shape {
        Shape::Cylinder { radius, .. } => follow(&Round { radius, axis: 0.0 }, state(p, t), length),
        Shape::Sphere { radius } => follow(&Round { radius, axis: 1.0 }, state(p, t), length),
        Shape::Ellipsoid { radii } => follow(&super::ellipsoid::Ellipsoid { radii }, state(p, t), length),
        Shape::Torus { ring, tube } => follow(&super::torus::Torus { ring, tube }, state(p, t), length),
    };
    end.map_or(q, |s| position(&s))
}

/// A cylinder (`axis` 0) or a sphere (`axis` 1).
#[derive(Clone, Copy, Debug)]
struct Round {
    radius: f64,
    axis: f64,
}

impl Curved<f64> for Round {
    fn bend(&self, x: Vec3<f64>, t: Vec3<f64>) -> (Vec3<f64>, f64) {
        let n = Vec3::new(x.x, x.y, x.z * self.axis) * (1.0 / self.radius);
        (n, (t.x * t.x + t.y * t.y + t.z * t.z * self.axis) / self.radius)
    }
}
