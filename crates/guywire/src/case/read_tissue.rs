//! Reads the `[tissue]` section and the `--set` arguments of the command line.

use super::error::{CaseError, CaseErrors};
use super::quantity::{self, RECIPROCAL_INHIBITION};
use super::reader::{Key, Reader, Value, check, entries, number, owned, shown, wrong_unit};
use super::stray::misplaced;
use super::vocabulary::nearest;
use super::{Property, Setting, Target, Tissue, Vocabulary};
use crate::side::Side;
use std::ops::Range;
use toml::de::{DeTable, DeValue};

/// Where one setting stands, for errors that concern several.
struct Placed {
    setting: Setting,
    span: Range<usize>,
}

impl Reader<'_> {
    /// Reads `[tissue]`.
    pub(super) fn tissue(&mut self, table: &DeTable<'_>) -> Option<Tissue> {
        let (mut placed, mut reciprocal_inhibition) = (Vec::new(), Some(0.0));
        for (key, value) in entries(table) {
            let name = key.get_ref();
            if name == RECIPROCAL_INHIBITION.field {
                reciprocal_inhibition = self.number(name, &RECIPROCAL_INHIBITION, key, value);
                continue;
            }
            match self.vocabulary.target(name, key.span()) {
                Ok(target) => self.settings(&target, None, key, value, &mut placed),
                Err(error) => self.errors.push(error),
            }
        }
        self.errors.extend(impossible_together(&placed));
        placed.sort_by_key(|placed| placed.span.start);
        let settings = placed.into_iter().map(|placed| placed.setting).collect();
        Some(Tissue { settings, reciprocal_inhibition: reciprocal_inhibition? })
    }

    fn settings(
        &mut self,
        target: &Target,
        side: Option<Side>,
        key: &Key<'_>,
        value: &Value<'_>,
        placed: &mut Vec<Placed>,
    ) {
        let path = path_of(target, side);
        let DeValue::Table(table) = value.get_ref() else {
            let property = target.properties()[0].name();
            let written = value.get_ref().as_float().map_or("…", |number| number.as_str());
            let instead = Some(format!("write `{path} = {{ {property} = {} }}`", shown(written)));
            self.wrong_type::<()>(&path, "a table of properties", key, value, instead);
            return;
        };
        for (key, value) in entries(table) {
            let name = key.get_ref();
            match (side_of(name), side) {
                (Some(side), None) if target.has_sides() => {
                    self.settings(target, Some(side), key, value, placed);
                }
                (Some(_), None) => self.errors.push(CaseError::NoSides {
                    tissue: path.clone(),
                    side: name.to_string(),
                    span: key.span(),
                }),
                _ => match target.property(name, side, number(value.get_ref()), key.span()) {
                    Ok(property) => {
                        let field = format!("{path}.{}", property.name());
                        if let Some(value) = self.number(&field, property.quantity(), key, value) {
                            let setting = Setting { target: target.clone(), side, property, value };
                            placed.push(Placed { setting, span: key.span() });
                        }
                    }
                    Err(error) => self.errors.push(error),
                },
            }
        }
    }
}

impl Tissue {
    /// Applies one `--set` argument, such as `hip_flexors.length=0.9`. A setting of the same tissue, side
    /// and property is replaced; others that overlap combine. The spans of errors are those of `text`.
    pub fn apply_setting(&mut self, text: &str, vocabulary: &Vocabulary) -> Result<(), CaseErrors> {
        let mut errors = Vec::new();
        let done = self.try_setting(text, vocabulary).map_err(|error| errors.push(error)).ok();
        CaseErrors::or(done, errors)
    }

