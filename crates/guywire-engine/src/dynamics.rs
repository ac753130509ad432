//! Inverse dynamics, mass matrix, energies and momentum of a moving model, O(n) (mass matrix: O(n·depth)).
//!
//! Everything is taken at the ground origin in ground axes. There a body's spatial acceleration is the
//! plain time derivative of its spatial velocity and its force balance that of its momentum:
//!
//! ```text
//! V_B = V_P + Σ S ċ                         A_B = A_P + Σ S c̈ + V_C × S ċ + U f''(c) ċ²
//! h_B = I_B V_B                             F_B = I_B A_B + V_B ×* h_B − gravity − external
//! τ   = M(q) q̈ + C(q, q̇) − gravity − external
//! M_ij = S_i · I_subtree S_j                (composite rigid bodies)
//! ```
//!
//! `S = U f'(c)` is the motion of a joint axis per unit rate of its coordinate `c` (a slot of
//! [`Kinematics`]), `U` the same per unit angle or distance, `V_C` the velocity of the frame that carries
//! the axis: the parent for translations, moved also by the translations and the earlier rotations of the
//! joint for a rotation. A coordinate that follows others through a coupler `c = g(Σ kᵢ cᵢ)` has
//! `ċ = g' Σ kᵢ ċᵢ` and `c̈ = g' Σ kᵢ c̈ᵢ + g'' (Σ kᵢ ċᵢ)²`; a locked one stands still.
//!
//! Source: Featherstone 2008, Rigid Body Dynamics Algorithms, tables 5.1 (inverse dynamics) and 6.2 (mass
//! matrix), in ground coordinates; function-driven axes after Seth et al. 2010, Nonlinear Dyn 62:291.

use crate::joint::Joint;
use crate::kinematics::{Kinematics, Motion};
use crate::model::{Body, Model};
use guywire_math::{Mat3, Pose, Real, Vec3, Wrench};

/// Inertia of a body, or of several that move as one, about the ground origin in ground axes.
#[derive(Clone, Copy, Debug)]
struct Inertia<T> {
    /// Mass, kg.
    mass: f64,
    /// Mass × centre of mass, kg·m.
    first: Vec3<T>,
    /// Inertia about the ground origin, kg·m².
    second: Mat3<T>,
}

impl<T: Real> Inertia<T> {
    fn zero() -> Self {
        Self { mass: 0.0, first: Vec3::zero(), second: Mat3 { rows: [Vec3::zero(); 3] } }
    }

    fn of(body: &Body, pose: &Pose<T>) -> Self {
        let center = pose.point(body.center_of_mass.lift());
        let first = center * body.mass;
        let central = pose.rotation * body.inertia.lift() * pose.rotation.transpose();
        let (spread, c) = (first.dot(center), center);
        let shift = |row: Vec3<T>, f: T, axis: [f64; 3]| {
            row + Vec3::new(
                spread * axis[0] - f * c.x,
                spread * axis[1] - f * c.y,
                spread * axis[2] - f * c.z,
            )
        };
        let [x, y, z] = central.rows;
        let rows = [
            shift(x, first.x, [1.0, 0.0, 0.0]),
            shift(y, first.y, [0.0, 1.0, 0.0]),
            shift(z, first.z, [0.0, 0.0, 1.0]),
        ];
        Self { mass: body.mass, first, second: Mat3 { rows } }
    }

