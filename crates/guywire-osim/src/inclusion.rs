//! Objects kept in files of their own: `<ForceSet file="forces.xml"/>`, `<IKTaskSet file="tasks.xml"/>`.
//!
//! The library opens no file: whoever does gives a function from the name, as it stands in the file, to bytes. What
//! the file holds takes the place of what stands in the element, and the attribute goes: a document is complete when
//! it is written again. As in OpenSim, names are relative to the outermost file wherever they stand, and `defaults` of
//! such a file hold for the objects in it. Departs from OpenSim, which goes on with an empty set when the file
//! cannot be read.

use std::collections::{HashMap, HashSet};

use crate::description::NodeId;
use crate::upgrade;
use crate::xml::{Document, MAX_ELEMENTS, XmlError};

/// Gives the bytes of a file by the name that another file calls it, or says why it cannot.
pub type Files<'f> = dyn FnMut(&str) -> Result<Vec<u8>, String> + 'f;

/// Most files in files; no public model has any.
const MOST_FILES: usize = 1000;
/// Deepest chain of files.
const DEEPEST: usize = 16;
/// Most bytes of all files together, counted as often as they are used.
const MOST_BYTES: usize = crate::xml::MAX_BYTES;

/// Why an object in a file of its own cannot be had.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InclusionError {
    /// The file cannot be had.
    #[error("{at}: its objects are in the file `{file}`, which cannot be read: {problem}")]
    NotAtHand {
        /// Where it is named.
        at: Box<At>,
        /// The name.
        file: String,
        /// Why.
        problem: String,
    },
    /// The file is not XML.
    #[error("{at}: its objects are in the file `{file}`, which is not XML: {problem}")]
    NotXml {
        /// Where it is named.
        at: Box<At>,
        /// The name.
        file: String,
        /// What is wrong with it.
        problem: XmlError,
    },
    /// The file has something else in it.
    #[error("{at}: the file `{file}` holds a `{found}`; expected a `{}`", at.class)]
    OtherClass {
        /// Where it is named.
        at: Box<At>,
        /// The name.
        file: String,
        /// What is in it.
        found: String,
    },
    /// The file's version is not read.
    #[error("{at}: the file `{file}`: {problem}")]
    Version {
        /// Where it is named.
        at: Box<At>,
        /// The name.
        file: String,
        /// What is wrong with it.
        problem: String,
    },
    /// Files that contain each other.
    #[error("{at}: the file `{file}` contains itself, by way of {}", chain.join(" → "))]
    Cycle {
        /// Where it is named.
        at: Box<At>,
        /// The name.
        file: String,
        /// The files from it to where it is named.
        chain: Vec<String>,
    },
    /// More than anybody's model has.
    #[error("{at}: with the file `{file}`, {what}")]
    TooMuch {
        /// Where it is named.
        at: Box<At>,
        /// The name.
        file: String,
        /// The limit that is passed.
        what: &'static str,
    },
}

impl InclusionError {
    /// Where the file is named.
    pub fn at(&self) -> &At {
        match self {
            Self::NotAtHand { at, .. }
            | Self::NotXml { at, .. }
            | Self::OtherClass { at, .. }
            | Self::Version { at, .. }
            | Self::Cycle { at, .. }
            | Self::TooMuch { at, .. } => at,
        }
    }
}

/// The element that names a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct At {
    /// The file in which it stands, unless that is the outermost.
    pub inside: Option<String>,
    /// From 1.
    pub line: usize,
    /// Its class.
    pub class: String,
}

impl std::fmt::Display for At {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let Some(inside) = &self.inside {
            write!(f, "{inside}, ")?;
        }
        write!(f, "line {}: {}", self.line, self.class)
    }
}

