//! The pose that best fits observed markers and wanted coordinate values (inverse kinematics of one frame).
//!
//! ```text
//! minimise  E(q) = Σ ½ wₘ |pₘ(q) − mₘ|² / Σ wₘ  +  Σ ½ w_c (c(q) − c*)²      with  l ≤ q ≤ u
//! ```
//!
//! and c(q, t) = 0 for the model's constraints (`equalities`),
//! over the markers seen in the frame (m) and the coordinate targets (rad or m), which is the cost that
//! OpenSim minimises (Simbody's `Markers` and `QValue` conditions). Newton's method with the curvature of
//! `normal`; steps that do not pay are damped (Levenberg 1944, Marquardt 1963), bounds are an active set.
//! It ends when a whole, undamped step is below the step tolerance, so the answer is the optimum and does not
//! remember where the search began.
//!
//! A degree of freedom that moves nothing seen in a frame keeps its value. One that the markers barely
//! determine is solved for like the others; [`MarkerFit::uncertainty`] says how barely.

mod equalities;
mod normal;
mod problem;
mod step;
#[cfg(test)]
mod tests;

use crate::constraint::Constraint;
use crate::kinematics::Kinematics;
use crate::model::{Model, Source};
use equalities::Equalities;
use guywire_math::{Function, Vec3};
use normal::{Normal, Sums};
pub use problem::{CoordinateTarget, Fit, FitError, FitSettings, Frame, MarkerPoint};
use step::BoundedStep;

/// Rounds of multipliers after which constraints cannot be kept; three do, from a pose near one that keeps them.
const MOST_ROUNDS: usize = 25;

/// Fits poses of a model to markers; reused from frame to frame without allocation.
#[derive(Clone, Debug)]
pub struct MarkerFit<'m> {
    model: &'m Model,
    markers: Vec<MarkerPoint>,
    targets: Vec<CoordinateTarget>,
    settings: FitSettings,
    kinematics: Kinematics<f64>,
    /// Positions of the markers in ground at the pose last evaluated, m.
    positions: Vec<Vec3<f64>>,
    bodies: Vec<Sums>,
    seen: Vec<bool>,
    determined: Vec<bool>,
    held: Vec<bool>,
    normal: Normal,
    equalities: Equalities,
    step: BoundedStep,
    trial: Vec<f64>,
}

impl<'m> MarkerFit<'m> {
    /// Room for a model, its markers and its coordinate targets. Degrees of freedom are not bounded yet.
    ///
    /// # Errors
    /// When a marker or target names what does not exist or a number is not finite.
    pub fn new(
        model: &'m Model,
        markers: Vec<MarkerPoint>,
        targets: Vec<CoordinateTarget>,
        settings: FitSettings,
    ) -> Result<Self, FitError> {
        let weight = |w: f64| w >= 0.0 && w.is_finite();
        let sound = |m: &MarkerPoint| {
            m.body < model.bodies.len()
                && weight(m.weight)
                && m.position.to_array().into_iter().all(f64::is_finite)
        };
        if let Some(index) = markers.iter().position(|m| !sound(m)) {
            return Err(FitError::Invalid { what: "marker", index });
        }
        if let Some(index) =
            targets.iter().position(|t| t.coordinate >= model.coordinates.len() || !weight(t.weight))
        {
            return Err(FitError::Invalid { what: "coordinate target", index });
        }
        let n = model.dof();
        Ok(Self {
            model,
            positions: vec![Vec3::zero(); markers.len()],
            markers,
            targets,
            settings,
            kinematics: Kinematics::new(model),
            bodies: vec![Sums::zero(); model.bodies.len()],
            seen: vec![false; model.bodies.len()],
            determined: vec![false; n],
            held: vec![false; n],
            normal: Normal::new(model),
            equalities: Equalities::new(model, vec![]),
            step: BoundedStep::new(n),
            trial: vec![0.0; n],
        })
    }

    /// The constraints that poses are to keep; those on velocities alone are passed over.
    pub fn set_constraints(&mut self, constraints: Vec<Constraint>) {
        self.equalities = Equalities::new(self.model, constraints);
    }

