//! Text to tree, without recursion: the depth of a file costs no stack.

use super::decode::{decode, unescape};
use super::{Attribute, Document, Kind, MAX_DEPTH, MAX_ELEMENTS, NONE, NodeId, Span, XmlError, XmlErrorKind};

/// Reads a document.
pub(super) fn parse(bytes: &[u8]) -> Result<Document, XmlError> {
    let source = decode(bytes)?;
    let document = Document {
        buffer: String::new(),
        // A public model has an element or comment every 60 bytes.
        nodes: Vec::with_capacity(source.len() / 60 + 1),
        attributes: Vec::with_capacity(source.len() / 600),
        root: NONE,
        files: Vec::new(),
    };
    let mut parser = Parser { end: source.len(), document, at: 0, line: 1, line_start: 0, open: Vec::new() };
    parser.document.buffer = source;
    parser.run()?;
    Ok(parser.document)
}

struct Parser {
    document: Document,
    /// Where the file ends in the buffer; decoded text follows.
    end: usize,
    at: usize,
    line: u32,
    line_start: usize,
    open: Vec<NodeId>,
}

impl Parser {
    fn run(&mut self) -> Result<(), XmlError> {
        loop {
            self.text()?;
            if self.at >= self.end {
                break;
            }
            if self.starts("<!--") {
                self.comment()?;
            } else if self.starts("<![CDATA[") {
                self.cdata()?;
            } else if self.starts("<?") {
                self.skip_past("?>", "a declaration")?;
            } else if self.starts("<!") {
                self.doctype()?;
            } else if self.starts("</") {
                self.end_tag()?;
            } else {
                self.start_tag()?;
            }
            if self.open.is_empty() && self.document.root != NONE {
                // What follows the outermost element is not read.
                return Ok(());
            }
        }
        if let Some(&open) = self.open.last() {
            let (open, opened) = (self.document.name(open).to_owned(), self.document.line(open));
            return Err(self.error(XmlErrorKind::Unclosed { open, opened }));
        }
        Err(self.error(XmlErrorKind::NoRoot))
    }

    fn error(&self, kind: XmlErrorKind) -> XmlError {
        XmlError { line: self.line as usize, column: self.at.saturating_sub(self.line_start) + 1, kind }
    }

    fn rest(&self) -> &str {
        self.document.buffer.get(self.at..self.end).unwrap_or_default()
    }

    fn starts(&self, with: &str) -> bool {
        self.rest().starts_with(with)
    }

    fn byte(&self) -> Option<u8> {
        (self.at < self.end).then(|| self.document.buffer.as_bytes()[self.at])
    }

    /// Moves on, counting lines.
    fn advance(&mut self, to: usize) {
        let bytes = &self.document.buffer.as_bytes()[self.at..to];
        for (offset, &byte) in bytes.iter().enumerate() {
            if byte == b'\n' {
                self.line += 1;
                self.line_start = self.at + offset + 1;
            }
        }
        self.at = to;
    }

    /// Range up to `end`, which is skipped too.
    fn skip_past(&mut self, end: &'static str, what: &'static str) -> Result<Span, XmlError> {
        let Some(length) = self.rest().find(end) else {
            return Err(self.error(XmlErrorKind::Unterminated { what, end }));
        };
        let span = Span { start: self.at as u32, end: (self.at + length) as u32 };
        self.advance(self.at + length + end.len());
        Ok(span)
    }

    fn text(&mut self) -> Result<(), XmlError> {
        let length = self.rest().find('<').unwrap_or(self.end - self.at);
        let span = Span { start: self.at as u32, end: (self.at + length) as u32 };
        self.advance(self.at + length);
        let raw = self.document.slice(span);
        if raw.bytes().all(|byte| byte.is_ascii_whitespace()) {
            return Ok(());
        }
        if self.open.is_empty() {
            // Text before the outermost element: a file that is something else.
            return Err(self.error(XmlErrorKind::NoRoot));
        }
        let escaped = raw.contains('&');
        self.add_text(span, escaped);
        Ok(())
    }

    fn cdata(&mut self) -> Result<(), XmlError> {
        self.at += "<![CDATA[".len();
        let span = self.skip_past("]]>", "a CDATA section")?;
        self.add_text(span, false);
        Ok(())
    }

    /// Adds to the text of the open element, unless elements precede: OpenSim reads text of leaves only.
    fn add_text(&mut self, span: Span, escaped: bool) {
        let Some(&NodeId(node)) = self.open.last() else { return };
        let node = node as usize;
        let has_element = |document: &Document, node| document.children(NodeId(node as u32)).next().is_some();
        if has_element(&self.document, node) {
            return;
        }
        let before = self.document.nodes[node].text;
        if before.start == before.end && !escaped {
            self.document.nodes[node].text = span;
            return;
        }
        let document = &mut self.document;
        let mut start = before.start;
        if before.start == before.end {
            start = document.buffer.len() as u32;
        } else if before.end as usize != document.buffer.len() {
            let copy = document.slice(before).to_owned();
            start = document.store(&copy).start;
        }
        let raw = document.slice(span).to_owned();
        if escaped {
            unescape(&raw, &mut document.buffer);
        } else {
            document.buffer.push_str(&raw);
        }
        document.nodes[node].text = Span { start, end: document.buffer.len() as u32 };
    }

