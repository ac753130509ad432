//! Conditions of a position that a model can meet one beside the other.

use super::conditions::Conditions;
use crate::Kinematics;
use crate::system::System;
use crate::task::Task;

/// Turn of every degree of freedom away from the start at which the conditions are told apart, rad or m: at a
/// symmetric pose more of them coincide than elsewhere (assumed).
const APART: f64 = 0.03;
/// Share of a condition's slope that must not follow from the conditions before it (assumed).
const OWN_SHARE: f64 = 1e-4;

impl Task {
    /// Takes off the conditions that follow from those before them: four points of one rigid foot on the floor, a
    /// step to the side of a model that cannot step aside. Such a contact need not touch and may still carry load.
    pub fn keep_independent(&mut self, system: &System) {
        let mut q = self.start.clone();
        for (i, q) in q.iter_mut().enumerate() {
            *q += APART * libm::sin(1.0 + 2.0 * i as f64);
        }
        let mut kinematics = Kinematics::new(&system.model);
        kinematics.update(&system.model, &q);
        let mut all = Conditions::default();
        all.update(system, self, &kinematics, &q);
        let mut rows = all.jacobian.chunks_exact(q.len().max(1));
        let mut kept: Vec<Vec<f64>> = Vec::new();
        // The body keeps its own whatever the position asks.
        for row in rows.by_ref().take(all.constraints) {
            is_new(&mut kept, row.to_vec());
        }
        let mut stays = || rows.next().is_some_and(|row| is_new(&mut kept, row.to_vec()));
        self.conditions.retain(|_| stays());
        for contact in self.contacts.iter_mut().filter(|c| c.touching) {
            contact.touching = stays();
        }
    }
}

/// Whether a row is independent of those kept, which it then joins (made perpendicular to them, of length one).
fn is_new(kept: &mut Vec<Vec<f64>>, mut row: Vec<f64>) -> bool {
    let norm = |row: &[f64]| row.iter().map(|v| v * v).sum::<f64>().sqrt();
    let whole = norm(&row);
    // Twice, for what rounding leaves of the first time.
    for _ in 0..2 {
        for other in kept.iter() {
            let along: f64 = row.iter().zip(other).map(|(a, b)| a * b).sum();
            for (a, b) in row.iter_mut().zip(other) {
                *a -= along * b;
            }
        }
    }
    let own = norm(&row);
    // A slope of less than a nanometre a radian is no slope.
    if !(own > OWN_SHARE * whole && own > 1e-9) {
        return false;
    }
    row.iter_mut().for_each(|v| *v /= own);
    kept.push(row);
    true
}
