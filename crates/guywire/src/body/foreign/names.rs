//! Which of a model's names plays which part: by the names of public models, and by what a user says.

use serde::Deserialize;
use std::collections::BTreeMap;

/// A table of `data/foreign`.
const FILE: &str = "data/foreign/roles.toml";

/// The names of parts, as a user gives them or as the table of known names lists them.
///
/// ```toml
/// [bodies]
/// thorax = "upper_trunk"
/// femur_r = "RThigh"
///
/// [coordinates]
/// knee_angle_r = "RKnee"
///
/// [markers]
/// ASIS_r = "RSPINE"
///
/// [upright_deg]
/// pelvis_tilt = -9.5
/// ```
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Naming {
    /// Bodies of the built-in body, such as `thorax`, and what the model calls them.
    #[serde(default)]
    pub bodies: BTreeMap<String, String>,
    /// Coordinates, such as `knee_angle_r`.
    #[serde(default)]
    pub coordinates: BTreeMap<String, String>,
    /// Markers over the spines of the pelvis: `ASIS_r`, `ASIS_l`, `PSIS_r`, `PSIS_l`.
    #[serde(default)]
    pub markers: BTreeMap<String, String>,
    /// Coordinates that are not zero where the person stands with an upright trunk, such as `pelvis_tilt`, and
    /// their values there, degrees as the model counts them.
    #[serde(default)]
    pub upright_deg: BTreeMap<String, f64>,
}

/// What is wrong with a file of names.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum NamingError {
    /// Not TOML, or not these sections.
    #[error("line {line}: {problem}")]
    Syntax {
        /// Line, from 1.
        line: usize,
        /// What is wrong.
        problem: String,
    },
    /// A part that positions and measures do not know.
    #[error("[{section}] has no part `{name}`; there are {}", .known.join(", "))]
    UnknownPart {
        /// Section of the file.
        section: &'static str,
        /// The name.
        name: String,
        /// All of them.
        known: Vec<String>,
    },
}

impl Naming {
    /// Reads a file of names.
    ///
    /// # Errors
    /// When it is not TOML or names a part that there is not.
    pub fn parse(text: &str) -> Result<Self, NamingError> {
        let naming: Self = toml::from_str(text).map_err(|e| {
            let line = e.span().map_or(1, |s| 1 + text[..s.start].matches('\n').count());
            NamingError::Syntax { line, problem: e.message().to_owned() }
        })?;
        let known = KnownNames::read()
            .map_err(|problem| NamingError::Syntax { line: 1, problem: format!("{FILE}: {problem}") })?;
        for (section, given, list) in [
            ("bodies", keys(&naming.bodies), &known.bodies),
            ("coordinates", keys(&naming.coordinates), &known.coordinates),
            ("markers", keys(&naming.markers), &known.markers),
            ("upright_deg", keys(&naming.upright_deg), &known.coordinates),
        ] {
            for name in given {
                if !list.iter().any(|(part, _)| part == name) {
                    let known = list.iter().map(|(part, _)| part.clone()).collect();
                    return Err(NamingError::UnknownPart { section, name: name.clone(), known });
                }
            }
        }
        Ok(naming)
    }
}

fn keys<T>(table: &BTreeMap<String, T>) -> Vec<&String> {
    table.keys().collect()
}

/// Parts with sides, and the names that public models give them.
pub(super) struct KnownNames {
    pub bodies: Vec<(String, Vec<String>)>,
    pub coordinates: Vec<(String, Vec<String>)>,
    pub markers: Vec<(String, Vec<String>)>,
}

#[derive(Deserialize)]
struct Table {
    bodies: BTreeMap<String, Vec<String>>,
    coordinates: BTreeMap<String, Vec<String>>,
    markers: BTreeMap<String, Vec<String>>,
}

impl KnownNames {
    /// The table built into the program.
    pub fn read() -> Result<Self, String> {
        let text = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/foreign/roles.toml"));
        let table: Table = toml::from_str(text).map_err(|e| e.to_string())?;
        Ok(Self {
            bodies: sided(&table.bodies),
            coordinates: sided(&table.coordinates),
            markers: sided(&table.markers),
        })
    }
}

/// Every part once for each side, where its names have sides.
fn sided(table: &BTreeMap<String, Vec<String>>) -> Vec<(String, Vec<String>)> {
    let mut parts = Vec::new();
    for (part, names) in table {
        if !names.iter().any(|n| n.contains('{')) {
            parts.push((part.clone(), names.clone()));
            continue;
        }
        for (short, long, capital) in [("r", "right", "R"), ("l", "left", "L")] {
            let name = |n: &String| n.replace("{s}", short).replace("{side}", long).replace("{S}", capital);
            parts.push((format!("{part}_{short}"), names.iter().map(name).collect()));
        }
    }
    parts
}

/// The index of the model's name that plays a part: the one that the user gives, or the first known one.
///
/// # Errors
/// The user's name, when the model does not have it.
pub(super) fn find<'m>(
    part: &(String, Vec<String>),
    given: &BTreeMap<String, String>,
    names: impl Iterator<Item = &'m str> + Clone,
) -> Result<Option<usize>, String> {
    let (part, known) = part;
    if let Some(given) = given.get(part) {
        return match names.clone().position(|n| n == given) {
            Some(index) => Ok(Some(index)),
            None => Err(given.clone()),
        };
    }
    Ok(known.iter().find_map(|k| names.clone().position(|n| folded(n) == folded(k))))
}

/// Letters and digits in lower case: what is left when writing habits are taken off.
fn folded(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_of_names_is_read_and_every_part_has_its_sides() {
        let known = KnownNames::read().unwrap();
        for part in ["pelvis", "thorax", "femur_r", "femur_l", "toes_l"] {
            assert!(known.bodies.iter().any(|(name, _)| name == part), "{part}");
        }
        let knee = known.coordinates.iter().find(|(name, _)| name == "knee_angle_l").unwrap();
        assert!(knee.1.contains(&"left_knee_flexion".to_owned()), "{knee:?}");
    }

    #[test]
    fn a_user_is_believed_and_told_what_there_is_not() {
        let known = KnownNames::read().unwrap();
        let thorax = known.bodies.iter().find(|(name, _)| name == "thorax").unwrap();
        let names = ["Pelvis", "Torso", "Upper"];
        let find = |given: &[(&str, &str)]| {
            let given = given.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
            super::find(thorax, &given, names.iter().copied())
        };
        assert_eq!(find(&[]), Ok(Some(1)));
        assert_eq!(find(&[("thorax", "Upper")]), Ok(Some(2)));
        assert_eq!(find(&[("thorax", "upper")]), Err("upper".into()));
    }

    #[test]
    fn a_file_of_names_is_checked() {
        assert_eq!(Naming::parse("").unwrap(), Naming::default());
        assert!(matches!(Naming::parse("[bodies\n"), Err(NamingError::Syntax { line: 1, .. })));
        let unknown = Naming::parse("[coordinates]\nknee = \"RKnee\"").unwrap_err().to_string();
        assert!(unknown.contains("`knee`") && unknown.contains("knee_angle_r"), "{unknown}");
        let naming = Naming::parse("[coordinates]\nknee_angle_r = \"RKnee\"").unwrap();
        assert_eq!(naming.coordinates["knee_angle_r"], "RKnee");
    }
}
