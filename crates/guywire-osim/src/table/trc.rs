//! `.trc`: positions of markers, three columns each.
//!
//! ```text
//! PathFileType  4  (X/Y/Z)  walk.trc
//! DataRate  CameraRate  NumFrames  NumMarkers  Units  OrigDataRate  OrigDataStartFrame  OrigNumFrames
//! 60        60          300        2           mm     60            1                   300
//! Frame#    Time        Heel                   Toe
//!                       X1   Y1   Z1           X2   Y2   Z2
//!
//! 1         0.0         …
//! ```
//!
//! The time column counts, not `DataRate`. A marker is not there when one of its cells is blank, missing or NaN,
//! or when all three are zero while it is seen far from the origin in the frames around: some systems write
//! gaps as zeros.

use super::MarkerTable;
use super::error::{TableError, quoted};
use super::text::{Lines, Separator, number_at, text, trim};
use guywire_math::Vec3;

/// Three zeros are a gap if the marker is further than this from the origin when seen next, m (assumed: ten times what
/// a marker may jitter, a tenth of a measuring volume).
const ZERO_IS_GAP_BEYOND: f64 = 0.1;

/// Reads a marker file.
///
/// # Errors
/// [`TableError`] with the place.
pub fn read(bytes: &[u8]) -> Result<MarkerTable, TableError> {
    let mut lines = Lines::new(bytes);
    let header = Header::read(&mut lines)?;
    let (mut cells, mut table) = (Vec::new(), MarkerTable::default());
    // Tabs between names may be one or three; blank names are those tabs.
    header.separator.split(header.names_line, &mut cells);
    table.names = cells.iter().map(|cell| text(cell)).filter(|name| !name.is_empty()).skip(2).collect();
    if table.names.is_empty() {
        return Err(TableError::Field {
            line: header.names_at,
            field: "the line of marker names",
            found: quoted(header.names_line),
            expected: "`Frame#`, `Time` and the names of markers",
        });
    }
    if let Some(promised) = header.markers
        && promised != table.names.len() as f64
    {
        let found = table.names.len();
        table.notes.push(format!("the header promises {promised} markers, {found} are named"));
    }
    let mut repeated = 0;
    let mut first = true;
    while let Some(line) = lines.next() {
        let row = trim(line);
        if row.is_empty() || std::mem::take(&mut first) && is_axis_line(row) {
            continue;
        }
        header.separator.split(line, &mut cells);
        let width = 2 + 3 * table.names.len();
        if cells.len() < 2 || cells.len() > width {
            return Err(TableError::RowLength { line: lines.line(), found: cells.len(), expected: width });
        }
        cells.resize(width, b"");
        let time = number_at(cells[1], lines.line(), 2, || "Time".into())? * header.time_scale;
        let previous = table.time.last().copied();
        if previous == Some(time) {
            repeated += 1;
            table.time.pop();
            table.positions.truncate(table.positions.len() - table.names.len());
        } else if !time.is_finite() || previous.is_some_and(|p| time < p) {
            let previous = previous.unwrap_or(f64::NEG_INFINITY);
            return Err(TableError::Time { line: lines.line(), time, previous });
        }
        table.time.push(time);
        for (marker, cell) in cells[2..].chunks_exact(3).enumerate() {
            let mut at = [0.0; 3];
            for (axis, value) in at.iter_mut().enumerate() {
                let name = || table.names[marker].clone();
                *value = number_at(cell[axis], lines.line(), 3 + 3 * marker + axis, name)? * header.scale;
            }
            table.positions.push(at.iter().all(|v| v.is_finite()).then_some(Vec3::from_array(at)));
        }
    }
    if table.time.is_empty() {
        return Err(TableError::NoRows { line: header.names_at });
    }
    if repeated > 0 {
        table
            .notes
            .push(format!("{repeated} frames repeat the time of the frame before them and replace it"));
    }
    note_rate(&mut table, header.rate);
    drop_zeros(&mut table);
    Ok(table)
}

struct Header<'a> {
    scale: f64,
    time_scale: f64,
    rate: Option<f64>,
    markers: Option<f64>,
    names_line: &'a [u8],
    names_at: usize,
    separator: Separator,
}

