//! From a person's case file to posture, muscle tensions and disc loads.

pub mod adaptation;
pub mod body;
pub mod case;
mod evidence;
pub mod examination;
pub mod exercise;
pub mod fit;
pub mod forecast;
pub mod intervals;
pub mod loads;
pub mod outcomes;
pub mod own_rates;
pub mod plan;
pub mod posture;
pub mod results;
pub mod screening;
pub mod side;
pub mod study;
pub mod validate;
pub mod week;
