//! The static balance of all forces at a pose, and everything that depends on the pose alone.
//!
//! ```text
//! b(q, a, λ, τ) = gravity + loads + ligaments + τ_passive(q) + τ + Rᵀ(q) F(q, a) + J_cᵀ(q) λ + Jᵀ(q) μ
//! ```
//!
//! With activations, contact and constraint forces held, every term has a potential, so `∂b/∂q` is symmetric and the
//! derivative of `ν·b` along the pose is the directional derivative of `b` along `ν`: one evaluation
//! with dual numbers gives it exactly.

use super::Settings;
use super::loops::Loops;
use crate::force::ElasticMemory;
use crate::kinematics::{Kinematics, Motion};
use crate::path::{MomentArms, Route, Unsettled};
use crate::system::System;
use crate::task::{Load, Task};
use guywire_math::{BoxQp, Dual, Real, Vec3, Wrench};

/// Directions of the pyramid that stands for a friction cone.
pub(crate) const PYRAMID: usize = 4;

/// Sine of the angle to the side below which a surface faces sideways.
const SIDEWAYS: f64 = 1e-6;

/// Edges of a contact's friction pyramid in ground; each carries a force that is not negative.
pub(crate) fn edges(task: &Task, contact: usize) -> [Vec3<f64>; PYRAMID] {
    let contact = &task.contacts[contact];
    let n = task.supports[contact.support].normal;
    let [forward, side] = tangents(n);
    let mu = contact.friction;
    [n + forward * mu, n - forward * mu, n + side * mu, n - side * mu]
}

/// Two tangents of a surface with this unit normal: one in the sagittal plane, one to the side; of a surface that faces sideways, one
/// forward and one up.
fn tangents(normal: Vec3<f64>) -> [Vec3<f64>; 2] {
    let side = Vec3::new(0.0, 0.0, 1.0);
    let across = normal.cross(side);
    if normal.z == 0.0 {
        return [across * (-1.0 / across.norm()), side];
    }
    // Nearly along the side, nothing is across both.
    let across = if across.norm() > SIDEWAYS { across } else { normal.cross(Vec3::new(0.0, 1.0, 0.0)) };
    let forward = across * (-1.0 / across.norm());
    [forward, normal.cross(forward)]
}

/// Force of a contact in ground, from the forces along all edges of all contacts.
pub(crate) fn contact_force(task: &Task, contact: usize, along: &[f64]) -> Vec3<f64> {
    let along = &along[PYRAMID * contact..][..PYRAMID];
    edges(task, contact).iter().zip(along).fold(Vec3::zero(), |sum, (edge, f)| sum + *edge * *f)
}

/// Where forces stand: muscles, edges of contacts and actuators, which share the load; then constraints.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Layout {
    muscles: usize,
    edges: usize,
    actuators: usize,
}

impl Layout {
    pub fn of(system: &System, task: &Task) -> Self {
        let (muscles, actuators) = (system.muscles.len(), system.actuators.len());
        Self { muscles, edges: PYRAMID * task.contacts.len(), actuators }
    }
    pub fn muscles(self, z: &[f64]) -> &[f64] {
        &z[..self.muscles]
    }
    pub fn edges(self, z: &[f64]) -> &[f64] {
        &z[self.muscles..][..self.edges]
    }
    pub fn actuators(self, z: &[f64]) -> &[f64] {
        &z[self.muscles + self.edges..][..self.actuators]
    }
    pub fn constraints(self, physical: &[f64]) -> &[f64] {
        &physical[self.muscles + self.edges + self.actuators..]
    }
}

/// Memory for one evaluation of the balance.
#[derive(Clone, Debug)]
pub(crate) struct Scratch<T> {
    pub kinematics: Kinematics<T>,
    pub wrenches: Vec<Wrench<T>>,
    pub force: Vec<T>,
    /// Which muscles are asked, if not all: those that cannot move what is free say nothing.
    pub asked: Option<Vec<bool>>,
    route: Route<T>,
    elastic: Option<ElasticMemory<T>>,
}

