//! Changes to a model document.

use guywire_osim::description::NodeId;
use guywire_osim::xml::Document;

/// One change.
#[derive(Clone, Debug)]
pub(super) enum Edit {
    /// A property of an object gets a text.
    Text {
        /// The object.
        object: NodeId,
        /// The property.
        property: &'static str,
        /// Its text.
        text: String,
    },
    /// A function is multiplied by a factor.
    Multiply {
        /// The function.
        function: NodeId,
        /// The factor.
        factor: f64,
    },
}

impl Edit {
    pub(super) fn numbers(object: NodeId, property: &'static str, values: &[f64]) -> Self {
        Self::Text { object, property, text: numbers(values) }
    }

    /// Changes the document.
    pub(super) fn apply(&self, document: &mut Document) {
        match self {
            Self::Text { object, property, text } => match document.child(*object, property) {
                Some(node) => document.set_text(node, text),
                None => {
                    document.append_text(*object, property, text);
                }
            },
            Self::Multiply { function, factor } => multiply(document, *function, *factor),
        }
    }
}

/// Puts a function into a `MultiplierFunction`, or changes the factor of one.
fn multiply(document: &mut Document, function: NodeId, factor: f64) {
    if document.name(function) == "MultiplierFunction" {
        let scale = document.child(function, "scale");
        let old = scale.and_then(|node| document.text(node).parse::<f64>().ok()).unwrap_or(1.0);
        let text = number(old * factor);
        match scale {
            Some(node) => document.set_text(node, &text),
            None => {
                document.append_text(function, "scale", &text);
            }
        }
        return;
    }
    let outer = document.insert_before(function, "MultiplierFunction");
    if let Some(name) = document.attribute(function, "name").map(str::to_owned) {
        document.set_attribute(outer, "name", &name);
    }
    let inner = document.append(outer, "function");
    document.move_to(function, inner);
    document.append_text(outer, "scale", &number(factor));
}

/// The shortest decimal that reads back to the same double.
pub(super) fn number(value: f64) -> String {
    let magnitude = value.abs();
    if magnitude != 0.0 && !(1e-5..1e16).contains(&magnitude) {
        format!("{value:e}")
    } else {
        value.to_string()
    }
}

/// Numbers with blanks between.
pub(super) fn numbers(values: &[f64]) -> String {
    values.iter().map(|v| number(*v)).collect::<Vec<_>>().join(" ")
}