/// Puts what other files hold into a document that is not upgraded, such as a setup.
///
/// # Errors
/// The first file that cannot be had or read.
pub fn include(document: &mut Document, files: &mut Files<'_>) -> Result<(), InclusionError> {
    let mut inclusion = Inclusion::new(files);
    if let Some(error) = inclusion.run(document, Versions::AsTheyAre, false) {
        return Err(error);
    }
    // What a file's outermost object has for its parts.
    let objects: Vec<NodeId> = document.children(document.root()).collect();
    match objects.into_iter().find(|&object| !apply_defaults(document, object)) {
        Some(object) => Err(InclusionError::TooMuch {
            at: Box::new(At {
                inside: None,
                line: document.line(object),
                class: document.name(object).into(),
            }),
            file: String::new(),
            what: TOO_MANY_DEFAULTS,
        }),
        None => Ok(()),
    }
}

const TOO_MANY_DEFAULTS: &str = "`defaults` make more than 4194304 elements";

/// Which files a pass puts in.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Versions {
    /// All, without a change.
    AsTheyAre,
    /// Those of the version of the document, which is not upgraded yet.
    Same,
    /// All, each upgraded first; the document is upgraded already.
    Upgraded,
}

/// Files being put into a document.
pub(crate) struct Inclusion<'f, 'g> {
    files: &'f mut Files<'g>,
    read: HashMap<String, Document>,
    count: usize,
    bytes: usize,
    /// Elements whose file failed where that is allowed.
    failed: HashSet<NodeId>,
    /// Files by the element that they fill: name, and the element that named it.
    chains: Vec<(NodeId, String)>,
}

impl<'f, 'g> Inclusion<'f, 'g> {
    pub fn new(files: &'f mut Files<'g>) -> Self {
        Self { files, read: HashMap::new(), count: 0, bytes: 0, failed: HashSet::new(), chains: vec![] }
    }

    /// Puts in what a pass is to; the first failure, or where it may `go_on` the first that is too much. The element of
    /// a failure is empty and passed over from then on.
    pub fn run(
        &mut self,
        document: &mut Document,
        versions: Versions,
        go_on: bool,
    ) -> Option<InclusionError> {
        let mut open = vec![document.root()];
        if !document.has_attribute("file") {
            return None;
        }
        while let Some(node) = open.pop() {
            if !self.failed.contains(&node)
                && let Some(file) = named_file(document, node)
                && let Err(error) = self.fill(document, node, &file, versions)
            {
                // What stands beside a file name is not read, whether the file can be had or not.
                remove_inside(document, node);
                self.failed.insert(node);
                if !go_on || matches!(error, InclusionError::TooMuch { .. }) {
                    return Some(error);
                }
            }
            let first = open.len();
            open.extend(document.children(node));
            open[first..].reverse();
        }
        None
    }

    fn fill(
        &mut self,
        document: &mut Document,
        node: NodeId,
        file: &str,
        versions: Versions,
    ) -> Result<(), InclusionError> {
        let at = Box::new(At {
            inside: document.file_of(node).map(str::to_owned),
            line: document.line(node),
            class: document.name(node).to_owned(),
        });
        let named = || file.to_owned();
        let chain = self.chain(document, node);
        if let Some(start) = chain.iter().position(|outer| outer == file) {
            return Err(InclusionError::Cycle { at, file: named(), chain: chain[start..].to_vec() });
        }
        let too_much = |at, what| InclusionError::TooMuch { at, file: file.to_owned(), what };
        if chain.len() >= DEEPEST {
            return Err(too_much(at, "more than 16 files are inside each other"));
        }
        self.count += 1;
        if self.count > MOST_FILES {
            return Err(too_much(at, "more than 1000 objects are in files of their own"));
        }
        if !self.read.contains_key(file) {
            let bytes = (self.files)(file).map_err(|problem| InclusionError::NotAtHand {
                at: at.clone(),
                file: named(),
                problem,
            })?;
            let parsed = Document::parse(&bytes).map_err(|problem| InclusionError::NotXml {
                at: at.clone(),
                file: named(),
                problem,
            })?;
            self.read.insert(named(), parsed);
        }
        let Some(piece) = self.read.get_mut(file) else { return Ok(()) };
        self.bytes = self.bytes.saturating_add(piece.size());
        if self.bytes > MOST_BYTES {
            return Err(too_much(at, "the files are larger than 256 MiB together"));
        }
        if versions == Versions::Same && version(piece) != version(document) {
            return Ok(());
        }
        if versions == Versions::Upgraded && version(piece) != Some(upgrade::NEWEST) {
            upgrade::upgrade(piece).map_err(|problem| InclusionError::Version {
                at: at.clone(),
                file: named(),
                problem: problem.to_string(),
            })?;
        }
        let root = piece.root();
        let held = match piece.name(root) {
            "OpenSimDocument" => piece.children(root).next(),
            _ => Some(root),
        };
        let same =
            |held: &NodeId| upgrade::present_name(piece.name(*held)) == upgrade::present_name(&at.class);
        let Some(held) = held.filter(same) else {
            let found = held.map_or("nothing", |held| piece.name(held)).to_owned();
            return Err(InclusionError::OtherClass { at, file: named(), found });
        };
        if document.node_count() + piece.node_count() > MAX_ELEMENTS {
            return Err(too_much(at, "there are more than 4194304 elements"));
        }
        put(document, node, piece, held, file);
        self.chains.push((node, named()));
        match apply_defaults(document, node) {
            true => Ok(()),
            false => Err(too_much(at, TOO_MANY_DEFAULTS)),
        }
    }

