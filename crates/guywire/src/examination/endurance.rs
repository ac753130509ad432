//! How long a pose is held against gravity.
//!
//! ```text
//! share = (M_gravity − M_rest) / (M_full − M_rest)        t = t₁ share^−p
//! ```
//!
//! `M_rest` is what passive tissue and tone give, `M_full` the moment with every helping muscle as active as people get; `t₁` and `p`
//! stand in the protocol. The law is that of a mean over many studies: among people the same share is held half or twice as
//! long, so that the time says little of one person's strength and no fit uses it.

use super::ExaminationError;
use super::protocol::Holding;
use super::strength::largest_moment;
use crate::body::{Body, Role};
use guywire_engine::equilibrium::Rest;
use guywire_engine::{Dynamics, Kinematics, Task};

/// Least share of which the law is asked: nobody was measured below.
const LEAST_SHARE: f64 = 0.05;

/// Seconds; none at all where the muscles are too weak. No number for a joint that the body does not have.
pub(super) fn holding_time(
    body: &Body,
    (task, rest): (&Task, &Rest),
    degree: &str,
    (sense, reached): (f64, f64),
    holding: &Holding,
) -> Result<f64, ExaminationError> {
    let Role { degree: Some(index), sign, .. } = body.role(degree)? else { return Ok(f64::NAN) };
    let model = &body.system.model;
    let mut kinematics = Kinematics::new(model);
    kinematics.update(model, &rest.solution.q);
    let mut dynamics = Dynamics::new(model, task.gravity);
    dynamics.update(model, &kinematics, &vec![0.0; model.dof()]);
    let mut weight = vec![0.0; model.dof()];
    dynamics.gravity_forces(model, &kinematics, &mut weight);
    let against = -sense * sign * weight[index];
    let idle = largest_moment(body, rest, degree, (sense, 0.0))?;
    let full = largest_moment(body, rest, degree, (sense, reached))?;
    if against >= full {
        return Ok(0.0);
    }
    let share = ((against - idle) / (full - idle)).max(LEAST_SHARE);
    Ok(holding.seconds * libm::pow(share, -holding.power))
}