impl<'a> Header<'a> {
    /// To the line of marker names, wherever it stands.
    fn read(lines: &mut Lines<'a>) -> Result<Self, TableError> {
        let mut keys: Vec<String> = Vec::new();
        let mut units: Option<(String, usize)> = None;
        let (mut rate, mut markers) = (None, None);
        let mut cells = Vec::new();
        let mut any = false;
        while let Some(line) = lines.next_filled() {
            any = true;
            let separator = Separator::of(line);
            separator.split(line, &mut cells);
            cells.retain(|cell| !cell.is_empty());
            let first = cells.first().map(|cell| text(cell)).unwrap_or_default();
            let second = cells.get(1).map(|cell| text(cell)).unwrap_or_default();
            if first.to_ascii_lowercase().starts_with("frame")
                && second.to_ascii_lowercase().starts_with("time")
            {
                let milliseconds = second.to_ascii_lowercase().contains("ms");
                let scale = match &units {
                    Some((unit, at)) => metres(unit, *at)?,
                    None => {
                        return Err(TableError::Field {
                            line: lines.line(),
                            field: "Units",
                            found: String::new(),
                            expected: "mm, cm or m in the header",
                        });
                    }
                };
                let time_scale = if milliseconds { 1e-3 } else { 1.0 };
                let names_at = lines.line();
                return Ok(Self { scale, time_scale, rate, markers, names_line: line, names_at, separator });
            }
            if first == "PathFileType" {
                continue;
            }
            if cells.iter().any(|cell| text(cell).eq_ignore_ascii_case("units")) {
                keys = cells.iter().map(|cell| text(cell).to_ascii_lowercase()).collect();
                continue;
            }
            for (key, cell) in keys.iter().zip(&cells) {
                let number = || text(cell).parse::<f64>().ok();
                match key.as_str() {
                    "units" => units = Some((text(cell), lines.line())),
                    "datarate" => rate = number(),
                    "nummarkers" => markers = number(),
                    _ => {}
                }
            }
            keys.clear();
        }
        if any { Err(TableError::Header { line: lines.line() }) } else { Err(TableError::Empty) }
    }
}

fn metres(unit: &str, line: usize) -> Result<f64, TableError> {
    match unit.to_ascii_lowercase().as_str() {
        "mm" | "millimeters" | "millimeter" | "millimetres" | "millimetre" => Ok(1e-3),
        "cm" | "centimeters" | "centimeter" | "centimetres" | "centimetre" => Ok(1e-2),
        "m" | "meters" | "meter" | "metres" | "metre" => Ok(1.0),
        _ => Err(TableError::Field {
            line,
            field: "Units",
            found: quoted(unit.as_bytes()),
            expected: "mm, cm or m",
        }),
    }
}

/// `X1 Y1 Z1 …`, the line below the names.
fn is_axis_line(row: &[u8]) -> bool {
    row.split(|b| b" \t,;".contains(b))
        .find(|cell| !cell.is_empty())
        .is_some_and(|cell| cell[0].eq_ignore_ascii_case(&b'x'))
}

fn note_rate(table: &mut MarkerTable, rate: Option<f64>) {
    let (Some(rate), [first, .., last]) = (rate, &table.time[..]) else { return };
    let mean = (table.time.len() - 1) as f64 / (last - first);
    // Times rounded to milliseconds move the mean rate of a short trial by less than this.
    if (mean - rate).abs() > 0.02 * rate {
        table
            .notes
            .push(format!("the header says {rate} Hz, the times say {mean:.2} Hz: the times are used"));
    }
}

/// Takes out gaps that were written as zeros.
fn drop_zeros(table: &mut MarkerTable) {
    let (count, frames) = (table.names.len(), table.time.len());
    let zero = |at: &Option<Vec3<f64>>| at.is_some_and(|p| p.to_array() == [0.0; 3]);
    for marker in 0..count {
        let mut dropped = 0;
        let mut before = None;
        let mut frame = 0;
        while frame < frames {
            let here = table.positions[frame * count + marker];
            if !zero(&here) {
                before = here.or(before);
                frame += 1;
                continue;
            }
            let next_seen = (frame..frames)
                .find(|f| table.positions[f * count + marker].is_some_and(|p| p.to_array() != [0.0; 3]));
            let after = next_seen.and_then(|f| table.positions[f * count + marker]);
            let end = next_seen.unwrap_or(frames);
            let far = |p: Option<Vec3<f64>>| p.is_none_or(|p| p.norm() > ZERO_IS_GAP_BEYOND);
            let gap = (before.is_some() || after.is_some()) && far(before) && far(after);
            for f in frame..end {
                let cell = &mut table.positions[f * count + marker];
                if gap && zero(cell) {
                    *cell = None;
                    dropped += 1;
                }
            }
            frame = end;
        }
        if dropped > 0 {
            let name = &table.names[marker];
            table
                .notes
                .push(format!("`{name}` lies at exactly 0 0 0 in {dropped} frames: taken as not seen"));
        }
    }
}
