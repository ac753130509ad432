//! Vectors, rotations, poses and wrenches in three dimensions, generic over [`Real`].
//!
//! A [`Pose`] `X_AB` is the pose of frame B in frame A: `p_A = R_AB p_B + p_AB`. A [`Wrench`] is a
//! force and its moment about a stated point; here that point is the ground origin unless said.

use crate::Real;
use core::ops::{Add, AddAssign, Mul, Neg, Sub, SubAssign};

/// A vector in three dimensions.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Vec3<T> {
    /// Forward.
    pub x: T,
    /// Up.
    pub y: T,
    /// To the right.
    pub z: T,
}

impl<T: Real> Vec3<T> {
    /// From components.
    #[inline]
    pub const fn new(x: T, y: T, z: T) -> Self {
        Self { x, y, z }
    }
    /// The zero vector.
    #[inline]
    pub fn zero() -> Self {
        Self::new(T::zero(), T::zero(), T::zero())
    }
    /// Inner product.
    #[inline]
    pub fn dot(self, o: Self) -> T {
        self.x * o.x + self.y * o.y + self.z * o.z
    }
    /// Cross product.
    #[inline]
    pub fn cross(self, o: Self) -> Self {
        Self::new(self.y * o.z - self.z * o.y, self.z * o.x - self.x * o.z, self.x * o.y - self.y * o.x)
    }
    /// Euclidean length.
    #[inline]
    pub fn norm(self) -> T {
        self.dot(self).sqrt()
    }
    /// Multiplied by a scalar.
    #[inline]
    pub fn scaled(self, s: T) -> Self {
        Self::new(self.x * s, self.y * s, self.z * s)
    }
    /// Each component multiplied by the other's.
    #[inline]
    pub fn times(self, o: Self) -> Self {
        Self::new(self.x * o.x, self.y * o.y, self.z * o.z)
    }
    /// Without derivatives.
    #[inline]
    pub fn value(self) -> Vec3<f64> {
        Vec3::new(self.x.value(), self.y.value(), self.z.value())
    }
}

impl Vec3<f64> {
    /// As a constant of another scalar.
    #[inline]
    pub fn lift<T: Real>(self) -> Vec3<T> {
        Vec3::new(T::lift(self.x), T::lift(self.y), T::lift(self.z))
    }
    /// From an array.
    pub const fn from_array(a: [f64; 3]) -> Self {
        Self::new(a[0], a[1], a[2])
    }
    /// As an array.
    pub const fn to_array(self) -> [f64; 3] {
        [self.x, self.y, self.z]
    }
    /// The image in the sagittal plane: `z` changes sign.
    pub fn mirrored(self) -> Self {
        Self::new(self.x, self.y, -self.z)
    }
}

impl<T: Real> Add for Vec3<T> {
    type Output = Self;
    #[inline]
    fn add(self, o: Self) -> Self {
        Self::new(self.x + o.x, self.y + o.y, self.z + o.z)
    }
}
impl<T: Real> Sub for Vec3<T> {
    type Output = Self;
    #[inline]
    fn sub(self, o: Self) -> Self {
        Self::new(self.x - o.x, self.y - o.y, self.z - o.z)
    }
}
impl<T: Real> Neg for Vec3<T> {
    type Output = Self;
    #[inline]
    fn neg(self) -> Self {
        Self::new(-self.x, -self.y, -self.z)
    }
}
impl<T: Real> Mul<f64> for Vec3<T> {
    type Output = Self;
    #[inline]
    fn mul(self, s: f64) -> Self {
        Self::new(self.x * s, self.y * s, self.z * s)
    }
}
impl<T: Real> AddAssign for Vec3<T> {
    #[inline]
    fn add_assign(&mut self, o: Self) {
        *self = *self + o;
    }
}
impl<T: Real> SubAssign for Vec3<T> {
    #[inline]
    fn sub_assign(&mut self, o: Self) {
        *self = *self - o;
    }
}

/// A 3×3 matrix, row by row; here always a rotation or an inertia.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mat3<T> {
    /// The rows.
    pub rows: [Vec3<T>; 3],
}

impl<T: Real> Mat3<T> {
    /// The identity.
    #[inline]
    pub fn identity() -> Self {
        let (o, l) = (T::zero(), T::one());
        Self { rows: [Vec3::new(l, o, o), Vec3::new(o, l, o), Vec3::new(o, o, l)] }
    }
    /// Column `j`.
    #[inline]
    pub fn column(self, j: usize) -> Vec3<T> {
        let pick = |r: Vec3<T>| match j {
            0 => r.x,
            1 => r.y,
            _ => r.z,
        };
        Vec3::new(pick(self.rows[0]), pick(self.rows[1]), pick(self.rows[2]))
    }
    /// The transpose, which inverts a rotation.
    #[inline]
    pub fn transpose(self) -> Self {
        Self { rows: [self.column(0), self.column(1), self.column(2)] }
    }
    /// Rotation by `angle` (rad, right-hand rule) about the unit vector `axis` (Rodrigues).
    #[inline]
    pub fn rotation(axis: Vec3<f64>, angle: T) -> Self {
        let (s, c) = angle.sin_cos();
        let v = T::one() - c;
        let Vec3 { x, y, z } = axis;
        Self {
            rows: [
                Vec3::new(c + v * (x * x), v * (x * y) - s * z, v * (x * z) + s * y),
                Vec3::new(v * (x * y) + s * z, c + v * (y * y), v * (y * z) - s * x),
                Vec3::new(v * (x * z) - s * y, v * (y * z) + s * x, c + v * (z * z)),
            ],
        }
    }
    /// Turned further by `angle` (rad) about its own axis 0, 1 or 2: `self · R(axis, angle)`.
    #[inline]
    pub fn turned(self, axis: u8, angle: T) -> Self {
        let (s, c) = angle.sin_cos();
        let rows = self.rows.map(|Vec3 { x, y, z }| match axis {
            0 => Vec3::new(x, c * y + s * z, c * z - s * y),
            1 => Vec3::new(c * x - s * z, y, c * z + s * x),
            _ => Vec3::new(c * x + s * y, c * y - s * x, z),
        });
        Self { rows }
    }
    /// Without derivatives.
    #[inline]
    pub fn value(self) -> Mat3<f64> {
        Mat3 { rows: self.rows.map(Vec3::value) }
    }
}

