//! What passes through a joint: the sum of all forces on the bodies beyond it, source by source.

use crate::Kinematics;
use crate::equilibrium::{Solution, for_each_load};
use crate::system::System;
use crate::task::{Load, Task};
use guywire_math::Wrench;

/// One source of force in a solution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// Weight of a body (index).
    Weight(usize),
    /// A muscle (index).
    Muscle(usize),
    /// A load of the task (index).
    Load(usize),
    /// A contact of the task (index).
    Contact(usize),
    /// A ligament (index).
    Ligament(usize),
    /// A constraint (index).
    Constraint(usize),
    /// A spring, stop, bushing or ligament of another law (index).
    Elastic(usize),
}

/// Calls `each` with every wrench on every body, and where it comes from.
pub fn for_each_wrench(
    system: &System,
    task: &Task,
    solution: &Solution,
    kinematics: &Kinematics<f64>,
    mut each: impl FnMut(Source, usize, Wrench<f64>),
) {
    let bodies = &kinematics.bodies;
    for (b, body) in system.model.bodies().iter().enumerate() {
        if body.mass > 0.0 {
            let center = bodies[b].point(body.center_of_mass);
            each(Source::Weight(b), b, Wrench::at(center, task.gravity * body.mass));
        }
    }
    for m in 0..system.muscles.len() {
        let force = solution.active_force[m] + solution.passive_force[m];
        for (body, wrench) in system.paths.wrenches(m, kinematics) {
            each(Source::Muscle(m), body, wrench.scaled(force));
        }
    }
    for (k, load) in task.loads.iter().enumerate() {
        for_each_load::<f64>(load, bodies, |body, wrench| each(Source::Load(k), body, wrench));
    }
    for (k, contact) in task.contacts.iter().enumerate() {
        let center = bodies[contact.body].point(contact.center);
        each(Source::Contact(k), contact.body, Wrench::at(center, solution.contact_force[k]));
    }
    let mut pulled = vec![Wrench::zero(); bodies.len()];
    for (k, ligament) in system.ligaments.iter().enumerate() {
        ligament.add_wrenches(bodies, &mut pulled);
        for body in [ligament.origin.body, ligament.insertion.body] {
            each(Source::Ligament(k), body, std::mem::replace(&mut pulled[body], Wrench::zero()));
        }
    }
    for (k, (kept, own)) in system.constraint_forces(&solution.constraint_force).enumerate() {
        kept.constraint.add_wrenches(kinematics, own, &mut pulled);
        for (body, wrench) in pulled.iter_mut().enumerate() {
            each(Source::Constraint(k), body, std::mem::replace(wrench, Wrench::zero()));
        }
    }
    if let Some(elastic) = &system.elastic {
        let mut memory = elastic.memory(&system.model);
        for (k, force) in elastic.forces().iter().enumerate() {
            elastic.add_wrenches_of(std::slice::from_ref(force), kinematics, &mut memory, &mut pulled);
            for (body, wrench) in pulled.iter_mut().enumerate() {
                each(Source::Elastic(k), body, std::mem::replace(wrench, Wrench::zero()));
            }
        }
    }
}

/// Whether a load is an inner one (both ends on the body), such as abdominal pressure.
pub fn is_inner(load: &Load) -> bool {
    matches!(load, Load::Push { .. })
}
