//! A taut line around a circle in a plane: two tangents and an arc.
//!
//! ```text
//! P = l₁ + l₂ + R w      lᵢ = √(dᵢ² − R²)      w = ψ − ψ₁ − ψ₂      cos ψᵢ = R / dᵢ
//! ```
//!
//! with `dᵢ` the distances of the ends from the centre and `ψ` the angle between them the way round that the
//! line takes. It touches where `w > 0`, and lifts off smoothly.
//!
//! **Ends inside.** A point fixed to another body may sink below the surface, where no line keeps outside. Its
//! tangents are then those of the circle shrunk to the point, its arc still that of the surface:
//!
//! ```text
//! P = √(d² − r²) + r w + (R − r) w² / (w + 1 − r/R)     w = ψ − acos(r / d)
//! ```
//!
//! with `r` the distance of the inner end from the centre and `d` that of the outer one. It equals the formula
//! above at `r = R` and the straight line where the inner end becomes visible (`w = 0`), both with the same
//! slopes. Where both ends are inside, `R` is the outer end's distance, and the slope jumps when the second end
//! sinks in. Departs from OpenSim, which drops the contact as soon as an end is inside, so that the length jumps.

use guywire_math::Real;
use std::f64::consts::TAU;

/// An end nearer to the centre than this share of the radius has no direction about it; no contact then.
const ON_CENTER: f64 = 1e-6;

/// A vector in the plane.
pub(super) type Flat<T> = [T; 2];

#[inline]
fn dot<T: Real>(a: Flat<T>, b: Flat<T>) -> T {
    a[0] * b[0] + a[1] * b[1]
}

#[inline]
pub(super) fn cross<T: Real>(a: Flat<T>, b: Flat<T>) -> T {
    a[0] * b[1] - a[1] * b[0]
}

/// Which way round the centre.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// The shorter one.
    Short,
    /// The longer one.
    Long,
    /// From x to −y, the line being known to touch.
    Clockwise,
}

/// An arc that is negative by less than this is none, by more is a whole turn more, rad.
const BARE: f64 = 1e-6;

/// The line around the circle.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wound<T> {
    /// Tangent points.
    pub touch: [Flat<T>; 2],
    /// Directions of the line there.
    pub along: [Flat<T>; 2],
    /// Lengths of the tangents.
    pub reach: [T; 2],
    /// Length of the arc.
    pub arc: T,
    /// With an end inside: slopes of the whole length by the positions of the ends.
    pub slopes: Option<[Flat<T>; 2]>,
}

impl<T: Real> Wound<T> {
    /// Length of the whole line.
    #[inline]
    pub fn total(&self) -> T {
        self.reach[0] + self.arc + self.reach[1]
    }
}

/// Whether the straight line from `p` to `q` cuts the circle about the origin, both being outside.
#[inline]
pub(super) fn cuts(p: Flat<f64>, q: Flat<f64>, radius: f64) -> bool {
    let d = [q[0] - p[0], q[1] - p[1]];
    let (size, foot, across) = (dot(d, d), -dot(p, d), cross(p, q));
    foot > 0.0 && foot < size && across * across < radius * radius * size
}

/// Whether the shorter way from `p` to `q` about the origin passes the direction `f`.
#[inline]
pub(super) fn passes(p: Flat<f64>, q: Flat<f64>, f: Flat<f64>) -> bool {
    let turn = cross(p, q);
    let sense = if turn >= 0.0 { 1.0 } else { -1.0 };
    cross(p, f) * sense >= 0.0 && cross(f, q) * sense > 0.0
}