    fn plus(&self, o: &Self) -> Self {
        let [a, b] = [self.second.rows, o.second.rows];
        let rows = [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
        Self { mass: self.mass + o.mass, first: self.first + o.first, second: Mat3 { rows } }
    }

    /// Linear and angular momentum of a velocity, or their rates of an acceleration.
    fn momentum(&self, v: &Motion<T>) -> Wrench<T> {
        Wrench {
            force: v.linear * self.mass + v.angular.cross(self.first),
            moment: self.second * v.angular + self.first.cross(v.linear),
        }
    }
}

/// Rate of a motion that is fixed in a frame moving with velocity `v`.
fn carried<T: Real>(v: &Motion<T>, motion: &Motion<T>) -> Motion<T> {
    Motion {
        angular: v.angular.cross(motion.angular),
        linear: v.angular.cross(motion.linear) + v.linear.cross(motion.angular),
    }
}

/// Linear (kg·m/s) and angular momentum about the ground origin (kg·m²/s).
#[derive(Clone, Copy, Debug)]
pub struct Momentum<T> {
    /// Linear.
    pub linear: Vec3<T>,
    /// Angular, about the ground origin.
    pub angular: Vec3<T>,
}

/// A moving model: velocities, inertias and what follows from them. Reused without allocation.
///
/// [`Dynamics::update`] comes first; the other functions then speak of that pose and those rates.
#[derive(Clone, Debug)]
pub struct Dynamics<T> {
    /// Acceleration of free fall in ground, m/s².
    gravity: Vec3<f64>,
    /// Rate of every coordinate, and its acceleration when `q̈ = 0`.
    rates: Vec<T>,
    drifts: Vec<T>,
    /// Of every body: inertia, spatial velocity, and what its joint adds to the acceleration when `q̈ = 0`.
    inertias: Vec<Inertia<T>>,
    velocities: Vec<Motion<T>>,
    joint_drifts: Vec<Motion<T>>,
    /// Scratch.
    accelerations: Vec<Motion<T>>,
    wrenches: Vec<Wrench<T>>,
    composites: Vec<Inertia<T>>,
    by_coordinate: Vec<T>,
}

impl<T: Real> Dynamics<T> {
    /// Room for a model; `gravity` is the acceleration of free fall in ground, m/s².
    pub fn new(model: &Model, gravity: Vec3<f64>) -> Self {
        let (bodies, coordinates) = (model.bodies.len(), model.coordinates.len());
        Self {
            gravity,
            rates: vec![T::zero(); coordinates],
            drifts: vec![T::zero(); coordinates],
            inertias: vec![Inertia::zero(); bodies],
            velocities: vec![Motion::zero(); bodies],
            joint_drifts: vec![Motion::zero(); bodies],
            accelerations: vec![Motion::zero(); bodies],
            wrenches: vec![Wrench::zero(); bodies],
            composites: vec![Inertia::zero(); bodies],
            by_coordinate: vec![T::zero(); coordinates],
        }
    }

    /// Takes over the pose of `kinematics` and the rates `qd` of the degrees of freedom.
    pub fn update(&mut self, model: &Model, kinematics: &Kinematics<T>, qd: &[T]) {
        for (body, inertia) in self.inertias.iter_mut().enumerate().skip(1) {
            *inertia = Inertia::of(&model.bodies[body], &kinematics.bodies[body]);
        }
        self.update_velocities(model, kinematics, qd);
    }

    /// The velocities of [`Dynamics::update`] alone.
    pub(crate) fn update_velocities(&mut self, model: &Model, kinematics: &Kinematics<T>, qd: &[T]) {
        for coordinate in 0..model.coordinates.len() {
            let mut rate = T::zero();
            kinematics.to_degrees(model, coordinate, |i, gain| rate += gain * qd[i]);
            self.rates[coordinate] = rate;
            self.drifts[coordinate] = T::zero();
        }
        for coupler in &model.couplers {
            let (mut sum, mut rate) = (T::zero(), T::zero());
            for &(source, gain) in &coupler.terms {
                sum += kinematics.coordinates[source] * gain;
                rate += self.rates[source] * gain;
            }
            self.drifts[coupler.dependent] = coupler.function.curvature_at(sum) * rate.squared();
        }
        for (index, joint) in model.joints.iter().enumerate() {
            let (velocity, drift) = self.across(model, kinematics, index, joint);
            self.velocities[joint.child] = velocity;
            self.joint_drifts[joint.child] = drift;
        }
    }