    /// Bounds of degree of freedom `i`, rad or m; equal bounds hold it.
    ///
    /// # Errors
    /// When `lower > upper` or one is NaN.
    pub fn set_bounds(&mut self, i: usize, lower: f64, upper: f64) -> Result<(), FitError> {
        let n = self.determined.len();
        if i >= n {
            return Err(FitError::Length { what: "degrees of freedom", expected: n, got: i + 1 });
        }
        if lower.is_nan() || upper.is_nan() || lower > upper {
            return Err(FitError::NotFinite("a bound"));
        }
        (self.step.lower[i], self.step.upper[i]) = (lower, upper);
        Ok(())
    }

    /// Bounds of a coordinate, rad or m. One that follows a single other by a straight line bounds that one; for
    /// one that is locked or follows otherwise nothing is bounded, and the answer is false.
    ///
    /// # Errors
    /// When `lower > upper`, one is NaN, or there is no such coordinate.
    pub fn bound_coordinate(&mut self, coordinate: usize, lower: f64, upper: f64) -> Result<bool, FitError> {
        let (mut degree, mut low, mut high) = (None, lower, upper);
        match self.model.sources.get(coordinate) {
            None => return Err(FitError::Invalid { what: "bounded coordinate", index: coordinate }),
            Some(Source::Free(i)) => degree = Some(*i),
            Some(Source::Locked) => {}
            Some(Source::Coupled(k)) => {
                let coupler = &self.model.couplers[*k];
                if let ([(source, gain)], Function::Linear { slope, intercept }) =
                    (coupler.terms.as_slice(), &coupler.function)
                    && let Source::Free(i) = self.model.sources[*source]
                    && slope * gain != 0.0
                {
                    degree = Some(i);
                    (low, high) =
                        ((lower - intercept) / (slope * gain), (upper - intercept) / (slope * gain));
                    if slope * gain < 0.0 {
                        (low, high) = (high, low);
                    }
                }
            }
        }
        let Some(i) = degree else { return Ok(false) };
        let (low, high) = (f64::max(low, self.step.lower[i]), f64::min(high, self.step.upper[i]));
        self.set_bounds(i, low, high)?;
        Ok(true)
    }

    /// Degrees of freedom for which `held` is true keep their start until this is called again.
    pub fn hold(&mut self, held: impl Fn(usize) -> bool) {
        for (i, hold) in self.held.iter_mut().enumerate() {
            *hold = held(i);
        }
    }

    /// Moves `q` (the start) to the pose that fits `frame` best.
    ///
    /// # Errors
    /// When the input is not finite or of the wrong length, or the search does not come to rest; `q` is then
    /// the best pose found.
    pub fn solve(&mut self, frame: &Frame<'_>, q: &mut [f64]) -> Result<Fit, FitError> {
        self.check(frame, q)?;
        for (q, (lower, upper)) in q.iter_mut().zip(self.step.lower.iter().zip(&self.step.upper)) {
            *q = q.clamp(*lower, *upper);
        }
        let weight = self.look(frame);
        if self.equalities.is_empty() {
            return self.descend(frame, q, weight, self.settings.step_tolerance);
        }
        self.kinematics.update(self.model, q);
        self.tie();
        self.equalities.start();
        let mut steps = 0;
        for _ in 0..MOST_ROUNDS {
            let found = self.descend(frame, q, weight, self.settings.step_tolerance);
            let mut found = found.inspect_err(|_| self.equalities.forget())?;
            steps += found.steps;
            if self.equalities.worst().0 <= self.settings.constraint_tolerance {
                found.cost -= self.equalities.evaluate(&self.kinematics, frame.time);
                return Ok(Fit { steps, ..found });
            }
            self.equalities.next_round();
        }
        let (error, constraint) = self.equalities.worst();
        self.equalities.forget();
        Err(FitError::Constraint { constraint, error })
    }

    /// What the constraints tie to others is determined too.
    fn tie(&mut self) {
        self.equalities.mark(self.model, &self.kinematics, &mut self.determined);
        for (determined, held) in self.determined.iter_mut().zip(&self.held) {
            *determined &= !held;
        }
    }

