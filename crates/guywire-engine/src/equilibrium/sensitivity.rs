//! How a posture answers to a small change of the body, without being searched for again.
//!
//! At an equilibrium three things hold: the conditions carry what is left of the gradient, the conditions are met, and the
//! levels are stiffened by the compression that results.
//!
//! ```text
//! R(q, p; θ) = ( g(q, p; θ) + Cᵀ(q; θ) λ,   c(q; θ),   P(q, p; θ) − p ) = 0
//! dy/dθ = −(∂R/∂y)⁻¹ ∂R/∂θ,   y = (q, p)          (implicit function theorem)
//! ```
//!
//! `g` is exact; its derivatives are central differences of it: a posture likes to lie where a muscle is about to switch on, and
//! one side alone would say what holds on that side only. The first row is asked along the directions that the
//! conditions leave free only, so that conditions which say the same twice do no harm.

use super::balance::Scratch;
use super::compliance::slope_of;
use super::{Equilibrium, EquilibriumError, Solution};
use crate::task::Task;
use guywire_math::Dual;
use guywire_math::linalg::{Bases, cholesky, cholesky_solve, lu, lu_solve, row_and_null_space};

/// Step of a degree of freedom, rad or m.
const STEP: f64 = 1e-5;
/// Step of a compression, N.
const PRESS: f64 = 1.0;

/// An equilibrium, ready to be asked what a change of the body does to it.
#[derive(Clone, Debug)]
pub struct Sensitivity {
    q: Vec<f64>,
    compression: Vec<f64>,
    /// Multipliers `λ` of the conditions.
    carried: Vec<f64>,
    /// Multipliers of the balance: where load sharing starts.
    nu: Vec<f64>,
    /// Directions that the conditions hold, then those that they leave.
    bases: Bases,
    /// Of the conditions at the pose, row by row.
    jacobian: Vec<f64>,
    /// What the search left: next to nothing.
    left: Imbalance,
    /// `∂R/∂y` by degrees and compressions: rows of the gradient (all degrees), then of the compressions.
    slopes: Vec<f64>,
    /// The same over free directions and compressions, factored.
    matrix: Vec<f64>,
    pivots: Vec<usize>,
}

/// What of the equations of an equilibrium a body does not meet at the pose and the compressions of another one's.
#[derive(Clone, Debug)]
pub struct Imbalance {
    gradient: Vec<f64>,
    conditions: Vec<f64>,
    compression: Vec<f64>,
}

/// Where a changed body's equilibrium goes, to first order.
#[derive(Clone, Debug)]
pub struct Shift {
    /// Change of every degree of freedom.
    pub q: Vec<f64>,
    /// Change of the compression of every level, N.
    pub compression: Vec<f64>,
}

impl Imbalance {
    /// The slope between two imbalances whose bodies differ by `width`.
    pub fn slope(&self, below: &Self, width: f64) -> Self {
        Self {
            gradient: slope_of(&self.gradient, &below.gradient, width),
            conditions: slope_of(&self.conditions, &below.conditions, width),
            compression: slope_of(&self.compression, &below.compression, width),
        }
    }
}

impl Equilibrium<'_> {
    /// Prepares an equilibrium of this body to be asked.
    ///
    /// # Errors
    /// When load cannot be shared beside the pose, or the posture is at a turning point, where it answers without bound.
    pub fn sensitivity(&mut self, task: &Task, at: &Solution) -> Result<Sensitivity, EquilibriumError> {
        let (n, levels) = (at.q.len(), at.compression.len());
        self.sharing.nu.clone_from(&at.multipliers);
        let mut dual = Scratch::new(self.system);
        let here = self.evaluate(task, at.q.clone(), &at.compression, &mut dual)?;
        let left = Imbalance { gradient: Vec::new(), conditions: Vec::new(), compression: Vec::new() };
        let mut found = Sensitivity {
            left,
            q: at.q.clone(),
            compression: at.compression.clone(),
            carried: here.conditions.multipliers(&here.gradient),
            nu: here.nu,
            bases: row_and_null_space(&here.conditions.jacobian, n),
            jacobian: here.conditions.jacobian,
            slopes: vec![0.0; (n + levels) * (n + levels)],
            matrix: Vec::new(),
            pivots: Vec::new(),
        };
        found.left = self.imbalance_beside(task, &found, at.q.clone(), &at.compression, &mut dual)?;
        for column in 0..n + levels {
            let step = if column < n { STEP } else { PRESS };
            let mut beside = |by: f64| {
                let (mut q, mut compression) = (at.q.clone(), at.compression.clone());
                match column.checked_sub(n) {
                    None => q[column] += by,
                    Some(level) => compression[level] += by,
                }
                self.imbalance_beside(task, &found, q, &compression, &mut dual)
            };
            let slope = beside(step)?.slope(&beside(-step)?, 2.0 * step);
            let rows = slope.gradient.iter().chain(&slope.compression);
            for (row, value) in rows.enumerate() {
                found.slopes[row * (n + levels) + column] = *value;
            }
        }
        let singular = || self.unconverged(task, at.iterations, f64::INFINITY);
        found.factor().then_some(found).ok_or_else(singular)
    }

    /// What this body does not meet at the pose and the compressions of an equilibrium of another one with the same parts.
    ///
    /// # Errors
    /// When the load cannot be shared there.
    pub fn imbalance(&mut self, task: &Task, at: &Sensitivity) -> Result<Imbalance, EquilibriumError> {
        self.imbalance_beside(task, at, at.q.clone(), &at.compression, &mut Scratch::new(self.system))
    }

    fn imbalance_beside(
        &mut self,
        task: &Task,
        at: &Sensitivity,
        q: Vec<f64>,
        compression: &[f64],
        dual: &mut Scratch<Dual<1>>,
    ) -> Result<Imbalance, EquilibriumError> {
        let n = q.len();
        self.sharing.nu.clone_from(&at.nu);
        let here = self.evaluate(task, q, compression, dual)?;
        let results = self.compression(task, &here.q);
        let mut gradient = here.gradient;
        for (k, carried) in at.carried.iter().enumerate() {
            for (g, c) in gradient.iter_mut().zip(here.conditions.row(k, n)) {
                *g += carried * c;
            }
        }
        let compression = results.iter().zip(compression).map(|(found, taken)| found - taken).collect();
        Ok(Imbalance { gradient, conditions: here.conditions.value, compression })
    }
}

