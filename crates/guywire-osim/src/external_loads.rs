//! External loads: forces from outside whose values stand in a table.

use crate::description::NodeId;
use crate::inclusion::apply_defaults;
use crate::xml::{Document, XmlError, XmlErrorKind};

/// One force, in OpenSim's words (`ExternalForce`).
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct ExternalForce {
    /// Name.
    pub name: String,
    /// The file's `isDisabled` (before version 3.5.9) or `appliesForce` = false.
    pub disabled: bool,
    /// Body that it acts on.
    pub applied_to_body: String,
    /// Body whose axes force and torque are given in; `ground` if empty.
    pub force_expressed_in_body: String,
    /// Body whose frame the point is given in; `ground` if empty.
    pub point_expressed_in_body: String,
    /// What the names of the three columns of the force begin with; no force if empty.
    pub force_identifier: String,
    /// The same for the point; the force acts at the origin of the body if empty.
    pub point_identifier: String,
    /// The same for the torque; no torque if empty.
    pub torque_identifier: String,
}

/// All forces of a file (`ExternalLoads`).
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct ExternalLoads {
    /// Name.
    pub name: String,
    /// File with the table.
    pub data_file: String,
    /// Forces.
    pub forces: Vec<ExternalForce>,
}

/// Why a file is not one of external loads.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ExternalLoadsFileError {
    /// No XML.
    #[error(transparent)]
    Xml(#[from] XmlError),
    /// Another class.
    #[error("line {line}: expected `ExternalLoads`, found `{found}`")]
    Class {
        /// Line.
        line: usize,
        /// What stands there.
        found: String,
    },
    /// Neither yes nor no.
    #[error("line {line}: `{property}` is `{found}`; expected `true` or `false`")]
    Flag {
        /// Line of the force.
        line: usize,
        /// Which property.
        property: &'static str,
        /// What stands there.
        found: String,
    },
    /// An element that is no force.
    #[error("line {line}: `{found}` is no external load that is understood; expected `ExternalForce`")]
    Force {
        /// Line.
        line: usize,
        /// What stands there.
        found: String,
    },
}

impl ExternalLoads {
    /// Reads an XML file.
    ///
    /// # Errors
    /// When it holds something else.
    pub fn parse(bytes: &[u8]) -> Result<Self, ExternalLoadsFileError> {
        let mut document = Document::parse(bytes)?;
        let root = document.root();
        let version: Option<u32> = document.attribute(root, "Version").and_then(|v| v.trim().parse().ok());
        let loads = if document.name(root) == "ExternalLoads" {
            root
        } else {
            document.child(root, "ExternalLoads").ok_or_else(|| {
                let found = document.children(root).next().unwrap_or(root);
                ExternalLoadsFileError::Class {
                    line: document.line(found),
                    found: document.name(found).to_owned(),
                }
            })?
        };
        if !apply_defaults(&mut document, loads) {
            let kind = XmlErrorKind::TooManyElements;
            return Err(XmlError { line: document.line(loads), column: 1, kind }.into());
        }
        let text = |node: NodeId, name: &str| {
            let text = document.child(node, name).map_or("", |child| document.text(child));
            if text.eq_ignore_ascii_case("unassigned") { String::new() } else { text.to_owned() }
        };
        let name = |node: NodeId| document.attribute(node, "name").unwrap_or("").to_owned();
        let mut forces = Vec::new();
        let objects = document.child(loads, "objects");
        for node in objects.into_iter().flat_map(|objects| document.children(objects)) {
            if document.name(node) != "ExternalForce" {
                let found = document.name(node).to_owned();
                return Err(ExternalLoadsFileError::Force { line: document.line(node), found });
            }
            let flag = |property: &'static str, otherwise: bool| match text(node, property).as_str() {
                "" => Ok(otherwise),
                "true" | "True" | "TRUE" | "1" => Ok(true),
                "false" | "False" | "FALSE" | "0" => Ok(false),
                found => {
                    let (line, found) = (document.line(node), found.to_owned());
                    Err(ExternalLoadsFileError::Flag { line, property, found })
                }
            };
            // Renamed and turned round in 3.5.9; OpenSim looks for the old one in older files only.
            let is_old = version.is_some_and(|version| version < 30_509);
            let disabled = is_old && flag("isDisabled", false)?;
            forces.push(ExternalForce {
                name: name(node),
                disabled: disabled || !flag("appliesForce", true)?,
                applied_to_body: text(node, "applied_to_body"),
                force_expressed_in_body: text(node, "force_expressed_in_body"),
                point_expressed_in_body: text(node, "point_expressed_in_body"),
                force_identifier: text(node, "force_identifier"),
                point_identifier: text(node, "point_identifier"),
                torque_identifier: text(node, "torque_identifier"),
            });
        }
        Ok(Self { name: name(loads), data_file: text(loads, "datafile"), forces })
    }
}
