//! Muscles: paths, cylinders, and curves in the class that is nearest.
//!
//! The body's tendons do not stretch. Millard's class can be told so; Thelen's cannot, and its fibres are therefore
//! shorter in OpenSim than here wherever the tendon is loaded.

use super::{Exported, NO_NODE, Treatment, base, frame};
use crate::body::muscles::{FiberCurve, MuscleInfo};
use crate::body::{Body, BodyError, suffix};
use guywire_engine::muscle::class::{ActivationConstants, Millard2012, Thelen2003};
use guywire_engine::muscle::{PassiveForceLength, millard};
use guywire_engine::path::{AllowedSide, Path, Shape, Surface};
use guywire_math::Pose;
use guywire_osim::description::{
    FiberStart, Force, ForceKind, GeometryPath, Muscle, MuscleKind, PathPoint, PathPointKind, PathWrap,
    Quadrant, WrapMethod, WrapObject, WrapShape,
};
use std::f64::consts::FRAC_PI_2;

/// OpenSim 4.6's own values for what a posture does not ask for.
const MAX_CONTRACTION_VELOCITY: f64 = 10.0;
const ACTIVATION: ActivationConstants = ActivationConstants {
    activation_time_constant: 0.01,
    deactivation_time_constant: 0.04,
    minimum_activation: 0.01,
};
/// acos 0.1, OpenSim's greatest pennation angle.
const GREATEST_PENNATION: f64 = 1.470_628_905_633_336_8;

/// Adds every muscle of both sides.
pub(super) fn add(body: &Body, exported: &mut Exported) -> Result<(), BodyError> {
    let system = &body.system;
    for (m, (muscle, info)) in system.muscles.iter().zip(&body.muscles).enumerate() {
        let name = format!("{}_{}", info.name, suffix(info.side));
        let Some(fiber) = body.fibers.get(m) else {
            return Err(BodyError::Missing { what: "curve of muscle", name });
        };
        let p = &muscle.parameters;
        let start = FiberStart { activation: 0.05, fiber_length: p.optimal_fiber_length };
        let kind = match &fiber.curve {
            FiberCurve::Millard(shape) => {
                let passive = said(shape, &p.passive, &name, exported);
                let properties = Box::new(millard_class(passive, fiber.tendon_strain));
                MuscleKind::Millard2012 { properties, start }
            }
            FiberCurve::Thelen { shape, strain } => {
                thelen_note(info, &p.passive, &name, exported);
                let properties = Thelen2003 {
                    tendon_strain_at_one_norm_force: fiber.tendon_strain,
                    // Read at l / stretch: the strain at one normalised force grows with it.
                    fiber_strain_at_one_norm_force: (1.0 + strain) * p.passive.stretch - 1.0,
                    shape_active: 0.45,
                    shape_passive: *shape,
                    af: 0.25,
                    flen: 1.4,
                    fv_linear_extrap_threshold: 0.95,
                    activation: ACTIVATION,
                    maximum_pennation_angle: GREATEST_PENNATION,
                };
                MuscleKind::Thelen2003 { properties, start }
            }
        };
        if p.pennation_at_optimal >= FRAC_PI_2 {
            return Err(BodyError::Muscle {
                muscle: name,
                problem: "is pennate by a right angle or more".into(),
            });
        }
        let muscle = Muscle {
            path: path(&system.paths.paths()[m], &name),
            max_isometric_force: p.max_isometric_force,
            optimal_fiber_length: p.optimal_fiber_length,
            tendon_slack_length: p.tendon_slack_length,
            pennation_angle_at_optimal: p.pennation_at_optimal,
            max_contraction_velocity: MAX_CONTRACTION_VELOCITY,
            ignore_tendon_compliance: matches!(kind, MuscleKind::Millard2012 { .. }),
            ignore_activation_dynamics: false,
            control: [muscle.floor.max(0.01), muscle.ceiling],
            kind,
        };
        let kind = ForceKind::Muscle(Box::new(muscle));
        exported.description.forces.push(Force {
            node: NO_NODE,
            name,
            applies_force: true,
            frames: vec![],
            kind,
        });
    }
    Ok(())
}

fn millard_class(passive: millard::PassiveShape, tendon_strain: f64) -> Millard2012 {
    Millard2012 {
        fiber_damping: 0.1,
        activation: ACTIVATION,
        maximum_pennation_angle: GREATEST_PENNATION,
        active: millard::ActiveShape::default(),
        passive,
        tendon: millard::TendonShape::with_strain(tendon_strain),
        velocity: millard::VelocityShape::default(),
    }
}

