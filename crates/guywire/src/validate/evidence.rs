//! `data/evidence/validation.toml`, with the sources of `data/evidence/measurements.toml`.

use super::predict::{Prediction, Vocabulary};
use crate::case::Person;
use crate::evidence;
use crate::study::StudyError;
use serde::Deserialize;
use std::collections::BTreeMap;
use toml::Spanned;

const ROWS: &str = "validation.toml";

#[derive(Deserialize)]
struct File {
    person: BTreeMap<String, Person>,
    row: Vec<RowText>,
}

#[derive(Deserialize)]
struct RowText {
    id: String,
    measurement: Spanned<String>,
    quantity: String,
    condition: String,
    person: Option<Spanned<String>>,
    predict: Spanned<String>,
    measured: f64,
    unit: String,
    low: f64,
    high: f64,
    spread: String,
    #[serde(rename = "use")]
    used_for: String,
    required: bool,
    #[serde(default)]
    note: String,
}

/// One row, read and checked.
pub(super) struct Row {
    pub id: String,
    pub quantity: String,
    pub condition: String,
    /// The measured person; none is the reference person.
    pub person: Option<String>,
    pub prediction: Prediction,
    pub measured: f64,
    pub unit: String,
    pub low: f64,
    pub high: f64,
    pub spread: String,
    pub source: String,
    pub used_for: String,
    pub required: bool,
    pub note: String,
}

/// The rows and the people they were measured on.
pub(super) struct Evidence {
    pub people: BTreeMap<String, Person>,
    pub rows: Vec<Row>,
}

fn line_of(text: &str, at: usize) -> usize {
    1 + text[..at].matches('\n').count()
}

fn refused(file: &'static str, text: &str) -> impl Fn(toml::de::Error) -> StudyError {
    move |e| StudyError::Evidence {
        file,
        line: e.span().map_or(1, |s| line_of(text, s.start)),
        problem: e.message().to_owned(),
    }
}

/// Reads the evidence built into the program.
pub(super) fn read(vocabulary: &Vocabulary) -> Result<Evidence, StudyError> {
    let rows = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/evidence/validation.toml"));
    from_text(rows, evidence::TEXT, vocabulary)
}

fn from_text(text: &str, measurements: &str, vocabulary: &Vocabulary) -> Result<Evidence, StudyError> {
    let published = evidence::published(measurements).map_err(refused(evidence::FILE, measurements))?;
    let file: File = toml::from_str(text).map_err(refused(ROWS, text))?;
    let row = |row: RowText| -> Result<Row, StudyError> {
        let refuse = |at: usize, problem: String| StudyError::Evidence {
            file: ROWS,
            line: line_of(text, at),
            problem: format!("`{}`: {problem}", row.id),
        };
        let measurement = row.measurement.get_ref();
        let measured = published.get(measurement.as_str()).ok_or_else(|| {
            refuse(row.measurement.span().start, format!("no measurement `{measurement}` with a source"))
        })?;
        if let Some(person) = row.person.as_ref().filter(|p| !file.person.contains_key(p.get_ref())) {
            return Err(refuse(person.span().start, format!("no person `{}`", person.get_ref())));
        }
        let prediction = Prediction::parse(row.predict.get_ref(), vocabulary)
            .map_err(|problem| refuse(row.predict.span().start, problem))?;
        Ok(Row {
            prediction,
            source: measured.cite.clone(),
            id: row.id,
            quantity: row.quantity,
            condition: row.condition,
            person: row.person.map(Spanned::into_inner),
            measured: row.measured,
            unit: row.unit,
            low: row.low,
            high: row.high,
            spread: row.spread,
            used_for: row.used_for,
            required: row.required,
            note: row.note,
        })
    };
    let rows = file.row.into_iter().map(row).collect::<Result<Vec<Row>, StudyError>>()?;
    Ok(Evidence { people: file.person, rows })
}

#[cfg(test)]
mod tests {
    use super::*;

    const MEASURED: &str =
        "[source.s]\ncite = \"Somebody 2000\"\n[[m]]\nid = \"m\"\nquantity = \"q\"\nsource = \"s\"\n";

    fn with(measurement: &str, predict: &str) -> String {
        format!(
            "[person]\n[[row]]\nid = \"one\"\nmeasurement = \"{measurement}\"\nquantity = \"q\"\ncondition = \"c\"\n\
             measured = 1.0\nunit = \"1\"\nlow = 0.0\nhigh = 2.0\nspread = \"assumed\"\nuse = \"validate\"\n\
             required = false\npredict = \"{predict}\"\n"
        )
    }

    fn error(text: &str) -> String {
        let vocabulary = Vocabulary::for_tests();
        from_text(text, MEASURED, &vocabulary).err().map(|e| e.to_string()).unwrap_or_default()
    }

    #[test]
    fn a_row_takes_its_source_from_the_measurement() {
        let evidence =
            from_text(&with("m", "pressure(position=standing)"), MEASURED, &Vocabulary::for_tests());
        assert_eq!(evidence.unwrap().rows[0].source, "Somebody 2000");
    }

    #[test]
    fn mistakes_name_line_and_row() {
        let unknown = error(&with("m", "preasure(position=standing)"));
        assert_eq!(
            unknown,
            "data/evidence/validation.toml, line 14: `one`: there is no prediction `preasure`"
        );
        assert!(
            error(&with("other", "pressure(position=standing)")).contains("line 4: `one`: no measurement")
        );
    }
}
