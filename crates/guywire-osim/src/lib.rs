//! OpenSim files to and from engine models and tables. Knows no person and opens no file: bytes in, bytes out.
//!
//! ```text
//! bytes ─▶ xml::Document ─▶ upgrade ─▶ read ─▶ Description ─▶ build ─▶ engine models
//!                 ▲                                │
//!                 └── scaling and writing edit the document; what is not understood stays in it
//! ```

pub mod angles;
pub mod build;
pub mod control_set;
pub mod description;
pub mod external_loads;
pub mod inclusion;
pub mod mesh;
pub mod model;
pub mod names;
mod number;
pub mod read;
pub mod report;
pub mod table;
pub mod upgrade;
pub mod write;
pub mod xml;

pub use description::Description;
pub use model::OsimModel;
pub use read::{ReadError, ReadOptions};
pub use report::ImportReport;
