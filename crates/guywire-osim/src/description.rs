//! An OpenSim model as typed values, one type an OpenSim class, in document version 40600.
//!
//! Units are SI and radians, frames are resolved to (body, offset), names are what OpenSim calls things.
//! Every part keeps the [`NodeId`] of its element, so that messages can point at the line and edits (scaling)
//! can change the document that is written again.

use guywire_engine::muscle::class::{DeGrooteFregly2016, Millard2012, Thelen2003, Thelen2003Deprecated};
use guywire_math::{Pose, Vec3};

/// An element of an [`crate::xml::Document`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub u32);

/// Index of a body in [`Description::bodies`]; ground has no index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Base {
    /// The ground.
    Ground,
    /// A body.
    Body(usize),
}

/// A frame fixed to a body or to ground, all `PhysicalOffsetFrame`s in between multiplied out.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Frame {
    /// What carries it.
    pub base: Base,
    /// Pose in the frame of the base, `X_BF`.
    pub offset: Pose<f64>,
}

/// A point fixed to a body or to ground.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Station {
    /// What carries it.
    pub base: Base,
    /// Position in the frame of the base, m.
    pub position: Vec3<f64>,
}

/// A whole model.
#[derive(Clone, Debug)]
pub struct Description {
    /// Name of the model.
    pub name: String,
    /// Acceleration of free fall in ground, m/s².
    pub gravity: Vec3<f64>,
    /// Bodies but ground, in the order of the BodySet.
    pub bodies: Vec<Body>,
    /// Joints, in the order of the JointSet.
    pub joints: Vec<Joint>,
    /// Constraints, in the order of the ConstraintSet.
    pub constraints: Vec<Constraint>,
    /// Forces, muscles and actuators, in the order of the ForceSet.
    pub forces: Vec<Force>,
    /// Markers.
    pub markers: Vec<Marker>,
    /// Contact geometry.
    pub contact_geometry: Vec<ContactGeometry>,
    /// Controllers with prescribed signals.
    pub controllers: Vec<Controller>,
}

/// A rigid body.
#[derive(Clone, Debug)]
pub struct Body {
    /// Element.
    pub node: NodeId,
    /// Name.
    pub name: String,
    /// kg.
    pub mass: f64,
    /// Centre of mass in the body frame, m.
    pub mass_center: Vec3<f64>,
    /// Inertia about the centre of mass in body axes: xx, yy, zz, xy, xz, yz, kg·m².
    pub inertia: [f64; 6],
    /// Attached meshes and shapes, for drawing.
    pub geometry: Vec<Geometry>,
}

/// A mesh by reference.
#[derive(Clone, Debug)]
pub struct Geometry {
    /// Where it hangs.
    pub frame: Frame,
    /// Mesh file.
    pub file: String,
    /// Scale factors.
    pub scale: Vec3<f64>,
}

/// A scalar that moves a joint.
#[derive(Clone, Debug)]
pub struct Coordinate {
    /// Element.
    pub node: NodeId,
    /// Name.
    pub name: String,
    /// rad or m.
    pub default_value: f64,
    /// rad/s or m/s.
    pub default_speed: f64,
    /// rad or m.
    pub range: [f64; 2],
    /// Kept within its range by the inverse kinematics.
    pub clamped: bool,
    /// Kept at its default value.
    pub locked: bool,
    /// Moved by `prescribed_function` of time.
    pub prescribed: bool,
    /// Value (rad, m) as a function of time (s).
    pub prescribed_function: Option<Function>,
    /// Whether constraints may move it when the user sets it.
    pub is_free_to_satisfy_constraints: bool,
}

/// A joint between two frames.
#[derive(Clone, Debug)]
pub struct Joint {
    /// Element.
    pub node: NodeId,
    /// Name.
    pub name: String,
    /// Frame on the parent.
    pub parent: Frame,
    /// Frame on the child.
    pub child: Frame,
    /// Name of that frame in the file, which OpenSim's tools put into names of columns.
    pub child_frame: String,
    /// Coordinates, in the order of the element.
    pub coordinates: Vec<Coordinate>,
    /// What moves how.
    pub kind: JointKind,
}

/// What a coordinate measures; OpenSim's motion type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CoordinateMotion {
    /// An angle: rad, in files in degrees where they say so.
    Rotational,
    /// A distance, m.
    Translational,
    /// Neither: it moves axes by functions only, and files give its values as they are.
    Coupled,
}

