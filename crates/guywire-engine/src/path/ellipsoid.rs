//! The shortest line from one point to another that keeps outside an ellipsoid.
//!
//! Measured in half axes (`x̃ = x / a`) the ellipsoid is a unit ball. A line from `p` touches it on a circle,
//!
//! ```text
//! x̃ = p̃ / |p̃|² + ε (cos ξ w₁ + sin ξ w₂)      ε² = 1 − 1/|p̃|²      w₁, w₂ ⊥ p̃
//! ```
//!
//! with the direction `t ∝ a ∘ (cos ξ w₁ + sin ξ w₂ − ε p̃)`, which stays defined when `p` lies on the surface.
//! [`geodesic`](super::geodesic) finds the one that leaves towards `q`, [`lookout`](super::lookout) all of them.
//!
//! **Sides.** A line that does not cut the ellipsoid is straight, as in OpenSim. Where the shortest line passes on
//! the forbidden side, the shortest on the allowed side is taken ([`rim`](super::rim)). The length jumps where a line
//! on the forbidden side begins to cut.
//!
//! **Ends inside.** An end inside shrinks the whole ellipsoid in proportion, by `s`, until the end lies on it: the length
//! is that of everything divided by `s`, times `s`. It is continuous; its slope jumps where the end sinks in.

use super::geodesic::{Curved, Ends, Horizon, Scene, Solution, direction, follow, position, solve_along};
use super::lookout::Lookout;
use super::rim::Rim;
use super::sphere;
use super::surface::{AllowedSide, NotFound, Touch};
use guywire_math::{Real, Vec3};

/// An end nearer to the centre than this share of the half axes: no contact.
const ON_CENTER: f64 = 1e-6;
/// An end nearer to the surface than this share of the half axes lies on it.
const ON_SURFACE: f64 = 1e-12;
/// An end closer to the surface than this is looked for this far above it, in half axes.
const LIFTED: f64 = 1e-3;
/// Lines whose axes of turning differ by less (cosine) go the same way.
const SAME_WAY: f64 = 0.9;
/// Most iterations to where a line crosses a plane.
const CROSSING: usize = 40;

/// The surface.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ellipsoid {
    pub radii: Vec3<f64>,
}

impl<T: Real> Curved<T> for Ellipsoid {
    fn bend(&self, x: Vec3<T>, t: Vec3<T>) -> (Vec3<T>, T) {
        let inverse = Vec3::new(1.0 / self.radii.x, 1.0 / self.radii.y, 1.0 / self.radii.z).lift();
        let (u, s) = (x.times(inverse), t.times(inverse));
        let gradient = u.times(inverse);
        let steep = T::one() / gradient.norm();
        (gradient.scaled(steep), s.dot(s) * steep)
    }
}

fn over<T: Real>(a: Vec3<T>, b: Vec3<f64>) -> Vec3<T> {
    Vec3::new(a.x / b.x, a.y / b.y, a.z / b.z)
}

/// The ellipsoid seen from `p`.
#[derive(Clone, Copy, Debug)]
struct View {
    radii: Vec3<f64>,
    /// Two unit vectors across `p̃`.
    across: [Vec3<f64>; 2],
    /// Whether `p` lies on the surface.
    ashore: bool,
}

#[derive(Clone, Copy, Debug)]
struct Circle<T> {
    radii: Vec3<f64>,
    center: Vec3<T>,
    w: [Vec3<T>; 2],
    lift: T,
    end: Vec3<T>,
}

impl<T: Real> Horizon<T> for Circle<T> {
    fn start(&self, xi: T) -> Option<(Vec3<T>, Vec3<T>)> {
        let (s, c) = xi.sin_cos();
        let around = self.w[0].scaled(c) + self.w[1].scaled(s);
        let x = self.center + around.scaled(self.lift);
        let t = (around - self.end.scaled(self.lift)).times(self.radii.lift());
        Some((x.times(self.radii.lift()), t.scaled(T::one() / t.norm())))
    }
}

impl Scene for View {
    fn surface<T: Real>(&self, _: &Ends<T>) -> impl Curved<T> {
        Ellipsoid { radii: self.radii }
    }
    fn horizon<T: Real>(&self, ends: &Ends<T>) -> impl Horizon<T> {
        let end = over(ends.p, self.radii);
        let size = end.dot(end);
        let outside = if self.ashore { T::zero() } else { T::one() - T::one() / size };
        let lift = if outside.value() > 0.0 { outside.sqrt() } else { T::zero() };
        // The fixed axes, turned to be exactly across the end.
        let unit = end.scaled(T::one() / size.sqrt());
        let first = self.across[0].lift::<T>();
        let first = first - unit.scaled(unit.dot(first));
        let first = first.scaled(T::one() / first.norm());
        let w = [first, unit.cross(first)];
        Circle { radii: self.radii, center: end.scaled(T::one() / size), w, lift, end }
    }
}

