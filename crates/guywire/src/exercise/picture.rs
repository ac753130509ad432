//! The pose of a phase for drawing.

use super::library::Exercise;
use super::solve::PhaseDone;
use crate::body::{Body, BodyError};
use crate::posture::Settled;
use crate::results::{LeaningArm, PositionResult};
use crate::side::Side;
use guywire_engine::Kinematics;
use guywire_math::Vec3;

/// A hand beside the hips in the frame of the reference body's chest, m: assumed.
const BESIDE: [f64; 3] = [-0.11, -0.31, 0.27];

/// A phase as a position of a report; the person is their own reference.
pub(super) fn drawn(
    body: &Body,
    exercise: &Exercise,
    (title, phase): (&str, &PhaseDone),
) -> Result<PositionResult, BodyError> {
    let mut solved = phase.settled.describe(body, 0.0)?;
    solved.figure.leaning = leaning(body, &phase.settled)?;
    Ok(PositionResult {
        position: exercise.name.clone(),
        title: exercise.title.clone(),
        description: format!("{title}."),
        person: solved.clone(),
        reference: solved,
        causes: Vec::new(),
        reciprocal_inhibition: Vec::new(),
        spread: None,
    })
}

/// Arms that lean on something: bare points of the chest that carries them, elbow before hand. Skin of the chest itself has
/// a radius.
fn leaning(body: &Body, settled: &Settled) -> Result<Vec<LeaningArm>, BodyError> {
    let thorax = body.part("thorax")?;
    let mut kinematics = Kinematics::new(&body.system.model);
    kinematics.update(&body.system.model, &settled.solution.q);
    let arm = |side: Side| {
        let own = |z: f64| if side == Side::Left { z < 0.0 } else { z > 0.0 };
        let bare = |c: &&guywire_engine::task::Contact| c.body == thorax && c.radius == 0.0;
        let contacts = settled.task.contacts.iter().filter(bare).filter(|c| own(c.center.z));
        let points: Vec<[f64; 3]> =
            contacts.map(|c| kinematics.bodies[thorax].point(c.center).to_array()).collect();
        match points.split_last() {
            Some((hand, before)) => Some(LeaningArm { side, elbow_m: before.last().copied(), hand_m: *hand }),
            // Somebody who lies has them along the trunk.
            None => settled.is_lying().then(|| {
                let out = if side == Side::Left { -BESIDE[2] } else { BESIDE[2] };
                let at = Vec3::new(BESIDE[0], BESIDE[1], out) * body.size;
                LeaningArm { side, elbow_m: None, hand_m: kinematics.bodies[thorax].point(at).to_array() }
            }),
        }
    };
    Ok(Side::BOTH.into_iter().filter_map(arm).collect())
}
