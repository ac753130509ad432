//! What a tool hands over: tables with their file names, written beside each other and as JSON.

use super::files;
use crate::arguments::tools::Common;
use crate::failure::Failure;
use crate::json;
use anyhow::anyhow;
use guywire_osim::table::{Table, Unit};
use serde::Serialize;
use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Results of a tool.
#[derive(Debug, Default)]
pub struct Output {
    /// Tables and where they go.
    pub tables: Vec<(PathBuf, Table)>,
    /// Other files and where they go.
    pub files: Vec<(PathBuf, Vec<u8>)>,
    /// What the person should know of the input.
    pub notes: Vec<String>,
    /// What came out, in a few lines.
    pub summary: Vec<String>,
    /// Frames without an answer and why; they are in no table.
    pub failed: Vec<String>,
}

/// A column as JSON.
#[derive(Serialize)]
struct JsonColumn<'a> {
    unit: Option<&'static str>,
    values: &'a [f64],
}

/// A table as JSON.
#[derive(Serialize)]
struct JsonTable<'a> {
    file: String,
    time_s: &'a [f64],
    columns: BTreeMap<&'a str, JsonColumn<'a>>,
}

/// Everything as JSON.
#[derive(Serialize)]
struct JsonOutput<'a> {
    files: Vec<String>,
    notes: &'a [String],
    summary: &'a [String],
    failed: &'a [String],
    tables: Vec<JsonTable<'a>>,
}

fn unit(unit: Unit, in_degrees: Option<bool>) -> Option<&'static str> {
    match unit {
        Unit::Radian if in_degrees == Some(true) => Some("deg"),
        Unit::Radian => Some("rad"),
        Unit::RadianPerSecond if in_degrees == Some(true) => Some("deg/s"),
        Unit::RadianPerSecond => Some("rad/s"),
        Unit::Degree => Some("deg"),
        Unit::Metre => Some("m"),
        Unit::Millimetre => Some("mm"),
        Unit::Newton => Some("N"),
        Unit::NewtonMetre => Some("N m"),
        Unit::One => Some("1"),
        Unit::Unstated => None,
    }
}

impl Output {
    /// Writes all files and says so; with `json` prints one object instead of the lines.
    ///
    /// # Errors
    /// When a file cannot be written, or a frame has no answer; what has one is written before.
    pub fn finish(&self, common: &Common, out: &mut dyn Write) -> Result<(), Failure> {
        self.write(common, out)?;
        if self.failed.is_empty() {
            return Ok(());
        }
        out.flush()?;
        Err(anyhow!("frames without an answer, which are in no table:\n  {}", self.failed.join("\n  "))
            .into())
    }

    fn write(&self, common: &Common, out: &mut dyn Write) -> Result<(), Failure> {
        let mut written = Vec::new();
        for (path, table) in &self.tables {
            files::write(path, &table.to_sto())?;
            written.push(path.display().to_string());
        }
        for (path, content) in &self.files {
            files::write(path, content)?;
            written.push(path.display().to_string());
        }
        for note in &self.notes {
            eprintln!("note: {note}");
        }
        if common.json {
            let tables = self.tables.iter().map(|(path, table)| JsonTable {
                file: path.display().to_string(),
                time_s: &table.time,
                columns: table
                    .columns
                    .iter()
                    .map(|c| {
                        let unit = unit(c.unit, table.in_degrees);
                        (c.name.as_str(), JsonColumn { unit, values: &c.values })
                    })
                    .collect(),
            });
            let all = JsonOutput {
                files: written,
                notes: &self.notes,
                summary: &self.summary,
                failed: &self.failed,
                tables: tables.collect(),
            };
            out.write_all(json::rows(&all)?.as_bytes())?;
            return Ok(());
        }
        for line in &self.summary {
            writeln!(out, "{line}")?;
        }
        for path in written {
            writeln!(out, "Wrote {path}")?;
        }
        Ok(())
    }
}

/// Where a file goes: into the folder asked for, or beside what the setup says.
pub fn place(asked: Option<&Path>, folder: &Path, name: &str) -> PathBuf {
    match asked {
        Some(asked) => asked.join(Path::new(name).file_name().unwrap_or(name.as_ref())),
        None => folder.join(name),
    }
}
