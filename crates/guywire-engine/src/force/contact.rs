//! Contact of spheres and half spaces.
//!
//! ```text
//! Hertz      f_H = 4/3 k x √(R k x),        k = k₁ s₁ = k₂ s₂,  k_i = E_i^(2/3),  s₁ = k₂/(k₁ + k₂)
//! damping    f   = f_H (1 + 3/2 c ẋ),       c = c₁ s₁ + c₂ s₂,  nothing below zero
//! friction   f (min(v/v_t, 1)(μ_d + 2 (μ_s − μ_d)/(1 + (v/v_t)²)) + μ_v v)   against slip v
//! ```
//!
//! `x` is the depth, `R` the relative radius. The contact point lies in the overlap, shared by stiffness; friction
//! coefficients combine as `2 μ₁ μ₂/(μ₁ + μ₂)`. A half space is everything with x > 0 in its frame. Source: Simbody's
//! `HuntCrossleyForce` (Hunt and Crossley 1975, J Appl Mech 42:440; friction after Hollars) and
//! `SmoothSphereHalfSpaceForce` (Serrancolí et al. 2019, IEEE TNSRE 27:1492).
//! Departs from Simbody: there, one pair that separates faster than damping allows ends the search for contacts, so
//! that pairs after it carry nothing; here every pair is looked at.

use super::{Applied, Moment, Site};
use guywire_math::{Real, Vec3};

/// Shape of a contact surface.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Shape {
    /// A ball about the origin of its frame; m.
    Sphere {
        /// Radius.
        radius: f64,
    },
    /// x > 0.
    HalfSpace,
}

/// Material of a contact surface.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Material {
    /// Plane-strain modulus, N/m².
    pub stiffness: f64,
    /// s/m.
    pub dissipation: f64,
    /// Coefficient.
    pub static_friction: f64,
    /// Coefficient.
    pub dynamic_friction: f64,
    /// s/m.
    pub viscous_friction: f64,
}

/// A surface of a body.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Surface {
    /// Where.
    pub site: Site,
    /// Shape.
    pub shape: Shape,
    /// Material.
    pub material: Material,
}

/// Contact between all surfaces of a set.
#[derive(Clone, Debug)]
pub struct HuntCrossley {
    /// Surfaces.
    pub surfaces: Vec<Surface>,
    /// Slip at which friction is fully there, m/s.
    pub transition_velocity: f64,
}

/// Overlap of two surfaces.
struct Overlap<T> {
    /// Middle of the overlap, in ground.
    point: Vec3<T>,
    /// From the first into the second surface.
    normal: Vec3<T>,
    depth: T,
    radius: f64,
}

impl HuntCrossley {
    /// Indices of the bodies that have the surfaces.
    pub fn bodies(&self) -> impl Iterator<Item = usize> {
        self.surfaces.iter().map(|s| s.site.body)
    }

    pub(super) fn apply<T: Real>(&self, moment: &Moment<'_, T>, applied: &mut Applied<T>) {
        for (i, first) in self.surfaces.iter().enumerate() {
            for second in &self.surfaces[i + 1..] {
                if first.site.body == second.site.body {
                    continue;
                }
                let (first, second) = match (first.shape, second.shape) {
                    (Shape::Sphere { .. }, Shape::HalfSpace) => (second, first),
                    _ => (first, second),
                };
                if let Some(overlap) = overlap(first, second, moment) {
                    self.press(first, second, &overlap, moment, applied);
                }
            }
        }
    }

    fn press<T: Real>(
        &self,
        first: &Surface,
        second: &Surface,
        overlap: &Overlap<T>,
        moment: &Moment<'_, T>,
        applied: &mut Applied<T>,
    ) {
        let (a, b) = (&first.material, &second.material);
        let (ka, kb) = (libm::pow(a.stiffness, 2.0 / 3.0), libm::pow(b.stiffness, 2.0 / 3.0));
        if ka + kb <= 0.0 {
            return;
        }
        let share = kb / (ka + kb);
        let stiffness = ka * share;
        let dissipation = a.dissipation * share + b.dissipation * (1.0 - share);
        let Overlap { normal, depth, radius, .. } = *overlap;
        let point = overlap.point + normal.scaled(depth * (0.5 - share));
        let bodies = [first.site.body, second.site.body];
        let hertz = depth * (depth * (radius * stiffness)).sqrt() * (4.0 / 3.0 * stiffness);
        let velocity =
            moment.velocities[bodies[0]].of_point(point) - moment.velocities[bodies[1]].of_point(point);
        let closing = velocity.dot(normal);
        let pressure = hertz * (closing * (1.5 * dissipation) + 1.0);
        if pressure.value() <= 0.0 {
            return;
        }
        let slipping = velocity - normal.scaled(closing);
        let slip = slipping.norm();
        let mut force = normal.scaled(pressure);
        if slip.value() > 0.0 {
            let combined = |x: f64, y: f64| if x + y > 0.0 { 2.0 * x * y / (x + y) } else { 0.0 };
            let friction = [
                combined(a.static_friction, b.static_friction),
                combined(a.dynamic_friction, b.dynamic_friction),
                combined(a.viscous_friction, b.viscous_friction),
            ];
            let grip = pressure * friction_factor(slip, friction, self.transition_velocity);
            force += slipping.scaled(grip / slip);
        }
        applied.pair([bodies[1], bodies[0]], point, force);
    }
}