impl Sensitivity {
    /// What the body itself does not meet.
    pub fn left(&self) -> &Imbalance {
        &self.left
    }

    fn free(&self) -> impl ExactSizeIterator<Item = &[f64]> {
        self.bases.rows.chunks_exact(self.q.len()).skip(self.bases.rank)
    }

    /// Slopes of all rows along a change of degrees and compressions.
    fn along(&self, q: &[f64], compression: &[f64]) -> Vec<f64> {
        let change = || q.iter().chain(compression);
        let size = q.len() + compression.len();
        self.slopes.chunks_exact(size).map(|row| row.iter().zip(change()).map(|(a, b)| a * b).sum()).collect()
    }

    /// Rows of the gradient along the free directions, then those of the compressions.
    fn asked(&self, rows: &[f64]) -> Vec<f64> {
        let (gradient, compression) = rows.split_at(self.q.len());
        let along = self.free().map(|z| z.iter().zip(gradient).map(|(a, b)| a * b).sum());
        along.chain(compression.iter().copied()).collect()
    }

    /// False where the matrix cannot be solved.
    fn factor(&mut self) -> bool {
        let levels = self.compression.len();
        let still = vec![0.0; self.q.len()];
        let turned = self.free().map(|z| self.asked(&self.along(z, &vec![0.0; levels])));
        let pressed = (0..levels).map(|level| {
            let mut one = vec![0.0; levels];
            one[level] = 1.0;
            self.asked(&self.along(&still, &one))
        });
        let columns: Vec<Vec<f64>> = turned.chain(pressed).collect();
        let size = columns.len();
        let mut matrix = vec![0.0; size * size];
        for (j, column) in columns.iter().enumerate() {
            for (i, value) in column.iter().enumerate() {
                matrix[i * size + j] = *value;
            }
        }
        let solved = matrix.iter().all(|v| v.is_finite()) && lu(&mut matrix, size, &mut self.pivots).is_ok();
        self.matrix = matrix;
        solved
    }

    /// Where the equilibrium goes for a small change of the equations.
    pub fn shift(&self, change: &Imbalance) -> Shift {
        let n = self.q.len();
        let met = self.meets(&change.conditions);
        let along = self.along(&met, &vec![0.0; self.compression.len()]);
        let rows: Vec<f64> =
            change.gradient.iter().chain(&change.compression).zip(&along).map(|(a, b)| -(a + b)).collect();
        let mut step = self.asked(&rows);
        lu_solve(&self.matrix, step.len(), &self.pivots, &mut step);
        let mut q = met;
        for (z, by) in self.free().zip(&step) {
            for (q, z) in q.iter_mut().zip(z) {
                *q += by * z;
            }
        }
        let free = n - self.bases.rank;
        Shift { q, compression: step[free..].to_vec() }
    }

    /// The smallest change of the pose that takes back a change of the conditions: by least squares in the directions that
    /// they hold.
    fn meets(&self, conditions: &[f64]) -> Vec<f64> {
        let n = self.q.len();
        let held: Vec<&[f64]> = self.bases.rows.chunks_exact(n).take(self.bases.rank).collect();
        let rank = held.len();
        if conditions.iter().all(|c| *c == 0.0) {
            return vec![0.0; n];
        }
        // B = C Q for the orthonormal rows Q of the held directions; (BᵀB) x = −Bᵀ c.
        let turned: Vec<Vec<f64>> = self
            .jacobian
            .chunks_exact(n)
            .map(|row| held.iter().map(|q| row.iter().zip(*q).map(|(a, b)| a * b).sum()).collect())
            .collect();
        let mut normal = vec![0.0; rank * rank];
        let mut right = vec![0.0; rank];
        for (row, value) in turned.iter().zip(conditions) {
            for i in 0..rank {
                right[i] -= row[i] * value;
                for j in 0..rank {
                    normal[i * rank + j] += row[i] * row[j];
                }
            }
        }
        if cholesky(&mut normal, rank).is_ok() {
            cholesky_solve(&normal, rank, &mut right);
        }
        let mut q = vec![0.0; n];
        for (direction, by) in held.iter().zip(&right) {
            for (q, d) in q.iter_mut().zip(*direction) {
                *q += by * d;
            }
        }
        q
    }
}
