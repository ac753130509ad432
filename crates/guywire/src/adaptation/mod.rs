//! What weeks do to tissue.

mod exposure;

pub use exposure::{Bout, Deed, DiscBout, Exposure};
