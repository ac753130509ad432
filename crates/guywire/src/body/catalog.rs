//! What the body is made of, by name: tissue groups, muscles and the sources of its data.

use super::scale::{ScaledPerson, ScalingRow};
use super::tables::{TableError, rows, table};
use super::{Body, BodyError, MuscleInfo, ReferenceBody, SourceInfo};
use crate::case::Tissue;
use crate::side::Side;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A tissue group and its members, by their names in case files.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Group {
    /// Name in case files.
    pub name: String,
    /// Anatomical muscles in it; a muscle may be in several groups.
    pub members: Vec<String>,
}

#[derive(Deserialize)]
struct Register {
    source: BTreeMap<String, Source>,
    file: Vec<File>,
}

#[derive(Deserialize)]
struct Source {
    title: String,
}

#[derive(Deserialize)]
struct File {
    path: String,
    what: String,
    sources: Vec<String>,
    licence: String,
}

impl ReferenceBody {
    /// Pelvic incidence of a person in whom it was not measured, deg.
    pub fn pelvic_incidence_deg(&self) -> Result<f64, BodyError> {
        let rows = rows!(ScalingRow, "scaling.csv")?;
        let row = rows.iter().find(|r| r.quantity == "reference_pelvic_incidence");
        row.map(|r| r.value)
            .ok_or_else(|| BodyError::Missing { what: "measure", name: "pelvic incidence".into() })
    }

    /// The body of the tables, unscaled, with the state of its tissues.
    ///
    /// # Errors
    /// When a table is wrong or a setting names something that the body does not have.
    pub fn unscaled_with(&self, tissue: &Tissue) -> Result<Body, BodyError> {
        self.frame_of(ScaledPerson::reference())?.with(tissue)
    }

    /// The same with a pelvic incidence that is larger by some degrees.
    ///
    /// # Errors
    /// When a table is wrong or a setting names something that the body does not have.
    pub(crate) fn unscaled_as(&self, more_incidence_deg: f64, tissue: &Tissue) -> Result<Body, BodyError> {
        let person =
            ScaledPerson { incidence_change: more_incidence_deg * super::RAD, ..ScaledPerson::reference() };
        self.frame_of(person)?.with(tissue)
    }

    /// The tissue groups in the order of their table.
    pub fn groups(&self) -> Vec<Group> {
        let mut groups: Vec<Group> = Vec::new();
        for row in &self.groups {
            match groups.iter_mut().find(|g| g.name == row.group) {
                Some(group) => group.members.push(row.member.clone()),
                None => groups.push(Group { name: row.group.clone(), members: vec![row.member.clone()] }),
            }
        }
        groups
    }

    /// The muscle fascicles of one side (the right; the left mirrors them) of the unscaled body.
    ///
    /// # Errors
    /// When a table is wrong.
    pub fn muscles(&self) -> Result<Vec<MuscleInfo>, BodyError> {
        let mut muscles = self.unscaled()?.muscles;
        muscles.retain(|m| m.side == Side::Right);
        Ok(muscles)
    }

    /// The data files with their sources and licences, from the register.
    ///
    /// # Errors
    /// When the register is wrong.
    pub fn sources(&self) -> Result<Vec<SourceInfo>, BodyError> {
        let text = table!("../REGISTER.toml");
        let register: Register = toml::from_str(text).map_err(|e| {
            let line = e.span().map_or(1, |s| 1 + text[..s.start].matches('\n').count() as u64);
            TableError { table: "../REGISTER.toml", line, problem: e.message().to_owned() }
        })?;
        let title = |key: &String| register.source.get(key).map_or_else(|| key.clone(), |s| s.title.clone());
        let info = |file: &File| SourceInfo {
            path: file.path.clone(),
            what: file.what.clone(),
            source: file.sources.iter().map(title).collect::<Vec<_>>().join("; "),
            licence: file.licence.clone(),
        };
        Ok(register.file.iter().map(info).collect())
    }
}
