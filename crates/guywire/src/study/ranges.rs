//! Normal ranges of the measures and the spread of the inputs: `data/evidence/normal_ranges.toml`.

use super::StudyError;
use crate::results::NormalRange;
use serde::Deserialize;

const FILE: &str = "normal_ranges.toml";

#[derive(Deserialize)]
struct File {
    range: Vec<NormalRange>,
    input: Vec<Input>,
}

/// How well an input is known.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Input {
    /// Which one.
    pub input: InputKind,
    /// In words.
    pub label: String,
    /// Standard deviation.
    pub sd: f64,
    /// Its unit.
    pub unit: String,
    /// Where it comes from.
    pub source: String,
}

/// What may be known badly.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum InputKind {
    /// Pelvic incidence of a person in whom it was not measured, deg.
    PelvicIncidenceDeg,
    /// Pelvic incidence as read on a radiograph, deg.
    MeasuredPelvicIncidenceDeg,
    /// Stress-free lordosis, deg.
    NeutralLordosisDeg,
    /// Passive extension range of both hips, deg.
    ExtensionRangeDeg,
    /// Body mass, kg.
    MassKg,
    /// Each tissue setting, as a share of its deviation from the reference.
    TissueSetting,
}

fn file() -> Result<File, StudyError> {
    let text = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/evidence/normal_ranges.toml"));
    toml::from_str(text).map_err(|e| StudyError::Evidence {
        file: FILE,
        line: e.span().map_or(1, |s| 1 + text[..s.start].matches('\n').count()),
        problem: e.message().to_owned(),
    })
}

/// Normal ranges of those measures that there are, in these positions.
pub(super) fn normal_ranges(positions: &[String], measures: &[&str]) -> Result<Vec<NormalRange>, StudyError> {
    let mut ranges = file()?.range;
    ranges.retain(|r| positions.contains(&r.position) && measures.contains(&r.measure.as_str()));
    Ok(ranges)
}

/// How well the inputs are known.
pub(crate) fn inputs() -> Result<Vec<Input>, StudyError> {
    Ok(file()?.input)
}
