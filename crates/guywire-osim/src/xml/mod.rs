//! XML files as OpenSim reads them: an editable tree that remembers where every element stood.
//!
//! Tolerated, because files in use have it and OpenSim accepts it: element names with `::`, bytes that are
//! Windows-1252 instead of UTF-8, a missing declaration, unquoted attribute values, `&` that starts no entity.
//! Refused: entity declarations, more than [`MAX_DEPTH`] levels, [`MAX_ELEMENTS`] elements or [`MAX_BYTES`].
//!
//! All text lives in one buffer that starts as the file itself; elements hold ranges of it, so that reading
//! copies nothing and an edit appends. Beside its name an element holds a digest of it, so that looking for a child
//! touches only the list of elements.

mod decode;
mod digest;
mod edit;
mod parse;
mod write;

pub use crate::description::NodeId;

use digest::{COMMENT, digest};

/// Deepest nesting that is read; the deepest public model has 15 levels.
pub const MAX_DEPTH: usize = 200;
/// Most elements and comments of one file; the largest public models have 60 000.
pub const MAX_ELEMENTS: usize = 1 << 22;
/// Largest file.
pub const MAX_BYTES: usize = 1 << 28;

/// No node.
const NONE: u32 = u32::MAX;

/// Why bytes are not a document.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: {kind}")]
pub struct XmlError {
    /// From 1.
    pub line: usize,
    /// In bytes, from 1.
    pub column: usize,
    /// What is wrong there.
    pub kind: XmlErrorKind,
}

/// What is wrong with an XML file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum XmlErrorKind {
    /// Nothing that looks like an element.
    #[error("expected an XML element, found none")]
    NoRoot,
    /// UTF-16 or UTF-32.
    #[error("the file is UTF-16; expected UTF-8 or Windows-1252")]
    Utf16,
    /// An end tag for another element.
    #[error("expected `</{open}>` for the element of line {opened}, found `</{found}>`")]
    Mismatched {
        /// The element that is open.
        open: String,
        /// Its line.
        opened: usize,
        /// The name in the end tag.
        found: String,
    },
    /// The file ends inside an element.
    #[error("the file ends, but `<{open}>` of line {opened} is not closed")]
    Unclosed {
        /// The element that is open.
        open: String,
        /// Its line.
        opened: usize,
    },
    /// A tag, comment, section or attribute without its end.
    #[error("{what} does not end; expected `{end}`")]
    Unterminated {
        /// What.
        what: &'static str,
        /// What would end it.
        end: &'static str,
    },
    /// `<` that starts nothing.
    #[error("expected the name of an element after `<`")]
    BadTag,
    /// An end tag without a start.
    #[error("`</{found}>` ends nothing")]
    StrayEnd {
        /// The name.
        found: String,
    },
    /// The file declares entities.
    #[error("entity declarations are not read")]
    EntityDeclaration,
    /// Too deep.
    #[error("more than {MAX_DEPTH} nested elements")]
    TooDeep,
    /// Too many elements.
    #[error("more than {MAX_ELEMENTS} elements")]
    TooManyElements,
    /// Too large.
    #[error("larger than {} MiB", MAX_BYTES >> 20)]
    TooLarge,
}

/// A range of the text buffer.
#[derive(Clone, Copy, Debug, Default)]
struct Span {
    start: u32,
    end: u32,
}

#[derive(Clone, Debug)]
struct Node {
    name: Span,
    /// [`COMMENT`], or the digest of the name.
    digest: u32,
    text: Span,
    first_attribute: u32,
    parent: u32,
    first_child: u32,
    last_child: u32,
    previous: u32,
    next: u32,
    line: u32,
}

impl Node {
    fn new(name: Span, digest: u32, line: u32) -> Self {
        Self {
            name,
            digest,
            text: Span::default(),
            first_attribute: NONE,
            parent: NONE,
            first_child: NONE,
            last_child: NONE,
            previous: NONE,
            next: NONE,
            line,
        }
    }
}

#[derive(Clone, Debug)]
struct Attribute {
    name: Span,
    value: Span,
    next: u32,
}

/// An XML file as a tree that can be edited and written.
#[derive(Clone, Debug)]
pub struct Document {
    buffer: String,
    nodes: Vec<Node>,
    attributes: Vec<Attribute>,
    root: u32,
    /// Files from which elements were put in: the first such element, the one after the last, the name.
    files: Vec<(u32, u32, String)>,
}

impl Document {
    /// Reads a file.
    ///
    /// # Errors
    /// The first place where the bytes are not XML, or a limit of this module.
    pub fn parse(bytes: &[u8]) -> Result<Self, XmlError> {
        parse::parse(bytes)
    }

    /// A document with one element.
    pub fn new(root: &str) -> Self {
        let mut document = Self {
            buffer: String::new(),
            nodes: Vec::new(),
            attributes: Vec::new(),
            root: 0,
            files: Vec::new(),
        };
        let name = document.store(root);
        document.root = document.push(name, digest(root), 0);
        document
    }

    /// The outermost element.
    pub fn root(&self) -> NodeId {
        NodeId(self.root)
    }

    /// Number of nodes ever made; every [`NodeId`] is below it.
    pub fn node_count(&self) -> usize {
        self.nodes.len()
    }

    /// Name of an element.
    pub fn name(&self, node: NodeId) -> &str {
        self.slice(self.node(node).name)
    }