    fn try_setting(&mut self, text: &str, vocabulary: &Vocabulary) -> Result<(), CaseError> {
        let not_a_setting = || CaseError::NotASetting { text: shown(text), span: 0..text.len() };
        let (path, written) = text.split_once('=').ok_or_else(not_a_setting)?;
        let written_span = trimmed(text, path.len() + 1..text.len());
        let path = path.trim();
        let names = pieces(text);
        if names.iter().any(|span| span.is_empty()) {
            return Err(not_a_setting());
        }
        let read_number = |field: &str, quantity: &quantity::Quantity| {
            let value = written.trim().parse().map_err(|_| CaseError::WrongType {
                field: field.to_owned(),
                expected: "a number",
                found: format!("`{}`", shown(written.trim())),
                instead: quantity.in_words(written).map(|value| format!("write `{field}={value}`")),
                span: written_span.clone(),
            })?;
            check(field, quantity, value, written_span.clone())
        };
        if path == RECIPROCAL_INHIBITION.field {
            self.reciprocal_inhibition = read_number(path, &RECIPROCAL_INHIBITION)?;
            return Ok(());
        }
        let target = vocabulary.target(&text[names[0].clone()], names[0].clone())?;
        let (side, property) = match names.get(1..).unwrap_or_default() {
            [property] => (None, property),
            [side, property] => (Some(side), property),
            _ => return Err(not_a_setting()),
        };
        let side = side.map(|span| side_named(&target, &text[span.clone()], span)).transpose()?;
        let property_name = &text[property.clone()];
        if side.is_none() && side_of(property_name).is_some() {
            return Err(not_a_setting());
        }
        let property = target.property(property_name, side, written.trim().parse().ok(), property.clone())?;
        let field = format!("{}.{}", path_of(&target, side), property.name());
        let value = read_number(&field, property.quantity())?;
        self.replace(Setting { target, side, property, value }, written_span)
    }

    fn replace(&mut self, setting: Setting, span: Range<usize>) -> Result<(), CaseError> {
        let same = |other: &Setting| other.path() == setting.path();
        let mut settings = self.settings.clone();
        match settings.iter_mut().find(|other| same(other)) {
            Some(other) => other.value = setting.value,
            None => settings.push(setting.clone()),
        }
        let concerned = settings.iter().filter(|other| other.target == setting.target);
        let placed: Vec<Placed> =
            concerned.map(|other| Placed { setting: other.clone(), span: span.clone() }).collect();
        match impossible_together(&placed).pop() {
            Some(error) => Err(error),
            None => {
                self.settings = settings;
                Ok(())
            }
        }
    }
}

impl Vocabulary {
    /// The tissue named `name`, which stands at `span`.
    fn target(&self, name: &str, span: Range<usize>) -> Result<Target, CaseError> {
        let is = |known: &String| known == name;
        match name {
            "hip" => Ok(Target::Hip),
            "lumbar" if self.discs => Ok(Target::Lumbar),
            "left" | "right" => Err(CaseError::SideFirst { side: name.to_owned(), span }),
            _ if self.groups.iter().any(is) => Ok(Target::Group(name.to_owned())),
            _ if self.muscles.iter().any(is) => Ok(Target::Muscle(name.to_owned())),
            _ => Err(misplaced(name, "`[tissue]`", self, span.clone()).unwrap_or_else(|| {
                CaseError::UnknownTissue {
                    name: shown(name),
                    nearest: self.nearest_tissue(name),
                    valid: self
                        .groups
                        .iter()
                        .map(String::as_str)
                        .chain(["hip"])
                        .chain(self.discs.then_some("lumbar"))
                        .map(str::to_owned)
                        .collect(),
                    span,
                }
            })),
        }
    }

    /// The tissue that `name` was meant to be; a side that is part of the name comes after a dot.
    fn nearest_tissue(&self, name: &str) -> Option<String> {
        let name = name.to_ascii_lowercase();
        let ends = [("_left", "left"), ("_l", "left"), ("_right", "right"), ("_r", "right")];
        let starts = [("left_", "left"), ("l_", "left"), ("right_", "right"), ("r_", "right")];
        let at_end = ends.iter().find_map(|(end, side)| Some((name.strip_suffix(end)?, *side)));
        let at_start = || starts.iter().find_map(|(start, side)| Some((name.strip_prefix(start)?, *side)));
        let tissues = || {
            let joints = ["hip", "lumbar", RECIPROCAL_INHIBITION.field];
            self.groups.iter().chain(&self.muscles).map(String::as_str).chain(joints)
        };
        let with_side = |(stem, side): (&str, &str)| {
            let tissue = tissues()
                .find(|tissue| *tissue == stem)
                .or_else(|| nearest(stem, tissues().collect::<Vec<_>>()))?;
            Some(format!("{tissue}.{side}"))
        };
        let whole = || nearest(&name, tissues().collect::<Vec<_>>()).map(str::to_owned);
        at_end.or_else(at_start).and_then(with_side).or_else(whole)
    }
}

