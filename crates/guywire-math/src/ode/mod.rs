//! Ordinary differential equations `ẏ = f(t, y)` with error control.
//!
//! Two methods, told apart by what limits the step ([`Method`]): an explicit one of fifth order for smooth motion, and
//! a linearly implicit one of third order whose Jacobian may be any approximation. The second is given only the rows
//! of the fast unknowns (muscle fibres on their tendons): each pulls itself back quickly to where the slow ones want
//! it. Such a Jacobian is triangular, costs nothing to invert and removes the limit that fast unknowns set to explicit
//! steps.
//!
//! A step of length `h` is accepted when the difference `e` of the method and its embedded lower order satisfies
//!
//! ```text
//! max_i |e_i| / (tolerance (scale_i + |y_i|)) ≤ 1
//! ```
//!
//! and the next is `h · 0.9 · norm^(−1/q + 3β/4) · norm_before^β`, within limits. With `β = 0` a method that is held back
//! by its stability oscillates between accepted and refused steps (Hairer and Wanner 1996, IV.2).

mod tableau;
#[cfg(test)]
mod tests;

use tableau::{DORMAND_PRINCE, ROSENBROCK_W, Tableau};

/// `β` of the step control.
const DAMPING: f64 = 0.06;
/// Stands for the error of a step that gave no numbers.
const NO_NUMBER: f64 = 1e15;

/// A system of equations.
pub trait Ode {
    /// Why the rates could not be computed.
    type Error;

    /// Rates of the state at a time.
    ///
    /// # Errors
    /// When there are none, for instance at a state outside the model; the step is then tried again, smaller.
    fn rates(&mut self, time: f64, state: &[f64], rates: &mut [f64]) -> Result<(), Self::Error>;

    /// Looks at the rates near a state for the implicit method: `diagonal` gets about `∂f_i/∂y_i` of the fast
    /// unknowns, below zero, and exactly zero for the slow ones. Called directly after [`Ode::rates`] at the same state.
    ///
    /// # Errors
    /// As [`Ode::rates`].
    fn linearize(&mut self, _time: f64, _state: &[f64], diagonal: &mut [f64]) -> Result<(), Self::Error> {
        diagonal.fill(0.0);
        Ok(())
    }

    /// How the fast unknowns' rates change when the slow ones change by `change`, at the state last given to
    /// [`Ode::linearize`]: `out_i = Σ_slow ∂f_i/∂y_j change_j` for the fast ones, zero for the slow ones. Entries of
    /// `change` that belong to fast unknowns are to be ignored.
    fn couple(&mut self, _change: &[f64], out: &mut [f64]) {
        out.fill(0.0);
    }

    /// Called with every accepted step: may bring the state back to what it must satisfy. True if it changed.
    ///
    /// # Errors
    /// When the state cannot be brought back.
    fn settle(&mut self, _time: f64, _state: &mut [f64]) -> Result<bool, Self::Error> {
        Ok(false)
    }
}

/// How steps are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Explicit, order 5 with 4 embedded (Dormand and Prince 1980, J Comput Appl Math 6:19).
    DormandPrince,
    /// Linearly implicit, order 3 with 2 embedded, with any Jacobian: ROS34PW2 (Rang and Angermann 2005, BIT 45:761).
    RosenbrockW,
}

/// Why the integration stopped.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum OdeError<E> {
    /// The equations gave no rates and smaller steps did not help.
    #[error("the equations have no rates near {time} s")]
    Rates {
        /// s.
        time: f64,
        /// What they said.
        cause: E,
    },
    /// The equations jump all the time, or the step fell below what time resolves.
    #[error("the error stays above the tolerance at {time} s even with steps of {step} s")]
    StepTooSmall {
        /// s.
        time: f64,
        /// s.
        step: f64,
    },
    /// More steps than allowed.
    #[error("more than {most} steps, at {time} s")]
    TooManySteps {
        /// s.
        time: f64,
        /// Allowed.
        most: usize,
    },
}

/// Settings of an [`Integrator`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OdeSettings {
    /// How steps are made.
    pub method: Method,
    /// Error of a step over the size of the unknown.
    pub tolerance: f64,
    /// Longest step, s.
    pub longest: f64,
    /// Shortest step, s. Where an error stays above the tolerance even so, the equations jump: the step is taken all the
    /// same, and counted.
    pub shortest: f64,
    /// How often that may happen in one [`Integrator::advance`].
    pub most_jumps: usize,
    /// Most steps of one [`Integrator::advance`], rejected ones counted.
    pub most_steps: usize,
}