    /// Velocity beyond a joint, and what the joint adds to the acceleration when `q̈ = 0`.
    fn across(
        &self,
        model: &Model,
        kinematics: &Kinematics<T>,
        index: usize,
        joint: &Joint,
    ) -> (Motion<T>, Motion<T>) {
        let (slots, steps) = (model.slots[index].clone(), &model.steps[index]);
        let (parent, mut drift) = (self.velocities[joint.parent], Motion::zero());
        let mut velocity = parent;
        // The motion is that of `M` against `F`; a reversed joint's slots are minus that, seen from `F`'s body.
        if steps.reversed {
            for slot in slots.clone() {
                let rate = self.rates[model.slot_coordinate[slot]];
                velocity = velocity.plus(&kinematics.slots[slot].scaled(rate));
            }
        }
        let beyond = velocity;
        // Slots list the rotations first; a rotation is carried by the translations and the rotations before it.
        for slot in (steps.first_slide..slots.end).chain(slots.start..steps.first_slide) {
            let (motion, coordinate) = (kinematics.slots[slot], model.slot_coordinate[slot]);
            let moved = motion.scaled(self.rates[coordinate]);
            drift = drift.plus(&carried(&velocity, &moved)).plus(&motion.scaled(self.drifts[coordinate]));
            velocity = velocity.plus(&if steps.reversed { moved.scaled(-T::one()) } else { moved });
        }
        if !steps.straight {
            for step in steps.slides.iter().chain(&steps.turns) {
                if !step.law.coordinates().is_empty() {
                    let (q, rates) = (&kinematics.coordinates, &self.rates);
                    let bend = if step.departs {
                        step.law.departing_bend(q, rates)
                    } else {
                        step.law.bend(q, rates)
                    };
                    drift = drift.plus(&kinematics.units[step.slot].scaled(bend));
                }
            }
        }
        if let Some(departure) = self.departure(model, kinematics, index, joint) {
            drift = drift.plus(&departure);
        }
        (if steps.reversed { beyond } else { velocity }, drift)
    }

    /// What Simbody adds to the acceleration across a joint that is not of its motion; see [`Joint::mobilities`].
    fn departure(
        &self,
        model: &Model,
        kinematics: &Kinematics<T>,
        index: usize,
        joint: &Joint,
    ) -> Option<Motion<T>> {
        let steps = &model.steps[index];
        let moved =
            |slot: usize| kinematics.slots[slot].angular.scaled(self.rates[model.slot_coordinate[slot]]);
        // The slots of a reversed joint are minus those of its motion: of two factors that leaves none.
        let sign = T::lift(if steps.reversed { -1.0 } else { 1.0 });
        let angular = steps.departure.as_ref()?.angular(moved).scaled(sign);
        Some(Motion { angular, linear: kinematics.center(joint).cross(angular) })
    }

    /// What Simbody adds to the acceleration of every body that is not of the motion, at zero accelerations of the
    /// coordinates; none where it adds nothing. After [`Dynamics::update_velocities`].
    pub(crate) fn departures(&mut self, model: &Model, kinematics: &Kinematics<T>) -> Option<&[Motion<T>]> {
        if model.steps.iter().all(|steps| steps.departure.is_none()) {
            return None;
        }
        for (index, joint) in model.joints.iter().enumerate() {
            let own = self.departure(model, kinematics, index, joint).unwrap_or_else(Motion::zero);
            self.accelerations[joint.child] = self.accelerations[joint.parent].plus(&own);
        }
        Some(&self.accelerations)
    }

    /// Generalised forces (N·m or N) that move the model with accelerations `qdd` against gravity and
    /// the `external` wrenches, one a body: `tau = M q̈ + C − gravity − external`.
    pub fn inverse_dynamics(
        &mut self,
        model: &Model,
        kinematics: &Kinematics<T>,
        qdd: &[T],
        external: &[Wrench<T>],
        tau: &mut [T],
    ) {
        for (index, joint) in model.joints.iter().enumerate() {
            let body = joint.child;
            let mut acceleration = self.accelerations[joint.parent].plus(&self.joint_drifts[body]);
            for slot in model.slots[index].clone() {
                kinematics.to_degrees(model, model.slot_coordinate[slot], |i, gain| {
                    acceleration = acceleration.plus(&kinematics.slots[slot].scaled(gain * qdd[i]));
                });
            }
            self.accelerations[body] = acceleration;
            let (velocity, inertia) = (self.velocities[body], &self.inertias[body]);
            let momentum = inertia.momentum(&velocity);
            let mut wrench = inertia.momentum(&acceleration);
            wrench.force += velocity.angular.cross(momentum.force);
            wrench.moment += velocity.angular.cross(momentum.moment) + velocity.linear.cross(momentum.force);
            self.wrenches[body] = wrench + -self.weight(body) + -external[body];
        }
        self.gather(model, kinematics, tau);
    }

    /// Generalised forces of gravity.
    pub fn gravity_forces(&mut self, model: &Model, kinematics: &Kinematics<T>, out: &mut [T]) {
        for body in 1..model.bodies.len() {
            self.wrenches[body] = self.weight(body);
        }
        self.gather(model, kinematics, out);
    }