/// Friction over normal force at a slip in m/s, for static, dynamic and viscous coefficients.
pub(super) fn friction_factor<T: Real>(slip: T, [us, ud, uv]: [f64; 3], transition: f64) -> T {
    let relative = slip / transition;
    let ramp = if relative.value() < 1.0 { relative } else { T::one() };
    ramp * (T::lift(2.0 * (us - ud)) / (relative * relative + 1.0) + ud) + slip * uv
}

/// How two surfaces overlap, if they do; a half space comes first.
fn overlap<T: Real>(first: &Surface, second: &Surface, moment: &Moment<'_, T>) -> Option<Overlap<T>> {
    let pose = |s: &Surface| moment.bodies[s.site.body] * s.site.offset.lift();
    match (first.shape, second.shape) {
        (Shape::HalfSpace, Shape::Sphere { radius }) => {
            let half = pose(first);
            let center = half.inverse_point(pose(second).position);
            let depth = center.x + radius;
            (depth.value() > 0.0).then(|| Overlap {
                point: half.point(Vec3::new(depth * 0.5, center.y, center.z)),
                normal: -half.rotation.column(0),
                depth,
                radius,
            })
        }
        (Shape::Sphere { radius: r1 }, Shape::Sphere { radius: r2 }) => {
            let (c1, c2) = (pose(first).position, pose(second).position);
            let distance = (c2 - c1).norm();
            let depth = -distance + (r1 + r2);
            // Two balls with one centre press in no direction.
            (depth.value() > 0.0 && distance.value() > 0.0).then(|| {
                let normal = (c2 - c1).scaled(T::one() / distance);
                Overlap {
                    point: c1 + normal.scaled(-(depth * 0.5) + r1),
                    normal,
                    depth,
                    radius: r1 * r2 / (r1 + r2),
                }
            })
        }
        _ => None,
    }
}

/// Contact of a sphere and a half space without corners: a little force remains off contact.
#[derive(Clone, Debug)]
pub struct SmoothSphereHalfSpace {
    /// Centre of the sphere.
    pub sphere: super::Point,
    /// m.
    pub radius: f64,
    /// Frame of the half space.
    pub half_space: Site,
    /// Material of the pair.
    pub material: Material,
    /// m/s.
    pub transition_velocity: f64,
    /// Smooths the depth and the slip about zero (OpenSim's `constant_contact_force`).
    pub constant_contact_force: f64,
    /// Steepness about zero depth, 1/m.
    pub hertz_smoothing: f64,
    /// Steepness about the greatest speed of separation, s/m.
    pub hunt_crossley_smoothing: f64,
}

/// `(1 + tanh x)/2`.
fn half_tanh<T: Real>(x: T) -> T {
    let t = libm::tanh(x.value());
    x.chain(0.5 + 0.5 * t, 0.5 * (1.0 - t * t))
}

impl SmoothSphereHalfSpace {
    /// Indices of the two bodies.
    pub fn bodies(&self) -> impl Iterator<Item = usize> {
        [self.sphere.body, self.half_space.body].into_iter()
    }

    pub(super) fn apply<T: Real>(&self, moment: &Moment<'_, T>, applied: &mut Applied<T>) {
        let half = moment.bodies[self.half_space.body] * self.half_space.offset.lift();
        let center = moment.bodies[self.sphere.body].point(self.sphere.position.lift());
        let depth = half.inverse_point(center).x + self.radius;
        let normal = half.rotation.column(0);
        let point = center + normal.scaled(-(depth * 0.5) + self.radius);
        let bodies = [self.sphere.body, self.half_space.body];
        let velocity =
            moment.velocities[bodies[0]].of_point(point) - moment.velocities[bodies[1]].of_point(point);
        let closing = velocity.dot(normal);
        let slipping = velocity - normal.scaled(closing);

        let Material { stiffness, dissipation, static_friction, dynamic_friction, viscous_friction } =
            self.material;
        let k = 0.5 * libm::pow(stiffness, 2.0 / 3.0);
        let smooth_depth = (depth * depth + self.constant_contact_force).sqrt();
        let hertz = smooth_depth * smooth_depth.sqrt() * (4.0 / 3.0 * k * libm::sqrt(self.radius * k));
        let hertz = hertz * half_tanh(depth * self.hertz_smoothing);
        let fastest = closing + 2.0 / (3.0 * dissipation);
        let pressure = hertz * (closing * (1.5 * dissipation) + 1.0);
        // Without dissipation the greatest speed of separation is infinite.
        let pressure = if dissipation > 0.0 {
            pressure * half_tanh(fastest * self.hunt_crossley_smoothing)
        } else {
            pressure
        };
        let slip = (slipping.dot(slipping) + self.constant_contact_force).sqrt();
        let friction = [static_friction, dynamic_friction, viscous_friction];
        let grip = pressure * friction_factor(slip, friction, self.transition_velocity);
        let mut force = normal.scaled(pressure);
        if slip.value() > 0.0 {
            force += slipping.scaled(grip / slip);
        }
        applied.pair([bodies[1], bodies[0]], point, force);
    }
}
