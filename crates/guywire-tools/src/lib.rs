//! Whole motions through a model: scale, inverse kinematics, inverse dynamics, static optimisation, joint
//! reactions, analysis, forward dynamics. Bytes and tables in, tables out; opens no file.

pub mod analysis_setup;
pub mod analyze;
pub mod error;
pub mod external_loads;
pub mod fd;
pub mod id;
pub mod ik;
pub mod jr;
pub mod motion;
pub mod scale;
pub mod setup;
pub mod so;
mod states;
pub mod tasks;

pub use error::ToolError;
pub use motion::Motion;