impl<T: Real> Scratch<T> {
    pub fn new(system: &System) -> Self {
        Self {
            kinematics: Kinematics::new(&system.model),
            wrenches: vec![Wrench::zero(); system.model.bodies().len()],
            force: vec![T::zero(); system.model.dof()],
            asked: None,
            route: Route::new(),
            elastic: system.elastic.as_ref().map(|e| e.memory(&system.model)),
        }
    }

    /// Wrenches of everything but muscles and contacts, at the pose already set.
    pub fn passive_wrenches(&mut self, system: &System, task: &Task) {
        let (bodies, wrenches) = (&self.kinematics.bodies, &mut self.wrenches);
        for (pose, (body, wrench)) in bodies.iter().zip(system.model.bodies().iter().zip(wrenches.iter_mut()))
        {
            let weight = task.gravity * body.mass;
            *wrench = Wrench::at(pose.point(body.center_of_mass.lift()), weight.lift());
        }
        for load in &task.loads {
            for_each_load(load, bodies, |body, wrench| wrenches[body] += wrench);
        }
        for ligament in &system.ligaments {
            ligament.add_wrenches(bodies, wrenches);
        }
        if let (Some(elastic), Some(memory)) = (&system.elastic, &mut self.elastic) {
            elastic.add_wrenches(&self.kinematics, memory, wrenches);
        }
    }

    /// Adds the passive forces along coordinates at the pose of the last [`Scratch::passive_wrenches`].
    fn add_passive_moments(&mut self, system: &System, q: &[T], stiffening: &[f64]) {
        system.add_passive_moments(q, stiffening, &mut self.force);
        if let (Some(elastic), Some(memory)) = (&system.elastic, &mut self.elastic) {
            elastic.add_along_coordinates(&system.model, &self.kinematics, memory, &mut self.force);
        }
    }

    /// The whole balance at pose `q` with activations, contact and constraint forces held.
    pub fn balance(&mut self, system: &System, task: &Task, q: &[T], z: &[f64], stiffening: &[f64]) {
        self.kinematics.update(&system.model, q);
        self.passive_wrenches(system, task);
        let layout = Layout::of(system, task);
        let wrenches = &mut self.wrenches;
        let tension = |m: usize, length: T| {
            let state = system.muscles[m].parameters.rigid_tendon(length);
            state.active_multiplier * z[m] + state.passive_force
        };
        let asked = self.asked.as_deref();
        let wanted = |m: usize| asked.is_none_or(|asked| asked[m]);
        system.paths.add_wrenches_of(wanted, &self.kinematics, &mut self.route, wrenches, tension);
        for (k, contact) in task.contacts.iter().enumerate() {
            let force = contact_force(task, k, layout.edges(z));
            let center = self.kinematics.bodies[contact.body].point(contact.center.lift());
            wrenches[contact.body] += Wrench::at(center, force.lift());
        }
        system.add_constraint_wrenches(&self.kinematics, layout.constraints(z), wrenches);
        self.force.fill(T::zero());
        self.kinematics.generalized_forces(&system.model, wrenches, &mut self.force);
        let (route, force) = (&mut self.route, &mut self.force);
        let at = (&system.model, &self.kinematics);
        system.paths.add_moving_forces_of(wanted, at, route, force, tension);
        self.add_passive_moments(system, q, stiffening);
        for (actuator, value) in system.actuators.iter().zip(layout.actuators(z)) {
            self.force[actuator.degree] += T::lift(*value);
        }
        for (kept, own) in system.constraint_forces(layout.constraints(z)) {
            kept.constraint.add_along_degrees(&system.model, &self.kinematics, own, &mut self.force);
        }
    }
}

