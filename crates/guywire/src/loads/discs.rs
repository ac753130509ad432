//! What the discs of the built-in body carry: its ligaments press them beyond the section, and their cross-sections
//! turn force and moment into stress.
//!
//! ```text
//! ligaments  T = s M / d        posterior ligaments, in flexion (s: their share of the moment M)
//! disc       C = C_s + T,   M_d = (1 − s) M
//! nucleus    p = C / (k A)
//! annulus    σ = C/A ± M_d b / I,   I = π a b³/4
//! ```
//!
//! The ligaments pull the vertebrae together behind the disc: bending forward presses it by more than
//! the section carries. `s` = 0.71 at full flexion (Adams, Hutton & Stott 1980: capsules 39 %, supra- and
//! interspinous 19 %, ligamentum flavum 13 %), approached as `M / (M + 3 N·m)` (assumed); `d` is their common
//! lever arm (assumed 40 mm behind the middle of the disc). In extension the facets meet within a few degrees and
//! take the same share (assumed); what they unload the disc by is left out. `k` and `A`: `data/body/tissue.toml`.

use super::{Forces, contributions, sort};
use crate::body::{BodyError, RAD};
use crate::results::{Contribution, ContributionKind, DiscLoad};
use guywire_math::Vec3;

/// Share of the posterior ligaments in the flexion moment at full flexion (Adams, Hutton & Stott 1980).
const LIGAMENT_SHARE: f64 = 0.71;
/// Moment at which the ligaments carry half of that share, N·m (assumed: they tighten after about a third of
/// the range, whose end is at 10 N·m in vitro).
const HALF_SHARE_MOMENT: f64 = 3.0;
/// Lever arm of the posterior ligaments about the middle of the disc, m (assumed).
const LIGAMENT_LEVER: f64 = 0.040;

/// Loads on the six discs, from T12/L1 down.
pub(super) fn discs(forces: &Forces<'_>) -> Result<Vec<DiscLoad>, BodyError> {
    let Forces { body, solution, kinematics, .. } = *forces;
    let mut discs = Vec::new();
    for (k, level) in body.system.levels.iter().enumerate().rev() {
        let frame = kinematics.bodies[level.upper].rotation;
        let normal = frame * level.normal;
        let right = frame.column(2);
        let forward = normal.cross(right);
        let shares = forces.above(level.upper, &|_| false);
        let passive = &body.system.passives[3 * k];
        let stiffening = body.system.preload.factor(solution.compression[k]);
        // The coordinate extends; its passive moment is positive when it resists flexion.
        let moment = passive.at(solution.q[passive.degree], stiffening);
        // Bent forward the posterior ligaments share the moment with the disc, bent backward the facets.
        let shared = LIGAMENT_SHARE * moment.abs() / (moment.abs() + HALF_SHARE_MOMENT);
        let tension = shared * moment.max(0.0) / (LIGAMENT_LEVER * body.size);
        let mut contributions = contributions(&shares, normal, forward);
        contributions.push(Contribution {
            source: "posterior ligaments".into(),
            kind: ContributionKind::Ligament,
            compression_n: tension,
            anterior_shear_n: 0.0,
        });
        sort(&mut contributions);
        let total = shares.iter().fold(Vec3::zero(), |sum, s| sum + s.wrench.force);
        let compression = -total.dot(normal) + tension;
        let disc = body.disc(k)?;
        let bending = (1.0 - shared) * moment * disc.half_depth / disc.second_moment;
        let mean = compression / disc.area;
        discs.push(DiscLoad {
            level: level.name.clone(),
            compression_n: compression,
            anterior_shear_n: total.dot(forward),
            lateral_shear_n: total.dot(right),
            flexion_moment_nm: moment,
            flexion_deg: -(solution.q[passive.degree] - body.neutral[k]) / RAD,
            pressure_mpa: mean / body.constants.disc.pressure_factor * 1e-6,
            anterior_stress_mpa: (mean + bending) * 1e-6,
            posterior_stress_mpa: (mean - bending) * 1e-6,
            contributions,
        });
    }
    Ok(discs)
}