impl Mat3<f64> {
    /// Body-fixed X-Y-Z Euler angles in radians, as OpenSim's `orientation`.
    pub fn euler_xyz(x: f64, y: f64, z: f64) -> Self {
        let about = |i: usize, a: f64| {
            let mut axis = [0.0; 3];
            axis[i] = 1.0;
            Self::rotation(Vec3::from_array(axis), a)
        };
        about(0, x) * about(1, y) * about(2, z)
    }
    /// As a constant of another scalar.
    #[inline]
    pub fn lift<T: Real>(self) -> Mat3<T> {
        Mat3 { rows: self.rows.map(Vec3::lift) }
    }
}

impl<T: Real> Mul<Vec3<T>> for Mat3<T> {
    type Output = Vec3<T>;
    #[inline]
    fn mul(self, v: Vec3<T>) -> Vec3<T> {
        Vec3::new(self.rows[0].dot(v), self.rows[1].dot(v), self.rows[2].dot(v))
    }
}
impl<T: Real> Mul for Mat3<T> {
    type Output = Self;
    #[inline]
    fn mul(self, o: Self) -> Self {
        let t = o.transpose();
        Self { rows: self.rows.map(|r| Vec3::new(r.dot(t.rows[0]), r.dot(t.rows[1]), r.dot(t.rows[2]))) }
    }
}

/// Pose of one frame in another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pose<T> {
    /// Rotation `R_AB`.
    pub rotation: Mat3<T>,
    /// Position `p_AB` in metres.
    pub position: Vec3<T>,
}

impl<T: Real> Pose<T> {
    /// Both frames coincide.
    #[inline]
    pub fn identity() -> Self {
        Self { rotation: Mat3::identity(), position: Vec3::zero() }
    }
    /// A point of B, in A.
    #[inline]
    pub fn point(&self, p: Vec3<T>) -> Vec3<T> {
        self.rotation * p + self.position
    }
    /// A point of A, in B.
    #[inline]
    pub fn inverse_point(&self, p: Vec3<T>) -> Vec3<T> {
        self.rotation.transpose() * (p - self.position)
    }
    /// The value without derivatives.
    #[inline]
    pub fn value(&self) -> Pose<f64> {
        Pose { rotation: self.rotation.value(), position: self.position.value() }
    }
    /// The inverse pose `X_BA`.
    #[inline]
    pub fn inverse(&self) -> Self {
        let rotation = self.rotation.transpose();
        Self { rotation, position: -(rotation * self.position) }
    }
}

impl Pose<f64> {
    /// As a constant of another scalar.
    #[inline]
    pub fn lift<T: Real>(self) -> Pose<T> {
        Pose { rotation: self.rotation.lift(), position: self.position.lift() }
    }
}

impl<T: Real> Mul for Pose<T> {
    type Output = Self;
    #[inline]
    fn mul(self, o: Self) -> Self {
        Self { rotation: self.rotation * o.rotation, position: self.point(o.position) }
    }
}

/// A force (N) and its moment (N·m) about the ground origin.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Wrench<T> {
    /// Force.
    pub force: Vec3<T>,
    /// Moment about the ground origin.
    pub moment: Vec3<T>,
}

impl<T: Real> Wrench<T> {
    /// No force.
    #[inline]
    pub fn zero() -> Self {
        Self { force: Vec3::zero(), moment: Vec3::zero() }
    }
    /// A force through a point.
    #[inline]
    pub fn at(point: Vec3<T>, force: Vec3<T>) -> Self {
        Self { force, moment: point.cross(force) }
    }
    /// Multiplied by a scalar.
    #[inline]
    pub fn scaled(self, s: T) -> Self {
        Self { force: self.force.scaled(s), moment: self.moment.scaled(s) }
    }
    /// The moment about another point.
    #[inline]
    pub fn moment_about(&self, point: Vec3<T>) -> Vec3<T> {
        self.moment - point.cross(self.force)
    }
}

impl<T: Real> Add for Wrench<T> {
    type Output = Self;
    #[inline]
    fn add(self, o: Self) -> Self {
        Self { force: self.force + o.force, moment: self.moment + o.moment }
    }
}
impl<T: Real> Neg for Wrench<T> {
    type Output = Self;
    #[inline]
    fn neg(self) -> Self {
        Self { force: -self.force, moment: -self.moment }
    }
}
impl<T: Real> AddAssign for Wrench<T> {
    #[inline]
    fn add_assign(&mut self, o: Self) {
        *self = *self + o;
    }
}
