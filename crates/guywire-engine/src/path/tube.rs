//! The taut line over a ring that it touches in one place or several.
//!
//! A contact begins at the angles `φ` about the ring and `ψ` about the tube (0 at its outermost), in the direction
//! `θ` (0 along the ring), and is `ℓ` long. Every straight part of the line must be tangent where it ends on the tube:
//!
//! ```text
//! n · d = 0      (n × t) · d = 0
//! ```
//!
//! with `d` the straight part, `n` and `t` the normal and the line's direction there; where a path point lies on the tube,
//! `t · d = 0` in place of the first. These are four conditions a contact, and Newton's method solves them
//! all at once. Unlike the parameter of [`torus`](super::torus)'s quick search these unknowns have no fold, so lines
//! that run along the ring are found too.
//!
//! Which places are touched is found by trying: a contact of negative length is let go, one that does not press all along
//! is parted, and where a straight part cuts the tube there is one more.

use super::geodesic::{Curved, Ends, State, direction, follow, position, slope, state};
use super::surface::NotFound;
use super::torus::Torus;
use guywire_math::{Dual, Real, Vec3};
use std::f64::consts::{PI, TAU};

/// Most contacts with one ring.
pub(super) const MOST: usize = 3;
/// An end nearer to the tube than this share of it lies on it.
pub(super) const ON_SURFACE: f64 = 1e-12;
/// Unknowns of a contact.
const OWN: usize = 4;
const ALL: usize = MOST * OWN;
/// Most iterations of Newton's method.
const MAX_ITERATIONS: usize = 25;
/// Least share of a step of it.
const LEAST_SHARE: f64 = 0.01;
/// The conditions hold to this angle, rad.
const TOLERANCE: f64 = 1e-15;
/// What cannot be written down better is good enough up to here, rad.
const ROUGH: f64 = 1e-11;
/// By so many roundings of its coordinates a tangent point may be off.
const ROUNDINGS: f64 = 16.0;
/// Most turn of a step, rad.
const TURN: f64 = 0.5;
/// Times that contacts are let go, parted or added.
const MAX_CHANGES: usize = 6;
/// A contact: `φ`, `ψ`, `θ` (rad) and `ℓ` (m).
pub(super) type Place = [f64; OWN];

/// Contacts in the order of the line.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Places {
    pub list: [Place; MOST],
    pub count: usize,
    /// Whether the first begins at `p`, which lies on the tube.
    pub ashore: bool,
}

impl Places {
    /// Whether there was room.
    pub fn push(&mut self, place: Place) -> bool {
        self.insert(self.count, place)
    }

    /// Whether there was room.
    pub fn insert(&mut self, at: usize, place: Place) -> bool {
        if self.count == MOST {
            return false;
        }
        self.list.copy_within(at..self.count.max(at), at + 1);
        self.list[at] = place;
        self.count += 1;
        true
    }

    pub fn remove(&mut self, at: usize) {
        self.ashore &= at > 0;
        self.list.copy_within(at + 1.., at);
        self.count -= 1;
    }

    pub fn as_slice(&self) -> &[Place] {
        &self.list[..self.count]
    }
}

/// The ring, and the ends of the line in its frame. `T`: the scalar of ends and tube.
#[derive(Clone, Copy, Debug)]
pub(super) struct Task<T> {
    pub ring: f64,
    pub tube: T,
    pub ends: Ends<T>,
}

impl<T: Real> Task<T> {
    pub fn value(&self) -> Task<f64> {
        Task { ring: self.ring, tube: self.tube.value(), ends: self.ends.value() }
    }

    pub fn torus(&self) -> Torus<T> {
        Torus { ring: self.ring, tube: self.tube }
    }

    /// Both ends of a contact.
    fn run(&self, [phi, psi, theta, length]: [T; OWN]) -> Result<[State<T>; 2], NotFound> {
        let ((s, c), (sp, cp), (st, ct)) = (phi.sin_cos(), psi.sin_cos(), theta.sin_cos());
        let rho = self.tube * cp + self.ring;
        let x = Vec3::new(rho * c, rho * s, self.tube * sp);
        let t = Vec3::new(-(s * ct) - c * sp * st, c * ct - s * sp * st, cp * st);
        let first = state(x, t);
        Ok([first, follow(&self.torus(), first, length)?])
    }

