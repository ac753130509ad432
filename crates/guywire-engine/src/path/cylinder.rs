//! The shortest line from one point to another that keeps outside a cylinder.
//!
//! Seen along the axis the line is two tangents and an arc; unrolled it is straight, so its rise along
//! the axis is spread evenly over its unrolled length:
//!
//! ```text
//! P = l₁ + l₂ + R (ψ − ψ₁ − ψ₂)      lᵢ = √(dᵢ² − R²)   cos ψᵢ = R / dᵢ
//! length = √(P² + (z_q − z_p)²)
//! ```
//!
//! with `dᵢ` the distances of the ends from the axis and `ψ` the angle between them about it. It touches
//! where `ψ > ψ₁ + ψ₂`, which makes it a geodesic on the surface and smooth where it lifts off.
//!
//! **Sides.** A cylinder that allows one side only (OpenSim's `quadrant`) forbids the half plane from its
//! axis to the other side: `ψ` is measured the way round that does not cross it. That turn is unique and
//! changes continuously unless an end itself crosses the half plane.
//!
//! **Ends inside.** A path point fixed to another body may sink below the surface, where no line keeps
//! outside. Its tangents are then those of the cylinder shrunk to the point, its arc still that of the surface:
//!
//! ```text
//! P = √(d² − r²) + r w + (R − r) w² / (w + 1 − r/R)     w = ψ − acos(r / d)
//! ```
//!
//! with `r` the distance of the inner end from the axis and `d` that of the outer one. It equals the formula
//! above at `r = R` and the straight line where the inner end becomes visible (`w = 0`), both with the same
//! slopes. Where both ends are inside, `R` is the outer end's distance, and the slope jumps when the second
//! end sinks in. Departs from OpenSim, which drops the contact as soon as an end is inside, so that the
//! length jumps.

use guywire_math::{Mat3, Pose, Real, Vec3};
use std::f64::consts::{PI, TAU};

/// An end nearer to the axis than this share of the radius has no direction about it; no contact then.
const ON_AXIS: f64 = 1e-6;

/// On which side of the cylinder's axis a path may pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AllowedSide {
    /// Whichever is shorter.
    Any,
    /// Along +x (`0`) or +y (`1`) of the surface frame.
    Positive(usize),
    /// Along −x (`0`) or −y (`1`) of the surface frame.
    Negative(usize),
}

/// A cylinder about the z axis of its own frame, fixed to a body.
#[derive(Clone, Debug)]
pub struct Cylinder {
    /// Name, for messages.
    pub name: String,
    /// Body that carries it.
    pub body: usize,
    /// Its frame on the body, `X_BS`.
    pub frame: Pose<f64>,
    /// Radius in m.
    pub radius: f64,
    /// Length in m; a path whose contact would lie wholly beyond an end does not touch.
    pub length: f64,
    /// Where a path may pass.
    pub side: AllowedSide,
}

/// Where a path touches: the tangent points in ground and the length of the arc between them.
#[derive(Clone, Copy, Debug)]
pub struct Touch<T> {
    /// First tangent point.
    pub enter: Vec3<T>,
    /// Second tangent point.
    pub leave: Vec3<T>,
    /// Length on the surface, m. With an end inside: what the straight parts leave of the whole length.
    pub arc: T,
    /// With an end inside: the slope of the whole length by the position of each end. Otherwise the
    /// slopes are the directions of the tangents.
    pub slopes: Option<[Vec3<T>; 2]>,
}

impl Cylinder {
    /// The contact of the line from `a` to `b` (ground), if it touches, passing on the given side. `carrier`
    /// is `X_GB`.
    pub fn touch<T: Real>(
        &self,
        carrier: &Pose<T>,
        [a, b]: [Vec3<T>; 2],
        side: AllowedSide,
    ) -> Option<Touch<T>> {
        // The frame of the surface in ground, kept apart so that its rotation is formed once.
        let frame = *carrier * self.frame.lift();
        let (p, q) = (frame.inverse_point(a), frame.inverse_point(b));
        let touch = self.wind(p, q, side)?;
        let slopes = touch.slopes.map(|both| both.map(|s| frame.rotation * s));
        Some(Touch { enter: frame.point(touch.enter), leave: frame.point(touch.leave), slopes, ..touch })
    }

    /// Whether a point (ground) lies inside the cylinder, continued beyond its ends. `carrier` is `X_GB`.
    pub fn contains<T: Real>(&self, carrier: &Pose<T>, point: Vec3<T>) -> bool {
        let p = (*carrier * self.frame.lift()).inverse_point(point).value();
        p.x * p.x + p.y * p.y <= self.radius * self.radius
    }

    /// Points between the tangent points, on the surface, for drawing. `carrier` is `X_GB`.
    pub fn sample_arc(&self, carrier: &Pose<f64>, touch: &Touch<f64>, count: usize) -> Vec<Vec3<f64>> {
        let frame = *carrier * self.frame;
        let (p, q) = (frame.inverse_point(touch.enter), frame.inverse_point(touch.leave));
        let rise = q.z - p.z;
        let turn = libm::sqrt((touch.arc * touch.arc - rise * rise).max(0.0)) / self.radius;
        let start = libm::atan2(p.y, p.x);
        // The end angle tells which way round, and the turn exactly.
        let miss = |s: f64| {
            let e = s * (libm::atan2(q.y, q.x) - start) - turn;
            e - TAU * libm::round(e / TAU)
        };
        let sign = if miss(1.0).abs() <= miss(-1.0).abs() { 1.0 } else { -1.0 };
        let turn = turn + miss(sign);
        (1..=count)
            .map(|k| {
                let t = k as f64 / (count + 1) as f64;
                let angle = start + sign * turn * t;
                let local =
                    Vec3::new(self.radius * libm::cos(angle), self.radius * libm::sin(angle), p.z + rise * t);
                frame.point(local)
            })
            .collect()
    }

