//! Springs, ligaments and bushings.

use super::element::Element;
use super::error::ReadError;
use super::muscles::PASSIVE;
use crate::description::{ForceKind, Function, Station};

/// Properties of a function-based bushing, moments then forces.
pub(crate) const BUSHING_FUNCTIONS: [&str; 6] = [
    "m_x_theta_x_function",
    "m_y_theta_y_function",
    "m_z_theta_z_function",
    "f_x_delta_x_function",
    "f_y_delta_y_function",
    "f_z_delta_z_function",
];

/// Properties of an expression-based bushing, moments then forces.
pub(crate) const BUSHING_EXPRESSIONS: [&str; 6] =
    ["Mx_expression", "My_expression", "Mz_expression", "Fx_expression", "Fy_expression", "Fz_expression"];

impl Element<'_, '_> {
    pub(super) fn elastic(&self) -> Result<ForceKind, ReadError> {
        let none = [0.0; 3];
        Ok(match self.class() {
            "PathSpring" => ForceKind::PathSpring {
                path: self.path()?,
                resting_length: self.required("resting_length")?,
                stiffness: self.required("stiffness")?,
                dissipation: self.required("dissipation")?,
            },
            "Ligament" => ForceKind::Ligament {
                path: self.path()?,
                resting_length: self.number("resting_length", 0.0)?,
                pcsa_force: self.number("pcsa_force", 0.0)?,
                force_length_curve: self.curve("force_length_curve", &PASSIVE)?,
            },
            "Blankevoort1991Ligament" => ForceKind::BlankevoortLigament {
                path: self.path()?,
                slack_length: self.number("slack_length", 0.0)?,
                linear_stiffness: self.number("linear_stiffness", 1.0)?,
                transition_strain: self.number("transition_strain", 0.06)?,
                damping_coefficient: self.number("damping_coefficient", 0.003)?,
            },
            "PointToPointSpring" => ForceKind::PointToPointSpring {
                first: self.station("body1", self.vec3("point1", none)?)?,
                second: self.station("body2", self.vec3("point2", none)?)?,
                stiffness: self.number("stiffness", 1.0)?,
                rest_length: self.number("rest_length", 0.0)?,
            },
            "BushingForce" => ForceKind::Bushing {
                first: self.frame("frame1")?,
                second: self.frame("frame2")?,
                rotational_stiffness: self.vec3("rotational_stiffness", none)?,
                translational_stiffness: self.vec3("translational_stiffness", none)?,
                rotational_damping: self.vec3("rotational_damping", none)?,
                translational_damping: self.vec3("translational_damping", none)?,
            },
            "FunctionBasedBushingForce" => {
                let mut functions = [const { Function::Constant(0.0) }; 6];
                for (function, property) in functions.iter_mut().zip(BUSHING_FUNCTIONS) {
                    *function = self.function(property)?.unwrap_or(Function::Constant(0.0));
                }
                ForceKind::FunctionBasedBushing {
                    first: self.frame("frame1")?,
                    second: self.frame("frame2")?,
                    functions: Box::new(functions),
                    rotational_damping: self.vec3("rotational_damping", none)?,
                    translational_damping: self.vec3("translational_damping", none)?,
                }
            }
            "ExpressionBasedBushingForce" => ForceKind::ExpressionBasedBushing {
                first: self.frame("frame1")?,
                second: self.frame("frame2")?,
                expressions: Box::new(
                    BUSHING_EXPRESSIONS.map(|property| self.text(property).unwrap_or("0.0").to_owned()),
                ),
                rotational_damping: self.vec3("rotational_damping", none)?,
                translational_damping: self.vec3("translational_damping", none)?,
            },
            "ExpressionBasedPathForce" => ForceKind::ExpressionBasedPath {
                path: self.path()?,
                resting_length: self.number("resting_length", 0.0)?,
                expression: self.expression("expression")?,
                clamp_stretch: self.flag("clamp_stretch", true)?,
            },
            // Its bodies are names, not sockets.
            "ExpressionBasedPointToPointForce" => ForceKind::ExpressionBasedPointToPoint {
                first: Station { base: self.body("body1")?, position: self.vec3("point1", none)? },
                second: Station { base: self.body("body2")?, position: self.vec3("point2", none)? },
                expression: self.expression("expression")?,
            },
            class => {
                let class = class.to_owned();
                return Err(ReadError::Class { place: self.place(), class, expected: "an elastic force" });
            }
        })
    }
}
