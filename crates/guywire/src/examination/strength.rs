//! The largest moment about a joint that the muscles can make at a pose.

use crate::body::{Body, BodyError, Role};
use guywire_engine::Muscle;
use guywire_engine::equilibrium::Rest;

/// N·m along a degree of freedom (`sense` 1) or against it (−1): every muscle that helps active to the share `reached`, the
/// others at their tone, and what passive tissue adds. Muscles do not shorten, and one that would also move a neighbouring
/// joint is held there by the dynamometer's strap. No number for a joint that the body does not have.
pub(super) fn largest_moment(
    body: &Body,
    rest: &Rest,
    degree: &str,
    (sense, reached): (f64, f64),
) -> Result<f64, BodyError> {
    let Role { degree: Some(degree), sign, .. } = body.role(degree)? else { return Ok(f64::NAN) };
    let (system, arms, solution) = (&body.system, &rest.arms, &rest.solution);
    let sense = sense * sign;
    let mut moment = sense * system.passive_forces(&solution.q, &solution.compression)[degree];
    for (m, muscle) in system.muscles.iter().enumerate() {
        let active = muscle.parameters.rigid_tendon(arms.lengths[m]).active_multiplier;
        for k in system.paths.row(m).filter(|&k| system.paths.columns()[k] == degree) {
            let full = sense * arms.values[k] * active;
            moment += full * if full > 0.0 { helping(muscle, reached) } else { muscle.floor };
        }
    }
    Ok(moment)
}

/// Activation of a muscle that helps as far as the person gets; no less than its tone.
pub(super) fn helping(muscle: &Muscle, reached: f64) -> f64 {
    (reached * muscle.ceiling).max(muscle.floor)
}
