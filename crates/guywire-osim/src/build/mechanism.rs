//! All that acts in a model, for static optimisation, joint reactions and forward dynamics.

use super::Built;
use crate::description::{Description, ForceKind};
use guywire_engine::Mechanism;

impl Built {
    /// The same with accelerations that belong to the motion, where OpenSim's do not
    /// ([`Model::with_true_accelerations`](guywire_engine::Model::with_true_accelerations)).
    pub fn with_true_accelerations(self) -> Self {
        let (tree, reduced) = (self.tree.with_true_accelerations(), self.reduced.with_true_accelerations());
        Self { tree, reduced, ..self }
    }

    /// The reduced model with everything that acts in it. Muscles and forces that the file turns off
    /// (`appliesForce`) are there but do nothing.
    pub fn mechanism(&self, description: &Description) -> Mechanism {
        let muscle_applies = description
            .forces
            .iter()
            .filter(|force| matches!(force.kind, ForceKind::Muscle(_)))
            .map(|force| force.applies_force)
            .collect();
        Mechanism {
            model: self.reduced.clone(),
            gravity: self.gravity,
            constraints: self.reduced_constraints.clone(),
            speeds: self.speeds.clone(),
            paths: self.reduced_paths.clone(),
            muscles: self.muscles.clone(),
            muscle_applies,
            forces: self.forces.clone(),
            controls: self.controls.len(),
        }
    }
}
