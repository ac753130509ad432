//! Joints: how one body moves against another.
//!
//! A joint carries frame `M` of its child relative to frame `F` of its parent:
//!
//! ```text
//! X_GB = X_GP · X_PF · X_FM(q) · X_BM⁻¹
//! X_FM = (R(a₁, f₁) R(a₂, f₂) R(a₃, f₃),  Σ bₖ gₖ)
//! ```
//!
//! with rotations applied in order and translations along axes fixed in `F`; each angle and distance is a
//! function of no, one or several coordinates (Seth et al. 2010, Nonlinear Dyn 62:291). Weld, hinge,
//! universal, ball, free and slider joints are special cases with their own constructors. A ball joint's
//! coordinates are body-fixed X-Y-Z Euler angles, as OpenSim's.
//!
//! A joint of OpenSim's `CustomJoint` may keep the order of its coordinates ([`Joint::mobilities`]): Simbody
//! takes the velocity of the second axis from the first coordinate alone and that of the third from all but the
//! third, which is right only where these turn the earlier axes and nothing else. With the order, velocities and
//! poses are the same, but forces that grow with the square of speed are Simbody's, which are not those
//! of the motion (its H-dot is not the rate of its H; a power balance shows it). So are those of a polynomial of several
//! coordinates, whose second derivatives OpenSim does not have and takes the first for.
//!
//! In a *reversed* joint the coordinates move the parent's frame against the child's, `X_FM = X_MF(q)⁻¹`:
//! OpenSim's joint whose child is nearer to ground than its parent.

mod steps;

pub(crate) use steps::{Step, Steps};

use guywire_math::multivariate::{Arc, MAX_VARIABLES};
use guywire_math::{Function, Multivariate, Pose, Real, Vec3};

/// One rotation or translation of a joint.
#[derive(Clone, Debug)]
pub struct Axis {
    /// Unit direction in the joint frame.
    pub direction: Vec3<f64>,
    /// Angle (rad) or distance (m).
    pub law: Law,
}

/// An angle (rad) or distance (m) as a function of coordinates, which are given by index.
#[derive(Clone, Debug)]
pub enum Law {
    /// The same at every pose.
    Constant(f64),
    /// Of one coordinate.
    Of([usize; 1], Function),
    /// Of several different coordinates.
    OfSeveral(Vec<usize>, Multivariate),
}

impl Law {
    /// The coordinates that it depends on.
    pub fn coordinates(&self) -> &[usize] {
        match self {
            Self::Constant(_) => &[],
            Self::Of(coordinate, _) => coordinate,
            Self::OfSeveral(coordinates, _) => coordinates,
        }
    }

    /// Whether the number of coordinates is that of the function's variables.
    pub(crate) fn is_sound(&self) -> bool {
        match self {
            Self::Constant(value) => value.is_finite(),
            Self::Of(..) => true,
            Self::OfSeveral(coordinates, function) => {
                coordinates.len() == function.dimension() && coordinates.len() <= MAX_VARIABLES
            }
        }
    }

    /// Value at the coordinates of a model.
    #[inline]
    pub(crate) fn at<T: Real>(&self, q: &[T]) -> T {
        match self {
            Self::Constant(value) => T::lift(*value),
            Self::Of([c], function) => function.at(q[*c]),
            Self::OfSeveral(coordinates, function) => {
                let mut x = [T::zero(); MAX_VARIABLES];
                function.at(gather(q, coordinates, &mut x))
            }
        }
    }

    /// Derivative by its `k`-th coordinate.
    #[inline]
    pub(crate) fn slope<T: Real>(&self, q: &[T], k: usize) -> T {
        match self {
            Self::Constant(_) => T::zero(),
            Self::Of([c], function) => match function {
                Function::Linear { slope, .. } => T::lift(*slope),
                _ => function.slope_at(q[*c]),
            },
            Self::OfSeveral(coordinates, function) => {
                let mut x = [T::zero(); MAX_VARIABLES];
                function.derivative(gather(q, coordinates, &mut x), &[k])
            }
        }
    }