/// The wrenches of a load on the bodies.
pub(crate) fn for_each_load<T: Real>(
    load: &Load,
    bodies: &[guywire_math::Pose<T>],
    mut each: impl FnMut(usize, Wrench<T>),
) {
    match load {
        Load::Force { body, point, force, .. } => {
            each(*body, Wrench::at(bodies[*body].point(point.lift()), force.lift()));
        }
        Load::Push { from, to, force, .. } => {
            let (a, b) = (bodies[from.0].point(from.1.lift()), bodies[to.0].point(to.1.lift()));
            let along = b - a;
            let push = Wrench::at(b, along.scaled(T::lift(*force) / along.norm()));
            each(to.0, push);
            each(from.0, -push);
        }
    }
}

/// What a muscle can do at a length, with slopes along its path length.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct MuscleAtLength {
    /// Force per unit activation, N.
    pub active: f64,
    /// Passive force, N.
    pub passive: f64,
    /// Passive tension at the price of the same force made actively: `F_pas / max(F_act, floor F_max)`.
    pub strain_price: f64,
    /// Slope of `strain_price` along the path, 1/m.
    pub strain_price_slope: f64,
    /// Fibre length over optimal.
    pub norm_fiber_length: f64,
}

/// Everything at a pose that the load sharing needs.
#[derive(Clone, Debug)]
pub(crate) struct AtPose {
    pub scratch: Scratch<f64>,
    pub arms: MomentArms<f64>,
    pub muscles: Vec<MuscleAtLength>,
    pub qp: BoxQp,
    pub loops: Loops,
    jacobian: Vec<Motion<f64>>,
}

impl AtPose {
    pub fn new(system: &System) -> Self {
        Self {
            scratch: Scratch::new(system),
            arms: system.paths.moment_arms(),
            muscles: vec![MuscleAtLength::default(); system.muscles.len()],
            qp: BoxQp::default(),
            loops: Loops::default(),
            jacobian: vec![Motion::zero(); system.model.dof()],
        }
    }

    /// Moves to `q` and sets up the load sharing there.
    pub fn update(
        &mut self,
        system: &System,
        task: &Task,
        settings: &Settings,
        q: &[f64],
        stiffening: &[f64],
    ) -> Result<(), Unsettled> {
        let Scratch { kinematics, .. } = &mut self.scratch;
        kinematics.update(&system.model, q);
        system.paths.update(&system.model, kinematics, &mut self.arms)?;
        self.scratch.passive_wrenches(system, task);
        let Scratch { kinematics, wrenches, force, .. } = &mut self.scratch;
        force.fill(0.0);
        kinematics.generalized_forces(&system.model, wrenches, force);
        self.scratch.add_passive_moments(system, q, stiffening);
        let Scratch { kinematics, force, .. } = &self.scratch;
        let qp = &mut self.qp;
        qp.clear(system.model.dof(), settings.balance_stiffness);
        qp.constant.copy_from_slice(force);
        let total: f64 = system.muscles.iter().map(|m| m.volume).sum();
        for (m, muscle) in system.muscles.iter().enumerate() {
            let state = muscle.parameters.rigid_tendon(Dual::<1>::variable(self.arms.lengths[m], 0));
            let floor = settings.strain_price_floor * muscle.parameters.max_isometric_force;
            let price = state.passive_force / state.active_multiplier.max(Dual::lift(floor));
            let at = &mut self.muscles[m];
            *at = MuscleAtLength {
                active: state.active_multiplier.value,
                passive: state.passive_force.value,
                strain_price: price.value,
                strain_price_slope: price.slope[0],
                norm_fiber_length: state.norm_fiber_length.value,
            };
            for k in system.paths.row(m) {
                let (degree, arm) = (system.paths.columns()[k], self.arms.values[k]);
                qp.constant[degree] += arm * at.passive;
                qp.index.push(degree);
                qp.value.push(arm * at.active);
            }
            // (a + κ p)² = a² + 2 κ p a + κ² p², the last of which does not depend on a.
            let weight = 2.0 * settings.effort * muscle.volume / total;
            let linear = weight * (settings.strain_price * at.strain_price + settings.linear_effort);
            qp.push(weight, linear, muscle.floor, muscle.ceiling.max(muscle.floor));
        }
        let weight = 2.0 * settings.contact_price;
        let body_weight = (system.model.mass() * task.gravity.norm()).max(1.0);
        let mut previous = usize::MAX;
        for (k, contact) in task.contacts.iter().enumerate() {
            if contact.body != previous {
                self.jacobian.fill(Motion::zero());
                kinematics.add_jacobian(&system.model, contact.body, &mut self.jacobian);
                previous = contact.body;
            }
            let center = kinematics.bodies[contact.body].point(contact.center);
            for edge in edges(task, k) {
                let wrench = Wrench::at(center, edge);
                for (degree, motion) in self.jacobian.iter().enumerate() {
                    let power = motion.power(&wrench);
                    if power != 0.0 {
                        qp.index.push(degree);
                        // Unknowns in body weights, so that all are of order one.
                        qp.value.push(power * body_weight);
                    }
                }
                qp.push(weight, 0.0, 0.0, f64::MAX);
            }
        }
        for actuator in &system.actuators {
            // In units of the price, so that the cost is the unknown squared.
            qp.index.push(actuator.degree);
            qp.value.push(actuator.price);
            qp.push(2.0, 0.0, actuator.least / actuator.price, actuator.greatest / actuator.price);
        }
        self.loops.update(system, kinematics, qp);
        Ok(())
    }