impl Target {
    /// The property named `name`, which stands at `span` and is given as `value`.
    fn property(
        &self,
        name: &str,
        side: Option<Side>,
        value: Option<f64>,
        span: Range<usize>,
    ) -> Result<Property, CaseError> {
        let properties = self.properties();
        if let Some(property) = properties.iter().find(|property| property.name() == name) {
            return Ok(*property);
        }
        let quantities: Vec<_> = properties.iter().map(|property| *property.quantity()).collect();
        if let Some((expected, converted)) = wrong_unit(name, value, None, &quantities) {
            return Err(CaseError::WrongUnit { field: shown(name), expected, converted, span });
        }
        let mut valid: Vec<&str> = properties.iter().map(|property| property.name()).collect();
        if side.is_none() && self.has_sides() {
            valid.extend(Side::BOTH.map(Side::name));
        }
        Err(CaseError::UnknownProperty {
            tissue: path_of(self, side),
            property: shown(name),
            nearest: nearest(name, valid.iter().copied()).map(str::to_owned),
            valid: owned(&valid),
            span,
        })
    }
}

/// Settings of one target whose combination on a side is out of range, each side and property once.
fn impossible_together(placed: &[Placed]) -> Vec<CaseError> {
    let mut errors: Vec<CaseError> = Vec::new();
    for (i, first) in placed.iter().enumerate() {
        let Setting { target, property, .. } = &first.setting;
        let overlaps = |other: &&Placed| {
            let other = &other.setting;
            let sides = first.setting.side.is_none() != other.side.is_none();
            other.target == *target && other.property == *property && sides
        };
        for other in placed[i + 1..].iter().filter(overlaps) {
            let value = property.combine(first.setting.value, other.setting.value);
            let quantity::Quantity { low, high, unit, .. } = *property.quantity();
            if !property.quantity().holds(value) {
                let side = first.setting.side.or(other.setting.side);
                errors.push(CaseError::OutOfRangeTogether {
                    field: format!("{}.{}", path_of(target, side), property.name()),
                    value,
                    low,
                    high,
                    unit: unit.symbol(),
                    span: other.span.clone(),
                });
            }
        }
    }
    errors
}

fn path_of(target: &Target, side: Option<Side>) -> String {
    match side {
        Some(side) => format!("{}.{}", target.name(), side.name()),
        None => target.name().to_owned(),
    }
}

fn side_of(name: &str) -> Option<Side> {
    Side::BOTH.into_iter().find(|side| side.name() == name)
}

/// The side named `name`, which stands at `span` after the tissue.
fn side_named(target: &Target, name: &str, span: &Range<usize>) -> Result<Side, CaseError> {
    let tissue = target.name().to_owned();
    let valid = Side::BOTH.map(Side::name);
    match side_of(name) {
        Some(side) if target.has_sides() => Ok(side),
        Some(_) => Err(CaseError::NoSides { tissue, side: name.to_owned(), span: span.clone() }),
        None => Err(CaseError::UnknownProperty {
            tissue,
            property: shown(name),
            nearest: nearest(name, valid).map(str::to_owned),
            valid: owned(&valid),
            span: span.clone(),
        }),
    }
}

/// Spans of the names between the dots before the `=`, without spaces around them.
fn pieces(text: &str) -> Vec<Range<usize>> {
    let end = text.find('=').unwrap_or(text.len());
    let mut start = 0;
    let mut pieces = Vec::new();
    for piece in text[..end].split('.') {
        pieces.push(trimmed(text, start..start + piece.len()));
        start += piece.len() + 1;
    }
    pieces
}

/// `span` without the spaces at its ends.
fn trimmed(text: &str, span: Range<usize>) -> Range<usize> {
    let piece = &text[span.clone()];
    let start = span.start + (piece.len() - piece.trim_start().len());
    start..start + piece.trim().len()
}
