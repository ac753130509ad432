//! Rust source as far as the checks need it: its files, and its code without comments, text and tests.

use anyhow::{Context, Result};
use std::path::{Path, PathBuf};

/// All files below `folder` whose name ends in `.extension`, in order of their names.
pub fn files(folder: &Path, extension: &str) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let entries = std::fs::read_dir(folder).with_context(|| format!("cannot list {}", folder.display()))?;
    for entry in entries {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(files(&path, extension)?);
        } else if path.extension().is_some_and(|e| e == extension) {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// Reads a file, naming it if that fails.
pub fn read(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
}

/// The same text with comments and the content of literals blanked; line breaks stay where they are.
pub fn code(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let at = |i: usize| chars.get(i).copied().unwrap_or('\0');
    let mut out = String::with_capacity(text.len());
    let mut i = 0;
    while i < chars.len() {
        let start = i;
        let in_word = i > 0 && (at(i - 1).is_alphanumeric() || at(i - 1) == '_');
        if at(i) == '/' && at(i + 1) == '/' {
            while i < chars.len() && at(i) != '\n' {
                i += 1;
            }
        } else if at(i) == '/' && at(i + 1) == '*' {
            let mut depth = 0;
            loop {
                match (at(i), at(i + 1)) {
                    ('/', '*') => (depth, i) = (depth + 1, i + 2),
                    ('*', '/') => (depth, i) = (depth - 1, i + 2),
                    _ => i += 1,
                }
                if depth == 0 || i >= chars.len() {
                    break;
                }
            }
        } else if at(i) == 'r' && !in_word && raw_hashes(&chars, i + 1).is_some() {
            let hashes = raw_hashes(&chars, i + 1).unwrap_or(0);
            i += hashes + 2;
            while i < chars.len() && !(at(i) == '"' && (1..=hashes).all(|k| at(i + k) == '#')) {
                i += 1;
            }
            i += hashes + 1;
        } else if at(i) == '"' {
            i += 1;
            while i < chars.len() && at(i) != '"' {
                i += if at(i) == '\\' { 2 } else { 1 };
            }
            i += 1;
        } else if at(i) == '\'' && (at(i + 1) == '\\' || at(i + 2) == '\'') {
            i += if at(i + 1) == '\\' { 3 } else { 2 };
            while i < chars.len() && at(i) != '\'' {
                i += 1;
            }
            i += 1;
        } else {
            out.push(at(i));
            i += 1;
            continue;
        }
        let end = i.min(chars.len());
        out.extend(chars[start..end].iter().map(|&c| if c == '\n' { '\n' } else { ' ' }));
    }
    out
}

/// Number of `#` of a raw text literal that goes on at `i`, if it is one.
fn raw_hashes(chars: &[char], i: usize) -> Option<usize> {
    let hashes = chars.get(i..)?.iter().take_while(|&&c| c == '#').count();
    (chars.get(i + hashes) == Some(&'"')).then_some(hashes)
}

/// [`code`] without its `#[cfg(test)] mod … { … }`, which may read what it likes.
pub fn shipped(text: &str) -> String {
    let mut code = code(text);
    while let Some(start) = code.find("#[cfg(test)]\nmod ") {
        let Some(open) = code[start..].find(['{', ';']).map(|k| start + k) else { break };
        let mut depth = 0;
        let close = code[open..].char_indices().find_map(|(k, c)| {
            depth += i32::from(c == '{') - i32::from(c == '}');
            (depth == 0).then_some(open + k + 1)
        });
        let close = close.unwrap_or(code.len());
        let blank: String = code[start..close].chars().map(|c| if c == '\n' { '\n' } else { ' ' }).collect();
        code.replace_range(start..close, &blank);
    }
    code
}

/// Every path in code that starts with `root::`, with its line: `a::{b, c::d}` is `b` and `c`. Only the first
/// name behind the root is given.
pub fn names_behind<'c>(code: &'c str, root: &str) -> Vec<(usize, &'c str)> {
    let is_name = |c: char| c.is_alphanumeric() || c == '_';
    let mut found = Vec::new();
    for (start, _) in code.match_indices(root) {
        let before = code[..start].chars().next_back();
        let Some(rest) = code[start + root.len()..].trim_start().strip_prefix("::") else { continue };
        if before.is_some_and(|c| is_name(c) || c == ':' || c == '$') {
            continue;
        }
        let line = 1 + code[..start].matches('\n').count();
        let rest = rest.trim_start();
        let Some(group) = rest.strip_prefix('{') else {
            found.push((line, rest.split(|c| !is_name(c)).next().unwrap_or("")));
            continue;
        };
        let (mut depth, mut wanted) = (0, true);
        for (k, c) in group.char_indices() {
            match c {
                '{' => depth += 1,
                '}' if depth == 0 => break,
                '}' => depth -= 1,
                ',' if depth == 0 => wanted = true,
                c if wanted && is_name(c) => {
                    found.push((line, group[k..].split(|c| !is_name(c)).next().unwrap_or("")));
                    wanted = false;
                }
                _ => {}
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_literals_are_blank_and_lifetimes_are_not() {
        let text = "a /* b /* c */ d */ e // f\n\"g\\\"h\" r#\"i\"j\"# 'k' '\\'' 'l: loop {} for";
        let left: Vec<String> = code(text).split_whitespace().map(str::to_owned).collect();
        assert_eq!(left, ["a", "e", "'l:", "loop", "{}", "for"]);
        assert_eq!(code(text).matches('\n').count(), 1);
    }

    #[test]
    fn groups_are_taken_apart() {
        let text =
            "use crate::{body::{Body, left}, loads};\nlet x = crate::case::Case; mycrate::no; $crate::no";
        let names = names_behind(text, "crate");
        assert_eq!(names, [(1, "body"), (1, "loads"), (2, "case")]);
    }

    #[test]
    fn tests_are_left_out() {
        let text = "use a;\n#[cfg(test)]\nmod tests {\n    fn f() { std::fs::read(\"}\"); }\n}\nuse b;";
        assert!(!shipped(text).contains("fs"));
        assert!(shipped(text).contains("use b;"));
    }
}