    /// Unknowns of the load sharing (contact forces in body weights, actuators in prices) to activations,
    /// newtons and newton-metres; then the forces of the constraints.
    pub fn physical(&mut self, system: &System, task: &Task, z: &[f64], out: &mut Vec<f64>) {
        let body_weight = (system.model.mass() * task.gravity.norm()).max(1.0);
        let layout = Layout::of(system, task);
        out.clear();
        out.extend_from_slice(layout.muscles(z));
        out.extend(layout.edges(z).iter().map(|v| v * body_weight));
        out.extend(layout.actuators(z).iter().zip(&system.actuators).map(|(v, a)| v * a.price));
        self.loops.add_forces(z, out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::task::{Contact, Support};

    /// Whichever way a surface faces, a wall to the side too, the edges of its friction pyramid push off it, and lie as far from its
    /// normal as friction allows.
    #[test]
    fn pyramids_stand_on_surfaces_that_face_any_way() {
        let oblique = Vec3::new(0.3, 0.4, libm::sqrt(0.75));
        let nearly = Vec3::new(1e-9, 0.0, 1.0);
        let [forward, up, side] =
            [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]].map(|[x, y, z]| Vec3::new(x, y, z));
        for normal in [up, -up, forward, side, -side, oblique, nearly] {
            let contact = Contact {
                support: 0,
                body: 0,
                center: Vec3::new(0.0, 0.0, 0.0),
                radius: 0.0,
                friction: 0.6,
                touching: true,
            };
            let task = Task {
                name: "wall".into(),
                gravity: Vec3::new(0.0, -9.81, 0.0),
                supports: vec![Support { name: "wall".into(), normal, offset: 0.0 }],
                contacts: vec![contact],
                loads: Vec::new(),
                conditions: Vec::new(),
                aims: Vec::new(),
                start: Vec::new(),
            };
            let edges = edges(&task, 0);
            for (k, edge) in edges.iter().enumerate() {
                assert!((edge.dot(normal) - 1.0).abs() < 1e-8, "{normal:?}: {edge:?}");
                assert!(((*edge - normal).norm() - 0.6).abs() < 1e-8, "{normal:?}: {edge:?}");
                let opposite = *edge + edges[k ^ 1] - normal * 2.0;
                assert!(opposite.norm() < 1e-12, "{normal:?}: {edge:?}");
            }
            let across = (edges[0] - edges[1]).dot(edges[2] - edges[3]);
            assert!(across.abs() < 1e-8, "{normal:?}: {across}");
        }
    }
}