    fn comment(&mut self) -> Result<(), XmlError> {
        let (line, column) = (self.line, self.column());
        self.at += "<!--".len();
        let text = self.skip_past("-->", "a comment")?;
        if let Some(&parent) = self.open.last() {
            self.check_count()?;
            let node = self.document.push(Kind::Comment, Span::default(), line, column);
            self.document.nodes[node as usize].text = text;
            self.document.link_last(parent, NodeId(node));
        }
        Ok(())
    }

    fn doctype(&mut self) -> Result<(), XmlError> {
        let span = self.skip_past(">", "a declaration")?;
        if self.document.slice(span).contains("<!ENTITY") || self.document.slice(span).contains('[') {
            return Err(self.error(XmlErrorKind::EntityDeclaration));
        }
        Ok(())
    }

    fn end_tag(&mut self) -> Result<(), XmlError> {
        let start = self.at;
        let (line, column) = (self.line as usize, self.column() as usize);
        self.at += 2;
        let span = self.skip_past(">", "an end tag")?;
        let found = self.document.slice(span).trim();
        let Some(open) = self.open.pop() else {
            let found = found.to_owned();
            self.at = start;
            return Err(XmlError { line, column, kind: XmlErrorKind::StrayEnd { found } });
        };
        if self.document.name(open) != found {
            let kind = XmlErrorKind::Mismatched {
                open: self.document.name(open).to_owned(),
                opened: self.document.line(open),
                found: found.to_owned(),
            };
            return Err(XmlError { line, column, kind });
        }
        Ok(())
    }

    fn start_tag(&mut self) -> Result<(), XmlError> {
        let (line, column) = (self.line, self.column());
        self.check_count()?;
        if self.open.len() >= MAX_DEPTH {
            return Err(self.error(XmlErrorKind::TooDeep));
        }
        self.at += 1;
        let name =
            self.token(|byte| !matches!(byte, b'/' | b'>' | b'<' | b'=') && !byte.is_ascii_whitespace());
        if name.start == name.end {
            return Err(self.error(XmlErrorKind::BadTag));
        }
        let node = self.document.push(Kind::Element, name, line, column);
        match self.open.last() {
            Some(&parent) => self.document.link_last(parent, NodeId(node)),
            None => self.document.root = node,
        }
        let mut last = NONE;
        loop {
            self.skip_white();
            match self.byte() {
                Some(b'>') => {
                    self.at += 1;
                    self.open.push(NodeId(node));
                    return Ok(());
                }
                Some(b'/') => self.at += 1,
                Some(b'<') | None => {
                    return Err(self.error(XmlErrorKind::Unterminated { what: "a tag", end: ">" }));
                }
                Some(_) => {
                    let attribute = self.attribute()?;
                    self.document.attributes.push(attribute);
                    let added = self.document.attributes.len() as u32 - 1;
                    match self.document.attributes.get_mut(last as usize) {
                        Some(before) => before.next = added,
                        None => self.document.nodes[node as usize].first_attribute = added,
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
            self.token(|byte| !matches!(byte, b'=' | b'/' | b'>' | b'<') && !byte.is_ascii_whitespace());
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
            _ => self.token(|byte| !matches!(byte, b'/' | b'>' | b'<') && !byte.is_ascii_whitespace()),
        };
        attribute.value = raw;
        if self.document.slice(raw).contains('&') {
            let text = self.document.slice(raw).to_owned();
            let start = self.document.buffer.len() as u32;
            unescape(&text, &mut self.document.buffer);
            attribute.value = Span { start, end: self.document.buffer.len() as u32 };
        }
        Ok(attribute)
    }

    fn token(&mut self, belongs: impl Fn(u8) -> bool) -> Span {
        let start = self.at;
        let rest = &self.document.buffer.as_bytes()[start..self.end];
        self.at += rest.iter().position(|&byte| !belongs(byte)).unwrap_or(rest.len());
        Span { start: start as u32, end: self.at as u32 }
    }

    fn skip_white(&mut self) {
        let rest = &self.document.buffer.as_bytes()[self.at..self.end];
        let length = rest.iter().position(|byte| !byte.is_ascii_whitespace()).unwrap_or(rest.len());
        if length > 0 {
            self.advance(self.at + length);
        }
    }

    fn column(&self) -> u32 {
        (self.at - self.line_start) as u32 + 1
    }

    fn check_count(&self) -> Result<(), XmlError> {
        if self.document.nodes.len().max(self.document.attributes.len()) >= MAX_ELEMENTS {
            return Err(self.error(XmlErrorKind::TooManyElements));
        }
        Ok(())
    }
}