/// What an integration cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OdeCount {
    /// Accepted steps.
    pub accepted: usize,
    /// Rejected steps.
    pub rejected: usize,
    /// Steps taken over jumps of the equations, with an error above the tolerance.
    pub jumps: usize,
    /// Evaluations of the rates.
    pub evaluations: usize,
}

/// Advances a state in time; its memory is reused and nothing is allocated from step to step.
#[derive(Clone, Debug)]
pub struct Integrator {
    settings: OdeSettings,
    tableau: &'static Tableau,
    scale: Vec<f64>,
    /// Step to try next, s; zero before the first.
    step: f64,
    /// Norm of the error of the last accepted step, and whether the last one was refused.
    before: f64,
    refused: bool,
    /// Whether `base` holds the rates at the current state, and `diagonal` their derivatives.
    fresh: bool,
    linear: bool,
    base: Vec<f64>,
    slopes: Vec<Vec<f64>>,
    diagonal: Vec<f64>,
    trial: Vec<f64>,
    couple: Vec<f64>,
    change: Vec<f64>,
    coupled: Vec<f64>,
    count: OdeCount,
}

impl Integrator {
    /// For a state whose unknowns have these sizes (errors are relative to size and value together).
    pub fn new(settings: OdeSettings, scale: Vec<f64>) -> Self {
        let tableau = match settings.method {
            Method::DormandPrince => &DORMAND_PRINCE,
            Method::RosenbrockW => &ROSENBROCK_W,
        };
        let n = scale.len();
        Self {
            settings,
            tableau,
            step: 0.0,
            before: 1e-4,
            refused: false,
            fresh: false,
            linear: false,
            base: vec![0.0; n],
            slopes: vec![vec![0.0; n]; tableau.stages],
            diagonal: vec![0.0; n],
            trial: vec![0.0; n],
            couple: vec![0.0; n],
            change: vec![0.0; n],
            coupled: vec![0.0; n],
            count: OdeCount::default(),
            scale,
        }
    }

    /// Steps and evaluations so far.
    pub fn count(&self) -> OdeCount {
        self.count
    }

    /// The state or the equations changed between two calls of [`Integrator::advance`].
    pub fn restart(&mut self) {
        self.fresh = false;
    }

    /// Goes from `*time` to exactly `until`, calling `each` after every accepted step. The equations must be smooth
    /// in between: stop where they have kinks in time.
    ///
    /// # Errors
    /// When no step is possible any more; `state` and `time` are then those of the last accepted step.
    pub fn advance<O: Ode>(
        &mut self,
        ode: &mut O,
        time: &mut f64,
        until: f64,
        state: &mut [f64],
        mut each: impl FnMut(f64, &[f64]),
    ) -> Result<(), OdeError<O::Error>> {
        self.restart();
        let (mut tried, mut jumps) = (0, 0);
        while *time < until {
            if !self.fresh {
                self.count.evaluations += 1;
                ode.rates(*time, state, &mut self.base)
                    .map_err(|cause| OdeError::Rates { time: *time, cause })?;
                (self.fresh, self.linear) = (true, false);
            }
            if self.step == 0.0 {
                self.step = self.first_step(state);
            }
            let wanted = self.step.min(self.settings.longest);
            let left = until - *time;
            // The last step is stretched or halved a little rather than followed by a tiny one.
            let ends = left <= 1.01 * wanted;
            let step = if ends { left } else { wanted.min(0.5 * left.max(wanted)) };
            tried += 1;
            if tried > self.settings.most_steps {
                return Err(OdeError::TooManySteps { time: *time, most: self.settings.most_steps });
            }
            let outcome = self.attempt(ode, *time, step, state);
            let norm = match &outcome {
                Ok(norm) if norm.is_finite() => *norm,
                _ => NO_NUMBER,
            };
            let order = self.tableau.control_order;
            let plain = libm::pow(norm.max(1e-10), -1.0 / order);
            let factor = if norm > 1.0 {
                (0.9 * plain).clamp(0.2, 0.9)
            } else {
                let damped =
                    plain * libm::pow(norm.max(1e-10), 0.75 * DAMPING) * libm::pow(self.before, DAMPING);
                (0.9 * damped).clamp(0.2, if self.refused { 1.0 } else { 5.0 })
            };
            self.refused = norm > 1.0;
            if norm > 1.0 {
                // The rates jump within the shortest step: shorter ones would find the jump just the same.
                let over = outcome.is_ok() && step <= 1.01 * self.settings.shortest && norm < NO_NUMBER;
                if over {
                    jumps += 1;
                    self.count.jumps += 1;
                } else {
                    self.count.rejected += 1;
                    self.step = (step * factor).max(self.settings.shortest);
                }
                if jumps > self.settings.most_jumps || (!over && step <= self.settings.shortest) {
                    return Err(match outcome {
                        Err(cause) => OdeError::Rates { time: *time, cause },
                        Ok(_) => OdeError::StepTooSmall { time: *time, step },
                    });
                }
                if !over {
                    continue;
                }
            }
            self.count.accepted += 1;
            self.before = norm.clamp(1e-4, 1.0);
            // A step cut short by `until` says little about longer ones.
            self.step = if step < wanted { wanted.max(step * factor) } else { step * factor };
            *time = if ends { until } else { *time + step };
            state.copy_from_slice(&self.trial);
            let changed = ode.settle(*time, state).map_err(|cause| OdeError::Rates { time: *time, cause })?;
            self.fresh = self.tableau.first_is_last && !changed;
            if let (true, Some(last)) = (self.fresh, self.slopes.last()) {
                self.base.copy_from_slice(last);
            }
            each(*time, state);
        }
        Ok(())
    }