    /// The same in the surface's own frame.
    fn wind<T: Real>(&self, p: Vec3<T>, q: Vec3<T>, side: AllowedSide) -> Option<Touch<T>> {
        let (d1, d2) = ((p.x * p.x + p.y * p.y).sqrt(), (q.x * q.x + q.y * q.y).sqrt());
        let first_inner = d1.value() <= d2.value();
        let (inner, outer) = if first_inner { (d1, d2) } else { (d2, d1) };
        if inner.value() < ON_AXIS * self.radius {
            return None;
        }
        let surface = T::lift(self.radius);
        let pressed = inner.value() <= self.radius;
        // Radius of the tangents.
        let r = if pressed { inner } else { surface };
        let (a1, a2) = (p.y.atan2(p.x), q.y.atan2(q.x));
        let (turn, sense) = turn(side, a1, a2);
        let (b1, b2) = ((r / d1).acos(), (r / d2).acos());
        let wound = turn - b1 - b2;
        if wound.value() <= 0.0 {
            return None;
        }
        let reach = |d: T| (d * d - r * r).max(T::zero()).sqrt();
        let (l1, l2) = (reach(d1), reach(d2));
        let pressed = pressed.then(|| Pressed::new(surface, r, outer, l1 + l2, wound));
        let flat = pressed.as_ref().map_or(wound * surface, |s| s.arc);
        let (total, rise) = (l1 + flat + l2, q.z - p.z);
        let (z1, z2) = (p.z + rise * l1 / total, p.z + rise * (l1 + flat) / total);
        let (half, z) = (self.length / 2.0, (z1.value(), z2.value()));
        if self.length > 0.0 && (z.0 > half && z.1 > half || z.0 < -half && z.1 < -half) {
            return None;
        }
        let on_surface = |angle: T, z: T| Vec3::new(angle.cos() * surface, angle.sin() * surface, z);
        let (enter, leave) = (on_surface(a1 + b1 * sense, z1), on_surface(a2 - b2 * sense, z2));
        let Some(by) = pressed else {
            let climb = z2 - z1;
            return Some(Touch { enter, leave, arc: (flat * flat + climb * climb).sqrt(), slopes: None });
        };
        let whole = (total * total + rise * rise).sqrt();
        let slope = |v: Vec3<T>, d: T, is_inner: bool, end: f64| {
            let radial = if is_inner { by.inner } else { by.outer } / d;
            let around = by.turn * (end * sense) / (d * d);
            let share = total / whole;
            Vec3::new(
                (v.x * radial - v.y * around) * share,
                (v.y * radial + v.x * around) * share,
                rise / whole * end,
            )
        };
        let slopes = [slope(p, d1, first_inner, -1.0), slope(q, d2, !first_inner, 1.0)];
        let arc = whole - (enter - p).norm() - (q - leave).norm();
        Some(Touch { enter, leave, arc, slopes: Some(slopes) })
    }

    /// The mirror image in the sagittal plane, on another body.
    pub fn mirrored(&self, name: String, body: usize) -> Self {
        // Reflecting the z axis of ground and of the surface keeps the frame right-handed.
        let flip = |m: Mat3<f64>| Mat3 {
            rows: [
                Vec3::new(m.rows[0].x, m.rows[0].y, -m.rows[0].z),
                Vec3::new(m.rows[1].x, m.rows[1].y, -m.rows[1].z),
                Vec3::new(-m.rows[2].x, -m.rows[2].y, m.rows[2].z),
            ],
        };
        let frame = Pose { rotation: flip(self.frame.rotation), position: self.frame.position.mirrored() };
        Self { name, body, frame, ..self.clone() }
    }
}

/// The unrolled arc of a line with an end inside the cylinder, and the slopes of the whole unrolled length.
struct Pressed<T> {
    arc: T,
    /// By the distance of the inner end from the axis.
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

/// The angle about the axis from `a1` to `a2` the way round that a path takes, and its sense (+1:
/// counter-clockwise).
fn turn<T: Real>(side: AllowedSide, a1: T, a2: T) -> (T, f64) {
    // The direction that may not be crossed.
    let forbidden = match side {
        AllowedSide::Any => {
            let change = a2 - a1;
            let change = change - TAU * libm::round(change.value() / TAU);
            return if change.value() >= 0.0 { (change, 1.0) } else { (-change, -1.0) };
        }
        AllowedSide::Positive(0) => PI,
        AllowedSide::Negative(0) => 0.0,
        AllowedSide::Positive(_) => -PI / 2.0,
        AllowedSide::Negative(_) => PI / 2.0,
    };
    let beyond = |a: T| {
        let turn = a - forbidden;
        turn - TAU * libm::floor(turn.value() / TAU)
    };
    let change = beyond(a2) - beyond(a1);
    if change.value() >= 0.0 { (change, 1.0) } else { (-change, -1.0) }
}
