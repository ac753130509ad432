//! The shortest line from one point to another through the hole of a ring.
//!
//! The ring runs about the z axis of its frame: a tube of radius `r` along a circle of radius `R`. As in OpenSim
//! a path keeps to the hole: it may not cross the plane of the ring outside its circle. Where the straight line
//! does so, or cuts the tube, the path passes the inner side of the tube at the place of the ring that makes it
//! shortest.
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
//! **Limit.** On its inner side a ring is hollow along its circle. A line so much along the ring that it would
//! bridge the hollow is not found ([`NotFound`]). A line touches a ring in one place: where its straight parts meet
//! the ring once more, on the far side of the hole, they pass through it (as OpenSim's do).
//!
//! Departs from OpenSim, which wraps over a cylinder that touches the circle of the ring at one point.

use super::geodesic::{Curved, Ends, Horizon, Scene, direction, follow, position, state, taut};
use super::planar::{self, Way};
use super::surface::{AllowedSide, Kind, NotFound, Touch};
use guywire_math::{Real, Vec3};
use std::f64::consts::TAU;

/// An end nearer to the circle of the ring than this share of the tube: no contact.
const ON_CIRCLE: f64 = 1e-6;
/// Places of the ring tried.
const PLACES: usize = 48;
/// Places along the line where it is checked to press on the surface.
const LIFT_CHECKS: u32 = 4;
/// Thinner tubes on the way, where the tube is thick and the guess poor.
const THINNER: [f64; 6] = [0.05, 0.2, 0.4, 0.6, 0.8, 1.0];

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
    wanted: Kind,
    [p, q]: [Vec3<T>; 2],
) -> Result<Option<Touch<T>>, NotFound> {
    let nearer: T = distance(ring, p);
    if distance(ring, q).value() < nearer.value() {
        return Ok(touch(ring, tube, side, wanted.reversed(), [q, p])?.map(Touch::reversed));
    }
    if nearer.value() < ON_CIRCLE * tube {
        return Ok(None);
    }
    let pressed = nearer.value() <= tube;
    let shrunk = if pressed { nearer / tube } else { T::one() };
    let radius = tube * shrunk.value();
    let (pv, qv) = (p.value(), q.value());
    let crosses = (pv.z > 0.0) != (qv.z > 0.0);
    let beyond = crosses && {
        let share = pv.z / (pv.z - qv.z);
        let at = pv + (qv - pv) * share;
        libm::hypot(at.x, at.y) >= ring
    };
    // A line once led through the hole stays so while other surfaces move its ends.
    let kind = match wanted {
        Kind::Up | Kind::Down => wanted,
        _ if beyond => {
            if pv.z < qv.z {
                Kind::Up
            } else {
                Kind::Down
            }
        }
        _ if clearance(ring, pv, qv) >= radius => return Ok(None),
        _ => Kind::Valley,
    };
    let Some(place) = place(ring, side, pv, qv) else { return Ok(None) };
    // Seen along the tube there.
    let (s, c) = libm::sincos(place);
    let seen = |v: Vec3<f64>| [v.x * c + v.y * s - ring, v.z];
    let (flat_p, flat_q) = (seen(pv), seen(qv));
    let short = if flat_p[0] * flat_q[1] - flat_p[1] * flat_q[0] >= 0.0 { 1.0 } else { -1.0 };
    // From below through the hole, which is on the −x side of the tube: clockwise.
    let sense = match kind {
        Kind::Up => -1.0,
        Kind::Down => 1.0,
        _ if planar::passes(flat_p, flat_q, [1.0, 0.0]) => -short,
        _ => short,
    };
    let way = if sense == short { Way::Short } else { Way::Long };
    let rho = libm::hypot(pv.x, pv.y);
    let ahead = (rho - ring) * (rho - ring) + pv.z * pv.z;
    let ends = Ends { p, q, shrunk, landed: false };
    let guess = |radius: f64| -> Option<[f64; 2]> {
        let least = libm::hypot(flat_p[0], flat_p[1]).min(libm::hypot(flat_q[0], flat_q[1]));
        let wound = planar::wind(flat_p, flat_q, radius.min(least), way)?;
        let rise = pv.y * c - pv.x * s;
        let climb = (qv.y * c - qv.x * s - rise) / wound.total();
        let length = wound.arc * libm::sqrt(1.0 + climb * climb);
        if pressed {
            return Some([libm::atan(climb), length]);
        }
        let start = rise + climb * wound.reach[0];
        // Where the tangent point lies about the ring.
        let turn = libm::atan2(start, ring) + place - libm::atan2(pv.y, pv.x);
        let turn = turn - TAU * libm::round(turn / TAU);
        let scale = libm::sqrt(ahead - radius * radius);
        Some([turn * ring / scale, length])
    };
    let scene = |share: f64| {
        let clear = ahead - radius * radius * share * share;
        let scale = if pressed { 0.0 } else { libm::sqrt(clear.max(1e-18 * ring * ring)) };
        Ring { ring, tube: tube * share, sense, scale }
    };
    let Some(first) = guess(radius) else { return Ok(None) };
    let mut found = taut(&scene(1.0), &ends, first, radius);
    if found.is_err() && !pressed {
        // Thicken the tube step by step.
        let mut known = guess(radius * THINNER[0]);
        for share in THINNER {
            let (Some(start), scene) = (known, scene(share)) else { break };
            found = taut(&scene, &ends, start, radius * share);
            known = found.as_ref().ok().map(|line| {
                let x = position(&line.first).value();
                let turn = libm::atan2(x.y, x.x) - libm::atan2(pv.y, pv.x);
                let turn = turn - TAU * libm::round(turn / TAU);
                [turn * ring / scene.scale, line.length.value()]
            });
        }
    }
    let line = found?;
    let ahead = |x: Vec3<f64>, t: Vec3<f64>, to: Vec3<f64>| (to - x).dot(t) > -1e-9 * radius;
    let (x0, x1) = (position(&line.first).value(), position(&line.last).value());
    if line.length.value() < 0.0 {
        return Ok(None);
    }
    if !ahead(x1, direction(&line.last).value(), qv) || !ahead(x0, -direction(&line.first).value(), pv) {
        return Err(NotFound);
    }
    let surface = Torus { ring, tube: radius };
    let mut here = state(x0, direction(&line.first).value());
    for _ in 0..LIFT_CHECKS {
        if surface.bend(position(&here), direction(&here)).1 < 0.0 {
            return Err(NotFound);
        }
        here = follow(&surface, here, line.length.value() / f64::from(LIFT_CHECKS))?;
    }
    let (enter, leave) = (position(&line.first), position(&line.last));
    let along = [direction(&line.first), direction(&line.last)];
    if !pressed {
        return Ok(Some(Touch { enter, leave, arc: line.length, along, slopes: None, kind }));
    }
    // A tube that is thicker by δ presses the line out by δ all along: ∂L/∂r = ∫ κ dℓ.
    let rho = (p.x * p.x + p.y * p.y).sqrt();
    let out = (rho - ring) / (nearer * rho);
    let outward = Vec3::new(p.x * out, p.y * out, p.z / nearer);
    let by_end = outward.scaled(line.last[6]);
    let slopes = [by_end - along[0], along[1]];
    Ok(Some(Touch { enter, leave, arc: line.length, along, slopes: Some(slopes), kind }))
}

