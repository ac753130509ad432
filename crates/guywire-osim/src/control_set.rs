//! Controls over time as OpenSim keeps them in XML (`ControlSet`): what a `ControlSetController` follows, and what its
//! static optimisation writes.
//!
//! ```text
//! ControlConstant   value
//! ControlLinear     straight between its nodes; with use_steps, the value of node i+1 over (t_i, t_i+1]
//! ```
//!
//! Beyond its nodes a linear control goes on as straight as between the last two, unless it steps or does not
//! `extrapolate`. `filter_on` and its gains have no effect on a value, in OpenSim neither.

use crate::description::NodeId;
use crate::inclusion::apply_defaults;
use crate::xml::{Document, XmlError, XmlErrorKind};

/// How a control changes.
#[derive(Clone, Debug, PartialEq)]
pub enum Signal {
    /// It does not.
    Constant(f64),
    /// Through nodes of time (s) and value, at least one, in order.
    Nodes {
        /// Time and value.
        nodes: Vec<[f64; 2]>,
        /// Whether it jumps between them.
        steps: bool,
        /// Whether it goes on straight beyond them.
        extrapolate: bool,
    },
}

/// One control.
#[derive(Clone, Debug, PartialEq)]
pub struct Control {
    /// Line in the file, from 1.
    pub line: usize,
    /// Name of the muscle or actuator, without the `.excitation` that some files add.
    pub name: String,
    /// Its values.
    pub signal: Signal,
}

/// All controls of a file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ControlSet {
    /// In the order of the file.
    pub controls: Vec<Control>,
}

/// Why a file is no set of controls.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ControlSetError {
    /// No XML.
    #[error(transparent)]
    Xml(#[from] XmlError),
    /// Another class.
    #[error("line {line}: expected `{expected}`, found `{found}`")]
    Class {
        /// Line.
        line: usize,
        /// What would do.
        expected: &'static str,
        /// What stands there.
        found: String,
    },
    /// A value that cannot be read.
    #[error("line {line}: `{property}` of control `{name}` is `{found}`; expected {expected}")]
    Value {
        /// Line.
        line: usize,
        /// The control.
        name: String,
        /// The property.
        property: &'static str,
        /// What is there.
        found: String,
        /// What would do.
        expected: &'static str,
    },
    /// A control without nodes has no value.
    #[error(
        "line {line}: control `{name}` has no nodes; expected at least one `ControlLinearNode` in `x_nodes`"
    )]
    NoNodes {
        /// Line.
        line: usize,
        /// The control.
        name: String,
    },
    /// Nodes out of order.
    #[error(
        "line {line}: control `{name}` has a node at {time} s after one at {before} s; expected rising times"
    )]
    Order {
        /// Line.
        line: usize,
        /// The control.
        name: String,
        /// s.
        before: f64,
        /// s.
        time: f64,
    },
}

impl ControlSet {
    /// Reads an XML file.
    ///
    /// # Errors
    /// When it holds something else, or a value that cannot be read.
    pub fn parse(bytes: &[u8]) -> Result<Self, ControlSetError> {
        let mut document = Document::parse(bytes)?;
        let root = document.root();
        let set = match document.name(root) {
            "OpenSimDocument" => document.children(root).next().unwrap_or(root),
            _ => root,
        };
        if !apply_defaults(&mut document, set) {
            let kind = XmlErrorKind::TooManyElements;
            return Err(XmlError { line: document.line(set), column: 1, kind }.into());
        }
        let class = |node: NodeId, expected| ControlSetError::Class {
            line: document.line(node),
            expected,
            found: document.name(node).to_owned(),
        };
        if document.name(set) != "ControlSet" {
            return Err(class(set, "ControlSet"));
        }
        let objects = document.child(set, "objects").unwrap_or(set);
        let mut controls = Vec::new();
        for node in document.children(objects) {
            let reader = Reader { document: &document, node };
            let signal = match document.name(node) {
                "ControlConstant" => Signal::Constant(reader.number(node, "value", 0.0)?),
                "ControlLinear" => reader.linear()?,
                "groups" => continue,
                _ => return Err(class(node, "ControlLinear` or `ControlConstant")),
            };
            let name = reader.name();
            let name = name.strip_suffix(".excitation").unwrap_or(name).to_owned();
            controls.push(Control { line: document.line(node), name, signal });
        }
        Ok(Self { controls })
    }

