//! What a position needs on another model than the built-in body: parts that nothing moves are held, arms hang.

use crate::body::{Body, Others, Role};
use guywire_engine::Kinematics;
use guywire_engine::task::{Condition, Task};

/// Rounds and steps in the search for hanging arms; an arm has few degrees of freedom and one valley.
const ROUNDS: usize = 30;

/// Adds what holds the parts that nothing moves; the arms hang when the thorax leans forward by `hanging` (rad),
/// and lie as the model has them otherwise.
pub(super) fn hold(body: &Body, others: &Others, hanging: Option<f64>, task: &mut Task) {
    let model = &body.system.model;
    let mut pose = model.default_pose();
    if let Some(inclination) = hanging {
        hang(body, others, inclination, &mut pose);
    }
    for &(degree, _) in &others.arms {
        task.start[degree] = pose[degree];
        task.conditions.push(Condition::Degree { degree, value: pose[degree] });
    }
    for &degree in others.held.iter().chain(&others.still) {
        task.conditions.push(Condition::Degree { degree, value: task.start[degree] });
    }
    for &(degree, of, factor) in &others.shares {
        task.conditions.push(Condition::Ratio { degree, of, factor });
    }
}

/// Moves the arms to where their weight is lowest, within the coordinates' ranges.
fn hang(body: &Body, others: &Others, inclination: f64, pose: &mut [f64]) {
    let model = &body.system.model;
    let mut leaning = pose.to_vec();
    if let Ok(Role { degree: Some(tilt), sign, .. }) = body.role("pelvis_tilt") {
        // The pelvis counts backwards, the inclination forwards.
        leaning[tilt] = -sign * inclination;
    }
    let mut kinematics = Kinematics::new(model);
    let mut height = |q: &[f64]| {
        kinematics.update(model, q);
        kinematics.center_of_mass(model).y
    };
    let mut step = 0.5;
    for _ in 0..ROUNDS {
        let before = height(&leaning);
        for &(degree, [low, high]) in &others.arms {
            let here = leaning[degree];
            let mut best = (height(&leaning), here);
            for trial in [here - step, here + step] {
                leaning[degree] = trial.clamp(low, high);
                let now = height(&leaning);
                // An angle that lifts nothing, such as that of the hand about its own axis, stays.
                if now < best.0 - 1e-9 {
                    best = (now, leaning[degree]);
                }
            }
            leaning[degree] = best.1;
        }
        if before - height(&leaning) < 1e-7 {
            step *= 0.5;
        }
    }
    for &(degree, _) in &others.arms {
        pose[degree] = leaning[degree];
    }
}
