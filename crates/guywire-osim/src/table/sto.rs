//! `.sto`, `.mot` and `.csv`: a header, `endheader`, column names, rows.
//!
//! The header is what OpenSim's two readers accept between them, and what is met in the wild: `key=value` or
//! `key value` in any order, SIMM's `datacolumns`, `datarows`, `range` and "Angles are in degrees.", no
//! `endheader` at all where column names that begin with `time` follow. Cells are separated by tabs, commas,
//! semicolons or blanks; a blank cell between tabs or commas is NaN. With `DataType=Vec3` and the like a cell
//! holds several numbers, which become columns with the endings that OpenSim gives them when it flattens.
//!
//! The rows of the file count, not `nRows`. Of rows with the same time the last one stays, as in OpenSim.

use super::error::{TableError, quoted};
use super::text::{Lines, Separator, number, number_at, text, trim};
use super::{Column, Format, Table, Unit};

/// What the header said, as far as reading needs it.
#[derive(Default)]
struct Header {
    version: Option<i64>,
    rows: Option<i64>,
    columns: Option<i64>,
    range: Option<[f64; 2]>,
    endings: Vec<&'static str>,
}

/// Reads a table.
///
/// # Errors
/// [`TableError`] with the place.
pub fn read(bytes: &[u8], format: Format) -> Result<Table, TableError> {
    let mut lines = Lines::new(bytes);
    let mut table = Table::default();
    let (header, found) = read_header(&mut lines, &mut table, format)?;
    let names_line = match found {
        Some(line) => line,
        None => lines.next_filled().ok_or(TableError::Header { line: lines.line() })?,
    };
    let names_at = lines.line();
    let mut separator = Separator::of(names_line);
    let mut cells = Vec::new();
    separator.split(names_line, &mut cells);
    // Names may be separated by tabs and blanks mixed; then the header's count tells.
    let promised = header.columns.and_then(|count| usize::try_from(count).ok());
    let blanks = names_line.split(u8::is_ascii_whitespace).filter(|name| !name.is_empty());
    if separator == Separator::Tab
        && promised.is_some_and(|n| n != cells.len() && n == blanks.clone().count())
    {
        separator = Separator::Blanks;
        cells = blanks.collect();
    }
    let mut names: Vec<String> =
        cells.iter().map(|cell| text(cell)).filter(|name| !name.is_empty()).collect();
    let time_column = names.iter().position(|name| is_time(name));
    match (time_column, header.range) {
        (Some(index), _) => drop(names.remove(index)),
        (None, Some(_)) => {}
        (None, None) => return Err(TableError::NoTime { line: names_at }),
    }
    decide_angles(&mut table, &header, format);

    let width = names.len() + usize::from(time_column.is_some());
    let parts = header.endings.len().max(1);
    let mut rows =
        Rows { table: &mut table, names: &names, time_column, width, parts, last: None, repeated: 0 };
    rows.start(&header.endings);
    while let Some(line) = lines.next() {
        rows.read(line, lines.line(), separator, &mut cells)?;
    }
    let (repeated, last) = (rows.repeated, rows.last);
    if last.is_none() {
        return Err(TableError::NoRows { line: names_at });
    }
    if repeated > 0 {
        table.notes.push(format!("{repeated} rows repeat the time of the row before them and replace it"));
    }
    if let (None, Some([first, end])) = (time_column, header.range) {
        let steps = table.time.len().saturating_sub(1).max(1) as f64;
        for (i, time) in table.time.iter_mut().enumerate() {
            *time = first + (end - first) * i as f64 / steps;
        }
        table.notes.push(format!(
            "no time column: times are even steps over the header's range, {first} s to {end} s"
        ));
    }
    let said = |what: &str, said: Option<i64>, is: usize| {
        said.filter(|&said| said != is as i64)
            .map(|said| format!("the header promises {said} {what}, the file has {is}"))
    };
    table.notes.extend(said("rows", header.rows, table.time.len() + repeated));
    table.notes.extend(said("columns", header.columns, width));
    Ok(table)
}

/// Reads to `endheader`, or to the line of column names where there is none: then that line is returned.
fn read_header<'a>(
    lines: &mut Lines<'a>,
    table: &mut Table,
    format: Format,
) -> Result<(Header, Option<&'a [u8]>), TableError> {
    let mut header = Header::default();
    let mut first = true;
    let mut cells = Vec::new();
    while let Some(raw) = lines.next_filled() {
        let separator = Separator::of(raw);
        separator.split(raw, &mut cells);
        let names_time = cells.len() > 1 && cells.iter().any(|cell| is_time(&text(cell)));
        if names_time && !raw.contains(&b'=') && (format == Format::Csv || follows_number(lines)) {
            return Ok((header, Some(raw)));
        }
        let all_numbers = cells.len() > 1 && cells.iter().all(|c| !c.is_empty() && number(c).is_some());
        if all_numbers {
            return Err(TableError::Header { line: lines.line() });
        }
        let line = text(raw.strip_suffix(b",").unwrap_or(raw));
        let line = line.trim_end_matches([',', ';']).trim();
        if line.eq_ignore_ascii_case("endheader") {
            return Ok((header, None));
        }
        read_entry(line, lines.line(), first, table, &mut header)?;
        first = false;
    }
    if first { Err(TableError::Empty) } else { Err(TableError::Header { line: lines.line() }) }
}

