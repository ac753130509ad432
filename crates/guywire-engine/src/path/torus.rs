//! The shortest line from one point to another through the hole of a ring.
//!
//! The ring runs about the z axis of its frame: a tube of radius `r` along a circle of radius `R`. As in OpenSim
//! a path keeps to the hole: it may not cross the plane of the ring outside its circle. What is left of space has no
//! hole of its own, so the line is the shortest of all that keep to it. It is straight if that is allowed; otherwise it
//! touches the tube in one place, or in several: before and behind the hole, or on either side of the hollow along the
//! inner side of the ring.
//!
//! One contact is looked for where the line would pass a ring without thickness. If that fails, or the line
//! is not taut and outside ([`clearance`](super::clearance)), other contacts follow from what is wrong, or from
//! a coarse string ([`slack`](super::slack)), and are solved together ([`tube`](super::tube)).
//!
//! At the angle `φ = φ_p + Δ` about z the tube is a circle, which a line from `p` touches at
//!
//! ```text
//! x = c + r n      n = (r/d) m ± (L/d) m⊥      A = ρ cos Δ − R   B = p_z   d² = A² + B²   L² = d² − r²
//! ```
//!
//! with `m = (A, B)/d` in the plane of the circle and `ρ` the distance of `p` from z. The parameter of the lines
//! is `ξ = Δ R / L(0)`, which stays well scaled when `p` comes close to the tube.
//!
//! **Ends inside.** An end inside the tube thins the whole tube until the end lies on it, where the lines are told
//! apart by their direction instead. The length is continuous; its slope jumps where the end sinks in.
//!
//! **Sides.** A ring with a side guides a line only if the point of the straight line nearest to the ring's circle lies on that
//! side, as in OpenSim.
//!
//! Departs from OpenSim, which wraps over one cylinder about the tangent of the circle, so that the line may pass through the
//! tube on the far side of the hole.

use super::clearance::{deepest, nearest, through_wall};
use super::geodesic::{Curved, Ends, Horizon, Scene, Taut, direction, follow, position, state, taut};
use super::planar::{self, Way};
use super::slack::Slack;
use super::surface::{AllowedSide, NotFound, Touch};
use super::tube::{Line, ON_SURFACE, Places, Solved, Task, wrapped};
use guywire_math::{Real, Vec3};
use std::f64::consts::TAU;

/// An end nearer to the circle of the ring than this share of the tube: no contact.
const ON_CIRCLE: f64 = 1e-6;
/// Places of the ring tried.
const PLACES: usize = 24;
/// Steps to the best of them; it is only where the search begins.
const GOLDEN_STEPS: usize = 16;
/// Shares of the tube that the tangents of a drawn line may reach.
const TANGENTS: [f64; 5] = [1.0, 0.3, 0.1, 0.03, 0.01];
/// Pieces of the string, coarse first.
const PIECES: [usize; 3] = [32, 64, 128];

/// The surface.
#[derive(Clone, Copy, Debug)]
pub(super) struct Torus<T> {
    pub ring: f64,
    pub tube: T,
}

impl<T: Real> Curved<T> for Torus<T> {
    fn bend(&self, x: Vec3<T>, t: Vec3<T>) -> (Vec3<T>, T) {
        let rho = (x.x * x.x + x.y * x.y).sqrt();
        let inward = T::one() - T::lift(self.ring) / rho;
        let out = Vec3::new(x.x * inward, x.y * inward, x.z);
        let n = out.scaled(T::one() / out.norm());
        let around = (x.x * t.y - x.y * t.x) / rho;
        let radial = (n.x * x.x + n.y * x.y) / rho;
        let share = around * around;
        (n, (t.dot(t) - share) / self.tube + share * radial / rho)
    }
}

#[derive(Clone, Copy, Debug)]
struct Ring {
    ring: f64,
    tube: f64,
    /// Way round the tube, from z towards the hole: 1 or −1.
    sense: f64,
    /// `ΔR` of a unit of the parameter; 0 if `p` lies on the tube and the parameter is the angle of the line.
    scale: f64,
}

#[derive(Clone, Copy, Debug)]
struct Circles<T> {
    ring: f64,
    tube: T,
    sense: f64,
    scale: f64,
    p: Vec3<T>,
    rho: T,
    /// Square of the tangent in the plane of `p`, over `scale²`.
    reach: T,
}

