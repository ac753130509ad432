//! The greatest force on a hip while something of a week is done.

use crate::body::ReferenceBody;
use crate::posture::Positions;
use crate::week::{self, Activities, Schedule, WeekError};

/// Over body weight, of the reference body, on the hip and in the scene in which it is greatest.
pub(super) fn peak_hip_force(
    reference: &ReferenceBody,
    positions: &Positions,
    activity: &str,
) -> Result<f64, WeekError> {
    let schedule = Schedule::hour(&Activities::read()?, activity, None)?;
    let told = week::told(&reference.unscaled()?, positions, &schedule)?;
    Ok(told.activities.iter().flat_map(|a| a.greatest_hip_force_bw).fold(f64::NAN, f64::max))
}
