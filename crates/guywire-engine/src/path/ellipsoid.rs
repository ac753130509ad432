//! The shortest line from one point to another that keeps outside an ellipsoid.
//!
//! Measured in half axes (`x̃ = x / a`) the ellipsoid is a unit ball. A line from `p` touches it on a circle,
//!
//! ```text
//! x̃ = p̃ / |p̃|² + ε (cos ξ w₁ + sin ξ w₂)      ε² = 1 − 1/|p̃|²      w₁, w₂ ⊥ p̃
//! ```
//!
//! with the direction `t ∝ a ∘ (cos ξ w₁ + sin ξ w₂ − ε p̃)`, which stays defined when `p` lies on the surface.
//! [`geodesic`](super::geodesic) finds the one that leaves towards `q`.
//!
//! **Which line.** The planes through the straight line from `p` to `q` cut the ellipsoid in ellipses; their
//! taut lines bracket the geodesics. The search starts from the shortest of them, and where two are nearly as
//! short, from both. With a side, lines count whose plane has its apex on the allowed side: the shortest
//! geodesic there, or, as for a sphere, the line over the back where there is no shortest one. Where no geodesic
//! passes the allowed side (the straight line runs along that axis), the side says nothing. A line that does not
//! cut the ellipsoid is straight (as in OpenSim, whose line over an ellipsoid is a plane section).
//!
//! **Ends inside.** An end inside shrinks the whole ellipsoid in proportion until the end lies on it. The length
//! is continuous; its slope jumps where the end sinks in.

use super::geodesic::{Curved, Ends, Horizon, Scene, Taut, direction, position, taut};
use super::planar::{self, Way};
use super::surface::{AllowedSide, Kind, NotFound, Touch};
use guywire_math::{Real, Vec3};

/// An end nearer to the centre than this share of the half axes: no contact.
const ON_CENTER: f64 = 1e-6;
/// Planes tried.
const PLANES: usize = 24;
/// Angle between them, rad.
const STEP: f64 = std::f64::consts::TAU / PLANES as f64;
/// A second bracket is searched too if its plane line is at most this much longer.
const RIVAL: f64 = 1.05;

/// The surface.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ellipsoid<T> {
    pub radii: Vec3<T>,
}

impl<T: Real> Curved<T> for Ellipsoid<T> {
    fn bend(&self, x: Vec3<T>, t: Vec3<T>) -> (Vec3<T>, T) {
        let inverse = Vec3::new(T::one() / self.radii.x, T::one() / self.radii.y, T::one() / self.radii.z);
        let (u, s) = (times(x, inverse), times(t, inverse));
        let gradient = times(u, inverse);
        let steep = T::one() / gradient.norm();
        (gradient.scaled(steep), s.dot(s) * steep)
    }
}

fn times<T: Real>(a: Vec3<T>, b: Vec3<T>) -> Vec3<T> {
    Vec3::new(a.x * b.x, a.y * b.y, a.z * b.z)
}

fn over<T: Real>(a: Vec3<T>, b: Vec3<T>) -> Vec3<T> {
    Vec3::new(a.x / b.x, a.y / b.y, a.z / b.z)
}

#[derive(Clone, Copy, Debug)]
struct Frame {
    radii: Vec3<f64>,
    /// Two unit vectors across `p̃`.
    across: [Vec3<f64>; 2],
}

#[derive(Clone, Copy, Debug)]
struct Circle<T> {
    radii: Vec3<T>,
    center: Vec3<T>,
    w: [Vec3<T>; 2],
    lift: T,
    end: Vec3<T>,
}

impl<T: Real> Horizon<T> for Circle<T> {
    fn start(&self, xi: T) -> Option<(Vec3<T>, Vec3<T>)> {
        let around = self.w[0].scaled(xi.cos()) + self.w[1].scaled(xi.sin());
        let x = self.center + around.scaled(self.lift);
        let t = times(around - self.end.scaled(self.lift), self.radii);
        Some((times(x, self.radii), t.scaled(T::one() / t.norm())))
    }
}

impl Scene for Frame {
    fn surface<T: Real>(&self, ends: &Ends<T>) -> impl Curved<T> {
        Ellipsoid { radii: self.radii.lift::<T>().scaled(ends.shrunk) }
    }
    fn horizon<T: Real>(&self, ends: &Ends<T>) -> impl Horizon<T> {
        let radii = self.radii.lift::<T>().scaled(ends.shrunk);
        let end = over(ends.p, radii);
        let size = end.dot(end);
        let lift = (T::one() - T::one() / size).max(T::zero()).sqrt();
        // The fixed axes, turned to be exactly across the end.
        let unit = end.scaled(T::one() / size.sqrt());
        let first = self.across[0].lift::<T>();
        let first = first - unit.scaled(unit.dot(first));
        let first = first.scaled(T::one() / first.norm());
        Circle { radii, center: end.scaled(T::one() / size), w: [first, unit.cross(first)], lift, end }
    }
}

