//! Forces of any class as the search for a posture takes them: nothing moves, no time passes, no control acts.
//! What touches ground does so by the position's supports; contact between bodies acts.

use super::{Applied, Force, ForceLaw, Moment};
use crate::kinematics::Motion;
use crate::path::{Path, PathError, Route};
use crate::{Kinematics, Model, PathSet};
use guywire_math::{Real, Wrench};

/// Forces that depend on position alone, with the paths that some of them pull along.
#[derive(Clone, Debug)]
pub struct Elastic {
    forces: Vec<Force>,
    paths: PathSet,
}

/// Memory for [`Elastic`], reused from pose to pose.
#[derive(Clone, Debug)]
pub struct ElasticMemory<T> {
    applied: Applied<T>,
    speeds: Vec<T>,
    velocities: Vec<Motion<T>>,
    lengths: Vec<T>,
    path_speeds: Vec<T>,
    route: Route<T>,
}

impl Elastic {
    /// Of all `forces` those that act and depend on position alone; `paths` are what [`ForceLaw::Path`] counts, of
    /// which only those that such a force pulls along are kept.
    ///
    /// # Errors
    /// When a path is not one of the model.
    pub fn new(
        model: &Model,
        forces: impl IntoIterator<Item = Force>,
        paths: &[Path],
    ) -> Result<Self, PathError> {
        let (mut kept, mut used) = (Vec::new(), Vec::new());
        for mut force in forces.into_iter().filter(|f| f.applies && f.acts_at_rest()) {
            if let ForceLaw::Path { path, .. } = &mut force.law {
                let Some(own) = paths.get(*path) else { continue };
                *path = used.len();
                used.push(own.clone());
            }
            kept.push(force);
        }
        Ok(Self { forces: kept, paths: PathSet::new(model, used)? })
    }

    /// The forces.
    pub fn forces(&self) -> &[Force] {
        &self.forces
    }

    /// Memory for a model.
    pub fn memory<T: Real>(&self, model: &Model) -> ElasticMemory<T> {
        let (coordinates, bodies) = (model.coordinates().len(), model.bodies().len());
        ElasticMemory {
            applied: Applied::new(coordinates, bodies, self.paths.len()),
            speeds: vec![T::zero(); coordinates],
            velocities: vec![Motion::zero(); bodies],
            lengths: vec![T::zero(); self.paths.len()],
            path_speeds: vec![T::zero(); self.paths.len()],
            route: Route::new(),
        }
    }

    /// Adds the forces on the bodies to `wrenches`; what acts along coordinates is left in `memory`.
    pub(crate) fn add_wrenches<T: Real>(
        &self,
        kinematics: &Kinematics<T>,
        memory: &mut ElasticMemory<T>,
        wrenches: &mut [Wrench<T>],
    ) {
        self.add_wrenches_of(&self.forces, kinematics, memory, wrenches);
    }

    /// The same of some of the forces.
    pub(crate) fn add_wrenches_of<T: Real>(
        &self,
        forces: &[Force],
        kinematics: &Kinematics<T>,
        memory: &mut ElasticMemory<T>,
        wrenches: &mut [Wrench<T>],
    ) {
        let ElasticMemory { applied, speeds, velocities, lengths, path_speeds, route } = memory;
        if !self.paths.is_empty() {
            self.paths.add_wrenches(kinematics, route, wrenches, |k, length| {
                lengths[k] = length;
                T::zero()
            });
        }
        applied.clear();
        let moment = Moment {
            time: 0.0,
            coordinates: &kinematics.coordinates,
            speeds,
            bodies: &kinematics.bodies,
            velocities,
            path_lengths: lengths,
            path_speeds,
            controls: &[],
            states: &[],
        };
        for force in forces {
            force.apply(&moment, applied);
        }
        for (sum, own) in wrenches.iter_mut().zip(&applied.bodies) {
            *sum += *own;
        }
        if !self.paths.is_empty() {
            self.paths.add_wrenches(kinematics, route, wrenches, |k, _| applied.tensions[k]);
        }
    }

    /// Adds what acts along coordinates to the forces of the degrees of freedom that move them.
    pub(crate) fn add_along_coordinates<T: Real>(
        &self,
        model: &Model,
        kinematics: &Kinematics<T>,
        memory: &mut ElasticMemory<T>,
        force: &mut [T],
    ) {
        let ElasticMemory { applied, route, .. } = memory;
        self.paths.add_moving_forces(model, kinematics, route, force, |k, _| applied.tensions[k]);
        for (coordinate, along) in applied.coordinates.iter().enumerate() {
            kinematics.to_degrees(model, coordinate, |degree, gain| force[degree] += *along * gain);
        }
    }
}