    /// Newton's method to the nearest optimum.
    fn descend(
        &mut self,
        frame: &Frame<'_>,
        q: &mut [f64],
        weight: f64,
        tolerance: f64,
    ) -> Result<Fit, FitError> {
        let mut cost = self.evaluate(frame, q, weight);
        if !cost.is_finite() {
            return Err(FitError::NotFinite("the cost at the start"));
        }
        let mut damping = 0.0;
        let (mut last_step, mut was_whole) = (f64::INFINITY, false);
        let mut steps = 0;
        while steps < self.settings.most_steps {
            steps += 1;
            self.linearise(frame);
            // Damp until the step pays.
            let (mut paid, mut moved) = (false, 0.0);
            for _ in 0..40 {
                let (predicted, used) = self.step.solve(&self.normal, &self.determined, q, damping);
                damping = used;
                moved = 0.0;
                for (i, trial) in self.trial.iter_mut().enumerate() {
                    *trial = q[i] + self.step.change[i];
                    moved = f64::max(moved, self.step.change[i].abs());
                }
                let trial = std::mem::take(&mut self.trial);
                let reached = self.evaluate(frame, &trial, weight);
                self.trial = trial;
                // Near the optimum the gain drowns in rounding; such a step is taken as it is.
                let rounding = 1e-13 * cost + f64::MIN_POSITIVE;
                if reached <= cost - 1e-4 * predicted || (predicted <= rounding && reached <= cost + rounding)
                {
                    q.copy_from_slice(&self.trial);
                    cost = reached;
                    paid = true;
                    break;
                }
                if moved < tolerance {
                    break;
                }
                damping = f64::max(10.0 * damping, 1e-4);
            }
            // Undamped steps shrink ever faster; once the next would be too short it need not be taken.
            let whole = paid && damping <= step::NO_DAMPING;
            let next = if whole && was_whole { moved * f64::min(moved / last_step, 1.0) } else { moved };
            (was_whole, last_step) = (whole, moved);
            let arrived = moved < tolerance || next < 0.01 * tolerance;
            if arrived && (whole || !paid) {
                if !paid {
                    self.evaluate(frame, q, weight);
                }
                return Ok(Fit { cost, steps, last_step });
            }
            if !paid {
                break;
            }
            damping = if damping <= 1e-6 { 0.0 } else { damping * 0.1 };
        }
        self.evaluate(frame, q, weight);
        let (worst_marker, largest_error) = self.worst(frame);
        Err(FitError::Unconverged { steps, last_step, cost, worst_marker, largest_error })
    }

    /// Positions of all markers in ground at the pose that [`MarkerFit::solve`] ended with, m.
    pub fn positions(&self) -> &[Vec3<f64>] {
        &self.positions
    }

    /// The markers.
    pub fn markers(&self) -> &[MarkerPoint] {
        &self.markers
    }

    /// Where everything is at the pose that [`MarkerFit::solve`] ended with.
    pub fn kinematics(&self) -> &Kinematics<f64> {
        &self.kinematics
    }

    /// Which degrees of freedom move something that the last frame showed.
    pub fn determined(&self) -> &[bool] {
        &self.determined
    }

    /// How far each degree of freedom can be from the optimum of the last frame if the cost is `excess` above
    /// it: `√(2 excess (H⁻¹)ᵢᵢ)`, where a bound holds it `excess / |∂E/∂qᵢ|`, rad or m; infinite where nothing
    /// determines it.
    pub fn uncertainty(&mut self, frame: &Frame<'_>, q: &[f64], excess: f64) -> Result<Vec<f64>, FitError> {
        self.check(frame, q)?;
        let weight = self.look(frame);
        self.evaluate(frame, q, weight);
        self.linearise(frame);
        let variances = self.step.inverse_diagonal(&self.normal, &self.determined, q);
        let gradient = &self.normal.gradient;
        let open = |(v, g): (f64, &f64)| {
            if v == 0.0 && *g != 0.0 { excess / g.abs() } else { libm::sqrt(2.0 * excess * v) }
        };
        Ok(variances.into_iter().zip(gradient).map(open).collect())
    }

    /// The cost E at a pose, which need not keep the constraints.
    ///
    /// # Errors
    /// When the input is not finite or of the wrong length.
    pub fn cost(&mut self, frame: &Frame<'_>, q: &[f64]) -> Result<f64, FitError> {
        self.check(frame, q)?;
        let weight = self.look(frame);
        let cost = self.evaluate(frame, q, weight);
        Ok(cost - self.equalities.evaluate(&self.kinematics, frame.time))
    }