/// Whether the next line that is not blank begins with a number: the data.
fn follows_number(lines: &Lines<'_>) -> bool {
    let mut ahead = lines.peek();
    let mut cells = Vec::new();
    ahead.next_filled().is_some_and(|line| {
        Separator::of(line).split(line, &mut cells);
        cells.first().is_some_and(|cell| !cell.is_empty() && number(cell).is_some())
    })
}

fn read_entry(
    line: &str,
    at: usize,
    first: bool,
    table: &mut Table,
    header: &mut Header,
) -> Result<(), TableError> {
    let split = line.find([' ', '\t', '=', ',']).unwrap_or(line.len());
    let (key, rest) = line.split_at(split);
    let value = rest.trim_start_matches([' ', '\t', '=', ',']).trim();
    let whole = |field| {
        value.parse::<i64>().map(Some).map_err(|_| TableError::Field {
            line: at,
            field,
            found: quoted(value.as_bytes()),
            expected: "a whole number",
        })
    };
    match key {
        "name" => table.name = value.to_owned(),
        "nRows" | "nr" | "datarows" => header.rows = whole("the number of rows")?,
        "nColumns" | "nc" | "datacolumns" => header.columns = whole("the number of columns")?,
        "version" => {
            header.version = whole("the version")?;
            table.header.push((key.to_owned(), value.to_owned()));
        }
        "inDegrees" | "InDegrees" | "indegrees" => {
            table.in_degrees = Some(match value.to_ascii_lowercase().as_str() {
                "yes" | "y" | "true" | "1" => true,
                "no" | "n" | "false" | "0" => false,
                _ => {
                    return Err(TableError::Field {
                        line: at,
                        field: "inDegrees",
                        found: quoted(value.as_bytes()),
                        expected: "yes or no",
                    });
                }
            });
        }
        // Files of version 1 may keep this sentence although `inDegrees` says otherwise; OpenSim does not read it there.
        "Angles" if header.version.is_none_or(|v| v < 1) && value.starts_with("are in degrees") => {
            table.in_degrees = Some(true);
        }
        "Angles" if header.version.is_none_or(|v| v < 1) && value.starts_with("are in radians") => {
            table.in_degrees = Some(false);
        }
        "range" | "Range" => {
            let numbers: Vec<f64> = value.split_whitespace().filter_map(|v| v.parse().ok()).collect();
            if let [start, end] = numbers[..]
                && start.is_finite()
                && end > start
            {
                header.range = Some([start, end]);
            }
            table.header.push((key.to_owned(), value.to_owned()));
        }
        "DataType" => {
            header.endings = endings(value).ok_or_else(|| TableError::Field {
                line: at,
                field: "DataType",
                found: quoted(value.as_bytes()),
                expected: "double, Vec2 to Vec12, UnitVec3, Quaternion or SpatialVec",
            })?;
        }
        _ if first && !rest.starts_with('=') => table.name = line.to_owned(),
        _ if rest.starts_with(['=', ',']) || line.contains('=') => {
            let (key, value) = line.split_once('=').unwrap_or((key, value));
            table.header.push((key.trim().to_owned(), value.trim().to_owned()));
        }
        _ => table.header.push((String::new(), line.to_owned())),
    }
    Ok(())
}

/// What OpenSim appends to a column's name for each component of its cells.
fn endings(data_type: &str) -> Option<Vec<&'static str>> {
    const COUNTED: [&str; 12] = ["_1", "_2", "_3", "_4", "_5", "_6", "_7", "_8", "_9", "_10", "_11", "_12"];
    Some(match data_type {
        "double" => vec![],
        "Vec3" | "UnitVec3" => vec!["_x", "_y", "_z"],
        "Quaternion" => COUNTED[..4].to_vec(),
        "SpatialVec" => vec!["_rx", "_ry", "_rz", "_tx", "_ty", "_tz"],
        _ => {
            let count: usize = data_type.strip_prefix("Vec")?.parse().ok()?;
            COUNTED.get(..count).filter(|_| count >= 2)?.to_vec()
        }
    })
}

/// OpenSim takes angles of a file that does not say as radians, except in a `.mot` without a version.
fn decide_angles(table: &mut Table, header: &Header, format: Format) {
    if table.in_degrees.is_none() && format == Format::Mot && header.version.is_none_or(|version| version < 1)
    {
        table.in_degrees = Some(true);
        table
            .notes
            .push("a .mot file without version and inDegrees: angles are in degrees, as in SIMM".into());
    }
}

fn is_time(name: &str) -> bool {
    let lower = name.trim().to_ascii_lowercase();
    let bare = lower.split(['(', '[', ' ', '_']).next().unwrap_or("");
    bare == "time"
        && matches!(lower[4..].trim_matches([' ', '(', ')', '[', ']', '_']), "" | "s" | "sec" | "seconds")
}

