//! What passes through the lumbar levels of another model: the force and the moment of the whole section.
//!
//! ```text
//! C = −Σ F·n,   S_f = Σ F·f,   S_z = Σ F·z,   M = −Σ (m + (p − c) × F)·z
//! ```
//!
//! over all forces on the bodies above, about the centre `c` of the joint. A bushing across the level is the disc: what it
//! carries is part of the section and not of the sum. `M` is what the muscles leave to disc, ligaments and the joint:
//! what a passive moment of the joint's coordinate, a bushing, a coupling of levels with each other or with other bodies,
//! or what holds a level resists.

use super::{Forces, contributions, sort};
use crate::body::{RAD, SpineLevel};
use crate::results::DiscLoad;
use guywire_engine::reaction::Source;
use guywire_math::{Vec3, Wrench};

/// Loads of the levels from the highest down. What a disc's cross-section would be needed for is not a number.
pub(super) fn sections(forces: &Forces<'_>, spine: &[SpineLevel]) -> Vec<DiscLoad> {
    let kinematics = forces.kinematics;
    let (system, model) = (&forces.body.system, &forces.body.system.model);
    let mut discs = Vec::new();
    for (level, joint) in system.levels.iter().zip(spine).rev() {
        let pose = kinematics.bodies[level.upper];
        let (normal, right) = (pose.rotation * level.normal, pose.rotation * joint.right);
        let forward = normal.cross(right);
        let is_disc = |source: Source| {
            let Source::Elastic(k) = source else { return false };
            let joined = system.elastic.as_ref().and_then(|e| e.forces()[k].joined());
            joined.is_some_and(|[a, b]| {
                model.is_in_subtree(a, level.upper) != model.is_in_subtree(b, level.upper)
            })
        };
        let shares = forces.above(level.upper, &is_disc);
        let total = shares.iter().fold(Wrench::zero(), |mut sum: Wrench<f64>, s| {
            sum += s.wrench;
            sum
        });
        let center = pose.point(joint.center);
        let moment = total.moment - center.cross(total.force);
        let mut contributions = contributions(&shares, normal, forward);
        sort(&mut contributions);
        // The rotation since the trunk was upright, of which forward bending is a turn to the left about the right.
        let relative = kinematics.bodies[joint.lower].rotation.transpose() * pose.rotation;
        let turned = joint.upright.transpose() * relative;
        let skew = Vec3::new(
            turned.rows[2].y - turned.rows[1].z,
            turned.rows[0].z - turned.rows[2].x,
            turned.rows[1].x - turned.rows[0].y,
        );
        let trace = turned.rows[0].x + turned.rows[1].y + turned.rows[2].z;
        let extension = libm::atan2(joint.right.dot(skew), trace - 1.0);
        discs.push(DiscLoad {
            level: level.name.clone(),
            compression_n: -total.force.dot(normal),
            anterior_shear_n: total.force.dot(forward),
            lateral_shear_n: total.force.dot(right),
            flexion_moment_nm: -moment.dot(right),
            flexion_deg: -extension / RAD,
            pressure_mpa: f64::NAN,
            anterior_stress_mpa: f64::NAN,
            posterior_stress_mpa: f64::NAN,
            contributions,
        });
    }
    discs
}
