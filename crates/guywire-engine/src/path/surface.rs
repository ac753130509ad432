//! Surfaces that a path may not cut, and where a line between two points touches one.

use super::{cylinder, ellipsoid, torus};
use guywire_math::{Mat3, Pose, Real, Vec3};

/// On which side of a surface a path may pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AllowedSide {
    /// Whichever is shorter.
    Any,
    /// Along +x (`0`), +y (`1`) or +z (`2`) of the surface frame.
    Positive(usize),
    /// Along −x (`0`), −y (`1`) or −z (`2`) of the surface frame.
    Negative(usize),
}

impl AllowedSide {
    /// Direction of the allowed side.
    pub(super) fn direction(self) -> Option<Vec3<f64>> {
        let (axis, sign) = match self {
            Self::Any => return None,
            Self::Positive(axis) => (axis, 1.0),
            Self::Negative(axis) => (axis, -1.0),
        };
        let mut direction = [0.0; 3];
        direction[axis.min(2)] = sign;
        Some(Vec3::from_array(direction))
    }

    /// Whether a point lies on the allowed side.
    pub(super) fn allows(self, point: Vec3<f64>) -> bool {
        self.direction().is_none_or(|d| d.dot(point) >= 0.0)
    }

    /// The direction about the z axis that a line may not cross.
    pub(super) fn forbidden(self) -> Option<[f64; 2]> {
        let d = self.direction()?;
        (d.z == 0.0).then_some([-d.x, -d.y])
    }

    /// A unit vector across `line`, on the allowed side.
    pub(super) fn across(self, line: Vec3<f64>) -> Vec3<f64> {
        let unit = line * (1.0 / line.norm());
        let wanted =
            self.direction().into_iter().chain([[0.0, 1.0, 0.0], [1.0, 0.0, 0.0]].map(Vec3::from_array));
        for direction in wanted {
            let across = direction - unit * unit.dot(direction);
            if across.norm() > 0.1 {
                return across * (1.0 / across.norm());
            }
        }
        Vec3::new(0.0, 0.0, 1.0)
    }
}

/// The shape of a surface in its own frame; m.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Shape {
    /// About the z axis.
    Cylinder {
        /// Radius.
        radius: f64,
        /// Length; a path whose contact would lie wholly beyond an end does not touch. 0 for no ends.
        length: f64,
    },
    /// A ball.
    Sphere {
        /// Radius.
        radius: f64,
    },
    /// Half axes along x, y, z.
    Ellipsoid {
        /// Half axes.
        radii: Vec3<f64>,
    },
    /// A ring about the z axis; paths pass through its hole.
    Torus {
        /// Radius of the circle along which the tube runs (OpenSim's `outer_radius`).
        ring: f64,
        /// Radius of the tube (OpenSim's `inner_radius`).
        tube: f64,
    },
}

impl Shape {
    /// Whether all sizes are positive numbers that make the shape.
    pub(super) fn is_sound(&self) -> bool {
        let positive = |x: f64| x > 0.0 && x.is_finite();
        match *self {
            Self::Cylinder { radius, length } => positive(radius) && length >= 0.0 && length.is_finite(),
            Self::Sphere { radius } => positive(radius),
            Self::Ellipsoid { radii } => radii.to_array().into_iter().all(positive),
            Self::Torus { ring, tube } => positive(tube) && positive(ring) && tube < ring,
        }
    }
}

/// A surface fixed to a body.
#[derive(Clone, Debug)]
pub struct Surface {
    /// Name, for messages.
    pub name: String,
    /// Body that carries it.
    pub body: usize,
    /// Its frame on the body, `X_BS`.
    pub frame: Pose<f64>,
    /// Its shape.
    pub shape: Shape,
    /// Where a path may pass.
    pub side: AllowedSide,
}

/// Where a path touches, in ground (or in the frame of the surface, inside this module).
#[derive(Clone, Copy, Debug)]
pub struct Touch<T> {
    /// First tangent point.
    pub enter: Vec3<T>,
    /// Second tangent point.
    pub leave: Vec3<T>,
    /// Length on the surface, m. With an end inside: what the straight parts leave of the whole length.
    pub arc: T,
    /// Directions of the line at the tangent points.
    pub along: [Vec3<T>; 2],
    /// With an end inside: the slope of the whole length by the position of each end. Otherwise the
    /// slopes are the directions of the tangents.
    pub slopes: Option<[Vec3<T>; 2]>,
}

/// Which line over a surface is meant, where there are several.
#[derive(Clone, Copy, Debug)]
pub(super) struct Manner {
    /// On which side it passes.
    pub side: AllowedSide,
    /// Where every side is allowed: the line that goes the same way about the surface as this contact (in ground) is
    /// kept to, instead of the shortest one.
    pub near: Option<Touch<f64>>,
    /// Whether a cylinder goes on beyond its ends.
    pub endless: bool,
}