/// The contact of the line from `p` to `q`, in the frame of the surface. `near`: one whose way round is kept to without a side.
pub(super) fn touch<T: Real>(
    radii: Vec3<f64>,
    side: AllowedSide,
    near: Option<Touch<f64>>,
    [p, q]: [Vec3<T>; 2],
) -> Result<Option<Touch<T>>, NotFound> {
    if side == AllowedSide::Any && is_ball(radii) {
        return Ok(sphere::touch(radii.x, [p, q]));
    }
    let depth = |v: Vec3<T>| over(v, radii).norm();
    let (first, second) = (depth(p), depth(q));
    if second.value() < first.value() {
        // The lines from the nearer end stay well defined when it lies on the surface.
        return Ok(touch(radii, side, near.map(Touch::reversed), [q, p])?.map(Touch::reversed));
    }
    if first.value() < ON_CENTER {
        return Ok(None);
    }
    if first.value() >= 1.0 {
        return outside(radii, side, near, [p, q], [first, second].map(|d| d.value() < 1.0 + ON_SURFACE));
    }
    let s = first;
    let [p, q] = [p, q].map(|v| v.scaled(T::one() / s));
    let landed = second.value() <= s.value() * (1.0 + ON_SURFACE);
    let Some(line) = outside(radii, side, near, [p, q], [true, landed])? else { return Ok(None) };
    // ∂(s L)/∂s = L − p·∂L/∂p − q·∂L/∂q at ends divided by s, and ∂s/∂p = p / a² there.
    let whole = (line.enter - p).norm() + line.arc + (q - line.leave).norm();
    let [by_p, by_q] = line.slopes.unwrap_or([-line.along[0], line.along[1]]);
    let widening = whole - p.dot(by_p) - q.dot(by_q);
    Ok(Some(Touch {
        enter: line.enter.scaled(s),
        leave: line.leave.scaled(s),
        arc: line.arc * s,
        slopes: Some([by_p + over(p, radii.times(radii)).scaled(widening), by_q]),
        ..line
    }))
}

/// The same for ends that are not inside, the nearer first. `ashore`: which of them lie on the surface.
fn outside<T: Real>(
    radii: Vec3<f64>,
    side: AllowedSide,
    near: Option<Touch<f64>>,
    [p, q]: [Vec3<T>; 2],
    ashore: [bool; 2],
) -> Result<Option<Touch<T>>, NotFound> {
    let tilde = [over(p.value(), radii), over(q.value(), radii)];
    let d = tilde[1] - tilde[0];
    let (size, foot) = (d.dot(d), -tilde[0].dot(d));
    if !(foot > 0.0 && foot < size) {
        return Ok(None);
    }
    let nearest = tilde[0] + d * (foot / size);
    if nearest.norm() >= 1.0 {
        return Ok(None);
    }
    let along = d * (1.0 / libm::sqrt(size));
    let rim = Rim::new(radii, side, [p, q]);
    let allowed = |x: Vec3<f64>| rim.is_none() || side.allows(x);
    let (own, first) = if is_ball(radii) {
        // The other way round is no shortest one.
        (if allowed(nearest) { sphere::touch(radii.x, [p, q]) } else { None }, true)
    } else {
        let near = near.filter(|_| side == AllowedSide::Any);
        shortest(radii, side.across(along), near, [p, q], ashore, |line| {
            Ok(rim.is_none() || allowed(crossing(radii, along, line, [p.value(), q.value()])?))
        })?
    };
    // The shortest line of all needs no rim.
    let (Some(rim), true) = (&rim, own.is_none() || !first) else { return Ok(own) };
    let over_rim = rim.line()?;
    let whole = |t: &Touch<T>| ((t.enter - p).norm() + t.arc + (q - t.leave).norm()).value();
    Ok(Some(match own {
        Some(own) if whole(&own) <= whole(&over_rim) => own,
        _ => over_rim,
    }))
}

fn is_ball(radii: Vec3<f64>) -> bool {
    radii.x == radii.y && radii.y == radii.z
}