    fn check(&self, frame: &Frame<'_>, q: &[f64]) -> Result<(), FitError> {
        let length = |what, expected, got| {
            if expected == got { Ok(()) } else { Err(FitError::Length { what, expected, got }) }
        };
        length("degrees of freedom", self.model.dof(), q.len())?;
        length("observed markers", self.markers.len(), frame.observed.len())?;
        length("coordinate targets", self.targets.len(), frame.targets.len())?;
        if !q.iter().all(|v| v.is_finite()) {
            return Err(FitError::NotFinite("the start"));
        }
        let mut observed = frame.observed.iter().flatten().flat_map(|p| p.to_array());
        if !observed.all(f64::is_finite) || !frame.targets.iter().all(|v| v.is_finite()) {
            return Err(FitError::NotFinite("an observed marker or wanted coordinate"));
        }
        Ok(())
    }

    /// Notes which degrees of freedom the frame determines; returns the weight of what was seen.
    fn look(&mut self, frame: &Frame<'_>) -> f64 {
        self.seen.fill(false);
        self.determined.fill(false);
        let mut weight = 0.0;
        for (marker, observed) in self.markers.iter().zip(frame.observed) {
            if observed.is_some() && marker.weight > 0.0 {
                self.seen[marker.body] = true;
                weight += marker.weight;
            }
        }
        for (index, joint) in self.model.joints.iter().enumerate().rev() {
            if self.seen[joint.child] {
                self.seen[joint.parent] = true;
                for slot in self.model.slots[index].clone() {
                    self.determine(self.model.slot_coordinate[slot]);
                }
            }
        }
        for k in 0..self.targets.len() {
            if self.targets[k].weight > 0.0 {
                self.determine(self.targets[k].coordinate);
            }
        }
        for (determined, held) in self.determined.iter_mut().zip(&self.held) {
            *determined &= !held;
        }
        weight
    }

    fn determine(&mut self, coordinate: usize) {
        match self.model.sources[coordinate] {
            Source::Free(i) => self.determined[i] = true,
            Source::Locked => {}
            Source::Coupled(k) => {
                for &(source, _) in &self.model.couplers[k].terms {
                    if let Source::Free(i) = self.model.sources[source] {
                        self.determined[i] = true;
                    }
                }
            }
        }
    }

    /// Moves the model to `q`, sums up the markers and returns the cost.
    fn evaluate(&mut self, frame: &Frame<'_>, q: &[f64], weight: f64) -> f64 {
        self.kinematics.update(self.model, q);
        self.bodies.fill(Sums::zero());
        let share = if weight > 0.0 { 1.0 / weight } else { 0.0 };
        let mut cost = 0.0;
        for ((marker, position), observed) in self.markers.iter().zip(&mut self.positions).zip(frame.observed)
        {
            *position = self.kinematics.bodies[marker.body].point(marker.position);
            if let Some(observed) = observed
                && marker.weight > 0.0
            {
                let (off, weight) = (*position - *observed, marker.weight * share);
                self.bodies[marker.body].add_marker(weight, *position, off);
                cost += 0.5 * weight * off.dot(off);
            }
        }
        for (target, wanted) in self.targets.iter().zip(frame.targets) {
            let off = self.kinematics.coordinates[target.coordinate] - wanted;
            cost += 0.5 * target.weight * off * off;
        }
        if !self.equalities.is_empty() {
            cost += self.equalities.evaluate(&self.kinematics, frame.time);
        }
        cost
    }

    /// Gradient and curvature at the pose last evaluated.
    fn linearise(&mut self, frame: &Frame<'_>) {
        self.normal.gather(self.model, &self.kinematics, &self.bodies);
        for (target, wanted) in self.targets.iter().zip(frame.targets) {
            let off = self.kinematics.coordinates[target.coordinate] - wanted;
            self.normal.add_coordinate(self.model, &self.kinematics, target.coordinate, target.weight, off);
        }
        if !self.equalities.is_empty() {
            self.equalities.linearise(self.model, &self.kinematics, &mut self.normal);
        }
    }

    fn worst(&self, frame: &Frame<'_>) -> (usize, f64) {
        let mut worst = (0, 0.0);
        for (k, (position, observed)) in self.positions.iter().zip(frame.observed).enumerate() {
            if let Some(observed) = observed {
                let off = (*position - *observed).norm();
                if off > worst.1 {
                    worst = (k, off);
                }
            }
        }
        worst
    }
}