    /// The conditions as angles. `reach`: lengths (m) that those at the ends of the line are divided by.
    fn conditions(&self, runs: &[[State<T>; 2]], reach: [f64; 2], ashore: bool) -> [T; ALL] {
        let torus = self.torus();
        let mut all = [T::zero(); ALL];
        let both = |s: &State<T>, [d, side]: [Vec3<T>; 2], lies: bool| {
            let (x, t) = (position(s), direction(s));
            let (n, _) = torus.bend(x, t);
            [if lies { t.dot(d) } else { n.dot(d) }, n.cross(t).dot(side)]
        };
        // From one place on the tube to another, height by the square of a short distance: otherwise a contact parted
        // anywhere would do, or one that begins at `p`.
        let between = |d: Vec3<T>| {
            let size = d.norm();
            let side = d.scaled(T::one() / size);
            [side.scaled((size + self.tube) / size), side]
        };
        let beyond = |d: Vec3<T>, reach: f64| [d.scaled(T::lift(1.0 / reach)); 2];
        for (k, [first, last]) in runs.iter().enumerate() {
            let before = match k.checked_sub(1) {
                Some(j) => between(position(first) - position(&runs[j][1])),
                None if !ashore && self.value().is_ashore() => between(position(first) - self.ends.p),
                None => beyond(position(first) - self.ends.p, reach[0]),
            };
            let after = match runs.get(k + 1) {
                Some(next) => between(position(&next[0]) - position(last)),
                None => beyond(self.ends.q - position(last), reach[1]),
            };
            let [a, b] = both(first, before, k == 0 && ashore);
            let [c, d] = both(last, after, k + 1 == runs.len() && self.ends.landed);
            all[OWN * k..OWN * (k + 1)].copy_from_slice(&[a, b, c, d]);
        }
        all
    }
}

impl Task<f64> {
    fn lift<T: Real>(&self) -> Task<T> {
        let Ends { p, q, shrunk, landed } = self.ends;
        let ends = Ends { p: p.lift(), q: q.lift(), shrunk: T::lift(shrunk), landed };
        Task { ring: self.ring, tube: T::lift(self.tube), ends }
    }

    /// The conditions of some contacts, and how they change with the unknowns.
    fn try_out(&self, places: &Places) -> Result<Trial, NotFound> {
        let count = places.count;
        // No taut line winds round the tube and half the ring.
        let longest = PI * (self.ring + 3.0 * self.tube);
        if places.as_slice().iter().any(|place| place[3].abs() > longest) {
            return Err(NotFound);
        }
        let turned: Task<Dual<3>> = self.lift();
        let mut slopes = [[[Dual::lift(0.0); 7]; 2]; MOST];
        for (run, place) in slopes.iter_mut().zip(places.as_slice()) {
            let [phi, psi, theta] = core::array::from_fn(|i| Dual::variable(place[i], i));
            let ends = turned.run([phi, psi, theta, Dual::lift(place[3])])?;
            let onward = slope(&self.torus(), &ends[1].map(|v| v.value));
            let with_length = |s: &State<Dual<3>>, by_length: State<f64>| -> State<Dual<OWN>> {
                core::array::from_fn(|i| {
                    let [a, b, c] = s[i].slope;
                    Dual { value: s[i].value, slope: [a, b, c, by_length[i]] }
                })
            };
            *run = [with_length(&ends[0], [0.0; 7]), with_length(&ends[1], onward)];
        }
        let plain = slopes.map(|run| run.map(|s| s.map(|v| v.value)));
        let reach = [
            (position(&plain[0][0]) - self.ends.p).norm() + self.tube,
            (self.ends.q - position(&plain[count - 1][1])).norm() + self.tube,
        ];
        let lifted: Task<Dual<OWN>> = self.lift();
        let mut trial = Trial { slopes, reach, matrix: [[0.0; ALL]; ALL], f: [0.0; ALL], miss: 0.0 };
        // One contact varies at a time.
        for k in 0..count {
            let mut runs = plain.map(|run| run.map(|s| s.map(Dual::lift)));
            runs[k] = slopes[k];
            let varied = lifted.conditions(&runs[..count], reach, places.ashore);
            for (i, v) in varied.iter().enumerate().take(count * OWN) {
                trial.f[i] = v.value;
                trial.matrix[i][OWN * k..OWN * (k + 1)].copy_from_slice(&v.slope);
            }
        }
        trial.miss = libm::sqrt(trial.f.iter().map(|v| v * v).sum());
        if trial.miss.is_finite() { Ok(trial) } else { Err(NotFound) }
    }

