//! The equilibria that are looked at, and everything they were computed from.

use crate::common;
use guywire::body::{Body, ReferenceBody};
use guywire::case::{Person, Property, Setting, Target, Tissue};
use guywire::posture::{Positions, settle};
use guywire::results::Side;
use guywire_engine::equilibrium::Solution;
use guywire_engine::task::Condition;
use guywire_engine::{Kinematics, Task};
use std::sync::LazyLock;

pub static POSITIONS: LazyLock<Positions> = LazyLock::new(|| Positions::read().unwrap());
pub static REFERENCE: LazyLock<Body> = LazyLock::new(|| ReferenceBody::adult().unwrap().unscaled().unwrap());
/// The reference body, tight on the left in front, inside and behind.
pub static LOPSIDED: LazyLock<Body> =
    LazyLock::new(|| with_short(&["hip_flexors", "adductors", "hamstrings"], Some(Side::Left), 0.94));

pub fn with_short(groups: &[&str], side: Option<Side>, value: f64) -> Body {
    let setting = |group: &&str| Setting {
        target: Target::Group((*group).into()),
        side,
        property: Property::Length,
        value,
    };
    let tissue = Tissue { settings: groups.iter().map(setting).collect(), reciprocal_inhibition: 0.0 };
    let person = Person { mass_kg: REFERENCE.system.model.mass(), ..common::person() };
    ReferenceBody::adult().unwrap().scaled_to(&person, &tissue).unwrap()
}

/// An equilibrium and everything it was computed from.
pub struct Case {
    pub name: String,
    pub body: &'static Body,
    pub task: Task,
    pub solution: Solution,
}

/// Every position of the reference body, and some of the lopsided one.
pub static CASES: LazyLock<Vec<Case>> = LazyLock::new(|| {
    let lopsided = ["standing", "standing_on_left", "standing_on_right", "bend_60", "sitting_relaxed"];
    let all = POSITIONS.all().iter().map(|p| (&*REFERENCE, "", p.name.as_str()));
    all.chain(lopsided.map(|name| (&*LOPSIDED, "lopsided ", name)))
        .map(|(body, who, position)| {
            let settled = settle(body, &POSITIONS, position, None).unwrap_or_else(|e| panic!("{who}{e}"));
            let (task, solution) = (settled.task, settled.solution);
            Case { name: format!("{who}{position}"), body, task, solution }
        })
        .collect()
});

pub fn case(name: &str) -> &'static Case {
    CASES.iter().find(|c| c.name == name).unwrap()
}

impl Case {
    pub fn at(&self, q: &[f64]) -> Kinematics<f64> {
        let mut kinematics = Kinematics::new(&self.body.system.model);
        kinematics.update(&self.body.system.model, q);
        kinematics
    }

    pub fn kinematics(&self) -> Kinematics<f64> {
        self.at(&self.solution.q)
    }

    /// Body weight, N.
    pub fn weight(&self) -> f64 {
        self.body.system.model.mass() * self.task.gravity.norm()
    }

    pub fn coordinate(&self, degree: usize) -> &str {
        &self.body.system.model.degree_coordinate(degree).name
    }
}

/// The conditions of a task, as the types of `task.rs` state them.
pub fn conditions(case: &Case, q: &[f64]) -> Vec<f64> {
    let kinematics = case.at(q);
    let stated = case.task.conditions.iter().map(|condition| match condition {
        Condition::Degree { degree, value } => q[*degree] - value,
        Condition::Ratio { degree, of, factor } => q[*degree] - factor * q[*of],
        Condition::OnPlane { body, point, normal, offset } => {
            normal.dot(kinematics.bodies[*body].point(*point)) - offset
        }
        Condition::Inclination { body, up, angle } => {
            let e = kinematics.bodies[*body].rotation * *up;
            (e.x.atan2(e.y) - angle).sin() * e.x.hypot(e.y)
        }
    });
    let touching = case.task.contacts.iter().filter(|c| c.touching).map(|c| {
        let support = &case.task.supports[c.support];
        support.normal.dot(kinematics.bodies[c.body].point(c.center)) - support.offset - c.radius
    });
    stated.chain(touching).collect()
}
