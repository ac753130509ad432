//! Muscles, with the constants of their classes.

use super::{Function, GeometryPath};
use guywire_engine::muscle::class::{DeGrooteFregly2016, Millard2012, Thelen2003, Thelen2003Deprecated};

/// A muscle of any class.
#[derive(Clone, Debug)]
pub struct Muscle {
    /// Its line.
    pub path: GeometryPath,
    /// N.
    pub max_isometric_force: f64,
    /// m.
    pub optimal_fiber_length: f64,
    /// m.
    pub tendon_slack_length: f64,
    /// rad.
    pub pennation_angle_at_optimal: f64,
    /// Optimal fibre lengths a second.
    pub max_contraction_velocity: f64,
    /// OpenSim's `ignore_tendon_compliance`.
    pub ignore_tendon_compliance: bool,
    /// OpenSim's `ignore_activation_dynamics`.
    pub ignore_activation_dynamics: bool,
    /// Least and greatest control.
    pub control: [f64; 2],
    /// Its class and what only that class has.
    pub kind: MuscleKind,
}

/// The class of a muscle and the properties of that class, named as in OpenSim.
#[derive(Clone, Debug)]
pub enum MuscleKind {
    /// `Thelen2003Muscle`.
    Thelen2003 {
        /// What the engine computes with.
        properties: Thelen2003,
        /// Where it starts.
        start: FiberStart,
    },
    /// `Millard2012EquilibriumMuscle`.
    Millard2012 {
        /// What the engine computes with.
        properties: Box<Millard2012>,
        /// Where it starts.
        start: FiberStart,
    },
    /// `DeGrooteFregly2016Muscle`.
    DeGrooteFregly2016 {
        /// What the engine computes with.
        properties: DeGrooteFregly2016,
        /// Initial activation.
        default_activation: f64,
        /// Whether tendon compliance is explicit or implicit.
        implicit_tendon: bool,
        /// Initial tendon force over maximum isometric force.
        default_normalized_tendon_force: f64,
    },
    /// `RigidTendonMuscle`: spline curves.
    RigidTendon {
        /// Active force against normalised fibre length.
        active: Function,
        /// Passive force against normalised fibre length.
        passive: Function,
        /// Force against normalised velocity.
        velocity: Function,
    },
    /// `Schutte1993Muscle_Deprecated`, `Delp1990Muscle_Deprecated`: spline curves and constants.
    Classic {
        /// True for Schutte 1993, false for Delp 1990.
        schutte: bool,
        /// s.
        time_scale: f64,
        /// Activation constants `activation1`, `activation2`.
        activation: [f64; 2],
        /// Damping.
        damping: f64,
        /// Mass (Delp), kg.
        mass: f64,
        /// Tendon force against strain.
        tendon: Function,
        /// Active force against normalised fibre length.
        active: Function,
        /// Passive force against normalised fibre length. None only for a Schutte muscle whose file has no such
        /// curve: OpenSim then uses an exponential, not the property's default.
        passive: Option<Function>,
        /// Force against velocity (Delp).
        velocity: Option<Function>,
    },
    /// `Thelen2003Muscle_Deprecated`.
    Thelen2003Deprecated(Thelen2003Deprecated),
    /// A class whose fibre is not modelled: the path and the strength are used, nothing else.
    PathOnly {
        /// The class.
        class: String,
    },
}

/// States of a muscle where nothing else is said.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FiberStart {
    /// OpenSim's `default_activation`.
    pub activation: f64,
    /// OpenSim's `default_fiber_length`, m.
    pub fiber_length: f64,
}