    fn weight(&self, body: usize) -> Wrench<T> {
        let (inertia, gravity) = (&self.inertias[body], self.gravity.lift());
        Wrench { force: gravity * inertia.mass, moment: inertia.first.cross(gravity) }
    }

    /// Sums the wrenches up the tree into generalised forces.
    fn gather(&mut self, model: &Model, kinematics: &Kinematics<T>, out: &mut [T]) {
        self.by_coordinate.fill(T::zero());
        for (joint, slots) in model.joints.iter().zip(&model.slots).rev() {
            let subtree = self.wrenches[joint.child];
            for slot in slots.clone() {
                self.by_coordinate[model.slot_coordinate[slot]] += kinematics.slots[slot].power(&subtree);
            }
            if joint.parent > 0 {
                self.wrenches[joint.parent] += subtree;
            }
        }
        out.fill(T::zero());
        for (coordinate, force) in self.by_coordinate.iter().enumerate() {
            kinematics.to_degrees(model, coordinate, |i, gain| out[i] += *force * gain);
        }
    }

    /// Mass matrix, row by row, [`Model::dof`] squared.
    pub fn mass_matrix(&mut self, model: &Model, kinematics: &Kinematics<T>, out: &mut [T]) {
        let n = model.dof();
        out.fill(T::zero());
        self.composites.copy_from_slice(&self.inertias);
        for (index, joint) in model.joints.iter().enumerate().rev() {
            let composite = self.composites[joint.child];
            for slot in model.slots[index].clone() {
                let momentum = composite.momentum(&kinematics.slots[slot]);
                let mut add = |other: usize| {
                    let entry = kinematics.slots[other].power(&momentum);
                    kinematics.to_degrees(model, model.slot_coordinate[slot], |i, gain| {
                        kinematics.to_degrees(model, model.slot_coordinate[other], |j, other_gain| {
                            let term = entry * gain * other_gain;
                            out[i * n + j] += term;
                            if other != slot {
                                out[j * n + i] += term;
                            }
                        });
                    });
                };
                (model.slots[index].start..=slot).for_each(&mut add);
                let mut body = joint.parent;
                while body > 0 {
                    model.slots[body - 1].clone().for_each(&mut add);
                    body = model.joints[body - 1].parent;
                }
            }
            if joint.parent > 0 {
                self.composites[joint.parent] = self.composites[joint.parent].plus(&composite);
            }
        }
    }

    /// What `body`'s joint transmits to it, as of the last [`Dynamics::inverse_dynamics`]: the wrench that moves
    /// the body and everything beyond it as they move, less the external wrenches on them.
    pub fn transmitted(&self, body: usize) -> Wrench<T> {
        self.wrenches[body]
    }

    /// Spatial acceleration of a body as of the last [`Dynamics::inverse_dynamics`]: the time derivative of its
    /// velocity at the ground origin.
    pub fn acceleration(&self, body: usize) -> Motion<T> {
        self.accelerations[body]
    }

    /// Spatial velocity of a body, at the ground origin.
    pub fn velocity(&self, body: usize) -> Motion<T> {
        self.velocities[body]
    }

    /// Spatial velocity of every body, at the ground origin.
    pub fn velocities(&self) -> &[Motion<T>] {
        &self.velocities
    }

    /// Rate of every coordinate.
    pub(crate) fn rates(&self) -> &[T] {
        &self.rates
    }

    /// Kinetic energy, J.
    pub fn kinetic_energy(&self) -> T {
        let mut sum = T::zero();
        for (velocity, inertia) in self.velocities.iter().zip(&self.inertias) {
            sum += velocity.power(&inertia.momentum(velocity));
        }
        sum * 0.5
    }

    /// Potential energy of gravity, J; zero with everything at the ground origin.
    pub fn potential_energy(&self) -> T {
        let mut sum = T::zero();
        for inertia in &self.inertias {
            sum -= inertia.first.dot(self.gravity.lift());
        }
        sum
    }

    /// Momentum of the whole model.
    pub fn momentum(&self) -> Momentum<T> {
        let mut sum = Wrench::zero();
        for (velocity, inertia) in self.velocities.iter().zip(&self.inertias) {
            sum += inertia.momentum(velocity);
        }
        Momentum { linear: sum.force, angular: sum.moment }
    }

    /// Velocity of the centre of mass of the whole model, m/s.
    pub fn center_of_mass_velocity(&self, model: &Model) -> Vec3<T> {
        self.momentum().linear * (1.0 / model.mass())
    }
}
