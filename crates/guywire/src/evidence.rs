//! `data/evidence/measurements.toml`: where every measurement was published.

use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// The file's name, for messages.
pub(crate) const FILE: &str = "measurements.toml";
/// The file built into the program.
pub(crate) const TEXT: &str =
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/evidence/measurements.toml"));

#[derive(Deserialize)]
struct Measurements {
    source: BTreeMap<String, Source>,
    m: Vec<Measurement>,
}

#[derive(Deserialize)]
struct Source {
    cite: String,
}

#[derive(Deserialize)]
struct Measurement {
    id: String,
    quantity: String,
    source: String,
}

/// What was measured, and where it was published.
#[derive(Clone, Debug)]
pub(crate) struct Published {
    pub quantity: String,
    pub cite: String,
}

/// The file, read once; tests hold that it can be.
static MEASUREMENTS: LazyLock<Option<Measurements>> = LazyLock::new(|| toml::from_str(TEXT).ok());

/// The publication of a source of the file by its key; none where there is no such key.
pub(crate) fn cite(key: &str) -> Option<&'static str> {
    MEASUREMENTS.as_ref()?.source.get(key).map(|source| source.cite.as_str())
}

/// Every measurement of a text like [`TEXT`] that was published, by its name.
///
/// # Errors
/// When it is not what it should be.
pub(crate) fn published(text: &str) -> Result<BTreeMap<String, Published>, toml::de::Error> {
    let Measurements { source, m } = toml::from_str(text)?;
    let of = |m: Measurement| {
        let cite = source.get(&m.source)?.cite.clone();
        Some((m.id, Published { quantity: m.quantity, cite }))
    };
    Ok(m.into_iter().filter_map(of).collect())
}
