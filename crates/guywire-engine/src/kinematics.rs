//! Forward kinematics and generalised forces in one pass down and one pass up the tree, O(n).
//!
//! Every driven joint axis is a *slot* with a spatial velocity per unit coordinate rate, taken at the
//! ground origin and expressed in ground:
//!
//! ```text
//! rotation     ω = R a f'(q),   v = p × ω       (p: centre of the joint)
//! translation  ω = 0,           v = R b g'(q)
//! ```
//!
//! so the generalised force of wrenches on the bodies is `Σ F·v + M·ω` over each slot's subtree.

use crate::model::{Model, Source};
use guywire_math::{Mat3, Pose, Real, Vec3, Wrench};

/// Spatial velocity at the ground origin per unit rate of a coordinate.
#[derive(Clone, Copy, Debug)]
pub struct Motion<T> {
    /// Angular velocity.
    pub angular: Vec3<T>,
    /// Velocity of the body point at the ground origin.
    pub linear: Vec3<T>,
}

impl<T: Real> Motion<T> {
    /// No motion.
    #[inline]
    pub fn zero() -> Self {
        Self { angular: Vec3::zero(), linear: Vec3::zero() }
    }
    /// Velocity of a point of the moving body.
    #[inline]
    pub fn of_point(&self, point: Vec3<T>) -> Vec3<T> {
        self.linear + self.angular.cross(point)
    }
    /// Power of a wrench.
    #[inline]
    pub fn power(&self, wrench: &Wrench<T>) -> T {
        self.linear.dot(wrench.force) + self.angular.dot(wrench.moment)
    }
    /// Multiplied by a scalar.
    #[inline]
    pub fn scaled(&self, s: T) -> Self {
        Self { angular: self.angular.scaled(s), linear: self.linear.scaled(s) }
    }
    /// Sum.
    #[inline]
    pub fn plus(&self, o: &Self) -> Self {
        Self { angular: self.angular + o.angular, linear: self.linear + o.linear }
    }
}

/// Where everything is at a pose; reused from pose to pose without allocation.
#[derive(Clone, Debug)]
pub struct Kinematics<T> {
    /// Value of every coordinate.
    pub coordinates: Vec<T>,
    /// For every coupler, the slope of its function.
    coupler_slope: Vec<T>,
    /// Pose of every body in ground.
    pub bodies: Vec<Pose<T>>,
    /// Motion of every slot.
    pub(crate) slots: Vec<Motion<T>>,
    gather: Vec<Wrench<T>>,
    by_coordinate: Vec<T>,
}

impl<T: Real> Kinematics<T> {
    /// Room for a model.
    pub fn new(model: &Model) -> Self {
        Self {
            coordinates: vec![T::zero(); model.coordinates.len()],
            coupler_slope: vec![T::zero(); model.couplers.len()],
            bodies: vec![Pose::identity(); model.bodies.len()],
            slots: vec![Motion::zero(); model.slot_coordinate.len()],
            gather: vec![Wrench::zero(); model.bodies.len()],
            by_coordinate: vec![T::zero(); model.coordinates.len()],
        }
    }