    /// Text directly in an element, without the white space around it; none in an element that holds others, as OpenSim
    /// reads it.
    pub fn text(&self, node: NodeId) -> &str {
        if self.children(node).next().is_some() {
            return "";
        }
        let text = self.slice(self.node(node).text);
        match text.as_bytes() {
            [first, .., last] if first.is_ascii_graphic() && last.is_ascii_graphic() => text,
            _ => text.trim(),
        }
    }

    /// Value of an attribute.
    pub fn attribute(&self, node: NodeId, name: &str) -> Option<&str> {
        let mut at = self.node(node).first_attribute;
        while let Some(attribute) = self.attributes.get(at as usize) {
            if self.slice(attribute.name) == name {
                return Some(self.slice(attribute.value));
            }
            at = attribute.next;
        }
        None
    }

    /// Attributes in order: name and value.
    pub fn attributes(&self, node: NodeId) -> impl Iterator<Item = (&str, &str)> {
        let mut at = self.node(node).first_attribute;
        std::iter::from_fn(move || {
            let attribute = self.attributes.get(at as usize)?;
            at = attribute.next;
            Some((self.slice(attribute.name), self.slice(attribute.value)))
        })
    }

    /// Whether any element, also one that was taken out, has a name.
    pub(crate) fn has_element(&self, name: &str) -> bool {
        self.nodes.iter().any(|node| {
            (node.name.end - node.name.start) as usize == name.len() && self.slice(node.name) == name
        })
    }

    /// Whether any element has, or had, an attribute of this name.
    pub(crate) fn has_attribute(&self, name: &str) -> bool {
        self.attributes.iter().any(|attribute| self.slice(attribute.name) == name)
    }

    /// Elements directly in an element, in order.
    pub fn children(&self, node: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        self.nodes_in(node).filter(|&child| self.node(child).digest != COMMENT)
    }

    /// An element and all elements in it, in the order of the document.
    pub fn elements(&self, root: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        let mut next = Some(root);
        std::iter::from_fn(move || {
            loop {
                let at = next?;
                next = self.after(at, root);
                if self.node(at).digest != COMMENT {
                    return Some(at);
                }
            }
        })
    }

    /// The node that comes after one in the order of the document, if it is in `root`.
    fn after(&self, node: NodeId, root: NodeId) -> Option<NodeId> {
        let mut node = node;
        let mut at = self.node(node);
        if at.first_child != NONE {
            return Some(NodeId(at.first_child));
        }
        while node != root && at.next == NONE {
            node = NodeId(at.parent);
            if at.parent == NONE {
                return None;
            }
            at = self.node(node);
        }
        (node != root).then_some(NodeId(at.next))
    }

    /// Whether no two of these elements can have the same value of an attribute; false may be wrong, true is not.
    pub(crate) fn differ(&self, nodes: &[NodeId], attribute: &str, digests: &mut Vec<u32>) -> bool {
        digests.clear();
        digests.extend(nodes.iter().map(|&node| digest(self.attribute(node, attribute).unwrap_or_default())));
        digests.sort_unstable();
        digests.windows(2).all(|pair| pair[0] != pair[1])
    }

    /// The first element of this name directly in an element.
    pub fn child(&self, node: NodeId, name: &str) -> Option<NodeId> {
        let sought = digest(name);
        let mut at = self.node(node).first_child;
        while let Some(child) = self.nodes.get(at as usize) {
            if child.digest == sought && self.slice(child.name) == name {
                return Some(NodeId(at));
            }
            at = child.next;
        }
        None
    }

    /// The element that contains this one.
    pub fn parent(&self, node: NodeId) -> Option<NodeId> {
        let parent = self.node(node).parent;
        (parent != NONE).then_some(NodeId(parent))
    }

    /// Line of the element in the file, from 1; an element made later has the line of what it was made from.
    pub fn line(&self, node: NodeId) -> usize {
        self.node(node).line as usize
    }

    /// The file from which an element was put into this document, by the name that the document called it.
    pub fn file_of(&self, node: NodeId) -> Option<&str> {
        let mut at = Some(node);
        while let Some(NodeId(node)) = at.filter(|_| !self.files.is_empty()) {
            let from = self.files.iter().find(|(first, end, _)| (*first..*end).contains(&node));
            if let Some((_, _, name)) = from {
                return Some(name);
            }
            at = self.parent(NodeId(node));
        }
        None
    }

    /// Size of all text, in bytes.
    pub(crate) fn size(&self) -> usize {
        self.buffer.len()
    }

    /// The file that OpenSim would read; laid out as OpenSim does, comments kept.
    pub fn to_bytes(&self) -> Vec<u8> {
        write::write(self)
    }

    /// Elements and comments directly in an element.
    fn nodes_in(&self, node: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        let mut at = self.node(node).first_child;
        std::iter::from_fn(move || {
            let child = self.nodes.get(at as usize)?;
            Some(NodeId(std::mem::replace(&mut at, child.next)))
        })
    }

    /// A [`NodeId`] is only made by a document; one of another document finds some element of this one.
    fn node(&self, node: NodeId) -> &Node {
        &self.nodes[(node.0 as usize).min(self.nodes.len() - 1)]
    }

    fn slice(&self, span: Span) -> &str {
        self.buffer.get(span.start as usize..span.end as usize).unwrap_or_default()
    }

    fn store(&mut self, text: &str) -> Span {
        let start = self.buffer.len() as u32;
        self.buffer.push_str(text);
        Span { start, end: self.buffer.len() as u32 }
    }

    fn push(&mut self, name: Span, digest: u32, line: u32) -> u32 {
        self.nodes.push(Node::new(name, digest, line));
        self.nodes.len() as u32 - 1
    }
}