impl<T: Real> Horizon<T> for Circles<T> {
    fn start(&self, xi: T) -> Option<(Vec3<T>, Vec3<T>)> {
        if self.scale == 0.0 {
            let (ux, uy) = (self.p.x / self.rho, self.p.y / self.rho);
            let ([a, b], s) = ([(self.rho - self.ring) / self.tube, self.p.z / self.tube], xi.sin());
            let ahead = xi.cos() * self.sense;
            let radial = -(b * ahead);
            return Some((self.p, Vec3::new(ux * radial - uy * s, uy * radial + ux * s, a * ahead)));
        }
        let turn = xi * (self.scale / self.ring);
        let (s, c, h) = (turn.sin(), turn.cos(), (turn * 0.5).sin());
        let (a0, b) = (self.rho - self.ring, self.p.z);
        let less = self.rho * h * h * 2.0;
        let a = a0 - less;
        // L² = L(0)² + (A − A(0)) (A + A(0)), without cancellation near the tube.
        let squared = self.reach - less * (a0 + a0 - less) / (self.scale * self.scale);
        if squared.value() <= 0.0 {
            return None;
        }
        let reach = squared.sqrt();
        let d2 = a * a + b * b;
        let (near, far) = (self.tube / d2, reach * (self.scale * self.sense) / d2);
        let n = [a * near - b * far, b * near + a * far];
        let ahead = reach * self.sense;
        // Over `scale`: along the tube's circle, and around the ring.
        let around = self.rho * s / self.scale;
        let t = [-(n[1] * ahead), n[0] * ahead];
        let size = (reach * reach + around * around).sqrt();
        let (ux, uy) = (self.p.x / self.rho, self.p.y / self.rho);
        let (radial, turned) = ((ux * c - uy * s, uy * c + ux * s), (-(uy * c + ux * s), ux * c - uy * s));
        let out = self.tube * n[0] + self.ring;
        let x = Vec3::new(radial.0 * out, radial.1 * out, self.tube * n[1]);
        let direction =
            Vec3::new(radial.0 * t[0] + turned.0 * around, radial.1 * t[0] + turned.1 * around, t[1]);
        Some((x, direction.scaled(T::one() / size)))
    }
}

impl Scene for Ring {
    fn surface<T: Real>(&self, ends: &Ends<T>) -> impl Curved<T> {
        Torus { ring: self.ring, tube: ends.shrunk * self.tube }
    }
    fn horizon<T: Real>(&self, ends: &Ends<T>) -> impl Horizon<T> {
        let tube = ends.shrunk * self.tube;
        let rho = (ends.p.x * ends.p.x + ends.p.y * ends.p.y).sqrt();
        let a = rho - self.ring;
        let b = ends.p.z;
        // (d − r)(d + r): d is never below r.
        let d = (a * a + b * b).sqrt();
        let reach =
            if self.scale > 0.0 { (d - tube) * (d + tube) / (self.scale * self.scale) } else { T::zero() };
        Circles { ring: self.ring, tube, sense: self.sense, scale: self.scale, p: ends.p, rho, reach }
    }
}

/// Distance from the circle of the ring.
fn distance<T: Real>(ring: f64, v: Vec3<T>) -> T {
    let across = (v.x * v.x + v.y * v.y).sqrt() - ring;
    (across * across + v.z * v.z).sqrt()
}

