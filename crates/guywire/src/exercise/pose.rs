//! From a phase to the posture of one body: what rests comes to rest, what is free is solved, the load is shared.

use super::ExerciseError;
use super::phase::{Phase, expanded};
use crate::body::{Body, RAD};
use crate::examination::named;
use crate::posture::{Positions, Settled};
use crate::side::Side;
use guywire_engine::Task;
use guywire_engine::equilibrium::{Equilibrium, EquilibriumError, Hand, Stop};
use guywire_engine::task::Condition;
use guywire_math::Vec3;

/// How the moment at the end of a stretch goes with the person's strength, as a power: as an examiner's hand does
/// (`examination/pose.rs`).
const STRETCH_WITH_STRENGTH: f64 = 0.5;

/// The degrees of freedom behind names of a phase.
fn degrees(body: &Body, names: &[String], side: Side) -> Result<Vec<usize>, ExerciseError> {
    let mut found = Vec::new();
    for name in names.iter().flat_map(|name| expanded(&named(name, side))) {
        found.extend(body.role(&name)?.degree);
    }
    Ok(found)
}

/// Holds every degree but those in `free` where it starts.
fn hold(task: &mut Task, free: &[usize]) {
    let at = task.start.clone();
    let held = (0..at.len()).filter(|degree| !free.contains(degree));
    task.conditions.extend(held.map(|degree| Condition::Degree { degree, value: at[degree] }));
}

/// A body in a phase of an exercise; without its cue what nobody holds is solved.
pub(super) fn settle(
    body: &Body,
    positions: &Positions,
    (name, phase): (&str, &Phase),
    (side, cued): (Side, bool),
) -> Result<Settled, ExerciseError> {
    let solve = |task: &Task| Equilibrium::new(&body.system, body.settings.clone()).solve(task);
    if let Some(position) = phase.as_listed(side) {
        return Ok(crate::posture::settle(body, positions, &position, None)?);
    }
    let position = phase.pose(name, side).map_err(|problem| ExerciseError::from((name, problem)))?;
    let mut task = positions.task(&position, body).map_err(crate::posture::PostureError::from)?;
    if let Some(relaxed) = &phase.relaxed {
        let free = degrees(body, &relaxed.free, side)?;
        let mut hands = Vec::new();
        if let Some(moment) = &relaxed.moment {
            let size = moment.nm * libm::pow(body.strength, STRETCH_WITH_STRENGTH);
            for degree in degrees(body, std::slice::from_ref(&moment.degree), side)? {
                let stop = moment
                    .stop
                    .map(|[at, nm]| Stop { at: at * RAD, stiffness: nm / (10.0 * RAD * 10.0 * RAD) });
                hands.push(Hand { degree, moment: size, stop });
            }
        }
        task.start = at_rest(body, &task, (&free, relaxed.carried), &hands)?;
    }
    let free = phase.free(side, cued);
    if !free.iter().any(|name| name == "all") {
        hold(&mut task, &degrees(body, &free, side)?);
    }
    let solution = solve(&task)?;
    Ok(Settled::doing(phase.lies(), &position, task, solution))
}

/// The pose in which what is free rests, all else held.
fn at_rest(
    body: &Body,
    task: &Task,
    (free, carried): (&[usize], bool),
    hands: &[Hand],
) -> Result<Vec<f64>, EquilibriumError> {
    let mut resting = Task { contacts: Vec::new(), conditions: Vec::new(), ..task.clone() };
    if carried {
        resting.gravity = Vec3::zero();
    }
    hold(&mut resting, free);
    let rest = Equilibrium::new(&body.system, body.settings.clone()).rest(&resting, hands)?;
    Ok(rest.solution.q)
}
