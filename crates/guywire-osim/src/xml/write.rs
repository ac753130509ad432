//! Tree to bytes, laid out as OpenSim's files: a tab a level, values on one line with their element.

use super::digest::COMMENT;
use super::{Document, NodeId};

/// The whole file.
pub(super) fn write(document: &Document) -> Vec<u8> {
    let mut out = String::with_capacity(document.buffer.len());
    out.push_str("<?xml version=\"1.0\" encoding=\"UTF-8\" ?>\n");
    // Nesting is bounded by the reader, but an edit may go deeper: a list of what is open, no recursion.
    let mut open: Vec<NodeId> = Vec::new();
    let mut next = Some(document.root());
    while let Some(node) = next {
        indent(&mut out, open.len());
        let data = document.node(node);
        if data.digest == COMMENT {
            comment(document, node, &mut out);
            out.push('\n');
        } else {
            start(document, node, &mut out);
            let text = document.text(node);
            if text.is_empty() && document.nodes_in(node).next().is_some() {
                out.push_str(">\n");
                open.push(node);
                next = Some(NodeId(data.first_child));
                continue;
            }
            leaf(document, node, text, &mut out);
        }
        next = following(document, node, &mut open, &mut out);
    }
    out.into_bytes()
}

/// The next sibling, closing parents that have none left.
fn following(document: &Document, node: NodeId, open: &mut Vec<NodeId>, out: &mut String) -> Option<NodeId> {
    let mut at = node;
    loop {
        let next = document.node(at).next;
        if !open.is_empty() && next != super::NONE {
            return Some(NodeId(next));
        }
        at = open.pop()?;
        indent(out, open.len());
        out.push_str("</");
        out.push_str(document.name(at));
        out.push_str(">\n");
    }
}

fn start(document: &Document, node: NodeId, out: &mut String) {
    out.push('<');
    out.push_str(document.name(node));
    for (name, value) in document.attributes(node) {
        out.push(' ');
        out.push_str(name);
        out.push_str("=\"");
        escape(value, true, out);
        out.push('"');
    }
}

/// A value, and what is noted beside it.
fn leaf(document: &Document, node: NodeId, text: &str, out: &mut String) {
    if text.is_empty() {
        out.push_str(" />\n");
        return;
    }
    out.push('>');
    escape(text, false, out);
    // After the value: OpenSim reads none that a comment cuts in two.
    document.nodes_in(node).for_each(|inner| comment(document, inner, out));
    out.push_str("</");
    out.push_str(document.name(node));
    out.push_str(">\n");
}

fn comment(document: &Document, node: NodeId, out: &mut String) {
    out.push_str("<!--");
    out.push_str(document.slice(document.node(node).text));
    out.push_str("-->");
}

fn indent(out: &mut String, depth: usize) {
    out.extend(std::iter::repeat_n('\t', depth));
}

fn escape(text: &str, quoted: bool, out: &mut String) {
    let special = |byte: &u8| matches!(byte, b'&' | b'<' | b'>') || quoted && *byte == b'"';
    let mut rest = text;
    while let Some(at) = rest.bytes().position(|byte| special(&byte)) {
        out.push_str(&rest[..at]);
        out.push_str(match rest.as_bytes()[at] {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            _ => "&quot;",
        });
        rest = &rest[at + 1..];
    }
    out.push_str(rest);
}
