//! How a command ends that is no failure.

/// How a command that ran to its end came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// As it should.
    Done,
    /// A required row of the validation is outside.
    Outside,
    /// A position of a report has no equilibrium.
    Unsolved,
    /// The goals of a plan are out of reach.
    OutOfReach,
}