/// The taut line in one plane through the straight line.
#[derive(Clone, Copy, Debug)]
struct Section {
    length: f64,
    apex: Vec3<f64>,
    /// Direction at the first tangent point, in half axes.
    along: Vec3<f64>,
    arc: f64,
}

/// The straight line in half axes: its ends, and unit vectors along and across it.
struct Fan {
    radii: Vec3<f64>,
    ends: [Vec3<f64>; 2],
    along: Vec3<f64>,
    across: [Vec3<f64>; 2],
    nearest: Vec3<f64>,
}

impl Fan {
    /// The taut line over the side that lies at `angle` about the straight line.
    fn section(&self, angle: f64) -> Option<Section> {
        let (s, c) = libm::sincos(angle);
        let up = self.across[0] * c + self.across[1] * s;
        let normal = self.along.cross(up);
        let offset = normal.dot(self.nearest);
        let radius = libm::sqrt((1.0 - offset * offset).max(0.0));
        let center = normal * offset;
        let flat = |v: Vec3<f64>| [self.along.dot(v - center), up.dot(v - center)];
        let [p, q] = self.ends.map(flat);
        // An end on the surface may fall inside by rounding.
        let least = libm::hypot(p[0], p[1]).min(libm::hypot(q[0], q[1]));
        // Over the top, from −along to +along.
        let wound = planar::wind(p, q, radius.min(least), Way::Clockwise)?;
        let solid = |v: [f64; 2]| self.along * v[0] + up * v[1];
        let [first, last] = wound.touch.map(|v| solid(v) + center);
        let turn = wound.arc / radius.min(least);
        let (mut arc, from) = (0.0, libm::atan2(wound.touch[0][1], wound.touch[0][0]));
        for (x, weight) in GAUSS {
            let angle = from - turn * x;
            let (s, c) = libm::sincos(angle);
            arc += weight * turn * radius * times(solid([s, -c]), self.radii).norm();
        }
        let straight = |a: Vec3<f64>, b: Vec3<f64>| times(b - a, self.radii).norm();
        let length = straight(self.ends[0], first) + arc + straight(last, self.ends[1]);
        Some(Section { length, apex: center + up * radius, along: solid(wound.along[0]), arc })
    }
}

/// Points and weights on 0 to 1 (Gauss–Legendre, 6 points; Abramowitz and Stegun 1964, table 25.4).
const GAUSS: [(f64, f64); 6] = [
    (0.033_765_242_898_423_99, 0.085_662_246_189_585_17),
    (0.169_395_306_766_867_74, 0.180_380_786_524_069_3),
    (0.380_690_406_958_401_55, 0.233_956_967_286_345_5),
    (0.619_309_593_041_598_5, 0.233_956_967_286_345_5),
    (0.830_604_693_233_132_3, 0.180_380_786_524_069_3),
    (0.966_234_757_101_576, 0.085_662_246_189_585_17),
];