/// The shortest line that is allowed, or the one that keeps to a way; and whether it is the shortest of all.
fn shortest<T: Real>(
    radii: Vec3<f64>,
    up: Vec3<f64>,
    near: Option<Touch<f64>>,
    [p, q]: [Vec3<T>; 2],
    ashore: [bool; 2],
    is_allowed: impl Fn(&Solution) -> Result<bool, NotFound>,
) -> Result<(Option<Touch<T>>, bool), NotFound> {
    let end = over(p.value(), radii);
    let unit = end * (1.0 / end.norm());
    let up = perpendicular(unit, up);
    let view = View { radii, across: [up, unit.cross(up)], ashore: ashore[0] };
    let ends = Ends { p, q, shrunk: T::one(), landed: ashore[1] };
    let plain = ends.value();
    let size = (radii.x + radii.y + radii.z) / 3.0;
    // The way from where a point at height h comes in sight to below it is as √h; rather too little of it, as behind
    // the point lies another solution.
    let height = over(plain.q, radii).norm() - 1.0;
    let (target, descent) = if height < LIFTED {
        let descent = 1.0 - libm::sqrt(height.max(0.0) / LIFTED);
        let lifted = (1.0 + LIFTED) / (1.0 + height);
        (plain.q * lifted, if ends.landed { descent } else { 0.9 * descent })
    } else {
        (plain.q, 0.0)
    };
    let lookout = Lookout { scene: &view, ends: &plain, radii, size, target, descent };
    let alike = |line: &Solution| {
        let [first, _] = line.ends();
        let own = position(&first).cross(direction(&first));
        near.map_or(0.0, |near| own.dot(near.turn()) / (own.norm() * near.turn().norm()))
    };
    let known = near.and_then(|near| {
        let at = over(near.enter, radii);
        let xi = libm::atan2(view.across[1].dot(at), view.across[0].dot(at));
        lookout.near([xi, near.arc]).filter(|line| alike(line) > SAME_WAY)
    });
    let mut lines = [known, None, None, None];
    if known.is_none() {
        lines = lookout.lines();
        lines.sort_by(|a, b| {
            let [a, b] = [a, b].map(|line| line.as_ref().map_or(f64::NEG_INFINITY, alike));
            b.total_cmp(&a)
        });
    }
    if lines[0].is_none() {
        // Of revolution about the straight line: over the allowed side.
        lines[0] = Some(solve_along(&view, &plain, [0.0, lookout.length(0.0).ok_or(NotFound)?], size)?);
    }
    for (k, line) in lines.iter().flatten().enumerate() {
        if !is_allowed(line)? {
            continue;
        }
        let line = line.line(&view, &ends, size)?;
        let (enter, leave) = (position(&line.first), position(&line.last));
        let along = [direction(&line.first), direction(&line.last)];
        let touch = Touch { enter, leave, arc: line.length, along, slopes: None };
        return Ok((Some(touch), k == 0));
    }
    Ok((None, false))
}

/// Where a line crosses the plane through the centre across the straight line (`along`, in half axes).
fn crossing(
    radii: Vec3<f64>,
    along: Vec3<f64>,
    line: &Solution,
    [p, q]: [Vec3<f64>; 2],
) -> Result<Vec3<f64>, NotFound> {
    let before = |x: Vec3<f64>| over(x, radii).dot(along);
    let [first, last] = line.ends();
    let (x0, x1) = (position(&first), position(&last));
    let share = |a: Vec3<f64>, b: Vec3<f64>| a + (b - a) * (before(a) / (before(a) - before(b)));
    if before(x0) >= 0.0 {
        return Ok(share(p, x0));
    }
    if before(x1) <= 0.0 {
        return Ok(share(x1, q));
    }
    let whole = line.at[1];
    let mut length = whole * before(x0) / (before(x0) - before(x1));
    let surface = Ellipsoid { radii };
    let mut at = follow(&surface, first, length)?;
    for _ in 0..CROSSING {
        let step = before(position(&at)) / before(direction(&at));
        let next = (length - step).clamp(0.0, whole);
        if (next - length).abs() <= ON_SURFACE * whole || next.is_nan() {
            break;
        }
        length = next;
        at = follow(&surface, first, length)?;
    }
    Ok(position(&at))
}

/// The part of `v` across `unit`, of length one; another direction across it if there is none.
fn perpendicular(unit: Vec3<f64>, v: Vec3<f64>) -> Vec3<f64> {
    let directions = [v, Vec3::new(1.0, 0.0, 0.0), Vec3::new(0.0, 1.0, 0.0)];
    let across = directions.map(|v| v - unit * unit.dot(v));
    let wide = across.into_iter().find(|a| a.norm() > 0.1).unwrap_or(across[0]);
    wide * (1.0 / wide.norm())
}