impl<T: Real> Touch<T> {
    /// In another frame.
    fn moved(&self, frame: &Pose<T>) -> Self {
        let turned = |v: Vec3<T>| frame.rotation * v;
        Self {
            enter: frame.point(self.enter),
            leave: frame.point(self.leave),
            arc: self.arc,
            along: self.along.map(turned),
            slopes: self.slopes.map(|both| both.map(turned)),
        }
    }
    /// Without derivatives.
    pub(super) fn value(&self) -> Touch<f64> {
        Touch {
            enter: self.enter.value(),
            leave: self.leave.value(),
            arc: self.arc.value(),
            along: self.along.map(Vec3::value),
            slopes: self.slopes.map(|both| both.map(Vec3::value)),
        }
    }
    /// The axis about which the line turns, in the frame of the surface, of any length.
    pub(super) fn turn(&self) -> Vec3<T> {
        self.enter.cross(self.along[0])
    }
    /// The same line from its other end.
    pub(super) fn reversed(self) -> Self {
        Self {
            enter: self.leave,
            leave: self.enter,
            arc: self.arc,
            along: [-self.along[1], -self.along[0]],
            slopes: self.slopes.map(|[a, b]| [b, a]),
        }
    }
}

/// The search for the line over a surface did not converge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the line over the surface was not found")]
pub struct NotFound;

impl Surface {
    /// Its frame in ground, `X_GS`, from that of its body.
    pub fn pose<T: Real>(&self, carrier: &Pose<T>) -> Pose<T> {
        *carrier * self.frame.lift()
    }

    /// The contact of the line from `a` to `b` (ground), if it touches, passing on the given side. `frame` is
    /// [`pose`](Self::pose).
    ///
    /// # Errors
    /// When a curved line over an ellipsoid or torus is not found.
    pub fn touch<T: Real>(
        &self,
        frame: &Pose<T>,
        ends: [Vec3<T>; 2],
        side: AllowedSide,
    ) -> Result<Option<Touch<T>>, NotFound> {
        self.touch_as(frame, ends, &Manner { side, near: None, endless: false })
    }

    /// The same, in a given manner.
    pub(super) fn touch_as<T: Real>(
        &self,
        frame: &Pose<T>,
        [a, b]: [Vec3<T>; 2],
        manner: &Manner,
    ) -> Result<Option<Touch<T>>, NotFound> {
        let ends = [frame.inverse_point(a), frame.inverse_point(b)];
        let Manner { side, endless, .. } = *manner;
        let near = manner.near.as_ref().map(|near| near.moved(&frame.value().inverse()));
        let touch = match self.shape {
            Shape::Cylinder { radius, length } => {
                let length = if endless { 0.0 } else { length };
                cylinder::touch(radius, length, side, near.as_ref(), ends)
            }
            Shape::Sphere { radius } => {
                ellipsoid::touch(Vec3::new(radius, radius, radius), side, None, ends)?
            }
            Shape::Ellipsoid { radii } => ellipsoid::touch(radii, side, near, ends)?,
            Shape::Torus { ring, tube } => torus::touch(ring, tube, side, ends)?,
        };
        Ok(touch.map(|touch| touch.moved(frame)))
    }

    /// Whether a point (ground) lies inside, a cylinder continued beyond its ends. `frame` is
    /// [`pose`](Self::pose).
    pub fn contains<T: Real>(&self, frame: &Pose<T>, point: Vec3<T>) -> bool {
        let p = frame.inverse_point(point).value();
        match self.shape {
            Shape::Cylinder { radius, .. } => p.x * p.x + p.y * p.y <= radius * radius,
            Shape::Sphere { radius } => p.dot(p) <= radius * radius,
            Shape::Ellipsoid { radii } => {
                let s = Vec3::new(p.x / radii.x, p.y / radii.y, p.z / radii.z);
                s.dot(s) <= 1.0
            }
            Shape::Torus { ring, tube } => {
                let across = libm::hypot(p.x, p.y) - ring;
                across * across + p.z * p.z <= tube * tube
            }
        }
    }

    /// Points between the tangent points, on the surface, for drawing. `carrier` is `X_GB`.
    pub fn sample_arc(&self, carrier: &Pose<f64>, touch: &Touch<f64>, count: usize) -> Vec<Vec3<f64>> {
        let frame = *carrier * self.frame;
        let (p, t) = (frame.inverse_point(touch.enter), frame.rotation.transpose() * touch.along[0]);
        let q = frame.inverse_point(touch.leave);
        if let Shape::Torus { ring, tube } = self.shape {
            let back = |v: Vec3<f64>| frame.rotation.transpose() * v;
            let own = Touch { enter: p, leave: q, along: touch.along.map(back), ..*touch };
            return torus::sample(ring, tube, &own, count).into_iter().map(|x| frame.point(x)).collect();
        }
        (1..=count)
            .map(|k| {
                let share = k as f64 / (count + 1) as f64;
                frame.point(super::geodesic::on(self.shape, p, t, touch.arc * share, q))
            })
            .collect()
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
        let side = match self.side {
            AllowedSide::Positive(2) => AllowedSide::Negative(2),
            AllowedSide::Negative(2) => AllowedSide::Positive(2),
            same => same,
        };
        Self { name, body, frame, side, ..self.clone() }
    }
}
