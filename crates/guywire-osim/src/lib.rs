//! OpenSim files to and from engine models and tables. Knows no person and opens no file: bytes in, bytes out.
//!
//! ```text
//! bytes ─▶ xml::Document ─▶ upgrade ─▶ read ─▶ Description ─▶ build ─▶ engine models
//!                 ▲                                │
//!                 └── scaling and writing edit the document; what is not understood stays in it
//! ```

pub mod build;
pub mod xml;
pub mod description;
pub mod table;

pub use description::Description;
