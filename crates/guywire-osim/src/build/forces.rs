//! Other forces of a description as engine forces.

use super::functions::curve;
pub use super::paths::{path_of, path_owners};
use super::{BuildError, Index};
use crate::description::{Description, Force, ForceKind, Frame, Function, Station};
use guywire_engine::force::{
    Bushing, BushingLaw, CoordinateLaw, Expression, ForceLaw, PathLaw, Point, PointLaw, Prescribed, Site,
    Sole,
};
use guywire_math::{Function as Curve, Vec3};

/// What drives a muscle or an actuator.
#[derive(Clone, Debug, PartialEq)]
pub struct Control {
    /// Name of the muscle or actuator; a body actuator has six of one name.
    pub name: String,
    /// Least and greatest value.
    pub range: [f64; 2],
    /// Index into [`Description::forces`].
    pub force: usize,
}

/// Engine forces with what belongs to them.
#[derive(Clone, Debug, Default)]
pub(super) struct Forces {
    /// In the order of the ForceSet, without muscles and forces that are not understood.
    pub forces: Vec<guywire_engine::force::Force>,
    /// Of muscles, then of actuators in the order of the ForceSet.
    pub controls: Vec<Control>,
}

/// All forces but muscles, and the controls of muscles and actuators.
pub(super) fn forces(description: &Description, index: &Index) -> Result<Forces, BuildError> {
    let mut controls = Vec::new();
    for (i, force) in description.forces.iter().enumerate() {
        if let ForceKind::Muscle(muscle) = &force.kind {
            controls.push(Control { name: force.name.clone(), range: muscle.control, force: i });
        }
    }
    let mut builder =
        Builder { description, index, owners: path_owners(description), controls, states: 0, current: 0 };
    let mut forces = Vec::new();
    for (i, force) in description.forces.iter().enumerate() {
        builder.current = i;
        if let Some(law) = builder.law(force)? {
            forces.push(guywire_engine::force::Force {
                name: force.name.clone(),
                source: i,
                applies: force.applies_force,
                law,
            });
        }
    }
    Ok(Forces { forces, controls: builder.controls })
}

pub(super) struct Builder<'a> {
    pub(super) description: &'a Description,
    index: &'a Index,
    owners: Vec<usize>,
    controls: Vec<Control>,
    states: usize,
    /// Index of the force that is being built.
    current: usize,
}

