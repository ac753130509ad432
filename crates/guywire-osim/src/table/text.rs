//! Lines, cells and numbers of tables in text.

use super::error::{TableError, quoted};

/// Lines of a file with any of the three line ends, counted from 1; a byte order mark is skipped.
pub(super) struct Lines<'a> {
    rest: &'a [u8],
    line: usize,
}

impl<'a> Lines<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes), line: 0 }
    }

    /// Number of the line that was given last.
    pub(super) fn line(&self) -> usize {
        self.line
    }

    /// The lines from here on, without moving forward.
    pub(super) fn peek(&self) -> Self {
        Self { rest: self.rest, line: self.line }
    }

    /// The next line that is not blank.
    pub(super) fn next_filled(&mut self) -> Option<&'a [u8]> {
        self.find(|line| !trim(line).is_empty())
    }
}

impl<'a> Iterator for Lines<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        if self.rest.is_empty() {
            return None;
        }
        self.line += 1;
        let end = memchr::memchr2(b'\n', b'\r', self.rest).unwrap_or(self.rest.len());
        let (line, rest) = self.rest.split_at(end);
        self.rest = match rest {
            [b'\r', b'\n', rest @ ..] | [_, rest @ ..] => rest,
            [] => rest,
        };
        Some(line)
    }
}

fn is_blank(byte: &u8) -> bool {
    matches!(byte, b' ' | b'\t' | 0x0B | 0x0C | 0)
}

/// Without blanks at both ends.
pub(super) fn trim(mut cell: &[u8]) -> &[u8] {
    while let [first, rest @ ..] = cell
        && is_blank(first)
    {
        cell = rest;
    }
    while let [rest @ .., last] = cell
        && is_blank(last)
    {
        cell = rest;
    }
    cell
}

/// Text of a cell; bytes that are not UTF-8 become replacement characters.
pub(super) fn text(cell: &[u8]) -> String {
    String::from_utf8_lossy(trim(cell)).trim_matches('"').trim().to_owned()
}

/// What separates the cells of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Separator {
    Tab,
    Comma,
    Semicolon,
    Blanks,
}

impl Separator {
    /// Tabs win over commas, commas over semicolons, semicolons over blanks.
    pub(super) fn of(line: &[u8]) -> Self {
        let line = trim(line);
        [(b'\t', Self::Tab), (b',', Self::Comma), (b';', Self::Semicolon)]
            .into_iter()
            .find(|(byte, _)| line.contains(byte))
            .map_or(Self::Blanks, |(_, separator)| separator)
    }

    /// Replaces `out` by the cells of a line; blank cells at its end are dropped, others kept.
    pub(super) fn split<'a>(self, line: &'a [u8], out: &mut Vec<&'a [u8]>) {
        out.clear();
        let byte = match self {
            Self::Tab => b'\t',
            Self::Comma => b',',
            Self::Semicolon => b';',
            Self::Blanks => {
                out.extend(line.split(is_blank).filter(|cell| !cell.is_empty()));
                return;
            }
        };
        out.extend(line.split(|&b| b == byte).map(trim));
        while out.last().is_some_and(|cell| cell.is_empty()) {
            out.pop();
        }
    }
}

/// A number; `NaN` and infinity in the spellings that printing them has had. A blank cell is NaN.
pub(super) fn number(cell: &[u8]) -> Option<f64> {
    if cell.is_empty() {
        return Some(f64::NAN);
    }
    if let Some(value) = crate::number::short(cell) {
        return Some(value);
    }
    let text = std::str::from_utf8(cell).ok()?;
    if let Ok(value) = text.parse() {
        return Some(value);
    }
    let lower = text.trim_matches('"').trim().to_ascii_lowercase();
    if let Ok(value) = lower.parse() {
        return Some(value);
    }
    let magnitude = lower.trim_start_matches(['-', '+']);
    if magnitude.starts_with("nan(") || magnitude.starts_with("1.#qnan") || magnitude.starts_with("1.#ind") {
        return Some(f64::NAN);
    }
    if magnitude.starts_with("1.#inf") {
        return Some(if lower.starts_with('-') { f64::NEG_INFINITY } else { f64::INFINITY });
    }
    matches!(lower.as_str(), "" | "na" | "n/a" | "null" | "missing").then_some(f64::NAN)
}

/// A number, or an error that points at it.
pub(super) fn number_at(
    cell: &[u8],
    line: usize,
    column: usize,
    name: impl FnOnce() -> String,
) -> Result<f64, TableError> {
    number(cell).ok_or_else(|| TableError::Number { line, column, name: name(), found: quoted(cell) })
}
