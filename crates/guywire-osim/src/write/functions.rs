//! Functions.

use super::Writer;
use crate::description::{Function, NodeId};

impl Writer<'_> {
    /// `<property><Class …/></property>`.
    pub(super) fn function_property(&mut self, node: NodeId, property: &str, function: &Function) {
        let holder = self.document.append(node, property);
        self.function(holder, function);
    }

    /// `<Class name="property" …/>`.
    pub(super) fn named_function(&mut self, node: NodeId, property: &str, function: &Function) {
        let object = self.function(node, function);
        self.document.set_attribute(object, "name", property);
    }

    /// A set of functions that is a property.
    pub(super) fn function_set(&mut self, node: NodeId, property: &str, functions: &[Function]) {
        let set = self.object(node, "FunctionSet", property);
        let objects = self.document.append(set, "objects");
        for function in functions {
            self.function(objects, function);
        }
    }

    pub(super) fn function(&mut self, parent: NodeId, function: &Function) -> NodeId {
        match function {
            Function::Constant(value) => {
                let node = self.document.append(parent, "Constant");
                self.value(node, "value", *value);
                node
            }
            Function::Linear(coefficients) => self.coefficients(parent, "LinearFunction", coefficients),
            Function::Polynomial(coefficients) => {
                self.coefficients(parent, "PolynomialFunction", coefficients)
            }
            Function::SimmSpline(points) => self.points(parent, "SimmSpline", points),
            Function::PiecewiseLinear(points) => self.points(parent, "PiecewiseLinearFunction", points),
            Function::PiecewiseConstant(points) => self.points(parent, "PiecewiseConstantFunction", points),
            Function::GcvSpline { degree, error_variance, points, weights } => {
                let node = self.points(parent, "GCVSpline", points);
                self.value(node, "half_order", (degree + 1) as f64 / 2.0);
                self.value(node, "error_variance", *error_variance);
                self.value(node, "weights", weights.as_slice());
                node
            }
            Function::Sine { amplitude, omega, phase, offset } => {
                let node = self.document.append(parent, "Sine");
                self.value(node, "amplitude", *amplitude);
                self.value(node, "omega", *omega);
                self.value(node, "phase", *phase);
                self.value(node, "offset", *offset);
                node
            }
            Function::Step { start, end, start_value, end_value } => {
                let node = self.document.append(parent, "StepFunction");
                self.value(node, "transition_start_time", *start);
                self.value(node, "transition_end_time", *end);
                self.value(node, "start_value", *start_value);
                self.value(node, "end_value", *end_value);
                node
            }
            Function::MultivariatePolynomial { dimension, order, coefficients } => {
                let node = self.coefficients(parent, "MultivariatePolynomialFunction", coefficients);
                self.value(node, "dimension", *dimension as f64);
                self.value(node, "order", *order as f64);
                node
            }
            Function::Multiplier { scale, function } => {
                let node = self.document.append(parent, "MultiplierFunction");
                self.function_property(node, "function", function);
                self.value(node, "scale", *scale);
                node
            }
        }
    }

    fn coefficients(&mut self, parent: NodeId, class: &str, coefficients: &[f64]) -> NodeId {
        let node = self.document.append(parent, class);
        self.value(node, "coefficients", coefficients);
        node
    }

    fn points(&mut self, parent: NodeId, class: &str, points: &[[f64; 2]]) -> NodeId {
        let node = self.document.append(parent, class);
        for (property, index) in [("x", 0), ("y", 1)] {
            let values: Vec<f64> = points.iter().map(|point| point[index]).collect();
            self.value(node, property, values.as_slice());
        }
        node
    }
}
