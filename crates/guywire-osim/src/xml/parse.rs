//! Text to tree, without recursion: the depth of a file costs no stack.
//!
//! One pass over the bytes: each is looked at once, by the part of the grammar that it belongs to.

use super::decode::{decode, unescape};
use super::digest::{COMMENT, digest};
use super::{Attribute, Document, MAX_DEPTH, MAX_ELEMENTS, NONE, Node, Span, XmlError, XmlErrorKind};

/// Reads a document.
pub(super) fn parse(bytes: &[u8]) -> Result<Document, XmlError> {
    let mut source = decode(bytes)?;
    let mut parser = Parser {
        text: &source,
        bytes: source.as_bytes(),
        unescaped: String::new(),
        // A public model has an element or comment every 60 bytes or more.
        nodes: Vec::with_capacity(source.len() / 60 + 1),
        attributes: Vec::with_capacity(source.len() / 600),
        root: NONE,
        at: 0,
        open: Vec::new(),
    };
    parser.run()?;
    let Parser { unescaped, mut nodes, attributes, root, .. } = parser;
    number_lines(&mut nodes, source.as_bytes());
    source.push_str(&unescaped);
    Ok(Document { buffer: source, nodes, attributes, root, files: Vec::new() })
}

/// Gives every node its line: nodes are in the order of the file.
fn number_lines(nodes: &mut [Node], bytes: &[u8]) {
    let mut ends = memchr::memchr_iter(b'\n', bytes).peekable();
    let mut line = 1;
    for node in nodes {
        // A name or a comment's text follows its bracket on the same line.
        let place = if node.digest == COMMENT { node.text.start } else { node.name.start } as usize;
        while ends.next_if(|&end| end < place).is_some() {
            line += 1;
        }
        node.line = line;
    }
}

struct Parser<'s> {
    text: &'s str,
    bytes: &'s [u8],
    /// Texts whose entities were replaced; they will follow the file in the buffer.
    unescaped: String,
    nodes: Vec<Node>,
    attributes: Vec<Attribute>,
    root: u32,
    at: usize,
    open: Vec<u32>,
}

impl<'s> Parser<'s> {
    fn run(&mut self) -> Result<(), XmlError> {
        loop {
            self.text()?;
            let rest = &self.bytes[self.at..];
            match rest {
                [] => break,
                [_, b'/', ..] => self.end_tag()?,
                [_, b'!', ..] if rest.starts_with(b"<!--") => self.comment()?,
                [_, b'!', ..] if rest.starts_with(b"<![CDATA[") => self.cdata()?,
                [_, b'!', ..] => self.doctype()?,
                [_, b'?', ..] => drop(self.skip_past("?>", "a declaration")?),
                _ => self.start_tag()?,
            }
            if self.open.is_empty() && self.root != NONE {
                // What follows the outermost element is not read.
                return Ok(());
            }
        }
        if let Some(&open) = self.open.last() {
            let (open, opened) = self.name_and_line(open);
            return Err(self.error(XmlErrorKind::Unclosed { open, opened }));
        }
        Err(self.error(XmlErrorKind::NoRoot))
    }

    fn error(&self, kind: XmlErrorKind) -> XmlError {
        self.error_at(self.at, kind)
    }

    fn error_at(&self, at: usize, kind: XmlErrorKind) -> XmlError {
        let before = &self.bytes[..at];
        let line_start = memchr::memrchr(b'\n', before).map_or(0, |end| end + 1);
        XmlError { line: self.line(at), column: at - line_start + 1, kind }
    }

    fn line(&self, at: usize) -> usize {
        memchr::memchr_iter(b'\n', &self.bytes[..at]).count() + 1
    }

    fn name_and_line(&self, node: u32) -> (String, usize) {
        let name = self.nodes[node as usize].name;
        (self.slice(name).to_owned(), self.line(name.start as usize))
    }

    fn slice(&self, span: Span) -> &str {
        let (start, end, length) = (span.start as usize, span.end as usize, self.text.len());
        let text = match start.checked_sub(length) {
            Some(start) => self.unescaped.get(start..end - length),
            None => self.text.get(start..end),
        };
        text.unwrap_or_default()
    }

