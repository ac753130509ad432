//! Descriptions as lines of text, to compare models without the ids of their elements.

use guywire_osim::description::Description;

/// The typed values, a line each, without ids.
pub fn lines(description: &Description) -> Vec<String> {
    let text = format!("{description:#?}");
    let mut lines: Vec<String> = Vec::new();
    let mut skip = 0;
    for line in text.lines() {
        if line.trim_start().starts_with("node: NodeId(") {
            // The number and the closing bracket follow.
            skip = 2;
        } else if skip > 0 {
            skip -= 1;
        } else {
            lines.push(line.trim().to_owned());
        }
    }
    lines
}

/// The first difference, if there is one. Numbers may differ by 1e-9 of their size or by 1e-12, points of
/// functions by 5e-6 of their size, because OpenSim prints those with six digits.
pub fn difference(a: &[String], b: &[String]) -> Option<String> {
    let mut heading = "";
    for (x, y) in a.iter().zip(b) {
        if x.starts_with("name:") {
            heading = x;
        }
        if x != y && !close(x, y) {
            return Some(format!("at {heading} {x} | {y}"));
        }
    }
    (a.len() != b.len()).then(|| format!("{} lines | {} lines", a.len(), b.len()))
}

/// Whether the last words are numbers near each other and everything before is the same.
fn close(x: &str, y: &str) -> bool {
    let split = |line: &str| -> Option<(String, f64)> {
        let line = line.trim_end_matches(',');
        let (head, tail) = line.rsplit_once(' ').unwrap_or(("", line));
        Some((head.to_owned(), tail.parse().ok()?))
    };
    match (split(x), split(y)) {
        (Some((head, a)), Some((other, b))) => {
            // A number on a line of its own is of a list, as the points of functions are.
            let relative = if head.is_empty() { 5.1e-6 } else { 1e-9 };
            head == other && (a == b || (a - b).abs() <= 1e-12 + relative * a.abs().max(b.abs()))
        }
        _ => false,
    }
}
