//! Tension along a path.
//!
//! ```text
//! spring      k s (1 + d L̇),   s = max(L − L₀, 0)
//! ligament    F_pcsa f(L/L₀)   for L > L₀
//! Blankevoort k ε²/(2 ε_t) below ε_t, k (ε − ε_t/2) above;  + c ε̇ while it lengthens,   ε = L/L₀ − 1 > 0
//! ```
//!
//! Source of the last: Blankevoort and Huiskes 1991, J Biomech Eng 113:263; damping and its smooth start over the
//! first 0.01 of strain as OpenSim's `Blankevoort1991Ligament`.

use super::expression::Expression;
use super::{Moment, smooth_step};
use guywire_math::{Function, Real};

/// Strain over which Blankevoort's damping sets in (OpenSim).
const DAMPING_TOE: f64 = 0.01;

/// How tension depends on a path's length (m) and lengthening speed (m/s).
#[derive(Clone, Debug)]
pub enum PathLaw {
    /// `PathSpring`.
    Spring {
        /// m.
        resting_length: f64,
        /// N/m.
        stiffness: f64,
        /// s/m.
        dissipation: f64,
    },
    /// `Ligament`.
    Ligament {
        /// m.
        resting_length: f64,
        /// N.
        pcsa_force: f64,
        /// Tension over `pcsa_force` against length over resting length.
        force_length_curve: Function,
    },
    /// `Blankevoort1991Ligament`.
    Blankevoort {
        /// m.
        slack_length: f64,
        /// N per unit strain.
        linear_stiffness: f64,
        /// Strain at the end of the toe.
        transition_strain: f64,
        /// N·s per unit strain.
        damping_coefficient: f64,
    },
    /// `ExpressionBasedPathForce`: of stretch `s` and lengthening speed `ldot`.
    Formula {
        /// m.
        resting_length: f64,
        /// Whether a negative stretch counts as zero.
        clamp_stretch: bool,
        /// N.
        tension: Expression,
    },
    /// `PathActuator`.
    Actuator {
        /// Index of its control.
        control: usize,
        /// N at control 1.
        optimal_force: f64,
    },
    /// `McKibbenActuator`, a braided tube under pressure: `p (3 (L − L_c)² − b²)/(4π n²)` with `b` the length of a thread
    /// and `n` its turns.
    McKibben {
        /// Index of its control, the pressure, N/m².
        control: usize,
        /// Turns of the thread.
        turns: f64,
        /// m.
        thread_length: f64,
        /// What of the path is no tube, m.
        cord_length: f64,
    },
    /// `ClutchedPathSpring`: its stretch follows the path while the control is on, and fades while it is off.
    Clutched {
        /// Index of its control.
        control: usize,
        /// Index of its stretch (m) among the states.
        state: usize,
        /// Initial stretch, m.
        initial: f64,
        /// N/m.
        stiffness: f64,
        /// s/m.
        dissipation: f64,
        /// s.
        relaxation: f64,
    },
}

impl PathLaw {
    /// Tension in N.
    #[inline]
    pub(super) fn tension<T: Real>(&self, length: T, speed: T, moment: &Moment<'_, T>) -> T {
        match self {
            Self::Spring { resting_length, stiffness, dissipation } => {
                let stretch = length - *resting_length;
                if stretch.value() > 0.0 {
                    stretch * *stiffness * (speed * *dissipation + 1.0)
                } else {
                    T::zero()
                }
            }
            Self::Ligament { resting_length, pcsa_force, force_length_curve } => {
                if length.value() <= *resting_length {
                    T::zero()
                } else {
                    force_length_curve.at(length / *resting_length) * *pcsa_force
                }
            }
            Self::Blankevoort { slack_length, linear_stiffness, transition_strain, damping_coefficient } => {
                let (strain, rate) = (length / *slack_length - 1.0, speed / *slack_length);
                if strain.value() <= 0.0 {
                    return T::zero();
                }
                let elastic = if strain.value() < *transition_strain {
                    strain * strain * (0.5 * linear_stiffness / transition_strain)
                } else {
                    (strain - 0.5 * transition_strain) * *linear_stiffness
                };
                if rate.value() <= 0.0 {
                    return elastic;
                }
                elastic + rate * *damping_coefficient * smooth_step(strain / DAMPING_TOE)
            }
            Self::Formula { resting_length, clamp_stretch, tension } => {
                let stretch = length - *resting_length;
                let clamped = *clamp_stretch && stretch.value() < 0.0;
                tension.at(&[if clamped { T::zero() } else { stretch }, speed])
            }
            Self::Actuator { control, optimal_force } => T::lift(moment.controls[*control] * optimal_force),
            Self::McKibben { control, turns, thread_length, cord_length } => {
                let tube = length - *cord_length;
                let pressed = moment.controls[*control] / (4.0 * turns * turns * core::f64::consts::PI);
                (tube * tube * 3.0 - thread_length * thread_length) * pressed
            }
            Self::Clutched { control, state, stiffness, dissipation, .. } => {
                let on = moment.controls[*control].clamp(0.0, 1.0) * stiffness * moment.states[*state];
                (speed * *dissipation + 1.0) * on
            }
        }
    }

    pub(super) fn is_passive(&self) -> bool {
        !matches!(self, Self::Actuator { .. } | Self::McKibben { .. } | Self::Clutched { .. })
    }
}