    /// The files in which an element stands, the outermost first.
    fn chain(&self, document: &Document, node: NodeId) -> Vec<String> {
        let mut chain = Vec::new();
        let mut at = document.parent(node);
        while let Some(node) = at {
            let filled = self.chains.iter().find(|(own, _)| *own == node);
            chain.extend(filled.map(|(_, file)| file.clone()));
            at = document.parent(node);
        }
        chain.reverse();
        chain
    }
}

/// The file in which an object's properties are.
pub(crate) fn named_file(document: &Document, node: NodeId) -> Option<String> {
    let is_object = document.name(node).starts_with(char::is_uppercase);
    let file = document.attribute(node, "file").filter(|file| is_object && !file.trim().is_empty());
    file.map(|file| file.trim().to_owned())
}

fn version(document: &Document) -> Option<u32> {
    document.attribute(document.root(), "Version").and_then(|text| text.trim().parse().ok())
}

/// Puts the object of another file into an element.
fn put(document: &mut Document, node: NodeId, piece: &Document, held: NodeId, file: &str) {
    remove_inside(document, node);
    document.remove_attribute(node, "file");
    if let Some(name) = piece.attribute(held, "name") {
        document.set_attribute(node, "name", name);
    }
    document.set_text(node, piece.text(held));
    let first = document.node_count();
    for child in piece.children(held) {
        document.append_from(piece, child, node);
    }
    document.mark_file(first, file);
}

fn remove_inside(document: &mut Document, node: NodeId) {
    let inside: Vec<NodeId> = document.children(node).collect();
    inside.into_iter().for_each(|child| document.remove(child));
}

/// Gives the objects in a set the properties that they do not have and the set's `defaults` do, and takes the
/// `defaults` out: they hold for what is in the set's own file. Whether the document stayed within [`MAX_ELEMENTS`].
pub(crate) fn apply_defaults(document: &mut Document, set: NodeId) -> bool {
    let Some(defaults) = document.child(set, "defaults") else { return true };
    let of_class: Vec<(String, NodeId)> =
        document.children(defaults).map(|object| (document.name(object).to_owned(), object)).collect();
    document.remove(defaults);
    let mut open = vec![set];
    while let Some(node) = open.pop() {
        open.extend(document.children(node));
        let Some((_, from)) = of_class.iter().find(|(class, _)| class == document.name(node)) else {
            continue;
        };
        let own: HashSet<&str> = document.children(node).map(|child| document.name(child)).collect();
        let lacks = |property: &NodeId| !own.contains(document.name(*property));
        let lacking: Vec<NodeId> = document.children(*from).filter(lacks).collect();
        for property in lacking {
            document.copy_to(property, node);
            if document.node_count() > MAX_ELEMENTS {
                return false;
            }
        }
    }
    true
}
