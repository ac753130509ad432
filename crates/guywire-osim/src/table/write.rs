//! Tables as the files that OpenSim writes and reads.

use super::Table;
use std::fmt::Write;

/// `.sto` and `.mot`, version 1: both of OpenSim's readers take it. Numbers are the shortest that read back to
/// the same double.
pub fn sto(table: &Table) -> Vec<u8> {
    let mut out = String::with_capacity(200 + 16 * (table.time.len() + 1) * (table.columns.len() + 1));
    let name = if table.name.is_empty() { "table" } else { table.name.lines().next().unwrap_or("table") };
    let degrees = if table.in_degrees == Some(true) { "yes" } else { "no" };
    // Writing to a String cannot fail.
    let _ =
        writeln!(out, "{name}\nversion=1\nnRows={}\nnColumns={}", table.time.len(), table.columns.len() + 1);
    let _ = writeln!(out, "inDegrees={degrees}");
    for (key, value) in &table.header {
        let line = if key.is_empty() { value.clone() } else { format!("{key}={value}") };
        let known = matches!(key.as_str(), "version" | "OpenSimVersion" | "nRows" | "nColumns");
        if !known && !line.trim().eq_ignore_ascii_case("endheader") {
            out.extend(line.lines().take(1));
            out.push('\n');
        }
    }
    out.push_str("endheader\ntime");
    for column in &table.columns {
        out.push('\t');
        out.push_str(&column.name);
    }
    out.push('\n');
    for (row, time) in table.time.iter().enumerate() {
        number(&mut out, *time);
        for column in &table.columns {
            out.push('\t');
            number(&mut out, column.values.get(row).copied().unwrap_or(f64::NAN));
        }
        out.push('\n');
    }
    out.into_bytes()
}

/// The shortest decimal that reads back to the same double, with an exponent where that is shorter.
fn number(out: &mut String, value: f64) {
    let magnitude = value.abs();
    let _ = if value.is_nan() {
        out.write_str("nan")
    } else if magnitude != 0.0 && !(1e-5..1e16).contains(&magnitude) {
        write!(out, "{value:e}")
    } else {
        write!(out, "{value}")
    };
}
