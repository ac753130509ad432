//! Forces and actuators.

use super::Reader;
use super::element::Element;
use super::error::ReadError;
use super::frames::FRAME;
use super::functions::is_function_set;
use super::muscles::is_muscle;
use crate::description::{Base, Force, ForceKind, Function, Station};
use crate::report::Fate;
use guywire_engine::force::CoordinateLimit;

/// Whether a class makes force.
pub(crate) fn is_force(class: &str) -> bool {
    is_muscle(class)
        || ["Force", "Actuator", "Spring", "Ligament"].iter().any(|ending| class.ends_with(ending))
}

/// Whether a class has a control.
pub(crate) fn is_actuator(class: &str) -> bool {
    is_muscle(class) || class.ends_with("Actuator") || class == "ClutchedPathSpring"
}

impl Reader<'_> {
    /// Forces that are read; what cannot be read is remarked as refused and is of an unknown class.
    pub(super) fn read_forces(&self) -> Result<Vec<Force>, ReadError> {
        let mut forces = Vec::new();
        for element in self.members("ForceSet", is_force) {
            if element.class() == "ExternalForce" {
                let reason = "its data are in another file; loads are given to the tools instead";
                self.remark(element.node, Fate::Approximated(reason.to_owned()));
                continue;
            }
            if element.class() == "DiscreteForces" {
                // Forces that a program sets; none in a file.
                continue;
            }
            let kind = element.force().unwrap_or_else(|error| {
                // The entry of the report names the object already.
                let text = error.to_string();
                let own = format!("{}: ", element.place());
                let reason = text.strip_prefix(&own).unwrap_or(&text).to_owned();
                self.remark(element.node, Fate::Refused(reason));
                ForceKind::Unknown { class: element.class().to_owned() }
            });
            forces.push(Force {
                node: element.node,
                name: element.name().to_owned(),
                applies_force: element.flag("appliesForce", true)?,
                frames: element.frame_names(),
                kind,
            });
        }
        Ok(forces)
    }
}

impl Element<'_, '_> {
    /// Names of the frames that reports of the force begin with.
    fn frame_names(&self) -> Vec<String> {
        let last = |path: &str| path.rsplit('/').next().unwrap_or(path).to_owned();
        let sockets = |names: &[&str]| {
            let name = |socket: &&str| match self.socket(socket, FRAME) {
                Ok(node) if self.reader.document.name(node) == "Ground" => "ground".to_owned(),
                Ok(node) => self.at(node).name().to_owned(),
                Err(_) => last(self.text(&["socket_", socket].concat()).unwrap_or_default()),
            };
            names.iter().map(name).collect()
        };
        match self.class() {
            "BushingForce" | "FunctionBasedBushingForce" | "ExpressionBasedBushingForce" => {
                sockets(&["frame1", "frame2"])
            }
            "PointToPointSpring" => sockets(&["body1", "body2"]),
            "ExpressionBasedPointToPointForce" => {
                ["body1", "body2"].map(|body| self.text(body).unwrap_or_default().to_owned()).into()
            }
            "PrescribedForce" => sockets(&["frame"]),
            "MeyerFregly2016Force" => match self.socket("station", "station") {
                Ok(node) => vec![self.at(node).name().to_owned()],
                Err(_) => vec![String::new()],
            },
            "HuntCrossleyForce" | "ElasticFoundationForce" => self.contact_frames(),
            _ => Vec::new(),
        }
    }

