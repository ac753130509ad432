//! Forward kinematics and generalised forces in one pass down and one pass up the tree, O(n).
//!
//! Every coordinate of a driven joint axis is a *slot* with a spatial velocity per unit coordinate rate, taken at the
//! ground origin and expressed in ground:
//!
//! ```text
//! rotation     ω = R a f'(q),   v = p × ω       (p: centre of the joint)
//! translation  ω = 0,           v = R b g'(q)
//! ```
//!
//! so the generalised force of wrenches on the bodies is `Σ F·v + M·ω` over each slot's subtree.

use crate::joint::{Joint, Step, Steps};
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
    /// A motion given in the frame of `pose`, at that frame's origin, in the frame that `pose` is given in.
    #[inline]
    pub fn seen_from(&self, pose: &Pose<T>) -> Self {
        let angular = pose.rotation * self.angular;
        Self { angular, linear: pose.rotation * self.linear + pose.position.cross(angular) }
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
    /// Motion per unit angle or distance of every axis of a joint that bends, at the axis' first slot.
    pub(crate) units: Vec<Motion<T>>,
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
            units: vec![Motion::zero(); model.slot_coordinate.len()],
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
        for (joint, steps) in model.joints.iter().zip(&model.steps) {
            let parent = self.bodies[joint.parent];
            if steps.reversed {
                let from_child = self.across(steps, &Pose::identity());
                let child = parent * from_child.inverse();
                for slot in model.slots[joint.child - 1].clone() {
                    self.slots[slot] = self.slots[slot].seen_from(&child).scaled(-T::one());
                    self.units[slot] = self.units[slot].seen_from(&child).scaled(-T::one());
                }
                self.bodies[joint.child] = child;
            } else {
                self.bodies[joint.child] = self.across(steps, &parent);
            }
        }
    }

    /// Pose beyond a joint of a body at `here`; fills the joint's slots.
    #[inline]
    fn across(&mut self, steps: &Steps, here: &Pose<T>) -> Pose<T> {
        let mut rotation =
            if steps.base_aligned { here.rotation } else { here.rotation * steps.base.rotation.lift() };
        let mut center = here.point(steps.base.position.lift());
        for step in &steps.slides {
            let direction = match step.principal {
                Some(i) => rotation.column(i.into()),
                None => rotation * step.direction.lift(),
            };
            let distance = match step.direct {
                Some(c) => {
                    self.slots[step.slot] = Motion { angular: Vec3::zero(), linear: direction };
                    self.coordinates[c as usize]
                }
                None => self.follow(step, Motion { angular: Vec3::zero(), linear: direction }),
            };
            center += direction.scaled(distance);
        }
        if !steps.straight {
            for step in &steps.slides {
                self.units[step.slot] =
                    Motion { angular: Vec3::zero(), linear: rotation * step.direction.lift() };
            }
        }
        for step in &steps.turns {
            let angular = match step.principal {
                Some(i) => rotation.column(i.into()),
                None => rotation * step.direction.lift(),
            };
            let unit = Motion { angular, linear: center.cross(angular) };
            let angle = match step.direct {
                Some(c) => {
                    self.slots[step.slot] = unit;
                    self.coordinates[c as usize]
                }
                None => self.follow(step, unit),
            };
            if !steps.straight && !step.law.coordinates().is_empty() {
                self.units[step.slot] = unit;
            }
            rotation = match step.principal {
                Some(i) => rotation.turned(i, angle),
                None => rotation * Mat3::rotation(step.direction, angle),
            };
        }
        let position = center + rotation * steps.tip.position.lift();
        if !steps.tip_aligned {
            rotation = rotation * steps.tip.rotation.lift();
        }
        Pose { rotation, position }
    }

    /// Angle or distance of an axis that follows a function; fills its slots.
    fn follow(&mut self, step: &Step, unit: Motion<T>) -> T {
        for k in 0..step.law.coordinates().len() {
            self.slots[step.slot + k] = unit.scaled(step.law.slope(&self.coordinates, k));
        }
        step.law.at(&self.coordinates)
    }

    /// Origin of the joint's frame `M`, about which its rotations turn, in ground.
    pub(crate) fn center(&self, joint: &Joint) -> Vec3<T> {
        let (body, frame) =
            if joint.reversed { (joint.parent, joint.in_parent) } else { (joint.child, joint.in_child) };
        self.bodies[body].point(frame.position.lift())
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

    /// Adds to `out[i]` the power of a wrench on `body` per unit rate of each degree of freedom `i`.
    pub fn add_power(&self, model: &Model, mut body: usize, wrench: &Wrench<T>, out: &mut [T]) {
        while body > 0 {
            for slot in model.slots[body - 1].clone() {
                let power = self.slots[slot].power(wrench);
                self.to_degrees(model, model.slot_coordinate[slot], |i, gain| out[i] += power * gain);
            }
            body = model.joints[body - 1].parent;
        }
    }

    /// Centre of mass of the whole model in ground, m; the origin for a model without mass.
    pub fn center_of_mass(&self, model: &Model) -> Vec3<T> {
        let mut sum = Vec3::zero();
        for (pose, body) in self.bodies.iter().zip(&model.bodies) {
            sum += pose.point(body.center_of_mass.lift()) * body.mass;
        }
        let mass = model.mass();
        if mass > 0.0 { sum * (1.0 / mass) } else { Vec3::zero() }
    }
}
