//! Properties of OpenSim's setup files.

use guywire_osim::description::NodeId;
use guywire_osim::xml::Document;

/// A property that cannot be understood.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("line {line}: `{property}` is `{found}`; expected {expected}")]
pub struct SetupError {
    /// Line of the setup.
    pub line: usize,
    /// The property.
    pub property: String,
    /// What is there.
    pub found: String,
    /// What would do.
    pub expected: &'static str,
}

/// A property of a setup that has no effect here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IgnoredProperty {
    /// Line of the setup.
    pub line: usize,
    /// The property.
    pub property: String,
    /// The beginning of its text.
    pub value: String,
}

/// An object of a setup: properties by name, with OpenSim's reading of text.
#[derive(Clone, Copy, Debug)]
pub struct SetupObject<'d> {
    /// The file.
    pub document: &'d Document,
    /// The object's element.
    pub node: NodeId,
}

impl<'d> SetupObject<'d> {
    /// The tool of a setup: the root, or the first object in it.
    pub fn tool(document: &'d Document) -> Self {
        let root = document.root();
        let node = match document.name(root) {
            "OpenSimDocument" => document.children(root).next().unwrap_or(root),
            _ => root,
        };
        Self { document, node }
    }

    /// Class of the object.
    pub fn class(&self) -> &'d str {
        self.document.name(self.node)
    }

    /// Name of the object.
    pub fn name(&self) -> &'d str {
        self.document.attribute(self.node, "name").unwrap_or("").trim()
    }

    /// The element of a property.
    pub fn property(&self, name: &str) -> Option<NodeId> {
        self.document.child(self.node, name)
    }

    /// Text of a property, unless it is empty.
    pub fn text(&self, name: &str) -> Option<&'d str> {
        self.property(name).map(|node| self.document.text(node)).filter(|text| !text.is_empty())
    }

    /// A file name, unless it is empty or `Unassigned`.
    pub fn file(&self, name: &str) -> Option<&'d str> {
        self.text(name).filter(|text| !text.eq_ignore_ascii_case("unassigned"))
    }

    /// Words of a property.
    pub fn words(&self, name: &str) -> Vec<&'d str> {
        self.text(name).map_or_else(Vec::new, |text| text.split_whitespace().collect())
    }

    /// Numbers of a property; infinite ones are allowed.
    ///
    /// # Errors
    /// When a word is not a number.
    pub fn numbers(&self, name: &str) -> Result<Vec<f64>, SetupError> {
        let parse = |word: &str| number(word).ok_or_else(|| self.error(name, "numbers"));
        self.words(name).into_iter().map(parse).collect()
    }

    /// A number.
    ///
    /// # Errors
    /// When it is not one.
    pub fn number(&self, name: &str, default: f64) -> Result<f64, SetupError> {
        match self.words(name).first() {
            None => Ok(default),
            Some(word) => number(word).ok_or_else(|| self.error(name, "a number")),
        }
    }

    /// `true` or `false`.
    ///
    /// # Errors
    /// When it is neither.
    pub fn flag(&self, name: &str, default: bool) -> Result<bool, SetupError> {
        match self.text(name) {
            None => Ok(default),
            Some(text) if text.eq_ignore_ascii_case("true") || text == "1" => Ok(true),
            Some(text) if text.eq_ignore_ascii_case("false") || text == "0" => Ok(false),
            Some(_) => Err(self.error(name, "true or false")),
        }
    }

    /// First and second number of a property, such as a time range.
    ///
    /// # Errors
    /// When there are not none or two.
    pub fn pair(&self, name: &str, default: [f64; 2]) -> Result<[f64; 2], SetupError> {
        match self.numbers(name)?.as_slice() {
            [] => Ok(default),
            [a, b, ..] => Ok([*a, *b]),
            _ => Err(self.error(name, "two numbers")),
        }
    }

    /// An object directly in this one.
    pub fn object(&self, name: &str) -> Option<Self> {
        self.property(name).map(|node| Self { document: self.document, node })
    }

    /// Objects of a set that is a property of this one.
    pub fn objects(&self, set: &str) -> Vec<Self> {
        self.object(set).map_or_else(Vec::new, |set| set.members())
    }

    /// Objects of this set.
    pub fn members(&self) -> Vec<Self> {
        let list = self.property("objects");
        let nodes = list.map_or_else(Vec::new, |list| self.document.children(list).collect());
        nodes.into_iter().map(|node| Self { document: self.document, node }).collect()
    }

    /// Properties with a value that are none of `known`: they have no effect.
    pub fn ignored(&self, known: &[&str]) -> Vec<IgnoredProperty> {
        let document = self.document;
        let unknown = document.children(self.node).filter(|&node| !known.contains(&document.name(node)));
        let told =
            |&node: &NodeId| !document.text(node).is_empty() || document.children(node).next().is_some();
        unknown
            .filter(told)
            .map(|node| IgnoredProperty {
                line: document.line(node),
                property: document.name(node).to_owned(),
                value: document.text(node).chars().take(60).collect(),
            })
            .collect()
    }

    /// That this object is not used.
    pub fn passed_over(&self) -> IgnoredProperty {
        IgnoredProperty {
            line: self.document.line(self.node),
            property: self.class().to_owned(),
            value: self.name().to_owned(),
        }
    }

    /// An error about a property.
    pub fn error(&self, property: &str, expected: &'static str) -> SetupError {
        let node = self.property(property).unwrap_or(self.node);
        SetupError {
            line: self.document.line(node),
            property: property.to_owned(),
            found: self.text(property).unwrap_or_default().chars().take(60).collect(),
            expected,
        }
    }
}

/// A number as OpenSim reads it; `Inf` and `Infinity` too, NaN is none.
fn number(word: &str) -> Option<f64> {
    word.parse::<f64>().ok().filter(|value| !value.is_nan())
}
