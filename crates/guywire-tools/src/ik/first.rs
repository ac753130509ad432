//! The first frame of a motion, which has no pose before it.
//!
//! A subject may stand anywhere and face any way, and the nearest optimum from the default pose may have a limb
//! twisted. Several starts are solved and the best answer counts:
//!
//! 1. the default pose;
//! 2. for quarter turns of every coordinate next to ground, a rigid fit of the whole model, then a release of
//!    the joints from ground outwards, or of all at once;
//! 3. from the best so far, every limb that hangs on a joint of two rotations or more started afresh: at its
//!    default and at quarter turns of that joint, at first alone, then with everything.
//!
//! The answers of 2 and 3 count only where no joint beyond the first is bent outside its range: a knee turned full
//! circle may meet the markers a little better.

use crate::tasks::Follower;
use guywire_engine::Model;
use guywire_engine::markers::{Fit, FitError, Frame};
use guywire_osim::build::Built;
use std::f64::consts::{FRAC_PI_2, PI};

/// A start must lower the cost by this share to be preferred to one before it: which of two equal answers is
/// taken shall not hang on rounding.
const BETTER: f64 = 1e-6;

/// How far beyond its range a joint may be bent in an answer from a turned start, rad: ranges of models are those of
/// the usual person (assumed).
const SLACK: f64 = 0.35;

/// Solves a frame without a pose before it; leaves the fit at the pose in `q`.
pub(crate) fn first(
    built: &Built,
    follower: &mut Follower<'_>,
    frame: &Frame<'_>,
    q: &mut [f64],
) -> Result<Fit, FitError> {
    let model = &built.reduced;
    q.copy_from_slice(&model.default_pose());
    follower.fit.hold(|_| false);
    let best = follower.fit.solve(frame, q);
    let (start, depth) = (model.default_pose(), depths(model));
    let mut search = Search { model, frame, follower, start, depth, best, q };
    search.whole();
    search.limbs();
    let best = search.best?;
    // The fit's workspace must show the chosen pose.
    let again = follower.fit.solve(frame, q)?;
    Ok(Fit { steps: best.steps, ..again })
}

struct Search<'s, 'm> {
    model: &'s Model,
    frame: &'s Frame<'s>,
    follower: &'s mut Follower<'m>,
    start: Vec<f64>,
    depth: Vec<usize>,
    best: Result<Fit, FitError>,
    q: &'s mut [f64],
}

impl Search<'_, '_> {
    /// Solves with some degrees of freedom held.
    fn solve(&mut self, q: &mut [f64], held: impl Fn(usize) -> bool) -> Result<Fit, FitError> {
        self.follower.fit.hold(held);
        let found = self.follower.fit.solve(self.frame, q);
        self.follower.fit.hold(|_| false);
        found
    }

    fn keep(&mut self, found: Result<Fit, FitError>, trial: &[f64]) {
        let better = match (&found, &self.best) {
            (Ok(found), Ok(best)) => found.cost < best.cost * (1.0 - BETTER) && self.is_in_range(trial),
            (found, best) => found.is_ok() && best.is_err(),
        };
        if better {
            self.best = found;
            self.q.copy_from_slice(trial);
        }
    }

    fn is_in_range(&self, q: &[f64]) -> bool {
        q.iter().enumerate().all(|(i, &value)| {
            let range = self.model.degree_coordinate(i).range;
            self.depth[i] == 0
                || !self.model.degree_turns(i)
                || range.is_none_or(|(low, high)| value > low - SLACK && value < high + SLACK)
        })
    }

    /// The whole model, turned.
    fn whole(&mut self) {
        let depth = self.depth.clone();
        let deepest = depth.iter().copied().filter(|d| *d < usize::MAX).max().unwrap_or(0);
        let model = self.model;
        let turns = (0..self.start.len()).filter(|&i| depth[i] == 0 && model.degree_turns(i));
        let turned = turns.flat_map(|i| QUARTERS.map(|turn| Some((i, turn))));
        let mut costs: Vec<f64> = Vec::new();
        for turn in std::iter::once(None).chain(turned) {
            let mut trial = self.start.clone();
            if let Some((i, turn)) = turn {
                trial[i] += turn;
            }
            let Ok(rigid) = self.solve(&mut trial, |i| depth[i] > 0) else { continue };
            // The same pose as from another turn.
            if costs.iter().any(|cost| (cost - rigid.cost).abs() <= BETTER * rigid.cost) {
                continue;
            }
            costs.push(rigid.cost);
            let mut at_once = trial.clone();
            let found = self.solve(&mut at_once, |_| false);
            self.keep(found, &at_once);
            for reach in 1..=deepest {
                let found = self.solve(&mut trial, |i| depth[i] > reach);
                if reach == deepest {
                    self.keep(found, &trial);
                }
            }
        }
    }

    /// Limbs by themselves.
    fn limbs(&mut self) {
        let model = self.model;
        for joint in model.joints().iter().filter(|joint| joint.parent != 0) {
            let own: Vec<usize> = degrees_of(model, |body| body == joint.child);
            let turns: Vec<usize> = own.into_iter().filter(|&i| model.degree_turns(i)).collect();
            if turns.len() < 2 {
                continue;
            }
            let limb = degrees_of(model, |body| model.is_in_subtree(body, joint.child));
            let turned = turns.iter().flat_map(|&i| QUARTERS.map(|turn| Some((i, turn))));
            for turn in std::iter::once(None).chain(turned) {
                let mut trial = self.q.to_vec();
                for &i in &limb {
                    trial[i] = self.start[i];
                }
                if let Some((i, turn)) = turn {
                    trial[i] += turn;
                }
                let alone = self.solve(&mut trial, |i| !limb.contains(&i));
                // Alone, a limb that ends no lower than it was will hardly do so with the rest.
                let worth = |found: &Fit| self.best.as_ref().is_ok_and(|best| found.cost < 2.0 * best.cost);
                let moved = limb.iter().any(|&i| (trial[i] - self.q[i]).abs() > 1e-3);
                if alone.is_ok_and(|found| worth(&found)) && moved {
                    let found = self.solve(&mut trial, |_| false);
                    self.keep(found, &trial);
                }
            }
        }
    }
}

const QUARTERS: [f64; 3] = [FRAC_PI_2, -FRAC_PI_2, PI];

/// Degrees of freedom that move the joints of some bodies.
fn degrees_of(model: &Model, of: impl Fn(usize) -> bool) -> Vec<usize> {
    let moves = |i: usize| {
        let coordinate = model.coordinate_of_degree(i);
        model.joints().iter().filter(|joint| of(joint.child)).any(|joint| {
            let mut axes = joint.rotations.iter().chain(&joint.translations);
            axes.any(|axis| axis.law.coordinates().contains(&coordinate))
        })
    };
    (0..model.dof()).filter(|&i| moves(i)).collect()
}

/// How many moving joints lie between ground and each degree of freedom.
fn depths(model: &Model) -> Vec<usize> {
    let mut of_body = vec![0; model.bodies().len()];
    let mut of_coordinate = vec![usize::MAX; model.coordinates().len()];
    for joint in model.joints() {
        let depth = of_body[joint.parent];
        let axes = joint.rotations.iter().chain(&joint.translations);
        let mut moves = false;
        for &coordinate in axes.flat_map(|axis| axis.law.coordinates()) {
            of_coordinate[coordinate] = of_coordinate[coordinate].min(depth);
            moves = true;
        }
        of_body[joint.child] = depth + usize::from(moves);
    }
    (0..model.dof()).map(|i| of_coordinate[model.coordinate_of_degree(i)]).collect()
}
