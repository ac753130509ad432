//! The objective of the search beyond the load sharing: prices of passive tension and aims, and the
//! Gauss–Newton form of its Hessian.

use super::Equilibrium;
use super::balance::Scratch;
use super::conditions::aims;
use super::newton::Point;
use super::search::LANES;
use crate::task::Task;
use guywire_math::linalg::{cholesky, cholesky_solve, dot};
use guywire_math::{Dual, Real};

impl Equilibrium<'_> {
    /// Costs that depend on the pose alone; adds their gradient and Gauss–Newton Hessian.
    pub(super) fn pose_costs(
        &mut self,
        task: &Task,
        q: &[f64],
        compression: &[f64],
        mut gradient: Option<&mut [f64]>,
        mut hessian: Option<&mut [f64]>,
    ) -> f64 {
        let n = q.len();
        let kinematics = &self.at.scratch.kinematics;
        let mut cost = aims(
            self.system,
            task,
            kinematics,
            &mut self.motion,
            gradient.as_deref_mut(),
            hessian.as_deref_mut(),
        );
        for passive in &self.system.passives {
            let Some(price) = passive.price else { continue };
            let factor = passive.level.map_or(1.0, |l| self.system.preload.factor(compression[l]));
            let moment = passive.at(Dual::<1>::variable(q[passive.degree], 0), factor);
            cost += (moment.value / price) * (moment.value / price);
            if let Some(g) = gradient.as_deref_mut() {
                g[passive.degree] += 2.0 * moment.value * moment.slope[0] / (price * price);
            }
            if let Some(h) = hessian.as_deref_mut() {
                h[passive.degree * (n + 1)] += 2.0 * moment.slope[0] * moment.slope[0] / (price * price);
            }
        }
        // κ² p² of passive muscle tension, and its product with activation held.
        let total: f64 = self.system.muscles.iter().map(|m| m.volume).sum();
        let kappa = self.settings.strain_price;
        for (m, (muscle, at)) in self.system.muscles.iter().zip(&self.at.muscles).enumerate() {
            let weight = self.settings.effort * muscle.volume / total;
            let p = kappa * at.strain_price;
            cost += weight * p * p;
            let slope = 2.0 * weight * (p + self.sharing.z[m]) * kappa * at.strain_price_slope;
            let curve = 2.0 * weight * (kappa * at.strain_price_slope) * (kappa * at.strain_price_slope);
            let row = self.system.paths.row(m);
            for k in row.clone() {
                let i = self.system.paths.columns()[k];
                // ∂L/∂q = −r
                if let Some(g) = gradient.as_deref_mut() {
                    g[i] -= slope * self.at.arms.values[k];
                }
                if let Some(h) = hessian.as_deref_mut() {
                    for l in row.clone() {
                        let j = self.system.paths.columns()[l];
                        h[i * n + j] += curve * self.at.arms.values[k] * self.at.arms.values[l];
                    }
                }
            }
        }
        cost
    }

    /// Gauss–Newton Hessian of the objective at the point just evaluated.
    pub(super) fn gauss_newton(
        &mut self,
        task: &Task,
        here: &Point,
        compression: &[f64],
        lanes: &mut Scratch<Dual<LANES>>,
    ) -> Vec<f64> {
        let n = here.q.len();
        let mut hessian = vec![0.0; n * n];
        self.pose_costs(task, &here.q, compression, None, Some(&mut hessian));
        let mut physical = Vec::new();
        self.at.physical(self.system, task, &self.sharing.z, &mut physical);
        let stiffening = self.stiffening(compression);
        let mut slopes = vec![0.0; n * n];
        for first in (0..n).step_by(LANES) {
            let moved: Vec<Dual<LANES>> = (0..n)
                .map(|i| {
                    if (first..first + LANES).contains(&i) {
                        Dual::variable(here.q[i], i - first)
                    } else {
                        Dual::lift(here.q[i])
                    }
                })
                .collect();
            lanes.balance(self.system, task, &moved, &physical, &stiffening);
            for (j, force) in lanes.force.iter().enumerate() {
                for (lane, slope) in force.slope.iter().enumerate().take(n - first) {
                    slopes[(first + lane) * n + j] = *slope;
                }
            }
        }
        for row in slopes.chunks_exact_mut(n.max(1)) {
            self.at.loops.project(row);
        }
        let mut share = vec![0.0; n * n];
        self.at.qp.curvature(&self.sharing.nu, &mut share);
        if cholesky(&mut share, n).is_ok() {
            let mut solved = slopes.clone();
            for column in solved.chunks_exact_mut(n) {
                cholesky_solve(&share, n, column);
            }
            for i in 0..n {
                for j in 0..n {
                    hessian[i * n + j] += dot(&slopes[i * n..(i + 1) * n], &solved[j * n..(j + 1) * n]);
                }
            }
        }
        // Directions that cost nothing, such as turning on the spot, keep a step of finite length.
        for i in 0..n {
            hessian[i * (n + 1)] += 1e-3;
        }
        hessian
    }
}
