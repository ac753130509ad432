//! Why a table cannot be read.

/// Why the bytes are not a table; places count from 1.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum TableError {
    /// Nothing in it.
    #[error("the file is empty")]
    Empty,
    /// The ending of a file name that no reader answers to.
    #[error("`{name}` does not end in .sto, .mot, .csv or .txt, as tables of numbers do")]
    Format {
        /// Name of the file.
        name: String,
    },
    /// The header never ends.
    #[error("line {line}: expected `endheader` or column names that begin with `time` before the data")]
    Header {
        /// Last line that was looked at.
        line: usize,
    },
    /// A header entry that cannot be used.
    #[error("line {line}: {field} is `{found}`; expected {expected}")]
    Field {
        /// Line.
        line: usize,
        /// What it says.
        field: &'static str,
        /// What stands there.
        found: String,
        /// What could stand there.
        expected: &'static str,
    },
    /// No column of time, and no header that gives it.
    #[error("line {line}: no column is named `time` and the header has no `range`")]
    NoTime {
        /// Line of the column names.
        line: usize,
    },
    /// A cell that is not a number.
    #[error("line {line}, column {column} (`{name}`): `{found}` is not a number")]
    Number {
        /// Line.
        line: usize,
        /// Column.
        column: usize,
        /// Name of the column.
        name: String,
        /// What stands there.
        found: String,
    },
    /// A row with too few or too many cells.
    #[error("line {line}: {found} cells where the column names promise {expected}")]
    RowLength {
        /// Line.
        line: usize,
        /// Number of cells of the row.
        found: usize,
        /// Number of columns.
        expected: usize,
    },
    /// Time that does not go forward.
    #[error("line {line}: time {time} s does not come after {previous} s")]
    Time {
        /// Line.
        line: usize,
        /// s.
        time: f64,
        /// s.
        previous: f64,
    },
    /// Column names but no row.
    #[error("line {line}: no rows follow the column names")]
    NoRows {
        /// Line of the column names.
        line: usize,
    },
    /// A C3D file that contradicts its own format.
    #[error("byte {offset}: {what}")]
    C3d {
        /// Where.
        offset: usize,
        /// What is wrong.
        what: &'static str,
    },
}

/// At most forty characters of what stands in a file, for a message.
pub(super) fn quoted(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let mut short: String = text.chars().take(40).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}
