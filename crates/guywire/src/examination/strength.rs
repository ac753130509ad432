//! The largest moment about a joint that the muscles can make at a pose.

use super::ExaminationError;
use crate::body::Body;
use guywire_engine::Kinematics;
use guywire_engine::equilibrium::Solution;

/// N·m along a degree of freedom (`sense` 1) or against it (−1): every muscle that helps fully active, the others
/// at their tone, and what passive tissue adds. Muscles do not shorten, and one that would also move a neighbouring
/// joint is held there by the dynamometer's strap.
pub(super) fn largest_moment(
    body: &Body,
    solution: &Solution,
    degree: &str,
    sense: f64,
) -> Result<f64, ExaminationError> {
    let system = &body.system;
    let role = body.role(degree)?;
    let Some(degree) = role.degree else { return Ok(f64::NAN) };
    let sense = sense * role.sign;
    let mut kinematics = Kinematics::new(&system.model);
    kinematics.update(&system.model, &solution.q);
    let mut arms = system.paths.moment_arms();
    system.paths.update(&system.model, &kinematics, &mut arms).map_err(crate::body::BodyError::from)?;
    let passive = system.passive_forces(&solution.q, &solution.compression)[degree];
    let mut moment = sense * passive;
    for (m, muscle) in system.muscles.iter().enumerate() {
        let active = muscle.parameters.rigid_tendon(arms.lengths[m]).active_multiplier;
        for k in system.paths.row(m).filter(|&k| system.paths.columns()[k] == degree) {
            let full = sense * arms.values[k] * active;
            moment += full * if full > 0.0 { muscle.ceiling } else { muscle.floor };
        }
    }
    Ok(moment)
}