impl Joint {
    /// What the joint's coordinate `index` measures. In a custom joint the last axis that it moves with slope
    /// 1 or −1 decides, as in OpenSim.
    pub fn motion(&self, index: usize) -> CoordinateMotion {
        let angles = match &self.kind {
            JointKind::Weld | JointKind::Slider => 0,
            JointKind::Pin | JointKind::Planar => 1,
            JointKind::Universal => 2,
            JointKind::Scapulothoracic { .. } => 4,
            JointKind::Custom(axes) => {
                let Some(coordinate) = self.coordinates.get(index) else {
                    return CoordinateMotion::Coupled;
                };
                let pure = axes.iter().rposition(|axis| {
                    let slope = match &axis.function {
                        Function::Linear(coefficients) => coefficients.first().copied(),
                        _ => None,
                    };
                    axis.coordinates.contains(&coordinate.name) && slope.is_some_and(|s| s.abs() == 1.0)
                });
                return match pure {
                    Some(0..3) => CoordinateMotion::Rotational,
                    Some(_) => CoordinateMotion::Translational,
                    None => CoordinateMotion::Coupled,
                };
            }
            _ => 3,
        };
        if index < angles { CoordinateMotion::Rotational } else { CoordinateMotion::Translational }
    }
}

/// The class of a joint; coordinates are in the order of OpenSim's class.
#[derive(Clone, Debug)]
pub enum JointKind {
    /// No motion.
    Weld,
    /// Rotation about z.
    Pin,
    /// Translation along x.
    Slider,
    /// Rotations about x, then y.
    Universal,
    /// Body-fixed rotations about x, y, z; speeds are the rates.
    Gimbal,
    /// Body-fixed X-Y-Z angles; speeds are the angular velocity in the parent frame.
    Ball,
    /// As a ball joint, and translations along the parent frame's axes.
    Free,
    /// Rotation about z, translations along x, y.
    Planar,
    /// Ball that slides on an ellipsoid.
    Ellipsoid {
        /// Half axes, m.
        radii: Vec3<f64>,
    },
    /// The scapula on the thorax (Seth et al. 2016, PLoS ONE 11:e0141028).
    Scapulothoracic {
        /// Half axes of the thorax ellipsoid, m.
        radii: Vec3<f64>,
        /// Origin of the winging axis in the joint frame on the child (x, y), m.
        winging_axis_origin: [f64; 2],
        /// Direction of the winging axis, rad.
        winging_axis_direction: f64,
    },
    /// Six axes: rotations 1 to 3, translations 1 to 3.
    Custom(Box<[TransformAxis; 6]>),
}

/// One axis of a custom joint.
#[derive(Clone, Debug)]
pub struct TransformAxis {
    /// Element.
    pub node: NodeId,
    /// Direction, as in the file.
    pub axis: Vec3<f64>,
    /// Coordinates by name; none or one for most functions.
    pub coordinates: Vec<String>,
    /// Angle (rad) or distance (m).
    pub function: Function,
}

/// A function of one variable (or of several, where the class says so).
#[derive(Clone, Debug, PartialEq)]
pub enum Function {
    /// The same everywhere.
    Constant(f64),
    /// Coefficients of the variables in order, then the constant.
    Linear(Vec<f64>),
    /// From the highest power down.
    Polynomial(Vec<f64>),
    /// OpenSim's `SimmSpline` (`natCubicSpline`).
    SimmSpline(Vec<[f64; 2]>),
    /// Straight between the points.
    PiecewiseLinear(Vec<[f64; 2]>),
    /// Constant from each point on.
    PiecewiseConstant(Vec<[f64; 2]>),
    /// Generalised cross-validation spline.
    GcvSpline {
        /// 1, 3, 5 or 7.
        degree: usize,
        /// Variance of the data's error; 0 interpolates.
        error_variance: f64,
        /// Points.
        points: Vec<[f64; 2]>,
        /// Weights.
        weights: Vec<f64>,
    },
    /// `amplitude sin(omega x + phase) + offset`.
    Sine {
        /// Amplitude.
        amplitude: f64,
        /// rad per unit.
        omega: f64,
        /// rad.
        phase: f64,
        /// Offset.
        offset: f64,
    },
    /// Smooth step (OpenSim's `StepFunction`).
    Step {
        /// Where it starts.
        start: f64,
        /// Where it ends.
        end: f64,
        /// Value before.
        start_value: f64,
        /// Value after.
        end_value: f64,
    },
    /// A polynomial of several variables (OpenSim's `MultivariatePolynomialFunction`).
    MultivariatePolynomial {
        /// Number of variables.
        dimension: usize,
        /// Highest total order.
        order: usize,
        /// Coefficients in OpenSim's order.
        coefficients: Vec<f64>,
    },
    /// Another function times `scale`.
    Multiplier {
        /// Factor.
        scale: f64,
        /// The function.
        function: Box<Function>,
    },
}