    fn byte(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    /// Range up to the first byte that does not belong, which is where the parser stands then.
    #[inline]
    fn take(&mut self, belongs: impl Fn(u8) -> bool) -> Span {
        let rest = &self.bytes[self.at..];
        let length = rest.iter().position(|&byte| !belongs(byte)).unwrap_or(rest.len());
        let start = self.at;
        self.at += length;
        Span { start: start as u32, end: self.at as u32 }
    }

    /// Range up to `end`, which is skipped too.
    fn skip_past(&mut self, end: &'static str, what: &'static str) -> Result<Span, XmlError> {
        let rest = &self.bytes[self.at..];
        let last = end.as_bytes()[end.len() - 1];
        let mut ends = memchr::memchr_iter(last, rest).filter_map(|at| {
            let start = (at + 1).checked_sub(end.len())?;
            (&rest[start..=at] == end.as_bytes()).then_some(start)
        });
        let Some(length) = ends.next() else {
            return Err(self.error(XmlErrorKind::Unterminated { what, end }));
        };
        let start = self.at;
        self.at += length + end.len();
        Ok(Span { start: start as u32, end: (start + length) as u32 })
    }

    fn text(&mut self) -> Result<(), XmlError> {
        let start = self.at as u32;
        self.skip_white();
        if matches!(self.byte(), Some(b'<') | None) {
            return Ok(());
        }
        let rest = &self.bytes[self.at..];
        self.at += memchr::memchr(b'<', rest).unwrap_or(rest.len());
        if self.open.is_empty() {
            // Text before the outermost element: a file that is something else.
            return Err(self.error(XmlErrorKind::NoRoot));
        }
        let span = Span { start, end: self.at as u32 };
        self.add_text(span, self.has_entity(span));
        Ok(())
    }

    fn has_entity(&self, span: Span) -> bool {
        self.bytes[span.start as usize..span.end as usize].contains(&b'&')
    }

    fn cdata(&mut self) -> Result<(), XmlError> {
        self.at += "<![CDATA[".len();
        let span = self.skip_past("]]>", "a CDATA section")?;
        self.add_text(span, false);
        Ok(())
    }

    /// Adds to the text of the open element, unless elements precede: OpenSim reads text of leaves only.
    fn add_text(&mut self, span: Span, escaped: bool) {
        let Some(&node) = self.open.last() else { return };
        if self.has_element(node) {
            return;
        }
        let before = self.nodes[node as usize].text;
        if before.start == before.end && !escaped {
            self.nodes[node as usize].text = span;
            return;
        }
        let offset = self.text.len();
        let mut start = before.start;
        if before.start == before.end {
            start = (offset + self.unescaped.len()) as u32;
        } else if before.end as usize != offset + self.unescaped.len() {
            let copy = self.slice(before).to_owned();
            start = (offset + self.unescaped.len()) as u32;
            self.unescaped.push_str(&copy);
        }
        let raw: &'s str = &self.text[span.start as usize..span.end as usize];
        if escaped {
            unescape(raw, &mut self.unescaped);
        } else {
            self.unescaped.push_str(raw);
        }
        self.nodes[node as usize].text = Span { start, end: (offset + self.unescaped.len()) as u32 };
    }

    fn has_element(&self, node: u32) -> bool {
        let mut at = self.nodes[node as usize].first_child;
        while let Some(child) = self.nodes.get(at as usize) {
            if child.digest != COMMENT {
                return true;
            }
            at = child.next;
        }
        false
    }

    fn comment(&mut self) -> Result<(), XmlError> {
        self.at += "<!--".len();
        let text = self.skip_past("-->", "a comment")?;
        if !self.open.is_empty() {
            self.check_count()?;
            let comment = self.push(Node::new(Span::default(), COMMENT, 0));
            self.nodes[comment as usize].text = text;
        }
        Ok(())
    }

    fn doctype(&mut self) -> Result<(), XmlError> {
        let span = self.skip_past(">", "a declaration")?;
        if self.slice(span).contains("<!ENTITY") || self.slice(span).contains('[') {
            return Err(self.error(XmlErrorKind::EntityDeclaration));
        }
        Ok(())
    }

    fn end_tag(&mut self) -> Result<(), XmlError> {
        let start = self.at;
        self.at += 2;
        // As good as all end tags repeat the name and end there.
        if let Some(&open) = self.open.last() {
            let Span { start: from, end: to } = self.nodes[open as usize].name;
            let name = &self.bytes[from as usize..to as usize];
            if let Some([b'>', ..]) = self.bytes[self.at..].strip_prefix(name) {
                self.at += name.len() + 1;
                self.open.pop();
                return Ok(());
            }
        }
        let span = self.skip_past(">", "an end tag")?;
        let found = self.slice(span).trim().to_owned();
        let Some(open) = self.open.pop() else {
            return Err(self.error_at(start, XmlErrorKind::StrayEnd { found }));
        };
        let (open, opened) = self.name_and_line(open);
        if open != found {
            return Err(self.error_at(start, XmlErrorKind::Mismatched { open, opened, found }));
        }
        Ok(())
    }

    fn start_tag(&mut self) -> Result<(), XmlError> {
        self.check_count()?;
        if self.open.len() >= MAX_DEPTH {
            return Err(self.error(XmlErrorKind::TooDeep));
        }
        self.at += 1;
        let name =
            self.take(|byte| !matches!(byte, b'/' | b'>' | b'<' | b'=') && !byte.is_ascii_whitespace());
        if name.start == name.end {
            return Err(self.error(XmlErrorKind::BadTag));
        }
        let node = self.push(Node::new(name, digest(self.slice(name)), 0));
        if self.open.is_empty() {
            self.root = node;
        }
        let mut last = NONE;
        loop {
            self.skip_white();
            match self.byte() {
                Some(b'>') => {
                    self.at += 1;
                    self.open.push(node);
                    return Ok(());
                }
                Some(b'/') => self.at += 1,
                Some(b'<') | None => {
                    return Err(self.error(XmlErrorKind::Unterminated { what: "a tag", end: ">" }));
                }
                Some(_) => {
                    let attribute = self.attribute()?;
                    self.attributes.push(attribute);
                    let added = self.attributes.len() as u32 - 1;
                    match self.attributes.get_mut(last as usize) {
                        Some(before) => before.next = added,
                        None => self.nodes[node as usize].first_attribute = added,
                    }
                    last = added;
                    continue;
                }
            }
            if self.byte() == Some(b'>') {
                self.at += 1;
                return Ok(());
            }
        }
    }

    fn attribute(&mut self) -> Result<Attribute, XmlError> {
        self.check_count()?;
        let name =
            self.take(|byte| !matches!(byte, b'=' | b'/' | b'>' | b'<') && !byte.is_ascii_whitespace());
        self.skip_white();
        let mut attribute = Attribute { name, value: Span::default(), next: NONE };
        if self.byte() != Some(b'=') {
            return Ok(attribute);
        }
        self.at += 1;
        self.skip_white();
        let raw = match self.byte() {
            Some(b'"') => {
                self.at += 1;
                self.skip_past("\"", "a quoted value")?
            }
            Some(b'\'') => {
                self.at += 1;
                self.skip_past("'", "a quoted value")?
            }
            _ => self.take(|byte| !matches!(byte, b'/' | b'>' | b'<') && !byte.is_ascii_whitespace()),
        };
        attribute.value = raw;
        if self.has_entity(raw) {
            let start = self.text.len() + self.unescaped.len();
            unescape(&self.text[raw.start as usize..raw.end as usize], &mut self.unescaped);
            let end = self.text.len() + self.unescaped.len();
            attribute.value = Span { start: start as u32, end: end as u32 };
        }
        Ok(attribute)
    }

    fn skip_white(&mut self) {
        self.take(|byte| byte.is_ascii_whitespace());
    }

    fn check_count(&self) -> Result<(), XmlError> {
        if self.nodes.len().max(self.attributes.len()) >= MAX_ELEMENTS {
            return Err(self.error(XmlErrorKind::TooManyElements));
        }
        Ok(())
    }

    /// Adds a node at the end of the open element.
    fn push(&mut self, mut node: Node) -> u32 {
        let added = self.nodes.len() as u32;
        if let Some(&parent) = self.open.last() {
            let parent_node = &mut self.nodes[parent as usize];
            (node.parent, node.previous) = (parent, parent_node.last_child);
            parent_node.last_child = added;
            match self.nodes.get_mut(node.previous as usize) {
                Some(before) => before.next = added,
                None => self.nodes[parent as usize].first_child = added,
            }
        }
        self.nodes.push(node);
        added
    }
}