/// Least distance of the straight line from the circle of the ring.
fn clearance(ring: f64, p: Vec3<f64>, q: Vec3<f64>) -> f64 {
    let at = |share: f64| distance(ring, p + (q - p) * share);
    least(PLACES, 1.0, false, at).1
}

/// The angle about the ring where a line from `p` to `q` by way of its circle is shortest, on the allowed side.
fn place(ring: f64, side: AllowedSide, p: Vec3<f64>, q: Vec3<f64>) -> Option<f64> {
    let by_way = |angle: f64| {
        let (s, c) = libm::sincos(angle);
        let on = Vec3::new(ring * c, ring * s, 0.0);
        if side.allows(on) { (on - p).norm() + (q - on).norm() } else { f64::INFINITY }
    };
    let (angle, length) = least(PLACES, TAU, true, by_way);
    length.is_finite().then_some(angle)
}

/// The least value of a function on 0 to `span` and where it is: the best of samples, refined by golden section.
fn least(samples: usize, span: f64, round: bool, f: impl Fn(f64) -> f64) -> (f64, f64) {
    let step = span / samples as f64;
    let mut best = (0.0, f(0.0));
    for k in 1..=samples {
        let x = k as f64 * step;
        let value = f(x);
        if value < best.1 {
            best = (x, value);
        }
    }
    let (mut low, mut high) = (best.0 - step, best.0 + step);
    if !round {
        (low, high) = (low.max(0.0), high.min(span));
    }
    let golden = 0.5 * (libm::sqrt(5.0) - 1.0);
    let (mut a, mut b) = (high - golden * (high - low), low + golden * (high - low));
    let (mut fa, mut fb) = (f(a), f(b));
    for _ in 0..60 {
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
    let middle = 0.5 * (low + high);
    let value = f(middle);
    if value < best.1 { (middle, value) } else { best }
}
