//! Static equilibrium of fibre and elastic tendon at a path length.
//!
//! ```text
//! (a f_A(l) + f_P(l)) cos α − f_T((path − w)/l_slack) = 0
//! ```
//!
//! The unknown is `w`, the fibre's part along the tendon, because the tendon is linear in it and nothing is
//! singular where the fibre is steep. Newton's steps are kept between a fibre at its shortest and a slack tendon;
//! they start near a tendon stretched by one per cent, as OpenSim's, so that of several equilibria the same is found.

use super::HillMuscle;
use super::bezier::MuscleError;
use super::hill::Behaviour;
use super::state::MuscleState;

/// Newton's last step over the optimal fibre length. Convergence is quadratic but where the last step crosses a corner of
/// a curve; there it leaves this much of the corner.
const LAST_STEP: f64 = 1e-11;
/// Bisection alone needs this many steps for the whole mantissa.
const MOST_STEPS: usize = 60;
/// Tendon stretch to start from.
const START: f64 = 1.01;

impl HillMuscle {
    /// The muscle in static equilibrium at a path length: the fibre neither moves nor is off balance, unless it is
    /// held at its shortest. `path_speed` is what the tendon then moves with. A rigid muscle is returned at rest.
    ///
    /// # Errors
    /// When a number is not finite.
    pub fn equilibrium(
        &self,
        activation: f64,
        path_length: f64,
        path_speed: f64,
    ) -> Result<MuscleState, MuscleError> {
        let Some(tendon) = &self.tendon else {
            return self.rigid(activation, path_length, 0.0);
        };
        let p = &self.properties;
        let (fiber_length, held) = self.settle(activation, path_length);
        let mut s = self.at_length(self.activation.clamp(activation), fiber_length, None);
        s.tendon_length = path_length - s.fiber_length * s.cos_pennation;
        s.tendon_velocity = path_speed;
        s.clamped = held;
        // Classes without a shortest fibre carry nothing on a path shorter than the slack tendon.
        let limited = matches!(self.behaviour, Behaviour::Millard | Behaviour::Thelen);
        if held && !limited && path_length <= p.tendon_slack_length {
            s.tendon_length = path_length;
            return s.finite();
        }
        s.tendon_force =
            tendon.value_slope(s.tendon_length / p.tendon_slack_length).0 * p.max_isometric_force;
        if !held {
            s.active_fiber_force = s.activation * s.active_force_length * p.max_isometric_force;
        }
        if !(held && self.behaviour == Behaviour::Millard) {
            s.passive_fiber_force = s.passive_force_length * p.max_isometric_force;
        }
        s.finite()
    }

    /// Fibre length in static equilibrium at a path length, m.
    #[inline]
    pub fn equilibrium_length(&self, activation: f64, path_length: f64) -> f64 {
        if self.is_rigid() {
            return self.pennation.fiber_length(path_length - self.properties.tendon_slack_length);
        }
        self.settle(activation, path_length).0
    }

    /// Fibre length in static equilibrium, and whether it is held at its shortest: because even a slack tendon cannot
    /// lengthen it, or because the shortest fibre outpulls the tendon.
    fn settle(&self, activation: f64, path_length: f64) -> (f64, bool) {
        self.settle_under(self.activation.clamp(activation), 0.0, path_length)
    }

    /// As [`Self::settle`], for a fibre whose active force is `drive` times the active curve, beside a constant force.
    fn settle_under(&self, drive: f64, constant: f64, path_length: f64) -> (f64, bool) {
        let (optimal, slack) = (self.properties.optimal_fiber_length, self.properties.tendon_slack_length);
        let (mut low, mut high) = (self.least_along, path_length - slack);
        if high <= low {
            return (self.shortest, true);
        }
        let mut taut_at_shortest = false;
        let mut x = self.start(drive, path_length).max(low).min(high);
        for _ in 0..MOST_STEPS {
            let (value, slope) = self.imbalance_under(drive, constant, x, path_length);
            if value > 0.0 {
                high = x;
            } else if value < 0.0 {
                (low, taut_at_shortest) = (x, true);
            } else {
                // Also where it is not a number: then no step is better than another.
                break;
            }
            let mut next = x - value / slope;
            if !(next > low && next < high) {
                if !taut_at_shortest && self.imbalance_under(drive, constant, low, path_length).0 >= 0.0 {
                    return (self.shortest, true);
                }
                taut_at_shortest = true;
                next = 0.5 * (low + high);
            }
            let step = next - x;
            x = next;
            if step.abs() <= LAST_STEP * optimal {
                break;
            }
        }
        (self.pennation.length_for(x), false)
    }

