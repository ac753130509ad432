//! Forces of the body's own constraints: they cost nothing, so that the directions which they hold drop out.
//!
//! With the rows `J` of the constraints, the projector `P` onto what they leave free, and the part `b + A z` of the
//! balance that gravity, muscles, contacts and actuators make,
//!
//! ```text
//! min over μ of ½ W ‖b + A z + Jᵀ μ‖²  =  ½ W ‖P (b + A z)‖²,      μ = −(J Jᵀ)⁺ J (b + A z)
//! ```
//!
//! The programme of the load sharing is therefore solved with `P b` and `P A`, in as many equations as before; the
//! forces `μ` follow from its solution, exactly and without a price. By the envelope theorem the slope of the
//! optimal cost along the pose is that with `μ` held. Rows that follow from others are passed over and carry nothing.

use crate::Kinematics;
use crate::system::System;
use guywire_math::BoxQp;
use guywire_math::row_space::RowSpace;

/// Share of a row, and of the longest, below which what is left of it counts as following from other rows.
const DEPENDENT: f64 = 1e-9;

/// The constraints at a pose. Empty for a body without any.
#[derive(Clone, Debug, Default)]
pub(crate) struct Loops {
    /// Number of equations.
    equations: usize,
    /// Rows `J`.
    rows: Vec<f64>,
    space: RowSpace,
    /// The programme as it was before the projection.
    whole: BoxQp,
    /// What the constraints must carry.
    left: Vec<f64>,
}

impl Loops {
    /// Moves to a pose and takes what the constraints carry out of the programme.
    pub fn update(&mut self, system: &System, kinematics: &Kinematics<f64>, qp: &mut BoxQp) {
        let n = qp.rows;
        self.equations = system.constraints.iter().map(|k| k.constraint.equations()).sum();
        if self.equations == 0 || n == 0 {
            self.equations = 0;
            return;
        }
        self.rows.clear();
        self.rows.resize(self.equations * n, 0.0);
        let mut rows = self.rows.as_mut_slice();
        for kept in &system.constraints {
            let (own, rest) = rows.split_at_mut(kept.constraint.equations() * n);
            kept.constraint.add_rows(&system.model, kinematics, own);
            rows = rest;
        }
        self.space.update(&self.rows, n, DEPENDENT, DEPENDENT);
        self.whole.clone_from(qp);
        self.project(&mut qp.constant);
        // Every column becomes a full one.
        for entries in [&mut qp.index, &mut qp.start] {
            entries.clear();
        }
        qp.value.clear();
        qp.start.push(0);
        let mut column = vec![0.0; n];
        for entries in self.whole.start.windows(2) {
            column.fill(0.0);
            for k in entries[0]..entries[1] {
                column[self.whole.index[k]] += self.whole.value[k];
            }
            self.project(&mut column);
            for (i, value) in column.iter().enumerate().filter(|(_, v)| **v != 0.0) {
                qp.index.push(i);
                qp.value.push(*value);
            }
            qp.start.push(qp.index.len());
        }
    }

    /// Takes off a vector of forces or slopes along the degrees of freedom what the constraints carry.
    pub fn project(&self, vector: &mut [f64]) {
        if self.equations > 0 {
            self.space.project_out(vector);
        }
    }

    /// Appends the forces `μ` along the equations, given the unknowns of the load sharing.
    pub fn add_forces(&mut self, z: &[f64], out: &mut Vec<f64>) {
        if self.equations == 0 {
            return;
        }
        self.left.clear();
        self.left.extend(self.whole.constant.iter().map(|b| -b));
        for (entries, z) in self.whole.start.windows(2).zip(z) {
            for k in entries[0]..entries[1] {
                self.left[self.whole.index[k]] -= self.whole.value[k] * z;
            }
        }
        let first = out.len();
        out.resize(first + self.equations, 0.0);
        self.space.multipliers(&self.left, &mut out[first..]);
    }
}