/// A constraint between coordinates or frames.
#[derive(Clone, Debug)]
pub struct Constraint {
    /// Element.
    pub node: NodeId,
    /// Name.
    pub name: String,
    /// Whether it is on.
    pub enforced: bool,
    /// Its class.
    pub kind: ConstraintKind,
}

/// The class of a constraint.
#[derive(Clone, Debug)]
pub enum ConstraintKind {
    /// `dependent = scale · function(independent…)`.
    CoordinateCoupler {
        /// Names.
        independent: Vec<String>,
        /// Name.
        dependent: String,
        /// Of the independent coordinates.
        function: Function,
        /// Factor of the function.
        scale: f64,
    },
    /// Two frames coincide.
    Weld {
        /// First frame.
        first: Frame,
        /// Second frame.
        second: Frame,
    },
    /// Two points coincide.
    Point {
        /// First point.
        first: Station,
        /// Second point.
        second: Station,
    },
    /// Two points keep their distance.
    ConstantDistance {
        /// First point.
        first: Station,
        /// Second point.
        second: Station,
        /// m.
        distance: f64,
    },
    /// A point of a follower body stays on a line of another.
    PointOnLine {
        /// A point of the line.
        line: Station,
        /// Direction of the line in the frame of its base.
        direction: Vec3<f64>,
        /// The point.
        follower: Station,
    },
    /// A body rolls on another without slipping (OpenSim's `RollingOnSurfaceConstraint`).
    ///
    /// OpenSim asks for four things: the rolling body's origin lies in the plane; its z axis stays
    /// perpendicular to the surface body's x axis; at the surface body's origin the two bodies do not slip
    /// along the surface body's x and z axes.
    RollingOnSurface {
        /// The body that rolls.
        rolling: Base,
        /// The body with the surface.
        surface: Base,
        /// Normal of the plane in the frame of the surface's body.
        normal: Vec3<f64>,
        /// Height of the plane above that frame's origin along the normal, m.
        height: f64,
    },
}

/// A marker.
#[derive(Clone, Debug)]
pub struct Marker {
    /// Element.
    pub node: NodeId,
    /// Name.
    pub name: String,
    /// Where.
    pub station: Station,
    /// Whether marker placement leaves it where it is.
    pub fixed: bool,
}

/// A line of pull.
#[derive(Clone, Debug)]
pub struct GeometryPath {
    /// Element.
    pub node: NodeId,
    /// Points, in order.
    pub points: Vec<PathPoint>,
    /// Surfaces that it may wrap over, in order.
    pub wraps: Vec<PathWrap>,
}

/// A point of a path.
#[derive(Clone, Debug)]
pub struct PathPoint {
    /// Element.
    pub node: NodeId,
    /// Name.
    pub name: String,
    /// What carries it.
    pub base: Base,
    /// The parent frame's pose on the base; locations below are in this frame.
    pub frame: Pose<f64>,
    /// Its class.
    pub kind: PathPointKind,
}

/// The class of a path point.
#[derive(Clone, Debug)]
pub enum PathPointKind {
    /// Fixed; m.
    Fixed(Vec3<f64>),
    /// Fixed, and there only while a coordinate lies in a range.
    Conditional {
        /// m.
        location: Vec3<f64>,
        /// Name.
        coordinate: String,
        /// rad or m.
        range: [f64; 2],
    },
    /// Each component a function of a coordinate; m.
    Moving {
        /// Names of the coordinates of x, y, z; a component without one is constant at `function(0)`.
        coordinates: [Option<String>; 3],
        /// Functions of x, y, z.
        functions: Box<[Function; 3]>,
    },
}

/// A surface that a path may wrap over.
#[derive(Clone, Debug)]
pub struct PathWrap {
    /// Element.
    pub node: NodeId,
    /// Index into [`GeometryPath::points`] range over which it acts: first and last point, inclusive.
    pub range: [usize; 2],
    /// OpenSim's `method`: hybrid, midpoint or axial.
    pub method: WrapMethod,
    /// The surface.
    pub surface: WrapObject,
}