impl Builder<'_> {
    /// The law of a force; none for muscles, for what is not understood, and for contact of meshes, which are kept by
    /// reference (see the import report).
    fn law(&mut self, force: &Force) -> Result<Option<ForceLaw>, BuildError> {
        if let Some(law) = self.along_coordinate(force)? {
            return Ok(Some(law));
        }
        if let Some(law) = self.along_path(force)? {
            return Ok(Some(law));
        }
        if let Some(law) = self.bushing(force)? {
            return Ok(Some(law));
        }
        if let Some(law) = self.at_points(force)? {
            return Ok(Some(law));
        }
        self.contact(force)
    }

    fn control(&mut self, name: &str, range: [f64; 2]) -> usize {
        self.controls.push(Control { name: name.to_owned(), range, force: self.current });
        self.controls.len() - 1
    }

    fn state(&mut self) -> usize {
        self.states += 1;
        self.states - 1
    }

    fn along_coordinate(&mut self, force: &Force) -> Result<Option<ForceLaw>, BuildError> {
        let (name, law) = match &force.kind {
            ForceKind::CoordinateLimitForce { coordinate, limit } => {
                (coordinate, CoordinateLaw::Limit(*limit))
            }
            ForceKind::SpringGeneralizedForce { coordinate, stiffness, rest_length, viscosity } => {
                let (stiffness, rest, viscosity) = (*stiffness, *rest_length, *viscosity);
                (coordinate, CoordinateLaw::Spring { stiffness, rest, viscosity })
            }
            ForceKind::ExpressionBasedCoordinate { coordinate, expression } => {
                (coordinate, CoordinateLaw::Formula(formula(force, expression, &["q", "qdot"])?))
            }
            ForceKind::CoordinateActuator { coordinate, optimal_force, control } => {
                let control = self.control(&force.name, *control);
                (coordinate, CoordinateLaw::Actuator { control, optimal_force: *optimal_force })
            }
            ForceKind::ActivationCoordinateActuator {
                coordinate,
                optimal_force,
                activation_time_constant,
                default_activation,
                control,
            } => {
                let law = CoordinateLaw::Activated {
                    control: self.control(&force.name, *control),
                    optimal_force: *optimal_force,
                    state: self.state(),
                    initial: *default_activation,
                    time_constant: *activation_time_constant,
                };
                (coordinate, law)
            }
            _ => return Ok(None),
        };
        let coordinate = self.index.require(force.node, &force.name, name)?;
        Ok(Some(ForceLaw::Coordinate { coordinate, law }))
    }

    fn along_path(&mut self, force: &Force) -> Result<Option<ForceLaw>, BuildError> {
        let Some(path) = self.owners.iter().position(|&i| i == self.current) else { return Ok(None) };
        let law = match &force.kind {
            ForceKind::PathSpring { resting_length, stiffness, dissipation, .. } => PathLaw::Spring {
                resting_length: *resting_length,
                stiffness: *stiffness,
                dissipation: *dissipation,
            },
            ForceKind::Ligament { resting_length, pcsa_force, force_length_curve, .. } => PathLaw::Ligament {
                resting_length: *resting_length,
                pcsa_force: *pcsa_force,
                force_length_curve: spline(force, force_length_curve)?,
            },
            ForceKind::BlankevoortLigament {
                slack_length,
                linear_stiffness,
                transition_strain,
                damping_coefficient,
                ..
            } => PathLaw::Blankevoort {
                slack_length: *slack_length,
                linear_stiffness: *linear_stiffness,
                transition_strain: *transition_strain,
                damping_coefficient: *damping_coefficient,
            },
            ForceKind::ExpressionBasedPath { resting_length, expression, clamp_stretch, .. } => {
                PathLaw::Formula {
                    resting_length: *resting_length,
                    clamp_stretch: *clamp_stretch,
                    tension: formula(force, expression, &["s", "ldot"])?,
                }
            }
            ForceKind::PathActuator { optimal_force, control, .. } => PathLaw::Actuator {
                control: self.control(&force.name, *control),
                optimal_force: *optimal_force,
            },
            ForceKind::McKibbenActuator { number_of_turns, thread_length, cord_length, control, .. } => {
                PathLaw::McKibben {
                    control: self.control(&force.name, *control),
                    turns: *number_of_turns,
                    thread_length: *thread_length,
                    cord_length: *cord_length,
                }
            }
            ForceKind::ClutchedPathSpring {
                stiffness,
                dissipation,
                relaxation_time_constant,
                initial_stretch,
                control,
                ..
            } => PathLaw::Clutched {
                control: self.control(&force.name, *control),
                state: self.state(),
                initial: *initial_stretch,
                stiffness: *stiffness,
                dissipation: *dissipation,
                relaxation: *relaxation_time_constant,
            },
            _ => return Ok(None),
        };
        Ok(Some(ForceLaw::Path { path, law }))
    }

    fn bushing(&self, force: &Force) -> Result<Option<ForceLaw>, BuildError> {
        let six = |turn: &Vec3<f64>, slide: &Vec3<f64>| {
            let ([a, b, c], [d, e, f]) = (turn.to_array(), slide.to_array());
            [a, b, c, d, e, f]
        };
        let (first, second, damping, law) = match &force.kind {
            ForceKind::Bushing {
                first,
                second,
                rotational_stiffness,
                translational_stiffness,
                rotational_damping,
                translational_damping,
            } => {
                let stiffness = six(rotational_stiffness, translational_stiffness);
                let damping = six(rotational_damping, translational_damping);
                (first, second, damping, BushingLaw::Linear(stiffness))
            }
            ForceKind::FunctionBasedBushing {
                first,
                second,
                functions,
                rotational_damping,
                translational_damping,
            } => {
                let mut curves = [const { Curve::Constant(0.0) }; 6];
                for (curve, function) in curves.iter_mut().zip(functions.iter()) {
                    *curve = spline(force, function)?;
                }
                let damping = six(rotational_damping, translational_damping);
                (first, second, damping, BushingLaw::Functions(Box::new(curves)))
            }
            ForceKind::ExpressionBasedBushing {
                first,
                second,
                expressions,
                rotational_damping,
                translational_damping,
            } => {
                const VARIABLES: [&str; 6] =
                    ["theta_x", "theta_y", "theta_z", "delta_x", "delta_y", "delta_z"];
                let [a, b, c, d, e, f] = expressions.each_ref().map(|text| formula(force, text, &VARIABLES));
                let formulas = Box::new([a?, b?, c?, d?, e?, f?]);
                let damping = six(rotational_damping, translational_damping);
                (first, second, damping, BushingLaw::Formulas(formulas))
            }
            _ => return Ok(None),
        };
        let (first, second) = (self.site(first), self.site(second));
        Ok(Some(ForceLaw::Bushing(Box::new(Bushing { first, second, law, damping }))))
    }

    fn at_points(&mut self, force: &Force) -> Result<Option<ForceLaw>, BuildError> {
        let law = match &force.kind {
            ForceKind::PointToPointSpring { first, second, stiffness, rest_length } => PointLaw::Spring {
                ends: [self.point(first), self.point(second)],
                stiffness: *stiffness,
                rest_length: *rest_length,
            },
            ForceKind::ExpressionBasedPointToPoint { first, second, expression } => PointLaw::Formula {
                ends: [self.point(first), self.point(second)],
                tension: formula(force, expression, &["d", "ddot"])?,
            },
            ForceKind::PointToPointActuator { first, second, points_are_global, optimal_force, control } => {
                PointLaw::Actuator {
                    ends: [self.point(first), self.point(second)],
                    points_are_global: *points_are_global,
                    control: self.control(&force.name, *control),
                    optimal_force: *optimal_force,
                }
            }
            ForceKind::PointActuator {
                point,
                point_is_global,
                direction,
                force_is_global,
                optimal_force,
                control,
            } => PointLaw::Push {
                point: self.point(point),
                point_is_global: *point_is_global,
                direction: unit(force, direction)?,
                force_is_global: *force_is_global,
                control: self.control(&force.name, *control),
                optimal_force: *optimal_force,
            },
            ForceKind::TorqueActuator { body_a, body_b, axis, torque_is_global, optimal_force, control } => {
                PointLaw::Torque {
                    bodies: [self.index.body(*body_a), self.index.body(*body_b)],
                    axis: unit(force, axis)?,
                    torque_is_global: *torque_is_global,
                    control: self.control(&force.name, *control),
                    optimal_force: *optimal_force,
                }
            }
            ForceKind::BodyActuator { body, point, point_is_global, spatial_force_is_global } => {
                let free = [f64::NEG_INFINITY, f64::INFINITY];
                let control = self.control(&force.name, free);
                (1..6).for_each(|_| {
                    self.control(&force.name, free);
                });
                PointLaw::Body {
                    point: self.point(&Station { base: *body, position: *point }),
                    point_is_global: *point_is_global,
                    spatial_force_is_global: *spatial_force_is_global,
                    control,
                }
            }
            ForceKind::MeyerFregly2016 {
                station,
                stiffness,
                dissipation,
                spring_resting_length,
                dynamic_friction,
                viscous_friction,
                latch_velocity,
            } => PointLaw::Sole(Sole {
                point: self.point(station),
                stiffness: *stiffness,
                dissipation: *dissipation,
                resting_height: *spring_resting_length,
                dynamic_friction: *dynamic_friction,
                viscous_friction: *viscous_friction,
                latch_velocity: *latch_velocity,
            }),
            ForceKind::PrescribedForce {
                frame,
                point_is_global,
                force_is_global,
                force: pushing,
                point,
                torque,
            } => PointLaw::Prescribed(Prescribed {
                site: self.site(frame),
                point_is_global: *point_is_global,
                force_is_global: *force_is_global,
                force: three(force, pushing)?,
                point: three(force, point)?,
                torque: three(force, torque)?,
            }),
            _ => return Ok(None),
        };
        Ok(Some(ForceLaw::Point(Box::new(law))))
    }

    pub(super) fn site(&self, frame: &Frame) -> Site {
        Site { body: self.index.body(frame.base), offset: frame.offset }
    }

    fn point(&self, station: &Station) -> Point {
        Point { body: self.index.body(station.base), position: station.position }
    }
}

fn spline(force: &Force, function: &Function) -> Result<Curve, BuildError> {
    curve(function).map_err(|problem| BuildError::Function {
        node: force.node,
        owner: force.name.clone(),
        problem,
    })
}

fn three(force: &Force, functions: &[Function]) -> Result<Option<Box<[Curve; 3]>>, BuildError> {
    let [x, y, z] = functions else { return Ok(None) };
    Ok(Some(Box::new([spline(force, x)?, spline(force, y)?, spline(force, z)?])))
}

fn formula(force: &Force, text: &str, variables: &[&str]) -> Result<Expression, BuildError> {
    Expression::parse(text, variables).map_err(|problem| BuildError::Formula {
        node: force.node,
        owner: force.name.clone(),
        problem,
    })
}

fn unit(force: &Force, direction: &Vec3<f64>) -> Result<Vec3<f64>, BuildError> {
    let length = direction.norm();
    if length > 0.0 && length.is_finite() {
        return Ok(*direction * (1.0 / length));
    }
    Err(BuildError::NoDirection { node: force.node, owner: force.name.clone() })
}
