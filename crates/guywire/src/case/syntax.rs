//! Finds every syntax error of a case file, not only the first.
//!
//! One open bracket can make nonsense of all that follows. So the first error is reported, its statement is
//! blanked out (spaces for characters, which keeps every place), and what remains is parsed again.

use super::error::CaseError;
use std::ops::Range;
use toml::de::DeTable;

/// After so many syntax errors the file is something else than TOML.
const MOST_ERRORS: usize = 25;

/// `text` without its broken statements, same length and lines, and the errors.
pub(super) fn sound_part(text: &str) -> (String, Vec<CaseError>) {
    let mut sound = text.to_owned();
    let mut errors = Vec::new();
    while errors.len() < MOST_ERRORS {
        let (_, found) = DeTable::parse_recoverable(&sound);
        let spans = found.iter().map(|error| (inside(&sound, error.span().unwrap_or(0..0)), error));
        let Some((span, error)) = spans.min_by_key(|(span, _)| span.start) else {
            return (sound, errors);
        };
        let statement = Statement::around(&sound, span.start);
        errors.push(match statement.open {
            Some(bracket) => never_closed(&sound, bracket),
            None => reworded(&sound, error.message(), span),
        });
        if sound[statement.lines.clone()].trim().is_empty() {
            break;
        }
        let blank: String = sound[statement.lines.clone()]
            .bytes()
            .map(|byte| if byte == b'\n' { '\n' } else { ' ' })
            .collect();
        sound.replace_range(statement.lines, &blank);
    }
    (blank_of(text), errors)
}

fn blank_of(text: &str) -> String {
    " ".repeat(text.len())
}

/// The smallest range of whole characters of `text` around `span`.
fn inside(text: &str, span: Range<usize>) -> Range<usize> {
    let boundary = |at: &usize| text.is_char_boundary(*at);
    let start = (0..=span.start.min(text.len())).rev().find(boundary).unwrap_or(0);
    let end = (span.end.clamp(start, text.len())..=text.len()).find(boundary).unwrap_or(text.len());
    start..end
}

/// The lines of one key and its value, or of a whole section if its header is broken.
struct Statement {
    lines: Range<usize>,
    /// The bracket that is not closed before the next statement begins.
    open: Option<usize>,
}

impl Statement {
    /// The statement around the byte `at`.
    fn around(text: &str, at: usize) -> Statement {
        let mut open: Vec<usize> = Vec::new();
        let mut first = 0;
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            let begins = looks_like_a_statement(line);
            if start > at && (open.is_empty() || begins) {
                return Statement { lines: first..start, open: open.first().copied() }.with_section(text);
            }
            if open.is_empty() || begins {
                // A bracket left open before this line concerns a statement that ends here.
                if begins && !open.is_empty() && start + line.len() > at {
                    return Statement { lines: first..start, open: open.first().copied() }.with_section(text);
                }
                open.clear();
                first = start;
            }
            follow_brackets(line, start, &mut open);
            start += line.len();
        }
        Statement { lines: first..text.len(), open: open.first().copied() }.with_section(text)
    }

    /// Without its header a section's fields would be read as another's: they go with it.
    fn with_section(self, text: &str) -> Statement {
        if !text[self.lines.clone()].trim_start().starts_with('[') {
            return self;
        }
        let mut end = self.lines.end;
        for line in text[self.lines.end..].split_inclusive('\n') {
            if line.starts_with('[') {
                break;
            }
            end += line.len();
        }
        Statement { lines: self.lines.start..end, open: self.open }
    }
}

/// Whether a line without indent begins `[section]` or `key = value`.
fn looks_like_a_statement(line: &str) -> bool {
    let line = line.trim_end();
    if let Some(name) = line.strip_prefix('[') {
        return line.contains(']') && name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '[');
    }
    let key: &str = line.split('=').next().unwrap_or_default();
    line.contains('=')
        && line.starts_with(|c: char| c.is_ascii_alphabetic())
        && key.trim_end().chars().all(|c| c.is_ascii_alphanumeric() || "_-.".contains(c))
}

/// Adds the brackets that `line` opens to `open` and takes away those that it closes.
fn follow_brackets(line: &str, start: usize, open: &mut Vec<usize>) {
    let mut quote = None;
    let mut escaped = false;
    for (at, c) in line.char_indices() {
        match (quote, c) {
            (Some('"'), '\\') if !escaped => escaped = true,
            (Some(closing), _) => {
                if c == closing && !escaped {
                    quote = None;
                }
                escaped = false;
            }
            (None, '"' | '\'') => quote = Some(c),
            (None, '#') => return,
            (None, '[' | '{') => open.push(start + at),
            (None, ']' | '}') => {
                open.pop();
            }
            _ => {}
        }
    }
}

fn never_closed(text: &str, bracket: usize) -> CaseError {
    let (opened, closing) = if text[bracket..].starts_with('{') { ('{', '}') } else { ('[', ']') };
    CaseError::Syntax {
        message: format!("`{opened}` is never closed"),
        expected: Some(format!("`{closing}` at the end of this line or list")),
        span: bracket..bracket + 1,
    }
}

/// The parser's message, in words for people who never saw TOML where their slip is plain.
fn reworded(text: &str, message: &str, span: Range<usize>) -> CaseError {
    let before = &text[..span.start];
    let rest = text[span.start..].lines().next().unwrap_or_default();
    let line_before = before.rsplit('\n').next().unwrap_or_default();
    let after_number = line_before.trim_end().ends_with(|c: char| c.is_ascii_digit());
    let word = rest.split([',', ']', '}', '#']).next().unwrap_or_default().trim();
    let is_value = message.starts_with("invalid float")
        || message.starts_with("invalid boolean")
        || message.starts_with("string values must be quoted");
    let said = |message: &str, expected: String| CaseError::Syntax {
        message: message.to_owned(),
        expected: Some(expected),
        span: span.clone(),
    };
    if rest.starts_with(',') && after_number && rest[1..].starts_with(|c: char| c.is_ascii_digit()) {
        return said("a number has a decimal comma", "a decimal point, as in `62.5`".into());
    }
    if is_value && word.is_empty() {
        return said("a value is missing here", "a number, or a text in quotes".into());
    }
    if is_value && word.starts_with(|c: char| c.is_ascii_digit()) && word.contains(char::is_alphabetic) {
        return said("a number has a unit", "the number alone: its unit is part of the field's name".into());
    }
    if message == "duplicate key" {
        return said("this is set for the second time", "every name only once".into());
    }
    if is_value && word.starts_with(char::is_alphabetic) {
        return said("a text stands without quotes", format!("`\"{}\"`", super::reader::shown(word)));
    }
    if message.starts_with("invalid basic string") && rest.trim().is_empty() {
        return said("a quote is never closed", "`\"` at the end of the text".into());
    }
    match message.split_once(", expected ") {
        Some((message, expected)) => said(message, expected.to_owned()),
        None => CaseError::Syntax { message: message.to_owned(), expected: None, span },
    }
}
