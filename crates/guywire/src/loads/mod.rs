//! From an equilibrium to what the discs and hips carry, and who presses how much.
//!
//! The force through a level is minus the sum of all forces on the bodies above it (the bodies that the
//! joint carries): every muscle, body part, support and load has its own share, and the shares add up to
//! the whole. In the frame of the disc (normal `n`, forward `f`, to the right `z`):
//!
//! ```text
//! section    C_s = −Σ F·n,   S_f = Σ F·f,   S_z = Σ F·z
//! ```
//!
//! What the tissue of the built-in body makes of it: `discs.rs`; of another model only the section is told: `section.rs`.

mod discs;
mod section;

use crate::body::{Body, BodyError};
use crate::results::{Absent, Contribution, ContributionKind, DiscLoad, HipLoad, Side};
use guywire_engine::equilibrium::Solution;
use guywire_engine::reaction::{Source, for_each_wrench, is_inner};
use guywire_engine::{Kinematics, Task};
use guywire_math::{Vec3, Wrench};

/// The part of the person whose weight a body's is told as.
fn part_of(body: &Body, of: usize) -> &'static str {
    let model = &body.system.model;
    let above = |part: &str| body.part(part).is_ok_and(|root| model.is_in_subtree(of, root));
    match body.part_name(of) {
        _ if above("thorax") => "weight of chest, head and arms",
        b if b.starts_with("lumbar") || above("lumbar5") => "weight of the belly",
        _ if above("femur_r") || above("femur_l") => "weight of the legs",
        _ => "weight of the pelvis",
    }
}

struct Share {
    source: String,
    kind: ContributionKind,
    /// On the bodies above, about the ground origin.
    wrench: Wrench<f64>,
}

/// Forces on the bodies that hang on `upper`, source by source, without those that `passed` passes over.
fn shares(
    body: &Body,
    task: &Task,
    solution: &Solution,
    kinematics: &Kinematics<f64>,
    upper: usize,
    passed: &dyn Fn(Source) -> bool,
) -> Vec<Share> {
    let (system, model) = (&body.system, &body.system.model);
    let mut shares: Vec<Share> = Vec::new();
    for_each_wrench(&body.system, task, solution, kinematics, |source, on, wrench| {
        if !model.is_in_subtree(on, upper) || passed(source) {
            return;
        }
        let (name, kind) = match source {
            Source::Weight(b) => (part_of(body, b).to_owned(), ContributionKind::BodyPart),
            Source::Muscle(m) => {
                let info = &body.muscles[m];
                (format!("{}.{}", info.key, info.side.name()), ContributionKind::Muscle)
            }
            Source::Load(k) => match &task.loads[k] {
                load if is_inner(load) => ("abdominal pressure".to_owned(), ContributionKind::Pressure),
                guywire_engine::task::Load::Force { name, .. } if name.starts_with("arms") => {
                    ("weight of chest, head and arms".to_owned(), ContributionKind::BodyPart)
                }
                guywire_engine::task::Load::Force { name, .. }
                | guywire_engine::task::Load::Push { name, .. } => (name.clone(), ContributionKind::Load),
            },
            Source::Contact(k) => {
                let support = &task.supports[task.contacts[k].support];
                (format!("support of the {}", support.name), ContributionKind::Support)
            }
            Source::Elastic(_) => ("springs and ligaments".to_owned(), ContributionKind::Ligament),
            Source::Constraint(k) => {
                (format!("constraint {}", system.constraints[k].name), ContributionKind::Ligament)
            }
            Source::Ligament(k) => (body.system.ligaments[k].name.clone(), ContributionKind::Ligament),
        };
        match shares.iter_mut().find(|s| s.source == name) {
            Some(share) => share.wrench += wrench,
            None => shares.push(Share { source: name, kind, wrench }),
        }
    });
    shares
}

/// What another model than the built-in body has nothing for.
pub(crate) fn absent(body: &Body) -> Vec<Absent> {
    if body.is_built_in() {
        return Vec::new();
    }
    let absent = |what: &str, why: &str| Absent { what: what.into(), why: why.into() };
    if body.system.levels.is_empty() {
        return vec![absent("discs", "the model's back has no lumbar vertebrae")];
    }
    ["pressure_mpa", "anterior_stress_mpa", "posterior_stress_mpa"]
        .map(|what| absent(what, "the model says nothing of the cross-sections of its discs"))
        .into()
}

/// Loads on the discs, from the highest level down.
pub(crate) fn discs(
    body: &Body,
    task: &Task,
    solution: &Solution,
    kinematics: &Kinematics<f64>,
) -> Result<Vec<DiscLoad>, BodyError> {
    match body.others() {
        None => discs::discs(body, task, solution, kinematics),
        Some(others) => Ok(section::sections(body, &others.spine, (task, solution, kinematics))),
    }
}

/// The shares of a section in its compression and forward shear, the greatest first.
fn contributions(shares: &[Share], normal: Vec3<f64>, forward: Vec3<f64>) -> Vec<Contribution> {
    let share = |s: &Share| Contribution {
        source: s.source.clone(),
        kind: s.kind,
        compression_n: -s.wrench.force.dot(normal),
        anterior_shear_n: s.wrench.force.dot(forward),
    };
    shares.iter().map(share).collect()
}

/// Leaves out who presses nothing, and puts the greatest first.
fn sort(contributions: &mut Vec<Contribution>) {
    contributions.retain(|c| c.compression_n.abs() + c.anterior_shear_n.abs() > 1e-9);
    contributions.sort_by(|a, b| b.compression_n.abs().total_cmp(&a.compression_n.abs()));
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
            let shares = shares(body, task, solution, kinematics, femur, &|_| false);
            let force = shares.iter().fold(Vec3::zero(), |sum, s| sum + s.wrench.force).norm();
            Ok(HipLoad { side, contact_force_n: force, contact_force_bw: force / weight })
        })
        .collect()
}
