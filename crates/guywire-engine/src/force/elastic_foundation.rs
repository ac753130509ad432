//! Contact of meshes with half spaces, spheres and each other: a bed of springs.
//!
//! ```text
//! spring at the centroid of every face, area A, depth x to the nearest point of the other surface
//! f = k A x (1 + c ẋ),   nothing below zero;   friction as in [`contact`](super::contact)
//! ```
//!
//! It presses along the way out. `ẋ` is the rate of closing there; `k` in N/m³, `c` in s/m. Where two meshes touch, the
//! springs of each count half. Only meshes have springs; of spheres and half spaces the material has no effect. Source:
//! Simbody's `ElasticFoundationForce` (Blankevoort et al. 1991, J Biomech 24:1019). Departs from Simbody: a mesh
//! that is inside another altogether presses as well; there, contact begins where surfaces cross.

use super::contact::{Material, friction_factor};
use super::mesh::{Face, TriangleMesh};
use super::{Applied, Moment, Site};
use guywire_math::{Pose, Real, Vec3};
use std::sync::Arc;

/// Shape of a surface.
#[derive(Clone, Debug)]
pub enum BedShape {
    /// Springs all over.
    Mesh(Arc<TriangleMesh>),
    /// A ball about the origin of its frame.
    Sphere {
        /// m.
        radius: f64,
    },
    /// x > 0.
    HalfSpace,
}

/// A surface of a body.
#[derive(Clone, Debug)]
pub struct BedSurface {
    /// Where.
    pub site: Site,
    /// Shape.
    pub shape: BedShape,
    /// Material; its stiffness in N/m³.
    pub material: Material,
}

/// Contact between all surfaces of a set.
#[derive(Clone, Debug)]
pub struct ElasticFoundation {
    /// Surfaces.
    pub surfaces: Vec<BedSurface>,
    /// Slip at which friction is fully there, m/s.
    pub transition_velocity: f64,
}

impl ElasticFoundation {
    pub(super) fn apply<T: Real>(&self, moment: &Moment<'_, T>, applied: &mut Applied<T>) {
        for (i, surface) in self.surfaces.iter().enumerate() {
            let BedShape::Mesh(mesh) = &surface.shape else { continue };
            for (j, other) in self.surfaces.iter().enumerate() {
                if i == j || surface.site.body == other.site.body {
                    continue;
                }
                let pose = |s: &BedSurface| moment.bodies[s.site.body] * s.site.offset.lift();
                let (own, facing) = (pose(surface), pose(other));
                let between = facing.inverse() * own;
                let rough = Pose { rotation: between.rotation.value(), position: between.position.value() };
                mesh.visit(&|middle, half| other.shape.may_hold(&rough, middle, half), &mut |face| {
                    let spring = between.point(face.centroid.lift());
                    if let Some(nearest) = other.shape.nearest_from_inside(spring) {
                        let ends = [own.point(face.centroid.lift()), facing.point(nearest)];
                        self.press(surface, other, face, ends, moment, applied);
                    }
                });
            }
        }
    }

    /// The spring of a face, from its centroid to the nearest point of the other surface, both in ground.
    fn press<T: Real>(
        &self,
        surface: &BedSurface,
        other: &BedSurface,
        face: &Face,
        [spring, nearest]: [Vec3<T>; 2],
        moment: &Moment<'_, T>,
        applied: &mut Applied<T>,
    ) {
        let out = nearest - spring;
        if out.value().norm() == 0.0 {
            return;
        }
        let depth = out.norm();
        let out = out.scaled(T::one() / depth);
        let bodies = [surface.site.body, other.site.body];
        let velocity =
            moment.velocities[bodies[1]].of_point(nearest) - moment.velocities[bodies[0]].of_point(nearest);
        let closing = velocity.dot(out);
        let m = &surface.material;
        let area = if matches!(other.shape, BedShape::Mesh(_)) { 0.5 * face.area } else { face.area };
        let pressure = depth * (m.stiffness * area) * (closing * m.dissipation + 1.0);
        if pressure.value() <= 0.0 {
            return;
        }
        let mut force = out.scaled(pressure);
        let slipping = velocity - out.scaled(closing);
        if slipping.value().norm() > 0.0 {
            let slip = slipping.norm();
            let friction = [m.static_friction, m.dynamic_friction, m.viscous_friction];
            let grip = pressure * friction_factor(slip, friction, self.transition_velocity);
            force += slipping.scaled(grip / slip);
        }
        applied.pair(bodies, nearest, force);
    }
}

impl BedShape {
    /// Whether part of a box may be inside; its middle and half size are in a frame whose pose in this shape's is given.
    fn may_hold(&self, pose: &Pose<f64>, middle: Vec3<f64>, half: Vec3<f64>) -> bool {
        let center = pose.point(middle);
        // Half the extent of the box along the axes of this shape's frame.
        let turned = pose.rotation.transpose();
        let reach = |axis: usize| {
            let row: Vec3<f64> = turned.column(axis);
            row.x.abs() * half.x + row.y.abs() * half.y + row.z.abs() * half.z
        };
        match self {
            Self::HalfSpace => center.x + reach(0) >= 0.0,
            Self::Sphere { radius } => center.norm() <= radius + half.norm(),
            Self::Mesh(mesh) => {
                let (own, size) = mesh.bounds();
                let apart = center - own;
                apart.x.abs() <= size.x + reach(0)
                    && apart.y.abs() <= size.y + reach(1)
                    && apart.z.abs() <= size.z + reach(2)
            }
        }
    }

    /// The nearest point of the surface, if a point is inside.
    fn nearest_from_inside<T: Real>(&self, point: Vec3<T>) -> Option<Vec3<T>> {
        match self {
            Self::HalfSpace => (point.x.value() >= 0.0).then(|| Vec3::new(T::zero(), point.y, point.z)),
            Self::Sphere { radius } => {
                let away = point.value().norm();
                // From the centre no way out is the shortest.
                (away < *radius && away > 0.0).then(|| point.scaled(T::lift(*radius) / point.norm()))
            }
            Self::Mesh(mesh) => {
                let (middle, half) = mesh.bounds();
                let off = point.value() - middle;
                let near = off.x.abs() <= half.x && off.y.abs() <= half.y && off.z.abs() <= half.z;
                if near { mesh.nearest_from_inside(point) } else { None }
            }
        }
    }
}