/// A stretched and scaled curve in the parameters of Millard's: exact where only stretched. A scaled one meets
/// one normalised force at the right length with the right slope, and the start of its curve; between them it
/// differs, by how much is told.
fn said(
    shape: &millard::PassiveShape,
    read: &PassiveForceLength,
    name: &str,
    exported: &mut Exported,
) -> millard::PassiveShape {
    let stretch = read.stretch;
    let mut said = millard::PassiveShape {
        strain_at_zero_force: (1.0 + shape.strain_at_zero_force) * stretch - 1.0,
        strain_at_one_norm_force: (1.0 + shape.strain_at_one_norm_force) * stretch - 1.0,
        stiffness_at_low_force: shape.stiffness_at_low_force / stretch,
        stiffness_at_one_norm_force: shape.stiffness_at_one_norm_force / stretch,
        curviness: shape.curviness,
    };
    if read.scale == 1.0 {
        return said;
    }
    let zero = 1.0 + said.strain_at_zero_force;
    let one = length_at_one(read, zero);
    let slope = read.value_slope(one).1;
    // The class wants both stiffnesses on their sides of the secant.
    let secant = 1.0 / (one - zero);
    said.strain_at_one_norm_force = one - 1.0;
    said.stiffness_at_one_norm_force = slope.max(1.001 * secant);
    said.stiffness_at_low_force = (said.stiffness_at_low_force * read.scale).min(0.999 * secant);
    let off = match PassiveForceLength::millard(&said) {
        Ok(written) => (0..=200)
            .map(|k| zero + (one - zero) * f64::from(k) / 200.0)
            .map(|l| (written.value_slope(l).0 - read.value_slope(l).0).abs())
            .fold(0.0, f64::max),
        Err(_) => f64::NAN,
    };
    exported.note(
        Treatment::Approximated,
        format!("passive curve of {name}"),
        format!(
            "is Millard's times {}; OpenSim's curve ends at one, the file's differs by up to {off:.3} of the \
             maximum isometric force",
            read.scale
        ),
    );
    said
}

/// The length at which a rising curve that starts at `zero` reaches one.
fn length_at_one(read: &PassiveForceLength, zero: f64) -> f64 {
    let (mut low, mut high) = (zero, zero + 1.0);
    while read.value_slope(high).0 < 1.0 && high < zero + 1e3 {
        high = zero + 2.0 * (high - zero);
    }
    for _ in 0..100 {
        let middle = 0.5 * (low + high);
        if read.value_slope(middle).0 < 1.0 { low = middle } else { high = middle }
    }
    high
}

/// Thelen's class says everything but the rigid tendon, the rounded corner, a stretch or a scale.
fn thelen_note(info: &MuscleInfo, read: &PassiveForceLength, name: &str, exported: &mut Exported) {
    let mut why =
        "its tendon stretches in OpenSim's Thelen2003Muscle, and the corner of its passive curve at \
                   optimal length is not rounded"
            .to_owned();
    if read.stretch != 1.0 {
        why += &format!("; the curve's start lies at {} optimal lengths, in the file at 1", read.stretch);
    }
    if read.scale != 1.0 {
        why += &format!("; {} is {} times the written curve", info.name, read.scale);
    }
    exported.note(Treatment::Approximated, format!("fibre of {name}"), why);
}

fn path(path: &Path, muscle: &str) -> GeometryPath {
    let points = path.points.iter().enumerate().map(|(k, point)| PathPoint {
        node: NO_NODE,
        name: format!("{muscle}-P{}", k + 1),
        base: base(point.body),
        frame: Pose::identity(),
        kind: PathPointKind::Fixed(point.position),
    });
    let wraps = path.wraps.iter().map(|wrap| PathWrap {
        node: NO_NODE,
        range: [wrap.first, wrap.last],
        method: WrapMethod::Hybrid,
        surface: wrap_object(&wrap.surface),
    });
    GeometryPath { node: NO_NODE, points: points.collect(), wraps: wraps.collect(), functions: None }
}

fn wrap_object(surface: &Surface) -> WrapObject {
    WrapObject {
        node: NO_NODE,
        name: surface.name.clone(),
        frame: frame(surface.body, surface.frame),
        quadrant: match surface.side {
            AllowedSide::Any => Quadrant::All,
            AllowedSide::Positive(axis) => Quadrant::Positive(axis),
            AllowedSide::Negative(axis) => Quadrant::Negative(axis),
        },
        active: true,
        shape: match surface.shape {
            Shape::Cylinder { radius, length } => WrapShape::Cylinder { radius, length },
            Shape::Sphere { radius } => WrapShape::Sphere { radius },
            Shape::Ellipsoid { radii } => WrapShape::Ellipsoid { radii },
            Shape::Torus { ring, tube } => WrapShape::Torus { inner_radius: tube, outer_radius: ring },
        },
    }
}
