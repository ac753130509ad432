//! Results as JSON text.

use serde::Serialize;
use serde_json::ser::{CompactFormatter, Formatter, PrettyFormatter};
use std::io::{Result, Write};

/// Everything with all its digits, a line a field: for another program.
pub fn full(value: &(impl Serialize + ?Sized)) -> serde_json::Result<String> {
    text(value, PrettyFormatter::new())
}

/// Seven digits, a line for each muscle, disc or body: for a file beside a report.
pub fn rows(value: &(impl Serialize + ?Sized)) -> serde_json::Result<String> {
    text(value, Rows { depth: 0 })
}

fn text(value: &(impl Serialize + ?Sized), formatter: impl Formatter) -> serde_json::Result<String> {
    let mut bytes = Vec::new();
    value.serialize(&mut serde_json::Serializer::with_formatter(&mut bytes, formatter))?;
    bytes.push(b'\n');
    String::from_utf8(bytes).map_err(serde::ser::Error::custom)
}

/// Levels of nesting that are broken into lines; results → positions → position → person → posture → muscles.
const BROKEN: usize = 6;

struct Rows {
    depth: usize,
}

impl Rows {
    fn line<W: ?Sized + Write>(&self, writer: &mut W) -> Result<()> {
        writer.write_all(b"\n")?;
        (0..self.depth).try_for_each(|_| writer.write_all(b" "))
    }

    fn open<W: ?Sized + Write>(&mut self, writer: &mut W, bracket: &[u8]) -> Result<()> {
        self.depth += 1;
        writer.write_all(bracket)
    }

    fn next<W: ?Sized + Write>(&self, writer: &mut W, first: bool) -> Result<()> {
        if !first {
            writer.write_all(b",")?;
        }
        if self.depth <= BROKEN { self.line(writer) } else { Ok(()) }
    }

    fn close<W: ?Sized + Write>(&mut self, writer: &mut W, bracket: &[u8]) -> Result<()> {
        self.depth -= 1;
        if self.depth < BROKEN {
            self.line(writer)?;
        }
        writer.write_all(bracket)
    }
}

impl Formatter for Rows {
    fn write_f64<W: ?Sized + Write>(&mut self, writer: &mut W, value: f64) -> Result<()> {
        CompactFormatter.write_f64(writer, seven_digits(value))
    }

    fn begin_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> Result<()> {
        self.open(writer, b"[")
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> Result<()> {
        self.next(writer, first)
    }

    fn end_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> Result<()> {
        self.close(writer, b"]")
    }

    fn begin_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> Result<()> {
        self.open(writer, b"{")
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> Result<()> {
        self.next(writer, first)
    }

    fn end_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> Result<()> {
        self.close(writer, b"}")
    }
}

/// `value` to seven significant digits: far finer than anything that is drawn or measured.
fn seven_digits(value: f64) -> f64 {
    format!("{value:.6e}").parse().unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::show::made_up;

    #[test]
    fn digits_are_significant_ones() {
        assert_eq!(seven_digits(-123.456_789_1), -123.456_8);
        assert_eq!(seven_digits(4.000_000_049e-12), 4e-12);
        assert_eq!(seven_digits(0.0), 0.0);
    }

    #[test]
    fn rows_hold_what_the_results_hold() {
        let results = made_up::results();
        let text = rows(&results).unwrap();
        let back: guywire::results::Results = serde_json::from_str(&text).unwrap();
        assert_eq!(back.positions[0].person.posture.measures, results.positions[0].person.posture.measures);
        let muscle = text.lines().find(|line| line.contains("\"psoas\"")).unwrap();
        assert!(muscle.contains("\"force_n\":") && muscle.trim_end().ends_with("},"), "{muscle}");
    }
}