    /// The file, with the properties that OpenSim's static optimisation writes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut document = Document::new("OpenSimDocument");
        let root = document.root();
        document.set_attribute(root, "Version", &crate::upgrade::NEWEST.to_string());
        let set = document.append(root, "ControlSet");
        document.set_attribute(set, "name", "Control Set");
        let objects = document.append(set, "objects");
        for control in &self.controls {
            match &control.signal {
                Signal::Constant(value) => {
                    let node = document.append(objects, "ControlConstant");
                    document.set_attribute(node, "name", &control.name);
                    document.append_text(node, "value", &value.to_string());
                }
                Signal::Nodes { nodes, steps, extrapolate } => {
                    let node = document.append(objects, "ControlLinear");
                    document.set_attribute(node, "name", &control.name);
                    document.append_text(node, "is_model_control", "true");
                    document.append_text(node, "extrapolate", &extrapolate.to_string());
                    // OpenSim's values for a control that it makes of a table.
                    document.append_text(node, "default_min", "0.02");
                    document.append_text(node, "default_max", "1");
                    document.append_text(node, "filter_on", "false");
                    document.append_text(node, "use_steps", &steps.to_string());
                    let list = document.append(node, "x_nodes");
                    for [time, value] in nodes {
                        let point = document.append(list, "ControlLinearNode");
                        document.append_text(point, "t", &time.to_string());
                        document.append_text(point, "value", &value.to_string());
                    }
                    document.append(node, "min_nodes");
                    document.append(node, "max_nodes");
                    document.append_text(node, "kp", "100");
                    document.append_text(node, "kv", "20");
                }
            }
        }
        document.append(set, "groups");
        document.to_bytes()
    }
}

/// A control's element.
struct Reader<'d> {
    document: &'d Document,
    node: NodeId,
}

impl<'d> Reader<'d> {
    fn name(&self) -> &'d str {
        self.document.attribute(self.node, "name").unwrap_or_default().trim()
    }

    fn linear(&self) -> Result<Signal, ControlSetError> {
        let list = self.document.child(self.node, "x_nodes");
        let mut nodes: Vec<[f64; 2]> = Vec::new();
        for node in list.into_iter().flat_map(|list| self.document.children(list)) {
            let point = [self.number(node, "t", 0.0)?, self.number(node, "value", 0.0)?];
            if let Some([before, _]) = nodes.last().filter(|last| last[0] >= point[0]) {
                let (line, name) = (self.document.line(node), self.name().to_owned());
                return Err(ControlSetError::Order { line, name, before: *before, time: point[0] });
            }
            nodes.push(point);
        }
        if nodes.is_empty() {
            let (line, name) = (self.document.line(self.node), self.name().to_owned());
            return Err(ControlSetError::NoNodes { line, name });
        }
        let (steps, extrapolate) = (self.flag("use_steps", false)?, self.flag("extrapolate", true)?);
        Ok(Signal::Nodes { nodes, steps, extrapolate })
    }

    fn number(&self, node: NodeId, property: &'static str, default: f64) -> Result<f64, ControlSetError> {
        let Some((line, text)) = self.text(node, property) else { return Ok(default) };
        let number = text.parse().ok().filter(|number: &f64| number.is_finite());
        number.ok_or_else(|| self.value(line, property, text, "a finite number"))
    }

    fn flag(&self, property: &'static str, default: bool) -> Result<bool, ControlSetError> {
        match self.text(self.node, property) {
            None => Ok(default),
            Some((_, text)) if text.eq_ignore_ascii_case("true") || text == "1" => Ok(true),
            Some((_, text)) if text.eq_ignore_ascii_case("false") || text == "0" => Ok(false),
            Some((line, text)) => Err(self.value(line, property, text, "true or false")),
        }
    }

    fn text(&self, node: NodeId, property: &str) -> Option<(usize, &'d str)> {
        let child = self.document.child(node, property)?;
        let text = self.document.text(child);
        (!text.is_empty()).then(|| (self.document.line(child), text))
    }

    fn value(
        &self,
        line: usize,
        property: &'static str,
        text: &str,
        expected: &'static str,
    ) -> ControlSetError {
        let found = text.chars().take(60).collect();
        ControlSetError::Value { line, name: self.name().to_owned(), property, found, expected }
    }
}