/// The contact of the line from `p` to `q`, in the frame of the surface.
pub(super) fn touch<T: Real>(
    radii: Vec3<f64>,
    side: AllowedSide,
    wanted: Kind,
    [p, q]: [Vec3<T>; 2],
) -> Result<Option<Touch<T>>, NotFound> {
    let inside = |v: Vec3<T>| over(v, radii.lift()).dot(over(v, radii.lift())).sqrt();
    let inner = inside(p);
    if inside(q).value() < inner.value() {
        // The lines from the nearer end stay well defined when it lies on the surface.
        return Ok(touch(radii, side, wanted, [q, p])?.map(Touch::reversed));
    }
    if inner.value() < ON_CENTER {
        return Ok(None);
    }
    let pressed = inner.value() < 1.0;
    let shrunk = if pressed { inner } else { T::one() };
    let ends = Ends { p, q, shrunk };
    let plain = radii * shrunk.value();
    let tilde = [over(p.value(), plain), over(q.value(), plain)];
    let d = tilde[1] - tilde[0];
    let (size, foot) = (d.dot(d), -tilde[0].dot(d));
    if !(foot > 0.0 && foot < size) {
        return Ok(None);
    }
    let nearest = tilde[0] + d * (foot / size);
    let near = nearest.norm();
    if near >= 1.0 {
        return Ok(None);
    }
    let along = d * (1.0 / libm::sqrt(size));
    let up = if near > 1e-9 { nearest * (1.0 / near) } else { side.across(along) };
    let fan = Fan { radii: plain, ends: tilde, along, across: [up, along.cross(up)], nearest };
    let candidates = Candidates::new(&fan);
    let extent = (plain.x + plain.y + plain.z) / 3.0;
    let unit = tilde[0] * (1.0 / tilde[0].norm());
    let search = |section: Section| -> Option<(f64, Taut<T>)> {
        let w = perpendicular(unit, section.along);
        let scene = Frame { radii, across: [w, unit.cross(w)] };
        let line = taut(&scene, &ends, [0.0, section.arc], extent).ok()?;
        // A root on the way back, or round the other way, is no taut line.
        let ahead =
            |x: Vec3<f64>, t: Vec3<f64>, to: Vec3<f64>, end: f64| (to - x).dot(t) * end > -1e-9 * extent;
        let (x0, x1) = (position(&line.first).value(), position(&line.last).value());
        let (t0, t1) = (direction(&line.first).value(), direction(&line.last).value());
        if line.length.value() < 0.0 || !ahead(x1, t1, q.value(), 1.0) || !ahead(x0, t0, p.value(), -1.0) {
            return None;
        }
        Some(((x0 - p.value()).norm() + line.length.value() + (q.value() - x1).norm(), line))
    };
    let mut best: Option<(f64, Taut<T>)> = None;
    let mut kind = wanted;
    for next in [wanted, Kind::Valley, Kind::Ridge, Kind::Anywhere] {
        kind = next;
        let (sign, side) = match kind {
            Kind::Ridge => (-1.0, side),
            Kind::Anywhere => (1.0, AllowedSide::Any),
            _ => (1.0, side),
        };
        for found in candidates.lines(sign, side).into_iter().flatten().filter_map(search) {
            if best.as_ref().is_none_or(|b| found.0 < b.0) {
                best = Some(found);
            }
        }
        if best.is_some() {
            break;
        }
    }
    // A ball cut through its centre has neither valleys nor ridges.
    let Some((_, line)) = best.or_else(|| fan.section(0.0).and_then(search)) else { return Err(NotFound) };
    let (enter, leave) = (position(&line.first), position(&line.last));
    let along = [direction(&line.first), direction(&line.last)];
    if !pressed {
        return Ok(Some(Touch { enter, leave, arc: line.length, along, slopes: None, kind }));
    }
    // The length is homogeneous in the ends and the size s of the ellipsoid: s ∂L/∂s = L + p·t₀ − q·t₁.
    let whole = (enter - p).norm() + line.length + (q - leave).norm();
    let widening = (whole + p.dot(along[0]) - q.dot(along[1])) / shrunk;
    let squared = radii.times(radii);
    let by_end = over(p, squared.lift()).scaled(widening / shrunk);
    let slopes = [by_end - along[0], along[1]];
    let arc = whole - (enter - p).norm() - (q - leave).norm();
    Ok(Some(Touch { enter, leave, arc, along, slopes: Some(slopes), kind }))
}

/// The part of `v` across `unit`, of length one.
fn perpendicular(unit: Vec3<f64>, v: Vec3<f64>) -> Vec3<f64> {
    let across = v - unit * unit.dot(v);
    across * (1.0 / across.norm())
}

/// The sections from which a search may start.
struct Candidates<'a> {
    fan: &'a Fan,
    length: [f64; PLANES],
}

impl<'a> Candidates<'a> {
    fn new(fan: &'a Fan) -> Self {
        let length =
            core::array::from_fn(|k| fan.section(k as f64 * STEP).map_or(f64::INFINITY, |s| s.length));
        Self { fan, length }
    }

    /// The valleys (`sign` 1) or ridges (−1) of the length on a side: the shortest, and a rival nearly as short.
    fn lines(&self, sign: f64, side: AllowedSide) -> [Option<Section>; 2] {
        let length = |k: usize| self.length[k % PLANES];
        let mut found: [Option<Section>; 2] = [None, None];
        for k in 0..PLANES {
            let [a, b, c] = [length(k + PLANES - 1), length(k), length(k + 1)].map(|v| v * sign);
            if !(b <= a && b < c && a.is_finite() && c.is_finite()) {
                continue;
            }
            // The bottom of the parabola through the three.
            let shift = 0.5 * (a - c) / (a - 2.0 * b + c);
            let section = self.fan.section((k as f64 + shift) * STEP);
            let Some(section) = section.filter(|s| side.allows(s.apex)) else { continue };
            if found[0].is_none_or(|s| section.length < s.length) {
                found = [Some(section), found[0]];
            } else if found[1].is_none_or(|s| section.length < s.length) {
                found[1] = Some(section);
            }
        }
        if let [Some(best), Some(rival)] = found
            && rival.length > best.length * RIVAL
        {
            found[1] = None;
        }
        found
    }
}
