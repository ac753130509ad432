//! Poses, velocities and accelerations that keep constraints.
//!
//! ```text
//! assembly      q ← q − W J'ᵀ (J' J'ᵀ)⁺ c(q, t)                            until c = 0
//! velocity      q̇ ← q̇ − J⁺ (J q̇ + ∂c/∂t)
//! acceleration  M q̈ + h = τ + Jᵀ λ,   J q̈ + J̇ q̇ + ∂²c/∂t² = 0
//! direction     d = (1 − J⁺ J) e_j / ((1 − J⁺ J) e_j)_j
//! ```
//!
//! Accelerations come from the null space `N` of `J`: `q̈ = p + N z`, `Nᵀ M N z = Nᵀ (τ − h − M p)`, so that neither
//! dependent constraints nor bodies without mass inside the model matter (Laulusa & Bauchau 2008, J Comput
//! Nonlinear Dyn 3:011004).

use super::{Along, Constraint, Dual};
use crate::dynamics::Dynamics;
use crate::kinematics::{Kinematics, Motion};
use crate::model::Model;
use guywire_math::linalg::{cholesky, cholesky_solve};
use guywire_math::{RowSpace, Vec3};

/// A row of which less than this is left beside the others counts as dependent on them. Between the round-off
/// of a Jacobian (1e-14) and what makes poses differ by more than 1e-9 (assumed).
const DEPENDENT: f64 = 1e-9;

/// The same for accelerations, over the square root of the number of equations. Rows that nearly depend on each other
/// ask for forces without bound; Simbody drops an equation when the condition of `J M⁻¹ Jᵀ` falls below eps^(3/4)
/// times their number (`SimbodyMatterSubsystemRep::calcLoopForwardDynamicsOperator`), which is the square of this.
const NEARLY_DEPENDENT: f64 = 1.35e-6;

/// Most Newton steps of an assembly; from a pose within its ranges fewer than ten are needed.
const ASSEMBLY_STEPS: usize = 60;

/// Why a pose cannot be brought to keep its constraints.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum AssemblyError {
    /// No pose near the given one keeps them.
    #[error("no pose keeps all constraints: constraint {constraint} is missed by {error:e} (m or rad)")]
    NotReached {
        /// Which constraint is missed most.
        constraint: usize,
        /// By how much.
        error: f64,
    },
    /// The pose given, or one on the way, is not finite.
    #[error("a coordinate is not finite")]
    NotFinite,
}

/// Why there is no acceleration.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum MotionError {
    /// Some motion that the constraints allow moves no mass.
    #[error("a motion that the constraints allow moves no mass: its acceleration is not determined")]
    NoMass,
    /// A number of the state is not finite.
    #[error("a coordinate, rate or force is not finite")]
    NotFinite,
}

/// Memory to solve the constraints of one model; reused without allocation once it has grown.
#[derive(Clone, Debug)]
pub struct ConstraintSolver {
    rows: Vec<f64>,
    space: RowSpace,
    errors: Vec<f64>,
    step: Vec<f64>,
    moving: Kinematics<Dual>,
    dynamics: Dynamics<Dual>,
    departures: Vec<Motion<Dual>>,
    moving_q: Vec<Dual>,
    steady: Vec<Dual>,
    null: Vec<f64>,
    mass_rows: Vec<f64>,
    reduced: Vec<f64>,
    right: Vec<f64>,
}

impl ConstraintSolver {
    /// Room for a model.
    pub fn new(model: &Model) -> Self {
        let n = model.dof();
        Self {
            rows: vec![],
            space: RowSpace::default(),
            errors: vec![],
            step: vec![0.0; n],
            moving: Kinematics::new(model),
            dynamics: Dynamics::new(model, Vec3::zero()),
            departures: vec![],
            moving_q: Vec::with_capacity(n),
            steady: Vec::with_capacity(n),
            null: vec![],
            mass_rows: vec![],
            reduced: vec![],
            right: vec![],
        }
    }

