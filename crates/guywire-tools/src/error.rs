//! Why a tool cannot run.

/// Why a tool cannot run; an infeasible frame is a result, not an error.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ToolError {
    /// Coordinates over time that cannot be used.
    #[error(transparent)]
    Motion(#[from] crate::motion::MotionError),
    /// Loads from outside that cannot be used.
    #[error(transparent)]
    ExternalLoads(#[from] crate::external_loads::ExternalLoadsError),
    /// A motion that cannot follow its markers.
    #[error(transparent)]
    InverseKinematics(#[from] crate::ik::IkError),
    /// A model that cannot be scaled.
    #[error(transparent)]
    Scale(#[from] crate::scale::ScaleError),
    /// A setup file that cannot be understood.
    #[error(transparent)]
    Setup(#[from] crate::setup::SetupError),
    /// A forward simulation that cannot start or go on.
    #[error(transparent)]
    Forward(#[from] crate::fd::FdError),
    /// The model cannot be built.
    #[error(transparent)]
    Build(#[from] guywire_osim::build::BuildError),
    /// A path whose line over a surface was not found.
    #[error("the line of path `{path}` over its surfaces was not found at {time} s")]
    Path {
        /// The path.
        path: String,
        /// s.
        time: f64,
    },
    /// A search that did not end.
    #[error("at {time} s: {what}")]
    Search {
        /// What it says.
        what: String,
        /// s.
        time: f64,
    },
    /// A name that the model does not have.
    #[error("{what} names `{name}`, which the model does not have{}", nearest_suffix(.nearest))]
    Unknown {
        /// Which setting.
        what: String,
        /// The name.
        name: String,
        /// The nearest name that exists.
        nearest: Option<String>,
    },
    /// A setting out of its range.
    #[error("{field} is {value}; expected {expected}")]
    Setting {
        /// Which setting.
        field: &'static str,
        /// What it is.
        value: String,
        /// What it may be.
        expected: &'static str,
    },
    /// No frame lies in the window.
    #[error("no frame lies between {start} s and {end} s; the motion runs from {first} s to {last} s")]
    EmptyWindow {
        /// s.
        start: f64,
        /// s.
        end: f64,
        /// s.
        first: f64,
        /// s.
        last: f64,
    },
    /// A number that is not finite where it must be.
    #[error("{what} is not finite at {time} s")]
    NotFinite {
        /// Which result.
        what: String,
        /// s.
        time: f64,
    },
}

pub(crate) fn nearest_suffix(nearest: &Option<String>) -> String {
    nearest.as_ref().map_or_else(String::new, |name| format!("; the nearest name is `{name}`"))
}

/// The name with the fewest letters to change, if fewer than half of them.
pub(crate) fn nearest<'a>(name: &str, names: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let below_half = name.chars().count().saturating_sub(1) / 2;
    guywire_osim::names::nearest(names, below_half, |other| strsim::levenshtein(other, name))
        .map(str::to_owned)
}