    /// Moves everything to the pose `q`.
    pub fn update(&mut self, model: &Model, q: &[T]) {
        for (value, (source, coordinate)) in
            self.coordinates.iter_mut().zip(model.sources.iter().zip(&model.coordinates))
        {
            match source {
                Source::Free(i) => *value = q[*i],
                Source::Locked => *value = T::lift(coordinate.default),
                Source::Coupled(_) => {}
            }
        }
        for (slope, coupler) in self.coupler_slope.iter_mut().zip(&model.couplers) {
            let mut sum = T::zero();
            for &(source, gain) in &coupler.terms {
                sum += self.coordinates[source] * gain;
            }
            self.coordinates[coupler.dependent] = coupler.function.at(sum);
            *slope = coupler.function.slope_at(sum);
        }
        for (joint, slots) in model.joints.iter().zip(&model.slots) {
            let frame = self.bodies[joint.parent] * joint.in_parent.lift();
            let mut center = frame.position;
            let mut slot = slots.start + joint.rotations.iter().filter(|a| a.coordinate.is_some()).count();
            for axis in &joint.translations {
                let direction = frame.rotation * axis.direction.lift();
                let distance = match axis.coordinate {
                    Some(c) => {
                        let linear = direction.scaled(axis.function.slope_at(self.coordinates[c]));
                        self.slots[slot] = Motion { angular: Vec3::zero(), linear };
                        slot += 1;
                        axis.function.at(self.coordinates[c])
                    }
                    None => axis.function.at(T::zero()),
                };
                center += direction.scaled(distance);
            }
            let mut rotation = frame.rotation;
            let mut slot = slots.start;
            for axis in &joint.rotations {
                let angle = match axis.coordinate {
                    Some(c) => {
                        let angular = (rotation * axis.direction.lift())
                            .scaled(axis.function.slope_at(self.coordinates[c]));
                        self.slots[slot] = Motion { angular, linear: center.cross(angular) };
                        slot += 1;
                        axis.function.at(self.coordinates[c])
                    }
                    None => axis.function.at(T::zero()),
                };
                rotation = rotation * Mat3::rotation(axis.direction, angle);
            }
            let moved = Pose { rotation, position: center };
            self.bodies[joint.child] = moved * joint.in_child.inverse().lift();
        }
    }

    /// Adds the generalised forces (N·m or N) of `wrenches`, one a body, to `out`.
    pub fn generalized_forces(&mut self, model: &Model, wrenches: &[Wrench<T>], out: &mut [T]) {
        self.gather.copy_from_slice(wrenches);
        self.by_coordinate.fill(T::zero());
        for (joint, slots) in model.joints.iter().zip(&model.slots).rev() {
            let subtree = self.gather[joint.child];
            for slot in slots.clone() {
                self.by_coordinate[model.slot_coordinate[slot]] += self.slots[slot].power(&subtree);
            }
            self.gather[joint.parent] += subtree;
        }
        for (coordinate, force) in self.by_coordinate.iter().enumerate() {
            self.to_degrees(model, coordinate, |i, gain| out[i] += *force * gain);
        }
    }

    /// The degrees of freedom that move a coordinate, with their gains.
    #[inline]
    pub(crate) fn to_degrees(&self, model: &Model, coordinate: usize, mut each: impl FnMut(usize, T)) {
        match model.sources[coordinate] {
            Source::Free(i) => each(i, T::one()),
            Source::Locked => {}
            Source::Coupled(k) => {
                for &(source, gain) in &model.couplers[k].terms {
                    if let Source::Free(i) = model.sources[source] {
                        each(i, self.coupler_slope[k] * gain);
                    }
                }
            }
        }
    }

    /// Adds to `out[i]` the spatial velocity of `body` per unit rate of each degree of freedom `i`:
    /// the columns of the geometric Jacobian, taken at the ground origin.
    pub fn add_jacobian(&self, model: &Model, mut body: usize, out: &mut [Motion<T>]) {
        while body > 0 {
            for slot in model.slots[body - 1].clone() {
                let motion = self.slots[slot];
                self.to_degrees(model, model.slot_coordinate[slot], |i, gain| {
                    out[i] = out[i].plus(&motion.scaled(gain));
                });
            }
            body = model.joints[body - 1].parent;
        }
    }

    /// Centre of mass of the whole model in ground, m.
    pub fn center_of_mass(&self, model: &Model) -> Vec3<T> {
        let mut sum = Vec3::zero();
        for (pose, body) in self.bodies.iter().zip(&model.bodies) {
            sum += pose.point(body.center_of_mass.lift()) * body.mass;
        }
        sum * (1.0 / model.mass())
    }
}