    /// A step that changes no unknown by more than about a hundredth of its size.
    fn first_step(&self, state: &[f64]) -> f64 {
        let fastest = self
            .base
            .iter()
            .zip(&self.scale)
            .zip(state)
            .fold(0.0f64, |m, ((rate, scale), value)| m.max(rate.abs() / (scale + value.abs())));
        let longest = self.settings.longest.min(0.01);
        let step = if fastest > 0.0 { 0.01 / fastest } else { longest };
        step.clamp(self.settings.shortest, longest.max(self.settings.shortest))
    }

    /// One step into `trial`; the norm of its error.
    fn attempt<O: Ode>(&mut self, ode: &mut O, time: f64, h: f64, state: &[f64]) -> Result<f64, O::Error> {
        let (tableau, implicit) = (self.tableau, self.tableau.gamma > 0.0);
        if implicit && !self.linear {
            ode.linearize(time, state, &mut self.diagonal)?;
            self.linear = true;
        }
        for stage in 0..tableau.stages {
            let (before, rest) = self.slopes.split_at_mut(stage);
            let slope = &mut rest[0];
            if stage > 0 {
                for i in 0..state.len() {
                    let (mut sum, mut couple) = (0.0, 0.0);
                    for (j, earlier) in before.iter().enumerate() {
                        sum += tableau.a[stage][j] * earlier[i];
                        couple += tableau.c[stage][j] * earlier[i];
                    }
                    self.trial[i] = state[i] + h * sum;
                    self.couple[i] = couple;
                }
                self.count.evaluations += 1;
                ode.rates(time + tableau.time[stage] * h, &self.trial, slope)?;
            } else {
                slope.copy_from_slice(&self.base);
                self.couple.fill(0.0);
            }
            if implicit {
                // Slow unknowns are explicit: their k is the rate, and what it does to the fast ones is known.
                for ((change, couple), slope) in self.change.iter_mut().zip(&self.couple).zip(&*slope) {
                    *change = couple + tableau.gamma * slope;
                }
                ode.couple(&self.change, &mut self.coupled);
                for (i, slope) in slope.iter_mut().enumerate() {
                    let j = h * self.diagonal[i];
                    *slope = (*slope + j * self.couple[i] + h * self.coupled[i]) / (1.0 - tableau.gamma * j);
                }
            }
        }
        let mut norm = 0.0f64;
        for i in 0..state.len() {
            let (mut sum, mut error) = (0.0, 0.0);
            for (j, slope) in self.slopes.iter().enumerate() {
                sum += tableau.b[j] * slope[i];
                error += tableau.e[j] * slope[i];
            }
            self.trial[i] = state[i] + h * sum;
            let size = self.scale[i] + state[i].abs().max(self.trial[i].abs());
            let ratio = (h * error).abs() / (self.settings.tolerance * size);
            // NaN must not be lost in the maximum.
            norm = if ratio.is_nan() { f64::INFINITY } else { norm.max(ratio) };
        }
        Ok(norm)
    }
}
