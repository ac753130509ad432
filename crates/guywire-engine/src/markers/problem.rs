//! What a fit is asked and what it answers.

use guywire_math::Vec3;

/// A marker of the model.
#[derive(Clone, Copy, Debug)]
pub struct MarkerPoint {
    /// Body that carries it.
    pub body: usize,
    /// Position in the body frame, m.
    pub position: Vec3<f64>,
    /// Weight, at least zero.
    pub weight: f64,
}

/// A coordinate that is to have a value.
#[derive(Clone, Copy, Debug)]
pub struct CoordinateTarget {
    /// Index of the coordinate in [`crate::Model::coordinates`].
    pub coordinate: usize,
    /// Weight, at least zero.
    pub weight: f64,
}

/// What one frame shows.
#[derive(Clone, Copy, Debug)]
pub struct Frame<'a> {
    /// s; for constraints that depend on it.
    pub time: f64,
    /// Position in ground of every marker, m; none where it was not seen.
    pub observed: &'a [Option<Vec3<f64>>],
    /// Wanted value of every coordinate target, rad or m.
    pub targets: &'a [f64],
}

/// When the search ends.
#[derive(Clone, Copy, Debug)]
pub struct FitSettings {
    /// Largest change of a degree of freedom in the last step, rad or m.
    pub step_tolerance: f64,
    /// Largest error of a constraint, m or rad.
    pub constraint_tolerance: f64,
    /// Steps after which it gives up.
    pub most_steps: usize,
}

impl Default for FitSettings {
    fn default() -> Self {
        Self { step_tolerance: 1e-9, constraint_tolerance: 1e-10, most_steps: 200 }
    }
}

/// What a search came to.
#[derive(Clone, Copy, Debug)]
pub struct Fit {
    /// The cost E.
    pub cost: f64,
    /// Steps taken.
    pub steps: usize,
    /// Largest change of a degree of freedom in the last step, rad or m.
    pub last_step: f64,
}

/// Why there is no pose.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum FitError {
    /// A marker or target names something that does not exist, or has a weight that is not one.
    #[error(
        "{what} {index} names a body or coordinate that does not exist, or its weight is negative or not finite"
    )]
    Invalid {
        /// `marker` or `coordinate target`.
        what: &'static str,
        /// Its index.
        index: usize,
    },
    /// Lengths of the slices do not fit.
    #[error("expected {expected} {what}, got {got}")]
    Length {
        /// What is counted.
        what: &'static str,
        /// How many there must be.
        expected: usize,
        /// How many there are.
        got: usize,
    },
    /// A number is not finite.
    #[error("{0} is not finite")]
    NotFinite(&'static str),
    /// No pose near the start keeps the constraints.
    #[error("constraint {constraint} is missed by {error:e} (m or rad) at the best pose found")]
    Constraint {
        /// Index among the positional constraints.
        constraint: usize,
        /// m or rad.
        error: f64,
    },
    /// The search did not come to rest.
    #[error(
        "no pose found in {steps} steps: the last moved a coordinate by {last_step:e}; cost {cost:e}, \
         largest marker error {largest_error:.4} m (marker {worst_marker})"
    )]
    Unconverged {
        /// Steps taken.
        steps: usize,
        /// Largest change of a degree of freedom in the last step, rad or m.
        last_step: f64,
        /// The cost E.
        cost: f64,
        /// Index of the marker with the largest error.
        worst_marker: usize,
        /// Its distance from where it was observed, m.
        largest_error: f64,
    },
}