    /// Where to start: the fibre beside a tendon stretched as OpenSim starts it makes a force, and the tendon under that
    /// force leaves a length for the fibre.
    fn start(&self, activation: f64, path_length: f64) -> f64 {
        let (optimal, slack) = (self.properties.optimal_fiber_length, self.properties.tendon_slack_length);
        let along = (path_length - START * slack).max(self.least_along);
        let length = self.pennation.length_for(along);
        let Some(tendon) = self.tendon.as_ref().filter(|_| length > 0.0) else { return along };
        let norm = length / optimal;
        let fiber = activation * self.active.value_slope(norm).0 + self.passive.value_slope(norm).0;
        path_length - slack * tendon.length_near(fiber * along / length)
    }

    /// Fibre length that OpenSim starts a motion from (`computeInitialFiberEquilibrium`), m.
    ///
    /// Millard's and the deprecated classes rest whatever the path does. In De Groote's the tendon keeps its length, so
    /// that the fibre takes the path's speed. Thelen's shares the speed between fibre and tendon by their stiffness along
    /// the tendon, which depends on the velocity factor; this is repeated until both agree. OpenSim stops as soon as the
    /// balance before the last change of speed is good enough, so that it differs by up to 3e-7 of the length. Where a
    /// fibre that outruns its force leaves the tendon slack, and gets its force back on the slack tendon, there is no
    /// agreement; OpenSim ends with the slack tendon, and so does this.
    pub fn initial_fiber_length(&self, activation: f64, path_length: f64, path_speed: f64) -> f64 {
        let mut length = self.equilibrium_length(activation, path_length);
        let shares = matches!(self.behaviour, Behaviour::Thelen | Behaviour::DeGroote);
        let Some(tendon) = self.tendon.as_ref().filter(|_| shares && path_speed != 0.0) else {
            return length;
        };
        let p = &self.properties;
        let (optimal, slack) = (p.optimal_fiber_length, p.tendon_slack_length);
        let activation = self.activation.clamp(activation);
        let unit = self.velocity.unit(p.max_contraction_velocity, activation) * optimal;
        let (mut factor, mut weaker) = (1.0, length);
        for _ in 0..MOST_STEPS {
            let cosine = self.pennation.sin_cos(length).1;
            let (active, d_active) = self.active.value_slope(length / optimal);
            let (passive, d_passive) = self.passive.value_slope(length / optimal);
            let tendon_norm = (path_length - length * cosine) / slack;
            let fiber = activation * factor * active + passive;
            let d_fiber = (activation * factor * d_active + d_passive) / optimal;
            let own = (d_fiber * cosine + fiber * (1.0 - cosine * cosine) / (length * cosine)) * cosine;
            let others = tendon.value_slope(tendon_norm).1 / slack;
            let share = match self.behaviour {
                Behaviour::DeGroote => 1.0,
                _ if tendon_norm > 1.0 && (own + others).abs() > 1e-14 => others / (own + others),
                // OpenSim: a slack tendon takes all of the speed.
                _ => 0.0,
            };
            let velocity = share * path_speed * cosine / unit;
            let next = self.velocity.multiplier(activation, active, velocity).max(0.0);
            let damping = self.velocity.damping(velocity);
            let moved = self.settle_under(activation * next, damping, path_length).0;
            let done = (moved - length).abs() <= 1e-12 * optimal && (next - factor).abs() <= 1e-12;
            let before = (length, factor);
            (length, factor) = (moved, next);
            if done {
                return length;
            }
            weaker = if before.1 < factor { before.0 } else { length };
        }
        weaker
    }

    /// By how much a resting fibre outpulls its elastic tendon, over maximum isometric force, and how that grows with
    /// the fibre's part `along` the tendon (per m). A rigid tendon is outpulled by nothing.
    #[inline]
    pub fn imbalance(&self, activation: f64, along: f64, path_length: f64) -> (f64, f64) {
        self.imbalance_under(activation, 0.0, along, path_length)
    }

    #[inline]
    fn imbalance_under(&self, drive: f64, constant: f64, along: f64, path_length: f64) -> (f64, f64) {
        let Some(tendon) = &self.tendon else {
            return (0.0, 0.0);
        };
        let (optimal, slack) = (self.properties.optimal_fiber_length, self.properties.tendon_slack_length);
        let length = self.pennation.length_for(along);
        let cosine = if length > 0.0 { along / length } else { 1.0 };
        let (active, d_active) = self.active.value_slope(length / optimal);
        let (passive, d_passive) = self.passive.value_slope(length / optimal);
        let (pull, stiffness) = tendon.value_slope((path_length - along) / slack);
        let fiber = drive * active + passive + constant;
        let d_fiber = (drive * d_active + d_passive) / optimal;
        let d_cosine = if length > 0.0 { (1.0 - cosine * cosine) / length } else { 0.0 };
        (fiber * cosine - pull, d_fiber * cosine * cosine + fiber * d_cosine + stiffness / slack)
    }
}
