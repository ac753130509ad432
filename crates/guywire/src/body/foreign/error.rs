//! Why a model cannot be posed.

use super::super::BodyError;
use super::listed;
use guywire_osim::build::BuildError;

/// Most names that a message lists: a wrist has fifty, and nobody reads five hundred.
const LISTED: usize = 60;

/// What is missing, kind by kind.
fn missing(parts: &[(&'static str, String)]) -> String {
    let of = |kind: &str| {
        let names: Vec<String> = parts.iter().filter(|p| p.0 == kind).map(|p| format!("`{}`", p.1)).collect();
        (!names.is_empty()).then(|| format!("{kind} {}", names.join(", ")))
    };
    let kinds: Vec<String> = ["body", "coordinate"].into_iter().filter_map(of).collect();
    kinds.join(", and no ")
}

/// Why a model cannot be posed.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ForeignError {
    /// The description does not make a model.
    #[error(transparent)]
    Build(#[from] BuildError),
    /// A part that the engine refuses.
    #[error(transparent)]
    Body(#[from] BodyError),
    /// Parts that no name of the model is known for.
    #[error(
        "a posture needs a person with pelvis, trunk and two legs, and this model has no {}.\n\
         If it has them by other names, give a file of names (`--names FILE`, or `names` in the `[body]` of a case) with \
         lines such as `thorax = \"upper_trunk\"` under [bodies] or [coordinates].\n\
         Its bodies: {}\nIts coordinates: {}",
        missing(.parts), listed(.bodies, LISTED), listed(.coordinates, LISTED)
    )]
    MissingParts {
        /// What is missing, each with its kind: `body` or `coordinate`.
        parts: Vec<(&'static str, String)>,
        /// Names of the model's bodies.
        bodies: Vec<String>,
        /// Names of the model's coordinates.
        coordinates: Vec<String>,
    },
    /// Joints of the legs that the model locks in another pose than a straight one.
    #[error(
        "the model locks {}, and positions bend these joints; unlock them (`<locked>false</locked>`)",
        .0.join(", ")
    )]
    Locked(Vec<String>),
    /// No muscle moves the legs.
    #[error(
        "no muscle of the model moves its hips, knees or ankles: a posture is the pose that muscles hold with the least \
         effort, and here nothing decides it"
    )]
    NoMuscles,
    /// A name that the user gives and the model does not have.
    #[error("the file of names says `{part} = \"{given}\"`, and the model has no {kind} `{given}`")]
    GivenNotThere {
        /// Body, coordinate or marker.
        kind: &'static str,
        /// The part.
        part: String,
        /// What the user calls it.
        given: String,
    },
    /// A coordinate that does something else than its part.
    #[error(
        "coordinate `{coordinate}` does not turn or slide along the axis of `{role}`; give the right one in a file of names"
    )]
    OtherAxis {
        /// The part.
        role: String,
        /// The model's coordinate.
        coordinate: String,
    },
    /// A segment that no person has.
    #[error(
        "the joint centres of `{from}` and `{to}` lie {ratio:.2} times as far apart as in a man of 1.70 m; are the names right?"
    )]
    Implausible {
        /// A part.
        from: String,
        /// The next part.
        to: String,
        /// Distance over the built-in body's.
        ratio: f64,
    },
    /// Gravity does not point down.
    #[error("gravity is ({x}, {y}, {z}) m/s²; positions need it along −y, as OpenSim's models have it")]
    Gravity {
        /// m/s².
        x: f64,
        /// m/s².
        y: f64,
        /// m/s².
        z: f64,
    },
    /// A pose that is given as upright and cannot be taken.
    #[error("[upright_deg] of the file of names gives `{coordinate}`, which the model {problem}")]
    Upright {
        /// The part.
        coordinate: String,
        /// Why not.
        problem: &'static str,
    },
    /// The table of names is wrong.
    #[error("data/foreign/{0}")]
    Table(String),
}
