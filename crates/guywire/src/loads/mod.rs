//! From an equilibrium to what the discs and hips carry, and who presses how much.
//!
//! The force through a level is minus the sum of all forces on the bodies above it (the bodies that the
//! joint carries): every muscle, body part, support and load has its own share, and the shares add up to
//! the whole. In the frame of the disc (normal `n`, forward `f`, to the right `z`):
//!
//! ```text
//! section    C_s = −Σ F·n,   S_f = Σ F·f,   S_z = Σ F·z
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

use crate::body::{Body, BodyError, RAD};
use crate::results::{Absent, Contribution, ContributionKind, DiscLoad, HipLoad, Side};
use guywire_engine::equilibrium::Solution;
use guywire_engine::reaction::{Source, for_each_wrench, is_inner};
use guywire_engine::{Kinematics, Task};
use guywire_math::Vec3;

/// Share of the posterior ligaments in the flexion moment at full flexion (Adams, Hutton & Stott 1980).
const LIGAMENT_SHARE: f64 = 0.71;
/// Moment at which the ligaments carry half of that share, N·m (assumed: they tighten after about a third of
/// the range, whose end is at 10 N·m in vitro).
const HALF_SHARE_MOMENT: f64 = 3.0;
/// Lever arm of the posterior ligaments about the middle of the disc, m (assumed).
const LIGAMENT_LEVER: f64 = 0.040;

/// Bodies whose weight is told as one part of the body.
fn part_of(body: &str) -> &'static str {
    match body {
        "thorax" => "weight of chest, head and arms",
        b if b.starts_with("lumbar") => "weight of the belly",
        "pelvis" | "sacrum" => "weight of the pelvis",
        _ => "weight of the legs",
    }
}

struct Share {
    source: String,
    kind: ContributionKind,
    force: Vec3<f64>,
}

/// Forces on the bodies that hang on `upper`, source by source.
fn shares(
    body: &Body,
    task: &Task,
    solution: &Solution,
    kinematics: &Kinematics<f64>,
    upper: usize,
) -> Vec<Share> {
    let model = &body.system.model;
    let mut shares: Vec<Share> = Vec::new();
    for_each_wrench(&body.system, task, solution, kinematics, |source, on, wrench| {
        if !model.is_in_subtree(on, upper) {
            return;
        }
        let (name, kind) = match source {
            Source::Weight(b) => (part_of(body.part_name(b)).to_owned(), ContributionKind::BodyPart),
            Source::Muscle(m) => {
                let info = &body.muscles[m];
                (format!("{}.{}", info.key, info.side.name()), ContributionKind::Muscle)
            }
            Source::Load(k) => match &task.loads[k] {
                load if is_inner(load) => ("abdominal pressure".to_owned(), ContributionKind::Pressure),
                guywire_engine::task::Load::Force { name, .. } if name.starts_with("arms") => {
                    (part_of("thorax").to_owned(), ContributionKind::BodyPart)
                }
                guywire_engine::task::Load::Force { name, .. }
                | guywire_engine::task::Load::Push { name, .. } => (name.clone(), ContributionKind::Load),
            },
            Source::Contact(k) => {
                let support = &task.supports[task.contacts[k].support];
                (format!("support of the {}", support.name), ContributionKind::Support)
            }
            Source::Elastic => ("springs and ligaments".to_owned(), ContributionKind::Ligament),
            Source::Ligament(k) => (body.system.ligaments[k].name.clone(), ContributionKind::Ligament),
        };
        match shares.iter_mut().find(|s| s.source == name) {
            Some(share) => share.force += wrench.force,
            None => shares.push(Share { source: name, kind, force: wrench.force }),
        }
    });
    shares
}

/// Why another model than the built-in body has no disc loads.
pub(crate) fn absent(body: &Body) -> Option<Absent> {
    let levels = body.system.levels.is_empty();
    levels.then(|| Absent { what: "discs".into(), why: "the model's back has no lumbar discs".into() })
}

/// Loads on the six discs, from T12/L1 down.
pub(crate) fn discs(
    body: &Body,
    task: &Task,
    solution: &Solution,
    kinematics: &Kinematics<f64>,
) -> Result<Vec<DiscLoad>, BodyError> {
    let mut discs = Vec::new();
    for (k, level) in body.system.levels.iter().enumerate().rev() {
        let frame = kinematics.bodies[level.upper].rotation;
        let normal = frame * level.normal;
        let right = frame.column(2);
        let forward = normal.cross(right);
        let shares = shares(body, task, solution, kinematics, level.upper);
        let passive = &body.system.passives[3 * k];
        let stiffening = body.system.preload.factor(solution.compression[k]);
        // The coordinate extends; its passive moment is positive when it resists flexion.
        let moment = passive.at(solution.q[passive.degree], stiffening);
        // Bent forward the posterior ligaments share the moment with the disc, bent backward the facets.
        let shared = LIGAMENT_SHARE * moment.abs() / (moment.abs() + HALF_SHARE_MOMENT);
        let tension = shared * moment.max(0.0) / (LIGAMENT_LEVER * body.size);
        let mut contributions: Vec<Contribution> = shares
            .iter()
            .map(|s| Contribution {
                source: s.source.clone(),
                kind: s.kind,
                compression_n: -s.force.dot(normal),
                anterior_shear_n: s.force.dot(forward),
            })
            .collect();
        contributions.push(Contribution {
            source: "posterior ligaments".into(),
            kind: ContributionKind::Ligament,
            compression_n: tension,
            anterior_shear_n: 0.0,
        });
        contributions.retain(|c| c.compression_n.abs() + c.anterior_shear_n.abs() > 1e-9);
        contributions.sort_by(|a, b| b.compression_n.abs().total_cmp(&a.compression_n.abs()));
        let total = shares.iter().fold(Vec3::zero(), |sum, s| sum + s.force);
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

/// Contact forces of both hips: what passes from the pelvis to the femur.
pub(crate) fn hips(
    body: &Body,
    task: &Task,
    solution: &Solution,
    kinematics: &Kinematics<f64>,
) -> Result<Vec<HipLoad>, BodyError> {
    let weight = body.system.model.mass() * task.gravity.norm();
    Side::BOTH
        .into_iter()
        .map(|side| {
            let name = format!("femur_{}", crate::body::suffix(side));
            let femur = body.part(&name)?;
            let shares = shares(body, task, solution, kinematics, femur);
            let force = shares.iter().fold(Vec3::zero(), |sum, s| sum + s.force).norm();
            Ok(HipLoad { side, contact_force_n: force, contact_force_bw: force / weight })
        })
        .collect()
}