    /// How large the conditions may stay where rounding is all that is left: contacts that are hardly parted see the rounding of
    /// their places divided by the square of the short way between them.
    fn rough(&self, trial: &Trial, Places { count, ashore, .. }: Places) -> f64 {
        let place = |s: &State<Dual<OWN>>| position(s).value();
        let runs = &trial.slopes[..count];
        let gap = |a: Vec3<f64>, b: Vec3<f64>| (b - a).norm();
        let first = (!ashore && self.is_ashore()).then(|| gap(self.ends.p, place(&runs[0][0])));
        let between = runs.windows(2).map(|pair| gap(place(&pair[0][1]), place(&pair[1][0])));
        let gaps = first.into_iter().chain(between);
        let rounding = ROUNDINGS * f64::EPSILON * (self.ring + self.tube);
        gaps.map(|gap| rounding * (gap + self.tube) / (gap * gap)).fold(ROUGH, f64::max)
    }

    /// Solves the conditions near a guess.
    fn solve(&self, mut places: Places) -> Result<Solved, NotFound> {
        let n = places.count * OWN;
        let mut now = self.try_out(&places)?;
        for _ in 0..MAX_ITERATIONS {
            let inverse = invert(now.matrix, n)?;
            let found = Solved { places, slopes: now.slopes, reach: now.reach, inverse };
            if now.miss < TOLERANCE {
                return Ok(found);
            }
            let mut full = [0.0; ALL];
            for (by, row) in full.iter_mut().zip(&inverse).take(n) {
                *by = -row[..n].iter().zip(&now.f).map(|(a, b)| a * b).sum::<f64>();
            }
            let mut largest: f64 = 1.0;
            for by in full[..n].chunks_exact(OWN) {
                let turns = [by[0] * self.ring / self.tube * 0.5, by[1], by[2], by[3] / self.tube * 0.5];
                largest = turns.into_iter().fold(largest, |m, v| m.max(v.abs() / TURN));
            }
            let mut share = 1.0 / largest;
            loop {
                let mut next = places;
                for (place, by) in next.list.iter_mut().zip(full.chunks_exact(OWN)).take(places.count) {
                    for (z, step) in place.iter_mut().zip(by) {
                        *z += step * share;
                    }
                }
                if let Ok(then) = self.try_out(&next)
                    && then.miss < now.miss
                {
                    (places, now) = (next, then);
                    break;
                }
                // No better number can be written down.
                if now.miss < self.rough(&now, places) {
                    return Ok(found);
                }
                share *= 0.5;
                if share < LEAST_SHARE {
                    return Err(NotFound);
                }
            }
        }
        Err(NotFound)
    }

    /// The taut line near a guess of its contacts.
    pub fn settle(&self, guess: Places) -> Result<Solved, NotFound> {
        let mut places = guess;
        for _ in 0..MAX_CHANGES {
            if places.count == 0 {
                return Err(NotFound);
            }
            let solved = self.solve(places)?;
            let runs = solved.slopes.map(|run| run.map(|s| s.map(|v| v.value)));
            match self.judge(&solved.places, &runs[..solved.places.count])? {
                None => return Ok(solved),
                Some(better) => places = better,
            }
        }
        Err(NotFound)
    }

    /// Whether `p` lies on the tube.
    pub fn is_ashore(&self) -> bool {
        let p = self.ends.p;
        libm::hypot(libm::hypot(p.x, p.y) - self.ring, p.z) <= self.tube * (1.0 + ON_SURFACE)
    }

    /// The place of the tube nearest to `x`, with a direction and length.
    pub fn place(&self, x: Vec3<f64>, t: Vec3<f64>, length: f64) -> Place {
        let rho = libm::hypot(x.x, x.y).max(1e-300);
        let (phi, psi) = (libm::atan2(x.y, x.x), libm::atan2(x.z, rho - self.ring));
        let ((s, c), (sp, cp)) = (libm::sincos(phi), libm::sincos(psi));
        let around = t.y * c - t.x * s;
        let up = t.z * cp - (t.x * c + t.y * s) * sp;
        [phi, psi, libm::atan2(up, around), length]
    }
}