/// How OpenSim wraps over an ellipsoid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WrapMethod {
    /// `hybrid`.
    Hybrid,
    /// `midpoint`.
    Midpoint,
    /// `axial`.
    Axial,
}

/// A wrap object.
#[derive(Clone, Debug)]
pub struct WrapObject {
    /// Element.
    pub node: NodeId,
    /// Name.
    pub name: String,
    /// Its frame.
    pub frame: Frame,
    /// On which side a path may pass.
    pub quadrant: Quadrant,
    /// Whether it is on.
    pub active: bool,
    /// Its shape.
    pub shape: WrapShape,
}

/// OpenSim's `quadrant`: the half of a wrap object that paths may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quadrant {
    /// Any.
    All,
    /// `x`, `y`, `z`: 0, 1, 2.
    Positive(usize),
    /// `-x`, `-y`, `-z`: 0, 1, 2.
    Negative(usize),
}

/// The shape of a wrap object, in its own frame; m.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum WrapShape {
    /// About z.
    Cylinder {
        /// Radius.
        radius: f64,
        /// Length.
        length: f64,
    },
    /// A ball.
    Sphere {
        /// Radius.
        radius: f64,
    },
    /// Half axes along x, y, z.
    Ellipsoid {
        /// Half axes.
        radii: Vec3<f64>,
    },
    /// A ring about z; paths pass through its hole.
    Torus {
        /// OpenSim's `inner_radius`.
        inner_radius: f64,
        /// OpenSim's `outer_radius`.
        outer_radius: f64,
    },
}

/// A force, muscle or actuator.
#[derive(Clone, Debug)]
pub struct Force {
    /// Element.
    pub node: NodeId,
    /// Name.
    pub name: String,
    /// OpenSim's `appliesForce`.
    pub applies_force: bool,
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
        /// rad or m.
        upper_limit: f64,
        /// N·m/rad or N/m.
        upper_stiffness: f64,
        /// rad or m.
        lower_limit: f64,
        /// N·m/rad or N/m.
        lower_stiffness: f64,
        /// N·m·s/rad or N·s/m.
        damping: f64,
        /// rad or m.
        transition: f64,
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

/// Material of a contact.
#[derive(Clone, Debug, PartialEq)]
pub struct ContactParameters {
    /// Names of contact geometry.
    pub geometry: Vec<String>,
    /// N/m² (OpenSim's plane strain modulus) or N/m³.
    pub stiffness: f64,
    /// s/m.
    pub dissipation: f64,
    /// Coefficient.
    pub static_friction: f64,
    /// Coefficient.
    pub dynamic_friction: f64,
    /// s/m.
    pub viscous_friction: f64,
}

/// Parameters of a smooth contact between a sphere and a half space, named as in OpenSim.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SmoothContact {
    /// N/m².
    pub stiffness: f64,
    /// s/m.
    pub dissipation: f64,
    /// Coefficient.
    pub static_friction: f64,
    /// Coefficient.
    pub dynamic_friction: f64,
    /// s/m.
    pub viscous_friction: f64,
    /// m/s.
    pub transition_velocity: f64,
    /// N.
    pub constant_contact_force: f64,
    /// Unitless.
    pub hertz_smoothing: f64,
    /// Unitless.
    pub hunt_crossley_smoothing: f64,
}

/// A surface for contact.
#[derive(Clone, Debug)]
pub struct ContactGeometry {
    /// Element.
    pub node: NodeId,
    /// Name.
    pub name: String,
    /// Its frame.
    pub frame: Frame,
    /// Its shape.
    pub shape: ContactShape,
}

/// The shape of a contact surface.
#[derive(Clone, Debug, PartialEq)]
pub enum ContactShape {
    /// m.
    Sphere {
        /// Radius.
        radius: f64,
    },
    /// Everything with x > 0.
    HalfSpace,
    /// A mesh file.
    Mesh {
        /// File.
        file: String,
    },
}

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

/// A controller that prescribes controls.
#[derive(Clone, Debug)]
pub struct Controller {
    /// Element.
    pub node: NodeId,
    /// Name.
    pub name: String,
    /// Whether it is on.
    pub enabled: bool,
    /// Actuator name and its control by time.
    pub controls: Vec<(String, Function)>,
}
