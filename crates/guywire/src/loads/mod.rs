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
use guywire_engine::task::Load;
use guywire_engine::{Kinematics, Task};
use guywire_math::{Vec3, Wrench};
use std::collections::BTreeMap;

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

/// A source as it is told: several of the engine's sources may go by one name.
struct Told {
    name: String,
    kind: ContributionKind,
}

/// One force of a posture on one body.
struct Act {
    source: Source,
    /// Index into the sources told.
    told: usize,
    body: usize,
    /// About the ground origin.
    wrench: Wrench<f64>,
}

/// What a told source does to the bodies above a section.
struct Share<'f> {
    told: &'f Told,
    wrench: Wrench<f64>,
}

/// All forces of a posture: gathered once, summed for every joint that is asked of.
pub(crate) struct Forces<'p> {
    body: &'p Body,
    task: &'p Task,
    solution: &'p Solution,
    kinematics: &'p Kinematics<f64>,
    told: Vec<Told>,
    acts: Vec<Act>,
}

impl<'p> Forces<'p> {
    /// The forces of a solved posture at its pose.
    pub fn of(
        body: &'p Body,
        task: &'p Task,
        solution: &'p Solution,
        kinematics: &'p Kinematics<f64>,
    ) -> Self {
        let mut all = Self { body, task, solution, kinematics, told: Vec::new(), acts: Vec::new() };
        let mut known: BTreeMap<String, usize> = BTreeMap::new();
        // The wrenches of one source follow each other.
        let mut last: Option<(Source, usize)> = None;
        for_each_wrench(&body.system, task, solution, kinematics, |source, on, wrench| {
            let told = last.filter(|(of, _)| *of == source).map_or_else(
                || {
                    let (name, kind) = name_of(body, task, source);
                    *known.entry(name).or_insert_with_key(|name| {
                        all.told.push(Told { name: name.clone(), kind });
                        all.told.len() - 1
                    })
                },
                |(_, told)| told,
            );
            last = Some((source, told));
            all.acts.push(Act { source, told, body: on, wrench });
        });
        all
    }

    /// Forces on the bodies that hang on `upper`, source by source, without those that `passed` passes over.
    fn above(&self, upper: usize, passed: &dyn Fn(Source) -> bool) -> Vec<Share<'_>> {
        let model = &self.body.system.model;
        let mut sums: Vec<Option<Wrench<f64>>> = vec![None; self.told.len()];
        for act in &self.acts {
            if model.is_in_subtree(act.body, upper) && !passed(act.source) {
                *sums[act.told].get_or_insert_with(Wrench::zero) += act.wrench;
            }
        }
        let acting = self.told.iter().zip(sums);
        acting.filter_map(|(told, sum)| sum.map(|wrench| Share { told, wrench })).collect()
    }

    /// Loads on the discs, from the highest level down.
    pub fn discs(&self) -> Result<Vec<DiscLoad>, BodyError> {
        match self.body.others() {
            None => discs::discs(self),
            Some(others) => Ok(section::sections(self, &others.spine)),
        }
    }

    /// Contact forces of both hips: what passes from the pelvis to the femur.
    pub fn hips(&self) -> Result<Vec<HipLoad>, BodyError> {
        let weight = self.body.system.model.mass() * self.task.gravity.norm();
        Side::BOTH
            .into_iter()
            .map(|side| {
                let femur = self.body.part(&format!("femur_{}", crate::body::suffix(side)))?;
                let shares = self.above(femur, &|_| false);
                let force = shares.iter().fold(Vec3::zero(), |sum, s| sum + s.wrench.force).norm();
                Ok(HipLoad { side, contact_force_n: force, contact_force_bw: force / weight })
            })
            .collect()
    }
}

/// What a source is told as.
fn name_of(body: &Body, task: &Task, source: Source) -> (String, ContributionKind) {
    match source {
        Source::Weight(b) => (part_of(body, b).to_owned(), ContributionKind::BodyPart),
        Source::Muscle(m) => {
            let info = &body.muscles[m];
            (format!("{}.{}", info.key, info.side.name()), ContributionKind::Muscle)
        }
        Source::Load(k) => match &task.loads[k] {
            load if is_inner(load) => ("abdominal pressure".to_owned(), ContributionKind::Pressure),
            Load::Force { name, .. } if name.starts_with("arms") => {
                ("weight of chest, head and arms".to_owned(), ContributionKind::BodyPart)
            }
            Load::Force { name, .. } | Load::Push { name, .. } => (name.clone(), ContributionKind::Load),
        },
        Source::Contact(k) => {
            let support = &task.supports[task.contacts[k].support];
            (format!("support of the {}", support.name), ContributionKind::Support)
        }
        Source::Elastic(_) => ("springs and ligaments".to_owned(), ContributionKind::Ligament),
        Source::Constraint(k) => {
            (format!("constraint {}", body.system.constraints[k].name), ContributionKind::Ligament)
        }
        Source::Ligament(k) => (body.system.ligaments[k].name.clone(), ContributionKind::Ligament),
    }
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

/// The shares of a section in its compression and forward shear, the greatest first.
fn contributions(shares: &[Share<'_>], normal: Vec3<f64>, forward: Vec3<f64>) -> Vec<Contribution> {
    let share = |s: &Share<'_>| Contribution {
        source: s.told.name.clone(),
        kind: s.told.kind,
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
