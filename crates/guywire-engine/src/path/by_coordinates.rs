//! A path without a line: its length is a function of coordinates (OpenSim's `FunctionBasedPath`).
//!
//! ```text
//! L(q)      r_i = −∂L/∂q_i, or functions of their own
//! ```
//!
//! Tension acts along the coordinates only; no body is pulled anywhere in particular. Moment arms of their own need not be
//! the derivatives of the length; then length, speed and work disagree, as in OpenSim.

use crate::Kinematics;
use crate::joint::Law;
use guywire_math::Real;

/// Length and moment arms as functions of coordinates.
#[derive(Clone, Debug)]
pub struct ByCoordinates {
    /// m.
    pub length: Law,
    /// Moment arm about each coordinate, m or unitless; none where they are the derivatives of the length.
    pub arms: Option<Vec<(usize, Law)>>,
}

impl ByCoordinates {
    /// The coordinates, as often as moment arms are given.
    pub(super) fn coordinates(&self) -> Vec<usize> {
        match &self.arms {
            Some(arms) => arms.iter().map(|(coordinate, _)| *coordinate).collect(),
            None => self.length.coordinates().to_vec(),
        }
    }

    /// All coordinates that anything depends on.
    pub(super) fn names(&self) -> impl Iterator<Item = usize> + '_ {
        let arms = self.arms.iter().flatten();
        let of_arms =
            arms.flat_map(|(coordinate, law)| [*coordinate].into_iter().chain(law.coordinates().to_vec()));
        self.length.coordinates().iter().copied().chain(of_arms)
    }

    /// Whether every function has as many variables as coordinates.
    pub(super) fn is_sound(&self) -> bool {
        self.length.is_sound() && self.arms.iter().flatten().all(|(_, law)| law.is_sound())
    }

    /// Length in m.
    pub(super) fn length<T: Real>(&self, kinematics: &Kinematics<T>) -> T {
        self.length.at(&kinematics.coordinates)
    }

    /// Every coordinate with its moment arm.
    pub(super) fn arms<T: Real>(&self, kinematics: &Kinematics<T>, mut each: impl FnMut(usize, T)) {
        let q = &kinematics.coordinates;
        match &self.arms {
            Some(arms) => arms.iter().for_each(|(coordinate, law)| each(*coordinate, law.at(q))),
            None => {
                for (k, &coordinate) in self.length.coordinates().iter().enumerate() {
                    each(coordinate, -self.length.slope(q, k));
                }
            }
        }
    }
}