/// The line from `p` to `q` around the circle about the origin; none where it does not touch.
pub(super) fn wind<T: Real>(p: Flat<T>, q: Flat<T>, surface: T, way: Way) -> Option<Wound<T>> {
    let (d1, d2) = (dot(p, p).sqrt(), dot(q, q).sqrt());
    let first_inner = d1.value() <= d2.value();
    let (inner, outer) = if first_inner { (d1, d2) } else { (d2, d1) };
    if inner.value() <= ON_CENTER * surface.value() {
        return None;
    }
    let pressed = inner.value() <= surface.value();
    // Radius of the tangents.
    let r = if pressed { inner } else { surface };
    let short = if cross(p, q).value() >= 0.0 { 1.0 } else { -1.0 };
    let sense = match way {
        Way::Short => short,
        Way::Long => -short,
        Way::Clockwise => -1.0,
    };
    let reach = |d: T| (d * d - r * r).max(T::zero()).sqrt();
    let (l1, l2) = (reach(d1), reach(d2));
    // Directions of the tangent points: those of the ends, turned by ψᵢ towards the arc.
    let towards = |v: Flat<T>, d: T, l: T, sense: f64| -> Flat<T> {
        let (c, s) = (r / (d * d), l * sense / (d * d));
        [v[0] * c - v[1] * s, v[1] * c + v[0] * s]
    };
    let (e, f) = (towards(p, d1, l1, sense), towards(q, d2, l2, -sense));
    let mut wound = (cross(e, f) * sense).atan2(dot(e, f));
    // By the longer way ψ > π, so the arc cannot be slightly negative.
    if way == Way::Long && wound.value() < 0.0 || way == Way::Clockwise && wound.value() < -BARE {
        wound = wound + TAU;
    }
    if wound.value() <= 0.0 {
        return None;
    }
    let touch = [[e[0] * surface, e[1] * surface], [f[0] * surface, f[1] * surface]];
    let ahead = |v: Flat<T>| [-(v[1] * sense), v[0] * sense];
    let along = [ahead(e), ahead(f)];
    if !pressed {
        return Some(Wound { touch, along, reach: [l1, l2], arc: wound * surface, slopes: None });
    }
    let by = Pressed::new(surface, r, outer, l1 + l2, wound);
    let slope = |v: Flat<T>, d: T, is_inner: bool, end: f64| -> Flat<T> {
        let radial = if is_inner { by.inner } else { by.outer } / d;
        let around = by.turn * (end * sense) / (d * d);
        [v[0] * radial - v[1] * around, v[1] * radial + v[0] * around]
    };
    let slopes = [slope(p, d1, first_inner, -1.0), slope(q, d2, !first_inner, 1.0)];
    Some(Wound { touch, along, reach: [l1, l2], arc: by.arc, slopes: Some(slopes) })
}

/// The arc of a line with an end inside the circle, and the slopes of the whole length.
struct Pressed<T> {
    arc: T,
    /// By the distance of the inner end from the centre.
    inner: T,
    /// By that of the outer end.
    outer: T,
    /// By the angle between the ends.
    turn: T,
}

impl<T: Real> Pressed<T> {
    /// `r`, `outer`: distances of the ends; `reach = √(outer² − r²)`; `wound`: the angle of the arc.
    fn new(surface: T, r: T, outer: T, reach: T, wound: T) -> Self {
        let outer_inside = outer.value() <= surface.value();
        let radius = if outer_inside { outer } else { surface };
        let over_reach = |a: T| if reach.value() > 0.0 { a / reach } else { T::zero() };
        let (depth, w) = (radius - r, wound);
        let fade = depth / radius;
        let wide = w + fade;
        let ratio = w / wide;
        // g = w² / (w + ε) and its slopes by w and −ε.
        let (g, by_w, by_fade) = (w * ratio, ratio * (T::one() + T::one() - ratio), ratio * ratio);
        let thin = over_reach(depth);
        let outer_slope = reach / outer - r / outer * by_w * thin;
        let widening = if outer_inside { g - depth * by_fade * r / (radius * radius) } else { T::zero() };
        Self {
            arc: r * w + depth * g,
            inner: thin * by_w + w - g + fade * by_fade,
            outer: outer_slope + widening,
            turn: r + depth * by_w,
        }
    }
}