/// Contacts that are tried.
struct Trial {
    slopes: [[State<Dual<OWN>>; 2]; MOST],
    reach: [f64; 2],
    matrix: [[f64; ALL]; ALL],
    f: [f64; ALL],
    /// Size of `f`.
    miss: f64,
}

/// Contacts that make a taut line, and how they move when the conditions are missed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Solved {
    places: Places,
    slopes: [[State<Dual<OWN>>; 2]; MOST],
    reach: [f64; 2],
    inverse: [[f64; ALL]; ALL],
}

/// A line between its first and its last tangent point.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line<T> {
    pub first: State<T>,
    pub last: State<T>,
    /// Between them, m.
    pub length: T,
    /// ∫ κ dℓ over the contacts.
    pub pressing: T,
}

impl Solved {
    /// The same line in the scalar of the ends: one step more, whose value is nothing.
    pub fn line<T: Real>(&self, task: &Task<T>) -> Result<Line<T>, NotFound> {
        let count = self.places.count;
        let mut runs = [[[T::zero(); 7]; 2]; MOST];
        for (run, place) in runs.iter_mut().zip(self.places.as_slice()) {
            *run = task.run(place.map(T::lift))?;
        }
        let f = task.conditions(&runs[..count], self.reach, self.places.ashore);
        let mut length = T::zero();
        let mut pressing = T::zero();
        for k in 0..count {
            let change: [T; OWN] = core::array::from_fn(|i| {
                let row = &self.inverse[OWN * k + i];
                (0..count * OWN).fold(T::zero(), |sum, j| sum - f[j] * row[j])
            });
            for (s, by) in runs[k].iter_mut().zip(&self.slopes[k]) {
                for (v, by) in s.iter_mut().zip(by) {
                    *v = (0..OWN).fold(*v, |sum, i| sum + change[i] * by.slope[i]);
                }
            }
            length += change[3] + self.places.list[k][3];
            pressing += runs[k][1][6];
            if k > 0 {
                length += (position(&runs[k][0]) - position(&runs[k - 1][1])).norm();
            }
        }
        Ok(Line { first: runs[0][0], last: runs[count - 1][1], length, pressing })
    }

    /// The point at a length (m) behind the first tangent point.
    pub fn at(&self, task: &Task<f64>, length: f64) -> Vec3<f64> {
        let mut left = length;
        let ends = |k: usize| self.slopes[k].map(|s| s.map(|v| v.value));
        for k in 0..self.places.count {
            let ([first, last], arc) = (ends(k), self.places.list[k][3]);
            let (x, t) = (position(&last), direction(&last));
            if left <= arc {
                return follow(&task.torus(), first, left).map_or(x, |s| position(&s));
            }
            left -= arc;
            let straight = if k + 1 < self.places.count {
                (position(&ends(k + 1)[0]) - x).norm()
            } else {
                f64::INFINITY
            };
            if left <= straight {
                return x + t * left;
            }
            left -= straight;
        }
        task.ends.q
    }
}

/// The inverse of the first `n` rows and columns, by elimination with row exchange.
fn invert(mut a: [[f64; ALL]; ALL], n: usize) -> Result<[[f64; ALL]; ALL], NotFound> {
    let mut inverse = [[0.0; ALL]; ALL];
    for (i, row) in inverse.iter_mut().enumerate() {
        row[i] = 1.0;
    }
    for c in 0..n {
        let best = (c..n).max_by(|&i, &j| a[i][c].abs().total_cmp(&a[j][c].abs())).unwrap_or(c);
        a.swap(c, best);
        inverse.swap(c, best);
        let pivot = a[c][c];
        if !(pivot.abs() > 0.0 && pivot.is_finite()) {
            return Err(NotFound);
        }
        for j in 0..n {
            a[c][j] /= pivot;
            inverse[c][j] /= pivot;
        }
        for i in (0..n).filter(|&i| i != c) {
            let by = a[i][c];
            if by != 0.0 {
                for j in 0..n {
                    a[i][j] -= by * a[c][j];
                    inverse[i][j] -= by * inverse[c][j];
                }
            }
        }
    }
    Ok(inverse)
}

/// An angle from −π to π.
pub(super) fn wrapped(angle: f64) -> f64 {
    angle - TAU * libm::round(angle / TAU)
}
