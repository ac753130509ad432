//! A model with its tissues: everything about the body that does not depend on the position.

use crate::constraint::Constraint;
use crate::force::Elastic;
use crate::muscle::MuscleParameters;
use crate::passive::{Ligament, PassiveMoment, PreloadEffect};
use crate::path::Route;
use crate::{Kinematics, Model, PathSet};
use guywire_math::{Real, Vec3, Wrench};

/// A muscle as the equilibrium sees it.
#[derive(Clone, Debug)]
pub struct Muscle {
    /// Name, for messages.
    pub name: String,
    /// Force–length properties.
    pub parameters: MuscleParameters,
    /// Weight of its effort: volume as maximal force × optimal fibre length of the healthy muscle, N·m.
    pub volume: f64,
    /// Least activation (tone).
    pub floor: f64,
    /// Greatest activation (1, less under reciprocal inhibition).
    pub ceiling: f64,
}

/// An ideal moment (or force) on a degree of freedom, whatever its speed: a motor of a model without muscles
/// there, or what holds a part that no muscle moves.
#[derive(Clone, Debug)]
pub struct Actuator {
    /// Name, for messages.
    pub name: String,
    /// Index in `q`.
    pub degree: usize,
    /// Least value, N·m or N.
    pub least: f64,
    /// Greatest value, N·m or N.
    pub greatest: f64,
    /// Its cost is `(value / price)²`, N·m or N.
    pub price: f64,
}

/// A joint whose compression matters: a spinal level.
#[derive(Clone, Debug)]
pub struct Level {
    /// Name, such as `L4/L5`.
    pub name: String,
    /// Body above the joint.
    pub upper: usize,
    /// Normal of the disc, pointing up, in the frame of the upper body.
    pub normal: Vec3<f64>,
}

/// A constraint that a posture keeps, by forces that cost no effort.
#[derive(Clone, Debug)]
pub struct Kept {
    /// Name, for messages.
    pub name: String,
    /// The constraint.
    pub constraint: Constraint,
}

/// A body ready to be posed.
#[derive(Clone, Debug)]
pub struct System {
    /// The tree of bodies.
    pub model: Model,
    /// What closes loops of the tree or ties bodies and coordinates otherwise.
    pub constraints: Vec<Kept>,
    /// One path a muscle, in the order of `muscles`.
    pub paths: PathSet,
    /// The muscles.
    pub muscles: Vec<Muscle>,
    /// Ideal moments.
    pub actuators: Vec<Actuator>,
    /// Passive moments of the joints.
    pub passives: Vec<PassiveMoment>,
    /// Ligaments.
    pub ligaments: Vec<Ligament>,
    /// Springs, stops, bushings and ligaments of any other law.
    pub elastic: Option<Elastic>,
    /// Spinal levels.
    pub levels: Vec<Level>,
    /// How compression stiffens the spinal segments.
    pub preload: PreloadEffect,
}

impl System {
    /// Generalised forces of all passive tissue at a pose: relaxed muscles, ligaments and joints, without
    /// gravity. N·m or N, positive along each degree of freedom. `compression` of the levels (N) sets the
    /// stiffness of the spinal segments.
    pub fn passive_forces(&self, q: &[f64], compression: &[f64]) -> Vec<f64> {
        let mut kinematics = Kinematics::new(&self.model);
        kinematics.update(&self.model, q);
        let mut wrenches = vec![Wrench::zero(); self.model.bodies().len()];
        let tension = |m: usize, length: f64| self.muscles[m].parameters.rigid_tendon(length).passive_force;
        let mut route = Route::new();
        self.paths.add_wrenches(&kinematics, &mut route, &mut wrenches, tension);
        for ligament in &self.ligaments {
            ligament.add_wrenches(&kinematics.bodies, &mut wrenches);
        }
        let mut memory = self.elastic.as_ref().map(|e| e.memory(&self.model));
        if let (Some(elastic), Some(memory)) = (&self.elastic, &mut memory) {
            elastic.add_wrenches(&kinematics, memory, &mut wrenches);
        }
        let mut force = vec![0.0; q.len()];
        kinematics.generalized_forces(&self.model, &wrenches, &mut force);
        self.paths.add_moving_forces(&self.model, &kinematics, &mut route, &mut force, tension);
        if let (Some(elastic), Some(memory)) = (&self.elastic, &mut memory) {
            elastic.add_along_coordinates(&self.model, &kinematics, memory, &mut force);
        }
        let stiffening: Vec<f64> = compression.iter().map(|&p| self.preload.factor(p)).collect();
        self.add_passive_moments(q, &stiffening, &mut force);
        force
    }

    /// Every constraint with its own part of the forces along all equations.
    pub(crate) fn constraint_forces<'a>(
        &'a self,
        mut forces: &'a [f64],
    ) -> impl Iterator<Item = (&'a Kept, &'a [f64])> {
        self.constraints.iter().map(move |kept| {
            let (own, rest) = forces.split_at(kept.constraint.equations());
            forces = rest;
            (kept, own)
        })
    }

    /// Adds the wrenches of all constraints, with these forces along their equations, to the bodies.
    pub(crate) fn add_constraint_wrenches<T: Real>(
        &self,
        kinematics: &Kinematics<T>,
        forces: &[f64],
        wrenches: &mut [Wrench<T>],
    ) {
        for (kept, own) in self.constraint_forces(forces) {
            kept.constraint.add_wrenches(kinematics, own, wrenches);
        }
    }

    /// Adds the passive moments of the joints (N·m) to `force`; `stiffening` has one factor a level.
    pub(crate) fn add_passive_moments<T: Real>(&self, q: &[T], stiffening: &[f64], force: &mut [T]) {
        for passive in &self.passives {
            let factor = passive.level.map_or(1.0, |l| stiffening[l]);
            force[passive.degree] += passive.at(q[passive.degree], factor);
        }
    }
}
