//! Static optimisation over a motion: which muscles make it, frame by frame.
//!
//! ```text
//! minimise Σ |control|^p   subject to   moment arms × forces + actuators = M q̈ + h − passive forces − loads
//! ```
//!
//! as OpenSim's `StaticOptimization`: the sum runs over muscles and actuators; a muscle's force is its activation times
//! its strength ([`MuscleStrength`]); passive fibre force is not included, every other force of the model is. Accelerations are the slopes of a natural spline of
//! degree 5 through the rates at the frames, which are the slopes of such a spline through the coordinates.
//!
//! The equations are those of the coordinates that are free: locked ones have none, coupled ones pass their share on to
//! what they follow, and with closed loops the equations are taken along the motions that the loops allow.

mod frame;
mod report;
mod setup;

pub use report::{InfeasibleFrame, Missing, SoResult, SuppliedBy};
pub use setup::SoSetup;

use crate::external_loads::ExternalLoads;
use crate::{Motion, ToolError};
use frame::{Frame, Problem};
use guywire_engine::static_optimization::{StaticOptimization, StaticOptimizationError};
use guywire_osim::Description;
use guywire_osim::build::Built;
use rayon::prelude::*;
use std::sync::atomic::{AtomicUsize, Ordering};

#[cfg(doc)]
use guywire_engine::muscle::HillMuscle;

/// Frames that share one search after the other. The first starts cold, so that results do not depend on the number of
/// threads; a warm start saves about half of the steps.
const BLOCK: usize = 16;

/// What a muscle's activation is multiplied by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MuscleStrength {
    /// What its active fibre gives at full activation with a tendon that does not stretch, as OpenSim computes it:
    /// without the pennation of Millard's and De Groote's muscles
    /// ([`HillMuscle::inextensible_active_force_of_opensim`]).
    OpenSim,
    /// The same along the tendon, whatever the class ([`HillMuscle::inextensible_active_force`]).
    AlongTendon,
    /// Its maximum isometric force.
    Isometric,
}

/// What to compute.
#[derive(Clone, Debug, PartialEq)]
pub struct SoSettings {
    /// s; cut to what was measured.
    pub window: [f64; 2],
    /// Every how many frames.
    pub step_interval: usize,
    /// Exponent of the controls in the cost; above 1.
    pub activation_exponent: f64,
    /// What a muscle's activation is multiplied by.
    pub strength: MuscleStrength,
}

impl Default for SoSettings {
    /// OpenSim's.
    fn default() -> Self {
        Self {
            window: [f64::NEG_INFINITY, f64::INFINITY],
            step_interval: 1,
            activation_exponent: 2.0,
            strength: MuscleStrength::OpenSim,
        }
    }
}

/// Runs static optimisation. A frame whose generalised forces cannot be supplied is a finding
/// ([`SoResult::infeasible`]), not an error.
///
/// # Errors
/// When a setting is out of its range, no frame lies in the window, the model cannot be used or a number is not finite.
pub fn run(
    model: &Description,
    built: &Built,
    motion: &Motion,
    loads: Option<&ExternalLoads>,
    settings: &SoSettings,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<SoResult, ToolError> {
    let search = StaticOptimization::new(settings.activation_exponent).map_err(|_| ToolError::Setting {
        field: "activation_exponent",
        value: settings.activation_exponent.to_string(),
        expected: "a number above 1 (the cost would have no single least value)",
    })?;
    let mut time = motion.frames(settings.window)?.to_vec();
    thin(&mut time, settings.step_interval);
    let mechanism = built.mechanism(model);
    let problem = Problem::new(built, &mechanism, motion, loads, settings.strength)?;
    let (done, count) = (AtomicUsize::new(0), time.len());
    let blocks: Vec<Result<Vec<Solved>, ToolError>> = time
        .par_chunks(BLOCK)
        .map_init(
            || (Frame::new(&problem), search.clone()),
            |(frame, search), times| {
                search.forget();
                times
                    .iter()
                    .map(|&time| {
                        let solved = problem.solve(frame, search, time);
                        progress(done.fetch_add(1, Ordering::Relaxed) + 1, count);
                        solved
                    })
                    .collect()
            },
        )
        .collect();
    let mut result = SoResult::new(model, built, motion, loads);
    result.notes.extend(problem.left_out());
    for solved in blocks {
        for frame in solved? {
            result.push(frame);
        }
    }
    Ok(result)
}

/// Keeps the first frame, the last, and every `interval`-th in between.
pub(crate) fn thin(time: &mut Vec<f64>, interval: usize) {
    let last = time.len() - 1;
    let mut index = 0;
    time.retain(|_| {
        index += 1;
        (index - 1) % interval.max(1) == 0 || index - 1 == last
    });
}

/// One frame solved, or what stood against it.
pub(crate) struct Solved {
    pub time: f64,
    pub outcome: Result<Supplied, Vec<Missing>>,
}

/// The controls of a frame and the forces they make.
pub(crate) struct Supplied {
    pub controls: Vec<f64>,
    pub forces: Vec<f64>,
    pub loads: Vec<f64>,
    pub cost: f64,
}

fn not_finite(what: String, time: f64) -> ToolError {
    ToolError::NotFinite { what, time }
}

impl Problem<'_> {
    /// Solves the frame at a time.
    fn solve(
        &self,
        frame: &mut Frame,
        search: &mut StaticOptimization,
        time: f64,
    ) -> Result<Solved, ToolError> {
        self.state(frame, time, search)?;
        let outcome = match search.solve() {
            Ok(()) => {
                let controls = search.controls().to_vec();
                let forces = controls.iter().zip(&frame.strength).map(|(c, s)| c * s).collect();
                let mut loads = Vec::new();
                if let Some(external) = self.loads {
                    external.report(time, &frame.moment.kinematics.bodies, &mut loads);
                }
                Ok(Supplied { controls, forces, loads, cost: search.cost() })
            }
            Err(StaticOptimizationError::Infeasible { shortfalls }) => Err(self.missing(frame, &shortfalls)),
            Err(StaticOptimizationError::NotFinite { unknown }) => {
                let what = unknown.map_or_else(
                    || "a generalised force".to_owned(),
                    |k| {
                        format!("what `{}` can do, or its range,", self.built.controls[self.unknowns[k]].name)
                    },
                );
                return Err(not_finite(what, time));
            }
            Err(other) => return Err(ToolError::Search { what: other.to_string(), time }),
        };
        Ok(Solved { time, outcome })
    }
}
