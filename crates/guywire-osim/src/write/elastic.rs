//! Springs, ligaments and bushings.

use super::Writer;
use crate::description::{ForceKind, NodeId};
use crate::read::{BUSHING_EXPRESSIONS, BUSHING_FUNCTIONS};

impl<'a> Writer<'a> {
    pub(super) fn elastic(&mut self, node: NodeId, kind: &'a ForceKind) {
        match kind {
            ForceKind::PathSpring { path, resting_length, stiffness, dissipation } => {
                self.path(node, path);
                self.value(node, "resting_length", *resting_length);
                self.value(node, "stiffness", *stiffness);
                self.value(node, "dissipation", *dissipation);
            }
            ForceKind::Ligament { path, resting_length, pcsa_force, force_length_curve } => {
                self.path(node, path);
                self.value(node, "resting_length", *resting_length);
                self.value(node, "pcsa_force", *pcsa_force);
                self.named_function(node, "force_length_curve", force_length_curve);
            }
            ForceKind::BlankevoortLigament {
                path,
                slack_length,
                linear_stiffness,
                transition_strain,
                damping_coefficient,
            } => {
                self.path(node, path);
                self.value(node, "linear_stiffness", *linear_stiffness);
                self.value(node, "transition_strain", *transition_strain);
                self.value(node, "damping_coefficient", *damping_coefficient);
                self.value(node, "slack_length", *slack_length);
            }
            ForceKind::PointToPointSpring { first, second, stiffness, rest_length } => {
                self.base_socket(node, "body1", first);
                self.base_socket(node, "body2", second);
                self.value(node, "point1", first.position);
                self.value(node, "point2", second.position);
                self.value(node, "stiffness", *stiffness);
                self.value(node, "rest_length", *rest_length);
            }
            ForceKind::ExpressionBasedPointToPoint { first, second, expression } => {
                for (side, point) in [("1", first), ("2", second)] {
                    let body = self.base_name(point.base).to_owned();
                    self.value(node, &format!("body{side}"), body.as_str());
                    self.value(node, &format!("point{side}"), point.position);
                }
                self.value(node, "expression", expression.as_str());
            }
            ForceKind::ExpressionBasedPath { path, resting_length, expression, clamp_stretch } => {
                self.path(node, path);
                self.value(node, "resting_length", *resting_length);
                self.value(node, "expression", expression.as_str());
                self.value(node, "clamp_stretch", *clamp_stretch);
            }
            kind => self.bushing(node, kind),
        }
    }

    fn bushing(&mut self, node: NodeId, kind: &ForceKind) {
        let (rotational, translational) = match kind {
            ForceKind::Bushing {
                first,
                second,
                rotational_stiffness,
                translational_stiffness,
                rotational_damping,
                translational_damping,
            } => {
                self.two_frames(node, *first, *second);
                self.value(node, "rotational_stiffness", *rotational_stiffness);
                self.value(node, "translational_stiffness", *translational_stiffness);
                (rotational_damping, translational_damping)
            }
            ForceKind::FunctionBasedBushing {
                first,
                second,
                functions,
                rotational_damping,
                translational_damping,
            } => {
                self.two_frames(node, *first, *second);
                for (function, property) in functions.iter().zip(BUSHING_FUNCTIONS) {
                    self.function_property(node, property, function);
                }
                (rotational_damping, translational_damping)
            }
            ForceKind::ExpressionBasedBushing {
                first,
                second,
                expressions,
                rotational_damping,
                translational_damping,
            } => {
                self.two_frames(node, *first, *second);
                for (expression, property) in expressions.iter().zip(BUSHING_EXPRESSIONS) {
                    self.value(node, property, expression.as_str());
                }
                (rotational_damping, translational_damping)
            }
            _ => return,
        };
        self.value(node, "rotational_damping", *rotational);
        self.value(node, "translational_damping", *translational);
    }
}