    /// What it adds to the second time derivative beside the coordinates' own: `Σ fᵢⱼ q̇ᵢ q̇ⱼ`.
    pub(crate) fn bend<T: Real>(&self, q: &[T], rates: &[T]) -> T {
        match self {
            Self::Constant(_) => T::zero(),
            Self::Of([c], function) => function.curvature_at(q[*c]) * rates[*c].squared(),
            Self::OfSeveral(coordinates, function) => {
                let mut x = [T::zero(); MAX_VARIABLES];
                let x = gather(q, coordinates, &mut x);
                let mut sum = T::zero();
                for (i, &ci) in coordinates.iter().enumerate() {
                    for (j, &cj) in coordinates.iter().enumerate() {
                        sum += function.derivative(x, &[i, j]) * rates[ci] * rates[cj];
                    }
                }
                sum
            }
        }
    }

    /// [`Law::bend`] as OpenSim has it for its `MultivariatePolynomialFunction`, whose second derivatives are its first
    /// ones: `Σ fᵢ q̇ᵢ Σ q̇ⱼ`.
    pub(crate) fn departing_bend<T: Real>(&self, q: &[T], rates: &[T]) -> T {
        let (mut slope, mut sum) = (T::zero(), T::zero());
        for (k, &c) in self.coordinates().iter().enumerate() {
            slope += self.slope(q, k) * rates[c];
            sum += rates[c];
        }
        slope * sum
    }

    /// Whether [`Law::bend`] vanishes at every pose.
    fn is_straight(&self) -> bool {
        match self {
            Self::Constant(_) => true,
            Self::Of(_, function) => function.is_straight(),
            Self::OfSeveral(_, function) => matches!(function, Multivariate::Linear { .. }),
        }
    }
}

fn gather<'x, T: Real>(q: &[T], coordinates: &[usize], x: &'x mut [T; MAX_VARIABLES]) -> &'x [T] {
    for (x, &c) in x.iter_mut().zip(coordinates) {
        *x = q[c];
    }
    &x[..coordinates.len()]
}

impl Axis {
    /// The coordinate itself is the angle or distance.
    pub fn direct(direction: [f64; 3], coordinate: usize) -> Self {
        Self::following(direction, coordinate, Function::IDENTITY)
    }
    /// A function of one coordinate is the angle or distance.
    pub fn following(direction: [f64; 3], coordinate: usize, function: Function) -> Self {
        Self { direction: Vec3::from_array(direction), law: Law::Of([coordinate], function) }
    }
    /// The angle or distance never changes.
    pub fn constant(direction: [f64; 3], value: f64) -> Self {
        Self { direction: Vec3::from_array(direction), law: Law::Constant(value) }
    }
}

/// A joint between a parent and a child body.
#[derive(Clone, Debug)]
pub struct Joint {
    /// Unique name.
    pub name: String,
    /// Index of the parent body; 0 is ground.
    pub parent: usize,
    /// Index of the child body.
    pub child: usize,
    /// Joint frame on the parent, `X_PF`.
    pub in_parent: Pose<f64>,
    /// Joint frame on the child, `X_BM`.
    pub in_child: Pose<f64>,
    /// Rotations, applied in order.
    pub rotations: Vec<Axis>,
    /// Translations along axes of `F` (of `M` when reversed).
    pub translations: Vec<Axis>,
    /// Whether the coordinates move the parent against the child.
    pub reversed: bool,
    /// Coordinates in the order in which Simbody counts them, to reproduce its velocity-dependent accelerations;
    /// none for those of the motion itself.
    pub mobilities: Vec<usize>,
}