/// The contact of the line from `p` to `q`, in the frame of the surface.
pub(super) fn touch<T: Real>(
    ring: f64,
    tube: f64,
    side: AllowedSide,
    [p, q]: [Vec3<T>; 2],
) -> Result<Option<Touch<T>>, NotFound> {
    let nearer: T = distance(ring, p);
    let farther = distance(ring, q).value();
    if farther < nearer.value() {
        return Ok(touch(ring, tube, side, [q, p])?.map(Touch::reversed));
    }
    if nearer.value() < ON_CIRCLE * tube {
        return Ok(None);
    }
    let pressed = nearer.value() <= tube;
    let shrunk = if pressed { nearer / tube } else { T::one() };
    let radius = tube * shrunk.value();
    let ends = Ends { p, q, shrunk, landed: farther <= radius * (1.0 + ON_SURFACE) };
    let task = Task { ring, tube: shrunk * tube, ends };
    let Some(found) = line(&task, side)? else { return Ok(None) };
    let (enter, leave) = (position(&found.first), position(&found.last));
    let along = [direction(&found.first), direction(&found.last)];
    let touch = Touch { enter, leave, arc: found.length, along, slopes: None };
    if !pressed {
        return Ok(Some(touch));
    }
    // A tube that is thicker by δ presses the line out by δ all along: ∂L/∂r = ∫ κ dℓ.
    let rho = (p.x * p.x + p.y * p.y).sqrt();
    let out = (rho - ring) / (nearer * rho);
    let outward = Vec3::new(p.x * out, p.y * out, p.z / nearer);
    let by_end = outward.scaled(found.pressing);
    Ok(Some(Touch { slopes: Some([by_end - along[0], along[1]]), ..touch }))
}

/// Points of a line between its tangent points, both in the frame of the ring, at even lengths.
pub(super) fn sample(ring: f64, tube: f64, touch: &Touch<f64>, count: usize) -> Vec<Vec3<f64>> {
    let at = |k: usize| touch.arc * k as f64 / (count + 1) as f64;
    let along = |tube: f64, [x, t]: [Vec3<f64>; 2], length: f64| {
        follow(&Torus { ring, tube }, state(x, t), length).map_or(x, |s| position(&s))
    };
    // An end inside thins the tube.
    let radius: f64 = distance(ring, touch.enter);
    let enter = [touch.enter, touch.along[0]];
    let arc = |k: usize| along(radius, enter, at(k));
    if (arc(count + 1) - touch.leave).norm() < 1e-6 * tube {
        return (1..=count).map(arc).collect();
    }
    // Contacts with straight parts between: found again between points of the tangents, which may be short.
    for reach in TANGENTS.map(|share| share * tube) {
        let (p, q) = (touch.enter - touch.along[0] * reach, touch.leave + touch.along[1] * reach);
        let task = Task { ring, tube: radius, ends: Ends { p, q, shrunk: radius / tube, landed: false } };
        let Some(solved) = contacts(&task, place(ring, p, q)) else { continue };
        if solved.line(&task).is_ok_and(|line| (line.length - touch.arc).abs() < 1e-6 * tube) {
            return (1..=count).map(|k| solved.at(&task, at(k))).collect();
        }
    }
    vec![touch.enter, touch.leave]
}

/// The line between its tangent points; none where it is straight.
fn line<T: Real>(task: &Task<T>, side: AllowedSide) -> Result<Option<Line<T>>, NotFound> {
    let plain = task.value();
    let Task { ring, tube: radius, ends: Ends { p, q, .. } } = plain;
    if !through_wall(ring, p, q) && deepest(ring, radius, p, q).is_none() {
        return Ok(None);
    }
    if side != AllowedSide::Any && !side.allows(nearest(ring, p, q)) {
        return Ok(None);
    }
    let place = place(ring, p, q);
    let mut known = None;
    if let Ok(first) = alone(task, place) {
        let start = position(&first.first).value();
        let mut places = Places { ashore: plain.is_ashore(), ..Places::default() };
        places.push(plain.place(start, direction(&first.first).value(), first.length.value()));
        let runs = [[first.first, first.last].map(|s| s.map(Real::value))];
        match plain.judge(&places, &runs) {
            Ok(None) => {
                let Taut { first, last, length } = first;
                return Ok(Some(Line { first, last, length, pressing: last[6] }));
            }
            Ok(Some(better)) => known = plain.settle(better).ok(),
            Err(NotFound) => {}
        }
    }
    known.or_else(|| contacts(&plain, place)).ok_or(NotFound)?.line(task).map(Some)
}

/// The contacts of a line, from nothing but where it would pass a thin ring.
fn contacts(task: &Task<f64>, place: f64) -> Option<Solved> {
    let Task { ring, tube, ends: Ends { p, q, .. } } = *task;
    if let Ok(Some(grazed)) = task.judge(&Places::default(), &[])
        && let Ok(solved) = task.settle(grazed)
    {
        return Some(solved);
    }
    let gate = ((p.z > 0.0) != (q.z > 0.0)).then(|| gate(ring, tube, place, p, q));
    PIECES.iter().find_map(|&pieces| task.settle(Slack::contacts(task, gate, pieces)).ok())
}