    fn force(&self) -> Result<ForceKind, ReadError> {
        let class = self.class();
        if is_muscle(class) {
            return Ok(ForceKind::Muscle(Box::new(self.muscle()?)));
        }
        let unlimited = || self.control(f64::NEG_INFINITY, f64::INFINITY);
        Ok(match class {
            "CoordinateActuator" => ForceKind::CoordinateActuator {
                coordinate: self.named_coordinate("coordinate")?,
                optimal_force: self.number("optimal_force", 1.0)?,
                control: unlimited()?,
            },
            "ActivationCoordinateActuator" => ForceKind::ActivationCoordinateActuator {
                coordinate: self.named_coordinate("coordinate")?,
                optimal_force: self.number("optimal_force", 1.0)?,
                activation_time_constant: self.number("activation_time_constant", 0.01)?,
                default_activation: self.number("default_activation", 0.5)?,
                control: unlimited()?,
            },
            "PointActuator" => ForceKind::PointActuator {
                point: Station { base: self.body("body")?, position: self.vec3("point", [0.0; 3])? },
                point_is_global: self.flag("point_is_global", false)?,
                direction: self.vec3("direction", [1.0, 0.0, 0.0])?,
                force_is_global: self.flag("force_is_global", false)?,
                optimal_force: self.number("optimal_force", 1.0)?,
                control: unlimited()?,
            },
            "TorqueActuator" => ForceKind::TorqueActuator {
                body_a: self.body("bodyA")?,
                body_b: self.body("bodyB")?,
                axis: self.vec3("axis", [0.0, 0.0, 1.0])?,
                torque_is_global: self.flag("torque_is_global", true)?,
                optimal_force: self.number("optimal_force", 1.0)?,
                control: unlimited()?,
            },
            "BodyActuator" => ForceKind::BodyActuator {
                body: self.frame("body")?.base,
                point: self.vec3("point", [0.0; 3])?,
                point_is_global: self.flag("point_is_global", false)?,
                spatial_force_is_global: self.flag("spatial_force_is_global", true)?,
            },
            "PointToPointActuator" => ForceKind::PointToPointActuator {
                first: Station { base: self.body("bodyA")?, position: self.vec3("pointA", [0.0; 3])? },
                second: Station { base: self.body("bodyB")?, position: self.vec3("pointB", [0.0; 3])? },
                points_are_global: self.flag("points_are_global", false)?,
                optimal_force: self.number("optimal_force", 1.0)?,
                control: unlimited()?,
            },
            "PathActuator" => ForceKind::PathActuator {
                path: self.path()?,
                optimal_force: self.number("optimal_force", 1.0)?,
                control: unlimited()?,
            },
            "McKibbenActuator" => ForceKind::McKibbenActuator {
                path: self.path()?,
                number_of_turns: self.number("number_of_turns", 1.5)?,
                thread_length: self.number("thread_length", 200.0)?,
                cord_length: self.number("cord_length", 0.0)?,
                control: unlimited()?,
            },
            "MeyerFregly2016Force" => {
                let point = self.at(self.socket("station", "station")?);
                ForceKind::MeyerFregly2016 {
                    station: point.station("parent_frame", point.vec3("location", [0.0; 3])?)?,
                    stiffness: self.number("stiffness", 1e4)?,
                    dissipation: self.number("dissipation", 1e-2)?,
                    spring_resting_length: self.number("spring_resting_length", 0.0)?,
                    dynamic_friction: self.number("dynamic_friction", 0.0)?,
                    viscous_friction: self.number("viscous_friction", 5.0)?,
                    latch_velocity: self.number("latch_velocity", 0.05)?,
                }
            }
            "ClutchedPathSpring" => ForceKind::ClutchedPathSpring {
                path: self.path()?,
                stiffness: self.required("stiffness")?,
                dissipation: self.required("dissipation")?,
                relaxation_time_constant: self.number("relaxation_time_constant", 0.001)?,
                initial_stretch: self.number("initial_stretch", 0.0)?,
                control: self.control(0.0, 1.0)?,
            },
            "CoordinateLimitForce" => self.limit()?,
            "SpringGeneralizedForce" => ForceKind::SpringGeneralizedForce {
                coordinate: self.named_coordinate("coordinate")?,
                stiffness: self.number("stiffness", 0.0)?,
                rest_length: self.number("rest_length", 0.0)?,
                viscosity: self.number("viscosity", 0.0)?,
            },
            "ExpressionBasedCoordinateForce" => ForceKind::ExpressionBasedCoordinate {
                coordinate: self.named_coordinate("coordinate")?,
                expression: self.expression("expression")?,
            },
            "PrescribedForce" => ForceKind::PrescribedForce {
                frame: self.frame("frame")?,
                point_is_global: self.flag("pointIsGlobal", false)?,
                force_is_global: self.flag("forceIsGlobal", true)?,
                force: self.three_functions("forceFunctions")?,
                point: self.three_functions("pointFunctions")?,
                torque: self.three_functions("torqueFunctions")?,
            },
            "PathSpring"
            | "Ligament"
            | "Blankevoort1991Ligament"
            | "PointToPointSpring"
            | "BushingForce"
            | "FunctionBasedBushingForce"
            | "ExpressionBasedBushingForce"
            | "ExpressionBasedPathForce"
            | "ExpressionBasedPointToPointForce" => self.elastic()?,
            "HuntCrossleyForce" | "ElasticFoundationForce" | "SmoothSphereHalfSpaceForce" => {
                self.contact()?
            }
            class => {
                let class = class.to_owned();
                return Err(ReadError::Class { place: self.place(), class, expected: "a known force" });
            }
        })
    }

    fn limit(&self) -> Result<ForceKind, ReadError> {
        let coordinate = self.named_coordinate("coordinate")?;
        // The file is in degrees where the coordinate is an angle.
        let unit = match self.reader.is_rotational(&coordinate) {
            true => std::f64::consts::PI / 180.0,
            false => 1.0,
        };
        let limit = CoordinateLimit {
            upper_limit: self.number("upper_limit", 0.0)? * unit,
            upper_stiffness: self.number("upper_stiffness", 1.0)? / unit,
            lower_limit: self.number("lower_limit", 0.0)? * unit,
            lower_stiffness: self.number("lower_stiffness", 1.0)? / unit,
            damping: self.number("damping", 0.001)? / unit,
            transition: self.number("transition", 0.1)? * unit,
        };
        Ok(ForceKind::CoordinateLimitForce { coordinate, limit })
    }

    pub(super) fn expression(&self, property: &str) -> Result<String, ReadError> {
        let text = self.text(property).ok_or_else(|| self.missing(property, "an expression"))?;
        Ok(text.to_owned())
    }

    pub(super) fn named_coordinate(&self, property: &str) -> Result<String, ReadError> {
        let name = self.text(property).ok_or_else(|| self.missing(property, "the name of a coordinate"))?;
        self.coordinate_at(property, name)
    }

    /// The body of a property that holds a name; nothing is OpenSim's ground.
    pub(super) fn body(&self, property: &str) -> Result<Base, ReadError> {
        if self.text(property).is_none() {
            return Err(self.missing(property, "the name of a body"));
        }
        Ok(self.named_frame(property)?.base)
    }

    fn three_functions(&self, property: &str) -> Result<Vec<Function>, ReadError> {
        let Some(set) = self.object(property, is_function_set) else { return Ok(Vec::new()) };
        let functions: Vec<Function> =
            set.objects_inside().map(|function| function.as_function()).collect::<Result<_, _>>()?;
        match functions.len() {
            0 | 3 => Ok(functions),
            n => Err(self.rule(format!("`{property}` has {n} functions; expected none or 3"))),
        }
    }
}