impl Joint {
    /// No motion.
    pub fn weld(name: &str, parent: usize, child: usize, in_parent: Pose<f64>, in_child: Pose<f64>) -> Self {
        Self {
            name: name.into(),
            parent,
            child,
            in_parent,
            in_child,
            rotations: vec![],
            translations: vec![],
            reversed: false,
            mobilities: vec![],
        }
    }
    /// One rotation about z, as OpenSim's `PinJoint`.
    pub fn hinge(self, coordinate: usize) -> Self {
        self.turning(&[([0.0, 0.0, 1.0], coordinate)])
    }
    /// One translation along x, as OpenSim's `SliderJoint`.
    pub fn slider(mut self, coordinate: usize) -> Self {
        self.translations = vec![Axis::direct([1.0, 0.0, 0.0], coordinate)];
        self
    }
    /// Rotation about z, then translations along x and y of `F`.
    pub fn planar(self, [turn, x, y]: [usize; 3]) -> Self {
        let mut joint = self.hinge(turn);
        joint.translations = vec![Axis::direct([1.0, 0.0, 0.0], x), Axis::direct([0.0, 1.0, 0.0], y)];
        joint
    }
    /// Rotation about x, then y.
    pub fn universal(self, coordinates: [usize; 2]) -> Self {
        self.turning(&[([1.0, 0.0, 0.0], coordinates[0]), ([0.0, 1.0, 0.0], coordinates[1])])
    }
    /// Rotation about x, then y, then z.
    pub fn ball(self, [x, y, z]: [usize; 3]) -> Self {
        self.turning(&[([1.0, 0.0, 0.0], x), ([0.0, 1.0, 0.0], y), ([0.0, 0.0, 1.0], z)])
    }
    /// Three rotations as a ball joint, and three translations.
    pub fn free(self, rotations: [usize; 3], [x, y, z]: [usize; 3]) -> Self {
        let mut joint = self.ball(rotations);
        joint.translations = vec![
            Axis::direct([1.0, 0.0, 0.0], x),
            Axis::direct([0.0, 1.0, 0.0], y),
            Axis::direct([0.0, 0.0, 1.0], z),
        ];
        joint
    }
    /// A ball joint whose `M` slides on an ellipsoid about `F`: `p_FM = radii · (third axis of M)`, each
    /// component times the half axis along it (Simbody's ellipsoid mobiliser).
    pub fn ellipsoid(self, coordinates: [usize; 3], radii: Vec3<f64>) -> Self {
        let mut joint = self.ball(coordinates);
        let along = |component: usize, radius: f64| {
            let mut direction = [0.0; 3];
            direction[component] = 1.0;
            Axis {
                direction: Vec3::from_array(direction),
                law: Law::OfSeveral(
                    vec![coordinates[0], coordinates[1]],
                    Multivariate::ThirdAxis { component, radius },
                ),
            }
        };
        joint.translations = vec![along(0, radii.x), along(1, radii.y), along(2, radii.z)];
        joint
    }
    /// An arc of constant curvature: body-fixed angles x, z, y, each from its neutral value (rad), and the end of an arc of
    /// this length (m) that bends as x and z say.
    pub fn arc(self, coordinates: [usize; 3], neutral: [f64; 3], length: f64) -> Self {
        let mut joint = self.turning(&[
            ([1.0, 0.0, 0.0], coordinates[0]),
            ([0.0, 0.0, 1.0], coordinates[1]),
            ([0.0, 1.0, 0.0], coordinates[2]),
        ]);
        for ((axis, coordinate), neutral) in joint.rotations.iter_mut().zip(coordinates).zip(neutral) {
            axis.law = Law::Of([coordinate], Function::Linear { slope: 1.0, intercept: neutral });
        }
        let end = |component: usize| {
            let mut direction = [0.0; 3];
            direction[component] = 1.0;
            let arc = Arc { component, length, neutral: [neutral[0], neutral[1]] };
            let law = Law::OfSeveral(vec![coordinates[0], coordinates[1]], Multivariate::Arc(arc));
            Axis { direction: Vec3::from_array(direction), law }
        };
        joint.translations = vec![end(0), end(1), end(2)];
        joint
    }
    fn turning(mut self, axes: &[([f64; 3], usize)]) -> Self {
        self.rotations = axes.iter().map(|&(direction, c)| Axis::direct(direction, c)).collect();
        self
    }
}