/// A line with one contact, from where it would pass a thin ring.
fn alone<T: Real>(task: &Task<T>, place: f64) -> Result<Taut<T>, NotFound> {
    let plain = task.value();
    let (pressed, Task { ring, tube: radius, ends: Ends { p, q, .. } }) = (plain.is_ashore(), plain);
    // Seen along the tube there.
    let (s, c) = libm::sincos(place);
    let seen = |v: Vec3<f64>| [v.x * c + v.y * s - ring, v.z];
    let (flat_p, flat_q) = (seen(p), seen(q));
    let short = if flat_p[0] * flat_q[1] - flat_p[1] * flat_q[0] >= 0.0 { 1.0 } else { -1.0 };
    // From below through the hole, which is on the −x side of the tube: clockwise.
    let sense = match [p.z > 0.0, q.z > 0.0] {
        [false, true] => -1.0,
        [true, false] => 1.0,
        _ => short,
    };
    let way = if sense == short { Way::Short } else { Way::Long };
    let least = libm::hypot(flat_p[0], flat_p[1]).min(libm::hypot(flat_q[0], flat_q[1]));
    let wound = planar::wind(flat_p, flat_q, radius.min(least), way).ok_or(NotFound)?;
    let rise = p.y * c - p.x * s;
    let climb = (q.y * c - q.x * s - rise) / wound.total();
    let length = wound.arc * libm::sqrt(1.0 + climb * climb);
    let rho = libm::hypot(p.x, p.y);
    let ahead = (rho - ring) * (rho - ring) + p.z * p.z;
    let scale = if pressed { 0.0 } else { libm::sqrt((ahead - radius * radius).max(1e-18 * ring * ring)) };
    let first = if pressed {
        libm::atan(climb)
    } else {
        // Where the tangent point lies about the ring.
        let start = rise + climb * wound.reach[0];
        let turn = libm::atan2(start, ring) + place - libm::atan2(p.y, p.x);
        wrapped(turn) * ring / scale
    };
    let scene = Ring { ring, tube: radius / task.ends.shrunk.value(), sense, scale };
    taut(&scene, &task.ends, [first, length], radius)
}

/// Where a string passes the plane of the ring.
fn gate(ring: f64, tube: f64, place: f64, p: Vec3<f64>, q: Vec3<f64>) -> Vec3<f64> {
    let at = p + (q - p) * (p.z / (p.z - q.z));
    if libm::hypot(at.x, at.y) < ring - tube {
        return at;
    }
    let (s, c) = libm::sincos(place);
    Vec3::new(c * (ring - tube), s * (ring - tube), 0.0)
}

/// The angle about the ring where a line from `p` to `q` by way of its circle is shortest, on the allowed side.
fn place(ring: f64, p: Vec3<f64>, q: Vec3<f64>) -> f64 {
    let by_way = |angle: f64| {
        let (s, c) = libm::sincos(angle);
        let on = Vec3::new(ring * c, ring * s, 0.0);
        (on - p).norm() + (q - on).norm()
    };
    least(by_way)
}

/// The angle where a function is least: the best of samples all round, refined by golden section.
fn least(f: impl Fn(f64) -> f64) -> f64 {
    let step = TAU / PLACES as f64;
    let mut best = (0.0, f(0.0));
    for k in 1..PLACES {
        let x = k as f64 * step;
        let value = f(x);
        if value < best.1 {
            best = (x, value);
        }
    }
    let (mut low, mut high) = (best.0 - step, best.0 + step);
    let golden = 0.5 * (libm::sqrt(5.0) - 1.0);
    let (mut a, mut b) = (high - golden * (high - low), low + golden * (high - low));
    let (mut fa, mut fb) = (f(a), f(b));
    for _ in 0..GOLDEN_STEPS {
        if fa < fb {
            (high, b, fb) = (b, a, fa);
            a = high - golden * (high - low);
            fa = f(a);
        } else {
            (low, a, fa) = (a, b, fb);
            b = low + golden * (high - low);
            fb = f(b);
        }
    }
    0.5 * (low + high)
}