/// Collects rows in a table.
struct Rows<'t, 'n> {
    table: &'t mut Table,
    names: &'n [String],
    time_column: Option<usize>,
    width: usize,
    parts: usize,
    last: Option<f64>,
    repeated: usize,
}

impl Rows<'_, '_> {
    fn start(&mut self, endings: &[&str]) {
        let column = |name: String| Column { unit: unit_of(&name), name, values: Vec::new() };
        for name in self.names {
            match endings {
                [] => self.table.columns.push(column(name.clone())),
                _ => self.table.columns.extend(endings.iter().map(|end| column(format!("{name}{end}")))),
            }
        }
    }

    fn read<'a>(
        &mut self,
        raw: &'a [u8],
        line: usize,
        separator: Separator,
        cells: &mut Vec<&'a [u8]>,
    ) -> Result<(), TableError> {
        let row = trim(raw);
        if row.is_empty() || row.starts_with(b"#") || row.starts_with(b"//") {
            return Ok(());
        }
        self.split(raw, separator, cells);
        if cells.is_empty() {
            return Ok(());
        }
        // Blank cells at the end were dropped; they are missing values if the separators were there.
        let separators = || match separator {
            Separator::Tab => raw.iter().filter(|&&b| b == b'\t').count(),
            Separator::Comma => raw.iter().filter(|&&b| b == b',').count(),
            _ => 0,
        };
        if cells.len() > self.width || cells.len() < self.width && separators() + 1 < self.width {
            return Err(TableError::RowLength { line, found: cells.len(), expected: self.width });
        }
        cells.resize(self.width, b"");
        let time = match self.time_column {
            Some(index) => number_at(cells[index], line, index + 1, || "time".into())?,
            None => self.last.map_or(0.0, |last| last + 1.0),
        };
        if let Some(previous) = self.last
            && time == previous
        {
            self.repeated += 1;
            self.table.time.pop();
            let kept = self.table.time.len();
            self.table.columns.iter_mut().for_each(|column| column.values.truncate(kept));
        } else if !time.is_finite() || self.last.is_some_and(|previous| time < previous) {
            return Err(TableError::Time { line, time, previous: self.last.unwrap_or(f64::NEG_INFINITY) });
        }
        self.last = Some(time);
        self.table.time.push(time);
        let mut columns = self.table.columns.iter_mut();
        let data = cells.iter().enumerate().filter(|(i, _)| Some(*i) != self.time_column);
        for ((index, cell), name) in data.zip(self.names) {
            if self.parts == 1 {
                let value = number_at(cell, line, index + 1, || name.clone())?;
                if let Some(column) = columns.next() {
                    column.values.push(value);
                }
                continue;
            }
            let inner = cell.strip_prefix(b"~").unwrap_or(cell);
            let brackets = |b: &u8| matches!(b, b'[' | b']' | b'(' | b')');
            let parts = inner.split(|b| *b == b',' || brackets(b)).map(trim).filter(|part| !part.is_empty());
            let mut found = 0;
            for part in parts {
                let value = number_at(part, line, index + 1, || name.clone())?;
                found += 1;
                if found <= self.parts
                    && let Some(column) = columns.next()
                {
                    column.values.push(value);
                }
            }
            if found == 0 {
                columns.by_ref().take(self.parts).for_each(|column| column.values.push(f64::NAN));
            } else if found != self.parts {
                return Err(TableError::Number {
                    line,
                    column: index + 1,
                    name: name.clone(),
                    found: quoted(cell),
                });
            }
        }
        Ok(())
    }

    /// By the separator of the column names, and where that does not give one cell a column, by the row's own.
    fn split<'a>(&self, raw: &'a [u8], separator: Separator, cells: &mut Vec<&'a [u8]>) {
        separator.split(raw, cells);
        let blanks = memchr::memchr(b' ', raw).is_some();
        let whole = |cells: &[&[u8]]| !blanks || cells.iter().all(|cell| !cell.contains(&b' '));
        if cells.len() == self.width && (self.parts > 1 || whole(cells)) {
            return;
        }
        let others = [Separator::Tab, Separator::Comma, Separator::Semicolon, Separator::Blanks];
        let mut other = Vec::new();
        for candidate in
            others.into_iter().filter(|c| *c != separator && (self.parts == 1 || *c != Separator::Comma))
        {
            candidate.split(raw, &mut other);
            if other.len() == self.width {
                std::mem::swap(cells, &mut other);
                return;
            }
        }
        if separator != Separator::Blanks && self.parts == 1 {
            // Tabs and blanks mixed.
            other.clear();
            other.extend(raw.split(|b| b" \t,;".contains(b)).filter(|cell| !cell.is_empty()));
            if other.len() == self.width {
                std::mem::swap(cells, &mut other);
            }
        }
    }
}

/// What a name says of the unit: only OpenSim's own endings of generalised forces do.
fn unit_of(name: &str) -> Unit {
    match name {
        _ if name.ends_with("_moment") => Unit::NewtonMetre,
        _ if name.ends_with("_force") => Unit::Newton,
        _ => Unit::Unstated,
    }
}
