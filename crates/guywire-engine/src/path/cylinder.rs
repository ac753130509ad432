//! The shortest line from one point to another that keeps outside a cylinder.
//!
//! Seen along the axis the line is two tangents and an arc; unrolled it is straight, so its rise along
//! the axis is spread evenly over its unrolled length `l`:
//!
//! ```text
//! length = √((l₁ + R φ + l₂)² + (z_q − z_p)²)
//! ```
//!
//! which makes it a geodesic on the surface and smooth where it lifts off. A cylinder may allow one side
//! only (OpenSim's `quadrant`): the line then stays on that side even where the other is shorter, and
//! is pushed out to it when it would pass behind.

use guywire_math::{Mat3, Pose, Real, Vec3};
use std::f64::consts::TAU;

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
    /// Length on the surface, m.
    pub arc: T,
    /// Whether the straight line would cut the cylinder.
    pub pierced: bool,
}

impl Cylinder {
    /// The contact of the line from `a` to `b` (ground), if it touches. `carrier` is `X_GB`.
    pub fn touch<T: Real>(&self, carrier: &Pose<T>, a: Vec3<T>, b: Vec3<T>) -> Option<Touch<T>> {
        // The frame of the surface in ground, kept apart so that its rotation is formed once.
        let frame = *carrier * self.frame.lift();
        let (p, q) = (frame.inverse_point(a), frame.inverse_point(b));
        let arc = self.wind(p, q)?;
        Some(Touch { enter: frame.point(arc.enter), leave: frame.point(arc.leave), ..arc })
    }

    /// Points between the tangent points, on the surface, for drawing. `carrier` is `X_GB`.
    pub fn sample_arc(&self, carrier: &Pose<f64>, touch: &Touch<f64>, count: usize) -> Vec<Vec3<f64>> {
        let frame = *carrier * self.frame;
        let (p, q) = (frame.inverse_point(touch.enter), frame.inverse_point(touch.leave));
        let rise = q.z - p.z;
        let turn = libm::sqrt((touch.arc * touch.arc - rise * rise).max(0.0)) / self.radius;
        let start = libm::atan2(p.y, p.x);
        // The end angle tells which way round.
        let off = |s: f64| {
            let e = start + s * turn - libm::atan2(q.y, q.x);
            (e - TAU * libm::round(e / TAU)).abs()
        };
        let sign = if off(1.0) <= off(-1.0) { 1.0 } else { -1.0 };
        (1..=count)
            .map(|k| {
                let t = k as f64 / (count + 1) as f64;
                let angle = start + sign * turn * t;
                let local = Vec3::new(self.radius * libm::cos(angle), self.radius * libm::sin(angle), p.z + rise * t);
                frame.point(local)
            })
            .collect()
    }

    /// The same in the surface's own frame.
    fn wind<T: Real>(&self, p: Vec3<T>, q: Vec3<T>) -> Option<Touch<T>> {
        let radius = self.radius;
        let (d1, d2) = ((p.x * p.x + p.y * p.y).sqrt(), (q.x * q.x + q.y * q.y).sqrt());
        if d1.value() <= radius || d2.value() <= radius {
            return None;
        }
        let (pv, qv) = (p.value(), q.value());
        let (ex, ey) = (qv.x - pv.x, qv.y - pv.y);
        let ee = ex * ex + ey * ey;
        let t = if ee == 0.0 { 0.0 } else { -(pv.x * ex + pv.y * ey) / ee };
        let near = Vec3::new(pv.x + t * ex, pv.y + t * ey, 0.0);
        let pierced = near.dot(near) < radius * radius && t > 0.0 && t < 1.0;
        let allowed = match self.side {
            AllowedSide::Any => None,
            AllowedSide::Positive(axis) => Some((axis, true)),
            AllowedSide::Negative(axis) => Some((axis, false)),
        };
        let component = |v: Vec3<f64>, axis: usize| if axis == 0 { v.x } else { v.y };
        match allowed {
            None if !pierced => return None,
            Some((axis, positive)) => {
                let on = |v: Vec3<f64>| (component(v, axis) >= 0.0) == positive;
                if (on(pv) || on(qv)) && !pierced && !(on(pv) != on(qv) && !on(near)) {
                    return None;
                }
            }
            None => {}
        }
        let (a1, a2) = (p.y.atan2(p.x), q.y.atan2(q.x));
        let (b1, b2) = ((T::lift(radius) / d1).acos(), (T::lift(radius) / d2).acos());
        // Tangent angles and arc angle for a turn in direction `s` (+1: counter-clockwise from p to q).
        let turn = |s: f64| {
            let (u1, u2) = (a1 + b1 * s, a2 - b2 * s);
            let raw = (u2 - u1) * s;
            let whole = libm::floor(raw.value() / TAU);
            let angle = raw - whole * TAU;
            (if angle.value() > TAU - 1e-9 { angle - TAU } else { angle }, u1, u2)
        };
        let (angle, u1, u2) = match allowed {
            None => {
                let (ccw, cw) = (turn(1.0), turn(-1.0));
                if ccw.0.value() <= cw.0.value() { ccw } else { cw }
            }
            Some((axis, positive)) => {
                let on = |u: T| {
                    let c = if axis == 0 { libm::cos(u.value()) } else { libm::sin(u.value()) };
                    (c >= 0.0) == positive
                };
                let (p_ccw, p_cw) = (on(a1 + b1), on(a1 - b1));
                let (q_ccw, q_cw) = (on(a2 - b2), on(a2 + b2));
                if p_ccw && p_cw {
                    turn(if q_cw { -1.0 } else { 1.0 })
                } else if p_ccw != p_cw {
                    turn(if p_ccw { 1.0 } else { -1.0 })
                } else if q_ccw || q_cw {
                    turn(if q_cw { -1.0 } else { 1.0 })
                } else {
                    let (ccw, cw) = (turn(1.0), turn(-1.0));
                    if ccw.0.value() <= cw.0.value() { ccw } else { cw }
                }
            }
        };
        if angle.value() <= 0.0 {
            return None;
        }
        let (l1, l2) = ((d1 * d1 - radius * radius).sqrt(), (d2 * d2 - radius * radius).sqrt());
        let flat = angle * radius;
        let (total, rise) = (l1 + flat + l2, q.z - p.z);
        let (z1, z2) = (p.z + rise * l1 / total, p.z + rise * (l1 + flat) / total);
        if self.length > 0.0 && z1.value().abs() > self.length / 2.0 && z2.value().abs() > self.length / 2.0 {
            return None;
        }
        let slope = z2 - z1;
        Some(Touch {
            enter: Vec3::new(u1.cos() * radius, u1.sin() * radius, z1),
            leave: Vec3::new(u2.cos() * radius, u2.sin() * radius, z2),
            arc: (flat * flat + slope * slope).sqrt(),
            pierced,
        })
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