    /// Writes the Jacobian, row by row; with `positional` only of the constraints that restrict poses.
    pub fn jacobian<'s>(
        &'s mut self,
        model: &Model,
        kinematics: &Kinematics<f64>,
        constraints: &[Constraint],
        positional: bool,
    ) -> &'s mut [f64] {
        let n = model.dof();
        self.rows.clear();
        for constraint in constraints.iter().filter(|c| !positional || c.is_positional()) {
            let start = self.rows.len();
            self.rows.resize(start + constraint.equations() * n, 0.0);
            constraint.add_rows(model, kinematics, &mut self.rows[start..]);
        }
        &mut self.rows
    }

    /// The greatest error in position, and the constraint that has it.
    pub fn worst(kinematics: &Kinematics<f64>, constraints: &[Constraint], time: f64) -> (f64, usize) {
        let mut worst = (0.0_f64, 0);
        for (k, constraint) in constraints.iter().enumerate() {
            constraint.errors(kinematics, time, |e| {
                if e.abs() > worst.0 || e.is_nan() {
                    worst = (if e.is_nan() { f64::INFINITY } else { e.abs() }, k);
                }
            });
        }
        worst
    }

    /// Moves `q` as little as possible to a pose that keeps the constraints at `time` (s) to `tolerance` (m, rad).
    /// `ease` says how easily each degree of freedom is moved: 0 keeps it where it is. `kinematics` is at `q` after.
    ///
    /// # Errors
    /// When no pose is found; `q` is then the last one tried.
    #[expect(clippy::too_many_arguments, reason = "each is a different thing, used once")]
    pub fn assemble(
        &mut self,
        model: &Model,
        constraints: &[Constraint],
        time: f64,
        ease: &[f64],
        tolerance: f64,
        kinematics: &mut Kinematics<f64>,
        q: &mut [f64],
    ) -> Result<(), AssemblyError> {
        let n = model.dof();
        kinematics.update(model, q);
        let mut before = Self::worst(kinematics, constraints, time);
        for _ in 0..ASSEMBLY_STEPS {
            if q.iter().any(|v| !v.is_finite()) {
                return Err(AssemblyError::NotFinite);
            }
            if before.0 <= tolerance {
                return Ok(());
            }
            self.errors.clear();
            for constraint in constraints {
                constraint.errors(kinematics, time, |e| self.errors.push(e));
            }
            self.jacobian(model, kinematics, constraints, true);
            for row in self.rows.chunks_exact_mut(n) {
                row.iter_mut().zip(ease).for_each(|(r, e)| *r *= e);
            }
            self.space.update(&self.rows, n, DEPENDENT, 0.0);
            self.space.least_norm(&self.errors, &mut self.step);
            self.step.iter_mut().zip(ease).for_each(|(s, e)| *s *= e);
            // Halve the step while it makes things worse; the last, shortest one is taken as it is.
            let mut part = 1.0;
            q.iter_mut().zip(&self.step).for_each(|(q, s)| *q -= s);
            kinematics.update(model, q);
            let mut after = Self::worst(kinematics, constraints, time);
            while after.0 > before.0 && part > 1e-3 {
                part *= 0.5;
                q.iter_mut().zip(&self.step).for_each(|(q, s)| *q += part * s);
                kinematics.update(model, q);
                after = Self::worst(kinematics, constraints, time);
            }
            before = after;
        }
        if before.0 <= tolerance {
            return Ok(());
        }
        Err(AssemblyError::NotReached { constraint: before.1, error: before.0 })
    }

    /// Changes `rates` as little as possible to ones that keep the constraints at the pose of `kinematics`.
    pub fn project_rates(
        &mut self,
        model: &Model,
        constraints: &[Constraint],
        time: f64,
        kinematics: &Kinematics<f64>,
        rates: &mut [f64],
    ) {
        let n = model.dof();
        self.jacobian(model, kinematics, constraints, false);
        self.space.update(&self.rows, n, DEPENDENT, 0.0);
        // Twice: the second time takes what round-off the first one left.
        for _ in 0..2 {
            self.errors.clear();
            for constraint in constraints {
                let [_, rate, _] = constraint.course(time);
                self.errors.extend(std::iter::repeat_n(rate, constraint.equations()));
            }
            for (error, row) in self.errors.iter_mut().zip(self.rows.chunks_exact(n)) {
                *error += row.iter().zip(&*rates).map(|(a, b)| a * b).sum::<f64>();
            }
            self.space.least_norm(&self.errors, &mut self.step);
            rates.iter_mut().zip(&self.step).for_each(|(r, s)| *r -= s);
        }
    }

    /// The motion that the constraints leave of a unit rate of degree of freedom `degree`, over what is left in
    /// that degree: the direction in which a coordinate's moment arms are taken. All zero where nothing is left.
    ///
    /// `rows` is the Jacobian in the basis of the result: that of [`ConstraintSolver::jacobian`], or its rows
    /// changed to act on speeds.
    pub fn direction(&mut self, rows: &[f64], degree: usize, out: &mut [f64]) {
        self.space.update(rows, out.len(), DEPENDENT, 0.0);
        out.fill(0.0);
        out[degree] = 1.0;
        self.space.project_out(out);
        let left = out[degree];
        if left.abs() < 1e-12 {
            out.fill(0.0);
        } else {
            out.iter_mut().for_each(|v| *v /= left);
        }
    }

    /// Accelerations `qdd` under the constraints, and their multipliers.
    ///
    /// `mass` is the mass matrix (row by row) at the pose, `force` the generalised forces that act less the
    /// inverse dynamics at zero acceleration. `kinematics` is at `q`. The multipliers are forces along each
    /// equation's row, in the order of the equations; zero for equations that others already say.
    ///
    /// # Errors
    /// When the accelerations are not determined.
    #[expect(clippy::too_many_arguments, reason = "each is a different thing, used once")]
    pub fn accelerations(
        &mut self,
        model: &Model,
        constraints: &[Constraint],
        time: f64,
        kinematics: &Kinematics<f64>,
        q: &[f64],
        rates: &[f64],
        mass: &[f64],
        force: &[f64],
        qdd: &mut [f64],
        multipliers: &mut Vec<f64>,
    ) -> Result<(), MotionError> {
        let n = model.dof();
        if q.iter().chain(rates).chain(force).any(|v| !v.is_finite()) {
            return Err(MotionError::NotFinite);
        }
        self.drifts(model, constraints, time, q, rates);
        self.jacobian(model, kinematics, constraints, false);
        let least = NEARLY_DEPENDENT * libm::sqrt(self.errors.len() as f64);
        self.space.update(&self.rows, n, least, least);
        self.errors.iter_mut().for_each(|e| *e = -*e);
        self.space.least_norm(&self.errors, qdd);
        self.space.null_space(&mut self.null);
        let null = &self.null;
        let free = null.len().checked_div(n).unwrap_or(0);
        // Nᵀ M, Nᵀ M N and Nᵀ (f − M p).
        self.mass_rows.clear();
        for direction in null.chunks_exact(n) {
            for row in mass.chunks_exact(n) {
                self.mass_rows.push(dot(row, direction));
            }
        }
        self.reduced.clear();
        self.right.clear();
        for (direction, mass_row) in null.chunks_exact(n).zip(self.mass_rows.chunks_exact(n)) {
            self.reduced.extend(null.chunks_exact(n).map(|other| dot(mass_row, other)));
            self.right.push(dot(direction, force) - dot(mass_row, qdd));
        }
        cholesky(&mut self.reduced, free).map_err(|_| MotionError::NoMass)?;
        cholesky_solve(&self.reduced, free, &mut self.right);
        for (direction, z) in null.chunks_exact(n).zip(&self.right) {
            qdd.iter_mut().zip(direction).for_each(|(a, d)| *a += z * d);
        }
        for (k, row) in mass.chunks_exact(n).enumerate() {
            self.step[k] = dot(row, qdd) - force[k];
        }
        multipliers.clear();
        multipliers.resize(self.errors.len(), 0.0);
        self.space.multipliers(&self.step, multipliers);
        if qdd.iter().any(|v| !v.is_finite()) {
            return Err(MotionError::NoMass);
        }
        Ok(())
    }

    /// Writes `J̇ q̇ + ∂²c/∂t²` of every equation to `errors`.
    fn drifts(&mut self, model: &Model, constraints: &[Constraint], time: f64, q: &[f64], rates: &[f64]) {
        self.errors.clear();
        self.moving_q.clear();
        self.moving_q.extend(q.iter().zip(rates).map(|(&value, &rate)| Dual { value, slope: [rate] }));
        self.steady.clear();
        self.steady.extend(rates.iter().map(|&value| Dual { value, slope: [0.0] }));
        self.moving.update(model, &self.moving_q);
        self.dynamics.update_velocities(model, &self.moving, &self.steady);
        self.departures.clear();
        self.departures.extend_from_slice(self.dynamics.departures(model, &self.moving).unwrap_or_default());
        let along = Along {
            velocities: self.dynamics.velocities(),
            rates: self.dynamics.rates(),
            departures: (!self.departures.is_empty()).then_some(&self.departures[..]),
        };
        for constraint in constraints {
            let [_, _, second] = constraint.course(time);
            constraint.drifts(&self.moving, &along, |drift| self.errors.push(drift + second));
        }
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}
