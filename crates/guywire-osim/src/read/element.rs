//! Properties of an object, with OpenSim's rules for where a value comes from: the object itself, then the
//! object of its class in `<defaults>`, then the default of the class.

use guywire_math::Vec3;

use super::Reader;
use super::error::{Place, ReadError};
use crate::description::NodeId;

/// An object of the file.
#[derive(Clone, Copy)]
pub(crate) struct Element<'r, 'd> {
    pub reader: &'r Reader<'d>,
    pub node: NodeId,
    /// Where properties are that the object does not have.
    pub inherited: Option<NodeId>,
}

/// Longest excerpt of a bad value in a message, in characters.
const EXCERPT: usize = 60;

impl<'r, 'd> Element<'r, 'd> {
    pub fn class(&self) -> &'d str {
        self.reader.document.name(self.node)
    }

    pub fn name(&self) -> &'d str {
        self.reader.document.attribute(self.node, "name").unwrap_or("").trim()
    }

    pub fn place(&self) -> Box<Place> {
        Box::new(Place {
            file: self.reader.document.file_of(self.node).map(str::to_owned),
            line: self.reader.document.line(self.node),
            class: self.class().to_owned(),
            name: self.name().to_owned(),
        })
    }

    pub fn value_error(&self, property: &str, found: &str, expected: &'static str) -> ReadError {
        let mut excerpt: String = found.chars().take(EXCERPT).collect();
        if excerpt.len() < found.len() {
            excerpt.push('…');
        }
        ReadError::Value { place: self.place(), property: property.to_owned(), found: excerpt, expected }
    }

    pub fn missing(&self, property: &str, expected: &'static str) -> ReadError {
        ReadError::Missing { place: self.place(), property: property.to_owned(), expected }
    }

    pub fn rule(&self, rule: impl Into<String>) -> ReadError {
        ReadError::Rule { place: self.place(), rule: rule.into() }
    }

    /// The element of a property, own or inherited.
    pub fn property(&self, name: &str) -> Option<NodeId> {
        let document = self.reader.document;
        document
            .child(self.node, name)
            .or_else(|| self.inherited.and_then(|inherited| document.child(inherited, name)))
    }

    /// Text of a property, unless empty.
    pub fn text(&self, property: &str) -> Option<&'d str> {
        // An empty value counts as none: OpenSim ignores it with a warning.
        self.property(property).map(|node| self.reader.document.text(node)).filter(|text| !text.is_empty())
    }

    /// As [`Self::text`], where elements instead of a value are an error, as for OpenSim.
    fn value(&self, property: &str, expected: &'static str) -> Result<Option<&'d str>, ReadError> {
        let document = self.reader.document;
        match self.property(property).and_then(|node| document.children(node).next()) {
            Some(inner) => {
                Err(self.value_error(property, &["<", document.name(inner), ">"].concat(), expected))
            }
            None => Ok(self.text(property)),
        }
    }

    /// A finite number.
    pub fn number(&self, property: &str, default: f64) -> Result<f64, ReadError> {
        self.checked_number(property, default, f64::is_finite, "a finite number")
    }

    /// A finite number without default.
    pub fn required(&self, property: &str) -> Result<f64, ReadError> {
        let expected = "a finite number";
        if self.value(property, expected)?.is_none() {
            return Err(self.missing(property, expected));
        }
        self.checked_number(property, 0.0, f64::is_finite, expected)
    }

    /// A number that may be infinite.
    pub fn bound(&self, property: &str, default: f64) -> Result<f64, ReadError> {
        self.checked_number(property, default, |number| !number.is_nan(), "a number")
    }

    fn checked_number(
        &self,
        property: &str,
        default: f64,
        allowed: impl Fn(f64) -> bool,
        expected: &'static str,
    ) -> Result<f64, ReadError> {
        let Some(text) = self.value(property, expected)? else { return Ok(default) };
        // OpenSim takes the first of several values.
        let first = numbers(text).next().and_then(parse).filter(|&number| allowed(number));
        first.ok_or_else(|| self.value_error(property, text, expected))
    }

    /// An integer.
    pub fn integer(&self, property: &str, default: i64) -> Result<i64, ReadError> {
        let number = self.number(property, default as f64)?;
        // Beyond 2^53 the file's integer may not be exact; no property of OpenSim is near.
        if libm::trunc(number) != number || number.abs() > 9e15 {
            return Err(self.value_error(property, self.text(property).unwrap_or_default(), "an integer"));
        }
        Ok(number as i64)
    }

    /// Exactly or at least `N` numbers: as OpenSim, what is more is left out.
    pub fn array<const N: usize>(
        &self,
        property: &str,
        default: [f64; N],
        expected: &'static str,
    ) -> Result<[f64; N], ReadError> {
        let Some(text) = self.value(property, expected)? else { return Ok(default) };
        let mut values = default;
        let mut tokens = numbers(text);
        for value in &mut values {
            *value = tokens
                .next()
                .and_then(parse)
                .filter(|number| !number.is_nan())
                .ok_or_else(|| self.value_error(property, text, expected))?;
        }
        Ok(values)
    }

    /// Three finite numbers.
    pub fn vec3(&self, property: &str, default: [f64; 3]) -> Result<Vec3<f64>, ReadError> {
        let values = self.array(property, default, "three finite numbers")?;
        if values.iter().any(|value| !value.is_finite()) {
            let text = self.text(property).unwrap_or_default();
            return Err(self.value_error(property, text, "three finite numbers"));
        }
        Ok(Vec3::from_array(values))
    }

    /// Any number of finite numbers; none if the property is absent.
    pub fn list(&self, property: &str) -> Result<Option<Vec<f64>>, ReadError> {
        let expected = "finite numbers";
        let Some(text) = self.value(property, expected)? else { return Ok(None) };
        let values: Option<Vec<f64>> =
            numbers(text).map(|token| parse(token).filter(|number| number.is_finite())).collect();
        values.map(Some).ok_or_else(|| self.value_error(property, text, expected))
    }

    /// True or false.
    pub fn flag(&self, property: &str, default: bool) -> Result<bool, ReadError> {
        let expected = "`true` or `false`";
        let Some(text) = self.value(property, expected)? else { return Ok(default) };
        match text {
            "true" | "True" | "TRUE" | "1" => Ok(true),
            "false" | "False" | "FALSE" | "0" => Ok(false),
            _ => Err(self.value_error(property, text, expected)),
        }
    }

    /// Words separated by white space.
    pub fn words(&self, property: &str) -> Vec<&'d str> {
        self.text(property).map(|text| text.split_whitespace().collect()).unwrap_or_default()
    }

    /// Another object, with the defaults of its class.
    pub fn at(&self, node: NodeId) -> Element<'r, 'd> {
        self.reader.element(node)
    }

    /// The objects of a list property or set.
    pub fn objects(&self, property: &str) -> impl Iterator<Item = Element<'r, 'd>> + use<'r, 'd> {
        let (reader, list) = (self.reader, self.property(property));
        let list = list.map(|list| reader.document.child(list, "objects").unwrap_or(list));
        list.into_iter().flat_map(|list| reader.document.children(list)).map(|node| reader.element(node))
    }

    /// The objects of a set that this element is.
    pub fn objects_inside(&self) -> impl Iterator<Item = Element<'r, 'd>> + use<'r, 'd> {
        let reader = self.reader;
        let list = reader.document.child(self.node, "objects").unwrap_or(self.node);
        reader.document.children(list).map(|node| reader.element(node))
    }

    /// The object of a property that is named by its class: `<SpatialTransform>`.
    pub fn unnamed(&self, class: &str) -> Option<Element<'r, 'd>> {
        self.property(class).map(|node| self.at(node))
    }

    /// The object of a property that holds one: `<property><Class …/></property>`, `<Class name="property"/>`,
    /// or, where neither is, a `<Class/>` without name. Other classes than those wanted are passed over.
    pub fn object(&self, property: &str, is_wanted: fn(&str) -> bool) -> Option<Element<'r, 'd>> {
        let document = self.reader.document;
        let inside = |parent: NodeId| {
            if let Some(holder) = document.child(parent, property) {
                return document.children(holder).find(|&node| is_wanted(document.name(node)));
            }
            let named = |name: &str| {
                document.children(parent).find(|&node| {
                    let found = document.attribute(node, "name").unwrap_or_default().trim();
                    found == name && is_wanted(document.name(node))
                })
            };
            named(property).or_else(|| named(""))
        };
        let node = inside(self.node).or_else(|| self.inherited.and_then(inside))?;
        Some(self.at(node))
    }
}

/// Tokens of a list of numbers; OpenSim separates by white space, some files by commas or in parentheses.
pub(crate) fn numbers(text: &str) -> impl Iterator<Item = &str> {
    let is_between = |c: char| c.is_whitespace() || matches!(c, ',' | '(' | ')' | '[' | ']' | '~');
    // As good as all lists are ASCII, where a byte is a character.
    let is_ascii = text.is_ascii();
    let find = move |text: &str, between: bool| match is_ascii {
        true => text.bytes().position(|byte| is_between(char::from(byte)) == between),
        false => text.find(|c| is_between(c) == between),
    };
    let mut rest = text;
    std::iter::from_fn(move || {
        rest = &rest[find(rest, false)?..];
        let (token, after) = rest.split_at(find(rest, true).unwrap_or(rest.len()));
        rest = after;
        Some(token)
    })
}

/// A number as C++ and OpenSim write it.
pub(crate) fn parse(token: &str) -> Option<f64> {
    crate::number::short(token.as_bytes()).or_else(|| token.parse().ok())
}
