//! Everything that makes force, muscles apart.

use super::{Base, ContactParameters, Frame, Function, GeometryPath, Muscle, NodeId, SmoothContact, Station};
use guywire_engine::force::CoordinateLimit;
use guywire_math::Vec3;

/// A force, muscle or actuator.
#[derive(Clone, Debug)]
pub struct Force {
    /// Element.
    pub node: NodeId,
    /// Name.
    pub name: String,
    /// OpenSim's `appliesForce`.
    pub applies_force: bool,
    /// What the frames are called that it acts on, where OpenSim's reports name them: of a bushing and a spring between
    /// points both, of a prescribed force its own, of contact that of every surface.
    pub frames: Vec<String>,
    /// Its class.
    pub kind: ForceKind,
}

/// The class of a force.
#[derive(Clone, Debug)]
pub enum ForceKind {
    /// Any muscle.
    Muscle(Box<Muscle>),
    /// `CoordinateActuator`: control times optimal force on a coordinate.
    CoordinateActuator {
        /// Name.
        coordinate: String,
        /// N or N·m.
        optimal_force: f64,
        /// Least and greatest control.
        control: [f64; 2],
    },
    /// `PointActuator`.
    PointActuator {
        /// Where, in the frame of its base (the file may say ground).
        point: Station,
        /// The file's `point_is_global`.
        point_is_global: bool,
        /// Direction.
        direction: Vec3<f64>,
        /// The file's `force_is_global`.
        force_is_global: bool,
        /// N.
        optimal_force: f64,
        /// Least and greatest control.
        control: [f64; 2],
    },
    /// `TorqueActuator`.
    TorqueActuator {
        /// Body that the torque acts on.
        body_a: Base,
        /// Body that the opposite torque acts on.
        body_b: Base,
        /// Axis.
        axis: Vec3<f64>,
        /// The file's `torque_is_global`.
        torque_is_global: bool,
        /// N·m.
        optimal_force: f64,
        /// Least and greatest control.
        control: [f64; 2],
    },
    /// `PathActuator`: control times optimal force along a path.
    PathActuator {
        /// The path.
        path: GeometryPath,
        /// N.
        optimal_force: f64,
        /// Least and greatest control.
        control: [f64; 2],
    },
    /// `PathSpring`.
    PathSpring {
        /// The path.
        path: GeometryPath,
        /// m.
        resting_length: f64,
        /// N/m.
        stiffness: f64,
        /// s/m, as OpenSim: force = k stretch (1 + dissipation · rate).
        dissipation: f64,
    },
    /// `Ligament`.
    Ligament {
        /// The path.
        path: GeometryPath,
        /// m.
        resting_length: f64,
        /// N.
        pcsa_force: f64,
        /// Normalised force against normalised length.
        force_length_curve: Function,
    },
    /// `Blankevoort1991Ligament`.
    BlankevoortLigament {
        /// The path.
        path: GeometryPath,
        /// m.
        slack_length: f64,
        /// N per unit strain.
        linear_stiffness: f64,
        /// Strain.
        transition_strain: f64,
        /// N·s per strain.
        damping_coefficient: f64,
    },
    /// `CoordinateLimitForce`; SI, radians.
    CoordinateLimitForce {
        /// Name.
        coordinate: String,
        /// Its stops.
        limit: CoordinateLimit,
    },
    /// `SpringGeneralizedForce`.
    SpringGeneralizedForce {
        /// Name.
        coordinate: String,
        /// Stiffness.
        stiffness: f64,
        /// rad or m.
        rest_length: f64,
        /// Viscosity.
        viscosity: f64,
    },
    /// `PointToPointSpring`.
    PointToPointSpring {
        /// First point.
        first: Station,
        /// Second point.
        second: Station,
        /// N/m.
        stiffness: f64,
        /// m.
        rest_length: f64,
    },
    /// `BushingForce`: linear in the deflection of frame 2 in frame 1.
    Bushing {
        /// First frame.
        first: Frame,
        /// Second frame.
        second: Frame,
        /// N·m/rad.
        rotational_stiffness: Vec3<f64>,
        /// N/m.
        translational_stiffness: Vec3<f64>,
        /// N·m·s/rad.
        rotational_damping: Vec3<f64>,
        /// N·s/m.
        translational_damping: Vec3<f64>,
    },
    /// `FunctionBasedBushingForce`.
    FunctionBasedBushing {
        /// First frame.
        first: Frame,
        /// Second frame.
        second: Frame,
        /// Moments by x, y, z angles, then forces by x, y, z translations.
        functions: Box<[Function; 6]>,
        /// N·m·s/rad.
        rotational_damping: Vec3<f64>,
        /// N·s/m.
        translational_damping: Vec3<f64>,
    },
    /// `PrescribedForce`.
    PrescribedForce {
        /// Where it acts.
        frame: Frame,
        /// The file's `pointIsGlobal`.
        point_is_global: bool,
        /// The file's `forceIsGlobal`.
        force_is_global: bool,
        /// Force by time; none or three.
        force: Vec<Function>,
        /// Point by time; none or three.
        point: Vec<Function>,
        /// Torque by time; none or three.
        torque: Vec<Function>,
    },
    /// `HuntCrossleyForce` between the named geometries.
    HuntCrossley {
        /// Names of contact geometry, stiffness, dissipation, static, dynamic and viscous friction.
        parameters: Vec<ContactParameters>,
        /// m/s.
        transition_velocity: f64,
    },
    /// `ElasticFoundationForce`.
    ElasticFoundation {
        /// As for Hunt and Crossley.
        parameters: Vec<ContactParameters>,
        /// m/s.
        transition_velocity: f64,
    },
    /// `SmoothSphereHalfSpaceForce`.
    SmoothSphereHalfSpace {
        /// Name of the sphere.
        sphere: String,
        /// Name of the half space.
        half_space: String,
        /// Properties by OpenSim's names, in the order of [`SmoothContact`].
        properties: SmoothContact,
    },
    /// `ExpressionBasedCoordinateForce`.
    ExpressionBasedCoordinate {
        /// Name.
        coordinate: String,
        /// Force in N or N·m by `q` (rad, m) and `qdot`.
        expression: String,
    },
    /// `ExpressionBasedBushingForce`.
    ExpressionBasedBushing {
        /// First frame.
        first: Frame,
        /// Second frame.
        second: Frame,
        /// Moments about x, y, z, then forces along x, y, z, each by `theta_x` … `theta_z`, `delta_x` … `delta_z`.
        expressions: Box<[String; 6]>,
        /// N·m·s/rad.
        rotational_damping: Vec3<f64>,
        /// N·s/m.
        translational_damping: Vec3<f64>,
    },
    /// `ExpressionBasedPointToPointForce`.
    ExpressionBasedPointToPoint {
        /// First point.
        first: Station,
        /// Second point.
        second: Station,
        /// Force in N by distance `d` (m) and its rate `ddot`.
        expression: String,
    },
    /// `ExpressionBasedPathForce`.
    ExpressionBasedPath {
        /// The path.
        path: GeometryPath,
        /// m.
        resting_length: f64,
        /// Tension in N by stretch `s` (m) and lengthening speed `ldot`.
        expression: String,
        /// Whether a stretch below zero counts as zero.
        clamp_stretch: bool,
    },
    /// `BodyActuator`: six controls, torque then force.
    BodyActuator {
        /// What it acts on.
        body: Base,
        /// m.
        point: Vec3<f64>,
        /// The file's `point_is_global`.
        point_is_global: bool,
        /// The file's `spatial_force_is_global`.
        spatial_force_is_global: bool,
    },
    /// `PointToPointActuator`: tension between two points.
    PointToPointActuator {
        /// First point, in the frame of its base (the file may say ground).
        first: Station,
        /// Second point, likewise.
        second: Station,
        /// The file's `points_are_global`.
        points_are_global: bool,
        /// N.
        optimal_force: f64,
        /// Least and greatest control.
        control: [f64; 2],
    },
    /// `McKibbenActuator`.
    McKibbenActuator {
        /// Line of pull.
        path: GeometryPath,
        /// Turns of the thread.
        number_of_turns: f64,
        /// m.
        thread_length: f64,
        /// What of the path is no tube, m.
        cord_length: f64,
        /// Least and greatest pressure.
        control: [f64; 2],
    },
    /// `MeyerFregly2016Force`: a point of a foot's sole on the ground.
    MeyerFregly2016 {
        /// Where.
        station: Station,
        /// N/m.
        stiffness: f64,
        /// s/m.
        dissipation: f64,
        /// m.
        spring_resting_length: f64,
        /// Coefficient.
        dynamic_friction: f64,
        /// s/m.
        viscous_friction: f64,
        /// m/s.
        latch_velocity: f64,
    },
    /// `ClutchedPathSpring`: a spring whose stretch follows the path while its control is on.
    ClutchedPathSpring {
        /// The path.
        path: GeometryPath,
        /// N/m.
        stiffness: f64,
        /// s/m.
        dissipation: f64,
        /// s.
        relaxation_time_constant: f64,
        /// m.
        initial_stretch: f64,
        /// Least and greatest control.
        control: [f64; 2],
    },
    /// `ActivationCoordinateActuator`: activation times optimal force on a coordinate.
    ActivationCoordinateActuator {
        /// Name.
        coordinate: String,
        /// N or N·m.
        optimal_force: f64,
        /// s.
        activation_time_constant: f64,
        /// Initial activation.
        default_activation: f64,
        /// Least and greatest control.
        control: [f64; 2],
    },
    /// Makes force but is not understood; only there with `--allow-missing`.
    Unknown {
        /// The class.
        class: String,
    },
}
